//! Pages for phones: how one's matter stands, signing it off and rating it; a member's task.
//!
//! Made on the server, and whole without scripts. Whoever opens one is proven by the platform
//! (网页授权) and then known by a sealed cookie for two hours; where the account has no right to
//! that, a signed link shows one ticket to one person, and lets them do nothing: for that the chat
//! is asked. What belongs to somebody else looks like what is not there.
//!
//! What is done here goes through [`crate::page_acts`], like a word in the chat.
//!
//! Deliberately absent: tables, rules, and anything that a page would keep: every answer is
//! `no-store`, tells no other site where it was, and is in nobody's index.

mod door;
mod files;
mod mine;
mod page;
mod photo;
mod proof;
mod sdk;
mod sheet;
mod steps;
mod stop;
mod task;
mod ticket;
mod upload;
mod way_in;

use actix_web::{
    middleware::Compress,
    web::{ServiceConfig, get, post, scope},
};
use door::Door;
use stop::{Stop, Why};

/// Everything below `/m/` that is about one person, and the files that prove a domain.
pub(super) fn routes(config: &mut ServiceConfig) {
    config.route("/{file:MP_verify_[A-Za-z0-9]+\\.txt}", get().to(proof::file)).service(
        scope("/m")
            .wrap(Compress::default())
            .route("/static/{file}", get().to(files::file))
            .route("/privacy", get().to(super::pages::privacy))
            .route("/page.css", get().to(super::pages::style))
            .route("/in", get().to(way_in::arrives))
            .route("/mine", get().to(mine::page))
            .route("/t/{key}", get().to(ticket::page))
            .route("/t/{key}/photo/{index}", get().to(photo::of_ticket))
            .route("/t/{key}/signoff", post().to(ticket::sign_off))
            .route("/t/{key}/rate", post().to(ticket::rate))
            .route("/t/{key}/answer", post().to(ticket::answer))
            .route("/task/{key}", get().to(task::page))
            .route("/task/{key}/photo/{index}", get().to(photo::of_task))
            .route("/task/{key}/take", post().to(task::take))
            .route("/task/{key}/decline", post().to(task::decline))
            .route("/task/{key}/ask", post().to(task::ask))
            .route("/task/{key}/finish", post().to(task::finish))
            .default_service(actix_web::web::to(nothing_here)),
    );
}

async fn nothing_here(_: Door) -> Result<actix_web::HttpResponse, Stop> {
    Err(Stop::from(Why::Nothing))
}
