//! One ticket on one screen: who sees what, who may do what, and what happens when two want it.

use super::Clerk;
use crate::harness::{rehearsal::Rehearsal, sqlite};
use chrono::TimeDelta;
use lianxin::{
    access::{Role, needed_for},
    simulator::Message,
    storage::AnswerTemplate,
    ticket::{
        Stage, Ticket,
        lifecycle::{Action, Move},
    },
};

fn path(ticket: &Ticket) -> String {
    format!("/console/tickets/{}", ticket.number)
}

/// The fields that every form of a ticket brings along.
fn seen(ticket: &Ticket) -> [(&'static str, String); 1] {
    [("version", ticket.version.to_string())]
}

async fn posts(clerk: &Clerk, ticket: &Ticket, code: &str, fields: &[(&str, &str)]) -> super::Page {
    let [(name, version)] = seen(ticket);
    let mut all = vec![(name, version.as_str())];
    all.extend(fields);
    clerk.post(&format!("{}/{code}", path(ticket)), &all).await
}

/// Whether the page has the form of this move.
fn offers(page: &str, code: &str) -> bool {
    page.contains(&format!("/{code}\" method=\"post\""))
}

async fn again(service: &Rehearsal, ticket: &Ticket) -> Ticket {
    service.app.store.ticket_numbered(&ticket.number).await.unwrap().unwrap()
}

async fn codes(service: &Rehearsal, ticket: &Ticket) -> Vec<&'static str> {
    let events = service.app.store.history(ticket.id).await.unwrap();
    events.iter().map(|event| event.what.code()).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn only_what_is_possible_is_offered_and_the_rest_is_refused_with_words() {
    let database = sqlite().await;
    let service = Rehearsal::on(&database).await;
    let clerk = Clerk::at(&service, "值班员", Role::Dispatcher).await;
    let ticket = service.reports("王大娘", "王庄村东头的路灯坏了三天了").await;
    let page = clerk.reads(&path(&ticket)).await;
    assert!(page.contains("王庄村东头的路灯坏了三天了") && page.contains("等值班台受理"), "{page}");
    for (code, offered) in
        [("accept", true), ("ask", true), ("reject", true), ("dispatch", false), ("pass", false)]
    {
        assert_eq!(offers(&page, code), offered, "{code}");
    }
    let refused = posts(&clerk, &ticket, "dispatch", &[("other", "张建国")]).await;
    assert_eq!(refused.status, 422);
    assert!(refused.body.contains("现在的状态不能这样办"), "{}", refused.body);
    let nowhere = posts(&clerk, &ticket, "close", &[]).await;
    assert_eq!(nowhere.status, 404);
    assert_eq!(again(&service, &ticket).await, ticket);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_ticket_goes_from_the_desk_to_whom_the_county_suggests_and_back() {
    let database = sqlite().await;
    let service = Rehearsal::on(&database).await;
    let clerk = Clerk::at(&service, "值班员", Role::Dispatcher).await;
    let ticket = service.reports("王大娘", "王庄村东头的路灯坏了三天了").await;
    assert_eq!(posts(&clerk, &ticket, "accept", &[]).await.status, 303);
    let ticket = again(&service, &ticket).await;
    let page = clerk.reads(&path(&ticket)).await;
    assert!(page.contains("name=\"who\" value=\"张建国\""), "{page}");
    let nobody = posts(&clerk, &ticket, "dispatch", &[("other", "张建国、无名氏")]).await;
    assert_eq!(nobody.status, 422);
    assert!(nobody.body.contains("没有叫“无名氏”的人或单位"), "{}", nobody.body);
    let sent = posts(&clerk, &ticket, "dispatch", &[("who", "张建国"), ("text", "老人多")]).await;
    assert_eq!(sent.status, 303, "{}", sent.body);
    let ticket = again(&service, &ticket).await;
    assert_eq!(ticket.called[0].name, "张建国");
    let page = clerk.reads(&path(&ticket)).await;
    assert!(page.contains("等张建国接单") && page.contains("；老人多"), "{page}");
    service.says("张建国", "接单").await;
    let ticket = again(&service, &ticket).await;
    let away = ticket.handler.clone().unwrap().id.0.to_string();
    let handed = [("choice", away.as_str()), ("other", "刘芳"), ("text", "他请假")];
    assert_eq!(posts(&clerk, &ticket, "hand-over", &handed).await.status, 303);
    assert_eq!(again(&service, &ticket).await.called[0].name, "刘芳");
}

#[tokio::test(flavor = "multi_thread")]
async fn every_role_may_do_what_its_permissions_say_and_another_township_has_no_ticket() {
    let database = sqlite().await;
    let service = Rehearsal::on(&database).await;
    let ticket = service.reports("王大娘", "王庄村东头的路灯坏了三天了").await;
    for role in Role::ALL {
        let near = format!("王庄{}", role.code());
        let near = Clerk::of_area(&service, &near, role, "130699201").await;
        let far = format!("城关{}", role.code());
        let far = Clerk::of_area(&service, &far, role, "130699100").await;
        assert_eq!(far.get(&path(&ticket)).await.status, 404, "{role:?}");
        let page = near.reads(&path(&ticket)).await;
        for wanted in Move::ALL {
            let may = role.permissions().contains(&needed_for(&wanted.usual()).unwrap());
            assert!(may || !offers(&page, wanted.code()), "{role:?} is offered {wanted:?}");
            let elsewhere = posts(&far, &ticket, wanted.code(), &[("text", "话")]).await;
            assert_eq!(elsewhere.status, 404, "{role:?} {wanted:?}");
            if !may {
                let refused = posts(&near, &ticket, wanted.code(), &[("text", "话")]).await;
                assert_eq!(refused.status, 403, "{role:?} {wanted:?}");
            }
        }
        if role == Role::Viewer {
            assert!(!page.contains("action=\"/console/tickets/"), "{page}");
        }
        let foreign = near.post_foreign(&format!("{}/accept", path(&ticket)), &[]).await;
        assert_eq!(foreign.status, 403);
    }
    assert_eq!(again(&service, &ticket).await, ticket);
}

#[tokio::test(flavor = "multi_thread")]
async fn who_comes_second_reads_both_versions_and_can_do_it_again_on_the_new_one() {
    let database = sqlite().await;
    let service = Rehearsal::on(&database).await;
    let first = Clerk::at(&service, "值班员", Role::Dispatcher).await;
    let second = Clerk::at(&service, "小周", Role::Dispatcher).await;
    let ticket = service.reports("王大娘", "王庄村东头的路灯坏了三天了").await;
    assert_eq!(posts(&first, &ticket, "accept", &[]).await.status, 303);
    let events = codes(&service, &ticket).await.len();
    let asks = [("text", "是哪一盏灯<b>？"), ("seen", "3")];
    let late = posts(&second, &ticket, "ask", &asks).await;
    assert_eq!(late.status, 409);
    for words in ["您慢了一步", "值班员受理", "是哪一盏灯&lt;b&gt;？", "在新的情况上再办一次"]
    {
        assert!(late.body.contains(words), "{words}: {}", late.body);
    }
    assert_eq!(codes(&service, &ticket).await.len(), events);
    let ticket = again(&service, &ticket).await;
    assert_eq!(posts(&second, &ticket, "ask", &asks).await.status, 303);
    assert_eq!(again(&service, &ticket).await.status.stage(), Stage::NeedInfo);
}

#[tokio::test(flavor = "multi_thread")]
async fn the_same_form_sent_twice_acts_once_and_says_that_it_is_done() {
    let database = sqlite().await;
    let service = Rehearsal::on(&database).await;
    let clerk = Clerk::at(&service, "值班员", Role::Dispatcher).await;
    let ticket = service.reports("王大娘", "王庄村东头的路灯坏了三天了").await;
    let seen = codes(&service, &ticket).await.len().to_string();
    let note = [("text", "已电话联系村里"), ("seen", seen.as_str())];
    for _ in 0..2 {
        assert_eq!(posts(&clerk, &ticket, "note", &note).await.status, 303);
    }
    let notes = codes(&service, &ticket).await.iter().filter(|code| **code == "noted").count();
    assert_eq!(notes, 1);
    // Other words are something else, and are not lost in silence.
    let other = [("text", "另一件"), ("seen", seen.as_str())];
    assert_eq!(posts(&clerk, &ticket, "note", &other).await.status, 409);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_number_is_shown_to_who_asks_for_it_and_who_asked_is_written_down() {
    let database = sqlite().await;
    let service = Rehearsal::on(&database).await;
    let clerk = Clerk::at(&service, "值班员", Role::Dispatcher).await;
    let viewer = Clerk::at(&service, "领导", Role::Viewer).await;
    let ticket = service.reports("王大娘", "王庄村东头的路灯坏了三天了").await;
    service.says("王大娘", "13912345678").await;
    let page = clerk.reads(&path(&ticket)).await;
    assert!(!page.contains("13912345678") && page.contains("显示号码"), "{page}");
    let ask = format!("{}/phone", path(&ticket));
    assert_eq!(viewer.post(&ask, &[]).await.status, 403);
    assert!(clerk.post(&ask, &[]).await.body.contains("13912345678"));
    let deeds = service.app.store.deeds(None, Some(ticket.number.as_str()), None, 9).await.unwrap();
    let deeds: Vec<_> = deeds.iter().map(|deed| (deed.name.as_str(), deed.what.as_str())).collect();
    assert_eq!(deeds, [("值班员", "phone_seen")]);
    assert!(!clerk.reads(&path(&ticket)).await.contains("13912345678"));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_confidential_ticket_is_seen_by_few_and_each_look_is_written_down() {
    let database = sqlite().await;
    let service = Rehearsal::on(&database).await;
    let clerk = Clerk::at(&service, "值班员", Role::Dispatcher).await;
    let viewer = Clerk::at(&service, "领导", Role::Viewer).await;
    let ticket = service.reports("王大娘", "王庄村路灯坏了，我的电话是13912345678").await;
    assert!(ticket.report.confidential);
    assert_eq!(viewer.get(&path(&ticket)).await.status, 404);
    let page = clerk.reads(&path(&ticket)).await;
    assert!(page.contains("139****5678") && !page.contains("13912345678"), "{page}");
    let deeds = service.app.store.deeds(None, Some(ticket.number.as_str()), None, 9).await.unwrap();
    assert_eq!(deeds.len(), 1);
    assert_eq!(deeds[0].what, "ticket_seen");
}

#[tokio::test(flavor = "multi_thread")]
async fn what_a_resident_wrote_stays_text_and_turns_nothing_around() {
    let database = sqlite().await;
    let service = Rehearsal::on(&database).await;
    let clerk = Clerk::at(&service, "值班员", Role::Dispatcher).await;
    let hostile = "王庄村路灯坏了<script>alert(1)</script>\"'><img src=x onerror=y> \
                   \u{202e}反\u{2066}正\u{200b}零\u{0007}宽 {{ 7 * 7 }}";
    let ticket = service.reports("王大娘", hostile).await;
    let page = clerk.reads(&path(&ticket)).await;
    assert!(page.contains("&lt;script&gt;alert(1)&lt;") && page.contains("{{ 7 * 7 }}"), "{page}");
    for sign in ["<script>alert", "<img src=x", "\u{202e}", "\u{2066}", "\u{200b}", "\u{7}"] {
        assert!(!page.contains(sign), "{sign:?}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn before_a_message_is_written_the_page_says_how_it_will_leave() {
    let database = sqlite().await;
    let service = Rehearsal::on(&database).await;
    let clerk = Clerk::at(&service, "值班员", Role::Dispatcher).await;
    let ticket = service.reports("王大娘", "王庄村东头的路灯坏了三天了").await;
    let accepted = service.desk(&ticket, Action::Accept).await.unwrap();
    service.later(TimeDelta::minutes(1)).await;
    let page = clerk.reads(&path(&accepted)).await;
    assert!(page.contains("居民马上收到微信消息（回复时限内，还可发4条）"), "{page}");
    service.later(TimeDelta::days(3)).await;
    // Three days later somebody else sits there.
    let clerk = Clerk::at(&service, "小周", Role::Dispatcher).await;
    let page = clerk.reads(&path(&accepted)).await;
    assert!(page.contains("先发模板消息提醒；文字等居民回复任意内容以后再送达"), "{page}");
    service.does("王大娘", Message::Unfollow).await;
    let page = clerk.reads(&path(&accepted)).await;
    assert!(page.contains("居民已取消关注") && page.contains("请打电话告知"), "{page}");
}

#[tokio::test(flavor = "multi_thread")]
async fn an_answer_template_fills_the_words_without_a_script() {
    let database = sqlite().await;
    let service = Rehearsal::on(&database).await;
    let clerk = Clerk::at(&service, "值班员", Role::Dispatcher).await;
    let ticket = service.reports("王大娘", "王庄村东头的路灯坏了三天了").await;
    let template = AnswerTemplate {
        id: crate::harness::fresh(),
        title: "问位置".to_owned(),
        text: "{{number}} 请问是{{place}}的哪一盏？".to_owned(),
        category: None,
        stage: None,
        position: 1,
    };
    let tx = service.app.store.begin().await.unwrap();
    tx.add_answer_template(&template).await.unwrap();
    tx.commit().await.unwrap();
    let asked = format!("{}?form=ask&template={}", path(&ticket), template.id);
    let page = clerk.reads(&asked).await;
    let words = format!(">{} 请问是", ticket.number);
    assert!(page.contains(&words), "{page}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_ticket_that_is_put_right_belongs_to_the_township_it_lies_in() {
    let database = sqlite().await;
    let service = Rehearsal::on(&database).await;
    let clerk = Clerk::of_area(&service, "王庄站", Role::Dispatcher, "130699201").await;
    let far = Clerk::of_area(&service, "城关站", Role::Dispatcher, "130699100").await;
    let ticket = service.reports("王大娘", "王庄村东头的路灯坏了三天了").await;
    let unknown = posts(&clerk, &ticket, "place", &[("free", "火星")]).await;
    assert_eq!(unknown.status, 422);
    let moved = posts(&clerk, &ticket, "place", &[("free", "东关村")]).await;
    assert_eq!((moved.status, moved.location.as_str()), (303, "/console/"));
    assert_eq!(clerk.get(&path(&ticket)).await.status, 404);
    let page = far.reads(&path(&ticket)).await;
    assert!(page.contains("把地点从“王庄乡 王庄村”改为“城关镇 东关村”"), "{page}");
}

#[tokio::test(flavor = "multi_thread")]
async fn the_same_matter_nearby_is_shown_and_merged_with_one_form() {
    let database = sqlite().await;
    let service = Rehearsal::on(&database).await;
    let clerk = Clerk::at(&service, "值班员", Role::Dispatcher).await;
    let first = service.reports("王大娘", "王庄村东头的路灯坏了三天了").await;
    let second = service.reports("李大爷", "王庄村西头路灯不亮").await;
    let page = clerk.reads(&path(&second)).await;
    assert!(page.contains(first.number.as_str()) && page.contains("并入这一条"), "{page}");
    let into = [("number", first.number.as_str())];
    assert_eq!(posts(&clerk, &second, "merge", &into).await.status, 303);
    assert_eq!(again(&service, &second).await.status.stage(), Stage::Merged);
    let page = clerk.reads(&path(&first)).await;
    assert!(page.contains("并在一起办的") && page.contains(second.number.as_str()), "{page}");
}
