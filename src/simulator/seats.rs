//! The platform's own seats for human agents (客服): whom an account hands over waits, a seat takes
//! them, what they write goes to the seat, and the account hears of beginning and end.
//!
//! Who was handed over and not taken yet still writes to the account. A session that nobody touches
//! for half an hour is over for the account's messages, though no event says so. Deliberately absent:
//! which seats there are; whoever sits at this machine may be any of them.

use super::{
    lines::{Notice, Said},
    message::{Envelope, seat_event},
    push::{Delivery, NotPushed},
    reply::Answer,
    state::Platform,
};
use actix_web::{
    HttpResponse,
    web::{self, Data, Json},
};
use chrono::{DateTime, TimeDelta, Utc};
use serde::Deserialize;
use serde_json::{Value, json};
use std::collections::BTreeMap;

/// A session in which nobody says anything is over after this time.
const SESSION: TimeDelta = TimeDelta::minutes(30);

/// Who waits for a seat or talks with one, by openid.
#[derive(Debug, Default)]
pub(super) struct Seats(BTreeMap<String, Seated>);

#[derive(Debug, Clone)]
struct Seated {
    /// Which seat was asked for.
    wanted: Option<String>,
    /// Which one has them.
    seat: Option<String>,
    touched_at: DateTime<Utc>,
}

impl Seats {
    /// The account handed somebody over.
    pub(super) fn wait(&mut self, openid: &str, wanted: Option<String>, now: DateTime<Utc>) {
        let seated = Seated { wanted, seat: None, touched_at: now };
        self.0.entry(openid.to_owned()).or_insert(seated);
    }

    /// Whether what they write goes to a seat; it counts as a word of theirs.
    pub(super) fn hears(&mut self, openid: &str, now: DateTime<Utc>) -> bool {
        let Some(seated) = self.0.get_mut(openid).filter(|one| one.seat.is_some()) else {
            return false;
        };
        if now >= seated.touched_at + SESSION {
            self.0.remove(openid);
            return false;
        }
        seated.touched_at = now;
        true
    }
}

impl Platform {
    /// A seat takes somebody who waits; the account hears of it.
    ///
    /// # Errors
    /// [`NotPushed::Nobody`] where they do not wait.
    pub async fn seat_takes(&self, openid: &str, seat: &str) -> Result<Delivery, NotPushed> {
        let now = self.now();
        let before = {
            let mut state = self.state();
            let seated = state.seats.0.get_mut(openid).ok_or(NotPushed::Nobody)?;
            let is_other = seated.wanted.as_deref().is_some_and(|wanted| wanted != seat);
            if is_other && seated.seat.is_none() {
                return Err(NotPushed::Nobody);
            }
            seated.touched_at = now;
            seated.seat.replace(seat.to_owned())
        };
        match before {
            None => self.push_seat_event(openid, "kf_create_session", &[("KfAccount", seat)]).await,
            Some(from) => {
                let who = [("FromKfAccount", from.as_str()), ("ToKfAccount", seat)];
                self.push_seat_event(openid, "kf_switch_session", &who).await
            }
        }
    }

    /// A seat says something; false where it has nobody of this openid.
    pub fn seat_says(&self, openid: &str, words: &str) -> bool {
        let now = self.now();
        let mut state = self.state();
        if !state.seats.hears(openid, now) {
            return false;
        }
        state.write(openid, now, Said::Notice(Notice::Text(words.to_owned())));
        true
    }

    /// A seat is done with somebody; the account hears of it.
    ///
    /// # Errors
    /// [`NotPushed::Nobody`] where no seat has them.
    pub async fn seat_closes(&self, openid: &str) -> Result<Delivery, NotPushed> {
        let seated = self.state().seats.0.remove(openid);
        let seat = seated.and_then(|seated| seated.seat).ok_or(NotPushed::Nobody)?;
        self.push_seat_event(openid, "kf_close_session", &[("KfAccount", &seat)]).await
    }

    /// Whether somebody waits for a seat, or talks with one: which.
    pub fn seat_of(&self, openid: &str) -> Option<Option<String>> {
        self.state().seats.0.get(openid).map(|seated| seated.seat.clone())
    }

    async fn push_seat_event(
        &self,
        openid: &str,
        event: &str,
        fields: &[(&str, &str)],
    ) -> Result<Delivery, NotPushed> {
        let now = self.now();
        let account = self.account_of_person(openid)?;
        let envelope = Envelope {
            to: &account.original_id,
            from: openid,
            seconds: now.timestamp(),
            message_id: 0,
            media_id: "",
            picture_url: "",
        };
        let clear = seat_event(&envelope, event, fields);
        self.push_event(account, openid, clear).await
    }
}

/// The page's interface: who waits, and what a seat does.
pub(super) fn routes(site: &mut web::ServiceConfig) {
    site.service(
        web::scope("/seats")
            .guard(actix_web::guard::fn_guard(super::phones::is_asked_by_a_loopback_name))
            .route("/", web::get().to(page))
            .route("/seats.js", web::get().to(script))
            .route("/api/state", web::get().to(list))
            .route("/api/act", web::post().to(act)),
    );
}

async fn page() -> HttpResponse {
    let html = include_str!("../../templates/simulator/seats.html");
    super::phones::file("text/html; charset=utf-8", html)
}

async fn script() -> HttpResponse {
    let code = include_str!("../../templates/simulator/seats.js");
    super::phones::file("text/javascript; charset=utf-8", code)
}

async fn list(platform: Data<Platform>) -> Json<Value> {
    let state = platform.state();
    let waiting: Vec<Value> = state
        .seats
        .0
        .iter()
        .filter_map(|(openid, seated)| {
            let person = state.person(openid)?;
            let said = person.lines.iter().rev().take(20).rev().map(|line| match &line.said {
                Said::Person(super::Message::Text { text }) => format!("居民：{text}"),
                Said::Person(_) => "居民：[图片或其他]".to_owned(),
                Said::Answer(answer) => format!("公众号：{}", answer.text().unwrap_or_default()),
                Said::Notice(notice) => format!("公众号：{}", notice.text()),
            });
            Some(json!({
                "person": person.given.key,
                "name": person.given.name,
                "seat": seated.seat,
                "lines": said.collect::<Vec<_>>(),
            }))
        })
        .collect();
    Json(json!({ "waiting": waiting }))
}

#[derive(Deserialize)]
struct Done {
    person: String,
    act: String,
    #[serde(default)]
    seat: String,
    #[serde(default)]
    words: String,
}

async fn act(platform: Data<Platform>, act: Json<Done>) -> HttpResponse {
    let Some(openid) = super::phones::openid_of(&platform, &act.person) else {
        return HttpResponse::UnprocessableEntity().json(json!({ "problem": "没有这个人" }));
    };
    let seat = if act.seat.is_empty() { "kf2001@demo" } else { act.seat.as_str() };
    let is_done = match act.act.as_str() {
        "take" => platform.seat_takes(&openid, seat).await.is_ok(),
        "say" => platform.seat_says(&openid, &act.words),
        "close" => platform.seat_closes(&openid).await.is_ok(),
        _ => false,
    };
    if is_done {
        return HttpResponse::Ok().json(json!({}));
    }
    HttpResponse::UnprocessableEntity().json(json!({ "problem": "现在不能这样做" }))
}

/// What the platform does with an answer that hands somebody over.
pub(super) fn note(platform: &Platform, openid: &str, answer: &Answer) {
    if let Answer::Transfer(wanted) = answer {
        let now = platform.now();
        platform.state().seats.wait(openid, wanted.clone(), now);
    }
}
