//! What lies beside a ticket: the same matter from others, other matters of the same person, and
//! what is handled with it. Found by the indexes of live and just ended tickets.
//!
//! Deliberately absent: who may see which of them; the caller knows its operator.

use crate::county::{AreaCode, County, Level};
use crate::dialogue::near;
use crate::storage::{StorageError, Tx};
use crate::ticket::{Stage, Ticket};
use chrono::{DateTime, TimeDelta, Utc};

/// Older matters of a person say nothing about this one.
const SAME_PERSON: TimeDelta = TimeDelta::days(90);

/// Tickets beside a ticket.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Beside {
    /// Of the same category in the same village, live or just ended; the nearest first where
    /// points are known, then the latest.
    pub near: Vec<Ticket>,
    /// Of the same person.
    pub same_person: Vec<Ticket>,
    /// Handled together with it.
    pub copies: Vec<Ticket>,
}

/// Looks for them.
pub async fn beside(
    tx: &Tx,
    county: &County,
    ticket: &Ticket,
    now: DateTime<Utc>,
) -> Result<Beside, StorageError> {
    let category = &ticket.report.category;
    let areas = neighbourhood(county, ticket);
    let since = now - near::JUST_CLOSED;
    let mut near = if areas.is_empty() {
        Vec::new()
    } else {
        tx.tickets_near(category, &areas, since).await?
    };
    let is_other = |other: &Ticket| other.id != ticket.id;
    near.retain(|other| {
        is_other(other) && !matches!(other.status.stage(), Stage::Withdrawn | Stage::Rejected)
    });
    near.sort_by(|one, other| meters(ticket, one).total_cmp(&meters(ticket, other)));
    let mut same_person = tx.tickets_of(&ticket.reporter, now - SAME_PERSON).await?;
    same_person.retain(is_other);
    let copies = match ticket.course.copies {
        0 => Vec::new(),
        _ => tx.copies_of(&ticket.number).await?,
    };
    Ok(Beside { near, same_person, copies })
}

/// How far two tickets lie apart; very far where one of them has no point.
fn meters(one: &Ticket, other: &Ticket) -> f64 {
    distance(one, other).unwrap_or(f64::MAX)
}

/// How far two tickets lie apart, in metres, where both have a point.
pub fn distance(one: &Ticket, other: &Ticket) -> Option<f64> {
    let (here, there) = (one.report.place.point?, other.report.place.point?);
    let at = |point: crate::ticket::Point| crate::county::Point { lat: point.lat, lon: point.lng };
    Some(at(here).distance_km(at(there)) * 1000.0)
}

/// The village with its grids, or the smallest area that is known.
fn neighbourhood(county: &County, ticket: &Ticket) -> Vec<String> {
    let Some(code) = ticket.report.place.area.as_deref().map(AreaCode::from) else {
        return Vec::new();
    };
    let path = county.path(&code);
    let village = path.iter().find(|area| area.level == Level::Village).map(|area| &area.code);
    let middle = village.unwrap_or(&code);
    let grids = county.children(middle).filter(|area| area.level == Level::Grid);
    std::iter::once(middle.clone())
        .chain(grids.map(|area| area.code.clone()))
        .map(|area| area.as_str().to_owned())
        .collect()
}
