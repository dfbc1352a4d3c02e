//! The integration tests.

// `cfg(test)` says nothing new to the compiler, but tells clippy that helpers may unwrap too.
#[cfg(test)]
mod protocol;
#[cfg(test)]
mod simulator;
