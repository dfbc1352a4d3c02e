//! One talk: what was said, what the resident was telling the bot, and a box for the next words.

use super::{
    super::{Desk, Stop, media::answered, stop::Why, words},
    address, found,
    list::{area_words, stands},
    mark_of,
};
use crate::{
    access::Permission,
    desk::talk::LONGEST_WORDS,
    dialogue::{reply::place_words, state::Draft},
    media::Size,
    outbox::preview,
    replies::answer,
    storage::{ChatLine, Fate, Speaking, Talk, Uttered},
    ticket::{Ticket, lifecycle::REOPEN_DAYS},
};
use actix_web::{
    HttpResponse,
    http::{
        StatusCode,
        header::{HeaderName, HeaderValue},
    },
    web::{Path, Query},
};
use chrono::TimeDelta;
use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

/// So many of the latest words are shown.
const LINES: u64 = 300;

/// What is asked of the page.
#[derive(Deserialize, Default)]
#[serde(default)]
pub(super) struct Asked {
    /// Words to begin with: the id of an answer template.
    template: String,
    /// What the page had when it was read.
    seen: String,
}

/// A form that could not be carried out, with its words.
#[derive(Default)]
pub(super) struct Unsaid {
    pub(super) words: String,
    pub(super) problem: Option<String>,
}

#[derive(Serialize)]
#[expect(clippy::struct_excessive_bools, reason = "a page asks each of them by its name")]
struct One<'a> {
    href: String,
    mark: String,
    area: String,
    stands: (&'static str, &'static str),
    waited: String,
    is_over: bool,
    is_silent: bool,
    has_it: Option<String>,
    has_it_id: String,
    is_mine: bool,
    talk: Lines,
    room: Option<Room>,
    follows: bool,
    longest: usize,
    form: String,
    words: String,
    problem: Option<String>,
    templates: Vec<Template>,
    draft: Option<Slots<'a>>,
    tickets: Vec<Line>,
    may_enter: bool,
}

/// The words so far, and where news of them are asked for.
#[derive(Serialize)]
struct Lines {
    lines: Vec<Said>,
    news: String,
}

#[derive(Serialize)]
struct Said {
    side: &'static str,
    who: String,
    at: String,
    what: &'static str,
    text: String,
    /// Where the picture, voice or film is that came with it.
    media: Option<String>,
    fate: Option<&'static str>,
}

#[derive(Serialize)]
struct Room {
    left: u32,
    until: String,
}

#[derive(Serialize)]
struct Template {
    id: String,
    title: String,
    text: String,
}

/// What the resident told the bot so far.
#[derive(Serialize)]
struct Slots<'a> {
    text: String,
    place: String,
    spot: String,
    area: String,
    category: &'a str,
    category_code: String,
    photos: usize,
    contact: bool,
    urgent: bool,
    id: String,
}

#[derive(Serialize)]
struct Line {
    number: String,
    stage: &'static str,
    gist: String,
}

pub(super) async fn one(
    desk: Desk,
    id: Path<String>,
    asked: Query<Asked>,
) -> Result<HttpResponse, Stop> {
    let talk = found(&desk, &id).await?;
    let template = asked.into_inner().template;
    page(&desk, StatusCode::OK, &talk, Unsaid::default(), &template).await
}

/// The words so far, for a page that is open.
pub(super) async fn news(
    desk: Desk,
    id: Path<String>,
    asked: Query<Asked>,
) -> Result<HttpResponse, Stop> {
    let talk = found(&desk, &id).await?;
    let content = lines(&desk, &talk).await?;
    let is_same = content.news.ends_with(&format!("seen={}", asked.seen));
    let mut answer = desk.part("conversations/_lines.html", content)?;
    if is_same {
        let headers = answer.headers_mut();
        headers.insert(HeaderName::from_static("hx-reswap"), HeaderValue::from_static("none"));
    }
    Ok(answer)
}

/// A picture, voice or film of this talk.
pub(super) async fn media(desk: Desk, way: Path<(String, String)>) -> Result<HttpResponse, Stop> {
    let (id, media) = way.into_inner();
    let talk = found(&desk, &id).await?;
    let said = desk.app.store.lines_of(talk.id, LINES).await.map_err(|e| desk.broken(&e))?;
    let nothing = || desk.stop(Why::Nothing);
    if !said.iter().any(|(line, _)| line.media.as_deref() == Some(media.as_str())) {
        return Err(nothing());
    }
    let kept = crate::media::read(&desk.app, &media, Size::Whole).await;
    let kept = kept.map_err(|e| desk.broken(&e))?.ok_or_else(nothing)?;
    Ok(answered("huihua", kept))
}

