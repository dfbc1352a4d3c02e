//! `export`: what leaves, in which form, and what does not.

use super::{folder, run, store};
use crate::harness::{fresh, monday};
use lianxin::{
    storage::Store,
    ticket::{
        Follower, MemberId, Outcome, Person, Place, Rating, Report,
        event::Actor,
        lifecycle::{self, Action, Rules},
    },
};
use serde_json::{Value, json};
use std::fs;

/// One ticket that was signed off and rated, and a fresh one that a spreadsheet could stumble over.
pub(super) async fn tickets(store: &Store) {
    let (solved, handler) = (report("路灯坏了三天了"), person("张建国"));
    let by = Follower { account: "main".to_owned(), openid: "o-wang".to_owned() };
    let path = ["130699", "130699201", "130699201201"].map(str::to_owned).to_vec();
    let open = lifecycle::open(fresh(), by.clone(), solved, path, Rules::default(), monday());
    let reporter = Actor::Resident;
    let steps = [
        (Action::Accept, Actor::Operator(person("值班员"))),
        (
            Action::Dispatch {
                call: lianxin::ticket::Call {
                    to: vec![handler.clone()],
                    unit: Some("power".to_owned()),
                    reason: "就近".to_owned(),
                    ..lianxin::ticket::Call::default()
                },
            },
            Actor::Operator(person("值班员")),
        ),
        (Action::Take, Actor::Member(handler.clone())),
        (
            Action::Finish {
                text: "换了灯泡".to_owned(),
                outcome: Outcome::Solved,
                media: Vec::new(),
            },
            Actor::Member(handler),
        ),
        (Action::Confirm { fully: true }, reporter.clone()),
        (Action::Rate { rating: Rating::Satisfied }, reporter),
    ];
    let tx = store.begin().await.unwrap();
    tx.save(&open).await.unwrap();
    let mut ticket = open.after;
    let rules = Rules::default();
    for (action, actor) in steps {
        let done = lifecycle::act(&ticket, action, &actor, rules, monday()).unwrap();
        tx.save(&done).await.unwrap();
        ticket = done.after;
    }
    let later = monday() + chrono::TimeDelta::days(1);
    let odd = report("=1+1，我的电话13812345678");
    tx.save(&lifecycle::open(fresh(), by, odd, Vec::new(), Rules::default(), later)).await.unwrap();
    tx.commit().await.unwrap();
}

fn person(name: &str) -> Person {
    Person { id: MemberId(fresh()), name: name.to_owned() }
}

fn report(text: &str) -> Report {
    Report {
        text: text.to_owned(),
        place: Place { text: Some("王庄村东头".to_owned()), ..Place::default() },
        category: "lighting".to_owned(),
        contact: Some("19900001234".to_owned()),
        confidential: false,
        urgent: false,
        media: Vec::new(),
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn tickets_leave_as_one_object_a_line_without_anybodys_number() {
    let folder = folder();
    assert_eq!(run(&folder, &["export", "tickets", "--format", "jsonl"]), (0, String::new()));
    tickets(&store(&folder).await).await;
    let (code, lines) = run(&folder, &["export", "tickets", "--format", "jsonl"]);
    assert_eq!(code, 0);
    let [first, second] = lines.lines().collect::<Vec<_>>()[..] else { panic!("{lines}") };
    let keys = "number submitted_at status kind outcome round category area channel unit handler \
                due_result result_at closed_at rating text place confidential";
    let mut at = 0;
    for key in keys.split_whitespace() {
        at += first[at..].find(&format!("\"{key}\":")).expect(key);
    }
    let first: Value = serde_json::from_str(first).unwrap();
    assert_eq!(first.as_object().unwrap().len(), keys.split_whitespace().count());
    for (key, value) in [
        ("submitted_at", json!("2026-03-02T09:00:00+08:00")),
        ("status", json!("closed")),
        ("kind", json!("signed")),
        ("outcome", json!("solved")),
        ("round", json!(1)),
        ("category", json!("lighting")),
        ("area", json!("130699201201")),
        ("channel", json!("wechat")),
        ("unit", json!("power")),
        ("handler", json!("张建国")),
        ("due_result", json!("2026-03-09T09:00:00+08:00")),
        ("result_at", json!("2026-03-02T09:00:00+08:00")),
        ("closed_at", json!("2026-03-02T09:00:00+08:00")),
        ("rating", json!("satisfied")),
        ("text", json!("路灯坏了三天了")),
        ("place", json!("王庄村东头")),
        ("confidential", json!(false)),
    ] {
        assert_eq!(first[key], value, "{key}");
    }
    let second: Value = serde_json::from_str(second).unwrap();
    assert_eq!(second["rating"], Value::Null);
    for hidden in ["o-wang", "19900001234", "13812345678"] {
        assert!(!lines.contains(hidden), "{hidden}");
    }
    let arguments = ["export", "tickets", "--format", "jsonl", "--with-contacts"];
    let (_, lines) = run(&folder, &arguments);
    for shown in ["o-wang", "19900001234", "13812345678"] {
        assert!(lines.contains(shown), "{shown}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_table_of_tickets_opens_in_a_spreadsheet_and_runs_nothing() {
    let folder = folder();
    run(&folder, &["migrate", "up"]);
    tickets(&store(&folder).await).await;
    let count = |arguments: &[&str]| {
        let all = [&["export", "tickets", "--format", "csv"], arguments].concat();
        let (code, table) = run(&folder, &all);
        assert_eq!(code, 0);
        table.lines().count() - 1
    };
    assert_eq!(count(&[]), 2);
    // Days are Beijing's, and both ends belong to the range.
    assert_eq!(count(&["--from", "2026-03-02", "--to", "2026-03-02"]), 1);
    assert_eq!(count(&["--from", "2026-03-03"]), 1);
    assert_eq!(count(&["--to", "2026-03-01"]), 0);
    let arguments = ["export", "tickets", "--format", "csv", "-o", "out.csv"];
    assert_eq!(run(&folder, &arguments), (0, String::new()));
    let table = fs::read_to_string(folder.path().join("out.csv")).unwrap();
    assert!(table.starts_with("\u{feff}number,submitted_at,status,"), "{table}");
    assert!(table.contains(",'=1+1，"), "{table}");
}
