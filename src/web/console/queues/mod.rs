//! Queues: what waits at the desk, and what is done with many tickets at once.
//!
//! Counts and lists are asked with one [`Sight`], so a number never promises what its list does
//! not show. A list goes on after the last ticket that was read, and nothing moves under the
//! reader's hand: what came in is said beside it.
//!
//! Deliberately absent: what may be done with a ticket, which [`crate::desk`] decides.

mod bulk;
mod choice;
mod drafts;
mod home;
mod menu;
mod months;
mod news;
mod row;
mod search;
mod views;

use super::{Desk, Stop};
use crate::{
    access::Permission,
    storage::{SavedView, Sight},
    ticket::Queue,
};
use actix_web::{
    HttpResponse,
    web::{Query, ServiceConfig, get, post},
};
use choice::{Choice, Choices};
use menu::{Entry, words_of};
use row::Row;
use serde::Serialize;

pub(super) fn routes(config: &mut ServiceConfig) {
    config
        .route("/", get().to(home::home))
        .route("/queues", get().to(list))
        .route("/search", get().to(search::search))
        .route("/queues/news", get().to(news::news))
        .route("/queues/drafts", get().to(drafts::drafts))
        .route("/queues/months", get().to(months::months))
        .route("/queues/bulk", post().to(bulk::bulk))
        .route("/queues/views", post().to(views::save))
        .route("/queues/views/forget", post().to(views::forget));
}

#[derive(Serialize)]
struct List<'a> {
    queue: &'a str,
    words: &'a str,
    hint: &'a str,
    count: u64,
    /// Not everything of the list is asked for.
    is_filtered: bool,
    entries: Vec<Entry>,
    drafts: Option<u64>,
    rows: Vec<Row>,
    choices: Choices<'a>,
    /// The query of this list, without the place in it.
    query: String,
    next: Option<String>,
    is_first: bool,
    views: Vec<View>,
    may: May,
    units: Vec<&'a str>,
    /// Where to ask for what came in since it was read.
    news: String,
}

/// What the operator may do with many at once.
#[derive(Serialize)]
struct May {
    triage: bool,
    dispatch: bool,
}

/// A list that the operator made.
#[derive(Serialize)]
struct View {
    name: String,
    query: String,
}

/// One of the lists.
async fn list(desk: Desk, choice: Query<Choice>) -> Result<HttpResponse, Stop> {
    desk.needs(Permission::Look)?;
    let (store, county, now) = (&desk.app.store, &*desk.county, desk.now);
    let sight = Sight::of(desk.operator(), county);
    let queue = choice.queue().unwrap_or(Queue::New);
    let wanted = choice.wanted();
    let numbers = store.queue_counts(&sight, now).await.map_err(|e| desk.broken(&e))?;
    let found = store.queue_page(county, &sight, queue, &wanted, choice.page(), now).await;
    let listing = found.map_err(|e| desk.broken(&e))?;
    let drafts = drafts::count(&desk, &sight).await?;
    let own = store.saved_views(desk.operator().id).await.map_err(|e| desk.broken(&e))?;
    let (words, hint) = words_of(queue);
    let query = choice.query(queue.code());
    let news = news::address(now, &query);
    let may = |permission| desk.operator().may(permission);
    let may = May { triage: may(Permission::Triage), dispatch: may(Permission::Dispatch) };
    let page = List {
        queue: queue.code(),
        words,
        hint,
        count: numbers.of(queue),
        is_filtered: !wanted.is_everything(),
        entries: menu::entries(&numbers),
        drafts,
        rows: listing.tickets.iter().map(|ticket| Row::of(ticket, county, now)).collect(),
        choices: Choices::of(&desk, &choice),
        next: listing.next.map(|mark| format!("{query}&after={}", choice::written(&mark))),
        query,
        is_first: choice.after().is_none(),
        views: own.into_iter().map(View::from).collect(),
        may,
        units: county.units().iter().map(|unit| unit.name.as_str()).collect(),
        news,
    };
    desk.page("queues/list.html", "queues", words, page)
}

impl From<SavedView> for View {
    fn from(view: SavedView) -> Self {
        Self { name: view.name, query: view.query }
    }
}
