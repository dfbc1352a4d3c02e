//! What the tests stand on: servers of their own that die with the test process.

pub(crate) mod platform;
pub(crate) mod redis;
