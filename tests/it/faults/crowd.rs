//! Many at once: everybody is answered, each in the order in which they spoke.

use crate::harness::{
    TestDatabase, on_both,
    rehearsal::{Rehearsal, said},
};
use futures_util::future::{join, join_all};
use lianxin::ticket::lifecycle::Action;

on_both![
    sixty_messages_of_one_resident_are_all_answered,
    two_hundred_residents_at_once_are_answered_in_order,
    worker_and_desk_go_on_while_residents_talk,
    of_two_at_the_desk_the_second_hears_what_the_first_did,
    fifty_who_see_one_thing_at_once_are_all_told_with_one_ticket,
];

async fn sixty_messages_of_one_resident_are_all_answered(database: &TestDatabase) {
    let rehearsal = Rehearsal::on(database).await;
    let ticket = rehearsal.reports("王大娘", "我家门口路灯坏了三天了，王庄村东头").await;
    let number = ticket.number.as_str().to_owned();
    // Half of it is wild talk, half asks for the same thing.
    let texts: Vec<String> =
        (0..60).map(|n| if n % 2 == 0 { number.clone() } else { format!("帮助{n}") }).collect();
    let said = texts.iter().map(|text| rehearsal.does("王大娘", said(text)));
    for delivery in join_all(said).await {
        assert_eq!(delivery.posted, 1, "{:?}", delivery.answers);
        assert!(delivery.text().is_some_and(|text| !text.is_empty()), "{:?}", delivery.answers);
    }
    assert_eq!(rehearsal.tickets().await.len(), 1);
}

async fn two_hundred_residents_at_once_are_answered_in_order(database: &TestDatabase) {
    let rehearsal = Rehearsal::on(database).await;
    let talks = (0..200).map(|n| {
        let (rehearsal, name) = (&rehearsal, format!("居民{n}"));
        async move {
            let what = rehearsal.says(&name, &format!("{n}号楼门口路灯坏了，王庄村东头")).await;
            assert!(what.contains("路灯"), "{what}");
            let done = rehearsal.says(&name, "1").await;
            assert!(done.contains("LX"), "{n}: {done}");
            rehearsal.says(&name, "我的诉求").await
        }
    });
    for listed in join_all(talks).await {
        assert!(listed.contains("LX") || listed.contains("路灯"), "{listed}");
    }
    assert_eq!(rehearsal.tickets().await.len(), 200);
}

async fn fifty_who_see_one_thing_at_once_are_all_told_with_one_ticket(database: &TestDatabase) {
    let rehearsal = Rehearsal::on(database).await;
    let first = rehearsal.reports("王大娘", "路灯坏了，王庄村东头").await;
    let talks = (0..50).map(|n| {
        let (rehearsal, name) = (&rehearsal, format!("居民{n}"));
        async move {
            let asked = rehearsal.says(&name, "路灯坏了，王庄村东头").await;
            assert!(asked.contains("我也关注"), "{asked}");
            rehearsal.says(&name, "1").await
        }
    });
    for told in join_all(talks).await {
        assert!(told.contains(first.number.as_str()), "{told}");
    }
    let tickets = rehearsal.tickets().await;
    assert_eq!(tickets.len(), 51);
    let master = tickets.iter().find(|ticket| ticket.id == first.id).unwrap();
    assert_eq!(master.course.copies, 50, "each of them waits for it");
}

async fn of_two_at_the_desk_the_second_hears_what_the_first_did(database: &TestDatabase) {
    let rehearsal = Rehearsal::on(database).await;
    let seen = rehearsal.reports("王大娘", "路灯坏了，王庄村东头").await;
    let accepted = rehearsal.desk(&seen, Action::Accept).await.unwrap();
    let to = vec![rehearsal.member("张建国").await];
    let call = || lianxin::ticket::Call { to: to.clone(), ..lianxin::ticket::Call::default() };
    rehearsal.desk(&accepted, Action::Dispatch { call: call() }).await.unwrap();
    let second = rehearsal.member("督办员").await;
    let version = Some(accepted.version);
    let dispatch = Action::Dispatch { call: call() };
    let late = lianxin::desk::act(&rehearsal.app, &second, &seen.number, version, dispatch).await;
    match late.unwrap_err() {
        lianxin::desk::DeskError::Meanwhile { number, first } => {
            assert_eq!(number, seen.number);
            assert_eq!(first, "刚刚由值班员派给了张建国");
        }
        other => panic!("{other:?}"),
    }
    // Both at once, and both saw the same: one has done it, the other hears of it.
    let other = rehearsal.reports("刘婶", "水管漏水，李家村").await;
    let accept = |by| {
        let (app, number) = (&rehearsal.app, &other.number);
        let version = Some(other.version);
        async move { lianxin::desk::act(app, by, number, version, Action::Accept).await }
    };
    let first = rehearsal.member("值班员").await;
    let (one, two) = Box::pin(join(accept(&first), accept(&second))).await;
    let (won, lost) = if one.is_ok() { (one, two) } else { (two, one) };
    assert!(won.is_ok(), "{won:?}");
    let lost = lost.unwrap_err().to_string();
    assert!(lost.contains("刚刚由") && lost.contains("员受理"), "{lost}");
}

async fn worker_and_desk_go_on_while_residents_talk(database: &TestDatabase) {
    let rehearsal = Rehearsal::on(database).await;
    let mut tickets = Vec::new();
    for n in 0..20 {
        tickets.push(rehearsal.reports(&format!("先来的{n}"), "路灯坏了，王庄村东头").await);
    }
    let handler = rehearsal.member("张建国").await;
    let talks = join_all((0..60).map(|n| {
        let (rehearsal, name) = (&rehearsal, format!("居民{n}"));
        async move {
            rehearsal.says(&name, &format!("{n}号楼水管漏水，李家村东头")).await;
            let done = rehearsal.says(&name, "1").await;
            assert!(done.contains("LX"), "{n}: {done}");
        }
    }));
    let desk = join_all(tickets.iter().map(|ticket| {
        let (rehearsal, handler) = (&rehearsal, handler.clone());
        async move {
            let ticket = rehearsal.desk(ticket, Action::Accept).await.unwrap();
            let reason = "就近".to_owned();
            let dispatch = Action::Dispatch {
                call: lianxin::ticket::Call {
                    to: vec![handler],
                    unit: None,
                    reason,
                    ..lianxin::ticket::Call::default()
                },
            };
            rehearsal.desk(&ticket, dispatch).await.unwrap();
        }
    }));
    let worker = async {
        for _ in 0..30 {
            rehearsal.settle().await;
        }
    };
    join(join(talks, desk), worker).await;
    rehearsal.later(chrono::TimeDelta::minutes(1)).await;
    assert_eq!(rehearsal.tickets().await.len(), 80);
    // One task for each of the twenty, and one word to the desk for each of the eighty.
    assert_eq!(rehearsal.notices("张建国").len(), 20);
    assert_eq!(rehearsal.notices("值班员").len(), 80);
}
