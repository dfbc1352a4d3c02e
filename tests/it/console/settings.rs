//! Settings at the desk: a workbook in and out, and one row at a time.

use super::Clerk;
use crate::harness::{TestDatabase, rehearsal::Rehearsal, sqlite};
use lianxin::{
    access::Role,
    county::{Cells, County, demo, written},
    workbook::{Book, county, write},
};
use rust_xlsxwriter::Workbook;
use std::io::{Cursor, Write};

async fn rehearsal() -> (TestDatabase, Rehearsal) {
    let database = sqlite().await;
    let service = Rehearsal::on(&database).await;
    (database, service)
}

async fn admin(service: &Rehearsal) -> Clerk {
    Clerk::at(service, "管理员", Role::Admin).await
}

const ROW: &str = "/console/settings/sheets/members/row";

async fn stored(service: &Rehearsal) -> County {
    service.app.store.county().await.unwrap().unwrap().1
}

/// The value of a hidden field.
fn hidden(page: &str, name: &str) -> String {
    let mark = format!("name=\"{name}\" value=\"");
    let rest = &page[page.find(&mark).unwrap() + mark.len()..];
    rest[..rest.find('"').unwrap()].to_owned()
}

/// A workbook of the demo county with one cell changed.
fn changed(sheet: &str, change: impl Fn(&mut Cells)) -> Vec<u8> {
    let mut sheets = written::sheets(demo::county().register());
    for (form, cells) in &mut sheets {
        if form.english == sheet {
            change(cells);
        }
    }
    write::of(&sheets).unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn whoever_may_not_change_the_whole_county_changes_nothing() {
    let (_database, service) = rehearsal().await;
    let area = "130699201";
    let clerks = [
        (Clerk::at(&service, "一", Role::Viewer).await, "viewer"),
        (Clerk::at(&service, "二", Role::Dispatcher).await, "dispatcher"),
        (Clerk::at(&service, "三", Role::Supervisor).await, "supervisor"),
        (Clerk::of_area(&service, "四", Role::Admin, area).await, "admin of a township"),
    ];
    let name = demo::county().members()[0].name.clone();
    for (clerk, who) in &clerks {
        for path in [
            "/console/settings",
            "/console/settings/import",
            "/console/settings/import/check",
            "/console/settings/export",
            "/console/settings/blank",
            "/console/settings/calendar",
            "/console/settings/tester",
            "/console/settings/sheets/areas",
            "/console/settings/sheets/areas/row",
        ] {
            assert_eq!(clerk.get(path).await.status, 403, "{who} {path}");
        }
        for (path, fields) in [
            (ROW, vec![("name", "新人"), ("role", "党员")]),
            ("/console/settings/sheets/members/remove", vec![("key", name.as_str())]),
            ("/console/settings/sheets/routes/move", vec![("key", "夜间险情"), ("up", "true")]),
            ("/console/settings/sheets/categories/switch", vec![("key", "lighting")]),
            ("/console/settings/import/confirm", vec![("stamp", "0"), ("version", "1")]),
            ("/console/settings/import/cancel", vec![]),
            (
                "/console/handbook/checked",
                vec![("code", demo::county().handbook()[0].code.as_str())],
            ),
        ] {
            assert_eq!(clerk.post(path, &fields).await.status, 403, "{who} {path}");
        }
        let sent = clerk.uploads("/console/settings/import", "a.xlsx", b"PK").await;
        assert_eq!(sent.status, 403, "{who}");
    }
    assert_eq!(stored(&service).await, demo::county());
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_downloaded_changes_nothing_when_it_comes_back() {
    let (_database, service) = rehearsal().await;
    let admin = admin(&service).await;
    let bytes = admin.downloads("/console/settings/export").await;
    let read = county(vec![Book::of_file("county.xlsx", &bytes)]).map_err(|_| "mistakes");
    assert_eq!(read, Ok(demo::county()));
    let sent = admin.uploads("/console/settings/import", "county.xlsx", &bytes).await;
    assert_eq!((sent.status, sent.location.as_str()), (303, "/console/settings/import/check"));
    assert!(admin.reads("/console/settings/import/check").await.contains("完全一样"));
    let deeds = service.app.store.deeds(None, None, None, 5).await.unwrap();
    assert!(deeds.iter().any(|deed| deed.what == "export"));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_workbook_is_looked_at_and_then_becomes_so() {
    let (_database, service) = rehearsal().await;
    let admin = admin(&service).await;
    let bytes = changed("settings", |cells| cells[2].1[1] = "0312-5550199".to_owned());
    admin.uploads("/console/settings/import", "新的.xlsx", &bytes).await;
    let preview = admin.reads("/console/settings/import/check").await;
    assert!(preview.contains("0312-5550100") && preview.contains("0312-5550199"), "{preview}");
    assert_eq!(stored(&service).await, demo::county(), "nobody said yes yet");
    let (stamp, version) = (hidden(&preview, "stamp"), hidden(&preview, "version"));
    let fields = [("stamp", stamp.as_str()), ("version", version.as_str())];
    let done = admin.does("/console/settings/import/confirm", &fields).await;
    assert!(done.contains("已经导入"), "{done}");
    assert_eq!(stored(&service).await.settings().hotline, "0312-5550199");
    let deeds = service.app.store.deeds(None, Some("导入 新的.xlsx"), None, 5).await.unwrap();
    assert_eq!(deeds[0].note, "设置 +0 −0 ~1");
    let again = admin.post("/console/settings/import/confirm", &fields).await;
    assert_eq!(again.status, 422, "it was confirmed once");
}

#[tokio::test(flavor = "multi_thread")]
async fn what_somebody_else_changed_meanwhile_is_not_overwritten_by_an_import() {
    let (_database, service) = rehearsal().await;
    let one = admin(&service).await;
    let other = Clerk::at(&service, "另一个", Role::Admin).await;
    let bytes = changed("settings", |cells| cells[2].1[1] = "0312-5550199".to_owned());
    one.uploads("/console/settings/import", "新的.xlsx", &bytes).await;
    let preview = one.reads("/console/settings/import/check").await;
    let howto = demo::county().handbook()[0].code.clone();
    other.does("/console/handbook/checked", &[("code", &howto)]).await;
    let fields = [("stamp", hidden(&preview, "stamp")), ("version", hidden(&preview, "version"))];
    let fields = fields.each_ref().map(|(name, value)| (*name, value.as_str()));
    let refused = one.post("/console/settings/import/confirm", &fields).await;
    assert_eq!(refused.status, 422);
    assert!(refused.body.contains("有人改了设置"), "{}", refused.body);
    let county = stored(&service).await;
    assert_eq!(county.settings().hotline, demo::county().settings().hotline);
    assert!(county.handbook()[0].checked_on.is_some());
    // Looked at again, it says what it would take back.
    let preview = one.reads("/console/settings/import/check").await;
    assert!(preview.contains("核对日期"), "{preview}");
}

#[tokio::test(flavor = "multi_thread")]
async fn whoever_hands_in_one_sheet_changes_that_one() {
    let (_database, service) = rehearsal().await;
    let admin = admin(&service).await;
    let mut sheets = written::sheets(demo::county().register());
    sheets.retain(|(form, _)| form.english == "calendar");
    sheets[0].1.push((2, ["2027-02-05—2027-02-08", "放假", "春节"].map(str::to_owned).to_vec()));
    let bytes = write::of(&sheets).unwrap();
    admin.uploads("/console/settings/import", "日历.xlsx", &bytes).await;
    let preview = admin.reads("/console/settings/import/check").await;
    assert!(preview.contains("日历：新增 1") && !preview.contains("人员："), "{preview}");
    let fields = [("stamp", hidden(&preview, "stamp")), ("version", hidden(&preview, "version"))];
    let fields = fields.each_ref().map(|(name, value)| (*name, value.as_str()));
    admin.does("/console/settings/import/confirm", &fields).await;
    let county = stored(&service).await;
    assert_eq!(county.register().days.len(), 4);
    assert_eq!(county.members(), demo::county().members());
}

fn zip_of(parts: &[(&str, Vec<u8>)]) -> Vec<u8> {
    let mut packer = zip::ZipWriter::new(Cursor::new(Vec::new()));
    for (name, part) in parts {
        packer.start_file(*name, zip::write::SimpleFileOptions::default()).unwrap();
        packer.write_all(part).unwrap();
    }
    packer.finish().unwrap().into_inner()
}

fn ten_thousand_columns() -> Vec<u8> {
    let mut workbook = Workbook::new();
    let sheet = workbook.add_worksheet();
    sheet.set_name("区域").unwrap();
    for column in 0..10_000 {
        sheet.write_string(0, column, format!("列{column}")).unwrap();
    }
    workbook.save_to_buffer().unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn hostile_files_are_told_in_words_and_change_nothing() {
    let (_database, service) = rehearsal().await;
    let admin = admin(&service).await;
    let bomb = zip_of(&[("xl/workbook.xml", vec![b' '; 210 << 20])]);
    assert!(bomb.len() < 1 << 20);
    let compound = [&[0xd0, 0xcf, 0x11, 0xe0, 0xa1, 0xb1, 0x1a, 0xe1][..], &[0; 4096]].concat();
    let mistaken = changed("members", |cells| {
        cells[1].1[1] = "<script>alert(1)</script>".to_owned();
        cells[2].1[4] = "一二三".to_owned();
    });
    for (name, bytes, words) in [
        ("弹.xlsx", bomb, "文件太大"),
        ("宽.xlsx", ten_thousand_columns(), "超过64列"),
        ("老.xls", compound, "xlsx"),
        ("图.png", b"\x89PNG\r\n\x1a\n\0\0\0\0".to_vec(), "；"),
        ("假.xlsx", b"PK\x03\x04 no zip".to_vec(), "；"),
        ("网页.xlsx", b"<html><script>alert(1)</script>".to_vec(), "；"),
        ("错.xlsx", mistaken, "members 第3行「电话」"),
    ] {
        let told = admin.uploads("/console/settings/import", name, &bytes).await;
        assert_eq!(told.status, 422, "{name}: {}", told.body);
        assert!(told.body.contains("什么都没有导入") && told.body.contains(words), "{}", told.body);
        assert!(!told.body.contains("<script>alert"), "{}", told.body);
    }
    let large = vec![b'P'; (10 << 20) + 1];
    let told = admin.uploads("/console/settings/import", "大.xlsx", &large).await;
    assert_eq!(told.status, 422);
    assert!(told.body.contains("10 MB"), "{}", told.body);
    let empty = admin.uploads("/console/settings/import", "", b"").await;
    assert!(empty.body.contains("没有收到文件"), "{}", empty.body);
    let page = admin.get("/console/settings/import/check").await;
    assert_eq!((page.status, page.location.as_str()), (303, "/console/settings/import"));
    assert_eq!(stored(&service).await, demo::county());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_file_that_another_site_sends_is_not_looked_at() {
    let (_database, service) = rehearsal().await;
    let admin = admin(&service).await;
    let bytes = changed("settings", |cells| cells[2].1[1] = "0312-5550199".to_owned());
    let refused = admin.uploads_with("0".repeat(64).as_str(), "a.xlsx", &bytes).await;
    assert_eq!(refused.status, 403, "{}", refused.body);
    assert_eq!(admin.get("/console/settings/import/check").await.status, 303);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_row_is_changed_by_a_form_and_checked_like_a_workbook() {
    let (_database, service) = rehearsal().await;
    let admin = admin(&service).await;
    let name = demo::county().members()[0].name.clone();
    let path = format!("{ROW}?key={name}");
    let page = admin.reads(&path).await;
    let seen = hidden(&page, "seen");
    let wrong = [("key", name.as_str()), ("seen", &seen), ("name", &name), ("role", "皇帝")];
    let told = admin.post(ROW, &wrong).await;
    assert_eq!(told.status, 422);
    assert!(told.body.contains("“皇帝”不是可选的内容"), "{}", told.body);
    let right = [wrong[0], wrong[1], wrong[2], ("role", "党员"), ("max_load", "4")];
    admin.does(ROW, &right).await;
    let member = stored(&service).await.member(&name).unwrap().clone();
    assert_eq!(member.max_load, Some(4));
    assert_eq!(member.area, demo::county().members()[0].area, "what a form lacks stays as it is");
    // The page next to it knows, at once.
    assert!(admin.reads(&path).await.contains("value=\"4\""));
    let deeds =
        service.app.store.deeds(None, Some(&format!("人员 {name}")), None, 5).await.unwrap();
    assert!(deeds[0].note.contains("最多"), "{deeds:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn two_at_once_see_both_versions_before_one_of_them_counts() {
    let (_database, service) = rehearsal().await;
    let one = admin(&service).await;
    let other = Clerk::at(&service, "另一个", Role::Admin).await;
    let sheet = "/console/settings/sheets/settings/row";
    let page = one.reads(&format!("{sheet}?key=值班时间")).await;
    let seen = hidden(&page, "seen");
    let form = |value| [("key", "值班时间"), ("seen", seen.as_str()), ("value", value)];
    other.does(sheet, &form("周一到周五")).await;
    let conflict = one.post(sheet, &form("全天")).await;
    assert_eq!(conflict.status, 422);
    assert!(conflict.body.contains("周一到周五") && conflict.body.contains("全天"));
    assert_eq!(stored(&service).await.settings().office_hours, "周一到周五");
    let seen = hidden(&conflict.body, "seen");
    one.does(sheet, &[("key", "值班时间"), ("seen", &seen), ("value", "全天")]).await;
    assert_eq!(stored(&service).await.settings().office_hours, "全天");
}

#[tokio::test(flavor = "multi_thread")]
async fn every_sheet_has_its_table_and_its_form() {
    let (_database, service) = rehearsal().await;
    let admin = admin(&service).await;
    for (form, cells) in written::sheets(demo::county().register()) {
        let table = format!("/console/settings/sheets/{}", form.english);
        admin.reads(&table).await;
        if let Some((_, row)) = cells.get(1) {
            let key = url::form_urlencoded::byte_serialize(row[0].as_bytes()).collect::<String>();
            let page = admin.reads(&format!("{table}/row?key={key}")).await;
            // Saved as it was shown, nothing changes.
            let seen = hidden(&page, "seen");
            let mut fields = vec![("key", row[0].as_str()), ("seen", seen.as_str())];
            let columns = form.columns.iter().map(|column| column.english);
            fields.extend(columns.zip(row.iter().map(String::as_str)));
            admin.does(&format!("{table}/row"), &fields).await;
        }
        let empty = admin.get(&format!("{table}/row")).await.status;
        assert_eq!(empty, if form.english == "settings" { 404 } else { 200 });
        assert_eq!(admin.get(&format!("{table}/row?key=nobody")).await.status, 404);
    }
    assert_eq!(stored(&service).await, demo::county());
    for path in [
        "/console/settings",
        "/console/settings/import",
        "/console/settings/calendar",
        "/console/settings/calendar?year=2031",
        "/console/settings/calendar?year=-5",
    ] {
        admin.reads(path).await;
    }
    assert!(admin.reads("/console/settings/calendar?year=2031").await.contains("还没有填"));
    assert_eq!(admin.get("/console/settings/sheets/nothing").await.status, 404);
    assert_eq!(admin.downloads("/console/settings/blank").await, write::blank().unwrap());
}

#[tokio::test(flavor = "multi_thread")]
async fn rows_come_go_and_change_places_but_not_what_others_need() {
    let (_database, service) = rehearsal().await;
    let admin = admin(&service).await;
    let sheets = "/console/settings/sheets";
    let day = [("date", "2027-02-05—2027-02-08"), ("kind", "放假"), ("name", "<b>春节</b>")];
    admin.does(&format!("{sheets}/calendar/row"), &day).await;
    let page = admin.reads("/console/settings/calendar?year=2027").await;
    assert!(page.contains("春节") && !page.contains("<b>春节"), "stored text is escaped");
    assert!(!page.contains("还没有填"), "a year with a day of its own is known");
    admin.does(&format!("{sheets}/calendar/remove"), &[("key", day[0].1)]).await;
    assert_eq!(stored(&service).await, demo::county());
    let second = demo::county().rules()[1].name.clone();
    admin.does(&format!("{sheets}/routes/move"), &[("key", &second), ("up", "true")]).await;
    assert_eq!(stored(&service).await.rules()[0].name, second);
    let unit = demo::county().units().iter().find(|unit| unit.leader.is_some()).unwrap().clone();
    let remove = [("key", unit.leader.as_deref().unwrap())];
    let refused = admin.post(&format!("{sheets}/members/remove"), &remove).await;
    assert_eq!(refused.status, 422);
    assert!(refused.body.contains(&unit.name), "{}", refused.body);
    admin
        .does(&format!("{sheets}/categories/switch"), &[("key", "lighting"), ("on", "false")])
        .await;
    assert!(!stored(&service).await.category("lighting").unwrap().enabled);
    let gone = admin.post(&format!("{sheets}/settings/remove"), &[("key", "县名")]).await;
    assert_eq!(gone.status, 404);
}

#[tokio::test(flavor = "multi_thread")]
async fn the_tester_says_who_would_be_called_who_not_and_why_and_makes_nothing() {
    let (_database, service) = rehearsal().await;
    let admin = admin(&service).await;
    let asked = "/console/settings/tester?category=lighting&area=王庄村&at=2026-03-02T09:30";
    let page = admin.reads(asked).await;
    assert!(page.contains("首选") && page.contains("个工作日"), "{page}");
    let urgent = admin.reads(&format!("{asked}&urgent=1")).await;
    assert!(urgent.contains("30 分钟内受理"), "{urgent}");
    let nowhere = admin.reads("/console/settings/tester?category=lighting&area=没有这个村").await;
    assert!(nowhere.contains("没有找到"), "{nowhere}");
    assert!(admin.reads("/console/settings/tester?category=nothing").await.contains("派单试算"));
    assert_eq!(service.tickets().await.len(), 0);
}
