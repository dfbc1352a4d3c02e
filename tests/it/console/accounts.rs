//! Accounts, their log, and invitation codes: who may make whom, and what nobody may.

use super::Clerk;
use crate::harness::{TestDatabase, on_both, rehearsal::Rehearsal, sqlite};
use futures_util::future::join;
use lianxin::{
    access::{Role, Scope},
    accounts::{self, AccountError, Change},
    sign_in,
};

const AREA: &str = "130699201";

fn place(area: &str) -> [(&str, &str); 2] {
    [("role", "dispatcher"), ("area", area)]
}

#[tokio::test(flavor = "multi_thread")]
async fn a_first_password_that_somebody_else_set_is_changed_before_anything_else() {
    let database = sqlite().await;
    let service = Rehearsal::on(&database).await;
    let admin = Clerk::at(&service, "管理员", Role::Admin).await;
    let filled = [("name", " 王小二 "), ("password", "first-password")];
    let list = admin.does("/console/accounts", &[filled, place(AREA)].concat()).await;
    assert!(list.contains("王小二") && list.contains("王庄乡") && list.contains("等他改密码"));
    let made = service.app.store.operator_by_name("王小二").await.unwrap().unwrap();
    assert!(made.must_change);
    let signed_in = sign_in::sign_in(&service.app, "王小二", "first-password", None, "").await;
    assert!(signed_in.unwrap().is_ok());
    // The same name again, a weak password, no name.
    for (name, password, why) in [
        ("王小二", "first-password", "已经有这个用户名"),
        ("王小三", "short", "太短"),
        (" ", "first-password", "用户名要填"),
    ] {
        let filled = [("name", name), ("password", password)];
        let refused = admin.post("/console/accounts", &[filled, place(AREA)].concat()).await;
        assert_eq!(refused.status, 422, "{}", refused.body);
        assert!(refused.body.contains(why), "{why}: {}", refused.body);
    }
    let log = admin.reads("/console/audit?subject=王小二").await;
    assert!(log.contains("添加账号") && !log.contains("first-password"));
    let nobody = admin.reads("/console/audit?account=没有这个人").await;
    assert!(nobody.contains("没有这个账号") && !nobody.contains("添加账号"));
}

#[tokio::test(flavor = "multi_thread")]
async fn nobody_changes_their_own_access_and_the_last_administrator_stays() {
    let database = sqlite().await;
    let service = Rehearsal::on(&database).await;
    let admin = Clerk::at(&service, "管理员", Role::Admin).await;
    let own = format!("/console/accounts/{}", admin.operator.id);
    for (what, form) in [
        ("disable", &[][..]),
        ("access", &place("")[..]),
        ("password", &[("password", "another-one")]),
    ] {
        let refused = admin.post(&format!("{own}/{what}"), form).await;
        assert_eq!(refused.status, 422, "{what}");
        assert!(refused.body.contains("不能停用或修改自己的账号"), "{}", refused.body);
    }
    let other = Clerk::at(&service, "另一位", Role::Admin).await;
    let page = admin.does(&format!("/console/accounts/{}/disable", other.operator.id), &[]).await;
    assert!(page.contains("恢复这个账号"));
    // Signed out at once.
    assert_eq!(other.get("/console/accounts").await.status, 303);
    let page = admin.does(&format!("/console/accounts/{}/enable", other.operator.id), &[]).await;
    assert!(page.contains("停用这个账号"));
}

