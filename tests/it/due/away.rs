//! Nothing stays with who is away: all of it at once, in whatever state, by one of several workers.

use super::{act, another, dispatched_to, history, import, leave, taken_by, ticket, until};
use crate::harness::{TestDatabase, moment, on_both, rehearsal::Rehearsal};
use chrono::TimeDelta;
use futures_util::future::join_all;
use lianxin::{
    clock::Clock,
    due,
    ticket::{
        Call, Outcome, Stage, Ticket,
        event::{Actor, What},
        lifecycle::Action,
    },
};

on_both![
    who_leaves_the_county_hands_over_everything_wherever_it_is,
    a_leave_begins_at_midnight_and_wakes_nobody,
    several_workers_hand_over_once,
    a_part_a_look_and_a_call_among_others_go_too,
    where_nobody_is_left_it_lies_on_the_desk,
];

fn from_to(whats: &[What]) -> Vec<(String, Vec<String>, String)> {
    let handed = |what: &What| match what {
        What::HandedOver { from, to, because, .. } => Some((
            from.name.clone(),
            to.iter().map(|one| one.name.clone()).collect(),
            because.clone(),
        )),
        _ => None,
    };
    whats.iter().filter_map(handed).collect()
}

async fn who_leaves_the_county_hands_over_everything_wherever_it_is(database: &TestDatabase) {
    let rehearsal = Rehearsal::on(database).await;
    let zhang = rehearsal.member("张建国").await;
    let by = Actor::Member(zhang.clone());
    let desk = Actor::Operator(rehearsal.member("值班员").await);
    let words = || "等一等".to_owned();
    let finish = Action::Finish { text: words(), outcome: Outcome::Solved, media: vec![] };
    let until_then = rehearsal.clock.now() + TimeDelta::days(30);
    let moves = [
        (None, Stage::InProgress),
        (Some((Action::Ask { question: words() }, &by)), Stage::NeedInfo),
        (Some((Action::Suspend { until: until_then, reason: words() }, &desk)), Stage::Suspended),
        (Some((finish, &by)), Stage::AwaitingSignoff),
    ];
    let mut tickets: Vec<Ticket> = Vec::new();
    for (number, (action, stage)) in moves.into_iter().enumerate() {
        let mut one = taken_by(&rehearsal, &format!("居民{number}"), &["张建国"]).await;
        if let Some((action, by)) = action {
            rehearsal.clock.advance(TimeDelta::minutes(1));
            one = act(&rehearsal, &one, action, by).await;
        }
        assert_eq!(one.status.stage(), stage);
        tickets.push(one);
    }
    let store = &rehearsal.app.store;
    assert_eq!(store.absent_with_work("2026-03-02".parse().unwrap()).await.unwrap(), []);
    import(&rehearsal, |register| register.members.retain(|one| one.name != "张建国")).await;
    let absent = store.absent_with_work("2026-03-02".parse().unwrap()).await.unwrap();
    assert_eq!(absent.len(), 1);
    assert!(absent[0].gone && absent[0].person == zhang);
    rehearsal.settle().await;
    for before in &tickets {
        let after = ticket(&rehearsal, before.id).await;
        let stage = before.status.stage();
        assert!(after.handler.is_none(), "{stage:?}");
        assert_eq!(after.called.len(), 1, "{stage:?}");
        assert_eq!(after.called[0].name, "刘芳", "the one of the grid who is left, {stage:?}");
        assert!(before.version < after.version);
    }
    let whats = history(&rehearsal, &tickets[0]).await;
    let told = from_to(&whats);
    assert_eq!((told[0].0.as_str(), told[0].1.as_slice()), ("张建国", &["刘芳".to_owned()][..]));
    assert!(told[0].2.starts_with("张建国不再负责，网格优先：王庄村第1网格的刘芳"), "{told:?}");
    assert_eq!(store.absent_with_work("2026-03-02".parse().unwrap()).await.unwrap(), []);
    assert!(rehearsal.notices("刘芳").iter().any(|told| told.contains("任务")));
    // What comes back from the resident comes back to whoever has it now, who hears of it.
    let before = rehearsal.notices("刘芳").len();
    rehearsal.says("居民1", "第三根杆").await;
    rehearsal.says("居民1", "1").await;
    rehearsal.settle().await;
    assert_eq!(ticket(&rehearsal, tickets[1].id).await.status.stage(), Stage::Dispatched);
    assert!(rehearsal.notices("刘芳").len() > before);
}

