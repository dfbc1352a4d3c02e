//! Access tokens: fetched once for all, renewed early, replaced when refused.
//!
//! The interface is `stable_token`, which hands everybody the same token until shortly before its
//! end, so instances cannot throw away each other's. Within the process one task fetches and the
//! others wait for it; between instances a lock in the shared state does the same. All of that
//! only saves calls: with the shared state gone each instance goes on with its own copy.
//!
//! A refused token is removed only while it is still the one that was refused. When the platform
//! hands the refused one back, it is forced to make another, which kills the old one everywhere:
//! at most every 30 s and 20 times a day, and never silently.
//!
//! Deliberately absent: retries and circles. Whoever asks gets a token or an error.

use super::{ClientError, Interface, TokenError, Unclear, http::Sent, http::Wire};
use crate::{
    clock::Clock,
    shared::{
        Shared, SharedError,
        keys::{AccessToken, ForceRefresh, ForceRefreshes, RefreshLock, StoredToken},
    },
    wechat::account::Account,
};
use chrono::{DateTime, TimeDelta, Utc};
use serde::Deserialize;
use serde_json::json;
use std::{collections::HashMap, sync::Arc, time::Duration};
use tokio::sync::Mutex;
use uuid::Uuid;

// How often, and how many times, an instance looks whether its sibling is done. In all longer
// than a fetch usually takes, and short enough that nobody waits for a sibling that died.
const BEAT: Duration = Duration::from_millis(100);
const BEATS: u32 = 40;

// The platform's limit.
const FORCED_A_DAY: u64 = 20;

/// The access tokens of all accounts.
pub(super) struct Tokens {
    shared: Shared,
    // Counts what was forced here also while the shared state is away.
    own: Shared,
    clock: Arc<dyn Clock>,
    instance: Uuid,
    held: HashMap<String, Mutex<Option<StoredToken>>>,
}

#[derive(Deserialize)]
struct Fetched {
    access_token: String,
    expires_in: i64,
}

enum Turn {
    Mine,
    Done(StoredToken),
}

impl Tokens {
    pub(super) fn new(
        shared: Shared,
        clock: Arc<dyn Clock>,
        instance: Uuid,
        accounts: impl Iterator<Item = String>,
    ) -> Self {
        let own = Shared::memory(clock.clone());
        let held = accounts.map(|account| (account, Mutex::default())).collect();
        Self { shared, own, clock, instance, held }
    }

    /// The token to use now.
    pub(super) async fn current(
        &self,
        wire: &Wire,
        account: &Account,
    ) -> Result<StoredToken, ClientError> {
        let mut held = self.slot(account)?.lock().await;
        let now = self.clock.now();
        if let Some(token) = held.as_ref().filter(|token| token.renew_at > now) {
            return Ok(token.clone());
        }
        match self.obtain(wire, account, None).await {
            Ok(token) => Ok(held.insert(token).clone()),
            // Renewal is early: what is held works for some minutes yet.
            Err(error) => match held.as_ref().filter(|token| token.expires_at > now) {
                Some(token) => {
                    let error: &dyn std::error::Error = &error;
                    tracing::warn!(account = account.slug, error, "could not renew the token yet");
                    Ok(token.clone())
                }
                None => Err(error.into()),
            },
        }
    }

    /// Another token than the one that was refused.
    pub(super) async fn replacement(
        &self,
        wire: &Wire,
        account: &Account,
        refused: &StoredToken,
    ) -> Result<StoredToken, ClientError> {
        let mut held = self.slot(account)?.lock().await;
        let now = self.clock.now();
        // Somebody else replaced it while this call was under way.
        let other = |token: &&StoredToken| token.token != refused.token && token.renew_at > now;
        if let Some(token) = held.as_ref().filter(other) {
            return Ok(token.clone());
        }
        *held = None;
        let key = AccessToken { account: &account.slug };
        went_on_without(account, self.shared.remove_if_equals(&key, refused).await);
        let token = self.obtain(wire, account, Some(&refused.token)).await?;
        Ok(held.insert(token).clone())
    }

    async fn obtain(
        &self,
        wire: &Wire,
        account: &Account,
        refused: Option<&str>,
    ) -> Result<StoredToken, TokenError> {
        if let Some(token) = self.look(account, refused).await {
            return Ok(token);
        }
        if let Turn::Done(token) = self.turn(account, refused).await {
            return Ok(token);
        }
        let result = match self.fetch(wire, account, false).await {
            Ok(token) if refused == Some(&token.token) => {
                self.force(wire, account, &token.token).await
            }
            other => other,
        };
        if let Ok(token) = &result {
            let key = AccessToken { account: &account.slug };
            let lifetime = (token.expires_at - self.clock.now()).to_std().unwrap_or_default();
            went_on_without(account, self.shared.put(&key, token, lifetime).await);
        }
        self.unlock(account).await;
        result
    }

    /// Until when a token is good that is at hand here or among the siblings.
    pub(super) async fn until(&self, account: &Account) -> Option<DateTime<Utc>> {
        let now = self.clock.now();
        // Whoever fetches one holds the place meanwhile: then there is none yet.
        let held = self.held.get(&account.slug).and_then(|slot| slot.try_lock().ok()?.clone());
        let token = match held {
            Some(token) => Some(token),
            None => self.shared.get(&AccessToken { account: &account.slug }).await.ok().flatten(),
        };
        token.map(|token| token.expires_at).filter(|end| *end > now)
    }

