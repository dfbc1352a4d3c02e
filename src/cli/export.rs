//! `export`: writes out what is kept, in little memory however much it is.
//!
//! Standard output holds the lines and nothing else. What tells who a resident is, is left out
//! and masked in texts, unless it is asked for.

use super::{Verdict, opening, output};
use crate::{
    calendar::{begin_of, in_beijing},
    config::Database,
    county::words,
    storage::Store,
    ticket::{Outcome, Place, Rating, Status, Ticket},
};
use chrono::{DateTime, NaiveDate, SecondsFormat, Utc};
use clap::{Args, Subcommand, ValueEnum};
use serde::{Serialize, Serializer};
use serde_json::Value;
use std::{io::Write, path::PathBuf};

/// One page of the database at a time.
const PAGE: u64 = 500;

#[derive(Debug, Subcommand)]
pub(super) enum Export {
    /// Tickets, one a line, the oldest first.
    Tickets(Tickets),
}

#[derive(Debug, Args)]
pub(super) struct Tickets {
    /// csv for spreadsheets, jsonl for programs.
    #[arg(long, value_enum)]
    format: Format,
    /// Submitted on this day in Beijing or later, like 2026-03-01.
    #[arg(long, value_name = "DATE")]
    from: Option<NaiveDate>,
    /// Submitted on this day in Beijing or earlier.
    #[arg(long, value_name = "DATE")]
    to: Option<NaiveDate>,
    /// Write to this file, which only you may read, instead of standard output.
    #[arg(short = 'o', long = "output", value_name = "FILE")]
    output: Option<PathBuf>,
    /// Also who reported it and their telephone number, and texts as they were written.
    #[arg(long)]
    with_contacts: bool,
}

#[derive(Debug, Clone, Copy, ValueEnum)]
enum Format {
    Csv,
    Jsonl,
}

impl Export {
    pub(super) async fn run(self, database: &Database) -> anyhow::Result<Verdict> {
        let Self::Tickets(tickets) = self;
        let store = opening::ready(database).await?;
        let output = output::open(tickets.output.as_deref())?;
        match tickets.write(&store, output).await {
            Err(error) if !output::is_closed(&error) => Err(error),
            Ok(()) | Err(_) => Ok(Verdict::Done),
        }
    }
}

impl Tickets {
    async fn write(&self, store: &Store, output: Box<dyn Write>) -> anyhow::Result<()> {
        let mut lines = Lines::begin(self.format, output, self.with_contacts)?;
        let from = self.from.map(begin_of);
        // The day itself belongs to it.
        let until = self.to.and_then(|day| day.succ_opt()).map(begin_of);
        let mut after = None;
        loop {
            let page = store.submitted_between(from, until, after, PAGE).await?;
            let Some(last) = page.last() else { break };
            after = Some((last.submitted_at, last.id));
            for ticket in &page {
                lines.write(&Record::of(ticket, self.with_contacts))?;
            }
        }
        lines.end()
    }
}

enum Lines {
    Csv(Box<csv::Writer<Box<dyn Write>>>),
    Jsonl(Box<dyn Write>),
}

impl Lines {
    fn begin(
        format: Format,
        mut output: Box<dyn Write>,
        with_contacts: bool,
    ) -> anyhow::Result<Self> {
        match format {
            Format::Jsonl => Ok(Self::Jsonl(output)),
            Format::Csv => {
                output.write_all(output::BOM)?;
                let mut table = csv::Writer::from_writer(output);
                let contacts: &[&str] = if with_contacts { &CONTACT_KEYS } else { &[] };
                table.write_record(KEYS.iter().chain(contacts))?;
                Ok(Self::Csv(Box::new(table)))
            }
        }
    }

    fn write(&mut self, record: &Record) -> anyhow::Result<()> {
        match self {
            Self::Csv(table) => {
                let cells = record.0.iter().map(|(_, value)| match value {
                    Value::Null => String::new(),
                    Value::String(text) => output::guarded(text),
                    other => other.to_string(),
                });
                table.write_record(cells)?;
            }
            Self::Jsonl(output) => {
                serde_json::to_writer(&mut *output, record).map_err(std::io::Error::from)?;
                output.write_all(b"\n")?;
            }
        }
        Ok(())
    }

    fn end(self) -> anyhow::Result<()> {
        match self {
            Self::Csv(mut table) => table.flush()?,
            Self::Jsonl(mut output) => output.flush()?,
        }
        Ok(())
    }
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
const CONTACT_KEYS: [&str; 3] = ["account", "openid", "phone"];

/// One line: keys and values in their order.
struct Record(Vec<(&'static str, Value)>);

impl Serialize for Record {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_map(self.0.iter().map(|(key, value)| (key, value)))
    }
}

impl Record {
    fn of(ticket: &Ticket, with_contacts: bool) -> Self {
        let report = &ticket.report;
        let shown = |text: &str| {
            if with_contacts { text.to_owned() } else { words::masked(text).text }
        };
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
            Value::Null,
            finding.map_or(Value::Null, |finding| time(finding.at)),
            ticket.closed_at.map_or(Value::Null, time),
            ticket.rating.map(Rating::code).into(),
            shown(&report.text).into(),
            place(&report.place).map(|place| shown(&place)).into(),
            report.confidential.into(),
        ];
        let mut record: Vec<(&'static str, Value)> = KEYS.into_iter().zip(values).collect();
        if with_contacts {
            let values: [Value; CONTACT_KEYS.len()] = [
                ticket.reporter.account.as_str().into(),
                ticket.reporter.openid.as_str().into(),
                report.contact.as_deref().into(),
            ];
            record.extend(CONTACT_KEYS.into_iter().zip(values));
        }
        Self(record)
    }
}

fn time(at: DateTime<Utc>) -> Value {
    in_beijing(at).to_rfc3339_opts(SecondsFormat::Secs, false).into()
}

fn place(place: &Place) -> Option<String> {
    let point = || place.point.map(|point| format!("{},{}", point.lat, point.lng));
    place.text.clone().or_else(point)
}
