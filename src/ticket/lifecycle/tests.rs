//! The table of moves, and what must hold whatever people do in whatever order.

mod away;
mod course;
mod moves;
mod properties;
mod sample;
