//! The platform's half and the service's half of the protocol, written apart, agree.

use super::{Order, Stage, WANG};
use lianxin::{
    simulator::Message,
    wechat::{
        account::{Mode, Secret},
        answer::{self, Answer},
        envelope::{self, AesKey},
        push::{self, Body, Event},
        signature::{self, Query},
    },
};
use std::{collections::HashMap, time::Duration};

const KEY: &str = "abcdefghijklmnopqrstuvwxyz0123456789ABCDEFG";

fn as_the_service_reads(query: &HashMap<String, String>) -> Query {
    let part = |name: &str| query.get(name).cloned();
    Query {
        signature: query["signature"].clone(),
        timestamp: query["timestamp"].clone(),
        nonce: query["nonce"].clone(),
        msg_signature: part("msg_signature"),
        ..Query::default()
    }
}

/// Whether a push was understood as what was done.
type Understood = fn(&Body) -> bool;

#[tokio::test]
async fn the_service_opens_and_understands_whatever_the_platform_seals() {
    let stage = Stage::set(Mode::Safe, Duration::from_secs(5));
    let tokens = [Secret::new("TokenOfMain")];
    let key = AesKey::parse(KEY).unwrap();
    let expectations: [(Message, Understood); 8] = [
        (
            Message::Text { text: "a]]>b<&".repeat(20) },
            |body| matches!(body, Body::Text { content, .. } if *content == "a]]>b<&".repeat(20)),
        ),
        (Message::Sticker, |body| matches!(body, Body::Unsupported)),
        (Message::Photo, |body| matches!(body, Body::Image { .. })),
        (
            Message::Voice { recognition: Some("陆登".to_owned()) },
            |body| matches!(body, Body::Voice { recognition: Some(heard), .. } if heard == "陆登"),
        ),
        (
            Message::Location {
                latitude: 38.9912,
                longitude: 116.1034,
                label: "王庄村".to_owned(),
            },
            |body| matches!(body, Body::Location(at) if at.latitude < at.longitude),
        ),
        (
            Message::Scan { scene: "area:1".to_owned() },
            |body| matches!(body, Body::Event(Event::Scan { scene: Some(scene), .. }) if scene == "area:1"),
        ),
        (
            Message::Follow { scene: Some("area:1".to_owned()) },
            |body| matches!(body, Body::Event(Event::Subscribe { scene: Some(s), .. }) if s == "area:1"),
        ),
        (Message::Unfollow, |body| matches!(body, Body::Event(Event::Unsubscribe))),
    ];
    for (message, expected) in expectations {
        let delivery = stage.simulator.platform().push(WANG, message).await.unwrap();
        let (query, body) = stage.webhook.received().pop().unwrap();
        let query = as_the_service_reads(&query);
        let sealed = envelope::sealed_parts(body.as_bytes()).unwrap();
        signature::verify(&tokens, &query).unwrap();
        signature::verify_message(&tokens, &query, &sealed.encrypt).unwrap();
        let clear = envelope::open(&key, "wx_main", &sealed.encrypt).unwrap();
        assert_eq!(clear, delivery.xml);
        let push = push::parse(&clear).unwrap();
        assert_eq!((push.to.as_str(), push.from.as_str()), ("gh_main", WANG));
        assert!(expected(&push.body), "{:?}", push.body);
    }
}

#[tokio::test]
async fn the_platform_opens_and_shows_whatever_the_service_seals() {
    let stage = Stage::set(Mode::Safe, Duration::from_secs(5));
    let key = AesKey::parse(KEY).unwrap();
    let now = chrono::DateTime::from_timestamp(1_772_420_400, 0).unwrap();
    for text in ["收到", "a]]>b<&amp;\n第二行", &"长".repeat(666)] {
        let clear = answer::to_xml(&Answer::Text(text.to_owned()), WANG, "gh_main", now);
        let sealed = envelope::seal(&key, "wx_main", [3; 16], &clear);
        let token = Secret::new("TokenOfMain");
        stage.webhook.will(Order::Body(200, envelope::reply(&token, &sealed, 1_772_420_400, "n")));
        let platform = stage.simulator.platform();
        let delivery =
            platform.push(WANG, Message::Text { text: "在吗".to_owned() }).await.unwrap();
        assert_eq!(delivery.text().as_deref(), Some(text));
    }
}
