//! Other tickets beside one, and people who could be called to it.

use super::{forms, said};
use crate::county::County;
use crate::desk::{self, Beside};
use crate::routing;
use crate::storage::{StorageError, Tx};
use crate::ticket::lifecycle::{Legal, Move};
use crate::ticket::{Person, Ticket};
use crate::web::console::{desk::Desk, words};
use serde::Serialize;

/// Another ticket.
#[derive(Serialize)]
pub(super) struct Other {
    number: String,
    gist: String,
    place: String,
    stage: &'static str,
    when: String,
    distance: Option<String>,
    copies: u32,
    /// This one could be handled together with it.
    takes_in: bool,
}

/// What lies beside it, as far as this operator may see it.
pub(super) fn visible(desk: &Desk, beside: Beside) -> Beside {
    let sees = |mut found: Vec<Ticket>| {
        found.retain(|ticket| desk.operator().sees(ticket));
        found
    };
    Beside {
        near: sees(beside.near),
        same_person: sees(beside.same_person),
        copies: sees(beside.copies),
    }
}

pub(super) fn other(desk: &Desk, ticket: &Ticket, other: &Ticket) -> Other {
    let place = said::place(&desk.county, other);
    let meters = desk::distance(ticket, other);
    Other {
        number: other.number.to_string(),
        // Whoever wants to read it opens it, and that is written down.
        gist: if other.report.confidential {
            "（保密）".to_owned()
        } else {
            said::gist(&other.report.text, 60)
        },
        place: place.words(),
        stage: words::stage(other.status.stage()),
        when: words::when(other.submitted_at, desk.now),
        distance: meters.map(|meters| match meters {
            meters if meters < 1000.0 => format!("相距约{:.0}米", (meters / 10.0).round() * 10.0),
            meters => format!("相距约{:.1}公里", meters / 1000.0),
        }),
        copies: other.course.copies,
        takes_in: !other.is_ended(),
    }
}

/// Who could be called, and who stands above, where a form asks for it.
pub(super) async fn who_could(
    desk: &Desk,
    tx: &Tx,
    ticket: &Ticket,
    legal: &[Legal],
) -> Result<(Vec<forms::Suggested>, Option<String>), StorageError> {
    let (county, now) = (&*desk.county, desk.now);
    let asks = |wanted: &[Move]| legal.iter().any(|legal| wanted.contains(&legal.wanted));
    let suggested = if asks(&[Move::Dispatch, Move::AskVerification, Move::HandOver]) {
        suggestions(county, tx, ticket, desk).await?
    } else {
        Vec::new()
    };
    let above = if asks(&[Move::Escalate]) {
        routing::one_up(tx, county, ticket, now).await?
    } else {
        None
    };
    let names = |people: &[Person]| {
        people.iter().map(|person| person.name.as_str()).collect::<Vec<_>>().join("、")
    };
    Ok((suggested, above.filter(|call| !call.to.is_empty()).map(|call| names(&call.to))))
}

async fn suggestions(
    county: &County,
    tx: &Tx,
    ticket: &Ticket,
    desk: &Desk,
) -> Result<Vec<forms::Suggested>, StorageError> {
    let (decision, people) = routing::suggested(tx, county, ticket, desk.now).await?;
    let known = |name: &String| {
        let found = people.iter().find(|named| named.person.name == *name)?;
        let unbound = if found.reachable { "" } else { "，没有绑定微信，要打电话" };
        Some(format!("{name}手上{}件{unbound}", found.load))
    };
    Ok(decision
        .suggestions
        .iter()
        .map(|one| {
            let unit = one.unit.as_deref().and_then(|code| county.unit(code));
            let names = one.people.join("、");
            forms::Suggested {
                value: names.clone(),
                names: match unit {
                    Some(unit) => format!("{}（{names}）", unit.name),
                    None => names,
                },
                reason: one.reason.clone(),
                known: one.people.iter().filter_map(known).collect(),
            }
        })
        .collect())
}
