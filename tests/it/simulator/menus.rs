//! Menus, tags and codes at the pretended platform: its published limits, with its codes.

use super::{STRANGER, Stage, WANG, errcode};
use lianxin::simulator::Message;
use serde_json::{Value, json};

fn click(name: &str) -> Value {
    json!({ "type": "click", "name": name, "key": "REPORT" })
}

fn below(count: usize) -> Value {
    json!({ "name": "更多", "sub_button": vec![click("说"); count] })
}

async fn tag(stage: &Stage, name: &str) -> u64 {
    let made = stage.call("tags/create", json!({ "tag": { "name": name } })).await;
    made["tag"]["id"].as_u64().unwrap()
}

async fn tagged(stage: &Stage, tag: u64, openids: &[&str]) -> i64 {
    let body = json!({ "openid_list": openids, "tagid": tag });
    errcode(&stage.call("tags/members/batchtagging", body).await)
}

async fn get(stage: &Stage, path: &str) -> Value {
    let token = stage.token().await;
    stage.get(&format!("/cgi-bin/{path}?access_token={token}")).await
}

async fn seen_by(stage: &Stage, openid: &str) -> Value {
    stage.call("menu/trymatch", json!({ "user_id": openid })).await
}

#[tokio::test]
async fn a_menu_beyond_a_limit_is_refused_with_the_code_of_that_limit() {
    let stage = Stage::plain();
    let url = |length: usize| format!("https://a.example/{}", "x".repeat(length));
    let view = |url: &str| json!({ "type": "view", "name": "看", "url": url });
    let to = |host: &str| view(&format!("https://{host}.example/"));
    for (buttons, expected) in [
        (json!(null), 40015),
        (json!([]), 40016),
        (json!([click("一"), click("二"), click("三"), click("四")]), 40016),
        (json!([{ "type": "dance", "name": "舞", "key": "X" }]), 40017),
        (json!([click("六个字的名字")]), 40018),
        (json!([{ "type": "click", "name": "说", "key": "x".repeat(129) }]), 40019),
        (json!([view(&url(1024))]), 40020),
        (json!([below(6)]), 40023),
        (json!([{ "name": "更多", "sub_button": [below(1)] }]), 40023),
        (json!([{ "name": "更多", "sub_button": [{ "type": "dance", "name": "舞" }] }]), 40024),
        (json!([{ "name": "更多", "sub_button": [click(&"x".repeat(61))] }]), 40025),
        (json!([{ "name": "更多", "sub_button": [{ "type": "click", "name": "说" }] }]), 40026),
        (json!([{ "name": "更多", "sub_button": [view("")] }]), 40027),
        (json!([view("ftp://a.example")]), 40055),
        (json!([{ "name": "说" }]), 65308),
        (
            json!([{ "name": "去", "sub_button": [to("a"), to("b"), to("c"), to("d"), to("e")] }]),
            65316,
        ),
    ] {
        let answer = stage.call("menu/create", json!({ "button": buttons })).await;
        assert_eq!(errcode(&answer), expected, "{buttons}");
    }
    assert_eq!(errcode(&get(&stage, "menu/get").await), 46003);
    let good = json!({ "button": [click("说"), click("我"), below(5)] });
    assert_eq!(errcode(&stage.call("menu/create", good).await), 0);
    let got = get(&stage, "menu/get").await;
    assert_eq!(got["menu"]["button"][0]["sub_button"], json!([]));
    assert_eq!(errcode(&get(&stage, "menu/create").await), 43002);
    assert_eq!(errcode(&stage.call("menu/get", json!({})).await), 43001);
}

#[tokio::test]
async fn escapes_in_the_body_are_refused() {
    let stage = Stage::plain();
    let token = stage.token().await;
    let url = stage.url(&format!("/cgi-bin/menu/create?access_token={token}"));
    let body = r#"{"button":[{"type":"click","name":"\u8bf4","key":"REPORT"}]}"#;
    let answer = stage.http.post(url).body(body).send().await.unwrap();
    assert_eq!(errcode(&answer.json().await.unwrap()), 40033);
}

