//! The command itself: what it prints, where it writes, how it exits. SQLite in a folder of each
//! test's own; nothing is taken from the environment of the test.

mod demo;
mod export;
mod figures;
mod import;
mod member;
mod menus;
mod serve;

use lianxin::storage::Store;
use std::{
    fs,
    process::{Command, Output},
};
use tempfile::TempDir;

const KEY: &str = "f00dcafe0123456789abcdef0123456789abcdef0123456789abcdeff00dcafe";
/// Everything that `serve` needs; nobody listens where the platform should be.
const SERVING: [(&str, &str); 9] = [
    ("LIANXIN_SECRET_KEY", KEY),
    ("LIANXIN_LISTEN", "127.0.0.1:0"),
    ("LIANXIN_PUBLIC_URL", "http://127.0.0.1:1"),
    ("LIANXIN_WECHAT_API_URL", "http://127.0.0.1:1"),
    ("LIANXIN_ACCOUNT_MAIN_APP_ID", "wx0123456789abcdef"),
    ("LIANXIN_ACCOUNT_MAIN_APP_SECRET", "s3cret"),
    ("LIANXIN_ACCOUNT_MAIN_TOKEN", "aToken"),
    ("LIANXIN_ACCOUNT_MAIN_AES_KEY", "abcdefghijklmnopqrstuvwxyz0123456789ABCDEFG"),
    ("LIANXIN_ACCOUNT_MAIN_ORIGINAL_ID", "gh_0123456789ab"),
];

fn command(folder: &TempDir, variables: &[(&str, &str)], arguments: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_lianxin"));
    command.env_clear().envs(variables.iter().copied());
    command.current_dir(folder.path()).args(arguments);
    command
}

fn output(folder: &TempDir, variables: &[(&str, &str)], arguments: &[&str]) -> Output {
    command(folder, variables, arguments).output().unwrap()
}

/// Runs it without any variable and returns exit code and standard output.
fn run(folder: &TempDir, arguments: &[&str]) -> (i32, String) {
    let output = output(folder, &[], arguments);
    (output.status.code().unwrap(), text(&output.stdout))
}

fn text(bytes: &[u8]) -> String {
    String::from_utf8(bytes.to_vec()).unwrap()
}

fn folder() -> TempDir {
    tempfile::tempdir().unwrap()
}

async fn store(folder: &TempDir) -> Store {
    let path = folder.path().join("data/lianxin.db");
    Store::open(&format!("sqlite://{}", path.display())).await.unwrap()
}

#[test]
fn a_wrong_command_line_is_told_from_a_failure() {
    let folder = folder();
    for (arguments, code) in [
        (&["--help"][..], 0),
        (&["--version"], 0),
        (&[], 2),
        (&["sevre"], 2),
        (&["export", "tickets"], 2),
        (&["export", "tickets", "--format", "pdf"], 2),
        (&["export", "tickets", "--format", "csv", "--from", "yesterday"], 2),
        (&["member", "invite"], 2),
        (&["member", "invite", "张建国", "--area", "130699"], 2),
        (&["demo", "--listen", "0.0.0.0:8080"], 2),
        (&["replay"], 2),
        (&["import", "nothing"], 2),
    ] {
        assert_eq!(run(&folder, arguments).0, code, "{arguments:?}");
    }
}

#[test]
fn a_wrong_configuration_lists_all_mistakes_and_exits_with_2() {
    let folder = folder();
    let variables =
        [("LIANXIN_LISTEN", "nowhere"), ("DATABASE_URL", "x"), ("LIANXIN_ACCOUNT_A_TOKEN", "?")];
    let output = output(&folder, &variables, &["serve"]);
    assert_eq!(output.status.code(), Some(2));
    assert!(output.stdout.is_empty());
    let told = text(&output.stderr);
    for variable in [
        "LIANXIN_LISTEN",
        "DATABASE_URL",
        "LIANXIN_SECRET_KEY",
        "LIANXIN_ACCOUNT_A_TOKEN",
        "LIANXIN_ACCOUNT_A_APP_ID",
        "LIANXIN_ACCOUNT_A_APP_SECRET",
        "LIANXIN_ACCOUNT_A_AES_KEY",
        "LIANXIN_ACCOUNT_A_ORIGINAL_ID",
    ] {
        assert_eq!(told.matches(&format!("{variable}: ")).count(), 1, "{variable} in {told}");
    }
    assert!(!folder.path().join("data").exists(), "nothing is begun");
}