async fn a_leave_begins_at_midnight_and_wakes_nobody(database: &TestDatabase) {
    let rehearsal = Rehearsal::on(database).await;
    let taken = taken_by(&rehearsal, "王大娘", &["张建国"]).await;
    leave(&rehearsal, "张建国", "2026-03-03", "2026-03-04").await;
    let midnight = moment("2026-03-03T00:00:00+08:00");
    assert_eq!(
        rehearsal.app.store.next_leave("2026-03-02".parse().unwrap()).await.unwrap(),
        Some("2026-03-03".parse().unwrap())
    );
    until(&rehearsal, midnight - TimeDelta::milliseconds(1)).await;
    assert_eq!(ticket(&rehearsal, taken.id).await.handler.unwrap().name, "张建国");
    let told = rehearsal.notices("刘芳").len();
    until(&rehearsal, midnight).await;
    let handed = ticket(&rehearsal, taken.id).await;
    assert_eq!((handed.handler, handed.called[0].name.as_str()), (None, "刘芳"));
    assert_eq!(
        from_to(&history(&rehearsal, &taken).await)[0].2.split('，').next(),
        Some("张建国请假")
    );
    until(&rehearsal, moment("2026-03-03T06:59:59+08:00")).await;
    assert_eq!(rehearsal.notices("刘芳").len(), told);
    until(&rehearsal, moment("2026-03-03T07:00:00+08:00")).await;
    assert_eq!(rehearsal.notices("刘芳").len(), told + 1);
    // Given to somebody on leave by mistake, it does not stay there either.
    let other = dispatched_to(&rehearsal, "李大爷", &["张建国"]).await;
    rehearsal.settle().await;
    assert_ne!(ticket(&rehearsal, other.id).await.called[0].name, "张建国");
}

async fn several_workers_hand_over_once(database: &TestDatabase) {
    let rehearsal = Rehearsal::on(database).await;
    let mut tickets = Vec::new();
    for number in 0..8 {
        tickets.push(taken_by(&rehearsal, &format!("居民{number}"), &["张建国"]).await);
    }
    leave(&rehearsal, "张建国", "2026-03-02", "2026-03-04").await;
    let mut workers = Vec::new();
    for _ in 0..4 {
        workers.push(another(&rehearsal, &database.url).await);
    }
    let done: usize =
        join_all(workers.iter().map(due::run)).await.into_iter().map(Result::unwrap).sum();
    assert_eq!(done, tickets.len());
    for ticket in &tickets {
        assert_eq!(from_to(&history(&rehearsal, ticket).await).len(), 1);
    }
    // All in one transaction: one moment, one person after the other is asked anew.
    assert_eq!(due::run(&rehearsal.app).await.unwrap(), 0);
}

async fn a_part_a_look_and_a_call_among_others_go_too(database: &TestDatabase) {
    let rehearsal = Rehearsal::on(database).await;
    let (zhang, liu) = (rehearsal.member("张建国").await, rehearsal.member("刘芳").await);
    let desk = Actor::Operator(rehearsal.member("值班员").await);
    let led = taken_by(&rehearsal, "王大娘", &["刘芳"]).await;
    let call = Call { to: vec![zhang.clone()], ..Call::default() };
    let help =
        Action::CallHelp { call, what: "扶梯子".to_owned(), required: true, minutes: None };
    let led = act(&rehearsal, &led, help, &desk).await;
    let looked = rehearsal.reports("李大爷", "王庄村第1网格的路灯不亮").await;
    let look = Action::AskVerification { of: vec![zhang.clone()] };
    let looked = act(&rehearsal, &looked, look, &desk).await;
    let both = dispatched_to(&rehearsal, "赵师傅", &["张建国", "刘芳"]).await;
    leave(&rehearsal, "张建国", "2026-03-02", "2026-03-04").await;
    rehearsal.settle().await;

    let led = ticket(&rehearsal, led.id).await;
    assert_eq!(led.handler.as_ref(), Some(&liu));
    assert!(led.course.helps.iter().all(|help| !help.is_of(zhang.id) && !help.is_of(liu.id)));
    let looked = ticket(&rehearsal, looked.id).await;
    let asked = looked.course.verification.unwrap().asked;
    assert!(!asked.is_empty() && !asked.contains(&zhang), "{asked:?}");
    let both = ticket(&rehearsal, both.id).await;
    assert_eq!((both.called, both.status.stage()), (vec![liu], Stage::Dispatched));
    let day = "2026-03-02".parse().unwrap();
    assert_eq!(rehearsal.app.store.absent_with_work(day).await.unwrap(), []);
}

async fn where_nobody_is_left_it_lies_on_the_desk(database: &TestDatabase) {
    let rehearsal = Rehearsal::on(database).await;
    let taken = taken_by(&rehearsal, "王大娘", &["张建国"]).await;
    import(&rehearsal, |register| {
        register.members.retain(|member| member.role.is_operator());
        register.units.clear();
        for category in &mut register.categories {
            category.unit = None;
        }
        register.rules.clear();
    })
    .await;
    rehearsal.settle().await;
    let left = ticket(&rehearsal, taken.id).await;
    assert_eq!((left.status.stage(), left.called.len()), (Stage::Accepted, 0));
    let told = rehearsal.notices("值班员");
    let why = "张建国不再负责，没有别人能接：王庄村第1网格没有网格员和网格长，上面也没有人能派";
    assert!(told.iter().any(|told| told.contains(why)), "{told:?}");
}
