//! One file per table: columns only, no behaviour.
