//! One's own matter on a page: seen, signed off, sent back, rated.

use super::*;
use crate::harness::sqlite;
use lianxin::ticket::{Rating, Stage, event::What};

#[tokio::test(flavor = "multi_thread")]
async fn what_belongs_to_somebody_else_looks_like_what_is_not_there() {
    let database = sqlite().await;
    let service = Rehearsal::on(&database).await;
    let ticket = done(&service).await;
    let stranger = Phone::of(&service, "李大爷");
    let other = stranger.opens(&format!("/m/t/{}", ticket.number)).await;
    let nobody = stranger.opens("/m/t/LX260302999999").await;
    assert_eq!(other.shows_nothing().body, nobody.shows_nothing().body);
    for path in ["/m/t/..", "/m/t/LX1", "/m/t/%3Cb%3E", "/m/task/LX260302999999", "/m/other"] {
        stranger.opens(path).await.shows_nothing();
    }
    // Neither may the one who works on it pass for the one who reported it, nor the other way.
    let member = Phone::of(&service, "张建国");
    member.opens(&format!("/m/t/{}", ticket.number)).await.shows_nothing();
    let resident = Phone::of(&service, "王大娘");
    resident.opens(&format!("/m/task/{}", ticket.number)).await.shows_nothing();
}

#[tokio::test(flavor = "multi_thread")]
async fn a_form_of_somebody_else_or_of_another_site_changes_nothing() {
    let database = sqlite().await;
    let service = Rehearsal::on(&database).await;
    let ticket = done(&service).await;
    let path = format!("/m/t/{}", ticket.number);
    let resident = Phone::of(&service, "王大娘");
    let page = resident.opens(&path).await;
    let stranger = Phone::of(&service, "李大爷");
    // Known to the platform, and with a form of their own.
    stranger.opens("/m/mine").await.says("我的诉求");
    assert_eq!(stranger.posts(&page, "signoff", &[("verdict", "1")]).await.status, 403);
    let nobody = Phone::of(&service, "赵大姐");
    assert_eq!(nobody.posts(&page, "signoff", &[("verdict", "1")]).await.status, 403);
    let foreign = Page { body: page.body.replace("csrf\" value=\"", "csrf\" value=\"x"), ..page };
    assert_eq!(resident.posts(&foreign, "signoff", &[("verdict", "1")]).await.status, 403);
    assert_eq!(now(&service, &ticket).await.status.stage(), Stage::AwaitingSignoff);
}

#[tokio::test(flavor = "multi_thread")]
async fn progress_is_told_in_plain_words_and_kept_nowhere() {
    let database = sqlite().await;
    let service = Rehearsal::on(&database).await;
    let ticket = called(&service).await;
    service.says("值班员", &format!("备注 {} 这位常来", ticket.number)).await;
    let resident = Phone::of(&service, "王大娘");
    let page = resident.opens(&format!("/m/t/{}", ticket.number)).await;
    page.says("已派人，等待接单").says("王庄村东头").says("张建国").says("您反映了这件事");
    page.says(ticket.number.as_str()).says("预计");
    assert!(!page.body.contains("这位常来"), "a remark of the desk's is for the desk");
    for (name, value) in [
        ("cache-control", "no-store"),
        ("referrer-policy", "no-referrer"),
        ("x-robots-tag", "noindex, nofollow"),
    ] {
        assert_eq!(page.headers[name], value);
    }
    let policy = &page.headers["content-security-policy"];
    assert!(!policy.contains("unsafe") && policy.contains("default-src 'self'"), "{policy}");
    assert!(!page.body.contains("style=") && !page.body.contains("onclick"));
    assert!(!page.body.contains(&service.follower("王大娘").openid));
}

