//! What is found beside the ordinary lists: tickets near a place, wishes for more time, helpers.

use super::{acted, dispatch, follower, opened, operator, person, save, saved};
use crate::harness::{TestDatabase, monday, on_both};
use chrono::TimeDelta;
use lianxin::ticket::{
    Call, Person, Ticket,
    event::Actor,
    lifecycle::{Action, Transition},
};
use sea_orm::{ConnectionTrait, Statement};

on_both![
    others_find_what_is_live_or_lately_ended_near_and_of_that_kind_only,
    near_is_found_by_an_index,
    a_wish_for_more_time_lies_on_the_desk_until_it_is_judged,
    a_helper_s_ticket_is_listed_once_and_for_all_who_were_called,
];

fn near(by: &str, area: &str, category: &str) -> Transition {
    let mut done = opened(&follower(by));
    done.after.report.place.area = Some(area.to_owned());
    category.clone_into(&mut done.after.report.category);
    done
}

async fn others_find_what_is_live_or_lately_ended_near_and_of_that_kind_only(
    database: &TestDatabase,
) {
    let store = &database.store;
    let here = save(store, &near("one", "130699201201", "lighting")).await;
    let grid = save(store, &near("two", "130699201201001", "lighting")).await;
    save(store, &near("three", "130699201202", "lighting")).await;
    save(store, &near("four", "130699201201", "road")).await;
    let copy = save(store, &near("five", "130699201201", "lighting")).await;
    save(store, &acted(&copy, Action::Merge { into: here.number.clone() }, &Actor::System)).await;
    let gone = save(store, &near("six", "130699201201", "lighting")).await;
    save(store, &acted(&gone, Action::Withdraw { reason: None }, &Actor::Resident)).await;

    let areas = ["130699201201".to_owned(), "130699201201001".to_owned()];
    let tx = store.begin().await.unwrap();
    let found = |since| tx.tickets_near("lighting", &areas, since);
    let ids = |tickets: Vec<Ticket>| {
        let mut ids: Vec<_> = tickets.iter().map(|ticket| ticket.id).collect();
        ids.sort_unstable();
        ids
    };
    let mut live = vec![here.id, grid.id];
    live.sort_unstable();
    assert_eq!(ids(found(monday() + TimeDelta::days(1)).await.unwrap()), live);
    live.push(gone.id);
    live.sort_unstable();
    assert_eq!(ids(found(monday() - TimeDelta::days(14)).await.unwrap()), live);
}

async fn near_is_found_by_an_index(database: &TestDatabase) {
    let connection = database.store.connection();
    let backend = connection.get_database_backend();
    let query = "SELECT id FROM ticket WHERE category = 'lighting' AND area IN ('1', '2') \
                 AND (ended_at IS NULL OR ended_at >= '2026-03-02 00:00:00+00:00') \
                 AND merged_into IS NULL ORDER BY submitted_at DESC, number DESC LIMIT 20";
    let plan = if backend == sea_orm::DbBackend::Sqlite {
        let rows = Statement::from_string(backend, format!("EXPLAIN QUERY PLAN {query}"));
        let rows = connection.query_all_raw(rows).await.unwrap();
        rows.iter().map(|row| row.try_get::<String>("", "detail").unwrap()).collect::<String>()
    } else {
        let tx = sea_orm::TransactionTrait::begin(connection).await.unwrap();
        tx.execute_unprepared("SET LOCAL enable_seqscan = off").await.unwrap();
        let rows = Statement::from_string(backend, format!("EXPLAIN {query}"));
        let rows = tx.query_all_raw(rows).await.unwrap();
        rows.iter().map(|row| row.try_get_by_index::<String>(0).unwrap()).collect::<String>()
    };
    assert!(plan.contains("ticket_near_idx"), "{plan}");
}

async fn a_wish_for_more_time_lies_on_the_desk_until_it_is_judged(database: &TestDatabase) {
    let store = &database.store;
    let zhang = person("张建国");
    let member = Actor::Member(zhang.clone());
    let steps = [
        (Action::Accept, operator()),
        (dispatch(&[&zhang]), operator()),
        (Action::Take, member.clone()),
    ];
    let ticket = saved(store, &follower("wang"), &steps).await;
    let desk =
        || async { store.begin().await.unwrap().desk_queue(Some("130699201")).await.unwrap() };
    assert_eq!(desk().await, []);
    let wish = Action::AskExtension { minutes: 480, reason: "等配件".to_owned() };
    let asked = save(store, &acted(&ticket, wish, &member)).await;
    assert_eq!(desk().await, std::slice::from_ref(&asked));
    save(store, &acted(&asked, Action::GrantExtension { minutes: None }, &operator())).await;
    assert_eq!(desk().await, []);
}

async fn a_helper_s_ticket_is_listed_once_and_for_all_who_were_called(database: &TestDatabase) {
    let store = &database.store;
    let [zhang, liu, sun] = ["张建国", "刘芳", "孙立"].map(person);
    let member = |who: &Person| Actor::Member(who.clone());
    let steps = [
        (Action::Accept, operator()),
        (dispatch(&[&zhang, &liu]), operator()),
        (Action::Take, member(&zhang)),
    ];
    let ticket = saved(store, &follower("wang"), &steps).await;
    let call = Call { to: vec![liu.clone(), sun.clone()], ..Call::default() };
    let what = "扶梯子".to_owned();
    let help = Action::CallHelp { call, what, required: true, minutes: None };
    let ticket = save(store, &acted(&ticket, help, &member(&zhang))).await;
    let ticket = save(store, &acted(&ticket, Action::Take, &member(&liu))).await;
    // Whoever comes second is told who was faster.
    for who in [&zhang, &liu, &sun] {
        let tasks = store.begin().await.unwrap().tasks_of(who.id).await.unwrap();
        assert_eq!(tasks, std::slice::from_ref(&ticket), "{}", who.name);
    }
}
