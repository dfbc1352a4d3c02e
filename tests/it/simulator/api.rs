//! What the platform's interface accepts and refuses.

use super::{STRANGER, Stage, TEMPLATE, WANG, credential, errcode};
use chrono::TimeDelta;
use lianxin::simulator::{Fault, Message};
use serde_json::{Value, json};
use std::time::Duration;

fn text(words: &str) -> Message {
    Message::Text { text: words.to_owned() }
}

fn card(data: &Value, client_id: &str) -> Value {
    json!({
        "touser": WANG, "template_id": TEMPLATE, "url": "http://127.0.0.1/m/1",
        "client_msg_id": client_id, "data": data,
    })
}

fn good_data() -> Value {
    json!({
        "first": { "value": "您好" },
        "character_string1": { "value": "LX261122482173" },
        "const2": { "value": "已受理" },
        "thing3": { "value": "王庄村东头" },
    })
}

#[tokio::test]
async fn a_token_needs_the_right_appid_and_secret() {
    let stage = Stage::plain();
    for (body, expected) in [
        (credential("wx_other", "secret"), 40013),
        (credential("wx_main", "wrong"), 40125),
        (credential("", "secret"), 41002),
        (credential("wx_main", ""), 41004),
        (json!({ "grant_type": "?", "appid": "wx_main", "secret": "secret" }), 40002),
    ] {
        assert_eq!(errcode(&stage.post("/cgi-bin/stable_token", body).await), expected);
    }
    let plain = "/cgi-bin/token?grant_type=client_credential&appid=wx_main&secret=";
    assert_eq!(errcode(&stage.get(&format!("{plain}wrong")).await), 40125);
    assert_eq!(stage.get(&format!("{plain}secret")).await["expires_in"], 7200);
}

#[tokio::test]
async fn a_token_is_missing_or_strange_or_superseded_or_expired() {
    let stage = Stage::plain();
    let with = |token: &str| format!("/cgi-bin/getcallbackip?access_token={token}");
    assert_eq!(errcode(&stage.get("/cgi-bin/getcallbackip").await), 41001);
    assert_eq!(errcode(&stage.get(&with("strange")).await), 40014);
    let old = stage.token().await;
    assert_eq!(stage.get(&with(&old)).await["ip_list"], json!(["127.0.0.1"]));
    let mut force = credential("wx_main", "secret");
    force["force_refresh"] = json!(true);
    stage.post("/cgi-bin/stable_token", force).await;
    let refused = stage.get(&with(&old)).await;
    assert_eq!(errcode(&refused), 40001);
    assert!(refused["errmsg"].as_str().unwrap().contains("rid: "));
    let current = stage.token().await;
    stage.clock.advance(TimeDelta::seconds(7200));
    assert_eq!(errcode(&stage.get(&with(&current)).await), 42001);
}

#[tokio::test]
async fn a_token_that_a_stranger_replaced_is_dead_and_the_next_one_works() {
    let stage = Stage::plain();
    let mine = stage.token().await;
    stage.simulator.platform().fault(Fault::Token, 1);
    let path = format!("/cgi-bin/getcallbackip?access_token={mine}");
    assert_eq!(errcode(&stage.get(&path).await), 40001);
    assert_ne!(stage.token().await, mine);
}

#[tokio::test]
async fn five_texts_in_48_hours_after_a_message() {
    let stage = Stage::plain();
    assert_eq!(stage.say(WANG, "早").await, 45015);
    stage.simulator.platform().push(WANG, text("路灯坏了")).await.unwrap();
    for n in 0..5 {
        assert_eq!(stage.say(WANG, &format!("第{n}条")).await, 0);
    }
    assert_eq!(stage.say(WANG, "第六条").await, 45047);
    assert_eq!(stage.notices().len(), 5);
    stage.simulator.platform().push(WANG, text("还在吗")).await.unwrap();
    stage.clock.advance(TimeDelta::hours(48));
    assert_eq!(stage.say(WANG, "晚了").await, 45015);
}

#[tokio::test]
async fn three_texts_in_a_minute_after_a_tap_and_none_after_opening_a_page() {
    let stage = Stage::plain();
    let platform = stage.simulator.platform();
    let page = Message::View { url: "http://127.0.0.1/m".to_owned() };
    platform.push(WANG, page).await.unwrap();
    assert_eq!(stage.say(WANG, "一").await, 45015);
    for tap in [
        Message::Click { key: "REPORT".to_owned() },
        Message::Scan { scene: "area:1".to_owned() },
        Message::MenuChoice { id: "1".to_owned(), text: "满意".to_owned() },
    ] {
        stage.clock.advance(TimeDelta::minutes(2));
        platform.push(WANG, tap).await.unwrap();
        for _ in 0..3 {
            assert_eq!(stage.say(WANG, "好").await, 0);
        }
        assert_eq!(stage.say(WANG, "好").await, 45047);
        stage.clock.advance(TimeDelta::minutes(1));
        assert_eq!(stage.say(WANG, "好").await, 45015);
    }
}

