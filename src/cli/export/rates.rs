//! `export rates`: the figures of reports, and the tickets behind each.

use super::{
    Span, county,
    lines::{Format, Lines, Record},
    moment, time,
};
use crate::{
    clock::{Clock, SystemClock},
    county::{AreaCode, County},
    rates::{By, Expected, Figure, Kind, Story, Subject, Table, Tally, Tickets},
    storage::Store,
    ticket::TicketNumber,
};
use chrono::{DateTime, Utc};
use clap::{Args, ValueEnum};
use serde_json::Value;

#[derive(Debug, Args)]
pub(in crate::cli) struct Rates {
    #[command(flatten)]
    span: Span,
    /// As it was at this moment, like 2026-04-01T00:00 in Beijing; now, if it is not given.
    #[arg(long, value_name = "DATETIME", value_parser = moment)]
    at: Option<DateTime<Utc>>,
    /// Besides the whole, for each of these.
    #[arg(long, value_enum)]
    by: Option<Parts>,
    /// Also the numbers of the tickets of every numerator and denominator.
    #[arg(long)]
    lists: bool,
}

#[derive(Debug, Clone, Copy, ValueEnum)]
enum Parts {
    Area,
    Unit,
    Category,
    Channel,
    Tier,
    Day,
}

impl Parts {
    fn by(self) -> By {
        match self {
            Self::Area => By::Area,
            Self::Unit => By::Unit,
            Self::Category => By::Category,
            Self::Channel => By::Channel,
            Self::Tier => By::Tier,
            Self::Day => By::Day,
        }
    }
}

/// The keys of a line, in this order.
const KEYS: [&str; 12] = [
    "at",
    "from",
    "to",
    "area",
    "by",
    "part",
    "name",
    "kind",
    "code",
    "numerator",
    "denominator",
    "percent",
];
/// The further keys where lists are asked for.
const LIST_KEYS: [&str; 2] = ["numerator_tickets", "denominator_tickets"];
/// The second sheet of a workbook, whose cells are too small for lists.
const SHEET_KEYS: [&str; 5] = ["by", "part", "code", "number", "counts"];
/// What stands in a workbook where there is nothing to have a share of.
const NONE: &str = "—";

impl Rates {
    pub(super) async fn write(&self, store: &Store) -> anyhow::Result<()> {
        let at = self.at.unwrap_or_else(|| SystemClock.now());
        let county = county(store).await?;
        let phones = store.phones_of_members().await?;
        let categories = county.iter().flat_map(County::categories);
        let expected = Expected::of(
            categories.map(|category| (&*category.code, category.needs_photo, category.is_long)),
        );
        let mut table = Table::new(self.by.map(Parts::by), self.lists);
        self.span
            .each(store, |ticket, events| {
                let subject = Subject::of(ticket, phones.contains(&ticket.reporter));
                if let Some(story) = Story::of(subject, events, at) {
                    table.add(&story, &expected);
                }
                Ok(())
            })
            .await?;
        self.tell(&table, county.as_ref(), at)
    }

    fn tell(
        &self,
        table: &Table,
        county: Option<&County>,
        at: DateTime<Utc>,
    ) -> anyhow::Result<()> {
        let span = &self.span;
        let in_cells = self.lists && span.format != Format::Xlsx;
        let lists: &[&str] = if in_cells { &LIST_KEYS } else { &[] };
        let keys: Vec<&'static str> = KEYS.iter().chain(lists).copied().collect();
        let mut lines = Lines::begin(span.format, span.output.as_deref(), "rates", &keys)?;
        for part in self.parts(table, county) {
            for figure in Figure::all() {
                lines.write(&self.record(&part, figure, at, in_cells))?;
            }
        }
        if self.lists
            && let Lines::Xlsx(book) = &mut lines
        {
            book.next("lists", &SHEET_KEYS)?;
            for part in self.parts(table, county) {
                for figure in Figure::all() {
                    for record in listed(&part, figure) {
                        book.write(&record)?;
                    }
                }
            }
        }
        lines.end()
    }

    fn parts<'a>(&self, table: &'a Table, county: Option<&County>) -> Vec<Part<'a>> {
        let whole = Part { by: "all", code: None, name: None, tally: table.total() };
        let by = self.by.map(Parts::by);
        let parts = table.parts().iter().filter_map(|(code, tally)| {
            let code = code.as_deref();
            let by = by?;
            let name = code.zip(county).and_then(|(code, county)| named(county, by, code));
            Some(Part { by: by.code(), code, name, tally })
        });
        std::iter::once(whole).chain(parts).collect()
    }

    fn record(&self, part: &Part<'_>, figure: Figure, at: DateTime<Utc>, in_cells: bool) -> Record {
        let fraction = part.tally.get(figure);
        let is_count = figure.kind() == Kind::Count;
        let nothing = if self.span.format == Format::Xlsx { NONE.into() } else { Value::Null };
        let percent = match fraction.percent() {
            _ if is_count => Value::Null,
            Some(percent) => tenths(percent.tenths()),
            None => nothing,
        };
        let denominator = if is_count { Value::Null } else { fraction.denominator.into() };
        let day = |day: Option<chrono::NaiveDate>| Value::from(day.map(|day| day.to_string()));
        let values: [Value; KEYS.len()] = [
            time(at),
            day(self.span.from),
            day(self.span.to),
            self.span.area.as_deref().into(),
            part.by.into(),
            part.code.into(),
            part.name.as_deref().into(),
            figure.kind().code().into(),
            figure.code().into(),
            fraction.numerator.into(),
            denominator,
            percent,
        ];
        let mut record: Vec<(&'static str, Value)> = KEYS.into_iter().zip(values).collect();
        if in_cells {
            let Tickets { numerator, denominator } = &fraction.tickets;
            let lists = [numbers(numerator), numbers(denominator)];
            record.extend(LIST_KEYS.into_iter().zip(lists));
        }
        Record(record)
    }
}

/// Everything, or a part of it.
struct Part<'a> {
    by: &'static str,
    code: Option<&'a str>,
    name: Option<String>,
    tally: &'a Tally,
}

/// Tenths of a percent as a number with one decimal.
fn tenths(tenths: u64) -> Value {
    u32::try_from(tenths).map_or(Value::Null, |tenths| (f64::from(tenths) / 10.0).into())
}

fn numbers(tickets: &[TicketNumber]) -> Value {
    tickets.iter().map(TicketNumber::as_str).collect()
}

/// What people call the part of this code.
fn named(county: &County, by: By, code: &str) -> Option<String> {
    match by {
        By::Area => county.area(&AreaCode(code.to_owned())).map(|area| area.name.clone()),
        By::Unit => county.unit(code).map(|unit| unit.name.clone()),
        By::Category => county.category(code).map(|category| category.name.clone()),
        By::Channel | By::Tier | By::Day => None,
    }
}

/// A row for each ticket of the denominator. What stands there twice, by two dispatches, stands
/// in two rows, and as many of them count as stand in the numerator.
fn listed(part: &Part<'_>, figure: Figure) -> Vec<Vec<(&'static str, Value)>> {
    let Tickets { numerator, denominator } = part.tally.get(figure).tickets;
    let mut counting = numerator.into_iter().peekable();
    let row = |number: TicketNumber| {
        let counts = counting.next_if_eq(&number).is_some();
        let values: [Value; SHEET_KEYS.len()] = [
            part.by.into(),
            part.code.into(),
            figure.code().into(),
            number.as_str().into(),
            counts.into(),
        ];
        SHEET_KEYS.into_iter().zip(values).collect()
    };
    denominator.into_iter().map(row).collect()
}
