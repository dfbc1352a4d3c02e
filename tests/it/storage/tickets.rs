//! Tickets: written only in the version that was seen, found by those whose business they are.

use super::{acted, dispatch, follower, opened, operator, path, person, save, saved};
use crate::harness::{TestDatabase, fresh, monday, on_both};
use chrono::TimeDelta;
use futures_util::future::join_all;
use lianxin::{
    storage::{StorageError, Store},
    ticket::{
        Media, MediaKind, Outcome, Rating, Status, Ticket, TicketId, due,
        event::{Actor, What},
        lifecycle::{Action, Transition},
    },
};

async fn read(store: &Store, id: TicketId) -> Ticket {
    store.begin().await.unwrap().ticket(id).await.unwrap().unwrap()
}

async fn try_save(store: &Store, done: &Transition) -> Result<(), StorageError> {
    let tx = store.begin().await?;
    tx.save(done).await?;
    tx.commit().await
}

fn names(tickets: &[Ticket]) -> Vec<TicketId> {
    tickets.iter().map(|ticket| ticket.id).collect()
}

fn finish() -> Action {
    let photo = Media { kind: MediaKind::Photo, id: "media".to_owned(), at: monday() };
    Action::Finish { text: "换了灯泡".to_owned(), outcome: Outcome::Solved, media: vec![photo] }
}

on_both![
    of_two_who_change_one_version_one_is_stale,
    a_number_that_is_taken_makes_the_new_ticket_stale,
    every_field_of_a_ticket_survives_its_whole_life,
    a_resident_sees_live_and_lately_ended_tickets_newest_first,
    a_word_after_the_end_does_not_move_the_end,
    a_call_is_a_task_until_somebody_takes_it,
    the_desk_of_an_area_sees_what_lies_in_it_and_waits,
    lists_for_a_chat_end_at_twenty,
    a_ticket_that_time_will_move_is_found_when_its_moment_comes,
    an_export_in_pages_skips_nothing_and_repeats_nothing,
    tickets_are_found_by_identity_and_number,
];

async fn of_two_who_change_one_version_one_is_stale(database: &TestDatabase) {
    let store = &database.store;
    let (zhang, liu) = (person("张建国"), person("刘芳"));
    let ticket = saved(
        store,
        &follower("wang"),
        &[(Action::Accept, operator()), (dispatch(&[&zhang, &liu]), operator())],
    )
    .await;
    let takes: Vec<Transition> =
        [&zhang, &liu].map(|who| acted(&ticket, Action::Take, &Actor::Member(who.clone()))).into();
    let results = join_all(takes.iter().map(|take| try_save(store, take))).await;
    let lost: Vec<&StorageError> =
        results.iter().filter_map(|result| result.as_ref().err()).collect();
    assert_eq!(lost.len(), 1);
    assert!(
        matches!(lost[0], StorageError::Stale { table: "ticket", .. }) && lost[0].is_transient()
    );
    let winner = takes.iter().zip(&results).find(|(_, result)| result.is_ok()).unwrap().0;
    assert_eq!(read(store, ticket.id).await, winner.after);
    let takes = store.history(ticket.id).await.unwrap();
    assert_eq!(takes.iter().filter(|event| matches!(event.what, What::Taken { .. })).count(), 1);
}

async fn a_number_that_is_taken_makes_the_new_ticket_stale(database: &TestDatabase) {
    let store = &database.store;
    let first = save(store, &opened(&follower("wang"))).await;
    let mut second = opened(&follower("li"));
    second.after.number = first.number.clone();
    let tx = store.begin().await.unwrap();
    let error = tx.save(&second).await.unwrap_err();
    assert!(matches!(error, StorageError::Stale { .. }));
    // The transaction lives on: no violation was caught.
    assert_eq!(tx.ticket_by_number(&first.number).await.unwrap(), Some(first));
}

async fn every_field_of_a_ticket_survives_its_whole_life(database: &TestDatabase) {
    let store = &database.store;
    let zhang = person("张建国");
    let member = Actor::Member(zhang.clone());
    let mut ticket = save(store, &opened(&follower("wang"))).await;
    let steps = [
        (Action::Accept, operator()),
        (dispatch(&[&zhang]), operator()),
        (Action::Take, member.clone()),
        (Action::Urge, Actor::Resident),
        (finish(), member),
        (Action::Confirm { fully: true }, Actor::Resident),
        (Action::Rate { rating: Rating::VerySatisfied }, Actor::Resident),
    ];
    // The submission and the two clocks that begin with it.
    let mut events = 3;
    for (action, by) in steps {
        let done = acted(&ticket, action, &by);
        events += done.events.len();
        ticket = save(store, &done).await;
        assert_eq!(read(store, ticket.id).await, ticket);
    }
    assert_eq!(ticket.rating, Some(Rating::VerySatisfied));
    let history = store.history(ticket.id).await.unwrap();
    assert_eq!(history.len(), events);
    assert!(matches!(history[0].what, What::Submitted { .. }));
}

