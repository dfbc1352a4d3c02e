//! A fresh machine, and one that is told to stop in the middle of something.

use super::served::{KEY, Served, lianxin};
use crate::harness::site::{APP_ID, KEY as AES_KEY, ORIGINAL_ID, TOKEN, sealed, text};
use lianxin::{storage::Store, ticket::Follower, wechat::client::http};
use std::{fs, time::Duration};
use tempfile::TempDir;

const EXAMPLE: &str = include_str!("../../../.env.example");

/// The example as somebody fills it in who follows its comments.
fn filled() -> String {
    let lines = EXAMPLE.lines().map(|line| match line.split_once('=') {
        Some(("LIANXIN_SECRET_KEY", _)) => format!("LIANXIN_SECRET_KEY={KEY}"),
        Some(("LIANXIN_ACCOUNT_MAIN_APP_ID", _)) => format!("LIANXIN_ACCOUNT_MAIN_APP_ID={APP_ID}"),
        Some(("LIANXIN_ACCOUNT_MAIN_APP_SECRET", _)) => {
            "LIANXIN_ACCOUNT_MAIN_APP_SECRET=0123456789abcdef0123456789abcdef".to_owned()
        }
        Some(("LIANXIN_ACCOUNT_MAIN_TOKEN", _)) => format!("LIANXIN_ACCOUNT_MAIN_TOKEN={TOKEN}"),
        Some(("LIANXIN_ACCOUNT_MAIN_AES_KEY", _)) => {
            format!("LIANXIN_ACCOUNT_MAIN_AES_KEY={AES_KEY}")
        }
        Some(("LIANXIN_ACCOUNT_MAIN_ORIGINAL_ID", _)) => {
            format!("LIANXIN_ACCOUNT_MAIN_ORIGINAL_ID={ORIGINAL_ID}")
        }
        // Nobody may be called from here.
        Some(("# LIANXIN_WECHAT_API_URL", _)) => {
            "LIANXIN_WECHAT_API_URL=http://127.0.0.1:1".to_owned()
        }
        Some(("# LIANXIN_LISTEN", _)) => "LIANXIN_LISTEN=127.0.0.1:0".to_owned(),
        _ => line.to_owned(),
    });
    lines.collect::<Vec<_>>().join("\n")
}

fn fresh_machine(configuration: &str) -> TempDir {
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join(".env"), configuration).unwrap();
    folder
}

async fn push(address: &str, id: u64, words: &str) -> (u16, String) {
    let (query, body) = sealed(TOKEN, AES_KEY, APP_ID, &text("o-resident", id, words));
    let address = format!("{address}/wechat/main?{query}");
    let answer = http().unwrap().post(address).body(body).send().await.unwrap();
    (answer.status().as_u16(), answer.text().await.unwrap())
}

#[tokio::test(flavor = "multi_thread")]
async fn the_example_filled_in_serves_and_as_it_stands_it_does_not() {
    let folder = fresh_machine(EXAMPLE);
    let refused = lianxin(&folder, &[], &["serve", "--migrate"]).output().unwrap();
    assert_eq!(refused.status.code(), Some(2));
    let told = String::from_utf8(refused.stderr).unwrap();
    assert!(told.contains("LIANXIN_SECRET_KEY"), "{told}");

    let folder = fresh_machine(&filled());
    let log = folder.path().join("log");
    let server = Served::start(lianxin(&folder, &[], &["serve", "--migrate"]), &log);
    // Without a county, too, whoever speaks is answered.
    let (status, answer) = push(&server.address, 1, "路灯坏了").await;
    assert_eq!(status, 200);
    assert!(answer.contains("<Encrypt>"), "{answer}");
    // `check` beside it: all is well here, and the platform cannot be reached.
    let checked = lianxin(&folder, &[], &["check"]).output().unwrap();
    assert_eq!(checked.status.code(), Some(1));
    let told = String::from_utf8(checked.stdout).unwrap();
    let wrong: Vec<&str> = told.lines().filter(|line| line.starts_with('✗')).collect();
    assert_eq!(wrong.len(), 1, "{told}");
    assert!(wrong[0].contains("account main"), "{told}");
    server.ask_to_end();
    assert_eq!(server.ended(), Some(0));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_push_that_is_being_handled_is_answered_before_the_end() {
    let folder = fresh_machine(&filled());
    let log = folder.path().join("log");
    let server = Served::start(lianxin(&folder, &[], &["serve", "--migrate"]), &log);
    let path = folder.path().join("data/lianxin.db");
    let store = Store::open(&format!("sqlite://{}", path.display())).await.unwrap();
    let held = store.begin().await.unwrap();
    let address = server.address.clone();
    let pushed = push(&address, 1, "路灯坏了");
    let end = async {
        // It waits for the database by then, or has not arrived: both must do.
        let bell = lianxin::app::Bell::default();
        bell.heard(Duration::from_millis(500)).await;
        server.ask_to_end();
        bell.heard(Duration::from_millis(500)).await;
        drop(held);
        server
    };
    let ((status, answer), server) = futures_util::future::join(pushed, end).await;
    assert_eq!(status, 200, "{answer}");
    assert_eq!(server.ended(), Some(0));
    let to = Follower { account: "main".to_owned(), openid: "o-resident".to_owned() };
    assert!(store.reach(&to).await.unwrap().is_some(), "it was committed");
}
