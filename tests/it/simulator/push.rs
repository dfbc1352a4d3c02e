//! What reaches the webhook, and what the person is shown of its answer.

use super::{Order, STRANGER, Stage, WANG, reply};
use lianxin::{
    simulator::{Answer, Delivery, Message, NotPushed, Options, Said, Simulator},
    wechat::account::Mode,
};
use sha1::{Digest, Sha1};
use std::{collections::HashMap, fmt::Write, net::SocketAddr, sync::Arc, time::Duration};

fn text(words: &str) -> Message {
    Message::Text { text: words.to_owned() }
}

async fn push(stage: &Stage, message: Message) -> Delivery {
    stage.simulator.platform().push(WANG, message).await.unwrap()
}

fn signed(query: &HashMap<String, String>, more: &[&str]) -> String {
    let mut parts = vec!["TokenOfMain", query["timestamp"].as_str(), query["nonce"].as_str()];
    parts.extend(more);
    parts.sort_unstable();
    Sha1::digest(parts.concat()).iter().fold(String::new(), |mut hex, byte| {
        write!(hex, "{byte:02x}").unwrap();
        hex
    })
}

#[tokio::test]
async fn a_push_is_signed_and_answered_and_shown() {
    let stage = Stage::plain();
    stage.webhook.will_say(WANG, "收到");
    let delivery = push(&stage, text("路灯坏了")).await;
    assert_eq!(delivery.text().as_deref(), Some("收到"));
    let (query, body) = stage.webhook.received().remove(0);
    assert_eq!(query["signature"], signed(&query, &[]));
    assert_eq!(query["openid"], WANG);
    assert!(!query.contains_key("encrypt_type"));
    assert_eq!(body, delivery.xml);
    assert!(body.contains("<CreateTime>1772420400</CreateTime>"));
    let said: Vec<Said> =
        stage.simulator.platform().lines(WANG).into_iter().map(|line| line.said).collect();
    assert_eq!(
        said,
        [Said::Person(text("路灯坏了")), Said::Answer(Answer::Text("收到".to_owned()))]
    );
}

#[tokio::test]
async fn message_ids_count_up_beyond_what_a_float_holds() {
    let stage = Stage::plain();
    push(&stage, text("一")).await;
    push(&stage, text("二")).await;
    let bodies = stage.webhook.bodies();
    assert!(bodies[0].contains("<MsgId>25772420400000001</MsgId>"));
    assert!(bodies[1].contains("<MsgId>25772420400000002</MsgId>"));
}

#[tokio::test]
async fn safe_mode_shows_nothing_in_clear_and_takes_no_clear_answer() {
    let stage = Stage::set(Mode::Safe, Duration::from_secs(5));
    stage.webhook.will_say(WANG, "收到");
    let delivery = push(&stage, text("路灯坏了")).await;
    assert!(matches!(delivery.answers[..], [Answer::Malformed(_)]));
    let (query, body) = stage.webhook.received().remove(0);
    assert!(!body.contains("路灯") && !body.contains(WANG));
    let sealed = body.split("<Encrypt><![CDATA[").nth(1).unwrap().split(']').next().unwrap();
    assert_eq!(query["encrypt_type"], "aes");
    assert_eq!(query["msg_signature"], signed(&query, &[sealed]));
    assert_eq!(query["signature"], signed(&query, &[]));
    assert_eq!(push(&stage, text("在吗")).await.answers, [Answer::Silence]);
}

#[tokio::test]
async fn compat_mode_pushes_both_and_takes_a_clear_answer() {
    let stage = Stage::set(Mode::Compat, Duration::from_secs(5));
    stage.webhook.will_say(WANG, "收到");
    assert_eq!(push(&stage, text("路灯坏了")).await.text().as_deref(), Some("收到"));
    let body = stage.webhook.bodies().remove(0);
    assert!(body.contains("路灯坏了") && body.contains("<Encrypt>"));
    assert!(body.starts_with("<xml><ToUserName>") && body.ends_with("</Encrypt></xml>"));
}

#[tokio::test]
async fn a_push_that_fails_is_repeated_unchanged_and_the_answer_to_a_repeat_counts() {
    let stage = Stage::plain();
    stage.webhook.will(Order::Body(500, String::new()));
    stage.webhook.will(Order::Body(503, String::new()));
    stage.webhook.will_say(WANG, "收到");
    let delivery = push(&stage, text("在吗")).await;
    assert_eq!((delivery.posted, delivery.text().as_deref()), (3, Some("收到")));
    let received = stage.webhook.received();
    assert_eq!(received.len(), 3);
    assert!(received.windows(2).all(|pair| pair[0] == pair[1]));
}

