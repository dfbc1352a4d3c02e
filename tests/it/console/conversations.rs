//! 会话 in a browser: who waits, who of the desk has them, and what is said.

use super::Clerk;
use crate::harness::{rehearsal::Rehearsal, sqlite};
use chrono::TimeDelta;
use lianxin::{access::Role, simulator::Message};
use regex::Regex;

const LIST: &str = "/console/conversations";

/// The talk that stands first on the list.
async fn first(clerk: &Clerk) -> String {
    let page = clerk.reads(LIST).await.replace("&#x2f;", "/");
    let link = Regex::new(r#"href="(/console/conversations/[0-9a-f]{32})""#).unwrap();
    let found = link.captures(&page).unwrap_or_else(|| panic!("nobody waits: {page}"));
    found[1].to_owned()
}

fn form(page: &str) -> String {
    Regex::new(r#"name="form" value="([0-9a-f]+)""#).unwrap().captures(page).unwrap()[1].to_owned()
}

async fn says(clerk: &Clerk, talk: &str, words: &str) -> String {
    let form = form(&clerk.reads(talk).await);
    clerk.does(talk, &[("form", &form), ("words", words)]).await
}

async fn silent(service: &Rehearsal, name: &str, text: &str) {
    let text = text.to_owned();
    let delivery = service.does(name, Message::Text { text }).await;
    assert_eq!(delivery.text(), None);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_clerk_talks_with_a_resident_and_gives_the_bot_back() {
    let database = sqlite().await;
    let service = Rehearsal::on(&database).await;
    let clerk = Clerk::at(&service, "值班员", Role::Dispatcher).await;
    assert!(clerk.reads(LIST).await.contains("现在没有居民在等"));
    service.says("王大娘", "路灯坏了").await;
    service.says("王大娘", "人工").await;
    silent(&service, "王大娘", "<b>我</b>眼睛不好").await;

    let talk = first(&clerk).await;
    let page = clerk.reads(&talk).await;
    assert!(page.contains("等人回") && page.contains("路灯坏了"), "{page}");
    assert!(page.contains("&lt;b&gt;我&lt;") && !page.contains("<b>我"), "{page}");
    assert!(page.contains("还可以发 5 条"), "{page}");
    assert!(!page.contains(&service.follower("王大娘").openid), "{page}");
    let page = says(&clerk, &talk, "大娘您好，在哪个村？").await;
    assert!(page.contains("正在发") && page.contains("您在聊"), "{page}");
    service.settle().await;
    let heard = service.notices("王大娘");
    assert!(heard.last().unwrap().contains("大娘您好，在哪个村？"), "{heard:?}");
    let page = clerk.reads(&talk).await;
    assert!(!page.contains("正在发") && page.contains("还可以发 4 条"), "{page}");
    assert!(clerk.reads(LIST).await.contains("正在聊"));

    let list = clerk.does(&format!("{talk}/release"), &[]).await;
    assert!(list.contains("现在没有居民在等"), "{list}");
    service.settle().await;
    assert!(service.notices("王大娘").last().unwrap().contains("我接着帮您"));
    assert!(service.says("王大娘", "王庄村东头").await.contains("1 提交"));
    let over = clerk.reads(&talk).await;
    assert!(over.contains("已经结束") && over.contains("大娘您好"), "{over}");
    let late =
        clerk.post(&talk, &[("form", "0123456789abcdef0123456789abcdef"), ("words", "在吗")]).await;
    assert!(late.status == 422 && late.body.contains("话没有发出去"), "{}", late.body);
}

#[tokio::test(flavor = "multi_thread")]
async fn the_same_form_is_said_once_and_only_one_of_the_desk_talks() {
    let database = sqlite().await;
    let service = Rehearsal::on(&database).await;
    let clerk = Clerk::at(&service, "值班员", Role::Dispatcher).await;
    let other = Clerk::at(&service, "督办员", Role::Dispatcher).await;
    service.says("王大娘", "人工").await;
    let talk = first(&clerk).await;
    let once = form(&clerk.reads(&talk).await);
    for _ in 0..2 {
        clerk.does(&talk, &[("form", &once), ("words", "您好")]).await;
    }
    service.settle().await;
    let heard = service.notices("王大娘");
    assert_eq!(heard.iter().filter(|text| text.contains("您好")).count(), 1, "{heard:?}");

    let page = other.reads(&talk).await;
    assert!(page.contains("值班员正在和这位居民聊"), "{page}");
    let theirs = form(&page);
    let refused = other.post(&talk, &[("form", &theirs), ("words", "我来说")]).await;
    assert!(refused.status == 422 && refused.body.contains("我来说"), "{}", refused.body);
    let from = Regex::new(r#"name="from" value="([0-9a-f]+)""#).unwrap();
    let from = from.captures(&page).unwrap()[1].to_owned();
    other.does(&format!("{talk}/take"), &[("from", &from)]).await;
    other.does(&talk, &[("form", &theirs), ("words", "我来说")]).await;
    let lost = clerk.post(&format!("{talk}/release"), &[]).await;
    assert!(lost.body.contains("督办员正在和这位居民聊"), "{}", lost.body);
    for (words, wanted) in [("  ", "请写上"), (&*"长".repeat(601), "太长了")] {
        let form = form(&other.reads(&talk).await);
        let refused = other.post(&talk, &[("form", &form), ("words", words)]).await;
        assert!(refused.status == 422 && refused.body.contains(wanted), "{}", refused.body);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn words_for_a_closed_window_are_held_and_shown_so() {
    let database = sqlite().await;
    let service = Rehearsal::on(&database).await;
    let clerk = Clerk::at(&service, "值班员", Role::Dispatcher).await;
    service.says("王大娘", "人工").await;
    let talk = first(&clerk).await;
    service.later(TimeDelta::hours(49)).await;
    // The session of the day before yesterday is over.
    let clerk = Clerk::at(&service, "督办员", Role::Dispatcher).await;
    let list = clerk.reads(LIST).await;
    assert!(list.contains("留了言，还没人回"), "{list}");
    let page = clerk.reads(&talk).await;
    assert!(page.contains("回复窗口已关"), "{page}");
    says(&clerk, &talk, "对不住，现在才看到").await;
    service.settle().await;
    let page = clerk.reads(&talk).await;
    assert!(page.contains("居民下次说话时送到"), "{page}");
    silent(&service, "王大娘", "在").await;
    service.settle().await;
    assert!(service.notices("王大娘").last().unwrap().contains("对不住，现在才看到"));
    assert!(!clerk.reads(&talk).await.contains("居民下次说话时送到"));
}

#[tokio::test(flavor = "multi_thread")]
async fn what_the_resident_told_the_bot_is_handed_in_for_them() {
    let database = sqlite().await;
    let service = Rehearsal::on(&database).await;
    let clerk = Clerk::at(&service, "值班员", Role::Dispatcher).await;
    service.says("李大爷", "人工").await;
    let talk = first(&clerk).await;
    let nothing = clerk.post(&format!("{talk}/submit"), &[]).await;
    assert!(nothing.body.contains("还没有说是什么事"), "{}", nothing.body);
    service.says("李大爷", "0").await;
    service.says("李大爷", "王庄村东头路灯坏了").await;
    service.says("李大爷", "人工").await;
    let talk = first(&clerk).await;
    let page = clerk.does(&format!("{talk}/submit"), &[]).await;
    let tickets = service.tickets().await;
    assert_eq!(tickets.len(), 1);
    assert_eq!(tickets[0].reporter, service.follower("李大爷"));
    assert!(page.contains(tickets[0].number.as_str()), "{page}");
    service.settle().await;
    let heard = service.notices("李大爷");
    assert!(heard.iter().any(|text| text.contains(tickets[0].number.as_str())), "{heard:?}");
    // And what was only said to the desk is entered with the form that there is.
    let draft =
        [("text", "井盖丢了"), ("place", "东街"), ("id", "0123456789abcdef0123456789abcdef")];
    let form = clerk.post("/console/enter/edit", &draft).await;
    assert!(form.status == 200 && form.body.contains("井盖丢了"));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_foreign_desk_and_who_does_not_triage_see_nobody() {
    let database = sqlite().await;
    let service = Rehearsal::on(&database).await;
    let clerk = Clerk::at(&service, "值班员", Role::Dispatcher).await;
    service.says("王大娘", "王庄村东头路灯坏了").await;
    service.says("王大娘", "人工").await;
    let talk = first(&clerk).await;
    let own = Clerk::of_area(&service, "王庄站", Role::Dispatcher, "130699201").await;
    let foreign = Clerk::of_area(&service, "城关站", Role::Dispatcher, "130699100").await;
    let viewer = Clerk::at(&service, "领导", Role::Viewer).await;
    assert_eq!(first(&own).await, talk);
    assert!(foreign.reads(LIST).await.contains("现在没有居民在等"));
    assert_eq!(viewer.get(LIST).await.status, 403);
    for path in ["", "/take", "/release", "/submit"].map(|end| format!("{talk}{end}")) {
        assert_eq!(foreign.post(&path, &[]).await.status, 404, "{path}");
        assert_eq!(viewer.post(&path, &[]).await.status, 403, "{path}");
        assert_eq!(clerk.post_foreign(&path, &[]).await.status, 403, "{path}");
    }
    assert_eq!(foreign.get(&talk).await.status, 404);
    assert_eq!(foreign.get(&format!("{talk}/news")).await.status, 404);
    // Somebody of whom nobody knows where they live is the county's.
    service.says("赵大山", "人工").await;
    let rows = |page: String| page.matches("class=\"card waits\"").count();
    assert_eq!(rows(own.reads(LIST).await), 1);
    assert_eq!(rows(clerk.reads(LIST).await), 2);
}
