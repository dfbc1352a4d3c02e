//! 回访: whom WeChat does not reach is called, told, and asked.
//!
//! A list, the earliest first, and one page for one call: what to tell, the number behind a button
//! that is written down, and one form for whatever came of it.
//!
//! Deliberately absent: dialling, and who is on the list, which follows from what could not be sent.

mod answer;

use super::{Desk, Posted, Stop, stop::Why, words};
use crate::{
    access::Permission,
    desk::{self, DeskError},
    replies::history,
    storage::{CallBack, CallBackKey},
    ticket::{
        Rating, Stage, Ticket, TicketId,
        call_back::{CallResult, TRIES},
        event::What,
        notice::NoticeKind,
    },
};
use actix_web::{
    HttpResponse,
    http::StatusCode,
    web::{Path, Query, ServiceConfig, get, post, resource},
};
use answer::{Answered, refused_words};
use chrono::DateTime;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

/// So many on one page.
const PAGE: u64 = 50;

pub(super) fn routes(config: &mut ServiceConfig) {
    config
        .service(resource("/callbacks").route(get().to(list)))
        .service(resource("/callbacks/{number}").route(get().to(one)).route(post().to(record)))
        .service(resource("/callbacks/{number}/phone").route(post().to(phone)));
}

#[derive(Serialize)]
struct List {
    rows: Vec<Line>,
    count: u64,
    further: Option<String>,
}

/// One person to call.
#[derive(Serialize)]
struct Line {
    number: String,
    name: String,
    category: String,
    place: String,
    why: &'static str,
    since: String,
    tries: u32,
    last: Option<&'static str>,
    /// When to call, if not now.
    later: Option<String>,
    urgent: bool,
    has_phone: bool,
}

#[derive(Deserialize, Default)]
#[serde(default)]
struct After {
    at: Option<i64>,
    id: Option<Uuid>,
}

async fn list(desk: Desk, after: Query<After>) -> Result<HttpResponse, Stop> {
    desk.needs(Permission::CallBack)?;
    let key = after.at.and_then(DateTime::from_timestamp_millis).zip(after.id.map(TicketId));
    let (store, operator) = (&desk.app.store, desk.operator());
    let found = store.call_backs(operator, key, PAGE).await.map_err(|e| desk.broken(&e))?;
    let count = store.count_call_backs(operator).await.map_err(|e| desk.broken(&e))?;
    let last = found.last().map(|(owed, _)| owed.key());
    let further = last.filter(|_| found.len() as u64 == PAGE).map(way_on);
    let rows = found.iter().map(|(owed, ticket)| line(&desk, owed, ticket)).collect();
    desk.page("callbacks/list.html", "callbacks", "电话回访", List { rows, count, further })
}

fn way_on((at, TicketId(id)): CallBackKey) -> String {
    format!("/console/callbacks?at={}&id={}", at.timestamp_millis(), id.simple())
}

fn line(desk: &Desk, owed: &CallBack, ticket: &Ticket) -> Line {
    let place = &ticket.report.place;
    let area = place.area.as_deref().map(|code| desk.county.spoken_path(&code.into()));
    let spot = place.text.as_deref().unwrap_or_default();
    let category = &ticket.report.category;
    Line {
        number: ticket.number.to_string(),
        name: name_of(ticket),
        category: desk.county.category(category).map_or(category, |one| &one.name).clone(),
        place: format!("{} {spot}", area.unwrap_or_default()).trim().to_owned(),
        why: why_words(owed.why),
        since: words::when(owed.since, desk.now),
        tries: owed.tries,
        last: owed.result.map(history::call_words),
        later: (owed.next_at > desk.now).then(|| words::when(owed.next_at, desk.now)),
        urgent: ticket.report.urgent,
        has_phone: ticket.report.contact.is_some(),
    }
}

fn name_of(ticket: &Ticket) -> String {
    match &ticket.reporter_name {
        Some(name) => name.clone(),
        None if ticket.reporter.is_offline() => "没有留姓名".to_owned(),
        None => "微信用户（收不到消息）".to_owned(),
    }
}

/// What has to be told, in a few words.
fn why_words(why: NoticeKind) -> &'static str {
    match why {
        NoticeKind::Question => "问清情况",
        NoticeKind::Result => "告知结果，请确认和评价",
        NoticeKind::Rejected => "告知不予受理",
        NoticeKind::Suspended => "告知列入计划",
        NoticeKind::Answer => "告知答复，请评价",
        NoticeKind::MasterClosed => "告知结果，请评价",
        _ => "告知进展",
    }
}

/// The page of one call.
#[derive(Serialize)]
struct One<'a> {
    line: Line,
    /// Nobody has to be called any more.
    is_over: bool,
    stage: &'static str,
    text: &'a str,
    to_tell: String,
    /// Shown after it was asked for and written down.
    phone: Option<&'a str>,
    may_see_phone: bool,
    /// What may be said in this state of the ticket: code and words.
    answers: Vec<(&'static str, &'static str)>,
    /// A grade may be given.
    has_grades: bool,
    grades: Vec<(&'static str, &'static str)>,
    results: Vec<(&'static str, &'static str)>,
    calls: Vec<String>,
    tries_left: u32,
    version: i64,
    form: &'a Answered,
    problem: Option<String>,
}

/// The results as somebody with the receiver in hand says them.
const RESULTS: [(CallResult, &str); 4] = [
    (CallResult::Reached, "打通了，已经告诉居民"),
    (CallResult::NotAnswered, "没人接，或者不方便说（过两小时再打）"),
    (CallResult::WrongNumber, "号码不对"),
    (CallResult::NoNumber, "没有电话可打"),
];