#[tokio::test]
async fn the_newest_menu_that_fits_somebodys_last_tag_is_the_one_they_see() {
    let stage = Stage::plain();
    let (member, head) = (tag(&stage, "党员").await, tag(&stage, "网格长").await);
    let add = async |tag: u64, name: &str| {
        let body = json!({ "button": [click(name)], "matchrule": { "tag_id": tag.to_string() } });
        stage.call("menu/addconditional", body).await
    };
    assert_eq!(errcode(&add(member, "早").await), 65303);
    assert_eq!(errcode(&seen_by(&stage, WANG).await), 65303);
    stage.call("menu/create", json!({ "button": [click("众")] })).await;
    for (rule, expected) in [
        (json!({}), 65304),
        (json!({ "client_platform_type": "1" }), 65304),
        (json!({ "tag_id": member, "sex": "1" }), 65320),
        (json!({ "tag_id": 99 }), 45159),
    ] {
        let body = json!({ "button": [click("说")], "matchrule": rule });
        assert_eq!(errcode(&stage.call("menu/addconditional", body).await), expected, "{rule}");
    }
    let name = async |openid: &str| seen_by(&stage, openid).await["button"][0]["name"].clone();
    add(member, "旧").await;
    let newer = add(member, "新").await;
    add(head, "长").await;
    assert_eq!(name(WANG).await, "众");
    assert_eq!(tagged(&stage, member, &[WANG]).await, 0);
    assert_eq!(name(WANG).await, "新");
    assert_eq!(tagged(&stage, head, &[WANG]).await, 0);
    assert_eq!(name(WANG).await, "长");
    assert_eq!(tagged(&stage, member, &[WANG]).await, 0);
    assert_eq!(name(WANG).await, "新");
    let drop = json!({ "menuid": newer["menuid"] });
    assert_eq!(errcode(&stage.call("menu/delconditional", drop.clone()).await), 0);
    assert_eq!(errcode(&stage.call("menu/delconditional", drop).await), 65301);
    assert_eq!(name(WANG).await, "旧");
    assert_eq!(errcode(&seen_by(&stage, STRANGER).await), 65302);
    assert_eq!(errcode(&get(&stage, "menu/delete").await), 0);
    assert_eq!(errcode(&get(&stage, "menu/get").await), 46003);
}

#[tokio::test]
async fn menus_for_some_are_added_two_thousand_times_a_day() {
    let stage = Stage::plain();
    let member = tag(&stage, "党员").await;
    stage.call("menu/create", json!({ "button": [click("众")] })).await;
    let token = stage.token().await;
    let path = format!("/cgi-bin/menu/addconditional?access_token={token}");
    let body = json!({ "button": [click("说")], "matchrule": { "tag_id": member } });
    for _ in 0..2_000 {
        assert!(stage.post(&path, body.clone()).await["menuid"].is_string());
    }
    assert_eq!(errcode(&stage.post(&path, body.clone()).await), 45009);
    stage.clock.advance(chrono::TimeDelta::hours(24));
    assert!(stage.call("menu/addconditional", body).await["menuid"].is_string());
}

