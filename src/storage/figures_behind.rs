//! The tickets behind a number, whose phone rates often, and what keeps coming back.
//!
//! Everything is found by an index of a span of days; no question looks at tickets themselves.

use super::{
    StorageError, Store,
    error::failed,
    figure_rows::{self, bit},
    tickets,
};
use crate::{
    rates::{Counted, Figure, Fraction, Lead, Rate, Slice},
    ticket::{Ticket, TicketId, TicketNumber, Tier},
};
use chrono::NaiveDate;
use entities::figure_ticket as row;
use sea_orm::{
    ColumnTrait, Condition, EntityTrait, QueryFilter, QueryOrder, QuerySelect, QueryTrait,
    Statement,
    sea_query::{Alias, Expr, ExprTrait, LikeExpr, Query, SelectStatement},
};
use std::collections::BTreeSet;

/// So many rows are looked at in one go for the tickets behind a number.
const PAGE: u64 = 100;

/// Tickets of a part, by the days of their submission.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Span {
    /// From this day …
    pub from: NaiveDate,
    /// … to this one, both included.
    pub to: NaiveDate,
    /// Of this area and what lies below it, as it was then.
    pub area: Option<String>,
    /// Of this area, without what lies below it.
    pub place: Option<String>,
    /// Of these categories; empty is all.
    pub categories: BTreeSet<String>,
}

impl Span {
    /// Everything that was submitted on these days.
    pub fn of(from: NaiveDate, to: NaiveDate) -> Self {
        Self { from, to, area: None, place: None, categories: BTreeSet::new() }
    }
}

/// The tickets on one side of a figure.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Side {
    /// Of the denominator.
    Whole,
    /// Of the numerator.
    Part,
    /// Of the denominator for something that is not in the numerator.
    Rest,
}

/// A number, to find the tickets behind it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Behind {
    /// Among which tickets.
    pub span: Span,
    /// By what it is cut, and which part of that it is: none is what belongs to no part.
    pub part: Option<(Slice, Option<String>)>,
    /// Of which figure.
    pub figure: Figure,
    /// On which side.
    pub side: Side,
}

/// A place in a list of tickets: the day and the number of the last one that was seen.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct After {
    /// The day of its submission.
    pub day: NaiveDate,
    /// Its number.
    pub number: TicketNumber,
}

/// One ticket behind a number.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Found {
    /// Which.
    pub id: TicketId,
    /// Where it stands in the list.
    pub at: After,
}

/// The same matter in the same place, again and again.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Recurring {
    /// The code of the area it was reported in, the smallest one.
    pub area: String,
    /// The category's code.
    pub category: String,
    /// How often, copies included.
    pub times: u64,
}

impl Store {
    /// How many of the grades of a span come from phones that graded more than `most` results of
    /// one unit in it.
    pub async fn rated_often(&self, span: &Span, most: i64) -> Result<Fraction, StorageError> {
        let times = || Expr::col(Alias::new("times"));
        let often = Expr::case(times().gt(most), times()).finally(0);
        let question = Query::select()
            .expr(often.sum().cast_as(Alias::new("bigint")))
            .expr(times().sum().cast_as(Alias::new("bigint")))
            .from_subquery(by_phone(span), Alias::new("phones"))
            .to_owned();
        let doing = "count whose phone grades often";
        let found = sea_orm::ConnectionTrait::query_one(&self.conn, &question)
            .await
            .map_err(failed(doing))?;
        let Some(found) = found else { return Ok(Fraction::default()) };
        let read = |index| found.try_get_by_index::<Option<i64>>(index).map_err(failed(doing));
        let count = |sum: Option<i64>| u64::try_from(sum.unwrap_or(0)).unwrap_or(0);
        Ok(Fraction {
            numerator: count(read(0)?),
            denominator: count(read(1)?),
            ..Fraction::default()
        })
    }

