//! What somebody at the desk writes down for others, and whom they have to call.

use crate::harness::{
    TestDatabase, fresh, on_both,
    rehearsal::{Rehearsal, said},
};
use chrono::TimeDelta;
use futures_util::future::join_all;
use lianxin::{
    access::{Operator, Role, Scope},
    desk::{self, BadEntry, DeskError, Entry},
    simulator::Message,
    storage::CallBack,
    ticket::{
        Call, Channel, ClosedKind, Outcome, Person, Rating, Stage, Status, Ticket,
        call_back::{self, CallResult, Heard},
        event::{Actor, What},
        lifecycle::{Action, Why},
        notice::NoticeKind,
    },
};
use regex::Regex;
use sea_orm::{ConnectionTrait, DbBackend, Statement};

on_both![
    the_same_form_sent_many_times_at_once_makes_one_ticket,
    an_urgent_entry_reaches_the_desk_but_not_who_wrote_it_down,
    what_nobody_accepts_in_time_is_told_to_the_desk,
    an_entry_is_refused_with_everything_that_is_wrong_with_it,
    an_entry_that_is_known_already_is_handled_with_what_is_known,
    a_category_that_needs_no_operator_leaves_the_desk_at_once,
    somebody_without_an_account_is_called_and_nothing_is_sent,
    nobody_handles_a_matter_and_says_for_the_resident_that_it_is_solved,
    who_left_the_account_is_called_until_they_are_heard_otherwise,
    who_does_not_answer_is_called_three_times,
    what_is_not_owed_any_more_is_not_called_about,
    a_clerk_of_one_township_calls_nobody_of_another,
    no_list_of_calls_walks_through_the_tickets,
];

fn entry(text: &str) -> Entry {
    Entry {
        id: fresh(),
        channel: Channel::Hotline,
        name: Some("王大娘".to_owned()),
        phone: Some("199 0000 1234".to_owned()),
        text: text.to_owned(),
        area: Some("130699201201".to_owned()),
        place: Some("东头第二盏".to_owned()),
        category: None,
        urgent: false,
        confidential: false,
        same_as: None,
    }
}

async fn entered(rehearsal: &Rehearsal, entry: &Entry) -> Ticket {
    let by = rehearsal.member("值班员").await;
    desk::open(&rehearsal.app, &by, entry).await.unwrap()
}

async fn now(rehearsal: &Rehearsal, ticket: &Ticket) -> Ticket {
    rehearsal.app.store.ticket_numbered(&ticket.number).await.unwrap().unwrap()
}

/// 张建国 gets it, and says that it is done.
async fn finished(rehearsal: &Rehearsal, ticket: &Ticket) -> Ticket {
    rehearsal.says("值班员", &format!("派 {} 张建国", ticket.number)).await;
    rehearsal.says("张建国", &format!("接单 {}", ticket.number)).await;
    rehearsal.says("张建国", "办结 换了灯泡").await;
    rehearsal.settle().await;
    now(rehearsal, ticket).await
}

fn everything() -> Operator {
    operator(Scope::default())
}

fn operator(scope: Scope) -> Operator {
    let person = Person { id: lianxin::ticket::MemberId(fresh()), name: "话务员".to_owned() };
    Operator { id: fresh(), person, role: Role::Dispatcher, scope }
}

async fn owed(rehearsal: &Rehearsal) -> Vec<CallBack> {
    let listed = rehearsal.app.store.call_backs(&everything(), None, 50).await.unwrap();
    assert_eq!(
        rehearsal.app.store.count_call_backs(&everything()).await.unwrap(),
        listed.len() as u64
    );
    listed.into_iter().map(|(owed, _)| owed).collect()
}

async fn called(
    rehearsal: &Rehearsal,
    ticket: &Ticket,
    call: call_back::Call,
) -> Result<Ticket, DeskError> {
    let by = rehearsal.member("王庄站").await;
    desk::record_call(&rehearsal.app, &by, &ticket.number, None, call, "大娘耳背".to_owned()).await
}

