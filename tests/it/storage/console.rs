//! What the console keeps: answer templates, the county's own texts, accounts; and what it counts:
//! the outbox, the lamps.

use super::{acted, dispatch, entities::round_trip, follower, operator, person, saved};
use crate::harness::{TestDatabase, fresh, monday, on_both};
use chrono::TimeDelta;
use entities::{answer_template, wording_override};
use lianxin::{
    access::{Operator, Role, Scope},
    county,
    storage::{AnswerTemplate, Beam, Envelope, Finished, OperatorAccount, Shining, Sight, Store},
    ticket::{Stage, event::Actor, lifecycle::Action},
};
use uuid::Uuid;

on_both![
    rows_of_the_countys_words_survive,
    an_answer_is_offered_where_it_fits_and_a_form_sent_twice_adds_one,
    a_text_is_changed_only_in_the_version_that_was_seen_and_each_change_is_an_edition,
    an_account_was_signed_in_when_its_log_says,
    what_went_astray_is_told_without_a_name_and_sent_again_once,
    the_outbox_counts_what_waits_what_is_held_and_what_left,
    the_worker_is_as_alive_as_its_last_beat,
    the_board_counts_what_its_lists_hold_and_nobody_sees_another_township,
    a_supervision_is_owed_until_it_is_answered_and_only_a_hand_touches,
];

async fn rows_of_the_countys_words_survive(database: &TestDatabase) {
    let on = database.store.connection();
    round_trip(
        on,
        answer_template::Model {
            id: fresh(),
            title: "已转办".to_owned(),
            text: "您好，{{number}} 已转办。".to_owned(),
            category: Some("lighting".to_owned()),
            stage: None,
            position: 1,
        },
    )
    .await;
    round_trip(
        on,
        wording_override::Model {
            name: "replies/zh/dropped.txt".to_owned(),
            text: "行".to_owned(),
            version: 1,
            changed_at: monday(),
            changed_by: "管理员".to_owned(),
        },
    )
    .await;
}

fn template(title: &str, category: Option<&str>, stage: Option<Stage>) -> AnswerTemplate {
    AnswerTemplate {
        id: fresh(),
        title: title.to_owned(),
        text: "您好，{{number}} 已经处理。".to_owned(),
        category: category.map(str::to_owned),
        stage,
        position: 1,
    }
}

async fn an_answer_is_offered_where_it_fits_and_a_form_sent_twice_adds_one(
    database: &TestDatabase,
) {
    let store = &database.store;
    let all = [
        template("甲", None, None),
        template("乙", Some("light"), None),
        template("丙", None, Some(Stage::Submitted)),
        template("丁", Some("water"), Some(Stage::Submitted)),
    ];
    let tx = store.begin().await.unwrap();
    for one in &all {
        assert!(tx.add_answer_template(one).await.unwrap());
        assert!(!tx.add_answer_template(one).await.unwrap());
    }
    tx.commit().await.unwrap();
    let titles = |found: Vec<AnswerTemplate>| {
        let mut titles: Vec<String> = found.into_iter().map(|one| one.title).collect();
        titles.sort();
        titles.concat()
    };
    let fits =
        |category, stage| async move { store.answer_templates(category, stage).await.unwrap() };
    assert_eq!(titles(fits(None, None).await), "丁丙乙甲");
    assert_eq!(titles(fits(Some("light"), Some(Stage::Submitted)).await), "丙乙甲");
    assert_eq!(titles(fits(Some("water"), Some(Stage::Accepted)).await), "甲");
    let changed = AnswerTemplate { text: "好了".to_owned(), ..all[0].clone() };
    let tx = store.begin().await.unwrap();
    assert!(tx.change_answer_template(&changed).await.unwrap());
    assert!(tx.remove_answer_template(all[1].id).await.unwrap());
    assert!(!tx.remove_answer_template(all[1].id).await.unwrap());
    assert!(!tx.change_answer_template(&all[1]).await.unwrap());
    tx.commit().await.unwrap();
    assert_eq!(store.answer_template(changed.id).await.unwrap(), Some(changed));
}

