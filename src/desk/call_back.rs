//! 回访: what an operator has to tell by telephone, and what the resident said.
//!
//! Every try stands in the ticket's history; what the resident decides goes through the same moves
//! as in the chat, by the operator for them, and is kept apart in the figures (代评).
//!
//! Deliberately absent: who may do it, and the list of whom to call, which storage keeps.

use super::{DeskError, let_go, meanwhile};
use crate::app::App;
use crate::county::County;
use crate::dialogue::reply::Card;
use crate::dialogue::rules_of;
use crate::enact::enact;
use crate::outbox::message::Fields;
use crate::storage::StorageError;
use crate::ticket::call_back::{self, Call};
use crate::ticket::event::Actor;
use crate::ticket::lifecycle::{self, Action};
use crate::ticket::notice::NoticeKind;
use crate::ticket::{Person, Ticket, TicketNumber};
use chrono::{DateTime, Utc};

/// The words that are read out: those of the notice that could not be sent, made anew from the
/// ticket as it stands.
pub fn to_tell(
    app: &App,
    county: &County,
    ticket: &Ticket,
    why: NoticeKind,
    now: DateTime<Utc>,
) -> String {
    let card = Card::of(ticket, county, now);
    let voice = app.words_of(&ticket.reporter.account);
    let state = voice.state_words(&card);
    let mut fields = Fields::of(&card, ticket, state);
    let words = call_back::words(ticket);
    fields.put("name", words.clone());
    fields.put("note", words);
    fields.put("status", voice.status_word(why, ticket.report.urgent));
    voice.notice(why, &fields)
}

/// Writes down one call with what the resident said; `seen` is the version the operator looked at.
pub async fn record_call(
    app: &App,
    operator: &Person,
    number: &TicketNumber,
    seen: Option<i64>,
    call: Call,
    note: String,
) -> Result<Ticket, DeskError> {
    let now = app.clock.now();
    let county = app.county_at(now).await?;
    let tx = app.store.begin().await?;
    let ticket =
        tx.ticket_by_number(number).await?.ok_or_else(|| DeskError::Unknown(number.clone()))?;
    if seen.is_some_and(|seen| seen != ticket.version) {
        drop(tx);
        return Err(meanwhile(app, &county, &ticket).await);
    }
    let owed = tx.call_back(ticket.id).await?.filter(|owed| owed.done_at.is_none());
    if owed.is_none() && !ticket.reporter.is_offline() {
        return Err(DeskError::NoCallOwed(number.clone()));
    }
    let rules = rules_of(&county, &ticket.report.category);
    let by = Actor::Operator(operator.clone());
    let mut changes = Vec::new();
    let mut after = ticket.clone();
    let said = Action::RecordCall { result: call.result(), note };
    for action in std::iter::once(said).chain(call.actions(&ticket)) {
        let change = lifecycle::act(&after, action, &by, rules, now)?;
        after = change.after.clone();
        changes.push(change);
    }
    changes.extend(let_go(&tx, &county, &ticket, &changes, &by, now).await?);
    match enact(app, &tx, &county, &changes, now).await {
        Err(StorageError::Stale { .. }) => {
            drop(tx);
            return Err(meanwhile(app, &county, &ticket).await);
        }
        enacted => enacted?,
    }
    if let Some(owed) = owed {
        let again = call.again(owed.tries.saturating_add(1), county.calendar(), now);
        tx.called(ticket.id, call.result(), again, now).await?;
    }
    tx.commit().await?;
    app.bell.ring();
    Ok(after)
}
