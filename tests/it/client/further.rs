//! Notifications by subscription, robots of groups and short messages: what is sent, what a good
//! answer becomes, and what an error becomes.

use super::*;
use crate::harness::platform::Platform;
use lianxin::wechat::client::{
    Class, ConfigReason, Groups, Notification, Sms, SmsError, UserReason,
};
use uuid::Uuid;

const BIZSEND: &str = "/cgi-bin/message/subscribe/bizsend";
const ROBOT: &str = "/cgi-bin/webhook/send";
const KEY: &str = "693a91f6-7xxx-4bc4-97a0-0ec2sifa5aaa";

fn answer(code: i64) -> Answer {
    Answer::Json(json!({ "errcode": code, "errmsg": "as ordered" }))
}

async fn notify(
    rule: impl Fn(&Asked) -> Answer + Send + Sync + 'static,
) -> (Result<Option<i64>, lianxin::wechat::client::ClientError>, Vec<Asked>) {
    let platform = Platform::answering(with_a_token(rule));
    let clock = clock();
    let client = client(platform.address(), memory(&clock), &clock);
    let notification = Notification {
        page: Some("https://lianxin.example/m/t/LX260302123456".to_owned()),
        openid: OPENID.to_owned(),
        template_id: "SUB-1".to_owned(),
        fields: vec![("thing2".to_owned(), "路灯水电".to_owned())],
    };
    let sent = client.send_notification("main", &notification).await;
    (sent, platform.asked())
}

#[tokio::test(flavor = "multi_thread")]
async fn a_notification_carries_its_fields_and_comes_back_with_a_number_or_without() {
    let (sent, asked) =
        notify(|_| Answer::Json(json!({ "errcode": 0, "msgid": 1_i64 << 60 }))).await;
    assert_eq!(sent.unwrap(), Some(1_i64 << 60));
    let asked = asked.iter().find(|asked| asked.path == BIZSEND).unwrap();
    assert_eq!(asked.token.as_deref(), Some("t1"));
    assert_eq!(
        asked.body,
        json!({
            "touser": OPENID,
            "template_id": "SUB-1",
            "page": "https://lianxin.example/m/t/LX260302123456",
            "data": { "thing2": { "value": "路灯水电" } },
        })
    );
    let (sent, _) = notify(|_| answer(0)).await;
    assert_eq!(sent.unwrap(), None);
}

#[tokio::test(flavor = "multi_thread")]
async fn who_did_not_subscribe_is_told_from_a_template_that_is_gone() {
    for (code, class) in [
        (43101, Class::User(UserReason::Refused)),
        (40003, Class::User(UserReason::Unreachable)),
        (40037, Class::Config(ConfigReason::Template)),
        (47003, Class::Data),
        (-1, Class::Retry { after: None }),
    ] {
        let (sent, _) = notify(move |asked| match asked.path.as_str() {
            BIZSEND => answer(code),
            _ => answer(0),
        })
        .await;
        assert_eq!(sent.unwrap_err().class(), class, "{code}");
    }
}

async fn say(code: i64) -> (Result<(), lianxin::wechat::client::ClientError>, Vec<Asked>) {
    let platform = Platform::answering(move |_| answer(code));
    let http = http_within(Duration::from_secs(2), Duration::from_secs(5)).unwrap();
    let groups = Groups::new(http, platform.address());
    let said = groups.say(&Secret::new(KEY), "有新任务").await;
    (said, platform.asked())
}

#[tokio::test(flavor = "multi_thread")]
async fn a_robot_speaks_with_its_key_and_needs_no_token() {
    let (said, asked) = say(0).await;
    said.unwrap();
    assert_eq!(asked.len(), 1);
    assert_eq!((asked[0].path.as_str(), &asked[0].token), (ROBOT, &None));
    let body = json!({ "msgtype": "text", "text": { "content": "有新任务" } });
    assert_eq!(asked[0].body, body);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_robot_that_says_too_much_rests_a_minute_and_one_that_is_gone_is_no_robot() {
    for (code, class) in [
        (45009, Class::Retry { after: Some(60) }),
        (93000, Class::Config(ConfigReason::Account)),
        (40058, Class::Data),
        (44004, Class::Data),
        (40008, Class::Data),
    ] {
        let error = say(code).await.0.unwrap_err();
        assert_eq!(error.class(), class, "{code}");
        let shown = format!("{error} {error:?}");
        assert!(!shown.contains(KEY), "{shown}");
    }
}

async fn text(status: u16) -> (Result<(), SmsError>, Vec<Asked>) {
    let platform = Platform::answering(move |_| Answer::Text(status, String::new()));
    let http = http_within(Duration::from_secs(2), Duration::from_secs(5)).unwrap();
    let address = platform.address().join("send").unwrap();
    let sms = Sms::new(http, address, Some(Secret::new("bearer")));
    let sent = sms.send("19900000001", "有新消息", Uuid::from_u128(7)).await;
    (sent, platform.asked())
}

#[tokio::test(flavor = "multi_thread")]
async fn a_short_message_names_whom_what_and_which() {
    let (sent, asked) = text(202).await;
    sent.unwrap();
    let body = json!({
        "to": "19900000001",
        "text": "有新消息",
        "id": "00000000000000000000000000000007",
    });
    assert_eq!(asked[0].body, body);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_a_gateway_may_have_taken_is_told_from_what_it_refused() {
    assert!(matches!(text(401).await.0, Err(SmsError::Refused(401))));
    assert!(matches!(text(502).await.0, Err(SmsError::Unknown(_))));
    let nobody = std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
    let http = http_within(Duration::from_secs(2), Duration::from_secs(5)).unwrap();
    let address = Url::parse(&format!("http://{nobody}/send?secret=1")).unwrap();
    let error = Sms::new(http, address, None).send("1", "2", Uuid::nil()).await.unwrap_err();
    assert!(matches!(error, SmsError::NotSent(_)));
    let source = std::error::Error::source(&error).unwrap().to_string();
    assert!(!source.contains("secret"), "{source}");
}