    /// The tickets behind a number, the latest first, `limit` of them.
    pub async fn tickets_behind(
        &self,
        number: &Behind,
        after: Option<&After>,
        limit: usize,
    ) -> Result<Vec<Found>, StorageError> {
        let mut found: Vec<Found> = Vec::new();
        let mut after = after.cloned();
        // The index knows units and figures, but not which figure counts for which unit.
        loop {
            let rows = behind(number, after.as_ref())
                .all(&self.conn)
                .await
                .map_err(failed("find the tickets behind a number"))?;
            let is_last = (rows.len() as u64) < PAGE;
            for m in rows {
                let id = TicketId(m.ticket_id);
                let counted = figure_rows::counted(m)?;
                let at = After { day: counted.day, number: counted.number.clone() };
                after = Some(at.clone());
                let leads = |lead: &Lead| match &number.part {
                    Some((Slice::Unit, unit)) => lead.unit == *unit,
                    Some((Slice::Tier, tier)) => lead.tier.map(Tier::code) == tier.as_deref(),
                    _ => true,
                };
                if is_behind(&counted, number, leads) {
                    found.push(Found { id, at });
                    if found.len() == limit {
                        return Ok(found);
                    }
                }
            }
            if is_last {
                return Ok(found);
            }
        }
    }

    /// What was reported in one place and about one thing at least `least` times, the most often
    /// first.
    pub async fn recurring(
        &self,
        span: &Span,
        least: i64,
        limit: u64,
    ) -> Result<Vec<Recurring>, StorageError> {
        let found: Vec<(String, String, i64)> = recurring(span, least, limit)
            .into_tuple()
            .all(&self.conn)
            .await
            .map_err(failed("find what keeps coming back"))?;
        let recurring = |(area, category, times)| Recurring {
            area,
            category,
            times: u64::try_from(times).unwrap_or(0),
        };
        Ok(found.into_iter().map(recurring).collect())
    }

    /// These tickets, in any order.
    pub async fn tickets_shown(&self, ids: &[TicketId]) -> Result<Vec<Ticket>, StorageError> {
        tickets::of_ids(&self.conn, ids, "read the tickets of a list").await
    }
}

impl Store {
    /// The questions of this file as the database gets them: for a test that looks at how they
    /// are answered.
    #[doc(hidden)]
    pub fn figure_questions(&self, number: &Behind, after: &After) -> Vec<Statement> {
        let backend = self.conn.get_database_backend();
        vec![
            behind(number, Some(after)).build(backend),
            recurring(&number.span, 3, 20).build(backend),
            backend.build(&by_phone(&number.span)),
            row::Entity::find()
                .select_only()
                .column(row::Column::TicketId)
                .filter(row::Column::RecountAt.lte(chrono::DateTime::<chrono::Utc>::UNIX_EPOCH))
                .order_by_asc(row::Column::RecountAt)
                .build(backend),
        ]
    }
}

/// The tickets of a span.
fn within(span: &Span) -> Condition {
    let mut within = Condition::all()
        .add(row::Column::Day.gte(span.from.to_string()))
        .add(row::Column::Day.lte(span.to.to_string()));
    if let Some(area) = &span.area {
        within = within.add(contains(row::Column::AreaPath, area));
    }
    if let Some(place) = &span.place {
        within = within.add(row::Column::Area.eq(place));
    }
    if !span.categories.is_empty() {
        within = within.add(category().is_in(span.categories.iter().cloned()));
    }
    within
}

/// The category, as no index begins with it: one that does would be taken for all tickets that were
/// ever of that category, where those of some days are asked for.
fn category() -> Expr {
    Expr::cust("\"figure_ticket\".\"category\" || ''")
}

