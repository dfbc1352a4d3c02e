//! Notifications by subscription (订阅通知): who said yes, and what an account may send by it.
//!
//! Written from the platform's published rules alone. Templates are long-term ones (长期订阅), so a
//! yes is good until somebody takes it back. They reach who does not follow, too.
//!
//! Deliberately absent: one-time templates, and the library they are chosen from.

use super::{
    cast::SimulatedTemplate,
    errors::Refusal,
    faults::Fault,
    lines::Said,
    sends::{card_of, recipient, text_at},
    state::{Finished, Platform, State},
};
use chrono::{DateTime, Utc};
use serde_json::{Value, json};
use std::collections::BTreeSet;

/// What the platform knows of subscriptions.
#[derive(Debug, Default)]
pub(super) struct Subscriptions {
    templates: Vec<SimulatedTemplate>,
    consents: BTreeSet<(String, String)>,
}

impl Subscriptions {
    pub(super) fn answered(&mut self, openid: &str, template: &str, accepted: bool) {
        let key = (openid.to_owned(), template.to_owned());
        if accepted {
            self.consents.insert(key);
        } else {
            self.consents.remove(&key);
        }
    }
}

impl Platform {
    /// Grants a long-term template of notifications.
    pub fn grant_subscription(&self, template: SimulatedTemplate) {
        self.state().subscriptions.templates.push(template);
    }

    /// Takes somebody's consent back without a word to the account, as it happens where an event
    /// is lost.
    pub fn lose_consent(&self, openid: &str, template: &str) {
        self.state().subscriptions.answered(openid, template, false);
    }
}

/// `POST /cgi-bin/message/subscribe/bizsend`
pub(super) fn send(
    state: &mut State,
    account: &str,
    body: &Value,
    now: DateTime<Utc>,
) -> Result<Value, Refusal> {
    let openid = recipient(state, account, body)?;
    let wanted = text_at(body, "/template_id").unwrap_or_default().to_owned();
    let template = state.subscriptions.templates.iter().find(|template| template.id == wanted);
    let template = template.cloned().ok_or_else(|| Refusal::of(40037))?;
    let card = card_of(&template, body)?;
    if !state.subscriptions.consents.contains(&(openid.clone(), wanted.clone())) {
        return Err(Refusal::of(43101));
    }
    let message_id = state.template_message_id();
    let (status, event_leaves) = match state.faults.next_delivery() {
        Some(Fault::SystemFailed) => ("-1", true),
        fault => ("0", fault != Some(Fault::EventLost)),
    };
    if event_leaves {
        let (openid, notification) = (openid.clone(), Some(wanted));
        state.finished.push_back(Finished { openid, message_id, status, notification });
    }
    if status == "0" {
        state.write(&openid, now, Said::Notice(card));
    }
    Ok(json!({ "errcode": 0, "errmsg": "ok", "msgid": message_id }))
}
