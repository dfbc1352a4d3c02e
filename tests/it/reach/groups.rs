//! Groups: what members have to do where they cannot be told, a robot's minute, and broadcasts.

use super::{dispatch, service};
use crate::harness::{TestDatabase, fresh, on_both, rehearsal::Rehearsal};
use chrono::TimeDelta;
use lianxin::{
    access::{Operator, Role, Scope},
    broadcast::{self, Wanted},
    simulator::Message,
    storage::{GroupRobot, NewPost, PostOutcome},
    wechat::account::Secret,
};
use uuid::Uuid;

const VILLAGE: &str = "130699201201";

on_both![
    a_member_who_left_is_told_through_the_group_without_a_word_of_the_residents,
    a_robot_says_twenty_things_a_minute_at_most_and_bursts_leave_together,
    what_was_begun_and_never_heard_of_is_not_said_again_by_itself,
    a_broadcast_reaches_the_groups_of_the_chosen_levels_and_says_who_has_none,
];

async fn robot(service: &Rehearsal, area: &str, name: &str) -> GroupRobot {
    let key = format!("key-{}", fresh().simple());
    service.platform().found_group(name, &key);
    let robot = GroupRobot {
        id: fresh(),
        area: area.to_owned(),
        name: name.to_owned(),
        key: Secret::new(key),
        active: true,
        broken: false,
        paused_until: None,
        last_at: None,
        last_result: None,
    };
    let tx = service.app.store.begin().await.unwrap();
    tx.put_robot(&robot).await.unwrap();
    tx.commit().await.unwrap();
    robot
}

async fn a_member_who_left_is_told_through_the_group_without_a_word_of_the_residents(
    database: &TestDatabase,
) {
    let service = service(database).await;
    let group = robot(&service, VILLAGE, "王庄村工作群").await;
    service.does("张建国", Message::Unfollow).await;
    let ticket = service.reports("王大娘", "王庄村东头第二盏路灯不亮了").await;
    dispatch(&service, &ticket).await;
    let chat = service.platform().group_chat(group.key.expose());
    let ways = service.app.store.ways_of(&ticket).await.unwrap();
    assert_eq!(chat.len(), 1, "{ways:?}");
    assert!(chat[0].contains("有新任务") && chat[0].contains(ticket.number.as_str()), "{chat:?}");
    for private in ["王大娘", "第二盏", "张建国", "199"] {
        assert!(!chat[0].contains(private), "{chat:?}");
    }
    // The robot is removed: what it cannot say goes on as a short message to the member.
    service.platform().remove_robot(group.key.expose());
    let second = service.reports("李大爷", "王庄村西头井盖没了").await;
    dispatch(&service, &second).await;
    assert!(service.app.store.robot(group.id).await.unwrap().unwrap().broken);
    let texts = service.platform().short_messages("19900000049");
    assert_eq!(texts.len(), 1, "{texts:?}");
    assert!(texts[0].contains(second.number.as_str()), "{texts:?}");
}

fn post(robot: &GroupRobot, text: String) -> NewPost {
    NewPost {
        id: fresh(),
        robot: robot.id,
        broadcast: None,
        outbox: None,
        topic: None,
        kind: "test".to_owned(),
        text,
    }
}

async fn a_robot_says_twenty_things_a_minute_at_most_and_bursts_leave_together(
    database: &TestDatabase,
) {
    let service = service(database).await;
    let group = robot(&service, VILLAGE, "王庄村工作群").await;
    let now = service.clock_now();
    // Each fills a message of its own.
    let long: Vec<_> =
        (0..30).map(|n| post(&group, format!("{n:02}{}", "长".repeat(600)))).collect();
    let short: Vec<_> = (0..10).map(|n| post(&group, format!("短{n}"))).collect();
    let tx = service.app.store.begin().await.unwrap();
    tx.put_posts(&long, now).await.unwrap();
    tx.commit().await.unwrap();
    service.settle().await;
    let said = || service.platform().group_chat(group.key.expose());
    assert_eq!(said().len(), 20);
    service.later(TimeDelta::seconds(30)).await;
    assert_eq!(said().len(), 20, "the minute is not over");
    service.later(TimeDelta::seconds(31)).await;
    assert_eq!(said().len(), 30);
    service.later(TimeDelta::minutes(2)).await;
    let tx = service.app.store.begin().await.unwrap();
    tx.put_posts(&short, service.clock_now()).await.unwrap();
    tx.commit().await.unwrap();
    service.settle().await;
    assert_eq!(said().len(), 31, "ten short ones are one message");
    assert!((0..10).all(|n| said()[30].contains(&format!("短{n}"))), "{:?}", said()[30]);
}

