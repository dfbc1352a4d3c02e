//! Customer-service messages that are more than text, and the sign that somebody types.

use super::*;
use crate::harness::platform::Platform;
use lianxin::wechat::{
    answer::Article,
    client::{Class, UserReason},
};

fn article() -> Article {
    Article {
        title: "怎么办".to_owned(),
        description: "带身份证".to_owned(),
        picture_url: String::new(),
        url: "https://civic.example/a?b=1&c=2".to_owned(),
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn pictures_voices_and_one_article_are_sent_as_the_platform_names_them() {
    let platform = Platform::answering(with_a_token(|_| done()));
    let clock = clock();
    let client = client(platform.address(), memory(&clock), &clock);
    client.send_image("main", OPENID, "m-1").await.unwrap();
    client.send_voice("main", OPENID, "m-2").await.unwrap();
    client.send_news("main", OPENID, &article()).await.unwrap();
    let asked: Vec<_> = platform.asked().into_iter().filter(|asked| asked.path == SEND).collect();
    let bodies: Vec<Value> = asked.into_iter().map(|asked| asked.body).collect();
    assert_eq!(
        bodies,
        [
            json!({ "touser": OPENID, "msgtype": "image", "image": { "media_id": "m-1" } }),
            json!({ "touser": OPENID, "msgtype": "voice", "voice": { "media_id": "m-2" } }),
            json!({ "touser": OPENID, "msgtype": "news", "news": { "articles": [{
                "title": "怎么办",
                "description": "带身份证",
                "url": "https://civic.example/a?b=1&c=2",
                "picurl": "",
            }] } }),
        ]
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn what_the_platform_refuses_is_the_persons_or_ours() {
    for (refusal, class) in [
        (45015, Class::User(UserReason::WindowClosed)),
        (45047, Class::User(UserReason::QuotaUsed)),
        (40007, Class::Data),
        (45008, Class::Data),
    ] {
        let platform = Platform::answering(with_a_token(move |_| code(refusal)));
        let clock = clock();
        let client = client(platform.address(), memory(&clock), &clock);
        let error = client.send_image("main", OPENID, "m-1").await.unwrap_err();
        assert_eq!(error.class(), class, "{refusal}");
        let error = client.send_news("main", OPENID, &article()).await.unwrap_err();
        assert_eq!(error.class(), class, "{refusal}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn typing_begins_and_ends() {
    let platform = Platform::answering(with_a_token(|_| done()));
    let clock = clock();
    let client = client(platform.address(), memory(&clock), &clock);
    for (is_typing, command) in [(true, "Typing"), (false, "CancelTyping")] {
        client.typing("main", OPENID, is_typing).await.unwrap();
        let asked = platform.asked().pop().unwrap();
        assert_eq!(asked.path, "/cgi-bin/message/custom/typing");
        assert_eq!(asked.body, json!({ "touser": OPENID, "command": command }));
    }
}
