//! The platform's pages: who opens a link, the exchange of codes, the script that uses the phone.

use super::{Stage, WANG, errcode};
use chrono::TimeDelta;
use serde_json::Value;

const BACK: &str = "http%3A%2F%2F127.0.0.1%2Fm%2Fin";

/// What the page that asks answers to somebody with this phone: status and where it leads.
async fn asks(stage: &Stage, phone: &str, query: &str) -> (u16, String) {
    let http = lianxin::wechat::client::http().unwrap();
    let address = stage.url(&format!("/connect/oauth2/authorize?{query}"));
    let answer = http.get(address).header("cookie", format!("phone={phone}")).send().await.unwrap();
    let location = answer.headers().get("location").map(|to| to.to_str().unwrap().to_owned());
    let status = answer.status().as_u16();
    (status, location.unwrap_or(answer.text().await.unwrap()))
}

fn good() -> String {
    format!("appid=wx_main&redirect_uri={BACK}&response_type=code&scope=snsapi_base&state=s1")
}

async fn a_code(stage: &Stage) -> String {
    stage.simulator.platform().set_web_domain("main", "127.0.0.1");
    let (status, to) = asks(stage, "wang", &good()).await;
    assert_eq!(status, 302, "{to}");
    let (_, rest) = to.split_once("http://127.0.0.1/m/in?code=").unwrap();
    rest.strip_suffix("&state=s1").unwrap().to_owned()
}

async fn exchange(stage: &Stage, secret: &str, code: &str) -> Value {
    let query = format!("appid=wx_main&secret={secret}&code={code}&grant_type=authorization_code");
    stage.get(&format!("/sns/oauth2/access_token?{query}")).await
}

#[tokio::test]
async fn a_page_of_another_domain_or_in_another_order_is_not_served() {
    let stage = Stage::plain();
    assert!(asks(&stage, "wang", &good()).await.1.contains("10003"), "no domain is set");
    a_code(&stage).await;
    let swapped =
        format!("redirect_uri={BACK}&appid=wx_main&response_type=code&scope=snsapi_base&state=s1");
    assert!(asks(&stage, "wang", &swapped).await.1.contains("参数错误"));
    assert!(asks(&stage, "wang", &good().replace("s1", "s_1")).await.1.contains("参数错误"));
    assert!(asks(&stage, "wang", &good().replace("wx_main", "wx_no")).await.1.contains("10013"));
    assert!(
        asks(&stage, "wang", &good().replace("127.0.0.1", "x.example")).await.1.contains("10003")
    );
    assert!(asks(&stage, "nobody", &good()).await.1.contains("请在微信客户端打开链接"));
}

#[tokio::test]
async fn a_code_is_good_once_for_its_account_and_for_five_minutes() {
    let stage = Stage::plain();
    let code = a_code(&stage).await;
    assert_eq!(errcode(&exchange(&stage, "wrong", &code).await), 40125);
    assert_eq!(errcode(&exchange(&stage, "secret", "nobodys").await), 40029);
    assert_eq!(errcode(&exchange(&stage, "secret", "").await), 41008);
    let known = exchange(&stage, "secret", &code).await;
    assert_eq!(known["openid"], WANG);
    assert!(known.get("is_snapshotuser").is_none());
    assert_eq!(errcode(&exchange(&stage, "secret", &code).await), 40163);
    let late = a_code(&stage).await;
    stage.clock.advance(TimeDelta::minutes(5));
    assert_eq!(errcode(&exchange(&stage, "secret", &late).await), 42003);
}

#[tokio::test]
async fn a_snapshot_s_openid_is_no_person_s() {
    let stage = Stage::plain();
    stage.simulator.platform().set_snapshots(WANG, true);
    let code = a_code(&stage).await;
    let known = exchange(&stage, "secret", &code).await;
    assert_eq!(known["is_snapshotuser"], 1);
    assert_ne!(known["openid"], WANG);
}

#[tokio::test]
async fn a_page_uses_the_phone_only_with_the_right_signature() {
    let stage = Stage::plain();
    let token = stage.token().await;
    let path = |kind: &str| format!("/cgi-bin/ticket/getticket?access_token={token}&type={kind}");
    assert_eq!(errcode(&stage.get("/cgi-bin/ticket/getticket?type=jsapi").await), 41001);
    assert_eq!(errcode(&stage.get(&path("other")).await), 40035);
    let given = stage.get(&path("jsapi")).await;
    assert_eq!(given["expires_in"], 7200);
    let ticket = given["ticket"].as_str().unwrap();
    let page = "http://127.0.0.1/m/task/LX1?a=main";
    let signature = lianxin::wechat::page::signature(ticket, "n", 1_772_420_400, page);
    let check = async |app: &str, signature: &str, url: &str| {
        let query = url::form_urlencoded::Serializer::new(String::new())
            .extend_pairs([("app", app), ("timestamp", "1772420400"), ("nonce", "n")])
            .extend_pairs([("signature", signature), ("url", url)])
            .finish();
        stage.get(&format!("/open/js/check?{query}")).await["errMsg"] == "config:ok"
    };
    assert!(check("wx_main", &signature, page).await);
    assert!(!check("wx_other", &signature, page).await);
    assert!(!check("wx_main", "0", page).await);
    assert!(!check("wx_main", &signature, "http://127.0.0.1/m/task/LX1").await);
    stage.clock.advance(TimeDelta::seconds(7200));
    assert!(!check("wx_main", &signature, page).await);
}
