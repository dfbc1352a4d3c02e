//! The integration tests.
//!
//! Each module is `cfg(test)`, so that its helpers may unwrap as its tests may.

#[cfg(test)]
mod simulator;
