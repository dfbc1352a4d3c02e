//! Menus, tags and codes: what is sent, what a good answer becomes, and what a code means.

use super::*;
use crate::harness::platform::Platform;
use lianxin::wechat::client::{Class, ClientError, ConfigReason, SentButton, UserReason};

const MENU_GET: &str = "/cgi-bin/menu/get";

/// A platform that answers one path so, and a client of it.
fn told(path: &'static str, answer: Value) -> (Platform, Client) {
    let platform = Platform::answering(with_a_token(move |asked| {
        assert_eq!(asked.path, path);
        assert_eq!(asked.token.as_deref(), Some("t1"));
        Answer::Json(answer.clone())
    }));
    let clock = clock();
    let client = client(platform.address(), memory(&clock), &clock);
    (platform, client)
}

/// The body of the last call.
fn sent(platform: &Platform) -> Value {
    platform.asked().last().unwrap().body.clone()
}

fn report() -> SentButton {
    SentButton {
        name: "我要反映".to_owned(),
        kind: "click".to_owned(),
        key: "REPORT".to_owned(),
        ..SentButton::default()
    }
}

fn more() -> SentButton {
    SentButton {
        name: "更多".to_owned(),
        sub_button: vec![SentButton {
            name: "看".to_owned(),
            kind: "view".to_owned(),
            url: "https://lianxin.example/m/mine".to_owned(),
            ..SentButton::default()
        }],
        ..SentButton::default()
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn an_account_without_a_menu_has_none_and_that_is_no_error() {
    for code in [46002, 46003] {
        let (_platform, client) =
            told(MENU_GET, json!({ "errcode": code, "errmsg": "menu no exist" }));
        let menus = client.menus("main").await.unwrap();
        assert!(menus.default.is_none() && menus.conditional.is_empty(), "{code}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn menus_are_read_as_the_platform_writes_them_and_the_oldest_comes_first() {
    let button =
        json!([{ "type": "click", "name": "我要反映", "key": "REPORT", "sub_button": [] }]);
    let (_platform, client) = told(
        MENU_GET,
        json!({
            "menu": { "button": button, "menuid": 208_396_938 },
            "conditionalmenu": [
                { "button": button, "matchrule": { "group_id": 101 }, "menuid": 208_396_993 },
                { "button": [], "matchrule": { "tag_id": "100" }, "menuid": "208396940" },
                { "button": [], "matchrule": { "client_platform_type": 1 }, "menuid": 208_396_950 },
            ],
        }),
    );
    let menus = client.menus("main").await.unwrap();
    assert_eq!(menus.default, Some(vec![report()]));
    let seen: Vec<_> = menus.conditional.iter().map(|menu| (menu.id.as_str(), menu.tag)).collect();
    assert_eq!(seen, [("208396940", Some(100)), ("208396950", None), ("208396993", Some(101))]);
}

#[tokio::test(flavor = "multi_thread")]
async fn buttons_are_sent_with_their_signs_and_without_empty_fields() {
    let (platform, client) = told("/cgi-bin/menu/create", json!({ "errcode": 0, "errmsg": "ok" }));
    client.set_menu("main", &[report(), more()]).await.unwrap();
    assert_eq!(
        sent(&platform),
        json!({ "button": [
            { "type": "click", "name": "我要反映", "key": "REPORT" },
            { "name": "更多", "sub_button": [
                { "type": "view", "name": "看", "url": "https://lianxin.example/m/mine" },
            ] },
        ] })
    );
    let raw = platform.asked().last().unwrap().raw.clone();
    assert!(raw.contains("我要反映") && !raw.contains("\\u"), "{raw}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_menu_for_a_tag_is_added_and_dropped_by_its_number() {
    let (platform, client) = told("/cgi-bin/menu/addconditional", json!({ "menuid": "208379533" }));
    assert_eq!(client.add_menu("main", 100, &[report()]).await.unwrap(), "208379533");
    assert_eq!(sent(&platform)["matchrule"], json!({ "tag_id": "100" }));
    let (platform, client) =
        told("/cgi-bin/menu/delconditional", json!({ "errcode": 0, "errmsg": "ok" }));
    client.drop_menu("main", "208379533").await.unwrap();
    assert_eq!(sent(&platform), json!({ "menuid": "208379533" }));
    let (platform, client) = told("/cgi-bin/menu/delete", json!({ "errcode": 0, "errmsg": "ok" }));
    client.drop_all_menus("main").await.unwrap();
    assert_eq!(platform.asked().last().unwrap().raw, "");
}

#[tokio::test(flavor = "multi_thread")]
async fn which_menu_somebody_sees_is_told_in_either_form() {
    let button =
        json!([{ "type": "click", "name": "我要反映", "key": "REPORT", "sub_button": [] }]);
    for answer in [json!({ "button": button }), json!({ "menu": { "button": button } })] {
        let (platform, client) = told("/cgi-bin/menu/trymatch", answer);
        assert_eq!(client.menu_of("main", OPENID).await.unwrap(), [report()]);
        assert_eq!(sent(&platform), json!({ "user_id": OPENID }));
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn tags_are_listed_made_put_on_and_taken_off() {
    let tags = json!({ "tags": [{ "id": 2, "name": "星标组", "count": 0 }, { "id": 100, "name": "党员", "count": 7 }] });
    let (_platform, client) = told("/cgi-bin/tags/get", tags);
    let listed = client.tags("main").await.unwrap();
    assert_eq!((listed[1].id, &*listed[1].name, listed[1].count), (100, "党员", 7));

    let (platform, client) =
        told("/cgi-bin/tags/create", json!({ "tag": { "id": 134, "name": "党员" } }));
    assert_eq!(client.create_tag("main", "党员").await.unwrap().id, 134);
    assert_eq!(sent(&platform), json!({ "tag": { "name": "党员" } }));

    let openids = [OPENID.to_owned()];
    let good = json!({ "errcode": 0, "errmsg": "ok" });
    let (platform, client) = told("/cgi-bin/tags/members/batchtagging", good.clone());
    client.tag("main", 134, &openids).await.unwrap();
    assert_eq!(sent(&platform), json!({ "openid_list": [OPENID], "tagid": 134 }));
    let (platform, client) = told("/cgi-bin/tags/members/batchuntagging", good);
    client.untag("main", 134, &openids).await.unwrap();
    assert_eq!(sent(&platform), json!({ "openid_list": [OPENID], "tagid": 134 }));

    let (platform, client) = told("/cgi-bin/tags/getidlist", json!({ "tagid_list": [134, 2] }));
    assert_eq!(client.tags_of("main", OPENID).await.unwrap(), [134, 2]);
    assert_eq!(sent(&platform), json!({ "openid": OPENID }));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_code_for_good_carries_its_scene() {
    let answer =
        json!({ "ticket": "gQH47joAAA==", "url": "http://weixin.qq.com/q/kZgfwMTm72WWPkovabbI" });
    let (platform, client) = told("/cgi-bin/qrcode/create", answer);
    let code = client.create_code("main", "area:130699201201").await.unwrap();
    assert_eq!(code.url, "http://weixin.qq.com/q/kZgfwMTm72WWPkovabbI");
    assert_eq!(code.ticket, "gQH47joAAA==");
    assert_eq!(
        sent(&platform),
        json!({
            "action_name": "QR_LIMIT_STR_SCENE",
            "action_info": { "scene": { "scene_str": "area:130699201201" } },
        })
    );
}

async fn refused(code: i64) -> [ClientError; 3] {
    let platform = Platform::answering(with_a_token(move |_| super::code(code)));
    let clock = clock();
    let client = client(platform.address(), memory(&clock), &clock);
    [
        client.add_menu("main", 100, &[report()]).await.unwrap_err(),
        client.tag("main", 100, &[OPENID.to_owned()]).await.unwrap_err(),
        client.create_code("main", "area:1").await.unwrap_err(),
    ]
}

#[tokio::test(flavor = "multi_thread")]
async fn every_code_of_menus_tags_and_codes_is_judged_by_the_table() {
    for code in (40015..=40027)
        .chain([40033, 40052, 40053, 40054, 40055, 40031, 40032])
        .chain([45056, 45057, 45058, 45059, 45157, 45158, 45159])
        .chain([40152, 65301, 65302, 65304, 65305, 65307, 65308])
        .chain((65310..=65317).chain([65320]))
    {
        for error in refused(code).await {
            assert_eq!(error.class(), Class::Data, "{code}");
            assert!(!shown(&error).contains("王大娘"), "{}", shown(&error));
        }
    }
    for (code, reason) in [
        (45064, ConfigReason::Account),
        (65303, ConfigReason::Account),
        (65306, ConfigReason::Permission),
        (65309, ConfigReason::Permission),
        (48001, ConfigReason::Permission),
        (89504, ConfigReason::Permission),
        (89505, ConfigReason::Permission),
        (45009, ConfigReason::DailyQuota),
    ] {
        for error in refused(code).await {
            assert_eq!(error.class(), Class::Config(reason), "{code}");
        }
    }
    for error in refused(49003).await {
        assert_eq!(error.class(), Class::User(UserReason::Unreachable));
    }
}
