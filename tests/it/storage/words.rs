//! Tickets are found by what somebody can say of them, exactly, and within sight only.

use super::{
    path, person,
    queues::{Dice, PLACES, any_ticket, put, somebody},
};
use crate::harness::{TestDatabase, monday, on_both};
use lianxin::{
    access::{Operator, Role},
    county::demo,
    storage::{Sight, Store},
    ticket::Ticket,
};

on_both![words_find_whatever_has_them_in_a_row_and_nothing_else];

async fn words_find_whatever_has_them_in_a_row_and_nothing_else(database: &TestDatabase) {
    let (store, county, clerk) = (&database.store, demo::county(), person("值班员"));
    let texts = [
        "建设路路灯不亮",
        "路边的灯不亮了，天黑路滑",
        "井盖丢了 ABC123号",
        "灯",
        "门口<b>路灯</b>坏了'; DROP TABLE ticket; --",
    ];
    let mut dice = Dice(11);
    for (nth, text) in texts.iter().enumerate() {
        let mut ticket = any_ticket(&mut dice, &clerk, monday());
        (*text).clone_into(&mut ticket.report.text);
        ticket.report.place.text = Some("王庄村东头".to_owned());
        ticket.report.confidential = false;
        ticket.report.contact = Some("19900001234".to_owned());
        ticket.area_path = path(PLACES[if nth == 0 { 2 } else { 4 }]);
        put(store, &ticket).await;
    }
    let find = async |reader: &Operator, words: &str| {
        let sight = Sight::of(reader, &county);
        let found = store.tickets_with_words(&sight, words, 50).await.unwrap();
        let mut found: Vec<usize> = found
            .iter()
            .map(|ticket| texts.iter().position(|text| *text == ticket.report.text).unwrap())
            .collect();
        found.sort_unstable();
        found
    };
    let whole = somebody(&clerk, Role::Admin, None, &[]);
    let township = somebody(&clerk, Role::Admin, Some("130699102"), &[]);
    for (words, found) in [
        ("路灯", vec![0, 4]),
        ("灯不亮", vec![0, 1]),
        ("路灯 不亮", vec![0]),
        ("灯", vec![0, 1, 3, 4]),
        ("abc123", vec![2]),
        ("王庄", vec![0, 1, 2, 3, 4]),
        ("亮天", vec![]),
        ("路滑王庄", vec![]),
        ("'; DROP TABLE ticket", vec![4]),
        ("\" OR *", vec![]),
        ("，", vec![]),
        ("", vec![]),
    ] {
        assert_eq!(find(&whole, words).await, found, "{words}");
        let there: Vec<usize> = found.into_iter().filter(|nth| *nth > 0).collect();
        assert_eq!(find(&township, words).await, there, "{words}");
    }
    // A migration keeps the words of what was there before.
    let applied = store.migration_status().await.unwrap().applied;
    let from = applied.iter().position(|name| name.ends_with("000021_words")).unwrap();
    store.migrate_down(u32::try_from(applied.len() - from).unwrap()).await.unwrap();
    store.migrate_up().await.unwrap();
    assert_eq!(find(&whole, "路灯").await, [0, 4]);
    let sight = Sight::of(&township, &county);
    assert_eq!(store.tickets_of_phone(&sight, "19900001234", 50).await.unwrap().len(), 4);
    assert_eq!(store.tickets_of_phone(&sight, "1990000123", 50).await.unwrap().len(), 0);
    let one = find_one(store, &sight).await;
    let tail = &one.number.as_str()[10..];
    let found = store.tickets_numbered_like(&sight, tail, 50).await.unwrap();
    assert!(found.iter().any(|ticket| ticket.id == one.id));
    assert_eq!(store.tickets_numbered_like(&sight, &tail[1..], 50).await.unwrap(), []);
}

async fn find_one(store: &Store, sight: &Sight) -> Ticket {
    store.tickets_of_phone(sight, "19900001234", 1).await.unwrap().remove(0)
}
