//! Platform events that are nobody's turn in a conversation: what became of a message, the
//! platform's own seats, the account's verification, and what somebody does not allow any more.

use super::consents;
use crate::app::App;
use crate::county::County;
use crate::erasure;
use crate::life;
use crate::storage::{DeliveryStatus, StorageError, Tx};
use crate::talk;
use crate::ticket::Follower;
use crate::wechat::account::Account;
use crate::wechat::push::{Body, Delivery, Event, Push};
use chrono::{DateTime, Utc};

/// Writes down what the platform tells.
pub(super) async fn note(
    app: &App,
    tx: &Tx,
    county: &County,
    account: &Account,
    push: &Push,
    now: DateTime<Utc>,
) -> Result<(), StorageError> {
    let Body::Event(event) = &push.body else { return Ok(()) };
    match event {
        Event::TemplateSent { msg_id, delivery } => {
            let Ok(msgid) = msg_id.parse() else { return Ok(()) };
            let status = match delivery {
                Delivery::Delivered => DeliveryStatus::Delivered,
                Delivery::Blocked => DeliveryStatus::Blocked,
                Delivery::Failed(_) => DeliveryStatus::Failed,
            };
            tx.confirm(&account.slug, msgid, status, now).await.map(|_| ())
        }
        Event::AgentJoined { .. } | Event::AgentSwitched { .. } => {
            let Some(who) = follower(account, push) else { return Ok(()) };
            let with = tx.open_conversation(&who, now).await?;
            let (talk, _) = talk::heard_from_desk(app, tx, with, now).await?;
            tx.talk_answered(talk.id, now).await
        }
        Event::AgentLeft { .. } => {
            let Some(who) = follower(account, push) else { return Ok(()) };
            let with = tx.open_conversation(&who, now).await?;
            talk::release(app, tx, county, with, now).await
        }
        Event::AccountVerification { verification, at, .. } => {
            life::verified(tx, &account.slug, *verification, *at, now).await
        }
        Event::SubscriptionPopup(_) | Event::SubscriptionChange(_) | Event::SubscriptionSent(_) => {
            consents::note(tx, &account.slug, push.person(), event, now).await
        }
        _ => of_person(tx, &account.slug, event, now).await,
    }
}

/// What somebody allowed us to know, or does not allow any more.
async fn of_person(
    tx: &Tx,
    account: &str,
    event: &Event,
    now: DateTime<Utc>,
) -> Result<(), StorageError> {
    let whose = |openid: &str| Follower { account: account.to_owned(), openid: openid.to_owned() };
    match event {
        Event::UserInfoModified { openid } => tx.ask_who(&whose(openid), now).await,
        Event::AuthorizationRevoked { openid, revoked } => {
            erasure::revoked(tx, &whose(openid), revoked.as_deref(), now).await
        }
        Event::AuthorizationCancelled { openid } => {
            erasure::erase(tx, &whose(openid), erasure::Why::Cancelled, now).await.map(drop)
        }
        _ => Ok(()),
    }
}

fn follower(account: &Account, push: &Push) -> Option<Follower> {
    let openid = push.person()?.to_owned();
    Some(Follower { account: account.slug.clone(), openid })
}
