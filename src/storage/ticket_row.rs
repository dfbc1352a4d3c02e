//! Between a ticket and its row.
//!
//! All columns that say where a ticket stands are matched at once; a mixture is
//! [`StorageError::Inconsistent`], never a guess.

use super::{
    StorageError,
    codec::{Row, stored, stored_count},
};
use crate::ticket::{
    Follower, MemberId, Person, Place, Point, Report, Status, Ticket, TicketId, TicketNumber,
    clock, due, queue,
};
use chrono::{DateTime, Utc};
use entities::ticket as row;
use sea_orm::{
    ActiveValue::{NotSet, Set},
    JsonValue,
};
use uuid::Uuid;

impl TryFrom<row::Model> for Ticket {
    type Error = StorageError;

    fn try_from(m: row::Model) -> Result<Self, Self::Error> {
        let name = Row::of("ticket", &m.id);
        let status = status_of(&m, &name)?;
        let number = TicketNumber::find(&m.number)
            .filter(|number| number.as_str() == m.number)
            .ok_or_else(|| name.odd("`number` is not a ticket number"))?;
        let point = name.pair("`place_lat`, `place_lng`", (m.place_lat, m.place_lng))?;
        let report = Report {
            text: m.text,
            place: Place {
                text: m.place_text,
                point: point.map(|(lat, lng)| Point { lat, lng }),
                area: m.area,
            },
            category: m.category,
            contact: m.contact,
            confidential: m.confidential,
            urgent: m.urgent,
            media: name.json("media", m.media)?,
        };
        Ok(Self {
            id: TicketId(m.id),
            number,
            reporter: Follower { account: m.account, openid: m.openid },
            reporter_name: m.reporter_name,
            entered_by: person(&name, "who entered it", (m.entered_by_id, m.entered_by_name))?,
            channel: name.code("channel", m.channel)?,
            report,
            area_path: name.json("area_path", m.area_path)?,
            status,
            round: name.count("round", m.round)?,
            called: name.json("called", m.called)?,
            handler: person(&name, "the handler", (m.handler_id, m.handler_name))?,
            unit: m.unit,
            accountable: person(
                &name,
                "the accountable person",
                (m.accountable_id, m.accountable_name),
            )?,
            finding: m.finding.map(|finding| name.json("finding", finding)).transpose()?,
            rating: m.rating.map(|rating| name.code("rating", rating)).transpose()?,
            returned_by: name.json("returned_by", m.returned_by)?,
            urged: name.count("urged", m.urged)?,
            course: name.json("course", m.course)?,
            submitted_at: m.submitted_at,
            accepted_at: m.accepted_at,
            closed_at: m.closed_at,
            version: m.version,
        })
    }
}

/// Where the ticket stands, if all columns agree on it.
fn status_of(m: &row::Model, name: &Row) -> Result<Status, StorageError> {
    let status: Status = name.json("status", m.status.clone())?;
    let stage = status.stage().code();
    if m.stage != stage {
        return Err(name.odd(format!("stage `{}` with a status of `{stage}`", m.stage)));
    }
    match (&status, m.closed_at, m.ended_at) {
        (Status::Closed { .. }, Some(_), Some(_))
        | (Status::Rejected { .. } | Status::Withdrawn | Status::Merged { .. }, _, Some(_)) => {}
        (Status::Closed { .. }, _, _)
        | (Status::Rejected { .. } | Status::Withdrawn | Status::Merged { .. }, _, None) => {
            return Err(name.odd(format!("`{stage}` without the moment it ended")));
        }
        (_, _, None) => {}
        (_, _, Some(_)) => return Err(name.odd(format!("`{stage}` with a moment it ended"))),
    }
    Ok(status)
}

fn person(
    name: &Row,
    who: &str,
    columns: (Option<Uuid>, Option<String>),
) -> Result<Option<Person>, StorageError> {
    let found = name.pair(&format!("id and name of {who}"), columns)?;
    Ok(found.map(|(id, name)| Person { id: MemberId(id), name }))
}

