//! A member's task: 接单, 退单, 问居民, 完成 with words and photos.

use super::{
    door::{Door, Side},
    sdk::Sdk,
    sheet::Sheet,
    stop::Stop,
    ticket::{After, done, told, words},
    upload,
};
use crate::{
    dialogue::DECLINE_REASONS,
    page_acts::{Deed, Possible},
};
use actix_web::{
    HttpRequest, HttpResponse,
    web::{Path, Payload, Query},
};
use serde::{Deserialize, Serialize};

#[derive(Serialize)]
#[expect(clippy::struct_excessive_bools, reason = "a page asks each of them by its name")]
struct Content {
    ticket: Sheet,
    base: String,
    version: i64,
    is_proven: bool,
    may_take: bool,
    may_decline: bool,
    may_ask: bool,
    may_finish: bool,
    needs_photo: bool,
    /// The resident's number, for who took it.
    phone: Option<String>,
    reasons: [&'static str; 4],
    most_photos: usize,
    said: Option<&'static str>,
}

/// What is to do, and what can be done with it.
pub(super) async fn page(
    door: Door,
    key: Path<String>,
    after: Query<After>,
) -> Result<HttpResponse, Stop> {
    let opened = door.opens(&key, Side::Worker).await?;
    let base = format!("/m/task/{key}");
    let ticket = &opened.ticket;
    let possible = opened
        .duty
        .as_ref()
        .map(|duty| Possible::now(&door.county, ticket, duty, door.now))
        .unwrap_or_default();
    let is_handler = opened.duty.as_ref().is_some_and(|duty| {
        ticket.handler.as_ref().is_some_and(|handler| handler.id == duty.person.id)
    });
    let content = Content {
        ticket: Sheet::of(&door, &opened, &base).await?,
        base,
        version: ticket.version,
        is_proven: opened.is_proven,
        may_take: possible.take,
        may_decline: possible.decline,
        may_ask: possible.ask,
        may_finish: possible.finish,
        needs_photo: possible.needs_photo,
        phone: ticket.report.contact.clone().filter(|_| is_handler && opened.is_proven),
        reasons: DECLINE_REASONS,
        most_photos: upload::MOST_PHOTOS,
        said: after.words(),
    };
    let wants_camera = opened.is_proven && possible.finish;
    let sdk = if wants_camera { Sdk::of(&door).await } else { None };
    door.page("task.html", "我的任务", sdk.as_ref(), content)
}

#[derive(Deserialize)]
struct Plain {
    version: i64,
}

/// 接单
pub(super) async fn take(
    door: Door,
    request: HttpRequest,
    key: Path<String>,
    payload: Payload,
) -> Result<HttpResponse, Stop> {
    let form: Plain = upload::form(&door, &request, payload).await?;
    done(&door, &key, Side::Worker, form.version, Deed::Take, "taken").await
}

#[derive(Deserialize)]
struct Declined {
    version: i64,
    #[serde(default)]
    reason: String,
    #[serde(default)]
    other: String,
}

/// 退单
pub(super) async fn decline(
    door: Door,
    request: HttpRequest,
    key: Path<String>,
    payload: Payload,
) -> Result<HttpResponse, Stop> {
    let form: Declined = upload::form(&door, &request, payload).await?;
    let known = DECLINE_REASONS.into_iter().find(|known| *known == form.reason);
    let reason = match (known, words(&form.other)) {
        (Some(known), Some(more)) => format!("{known}，{more}"),
        (Some(known), None) => known.to_owned(),
        (None, Some(more)) => more,
        (None, None) => {
            return Err(told(&key, "task", "请选一个原因", "还没有选原因，没有退单。"));
        }
    };
    done(&door, &key, Side::Worker, form.version, Deed::Decline { reason }, "declined").await
}

#[derive(Deserialize)]
struct Question {
    version: i64,
    #[serde(default)]
    question: String,
}

/// 问居民
pub(super) async fn ask(
    door: Door,
    request: HttpRequest,
    key: Path<String>,
    payload: Payload,
) -> Result<HttpResponse, Stop> {
    let form: Question = upload::form(&door, &request, payload).await?;
    let Some(question) = words(&form.question) else {
        return Err(told(&key, "task", "请写一句", "还没有写要问什么，没有发出去。"));
    };
    done(&door, &key, Side::Worker, form.version, Deed::Ask { question }, "asked").await
}

/// 完成
pub(super) async fn finish(
    door: Door,
    request: HttpRequest,
    key: Path<String>,
    payload: Payload,
) -> Result<HttpResponse, Stop> {
    // Nobody else's photos are taken in.
    let opened = door.opens_for_form(&key, Side::Worker).await?;
    let result = upload::result(&door, &request, payload).await?;
    let Some(text) = words(&result.text) else {
        return Err(told(&key, "task", "请写一句", "还没有写怎么办的，没有交上去。"));
    };
    let text = match words(&result.place) {
        Some(place) => format!("{text}（位置：{place}）"),
        None => text,
    };
    let account = &opened.ticket.reporter.account;
    let account = door.sender().map_or(account, |sender| &sender.account);
    let photos = upload::kept(&door, account, &key, result.photos, result.from_camera).await?;
    let deed = Deed::Finish { text, photos };
    done(&door, &key, Side::Worker, result.version, deed, "finished").await
}
