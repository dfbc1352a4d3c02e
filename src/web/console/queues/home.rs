//! The first page after signing in: what needs me now.

use super::{
    super::{Desk, Stop},
    drafts,
    menu::{self, Entry},
};
use crate::{access::Permission, storage::Sight};
use actix_web::HttpResponse;
use serde::Serialize;

#[derive(Serialize)]
struct Home {
    entries: Vec<Entry>,
    drafts: Option<u64>,
    /// Nothing waits for the desk.
    is_quiet: bool,
}

pub(super) async fn home(desk: Desk) -> Result<HttpResponse, Stop> {
    desk.needs(Permission::Look)?;
    let sight = Sight::of(desk.operator(), &desk.county);
    let counts = desk.app.store.queue_counts(&sight, desk.now).await;
    let entries = menu::entries(&counts.map_err(|e| desk.broken(&e))?);
    let is_quiet = entries.iter().all(Entry::is_quiet);
    let drafts = drafts::count(&desk, &sight).await?;
    desk.page("home.html", "home", "首页", Home { entries, drafts, is_quiet })
}
