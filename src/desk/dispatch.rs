//! 派单 by name: whoever bears the name, or the people of the unit that does.

use super::{DeskError, act};
use crate::app::App;
use crate::dialogue::{Named, call_of};
use crate::ticket::lifecycle::Action;
use crate::ticket::{Person, Ticket, TicketNumber};

/// Calls the people behind these names of members and units to a ticket.
pub async fn dispatch_to(
    app: &App,
    operator: &Person,
    number: &TicketNumber,
    seen: Option<i64>,
    names: &[String],
) -> Result<Ticket, DeskError> {
    let county = app.county_at(app.clock.now()).await?;
    let (ticket, people) = {
        let tx = app.store.begin().await?;
        let ticket = tx.ticket_by_number(number).await?;
        let ticket = ticket.ok_or_else(|| DeskError::Unknown(number.clone()))?;
        (ticket, tx.find_members_by_name(names).await?)
    };
    if let Some(name) = names.iter().find(|name| !people.iter().any(|one| one.asked == **name)) {
        return Err(DeskError::Nobody(name.clone()));
    }
    let unit = names.iter().find_map(|name| county.unit_named(name));
    let unit = unit.map(|unit| unit.code.clone());
    let in_order: Vec<Named> = names
        .iter()
        .flat_map(|name| people.iter().filter(move |named| named.asked == *name))
        .cloned()
        .collect();
    let reason = format!("{}选择", operator.name);
    let call = call_of(&county, &in_order, unit, &ticket.report.category, reason);
    act(app, operator, number, seen.or(Some(ticket.version)), Action::Dispatch { call }).await
}
