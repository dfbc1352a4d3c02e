//! Who asked for somebody, who waits longest first.

use super::{
    super::{Desk, Stop, words},
    address, is_theirs, mark_of,
};
use crate::{
    access::Permission,
    dialogue::reply::{gist, place_words},
    storage::Talk,
    ticket::lifecycle::REOPEN_DAYS,
};
use actix_web::{
    HttpResponse,
    http::header::{HeaderName, HeaderValue},
    web::Query,
};
use chrono::TimeDelta;
use serde::{Deserialize, Serialize};

/// More than this many open talks nobody can have in view.
const MOST: u64 = 100;

#[derive(Serialize)]
struct List {
    rows: Vec<Row>,
    news: String,
}

/// One resident.
#[derive(Serialize)]
struct Row {
    href: String,
    mark: String,
    area: String,
    /// Code and words of how it stands.
    stands: (&'static str, &'static str),
    since: String,
    last: String,
    has_it: Option<String>,
    is_mine: bool,
    draft: Option<String>,
    tickets: usize,
}

/// What the page had when it was read.
#[derive(Deserialize, Default)]
#[serde(default)]
pub(super) struct Told {
    seen: String,
}

pub(super) async fn list(desk: Desk) -> Result<HttpResponse, Stop> {
    let content = content(&desk).await?;
    desk.page("conversations/list.html", "conversations", "会话", content)
}

/// The same rows for a page that is open; nothing is exchanged where nothing changed.
pub(super) async fn news(desk: Desk, told: Query<Told>) -> Result<HttpResponse, Stop> {
    let content = content(&desk).await?;
    let is_same = content.news.ends_with(&format!("seen={}", told.seen));
    let mut answer = desk.part("conversations/_rows.html", content)?;
    if is_same {
        let headers = answer.headers_mut();
        headers.insert(HeaderName::from_static("hx-reswap"), HeaderValue::from_static("none"));
    }
    Ok(answer)
}

async fn content(desk: &Desk) -> Result<List, Stop> {
    desk.needs(Permission::Triage)?;
    let open = desk.app.store.open_talks(MOST).await.map_err(|e| desk.broken(&e))?;
    let mut rows = Vec::new();
    let mut latest = 0;
    for talk in open.iter().filter(|talk| is_theirs(desk, talk)) {
        latest = latest.max(talk.last_at.timestamp_millis());
        rows.push(row(desk, talk).await?);
    }
    let taken = rows.iter().filter(|row| row.has_it.is_some()).count();
    let seen = format!("{latest}-{}-{taken}", rows.len());
    // Who waits stands before whom somebody talks with already.
    rows.sort_by_key(|row| row.stands.0 == "talks");
    Ok(List { rows, news: format!("{}/news?seen={seen}", super::LIST) })
}

async fn row(desk: &Desk, talk: &Talk) -> Result<Row, Stop> {
    let store = &desk.app.store;
    let state = store.state_of(&talk.with).await.map_err(|e| desk.broken(&e))?;
    let draft =
        state.and_then(|state| state.draft).filter(crate::dialogue::state::Draft::has_content);
    let draft = draft.map(|draft| {
        let text = draft.text.get().map(|text| gist(text)).unwrap_or_default();
        let place = draft.place.get().map(|place| place_words(place, &desk.county));
        format!("{text} {}", place.unwrap_or_default()).trim().to_owned()
    });
    let look = store.look().await.map_err(|e| desk.broken(&e))?;
    let since = desk.now - TimeDelta::days(REOPEN_DAYS);
    let mine = look.tickets_of(&talk.with, since).await.map_err(|e| desk.broken(&e))?;
    let seen = mine.iter().filter(|ticket| !ticket.is_ended() && desk.operator().sees(ticket));
    let me = desk.operator().person.id;
    Ok(Row {
        href: address(talk),
        mark: mark_of(&talk.with),
        area: area_words(desk, talk),
        stands: stands(talk),
        since: words::how_long(desk.now - talk.asked_at),
        last: words::when(talk.last_at, desk.now),
        has_it: talk.claimed_by.as_ref().map(|person| person.name.clone()),
        is_mine: talk.claimed_by.as_ref().is_some_and(|person| person.id == me),
        draft,
        tickets: seen.count(),
    })
}

pub(super) fn area_words(desk: &Desk, talk: &Talk) -> String {
    let area = talk.area.as_deref().map(|code| desk.county.spoken_path(&code.into()));
    area.filter(|words| !words.is_empty()).unwrap_or_else(|| "不知道哪个村".to_owned())
}

/// How a talk stands: code and words.
pub(super) fn stands(talk: &Talk) -> (&'static str, &'static str) {
    if talk.ended_at.is_some() {
        ("over", "已结束")
    } else if talk.answered_at.is_some() {
        ("talks", "正在聊")
    } else if talk.is_silent {
        ("waits", "等人回")
    } else {
        ("left", "留了言，还没人回")
    }
}
