//! Messages that reached nobody: by reason, and one by one, with a way to send them again.

use super::look::RECENT;
use crate::{
    access::Permission,
    storage::{Astray, StorageError},
    web::console::{Desk, Posted, Stop, notices, stop::Why, words},
};
use actix_web::HttpResponse;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use uuid::Uuid;

/// So many are looked at for the reasons.
const LOOKED_AT: u64 = 1000;
/// So many are shown one by one.
const SHOWN: usize = 50;

#[derive(Serialize)]
struct Letters {
    reasons: Vec<Reason>,
    shown: Vec<Letter>,
    all: usize,
}

#[derive(Serialize)]
struct Reason {
    words: String,
    count: usize,
}

#[derive(Serialize)]
struct Letter {
    id: Uuid,
    when: String,
    kind: String,
    number: Option<String>,
    attempts: u32,
    reason: String,
}

/// A reason without the number that the platform gave this one call.
fn reason_of(letter: &Astray) -> String {
    let reason = letter.reason.split(" (rid").next().unwrap_or_default().trim();
    if reason.is_empty() { "没有写原因".to_owned() } else { reason.to_owned() }
}

async fn found(desk: &Desk) -> Result<Vec<Astray>, Stop> {
    let since = desk.now - RECENT;
    let found = desk.app.store.astray(&desk.sight(), since, LOOKED_AT).await;
    found.map_err(|error| desk.broken(&error))
}

pub(super) async fn list(desk: Desk) -> Result<HttpResponse, Stop> {
    desk.needs(Permission::Health)?;
    let found = found(&desk).await?;
    let mut reasons: BTreeMap<String, usize> = BTreeMap::new();
    for letter in &found {
        *reasons.entry(reason_of(letter)).or_default() += 1;
    }
    let mut reasons: Vec<Reason> =
        reasons.into_iter().map(|(words, count)| Reason { words, count }).collect();
    reasons.sort_by_key(|reason| std::cmp::Reverse(reason.count));
    let all = found.len();
    let letter = |letter: Astray| Letter {
        id: letter.id,
        when: words::when(letter.given_up_at, desk.now),
        kind: notices::words(&letter.kind),
        reason: reason_of(&letter),
        number: letter.number,
        attempts: letter.attempts,
    };
    let shown = found.into_iter().take(SHOWN).map(letter).collect();
    let content = Letters { reasons, shown, all };
    desk.page("health/letters.html", "health", "没有送到的消息", content)
}

#[derive(Debug, Deserialize)]
pub(super) struct Again {
    #[serde(default)]
    id: Option<Uuid>,
    #[serde(default)]
    reason: String,
}

pub(super) async fn again(posted: Posted<Again>) -> Result<HttpResponse, Stop> {
    let Posted { desk, form } = posted;
    desk.needs(Permission::Health)?;
    let ids: Vec<Uuid> = match form.id {
        Some(id) => vec![id],
        None if form.reason.is_empty() => return Err(desk.stop(Why::Unreadable)),
        None => {
            let found = found(&desk).await?;
            found.iter().filter(|one| reason_of(one) == form.reason).map(|one| one.id).collect()
        }
    };
    let sent: Result<u64, StorageError> = desk.app.store.send_these_again(&ids, desk.now).await;
    let count = sent.map_err(|error| desk.broken(&error))?;
    desk.app.bell.ring();
    desk.note("sent_again", None, &format!("{count} 条")).await?;
    let said = match count {
        0 => "没有要重发的：可能别人已经重发了。".to_owned(),
        count => format!("已放回 {count} 条，马上重新发送。"),
    };
    Ok(desk.go_on("/console/health/letters", &said))
}
