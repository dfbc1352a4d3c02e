//! 回访 in a browser: whom to call, the number behind a button, one form for whatever came of it.

use super::Clerk;
use crate::harness::{fresh, rehearsal::Rehearsal, sqlite};
use lianxin::{
    access::Role,
    desk::{self, Entry},
    ticket::{Channel, ClosedKind, Rating, Stage, Status, Ticket, lifecycle::Action},
};
use regex::Regex;

/// Somebody telephoned about a lamp, and it was repaired.
async fn repaired(service: &Rehearsal) -> Ticket {
    let entry = Entry {
        id: fresh(),
        channel: Channel::Hotline,
        name: Some("王大娘".to_owned()),
        phone: Some("19900001234".to_owned()),
        text: "路灯坏了".to_owned(),
        area: Some("130699201201".to_owned()),
        place: None,
        category: Some("lighting".to_owned()),
        urgent: false,
        confidential: false,
        same_as: None,
    };
    let by = service.member("督办员").await;
    let ticket = desk::open(&service.app, &by, &entry).await.unwrap();
    service.says("值班员", &format!("派 {} 张建国", ticket.number)).await;
    service.says("张建国", &format!("接单 {}", ticket.number)).await;
    service.says("张建国", "办结 换了灯泡").await;
    now(service, &ticket).await
}

async fn now(service: &Rehearsal, ticket: &Ticket) -> Ticket {
    service.app.store.ticket_numbered(&ticket.number).await.unwrap().unwrap()
}

fn version(page: &str) -> String {
    let field = Regex::new(r#"name="version" value="(\d+)""#).unwrap();
    field.captures(page).unwrap()[1].to_owned()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_clerk_reads_out_the_result_and_writes_down_what_the_resident_says() {
    let database = sqlite().await;
    let service = Rehearsal::on(&database).await;
    let ticket = repaired(&service).await;
    let clerk = Clerk::at(&service, "值班员", Role::Dispatcher).await;
    let list = clerk.reads("/console/callbacks").await;
    assert!(list.contains("王大娘：告知结果，请确认和评价"), "{list}");
    assert!(!list.contains("19900001234"));
    let way = format!("/console/callbacks/{}", ticket.number);
    let page = clerk.reads(&way).await;
    assert!(page.contains("换了灯泡") && !page.contains("19900001234"), "{page}");
    let seen = clerk.post(&format!("{way}/phone"), &[]).await;
    assert!(seen.status == 200 && seen.body.contains("tel:19900001234"));
    let deeds = service.app.store.deeds(None, Some(ticket.number.as_str()), None, 9).await.unwrap();
    assert_eq!(deeds.iter().map(|deed| deed.what.as_str()).collect::<Vec<_>>(), ["phone_seen"]);

    let version = version(&page);
    let said = [
        ("version", version.as_str()),
        ("result", "reached"),
        ("heard", "partly"),
        ("grade", "fairly_satisfied"),
        ("note", "大娘耳背，打 19900005678 找她儿子"),
    ];
    let list = clerk.does(&way, &said).await;
    assert!(list.contains("现在没有要打的电话"), "{list}");
    let ticket = now(&service, &ticket).await;
    assert_eq!(ticket.status, Status::Closed { kind: ClosedKind::Signed });
    assert_eq!(ticket.rating, Some(Rating::FairlySatisfied));
    let after = clerk.reads(&way).await;
    assert!(after.contains("不用再打电话") && !after.contains("19900005678"), "{after}");
    assert!(after.contains("电话回访（已接通）"), "{after}");
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_missing_is_said_and_what_changed_meanwhile_is_shown_with_what_was_typed() {
    let database = sqlite().await;
    let service = Rehearsal::on(&database).await;
    let ticket = repaired(&service).await;
    let clerk = Clerk::at(&service, "值班员", Role::Dispatcher).await;
    let way = format!("/console/callbacks/{}", ticket.number);
    let old = version(&clerk.reads(&way).await);
    let says = |fields: &[(&'static str, &'static str)]| {
        let mut form = vec![("version", old.clone())];
        form.extend(fields.iter().map(|(name, value)| (*name, (*value).to_owned())));
        form
    };
    for (form, wanted) in [
        (says(&[]), "请先选电话打得怎么样"),
        (says(&[("result", "reached")]), "请选居民怎么说"),
        (says(&[("result", "reached"), ("heard", "not_solved")]), "哪里没解决"),
        (says(&[("result", "wrong_number"), ("right", "忘了")]), "不像电话号码"),
        (says(&[("result", "reached"), ("heard", "answer"), ("words", "好")]), "不能这样办"),
    ] {
        let form: Vec<(&str, &str)> = form.iter().map(|(a, b)| (*a, b.as_str())).collect();
        let refused = clerk.post(&way, &form).await;
        assert_eq!(refused.status, 422, "{wanted}");
        assert!(refused.body.contains(wanted), "{wanted}: {}", refused.body);
    }
    let note = Action::Note { text: "灯泡是居民自己买的".to_owned() };
    service.desk(&ticket, note).await.unwrap();
    let form = says(&[("result", "reached"), ("heard", "not_solved"), ("words", "又灭了")]);
    let form: Vec<(&str, &str)> = form.iter().map(|(a, b)| (*a, b.as_str())).collect();
    let conflict = clerk.post(&way, &form).await;
    assert_eq!(conflict.status, 409);
    assert!(conflict.body.contains("刚刚由值班员") && conflict.body.contains("又灭了"));
    let mut form = form.clone();
    let new = version(&conflict.body);
    form[0] = ("version", &new);
    clerk.does(&way, &form).await;
    assert_eq!(now(&service, &ticket).await.status.stage(), Stage::InProgress);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_number_that_nobody_answers_waits_and_a_foreign_desk_sees_none_of_it() {
    let database = sqlite().await;
    let service = Rehearsal::on(&database).await;
    let ticket = repaired(&service).await;
    let clerk = Clerk::at(&service, "值班员", Role::Dispatcher).await;
    let way = format!("/console/callbacks/{}", ticket.number);
    let version = version(&clerk.reads(&way).await);
    let list = clerk.does(&way, &[("version", version.as_str()), ("result", "not_answered")]).await;
    assert!(list.contains("今天 11:00 再打") && list.contains("打过 1 次（没人接）"), "{list}");

    let foreign = Clerk::of_area(&service, "城关站", Role::Dispatcher, "130699100").await;
    assert!(foreign.reads("/console/callbacks").await.contains("没有要打的电话"));
    let phone = format!("{way}/phone");
    let viewer = Clerk::at(&service, "领导", Role::Viewer).await;
    assert_eq!(viewer.get("/console/callbacks").await.status, 403);
    for path in [&way, &phone] {
        assert_eq!(foreign.post(path, &[]).await.status, 404, "{path}");
        assert_eq!(viewer.post(path, &[]).await.status, 403, "{path}");
        assert_eq!(clerk.post_foreign(path, &[]).await.status, 403, "{path}");
    }
    assert_eq!(foreign.get(&way).await.status, 404);
    // A ticket about which nobody has to be called has no such page.
    let other = service.reports("李大爷", "李家村路灯坏了").await;
    assert_eq!(clerk.get(&format!("/console/callbacks/{}", other.number)).await.status, 404);
}