    // What a sibling fetched.
    async fn look(&self, account: &Account, refused: Option<&str>) -> Option<StoredToken> {
        let now = self.clock.now();
        let found = self.shared.get(&AccessToken { account: &account.slug }).await;
        went_on_without(account, found)
            .flatten()
            .filter(|token| token.renew_at > now && refused != Some(&token.token))
    }

    async fn turn(&self, account: &Account, refused: Option<&str>) -> Turn {
        let lock = RefreshLock { account: &account.slug };
        let mut beat = tokio::time::interval(BEAT);
        for _ in 0..BEATS {
            beat.tick().await;
            let locked = self.shared.put_if_absent(&lock, &self.instance.to_string()).await;
            let Some(locked) = went_on_without(account, locked) else { return Turn::Mine };
            // Looked at with the lock too: its last holder may just have finished.
            if let Some(token) = self.look(account, refused).await {
                if locked {
                    self.unlock(account).await;
                }
                return Turn::Done(token);
            }
            if locked {
                return Turn::Mine;
            }
        }
        // The holder is slow or gone. Asking twice is harmless: both get the same token.
        Turn::Mine
    }

    async fn unlock(&self, account: &Account) {
        let lock = RefreshLock { account: &account.slug };
        let mine = self.instance.to_string();
        went_on_without(account, self.shared.remove_if_equals(&lock, &mine).await);
    }

    async fn force(
        &self,
        wire: &Wire,
        account: &Account,
        dead: &str,
    ) -> Result<StoredToken, TokenError> {
        tracing::error!(
            account = account.slug,
            "the platform hands back an access token that it refuses: another program fetches \
             or forces tokens with this account's secret"
        );
        metrics::counter!("lianxin_wechat_dead_tokens_total", "account" => account.slug.clone())
            .increment(1);
        if !self.may_force(account).await {
            return Err(TokenError::Dead);
        }
        let token = self.fetch(wire, account, true).await?;
        if token.token == dead { Err(TokenError::Dead) } else { Ok(token) }
    }

    // Both counts must allow it; the shared one may be away.
    async fn may_force(&self, account: &Account) -> bool {
        let recent = ForceRefresh { account: &account.slug };
        let today = ForceRefreshes {
            account: &account.slug,
            day: super::circuit::beijing_day(self.clock.now()),
        };
        for counts in [&self.own, &self.shared] {
            let first = went_on_without(account, counts.put_if_absent(&recent, &()).await);
            if first == Some(false) {
                return false;
            }
            let count = went_on_without(account, counts.count(&today).await);
            if count.is_some_and(|count| count > FORCED_A_DAY) {
                return false;
            }
        }
        true
    }

    async fn fetch(
        &self,
        wire: &Wire,
        account: &Account,
        force: bool,
    ) -> Result<StoredToken, TokenError> {
        let body = json!({
            "grant_type": "client_credential",
            "appid": account.app_id,
            "secret": account.app_secret.expose(),
            "force_refresh": force,
        });
        let unfetched = |error| TokenError::Unfetched(Box::new(error));
        let answer = wire
            .exchange(&account.slug, Interface::StableToken, None, Sent::json(&body))
            .await
            .map_err(unfetched)?;
        let Fetched { access_token, expires_in } = serde_json::from_value(answer)
            .map_err(|_| unfetched(ClientError::Unknown(Unclear::Shape)))?;
        let (renew_at, expires_at) = ends(expires_in, self.instance, self.clock.now());
        Ok(StoredToken { token: access_token, renew_at, expires_at })
    }

    fn slot(&self, account: &Account) -> Result<&Mutex<Option<StoredToken>>, ClientError> {
        self.held.get(&account.slug).ok_or(ClientError::NoAccount)
    }
}

/// When to renew a token and when it ends. Renewed 300 to 600 s early, each instance at its own
/// moment; but not more often than each minute, because until 300 s before the end the platform
/// hands out the same token again.
fn ends(expires_in: i64, instance: Uuid, now: DateTime<Utc>) -> (DateTime<Utc>, DateTime<Utc>) {
    let lives = expires_in.clamp(1, 7200);
    let early = 300 + i64::try_from(instance.as_u128() % 301).unwrap_or(0);
    let renewed = (lives - early).max(60.min(lives));
    (now + TimeDelta::seconds(renewed), now + TimeDelta::seconds(lives))
}

fn went_on_without<V>(account: &Account, result: Result<V, SharedError>) -> Option<V> {
    match result {
        Ok(value) => Some(value),
        Err(error) => {
            let error: &dyn std::error::Error = &error;
            tracing::warn!(account = account.slug, error, "went on without the shared state");
            None
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(expires_in: i64, instance: u128, renewed: i64, ended: i64) {
        let now = DateTime::UNIX_EPOCH;
        let (renew_at, expires_at) = ends(expires_in, Uuid::from_u128(instance), now);
        assert_eq!((renew_at - now).num_seconds(), renewed);
        assert_eq!((expires_at - now).num_seconds(), ended);
    }

    #[test]
    fn a_token_that_hardly_lives_is_not_renewed_all_the_time() {
        check(400, 0, 100, 400);
        check(300, 300, 60, 300);
        check(30, 0, 30, 30);
        check(0, 0, 1, 1);
        check(-5, 0, 1, 1);
    }

    #[test]
    fn a_token_is_renewed_five_to_ten_minutes_early_and_not_by_all_at_once() {
        check(7200, 0, 6900, 7200);
        check(7200, 300, 6600, 7200);
        check(i64::MAX, 150, 6750, 7200);
    }
}
