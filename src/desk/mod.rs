//! One operator's action on one ticket, whoever asks for it: the shell around
//! [`lifecycle::act`] for the console and for scripts. In chat the dialogue decides the same way.
//!
//! The action carries the version that was seen; a race that was lost is told, with who was
//! first, never overwritten. [`open`] takes in what somebody at the desk was told, [`record_call`]
//! what a resident said when they were called.

mod beside;
mod call_back;
mod entry;
mod hand_over;
mod settings;
pub mod talk;

pub use beside::{Beside, beside, distance};
pub use call_back::{record_call, to_tell};
pub use entry::{
    BadEntry, Entry, LONGEST_LINE, LONGEST_TEXT, Suggested, alike, named_areas, open, suggested,
};
pub use hand_over::{HandedOver, hand_over};
pub use settings::{CountyChange, put_county};

use crate::app::App;
use crate::county::County;
use crate::dialogue::rules_of;
use crate::enact::enact;
use crate::replies::history;
use crate::routing;
use crate::storage::{StorageError, Tx};
use crate::ticket::event::Actor;
use crate::ticket::lifecycle::{self, Action, Legal, Refused, Transition};
use crate::ticket::{Call, Person, Stage, Status, Ticket, TicketNumber};
use chrono::{DateTime, Utc};

/// Why an operator's action was not done.
#[derive(Debug, thiserror::Error)]
pub enum DeskError {
    /// There is no such ticket.
    #[error("there is no ticket {0}")]
    Unknown(TicketNumber),
    /// The ticket cannot be merged into that one.
    #[error("ticket {0} cannot take another one in: it is ended, merged itself, or the same")]
    NoMaster(TicketNumber),
    /// Nobody stands above those who have it.
    #[error("nobody stands above those who have ticket {0}")]
    NobodyAbove(TicketNumber),
    /// The life cycle has no such move, or not for this person.
    #[error(transparent)]
    Refused(#[from] Refused),
    /// Somebody else changed it since it was looked at.
    #[error("ticket {number} was changed by somebody else meanwhile: {first}")]
    Meanwhile {
        /// Which.
        number: TicketNumber,
        /// What they did, in plain Chinese: 刚刚由值班员派给了张建国.
        first: String,
    },
    /// What was filled in cannot be a ticket.
    #[error("an entry cannot be taken in: {0:?}")]
    Entry(Vec<BadEntry>),
    /// The resident is reached by the account, and nothing that was sent failed.
    #[error("nobody has to be called about ticket {0}")]
    NoCallOwed(TicketNumber),
    /// The database.
    #[error(transparent)]
    Storage(#[from] StorageError),
}

/// Does an operator's action; `seen` is the version the operator looked at, if they did.
pub async fn act(
    app: &App,
    operator: &Person,
    number: &TicketNumber,
    seen: Option<i64>,
    action: Action,
) -> Result<Ticket, DeskError> {
    act_as(app, &Actor::Operator(operator.clone()), number, seen, action).await
}

/// The same by whoever may: a leader checks results and assigns, a handler goes on.
pub async fn act_as(
    app: &App,
    by: &Actor,
    number: &TicketNumber,
    seen: Option<i64>,
    action: Action,
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
    let action = match action {
        Action::Merge { into } => {
            let master = live_master(&tx, &into, &ticket).await?;
            Action::Merge { into: master.ok_or(DeskError::NoMaster(into))? }
        }
        action => action,
    };
    let category = match &action {
        Action::Recategorise { category } => category,
        _ => &ticket.report.category,
    };
    let rules = rules_of(&county, category);
    let mut changes = vec![lifecycle::act(&ticket, action, by, rules, now)?];
    changes.extend(let_go(&tx, &county, &ticket, &changes, by, now).await?);
    match enact(app, &tx, &county, &changes, now).await {
        Err(StorageError::Stale { .. }) => {
            drop(tx);
            return Err(meanwhile(app, &county, &ticket).await);
        }
        enacted => enacted?,
    }
    tx.commit().await?;
    app.bell.ring();
    Ok(changes.into_iter().next().map_or(ticket, |change| change.after))
}

/// Who was first, and with what.
async fn meanwhile(app: &App, county: &County, ticket: &Ticket) -> DeskError {
    let number = ticket.number.clone();
    match app.store.history(ticket.id).await {
        Ok(events) => {
            DeskError::Meanwhile { number, first: history::just_happened(county, &events) }
        }
        Err(error) => error.into(),
    }
}

/// What this operator can do with a ticket as it stands.
pub fn legal(
    county: &County,
    ticket: &Ticket,
    operator: &Person,
    now: DateTime<Utc>,
) -> Vec<Legal> {
    lifecycle::legal(ticket, operator, rules_of(county, &ticket.report.category), now)
}

/// 提级: gives a ticket to those one level up, for a reason in an operator's words.
pub async fn escalate(
    app: &App,
    operator: &Person,
    number: &TicketNumber,
    seen: Option<i64>,
    reason: &str,
) -> Result<Ticket, DeskError> {
    let now = app.clock.now();
    let county = app.county_at(now).await?;
    let (up, looked_at) = {
        let tx = app.store.begin().await?;
        let ticket =
            tx.ticket_by_number(number).await?.ok_or_else(|| DeskError::Unknown(number.clone()))?;
        (routing::one_up(&tx, &county, &ticket, now).await?, ticket.version)
    };
    let call = up.filter(|call| !call.to.is_empty());
    let call = call.ok_or_else(|| DeskError::NobodyAbove(number.clone()))?;
    let reason = match reason.trim() {
        "" => call.reason.clone(),
        reason => format!("{reason}，{}", call.reason),
    };
    let action = Action::Escalate { call: Call { reason, ..call } };
    act(app, operator, number, seen.or(Some(looked_at)), action).await
}

/// The live ticket at the end of a chain of merges; never the ticket itself.
async fn live_master(
    tx: &Tx,
    into: &TicketNumber,
    ticket: &Ticket,
) -> Result<Option<TicketNumber>, StorageError> {
    // Chains are re-pointed when they would arise, so one step is enough.
    let mut found = tx.ticket_by_number(into).await?;
    if let Some(Ticket { status: Status::Merged { into: root, .. }, .. }) = &found {
        found = tx.ticket_by_number(root).await?;
    }
    let takes_in = found.filter(|master| master.id != ticket.id && !master.is_ended());
    Ok(takes_in.map(|master| master.number))
}

/// A ticket that is split off is let go by the one it was handled with.
async fn let_go(
    tx: &Tx,
    county: &County,
    before: &Ticket,
    changes: &[Transition],
    by: &Actor,
    now: DateTime<Utc>,
) -> Result<Option<Transition>, StorageError> {
    let is_still_merged = changes.iter().any(|c| c.after.status.stage() == Stage::Merged);
    let Status::Merged { into, .. } = &before.status else { return Ok(None) };
    if is_still_merged {
        return Ok(None);
    }
    let Some(master) = tx.ticket_by_number(into).await? else { return Ok(None) };
    let rules = rules_of(county, &master.report.category);
    let action = Action::LetGo { number: before.number.clone() };
    Ok(lifecycle::act(&master, action, by, rules, now).ok())
}
