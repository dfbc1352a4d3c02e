//! What came in since a list was read, said quietly beside it: the list itself stays as it is
//! under the reader's hand.

use super::{
    super::{Desk, Stop},
    menu::{self, Entry},
};
use crate::{access::Permission, storage::Sight};
use actix_web::{
    HttpResponse,
    http::header::{HeaderName, HeaderValue},
    web::Query,
};
use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use url::form_urlencoded::Serializer;

#[derive(Deserialize)]
#[serde(default)]
#[derive(Default)]
pub(super) struct Asked {
    since: i64,
    /// What was told already: the same is not told again.
    told: u64,
    query: String,
}

#[derive(Serialize)]
struct News<'a> {
    count: u64,
    query: &'a str,
    entries: Vec<Entry>,
}

/// Where a list that was read now asks for what came in since.
pub(super) fn address(now: DateTime<Utc>, query: &str) -> String {
    let since = now.timestamp_millis().to_string();
    let asked = Serializer::new(String::new())
        .append_pair("since", &since)
        .append_pair("query", query)
        .finish();
    format!("/console/queues/news?{asked}")
}

pub(super) async fn news(desk: Desk, asked: Query<Asked>) -> Result<HttpResponse, Stop> {
    desk.needs(Permission::Look)?;
    let sight = Sight::of(desk.operator(), &desk.county);
    let after = DateTime::from_timestamp_millis(asked.since).unwrap_or(desk.now);
    let (store, now) = (&desk.app.store, desk.now);
    let count = store.came_in_after(&sight, after).await.map_err(|e| desk.broken(&e))?;
    let counts = store.queue_counts(&sight, now).await.map_err(|e| desk.broken(&e))?;
    let content = News { count, query: &asked.query, entries: menu::entries(&counts) };
    let mut answer = desk.part("queues/news.html", content)?;
    if count == asked.told {
        // Counts are exchanged all the same; only the sentence is not said once more.
        let headers = answer.headers_mut();
        headers.insert(HeaderName::from_static("hx-reswap"), HeaderValue::from_static("none"));
    }
    Ok(answer)
}
