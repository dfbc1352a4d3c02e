//! 群发 over HTTP: who may, how far it reaches, and what the pages show.

use super::Clerk;
use crate::harness::{rehearsal::Rehearsal, sqlite};
use lianxin::access::Role;

const TOWNSHIP: &str = "130699201";
const KEY: &str = "693a91f6-7aaa-4bc4-97a0-0ec2aifa5aaa";

fn group<'a>(name: &'a str, area: &'a str, key: &'a str) -> [(&'a str, &'a str); 3] {
    [("name", name), ("area", area), ("key", key)]
}

#[tokio::test(flavor = "multi_thread")]
async fn words_are_shown_with_who_gets_them_before_they_leave_and_with_who_got_them_after() {
    let database = sqlite().await;
    let service = Rehearsal::on(&database).await;
    let clerk = Clerk::at(&service, "值班的", Role::Dispatcher).await;
    let address = format!("https://qyapi.weixin.qq.com/cgi-bin/webhook/send?key={KEY}");
    let list = clerk.does("/console/groups", &group("王庄乡工作群", TOWNSHIP, &address)).await;
    assert!(list.contains("王庄乡工作群") && list.contains("…5aaa"), "{list}");
    assert!(!list.contains(KEY), "the key is never shown");
    service.platform().found_group("王庄乡工作群", KEY);
    let form =
        [("text", "请大家\r\n防汛"), ("area", ""), ("levels", "township"), ("levels", "village")];
    let preview = clerk.post("/console/broadcasts/preview", &form).await.body;
    assert!(
        preview.contains("会收到的群（1 个）") && preview.contains("没有群的地方"),
        "{preview}"
    );
    let id = preview.split("name=\"id\" value=\"").nth(1).unwrap().split('"').next().unwrap();
    let confirmed = [&form[..], &[("id", id)]].concat();
    let page = clerk.does("/console/broadcasts", &confirmed).await;
    assert!(page.contains("排队中") && page.contains("hx-trigger=\"every 3s\""), "{page}");
    service.settle().await;
    let parts = clerk.reads(&format!("/console/broadcasts/{id}/parts")).await;
    assert!(parts.contains("已收到") && !parts.contains("<html"), "{parts}");
    assert_eq!(service.platform().group_chat(KEY), ["请大家\n防汛"]);
    // Twice the same form is one broadcast.
    clerk.does("/console/broadcasts", &confirmed).await;
    service.settle().await;
    assert_eq!(service.platform().group_chat(KEY).len(), 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_robot_that_was_removed_shows_and_is_said_again_only_by_a_person() {
    let database = sqlite().await;
    let service = Rehearsal::on(&database).await;
    let admin = Clerk::at(&service, "管理员", Role::Admin).await;
    admin.does("/console/groups", &group("王庄乡工作群", TOWNSHIP, KEY)).await;
    let form = [("text", "防汛"), ("area", TOWNSHIP), ("levels", "township")];
    let preview = admin.post("/console/broadcasts/preview", &form).await.body;
    let id = preview.split("name=\"id\" value=\"").nth(1).unwrap().split('"').next().unwrap();
    admin.does("/console/broadcasts", &[&form[..], &[("id", id)]].concat()).await;
    service.settle().await;
    let page = admin.reads(&format!("/console/broadcasts/{id}")).await;
    assert!(page.contains("没有发出") && page.contains("再发一次"), "{page}");
    let groups = admin.reads("/console/groups").await;
    assert!(groups.contains("失效"), "{groups}");
    let health = admin.reads("/console/health").await;
    assert!(health.contains("可能已被移出群：王庄乡工作群"), "{health}");
    // The robot is back, and somebody says so.
    service.platform().found_group("王庄乡工作群", KEY);
    let robot = service.app.store.robots().await.unwrap().remove(0);
    admin.does(&format!("/console/groups/{}/resume", robot.id), &[]).await;
    let part = service.app.store.posts_of(id.parse().unwrap()).await.unwrap()[0].id.to_string();
    admin.does(&format!("/console/broadcasts/{id}/again"), &[("part", &part)]).await;
    service.settle().await;
    assert_eq!(service.platform().group_chat(KEY), ["防汛"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn each_role_and_each_area_reaches_as_far_as_it_may() {
    let database = sqlite().await;
    let service = Rehearsal::on(&database).await;
    let admin = Clerk::at(&service, "管理员", Role::Admin).await;
    admin.does("/console/groups", &group("县工作群", "", KEY)).await;
    for (name, role, may) in [
        ("值班的", Role::Dispatcher, true),
        ("督办的", Role::Supervisor, false),
        ("看看的", Role::Viewer, false),
    ] {
        let clerk = Clerk::at(&service, name, role).await;
        for path in ["/console/broadcasts", "/console/groups"] {
            let status = clerk.get(path).await.status;
            assert_eq!(status, if may { 200 } else { 403 }, "{name} {path}");
        }
    }
    let own = Clerk::of_area(&service, "王庄乡的", Role::Dispatcher, TOWNSHIP).await;
    assert!(!own.reads("/console/groups").await.contains("县工作群"));
    let robot = service.app.store.robots().await.unwrap().remove(0);
    let pause = own.post(&format!("/console/groups/{}/pause", robot.id), &[]).await;
    assert_eq!(pause.status, 404, "what is out of scope does not exist");
    for area in ["130699", "130699202"] {
        let form = [("text", "防汛"), ("area", area), ("levels", "village")];
        let refused = own.post("/console/broadcasts/preview", &form).await;
        assert_eq!(refused.status, 422, "{area}");
        let refused = own.post("/console/groups", &group("别人的群", area, KEY)).await;
        assert_eq!(refused.status, 422, "{area}");
    }
    let bad = admin.post("/console/groups", &group("群", TOWNSHIP, "不是钥匙")).await;
    assert_eq!(bad.status, 422);
    assert!(bad.body.contains("这不是群机器人的地址"), "{}", bad.body);
    for (text, why) in [("", "还没有写内容"), (&*"长".repeat(667), "内容太长")] {
        let form = [("text", text), ("area", TOWNSHIP), ("levels", "village")];
        let refused = admin.post("/console/broadcasts/preview", &form).await;
        assert!(refused.status == 422 && refused.body.contains(why), "{}", refused.body);
    }
}
