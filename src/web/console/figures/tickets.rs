//! The tickets behind a number, the latest first.

use super::{
    super::words,
    Desk, Stop,
    asked::{Asked, Link, Looked},
    naming,
    rows::{side, side_code},
    stop::Why,
};
use crate::{
    county::AreaCode,
    rates::{Figure, Slice},
    storage::{After, Behind, Side, Span},
    ticket::{Ticket, TicketId, TicketNumber},
};
use actix_web::{HttpResponse, web::Query};
use chrono::NaiveDate;
use serde::{Deserialize, Serialize};
use std::collections::HashMap;

/// Lines on a page.
const LINES: usize = 50;
/// So much of what was said stands in a line.
const GIST: usize = 40;

#[derive(Debug, Deserialize)]
pub(super) struct Wanted {
    #[serde(default)]
    period: String,
    #[serde(default)]
    area: String,
    figure: String,
    #[serde(default)]
    side: String,
    #[serde(default)]
    by: String,
    #[serde(default)]
    part: String,
    #[serde(default)]
    place: String,
    #[serde(default)]
    day: String,
    #[serde(default)]
    after: String,
}

#[derive(Serialize)]
struct List {
    heading: String,
    about: Vec<String>,
    sides: Vec<Link>,
    lines: Vec<Line>,
    back: String,
    next: Option<String>,
}

#[derive(Serialize)]
struct Line {
    number: String,
    href: Option<String>,
    day: String,
    category: String,
    place: String,
    gist: String,
    stage: &'static str,
}

pub(super) async fn page(desk: Desk, wanted: Query<Wanted>) -> Result<HttpResponse, Stop> {
    let asked = Asked::of(&wanted.period, &wanted.area);
    let looked = Looked::of(&desk, &asked)?;
    let number = behind(&desk, &looked, &wanted)?;
    let after = after(&wanted.after);
    let store = &desk.app.store;
    let found = store.tickets_behind(&number, after.as_ref(), LINES + 1).await;
    let mut found = found.map_err(|error| desk.broken(&error))?;
    let has_more = found.len() > LINES;
    found.truncate(LINES);
    let ids: Vec<TicketId> = found.iter().map(|one| one.id).collect();
    let tickets = store.tickets_shown(&ids).await.map_err(|error| desk.broken(&error))?;
    let tickets: HashMap<TicketId, Ticket> =
        tickets.into_iter().map(|ticket| (ticket.id, ticket)).collect();
    let lines = found.iter().map(|one| match tickets.get(&one.id) {
        Some(ticket) if desk.operator().sees(ticket) => shown(&desk, ticket, one.at.day),
        _ => hidden(one.at.day),
    });
    let next = found.last().filter(|_| has_more).map(|last| {
        address(&looked, &wanted, number.side, &format!("{}.{}", last.at.day, last.at.number))
    });
    let content = List {
        heading: heading(number.figure, number.side),
        about: about(&desk, &looked, &wanted),
        sides: sides(&looked, &wanted, &number),
        lines: lines.collect(),
        back: looked.address("", &[]),
        next,
    };
    desk.page("figures/tickets.html", "figures", "统计：诉求清单", content)
}

fn behind(desk: &Desk, looked: &Looked, wanted: &Wanted) -> Result<Behind, Stop> {
    let nothing = || desk.stop(Why::Nothing);
    let figure = Figure::of(&wanted.figure).ok_or_else(nothing)?;
    let side = match wanted.side.as_str() {
        "" => Side::Part,
        code => side(code).ok_or_else(nothing)?,
    };
    let part = match wanted.by.as_str() {
        "" => None,
        by => {
            let by = Slice::read(by).ok_or_else(nothing)?;
            Some((by, Some(wanted.part.clone()).filter(|part| !part.is_empty())))
        }
    };
    let (mut from, mut to) = (looked.stretch.first(), looked.stretch.last());
    if !wanted.day.is_empty() {
        let day: NaiveDate = wanted.day.parse().map_err(|_| nothing())?;
        (from, to) = (day, day);
    }
    // It may be gone from the county; what lies outside of the area is not found anyway.
    let place = Some(wanted.place.clone()).filter(|place| !place.is_empty());
    let span = Span {
        area: looked.whose.area.clone(),
        place,
        categories: looked.whose.categories.clone(),
        ..Span::of(from, to)
    };
    Ok(Behind { span, part, figure, side })
}