/// A list of `/code/code/` has this code.
pub(super) fn contains(column: row::Column, code: &str) -> Expr {
    let mut pattern = String::from("%/");
    for c in code.chars() {
        if matches!(c, '%' | '_' | '\\') {
            pattern.push('\\');
        }
        pattern.push(c);
    }
    pattern.push_str("/%");
    Expr::col(column).like(LikeExpr::new(pattern).escape('\\'))
}

/// Whether one ticket may stand on both sides: by two dispatches, results, grades or wishes.
fn counts_often(figure: Figure) -> bool {
    match figure {
        Figure::Rate(rate) => {
            matches!(rate, Rate::Signing | Rate::ReturnUpheld | Rate::ReturnOverruled)
        }
        Figure::Check(_) => true,
        Figure::Count(_) | Figure::Level(_) => false,
    }
}

fn is_behind(counted: &Counted, number: &Behind, leads: impl Fn(&Lead) -> bool) -> bool {
    counted.marks.iter().any(|mark| {
        let is_there = match number.side {
            Side::Whole => true,
            Side::Part => mark.counts,
            Side::Rest => !mark.counts,
        };
        mark.figure == number.figure && is_there && leads(&mark.lead)
    })
}

fn behind(number: &Behind, after: Option<&After>) -> sea_orm::Select<row::Entity> {
    let has = |sides: row::Column| Expr::col(sides).bit_and(bit(number.figure));
    let mut wanted = within(&number.span);
    wanted = match number.side {
        Side::Whole => wanted.add(has(row::Column::Counted).ne(0)),
        Side::Part => wanted.add(has(row::Column::Counting).ne(0)),
        Side::Rest if counts_often(number.figure) => wanted.add(has(row::Column::Counted).ne(0)),
        Side::Rest => {
            wanted.add(has(row::Column::Counted).ne(0)).add(has(row::Column::Counting).eq(0))
        }
    };
    wanted = match &number.part {
        Some((Slice::Category, category)) => {
            wanted.add(self::category().eq(category.as_deref().unwrap_or("")))
        }
        Some((Slice::Channel, channel)) => {
            wanted.add(row::Column::Channel.eq(channel.as_deref().unwrap_or("")))
        }
        Some((Slice::Unit, Some(unit))) => wanted.add(contains(row::Column::Units, unit)),
        // Whoever led is told by the marks.
        None | Some((Slice::All | Slice::Tier, _) | (Slice::Unit, None)) => wanted,
    };
    if let Some(After { day, number }) = after {
        let same_day = Condition::all()
            .add(row::Column::Day.eq(day.to_string()))
            .add(row::Column::Number.lt(number.as_str()));
        // Twice, so that the index is entered where the last page ended.
        wanted = wanted
            .add(row::Column::Day.lte(day.to_string()))
            .add(Condition::any().add(row::Column::Day.lt(day.to_string())).add(same_day));
    }
    row::Entity::find()
        .filter(wanted)
        .order_by_desc(row::Column::Day)
        .order_by_desc(row::Column::Number)
        .limit(PAGE)
}

fn recurring(span: &Span, least: i64, limit: u64) -> sea_orm::Select<row::Entity> {
    row::Entity::find()
        .select_only()
        .columns([row::Column::Area, row::Column::Category])
        .column_as(row::Column::Number.count(), "times")
        .filter(within(span))
        .filter(row::Column::Area.is_not_null())
        .group_by(row::Column::Area)
        .group_by(row::Column::Category)
        .having(row::Column::Number.count().gte(least))
        .order_by_desc(row::Column::Number.count())
        .order_by_asc(row::Column::Area)
        .order_by_asc(row::Column::Category)
        .limit(limit)
}

/// How many results of a unit each phone graded.
fn by_phone(span: &Span) -> SelectStatement {
    row::Entity::find()
        .select_only()
        .column_as(row::Column::Number.count(), "times")
        .filter(within(span))
        .filter(row::Column::RatedUnit.is_not_null())
        .group_by(row::Column::RatedUnit)
        .group_by(row::Column::RatedBy)
        .into_query()
}
