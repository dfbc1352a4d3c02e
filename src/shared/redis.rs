//! Shared state in a Redis server.
//!
//! One multiplexed connection, opened on first use and reopened after it broke. No operation
//! takes longer than 400 ms, unless told otherwise; nothing is retried here, because whoever asks goes on without.
//! What must be one step is a script on the server.
//!
//! Deliberately absent: clusters, and commands that block (they would hold up everybody else on
//! the one connection).

use super::SharedError;
use redis::{
    AsyncCommands, Client, ExistenceCheck, RedisResult, Script, SetExpiry, SetOptions,
    aio::{ConnectionManager, ConnectionManagerConfig},
};
use std::{
    sync::{Arc, LazyLock, Mutex, PoisonError},
    time::Duration,
};

// The longest that an operation takes: a push must be answered in five seconds, and asks more
// than once.
pub(super) const PATIENCE: Duration = Duration::from_millis(400);

// Values and counters of this program, apart from each other and from anybody else's.
const VALUES: &str = "lianxin:value:";
const COUNTERS: &str = "lianxin:count:";

static REMOVE_IF_EQUALS: LazyLock<Script> = LazyLock::new(|| {
    Script::new(
        "if redis.call('GET', KEYS[1]) == ARGV[1] then return redis.call('DEL', KEYS[1]) end \
         return 0",
    )
});

// A counter that lost its end (nothing here does that) would count for ever: it gets a new one.
static COUNT: LazyLock<Script> = LazyLock::new(|| {
    Script::new(
        "local n = redis.call('INCR', KEYS[1]) \
         if redis.call('PTTL', KEYS[1]) < 0 then redis.call('PEXPIRE', KEYS[1], ARGV[1]) end \
         return n",
    )
});

/// Values and counters in a Redis server.
#[derive(Clone)]
pub struct Redis(Arc<Inner>);

struct Inner {
    client: Client,
    patience: Duration,
    // Made inside a runtime, hence not before the first operation.
    connection: Mutex<Option<ConnectionManager>>,
}

impl Redis {
    pub(super) fn at(address: &str, patience: Duration) -> Result<Self, SharedError> {
        let client = Client::open(address).map_err(|_| SharedError::BadAddress)?;
        Ok(Self(Arc::new(Inner { client, patience, connection: Mutex::default() })))
    }

    pub(super) async fn get(&self, name: &str) -> Result<Option<String>, SharedError> {
        let mut connection = self.connection()?;
        self.soon(connection.get(format!("{VALUES}{name}"))).await
    }

    pub(super) async fn put(
        &self,
        name: &str,
        value: &str,
        lifetime: Duration,
    ) -> Result<(), SharedError> {
        let mut connection = self.connection()?;
        let options = SetOptions::default().with_expiration(expiry(lifetime));
        self.soon(connection.set_options(format!("{VALUES}{name}"), value, options)).await
    }

    pub(super) async fn put_if_absent(
        &self,
        name: &str,
        value: &str,
        lifetime: Duration,
    ) -> Result<bool, SharedError> {
        let mut connection = self.connection()?;
        let options = SetOptions::default()
            .with_expiration(expiry(lifetime))
            .conditional_set(ExistenceCheck::NX);
        let put: Option<String> =
            self.soon(connection.set_options(format!("{VALUES}{name}"), value, options)).await?;
        Ok(put.is_some())
    }

    pub(super) async fn remove_if_equals(
        &self,
        name: &str,
        value: &str,
    ) -> Result<bool, SharedError> {
        let mut connection = self.connection()?;
        let mut script = REMOVE_IF_EQUALS.key(format!("{VALUES}{name}"));
        let removed: u64 = self.soon(script.arg(value).invoke_async(&mut connection)).await?;
        Ok(removed > 0)
    }

    pub(super) async fn count(&self, name: &str, window: Duration) -> Result<u64, SharedError> {
        let mut connection = self.connection()?;
        let mut script = COUNT.key(format!("{COUNTERS}{name}"));
        self.soon(script.arg(milliseconds(window)).invoke_async(&mut connection)).await
    }

    pub(super) async fn ping(&self) -> Result<(), SharedError> {
        let mut connection = self.connection()?;
        self.soon(connection.ping()).await
    }

    async fn soon<V>(
        &self,
        operation: impl Future<Output = RedisResult<V>>,
    ) -> Result<V, SharedError> {
        tokio::time::timeout(self.0.patience, operation)
            .await
            .map_err(|_| SharedError::TooSlow)?
            .map_err(SharedError::Away)
    }

    fn connection(&self) -> Result<ConnectionManager, SharedError> {
        let mut slot = self.0.connection.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(connection) = &*slot {
            return Ok(connection.clone());
        }
        let config = ConnectionManagerConfig::new()
            .set_number_of_retries(1)
            .set_min_delay(Duration::from_millis(50))
            .set_connection_timeout(Some(self.0.patience))
            .set_response_timeout(Some(self.0.patience));
        let connection = ConnectionManager::new_lazy_with_config(self.0.client.clone(), config)
            .map_err(SharedError::Away)?;
        Ok(slot.insert(connection).clone())
    }
}

fn expiry(lifetime: Duration) -> SetExpiry {
    SetExpiry::PX(milliseconds(lifetime))
}

fn milliseconds(span: Duration) -> u64 {
    u64::try_from(span.as_millis()).unwrap_or(u64::MAX)
}
