//! The page that one looks at: four numbers, how they were before, and pictures of what they are
//! made of.

use super::{
    Desk, Stop,
    accounts::{self, OfAccount},
    asked::{Asked, Link, Looked},
    charts::{self, Chart, Series},
    naming,
    rows::{Linking, Number, Row, by_size},
    tiles::{Tile, tiles},
};
use crate::{
    calendar::date_of,
    county::AreaCode,
    figures::{
        overview::{self, Followed, Overview, Parts},
        stretch::{Kind, Stretch},
    },
    rates::{Count, Figure, Slice, Tally},
};
use actix_web::{HttpResponse, web::Query};
use serde::Serialize;
use std::collections::BTreeMap;

/// So many categories have a column in the map of areas.
const COLUMNS: usize = 8;
/// Shades of the map, from nothing to the most.
const SHADES: u64 = 5;

#[derive(Serialize)]
struct Dashboard {
    words: String,
    place: String,
    way: Vec<Link>,
    below: Vec<Link>,
    kinds: Vec<Link>,
    before: Link,
    after: Option<Link>,
    report: String,
    is_running: bool,
    /// So many tickets wait to be counted; a word about it where it is many.
    uncounted: u64,
    is_limited: bool,
    tiles: Vec<Tile>,
    tables: Vec<Table>,
    trend: Table,
    heat: Option<Heat>,
    followed: Vec<FollowedRow>,
    accounts: Vec<accounts::Line>,
    all_accounts: String,
    recurring: Vec<Again>,
    recurring_month: String,
    charts: Vec<Chart>,
}

#[derive(Serialize)]
struct Table {
    id: &'static str,
    heading: &'static str,
    first: &'static str,
    rows: Vec<Row>,
}

#[derive(Serialize)]
struct Heat {
    columns: Vec<String>,
    rows: Vec<HeatRow>,
}

#[derive(Serialize)]
struct HeatRow {
    name: String,
    href: String,
    cells: Vec<HeatCell>,
}

#[derive(Serialize)]
struct HeatCell {
    number: Number,
    shade: u64,
}

#[derive(Serialize)]
struct FollowedRow {
    name: String,
    came: i64,
    left: i64,
    more: i64,
}

#[derive(Serialize)]
struct Again {
    place: String,
    category: String,
    times: Number,
}

pub(super) async fn page(
    desk: Desk,
    asked: Query<Asked>,
    account: Query<OfAccount>,
) -> Result<HttpResponse, Stop> {
    let looked = Looked::of(&desk, &asked)?;
    let (app, today) = (&desk.app, date_of(desk.now));
    let found = overview::overview(app, &desk.county, &looked.whose, looked.stretch, today).await;
    let found = found.map_err(|error| desk.broken(&error))?;
    let (accounts, followed) = accounts::of(&desk, &looked, &account).await?;
    let uncounted = app.store.uncounted_tickets(1000).await.map_err(|e| desk.broken(&e))?;
    let stretch = looked.stretch;
    let mut charts = Vec::new();
    let trend = trend(&looked, &found, today);
    charts.extend(charts::lines("trend", &trend.rows));
    let tables = tables(&desk, &looked, &found);
    charts.extend(tables.iter().filter_map(|table| charts::bars(table.id, &table.rows)));
    let followed = followed_rows(followed);
    charts.extend(followed_chart(&followed));
    let content = Dashboard {
        words: stretch.words(),
        place: looked.place(&desk),
        way: looked.way(&desk),
        below: below(&desk, &looked),
        kinds: kinds(&looked, today),
        before: link(&looked, stretch.before(), false),
        after: (stretch.after().first() <= today).then(|| link(&looked, stretch.after(), false)),
        report: looked.address("/report", &[]),
        is_running: (stretch.first()..=stretch.last()).contains(&today),
        uncounted: if uncounted < 50 { 0 } else { uncounted },
        is_limited: !looked.whose.categories.is_empty(),
        tiles: tiles(&looked, &found),
        heat: heat(&desk, &looked, &found),
        recurring: again(&desk, &looked, &found),
        recurring_month: found.month.words(),
        tables,
        trend,
        followed,
        all_accounts: looked.address("", &[]),
        accounts,
        charts,
    };
    desk.page("figures/dashboard.html", "figures", "统计", content)
}

