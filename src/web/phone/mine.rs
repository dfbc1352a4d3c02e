//! One's own matters, and for members what waits for them.

use super::{
    door::{Door, broken},
    stop::Stop,
    ticket::After,
};
use crate::{
    dialogue::reply::Card,
    page_acts,
    ticket::{Stage, Ticket, lifecycle::REOPEN_DAYS},
};
use actix_web::{HttpResponse, web::Query};
use chrono::TimeDelta;
use serde::Serialize;

#[derive(Serialize)]
struct Content {
    mine: Vec<Row>,
    /// None for somebody who is no member.
    tasks: Option<Vec<Row>>,
    said: Option<&'static str>,
}

#[derive(Serialize)]
struct Row {
    address: String,
    gist: String,
    day: String,
    state: String,
    late: bool,
}

/// The lists.
pub(super) async fn page(door: Door, after: Query<After>) -> Result<HttpResponse, Stop> {
    let who = door.somebody()?.clone();
    let store = &door.app.store;
    let since = door.now - TimeDelta::days(REOPEN_DAYS);
    let mine = store.tickets_of(&who, since).await.map_err(|error| broken(&error))?;
    let speaker = store.speaker(&who).await.map_err(|error| broken(&error))?;
    let duty = speaker.and_then(|speaker| speaker.duty);
    let tasks = match &duty {
        Some(duty) => {
            let all = store.tasks_of(duty.person.id).await.map_err(|error| broken(&error))?;
            let waits = |ticket: &&Ticket| {
                let is_handler = ticket.handler.as_ref().is_some_and(|h| h.id == duty.person.id);
                is_handler || ticket.status.stage() == Stage::Dispatched
            };
            let row = |ticket: &Ticket| {
                let may_read = page_acts::may_read(ticket, &duty.person);
                row(&door, ticket, "task", may_read)
            };
            Some(all.iter().filter(waits).map(row).collect())
        }
        None => None,
    };
    let content = Content {
        mine: mine.iter().map(|ticket| row(&door, ticket, "t", true)).collect(),
        tasks,
        said: after.words(),
    };
    door.page("mine.html", "我的诉求", None, content)
}

fn row(door: &Door, ticket: &Ticket, page: &str, may_read: bool) -> Row {
    let card = Card::of(ticket, &door.county, door.now);
    Row {
        address: format!("/m/{page}/{}", ticket.number),
        state: door.app.wording.state_words(&card),
        gist: if may_read { card.gist } else { "内容已保密".to_owned() },
        day: card.day,
        late: card.late,
    }
}
