//! Queues: what waits, for whom, and what is in nobody else's list.

use super::Clerk;
use crate::harness::{rehearsal::Rehearsal, sqlite};
use chrono::TimeDelta;
use lianxin::{
    access::Role,
    ticket::{Stage, Ticket, lifecycle::Action},
};

/// A township, and one of its villages.
const TOWNSHIP: &str = "130699201";

async fn ticket(service: &Rehearsal, number: &str) -> Ticket {
    let all = service.tickets().await;
    all.into_iter().find(|ticket| ticket.number.as_str() == number).unwrap()
}

fn ticked(ticket: &Ticket) -> String {
    format!("{}@{}", ticket.number, ticket.version)
}

#[tokio::test(flavor = "multi_thread")]
async fn whoever_is_signed_in_sees_what_waits_and_a_foreign_form_is_refused() {
    let database = sqlite().await;
    let service = Rehearsal::on(&database).await;
    let clerk = Clerk::at(&service, "值班员", Role::Dispatcher).await;
    assert!(clerk.reads("/console/").await.contains("现在没有等您处理的事"));
    let reported = service.reports("王大娘", "我家门口路灯坏了三天了，王庄村东头").await;
    let home = clerk.reads("/console/").await;
    assert!(!home.contains("现在没有等您处理的事"));
    assert!(home.contains("<strong class=\"\">1</strong> 新诉求"), "{home}");
    let list = clerk.reads("/console/queues").await;
    assert!(list.contains(reported.number.as_str()), "{list}");
    assert!(list.contains("路灯坏了三天了"));
    let refused = clerk.post_foreign("/console/queues/bulk", &[("do", "accept")]).await;
    assert_eq!(refused.status, 403);
    let left = clerk.post("/console/sign-out", &[]).await;
    assert_eq!((left.status, left.location.as_str()), (303, "/console/sign-in"));
    let outside = clerk.get("/console/queues").await;
    assert_eq!(outside.status, 303);
    assert!(outside.location.starts_with("/console/sign-in?next="), "{}", outside.location);
}

