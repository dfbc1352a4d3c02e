//! 代为登记 in a browser: one form, one look at what was understood, one ticket.

use super::Clerk;
use crate::harness::{fresh, rehearsal::Rehearsal, sqlite};
use lianxin::{
    access::Role,
    ticket::{Channel, Stage},
};
use regex::Regex;

const LAMP: &str = "王庄村东头路灯坏了三天了";

fn form<'a>(id: &'a str, text: &'a str) -> Vec<(&'a str, &'a str)> {
    vec![
        ("id", id),
        ("channel", "hotline"),
        ("name", "王大娘"),
        ("phone", "199 0000 1234"),
        ("text", text),
        ("area", ""),
        ("place", ""),
        ("category", ""),
    ]
}

/// The value of a field that travels along in the page.
fn hidden(page: &str, name: &str) -> String {
    let field = Regex::new(&format!(r#"type="hidden" name="{name}" value="([^"]*)""#)).unwrap();
    field.captures(page).unwrap()[1].to_owned()
}

fn chosen(page: &str, select: &str) -> String {
    let list = Regex::new(&format!(r#"(?s)<select id="{select}".*?</select>"#)).unwrap();
    let list = list.find(page).unwrap().as_str();
    let option = Regex::new(r#"value="([^"]*)" selected"#).unwrap();
    option.captures(list).unwrap()[1].to_owned()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_call_becomes_a_ticket_with_what_its_words_say_and_only_once() {
    let database = sqlite().await;
    let service = Rehearsal::on(&database).await;
    let clerk = Clerk::at(&service, "值班员", Role::Dispatcher).await;
    let id = hidden(&clerk.reads("/console/enter").await, "id");
    let understood = clerk.post("/console/enter/preview", &form(&id, LAMP)).await;
    assert_eq!(understood.status, 200);
    let page = &understood.body;
    assert_eq!(chosen(page, "category"), "lighting");
    assert_eq!(chosen(page, "area"), "130699201201");
    assert!(page.contains("从内容里看出来的") && !page.contains("同一件事"), "{page}");

    assert_eq!((hidden(page, "id"), hidden(page, "place").as_str()), (id.clone(), "王庄村东头"));
    let mut complete = form(&id, LAMP);
    complete.extend([("area", "130699201201"), ("category", "lighting")]);
    complete.retain(|(name, value)| !(matches!(*name, "area" | "category") && value.is_empty()));
    for _ in 0..2 {
        let saved = clerk.post("/console/enter", &complete).await;
        assert_eq!(saved.status, 303, "{}", saved.body);
        assert!(saved.location.starts_with("/console/tickets/LX"), "{}", saved.location);
    }
    let [ticket] = service.tickets().await.try_into().unwrap();
    assert_eq!((ticket.channel, ticket.status.stage()), (Channel::Hotline, Stage::Submitted));
    assert_eq!(ticket.entered_by, Some(clerk.operator.person.clone()));
    assert_eq!(ticket.report.contact.as_deref(), Some("19900001234"));
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_wrong_is_said_beside_its_field_and_nothing_typed_is_lost() {
    let database = sqlite().await;
    let service = Rehearsal::on(&database).await;
    let clerk = Clerk::at(&service, "值班员", Role::Dispatcher).await;
    let id = fresh().to_string();
    let mut bad = form(&id, "<script>alert(1)</script>路灯\u{202e}坏了");
    bad.retain(|(name, _)| *name != "phone");
    bad.push(("phone", "不知道"));
    for way in ["/console/enter/preview", "/console/enter"] {
        let refused = clerk.post(way, &bad).await;
        assert_eq!(refused.status, 422, "{way}");
        assert!(refused.body.contains("这不像电话号码"), "{}", refused.body);
        assert!(refused.body.contains("&lt;script&gt;") && !refused.body.contains("<script>alert"));
        assert!(refused.body.contains("aria-invalid=\"true\"") && refused.body.contains("王大娘"));
    }
    for (field, value) in [("channel", "wechat"), ("channel", ""), ("id", "1"), ("text", " ")] {
        let mut bad = form(&id, LAMP);
        bad.retain(|(name, _)| *name != field);
        bad.push((field, value));
        assert_eq!(clerk.post("/console/enter", &bad).await.status, 422, "{field}={value}");
    }
    assert_eq!(service.tickets().await, []);
    let back = clerk.post("/console/enter/edit", &bad).await;
    assert!(back.status == 200 && back.body.contains("&lt;script&gt;"));
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_known_nearby_is_offered_and_joined() {
    let database = sqlite().await;
    let service = Rehearsal::on(&database).await;
    let known = service.reports("王大娘", LAMP).await;
    let clerk = Clerk::at(&service, "值班员", Role::Dispatcher).await;
    let id = fresh().to_string();
    let offered = clerk.post("/console/enter/preview", &form(&id, "王庄村东头路灯不亮")).await;
    assert!(offered.body.contains(known.number.as_str()), "{}", offered.body);
    let mut same = form(&id, "王庄村东头路灯不亮");
    same.push(("same_as", known.number.as_str()));
    let saved = clerk.post("/console/enter", &same).await;
    assert_eq!(saved.status, 303, "{}", saved.body);
    let merged = service.tickets().await.into_iter().find(|one| one.number != known.number);
    assert_eq!(merged.unwrap().status.stage(), Stage::Merged);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_station_enters_for_its_own_township_and_sees_nothing_of_another() {
    let database = sqlite().await;
    let service = Rehearsal::on(&database).await;
    let known = service.reports("王大娘", LAMP).await;
    let of_town = Clerk::of_area(&service, "城关站", Role::Dispatcher, "130699100").await;
    let page = of_town.reads("/console/enter").await;
    assert!(!page.contains("王庄村") && page.contains("城关镇"), "{page}");
    let id = fresh().to_string();
    let offered = of_town.post("/console/enter/preview", &form(&id, LAMP)).await;
    assert!(!offered.body.contains(known.number.as_str()), "{}", offered.body);
    let mut there = form(&id, LAMP);
    there.retain(|(name, _)| *name != "area");
    there.push(("area", "130699201201"));
    assert_eq!(of_town.post("/console/enter", &there).await.status, 404);
    let mut tied = form(&id, LAMP);
    tied.push(("same_as", known.number.as_str()));
    assert_eq!(of_town.post("/console/enter", &tied).await.status, 404);
    // What nobody could place lies with them, not in nobody's list.
    assert_eq!(of_town.post("/console/enter", &form(&id, "灯坏了")).await.status, 303);
    let mine = service.tickets().await.into_iter().find(|one| one.number != known.number);
    assert_eq!(mine.unwrap().report.place.area.as_deref(), Some("130699100"));
    for path in ["/console/enter", "/console/enter/preview", "/console/enter/edit"] {
        let viewer = Clerk::at(&service, path, Role::Viewer).await;
        assert_eq!(viewer.post(path, &form(&id, LAMP)).await.status, 403, "{path}");
        assert_eq!(of_town.post_foreign(path, &form(&id, LAMP)).await.status, 403, "{path}");
    }
}
