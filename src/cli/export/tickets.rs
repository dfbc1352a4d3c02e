//! `export tickets`: tickets as they stand.

use super::{
    PAGE, Span,
    lines::{Lines, Record},
    shown, time,
};
use crate::{
    storage::Store,
    ticket::{Outcome, Place, Rating, Status, Ticket, clock},
};
use clap::Args;
use serde_json::Value;

#[derive(Debug, Args)]
pub(in crate::cli) struct Tickets {
    #[command(flatten)]
    span: Span,
    /// Also who reported it and their telephone number, and texts as they were written.
    #[arg(long)]
    with_contacts: bool,
}

/// The keys of a line, in this order.
const KEYS: [&str; 18] = [
    "number",
    "submitted_at",
    "status",
    "kind",
    "outcome",
    "round",
    "category",
    "area",
    "channel",
    "unit",
    "handler",
    "due_result",
    "result_at",
    "closed_at",
    "rating",
    "text",
    "place",
    "confidential",
];
/// The further keys where contacts are asked for.
const CONTACT_KEYS: [&str; 4] = ["account", "openid", "phone", "name"];

impl Tickets {
    pub(super) async fn write(&self, store: &Store) -> anyhow::Result<()> {
        let span = &self.span;
        let contacts: &[&str] = if self.with_contacts { &CONTACT_KEYS } else { &[] };
        let keys: Vec<&'static str> = KEYS.iter().chain(contacts).copied().collect();
        let mut lines = Lines::begin(span.format, span.output.as_deref(), "tickets", &keys)?;
        let (from, until, area) = (span.begin(), span.end(), span.area.as_deref());
        let mut after = None;
        loop {
            let page = store.submitted_in(from, until, area, after, PAGE).await?;
            let Some(last) = page.last() else { break };
            after = Some((last.submitted_at, last.id));
            for ticket in &page {
                lines.write(&record(ticket, self.with_contacts))?;
            }
        }
        lines.end()
    }
}

fn record(ticket: &Ticket, with_contacts: bool) -> Record {
    let report = &ticket.report;
    let kind = match &ticket.status {
        Status::Closed { kind } => Some(kind.code()),
        _ => None,
    };
    let finding = ticket.finding.as_ref();
    let values: [Value; KEYS.len()] = [
        ticket.number.as_str().into(),
        time(ticket.submitted_at),
        ticket.status.stage().code().into(),
        kind.into(),
        finding.map(|finding| Outcome::code(finding.outcome)).into(),
        ticket.round.into(),
        report.category.as_str().into(),
        ticket.area_path.last().map(String::as_str).into(),
        ticket.channel.code().into(),
        ticket.unit.as_deref().into(),
        ticket.handler.as_ref().map(|handler| handler.name.as_str()).into(),
        clock::result_clock(ticket).map_or(Value::Null, |clock| time(clock.due_at)),
        finding.map_or(Value::Null, |finding| time(finding.at)),
        ticket.closed_at.map_or(Value::Null, time),
        ticket.rating.map(Rating::code).into(),
        shown(&report.text, with_contacts).into(),
        place(&report.place).map(|place| shown(&place, with_contacts)).into(),
        report.confidential.into(),
    ];
    let mut record: Vec<(&'static str, Value)> = KEYS.into_iter().zip(values).collect();
    if with_contacts {
        let values: [Value; CONTACT_KEYS.len()] = [
            ticket.reporter.account.as_str().into(),
            ticket.reporter.openid.as_str().into(),
            report.contact.as_deref().into(),
            ticket.reporter_name.as_deref().into(),
        ];
        record.extend(CONTACT_KEYS.into_iter().zip(values));
    }
    Record(record)
}

fn place(place: &Place) -> Option<String> {
    let point = || place.point.map(|point| format!("{},{}", point.lat, point.lng));
    place.text.clone().or_else(point)
}