#[tokio::test(flavor = "multi_thread")]
async fn another_township_s_ticket_is_in_no_list_and_no_count_and_nothing_can_be_done_with_it() {
    let database = sqlite().await;
    let service = Rehearsal::on(&database).await;
    let reported = service.reports("王大娘", "我家门口路灯坏了三天了，王庄村东头").await;
    let own = reported.area_path[1].clone();
    let other = if own == TOWNSHIP { "130699102" } else { TOWNSHIP };
    let here = Clerk::of_area(&service, "这里", Role::Dispatcher, &own).await;
    let there = Clerk::of_area(&service, "那里", Role::Dispatcher, other).await;
    let number = reported.number.as_str();
    for queue in ["new", "live", "late", "mine", "dissatisfied"] {
        let path = format!("/console/queues?queue={queue}");
        assert!(!there.reads(&path).await.contains(number), "{queue}");
    }
    assert!(!there.reads("/console/queues/months").await.contains(number));
    assert!(there.reads("/console/").await.contains("现在没有等您处理的事"));
    let path = format!("/console/queues?queue=new&area={own}");
    assert!(!there.reads(&path).await.contains(number), "a filter does not widen the sight");
    assert!(here.reads("/console/queues?queue=new").await.contains(number));
    assert!(here.reads("/console/queues/months").await.contains(number));
    let news = there.reads("/console/queues/news?since=0").await;
    assert!(!news.contains("条新诉求"), "{news}");

    let form = [("do", "accept"), ("ticket", &*ticked(&reported))];
    let tried = there.post("/console/queues/bulk", &form).await;
    assert_eq!(tried.status, 200);
    assert!(tried.body.contains("不在您负责的范围内"), "{}", tried.body);
    assert_eq!(ticket(&service, number).await.status.stage(), Stage::Submitted);
    let done = here.post("/console/queues/bulk", &form).await;
    assert!(done.body.contains("已受理 1 条"), "{}", done.body);
    assert_eq!(ticket(&service, number).await.status.stage(), Stage::Accepted);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_confidential_is_for_those_who_triage_and_a_viewer_does_nothing() {
    let database = sqlite().await;
    let service = Rehearsal::on(&database).await;
    let open = service.reports("王大娘", "我家门口路灯坏了三天了，王庄村东头").await;
    let mut hidden = open.clone();
    hidden.id = lianxin::ticket::TicketId(crate::harness::fresh());
    hidden.number = lianxin::ticket::TicketNumber::find("LX260302999999").unwrap();
    hidden.report.confidential = true;
    let tx = service.app.store.begin().await.unwrap();
    let made = lianxin::ticket::lifecycle::Transition {
        before: None,
        after: hidden.clone(),
        events: Vec::new(),
        notices: Vec::new(),
    };
    tx.save(&made).await.unwrap();
    tx.commit().await.unwrap();
    let clerk = Clerk::at(&service, "值班员", Role::Dispatcher).await;
    let viewer = Clerk::at(&service, "领导", Role::Viewer).await;
    let seen = clerk.reads("/console/queues?queue=new").await;
    assert!(seen.contains("LX260302999999") && seen.contains("保密"));
    let seen = viewer.reads("/console/queues?queue=new").await;
    assert!(!seen.contains("LX260302999999"));
    assert!(seen.contains("新诉求 <span class=\"count\">1</span>"), "{seen}");
    assert!(!seen.contains("name=\"do\""), "a viewer has no form of deeds");
    for deed in ["accept", "note", "dispatch", "merge"] {
        let form = [
            ("do", deed),
            ("ticket", &*ticked(&open)),
            ("note", "好"),
            ("to", "张建国"),
            ("into", "LX260302999999"),
        ];
        assert_eq!(viewer.post("/console/queues/bulk", &form).await.status, 403, "{deed}");
    }
    assert_eq!(ticket(&service, open.number.as_str()).await.version, open.version);
}

#[tokio::test(flavor = "multi_thread")]
async fn of_many_at_once_each_is_decided_for_itself_and_the_result_says_why_not() {
    let database = sqlite().await;
    let service = Rehearsal::on(&database).await;
    let one = service.reports("王大娘", "我家门口路灯坏了三天了，王庄村东头").await;
    let two = service.reports("刘大爷", "村口的路塌了一个大坑，王庄村西头").await;
    let clerk = Clerk::at(&service, "值班员", Role::Dispatcher).await;
    // Somebody else was faster with the second.
    let two = ticket(&service, two.number.as_str()).await;
    service.desk(&two, Action::Note { text: "看过".to_owned() }).await.unwrap();
    let done = clerk
        .post(
            "/console/queues/bulk",
            &[
                ("do", "accept"),
                ("ticket", &ticked(&one)),
                ("ticket", &ticked(&two)),
                ("back", "https://elsewhere.example/"),
            ],
        )
        .await;
    assert!(done.body.contains("已受理 1 条，没有办成 1 条"), "{}", done.body);
    assert!(done.body.contains("别人先动过了"), "{}", done.body);
    assert!(!done.body.contains("elsewhere"));
    let accepted = ticket(&service, one.number.as_str()).await;
    assert_eq!(accepted.status.stage(), Stage::Accepted);
    let sent = clerk
        .post(
            "/console/queues/bulk",
            &[("do", "dispatch"), ("ticket", &ticked(&accepted)), ("to", "张建国")],
        )
        .await;
    assert!(sent.body.contains("已派单 1 条"), "{}", sent.body);
    let called = ticket(&service, one.number.as_str()).await;
    assert_eq!(called.called[0].name, "张建国");
    let nobody = clerk
        .post(
            "/console/queues/bulk",
            &[("do", "dispatch"), ("ticket", &ticked(&two)), ("to", "没有这个人")],
        )
        .await;
    assert!(nobody.body.contains("没有叫“没有这个人”"), "{}", nobody.body);
    let none = clerk.post("/console/queues/bulk", &[("do", "accept")]).await;
    assert_eq!(none.status, 422);
    assert!(none.body.contains("没有勾选"));
}

#[tokio::test(flavor = "multi_thread")]
async fn what_a_resident_wrote_stays_text_in_a_list() {
    let database = sqlite().await;
    let service = Rehearsal::on(&database).await;
    let hostile = "路灯坏了<script>alert(1)</script><img src=x onerror=alert(2)>\u{202e}王庄村东头";
    let reported = service.reports("王大娘", hostile).await;
    assert!(reported.report.text.contains("<script>"));
    let clerk = Clerk::at(&service, "值班员", Role::Dispatcher).await;
    for path in ["/console/queues?queue=new", "/console/queues/months"] {
        let list = clerk.reads(path).await;
        assert!(list.contains("&lt;script&gt;"), "{list}");
        assert!(!list.contains("<script>alert") && !list.contains("<img src=x"));
        assert!(!list.contains('\u{202e}'));
    }
    for query in ["queue=%3Cscript%3E", "area=%22%3E%3Cscript%3E", "after=%27--", "unit=%3Cb%3E"] {
        let list = clerk.reads(&format!("/console/queues?{query}")).await;
        assert!(!list.contains("<script>\"") && !list.contains("\"><script>"), "{query}");
        assert!(!list.contains("<b>"), "{query}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_comes_in_is_said_once_beside_the_list_and_counts_follow() {
    let database = sqlite().await;
    let service = Rehearsal::on(&database).await;
    let clerk = Clerk::at(&service, "值班员", Role::Dispatcher).await;
    let since = service.clock_now().timestamp_millis();
    let path = format!("/console/queues/news?since={since}&query=queue%3Dnew");
    let news = clerk.reads(&path).await;
    assert!(!news.contains("条新诉求"));
    service.later(TimeDelta::seconds(1)).await;
    service.reports("王大娘", "我家门口路灯坏了三天了，王庄村东头").await;
    let news = clerk.reads(&path).await;
    assert!(news.contains("有 1 条新诉求"), "{news}");
    assert!(news.contains("id=\"count-new\" hx-swap-oob=\"true\">1<"), "{news}");
    assert!(news.contains("/console/queues?queue=new"));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_list_that_somebody_made_is_theirs_and_leads_back_to_itself() {
    let database = sqlite().await;
    let service = Rehearsal::on(&database).await;
    let clerk = Clerk::at(&service, "值班员", Role::Dispatcher).await;
    let other = Clerk::at(&service, "督办员", Role::Supervisor).await;
    let page = clerk
        .does(
            "/console/queues/views",
            &[("name", "东乡<b>红灯"), ("queue", "late"), ("area", TOWNSHIP)],
        )
        .await;
    assert!(page.contains("东乡&lt;b&gt;红灯"), "{page}");
    assert!(page.contains("queue=late&amp;area=130699201"), "{page}");
    assert!(!other.reads("/console/queues").await.contains("东乡"));
    let nameless = clerk.post("/console/queues/views", &[("name", " "), ("queue", "late")]).await;
    assert_eq!(nameless.status, 422);
    let page = clerk.does("/console/queues/views/forget", &[("name", "东乡<b>红灯")]).await;
    assert!(!page.contains("红灯</a>"));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_draft_left_lying_is_counted_for_the_county_without_a_word_of_it() {
    let database = sqlite().await;
    let service = Rehearsal::on(&database).await;
    service.says("王大娘", "我家门口路灯坏了三天了，王庄村东头").await;
    let clerk = Clerk::at(&service, "值班员", Role::Dispatcher).await;
    let township = Clerk::of_area(&service, "王庄站", Role::Dispatcher, TOWNSHIP).await;
    assert!(clerk.reads("/console/queues/drafts").await.contains("现在没有"));
    service.later(TimeDelta::minutes(31)).await;
    let drafts = clerk.reads("/console/queues/drafts").await;
    assert!(drafts.contains("王庄村") && drafts.contains("31分钟"), "{drafts}");
    assert!(!drafts.contains("三天") && !drafts.contains("王大娘"));
    assert!(clerk.reads("/console/").await.contains("<strong>1</strong> 没说完的"));
    assert_eq!(township.get("/console/queues/drafts").await.status, 404);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_ticket_is_found_by_its_number_its_end_a_telephone_and_words_and_only_within_sight() {
    let database = sqlite().await;
    let service = Rehearsal::on(&database).await;
    let reported = service.reports("王大娘", "我家门口路灯坏了三天了，王庄村东头").await;
    let number = reported.number.as_str().to_owned();
    let own = reported.area_path[1].clone();
    let other = if own == TOWNSHIP { "130699102" } else { TOWNSHIP };
    service.says("王大娘", "13900001111").await;
    let clerk = Clerk::at(&service, "值班员", Role::Dispatcher).await;
    let there = Clerk::of_area(&service, "那里", Role::Dispatcher, other).await;
    let viewer = Clerk::at(&service, "领导", Role::Viewer).await;
    let whole = clerk.get(&format!("/console/search?q={}", number.to_lowercase())).await;
    assert_eq!((whole.status, whole.location), (303, format!("/console/tickets/{number}")));
    let nowhere = there.get(&format!("/console/search?q={number}")).await;
    assert_eq!(nowhere.status, 200);
    let end = &number[number.len() - 4..];
    for words in [end, "%E8%B7%AF%E7%81%AF", "%E7%8E%8B%E5%BA%84%E6%9D%91", "13900001111"] {
        let path = format!("/console/search?q={words}");
        assert!(clerk.reads(&path).await.contains(&number), "{words}");
        assert!(!there.reads(&path).await.contains(&number), "{words}");
    }
    let by_phone = viewer.reads("/console/search?q=13900001111").await;
    assert!(by_phone.contains("没有按电话查找") && !by_phone.contains(&number));
    let log = service.app.store.deeds(None, None, None, 50).await.unwrap();
    let looked: Vec<_> = log.iter().filter(|deed| deed.what == "phone_searched").collect();
    assert_eq!(looked.len(), 2);
    assert!(looked.iter().all(|deed| deed.note.is_empty() && deed.subject.is_none()));
    let hostile = clerk.reads("/console/search?q=%3Cscript%3Ealert(1)%22%20OR%20*").await;
    assert!(hostile.contains("&lt;script&gt;") && !hostile.contains("<script>alert"));
}
