//! 会话: residents who asked for somebody (人工), who of the desk has them, and the talk with one of
//! them.
//!
//! Whoever triages may talk; a resident of another area does not exist for them, and one whose area
//! nobody knows is the county desk's. Pages work without scripts, and with them look for news quietly.
//!
//! Deliberately absent: when the bot is silent, which is the dialogue's, and how words leave.

mod list;
mod one;
mod posted;

use super::{
    Desk,
    stop::{Stop, Why},
};
use crate::{access::Permission, county::AreaCode, storage::Talk, ticket::Follower};
use actix_web::web::{ServiceConfig, get, post, resource};
use sha2::{Digest, Sha256};
use uuid::Uuid;

/// Where they are listed.
const LIST: &str = "/console/conversations";

pub(super) fn routes(config: &mut ServiceConfig) {
    config
        .service(resource("/conversations").route(get().to(list::list)))
        .service(resource("/conversations/news").route(get().to(list::news)))
        .service(
            resource("/conversations/{id}").route(get().to(one::one)).route(post().to(posted::say)),
        )
        .service(resource("/conversations/{id}/news").route(get().to(one::news)))
        .service(resource("/conversations/{id}/take").route(post().to(posted::take)))
        .service(resource("/conversations/{id}/release").route(post().to(posted::release)))
        .service(resource("/conversations/{id}/submit").route(post().to(posted::submit)));
}

/// Whether this operator may talk with that resident.
fn is_theirs(desk: &Desk, talk: &Talk) -> bool {
    let scope = &desk.operator().scope;
    let is_own_area = scope.area.as_deref().is_none_or(|own| {
        let area = talk.area.as_deref();
        area.is_some_and(|area| desk.county.is_within(&AreaCode::from(area), &own.into()))
    });
    // What a talk is about nobody knows beforehand.
    is_own_area && scope.categories.is_empty()
}

/// The talk of this address, if it exists for this operator.
async fn found(desk: &Desk, id: &str) -> Result<Talk, Stop> {
    desk.needs(Permission::Triage)?;
    let nothing = || desk.stop(Why::Nothing);
    let id = Uuid::try_parse(id).map_err(|_| nothing())?;
    let talk = desk.app.store.talk(id).await.map_err(|e| desk.broken(&e))?;
    talk.filter(|talk| is_theirs(desk, talk)).ok_or_else(nothing)
}

fn address(talk: &Talk) -> String {
    format!("{LIST}/{}", talk.id.simple())
}

/// How the desk calls somebody of whom it has no name: always the same for one resident.
fn mark_of(who: &Follower) -> String {
    let digest =
        Sha256::new().chain_update(&who.account).chain_update("/").chain_update(&who.openid);
    let sum: Vec<String> = digest.finalize().iter().take(2).map(|b| format!("{b:02X}")).collect();
    format!("居民{}", sum.concat())
}