async fn a_resident_sees_live_and_lately_ended_tickets_newest_first(database: &TestDatabase) {
    let store = &database.store;
    let wang = follower("wang");
    let withdrawn =
        saved(store, &wang, &[(Action::Withdraw { reason: None }, Actor::Resident)]).await;
    let mut later = opened(&wang);
    later.after.submitted_at = monday() + TimeDelta::hours(1);
    let later = save(store, &later).await;
    saved(store, &follower("li"), &[]).await;

    let tx = store.begin().await.unwrap();
    let mine = tx.tickets_of(&wang, monday()).await.unwrap();
    assert_eq!(names(&mine), [later.id, withdrawn.id]);
    let mine = tx.tickets_of(&wang, monday() + TimeDelta::seconds(1)).await.unwrap();
    assert_eq!(names(&mine), [later.id]);
    let mut elsewhere = wang.clone();
    elsewhere.account = String::from("second");
    assert_eq!(tx.tickets_of(&elsewhere, monday()).await.unwrap(), []);
}

async fn a_word_after_the_end_does_not_move_the_end(database: &TestDatabase) {
    let store = &database.store;
    let zhang = person("张建国");
    let member = Actor::Member(zhang.clone());
    let ticket = saved(
        store,
        &follower("wang"),
        &[
            (Action::Accept, operator()),
            (dispatch(&[&zhang]), operator()),
            (Action::Take, member.clone()),
            (finish(), member),
            (Action::Confirm { fully: true }, Actor::Resident),
        ],
    )
    .await;
    let mut rated = acted(&ticket, Action::Rate { rating: Rating::Satisfied }, &Actor::Resident);
    for event in &mut rated.events {
        event.at = monday() + TimeDelta::days(2);
    }
    save(store, &rated).await;
    let tx = store.begin().await.unwrap();
    let day_after = monday() + TimeDelta::days(1);
    assert_eq!(tx.tickets_of(&follower("wang"), day_after).await.unwrap(), []);
}

async fn a_call_is_a_task_until_somebody_takes_it(database: &TestDatabase) {
    let store = &database.store;
    let (zhang, liu) = (person("张建国"), person("刘芳"));
    let called = saved(
        store,
        &follower("wang"),
        &[(Action::Accept, operator()), (dispatch(&[&zhang, &liu]), operator())],
    )
    .await;
    {
        let tx = store.begin().await.unwrap();
        assert_eq!(names(&tx.tasks_of(zhang.id).await.unwrap()), [called.id]);
        assert_eq!(names(&tx.tasks_of(liu.id).await.unwrap()), [called.id]);
    }
    let taken = save(store, &acted(&called, Action::Take, &Actor::Member(zhang.clone()))).await;
    {
        let tx = store.begin().await.unwrap();
        assert_eq!(names(&tx.tasks_of(zhang.id).await.unwrap()), [called.id]);
        // Whoever comes second is told who was faster.
        let missed = tx.tasks_of(liu.id).await.unwrap();
        assert_eq!(names(&missed), [called.id]);
        assert_eq!(missed[0].handler.as_ref(), Some(&zhang));
    }
    let ended = acted(&taken, Action::Withdraw { reason: None }, &Actor::Resident);
    save(store, &ended).await;
    let tx = store.begin().await.unwrap();
    assert_eq!(tx.tasks_of(zhang.id).await.unwrap(), []);
    assert_eq!(tx.tasks_of(liu.id).await.unwrap(), []);
}

