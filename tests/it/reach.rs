//! Reaching a person: every way in turn, what a sign-off waits for, what people wish to hear, and
//! groups.

use crate::harness::{TestDatabase, fresh, on_both, rehearsal::Rehearsal};
use chrono::TimeDelta;
use lianxin::{
    broadcast::{self, Wanted},
    config::{Reach, SmsGateway},
    simulator::{Message, SimulatedKeyword, SimulatedTemplate},
    storage::{GroupRobot, Hop, PostOutcome},
    ticket::{Call, Status, Ticket, call_back::CallResult, event::What, lifecycle::Action},
    wechat::account::{Secret, Template},
};
use std::collections::BTreeMap;
use url::Url;
use uuid::Uuid;

on_both![
    who_left_is_notified_by_subscription_and_that_is_a_delivery,
    a_consent_that_is_gone_is_forgotten_and_a_short_message_goes_out,
    who_cannot_be_told_is_called_and_the_days_of_the_sign_off_stand_still,
    a_member_who_left_is_told_through_the_group_without_a_word_of_the_residents,
    a_robot_says_twenty_things_a_minute_at_most_and_bursts_leave_together,
    what_was_begun_and_never_heard_of_is_not_said_again_by_itself,
    a_broadcast_reaches_the_groups_of_the_chosen_levels_and_says_who_has_none,
    who_wants_only_results_hears_no_steps,
    who_wants_quiet_hears_of_all_steps_in_one_message_in_the_morning,
];

const SUBSCRIPTION: &str = "SUB-RESULT";
const PHONE: &str = "19900000777";
const VILLAGE: &str = "130699201201";

/// The service with a notification for results, and a gateway for short messages.
async fn service(database: &TestDatabase) -> Rehearsal {
    let mut service = Rehearsal::on(database).await;
    let keywords = [("character_string1", "number"), ("thing2", "category")];
    let keywords: BTreeMap<String, String> =
        keywords.iter().map(|(key, name)| ((*key).to_owned(), (*name).to_owned())).collect();
    let template = Template { id: SUBSCRIPTION.to_owned(), keywords };
    service.account.subscriptions.insert("result".to_owned(), template);
    let keyword = |label: &str, key: &str| SimulatedKeyword {
        label: label.to_owned(),
        key: key.to_owned(),
        allowed: Vec::new(),
    };
    service.platform().grant_subscription(SimulatedTemplate {
        id: SUBSCRIPTION.to_owned(),
        title: "办理结果通知".to_owned(),
        keywords: vec![keyword("编号", "character_string1"), keyword("类别", "thing2")],
    });
    service.restart().await;
    let base = Url::parse(&service.simulator.api_url()).unwrap();
    let sms =
        SmsGateway { url: base.join("/sms/send").unwrap(), token: Some(Secret::new("simulated")) };
    let reach = Reach { group_url: base, sms: Some(sms) };
    service.app = service.app.clone().reaching(&reach).unwrap();
    service
}

/// 王大娘 reports, 张建国 takes it.
async fn taken(service: &Rehearsal) -> Ticket {
    let ticket = service.reports("王大娘", "王庄村东头第二盏路灯不亮了").await;
    service.settle().await;
    let ticket = current(service, &ticket).await;
    if matches!(ticket.status, Status::Submitted { .. }) {
        service.desk(&ticket, Action::Accept).await.unwrap();
    }
    let ticket = current(service, &ticket).await;
    if matches!(ticket.status, Status::Accepted) {
        let to = vec![service.member("张建国").await];
        let call = Call { to, reason: "就近".to_owned(), ..Call::default() };
        service.desk(&ticket, Action::Dispatch { call }).await.unwrap();
    }
    service.settle().await;
    service.says("张建国", "接单").await;
    service.settle().await;
    current(service, &ticket).await
}

async fn finished(service: &Rehearsal) -> Ticket {
    service.says("张建国", "办结 换了灯泡").await;
    service.settle().await;
    service.tickets().await.into_iter().next().unwrap()
}

async fn current(service: &Rehearsal, ticket: &Ticket) -> Ticket {
    service.app.store.ticket_of(ticket.id).await.unwrap().unwrap()
}

fn is_untold(ticket: &Ticket) -> bool {
    match ticket.status {
        Status::AwaitingSignoff { untold, .. } => untold,
        ref other => panic!("{other:?}"),
    }
}

async fn told_by(service: &Rehearsal, ticket: &Ticket) -> Vec<String> {
    let events = service.app.store.history(ticket.id).await.unwrap();
    let told = |what| match what {
        What::Told { channel } => Some(channel),
        _ => None,
    };
    events.into_iter().filter_map(|event| told(event.what)).collect()
}

async fn hops_of_result(service: &Rehearsal, ticket: &Ticket) -> Vec<(String, String)> {
    let ways = service.app.store.ways_of(ticket).await.unwrap();
    let result = ways.into_iter().rfind(|way| way.kind == "result").unwrap();
    result.hops.into_iter().map(|hop| (hop.channel, hop.why)).collect()
}

fn consent(accepted: bool) -> Message {
    Message::Consent { template: SUBSCRIPTION.to_owned(), accepted, later: !accepted }
}

async fn leaves_a_phone(service: &Rehearsal, name: &str) {
    let who = service.follower(name);
    let now = service.clock_now();
    let tx = service.app.store.begin().await.unwrap();
    let mut conversation = tx.open_conversation(&who, now).await.unwrap();
    conversation.speaker.phone = Some(PHONE.to_owned());
    tx.put_conversation(&conversation, now).await.unwrap();
    tx.commit().await.unwrap();
}

