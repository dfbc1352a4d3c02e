//! A ticket against what a script asks about it. Pure.

use super::asks::{Fact, Key};
use crate::ticket::Ticket;

/// How the ticket differs from the fact, if it does.
pub(super) fn differs(ticket: &Ticket, fact: &Fact) -> Option<String> {
    match fact {
        Fact::Is(key, wanted) => {
            let found = value(ticket, *key).unwrap_or_else(|| "-".to_owned());
            (found != *wanted).then(|| format!("{} is {found}", key.name()))
        }
        Fact::PlaceHas(text) => {
            let found = ticket.report.place.text.as_deref().unwrap_or("-");
            (!found.contains(text)).then(|| format!("place is {found}"))
        }
        Fact::TextHas(text) => {
            let found = &ticket.report.text;
            (!found.contains(text)).then(|| format!("text is {found}"))
        }
    }
}

fn value(ticket: &Ticket, key: Key) -> Option<String> {
    let report = &ticket.report;
    Some(match key {
        Key::Status => ticket.status.stage().code().to_owned(),
        Key::Category => report.category.clone(),
        Key::Area => ticket.area_path.last()?.clone(),
        Key::Unit => ticket.unit.clone()?,
        Key::Handler => ticket.handler.as_ref()?.name.clone(),
        Key::Rating => ticket.rating?.code().to_owned(),
        Key::Outcome => ticket.finding.as_ref()?.outcome.code().to_owned(),
        Key::Round => ticket.round.to_string(),
        Key::Channel => ticket.channel.code().to_owned(),
        Key::Urgent => report.urgent.to_string(),
        Key::Confidential => report.confidential.to_string(),
        Key::Photos => report.photos().to_string(),
    })
}
