//! `export`: writes out what is kept, in little memory however much it is.
//!
//! Standard output holds the lines and nothing else. What tells who a resident is, is left out
//! and masked in texts, unless it is asked for. `docs/figures.md` explains the columns.

mod book;
mod events;
mod lines;
mod rates;
mod ratings;
mod tickets;

use super::{Verdict, opening, output};
use crate::{
    calendar::{begin_of, in_beijing},
    config::Database,
    county::{County, words},
    storage::Store,
    ticket::{Ticket, event::Event},
};
use chrono::{DateTime, NaiveDate, NaiveDateTime, NaiveTime, SecondsFormat, Utc};
use clap::{Args, Subcommand};
use lines::Format;
use serde_json::Value;
use std::path::PathBuf;

/// One page of the database at a time.
const PAGE: u64 = 500;

#[derive(Debug, Subcommand)]
pub(super) enum Export {
    /// Tickets as they stand, one a line, the oldest first.
    Tickets(tickets::Tickets),
    /// What happened to tickets, one entry of a history a line.
    Events(events::Events),
    /// Grades, one a line.
    Ratings(ratings::Ratings),
    /// Rates and what stands beside them, computed from what happened.
    Rates(rates::Rates),
}

/// Which tickets, and where the lines go.
#[derive(Debug, Args)]
struct Span {
    /// csv and xlsx for spreadsheets, jsonl for programs.
    #[arg(long, value_enum)]
    format: Format,
    /// Submitted on this day in Beijing or later, like 2026-03-01.
    #[arg(long, value_name = "DATE")]
    from: Option<NaiveDate>,
    /// Submitted on this day in Beijing or earlier.
    #[arg(long, value_name = "DATE")]
    to: Option<NaiveDate>,
    /// Of this area and everything below it, as it was when they were submitted.
    #[arg(long, value_name = "CODE")]
    area: Option<String>,
    /// Write to this file, which only you may read, instead of standard output.
    #[arg(short = 'o', long = "output", value_name = "FILE")]
    output: Option<PathBuf>,
}

impl Export {
    pub(super) async fn run(self, database: &Database) -> anyhow::Result<Verdict> {
        let store = opening::ready(database).await?;
        let written = match self {
            Self::Tickets(tickets) => tickets.write(&store).await,
            Self::Events(events) => events.write(&store).await,
            Self::Ratings(ratings) => ratings.write(&store).await,
            Self::Rates(rates) => rates.write(&store).await,
        };
        match written {
            Err(error) if !output::is_closed(&error) => Err(error),
            Ok(()) | Err(_) => Ok(Verdict::Done),
        }
    }
}

impl Span {
    fn begin(&self) -> Option<DateTime<Utc>> {
        self.from.map(begin_of)
    }

    fn end(&self) -> Option<DateTime<Utc>> {
        // The day itself belongs to it.
        self.to.and_then(|day| day.succ_opt()).map(begin_of)
    }

    /// Every ticket with what happened to it, page after page.
    async fn each(
        &self,
        store: &Store,
        mut tell: impl FnMut(&Ticket, &[Event]) -> anyhow::Result<()>,
    ) -> anyhow::Result<()> {
        let (from, until, area) = (self.begin(), self.end(), self.area.as_deref());
        let mut after = None;
        loop {
            let page = store.stories_between(from, until, area, after, PAGE).await?;
            let Some((last, _)) = page.last() else { return Ok(()) };
            after = Some((last.submitted_at, last.id));
            for (ticket, events) in &page {
                tell(ticket, events)?;
            }
        }
    }
}

/// The county, if one is loaded: a report of none has codes without names.
async fn county(store: &Store) -> anyhow::Result<Option<County>> {
    Ok(store.county().await?.map(|(_, county)| county))
}

fn time(at: DateTime<Utc>) -> Value {
    in_beijing(at).to_rfc3339_opts(SecondsFormat::Secs, false).into()
}

/// Reads a moment: with its distance from Greenwich, or as a clock in Beijing shows it.
fn moment(text: &str) -> Result<DateTime<Utc>, String> {
    if let Ok(moment) = DateTime::parse_from_rfc3339(text) {
        return Ok(moment.to_utc());
    }
    let forms = ["%Y-%m-%d %H:%M", "%Y-%m-%dT%H:%M", "%Y-%m-%d %H:%M:%S", "%Y-%m-%dT%H:%M:%S"];
    let local = forms.iter().find_map(|form| NaiveDateTime::parse_from_str(text, form).ok());
    let local = local.ok_or("a moment is written 2026-04-01T00:00 or 2026-04-01T00:00:00+08:00")?;
    Ok(begin_of(local.date()) + (local.time() - NaiveTime::MIN))
}

/// What a resident or a member wrote, without private numbers unless they are asked for.
fn shown(text: &str, with_contacts: bool) -> String {
    if with_contacts { text.to_owned() } else { words::masked(text).text }
}