async fn who_left_is_notified_by_subscription_and_that_is_a_delivery(database: &TestDatabase) {
    let service = service(database).await;
    taken(&service).await;
    service.does("王大娘", consent(true)).await;
    service.does("王大娘", Message::Unfollow).await;
    let ticket = finished(&service).await;
    let notices = service.notices("王大娘");
    assert!(notices.last().unwrap().starts_with("办理结果通知\n编号："), "{notices:?}");
    assert!(!is_untold(&ticket));
    assert_eq!(told_by(&service, &ticket).await, ["subscription"]);
    let hops = hops_of_result(&service, &ticket).await;
    assert_eq!(hops[0], ("custom".to_owned(), "does not follow the account".to_owned()));
    assert_eq!(hops[1], ("subscription".to_owned(), Hop::TAKEN.to_owned()));
}

async fn a_consent_that_is_gone_is_forgotten_and_a_short_message_goes_out(database: &TestDatabase) {
    let service = service(database).await;
    taken(&service).await;
    leaves_a_phone(&service, "王大娘").await;
    service.does("王大娘", consent(true)).await;
    let who = service.follower("王大娘");
    service.platform().lose_consent(&who.openid, SUBSCRIPTION);
    service.does("王大娘", Message::Unfollow).await;
    let ticket = finished(&service).await;
    assert!(!service.app.store.has_consent(&who, SUBSCRIPTION).await.unwrap());
    let texts = service.platform().short_messages(PHONE);
    assert_eq!(texts.len(), 1);
    assert!(texts[0].contains(ticket.number.as_str()), "{texts:?}");
    for private in ["路灯", "王庄", "王大娘", "张建国", "灯泡"] {
        assert!(!texts[0].contains(private), "{texts:?}");
    }
    assert_eq!(told_by(&service, &ticket).await, ["sms"]);
    assert!(!is_untold(&ticket));
    assert_eq!(service.app.store.call_back_of(ticket.id).await.unwrap(), None);
}

async fn who_cannot_be_told_is_called_and_the_days_of_the_sign_off_stand_still(
    database: &TestDatabase,
) {
    let service = service(database).await;
    taken(&service).await;
    service.does("王大娘", Message::Unfollow).await;
    let ticket = finished(&service).await;
    assert!(is_untold(&ticket));
    assert!(service.app.store.call_back_of(ticket.id).await.unwrap().is_some());
    // Far beyond the five working days.
    service.later(TimeDelta::days(10)).await;
    let ticket = current(&service, &ticket).await;
    assert!(is_untold(&ticket), "nobody is closed upon who does not know");
    let note = String::new();
    let call = Action::RecordCall { result: CallResult::Reached, note };
    service.desk(&ticket, call).await.unwrap();
    let ticket = current(&service, &ticket).await;
    assert!(!is_untold(&ticket));
    service.later(TimeDelta::days(9)).await;
    let ticket = current(&service, &ticket).await;
    assert!(matches!(ticket.status, Status::Closed { .. }), "{:?}", ticket.status);
}

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
    assert_eq!(chat.len(), 1, "{chat:?}");
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

async fn dispatch(service: &Rehearsal, ticket: &Ticket) {
    service.settle().await;
    let ticket = current(service, ticket).await;
    if matches!(ticket.status, Status::Submitted { .. }) {
        service.desk(&ticket, Action::Accept).await.unwrap();
    }
    let ticket = current(service, &ticket).await;
    if matches!(ticket.status, Status::Accepted) {
        let to = vec![service.member("张建国").await];
        let call = Call { to, reason: "就近".to_owned(), ..Call::default() };
        service.desk(&ticket, Action::Dispatch { call }).await.unwrap();
    }
    service.settle().await;
}

fn post(robot: &GroupRobot, text: String) -> lianxin::storage::NewPost {
    lianxin::storage::NewPost {
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

async fn operator(service: &Rehearsal, area: Option<&str>) -> lianxin::access::Operator {
    lianxin::access::Operator {
        id: fresh(),
        person: service.member("值班员").await,
        role: lianxin::access::Role::Dispatcher,
        scope: lianxin::access::Scope { area: area.map(str::to_owned), ..Default::default() },
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

async fn who_wants_only_results_hears_no_steps(database: &TestDatabase) {
    let service = service(database).await;
    let asked = service.says("王大娘", "通知设置").await;
    assert!(asked.contains("1 每一步都告诉我") && asked.contains("0 不改"), "{asked}");
    let kept = service.says("王大娘", "2").await;
    assert!(kept.contains("只告诉我结果"), "{kept}");
    taken(&service).await;
    service.later(TimeDelta::minutes(1)).await;
    assert_eq!(service.notices("王大娘"), Vec::<String>::new());
    let ticket = finished(&service).await;
    let notices = service.notices("王大娘");
    assert_eq!(notices.len(), 1, "{notices:?}");
    assert!(!is_untold(&ticket));
    // A member still gets tasks.
    assert!(!service.notices("张建国").is_empty());
}

async fn who_wants_quiet_hears_of_all_steps_in_one_message_in_the_morning(database: &TestDatabase) {
    let service = service(database).await;
    service.says("王大娘", "通知设置").await;
    service.says("王大娘", "少打扰").await;
    taken(&service).await;
    let second = service.reports("王大娘", "王庄村西头井盖没了").await;
    dispatch(&service, &second).await;
    service.later(TimeDelta::minutes(1)).await;
    assert_eq!(service.notices("王大娘"), Vec::<String>::new());
    // Monday, nine o'clock; the next morning is less than a day away.
    service.later(TimeDelta::hours(24)).await;
    let notices = service.notices("王大娘");
    assert_eq!(notices.len(), 1, "{notices:?}");
    assert!(notices[0].starts_with("【汇总】"), "{notices:?}");
}
