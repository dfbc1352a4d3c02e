//! The command itself: what it prints, where it writes, how it exits. SQLite in a folder of each
//! test's own; nothing is taken from the environment of the test.

use crate::harness::{fresh, monday};
use lianxin::{
    storage::{Store, invitation_hash},
    ticket::{
        Follower, Media, MediaKind, MemberId, Outcome, Person, Place, Rating, Report,
        event::Actor,
        lifecycle::{self, Action, Rules},
    },
};
use regex::Regex;
use serde_json::{Value, json};
use std::{
    fs,
    io::{BufRead, BufReader},
    os::unix::fs::PermissionsExt,
    path::Path,
    process::{Child, Command, Output, Stdio},
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
    assert_eq!(up, all.replace("pending", "applied"));
    assert_eq!(run(&folder, &["migrate", "status"]), (0, up));
    let (code, down) = run(&folder, &["migrate", "down"]);
    assert_eq!(code, 0);
    assert_eq!(down.matches("pending").count(), 1, "{down}");
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
async fn an_invitation_is_shown_once_and_stored_as_a_hash() {
    let folder = folder();
    assert_eq!(run(&folder, &["member", "invite", "张建国"]).0, 1, "no county yet");
    run(&folder, &["import", "demo"]);
    assert_eq!(run(&folder, &["member", "invite", "没有这个人"]).0, 1);
    let (code, told) = run(&folder, &["member", "invite", "张建国"]);
    assert_eq!(code, 0);
    let form = Regex::new(
        r"(?m)^([A-HJKMNP-Z2-9]{10})\t张建国\t党员\t王庄乡 王庄村第1网格\t\d{4}-\d\d-\d\d \d\d:\d\d 前有效$",
    );
    let found = form.unwrap().captures(&told).expect(&told);
    let code = found[1].to_owned();
    assert!(told.contains("invite:"), "{told}");

    let store = store(&folder).await;
    let tx = store.begin().await.unwrap();
    use lianxin::{
        clock::{Clock, SystemClock},
        dialogue::Invitation,
    };
    let open = tx.find_invitation(&invitation_hash(&code), SystemClock.now()).await.unwrap();
    assert!(matches!(open, Invitation::Open { name, .. } if name == "张建国"));
    drop(tx);
    store.close().await.unwrap();
    for file in fs::read_dir(folder.path().join("data")).unwrap() {
        let bytes = fs::read(file.unwrap().path()).unwrap();
        assert!(!bytes.windows(code.len()).any(|window| window == code.as_bytes()));
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_village_is_invited_with_a_table_that_only_its_owner_may_read() {
    let folder = folder();
    run(&folder, &["import", "demo"]);
    assert_eq!(run(&folder, &["member", "invite", "--area", "999"]).0, 1);
    let arguments = ["member", "invite", "--area", "130699201201", "-o", "codes.csv"];
    let (code, told) = run(&folder, &arguments);
    assert_eq!(code, 0);
    let path = folder.path().join("codes.csv");
    assert_eq!(fs::metadata(&path).unwrap().permissions().mode() & 0o777, 0o600);
    let table = fs::read_to_string(&path).unwrap();
    let lines: Vec<&str> = table.strip_prefix('\u{feff}').unwrap().lines().collect();
    assert_eq!(lines[0], "code,name,role,area,valid_until");
    assert!(told.contains(&format!("{} invitation", lines.len() - 1)), "{told}");
    for name in ["张建国", "刘芳", "赵大山"] {
        assert_eq!(lines.iter().filter(|line| line.contains(name)).count(), 1, "{name}");
    }
    assert!(!table.contains("李秀英"), "another village's member");

    // Whoever is bound meanwhile is not invited again.
    let store = store(&folder).await;
    let members = store.members().await.unwrap();
    let bound = members.iter().find(|member| member.person.name == "刘芳").unwrap();
    let follower = Follower { account: "main".into(), openid: "o-liufang".into() };
    let tx = store.begin().await.unwrap();
    tx.open_conversation(&follower, monday()).await.unwrap();
    tx.bind(&follower, bound.person.id).await.unwrap();
    tx.commit().await.unwrap();
    let (_, told) = run(&folder, &["member", "invite", "--area", "130699201201"]);
    assert!(told.contains("张建国") && !told.contains("刘芳"), "{told}");
    let (_, list) = run(&folder, &["member", "list"]);
    let line = |name: &str| list.lines().find(|line| line.starts_with(name)).unwrap().to_owned();
    assert!(line("刘芳").ends_with("已绑定") && line("张建国").ends_with("未绑定"));
    assert_eq!(run(&folder, &["member", "unbind", "刘芳"]).0, 0);
    assert!(run(&folder, &["member", "list"]).1.lines().all(|line| line.ends_with("未绑定")));
}

/// One ticket that was signed off and rated, and a fresh one that a spreadsheet could stumble over.
async fn tickets(store: &Store) {
    let (mut solved, handler) = (report("路灯坏了三天了"), person("张建国"));
    solved.media = vec![Media { kind: MediaKind::Photo, id: "m1".to_owned(), at: monday() }];
    let by = Follower { account: "main".to_owned(), openid: "o-wang".to_owned() };
    let path = ["130699", "130699201", "130699201201"].map(str::to_owned).to_vec();
    let open = lifecycle::open(fresh(), by.clone(), solved, path, monday());
    let reporter = Actor::Resident;
    let steps = [
        (Action::Accept, Actor::Operator(person("值班员"))),
        (
            Action::Dispatch {
                to: vec![handler.clone()],
                unit: Some("power".to_owned()),
                reason: "就近".to_owned(),
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
    tx.save(&lifecycle::open(fresh(), by, odd, Vec::new(), later)).await.unwrap();
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

/// A server in a process of its own; killed on drop.
struct Server(Child);

impl Server {
    /// Starts it and waits until it listens.
    fn start(folder: &TempDir, arguments: &[&str]) -> Self {
        let mut command = command(folder, &SERVING, arguments);
        let child = command.stdout(Stdio::piped()).stderr(Stdio::null()).spawn().unwrap();
        let mut server = Self(child);
        let mut line = String::new();
        BufReader::new(server.0.stdout.take().unwrap()).read_line(&mut line).unwrap();
        assert!(line.starts_with("listening on http://127.0.0.1:"), "{line:?}");
        server
    }

    /// Asks it to end and returns its exit code.
    fn stop(mut self) -> Option<i32> {
        let id = self.0.id().to_string();
        assert!(Command::new("kill").args(["-TERM", &id]).status().unwrap().success());
        self.0.wait().unwrap().code()
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

#[test]
fn a_sqlite_file_is_for_one_server_and_for_any_number_of_short_commands() {
    let folder = folder();
    let refused = output(&folder, &SERVING, &["serve"]);
    assert_eq!(refused.status.code(), Some(1));
    assert!(text(&refused.stderr).contains("--migrate"));

    let server = Server::start(&folder, &["serve", "--migrate"]);
    for arguments in [&["serve"][..], &["work"], &["serve", "--no-worker"]] {
        let second = output(&folder, &SERVING, arguments);
        assert_eq!(second.status.code(), Some(1), "{arguments:?}");
        assert!(text(&second.stderr).contains("PostgreSQL"), "{arguments:?}");
    }
    assert_eq!(run(&folder, &["import", "demo"]).0, 0);
    assert_eq!(run(&folder, &["member", "invite", "张建国"]).0, 0);
    assert_eq!(run(&folder, &["export", "tickets", "--format", "csv"]).0, 0);
    assert_eq!(server.stop(), Some(0));

    // The lock went with the process, also where that was killed.
    drop(Server::start(&folder, &["serve"]));
    assert_eq!(Server::start(&folder, &["serve", "--no-worker"]).stop(), Some(0));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_demos_database_is_never_served() {
    let folder = folder();
    run(&folder, &["migrate", "up"]);
    store(&folder).await.mark_as_demo().await.unwrap();
    for arguments in [["serve"], ["work"]] {
        let refused = output(&folder, &SERVING, &arguments);
        assert_eq!(refused.status.code(), Some(1));
        assert!(text(&refused.stderr).contains("demo"));
    }
    assert!(Path::new(&folder.path().join("data/lianxin.db")).exists());
}