/// The page, perhaps with words that were not said.
pub(super) async fn page(
    desk: &Desk,
    status: StatusCode,
    talk: &Talk,
    unsaid: Unsaid,
    template: &str,
) -> Result<HttpResponse, Stop> {
    let store = &desk.app.store;
    let reach = store.reach(&talk.with).await.map_err(|e| desk.broken(&e))?;
    let state = store.state_of(&talk.with).await.map_err(|e| desk.broken(&e))?;
    let tickets = tickets(desk, talk).await?;
    let templates = templates(desk, tickets.first()).await?;
    let chosen = templates.iter().find(|one| one.id == template);
    let words = chosen.map_or(unsaid.words, |one| one.text.clone());
    let room = reach.and_then(|reach| preview::room(reach, desk.now));
    let room = room.map(|(left, at)| Room { left, until: words::when(at, desk.now) });
    let me = desk.operator().person.id;
    let has_it = talk.claimed_by.as_ref();
    let draft = state.and_then(|state| state.draft).filter(Draft::has_content);
    let line = |ticket: &Ticket| Line {
        number: ticket.number.to_string(),
        stage: words::stage(ticket.status.stage()),
        gist: crate::dialogue::reply::gist(&ticket.report.text),
    };
    let content = One {
        href: address(talk),
        mark: mark_of(&talk.with),
        area: area_words(desk, talk),
        stands: stands(talk),
        waited: words::how_long(desk.now - talk.asked_at),
        is_over: talk.ended_at.is_some(),
        is_silent: talk.is_silent,
        has_it: has_it.map(|person| person.name.clone()),
        has_it_id: has_it.map(|person| person.id.0.simple().to_string()).unwrap_or_default(),
        is_mine: has_it.is_some_and(|person| person.id == me),
        talk: lines(desk, talk).await?,
        room,
        follows: reach.is_some_and(|reach| reach.following),
        longest: LONGEST_WORDS,
        form: desk.app.ids.fresh().simple().to_string(),
        words,
        problem: unsaid.problem,
        templates,
        draft: draft.as_ref().map(|draft| slots(desk, draft)),
        tickets: tickets.iter().map(line).collect(),
        may_enter: desk.operator().may(Permission::Enter),
    };
    let answer = HttpResponse::build(status);
    desk.page_with(answer, "conversations/one.html", "conversations", "会话", content)
}

async fn lines(desk: &Desk, talk: &Talk) -> Result<Lines, Stop> {
    let said = desk.app.store.lines_of(talk.id, LINES).await.map_err(|e| desk.broken(&e))?;
    let sum = said.iter().fold(0_usize, |sum, (_, fate)| sum * 7 % 9973 + fate_number(*fate) + 1);
    let news = format!("{}/news?seen={}-{sum}", address(talk), said.len());
    let href = address(talk);
    let lines = said.iter().map(|(line, fate)| shown(desk, &href, line, *fate)).collect();
    Ok(Lines { lines, news })
}

fn fate_number(fate: Fate) -> usize {
    match fate {
        Fate::OnItsWay => 0,
        Fate::Sent => 1,
        Fate::Unclear => 2,
        Fate::Held => 3,
        Fate::Failed => 4,
    }
}

fn shown(desk: &Desk, href: &str, line: &ChatLine, fate: Fate) -> Said {
    let (side, who) = match line.side {
        Speaking::Person => ("person", "居民".to_owned()),
        Speaking::Desk => ("desk", line.who.clone().unwrap_or_default()),
        Speaking::Bot => ("bot", "自动回复".to_owned()),
    };
    let what = match line.kind {
        Uttered::Photo => "照片",
        Uttered::Voice => "语音",
        Uttered::Video => "视频",
        Uttered::Place => "位置",
        Uttered::Text | Uttered::Other => "",
    };
    let fate = match fate {
        _ if line.side != Speaking::Desk => None,
        Fate::Sent => None,
        Fate::OnItsWay => Some("正在发"),
        Fate::Unclear => Some("不确定有没有送到，没有重发"),
        Fate::Held => Some("窗口已关，居民下次说话时送到；着急请打电话"),
        Fate::Failed => Some("没有送到，请打电话"),
    };
    Said {
        side,
        who,
        at: words::when(line.at, desk.now),
        what,
        text: line.text.clone(),
        media: line.media.as_ref().map(|id| {
            let id = utf8_percent_encode(id, NON_ALPHANUMERIC);
            format!("{href}/media/{id}")
        }),
        fate,
    }
}

/// The resident's tickets that this operator may see, the latest first.
async fn tickets(desk: &Desk, talk: &Talk) -> Result<Vec<Ticket>, Stop> {
    let look = desk.app.store.look().await.map_err(|e| desk.broken(&e))?;
    let since = desk.now - TimeDelta::days(REOPEN_DAYS);
    let mut found = look.tickets_of(&talk.with, since).await.map_err(|e| desk.broken(&e))?;
    found.retain(|ticket| desk.operator().sees(ticket));
    Ok(found)
}

/// What the desk says again and again; with a ticket's number and the like only where there is one.
async fn templates(desk: &Desk, about: Option<&Ticket>) -> Result<Vec<Template>, Stop> {
    let found = desk.app.store.answer_templates(None, None).await.map_err(|e| desk.broken(&e))?;
    let usable = found.into_iter().filter(|one| about.is_some() || !one.text.contains("{{"));
    Ok(usable
        .map(|one| Template {
            id: one.id.simple().to_string(),
            text: about.map_or_else(
                || one.text.clone(),
                |ticket| answer::filled(&one.text, ticket, &desk.county),
            ),
            title: one.title,
        })
        .collect())
}

fn slots<'a>(desk: &'a Desk, draft: &Draft) -> Slots<'a> {
    let place = draft.place.get();
    let code = draft.category.get().cloned().unwrap_or_default();
    Slots {
        text: draft.text.get().cloned().unwrap_or_default(),
        place: place.map(|place| place_words(place, &desk.county)).unwrap_or_default(),
        spot: place.and_then(|place| place.text.clone()).unwrap_or_default(),
        area: place.and_then(|place| place.area.clone()).unwrap_or_default(),
        category: desk.county.category(&code).map_or("", |one| one.name.as_str()),
        category_code: code,
        photos: draft.media.len(),
        contact: !draft.contact.is_empty(),
        urgent: draft.urgent,
        id: fresh_form(desk.app.ids.fresh()),
    }
}

fn fresh_form(id: Uuid) -> String {
    id.simple().to_string()
}
