//! A look for pages: it stays as it was, and nobody waits for it.

use super::{acted, follower, opened, operator, save};
use crate::harness::{TestDatabase, on_both};
use lianxin::ticket::{Stage, lifecycle::Action};

on_both![a_look_stays_as_it_was_while_writers_go_on];

async fn a_look_stays_as_it_was_while_writers_go_on(database: &TestDatabase) {
    let store = &database.store;
    let ticket = save(store, &opened(&follower("one"))).await;
    let look = store.look().await.unwrap();
    let before = look.ticket_by_number(&ticket.number).await.unwrap().unwrap();
    assert_eq!(before.status.stage(), Stage::Submitted);
    save(store, &acted(&ticket, Action::Accept, &operator())).await;
    let still = look.ticket_by_number(&ticket.number).await.unwrap().unwrap();
    assert_eq!(still, before);
    drop(look);
    let now = store.look().await.unwrap().ticket_by_number(&ticket.number).await.unwrap().unwrap();
    assert_eq!(now.status.stage(), Stage::Accepted);
}
