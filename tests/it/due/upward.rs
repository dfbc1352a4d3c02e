//! Late tickets go one level up, and say so where nobody is above.

use super::{history, import, leave, taken_by, ticket, until};
use crate::harness::{TestDatabase, moment, on_both, rehearsal::Rehearsal};
use lianxin::{
    desk::{self, DeskError},
    ticket::{
        ClockKind, Stage, Tier,
        clock::Rung,
        event::{Actor, What},
        lifecycle::Action,
    },
};

on_both![
    one_working_day_late_it_is_the_stations_and_the_lower_ones_help,
    where_nobody_is_above_it_is_said_once_and_stays,
    who_is_away_or_has_it_already_is_passed_over,
    an_operator_gives_it_one_level_up_with_a_reason,
];

async fn one_working_day_late_it_is_the_stations_and_the_lower_ones_help(database: &TestDatabase) {
    let rehearsal = Rehearsal::on(database).await;
    let taken = taken_by(&rehearsal, "王大娘", &["张建国"]).await;
    // Three working days from Monday 9:00, and one more.
    until(&rehearsal, moment("2026-03-06T08:59:00+08:00")).await;
    let late = ticket(&rehearsal, taken.id).await;
    assert_eq!(late.handler.as_ref().unwrap().name, "张建国");
    until(&rehearsal, moment("2026-03-06T09:05:00+08:00")).await;
    let up = ticket(&rehearsal, taken.id).await;
    assert_eq!(up.status.stage(), Stage::Dispatched);
    assert_eq!(up.unit.as_deref(), Some("station_wangzhuang"));
    assert_eq!(up.course.holder.tier, Some(Tier::Township));
    let called: Vec<&str> = up.called.iter().map(|one| one.name.as_str()).collect();
    assert_eq!(called, ["王树林", "王小梅"]);
    assert_eq!(up.course.helps[0].called[0].name, "张建国");
    assert_eq!(up.accountable, taken.accountable, "who was asked first stays");
    let escalated = history(&rehearsal, &taken).await.into_iter().find_map(|what| match what {
        What::Escalated { reason, .. } => Some(reason),
        _ => None,
    });
    assert_eq!(escalated.unwrap(), "超过办理时限1个工作日，自动提级到王庄乡便民服务站");
    assert!(rehearsal.notices("王树林").iter().any(|told| told.contains("任务")));
    // The date of the result stays, so it is supervised in its time, and goes up once.
    until(&rehearsal, moment("2026-03-16T09:00:00+08:00")).await;
    let supervised = ticket(&rehearsal, taken.id).await;
    assert_eq!((supervised.course.escalations, supervised.course.supervised), (1, 1));
}

async fn where_nobody_is_above_it_is_said_once_and_stays(database: &TestDatabase) {
    let rehearsal = Rehearsal::on(database).await;
    let taken = taken_by(&rehearsal, "王大娘", &["周光明"]).await;
    // Sent back once: the clock that is late is the second one.
    let by = Actor::Member(rehearsal.member("周光明").await);
    let finish = Action::Finish {
        text: "修好了".to_owned(),
        outcome: lianxin::ticket::Outcome::Solved,
        media: vec![],
    };
    let finished = super::act(&rehearsal, &taken, finish, &by).await;
    let again = Action::Rework { reason: Some("又坏了".to_owned()) };
    super::act(&rehearsal, &finished, again, &Actor::Resident).await;
    until(&rehearsal, moment("2026-03-20T09:00:00+08:00")).await;
    let late = ticket(&rehearsal, taken.id).await;
    assert_eq!(late.handler.as_ref().unwrap().name, "周光明");
    assert_eq!(late.course.escalations, 0);
    let events = rehearsal.app.store.history(taken.id).await.unwrap();
    let rang: Vec<_> = events
        .iter()
        .filter_map(|event| match &event.what {
            What::ClockRang { clock, rung: Rung::Escalated, .. } => Some(*clock),
            _ => None,
        })
        .collect();
    assert_eq!(rang, [ClockKind::Redo]);
}

async fn who_is_away_or_has_it_already_is_passed_over(database: &TestDatabase) {
    let rehearsal = Rehearsal::on(database).await;
    // The village has somebody of its own; one of the station is away.
    import(&rehearsal, |register| {
        let secretary = register.members.iter_mut().find(|one| one.name == "毕红霞").unwrap();
        secretary.area = Some("130699201201".into());
    })
    .await;
    let taken = taken_by(&rehearsal, "王大娘", &["张建国"]).await;
    leave(&rehearsal, "毕红霞", "2026-03-02", "2026-03-31").await;
    leave(&rehearsal, "王树林", "2026-03-06", "2026-03-06").await;
    until(&rehearsal, moment("2026-03-06T09:05:00+08:00")).await;
    let up = ticket(&rehearsal, taken.id).await;
    let called: Vec<&str> = up.called.iter().map(|one| one.name.as_str()).collect();
    assert_eq!(called, ["王小梅"]);
}

async fn an_operator_gives_it_one_level_up_with_a_reason(database: &TestDatabase) {
    let rehearsal = Rehearsal::on(database).await;
    let taken = taken_by(&rehearsal, "王大娘", &["张建国"]).await;
    let operator = rehearsal.member("值班员").await;
    let escalate = async |reason: &str| {
        desk::escalate(&rehearsal.app, &operator, &taken.number, None, reason).await
    };
    let up = escalate("要换变压器").await.unwrap();
    assert_eq!(up.unit.as_deref(), Some("station_wangzhuang"));
    let Some(What::Escalated { reason, .. }) =
        history(&rehearsal, &taken).await.into_iter().find(|w| matches!(w, What::Escalated { .. }))
    else {
        panic!("it went up")
    };
    assert_eq!(reason, "要换变压器，提级到王庄乡便民服务站");
    let up = escalate("").await.unwrap();
    assert_eq!(up.unit.as_deref(), Some("power_supply"));
    assert!(matches!(escalate("").await, Err(DeskError::NobodyAbove(_))));
}
