//! Tickets with what happened to them, in pages: what exports and figures are made of.

use super::{acted, dispatch, follower, opened, operator, path, person, save, saved};
use crate::harness::{TestDatabase, monday, on_both};
use chrono::TimeDelta;
use lianxin::{
    county::demo,
    ids::RandomIds,
    ticket::{TicketId, event::Actor, lifecycle::Action},
};
use std::collections::HashSet;

on_both![
    stories_come_in_pages_each_with_its_events_in_order,
    an_area_has_what_lay_in_it_when_it_was_submitted,
    the_phones_of_members_are_known_and_those_of_residents_are_not_among_them,
];

async fn stories_come_in_pages_each_with_its_events_in_order(database: &TestDatabase) {
    let store = &database.store;
    let zhang = person("张建国");
    for n in 0..7 {
        let mut done = opened(&follower("wang"));
        // Several in one moment.
        done.after.submitted_at = monday() + TimeDelta::minutes(n / 3);
        let mut ticket = save(store, &done).await;
        if n % 2 == 0 {
            for action in [Action::Accept, dispatch(&[&zhang])] {
                ticket = save(store, &acted(&ticket, action, &operator())).await;
            }
            let take = acted(&ticket, Action::Take, &Actor::Member(zhang.clone()));
            save(store, &take).await;
        }
    }
    let until = Some(monday() + TimeDelta::minutes(2));
    let (mut after, mut seen) = (None, Vec::new());
    loop {
        let page = store.stories_between(Some(monday()), until, None, after, 2).await.unwrap();
        let Some((last, _)) = page.last() else { break };
        after = Some((last.submitted_at, last.id));
        for (ticket, events) in page {
            assert_eq!(events, store.history(ticket.id).await.unwrap());
            assert_eq!(events[0].what.code(), "submitted");
            seen.push((ticket.submitted_at, ticket.id));
        }
    }
    assert_eq!(seen.len(), 6, "the seventh was submitted at the end of the span");
    assert!(seen.is_sorted() && seen.windows(2).all(|two| two[0] != two[1]));
}

async fn an_area_has_what_lay_in_it_when_it_was_submitted(database: &TestDatabase) {
    let store = &database.store;
    let here = saved(store, &follower("wang"), &[]).await;
    let mut elsewhere = opened(&follower("li"));
    elsewhere.after.area_path = path(&["130699", "130699202"]);
    let elsewhere = save(store, &elsewhere).await;
    let found = async |area: &str| -> Vec<TicketId> {
        let page = store.stories_between(None, None, Some(area), None, 9).await.unwrap();
        let mut ids: Vec<TicketId> = page.into_iter().map(|(ticket, _)| ticket.id).collect();
        ids.sort();
        ids
    };
    let mut both = [here.id, elsewhere.id];
    both.sort();
    assert_eq!(found("130699").await, both);
    assert_eq!(found("130699201").await, [here.id]);
    assert_eq!(found("130699202").await, [elsewhere.id]);
    // The beginning of a code is no area, and no pattern is taken for one.
    assert_eq!(found("13069920").await, []);
    assert_eq!(found("13069920%").await, []);
}

async fn the_phones_of_members_are_known_and_those_of_residents_are_not_among_them(
    database: &TestDatabase,
) {
    let store = &database.store;
    let (wang, zhang) = (follower("wang"), follower("zhang"));
    let tx = store.begin().await.unwrap();
    tx.replace_county(&demo::county(), &RandomIds, monday()).await.unwrap();
    for who in [&wang, &zhang] {
        tx.open_conversation(who, monday()).await.unwrap();
    }
    tx.commit().await.unwrap();
    let members = store.members().await.unwrap();
    let member = members.iter().find(|listed| listed.person.name == "张建国").unwrap();
    let tx = store.begin().await.unwrap();
    tx.bind(&zhang, member.person.id).await.unwrap();
    tx.commit().await.unwrap();
    assert_eq!(store.phones_of_members().await.unwrap(), HashSet::from([zhang]));
}
