//! Menus and tags of the whole service against the pretended platform.

use crate::harness::{TestDatabase, on_both, rehearsal::Rehearsal};
use chrono::TimeDelta;
use lianxin::{
    menus::{self, Step},
    simulator::{Fault, Message},
    storage::TagCounts,
};

on_both![
    applied_twice_the_second_time_does_nothing,
    stopped_in_the_middle_it_can_be_run_again,
    each_part_sees_its_own_menu_and_whoever_is_unbound_the_residents,
    whoever_does_not_follow_keeps_nobody_else_waiting,
    a_tag_deleted_by_hand_is_put_back_by_the_next_apply,
];

async fn apply(service: &Rehearsal) -> usize {
    let plan = menus::plan(&service.app, &service.account).await.unwrap();
    let steps = plan.steps.len();
    menus::apply(&service.app, &service.account, plan, |_| {}).await.unwrap();
    steps
}

/// The names of the buttons that somebody sees.
async fn seen_by(service: &Rehearsal, name: &str) -> Vec<String> {
    let openid = service.follower(name).openid;
    let menu = service.app.client.menu_of("main", &openid).await.unwrap();
    menu.into_iter().map(|button| button.name).collect()
}

const RESIDENTS: [&str; 3] = ["我要反映", "我的诉求", "更多服务"];
const MEMBERS: [&str; 3] = ["我的任务", "我要反映", "更多服务"];
const HEADS: [&str; 3] = ["我的任务", "帮群众报", "更多服务"];
const OPERATORS: [&str; 3] = ["待办工单", "我要反映", "更多服务"];

async fn applied_twice_the_second_time_does_nothing(database: &TestDatabase) {
    let service = Rehearsal::on(database).await;
    assert_eq!(apply(&service).await, 7);
    let menus = service.app.client.menus("main").await.unwrap();
    assert_eq!(apply(&service).await, 0);
    assert_eq!(service.app.client.menus("main").await.unwrap(), menus);
}

async fn stopped_in_the_middle_it_can_be_run_again(database: &TestDatabase) {
    let service = Rehearsal::on(database).await;
    for stop in 0..7 {
        service.app.client.drop_all_menus("main").await.unwrap();
        let mut plan = menus::plan(&service.app, &service.account).await.unwrap();
        plan.steps.truncate(stop);
        menus::apply(&service.app, &service.account, plan, |_| {}).await.unwrap();
        apply(&service).await;
        assert_eq!(apply(&service).await, 0, "stopped after {stop}");
        assert_eq!(seen_by(&service, "王大娘").await, RESIDENTS);
    }
}

async fn each_part_sees_its_own_menu_and_whoever_is_unbound_the_residents(database: &TestDatabase) {
    let service = Rehearsal::on(database).await;
    // There are no tags yet: wishes wait.
    service.settle().await;
    let waiting = service.app.store.tag_counts("main").await.unwrap().waiting;
    assert!(waiting > 50, "{waiting}");
    apply(&service).await;
    service.settle().await;
    assert_eq!(service.app.store.tag_counts("main").await.unwrap(), TagCounts::default());
    let county = lianxin::county::demo::county();
    for role in ["member", "grid_head", "operator"] {
        let member = county.members().iter().find(|one| one.role.part() == role);
        let Some(member) = member else { continue };
        let expected = match role {
            "member" => MEMBERS,
            "grid_head" => HEADS,
            _ => OPERATORS,
        };
        assert_eq!(seen_by(&service, &member.name).await, expected, "{}", member.name);
    }
    assert_eq!(seen_by(&service, "王大娘").await, RESIDENTS);

    let member = service.member("张建国").await;
    let tx = service.app.store.begin().await.unwrap();
    tx.unbind(member.id).await.unwrap();
    tx.commit().await.unwrap();
    service.settle().await;
    assert_eq!(seen_by(&service, "张建国").await, RESIDENTS);
    let tx = service.app.store.begin().await.unwrap();
    tx.bind(&service.follower("张建国"), member.id).await.unwrap();
    tx.commit().await.unwrap();
    service.settle().await;
    assert_eq!(seen_by(&service, "张建国").await, MEMBERS);

    // Who leaves loses the tag at the platform, and gets it again by following.
    service.does("张建国", Message::Unfollow).await;
    service.does("张建国", Message::Follow { scene: None }).await;
    assert_eq!(seen_by(&service, "张建国").await, RESIDENTS);
    service.settle().await;
    assert_eq!(seen_by(&service, "张建国").await, MEMBERS);
}

async fn whoever_does_not_follow_keeps_nobody_else_waiting(database: &TestDatabase) {
    let service = Rehearsal::on(database).await;
    service.does("张建国", Message::Unfollow).await;
    apply(&service).await;
    service.settle().await;
    assert_eq!(seen_by(&service, "刘芳").await, MEMBERS);
    assert_eq!(service.app.store.tag_counts("main").await.unwrap(), TagCounts::default());
}

async fn a_tag_deleted_by_hand_is_put_back_by_the_next_apply(database: &TestDatabase) {
    let service = Rehearsal::on(database).await;
    apply(&service).await;
    let tags = service.app.client.tags("main").await.unwrap();
    let member = tags.iter().find(|tag| tag.name == "党员").unwrap();
    let token_is_good = service.app.client.check_token("main").await;
    token_is_good.unwrap();
    let gone = service.platform().delete_tag("main", member.id);
    assert!(gone);
    service.settle().await;
    assert_eq!(seen_by(&service, "刘芳").await, RESIDENTS);
    let plan = menus::plan(&service.app, &service.account).await.unwrap();
    assert!(matches!(&plan.steps[0], Step::CreateTag { name } if name == "党员"));
    // A fault on the way costs nothing but time.
    service.platform().fault(Fault::Token, 1);
    apply(&service).await;
    service.later(TimeDelta::minutes(1)).await;
    assert_eq!(seen_by(&service, "刘芳").await, MEMBERS);
}
