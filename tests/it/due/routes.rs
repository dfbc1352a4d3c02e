//! What goes to people without an operator, and what an operator sends as it is suggested.

use super::{history, import, leave, ticket};
use crate::harness::{TestDatabase, moment, on_both, rehearsal::Rehearsal};
use lianxin::{
    county::Hours,
    ticket::{Stage, Ticket, event::What},
};

on_both![
    an_automatic_category_goes_by_its_rule_and_the_history_says_which,
    an_automatic_category_without_anybody_lies_on_the_desk_which_hears_why,
    at_night_the_whole_grid_is_called_as_suggested,
    several_in_a_row_are_spread_before_anybody_took_one,
];

async fn dispatched_because(rehearsal: &Rehearsal, ticket: &Ticket) -> String {
    let reason = history(rehearsal, ticket).await.into_iter().find_map(|what| match what {
        What::Dispatched { reason, .. } => Some(reason),
        _ => None,
    });
    reason.unwrap()
}

async fn an_automatic_category_goes_by_its_rule_and_the_history_says_which(
    database: &TestDatabase,
) {
    let rehearsal = Rehearsal::on(database).await;
    let jobs = rehearsal.reports("小王", "想找个活干，会开车，王庄村").await;
    assert_eq!(
        (jobs.status.stage(), jobs.unit.as_deref()),
        (Stage::Dispatched, Some("human_resources"))
    );
    let why = dispatched_because(&rehearsal, &jobs).await;
    assert_eq!(why, "规则“就业创业”：派给县人力资源和社会保障局");
    // One of the two is away: the other one is called, and not both.
    leave(&rehearsal, "何兴业", "2026-03-02", "2026-03-02").await;
    let jobs = rehearsal.reports("小李", "想找个活干，会开车，王庄村").await;
    let called: Vec<&str> = jobs.called.iter().map(|one| one.name.as_str()).collect();
    assert_eq!(called, ["丁晓勤"]);
}

async fn an_automatic_category_without_anybody_lies_on_the_desk_which_hears_why(
    database: &TestDatabase,
) {
    let rehearsal = Rehearsal::on(database).await;
    import(&rehearsal, |register| {
        register.members.retain(|member| member.role.is_operator());
        for unit in &mut register.units {
            unit.leader = None;
        }
    })
    .await;
    // Who wrote lately reads words, others a template without them.
    rehearsal.says("值班员", "待办").await;
    let jobs = rehearsal.reports("小王", "想找个活干，会开车，王庄村").await;
    assert_eq!(jobs.status.stage(), Stage::Submitted);
    rehearsal.settle().await;
    let why = "没能自动派单：规则“就业创业”：县人力资源和社会保障局没有人；\
               王庄村没有网格员和网格长，上面也没有人能派";
    let noted = history(&rehearsal, &jobs).await;
    assert!(noted.contains(&What::Noted { text: why.to_owned() }), "{noted:?}");
    let told = rehearsal.notices("值班员");
    assert!(told.iter().any(|told| told.contains(why)), "{told:?}");
}

async fn at_night_the_whole_grid_is_called_as_suggested(database: &TestDatabase) {
    let rehearsal = Rehearsal::on(database).await;
    import(&rehearsal, |register| {
        let liu = register.members.iter_mut().find(|one| one.name == "刘芳").unwrap();
        liu.duty = Hours::read("8:00-18:00");
    })
    .await;
    rehearsal.clock.set(moment("2026-03-02T22:00:00+08:00"));
    let light = rehearsal.reports("王大娘", "王庄村第1网格的路灯全灭了").await;
    let said = rehearsal.says("值班员", &format!("受理 {}", light.number)).await;
    assert!(said.contains("网格全员（赵大山、张建国）"), "{said}");
    rehearsal.says("值班员", "按建议派").await;
    let sent = ticket(&rehearsal, light.id).await;
    let called: Vec<&str> = sent.called.iter().map(|one| one.name.as_str()).collect();
    assert_eq!(called, ["赵大山", "张建国"]);
    let why = dispatched_because(&rehearsal, &light).await;
    assert_eq!(why, "规则“夜间险情”：晚上10点到早上6点叫网格全员");
}

async fn several_in_a_row_are_spread_before_anybody_took_one(database: &TestDatabase) {
    let rehearsal = Rehearsal::on(database).await;
    let mut called = Vec::new();
    for number in 0..4 {
        let reporter = format!("居民{number}");
        let light = rehearsal.reports(&reporter, "王庄村第1网格的路灯坏了").await;
        rehearsal.says("值班员", &format!("派 {}", light.number)).await;
        called.push(ticket(&rehearsal, light.id).await.called[0].name.clone());
    }
    assert_eq!(called, ["张建国", "刘芳", "张建国", "刘芳"]);
}