#[tokio::test]
async fn a_webhook_that_never_answers_is_asked_three_times() {
    let stage = Stage::set(Mode::Plain, Duration::from_millis(50));
    for _ in 0..4 {
        stage.webhook.will(Order::Nothing);
    }
    let delivery = push(&stage, text("在吗")).await;
    assert_eq!((delivery.posted, &delivery.answers[..]), (3, &[Answer::Missing][..]));
    assert_eq!(stage.webhook.received().len(), 3);
    assert!(matches!(
        stage.simulator.platform().lines(WANG)[1].said,
        Said::Answer(Answer::Missing)
    ));
}

#[tokio::test]
async fn a_refusal_and_nonsense_are_not_repeated() {
    let stage = Stage::plain();
    stage.webhook.will(Order::Body(403, String::new()));
    assert_eq!(push(&stage, text("在吗")).await.answers, [Answer::Refused(403)]);
    stage.webhook.will(Order::Body(200, "{\"errcode\":0}".to_owned()));
    assert!(matches!(push(&stage, text("在吗")).await.answers[..], [Answer::Malformed(_)]));
    stage.webhook.will_say(STRANGER, "给别人的");
    assert!(matches!(push(&stage, text("在吗")).await.answers[..], [Answer::Malformed(_)]));
    assert_eq!(stage.webhook.received().len(), 3);
}

#[tokio::test]
async fn copies_of_one_push_are_identical_and_each_answer_is_kept() {
    let stage = Stage::plain();
    for answer in ["收到", "收到", "不同"] {
        stage.webhook.will_say(WANG, answer);
    }
    let platform = stage.simulator.platform();
    let delivery = platform.push_times(WANG, text("3"), 3).await.unwrap();
    assert_eq!((delivery.posted, delivery.answers.len()), (3, 3));
    assert!(!delivery.answers_agree());
    let received = stage.webhook.received();
    assert!(received.windows(2).all(|pair| pair[0] == pair[1]));
    let again = platform.push_times(WANG, text("3"), 2).await.unwrap();
    assert!(again.answers_agree());
    assert_eq!(platform.lines(WANG).len(), 3);
}

#[tokio::test]
async fn a_stranger_can_only_follow_and_a_scanned_code_follows() {
    let stage = Stage::plain();
    let platform = stage.simulator.platform();
    assert_eq!(platform.push(STRANGER, text("在吗")).await, Err(NotPushed::NotFollowing));
    assert_eq!(platform.push("oNobody", text("在吗")).await, Err(NotPushed::Nobody));
    let scan = Message::Scan { scene: "area:130699".to_owned() };
    let followed = platform.push(STRANGER, scan.clone()).await.unwrap();
    assert!(followed.xml.contains("<Event><![CDATA[subscribe]]></Event>"));
    assert!(followed.xml.contains("<![CDATA[qrscene_area:130699]]>"));
    let scanned = platform.push(STRANGER, scan).await.unwrap();
    assert!(scanned.xml.contains("<Event><![CDATA[SCAN]]></Event>"));
    assert!(scanned.xml.contains("<EventKey><![CDATA[area:130699]]></EventKey>"));
}

#[tokio::test]
async fn the_answer_to_an_unfollow_is_shown_to_nobody() {
    let stage = Stage::plain();
    stage.webhook.will(Order::Body(200, reply(WANG, "再见")));
    push(&stage, Message::Unfollow).await;
    assert_eq!(stage.simulator.platform().lines(WANG).len(), 1);
}

#[tokio::test]
async fn nobody_outside_this_machine_reaches_the_simulator() {
    let options = Options {
        listen: SocketAddr::from(([0, 0, 0, 0], 0)),
        ..Options::new(
            Arc::new(lianxin::clock::SystemClock),
            Arc::new(lianxin::ids::SeededIds::from_seed(1)),
        )
    };
    assert!(Simulator::start(options).is_err());
}

#[tokio::test]
async fn a_stopped_simulator_gives_its_port_back() {
    let clock = Arc::new(lianxin::clock::SystemClock);
    // An address of its own, so that no other test takes the port in between.
    let options = Options {
        listen: SocketAddr::from(([127, 0, 0, 77], 0)),
        ..Options::new(clock, Arc::new(lianxin::ids::SeededIds::from_seed(1)))
    };
    let first = Simulator::start(options.clone()).unwrap();
    let same = Options { listen: first.address(), ..options };
    assert!(Simulator::start(same.clone()).is_err());
    first.stop().await;
    assert_eq!(Simulator::start(same.clone()).unwrap().address(), same.listen);
}
