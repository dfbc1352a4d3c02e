//! Who asks to be forgotten is: nothing that is stored leads to them any more, and the county keeps
//! what it did.

use crate::harness::{
    TestDatabase, on_both,
    rehearsal::{Rehearsal, said},
};
use chrono::TimeDelta;
use lianxin::{
    erasure,
    simulator::{self, Message, PersonEvent},
    storage::Store,
    ticket::{Ticket, lifecycle::Action},
};
use sea_orm::{ConnectionTrait, DbBackend, Statement};

const PHONE: &str = "19900001234";
const TEXT: &str = "王庄村东头路灯坏了三天，打19900001234或0312-5551234找我";

/// Every row of every table as text.
async fn everything(store: &Store) -> Vec<(String, String)> {
    let on = store.connection();
    let backend = on.get_database_backend();
    let listed = match backend {
        DbBackend::Postgres => "SELECT tablename::text FROM pg_tables WHERE schemaname = 'public'",
        _ => "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE '%words_text%'",
    };
    let listed = on.query_all_raw(Statement::from_string(backend, listed)).await.unwrap();
    let mut rows = Vec::new();
    for table in listed {
        let table: String = table.try_get_by_index(0).unwrap();
        let all = if backend == DbBackend::Postgres {
            format!("SELECT t::text FROM \"{table}\" t")
        } else {
            let columns = format!("SELECT name FROM pragma_table_info('{table}')");
            let columns = on.query_all_raw(Statement::from_string(backend, columns)).await.unwrap();
            let columns: Vec<String> = columns
                .iter()
                .map(|column| column.try_get_by_index::<String>(0).unwrap())
                .map(|name| {
                    format!(
                        "CASE typeof(\"{name}\") WHEN 'blob' THEN hex(\"{name}\") \
                         ELSE COALESCE(\"{name}\", '') END"
                    )
                })
                .collect();
            format!("SELECT {} FROM \"{table}\"", columns.join(" || '|' || "))
        };
        for row in on.query_all_raw(Statement::from_string(backend, all)).await.unwrap() {
            rows.push((table.clone(), row.try_get_by_index(0).unwrap()));
        }
    }
    rows
}

async fn tables_with(store: &Store, what: &str) -> Vec<String> {
    let rows = everything(store).await;
    let mut tables: Vec<String> =
        rows.into_iter().filter(|(_, row)| row.contains(what)).map(|(table, _)| table).collect();
    tables.dedup();
    tables
}

async fn reported(stage: &Rehearsal) -> Ticket {
    let ticket = stage.reports("王大娘", TEXT).await;
    stage.says("王大娘", &format!("我的电话是{PHONE}")).await;
    let ticket = stage.desk(&ticket, Action::Accept).await.unwrap();
    stage.settle().await;
    ticket
}

async fn found(stage: &Rehearsal, ticket: &Ticket) -> Ticket {
    stage.app.store.ticket_numbered(&ticket.number).await.unwrap().unwrap()
}

on_both![
    whoever_cancels_is_nowhere_any_more_and_the_ticket_stays,
    withdrawing_everything_does_the_same_and_withdrawing_the_place_forgets_the_home_only,
    who_left_is_forgotten_after_ninety_days_when_nothing_is_in_hand,
    who_comes_back_in_time_is_not_forgotten,
    on_request_everything_of_theirs_goes_and_it_is_written_down_without_a_name,
];

async fn whoever_cancels_is_nowhere_any_more_and_the_ticket_stays(database: &TestDatabase) {
    let stage = Rehearsal::on(database).await;
    let ticket = reported(&stage).await;
    let openid = stage.follower("王大娘").openid;
    // A draft lies there, too.
    stage.says("王大娘", &format!("还有一件事，井盖也坏了，电话{PHONE}")).await;
    let store = &stage.app.store;
    assert!(tables_with(store, &openid).await.contains(&"resident".to_owned()));
    assert!(tables_with(store, PHONE).await.contains(&"ticket_event".to_owned()));
    let happened = store.history(ticket.id).await.unwrap().len();

    for _ in 0..2 {
        let told = stage.platform().tell_of(&openid, PersonEvent::Cancelled).await.unwrap();
        assert_eq!(told, simulator::Answer::Silence);
        assert_eq!(tables_with(store, &openid).await, [""; 0]);
        assert_eq!(tables_with(store, PHONE).await, [""; 0]);
        stage.clock.advance(TimeDelta::seconds(1));
    }
    let kept = found(&stage, &ticket).await;
    assert!(kept.is_nobodys());
    assert_eq!(kept.status, ticket.status);
    assert!(kept.report.text.contains("王庄村东头路灯坏了三天"), "{}", kept.report.text);
    assert_eq!(store.history(ticket.id).await.unwrap().len(), happened);

    // The matter goes on, and nobody is told or has to be called.
    let before = stage.notices("王大娘").len();
    let action = Action::AnswerAtOnce { text: "已经修好了".to_owned() };
    stage.desk(&kept, action).await.unwrap();
    stage.later(TimeDelta::minutes(1)).await;
    assert_eq!(stage.notices("王大娘").len(), before);
    assert!(store.call_back_of(ticket.id).await.unwrap().is_none());
    assert_eq!(tables_with(store, &openid).await, [""; 0]);

    // Whoever writes again begins anew.
    let list = stage.says("王大娘", "我的诉求").await;
    assert!(!list.contains(ticket.number.as_str()), "{list}");
}

