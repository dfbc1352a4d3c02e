//! `member`: invitations, who is bound, and taking phones back.

use super::{folder, output, run, store, text};
use crate::harness::monday;
use lianxin::{
    clock::{Clock, SystemClock},
    dialogue::Invitation,
    invitation::code_hash,
    ticket::Follower,
};
use regex::Regex;
use std::{fs, os::unix::fs::PermissionsExt};

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
    let open = tx.find_invitation(&code_hash(&code), SystemClock.now()).await.unwrap();
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

#[tokio::test(flavor = "multi_thread")]
async fn a_member_goes_on_leave_and_comes_back_and_an_import_does_not_end_it() {
    let folder = folder();
    run(&folder, &["import", "demo"]);
    let wrong = output(&folder, &[], &["member", "leave", "张建国", "2026-13-40"]);
    assert_eq!(wrong.status.code(), Some(1));
    assert!(text(&wrong.stderr).contains("2026-13-40"));
    assert_eq!(run(&folder, &["member", "leave", "张建国"]).0, 2, "until when?");
    assert_eq!(run(&folder, &["member", "leave", "张建国", "2026-03-02—2026-03-08"]).0, 0);
    run(&folder, &["import", "demo"]);
    let (_, told) = run(&folder, &["member", "list"]);
    let line = told.lines().find(|line| line.starts_with("张建国\t")).unwrap();
    assert!(line.ends_with("\t请假 2026-03-02—2026-03-08"), "{line}");
    assert_eq!(run(&folder, &["member", "leave", "张建国", "--end"]).0, 0);
    assert!(!run(&folder, &["member", "list"]).1.contains("请假"));
}
