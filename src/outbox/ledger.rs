//! Our own ledger of the reply window: what the platform lets us say to a person now.
//!
//! Deliberately absent: the rows, which are [`crate::storage::ReplyWindow`]'s.

use crate::app::App;
use crate::storage::{Allowance, ReplyWindow, StorageError};
use crate::ticket::Follower;
use crate::wechat::client::Interface;
use chrono::{DateTime, TimeDelta, Utc};

/// A message opens 48 hours for five customer-service messages, a click or scan one minute for
/// three. The windows are taken a little shorter than the platform's, because clocks differ.
pub(super) const MESSAGE_WINDOW: TimeDelta = TimeDelta::seconds(48 * 3600 - 60);
const MESSAGE_LIMIT: u32 = 5;
pub(super) const BRIEF_WINDOW: TimeDelta = TimeDelta::seconds(57);
const BRIEF_LIMIT: u32 = 3;

/// The allowance that is open now, and when it was opened.
pub(super) fn open_allowance(
    window: ReplyWindow,
    now: DateTime<Utc>,
) -> Option<(Allowance, DateTime<Utc>, u32)> {
    if let Some(at) = window.message_at
        && now < at + MESSAGE_WINDOW
        && window.message_used < MESSAGE_LIMIT
    {
        return Some((Allowance::Message, at, MESSAGE_LIMIT));
    }
    let at = window.brief_at?;
    (now < at + BRIEF_WINDOW && window.brief_used < BRIEF_LIMIT).then_some((
        Allowance::Brief,
        at,
        BRIEF_LIMIT,
    ))
}

/// Spends one message of the allowance that is open, if there is one left.
///
/// The person may write between our look and our spending, which opens the window anew: then it
/// is looked at again, because what a used-up window leaves to a template would be said with
/// fewer words than a fresh one allows.
pub(super) async fn spend(
    app: &App,
    to: &Follower,
    mut window: ReplyWindow,
    now: DateTime<Utc>,
) -> Result<Result<(Allowance, DateTime<Utc>), &'static str>, StorageError> {
    let closed = Ok(Err("the reply window is closed"));
    if open_allowance(window, now).is_none() {
        return closed;
    }
    if !app.client.circuits().allows(&to.account, Interface::CustomSend, None, now) {
        return Ok(Err("customer-service messages rest"));
    }
    loop {
        let Some((allowance, opened_at, limit)) = open_allowance(window, now) else {
            return closed;
        };
        if app.store.spend(to, allowance, opened_at, limit).await? {
            return Ok(Ok((allowance, opened_at)));
        }
        match app.store.reach(to).await? {
            Some(reach) if reach.window != window => window = reach.window,
            _ => return Ok(Err("the reply window is used up")),
        }
    }
}