async fn a_text_is_changed_only_in_the_version_that_was_seen_and_each_change_is_an_edition(
    database: &TestDatabase,
) {
    let store = &database.store;
    let name = "replies/zh/dropped.txt";
    let set = |text: &'static str, seen: Option<i64>| async move {
        let tx = store.begin().await.unwrap();
        let kept = tx.set_own_text(name, text, seen, "管理员", monday()).await.unwrap();
        tx.next_wording_edition(fresh()).await.unwrap();
        tx.commit().await.unwrap();
        kept
    };
    assert_eq!(store.wording_edition().await.unwrap(), None);
    assert!(set("好", None).await);
    let first = store.wording_edition().await.unwrap();
    assert!(!set("迟了", None).await);
    assert!(set("行", Some(1)).await);
    assert!(!set("迟了", Some(1)).await);
    assert_ne!(store.wording_edition().await.unwrap(), first);
    let own = store.own_texts().await.unwrap();
    assert_eq!((own[name].text.as_str(), own[name].version), ("行", 2));
    let tx = store.begin().await.unwrap();
    assert!(!tx.remove_own_text(name, 1).await.unwrap());
    assert!(tx.remove_own_text(name, 2).await.unwrap());
    tx.commit().await.unwrap();
    assert!(store.own_texts().await.unwrap().is_empty());
}

fn account(name: &str, scope: Scope) -> OperatorAccount {
    let id = fresh();
    OperatorAccount {
        operator: Operator { id, person: person(name), role: Role::Viewer, scope },
        name: name.to_owned(),
        password_hash: String::new(),
        must_change: false,
        totp_secret: None,
        totp_step: None,
        disabled_at: None,
        created_at: monday(),
    }
}

async fn an_account_was_signed_in_when_its_log_says(database: &TestDatabase) {
    let store = &database.store;
    let account = account("值班员", Scope::default());
    let (id, by) = (account.operator.id, Some(&account.operator));
    let tx = store.begin().await.unwrap();
    tx.hold_accounts().await.unwrap();
    assert!(tx.add_operator(&account).await.unwrap());
    let later = monday() + TimeDelta::hours(2);
    for (deed, at) in [("sign_in", monday()), ("sign_in", later), ("sign_out", later)] {
        tx.note_deed(by, "值班员", deed, None, "", at).await.unwrap();
    }
    assert_eq!(tx.operator(id).await.unwrap().unwrap().name, "值班员");
    assert_eq!(tx.operator(fresh()).await.unwrap(), None);
    tx.commit().await.unwrap();
    assert_eq!(store.last_sign_in(id).await.unwrap(), Some(later));
    assert_eq!(store.last_sign_in(fresh()).await.unwrap(), None);
}

/// Puts a message in and finishes it so.
async fn posted(store: &Store, topic: Option<Uuid>, finished: Option<&Finished>) -> Uuid {
    let (id, worker) = (fresh(), fresh());
    let tx = store.begin().await.unwrap();
    let envelope = Envelope {
        id,
        to: follower("wang"),
        kind: "result".to_owned(),
        topic: topic.map(lianxin::ticket::TicketId),
        passing: false,
        payload: serde_json::json!({}),
        due_at: monday(),
        gathered: false,
    };
    tx.enqueue(&envelope, monday()).await.unwrap();
    tx.commit().await.unwrap();
    if let Some(finished) = finished {
        let lease = TimeDelta::minutes(1);
        assert_eq!(store.lease_due(worker, monday(), lease, 1).await.unwrap().len(), 1);
        assert!(store.finish(id, worker, finished, monday()).await.unwrap());
    }
    id
}

fn dead(reason: &str) -> Finished {
    Finished::Dead { reason: reason.to_owned() }
}

fn sight(area: Option<&str>) -> Sight {
    let scope = Scope { area: area.map(str::to_owned), ..Scope::default() };
    Sight::of(&account("领导", scope).operator, &county::demo::county())
}

async fn what_went_astray_is_told_without_a_name_and_sent_again_once(database: &TestDatabase) {
    let store = &database.store;
    let ticket = saved(store, &follower("wang"), &[]).await;
    let id = posted(store, Some(ticket.id.0), Some(&dead("为什么"))).await;
    // Confidential or not, of this township or not: only who may see the ticket sees its number.
    let astray = |sight: Sight, since| async move { store.astray(&sight, since, 9).await.unwrap() };
    let seen = astray(sight(None), monday()).await;
    assert_eq!(seen.len(), 1);
    assert_eq!(seen[0].number.as_deref(), Some(ticket.number.as_str()));
    assert_eq!((seen[0].reason.as_str(), seen[0].attempts), ("为什么", 1));
    assert!(!format!("{seen:?}").contains("wang"));
    assert_eq!(astray(sight(Some("130699202")), monday()).await[0].number, None);
    assert!(astray(sight(None), monday() + TimeDelta::seconds(1)).await.is_empty());
    let waiting = posted(store, None, None).await;
    assert_eq!(store.send_these_again(&[id, waiting, fresh()], monday()).await.unwrap(), 1);
    assert_eq!(store.send_these_again(&[id], monday()).await.unwrap(), 0);
    assert!(astray(sight(None), monday()).await.is_empty());
}