fn after(text: &str) -> Option<After> {
    let (day, number) = text.split_once('.')?;
    let number = TicketNumber::find(number).filter(|found| found.as_str() == number)?;
    Some(After { day: day.parse().ok()?, number })
}

fn address(looked: &Looked, wanted: &Wanted, side: Side, after: &str) -> String {
    let all = [
        ("figure", wanted.figure.as_str()),
        ("side", side_code(side)),
        ("by", wanted.by.as_str()),
        ("part", wanted.part.as_str()),
        ("place", wanted.place.as_str()),
        ("day", wanted.day.as_str()),
        ("after", after),
    ];
    let given: Vec<(&str, &str)> = all.into_iter().filter(|(_, value)| !value.is_empty()).collect();
    looked.address("/tickets", &given)
}

fn heading(figure: Figure, side: Side) -> String {
    let name = naming::figure(figure);
    match (figure, side) {
        (Figure::Count(_), _) => format!("{name}的诉求"),
        (_, Side::Whole) => format!("{name}：全部"),
        (_, Side::Part) => format!("{name}：算在内的"),
        (_, Side::Rest) => format!("{name}：没有算在内的"),
    }
}

fn sides(looked: &Looked, wanted: &Wanted, number: &Behind) -> Vec<Link> {
    if matches!(number.figure, Figure::Count(_)) {
        return Vec::new();
    }
    let words = |side| match side {
        Side::Part => "算在内的",
        Side::Rest => "没有算在内的",
        Side::Whole => "全部",
    };
    let link = |side| Link {
        words: words(side).to_owned(),
        href: address(looked, wanted, side, ""),
        is_here: side == number.side,
    };
    [Side::Part, Side::Rest, Side::Whole].map(link).to_vec()
}

fn about(desk: &Desk, looked: &Looked, wanted: &Wanted) -> Vec<String> {
    let mut about = vec![looked.stretch.words(), looked.place(desk)];
    if let Some(by) = Slice::read(&wanted.by) {
        about.push(naming::part(&desk.county, by, &wanted.part));
    }
    if !wanted.place.is_empty() {
        about.push(desk.county.spoken_path(&AreaCode(wanted.place.clone())));
    }
    if !wanted.day.is_empty() {
        about.push(wanted.day.clone());
    }
    about
}

fn shown(desk: &Desk, ticket: &Ticket, day: NaiveDate) -> Line {
    let place = &ticket.report.place;
    let area = place.area.clone().map(|area| desk.county.spoken_path(&AreaCode(area)));
    let mut gist: String = ticket.report.text.chars().take(GIST).collect();
    if ticket.report.text.chars().nth(GIST).is_some() {
        gist.push('…');
    }
    Line {
        number: ticket.number.to_string(),
        href: Some(format!("/console/tickets/{}", ticket.number)),
        day: day.format("%-m月%-d日").to_string(),
        category: naming::part(&desk.county, Slice::Category, &ticket.report.category),
        place: area.or_else(|| place.text.clone()).unwrap_or_default(),
        gist,
        stage: words::stage(ticket.status.stage()),
    }
}

/// It counts, and that is all that this operator learns of it.
fn hidden(day: NaiveDate) -> Line {
    Line {
        number: String::new(),
        href: None,
        day: day.format("%-m月%-d日").to_string(),
        category: String::new(),
        place: String::new(),
        gist: "保密诉求，只计数".to_owned(),
        stage: "",
    }
}
