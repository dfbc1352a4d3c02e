//! Recordings: what is written down, what is left out, and that `replay` plays it again.

use lianxin::replay::{Options, run_script};
use serde_json::Value;
use std::{
    fs,
    os::unix::fs::PermissionsExt,
    path::{Path, PathBuf},
    process::{Command, Output},
};
use tempfile::TempDir;

const STORY: &str = "@ 2026-03-02 09:00
county demo
王大娘 > 我家门口路灯坏了三天了，王庄村东头，我电话13800138000
王大娘 > [photo]
王大娘 > 1
@ +1h
值班员 > 受理
值班员 > 派 张建国
张建国 > 接单
王大娘 > 我的诉求
王大娘 > [unfollow]
";

/// Plays the story with a recorder; its files.
async fn recorded() -> TempDir {
    let folder = tempfile::tempdir().unwrap();
    play(STORY, folder.path().join("kept")).await;
    folder
}

async fn play(story: &str, record: PathBuf) {
    let options = Options { record: Some(record), ..Options::default() };
    let report = run_script(story, Path::new("."), &options).await.unwrap();
    assert!(report.differences.is_empty(), "{report:?}");
}

fn replay(folder: &Path) -> Output {
    Command::new(env!("CARGO_BIN_EXE_lianxin")).arg("replay").arg(folder).output().unwrap()
}

fn told(output: &Output) -> String {
    String::from_utf8(output.stdout.clone()).unwrap()
}

fn files(folder: &Path, ending: &str) -> Vec<(PathBuf, String)> {
    let mut files: Vec<_> = fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .filter(|path| path.to_string_lossy().ends_with(ending))
        .map(|path| (path.clone(), fs::read_to_string(path).unwrap()))
        .collect();
    files.sort();
    files
}

#[tokio::test(flavor = "multi_thread")]
async fn nobody_can_be_told_from_a_recording() {
    let folder = recorded().await;
    let kept = folder.path().join("kept");
    assert_eq!(fs::metadata(&kept).unwrap().permissions().mode() & 0o777, 0o700);
    let all = files(&kept, "");
    assert_eq!((all.len() - 1) % 3, 0, "a push, a reply and calls for each, and the index");
    for (path, text) in &all {
        assert_eq!(fs::metadata(path).unwrap().permissions().mode() & 0o777, 0o600);
        assert!(!text.contains("13800138000"), "{path:?}: {text}");
        assert!(!text.contains("mmbiz_jpg"), "{path:?}: {text}");
    }
    let pushes = files(&kept, ".xml");
    let from_one: Vec<&String> =
        pushes.iter().map(|(_, text)| text).filter(|text| text.contains("[CDATA[r1]]")).collect();
    // Five pushes, four answers: who unfollows is not answered.
    assert_eq!(from_one.len(), 9, "{pushes:#?}");
    assert!(pushes[0].1.contains("路灯坏了三天了"), "{}", pushes[0].1);
}

#[tokio::test(flavor = "multi_thread")]
async fn calls_stand_with_the_push_before_them() {
    let folder = recorded().await;
    let kept = folder.path().join("kept");
    let calls_after = |words: &str| -> Vec<Value> {
        let pushes = files(&kept, ".xml");
        let is_push = |path: &Path| !path.to_string_lossy().ends_with(".reply.xml");
        let (push, _) =
            pushes.iter().find(|(path, text)| is_push(path) && text.contains(words)).unwrap();
        let calls = fs::read_to_string(push.with_extension("calls.json")).unwrap();
        serde_json::from_str(&calls).unwrap()
    };
    assert!(calls_after("路灯坏了三天了").is_empty());
    // The desk has not written today: only a template reaches it.
    let new = calls_after("CDATA[1]]");
    assert!(new.iter().all(|call| call["interface"] == "message/template/send"), "{new:#?}");
    assert!(!new.is_empty());
    let taken = calls_after("CDATA[接单]]");
    let taken = taken.iter().find(|call| call["to"] == "r1").unwrap();
    assert_eq!(taken["outcome"], "ok");
    assert!(taken["content"]["text"].as_str().unwrap().contains("张建国"), "{taken}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_recording_plays_again() {
    let folder = recorded().await;
    let output = replay(folder.path());
    let told = told(&output);
    assert!(told.starts_with("1 recordings, ") && told.ends_with(" steps, ok\n"), "{told}");
    assert_eq!(output.status.code(), Some(0));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_reply_that_is_another_one_is_shown_as_a_diff() {
    let folder = recorded().await;
    let reply = folder.path().join("kept/0001.reply.xml");
    let text = fs::read_to_string(&reply).unwrap();
    assert!(text.contains("提交"), "{text}");
    fs::write(&reply, text.replace("提交", "上交")).unwrap();
    let output = replay(folder.path());
    let told = told(&output);
    assert_eq!(output.status.code(), Some(1), "{told}");
    assert!(told.contains("kept:1: the reply is another one"), "{told}");
    assert!(told.contains("上交") && told.contains("提交"), "{told}");
    assert!(told.ends_with(" steps, 1 differences\n"), "{told}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_recording_with_a_file_missing_is_malformed() {
    let folder = recorded().await;
    fs::remove_file(folder.path().join("kept/0003.reply.xml")).unwrap();
    let output = replay(folder.path());
    assert_eq!(output.status.code(), Some(2));
    assert!(told(&output).contains("0003.reply.xml"), "{}", told(&output));
    fs::write(folder.path().join("kept/recording.toml"), "account = 1\n").unwrap();
    assert_eq!(replay(folder.path()).status.code(), Some(2));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_second_recording_leaves_the_first_alone() {
    let folder = recorded().await;
    let kept = folder.path().join("kept");
    let before = fs::read_to_string(kept.join("recording.toml")).unwrap();
    play("@ 2026-03-03 10:00\n王大娘 > 你好\n", kept.clone()).await;
    assert_eq!(fs::read_to_string(kept.join("recording.toml")).unwrap(), before);
    assert!(kept.join("20260303-100001/0001.xml").exists());
}
