//! The lamp board: how it stands, in one sentence and in big lamps, then by township and by unit.
//!
//! Every number leads to the tickets behind it. A township's operator sees their own township's.
//!
//! Deliberately absent: what a lamp means, which is the ticket's own.

mod list;
mod supervise;

use super::{Desk, Stop, words};
use crate::{
    access::Permission,
    calendar::{begin_of, date_of},
    county::AreaCode,
    storage::LampCount,
};
use actix_web::{
    HttpResponse,
    web::{Query, ServiceConfig, get, post, resource},
};
use chrono::{DateTime, TimeDelta, Utc};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// After so many working days without a hand on it a ticket is told.
const USUAL_DAYS: u32 = 3;
const MOST_DAYS: u32 = 20;
/// So many owed answers stand on the board itself.
const OWED_SHOWN: u64 = 10;

pub(super) fn routes(config: &mut ServiceConfig) {
    config
        .service(resource("/lamps").route(get().to(board)))
        .service(resource("/lamps/tickets").route(get().to(list::list)))
        .service(resource("/lamps/supervise").route(post().to(supervise::supervise)));
}

#[derive(Debug, Deserialize)]
pub(super) struct Asked {
    /// Working days after which a ticket that nobody touched is told.
    #[serde(default)]
    days: Option<u32>,
}

#[derive(Serialize)]
struct Board {
    sentence: String,
    all: Line,
    tables: Vec<Table>,
    owed: Vec<list::Line>,
    absent: Vec<Absent>,
    days: u32,
}

#[derive(Serialize)]
struct Table {
    caption: &'static str,
    first: &'static str,
    lines: Vec<Line>,
}

/// A unit, a township or all of it.
#[derive(Debug, Clone, Serialize, Default)]
struct Line {
    name: String,
    /// What leads to its tickets, as part of an address; empty where it is all of them.
    within: String,
    live: i64,
    green: i64,
    yellow: i64,
    red: i64,
    owed: i64,
    escalated: i64,
    untouched: i64,
    /// How long the one that is late longest is late.
    longest: Option<String>,
    #[serde(skip)]
    first_late: Option<DateTime<Utc>>,
}

#[derive(Serialize)]
struct Absent {
    id: uuid::Uuid,
    name: String,
    why: &'static str,
    tickets: u64,
}

impl Line {
    fn add(&mut self, count: &LampCount, now: DateTime<Utc>) {
        self.live += count.live;
        self.yellow += count.yellow;
        self.red += count.red;
        self.green = self.live - self.yellow - self.red;
        self.owed += count.owed;
        self.escalated += count.escalated;
        self.untouched += count.untouched;
        let late = count.first_late.filter(|late| *late < now);
        self.first_late = self.first_late.into_iter().chain(late).min();
        self.longest = self.first_late.map(|late| words::how_long(now - late));
    }
}

async fn board(desk: Desk, asked: Query<Asked>) -> Result<HttpResponse, Stop> {
    desk.needs(Permission::Look)?;
    let days = asked.days.unwrap_or(USUAL_DAYS).clamp(1, MOST_DAYS);
    let (store, sight) = (&desk.app.store, desk.sight());
    let since = untouched_since(&desk, days);
    let counts = store.lamp_board(&sight, desk.now, since).await;
    let counts = counts.map_err(|error| desk.broken(&error))?;
    let absent = store.absent_owners(&sight, date_of(desk.now)).await;
    let absent = absent.map_err(|error| desk.broken(&error))?;
    let owed = list::owed(&desk, OWED_SHOWN).await?;
    let mut all = Line { name: "合计".to_owned(), ..Line::default() };
    for count in &counts {
        all.add(count, desk.now);
    }
    let areas = Table {
        caption: "按乡镇",
        first: "乡镇",
        lines: lines(
            &desk,
            &counts,
            "area",
            |count| &count.township,
            |code| desk.county.area(&AreaCode::from(code)).map(|area| area.name.clone()),
        ),
    };
    let units = Table {
        caption: "按单位",
        first: "单位",
        lines: lines(
            &desk,
            &counts,
            "unit",
            |count| &count.unit,
            |code| desk.county.unit(code).map(|unit| unit.name.clone()),
        ),
    };
    let absent = absent.into_iter().map(|owner| Absent {
        id: owner.member.0,
        name: owner.name,
        why: if owner.gone { "已不在岗" } else { "请假" },
        tickets: owner.tickets,
    });
    let absent = absent.collect();
    let content =
        Board { sentence: sentence(&all), all, tables: vec![areas, units], owed, absent, days };
    desk.page("lamps/board.html", "lamps", "督办", content)
}

/// How it stands, for somebody who reads nothing else.
fn sentence(all: &Line) -> String {
    match all {
        Line { live: 0, .. } => "现在没有在办的诉求。".to_owned(),
        Line { live, red: 0, yellow: 0, .. } => format!("在办 {live} 件，都没有超期。"),
        Line { live, red: 0, yellow, .. } => {
            format!("在办 {live} 件，没有超期的，{yellow} 件快到期。")
        }
        Line { live, red, longest, .. } => {
            let longest = longest.as_deref().unwrap_or_default();
            format!("在办 {live} 件，{red} 件已经超期，最久的超了{longest}。")
        }
    }
}

/// The lines of a table, the reddest first.
fn lines<'a>(
    desk: &Desk,
    counts: &'a [LampCount],
    parameter: &str,
    key: impl Fn(&'a LampCount) -> &'a Option<String>,
    name: impl Fn(&str) -> Option<String>,
) -> Vec<Line> {
    let mut lines: BTreeMap<&Option<String>, Line> = BTreeMap::new();
    for count in counts {
        let key = key(count);
        let line = lines.entry(key).or_insert_with(|| {
            let nowhere =
                if parameter == "unit" { "没有派到单位" } else { "没有定位到乡镇" };
            let code = key.as_deref();
            let named = code.map(|code| name(code).unwrap_or_else(|| code.to_owned()));
            let within = url::form_urlencoded::Serializer::new(String::new())
                .append_pair(parameter, code.unwrap_or(list::NONE))
                .finish();
            Line {
                name: named.unwrap_or_else(|| nowhere.to_owned()),
                within: format!("&{within}"),
                ..Line::default()
            }
        });
        line.add(count, desk.now);
    }
    let mut lines: Vec<Line> = lines.into_values().collect();
    lines.sort_by_key(|line| std::cmp::Reverse((line.red, line.yellow, line.live)));
    lines
}

/// The moment since which so many whole working days have passed.
fn untouched_since(desk: &Desk, days: u32) -> DateTime<Utc> {
    /// Beyond the longest holidays.
    const FARTHEST: u32 = 120;
    let calendar = desk.county.calendar();
    let (mut day, mut left) = (date_of(desk.now), days);
    for _ in 0..FARTHEST {
        if left == 0 {
            break;
        }
        let Some(before) = day.checked_sub_signed(TimeDelta::days(1)) else { break };
        day = before;
        if calendar.is_working_day(day) {
            left -= 1;
        }
    }
    begin_of(day)
}