async fn withdrawing_everything_does_the_same_and_withdrawing_the_place_forgets_the_home_only(
    database: &TestDatabase,
) {
    let stage = Rehearsal::on(database).await;
    let ticket = reported(&stage).await;
    let who = stage.follower("王大娘");
    stage.does("王大娘", Message::Scan { scene: "area:130699201201".to_owned() }).await;
    let home = || async {
        let tx = stage.app.store.begin().await.unwrap();
        tx.open_conversation(&who, stage.clock_now()).await.unwrap().speaker.home
    };
    assert!(home().await.is_some());
    let revoked = |what: &str| PersonEvent::Revoked(what.to_owned());
    stage.platform().tell_of(&who.openid, revoked("206")).await.unwrap();
    assert_eq!(home().await, None);
    stage.platform().tell_of(&who.openid, revoked("205")).await.unwrap();
    assert_eq!(found(&stage, &ticket).await.reporter, who);
    stage.platform().tell_of(&who.openid, revoked("301")).await.unwrap();
    assert!(found(&stage, &ticket).await.is_nobodys());
    assert_eq!(tables_with(&stage.app.store, &who.openid).await, [""; 0]);
}

async fn who_left_is_forgotten_after_ninety_days_when_nothing_is_in_hand(database: &TestDatabase) {
    let stage = Rehearsal::on(database).await;
    let ticket = reported(&stage).await;
    let openid = stage.follower("王大娘").openid;
    stage.platform().push(&openid, Message::Unfollow).await.unwrap();
    stage.clock.advance(erasure::GONE_AFTER + TimeDelta::days(1));
    let look = || erasure::of_gone(&stage.app, stage.clock_now());
    // Still in hand: the county may have to answer.
    assert_eq!(look().await.unwrap(), 0);
    let ended = Action::AnswerAtOnce { text: "已经修好了".to_owned() };
    stage.desk(&ticket, ended).await.unwrap();
    for _ in 0..12 {
        stage.later(TimeDelta::days(1)).await;
    }
    assert!(found(&stage, &ticket).await.is_ended());
    assert_eq!(look().await.unwrap(), 1);
    assert_eq!(look().await.unwrap(), 0);
    assert!(found(&stage, &ticket).await.is_nobodys());
    assert_eq!(tables_with(&stage.app.store, &openid).await, [""; 0]);
}

async fn who_comes_back_in_time_is_not_forgotten(database: &TestDatabase) {
    let stage = Rehearsal::on(database).await;
    let openid = stage.follower("王大娘").openid;
    stage.platform().push(&openid, said("你好")).await.unwrap();
    stage.platform().push(&openid, Message::Unfollow).await.unwrap();
    stage.clock.advance(erasure::GONE_AFTER - TimeDelta::days(1));
    stage.platform().push(&openid, Message::Follow { scene: None }).await.unwrap();
    stage.clock.advance(TimeDelta::days(2));
    assert_eq!(erasure::of_gone(&stage.app, stage.clock_now()).await.unwrap(), 0);
    assert!(tables_with(&stage.app.store, &openid).await.contains(&"resident".to_owned()));
}

async fn on_request_everything_of_theirs_goes_and_it_is_written_down_without_a_name(
    database: &TestDatabase,
) {
    let stage = Rehearsal::on(database).await;
    let ticket = reported(&stage).await;
    let openid = stage.follower("王大娘").openid;
    let by = lianxin::access::Operator {
        id: crate::harness::fresh(),
        person: stage.member("值班员").await,
        role: lianxin::access::Role::Admin,
        scope: lianxin::access::Scope::default(),
    };
    let now = stage.clock_now();
    let erased = erasure::on_request(&stage.app, (&by, "值班员"), &ticket, now).await.unwrap();
    assert_eq!((erased.known, erased.tickets), (true, 1));
    assert_eq!(tables_with(&stage.app.store, &openid).await, [""; 0]);
    let deeds = stage.app.store.deeds(Some(by.id), Some(ticket.number.as_str()), None, 10).await;
    let deeds = deeds.unwrap();
    assert_eq!(deeds.iter().map(|deed| &*deed.what).collect::<Vec<_>>(), ["person_erased"]);
    assert!(deeds[0].note.contains("本人要求"), "{}", deeds[0].note);
}
