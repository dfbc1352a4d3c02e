//! `import` and `sample`: what a clerk's files do, and what they do not.

use super::{folder, run, text};
use crate::harness::{TestDatabase, on_both};
use lianxin::county::demo;
use std::{
    fs,
    path::Path,
    process::{Command, Output},
};
use tempfile::TempDir;

/// Runs it in a folder, on a database of its own.
fn import(folder: &TempDir, database: &TestDatabase, arguments: &[&str]) -> (i32, String) {
    let output: Output = Command::new(env!("CARGO_BIN_EXE_lianxin"))
        .env_clear()
        .env("DATABASE_URL", &database.url)
        .current_dir(folder.path())
        .arg("import")
        .args(arguments)
        .output()
        .unwrap();
    (output.status.code().unwrap(), text(&output.stdout))
}

/// The demo county's sheets in a folder.
fn write_sheets(folder: &Path) {
    fs::create_dir_all(folder).unwrap();
    for form in lianxin::county::forms::SHEETS {
        let bytes = demo::sheet(form.english).unwrap();
        fs::write(folder.join(format!("{}.csv", form.chinese)), bytes).unwrap();
    }
}

on_both![
    the_same_county_in_another_form_changes_nothing,
    checking_and_mistakes_change_nothing,
    what_changes_is_counted,
];

async fn the_same_county_in_another_form_changes_nothing(database: &TestDatabase) {
    let folder = folder();
    write_sheets(&folder.path().join("sheets"));
    let workbook = Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/county.xlsx");
    let (code, told) = import(&folder, database, &[workbook.to_str().unwrap()]);
    assert_eq!(code, 0, "{told}");
    assert!(told.starts_with("云溪县: ") && told.contains("(imported)"), "{told}");
    assert_eq!(database.store.county().await.unwrap(), Some((1, demo::county())));
    for again in [workbook.to_str().unwrap(), "sheets", "demo"] {
        let (code, told) = import(&folder, database, &[again]);
        assert_eq!(code, 0, "{told}");
        assert!(told.contains("(nothing changed)\nno row added"), "{told}");
    }
    assert_eq!(database.store.county_version().await.unwrap(), Some(1));
}

async fn checking_and_mistakes_change_nothing(database: &TestDatabase) {
    let folder = folder();
    write_sheets(&folder.path().join("sheets"));
    let (code, told) = import(&folder, database, &["sheets", "--check"]);
    assert_eq!(code, 0, "{told}");
    assert!(told.contains("nothing was written") && told.contains("areas +"), "{told}");
    let fixture = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures");
    let wrong = fixture.join("workbook-thirty-mistakes");
    for arguments in [&[wrong.to_str().unwrap()][..], &[wrong.to_str().unwrap(), "--check"]] {
        let (code, told) = import(&folder, database, arguments);
        assert_eq!(code, 1);
        assert_eq!(told.lines().count(), 31, "{told}");
        assert_eq!(told.lines().last(), Some("共 30 处错误，什么都没有导入。"));
        assert!(told.contains("\nmembers 第7行「请假」：“三月二号”"), "{told}");
    }
    assert_eq!(database.store.county_version().await.unwrap(), None);
}

async fn what_changes_is_counted(database: &TestDatabase) {
    let folder = folder();
    let sheets = folder.path().join("sheets");
    write_sheets(&sheets);
    assert_eq!(import(&folder, database, &["sheets"]).0, 0);
    let people = String::from_utf8(demo::sheet("members").unwrap()).unwrap();
    let people = people.replacen("19900000001", "19900000099", 1) + "新人,党员,130699\n";
    fs::write(sheets.join("人员.csv"), people).unwrap();
    let (code, told) = import(&folder, database, &["sheets", "--check"]);
    assert_eq!(code, 0, "{told}");
    assert!(told.ends_with("\nmembers +1 −0 ~1\n"), "{told}");
    assert_eq!(database.store.county_version().await.unwrap(), Some(1));
    assert!(import(&folder, database, &["sheets"]).1.ends_with("\nmembers +1 −0 ~1\n"));
    assert_eq!(database.store.county_version().await.unwrap(), Some(2));
}

#[test]
fn checking_makes_no_database() {
    let folder = folder();
    let (code, told) = run(&folder, &["import", "demo", "--check"]);
    assert_eq!(code, 0, "{told}");
    assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 0);
}

#[test]
fn a_file_that_is_not_there_is_told_from_one_that_is_wrong() {
    let folder = folder();
    fs::write(folder.path().join("demo.xlsx"), "编码,名称\n").unwrap();
    fs::create_dir(folder.path().join("empty")).unwrap();
    for (arguments, code) in [
        (&["import"][..], 2),
        (&["import", "missing.xlsx"], 2),
        (&["import", "./demo"], 2),
        (&["import", "empty"], 2),
        (&["import", "demo", "--blank", "x.xlsx"], 2),
        (&["import", "--check"], 2),
        (&["import", "demo.xlsx"], 1),
        (&["import", "demo", "demo"], 1),
        (&["sample", "county", "--villages", "0", "-o", "x"], 2),
        (&["sample", "county", "--villages", "5001", "-o", "x"], 2),
    ] {
        assert_eq!(run(&folder, arguments).0, code, "{arguments:?}");
    }
    assert!(!folder.path().join("data").exists(), "no database is made for a wrong file");
}

#[test]
fn the_blank_workbook_is_written_without_a_database_and_asks_to_be_filled_in() {
    let folder = folder();
    assert_eq!(run(&folder, &["import", "--blank", "空白.xlsx"]).0, 0);
    assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 1);
    let (code, told) = run(&folder, &["import", "空白.xlsx"]);
    assert_eq!(code, 1);
    assert!(told.contains("缺少设置项“县名”"), "{told}");
}

#[test]
fn a_made_up_county_is_the_same_every_time_and_as_sheets_as_in_the_workbook() {
    let folder = folder();
    for name in ["one", "two"] {
        let arguments = ["sample", "county", "--villages", "9", "-o", name];
        let (code, told) = run(&folder, &arguments);
        assert_eq!(code, 0);
        assert!(told.contains("青禾县: 81 areas"), "{told}");
    }
    for entry in fs::read_dir(folder.path().join("one")).unwrap() {
        let path = entry.unwrap().path();
        let other = folder.path().join("two").join(path.file_name().unwrap());
        assert!(fs::read(&path).unwrap() == fs::read(other).unwrap(), "{}", path.display());
    }
    assert!(run(&folder, &["import", "one"]).1.contains("imported"));
    assert!(run(&folder, &["import", "one/county.xlsx"]).1.contains("nothing changed"));
    // One sheet in two files.
    let (code, told) = run(&folder, &["import", "one/county.xlsx", "one/areas.csv"]);
    assert_eq!(code, 1);
    assert!(told.starts_with("areas：这张表重复了，“one/county.xlsx”里也有"), "{told}");
}