/// What the resident may say to a ticket in this state.
fn answers(stage: Stage) -> &'static [(&'static str, &'static str)] {
    match stage {
        Stage::NeedInfo => &[("answer", "回答了问题"), ("nothing", "没有说什么")],
        Stage::AwaitingSignoff => &[
            ("solved", "已解决"),
            ("partly", "基本解决"),
            ("not_solved", "没解决"),
            ("nothing", "没有表态"),
        ],
        Stage::Closed => {
            &[("graded", "没有意见"), ("not_solved", "没解决，要求重办"), ("nothing", "没有表态")]
        }
        Stage::Rejected => &[("nothing", "知道了"), ("disagrees", "不同意，要求再看一次")],
        Stage::Merged => &[("graded", "没有意见"), ("nothing", "没有表态")],
        _ => &[("nothing", "知道了")],
    }
}

/// Best first, as they are read out.
const GRADES: [&str; 5] = ["非常满意", "满意", "基本满意", "不满意", "非常不满意"];

async fn one(desk: Desk, number: Path<String>) -> Result<HttpResponse, Stop> {
    desk.needs(Permission::CallBack)?;
    let ticket = desk.ticket(&number).await?;
    page(&desk, StatusCode::OK, &ticket, &Answered::default(), false, None).await
}

/// The number is shown once it stands in the log who saw it.
async fn phone(posted: Posted<Answered>, number: Path<String>) -> Result<HttpResponse, Stop> {
    let Posted { desk, form } = posted;
    desk.needs(Permission::CallBack)?;
    desk.needs(Permission::Personal)?;
    let ticket = desk.ticket(&number).await?;
    desk.note("phone_seen", Some(ticket.number.as_str()), "").await?;
    page(&desk, StatusCode::OK, &ticket, &form, true, None).await
}

async fn page(
    desk: &Desk,
    status: StatusCode,
    ticket: &Ticket,
    form: &Answered,
    shows_phone: bool,
    problem: Option<String>,
) -> Result<HttpResponse, Stop> {
    let store = &desk.app.store;
    let owed = store.call_back_of(ticket.id).await.map_err(|e| desk.broken(&e))?;
    let Some(owed) = owed else { return Err(desk.stop(Why::Nothing)) };
    let events = store.history(ticket.id).await.map_err(|e| desk.broken(&e))?;
    let is_call = |what: &What| matches!(what, What::Called { .. });
    let told = events.iter().filter(|event| is_call(&event.what));
    let calls = told.map(|event| {
        let line = history::line(&desk.county, event);
        format!("{} {}", words::when(line.at, desk.now), line.words())
    });
    let stage = ticket.status.stage();
    let content = One {
        line: line(desk, &owed, ticket),
        is_over: owed.done_at.is_some(),
        stage: words::stage(stage),
        text: &ticket.report.text,
        to_tell: desk::to_tell(&desk.app, &desk.county, ticket, owed.why, desk.now),
        phone: ticket.report.contact.as_deref().filter(|_| shows_phone),
        may_see_phone: desk.operator().may(Permission::Personal),
        answers: answers(stage).to_vec(),
        has_grades: matches!(stage, Stage::AwaitingSignoff | Stage::Closed | Stage::Merged),
        grades: Rating::ALL.iter().map(|grade| grade.code()).zip(GRADES).collect(),
        results: RESULTS.iter().map(|(result, words)| (result.code(), *words)).collect(),
        calls: calls.collect(),
        tries_left: TRIES.saturating_sub(owed.tries),
        version: ticket.version,
        form,
        problem,
    };
    let answer = HttpResponse::build(status);
    desk.page_with(answer, "callbacks/one.html", "callbacks", "回访一位居民", content)
}

async fn record(posted: Posted<Answered>, number: Path<String>) -> Result<HttpResponse, Stop> {
    let Posted { desk, form } = posted;
    desk.needs(Permission::CallBack)?;
    let ticket = desk.ticket(&number).await?;
    let call = match form.call(&ticket) {
        Ok(call) => call,
        Err(problem) => {
            let status = StatusCode::UNPROCESSABLE_ENTITY;
            return page(&desk, status, &ticket, &form, false, Some(problem.to_owned())).await;
        }
    };
    let by = &desk.operator().person;
    let (seen, note) = (Some(form.version), form.note.trim().to_owned());
    let recorded = desk::record_call(&desk.app, by, &ticket.number, seen, call, note).await;
    match recorded {
        Ok(ticket) => {
            let said = format!("{} 的回访已记下。", ticket.number);
            Ok(desk.go_on("/console/callbacks", &said))
        }
        Err(DeskError::Meanwhile { first, .. }) => {
            // Both stand on one page: what is so now, and what was filled in.
            let ticket = desk.ticket(&number).await?;
            let problem = format!("没有记下：{first}。请核对下面的情况，再提交一次。");
            page(&desk, StatusCode::CONFLICT, &ticket, &form, false, Some(problem)).await
        }
        Err(DeskError::Refused(refused)) => {
            let status = StatusCode::UNPROCESSABLE_ENTITY;
            let problem = refused_words(&refused).to_owned();
            page(&desk, status, &ticket, &form, false, Some(problem)).await
        }
        Err(DeskError::NoCallOwed(_)) => Err(desk.stop(Why::Told {
            what: "这位居民已经不用打电话了。".to_owned(),
            mend: "请回到回访名单，打下一位。".to_owned(),
        })),
        Err(error) => Err(desk.broken(&error)),
    }
}
