//! Health and the lamp board over HTTP, and who sees which page.

use super::Clerk;
use crate::harness::{rehearsal::Rehearsal, sqlite};
use chrono::TimeDelta;
use lianxin::{access::Role, ticket::lifecycle::Action};

#[tokio::test(flavor = "multi_thread")]
async fn each_page_is_for_the_roles_that_stand_here_and_for_nobody_else() {
    let database = sqlite().await;
    let service = Rehearsal::on(&database).await;
    let all = [Role::Admin, Role::Dispatcher, Role::Supervisor, Role::Viewer];
    let admin = [Role::Admin];
    let pages: [(&str, &[Role]); 10] = [
        ("/console/answers", &admin),
        ("/console/accounts", &admin),
        ("/console/audit", &admin),
        ("/console/codes", &admin),
        ("/console/wording", &admin),
        ("/console/wording/replies/zh/dropped.txt", &admin),
        ("/console/health", &[Role::Admin, Role::Supervisor]),
        ("/console/health/letters", &[Role::Admin, Role::Supervisor]),
        ("/console/lamps", &all),
        ("/console/lamps/tickets?of=red", &all),
    ];
    let forms: [(&str, &[Role]); 7] = [
        ("/console/answers", &admin),
        ("/console/accounts", &admin),
        ("/console/codes", &admin),
        ("/console/wording/replies/zh/dropped.txt", &admin),
        ("/console/health/letters/again", &[Role::Admin, Role::Supervisor]),
        ("/console/health/templates", &[Role::Admin, Role::Supervisor]),
        ("/console/lamps/supervise", &[Role::Admin, Role::Supervisor]),
    ];
    for role in all {
        let clerk = Clerk::at(&service, role.words(), role).await;
        for (page, roles) in pages {
            let allowed = if roles.contains(&role) { 200 } else { 403 };
            assert_eq!(clerk.get(page).await.status, allowed, "{role:?} {page}");
        }
        for (form, roles) in forms {
            // An empty form is refused for what it lacks, not for who sends it.
            let is_forbidden = clerk.post(form, &[]).await.status == 403;
            assert_eq!(is_forbidden, !roles.contains(&role), "{role:?} {form}");
            assert_eq!(clerk.post_foreign(form, &[]).await.status, 403, "{form}");
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_silent_worker_is_red_and_a_dead_letter_is_sent_again_without_a_name() {
    let database = sqlite().await;
    let service = Rehearsal::on(&database).await;
    let admin = Clerk::at(&service, "管理员", Role::Admin).await;
    assert!(admin.reads("/console/health").await.contains("从来没有运行过"));
    let store = &service.app.store;
    store.beat(service.clock_now()).await.unwrap();
    assert!(
        !admin.reads("/console/health").await.contains("后台任务</th><td><span class=\"lamp red\"")
    );
    service.clock.advance(TimeDelta::seconds(61));
    assert!(
        admin.reads("/console/health").await.contains("后台任务</th><td><span class=\"lamp red\"")
    );
    let ticket = service.reports("王大娘", "我家门口路灯坏了三天了，王庄村东头").await;
    service.desk(&ticket, Action::Accept).await.unwrap();
    let openid = service.follower("王大娘").openid;
    // Not as the platform would fail it, but as it lies in the database afterwards.
    let now = service.clock_now() + TimeDelta::seconds(30);
    let worker = uuid::Uuid::from_u128(7);
    for message in store.lease_due(worker, now, TimeDelta::minutes(1), 99).await.unwrap() {
        let reason = "template_send answered with error code 40037 (rid 1234)".to_owned();
        let dead = lianxin::storage::Finished::Dead { reason };
        assert!(store.finish(message.id, worker, &dead, now).await.unwrap());
    }
    let letters = admin.reads("/console/health/letters").await;
    assert!(letters.contains(ticket.number.as_str()) && letters.contains("已受理"), "{letters}");
    assert!(!letters.contains(&openid) && !letters.contains("rid"));
    assert!(admin.reads("/console/health").await.contains("没有送到"));
    let beside = Clerk::of_area(&service, "李庄站", Role::Supervisor, "130699202").await;
    let theirs = beside.reads("/console/health/letters").await;
    assert!(!theirs.contains(ticket.number.as_str()), "{theirs}");
    let again = [("reason", "template_send answered with error code 40037")];
    let done = admin.does("/console/health/letters/again", &again).await;
    assert!(done.contains("已放回") && done.contains("都送到了"), "{done}");
    service.later(TimeDelta::minutes(1)).await;
    assert!(service.notices("王大娘").iter().any(|notice| notice.contains("受理")));
}

#[tokio::test(flavor = "multi_thread")]
async fn templates_are_compared_when_somebody_asks() {
    let database = sqlite().await;
    let service = Rehearsal::on(&database).await;
    let admin = Clerk::at(&service, "管理员", Role::Admin).await;
    let compared = admin.post("/console/health/templates", &[]).await;
    assert_eq!(compared.status, 200);
    assert!(compared.body.contains("对得上") && !compared.body.contains("lamp red"));
    assert!(admin.reads("/console/health").await.contains("到期自动更换"));
}

#[tokio::test(flavor = "multi_thread")]
async fn the_board_says_how_it_stands_and_a_supervision_reaches_each_ticket_it_can() {
    let database = sqlite().await;
    let service = Rehearsal::on(&database).await;
    let supervisor = Clerk::at(&service, "督办员", Role::Supervisor).await;
    assert!(supervisor.reads("/console/lamps").await.contains("现在没有在办的诉求"));
    let ticket = service.reports("王大娘", "我家门口路灯坏了三天了，王庄村东头").await;
    let other =
        service.reports("李大爷", "我家门口路灯坏了三天了，李家村<script>alert(1)</script>").await;
    let ticket = service.desk(&ticket, Action::Accept).await.unwrap();
    let zhang = service.member("张建国").await;
    let call =
        lianxin::ticket::Call {
            to: vec![zhang], reason: "就近".to_owned(), ..Default::default()
        };
    service.desk(&ticket, Action::Dispatch { call }).await.unwrap();
    service.says("张建国", "接单").await;
    assert!(supervisor.reads("/console/lamps").await.contains("在办 2 件，都没有超期。"));
    let list = supervisor.reads("/console/lamps/tickets?of=live").await;
    assert!(list.contains(ticket.number.as_str()) && list.contains(other.number.as_str()));
    assert!(!list.contains("<script>alert"));
    let numbers = [ticket.number.as_str(), other.number.as_str(), "LX260302000000"];
    let mut form = vec![("text", "请今天说明")];
    form.extend(numbers.map(|number| ("numbers", number)));
    let done = supervisor.post("/console/lamps/supervise", &form).await;
    assert_eq!(done.status, 200, "{}", done.body);
    assert!(done.body.contains("发出督办 1 件，没有办成 2 件"), "{}", done.body);
    let owed = supervisor.reads("/console/lamps/tickets?of=owed").await;
    assert!(owed.contains("请今天说明") && !owed.contains(other.number.as_str()));
    assert!(supervisor.reads("/console/lamps").await.contains("请今天说明"));
    // Another township's supervisor neither counts nor reaches them.
    let beside = Clerk::of_area(&service, "李庄站", Role::Supervisor, "130699202").await;
    let form = [("text", "为什么"), ("numbers", ticket.number.as_str())];
    let refused = beside.post("/console/lamps/supervise", &form).await;
    assert!(refused.body.contains("没有办成 1 件"), "{}", refused.body);
    assert!(!beside.reads("/console/lamps").await.contains("请今天说明"));
    service.clock.advance(TimeDelta::days(30));
    // The session is long over.
    let supervisor = Clerk::at(&service, "领导", Role::Viewer).await;
    assert!(supervisor.reads("/console/lamps").await.contains("已经超期"));
    let nothing = supervisor.get("/console/lamps/tickets?of=nothing").await;
    assert_eq!(nothing.status, 404);
}