async fn the_same_form_sent_many_times_at_once_makes_one_ticket(database: &TestDatabase) {
    let rehearsal = Rehearsal::on(database).await;
    let by = rehearsal.member("值班员").await;
    let form = entry("王庄村东头路灯坏了三天了");
    let opened = join_all((0..8).map(|_| desk::open(&rehearsal.app, &by, &form))).await;
    let numbers: Vec<_> = opened.into_iter().map(|opened| opened.unwrap().number).collect();
    assert!(numbers.iter().all(|number| *number == numbers[0]));
    let [ticket] = rehearsal.tickets().await.try_into().unwrap();
    assert_eq!(ticket.channel, Channel::Hotline);
    assert_eq!(ticket.entered_by.as_ref(), Some(&by));
    assert_eq!(ticket.reporter_name.as_deref(), Some("王大娘"));
    assert_eq!(ticket.report.contact.as_deref(), Some("19900001234"));
    assert_eq!(ticket.report.category, "lighting");
    assert_eq!(ticket.area_path.len(), 4);
    let history = rehearsal.app.store.history(ticket.id).await.unwrap();
    assert_eq!(history[0].by, Actor::Operator(by));
    // Somebody else cannot learn by such an identity what was entered.
    let other = rehearsal.member("王庄站").await;
    let refused = desk::open(&rehearsal.app, &other, &form).await.unwrap_err();
    assert!(matches!(refused, DeskError::Entry(bad) if bad == [BadEntry::Id]));
}

async fn an_urgent_entry_reaches_the_desk_but_not_who_wrote_it_down(database: &TestDatabase) {
    let rehearsal = Rehearsal::on(database).await;
    let before = rehearsal.notices("值班员").len();
    let ticket = entered(&rehearsal, &Entry { urgent: true, ..entry("电线掉下来冒火花") }).await;
    rehearsal.settle().await;
    let told = rehearsal.notices("王庄站");
    let last = told.last().unwrap();
    assert!(last.contains("紧急诉求") && last.contains(ticket.number.as_str()), "{last}");
    assert_eq!(rehearsal.notices("值班员").len(), before);
}

async fn what_nobody_accepts_in_time_is_told_to_the_desk(database: &TestDatabase) {
    let rehearsal = Rehearsal::on(database).await;
    let ticket = entered(&rehearsal, &entry("路灯坏了")).await;
    // Half a working day, with the noon between.
    rehearsal.later(TimeDelta::hours(7)).await;
    for who in ["值班员", "王庄站"] {
        let told = rehearsal.notices(who);
        let last = told.iter().rfind(|text| text.contains("已经超期")).unwrap();
        assert!(last.contains(ticket.number.as_str()), "{last}");
    }
}

async fn an_entry_is_refused_with_everything_that_is_wrong_with_it(database: &TestDatabase) {
    let rehearsal = Rehearsal::on(database).await;
    let by = rehearsal.member("值班员").await;
    let bad = Entry {
        channel: Channel::Wechat,
        name: Some("长".repeat(101)),
        phone: Some("不知道".to_owned()),
        area: Some("999".to_owned()),
        category: Some("relocation".to_owned()),
        ..entry(" \u{0}\n ")
    };
    let refused = desk::open(&rehearsal.app, &by, &bad).await.unwrap_err();
    let expected = [
        BadEntry::Channel,
        BadEntry::Name,
        BadEntry::Phone,
        BadEntry::NoText,
        BadEntry::Area,
        BadEntry::Category,
    ];
    assert!(matches!(&refused, DeskError::Entry(bad) if *bad == expected), "{refused:?}");
    assert_eq!(rehearsal.tickets().await, []);
    // PostgreSQL would refuse that sign; markup is a matter of pages.
    let odd = entry("路灯\u{0}坏了\r\n<b>\u{202e}");
    assert_eq!(entered(&rehearsal, &odd).await.report.text, "路灯坏了\n<b>\u{202e}");
}

