//! The page and the interface behind it.

use super::{Stage, WANG};
use lianxin::simulator::{Message, Said};
use serde_json::{Value, json};

async fn act(stage: &Stage, what: &str, body: Value) -> (u16, Value) {
    let request = stage.http.post(stage.url(&format!("/simulator/api/{what}"))).json(&body);
    let response = request.send().await.unwrap();
    (response.status().as_u16(), response.json().await.unwrap())
}

#[tokio::test]
async fn the_page_runs_no_script_but_its_own() {
    let stage = Stage::plain();
    for path in ["/simulator", "/simulator/", "/simulator/phones.js", "/simulator/phones.css"] {
        let response = stage.http.get(stage.url(path)).send().await.unwrap();
        assert_eq!(response.status(), 200, "{path}");
        let policy = response.headers()["content-security-policy"].to_str().unwrap().to_owned();
        assert!(policy.contains("default-src 'none'") && !policy.contains("unsafe"));
        let body = response.text().await.unwrap();
        assert!(!body.contains("innerHTML") && !body.contains("onclick="), "{path}");
    }
}

#[tokio::test]
async fn a_foreign_name_for_this_machine_is_not_answered() {
    let stage = Stage::plain();
    let request = stage.http.get(stage.url("/simulator/api/state")).header("host", "evil.example");
    assert_eq!(request.send().await.unwrap().status(), 404);
}

#[tokio::test]
async fn what_is_not_json_is_not_taken() {
    let stage = Stage::plain();
    let request = stage
        .http
        .post(stage.url("/simulator/api/say"))
        .header("content-type", "text/plain")
        .body(r#"{"person":"wang","text":"在吗"}"#);
    assert_eq!(request.send().await.unwrap().status(), 400);
    assert!(stage.webhook.received().is_empty());
}

#[tokio::test]
async fn every_act_of_a_phone_is_pushed() {
    let stage = Stage::plain();
    let place =
        json!({ "person": "wang", "label": "王庄村", "latitude": 38.9912, "longitude": 116.1034 });
    for (what, body, expected) in [
        ("say", json!({ "person": "wang", "text": "路灯坏了" }), "<Content><![CDATA[路灯坏了]]>"),
        ("choose", json!({ "person": "wang", "id": "7", "text": "满意" }), "<bizmsgmenuid>"),
        ("photo", json!({ "person": "wang" }), "<![CDATA[image]]>"),
        ("voice", json!({ "person": "wang", "text": "陆登不亮" }), "<Recognition>"),
        ("video", json!({ "person": "wang" }), "<ThumbMediaId>"),
        ("link", json!({ "person": "wang", "text": "停水通知" }), "<![CDATA[link]]>"),
        ("sticker", json!({ "person": "wang" }), "【收到不支持的消息类型，暂无法显示】"),
        ("file", json!({ "person": "wang", "text": "清单.xlsx" }), "<FileKey>"),
        ("location", place, "<Location_X>38.991200</Location_X>"),
        ("click", json!({ "person": "wang", "key": "MINE" }), "<![CDATA[CLICK]]>"),
        ("scan", json!({ "person": "wang", "scene": "area:1" }), "<![CDATA[SCAN]]>"),
        ("unfollow", json!({ "person": "wang" }), "<![CDATA[unsubscribe]]>"),
        ("follow", json!({ "person": "wang" }), "<![CDATA[subscribe]]>"),
    ] {
        let (code, answer) = act(&stage, what, body).await;
        assert_eq!((code, &answer["posted"]), (200, &json!(1)), "{what}");
        let pushed = stage.webhook.bodies().pop().unwrap();
        assert!(pushed.contains(expected), "{what}: {pushed}");
    }
}

#[tokio::test]
async fn a_wrong_act_is_explained_and_pushes_nothing() {
    let stage = Stage::plain();
    for (what, body) in [
        ("say", json!({ "person": "nobody", "text": "在吗" })),
        ("say", json!({ "person": "wang", "text": " " })),
        ("dance", json!({ "person": "wang" })),
        ("location", json!({ "person": "wang", "latitude": 99.0, "longitude": 1.0 })),
        ("say", json!({ "person": "xu", "text": "在吗" })),
        ("advance", json!({ "seconds": -1 })),
        ("fault", json!({ "fault": "flood" })),
        ("people", json!({ "name": "" })),
    ] {
        let (code, answer) = act(&stage, what, body).await;
        assert_eq!(code, 422, "{what}");
        assert!(!answer["problem"].as_str().unwrap().is_empty());
    }
    assert!(stage.webhook.received().is_empty());
}

#[tokio::test]
async fn the_page_is_told_only_what_it_does_not_know_yet() {
    let stage = Stage::plain();
    stage.webhook.will_say(WANG, "<b>收到</b>");
    act(&stage, "say", json!({ "person": "wang", "text": "路灯坏了" })).await;
    let shown = stage.get("/simulator/api/state").await;
    let wang = &shown["phones"][0];
    assert_eq!(wang["lines"][0]["side"], "person");
    assert_eq!(wang["lines"][1]["side"], "account");
    assert_eq!(wang["lines"][1]["text"], "<b>收到</b>");
    assert_eq!(shown["now"], "2026年3月2日 11:00:00");
    let again = stage.get(&format!("/simulator/api/state?changes={}", shown["changes"])).await;
    assert_eq!(again["phones"], Value::Null);
}

#[tokio::test]
async fn time_moves_and_people_arrive_and_faults_are_ordered() {
    let stage = Stage::plain();
    assert_eq!(act(&stage, "advance", json!({ "seconds": 3600 })).await.0, 200);
    assert_eq!(act(&stage, "people", json!({ "name": "李四" })).await.0, 200);
    let ordered = json!({ "fault": "code", "errcode": 45015, "times": 2 });
    assert_eq!(act(&stage, "fault", ordered).await.0, 200);
    let shown = stage.get("/simulator/api/state").await;
    assert_eq!(shown["now"], "2026年3月2日 12:00:00");
    assert_eq!(shown["faults"], 2);
    assert_eq!(shown["phones"][2]["name"], "李四");
    let li = stage.simulator.platform().openid_of("李四").unwrap();
    let hello = Message::Text { text: "您好".to_owned() };
    stage.simulator.platform().push(&li, hello.clone()).await.unwrap();
    assert_eq!(stage.simulator.platform().lines(&li)[0].said, Said::Person(hello));
    act(&stage, "fault", json!({ "fault": "none" })).await;
    assert_eq!(stage.get("/simulator/api/state").await["faults"], 0);
}
