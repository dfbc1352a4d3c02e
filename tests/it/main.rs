//! The integration tests.

mod simulator;