async fn an_entry_that_is_known_already_is_handled_with_what_is_known(database: &TestDatabase) {
    let rehearsal = Rehearsal::on(database).await;
    let known = rehearsal.reports("王大娘", "王庄村东头路灯坏了三天了").await;
    let form = Entry { place: Some("东头".to_owned()), ..entry("东头路灯不亮") };
    let found = desk::alike(&rehearsal.app, &form).await.unwrap();
    assert_eq!(found.iter().map(|one| &one.number).collect::<Vec<_>>(), [&known.number]);
    let west = Entry { place: Some("西头".to_owned()), ..form.clone() };
    assert_eq!(desk::alike(&rehearsal.app, &west).await.unwrap(), []);
    let copy = entered(&rehearsal, &Entry { same_as: Some(known.number.clone()), ..form }).await;
    assert!(matches!(&copy.status, Status::Merged { into, .. } if *into == known.number));
    assert_eq!(now(&rehearsal, &known).await.course.copies, 1);
    rehearsal.settle().await;
    let told = rehearsal.notices("王庄站");
    assert!(told.iter().all(|text| !text.contains(copy.number.as_str())), "{told:?}");
    let itself = Entry { same_as: Some(copy.number.clone()), ..entry("灯又坏了") };
    // The one behind it takes it in.
    let third = entered(&rehearsal, &itself).await;
    assert!(matches!(&third.status, Status::Merged { into, .. } if *into == known.number));
}

async fn a_category_that_needs_no_operator_leaves_the_desk_at_once(database: &TestDatabase) {
    let rehearsal = Rehearsal::on(database).await;
    let form = Entry { category: Some("volunteer".to_owned()), ..entry("想当志愿者") };
    let ticket = entered(&rehearsal, &form).await;
    assert_eq!(ticket.status.stage(), Stage::Dispatched);
    // What is only guessed never leaves by itself.
    let guessed = entered(&rehearsal, &entry("想当志愿者")).await;
    assert_eq!(guessed.status.stage(), Stage::Submitted);
}

async fn somebody_without_an_account_is_called_and_nothing_is_sent(database: &TestDatabase) {
    let rehearsal = Rehearsal::on(database).await;
    let ticket = entered(&rehearsal, &entry("王庄村东头路灯坏了")).await;
    rehearsal.says("值班员", &format!("受理 {}", ticket.number)).await;
    assert_eq!(owed(&rehearsal).await, [], "a mere step is not worth a call");
    let ticket = finished(&rehearsal, &ticket).await;
    let [call] = owed(&rehearsal).await.try_into().unwrap();
    assert_eq!((call.ticket, call.why, call.tries), (ticket.id, NoticeKind::Result, 0));
    assert_eq!(rehearsal.app.store.dead_letters(9).await.unwrap(), []);
    let county = rehearsal.app.county_at(rehearsal.clock_now()).await.unwrap();
    let words = desk::to_tell(&rehearsal.app, &county, &ticket, call.why, rehearsal.clock_now());
    assert!(words.contains("换了灯泡"), "{words}");

    let grade = Some(Rating::VerySatisfied);
    let heard = Heard::Solved { fully: true, grade };
    let done = called(&rehearsal, &ticket, call_back::Call::Reached(heard)).await.unwrap();
    assert_eq!(done.status, Status::Closed { kind: ClosedKind::Signed });
    assert_eq!(owed(&rehearsal).await, []);
    let history = rehearsal.app.store.history(ticket.id).await.unwrap();
    let by_station = |what: &str| {
        let found = history.iter().find(|event| event.what.code() == what).unwrap();
        found.by.person().unwrap().name.clone()
    };
    for what in ["called", "signed_off", "rated"] {
        assert_eq!(by_station(what), "王庄站", "{what}");
    }
    let (all, now) = (everything(), rehearsal.clock_now());
    assert_eq!(rehearsal.app.store.undeliverable(&all, now, 9).await.unwrap(), []);
}