#[tokio::test]
async fn tags_have_limits_too_and_who_leaves_loses_them() {
    let stage = Stage::plain();
    let named = |name: &str| json!({ "tag": { "name": name } });
    let member = tag(&stage, "党员").await;
    assert!(member >= 100);
    assert_eq!(errcode(&stage.call("tags/create", named("党员")).await), 45157);
    assert_eq!(errcode(&stage.call("tags/create", named("")).await), 45157);
    assert_eq!(errcode(&stage.call("tags/create", named(&"长".repeat(11))).await), 45158);
    for (body, expected) in [
        (json!({ "tag": { "id": 2, "name": "改" } }), 45058),
        (json!({ "tag": { "id": 999, "name": "改" } }), 45159),
    ] {
        assert_eq!(errcode(&stage.call("tags/update", body).await), expected);
    }
    assert_eq!(tagged(&stage, 2, &[WANG]).await, 45159);
    assert_eq!(tagged(&stage, member, &[]).await, 40032);
    assert_eq!(tagged(&stage, member, &[WANG; 51]).await, 40032);
    assert_eq!(tagged(&stage, member, &[WANG, STRANGER]).await, 40003);
    let of_wang = json!({ "openid": WANG });
    assert_eq!(stage.call("tags/getidlist", of_wang.clone()).await["tagid_list"], json!([]));
    assert_eq!(tagged(&stage, member, &[WANG]).await, 0);
    assert_eq!(tagged(&stage, member, &[WANG]).await, 0);
    let had = stage.call("tags/getidlist", of_wang.clone()).await;
    assert_eq!(had["tagid_list"], json!([member]));
    for number in 1..20 {
        let more = tag(&stage, &format!("第{number}个")).await;
        assert_eq!(tagged(&stage, more, &[WANG]).await, 0);
    }
    let twenty_first = tag(&stage, "第二十一").await;
    assert_eq!(tagged(&stage, twenty_first, &[WANG]).await, 45059);
    for number in 22..=100 {
        tag(&stage, &format!("第{number}个")).await;
    }
    assert_eq!(errcode(&stage.call("tags/create", named("太多")).await), 45056);
    let platform = stage.simulator.platform();
    platform.push(WANG, Message::Unfollow).await.unwrap();
    platform.push(WANG, Message::Follow { scene: None }).await.unwrap();
    assert_eq!(stage.call("tags/getidlist", of_wang).await["tagid_list"], json!([]));
}

#[tokio::test]
async fn a_code_is_made_once_for_its_scene_shown_as_a_picture_and_scanned_by_any_phone() {
    let stage = Stage::plain();
    let made = |name: &str, scene: Value| json!({ "action_name": name, "action_info": { "scene": scene } });
    for (body, expected) in [
        (made("QR_FOREVER", json!({ "scene_str": "a" })), 40052),
        (made("QR_LIMIT_STR_SCENE", json!({ "scene_str": "" })), 40053),
        (made("QR_LIMIT_STR_SCENE", json!({ "scene_str": "x".repeat(65) })), 40053),
        (made("QR_LIMIT_SCENE", json!({ "scene_id": 100_001 })), 40053),
        (made("QR_SCENE", json!({ "scene_id": 0 })), 40053),
    ] {
        assert_eq!(errcode(&stage.call("qrcode/create", body).await), expected);
    }
    let wanted = made("QR_LIMIT_STR_SCENE", json!({ "scene_str": "area:130699" }));
    let code = stage.call("qrcode/create", wanted.clone()).await;
    assert_eq!(stage.call("qrcode/create", wanted).await, code);
    let (ticket, url) = (code["ticket"].as_str().unwrap(), code["url"].as_str().unwrap());

    let escaped = url::form_urlencoded::byte_serialize(ticket.as_bytes()).collect::<String>();
    let picture = stage.url(&format!("/cgi-bin/showqrcode?ticket={escaped}"));
    let picture = stage.http.get(picture).send().await.unwrap();
    assert_eq!(picture.headers()["content-type"], "image/jpg");
    assert_eq!(crate::area_codes::codes_in(&picture.bytes().await.unwrap()), [url]);

    // Somebody who does not follow yet holds the phone in front of it.
    let act = json!({ "person": "xu", "scene": url });
    stage.post("/simulator/api/scan", act).await;
    let body = stage.webhook.bodies().pop().unwrap();
    assert!(body.contains("subscribe") && body.contains("qrscene_area:130699"), "{body}");
    stage.post("/simulator/api/scan", json!({ "person": "wang", "scene": url })).await;
    let body = stage.webhook.bodies().pop().unwrap();
    assert!(body.contains("SCAN") && body.contains("[area:130699]"), "{body}");
}
