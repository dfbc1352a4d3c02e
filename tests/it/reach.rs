//! Reaching a person: every way in turn, what a sign-off waits for, what people wish to hear.

mod groups;

use crate::harness::{TestDatabase, on_both, rehearsal::Rehearsal};
use chrono::TimeDelta;
use lianxin::{
    config::{Reach, SmsGateway},
    simulator::{Message, SimulatedKeyword, SimulatedTemplate},
    storage::Hop,
    ticket::{Call, Status, Ticket, call_back::CallResult, event::What, lifecycle::Action},
    wechat::account::{Secret, Template},
};
use std::collections::BTreeMap;
use url::Url;

on_both![
    who_left_is_notified_by_subscription_and_that_is_a_delivery,
    a_consent_that_is_gone_is_forgotten_and_a_short_message_goes_out,
    who_cannot_be_told_is_called_and_the_days_of_the_sign_off_stand_still,
    who_wants_only_results_hears_no_steps,
    who_wants_quiet_hears_of_all_steps_in_one_message_in_the_morning,
];

const SUBSCRIPTION: &str = "SUB-RESULT";
const PHONE: &str = "19900000777";

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
    let first = service.tickets().await.remove(0);
    service.reports("王大娘", "王庄村西头井盖没了").await;
    let mut all = service.tickets().await.into_iter();
    dispatch(&service, &all.find(|ticket| ticket.id != first.id).unwrap()).await;
    service.later(TimeDelta::minutes(1)).await;
    assert_eq!(service.notices("王大娘"), Vec::<String>::new());
    // Monday, nine o'clock; the next morning is less than a day away.
    service.later(TimeDelta::hours(24)).await;
    let notices = service.notices("王大娘");
    assert_eq!(notices.len(), 1, "{notices:?}");
    assert!(notices[0].starts_with("【汇总】"), "{notices:?}");
}
