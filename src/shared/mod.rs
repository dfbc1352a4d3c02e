//! State that several instances share: Redis where one is configured, else this process's memory.
//!
//! Everything in here is a convenience. It may vanish at any moment without losing anything a
//! resident said, so every operation is short, and every caller must be able to go on after a
//! [`SharedError`]: by asking the platform again, or by being a little less strict for a while.
//!
//! Both backends promise the same: a value is gone when its lifetime is over, a counter begins
//! anew when its window is over. In memory the injected clock decides, in Redis the server's.
//!
//! Deliberately absent: deduplication, conversations, tickets, the outbox and console sessions.
//! They live in the database.

pub mod keys;
mod memory;
mod redis;

pub use memory::Memory;
pub use redis::Redis;

use crate::clock::Clock;
use serde::{Serialize, de::DeserializeOwned};
use std::{sync::Arc, time::Duration};
use thiserror::Error;

/// The name of a shared value, which knows what the value is and how long it may live.
pub trait Key {
    /// What is stored under the key.
    type Value: Serialize + DeserializeOwned + Send;
    /// The longest that a value lives.
    const LIFETIME: Duration;
    /// Where it is stored; unlike the name of any other value.
    fn name(&self) -> String;
}

/// The name of a counter, which knows how long it counts before it begins anew.
pub trait Counter {
    /// From the first count until the counter begins anew.
    const WINDOW: Duration;
    /// Where it is stored; unlike the name of any other counter.
    fn name(&self) -> String;
}

/// Why shared state could not be used. Whoever sees it goes on without.
#[derive(Debug, Error)]
pub enum SharedError {
    /// The address is not one of a Redis server. It is not repeated: it may hold a password.
    #[error("the address of the Redis server is malformed")]
    BadAddress,
    /// The server cannot be reached, or refused.
    #[error("the Redis server did not serve the request")]
    Away(#[source] ::redis::RedisError),
    /// The server took longer than anybody here waits for a convenience.
    #[error("the Redis server took too long")]
    TooSlow,
    /// What is stored is not what the key promises, for instance after an upgrade.
    #[error("a shared value is not what its key promises")]
    Unreadable,
}

/// Shared state. Cheap to clone; clones see the same values.
#[derive(Clone)]
pub enum Shared {
    /// This process's own memory: one instance only.
    Memory(Memory),
    /// A Redis server.
    Redis(Redis),
}

impl Shared {
    /// Memory that forgets by `clock`.
    pub fn memory(clock: Arc<dyn Clock>) -> Self {
        Self::Memory(Memory::new(clock))
    }

    /// The Redis server at `address`. It is reached for on first use, so this succeeds while
    /// the server is away.
    pub fn redis(address: &str) -> Result<Self, SharedError> {
        Self::redis_within(address, redis::PATIENCE)
    }

    /// The same with another limit for each operation.
    pub fn redis_within(address: &str, patience: Duration) -> Result<Self, SharedError> {
        Redis::at(address, patience).map(Self::Redis)
    }

    /// The value, unless it was never put or its lifetime is over.
    pub async fn get<K: Key>(&self, key: &K) -> Result<Option<K::Value>, SharedError> {
        let stored = match self {
            Self::Memory(memory) => memory.get(&key.name()),
            Self::Redis(redis) => redis.get(&key.name()).await?,
        };
        stored.map(|text| read(&text)).transpose()
    }

    /// Puts the value for `lifetime`, cut to the key's own; nothing is put for no time at all.
    pub async fn put<K: Key>(
        &self,
        key: &K,
        value: &K::Value,
        lifetime: Duration,
    ) -> Result<(), SharedError> {
        let lifetime = lifetime.min(K::LIFETIME);
        if lifetime.as_millis() == 0 {
            return Ok(());
        }
        let text = written(value)?;
        match self {
            Self::Memory(memory) => memory.put(key.name(), text, lifetime),
            Self::Redis(redis) => redis.put(&key.name(), &text, lifetime).await?,
        }
        Ok(())
    }

    /// Puts the value for the key's lifetime unless there is one; tells whether it was put.
    pub async fn put_if_absent<K: Key>(
        &self,
        key: &K,
        value: &K::Value,
    ) -> Result<bool, SharedError> {
        let text = written(value)?;
        match self {
            Self::Memory(memory) => Ok(memory.put_if_absent(key.name(), text, K::LIFETIME)),
            Self::Redis(redis) => redis.put_if_absent(&key.name(), &text, K::LIFETIME).await,
        }
    }

    /// Removes the value if it still is `value`; tells whether it was removed.
    pub async fn remove_if_equals<K: Key>(
        &self,
        key: &K,
        value: &K::Value,
    ) -> Result<bool, SharedError> {
        let text = written(value)?;
        match self {
            Self::Memory(memory) => Ok(memory.remove_if_equals(&key.name(), &text)),
            Self::Redis(redis) => redis.remove_if_equals(&key.name(), &text).await,
        }
    }

    /// Counts one more and tells how many that makes in the current window.
    pub async fn count<C: Counter>(&self, counter: &C) -> Result<u64, SharedError> {
        match self {
            Self::Memory(memory) => Ok(memory.count(counter.name(), C::WINDOW)),
            Self::Redis(redis) => redis.count(&counter.name(), C::WINDOW).await,
        }
    }

    /// Whether the backend answers: for the `check` command and for health.
    pub async fn ping(&self) -> Result<(), SharedError> {
        match self {
            Self::Memory(_) => Ok(()),
            Self::Redis(redis) => redis.ping().await,
        }
    }
}

fn written<V: Serialize>(value: &V) -> Result<String, SharedError> {
    serde_json::to_string(value).map_err(|_| SharedError::Unreadable)
}

// The reason is dropped on purpose: it may quote the value, which may be a secret.
fn read<V: DeserializeOwned>(text: &str) -> Result<V, SharedError> {
    serde_json::from_str(text).map_err(|_| SharedError::Unreadable)
}