async fn the_desk_of_an_area_sees_what_lies_in_it_and_waits(database: &TestDatabase) {
    let store = &database.store;
    let mut here = opened(&follower("wang"));
    here.after.area_path = path(&["1", "12", "123"]);
    let mut neighbour = opened(&follower("li"));
    // A code inside another code, and signs that mean something to LIKE, match nothing else.
    neighbour.after.area_path = path(&["1", "1%", "1234"]);
    let (here, neighbour) = (save(store, &here).await, save(store, &neighbour).await);
    saved(store, &follower("zhao"), &[(Action::Withdraw { reason: None }, Actor::Resident)]).await;

    let tx = store.begin().await.unwrap();
    for (area, expected) in [
        (Some("123"), vec![here.id]),
        (Some("12"), vec![here.id]),
        (Some("1%"), vec![neighbour.id]),
        (Some("1_"), vec![]),
        (Some("%"), vec![]),
        (Some("3"), vec![]),
    ] {
        assert_eq!(names(&tx.desk_queue(area).await.unwrap()), expected, "{area:?}");
    }
    for area in [Some("1"), None] {
        assert_eq!(tx.desk_queue(area).await.unwrap().len(), 2, "{area:?}");
    }
}

async fn lists_for_a_chat_end_at_twenty(database: &TestDatabase) {
    let store = &database.store;
    let (wang, zhang) = (follower("wang"), person("张建国"));
    for _ in 0..21 {
        saved(store, &wang, &[]).await;
        saved(store, &wang, &[(Action::Accept, operator()), (dispatch(&[&zhang]), operator())])
            .await;
    }
    let tx = store.begin().await.unwrap();
    assert_eq!(tx.tickets_of(&wang, monday()).await.unwrap().len(), 20);
    assert_eq!(tx.desk_queue(None).await.unwrap().len(), 20);
    assert_eq!(tx.tasks_of(zhang.id).await.unwrap().len(), 20);
    assert_eq!(tx.latest_tickets(5).await.unwrap().len(), 5);
}

async fn a_ticket_that_time_will_move_is_found_when_its_moment_comes(database: &TestDatabase) {
    let store = &database.store;
    assert_eq!(store.next_due().await.unwrap(), None);
    let until = monday() + TimeDelta::days(5);
    let asked = saved(
        store,
        &follower("wang"),
        &[(Action::Ask { question: "哪一盏？".to_owned() }, operator())],
    )
    .await;
    let li = saved(store, &follower("li"), &[]).await;
    let (soon, _) = due::next(&li).unwrap();
    assert!(soon < until, "the desk is warned on the day itself");
    assert_eq!(store.next_due().await.unwrap(), Some(soon));
    assert_eq!(store.due_tickets(soon - TimeDelta::milliseconds(1), 9).await.unwrap(), []);
    assert_eq!(store.due_tickets(soon, 9).await.unwrap(), [(soon, li.id)]);
    assert_eq!(store.due_tickets(until, 9).await.unwrap(), [(soon, li.id), (until, asked.id)]);
    save(store, &acted(&li, Action::Withdraw { reason: None }, &Actor::Resident)).await;
    assert_eq!(store.next_due().await.unwrap(), Some(until), "what ended is due no more");
    let answer = Action::GiveInfo { text: "东边那盏".to_owned(), media: vec![] };
    let answered = save(store, &acted(&asked, answer, &Actor::Resident)).await;
    let next = due::next(&answered).map(|(at, _)| at);
    assert_eq!(store.next_due().await.unwrap(), next, "the clock of the desk runs on");
}

async fn an_export_in_pages_skips_nothing_and_repeats_nothing(database: &TestDatabase) {
    let store = &database.store;
    for n in 0..7 {
        let mut done = opened(&follower("wang"));
        // Several in one moment.
        done.after.submitted_at = monday() + TimeDelta::minutes(n / 3);
        save(store, &done).await;
    }
    let (mut after, mut seen) = (None, Vec::new());
    loop {
        let until = Some(monday() + TimeDelta::minutes(2));
        let page = store.submitted_between(Some(monday()), until, after, 2).await.unwrap();
        let Some(last) = page.last() else { break };
        after = Some((last.submitted_at, last.id));
        seen.extend(page.iter().map(|ticket| (ticket.submitted_at, ticket.id)));
    }
    assert_eq!(seen.len(), 6, "the seventh was submitted at the end of the span");
    assert!(seen.is_sorted() && seen.windows(2).all(|two| two[0] != two[1]));
}

async fn tickets_are_found_by_identity_and_number(database: &TestDatabase) {
    let store = &database.store;
    let ticket = saved(store, &follower("wang"), &[]).await;
    assert!(matches!(ticket.status, Status::Submitted { .. }));
    let tx = store.begin().await.unwrap();
    let found = tx.tickets(&[ticket.id, TicketId(fresh())]).await.unwrap();
    assert_eq!(found, std::slice::from_ref(&ticket));
    assert_eq!(tx.tickets(&[]).await.unwrap(), []);
    assert_eq!(tx.ticket_by_number(&ticket.number).await.unwrap(), Some(ticket));
}