fn link(looked: &Looked, stretch: Stretch, is_here: bool) -> Link {
    Link { words: stretch.words(), href: looked.at(stretch).address("", &[]), is_here }
}

fn kinds(looked: &Looked, today: chrono::NaiveDate) -> Vec<Link> {
    let words = |kind| match kind {
        Kind::Month => "按月",
        Kind::Quarter => "按季",
        Kind::Year => "按年",
    };
    let of = |kind: Kind| {
        let day = looked.stretch.last().min(today).max(looked.stretch.first());
        let other = Stretch::of(day, kind);
        Link {
            words: words(kind).to_owned(),
            href: looked.at(other).address("", &[]),
            is_here: kind == looked.stretch.kind(),
        }
    };
    Kind::ALL.map(of).to_vec()
}

fn below(desk: &Desk, looked: &Looked) -> Vec<Link> {
    let areas = overview::below(&desk.county, &looked.whose);
    let link = |code: String| Link {
        words: naming::area(&desk.county, &code),
        href: looked.of_area(&code).address("", &[]),
        is_here: false,
    };
    areas.into_iter().map(link).collect()
}

fn trend(looked: &Looked, found: &Overview, today: chrono::NaiveDate) -> Table {
    let names: Vec<(String, Stretch, String)> = match looked.stretch.kind() {
        Kind::Month => {
            let days = looked.stretch.days().into_iter().filter(|day| *day <= today);
            let name = |day: chrono::NaiveDate| {
                (day.to_string(), looked.stretch, day.format("%-m月%-d日").to_string())
            };
            days.map(name).collect()
        }
        Kind::Quarter | Kind::Year => {
            let months = looked.stretch.months();
            let month = |period: &crate::rates::Period| {
                let month = Stretch::read(period.as_str())?;
                Some((period.to_string(), month, month.words()))
            };
            let begun = |(_, month, _): &(String, Stretch, String)| month.first() <= today;
            months.iter().filter_map(month).filter(begun).collect()
        }
    };
    let is_months = looked.stretch.kind() != Kind::Month;
    let nothing = Tally::default();
    let row = |(key, stretch, name): (String, Stretch, String)| {
        let tally = found.trend.get(&key).unwrap_or(&nothing);
        let there = looked.at(stretch);
        let href = is_months.then(|| there.address("", &[]));
        let mut row = Linking { looked: &there, part: None }.row(name, href, tally);
        if !is_months {
            on_day(&mut row, &key);
        }
        row
    };
    Table {
        id: "trend",
        heading: "收到和办结的走势",
        first: "日期",
        rows: names.into_iter().map(row).collect(),
    }
}

/// A day's numbers lead to that day's tickets.
fn on_day(row: &mut Row, day: &str) {
    let shares = [&mut row.completion, &mut row.on_time, &mut row.satisfaction];
    let sides = shares.into_iter().flat_map(|share| [&mut share.part, &mut share.whole]);
    let numbers = [&mut row.received, &mut row.accepted, &mut row.completed];
    for number in numbers.into_iter().chain(sides) {
        if let Some(href) = &mut number.href {
            href.push_str("&day=");
            href.push_str(day);
        }
    }
}

