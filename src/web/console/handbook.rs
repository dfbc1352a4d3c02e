//! The handbook at the desk: what residents are told, who answers for it, and when that was last
//! looked at. Everybody reads it; whoever may change settings says that it was checked.
//!
//! Deliberately absent: a form of its own; a how-to is a row of the settings.

use super::{Desk, Posted, Stop, settings::save::Saved, stop::Why};
use crate::{
    access::Permission,
    calendar::date_of,
    county::{
        Howto,
        forms::SheetForm,
        revision::{self, Edit},
    },
};
use actix_web::{
    HttpResponse,
    web::{Query, ServiceConfig, get, post, resource},
};
use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

/// After so many days somebody should look whether it is still right.
const CHECK_AFTER: i64 = 180;

pub(super) fn routes(config: &mut ServiceConfig) {
    config
        .service(resource("/handbook").route(get().to(page)))
        .service(resource("/handbook/checked").route(post().to(checked)));
}

#[derive(Deserialize, Default)]
struct Search {
    #[serde(default)]
    q: String,
    #[serde(default)]
    subject: String,
}

#[derive(Serialize)]
struct Handbook {
    howtos: Vec<Entry>,
    subjects: Vec<String>,
    q: String,
    subject: String,
    overdue: usize,
    after_days: i64,
    may_edit: bool,
}

#[derive(Serialize)]
struct Entry {
    code: String,
    title: String,
    subject: String,
    text: String,
    keywords: String,
    unit: Option<String>,
    leader: Option<String>,
    checked_on: Option<String>,
    days: Option<i64>,
    is_overdue: bool,
}

async fn page(desk: Desk, search: Query<Search>) -> Result<HttpResponse, Stop> {
    desk.needs(Permission::Look)?;
    let county = &desk.county;
    let today = date_of(desk.now);
    let Search { q, subject } = search.into_inner();
    let q = q.trim().to_owned();
    let is_found = |howto: &&Howto| {
        let says = |text: &str| text.contains(&q);
        let is_said = q.is_empty()
            || says(&howto.title)
            || says(&howto.text)
            || howto.keywords.iter().any(|word| says(word));
        is_said && (subject.is_empty() || howto.subject == subject)
    };
    let found = county.handbook().iter().filter(is_found);
    let mut howtos: Vec<Entry> = found.map(|howto| entry(&desk, howto, today)).collect();
    // What was not looked at for longest comes first.
    howtos.sort_by_key(|entry| (!entry.is_overdue, entry.days.map(|days| -days)));
    let mut subjects: Vec<String> = Vec::new();
    for howto in county.handbook() {
        if !subjects.contains(&howto.subject) {
            subjects.push(howto.subject.clone());
        }
    }
    let content = Handbook {
        overdue: howtos.iter().filter(|entry| entry.is_overdue).count(),
        howtos,
        subjects,
        q,
        subject,
        after_days: CHECK_AFTER,
        may_edit: may_edit(&desk),
    };
    desk.page("handbook/list.html", "handbook", "办事指南", content)
}

fn may_edit(desk: &Desk) -> bool {
    desk.operator().may(Permission::Settings) && desk.operator().scope.is_whole()
}

fn entry(desk: &Desk, howto: &Howto, today: NaiveDate) -> Entry {
    let unit = howto.unit.as_deref().and_then(|code| desk.county.unit(code));
    let days = howto.checked_on.map(|day| (today - day).num_days());
    Entry {
        code: howto.code.clone(),
        title: howto.title.clone(),
        subject: howto.subject.clone(),
        text: howto.text.clone(),
        keywords: howto.keywords.join("、"),
        unit: unit.map(|unit| unit.name.clone()),
        leader: unit.and_then(|unit| unit.leader.clone()),
        checked_on: howto.checked_on.map(|day| day.to_string()),
        days,
        is_overdue: days.is_none_or(|days| days > CHECK_AFTER),
    }
}

#[derive(Deserialize)]
struct Checked {
    code: String,
}

async fn checked(posted: Posted<Checked>) -> Result<HttpResponse, Stop> {
    let Posted { desk, form: Checked { code } } = posted;
    desk.needs_whole_county()?;
    let form = SheetForm::named("handbook").ok_or_else(|| desk.stop(Why::Nothing))?;
    let place = form.columns.iter().position(|column| column.english == "checked_on");
    let found = revision::row(&desk.county, form, &code).zip(place);
    let (mut cells, place) = found.ok_or_else(|| desk.stop(Why::Nothing))?;
    let seen = revision::digest(&cells);
    if let Some(cell) = cells.get_mut(place) {
        *cell = date_of(desk.now).to_string();
    }
    let title = cells.get(1).cloned().unwrap_or_default();
    let edit = Edit::Put { key: Some(code), cells };
    match desk.save_row(form, &edit, Some(&seen)).await? {
        Saved::Done => Ok(desk.go_on("/console/handbook", &format!("“{title}”今天核对过了。"))),
        _ => Err(desk.stop(Why::Told {
            what: format!("“{title}”刚刚被别人改过，没有记下核对。"),
            mend: "请刷新以后看一遍新的内容，再点“今天核对过”。".to_owned(),
        })),
    }
}
