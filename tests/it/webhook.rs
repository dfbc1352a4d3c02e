//! The webhook over real HTTP: every refusal with its status, every mode, the echo, and answers
//! that open again.

use crate::harness::{
    empty_sqlite,
    site::{APP_ID, KEY, ORIGINAL_ID, TOKEN, TestSite, account, sealed, signed, text},
    sqlite,
};
use lianxin::{
    county,
    ids::RandomIds,
    wechat::{
        account::{Account, Mode, Secret},
        answer,
        envelope::{self, AesKey},
        signature::{self, sign},
    },
};
use reqwest::Method;
use std::{
    io::{Read, Write},
    net::TcpStream,
};

const OTHER_KEY: &str = "GFEDCBA9876543210zyxwvutsrqponmlkjihgfedcba";

/// The text in a sealed answer, opened as the platform opens it.
fn unsealed(account: &Account, body: &str) -> String {
    let (sealed, query) = envelope::read_reply(body.as_bytes()).expect(body);
    signature::verify_message(&account.tokens, &query, &sealed.encrypt).unwrap();
    envelope::open_any(&account.aes_keys, APP_ID, &sealed.encrypt).unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn the_platform_gets_its_word_back_byte_for_byte() {
    let database = sqlite().await;
    let site = TestSite::serving(account(Mode::Safe), &database.store);
    let word = "4375120948345356249+/= \n<b>&amp;连";
    let escaped: String = url::form_urlencoded::byte_serialize(word.as_bytes()).collect();
    let path = format!("/wechat/main?{}&echostr={escaped}", signed(TOKEN));
    let response = site.send(Method::GET, &path, "").await;
    assert_eq!(response.status(), 200);
    assert_eq!(response.headers()["content-type"], "text/plain; charset=utf-8");
    assert_eq!(response.headers()["x-content-type-options"], "nosniff");
    assert_eq!(response.text().await.unwrap(), word);
}

#[tokio::test(flavor = "multi_thread")]
async fn nobody_else_registers_the_address() {
    let database = sqlite().await;
    let site = TestSite::serving(account(Mode::Safe), &database.store);
    let good = signed(TOKEN);
    for (path, status) in [
        ("/wechat/main?echostr=1".to_owned(), 403),
        (format!("/wechat/main?{}&echostr=1", signed("another")), 403),
        (format!("/wechat/main?{good}&signature=0&echostr=1"), 403),
        (format!("/wechat/main?{}&echostr=1", good.replace("n0nce", "n1nce")), 403),
        (format!("/wechat/main?{good}"), 400),
        (format!("/wechat/other?{good}&echostr=1"), 404),
        (format!("/wechat/MAIN?{good}&echostr=1"), 404),
    ] {
        assert_eq!(site.get(&path).await, (status, String::new()), "{path}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn in_safe_mode_every_push_that_is_not_the_platforms_is_refused() {
    let database = sqlite().await;
    let site = TestSite::serving(account(Mode::Safe), &database.store);
    let hello = text("o-resident", 1, "你好");
    let (query, body) = sealed(TOKEN, KEY, APP_ID, &hello);
    let clear = signed(TOKEN);
    let with = |message: &str| sealed(TOKEN, KEY, APP_ID, message);
    let unsigned = query.split("&msg_signature").next().unwrap().to_owned();
    let wrong = format!("{unsigned}&msg_signature={}", sign(&[TOKEN, "1", "2", "3"]));
    let (other_token, other_body) = sealed("another", KEY, APP_ID, &hello);
    let (key_query, key_body) = sealed(TOKEN, OTHER_KEY, APP_ID, &hello);
    let (app_query, app_body) = sealed(TOKEN, KEY, "wx9999999999999999", &hello);
    let (to_query, to_body) = with(&hello.replace(ORIGINAL_ID, "gh_stranger"));
    let (bad_query, bad_body) = with("<xml><ToUserName>");
    let (from_query, from_body) = with(&hello.replace("FromUserName", "From"));
    let broken = body.replace("</Encrypt>", "AAAA</Encrypt>");
    let cases = [
        ("no signature", String::new(), body.clone(), 403),
        ("another's signature", other_token, other_body, 403),
        ("no message signature", unsigned, body.clone(), 403),
        ("a wrong message signature", wrong, body.clone(), 403),
        ("a sealed text that was changed", query.clone(), broken, 403),
        ("a clear body", clear.clone(), hello.clone(), 403),
        ("a clear body that calls itself sealed", query.clone(), hello.clone(), 403),
        ("a clear body that calls itself raw", format!("{clear}&encrypt_type=raw"), hello, 403),
        ("nothing", query.clone(), String::new(), 400),
        ("no XML", query.clone(), "{\"Encrypt\":\"\"}".to_owned(), 400),
        ("another key", key_query, key_body, 400),
        ("another app id", app_query, app_body, 403),
        ("another account's push", to_query, to_body, 403),
        ("a push that is cut off", bad_query, bad_body, 400),
        ("a push from nobody", from_query, from_body, 400),
        ("too much", query.clone(), " ".repeat(64 * 1024 + 1), 413),
    ];
    for (what, query, body, status) in cases {
        assert_eq!(site.push(&query, body).await, (status, String::new()), "{what}");
    }
    let path = format!("/wechat/other?{query}");
    assert_eq!(site.send(Method::POST, &path, body.clone()).await.status(), 404);
    let path = format!("/wechat/main?{query}");
    assert_eq!(site.send(Method::PUT, &path, body.clone()).await.status(), 405);
    // Nothing of all this left a trace: the very first push is still the first.
    assert_eq!(site.push(&query, body).await.0, 200);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_long_body_of_unknown_length_is_refused_too() {
    let database = sqlite().await;
    let site = TestSite::serving(account(Mode::Plain), &database.store);
    let mut stream = TcpStream::connect(site.host()).unwrap();
    let head = format!(
        "POST /wechat/main?{} HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n",
        signed(TOKEN)
    );
    stream.write_all(head.as_bytes()).unwrap();
    let chunk = format!("400\r\n{}\r\n", " ".repeat(0x400));
    for _ in 0..65 {
        stream.write_all(chunk.as_bytes()).unwrap();
    }
    let mut answer = [0; 12];
    stream.read_exact(&mut answer).unwrap();
    assert_eq!(&answer, b"HTTP/1.1 413");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_sealed_answer_is_signed_opens_again_and_is_the_same_for_a_repeat() {
    let database = sqlite().await;
    let account = account(Mode::Safe);
    let site = TestSite::serving(account.clone(), &database.store);
    let (query, body) = sealed(TOKEN, KEY, APP_ID, &text("o-resident", 1, "你好"));
    let (status, first) = site.push(&query, body.clone()).await;
    assert_eq!(status, 200);
    let (_, again) = site.push(&query, body).await;
    assert_ne!(first, again, "two sealed texts are never the same");
    let (first, again) = (unsealed(&account, &first), unsealed(&account, &again));
    assert!(!answer::read_reply(&first).unwrap().is_empty());
    assert_eq!(first, again);
    assert!(first.contains("<ToUserName><![CDATA[o-resident]]>"), "{first}");
    assert!(first.contains(&format!("<FromUserName><![CDATA[{ORIGINAL_ID}]]>")), "{first}");
}

#[tokio::test(flavor = "multi_thread")]
async fn while_secrets_are_rotated_the_older_ones_are_good_and_are_answered_in_kind() {
    let database = sqlite().await;
    let mut rotating = account(Mode::Safe);
    rotating.tokens.insert(0, Secret::new("newToken"));
    rotating.aes_keys.insert(0, AesKey::parse(OTHER_KEY).unwrap());
    let site = TestSite::serving(rotating, &database.store);
    let mut newer = account(Mode::Safe);
    newer.tokens = vec![Secret::new("newToken")];
    newer.aes_keys = vec![AesKey::parse(OTHER_KEY).unwrap()];
    for (id, token, key, knows) in
        [(1, TOKEN, KEY, account(Mode::Safe)), (2, "newToken", OTHER_KEY, newer)]
    {
        let (query, body) = sealed(token, key, APP_ID, &text("o-resident", id, "你好"));
        let (status, answered) = site.push(&query, body).await;
        assert_eq!(status, 200, "{token}");
        assert!(answer::read_reply(&unsealed(&knows, &answered)).is_some());
        let echo = format!("/wechat/main?{}&echostr=7", signed(token));
        assert_eq!(site.get(&echo).await, (200, "7".to_owned()), "{token}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn in_compat_mode_only_the_sealed_part_counts() {
    let database = sqlite().await;
    let account = account(Mode::Compat);
    let site = TestSite::serving(account.clone(), &database.store);
    let (query, body) = sealed(TOKEN, KEY, APP_ID, &text("o-resident", 1, "你好"));
    let forged = text("o-forged", 2, "接单").replace("</xml>", "");
    let both = body.replace("<xml>", &forged);
    let (status, answered) = site.push(&query, both).await;
    assert_eq!(status, 200);
    let answered = unsealed(&account, &answered);
    assert!(answered.contains("o-resident") && !answered.contains("o-forged"), "{answered}");
    let clear = text("o-forged", 3, "接单");
    assert_eq!(site.push(&signed(TOKEN), clear).await, (403, String::new()));
}

#[tokio::test(flavor = "multi_thread")]
async fn in_plain_mode_a_clear_push_is_answered_clearly_and_a_sealed_one_refused() {
    let database = sqlite().await;
    let site = TestSite::serving(account(Mode::Plain), &database.store);
    let hello = text("o-resident", 1, "你好");
    for query in [signed(TOKEN), format!("{}&encrypt_type=raw", signed(TOKEN))] {
        let (status, answered) = site.push(&query, hello.clone()).await;
        assert_eq!(status, 200);
        assert!(!answer::read_reply(&answered).unwrap().is_empty());
    }
    let (query, body) = sealed(TOKEN, KEY, APP_ID, &hello);
    assert_eq!(site.push(&query, body.clone()).await, (400, String::new()));
    assert_eq!(site.push(&signed(TOKEN), body).await, (400, String::new()));
    assert_eq!(site.push(&query, hello.clone()).await, (400, String::new()));
    let stranger = hello.replace(ORIGINAL_ID, "gh_stranger");
    assert_eq!(site.push(&signed(TOKEN), stranger).await, (403, String::new()));
    assert_eq!(site.push("", hello).await, (403, String::new()));
}

#[tokio::test(flavor = "multi_thread")]
async fn an_event_that_nobody_knows_is_taken_and_answered_with_success() {
    let database = sqlite().await;
    let site = TestSite::serving(account(Mode::Safe), &database.store);
    let event = text("o-resident", 1, "x")
        .replace("[text]", "[event]")
        .replace("</xml>", "<Event><![CDATA[invented_in_2027]]></Event></xml>");
    let (query, body) = sealed(TOKEN, KEY, APP_ID, &event);
    assert_eq!(site.push(&query, body).await, (200, "success".to_owned()));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_push_that_cannot_be_stored_is_left_to_come_again() {
    let database = sqlite().await;
    let site = TestSite::serving(account(Mode::Plain), &database.store);
    site.app.store.clone().close().await.unwrap();
    let hello = text("o-resident", 1, "你好");
    assert_eq!(site.push(&signed(TOKEN), hello).await, (500, String::new()));
    assert_eq!(site.get("/health/live").await.0, 200);
    assert_eq!(site.get("/health/ready").await.0, 503);
}

#[tokio::test(flavor = "multi_thread")]
async fn an_instance_is_ready_once_its_migrations_are_done() {
    let database = empty_sqlite().await;
    let site = TestSite::serving(account(Mode::Safe), &database.store);
    let (status, body) = site.get("/health/ready").await;
    assert_eq!(status, 503);
    assert!(body.contains("pending"), "{body}");
    database.store.migrate_up().await.unwrap();
    assert_eq!(site.get("/health/ready").await.0, 200);
}

#[tokio::test(flavor = "multi_thread")]
async fn the_privacy_notice_names_the_county_and_keeps_to_itself() {
    let database = sqlite().await;
    let county = county::demo::county();
    let tx = database.store.begin().await.unwrap();
    tx.replace_county(&county, &RandomIds, crate::harness::monday()).await.unwrap();
    tx.commit().await.unwrap();
    let site = TestSite::serving(account(Mode::Safe), &database.store);
    let response = site.send(Method::GET, "/m/privacy", "").await;
    assert_eq!(response.status(), 200);
    let policy = response.headers()["content-security-policy"].to_str().unwrap();
    assert!(policy.starts_with("default-src 'self'"), "{policy}");
    assert!(policy.contains("frame-ancestors 'none'"), "{policy}");
    let page = response.text().await.unwrap();
    assert!(page.contains("云溪县"), "{page}");
    assert!(page.contains(&county.settings().privacy_contact), "{page}");
    assert_eq!(site.get("/m/page.css").await.0, 200);
    let (status, page) = site.get("/no/such/page").await;
    assert_eq!(status, 404);
    assert!(page.contains("没有这个页面"));
}

#[tokio::test(flavor = "multi_thread")]
async fn figures_count_refusals_by_their_reason_and_name_nobody() {
    let database = sqlite().await;
    let site = TestSite::serving(account(Mode::Safe), &database.store);
    // The first look begins to count.
    site.get("/metrics").await;
    site.push("", "x").await;
    let (status, figures) = site.get("/metrics").await;
    assert_eq!(status, 200);
    let counted = "lianxin_push_refused_total{account=\"main\",reason=\"signature\"}";
    assert!(figures.contains(counted), "{figures}");
    assert!(!figures.contains("o-resident"), "{figures}");
}
