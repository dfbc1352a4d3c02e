//! A member's task on a page: taken, returned, asked about, done.

use super::*;
use crate::harness::sqlite;
use lianxin::{
    simulator::Message,
    ticket::{Stage, event::What},
};

#[tokio::test(flavor = "multi_thread")]
async fn who_comes_second_hears_who_it_was() {
    let database = sqlite().await;
    let service = Rehearsal::on(&database).await;
    let ticket = service.reports("王大娘", "我家门口路灯坏了三天了，王庄村东头").await;
    service.says("值班员", &format!("受理 {}", ticket.number)).await;
    service.says("值班员", &format!("派 张建国 刘芳 {}", ticket.number)).await;
    service.settle().await;
    let path = format!("/m/task/{}", ticket.number);
    let (zhang, liu) = (Phone::of(&service, "张建国"), Phone::of(&service, "刘芳"));
    let (of_zhang, of_liu) = (zhang.opens(&path).await, liu.opens(&path).await);
    zhang.sends(&of_zhang, "take", &[]).await.says("接单成功").says("办完了");
    let late = liu.posts(&of_liu, "take", &[]).await;
    assert!(late.location.ends_with("said=meanwhile"), "{}", late.location);
    let again = liu.opens(&path).await;
    assert!(!again.says("张建国").body.contains("/take\""), "there is nothing to take any more");
    assert_eq!(now(&service, &ticket).await.handler.unwrap().name, "张建国");
}

#[tokio::test(flavor = "multi_thread")]
async fn somebody_who_was_not_called_sees_no_task() {
    let database = sqlite().await;
    let service = Rehearsal::on(&database).await;
    let ticket = called(&service).await;
    let path = format!("/m/task/{}", ticket.number);
    Phone::of(&service, "刘芳").opens(&path).await.shows_nothing();
    Phone::of(&service, "李大爷").opens(&path).await.shows_nothing();
}

#[tokio::test(flavor = "multi_thread")]
async fn a_return_needs_a_reason_and_goes_to_the_desk() {
    let database = sqlite().await;
    let service = Rehearsal::on(&database).await;
    let ticket = called(&service).await;
    let member = Phone::of(&service, "张建国");
    let page = member.taps(&links(&service, "张建国").pop().unwrap()).await;
    page.says("职责不符");
    let refused = member.posts(&page, "decline", &[("other", " ")]).await;
    assert_eq!(refused.status, 422);
    assert!(refused.body.contains("请选一个原因"), "{}", refused.body);
    let fields = [("reason", "职责不符"), ("other", "归电力所管")];
    let page = member.sends(&page, "decline", &fields).await;
    page.says("已退单");
    service.settle().await;
    assert_eq!(now(&service, &ticket).await.status.stage(), Stage::Returned);
    let told = service.notices("值班员");
    assert!(told.iter().any(|notice| notice.contains("归电力所管")), "{told:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn the_resident_is_asked_from_the_page() {
    let database = sqlite().await;
    let service = Rehearsal::on(&database).await;
    let ticket = called(&service).await;
    let member = Phone::of(&service, "张建国");
    let page = member.opens(&format!("/m/task/{}", ticket.number)).await;
    assert!(!page.body.contains("/ask\""), "only who took it asks");
    let page = member.sends(&page, "take", &[]).await;
    let page = member.sends(&page, "ask", &[("question", "是哪一根灯杆？")]).await;
    page.says("在等居民回答").says("是哪一根灯杆？");
    service.settle().await;
    assert!(service.notices("王大娘").last().unwrap().contains("是哪一根灯杆？"));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_result_keeps_the_photos_that_were_sent_to_the_chat_before() {
    let database = sqlite().await;
    let service = Rehearsal::on(&database).await;
    let ticket = called(&service).await;
    service.says("张建国", "接单").await;
    service.does("张建国", Message::Photo).await;
    let member = Phone::of(&service, "张建国");
    let page = member.opens(&format!("/m/task/{}", ticket.number)).await;
    let page = member.finishes(&page, "部分解决，还差一盏", &[]).await;
    page.says("办结已经交上去了");
    let after = now(&service, &ticket).await;
    let finding = after.finding.unwrap();
    assert_eq!(finding.media.len(), 1);
    assert_eq!(finding.outcome, lianxin::ticket::Outcome::Partly);
    let events = service.app.store.history(ticket.id).await.unwrap();
    let results = events.iter().filter(|event| matches!(event.what, What::ResultSubmitted { .. }));
    assert_eq!(results.count(), 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_result_without_words_or_with_too_many_photos_is_told_so() {
    let database = sqlite().await;
    let service = Rehearsal::on(&database).await;
    let ticket = called(&service).await;
    service.says("张建国", "接单").await;
    let member = Phone::of(&service, "张建国");
    let page = member.opens(&format!("/m/task/{}", ticket.number)).await;
    let refused = member.finishes(&page, " ", &[]).await;
    assert!(refused.status == 422 && refused.body.contains("请写一句"), "{}", refused.body);
    let ten = vec![&b"photo"[..]; 10];
    let refused = member.finishes(&page, "换好了", &ten).await;
    assert!(refused.status == 422 && refused.body.contains("最多交九张"), "{}", refused.body);
    let foreign = Page { body: page.body.replace("csrf\" value=\"", "csrf\" value=\"x"), ..page };
    assert_eq!(member.finishes(&foreign, "换好了", &[]).await.status, 403);
    assert_eq!(now(&service, &ticket).await.status.stage(), Stage::InProgress);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_confidential_matter_is_read_by_who_took_it() {
    let database = sqlite().await;
    let service = Rehearsal::on(&database).await;
    let ticket = service.reports("王大娘", "王庄村的村干部吃拿卡要").await;
    assert!(ticket.report.confidential);
    service.says("值班员", &format!("受理 {}", ticket.number)).await;
    service.says("值班员", &format!("派 张建国 {}", ticket.number)).await;
    service.settle().await;
    let member = Phone::of(&service, "张建国");
    let page = member.opens(&format!("/m/task/{}", ticket.number)).await;
    assert!(!page.says("内容已保密").body.contains("吃拿卡要"));
    let page = member.sends(&page, "take", &[]).await;
    page.says("吃拿卡要");
    // The one who reported it is proven by the platform, and reads it.
    let resident = Phone::of(&service, "王大娘");
    resident.opens(&format!("/m/t/{}", ticket.number)).await.says("吃拿卡要");
}
