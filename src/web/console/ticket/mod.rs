//! One ticket on one screen: what was said, where it stands, whose turn it is, and the moves that
//! are possible now, each one form.
//!
//! A form carries the version that was looked at. Who comes second gets a page with both: what they
//! wanted, with their words, and what happened meanwhile; the same form sent twice acts once. A look
//! at a confidential ticket, and at a telephone number, is written down.
//!
//! Deliberately absent: which moves there are, which is the life cycle's.

mod clocks;
mod erase;
mod forms;
mod leave;
pub(super) mod names;
mod others;
mod parts;
mod posted;
mod said;
mod screen;
mod sent;
mod ways;

use super::{
    desk::Desk,
    form::Posted,
    stop::{Stop, Why},
};
use crate::access::{self, Permission};
use crate::ticket::Ticket;
use crate::ticket::lifecycle::Move;
use actix_web::{
    HttpResponse, HttpResponseBuilder,
    web::{Path, Query, ServiceConfig, get, post},
};
use posted::{Filled, Outcome};
use screen::Wanted;
use serde::Deserialize;

/// The addresses of one ticket.
pub(super) fn routes(config: &mut ServiceConfig) {
    config
        .route("/tickets/{number}", get().to(show))
        .route("/tickets/{number}/phone", post().to(phone))
        .route("/tickets/{number}/people", get().to(people))
        .route("/tickets/{number}/erase", get().to(erase::ask))
        .route("/tickets/{number}/erase", post().to(erase::erase))
        .route("/tickets/{number}/{action}", post().to(act));
}

/// Which form is open, and with which words to begin.
#[derive(Deserialize, Default)]
#[serde(default)]
struct Asked {
    form: String,
    template: String,
}

async fn show(desk: Desk, number: Path<String>, asked: Query<Asked>) -> Result<HttpResponse, Stop> {
    let ticket = desk.ticket(&number).await?;
    let text = words_to_begin(&desk, &ticket, &asked.template).await?;
    let filled = Filled { text, ..Filled::default() };
    let form = Move::of(&asked.form).map(|wanted| (wanted, filled));
    page(&desk, &ticket, HttpResponse::Ok(), Wanted { form, ..Wanted::default() }).await
}

/// The words of an answer template, filled in for this ticket.
async fn words_to_begin(desk: &Desk, ticket: &Ticket, id: &str) -> Result<String, Stop> {
    let Ok(id) = id.parse() else { return Ok(String::new()) };
    let found = desk.app.store.answer_template(id).await.map_err(|error| desk.broken(&error))?;
    let filled = |text: String| crate::replies::answer::filled(&text, ticket, &desk.county);
    Ok(found.map(|one| filled(one.text)).unwrap_or_default())
}

async fn page(
    desk: &Desk,
    ticket: &Ticket,
    answer: HttpResponseBuilder,
    wanted: Wanted,
) -> Result<HttpResponse, Stop> {
    if ticket.report.confidential {
        desk.note("ticket_seen", Some(ticket.number.as_str()), "").await?;
    }
    let screen = screen::gather(desk, ticket, wanted).await.map_err(|e| desk.broken(&e))?;
    desk.page_with(answer, "ticket/ticket.html", "queues", ticket.number.as_str(), screen)
}

#[derive(Deserialize)]
struct Nothing {}

/// The telephone number is shown once, and that it was is written down.
async fn phone(number: Path<String>, posted: Posted<Nothing>) -> Result<HttpResponse, Stop> {
    let desk = posted.desk;
    let ticket = desk.ticket(&number).await?;
    desk.needs(Permission::Personal)?;
    desk.note("phone_seen", Some(ticket.number.as_str()), "").await?;
    let wanted = Wanted { is_open: true, ..Wanted::default() };
    page(&desk, &ticket, HttpResponse::Ok(), wanted).await
}

#[derive(Deserialize)]
struct Typed {
    #[serde(default)]
    other: String,
}

/// People and units whose names begin with, or hold, what was typed last.
async fn people(
    desk: Desk,
    number: Path<String>,
    typed: Query<Typed>,
) -> Result<HttpResponse, Stop> {
    desk.ticket(&number).await?;
    desk.needs(Permission::Dispatch)?;
    let found = forms::people_named(&desk.county, &typed.other);
    desk.part("ticket/people.html", found)
}

async fn act(path: Path<(String, String)>, posted: Posted<Filled>) -> Result<HttpResponse, Stop> {
    let (number, code) = path.into_inner();
    let Posted { desk, form: filled } = posted;
    let ticket = desk.ticket(&number).await?;
    let wanted = Move::of(&code).ok_or_else(|| desk.stop(Why::Nothing))?;
    desk.needs(needed_for(wanted))?;
    let form = Some((wanted, filled.clone()));
    match posted::carry_out(&desk, &ticket, wanted, &filled).await? {
        Outcome::Done(after) => Ok(done(&desk, &after, wanted)),
        Outcome::Not(problem) => {
            let wanted = Wanted { form, problem: Some(problem), ..Wanted::default() };
            page(&desk, &ticket, HttpResponse::UnprocessableEntity(), wanted).await
        }
        Outcome::Meanwhile(first) => {
            let ticket = desk.ticket(&number).await?;
            let events = desk.app.store.history(ticket.id).await;
            let events = events.map_err(|error| desk.broken(&error))?;
            if screen::is_done_already(&desk, &events, filled.seen, wanted, &filled.text) {
                return Ok(done(&desk, &ticket, wanted));
            }
            let meanwhile = Some((first, filled.seen));
            let wanted = Wanted { form, meanwhile, ..Wanted::default() };
            page(&desk, &ticket, HttpResponse::Conflict(), wanted).await
        }
    }
}

/// Back to the ticket, or to the queues where it belongs to somebody else now.
fn done(desk: &Desk, after: &Ticket, wanted: Move) -> HttpResponse {
    let does = names::of(wanted).does;
    if desk.operator().sees(after) {
        let said = format!("{does}：已办好。");
        return desk.go_on(&format!("/console/tickets/{}", after.number), &said);
    }
    desk.go_on("/console/", &format!("{does}：已办好。{} 不再属于您的范围。", after.number))
}

/// The permission of a move; the sample stands for every way in which it can be filled in.
fn needed_for(wanted: Move) -> Permission {
    access::needed_for(&wanted.usual()).unwrap_or(Permission::Triage)
}
