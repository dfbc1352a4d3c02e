//! One call and its answer: what is sent, what comes back, and what every failure means.

use super::*;
use crate::harness::platform::Platform;
use chrono::TimeDelta;
use lianxin::wechat::client::{
    Class, ClientError, ConfigReason, Interface, TemplateMessage, Unclear, UserReason,
};
use std::{io::Read, net::TcpListener};
use uuid::Uuid;

fn notice() -> TemplateMessage {
    TemplateMessage {
        openid: OPENID.to_owned(),
        template_id: "template-1".to_owned(),
        url: Some("https://lianxin.example/m/1".to_owned()),
        fields: vec![
            ("character_string1".to_owned(), "LX260302123456".to_owned()),
            ("thing4".to_owned(), "王庄村东头".to_owned()),
        ],
        client_msg_id: Uuid::from_u128(7),
    }
}

async fn send(rule: impl Fn(&Asked) -> Answer + Send + Sync + 'static) -> Result<(), ClientError> {
    let platform = Platform::answering(with_a_token(rule));
    let clock = clock();
    client(platform.address(), memory(&clock), &clock).send_text("main", OPENID, "您好").await
}

#[tokio::test(flavor = "multi_thread")]
async fn a_page_in_between_is_an_unknown_outcome() {
    for (status, text) in [
        (200, "<html><body>请登录</body></html>"),
        (200, ""),
        (200, "{\"errcode\":0,"),
        (200, "[]"),
        (302, "moved"),
        (404, "{}"),
        (502, "<html>Bad Gateway</html>"),
    ] {
        let error = send(move |_| Answer::Text(status, text.to_owned())).await.unwrap_err();
        assert_eq!(error.class(), Class::Unknown, "{status} {text}");
        assert!(!shown(&error).contains("请登录"));
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_code_counts_whatever_the_status_is() {
    let rule = |_: &Asked| Answer::Text(500, "{\"errcode\":45015}".to_owned());
    let error = send(rule).await.unwrap_err();
    assert_eq!(error.class(), Class::User(UserReason::WindowClosed));
}

#[tokio::test(flavor = "multi_thread")]
async fn an_endless_answer_is_not_read_to_its_end() {
    let error = send(|_| Answer::Text(200, " ".repeat(3 << 20))).await.unwrap_err();
    assert!(matches!(error, ClientError::Unknown(Unclear::TooLong)), "{error:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn silence_after_sending_is_an_unknown_outcome() {
    let platform = Platform::answering(with_a_token(|_| Answer::Never));
    let clock = clock();
    let http = http_within(Duration::from_secs(1), Duration::from_millis(400)).unwrap();
    let client = Client::new(
        http,
        platform.address(),
        memory(&clock),
        clock.clone(),
        &RandomIds,
        [account()],
    );
    let error = client.send_text("main", OPENID, "您好").await.unwrap_err();
    assert!(matches!(&error, ClientError::Unknown(Unclear::Broken(_))), "{error:?}");
    assert_eq!(platform.count(SEND), 1);
    assert!(!shown(&error).contains("t1"), "{}", shown(&error));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_connection_that_breaks_after_sending_is_an_unknown_outcome() {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let base = Url::parse(&format!("http://{}", listener.local_addr().unwrap())).unwrap();
    let clock = clock();
    let shared = memory(&clock);
    let tokens = Platform::answering(with_a_token(|_| done()));
    client(tokens.address(), shared.clone(), &clock).check_token("main").await.unwrap();
    let server = std::thread::spawn(move || {
        let (mut stream, _) = listener.accept().unwrap();
        let mut some = [0; 64];
        assert!(stream.read(&mut some).unwrap() > 0);
    });
    let error = client(base, shared, &clock).send_text("main", OPENID, "您好").await.unwrap_err();
    server.join().unwrap();
    assert_eq!(error.class(), Class::Unknown);
    assert!(!shown(&error).contains("t1"), "{}", shown(&error));
}

#[tokio::test(flavor = "multi_thread")]
async fn what_never_left_is_tried_again() {
    let clock = clock();
    let shared = memory(&clock);
    let tokens = Platform::answering(with_a_token(|_| done()));
    client(tokens.address(), shared.clone(), &clock).check_token("main").await.unwrap();
    // A port that was free a moment ago, and a name that never resolves.
    let nobody = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
    for base in [format!("http://{nobody}"), "http://nowhere.invalid".to_owned()] {
        let client = client(Url::parse(&base).unwrap(), shared.clone(), &clock);
        let error = client.send_text("main", OPENID, "您好").await.unwrap_err();
        assert!(matches!(&error, ClientError::NotSent(_)), "{error:?}");
        assert_eq!(error.class(), Class::Retry { after: None });
        assert!(!shown(&error).contains("t1"), "{}", shown(&error));
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn an_error_shows_the_code_and_the_rid_and_nothing_else_of_the_answer() {
    let error = send(|_| code(47003)).await.unwrap_err();
    assert_eq!(error.class(), Class::Data);
    assert_eq!(error.code(), Some((47003, Some("65f0a1b2-0c1d2e3f-4a5b6c7d"))));
    let shown = shown(&error);
    for hidden in ["王大娘", "t1", "open-sesame", "http"] {
        assert!(!shown.contains(hidden), "{shown}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn an_account_that_is_gone_is_an_error_and_no_request() {
    let platform = Platform::answering(with_a_token(|_| done()));
    let clock = clock();
    let client = client(platform.address(), memory(&clock), &clock);
    let error = client.send_text("gone", OPENID, "您好").await.unwrap_err();
    assert!(matches!(error, ClientError::NoAccount));
    assert!(platform.asked().is_empty());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_text_is_sent_as_it_is() {
    let platform = Platform::answering(with_a_token(|_| done()));
    let clock = clock();
    let client = client(platform.address(), memory(&clock), &clock);
    let text = "您好 \"引号\" <a href=\"https://x\">页</a>\n第二行💡";
    client.send_text("main", OPENID, text).await.unwrap();
    let asked = platform.asked().pop().unwrap();
    assert_eq!(asked.token.as_deref(), Some("t1"));
    let expected = json!({ "touser": OPENID, "msgtype": "text", "text": { "content": text } });
    assert_eq!(asked.body, expected);
    assert!(asked.raw.contains("第二行💡"), "escaped: {}", asked.raw);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_notice_is_sent_with_its_id_and_answered_with_the_platforms() {
    let platform = Platform::answering(with_a_token(|_| {
        Answer::Json(json!({ "errcode": 0, "errmsg": "ok", "msgid": 4_294_967_296_123_i64 }))
    }));
    let clock = clock();
    let client = client(platform.address(), memory(&clock), &clock);
    assert_eq!(client.send_template("main", &notice()).await.unwrap(), 4_294_967_296_123);
    let asked = platform.asked().pop().unwrap();
    assert_eq!(asked.path, "/cgi-bin/message/template/send");
    let expected = json!({
        "touser": OPENID,
        "template_id": "template-1",
        "url": "https://lianxin.example/m/1",
        "data": {
            "character_string1": { "value": "LX260302123456" },
            "thing4": { "value": "王庄村东头" },
        },
        "client_msg_id": "00000000000000000000000000000007",
    });
    assert_eq!(asked.body, expected);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_repeat_that_the_platform_recognises_is_done() {
    let platform = Platform::answering(with_a_token(|_| {
        Answer::Json(json!({ "errcode": 45065, "errmsg": "clientmsgid exist", "msgid": 17 }))
    }));
    let clock = clock();
    let client = client(platform.address(), memory(&clock), &clock);
    assert_eq!(client.send_template("main", &notice()).await.unwrap(), 17);
}

#[tokio::test(flavor = "multi_thread")]
async fn an_acceptance_without_an_id_is_an_unknown_outcome() {
    let platform = Platform::answering(with_a_token(|_| done()));
    let clock = clock();
    let client = client(platform.address(), memory(&clock), &clock);
    let error = client.send_template("main", &notice()).await.unwrap_err();
    assert!(matches!(error, ClientError::Unknown(Unclear::Shape)), "{error:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn the_accounts_templates_are_listed_with_labels_and_keys() {
    let platform = Platform::answering(with_a_token(|_| {
        Answer::Json(json!({ "template_list": [
            {
                "template_id": "template-1",
                "title": "受理通知",
                "content": "诉求编号：{{character_string1.DATA}}\n地点：{{thing4.DATA}}\n",
                "example": "…",
            },
            { "template_id": "template-2" },
        ]}))
    }));
    let clock = clock();
    let client = client(platform.address(), memory(&clock), &clock);
    let templates = client.templates("main").await.unwrap();
    assert_eq!(templates.len(), 2);
    assert_eq!(templates[0].title, "受理通知");
    let keywords = [("诉求编号", "character_string1"), ("地点", "thing4")];
    let keywords = keywords.map(|(label, key)| (label.to_owned(), key.to_owned()));
    assert_eq!(templates[0].keywords, keywords);
    assert_eq!(templates[1].keywords, []);
}

#[tokio::test(flavor = "multi_thread")]
async fn the_platforms_test_of_the_webhook_is_read() {
    let platform = Platform::answering(with_a_token(|asked| {
        assert_eq!(asked.body["action"], "all");
        Answer::Json(json!({
            "dns": [{ "ip": "192.0.2.1", "real_operator": "UNICOM" }],
            "ping": [
                { "ip": "192.0.2.1", "from_operator": "CAP", "package_loss": "0%", "time": "23ms" },
            ],
        }))
    }));
    let clock = clock();
    let client = client(platform.address(), memory(&clock), &clock);
    let check = client.check_callback("main").await.unwrap();
    assert_eq!(check.dns[0].ip, "192.0.2.1");
    assert!(check.is_reachable());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_used_up_quota_rests_the_interface_and_a_bad_template_only_itself() {
    let platform = Platform::answering(with_a_token(|asked| match asked.path.as_str() {
        SEND => code(45009),
        _ => code(40037),
    }));
    let clock = clock();
    let client = client(platform.address(), memory(&clock), &clock);
    let error = client.send_text("main", OPENID, "您好").await.unwrap_err();
    assert_eq!(error.class(), Class::Config(ConfigReason::DailyQuota));
    let error = client.send_template("main", &notice()).await.unwrap_err();
    assert_eq!(error.class(), Class::Config(ConfigReason::Template));
    let circuits = client.circuits();
    let now = clock.now();
    assert!(!circuits.allows("main", Interface::CustomSend, None, now));
    assert!(!circuits.allows("main", Interface::TemplateSend, Some("template-1"), now));
    assert!(circuits.allows("main", Interface::TemplateSend, Some("template-2"), now));
    let tomorrow = now + TimeDelta::hours(15);
    assert!(circuits.allows("main", Interface::CustomSend, None, tomorrow));
}

// One thread, because a recorder of its own is a recorder of its thread.
#[tokio::test]
async fn every_request_is_counted_by_account_interface_and_class() {
    let recorder = metrics_exporter_prometheus::PrometheusBuilder::new().build_recorder();
    let figures = recorder.handle();
    let guard = metrics::set_default_local_recorder(&recorder);
    let error = send(|_| code(49999)).await.unwrap_err();
    drop(guard);
    assert_eq!(error.class(), Class::Data);
    let figures = figures.render();
    for line in [
        "lianxin_wechat_calls_total{account=\"main\",interface=\"stable_token\",class=\"ok\"} 1",
        "lianxin_wechat_calls_total{account=\"main\",interface=\"custom_send\",class=\"data\"} 1",
        "lianxin_wechat_unknown_codes_total{interface=\"custom_send\",code=\"49999\"} 1",
    ] {
        assert!(figures.contains(line), "{figures}");
    }
    assert!(!figures.contains(OPENID));
}
