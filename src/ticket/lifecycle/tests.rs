//! The table of moves, and what must hold whatever people do in whatever order.

mod away;
mod call;
mod clocks;
mod course;
mod entry;
mod help;
mod legal;
mod merge;
mod moves;
mod properties;
mod sample;
mod upward;
mod verify;
