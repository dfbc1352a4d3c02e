//! Answer templates and the county's own words: nothing is kept that cannot be written.

use super::Clerk;
use crate::harness::{rehearsal::Rehearsal, sqlite};
use chrono::TimeDelta;
use lianxin::{access::Role, replies::answer::filled, ticket::Stage};

#[tokio::test(flavor = "multi_thread")]
async fn an_answer_template_is_filled_for_a_ticket_and_a_wrong_one_is_not_kept() {
    let database = sqlite().await;
    let service = Rehearsal::on(&database).await;
    let admin = Clerk::at(&service, "管理员", Role::Admin).await;
    let text = "您的{{category}}（{{ number }}）已经在办，{{hotline}}";
    let form = |text, category| {
        [("title", "在办"), ("text", text), ("category", category), ("stage", "in_progress")]
    };
    for (text, category) in [("{{phone}}", ""), ("", ""), ("好", "没有这个类别")] {
        let refused = admin.post("/console/answers", &form(text, category)).await;
        assert_eq!(refused.status, 422, "{text} {category}");
    }
    let list = admin.does("/console/answers", &form(text, "")).await;
    assert!(list.contains("在办") && list.contains("办理中"));
    let kept = service.app.store.answer_templates(None, Some(Stage::InProgress)).await.unwrap();
    assert!(
        service.app.store.answer_templates(None, Some(Stage::Closed)).await.unwrap().is_empty()
    );
    let ticket = service.reports("王大娘", "我家门口路灯坏了三天了，王庄村东头").await;
    let county = service.app.county_at(service.clock_now()).await.unwrap();
    let words = filled(&kept[0].text, &ticket, &county);
    assert!(words.contains(ticket.number.as_str()), "{words}");
    assert!(words.contains(&county.settings().hotline) && !words.contains("{{"), "{words}");
    let hostile = "<script>alert(1)</script>";
    let page = format!("/console/answers/{}", kept[0].id);
    let list = admin.does(&page, &[("title", hostile), ("text", "好")]).await;
    assert!(!list.contains(hostile) && list.contains("&lt;script&gt;"));
    let list = admin.does(&format!("{page}/remove"), &[]).await;
    assert!(list.contains("还没有模板"));
    assert_eq!(admin.get(&page).await.status, 404);
}

const DROPPED: &str = "/console/wording/replies/zh/dropped.txt";

#[tokio::test(flavor = "multi_thread")]
async fn what_the_county_says_in_its_own_words_is_heard_within_seconds_and_can_be_taken_back() {
    let database = sqlite().await;
    let service = Rehearsal::on(&database).await;
    let admin = Clerk::at(&service, "管理员", Role::Admin).await;
    assert!(admin.reads("/console/wording?q=先不报了").await.contains("dropped.txt"));
    let drops = || async {
        service.says("王大娘", "我家门口路灯坏了三天了，王庄村东头").await;
        service.says("王大娘", "取消").await
    };
    let usual = drops().await;
    let form = |text, seen, what| [("text", text), ("seen", seen), ("what", what)];
    let tried = admin.post(DROPPED, &form("行，<b>不报</b>了。", "", "preview")).await;
    assert_eq!(tried.status, 200);
    assert!(tried.body.contains("行，&lt;b&gt;不报"), "{}", tried.body);
    for bad in ["{{ nobody }}", "{% if", " "] {
        let refused = admin.post(DROPPED, &form(bad, "", "save")).await;
        assert_eq!(refused.status, 422, "{bad}");
    }
    service.clock.advance(TimeDelta::seconds(6));
    assert_eq!(drops().await, usual);
    admin.does(DROPPED, &form("行，不报了。", "", "save")).await;
    service.clock.advance(TimeDelta::seconds(6));
    assert_eq!(drops().await, "行，不报了。");
    // Somebody else was faster: both are shown, and nothing is overwritten.
    let late = admin.post(DROPPED, &form("迟到的话", "", "save")).await;
    assert_eq!(late.status, 409);
    assert!(late.body.contains("迟到的话") && late.body.contains("行，不报了。"));
    admin.does(DROPPED, &form("", "1", "remove")).await;
    service.clock.advance(TimeDelta::seconds(6));
    assert_eq!(drops().await, usual);
    for path in ["replies/zh/_words.txt", "replies/zh/nothing.txt", "../Cargo.txt"] {
        assert_eq!(admin.get(&format!("/console/wording/{path}")).await.status, 404, "{path}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_stored_text_that_fails_never_leaves_somebody_without_an_answer() {
    let database = sqlite().await;
    let service = Rehearsal::on(&database).await;
    let usual = service.says("王大娘", "你好").await;
    let tx = service.app.store.begin().await.unwrap();
    let name = "replies/zh/greeting.txt";
    let now = service.clock_now();
    tx.set_own_text(name, "{{ nobody }}", None, "管理员", now).await.unwrap();
    tx.next_wording_edition(uuid::Uuid::from_u128(7)).await.unwrap();
    tx.commit().await.unwrap();
    service.clock.advance(TimeDelta::seconds(6));
    assert_eq!(service.says("王大娘", "你好").await, usual);
    let admin = Clerk::at(&service, "管理员", Role::Admin).await;
    assert!(admin.reads("/console/health").await.contains("greeting.txt"));
}
