//! More than text: what the platform takes as an answer and as a customer-service message, and its
//! own seats.

use super::{Order, Stage, WANG, errcode};
use lianxin::simulator::{Answer, Message, Notice, Said};
use serde_json::{Value, json};

fn text(words: &str) -> Message {
    Message::Text { text: words.to_owned() }
}

fn answer(kind: &str, content: &str) -> Order {
    let body = format!(
        "<xml><ToUserName>{WANG}</ToUserName><FromUserName>gh_main</FromUserName>\
         <CreateTime>1772420400</CreateTime><MsgType>{kind}</MsgType>{content}</xml>"
    );
    Order::Body(200, body)
}

async fn sends(stage: &Stage, body: Value) -> i64 {
    let token = stage.token().await;
    let path = format!("/cgi-bin/message/custom/send?access_token={token}");
    errcode(&stage.post(&path, body).await)
}

#[tokio::test]
async fn messages_of_other_kinds_are_taken_by_the_published_limits() {
    let stage = Stage::plain();
    let platform = stage.simulator.platform();
    platform.push(WANG, text("在")).await.unwrap();
    let message =
        |kind: &str, content: Value| json!({ "touser": WANG, "msgtype": kind, kind: content });
    let article = json!({ "title": "怎么办", "description": "看", "url": "https://a.example/", "picurl": "" });
    for (body, expected) in [
        (message("image", json!({})), 41006),
        (message("image", json!({ "media_id": "strange" })), 40007),
        (message("voice", json!({ "media_id": "strange" })), 40007),
        (message("news", json!({})), 44003),
        (message("news", json!({ "articles": [] })), 44003),
        (message("news", json!({ "articles": article.clone() })), 45162),
        (message("news", json!({ "articles": [article.clone(), article.clone()] })), 45008),
        (message("news", json!({ "articles": [article.clone()] })), 0),
        (message("poem", json!({})), 40008),
    ] {
        assert_eq!(sends(&stage, body.clone()).await, expected, "{body}");
    }
    let last = platform.lines(WANG).pop().unwrap();
    assert!(matches!(last.said, Said::Notice(Notice::News(_))), "{last:?}");
}

#[tokio::test]
async fn an_answer_shows_only_what_the_platform_has() {
    let stage = Stage::plain();
    let platform = stage.simulator.platform();
    for (kind, name) in [("image", "Image"), ("voice", "Voice")] {
        for content in [String::new(), format!("<{name}><MediaId>strange</MediaId></{name}>")] {
            stage.webhook.will(answer(kind, &content));
            let delivery = platform.push(WANG, text("看图")).await.unwrap();
            assert!(matches!(delivery.answers[0], Answer::Malformed(_)), "{delivery:?}");
        }
    }
}

#[tokio::test]
async fn who_is_handed_over_talks_with_a_seat_until_it_is_done_or_half_an_hour_passes() {
    let stage = Stage::plain();
    let platform = stage.simulator.platform();
    let seat = "kf2001@demo";
    assert!(platform.seat_takes(WANG, seat).await.is_err());
    let info = "<TransInfo><KfAccount>kf2001@demo</KfAccount></TransInfo>";
    stage.webhook.will(answer("transfer_customer_service", info));
    let delivery = platform.push(WANG, text("人工")).await.unwrap();
    assert_eq!(delivery.answers, [Answer::Transfer(Some(seat.to_owned()))]);
    // Nobody took them yet: the account still hears them.
    assert_eq!(platform.push(WANG, text("在吗")).await.unwrap().posted, 1);
    assert!(!platform.seat_says(WANG, "您好"));
    assert!(platform.seat_takes(WANG, "kf2002@demo").await.is_err());
    let begun = platform.seat_takes(WANG, seat).await.unwrap();
    assert!(begun.xml.contains("kf_create_session") && begun.xml.contains(seat), "{}", begun.xml);
    assert_eq!(platform.push(WANG, text("路灯坏了")).await.unwrap().posted, 0);
    assert!(platform.seat_says(WANG, "您好"));
    let switched = platform.seat_takes(WANG, "kf2002@demo").await.unwrap();
    assert!(switched.xml.contains("kf_switch_session") && switched.xml.contains("ToKfAccount"));
    stage.clock.advance(chrono::TimeDelta::minutes(31));
    assert_eq!(platform.push(WANG, text("还在吗")).await.unwrap().posted, 1);
    assert!(platform.seat_closes(WANG).await.is_err());
    stage.webhook.will(answer("transfer_customer_service", ""));
    platform.push(WANG, text("人工")).await.unwrap();
    platform.seat_takes(WANG, seat).await.unwrap();
    let closed = platform.seat_closes(WANG).await.unwrap();
    assert!(closed.xml.contains("kf_close_session"), "{}", closed.xml);
    assert_eq!(platform.push(WANG, text("谢谢")).await.unwrap().posted, 1);
}
