//! All tickets by the month in which they came in, live or ended: a month at a time, because
//! whoever looks for an old one knows when it was, and because no list walks through years.

use super::{
    super::{Desk, Stop},
    choice::{self, Choice, Choices},
    row::Row,
};
use crate::{
    access::Permission,
    calendar::{begin_of, date_of},
    storage::{Months, Sight},
};
use actix_web::{HttpResponse, web::Query};
use chrono::{Datelike, NaiveDate};
use serde::Serialize;

#[derive(Serialize)]
struct Shown<'a> {
    /// `2026-03`, as the form has it.
    month: String,
    words: String,
    /// The queries of the months beside it.
    before: Option<String>,
    after: Option<String>,
    rows: Vec<Row>,
    choices: Choices<'a>,
    next: Option<String>,
    is_first: bool,
}

pub(super) async fn months(desk: Desk, choice: Query<Choice>) -> Result<HttpResponse, Stop> {
    desk.needs(Permission::Look)?;
    let (store, county, now) = (&desk.app.store, &*desk.county, desk.now);
    let today = first_of(date_of(now));
    let first = NaiveDate::parse_from_str(&format!("{}-01", choice.month), "%Y-%m-%d");
    let first = first.ok().filter(|day| (2000..3000).contains(&day.year())).unwrap_or(today);
    let (before, after) = (beside(first, -1), beside(first, 1));
    let months = Months { from: begin_of(first), until: begin_of(after) };
    let sight = Sight::of(desk.operator(), county);
    let found = store.submitted_page(county, &sight, months, &choice.wanted(), choice.page()).await;
    let listing = found.map_err(|e| desk.broken(&e))?;
    let of = |day: NaiveDate| {
        Choice { month: day.format("%Y-%m").to_string(), ..choice.0.clone() }.query("")
    };
    let query = of(first);
    let content = Shown {
        month: first.format("%Y-%m").to_string(),
        words: first.format("%Y年%-m月").to_string(),
        before: Some(of(before)),
        after: (after <= today).then(|| of(after)),
        rows: listing.tickets.iter().map(|ticket| Row::of(ticket, county, now)).collect(),
        choices: Choices::of(&desk, &choice),
        next: listing.next.map(|mark| format!("{query}&after={}", choice::written(&mark))),
        is_first: choice.after().is_none(),
    };
    desk.page("queues/months.html", "queues", "按月查看", content)
}

fn first_of(day: NaiveDate) -> NaiveDate {
    day.with_day(1).unwrap_or(day)
}

/// The first day of the month so many months on.
fn beside(first: NaiveDate, months: i32) -> NaiveDate {
    let month = chrono::Months::new(months.unsigned_abs());
    let there =
        if months < 0 { first.checked_sub_months(month) } else { first.checked_add_months(month) };
    there.unwrap_or(first)
}