async fn the_outbox_counts_what_waits_what_is_held_and_what_left(database: &TestDatabase) {
    let store = &database.store;
    let until = monday() + TimeDelta::days(7);
    posted(store, None, Some(&Finished::Held { until, announced: None })).await;
    let sent = Finished::Sent { channel: "custom".to_owned(), msgid: None };
    posted(store, None, Some(&sent)).await;
    posted(store, None, Some(&dead("没有"))).await;
    posted(store, None, None).await;
    let state = store.outbox_state(monday()).await.unwrap();
    assert_eq!((state.waiting, state.held, state.sent), (1, 1, 1));
    assert_eq!(state.due_since, Some(monday()));
    let tomorrow = monday() + TimeDelta::days(1);
    assert_eq!(store.outbox_state(tomorrow).await.unwrap().sent, 0);
}

async fn the_worker_is_as_alive_as_its_last_beat(database: &TestDatabase) {
    let store = &database.store;
    assert_eq!(store.last_beat().await.unwrap(), None);
    for at in [monday(), monday() + TimeDelta::seconds(15)] {
        store.beat(at).await.unwrap();
        assert_eq!(store.last_beat().await.unwrap(), Some(at));
    }
}

async fn the_board_counts_what_its_lists_hold_and_nobody_sees_another_township(
    database: &TestDatabase,
) {
    let store = &database.store;
    let zhang = person("张建国");
    saved(store, &follower("wang"), &[]).await;
    let to = [(Action::Accept, operator()), (dispatch(&[&zhang]), operator())];
    saved(store, &follower("li"), &to).await;
    saved(store, &follower("zhao"), &[(Action::Withdraw { reason: None }, Actor::Resident)]).await;
    let supervisor = || {
        Sight::of(
            &Operator { role: Role::Supervisor, ..account("督办", Scope::default()).operator },
            &county::demo::county(),
        )
    };
    for (now, whose, live) in [
        (monday(), supervisor(), 2),
        (monday() + TimeDelta::days(30), supervisor(), 2),
        (monday(), sight(Some("130699201")), 2),
        (monday(), sight(Some("130699202")), 0),
    ] {
        let counts = store.lamp_board(&whose, now, now).await.unwrap();
        assert_eq!(counts.iter().map(|count| count.live).sum::<i64>(), live);
        for count in &counts {
            let red_is_late = count.red == 0 || count.first_late.is_some_and(|at| at < now);
            assert!(red_is_late, "{count:?}");
            for (shining, told) in [
                (Shining::Any, count.live),
                (Shining::Green, count.live - count.yellow - count.red),
                (Shining::Yellow, count.yellow),
                (Shining::Red, count.red),
                (Shining::Owed, count.owed),
                (Shining::Escalated, count.escalated),
                (Shining::Untouched(now), count.untouched),
            ] {
                let (township, unit) = (Some(count.township.clone()), Some(count.unit.clone()));
                let beam = Beam { shining, township, unit };
                let mut listed = 0;
                let mut after = None;
                loop {
                    let page = store.lamp_page(&whose, &beam, after, 1, now).await.unwrap();
                    listed += page.tickets.len();
                    after = page.next;
                    if after.is_none() {
                        break;
                    }
                }
                assert_eq!(i64::try_from(listed).unwrap(), told, "{beam:?} {count:?}");
            }
        }
    }
    let late = store.lamp_board(&supervisor(), monday() + TimeDelta::days(30), monday()).await;
    assert_eq!(late.unwrap().iter().map(|count| count.red).sum::<i64>(), 2);
}

async fn a_supervision_is_owed_until_it_is_answered_and_only_a_hand_touches(
    database: &TestDatabase,
) {
    let store = &database.store;
    let zhang = person("张建国");
    let has_it = || Actor::Member(zhang.clone());
    let actions = [
        (Action::Accept, operator()),
        (dispatch(&[&zhang]), operator()),
        (Action::Take, has_it()),
        (Action::Supervise { text: "为什么还没办？".to_owned() }, operator()),
    ];
    let ticket = saved(store, &follower("wang"), &actions).await;
    let owed = || async {
        let later = monday() + TimeDelta::minutes(1);
        let counts = store.lamp_board(&sight(None), later, later).await.unwrap();
        let sum = |of: fn(&lianxin::storage::LampCount) -> i64| counts.iter().map(of).sum::<i64>();
        (sum(|count| count.owed), sum(|count| count.untouched))
    };
    assert_eq!(owed().await, (1, 1));
    let answer = Action::AnswerSupervision { text: "在等配件".to_owned() };
    super::save(store, &acted(&ticket, answer, &has_it())).await;
    assert_eq!(owed().await, (0, 1));
    let untouched = store.lamp_board(&sight(None), monday(), monday()).await.unwrap();
    assert_eq!(untouched.iter().map(|count| count.untouched).sum::<i64>(), 0);
}
