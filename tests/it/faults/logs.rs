//! What the service writes down about itself while it works: nothing about anybody.

use super::served::{KEY, Served, lianxin};
use lianxin::{
    clock::SystemClock,
    county,
    ids::RandomIds,
    replay::account::demo_account,
    simulator::{self, Message, Said, Simulator},
};
use std::{
    sync::Arc,
    time::{Duration, Instant},
};

/// What was said, who said it, and how a token looks on its way.
const WORDS: [&str; 15] = [
    "路灯",
    "独一无二",
    "槐树",
    "王庄",
    "井盖",
    "13912345678",
    "38.99",
    "116.10",
    "王大娘",
    "值班员",
    "o-forged",
    "forged",
    "access_token=",
    "secret=",
    "99_",
];

#[tokio::test(flavor = "multi_thread")]
async fn the_log_names_nobody_and_tells_no_secret_even_when_it_tells_most() {
    let folder = tempfile::tempdir().unwrap();
    let pretended = demo_account(&RandomIds, &county::demo::county()).unwrap();
    let registered = pretended.registered.clone();
    let simulator = Simulator::start(simulator::Options {
        accounts: vec![pretended.registered],
        templates: pretended.templates,
        ..simulator::Options::new(Arc::new(SystemClock), Arc::new(RandomIds))
    })
    .unwrap();
    let api_url = simulator.api_url();
    let secrets = [
        registered.app_secret.expose(),
        registered.token.expose(),
        registered.aes_key.expose(),
        KEY,
    ];
    let variables = [
        ("RUST_LOG", "debug"),
        ("LIANXIN_SECRET_KEY", KEY),
        ("LIANXIN_LISTEN", "127.0.0.1:0"),
        ("LIANXIN_PUBLIC_URL", "http://127.0.0.1:1"),
        ("LIANXIN_WECHAT_API_URL", api_url.as_str()),
        ("LIANXIN_ACCOUNT_MAIN_APP_ID", registered.app_id.as_str()),
        ("LIANXIN_ACCOUNT_MAIN_APP_SECRET", secrets[0]),
        ("LIANXIN_ACCOUNT_MAIN_TOKEN", secrets[1]),
        ("LIANXIN_ACCOUNT_MAIN_AES_KEY", secrets[2]),
        ("LIANXIN_ACCOUNT_MAIN_ORIGINAL_ID", registered.original_id.as_str()),
    ];
    let imported = lianxin(&folder, &[], &["import", "demo"]).output().unwrap();
    assert!(imported.status.success());
    let invited = lianxin(&folder, &[], &["member", "invite", "值班员"]).output().unwrap();
    let invited = String::from_utf8(invited.stdout).unwrap();
    let words = invited.split(|c: char| !c.is_ascii_alphanumeric());
    let code = words.max_by_key(|word| word.len()).unwrap().to_owned();

    let log = folder.path().join("log");
    let server = Served::start(lianxin(&folder, &variables, &["serve"]), &log);
    let address = server.address.clone();

    let platform = simulator.platform();
    platform.set_webhook("main", format!("{address}/wechat/main"));
    let operator = platform.admit_resident("值班员");
    let resident = platform.admit_resident("王大娘");
    let say = async |openid: &str, text: &str| {
        let message = Message::Text { text: text.to_owned() };
        platform.push(openid, message).await.unwrap().text().unwrap_or_default()
    };
    let bound = say(&operator, &code).await;
    assert!(bound.contains("值班员"), "{bound}");
    say(&operator, "1").await;
    // The first send meets a refused token, the second an error page, others an error code.
    platform.fault(simulator::Fault::Token, 1);
    for fault in [simulator::Fault::Html, simulator::Fault::Code(45009)] {
        platform.fault(fault, 1);
    }
    let mut answers = Vec::new();
    for text in ["独一无二的路灯坏了，王庄村槐树巷", "1", "13912345678", "我的诉求"]
    {
        answers.push(say(&resident, text).await);
    }
    let place =
        Message::Location {
            latitude: 38.9912, longitude: 116.1034, label: "槐树巷口".to_owned()
        };
    platform.push(&resident, place).await.unwrap();
    platform
        .push(&resident, Message::Voice { recognition: Some("槐树巷的井盖".to_owned()) })
        .await
        .unwrap();
    // Somebody who knows no secret, with things in the address.
    let http = lianxin::wechat::client::http().unwrap();
    for path in ["/wechat/main?signature=forged&openid=o-forged", "/no/o-forged?x=o-forged"] {
        let answered = http.post(format!("{address}{path}")).body("o-forged").send().await.unwrap();
        assert!(answered.status().is_client_error());
    }
    for path in ["/m/t/o-forged?x=o-forged", "/m/in?code=o-forged&state=o-forged", "/m/o-forged"] {
        let answered = http.get(format!("{address}{path}")).send().await.unwrap();
        assert!(answered.status().is_client_error());
    }
    let begun = Instant::now();
    let notified = || platform.lines(&operator).iter().any(|l| matches!(l.said, Said::Notice(_)));
    while !notified() && begun.elapsed() < Duration::from_secs(20) {
        tokio::task::yield_now().await;
    }
    server.ask_to_end();
    assert_eq!(server.ended(), Some(0));

    let log = std::fs::read_to_string(&log).unwrap();
    assert!(log.contains("DEBUG") && log.contains("/wechat/{slug}"), "it does tell: {log}");
    let number = answers[1].split("LX").nth(1).unwrap()[..12].to_owned();
    assert_eq!(number.len(), 12);
    let ours = [operator.as_str(), &resident, &code];
    for word in WORDS.into_iter().chain(ours).chain(secrets) {
        let told: Vec<&str> = log.lines().filter(|line| line.contains(word)).take(3).collect();
        assert!(told.is_empty(), "{word}: {told:#?}");
    }
}
