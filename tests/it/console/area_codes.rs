//! Codes of areas and the menus' page at the desk.

use super::Clerk;
use crate::harness::{rehearsal::Rehearsal, sqlite};
use lianxin::access::Role;
use std::io::{Cursor, Read};

const WANG: &str = "130699201201";

#[tokio::test(flavor = "multi_thread")]
async fn codes_are_made_looked_at_printed_and_taken_along() {
    let service = Rehearsal::on(&sqlite().await).await;
    let clerk = Clerk::at(&service, "管理员甲", Role::Admin).await;
    let page = clerk.reads(&format!("/console/area-codes?area={WANG}&down_to=grid")).await;
    assert!(page.contains("已有 0 个码") && page.contains("还没有"), "{page}");
    let form = [("area", WANG), ("down_to", "grid"), ("account", "main")];
    let page = clerk.does("/console/area-codes", &form).await;
    assert!(page.contains("已生成") && !page.contains("还差"), "{page}");
    let made = service.app.store.count_area_codes("main").await.unwrap();
    assert!(made >= 3, "{made}");

    let print = format!("/console/area-codes/print?area={WANG}&down_to=grid&size=sticker");
    let page = clerk.reads(&print).await;
    assert_eq!(page.matches("<img ").count() as u64, made);
    assert!(!page.contains("<style"), "the page's policy takes no styles of its own");
    let drawing = format!("/console/area-codes/drawing?area={WANG}&size=a4");
    let svg = clerk.reads(&drawing).await;
    assert!(svg.starts_with("<svg") && svg.contains("王庄村") && svg.contains("云溪县"));

    let zip = clerk.bytes(&format!("/console/area-codes/zip?area={WANG}&down_to=grid")).await;
    let mut zip = zip::ZipArchive::new(Cursor::new(zip)).unwrap();
    let names: Vec<String> =
        (0..zip.len()).map(|at| zip.by_index(at).unwrap().name().unwrap().into_owned()).collect();
    assert!(names.contains(&format!("posters/{WANG}.svg")), "{names:?}");
    assert!(names.contains(&format!("stickers/{WANG}.svg")));
    let mut manifest = String::new();
    zip.by_name("manifest.csv").unwrap().read_to_string(&mut manifest).unwrap();
    assert_eq!(manifest.lines().count() as u64, made + 1);
    assert!(manifest.contains(&format!("\"area:{WANG}\"")));
}

#[tokio::test(flavor = "multi_thread")]
async fn codes_are_made_by_who_may_change_settings_and_in_their_own_area_only() {
    let service = Rehearsal::on(&sqlite().await).await;
    let viewer = Clerk::at(&service, "领导甲", Role::Viewer).await;
    assert_eq!(viewer.get("/console/area-codes").await.status, 403);
    assert_eq!(viewer.get("/console/menus").await.status, 403);
    let form = [("area", WANG)];
    assert_eq!(viewer.post("/console/area-codes", &form).await.status, 403);
    let town = Clerk::of_area(&service, "管理员乙", Role::Admin, "130699100").await;
    assert_eq!(town.get(&format!("/console/area-codes?area={WANG}")).await.status, 404);
    assert_eq!(town.post("/console/area-codes", &form).await.status, 404);
    let drawing = format!("/console/area-codes/drawing?area={WANG}&size=a4");
    assert_eq!(town.get(&drawing).await.status, 404);
    assert_eq!(service.app.store.count_area_codes("main").await.unwrap(), 0);
    let admin = Clerk::at(&service, "管理员甲", Role::Admin).await;
    assert_eq!(admin.post_foreign("/console/area-codes", &form).await.status, 403);
}

#[tokio::test(flavor = "multi_thread")]
async fn the_page_of_menus_shows_what_would_change_and_changes_nothing() {
    let service = Rehearsal::on(&sqlite().await).await;
    let admin = Clerk::at(&service, "管理员甲", Role::Admin).await;
    let page = admin.reads("/console/menus").await;
    assert!(page.contains("menu for everybody") && page.contains("lianxin menu apply"), "{page}");
    assert!(service.app.client.menus("main").await.unwrap().default.is_none());
    let plan = lianxin::menus::plan(&service.app, &service.account).await.unwrap();
    lianxin::menus::apply(&service.app, &service.account, plan, |_| {}).await.unwrap();
    assert!(admin.reads("/console/menus").await.contains("和文件里的一样"));
}
