//! The console: where operators triage, dispatch, supervise and report.
//!
//! Pages are made here on the server and work without scripts; with them htmx swaps what changed.
//! Every page begins with a [`Desk`] – who is signed in, the county, one `now` – and ends with
//! [`Desk::page`] or a [`Stop`]. Every form is a [`Posted`], which no other site can send. What an
//! operator may do is asked of [`crate::access`] and nowhere else; what they do to a ticket goes
//! through [`crate::desk`], like a word in chat.
//!
//! One file or folder a section, each with a `routes` of its own.
//!
//! Deliberately absent: tables, rules, and a way to change a ticket.

mod accounts;
mod answers;
mod area_codes;
mod areas;
mod audit;
mod broadcasts;
mod callbacks;
mod codes;
mod conversations;
mod desk;
mod enter;
mod entrance;
mod figures;
mod files;
mod form;
mod groups;
mod handbook;
mod health;
mod lamps;
mod media;
mod members;
mod menus;
mod notices;
mod page;
pub(crate) mod plain;
mod queues;
mod second_factor;
mod settings;
mod stop;
mod ticket;
mod wording;
pub(crate) mod words;

use actix_web::{
    middleware::Compress,
    web::{ServiceConfig, get, redirect, scope, to},
};
use desk::Desk;
use form::Posted;
use stop::Stop;

/// Everything below `/console/`.
pub(super) fn routes(config: &mut ServiceConfig) {
    config.service(redirect("/console", "/console/")).service(
        scope("/console")
            .wrap(Compress::default())
            .route("/static/{file:.*}", get().to(files::file))
            .configure(entrance::routes)
            .configure(second_factor::routes)
            .configure(accounts::routes)
            .configure(answers::routes)
            .configure(area_codes::routes)
            .configure(audit::routes)
            .configure(codes::routes)
            .configure(conversations::routes)
            .configure(queues::routes)
            .configure(health::routes)
            .configure(lamps::routes)
            .configure(media::routes)
            .configure(wording::routes)
            .configure(broadcasts::routes)
            .configure(groups::routes)
            .configure(callbacks::routes)
            .configure(enter::routes)
            .configure(figures::routes)
            .configure(handbook::routes)
            .configure(members::routes)
            .configure(menus::routes)
            .configure(settings::routes)
            .configure(ticket::routes)
            .default_service(to(nothing_here)),
    );
}

async fn nothing_here(desk: Desk) -> Result<actix_web::HttpResponse, Stop> {
    Err(desk.stop(stop::Why::Nothing))
}
