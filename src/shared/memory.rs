//! Shared state in this process's memory, for one instance.
//!
//! It forgets by the injected clock, exactly at the end of a lifetime, so that tests and the demo
//! can move time. What is over is swept out when the store has grown, so it stays bounded by
//! what is alive.
//!
//! Deliberately absent: persistence. A restart forgets everything, as losing Redis would.

use crate::clock::Clock;
use chrono::{DateTime, TimeDelta, Utc};
use std::{
    collections::HashMap,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::Duration,
};

// Below this many entries sweeping is not worth the walk.
const SWEEP_FROM: usize = 1024;

/// Values and counters in memory.
#[derive(Clone)]
pub struct Memory {
    clock: Arc<dyn Clock>,
    entries: Arc<Mutex<Entries>>,
}

#[derive(Default)]
struct Entries {
    values: HashMap<String, Lasting<String>>,
    counters: HashMap<String, Lasting<u64>>,
    sweep_at: usize,
}

struct Lasting<V> {
    value: V,
    until: DateTime<Utc>,
}

impl Memory {
    pub(super) fn new(clock: Arc<dyn Clock>) -> Self {
        Self { clock, entries: Arc::default() }
    }

    pub(super) fn get(&self, name: &str) -> Option<String> {
        let now = self.clock.now();
        let entries = self.entries();
        entries.alive(name, now).cloned()
    }

    pub(super) fn put(&self, name: String, value: String, lifetime: Duration) {
        let now = self.clock.now();
        self.entries().put(name, value, now, lifetime);
    }

    pub(super) fn put_if_absent(&self, name: String, value: String, lifetime: Duration) -> bool {
        let now = self.clock.now();
        let mut entries = self.entries();
        if entries.alive(&name, now).is_some() {
            return false;
        }
        entries.put(name, value, now, lifetime);
        true
    }

    pub(super) fn remove_if_equals(&self, name: &str, value: &str) -> bool {
        let now = self.clock.now();
        let mut entries = self.entries();
        let equal = entries.alive(name, now).is_some_and(|stored| stored == value);
        if equal {
            entries.values.remove(name);
        }
        equal
    }

    pub(super) fn count(&self, name: String, window: Duration) -> u64 {
        let now = self.clock.now();
        let mut entries = self.entries();
        entries.sweep(now);
        let counter = entries
            .counters
            .entry(name)
            .or_insert_with(|| Lasting { value: 0, until: end(now, window) });
        if counter.until <= now {
            *counter = Lasting { value: 0, until: end(now, window) };
        }
        counter.value += 1;
        counter.value
    }

    // Nothing that holds the lock can leave an entry half written.
    fn entries(&self) -> MutexGuard<'_, Entries> {
        self.entries.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Entries {
    fn alive(&self, name: &str, now: DateTime<Utc>) -> Option<&String> {
        self.values.get(name).filter(|entry| entry.until > now).map(|entry| &entry.value)
    }

    fn put(&mut self, name: String, value: String, now: DateTime<Utc>, lifetime: Duration) {
        self.sweep(now);
        self.values.insert(name, Lasting { value, until: end(now, lifetime) });
    }

    fn sweep(&mut self, now: DateTime<Utc>) {
        if self.values.len() + self.counters.len() < self.sweep_at.max(SWEEP_FROM) {
            return;
        }
        self.values.retain(|_, entry| entry.until > now);
        self.counters.retain(|_, entry| entry.until > now);
        // Twice what is alive, so that the walk is paid for by as many writes.
        self.sweep_at = 2 * (self.values.len() + self.counters.len());
    }
}

fn end(now: DateTime<Utc>, lifetime: Duration) -> DateTime<Utc> {
    TimeDelta::from_std(lifetime)
        .ok()
        .and_then(|lifetime| now.checked_add_signed(lifetime))
        .unwrap_or(DateTime::<Utc>::MAX_UTC)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::clock::StoppedClock;

    #[test]
    fn what_is_over_does_not_pile_up() {
        let clock = Arc::new(StoppedClock::at(DateTime::UNIX_EPOCH));
        let memory = Memory::new(clock.clone());
        for n in 0..20 * SWEEP_FROM {
            memory.put(format!("v{n}"), String::new(), Duration::from_secs(1));
            memory.count(format!("c{n}"), Duration::from_secs(1));
            clock.advance(TimeDelta::milliseconds(100));
        }
        let entries = memory.entries();
        assert!(entries.values.len() + entries.counters.len() <= SWEEP_FROM);
    }
}