async fn nobody_handles_a_matter_and_says_for_the_resident_that_it_is_solved(
    database: &TestDatabase,
) {
    let rehearsal = Rehearsal::on(database).await;
    let ticket = entered(&rehearsal, &entry("问一下医保怎么办")).await;
    let station = rehearsal.member("王庄站").await;
    let act = |action| desk::act(&rehearsal.app, &station, &ticket.number, None, action);
    act(Action::Accept).await.unwrap();
    let to = vec![station.clone()];
    act(Action::Dispatch { call: Call { to, ..Call::default() } }).await.unwrap();
    act(Action::Take).await.unwrap();
    let text = "告诉她了".to_owned();
    let finish = Action::Finish { text, outcome: Outcome::Answered, media: Vec::new() };
    let after = act(finish).await.unwrap();
    if after.status.stage() == Stage::ResultSubmitted {
        rehearsal.desk(&ticket, Action::Pass).await.unwrap();
    }
    let heard = Heard::Solved { fully: true, grade: None };
    let refused = called(&rehearsal, &ticket, call_back::Call::Reached(heard)).await.unwrap_err();
    let DeskError::Refused(refused) = refused else { panic!("{refused:?}") };
    assert_eq!(refused.why, Why::NeedsSecondPerson);
    // The try itself is undone with it.
    let history = rehearsal.app.store.history(ticket.id).await.unwrap();
    assert!(history.iter().all(|event| !matches!(event.what, What::Called { .. })));
}

async fn who_left_the_account_is_called_until_they_are_heard_otherwise(database: &TestDatabase) {
    let rehearsal = Rehearsal::on(database).await;
    let ticket = rehearsal.reports("李大爷", "李家村路灯坏了").await;
    let refused = called(&rehearsal, &ticket, call_back::Call::NotAnswered).await.unwrap_err();
    assert!(matches!(refused, DeskError::NoCallOwed(_)));
    rehearsal.does("李大爷", Message::Unfollow).await;
    let ticket = finished(&rehearsal, &ticket).await;
    let [call] = owed(&rehearsal).await.try_into().unwrap();
    assert_eq!((call.ticket, call.why), (ticket.id, NoticeKind::Result));
    let now = rehearsal.clock_now();
    let undeliverable = rehearsal.app.store.undeliverable(&everything(), now, 9).await.unwrap();
    assert_eq!(undeliverable.iter().map(|one| one.id).collect::<Vec<_>>(), [ticket.id]);
    let count = rehearsal.app.store.count_undeliverable(&everything(), now).await.unwrap();
    assert_eq!(count, 1);

    rehearsal.does("李大爷", Message::Follow { scene: None }).await;
    rehearsal.does("李大爷", said("1")).await;
    rehearsal.settle().await;
    assert_eq!(owed(&rehearsal).await, []);
}

async fn who_does_not_answer_is_called_three_times(database: &TestDatabase) {
    let rehearsal = Rehearsal::on(database).await;
    let ticket = entered(&rehearsal, &entry("王庄村东头路灯坏了")).await;
    rehearsal.says("值班员", &format!("受理 {}", ticket.number)).await;
    let ticket = finished(&rehearsal, &ticket).await;
    for tries in 1..=3 {
        called(&rehearsal, &ticket, call_back::Call::NotAnswered).await.unwrap();
        let left = owed(&rehearsal).await;
        if tries < 3 {
            assert_eq!(left[0].tries, tries);
            assert_eq!(left[0].result, Some(CallResult::NotAnswered));
            assert!(left[0].next_at > rehearsal.clock_now());
        } else {
            assert_eq!(left, []);
        }
    }
    let right = call_back::Call::WrongNumber { right: Some("19900005678".to_owned()) };
    let known = called(&rehearsal, &ticket, right).await.unwrap();
    assert_eq!(known.report.contact.as_deref(), Some("19900005678"));
}

