//! What goes wrong on purpose.
//!
//! Deliberately absent: chance. A fault happens exactly as often as it was ordered.

use std::time::Duration;

/// A fault that can be ordered.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Fault {
    /// A send is refused with this errcode.
    Code(i64),
    /// A send is accepted, and the answer never comes.
    Silence,
    /// A send is accepted, and the connection breaks before the answer is complete.
    Cut,
    /// A send meets a proxy's error page; nothing is accepted.
    Html,
    /// A send is accepted, and the answer comes this much later.
    Slow(Duration),
    /// A template message is accepted and then fails with `failed: system failed`.
    SystemFailed,
    /// A template message is delivered, and its delivery event is lost.
    EventLost,
    /// Somebody else with the same secret refreshes the token: the one in use is dead at once.
    Token,
}

/// The faults that are still to come, in the order they were ordered.
#[derive(Debug, Default)]
pub(super) struct Ordered(Vec<Fault>);

impl Ordered {
    pub(super) fn add(&mut self, fault: Fault, times: usize) {
        self.0.extend(std::iter::repeat_n(fault, times));
    }

    /// The fault of the next send.
    pub(super) fn next_send(&mut self) -> Option<Fault> {
        self.take(|fault| !matches!(fault, Fault::SystemFailed | Fault::EventLost))
    }

    /// The fault of the next delivery of a template message.
    pub(super) fn next_delivery(&mut self) -> Option<Fault> {
        self.take(|fault| matches!(fault, Fault::SystemFailed | Fault::EventLost))
    }

    pub(super) fn left(&self) -> usize {
        self.0.len()
    }

    pub(super) fn clear(&mut self) {
        self.0.clear();
    }

    fn take(&mut self, fits: impl Fn(&Fault) -> bool) -> Option<Fault> {
        let at = self.0.iter().position(fits)?;
        Some(self.0.remove(at))
    }
}