fn tables(desk: &Desk, looked: &Looked, found: &Overview) -> Vec<Table> {
    let county = &desk.county;
    let parts = |by: Slice, parts: &Parts| -> Vec<Row> {
        let row = |(code, tally): (&str, &Tally)| {
            let linking = Linking { looked, part: Some((by, code)) };
            linking.row(naming::part(county, by, code), None, tally)
        };
        by_size(parts).into_iter().map(row).collect()
    };
    let areas = by_size(&found.areas).into_iter().map(|(code, tally)| {
        let there = looked.of_area(code);
        let has_more = county.children(&AreaCode(code.to_owned())).next().is_some();
        let href = has_more.then(|| there.address("", &[]));
        Linking { looked: &there, part: None }.row(naming::area(county, code), href, tally)
    });
    let table = |id, heading, first, rows| Table { id, heading, first, rows };
    let tables = [
        table("areas", "各地", "地方", areas.collect()),
        table("categories", "各类诉求", "类别", parts(Slice::Category, &found.categories)),
        table("units", "各办理单位", "单位", parts(Slice::Unit, &found.units)),
        table("channels", "诉求从哪里来", "途径", parts(Slice::Channel, &found.channels)),
    ];
    tables.into_iter().filter(|table| !table.rows.is_empty()).collect()
}

/// The map: areas by their greatest categories, shaded by how much was received.
fn heat(desk: &Desk, looked: &Looked, found: &Overview) -> Option<Heat> {
    if found.heat.is_empty() {
        return None;
    }
    let received = |tally: &Tally| tally.get(Figure::Count(Count::Received)).numerator;
    let columns: Vec<&str> =
        by_size(&found.categories).into_iter().take(COLUMNS).map(|(code, _)| code).collect();
    let most = found.heat.values().map(received).max().unwrap_or(0).max(1);
    let rows = by_size(&found.areas).into_iter().map(|(area, _)| {
        let there = looked.of_area(area);
        let cell = |category: &&str| {
            let key = (area.to_owned(), (*category).to_owned());
            let tally = found.heat.get(&key).cloned().unwrap_or_default();
            let part = Some((Slice::Category, *category));
            let number = Linking { looked: &there, part }.count(&tally, Count::Received);
            // Anything at all has a shade of its own.
            let shade = (number.value * SHADES).div_ceil(most);
            HeatCell { number, shade }
        };
        HeatRow {
            name: naming::area(&desk.county, area),
            href: there.address("", &[]),
            cells: columns.iter().map(cell).collect(),
        }
    });
    let rows = rows.collect();
    let name = |code: &&str| naming::part(&desk.county, Slice::Category, code);
    Some(Heat { columns: columns.iter().map(name).collect(), rows })
}

fn again(desk: &Desk, looked: &Looked, found: &Overview) -> Vec<Again> {
    let there = looked.at(found.month);
    let one = |recurring: &crate::storage::Recurring| {
        let more = [
            ("figure", "received"),
            ("side", "part"),
            ("by", "category"),
            ("part", recurring.category.as_str()),
            ("place", recurring.area.as_str()),
        ];
        Again {
            place: desk.county.spoken_path(&AreaCode(recurring.area.clone())),
            category: naming::part(&desk.county, Slice::Category, &recurring.category),
            times: Number { value: recurring.times, href: Some(there.address("/tickets", &more)) },
        }
    };
    found.recurring.iter().map(one).collect()
}

fn followed_rows(followed: BTreeMap<String, Followed>) -> Vec<FollowedRow> {
    let row = |(key, Followed { came, left }): (String, Followed)| {
        let day = key.parse::<chrono::NaiveDate>().ok();
        let month = || Stretch::read(&key).map(Stretch::words);
        let name = day.map(|day| day.format("%-m月%-d日").to_string()).or_else(month);
        FollowedRow { name: name.unwrap_or(key.clone()), came, left, more: came - left }
    };
    followed.into_iter().map(row).collect()
}

fn followed_chart(rows: &[FollowedRow]) -> Option<Chart> {
    (rows.len() > 1).then(|| Chart {
        id: "followed",
        kind: "line",
        labels: rows.iter().map(|row| row.name.clone()).collect(),
        links: vec![None; rows.len()],
        series: vec![
            Series::of("新关注", rows.iter().map(|row| row.came).collect()),
            Series::of("取消关注", rows.iter().map(|row| row.left).collect()),
        ],
    })
}
