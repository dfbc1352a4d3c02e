//! Members and the handbook at the desk.

use super::Clerk;
use crate::harness::{TestDatabase, rehearsal::Rehearsal, sqlite};
use lianxin::{
    access::Role,
    county::{AreaCode, demo},
    ticket::lifecycle::Action,
    ticket::{Call, Status},
};

async fn rehearsal() -> (TestDatabase, Rehearsal) {
    let database = sqlite().await;
    let service = Rehearsal::on(&database).await;
    (database, service)
}

fn one(name: &str) -> String {
    format!("/console/members/one?name={name}")
}

#[tokio::test(flavor = "multi_thread")]
async fn somebody_on_leave_is_shown_as_away_until_they_are_back() {
    let (_database, service) = rehearsal().await;
    let admin = Clerk::at(&service, "管理员", Role::Admin).await;
    let name = demo::county().members()[5].name.clone();
    assert!(admin.reads("/console/members").await.contains("已绑定"));
    let days = [("name", name.as_str()), ("from", "2026-03-02"), ("until", "2026-03-08")];
    let page = admin.does("/console/members/leave", &days).await;
    assert!(page.contains("2026-03-02—2026-03-08"), "{page}");
    let away = admin.reads("/console/members?which=away").await;
    assert!(away.contains(&name) && away.contains("共 1 人"), "{away}");
    let reversed = [days[0], ("from", "2026-03-08"), ("until", "2026-03-03")];
    assert_eq!(admin.post("/console/members/leave", &reversed).await.status, 422);
    admin.does("/console/members/back", &days[..1]).await;
    assert!(admin.reads("/console/members?which=away").await.contains("共 0 人"));
    let deeds =
        service.app.store.deeds(None, Some(&format!("人员 {name}")), None, 5).await.unwrap();
    let notes: Vec<&str> = deeds.iter().map(|deed| deed.note.as_str()).collect();
    assert_eq!(notes, ["销假", "请假 2026-03-02—2026-03-08"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_phone_that_is_unbound_is_nobodys() {
    let (_database, service) = rehearsal().await;
    let admin = Clerk::at(&service, "管理员", Role::Admin).await;
    let name = demo::county().members()[5].name.clone();
    assert!(admin.reads("/console/members?which=unbound").await.contains("共 0 人"));
    let page = admin.does("/console/members/unbind", &[("name", &name)]).await;
    assert!(page.contains("1 部手机已经解绑"), "{page}");
    let unbound = admin.reads("/console/members?which=unbound").await;
    assert!(unbound.contains(&name) && unbound.contains("共 1 人"), "{unbound}");
}

#[tokio::test(flavor = "multi_thread")]
async fn all_work_of_one_goes_to_another() {
    let (_database, service) = rehearsal().await;
    let admin = Clerk::at(&service, "管理员", Role::Admin).await;
    let county = demo::county();
    let village = AreaCode::from("130699201201");
    let mut people = county.areas().iter().filter(|area| county.is_within(&area.code, &village));
    let mut people = people.by_ref().flat_map(|area| county.members_of(&area.code));
    let (from, to) = (people.next().unwrap(), people.next().unwrap());
    let ticket = service.reports("王大妈", "王庄村东头的路灯坏了三天了").await;
    let call = Call { to: vec![service.member(&from.name).await], ..Call::default() };
    if matches!(ticket.status, Status::Submitted { .. }) {
        service.desk(&ticket, Action::Accept).await.unwrap();
    }
    service.desk(&ticket, Action::Dispatch { call }).await.unwrap();
    assert!(admin.reads(&one(&from.name)).await.contains("1 件"));
    let fields = [("name", from.name.as_str()), ("to", to.name.as_str())];
    let page = admin.does("/console/members/hand-over", &fields).await;
    assert!(page.contains("1 件已经移交"), "{page}");
    let ticket = service.tickets().await.remove(0);
    assert_eq!(ticket.called[0].name, to.name);
    assert!(matches!(ticket.status, Status::Dispatched { .. }));
    let itself = [fields[0], ("to", from.name.as_str())];
    assert_eq!(admin.post("/console/members/hand-over", &itself).await.status, 422);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_township_sees_its_own_members_and_nobody_elses() {
    let (_database, service) = rehearsal().await;
    let county = demo::county();
    let township = AreaCode::from("130699201");
    let clerk = Clerk::of_area(&service, "站长", Role::Admin, &township.0).await;
    let is_own = |name: &str| {
        let member = county.member(name).unwrap();
        let unit = member.unit.as_deref().and_then(|code| county.unit(code));
        let areas = member.area.iter().chain(unit.map(|unit| &unit.area));
        areas.into_iter().any(|area| county.is_within(area, &township))
    };
    let mut met = (0, 0);
    for member in county.members() {
        let own = is_own(&member.name);
        let expected = if own { 200 } else { 404 };
        met = (met.0 + usize::from(own), met.1 + usize::from(!own));
        assert_eq!(clerk.get(&one(&member.name)).await.status, expected, "{}", member.name);
        if !own {
            let refused = clerk.post("/console/members/unbind", &[("name", &member.name)]).await;
            assert_eq!(refused.status, 404);
        }
    }
    assert!(met.0 > 0 && met.1 > 0);
    let list = clerk.reads("/console/members").await;
    assert!(list.contains(&format!("共 {} 人", met.0)), "{list}");
    for (turn, role) in [Role::Viewer, Role::Dispatcher, Role::Supervisor].into_iter().enumerate() {
        let clerk = Clerk::at(&service, &format!("第{turn}个"), role).await;
        assert_eq!(clerk.get("/console/members").await.status, 403);
        let name = &county.members()[0].name;
        assert_eq!(clerk.post("/console/members/unbind", &[("name", name)]).await.status, 403);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn the_handbook_shows_first_what_nobody_looked_at_for_long() {
    let (_database, service) = rehearsal().await;
    let viewer = Clerk::at(&service, "领导", Role::Viewer).await;
    let page = viewer.reads("/console/handbook").await;
    assert!(!page.contains("今天核对过"), "reading is not saying that it is right");
    let admin = Clerk::at(&service, "管理员", Role::Admin).await;
    let howto = demo::county().handbook()[0].clone();
    let page = admin.does("/console/handbook/checked", &[("code", &howto.code)]).await;
    assert!(page.contains("2026-03-02 核对（0 天前）"), "{page}");
    assert!(
        viewer.reads(&format!("/console/handbook?q={}", howto.title)).await.contains(&howto.title)
    );
    assert!(viewer.reads("/console/handbook?q=没有这件事").await.contains("没有找到"));
}
