//! `replay` as a command: what it says, and how it ends. Above all it has to be seen to fail.

use crate::harness::postgres;
use std::{
    fs,
    path::Path,
    process::{Command, Output},
    time::{Duration, Instant},
};
use tempfile::TempDir;

const SAID: &str = "@ 2026-03-02 09:00\ncounty demo\n王大娘 > 我家门口路灯坏了三天了，王庄村东头\n";

fn folder(files: &[(&str, &str)]) -> TempDir {
    let folder = tempfile::tempdir().unwrap();
    for (name, text) in files {
        fs::write(folder.path().join(name), text).unwrap();
    }
    folder
}

fn replay(folder: &Path, arguments: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_lianxin"))
        .arg("replay")
        .args(arguments)
        .current_dir(folder)
        // Whatever is configured here must not be looked at.
        .env("DATABASE_URL", "postgres://nobody@127.0.0.1:1/nothing")
        .output()
        .unwrap()
}

fn told(output: &Output) -> String {
    String::from_utf8(output.stdout.clone()).unwrap()
}

#[test]
fn a_false_expectation_ends_with_1_and_shows_what_was_said() {
    for (line, shown) in [
        ("王大娘 < 水管爆了", "路灯"),
        ("王大娘 <~ 水管.*爆了", "路灯"),
        ("王大娘 <! 路灯", "路灯"),
        ("王大娘 <-", "路灯"),
        ("刘大爷 < 路灯", "there was no answer"),
        ("刘大爷 <~ 路灯", "there was no answer"),
        ("刘大爷 <! 路灯", "there was no answer"),
        ("王大娘 ! 张建国", "there is no unread notice"),
        ("王大娘 !~ 张建国", "there is no unread notice"),
        ("? tickets 1", "0 tickets"),
        ("? last status=submitted", "no such ticket"),
        ("值班员 : accept last", "no such ticket"),
        ("值班员 :! accept last", "no such ticket"),
        ("? rate completion 75.0", "it is - (0 of 0)"),
        ("值班员 : escalate last", "no such ticket"),
        ("值班员 :! escalate last", "no such ticket"),
        ("fault database 30s", "comes with many machines"),
        ("fault redis 30s", "comes with many machines"),
        ("@ 2026-03-01 09:00", "time does not go back"),
        ("county nowhere", "there is no folder"),
    ] {
        let folder = folder(&[("a.chat", &format!("{SAID}{line}\n"))]);
        let output = replay(folder.path(), &["a.chat"]);
        let told = told(&output);
        assert_eq!(output.status.code(), Some(1), "{line}: {told}");
        assert!(told.contains("a.chat:4: ") && told.contains(line), "{line}: {told}");
        assert!(told.contains(shown), "{line}: {told}");
        assert!(told.ends_with("1 scripts, 4 steps, 1 differences\n"), "{told}");
    }
}

#[test]
fn false_expectations_of_tickets_notices_and_refusals_are_found() {
    let begun = format!("{SAID}王大娘 > 1\n");
    for (lines, shown) in [
        ("? last status=closed", "status is submitted"),
        ("? last handler=张建国", "handler is -"),
        ("? last place~西头", "place is "),
        ("? last text~水管", "text is "),
        ("? #2 status=submitted", "no such ticket"),
        ("值班员 !!", "there are unread notices"),
        ("值班员 ! 水管", "the notice is another one"),
        ("值班员 : dispatch last 张建国", "this is refused"),
        ("城关站 : accept last", "outside the area"),
        ("张建国 : accept last", "no operator"),
        ("值班员 :! accept last", "this was not refused"),
        ("值班员 : merge last last", "this is refused"),
        ("王大娘 > [unfollow]\n王大娘 > 你好", "cannot be done on a phone"),
    ] {
        let folder = folder(&[("a.chat", &format!("{begun}{lines}\n"))]);
        let output = replay(folder.path(), &["a.chat"]);
        let told = told(&output);
        assert_eq!(output.status.code(), Some(1), "{lines}: {told}");
        assert!(told.contains(shown), "{lines}: {told}");
    }
}

#[test]
fn a_malformed_file_ends_with_2_and_its_lines_and_nothing_is_played() {
    let folder = folder(&[
        ("good.chat", &format!("{SAID}王大娘 < 水管\n")),
        ("bad.chat", "@ 2026-03-02 09:00\n王大娘 说 路灯坏了\n值班员 : sing last\n"),
    ]);
    let output = replay(folder.path(), &["good.chat", "bad.chat"]);
    let told = told(&output);
    assert_eq!(output.status.code(), Some(2), "{told}");
    assert!(told.contains("bad.chat:2: ") && told.contains("bad.chat:3: "), "{told}");
    assert!(!told.contains("good.chat"), "{told}");
}

#[test]
fn a_path_that_leads_nowhere_ends_with_2() {
    let folder = folder(&[]);
    for path in ["nowhere.chat", "."] {
        assert_eq!(replay(folder.path(), &[path]).status.code(), Some(2), "{path}");
    }
    assert_eq!(replay(folder.path(), &[]).status.code(), Some(2));
}

#[test]
fn several_files_and_folders_are_counted_together() {
    let folder = folder(&[
        ("a.chat", &format!("{SAID}王大娘 < 路灯\n")),
        ("b.chat", "@ 2026-03-02 09:00\n王大娘 > 你好\n王大娘 < 您好\n"),
        ("c.txt", "不是剧本"),
    ]);
    let output = replay(folder.path(), &["."]);
    assert_eq!(told(&output), "2 scripts, 7 steps, ok\n");
    assert_eq!(output.status.code(), Some(0));
    assert_eq!(told(&replay(folder.path(), &["a.chat", "b.chat"])), "2 scripts, 7 steps, ok\n");
}