#[tokio::test(flavor = "multi_thread")]
async fn whoever_lost_the_phone_is_let_in_again_by_somebody_else() {
    let database = sqlite().await;
    let service = Rehearsal::on(&database).await;
    let admin = Clerk::at(&service, "管理员", Role::Admin).await;
    let lost = Clerk::at(&service, "丢手机的", Role::Dispatcher).await;
    let id = lost.operator.id;
    let tx = service.app.store.begin().await.unwrap();
    tx.set_totp(id, Some("JBSWY3DPEHPK3PXP")).await.unwrap();
    tx.commit().await.unwrap();
    assert!(admin.reads(&format!("/console/accounts/{id}")).await.contains("关闭手机验证码"));
    admin.does(&format!("/console/accounts/{id}/second-factor"), &[]).await;
    admin
        .does(&format!("/console/accounts/{id}/password"), &[("password", "a-fresh-password")])
        .await;
    let account = service.app.store.operator(id).await.unwrap().unwrap();
    assert!(account.totp_secret.is_none() && account.must_change);
    assert_eq!(lost.get("/console/").await.status, 303);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_townships_administrator_gives_and_takes_nothing_beyond_it() {
    let database = sqlite().await;
    let service = Rehearsal::on(&database).await;
    let county = Clerk::at(&service, "管理员", Role::Admin).await;
    let admin = Clerk::of_area(&service, "王庄站", Role::Admin, AREA).await;
    let beside = Clerk::of_area(&service, "李庄站", Role::Viewer, "130699202").await;
    let list = admin.reads("/console/accounts").await;
    assert!(list.contains("王庄站") && !list.contains("李庄站"));
    for stranger in [&county, &beside] {
        let page = format!("/console/accounts/{}", stranger.operator.id);
        assert_eq!(admin.get(&page).await.status, 404);
        assert_eq!(admin.post(&format!("{page}/disable"), &[]).await.status, 404);
    }
    let filled = [("name", "新人"), ("password", "first-password")];
    for area in ["", "130699202"] {
        let refused = admin.post("/console/accounts", &[filled, place(area)].concat()).await;
        assert_eq!(refused.status, 422, "{area}");
        assert!(refused.body.contains("更大的范围"));
    }
    admin.does("/console/accounts", &[filled, place("130699201201")].concat()).await;
    // A code for somebody of the county would be a way to become them.
    let refused = admin.post("/console/codes", &[("name", "督办员")]).await;
    assert_eq!(refused.status, 422, "{}", refused.body);
}

on_both![two_who_end_each_other_at_once_do_not_both_succeed];

async fn two_who_end_each_other_at_once_do_not_both_succeed(database: &TestDatabase) {
    let service = Rehearsal::on(database).await;
    let one = Clerk::at(&service, "甲", Role::Admin).await.operator.id;
    let two = Clerk::at(&service, "乙", Role::Admin).await.operator.id;
    let (app, store) = (&service.app, &service.app.store);
    let first = store.operator(one).await.unwrap().unwrap();
    let second = store.operator(two).await.unwrap().unwrap();
    let demote = || Change::Access(Role::Viewer, Scope::default());
    let (a, b) = join(
        accounts::change(app, &first, two, Change::Disable),
        accounts::change(app, &second, one, demote()),
    )
    .await;
    let refused = [a, b].into_iter().filter_map(Result::err).collect::<Vec<_>>();
    assert!(matches!(refused.as_slice(), [AccountError::NotAllowed]), "{refused:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_code_is_shown_once_and_the_log_does_not_know_it() {
    let database = sqlite().await;
    let service = Rehearsal::on(&database).await;
    let admin = Clerk::at(&service, "管理员", Role::Admin).await;
    let member = service.member("张建国").await;
    let slip = admin.post("/console/codes", &[("name", "张建国")]).await;
    assert_eq!(slip.status, 200, "{}", slip.body);
    let code = slip.body.split("<code>").nth(1).unwrap().split("</code>").next().unwrap();
    assert_eq!(code.len(), 11);
    let log = admin.reads("/console/audit").await;
    assert!(log.contains("生成邀请码") && log.contains("张建国") && !log.contains(code));
    // Everybody of the demo is bound, until one of them is not.
    let none = admin.post("/console/codes", &[("all", "1"), ("area", AREA)]).await;
    assert_eq!(none.status, 422);
    let tx = service.app.store.begin().await.unwrap();
    tx.unbind(member.id).await.unwrap();
    tx.commit().await.unwrap();
    let slips = admin.post("/console/codes", &[("all", "1"), ("area", AREA)]).await;
    assert_eq!(slips.body.matches("<code>").count(), 1, "{}", slips.body);
    let follower = service.follower("张建国").openid;
    assert!(!slips.body.contains(&follower));
    let code = slips.body.split("<code>").nth(1).unwrap().split("</code>").next().unwrap();
    assert!(service.says("张建国", code).await.contains("张建国"));
}
