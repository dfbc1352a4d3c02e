//! Reports that were begun in a chat and left lying: how many, about what, where. What was said
//! and by whom is not shown: it was not sent to anybody yet.

use super::super::{Desk, Stop, words};
use super::choice::PAGE;
use crate::{
    access::Permission,
    storage::{LeftDraft, Sight},
};
use actix_web::{HttpResponse, web::Query};
use serde::{Deserialize, Serialize};

/// How many there are, for those who see the whole county: where a draft belongs is not sure.
pub(super) async fn count(desk: &Desk, sight: &Sight) -> Result<Option<u64>, Stop> {
    if !sight.is_whole() {
        return Ok(None);
    }
    let count = desk.app.store.left_draft_count(desk.now).await;
    count.map(Some).map_err(|e| desk.broken(&e))
}

#[derive(Deserialize)]
#[serde(default)]
pub(super) struct Which {
    page: u64,
}

impl Default for Which {
    fn default() -> Self {
        Self { page: 1 }
    }
}

#[derive(Serialize)]
struct Drafts {
    count: u64,
    rows: Vec<Left>,
    page: u64,
    has_more: bool,
}

#[derive(Serialize)]
struct Left {
    category: String,
    place: String,
    touched: String,
    age: String,
}

pub(super) async fn drafts(desk: Desk, which: Query<Which>) -> Result<HttpResponse, Stop> {
    desk.needs(Permission::Look)?;
    let sight = Sight::of(desk.operator(), &desk.county);
    let Some(count) = count(&desk, &sight).await? else {
        return Err(desk.stop(super::super::stop::Why::Nothing));
    };
    let page = which.page.clamp(1, 1000);
    let left = desk.app.store.left_drafts(desk.now, (page - 1) * PAGE, PAGE).await;
    let left = left.map_err(|e| desk.broken(&e))?;
    let rows = left.iter().map(|draft| row(&desk, draft)).collect();
    let content = Drafts { count, rows, page, has_more: page * PAGE < count };
    desk.page("queues/drafts.html", "queues", "没说完的", content)
}

fn row(desk: &Desk, draft: &LeftDraft) -> Left {
    let category = draft.category.as_deref().and_then(|code| desk.county.category(code));
    let place = draft.area.as_deref().map(|code| desk.county.spoken_path(&code.into()));
    Left {
        category: category.map_or_else(|| "还不清楚".to_owned(), |one| one.name.clone()),
        place: place.filter(|words| !words.is_empty()).unwrap_or_else(|| "还不清楚".to_owned()),
        touched: words::when(draft.touched_at, desk.now),
        age: words::how_long(desk.now - draft.touched_at),
    }
}
