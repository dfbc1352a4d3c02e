//! Signed links, where the platform does not tell who visits: one ticket for one person, to look
//! at and for no more; and the files that prove a domain.

use super::*;
use crate::harness::sqlite;
use chrono::TimeDelta;
use lianxin::ticket::Stage;

/// A service whose account has no right to ask who visits.
async fn without_web_auth(database: &crate::harness::TestDatabase) -> Rehearsal {
    let mut service = Rehearsal::on(database).await;
    service.account.has_web_auth = false;
    service.restart().await;
    service
}

#[tokio::test(flavor = "multi_thread")]
async fn a_link_shows_its_ticket_and_lets_nobody_do_anything() {
    let database = sqlite().await;
    let service = without_web_auth(&database).await;
    let ticket = done(&service).await;
    let link = links(&service, "王大娘").pop().unwrap();
    assert!(!link.contains(ticket.number.as_str()), "a number is no key: {link}");
    let phone = Phone::of(&service, "王大娘");
    let page = phone.taps(&link).await;
    page.says("办好了，请您确认").says("换了新灯泡").says("请回到聊天里回复");
    assert!(!page.body.contains("<form"), "{}", page.body);
    for (what, field) in [("signoff", ("verdict", "1")), ("rate", ("rating", "1"))] {
        assert_eq!(phone.posts(&page, what, &[field]).await.status, 403);
    }
    assert_eq!(now(&service, &ticket).await.status.stage(), Stage::AwaitingSignoff);
    // What it asks for is said in the chat.
    service.says("王大娘", "1").await;
    assert_eq!(now(&service, &ticket).await.status.stage(), Stage::Closed);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_link_ends_after_a_week_and_when_its_person_has_nothing_to_do_with_it_any_more() {
    let database = sqlite().await;
    let service = without_web_auth(&database).await;
    let ticket = called(&service).await;
    let of_task = links(&service, "张建国").pop().unwrap();
    let member = Phone::of(&service, "张建国");
    member.taps(&of_task).await.says("等待接单").says("请回到聊天里回复");
    // The same link is no key to the other side.
    let crossed = of_task.replace("/m/task/", "/m/t/");
    member.taps(&crossed).await.shows_nothing();
    service.says("张建国", "退单 归电力所管").await;
    service.says("值班员", &format!("同意退单 {}", ticket.number)).await;
    service.says("值班员", &format!("派 刘芳 {}", ticket.number)).await;
    service.settle().await;
    member.taps(&of_task).await.shows_nothing();
    let of_liu = links(&service, "刘芳").pop().unwrap();
    let liu = Phone::of(&service, "刘芳");
    liu.taps(&of_liu).await.says("等待接单");
    service.clock.advance(TimeDelta::days(7) + TimeDelta::seconds(1));
    liu.taps(&of_liu).await.shows_nothing();
}

#[tokio::test(flavor = "multi_thread")]
async fn a_confidential_matter_is_not_shown_to_who_only_holds_a_link() {
    let database = sqlite().await;
    let service = without_web_auth(&database).await;
    let ticket = service.reports("王大娘", "王庄村的村干部吃拿卡要").await;
    service.says("值班员", &format!("受理 {}", ticket.number)).await;
    service.says("值班员", &format!("派 张建国 {}", ticket.number)).await;
    service.settle().await;
    service.says("张建国", "接单").await;
    service.says("张建国", "问居民 是哪一年的事？").await;
    service.settle().await;
    let link = links(&service, "王大娘").pop().unwrap();
    let page = Phone::of(&service, "王大娘").taps(&link).await;
    page.says("内容已保密").says("想请您补充一句");
    assert!(!page.body.contains("吃拿卡要") && !page.body.contains("是哪一年"), "{}", page.body);
}

#[tokio::test(flavor = "multi_thread")]
async fn an_old_link_leads_to_the_platform_once_it_can_tell_who_visits() {
    let database = sqlite().await;
    let mut service = without_web_auth(&database).await;
    let ticket = done(&service).await;
    let link = links(&service, "王大娘").pop().unwrap();
    service.account.has_web_auth = true;
    service.restart().await;
    let resident = Phone::of(&service, "王大娘");
    let page = resident.taps(&link).await;
    page.says("换了新灯泡");
    assert!(page.at.starts_with(&format!("/m/t/{}", ticket.number)), "{}", page.at);
    assert!(page.body.contains("<form"));
    // Somebody to whom it was passed on proves to be somebody else, and sees nothing.
    Phone::of(&service, "李大爷").taps(&link).await.shows_nothing();
}

#[tokio::test(flavor = "multi_thread")]
async fn without_web_auth_a_number_or_one_s_own_list_is_for_the_chat() {
    let database = sqlite().await;
    let service = without_web_auth(&database).await;
    let ticket = called(&service).await;
    let phone = Phone::of(&service, "王大娘");
    for path in ["/m/mine".to_owned(), format!("/m/t/{}", ticket.number)] {
        let page = phone.asks(&path).await;
        assert_eq!(page.status, 403);
        assert!(page.body.contains("请回到公众号"), "{}", page.body);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_domain_is_proven_by_the_exact_file_and_no_other() {
    let database = sqlite().await;
    let mut service = Rehearsal::on(&database).await;
    let file = ("MP_verify_a1B2c3D4.txt".to_owned(), "a1B2c3D4".to_owned());
    service.account.domain_proof = Some(file);
    service.restart().await;
    let phone = Phone::of(&service, "王大娘");
    assert_eq!(phone.asks("/MP_verify_a1B2c3D4.txt").await.says("a1B2c3D4").body, "a1B2c3D4");
    for path in ["/MP_verify_a1b2c3d4.txt", "/MP_verify_.txt", "/m/MP_verify_a1B2c3D4.txt"] {
        assert_eq!(phone.asks(path).await.status, 404, "{path}");
    }
}
