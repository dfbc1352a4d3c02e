//! `export events`, `ratings` and `rates`, and all of them as workbooks.

use super::{export::tickets, folder, run, store};
use calamine::{Data, Reader, Xlsx};
use serde_json::{Value, json};
use std::{fs::File, io::BufReader, path::Path};
use tempfile::TempDir;

const ALL: [&str; 4] = ["tickets", "events", "ratings", "rates"];
/// Whose openid, telephone number and words nobody may find.
const HIDDEN: [&str; 3] = ["o-wang", "19900001234", "13812345678"];

async fn filled() -> TempDir {
    let folder = folder();
    run(&folder, &["migrate", "up"]);
    tickets(&store(&folder).await).await;
    folder
}

fn lines(folder: &TempDir, arguments: &[&str]) -> Vec<Value> {
    let all = [&["export"], arguments, &["--format", "jsonl"]].concat();
    let (code, text) = run(folder, &all);
    assert_eq!(code, 0, "{arguments:?}");
    text.lines().map(|line| serde_json::from_str(line).unwrap()).collect()
}

/// The line of a figure of everything, or of a part.
fn figure<'a>(lines: &'a [Value], part: Option<&str>, code: &str) -> &'a Value {
    let is = |line: &&Value| line["part"] == json!(part) && line["code"] == code;
    lines.iter().find(is).unwrap()
}