#[tokio::test(flavor = "multi_thread")]
async fn the_result_is_opened_from_the_notice_signed_off_and_rated() {
    let database = sqlite().await;
    let service = Rehearsal::on(&database).await;
    let ticket = done(&service).await;
    let link = links(&service, "王大娘").pop().unwrap();
    assert_eq!(link, format!("{PUBLIC}/m/t/{}", ticket.number));
    let resident = Phone::of(&service, "王大娘");
    let page = resident.taps(&link).await;
    page.says("办好了，请您确认").says("换了新灯泡，亮了").says("没解决");
    let page = resident.sends(&page, "signoff", &[("verdict", "1")]).await;
    page.says("收到您的确认").says("办得怎么样？");
    let page = resident.sends(&page, "rate", &[("rating", "1")]).await;
    page.says("谢谢您的评价").says("已办结");
    service.settle().await;
    let after = now(&service, &ticket).await;
    assert_eq!(after.status.stage(), Stage::Closed);
    assert_eq!(after.rating, Some(Rating::VerySatisfied));
    assert!(service.notices("张建国").iter().any(|notice| notice.contains("已确认")));
    // As if it had been said in the chat: the chat asks nothing of it any more.
    let said = service.says("王大娘", "1").await;
    assert!(!said.contains("LX") || !said.contains("已解决"), "{said}");
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_not_solved_goes_back_with_the_reason_in_the_resident_s_words() {
    let database = sqlite().await;
    let service = Rehearsal::on(&database).await;
    let ticket = done(&service).await;
    let resident = Phone::of(&service, "王大娘");
    let page = resident.opens(&format!("/m/t/{}", ticket.number)).await;
    let page = resident.sends(&page, "signoff", &[("verdict", "3"), ("reason", " ")]).await;
    page.says("哪里没弄好？").says("open>");
    assert_eq!(now(&service, &ticket).await.round, 1, "nothing moves before the reason");
    let reason = [("verdict", "3"), ("reason", "<b>还是一闪一闪的</b>")];
    let page = resident.sends(&page, "signoff", &reason).await;
    page.says("马上请人再办一次").says("&lt;b&gt;还是一闪一闪的");
    service.settle().await;
    let after = now(&service, &ticket).await;
    assert_eq!((after.status.stage(), after.round), (Stage::InProgress, 2));
    assert!(service.notices("张建国").iter().any(|notice| notice.contains("还是一闪一闪的")));
}

#[tokio::test(flavor = "multi_thread")]
async fn the_same_form_twice_acts_once_and_an_old_form_not_at_all() {
    let database = sqlite().await;
    let service = Rehearsal::on(&database).await;
    let ticket = done(&service).await;
    let resident = Phone::of(&service, "王大娘");
    let page = resident.opens(&format!("/m/t/{}", ticket.number)).await;
    let first = resident.posts(&page, "signoff", &[("verdict", "2")]).await;
    let second = resident.posts(&page, "signoff", &[("verdict", "2")]).await;
    assert_eq!((first.status, second.status), (303, 303));
    assert_eq!(first.location, second.location, "told as done");
    let signed = |what: &What| matches!(what, What::SignedOff { .. });
    let events = service.app.store.history(ticket.id).await.unwrap();
    assert_eq!(events.iter().filter(|event| signed(&event.what)).count(), 1);
    let late = resident.posts(&page, "signoff", &[("verdict", "3"), ("reason", "又坏了")]).await;
    assert!(late.location.ends_with("said=meanwhile"), "{}", late.location);
    assert_eq!(now(&service, &ticket).await.status.stage(), Stage::Closed);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_question_is_answered_on_the_page() {
    let database = sqlite().await;
    let service = Rehearsal::on(&database).await;
    let ticket = called(&service).await;
    service.says("张建国", "接单").await;
    service.says("张建国", "问居民 是哪一根灯杆？").await;
    service.settle().await;
    let resident = Phone::of(&service, "王大娘");
    let page = resident.taps(&links(&service, "王大娘").pop().unwrap()).await;
    page.says("想请您补充一句").says("是哪一根灯杆？");
    let page = resident.sends(&page, "answer", &[("text", "村口第三根")]).await;
    page.says("收到，已经转给办这件事的人").says("正在办理");
    service.settle().await;
    assert!(service.notices("张建国").iter().any(|notice| notice.contains("村口第三根")));
    assert_eq!(now(&service, &ticket).await.status.stage(), Stage::InProgress);
}

#[tokio::test(flavor = "multi_thread")]
async fn one_s_own_matters_are_listed_and_a_member_s_tasks_with_them() {
    let database = sqlite().await;
    let service = Rehearsal::on(&database).await;
    let ticket = called(&service).await;
    let resident = Phone::of(&service, "王大娘");
    let page = resident.opens("/m/mine").await;
    page.says(&format!("/m/t/{}", ticket.number));
    assert!(!page.body.contains("我的任务"));
    let member = Phone::of(&service, "张建国");
    member.opens("/m/mine").await.says("我的任务").says(&format!("/m/task/{}", ticket.number));
    let stranger = Phone::of(&service, "李大爷");
    let page = stranger.opens("/m/mine").await;
    assert!(!page.says("最近没有反映过").body.contains("LX"));
}
