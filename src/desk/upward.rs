//! One level up, because somebody says so: who stands above is the route's to know.

use super::{DeskError, act};
use crate::app::App;
use crate::calendar::{date_of, in_beijing};
use crate::county::route::{self, Available, Matter};
use crate::county::{AreaCode, County};
use crate::dialogue::call_of;
use crate::ticket::lifecycle::Action;
use crate::ticket::{Call, Person, Ticket, TicketNumber};
use chrono::{DateTime, Timelike, Utc};

/// Gives a ticket to those above whoever has it; the lower ones go on helping.
pub async fn escalate(
    app: &App,
    operator: &Person,
    number: &TicketNumber,
    reason: &str,
) -> Result<Ticket, DeskError> {
    let now = app.clock.now();
    let county = app.county_at(now).await?;
    let tx = app.store.begin().await?;
    let ticket =
        tx.ticket_by_number(number).await?.ok_or_else(|| DeskError::Unknown(number.clone()))?;
    let held_in = ticket.course.holder.area.as_deref().map(AreaCode::from);
    let matter = matter_of(&ticket, now);
    let names = route::candidates_above(&county, held_in.as_ref(), &matter);
    let people = tx.find_members_by_name(&names).await?;
    drop(tx);
    let known = |name: &str| {
        let named = people.iter().find(|named| named.asked == name)?;
        Some(Available { load: named.load, reachable: named.reachable })
    };
    let above = route::one_up(&county, held_in.as_ref(), &matter, &known)
        .ok_or_else(|| DeskError::NobodyAbove(number.clone()))?;
    let named: Vec<_> = above
        .people
        .iter()
        .filter_map(|name| people.iter().find(|named| named.asked == *name))
        .cloned()
        .collect();
    let why = if reason.trim().is_empty() {
        format!("{}{}", operator.name, above.reason)
    } else {
        format!("{}：{}", above.reason, reason.trim())
    };
    let call = call_above(&county, &named, above.unit, &ticket, why);
    act(app, operator, number, Some(ticket.version), Action::Escalate { call }).await
}

fn matter_of(ticket: &Ticket, now: DateTime<Utc>) -> Matter<'_> {
    let clock = in_beijing(now);
    Matter {
        category: &ticket.report.category,
        area: ticket.area_path.last().map(|code| AreaCode::from(code.as_str())),
        channel: ticket.channel.code(),
        day: date_of(now),
        minute: u16::try_from(clock.hour() * 60 + clock.minute()).unwrap_or_default(),
        urgent: ticket.report.urgent,
    }
}

fn call_above(
    county: &County,
    people: &[crate::dialogue::Named],
    unit: Option<String>,
    ticket: &Ticket,
    reason: String,
) -> Call {
    call_of(county, people, unit, &ticket.report.category, reason)
}