async fn what_was_begun_and_never_heard_of_is_not_said_again_by_itself(database: &TestDatabase) {
    let service = service(database).await;
    let group = robot(&service, VILLAGE, "王庄村工作群").await;
    let wanted = wanted("请各村防汛值班", VILLAGE, &["village"]);
    let id = passed(&service, &wanted).await;
    let parts = service.app.store.posts_of(id).await.unwrap();
    // A worker claims it and dies.
    let now = service.clock_now();
    assert!(service.app.store.begin_posts(&[parts[0].id], now).await.unwrap());
    assert!(!service.app.store.begin_posts(&[parts[0].id], now).await.unwrap(), "claimed once");
    service.later(TimeDelta::minutes(5)).await;
    let outcome = service.app.store.posts_of(id).await.unwrap()[0].outcome;
    assert_eq!(outcome, Some(PostOutcome::Unknown));
    assert_eq!(service.platform().group_chat(group.key.expose()).len(), 0);
    let tx = service.app.store.begin().await.unwrap();
    assert!(tx.post_again(id, parts[0].id, service.clock_now()).await.unwrap());
    tx.commit().await.unwrap();
    service.settle().await;
    assert_eq!(service.platform().group_chat(group.key.expose()), ["请各村防汛值班"]);
    let tx = service.app.store.begin().await.unwrap();
    let again = tx.post_again(id, parts[0].id, service.clock_now()).await.unwrap();
    assert!(!again, "who got it gets it once");
}

fn wanted(text: &str, area: &str, levels: &[&str]) -> Wanted {
    let levels = levels.iter().map(|level| (*level).to_owned()).collect();
    Wanted { text: text.to_owned(), area: area.to_owned(), levels }
}

async fn passed(service: &Rehearsal, wanted: &Wanted) -> Uuid {
    let by = operator(service, None).await;
    let (id, now) = (fresh(), service.clock_now());
    let county = service.app.county_at(now).await.unwrap();
    let by = (&by, "值班员");
    broadcast::begin(&service.app, &county, by, id, wanted, now).await.unwrap().unwrap();
    id
}

async fn operator(service: &Rehearsal, area: Option<&str>) -> Operator {
    Operator {
        id: fresh(),
        person: service.member("值班员").await,
        role: Role::Dispatcher,
        scope: Scope { area: area.map(str::to_owned), ..Default::default() },
    }
}

async fn a_broadcast_reaches_the_groups_of_the_chosen_levels_and_says_who_has_none(
    database: &TestDatabase,
) {
    let service = service(database).await;
    let county = robot(&service, "130699", "县工作群").await;
    let township = robot(&service, "130699201", "王庄乡工作群").await;
    let village = robot(&service, VILLAGE, "王庄村工作群").await;
    let known = service.app.county_at(service.clock_now()).await.unwrap();
    let robots = service.app.store.robots().await.unwrap();
    let levels: Vec<String> = vec!["township".to_owned(), "village".to_owned()];
    let plan = broadcast::plan(&known, &robots, "130699", &levels);
    let planned: Vec<_> = plan.groups.iter().map(|group| group.name.as_str()).collect();
    assert_eq!(planned, ["王庄乡工作群", "王庄村工作群"]);
    assert!(plan.without.iter().any(|code| code.as_str() == "130699202"), "{:?}", plan.without);
    let wish = wanted("请大家防汛", "130699", &["township", "village"]);
    let id = passed(&service, &wish).await;
    service.settle().await;
    let said = |group: &GroupRobot| service.platform().group_chat(group.key.expose());
    assert_eq!(
        (said(&county).len(), said(&township), said(&village)),
        (0, vec!["请大家防汛".to_owned()], vec!["请大家防汛".to_owned()])
    );
    let parts = service.app.store.posts_of(id).await.unwrap();
    assert!(parts.iter().all(|part| part.outcome == Some(PostOutcome::Sent)));
    // The same form once more, as a browser may send it.
    let by = operator(&service, None).await;
    let now = service.clock_now();
    let again = broadcast::begin(&service.app, &known, (&by, "值班员"), id, &wish, now).await;
    again.unwrap().unwrap();
    service.settle().await;
    assert_eq!(said(&village).len(), 1);
    // Somebody of another township passes nothing down here.
    let other = operator(&service, Some("130699202")).await;
    let refused = broadcast::check(&known, &other, &wanted("您好", VILLAGE, &["village"]));
    assert_eq!(refused, Err(broadcast::Wrong::Elsewhere));
    let long = "长".repeat(667);
    let refused = broadcast::check(&known, &by, &wanted(&long, VILLAGE, &["village"]));
    assert_eq!(refused, Err(broadcast::Wrong::TooLong));
}
