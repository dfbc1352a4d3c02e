//! `demo`: it needs nothing, takes nothing from around it, and goes on where it stopped.

use super::{command, folder, run, text};
use crate::harness::process::{self, Process};
use lianxin::wechat::client::http;
use serde_json::{Value, json};
use std::{fs, net::TcpListener, time::Duration};
use tempfile::TempDir;
use tokio::time::{interval, timeout};

/// Longer than anything takes on a machine that is busy with other tests.
const LIMIT: Duration = Duration::from_secs(30);
const SAID: &str = "我家门口路灯坏了三天了，王庄村东头";

struct Demo {
    process: Process,
    phones: String,
    http: reqwest::Client,
}

impl Demo {
    fn start(folder: &TempDir) -> Self {
        let mut demo = process::command(env!("CARGO_BIN_EXE_lianxin"));
        // Whatever is configured here must not be looked at.
        demo.env_clear().env("DATABASE_URL", "postgres://nobody@127.0.0.1:1/nothing");
        demo.current_dir(folder.path()).args(["demo", "--listen", "127.0.0.1:0"]);
        let mut process = Process::start(demo, &folder.path().join("errors"));
        let phones = format!("http://{}", process.says("http://"));
        assert!(phones.ends_with("/simulator/"), "the phones come first: {phones}");
        process.says("Ctrl-C");
        Self { process, phones, http: http().unwrap() }
    }

    async fn state(&self) -> Value {
        let asked = self.http.get(format!("{}api/state", self.phones)).send().await.unwrap();
        asked.json().await.unwrap()
    }

    async fn post(&self, what: &str, body: Value) {
        let address = format!("{}api/{what}", self.phones);
        let response = self.http.post(address).json(&body).send().await.unwrap();
        assert!(response.status().is_success(), "{what}: {}", response.text().await.unwrap());
    }

    async fn say(&self, who: &str, words: &str) {
        let key = phone(&self.state().await, who)["key"].clone();
        self.post("say", json!({ "person": key, "text": words })).await;
    }

    /// Waits for a line on a phone with these words in it.
    async fn reads(&self, who: &str, words: &str) -> Value {
        let reading = async {
            let mut look = interval(Duration::from_millis(20));
            loop {
                let state = self.state().await;
                let lines = phone(&state, who)["lines"].as_array().unwrap().clone();
                let found = lines
                    .into_iter()
                    .find(|line| line["side"] != "person" && line.to_string().contains(words));
                if let Some(line) = found {
                    return line;
                }
                look.tick().await;
            }
        };
        let Ok(line) = timeout(LIMIT, reading).await else {
            panic!("{who} does not read “{words}”: {}", phone(&self.state().await, who))
        };
        line
    }
}

fn phone(state: &Value, who: &str) -> Value {
    let phones = state["phones"].as_array().unwrap();
    phones.iter().find(|phone| phone["name"] == who).unwrap().clone()
}

/// The month and day of `2026年3月2日 09:00:00`.
fn day(now: &Value) -> String {
    let (_, rest) = now.as_str().unwrap().split_once('年').unwrap();
    rest.split_once(' ').unwrap().0.to_owned()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_second_start_goes_on_where_the_first_was_killed() {
    let folder = folder();
    fs::write(folder.path().join(".env"), "LIANXIN_LISTEN=broken\nNO SENSE").unwrap();
    let mut demo = Demo::start(&folder);
    demo.say("王大娘", SAID).await;
    demo.reads("王大娘", "1 提交").await;
    let today = day(&demo.state().await["now"]);
    // A day, and a night in which nobody is reminded of anything: the test may run at any hour.
    demo.post("advance", json!({ "seconds": 36 * 3_600 })).await;
    // The reminder is proof that the clock was moved and the work on the way was done.
    demo.reads("王大娘", "还没交").await;
    demo.process.kill();

    let demo = Demo::start(&folder);
    let state = demo.state().await;
    assert_ne!(day(&state["now"]), today, "time never runs backwards");
    assert_eq!(phone(&state, "王大娘")["lines"], json!([]), "the platform keeps no chat");
    demo.say("王大娘", "1").await;
    demo.reads("王大娘", "1 提交").await;
    demo.say("王大娘", "1").await;
    demo.reads("王大娘", "您的编号是 LX").await;
    demo.reads("值班员", "王庄村").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_falls_due_while_days_pass_comes_at_its_own_time() {
    let folder = folder();
    let demo = Demo::start(&folder);
    demo.say("王大娘", SAID).await;
    demo.reads("王大娘", "1 提交").await;
    demo.post("advance", json!({ "seconds": 3 * 86_400 })).await;
    let reminder = demo.reads("王大娘", "还没交").await;
    let written = reminder["time"].as_str().unwrap().split(' ').next().unwrap().to_owned();
    let arrived = async {
        let mut look = interval(Duration::from_millis(20));
        // The reminder is due a day later, or the morning after.
        while day(&demo.state().await["now"]) == written {
            look.tick().await;
        }
    };
    timeout(LIMIT, arrived).await.expect("three days pass");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_database_that_is_no_demos_is_left_alone() {
    let folder = folder();
    assert_eq!(run(&folder, &["import", "demo"]).0, 0);
    let arguments = ["demo", "--listen", "127.0.0.1:0", "--data", "data"];
    let refused = command(&folder, &[], &arguments).output().unwrap();
    assert_eq!(refused.status.code(), Some(1));
    assert!(text(&refused.stderr).contains("--data"), "{}", text(&refused.stderr));
    assert!(!super::store(&folder).await.is_demo().await.unwrap());
}

#[test]
fn a_port_that_is_taken_is_named_with_the_option_that_helps() {
    let folder = folder();
    let taken = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = taken.local_addr().unwrap().to_string();
    let refused = command(&folder, &[], &["demo", "--listen", &address]).output().unwrap();
    assert_eq!(refused.status.code(), Some(1));
    let told = text(&refused.stderr);
    assert!(told.contains("--listen") && told.contains(&address), "{told}");
    assert!(!folder.path().join("data-demo").exists(), "nothing is begun");
}

#[test]
fn nobody_else_can_reach_it() {
    for address in ["0.0.0.0:0", "[::]:0", "192.0.2.1:8080", "8080"] {
        assert_eq!(run(&folder(), &["demo", "--listen", address]).0, 2, "{address}");
    }
}
