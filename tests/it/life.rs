//! What happens to an official account is known to everybody who can do something about it.

use crate::harness::{TestDatabase, on_both, rehearsal::Rehearsal};
use chrono::TimeDelta;
use lianxin::{
    life::{self, Watch, Weight},
    simulator::{AccountEvent, Fault},
    ticket::lifecycle::Action,
};

async fn alarms(stage: &Rehearsal) -> Vec<(String, Option<Weight>)> {
    let now = stage.clock_now();
    let states = stage.app.store.alarms().await.unwrap();
    states.iter().map(|state| (state.alarm.kind.clone(), life::weight(state, now))).collect()
}

fn kinds(alarms: &[(String, Option<Weight>)]) -> Vec<&str> {
    alarms.iter().map(|(kind, _)| kind.as_str()).collect()
}

on_both![
    a_verification_that_lapses_is_an_alarm_until_it_is_renewed,
    a_template_that_is_gone_is_found_within_a_day_or_as_soon_as_it_is_refused,
    an_address_that_is_not_listed_is_an_alarm_until_a_call_works_again,
    an_alarm_that_is_raised_again_keeps_since_when_and_one_that_ended_begins_anew,
];

async fn a_verification_that_lapses_is_an_alarm_until_it_is_renewed(database: &TestDatabase) {
    let stage = Rehearsal::on(database).await;
    let slug = stage.account.slug.clone();
    // Two of a sort in one second would be one and its repeat.
    let tell = |event| {
        stage.clock.advance(TimeDelta::seconds(1));
        stage.platform().tell(&slug, event)
    };
    let at = |days| (stage.clock_now() + TimeDelta::days(days)).timestamp();
    tell(AccountEvent::RenewalDue(at(90))).await.unwrap();
    assert_eq!(alarms(&stage).await, [("verified_until".to_owned(), None)]);
    tell(AccountEvent::RenewalDue(at(30))).await.unwrap();
    assert_eq!(alarms(&stage).await, [("verified_until".to_owned(), Some(Weight::Odd))]);
    tell(AccountEvent::Expired(at(0))).await.unwrap();
    assert_eq!(alarms(&stage).await, [("verification_lapsed".to_owned(), Some(Weight::Wrong))]);
    tell(AccountEvent::QualificationFailed).await.unwrap();
    tell(AccountEvent::NamingFailed).await.unwrap();
    let all = alarms(&stage).await;
    assert_eq!(kinds(&all), ["naming_failed", "qualification_failed", "verification_lapsed"]);
    tell(AccountEvent::QualificationPassed(at(365))).await.unwrap();
    tell(AccountEvent::NamingPassed(at(365))).await.unwrap();
    assert_eq!(alarms(&stage).await, [("verified_until".to_owned(), None)]);
}

async fn a_template_that_is_gone_is_found_within_a_day_or_as_soon_as_it_is_refused(
    database: &TestDatabase,
) {
    let stage = Rehearsal::on(database).await;
    let mut watch = Watch::default();
    life::run(&stage.app, &mut watch).await.unwrap();
    assert_eq!(alarms(&stage).await, []);
    stage.platform().withdraw_template("TEMPLATE-DIGEST");
    stage.clock.advance(TimeDelta::hours(23));
    life::run(&stage.app, &mut watch).await.unwrap();
    assert_eq!(alarms(&stage).await, []);
    stage.clock.advance(TimeDelta::hours(2));
    life::run(&stage.app, &mut watch).await.unwrap();
    assert_eq!(kinds(&alarms(&stage).await), ["template_gone"]);

    // One that is in use is met sooner.
    let ticket = stage.reports("王大娘", "王庄村东头路灯坏了三天").await;
    stage.settle().await;
    stage.later(TimeDelta::hours(49)).await;
    life::run(&stage.app, &mut watch).await.unwrap();
    stage.platform().withdraw_template("TEMPLATE-PROGRESS");
    stage.clock.advance(TimeDelta::hours(1));
    stage.desk(&ticket, Action::Accept).await.unwrap();
    stage.later(TimeDelta::seconds(11)).await;
    life::run(&stage.app, &mut watch).await.unwrap();
    let all = alarms(&stage).await;
    assert_eq!(kinds(&all), ["template_gone", "template_gone", "template_refused"]);
}

async fn an_address_that_is_not_listed_is_an_alarm_until_a_call_works_again(
    database: &TestDatabase,
) {
    let stage = Rehearsal::on(database).await;
    let mut watch = Watch::default();
    let ticket = stage.reports("王大娘", "王庄村东头路灯坏了三天").await;
    stage.settle().await;
    life::run(&stage.app, &mut watch).await.unwrap();
    stage.platform().fault(Fault::Code(40164), 1);
    stage.desk(&ticket, Action::Accept).await.unwrap();
    stage.clock.advance(TimeDelta::seconds(11));
    stage.settle().await;
    life::run(&stage.app, &mut watch).await.unwrap();
    assert_eq!(alarms(&stage).await, [("ip_not_listed".to_owned(), Some(Weight::Wrong))]);
    stage.says("王大娘", "我的诉求").await;
    stage.later(TimeDelta::minutes(6)).await;
    let action = Action::AnswerAtOnce { text: "已经修好了".to_owned() };
    stage.desk(&ticket, action).await.unwrap_or_else(|error| panic!("{error}"));
    stage.later(TimeDelta::minutes(1)).await;
    life::run(&stage.app, &mut watch).await.unwrap();
    assert_eq!(alarms(&stage).await, []);
}

async fn an_alarm_that_is_raised_again_keeps_since_when_and_one_that_ended_begins_anew(
    database: &TestDatabase,
) {
    let stage = Rehearsal::on(database).await;
    let store = &stage.app.store;
    let begun = stage.clock_now();
    let alarm = lianxin::storage::Alarm {
        account: "main".to_owned(),
        kind: "template_gone".to_owned(),
        subject: "T1".to_owned(),
        until: None,
        detail: None,
    };
    let hour = TimeDelta::hours(1);
    for (nth, ends) in [(0, false), (1, true), (2, false)] {
        let tx = store.begin().await.unwrap();
        tx.raise(&alarm, begun + hour * nth).await.unwrap();
        tx.commit().await.unwrap();
        let kept = store.alarms().await.unwrap().remove(0);
        let since = if nth == 2 { begun + hour * 2 } else { begun };
        assert_eq!((kept.since, kept.seen_at), (since, begun + hour * nth), "{nth}");
        if ends {
            let tx = store.begin().await.unwrap();
            let lifted = tx.lift("main", "template_gone", None, begun + hour).await.unwrap();
            tx.commit().await.unwrap();
            assert_eq!((lifted, store.alarms().await.unwrap().len()), (1, 0));
        }
    }
}
