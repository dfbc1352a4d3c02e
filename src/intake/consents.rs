//! What people say to notifications by subscription, and what became of those that were sent.

use crate::storage::{DeliveryStatus, StorageError, Tx};
use crate::ticket::Follower;
use crate::wechat::push::{Choice, Event};
use chrono::{DateTime, Utc};

/// The platform's code for somebody who did not subscribe, or does not want it any more.
const REFUSED: &str = "43101";

/// Takes down what follows from an event; nothing from those that are about something else.
pub(super) async fn note(
    tx: &Tx,
    account: &str,
    person: Option<&str>,
    event: &Event,
    now: DateTime<Utc>,
) -> Result<(), StorageError> {
    let Some(openid) = person else { return Ok(()) };
    let who = Follower { account: account.to_owned(), openid: openid.to_owned() };
    match event {
        Event::SubscriptionPopup(choices) | Event::SubscriptionChange(choices) => {
            for Choice { template_id, accepted, .. } in choices {
                tx.keep_consent(&who, template_id, *accepted, now).await?;
            }
        }
        Event::SubscriptionSent(results) => {
            for result in results {
                let status = match result.error_code.as_str() {
                    "0" => DeliveryStatus::Delivered,
                    REFUSED => {
                        tx.keep_consent(&who, &result.template_id, false, now).await?;
                        DeliveryStatus::Blocked
                    }
                    _ => DeliveryStatus::Failed,
                };
                if let Ok(msgid) = result.msg_id.parse() {
                    tx.confirm(account, msgid, status, now).await?;
                }
            }
        }
        _ => {}
    }
    Ok(())
}