#[test]
fn a_short_command_needs_only_the_database_and_takes_it_from_dotenv() {
    let folder = folder();
    fs::write(folder.path().join(".env"), "LIANXIN_DATA_DIR=elsewhere\nLIANXIN_LISTEN=broken\n")
        .unwrap();
    assert_eq!(run(&folder, &["import", "demo"]).0, 0);
    assert!(folder.path().join("elsewhere/lianxin.db").exists());
    let variables = [("LIANXIN_DATA_DIR", "the-environment-wins")];
    assert_eq!(output(&folder, &variables, &["member", "list"]).status.code(), Some(1));
    assert!(folder.path().join("the-environment-wins/lianxin.db").exists());
}

#[test]
fn migrations_go_up_and_down_and_tell_where_they_are() {
    let folder = folder();
    let (code, all) = run(&folder, &["migrate", "status"]);
    assert_eq!(code, 1);
    assert!(all.lines().count() > 1 && all.lines().all(|line| line.starts_with("pending")));
    let (code, up) = run(&folder, &["migrate", "up"]);
    assert_eq!(code, 0);
    assert_eq!(up, all.replace("pending  ", "applied  "));
    assert_eq!(run(&folder, &["migrate", "status"]), (0, up));
    let (code, down) = run(&folder, &["migrate", "down"]);
    assert_eq!(code, 0);
    assert_eq!(down.lines().filter(|line| line.starts_with("pending")).count(), 1, "{down}");
    // A used database of an older version is nobody's to change on the way.
    assert_eq!(run(&folder, &["member", "list"]).0, 1);
    assert_eq!(run(&folder, &["migrate", "up"]).0, 0);
    assert_eq!(run(&folder, &["import", "demo"]).0, 0);
}

#[test]
fn importing_the_demo_county_twice_changes_nothing() {
    let folder = folder();
    let (code, first) = run(&folder, &["import", "demo"]);
    assert_eq!(code, 0);
    assert!(first.starts_with("云溪县: ") && first.contains("imported"), "{first}");
    let (code, second) = run(&folder, &["import", "demo"]);
    assert_eq!(code, 0);
    assert!(second.contains("nothing changed"), "{second}");
}

#[tokio::test(flavor = "multi_thread")]
async fn check_looks_at_everything_and_fails_on_what_is_wrong() {
    let folder = folder();
    let (code, told) = run(&folder, &["check"]);
    assert_eq!(code, 0, "{told}");
    for line in ["✓ configuration", "✓ database", "✓ migrations", "! accounts", "✓ data folder"]
    {
        assert_eq!(told.matches(line).count(), 1, "{line} in {told}");
    }
    assert!(!told.contains('✗'), "{told}");

    let variables = [("LIANXIN_RECORD_DIR", "recordings")];
    let recording = output(&folder, &variables, &["check"]);
    assert_eq!(recording.status.code(), Some(1));
    assert!(text(&recording.stdout).contains("✗ recording: "));

    let wrong = output(&folder, &[("LIANXIN_LISTEN", "x")], &["check"]);
    assert_eq!(wrong.status.code(), Some(1));
    let told = text(&wrong.stdout);
    assert!(told.contains("✗ LIANXIN_LISTEN: ") && told.contains("✓ database"), "{told}");

    // Nobody answers where the platform should be; and the secret is in no line.
    let unreachable = output(&folder, &SERVING, &["check"]);
    assert_eq!(unreachable.status.code(), Some(1));
    let told = text(&unreachable.stdout);
    assert!(told.contains("✗ account main: "), "{told}");
    assert!(!told.contains("s3cret"), "{told}");

    store(&folder).await.mark_as_demo().await.unwrap();
    let (code, told) = run(&folder, &["check"]);
    assert_eq!(code, 1);
    assert!(told.contains("demo"), "{told}");
}
