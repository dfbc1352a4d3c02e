//! One operator's action on one ticket, whoever asks for it: the shell around
//! [`lifecycle::act`] for the console and for scripts. In chat the dialogue decides the same way.
//!
//! The action carries the version that was seen; a race that was lost is told, never overwritten.

use crate::app::App;
use crate::dialogue::rules_of;
use crate::outbox::post;
use crate::storage::StorageError;
use crate::ticket::event::Actor;
use crate::ticket::lifecycle::{self, Action, Refused};
use crate::ticket::{Person, Stage, Ticket, TicketNumber};

/// Why an operator's action was not done.
#[derive(Debug, thiserror::Error)]
pub enum DeskError {
    /// There is no such ticket.
    #[error("there is no ticket {0}")]
    Unknown(TicketNumber),
    /// The ticket cannot be merged into that one.
    #[error("ticket {0} cannot take another one in: it is ended, merged itself, or the same")]
    NoMaster(TicketNumber),
    /// The life cycle has no such move, or not for this person.
    #[error(transparent)]
    Refused(#[from] Refused),
    /// Somebody else changed it since it was looked at.
    #[error("ticket {0} was changed by somebody else meanwhile")]
    Meanwhile(TicketNumber),
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
    let now = app.clock.now();
    let county = app.county_at(now).await?;
    let tx = app.store.begin().await?;
    let ticket =
        tx.ticket_by_number(number).await?.ok_or_else(|| DeskError::Unknown(number.clone()))?;
    if seen.is_some_and(|seen| seen != ticket.version) {
        return Err(DeskError::Meanwhile(number.clone()));
    }
    if let Action::Merge { into } = &action {
        let master = tx.ticket_by_number(into).await?;
        let takes_in = master.is_some_and(|master| {
            master.id != ticket.id && !master.is_ended() && master.status.stage() != Stage::Merged
        });
        if !takes_in {
            return Err(DeskError::NoMaster(into.clone()));
        }
    }
    let rules = rules_of(&county, &ticket.report.category);
    let by = Actor::Operator(operator.clone());
    let change = lifecycle::act(&ticket, action, &by, rules, now)?;
    match tx.save(&change).await {
        Err(StorageError::Stale { .. }) => return Err(DeskError::Meanwhile(number.clone())),
        saved => saved?,
    }
    post::notices(app, &tx, &county, &change, now).await?;
    tx.commit().await?;
    app.bell.ring();
    Ok(change.after)
}