#[tokio::test]
async fn a_text_is_neither_empty_nor_too_long_nor_to_a_stranger() {
    let stage = Stage::plain();
    stage.simulator.platform().push(WANG, text("在吗")).await.unwrap();
    assert_eq!(stage.say(WANG, "").await, 44004);
    assert_eq!(stage.say(WANG, &"a".repeat(2049)).await, 45002);
    assert_eq!(stage.say(WANG, &"a".repeat(2048)).await, 0);
    assert_eq!(stage.say("oNobody", "在").await, 40003);
    assert_eq!(stage.say(STRANGER, "在").await, 45015);
    let poem = json!({ "touser": WANG, "msgtype": "poem" });
    assert_eq!(errcode(&stage.call("message/custom/send", poem).await), 40008);
    assert_eq!(errcode(&stage.call("message/custom/send", json!([])).await), 47001);
}

#[tokio::test]
async fn who_unfollowed_is_written_to_no_more() {
    let stage = Stage::plain();
    let platform = stage.simulator.platform();
    platform.push(WANG, text("在吗")).await.unwrap();
    platform.push(WANG, Message::Unfollow).await.unwrap();
    assert_eq!(stage.say(WANG, "在").await, 45015);
    let refused = stage.call("message/template/send", card(&good_data(), "1")).await;
    assert_eq!(errcode(&refused), 43004);
}

#[tokio::test]
async fn a_menu_shows_its_entries() {
    let stage = Stage::plain();
    stage.simulator.platform().push(WANG, text("在吗")).await.unwrap();
    let menu = |list: Value| {
        json!({ "touser": WANG, "msgtype": "msgmenu", "msgmenu": {
            "head_content": "办好了吗？", "list": list, "tail_content": "谢谢" } })
    };
    let list = json!([{ "id": "1", "content": "办好了" }, { "id": "2", "content": "没有" }]);
    assert_eq!(errcode(&stage.call("message/custom/send", menu(list)).await), 0);
    assert_eq!(stage.notices(), ["办好了吗？\n办好了\n没有\n谢谢"]);
    assert_eq!(errcode(&stage.call("message/custom/send", menu(json!([]))).await), 44004);
}

#[tokio::test]
async fn the_typing_sign_shows_soon_after_the_person_wrote() {
    let stage = Stage::plain();
    let typing = |command: &str| json!({ "touser": WANG, "command": command });
    let call =
        async |command: &str| errcode(&stage.call("message/custom/typing", typing(command)).await);
    assert_eq!(call("Typing").await, 45080);
    stage.simulator.platform().push(WANG, text("在吗")).await.unwrap();
    assert_eq!(call("Typing").await, 0);
    assert_eq!(call("Typing").await, 45081);
    assert_eq!(call("CancelTyping").await, 0);
    assert_eq!(call("Dance").await, 45072);
}

#[tokio::test]
async fn a_template_message_reads_as_title_and_fields_and_is_confirmed() {
    let stage = Stage::plain();
    let sent = stage.call("message/template/send", card(&good_data(), "1")).await;
    assert_eq!(errcode(&sent), 0);
    assert_eq!(
        stage.notices(),
        ["诉求进度提醒\n诉求编号：LX261122482173\n办理状态：已受理\n地点：王庄村东头"]
    );
    assert_eq!(stage.simulator.platform().deliver_events().await, 1);
    let event = stage.webhook.bodies().pop().unwrap();
    let message_id = sent["msgid"].as_u64().unwrap();
    assert!(event.contains("<Event><![CDATA[TEMPLATESENDJOBFINISH]]></Event>"));
    assert!(event.contains(&format!("<MsgID>{message_id}</MsgID>")));
    assert!(event.contains("<Status><![CDATA[success]]></Status>"));
}

#[tokio::test]
async fn a_template_refuses_what_its_fields_do_not_take_and_names_the_field() {
    let stage = Stage::plain();
    for (key, value) in [
        ("character_string1", "编号一"),
        ("const2", "办理中"),
        ("thing3", &"长".repeat(21)),
        ("thing3", ""),
        ("thing3", "一\n二"),
    ] {
        let mut data = good_data();
        data[key]["value"] = json!(value);
        let refused = stage.call("message/template/send", card(&data, "")).await;
        assert_eq!(errcode(&refused), 47003);
        assert!(refused["errmsg"].as_str().unwrap().contains(&format!("data.{key}.value")));
    }
    let mut unknown = card(&good_data(), "");
    unknown["template_id"] = json!("TEMPLATE-other");
    assert_eq!(errcode(&stage.call("message/template/send", unknown).await), 40037);
    assert!(stage.notices().is_empty());
}

#[tokio::test]
async fn the_same_client_id_sends_once_in_ten_minutes() {
    let stage = Stage::plain();
    let send = async || stage.call("message/template/send", card(&good_data(), "row-1")).await;
    let first = send().await;
    stage.clock.advance(TimeDelta::seconds(599));
    assert_eq!(send().await["msgid"], first["msgid"]);
    assert_eq!(stage.notices().len(), 1);
    stage.clock.advance(TimeDelta::seconds(1));
    assert_ne!(send().await["msgid"], first["msgid"]);
    assert_eq!(stage.notices().len(), 2);
}