#[test]
fn an_update_rewrites_what_was_expected_and_nothing_else() {
    let before = format!(
        "# 注\r\n{SAID}王大娘 < 水管\n王大娘 <~ 路灯\n王大娘 > 1\n王大娘 < 编号\n值班员 ! 水管\n\n? tickets 1"
    );
    let folder = folder(&[("a.chat", &before)]);
    assert_eq!(replay(folder.path(), &["a.chat"]).status.code(), Some(1));
    let output = replay(folder.path(), &["--update", "a.chat"]);
    assert_eq!(output.status.code(), Some(0), "{}", told(&output));
    let after = fs::read_to_string(folder.path().join("a.chat")).unwrap();
    let changed: Vec<(&str, &str)> =
        before.split('\n').zip(after.split('\n')).filter(|(old, new)| old != new).collect();
    assert_eq!(changed.len(), 2, "{changed:?}");
    assert!(
        changed.iter().all(|(_, new)| new.starts_with("王大娘 < ") || new.starts_with("值班员 ! "))
    );
    assert_eq!(before.split('\n').count(), after.split('\n').count());
    let output = replay(folder.path(), &["a.chat"]);
    assert_eq!(output.status.code(), Some(0), "{}", told(&output));
}

#[test]
fn an_update_leaves_what_it_cannot_mend() {
    let before = format!("{SAID}王大娘 <~ 水管\n");
    let folder = folder(&[("a.chat", &before)]);
    assert_eq!(replay(folder.path(), &["--update", "a.chat"]).status.code(), Some(1));
    assert_eq!(fs::read_to_string(folder.path().join("a.chat")).unwrap(), before);
}

#[test]
fn two_runs_say_the_same() {
    let folder = folder(&[("a.chat", &format!("{SAID}王大娘 >3 1\n王大娘 < 水管\n"))]);
    let first = told(&replay(folder.path(), &["a.chat"]));
    assert!(first.contains("LX2603"), "a number is random: {first}");
    assert_eq!(first, told(&replay(folder.path(), &["a.chat"])));
}

#[test]
fn a_county_stands_as_a_folder_beside_the_script() {
    let folder = folder(&[(
        "a.chat",
        "@ 2026-03-02 09:00\ncounty ours\n王大娘 > 路灯坏了，小河村\n王大娘 < 小河村\n",
    )]);
    let county = folder.path().join("ours");
    fs::create_dir(&county).unwrap();
    for (sheet, text) in [
        (
            "settings",
            "setting,value\n县名,小河县\n值班电话,0312-5550100\n值班时间,每天\n隐私联系,小河县党群服务中心\n",
        ),
        (
            "areas",
            "code,name,parent,level\n130698,小河县,,县\n130698001,小河乡,130698,乡\n130698001001,小河村,130698001,村\n",
        ),
        ("units", "code,name,kind,area,leader\n"),
        ("members", "name,role,area,unit\n值班员,值班员,130698,\n"),
        (
            "categories",
            "code,name,hint,keywords\nlighting,路灯水电,路灯不亮,路灯\nother,其他,别的事,\n",
        ),
    ] {
        fs::write(county.join(format!("{sheet}.csv")), text).unwrap();
    }
    let output = replay(folder.path(), &["a.chat"]);
    assert_eq!(output.status.code(), Some(0), "{}", told(&output));
    fs::write(county.join("areas.csv"), "code,name,parent,level\n1,村,9,村\n").unwrap();
    let output = replay(folder.path(), &["a.chat"]);
    assert_eq!(output.status.code(), Some(1));
    assert!(told(&output).contains("areas"), "{}", told(&output));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_server_keeps_no_trace_of_a_run() {
    let server = postgres::server();
    let folder = folder(&[("a.chat", &format!("{SAID}王大娘 < 路灯\n王大娘 < 水管\n"))]);
    let output = replay(folder.path(), &["--database-url", &server, "a.chat"]);
    assert_eq!(output.status.code(), Some(1), "{}", told(&output));
    assert!(told(&output).contains("a.chat:5: "), "{}", told(&output));
    // Other tests use the server at the same time: theirs go later, ours would stay for ever.
    let store = lianxin::storage::Store::open(&server).await.unwrap();
    let mut left = databases(&store).await;
    let begun = Instant::now();
    while !left.is_empty() {
        assert!(begun.elapsed() < Duration::from_mins(2), "{left:?}");
        let now = databases(&store).await;
        left.retain(|name| now.contains(name));
        tokio::task::yield_now().await;
    }
}

async fn databases(store: &lianxin::storage::Store) -> Vec<String> {
    use sea_orm::{ConnectionTrait, DbBackend, Statement};
    let statement = Statement::from_string(
        DbBackend::Postgres,
        "SELECT datname::text FROM pg_database WHERE datname LIKE 'lianxin_replay_%'",
    );
    let rows = store.connection().query_all_raw(statement).await.unwrap();
    rows.iter().map(|row| row.try_get("", "datname").unwrap()).collect()
}

#[test]
fn a_server_that_is_none_is_a_wrong_command_line() {
    let folder = folder(&[("a.chat", SAID)]);
    let output = replay(folder.path(), &["--database-url", "sqlite://x.db", "a.chat"]);
    assert_eq!(output.status.code(), Some(2));
}