async fn what_is_not_owed_any_more_is_not_called_about(database: &TestDatabase) {
    let rehearsal = Rehearsal::on(database).await;
    let ticket = entered(&rehearsal, &entry("王庄村东头路灯坏了")).await;
    let question = "在谁家门口？".to_owned();
    rehearsal.desk(&ticket, Action::Ask { question }).await.unwrap();
    assert_eq!(owed(&rehearsal).await[0].why, NoticeKind::Question);
    rehearsal.desk(&ticket, Action::CancelQuestion).await.unwrap();
    assert_eq!(owed(&rehearsal).await, []);
    let question = "坏了几盏？".to_owned();
    rehearsal.desk(&ticket, Action::Ask { question }).await.unwrap();
    let text = "两盏".to_owned();
    let answer = call_back::Call::Reached(Heard::Answer { text });
    let after = called(&rehearsal, &ticket, answer).await.unwrap();
    assert_eq!(after.status.stage(), Stage::Submitted);
    assert_eq!(owed(&rehearsal).await, []);
}

async fn a_clerk_of_one_township_calls_nobody_of_another(database: &TestDatabase) {
    let rehearsal = Rehearsal::on(database).await;
    let open = entered(&rehearsal, &entry("王庄村东头路灯坏了")).await;
    let hidden = entered(&rehearsal, &Entry { confidential: true, ..entry("村里的事") }).await;
    for ticket in [&open, &hidden] {
        let question = "在哪？".to_owned();
        rehearsal.desk(ticket, Action::Ask { question }).await.unwrap();
    }
    let store = &rehearsal.app.store;
    let at = rehearsal.clock_now();
    let in_area = |code: &str, category: Option<&str>| {
        let categories = category.into_iter().map(str::to_owned).collect();
        operator(Scope { area: Some(code.to_owned()), categories })
    };
    let viewer = Operator { role: Role::Viewer, ..everything() };
    for (who, seen) in [
        (everything(), 2),
        (in_area("130699201", None), 2),
        (in_area("130699202", None), 0),
        (in_area("130699201", Some("lighting")), 1),
        (viewer, 1),
    ] {
        assert_eq!(store.call_backs(&who, None, 9).await.unwrap().len(), seen);
        assert_eq!(store.count_call_backs(&who).await.unwrap(), seen as u64);
        assert_eq!(store.undeliverable(&who, at, 9).await.unwrap().len(), seen);
        assert_eq!(store.count_undeliverable(&who, at).await.unwrap(), seen as u64);
    }
    let (first, _) = store.call_backs(&everything(), None, 1).await.unwrap().remove(0);
    let rest = store.call_backs(&everything(), Some(first.key()), 9).await.unwrap();
    assert_eq!(rest.len(), 1);
    assert_ne!(rest[0].0.ticket, first.ticket);
}

async fn no_list_of_calls_walks_through_the_tickets(database: &TestDatabase) {
    let store = &database.store;
    let tx = store.begin().await.unwrap();
    let connection = tx.connection();
    let backend = connection.get_database_backend();
    let explain = if backend == DbBackend::Postgres {
        connection.execute_unprepared("SET LOCAL enable_seqscan = off").await.unwrap();
        "EXPLAIN"
    } else {
        "EXPLAIN QUERY PLAN"
    };
    let walk =
        Regex::new(r"Seq Scan on (ticket|outbox|call_back)\b|SCAN (ticket|outbox)\b").unwrap();
    let mut clerk = everything();
    clerk.scope.area = Some("130699201".to_owned());
    let questions = [everything(), clerk]
        .into_iter()
        .flat_map(|operator| store.call_back_questions(&operator, crate::harness::monday()));
    for question in questions {
        let sql = format!("{explain} {}", question.sql);
        let values = question.values.clone().unwrap_or(sea_orm::Values(Vec::new()));
        let asked = Statement::from_sql_and_values(backend, sql, values.0);
        let mut plan = String::new();
        for row in connection.query_all_raw(asked).await.unwrap() {
            let line: String =
                row.try_get_by_index(if backend == DbBackend::Postgres { 0 } else { 3 }).unwrap();
            plan.push_str(&line);
            plan.push('\n');
        }
        assert!(
            plan.contains("call_back_open") && !walk.is_match(&plan),
            "{}\n{plan}",
            question.sql
        );
    }
}