/// The calendar by which a date of a live ticket was guessed at, if one was.
fn guessed_by(ticket: &Ticket) -> Option<String> {
    let guessed = ticket.course.clocks.iter().find(|deadline| deadline.provisional);
    guessed.filter(|_| !ticket.is_ended()).map(|deadline| deadline.calendar.clone())
}

/// The row of a ticket; `ended_at` is when it ended, if it did.
pub(super) fn row_of(
    ticket: &Ticket,
    ended_at: Option<DateTime<Utc>>,
) -> Result<row::ActiveModel, StorageError> {
    let report = &ticket.report;
    let point = report.place.point;
    let waits_in = queue::waits_in(ticket);
    let finding: Option<JsonValue> = ticket.finding.as_ref().map(stored).transpose()?;
    let id_of = |person: &Option<Person>| person.as_ref().map(|person| person.id.0);
    let name_of = |person: &Option<Person>| person.as_ref().map(|person| person.name.clone());
    Ok(row::ActiveModel {
        id: Set(ticket.id.0),
        number: Set(ticket.number.as_str().to_owned()),
        account: Set(ticket.reporter.account.clone()),
        openid: Set(ticket.reporter.openid.clone()),
        reporter_name: Set(ticket.reporter_name.clone()),
        entered_by_id: Set(id_of(&ticket.entered_by)),
        entered_by_name: Set(name_of(&ticket.entered_by)),
        channel: Set(ticket.channel.code().to_owned()),
        text: Set(report.text.clone()),
        place_text: Set(report.place.text.clone()),
        place_lat: Set(point.map(|point| point.lat)),
        place_lng: Set(point.map(|point| point.lng)),
        area: Set(report.place.area.clone()),
        area_path: Set(stored(&ticket.area_path)?),
        category: Set(report.category.clone()),
        contact: Set(report.contact.clone()),
        confidential: Set(report.confidential),
        urgent: Set(report.urgent),
        media: Set(stored(&report.media)?),
        stage: Set(ticket.status.stage().code().to_owned()),
        status: Set(stored(&ticket.status)?),
        round: Set(stored_count(ticket.round)),
        called: Set(stored(&ticket.called)?),
        handler_id: Set(id_of(&ticket.handler)),
        handler_name: Set(name_of(&ticket.handler)),
        unit: Set(ticket.unit.clone()),
        accountable_id: Set(id_of(&ticket.accountable)),
        accountable_name: Set(name_of(&ticket.accountable)),
        finding: Set(finding),
        rating: Set(ticket.rating.map(|rating| rating.code().to_owned())),
        returned_by: Set(stored(&ticket.returned_by)?),
        urged: Set(stored_count(ticket.urged)),
        course: Set(stored(&ticket.course)?),
        merged_into: Set(match &ticket.status {
            Status::Merged { into, .. } => Some(into.as_str().to_owned()),
            _ => None,
        }),
        late_at: Set(queue::late_at(ticket)),
        guessed_by: Set(guessed_by(ticket)),
        wish_at: Set(ticket.course.extension.as_ref().map(|wish| wish.at)),
        submitted_at: Set(ticket.submitted_at),
        accepted_at: Set(ticket.accepted_at),
        closed_at: Set(ticket.closed_at),
        ended_at: Set(ended_at),
        due_at: Set(due::next(ticket).map(|(at, _)| at)),
        version: Set(ticket.version),
        township: Set(ticket.area_path.get(1).cloned()),
        queue: Set(waits_in.map(|waits| waits.code().to_owned())),
        queue_rank: Set(queue::rank(ticket)),
        warn_at: Set(queue::warn_at(ticket)),
        // By whom it was touched is in the events, which whoever saves it knows.
        touched_at: NotSet,
        owed_at: Set(clock::owed_answer(ticket).map(|deadline| deadline.due_at)),
        escalations: Set(stored_count(ticket.course.escalations)),
        dissatisfied_until: Set(queue::dissatisfied_until(ticket)),
    })
}
