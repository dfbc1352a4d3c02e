//! Notifications by subscription, robots of groups, and short messages, from outside.

use super::{STRANGER, Stage, WANG, errcode, progress};
use chrono::TimeDelta;
use lianxin::simulator::Message;
use serde_json::{Value, json};

const SUBSCRIPTION: &str = "SUB-progress";

fn filled(to: &str, template: &str, number: &str) -> Value {
    json!({
        "touser": to, "template_id": template,
        "data": {
            "character_string1": { "value": number },
            "const2": { "value": "已受理" },
            "thing3": { "value": "王庄村东头" },
        },
    })
}

async fn notify(stage: &Stage, to: &str, template: &str, number: &str) -> Value {
    stage.call("message/subscribe/bizsend", filled(to, template, number)).await
}

fn consent(accepted: bool, later: bool) -> Message {
    Message::Consent { template: SUBSCRIPTION.to_owned(), accepted, later }
}

#[tokio::test]
async fn only_who_said_yes_is_notified_follower_or_not_and_until_they_say_no() {
    let stage = Stage::plain();
    let platform = stage.simulator.platform();
    assert_eq!(errcode(&notify(&stage, WANG, SUBSCRIPTION, "LX1").await), 40037);
    let mut template = progress();
    SUBSCRIPTION.clone_into(&mut template.id);
    platform.grant_subscription(template);
    assert_eq!(errcode(&notify(&stage, WANG, SUBSCRIPTION, "LX1").await), 43101);
    platform.push(WANG, consent(true, false)).await.unwrap();
    platform.push(WANG, Message::Unfollow).await.unwrap();
    let pushed = stage.webhook.bodies().join("\n");
    for part in [
        "<Event><![CDATA[subscribe_msg_popup_event]]></Event><SubscribeMsgPopupEvent><List>",
        "<SubscribeStatusString><![CDATA[accept]]></SubscribeStatusString>",
    ] {
        assert!(pushed.contains(part), "{pushed}");
    }
    assert_eq!(errcode(&notify(&stage, WANG, SUBSCRIPTION, "编号").await), 47003);
    let sent = notify(&stage, WANG, SUBSCRIPTION, "LX1").await;
    assert_eq!(errcode(&sent), 0);
    assert_eq!(stage.notices().len(), 1);
    assert_eq!(platform.deliver_events().await, 1);
    let told = stage.webhook.bodies().pop().unwrap();
    assert!(told.contains("subscribe_msg_sent_event"), "{told}");
    let number = format!("<MsgID><![CDATA[{}]]></MsgID><ErrorCode><![CDATA[0]]>", sent["msgid"]);
    assert!(told.contains(&number), "{told}");
    // A template of notifications is none of messages, and nobody is notified by another's yes.
    let as_template = filled(WANG, SUBSCRIPTION, "LX1");
    assert_eq!(errcode(&stage.call("message/template/send", as_template).await), 40037);
    assert_eq!(errcode(&notify(&stage, STRANGER, SUBSCRIPTION, "LX1").await), 43101);
    assert_eq!(errcode(&notify(&stage, "oNobody", SUBSCRIPTION, "LX1").await), 40003);
    platform.push(WANG, consent(false, true)).await.unwrap();
    assert_eq!(errcode(&notify(&stage, WANG, SUBSCRIPTION, "LX1").await), 43101);
    let changed = stage.webhook.bodies().pop().unwrap();
    assert!(changed.contains("SubscribeMsgChangeEvent"), "{changed}");
}

async fn say(stage: &Stage, key: &str, text: &str) -> i64 {
    let body = json!({ "msgtype": "text", "text": { "content": text } });
    errcode(&stage.post(&format!("/cgi-bin/webhook/send?key={key}"), body).await)
}

#[tokio::test]
async fn a_robot_speaks_twenty_times_a_minute_and_not_at_all_once_it_is_gone() {
    let stage = Stage::plain();
    let platform = stage.simulator.platform();
    platform.found_group("王庄村工作群", "key-one");
    assert_eq!(say(&stage, "key-two", "您好").await, 93000);
    for n in 0..20 {
        assert_eq!(say(&stage, "key-one", &format!("第{n}条")).await, 0);
    }
    assert_eq!(say(&stage, "key-one", "第二十一条").await, 45009);
    stage.clock.advance(TimeDelta::seconds(60));
    assert_eq!(say(&stage, "key-one", "又能说了").await, 0);
    assert_eq!(say(&stage, "key-one", "").await, 44004);
    assert_eq!(say(&stage, "key-one", &"长".repeat(683)).await, 40058);
    let card = json!({ "msgtype": "card" });
    assert_eq!(errcode(&stage.post("/cgi-bin/webhook/send?key=key-one", card).await), 40008);
    assert_eq!(platform.group_chat("key-one").len(), 21);
    platform.remove_robot("key-one");
    assert_eq!(say(&stage, "key-one", "还在吗").await, 93000);
}

#[tokio::test]
async fn the_gateway_wants_its_token_and_tells_repeats() {
    let stage = Stage::plain();
    let http = lianxin::wechat::client::http().unwrap();
    let send = |token: &'static str, id: &'static str| {
        let body = json!({ "to": "19900000001", "text": "有新消息", "id": id });
        http.post(stage.url("/sms/send")).bearer_auth(token).json(&body).send()
    };
    assert_eq!(send("wrong", "1").await.unwrap().status().as_u16(), 401);
    for id in ["1", "1", "2"] {
        assert_eq!(send("simulated", id).await.unwrap().status().as_u16(), 200);
    }
    let texts = stage.simulator.platform().short_messages("19900000001");
    assert_eq!(texts, ["有新消息", "有新消息"]);
    let page = http.get(stage.url("/simulator-groups")).send().await.unwrap().text().await.unwrap();
    assert!(page.contains("19900000001：有新消息"), "{page}");
}