fn cells(file: &Path, sheet: &str) -> Vec<Vec<Data>> {
    let mut book = Xlsx::new(BufReader::new(File::open(file).unwrap())).unwrap();
    book.worksheet_range(sheet).unwrap().rows().map(<[Data]>::to_vec).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn rates_are_sums_that_anybody_can_check_by_the_lists() {
    let folder = filled().await;
    let all = lines(&folder, &["rates", "--by", "unit", "--lists"]);
    let tickets = lines(&folder, &["tickets"]);
    let (solved, waiting) = (&tickets[0]["number"], &tickets[1]["number"]);
    let acceptance = figure(&all, None, "acceptance");
    assert_eq!(acceptance["percent"], json!(50.0));
    assert_eq!(acceptance["numerator_tickets"], json!([solved]));
    assert_eq!(acceptance["denominator_tickets"], json!([solved, waiting]));
    let power = figure(&all, Some("power"), "on_time");
    assert_eq!((&power["by"], &power["numerator"]), (&json!("unit"), &json!(1)));
    assert_eq!(figure(&all, None, "satisfaction")["percent"], json!(100.0));
    assert_eq!(figure(&all, None, "return_upheld")["percent"], json!(0.0));
    let received = figure(&all, None, "received");
    assert_eq!((&received["numerator"], &received["percent"]), (&json!(2), &Value::Null));
    let codes: Vec<&str> = all
        .iter()
        .filter(|line| line["by"] == "all" && line["kind"] == "rate")
        .filter_map(|line| line["code"].as_str())
        .collect();
    assert_eq!(codes.len(), 16, "{codes:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_past_moment_knows_nothing_of_what_came_later_and_nothing_is_no_percentage() {
    let folder = filled().await;
    let before = lines(&folder, &["rates", "--at", "2026-03-02T08:59"]);
    assert_eq!(figure(&before, None, "received")["numerator"], json!(0));
    assert_eq!(figure(&before, None, "completion")["percent"], Value::Null);
    assert_eq!(figure(&before, None, "completion")["at"], "2026-03-02T08:59:00+08:00");
    let then = lines(&folder, &["rates", "--at", "2026-03-02T09:00:01+08:00"]);
    assert_eq!(figure(&then, None, "received")["numerator"], json!(1));
    let (_, table) = run(&folder, &["export", "rates", "--format", "csv", "--to", "2026-03-01"]);
    let line = table.lines().find(|line| line.contains(",rate,completion,")).unwrap();
    assert!(line.ends_with(",rate,completion,0,0,"), "{line}");
    let path = folder.path().join("none.xlsx");
    let arguments = ["export", "rates", "--format", "xlsx", "--to", "2026-03-01"];
    run(&folder, &[&arguments[..], &["-o", "none.xlsx"]].concat());
    let rows = cells(&path, "rates");
    let completion = rows.iter().find(|row| row[8] == Data::String("completion".into())).unwrap();
    assert_eq!(completion[11], Data::String("—".into()));
    assert_eq!(run(&folder, &["export", "rates", "--format", "csv", "--at", "soon"]).0, 2);
}

#[tokio::test(flavor = "multi_thread")]
async fn an_area_has_its_own_tickets_and_an_unknown_one_has_none() {
    let folder = filled().await;
    for what in ["tickets", "events", "ratings"] {
        let count = |area: &str| lines(&folder, &[what, "--area", area]).len();
        assert!(count("130699201") > 0, "{what}");
        assert_eq!(count("130699201"), count("130699"), "{what}");
        assert_eq!(count("130699202"), 0, "{what}");
    }
    let rates = lines(&folder, &["rates", "--area", "130699201"]);
    assert_eq!(figure(&rates, None, "received")["numerator"], json!(1));
}

#[tokio::test(flavor = "multi_thread")]
async fn events_tell_what_happened_and_not_to_whom() {
    let folder = filled().await;
    let events = lines(&folder, &["events"]);
    let first: Vec<&Value> = events.iter().filter(|e| e["number"] == events[0]["number"]).collect();
    let order: Vec<u64> = first.iter().filter_map(|event| event["seq"].as_u64()).collect();
    assert_eq!(order, (1..=first.len() as u64).collect::<Vec<_>>());
    let of = |code: &str| *first.iter().find(|event| event["event"] == code).unwrap();
    assert_eq!(of("submitted")["details"]["area_path"][0], "130699");
    assert_eq!((&of("taken")["by"], &of("taken")["person"]), (&json!("member"), &json!("张建国")));
    assert_eq!(of("dispatched")["details"]["unit"], "power");
    let due = &first.iter().find(|event| event["details"]["clock"]["kind"] == "result").unwrap();
    assert!(due["details"]["clock"]["due_at"].is_string());
    let (_, text) = run(&folder, &["export", "events", "--format", "csv"]);
    let (_, all) = run(&folder, &["export", "events", "--format", "csv", "--with-contacts"]);
    for hidden in HIDDEN {
        assert!(!text.contains(hidden), "{hidden}");
    }
    // The number that was given as such stands with the ticket and never in its history.
    assert!(all.contains(HIDDEN[2]) && !all.contains(HIDDEN[1]) && !all.contains(HIDDEN[0]));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_grade_is_told_with_whose_work_it_is_about() {
    let folder = filled().await;
    let ratings = lines(&folder, &["ratings"]);
    let [rating] = &ratings[..] else { panic!("{ratings:?}") };
    for (key, value) in [
        ("rating", json!("satisfied")),
        ("positive", json!(true)),
        ("first", json!(true)),
        ("final", json!(true)),
        ("by", json!("resident")),
        ("copy_of", Value::Null),
        ("unit", json!("power")),
        ("area", json!("130699201201")),
    ] {
        assert_eq!(rating[key], value, "{key}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn all_of_them_are_workbooks_too_that_say_the_same_and_run_nothing() {
    let folder = filled().await;
    for what in ALL {
        let file = format!("{what}.xlsx");
        let arguments = ["export", what, "--format", "xlsx", "-o", &file];
        assert_eq!(run(&folder, &arguments), (0, String::new()), "{what}");
        let rows = cells(&folder.path().join(&file), what);
        let told = lines(&folder, &[what]);
        assert_eq!(rows.len(), told.len() + 1, "{what}");
        let keys: Vec<String> = rows[0].iter().map(ToString::to_string).collect();
        assert!(told[0].as_object().unwrap().keys().all(|key| keys.contains(key)), "{keys:?}");
        let all = format!("{rows:?}");
        assert!(HIDDEN.iter().all(|hidden| !all.contains(hidden)), "{what}");
        let begins = |cell: &Data| matches!(cell, Data::String(text) if text.starts_with('='));
        assert!(!rows.iter().flatten().any(begins), "{what}");
    }
    let path = folder.path().join("lists.xlsx");
    run(&folder, &["export", "rates", "--format", "xlsx", "--lists", "-o", "lists.xlsx"]);
    let lists = cells(&path, "lists");
    let acceptance: Vec<&Data> = lists
        .iter()
        .filter(|row| row[2] == Data::String("acceptance".into()))
        .map(|row| &row[4])
        .collect();
    assert_eq!(acceptance, [&Data::Bool(true), &Data::Bool(false)]);
}
