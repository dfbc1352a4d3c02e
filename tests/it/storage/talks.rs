//! Talks with the desk: one at a time, one of the desk at a time, and forgotten in the end.

use super::{follower, person};
use crate::harness::{TestDatabase, fresh, monday, on_both};
use chrono::TimeDelta;
use lianxin::storage::{ChatLine, Ended, Fate, Speaking, TALKS_FOR, Uttered};

on_both![a_talk_is_taken_by_one_and_found_again, what_was_said_is_forgotten];

fn line(text: &str) -> ChatLine {
    ChatLine {
        at: monday(),
        side: Speaking::Person,
        kind: Uttered::Text,
        text: text.to_owned(),
        media: None,
        who: None,
        outbox: None,
    }
}

async fn a_talk_is_taken_by_one_and_found_again(database: &TestDatabase) {
    let (store, now) = (&database.store, monday());
    let (wang, one, other) = (follower("o-wang"), person("值班员"), person("督办员"));
    let tx = store.begin().await.unwrap();
    assert_eq!(tx.talk_with(&wang).await.unwrap(), None);
    let talk = tx.begin_talk(fresh(), &wang, Some("130699201".to_owned()), now).await.unwrap();
    for text in ["一", "二"] {
        tx.write_line(&talk, &line(text)).await.unwrap();
    }
    let message = fresh();
    let outbox = Some(message);
    let desk =
        ChatLine { side: Speaking::Desk, outbox, who: Some("值班员".to_owned()), ..line("三") };
    tx.write_line(&talk, &desk).await.unwrap();
    assert!(tx.was_said(message).await.unwrap() && !tx.was_said(fresh()).await.unwrap());
    assert!(tx.claim_talk(talk.id, &one, None, now).await.unwrap());
    assert!(!tx.claim_talk(talk.id, &other, None, now).await.unwrap());
    assert!(!tx.claim_talk(talk.id, &other, Some(other.id), now).await.unwrap());
    tx.talk_answered(talk.id, now).await.unwrap();
    tx.talk_answered(talk.id, now + TimeDelta::hours(1)).await.unwrap();
    tx.commit().await.unwrap();

    let found = store.open_talks(9).await.unwrap();
    assert_eq!(found.len(), 1);
    assert_eq!((&found[0].claimed_by, found[0].answered_at), (&Some(one.clone()), Some(now)));
    let lines = store.lines_of(talk.id, 2).await.unwrap();
    assert_eq!(lines.iter().map(|(line, _)| line.text.as_str()).collect::<Vec<_>>(), ["二", "三"]);
    assert!(lines.iter().all(|(_, fate)| *fate == Fate::Sent));

    let tx = store.begin().await.unwrap();
    assert!(tx.claim_talk(talk.id, &other, Some(one.id), now).await.unwrap());
    tx.end_talk(talk.id, Ended::ByDesk, now).await.unwrap();
    assert!(!tx.claim_talk(talk.id, &other, None, now).await.unwrap());
    assert_eq!(tx.talk_with(&wang).await.unwrap(), None);
    tx.begin_talk(fresh(), &wang, None, now).await.unwrap();
    tx.commit().await.unwrap();
    assert_eq!(store.open_talks(9).await.unwrap().len(), 1);
}

async fn what_was_said_is_forgotten(database: &TestDatabase) {
    let (store, now) = (&database.store, monday());
    let (wang, li) = (follower("o-wang"), follower("o-li"));
    let tx = store.begin().await.unwrap();
    let of_wang = tx.begin_talk(fresh(), &wang, None, now).await.unwrap();
    let of_li = tx.begin_talk(fresh(), &li, None, now).await.unwrap();
    tx.write_line(&of_wang, &line("我家的事")).await.unwrap();
    tx.write_line(&of_li, &line("别的事")).await.unwrap();
    tx.end_talk(of_li.id, Ended::ByPerson, now).await.unwrap();
    tx.erase_talks(&wang).await.unwrap();
    tx.commit().await.unwrap();
    assert_eq!(store.talk(of_wang.id).await.unwrap(), None);
    assert!(store.lines_of(of_wang.id, 9).await.unwrap().is_empty());
    store.clear_old_talks(now + TALKS_FOR).await.unwrap();
    assert_eq!(store.lines_of(of_li.id, 9).await.unwrap().len(), 1);
    store.clear_old_talks(now + TALKS_FOR + TimeDelta::seconds(1)).await.unwrap();
    assert!(store.lines_of(of_li.id, 9).await.unwrap().is_empty());
    assert_eq!(store.talk(of_li.id).await.unwrap(), None);
}