#[tokio::test]
async fn a_blocked_or_failed_delivery_is_accepted_first_and_reported_later() {
    let stage = Stage::plain();
    let platform = stage.simulator.platform();
    platform.set_blocked(WANG, true);
    assert_eq!(errcode(&stage.call("message/template/send", card(&good_data(), "1")).await), 0);
    platform.set_blocked(WANG, false);
    platform.fault(Fault::SystemFailed, 1);
    assert_eq!(errcode(&stage.call("message/template/send", card(&good_data(), "2")).await), 0);
    platform.fault(Fault::EventLost, 1);
    assert_eq!(errcode(&stage.call("message/template/send", card(&good_data(), "3")).await), 0);
    assert_eq!(platform.deliver_events().await, 2);
    let events = stage.webhook.bodies();
    assert!(events[0].contains("<Status><![CDATA[failed:user block]]></Status>"));
    assert!(events[1].contains("<Status><![CDATA[failed: system failed]]></Status>"));
    assert_eq!(stage.notices().len(), 1);
}

#[tokio::test]
async fn a_fault_happens_as_often_as_it_was_ordered() {
    let stage = Stage::plain();
    let platform = stage.simulator.platform();
    platform.push(WANG, text("在吗")).await.unwrap();
    platform.fault(Fault::Code(45009), 2);
    assert_eq!(stage.say(WANG, "一").await, 45009);
    assert_eq!(errcode(&stage.call("message/template/send", card(&good_data(), "")).await), 45009);
    assert_eq!(stage.say(WANG, "一").await, 0);
    assert_eq!(stage.notices(), ["一"]);
}

#[tokio::test]
async fn an_answer_can_be_lost_although_the_message_was_accepted() {
    let stage = Stage::plain();
    let platform = stage.simulator.platform();
    let path = format!("/cgi-bin/message/template/send?access_token={}", stage.token().await);
    let send = async |client_id: &str| {
        let request = stage.http.post(stage.url(&path)).json(&card(&good_data(), client_id));
        request.timeout(Duration::from_millis(300)).send().await?.json::<Value>().await
    };
    platform.fault(Fault::Cut, 1);
    assert!(send("1").await.is_err());
    platform.fault(Fault::Silence, 1);
    assert!(send("2").await.unwrap_err().is_timeout());
    assert_eq!(stage.notices().len(), 2);
    platform.fault(Fault::Html, 1);
    assert!(send("3").await.unwrap_err().is_decode());
    assert_eq!(stage.notices().len(), 2);
    platform.fault(Fault::Slow(Duration::from_millis(10)), 1);
    assert_eq!(errcode(&send("4").await.unwrap()), 0);
}

#[tokio::test]
async fn the_rest_of_the_interface_tells_what_it_knows() {
    let stage = Stage::plain();
    let token = stage.token().await;
    let at = |path: &str| format!("/cgi-bin/{path}access_token={token}");
    let list = stage.get(&at("template/get_all_private_template?")).await;
    assert_eq!(
        list["template_list"][0]["content"],
        "诉求编号:{{character_string1.DATA}}\n办理状态:{{const2.DATA}}\n地点:{{thing3.DATA}}"
    );
    assert_eq!(stage.get(&at("get_api_domain_ip?")).await["ip_list"][0], "127.0.0.1");
    let check = json!({ "action": "all", "check_operator": "DEFAULT" });
    assert_eq!(stage.post(&at("callback/check?"), check).await["dns"][0]["ip"], "127.0.0.1");
    let info = stage.get(&at(&format!("user/info?openid={WANG}&"))).await;
    assert_eq!((&info["subscribe"], &info["openid"]), (&json!(1), &json!(WANG)));
    let info = stage.get(&at(&format!("user/info?openid={STRANGER}&"))).await;
    assert_eq!(info["subscribe"], 0);
    assert_eq!(errcode(&stage.get(&at("user/info?openid=oNobody&")).await), 40003);
    assert_eq!(errcode(&stage.get(&at("message/custom/send?")).await), 43002);
    assert_eq!(errcode(&stage.post(&at("user/info?"), json!({})).await), 43001);
    assert_eq!(errcode(&stage.get(&at("no/such/thing?")).await), 40066);
}

#[tokio::test]
async fn a_photo_can_be_fetched_for_three_days() {
    let stage = Stage::plain();
    let delivery = stage.simulator.platform().push(WANG, Message::Photo).await.unwrap();
    let media_id = delivery.xml.split("<MediaId><![CDATA[").nth(1).unwrap();
    let media_id = media_id.split(']').next().unwrap();
    let fetch = async || {
        let token = stage.token().await;
        let path = format!("/cgi-bin/media/get?access_token={token}&media_id={media_id}");
        let response = stage.http.get(stage.url(&path)).send().await.unwrap();
        response.headers()["content-type"].to_str().unwrap().to_owned()
    };
    assert_eq!(fetch().await, "image/jpeg");
    stage.clock.advance(TimeDelta::days(3));
    assert!(fetch().await.starts_with("text/plain"));
}
