//! Who is who on several accounts: the platform is asked, slowly, and its word is kept.
//!
//! Asked after a follow, after somebody changed what we may know, and for those who followed before.
//! With one account nobody is asked: there is nothing to join, and what is not needed is not
//! collected.
//!
//! Deliberately absent: guesses.

use crate::{
    app::App,
    storage::StorageError,
    ticket::Follower,
    wechat::client::{Class, Interface, circuit::OpenCircuit},
};
use chrono::{DateTime, Utc};

/// How many are asked about at a look; there are four looks a minute.
const BATCH: u64 = 15;

/// Asks about some of those who are not known yet; tells how many answers there were.
pub async fn ask(app: &App, now: DateTime<Utc>) -> Result<usize, StorageError> {
    if app.accounts.iter().count() < 2 {
        return Ok(0);
    }
    // One that may not ask must not stand in the way of those that may.
    let open = app.client.circuits().open();
    let rests = |slug: &str| {
        let is_it = |one: &OpenCircuit| one.account == slug && one.interface == Interface::UserInfo;
        open.iter().any(|one| is_it(one) && one.until > now)
    };
    let slugs = app.accounts.iter().map(|account| account.slug.clone());
    let accounts: Vec<String> = slugs.filter(|slug| !rests(slug)).collect();
    let mut known = 0;
    for follower in app.store.unasked(&accounts, BATCH).await? {
        known += usize::from(ask_about(app, &follower, now).await?);
    }
    Ok(known)
}

/// Whether there was an answer.
async fn ask_about(
    app: &App,
    follower: &Follower,
    now: DateTime<Utc>,
) -> Result<bool, StorageError> {
    if !app.client.circuits().allows(&follower.account, Interface::UserInfo, None, now) {
        return Ok(false);
    }
    let told = app.client.follow(&follower.account, &follower.openid).await;
    let unionid = match &told {
        Ok(follow) => follow.unionid(),
        // The platform has nothing to tell of this one.
        Err(error) if matches!(error.class(), Class::User(_) | Class::Data) => None,
        Err(error) => {
            tracing::info!(account = follower.account, %error, "somebody is asked about later");
            return Ok(false);
        }
    };
    let tx = app.store.begin().await?;
    tx.know(follower, unionid).await?;
    tx.commit().await?;
    Ok(true)
}
