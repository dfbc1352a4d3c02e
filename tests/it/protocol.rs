//! The platform's formats against the samples in `tests/fixtures/wechat`: every file and every
//! vector is asserted, and a sample that nobody asserts fails.

mod leaves;

use chrono::DateTime;
use leaves::leaves;
use lianxin::wechat::{
    account::Secret,
    answer::{self, Answer},
    envelope::{self, AesKey, EnvelopeError},
    push::{self, BadPush, Body},
    signature::{self, Query},
    xml::BadXml,
};
use proptest::prelude::*;
use serde_json::Value;
use std::{collections::BTreeSet, fs, path::PathBuf};

/// Leaves that nothing here needs; each of them is in the samples and left alone on purpose.
const NOT_KEPT: &[&str] = &[
    "CopyrightCheckResult.CheckState",
    "FileMd5",
    "Foo",
    "Idx",
    "MediaId16K",
    "MsgDataId",
    "Scale",
];

fn folder() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures/wechat")
}

fn sample(file: &str) -> Vec<u8> {
    fs::read(folder().join(file)).unwrap_or_else(|error| panic!("{file}: {error}"))
}

fn json(file: &str) -> Value {
    serde_json::from_slice(&sample(file)).unwrap()
}

/// The entries of the index whose kind begins so; a list that became empty proves nothing.
fn entries(kind: &str) -> Vec<Value> {
    let index = json("index.json");
    let all = index["files"].as_array().unwrap();
    let chosen: Vec<_> = all.iter().filter(|entry| text(entry, "kind").starts_with(kind)).collect();
    assert!(!chosen.is_empty(), "no sample of kind {kind}");
    chosen.into_iter().cloned().collect()
}

fn vectors(list: &str) -> Vec<Value> {
    let vectors = json("crypto-vectors.json")[list].as_array().unwrap().clone();
    assert!(!vectors.is_empty());
    vectors
}

fn text<'a>(value: &'a Value, name: &str) -> &'a str {
    value[name].as_str().unwrap_or_else(|| panic!("no {name} in {value}"))
}

fn query(of: &Value) -> Query {
    serde_json::from_value(of.clone()).unwrap()
}

#[test]
fn every_sample_stands_in_the_index_and_every_entry_is_of_a_kind_asserted_here() {
    let mut found = BTreeSet::new();
    for part in ["inbound", "replies", "adversarial"] {
        for entry in fs::read_dir(folder().join(part)).unwrap() {
            found.insert(format!("{part}/{}", entry.unwrap().file_name().to_str().unwrap()));
        }
    }
    let kinds = ["message:", "event:", "envelope:", "reply:", "adversarial"];
    let listed: BTreeSet<_> = kinds
        .iter()
        .flat_map(|kind| entries(kind))
        .map(|entry| text(&entry, "file").to_owned())
        .collect();
    assert_eq!(found, listed);
}

#[test]
fn every_pushed_sample_is_read_to_its_leaves() {
    let mut left = BTreeSet::new();
    for entry in [entries("message:"), entries("event:")].concat() {
        let file = text(&entry, "file");
        if text(&entry, "kind").ends_with("(json)") {
            // Official accounts get XML; the caller answers success to this and reports it.
            assert_eq!(push::parse(sample(file)), Err(BadPush::Xml(BadXml::NotXml)), "{file}");
            continue;
        }
        let push = push::parse(sample(file)).unwrap_or_else(|error| panic!("{file}: {error}"));
        assert_eq!(push.to, "gh_c1v1cdemo0001", "{file}");
        assert_eq!(push.replyable(), entry["replyable"].as_bool().unwrap(), "{file}");
        let read = leaves(&push);
        for (name, expected) in flat(&entry["expect"]) {
            if NOT_KEPT.contains(&name.as_str()) {
                left.insert(name);
                continue;
            }
            let value = read.iter().find(|(kept, _)| *kept == name).map(|(_, value)| value.clone());
            match (name.as_str(), value) {
                // The kind is the type, unless it is one that nobody knows.
                ("MsgType", None) if expected == "event" => {
                    assert!(matches!(push.body, Body::Event(_)), "{file}");
                }
                ("MsgType", None) => assert_eq!(push.kind(), format!("message:{expected}")),
                ("Event", None) => {
                    assert_eq!(push.kind(), format!("event:{}", expected.to_lowercase()));
                }
                // What is there and empty reads like what is not there.
                (_, value) => assert_eq!(
                    rounded(&name, &value.unwrap_or_default()),
                    rounded(&name, &expected),
                    "{file}: {name}"
                ),
            }
        }
    }
    assert_eq!(left.iter().map(String::as_str).collect::<Vec<_>>(), NOT_KEPT);
}

/// The expected leaves by name; those of a repeated element are joined by commas.
fn flat(expect: &Value) -> Vec<(String, String)> {
    let mut leaves = Vec::new();
    for (name, value) in expect.as_object().unwrap() {
        match value {
            Value::String(text) => leaves.push((name.clone(), text.clone())),
            Value::Number(number) => leaves.push((name.clone(), number.to_string())),
            Value::Array(several) if several.iter().all(Value::is_string) => {
                let texts: Vec<_> = several.iter().filter_map(Value::as_str).collect();
                leaves.push((name.clone(), texts.join(",")));
            }
            Value::Array(several) => {
                let [entry] = several.as_slice() else { panic!("one entry at a time: {value}") };
                leaves.extend(
                    flat(entry).into_iter().map(|(of, text)| (format!("{name}.{of}"), text)),
                );
            }
            other => panic!("no way to compare {other}"),
        }
    }
    leaves
}

/// Degrees and metres are numbers: `120.155070` and `120.15507` are the same.
fn rounded(name: &str, text: &str) -> String {
    let is_number = ["_X", "_Y", "tude", "Precision"].iter().any(|end| name.ends_with(end));
    if is_number { format!("{:.9}", text.parse::<f64>().unwrap()) } else { text.to_owned() }
}

#[test]
fn every_adversarial_sample_is_refused_or_survived_as_it_should_be() {
    let not_xml = Err(BadPush::Xml(BadXml::NotXml));
    for entry in entries("adversarial") {
        let file = text(&entry, "file");
        let read = push::parse(sample(file));
        let refused = match file.strip_prefix("adversarial/").unwrap() {
            "adv-xxe-external-entity.xml" | "adv-entity-expansion.xml" => {
                Err(BadPush::Xml(BadXml::DocumentType))
            }
            "adv-truncated.xml" => Err(BadPush::Xml(BadXml::Malformed)),
            "adv-wrong-root.xml" => Err(BadPush::Xml(BadXml::WrongRoot)),
            "adv-invalid-utf8.xml" => Err(BadPush::Xml(BadXml::NotUtf8)),
            "adv-missing-fromusername.xml" => Err(BadPush::Missing("FromUserName")),
            "adv-empty-body.xml" | "adv-not-xml.txt" => not_xml.clone(),
            // Taken, and answered with nothing to see.
            "adv-missing-msgtype.xml" => {
                let push = read.unwrap();
                assert_eq!(push.body, Body::Other { msg_type: String::new() });
                assert!(!push.replyable());
                continue;
            }
            // Whoever has the account compares.
            "adv-other-account.xml" => {
                assert_eq!(read.unwrap().to, "gh_someotheraccount");
                continue;
            }
            "adv-msgid-not-number.xml" => {
                assert!(read.unwrap().key.as_str().ends_with("|abc"));
                continue;
            }
            new => panic!("nobody says what becomes of {new}"),
        };
        assert_eq!(read, refused, "{file}");
    }
}

#[test]
fn every_reply_sample_is_what_we_write_or_has_no_words() {
    for entry in entries("reply:") {
        let file = text(&entry, "file");
        let body = String::from_utf8(sample(file)).unwrap();
        let read = answer::read_reply(&body);
        match text(&entry, "kind") {
            "reply:text" => {
                let now = DateTime::from_timestamp(1_767_225_900, 0).unwrap();
                let answer = Answer::Text(read.expect(file));
                let to = "oCiv1cResidentOpenid00000001";
                assert_eq!(answer::to_xml(&answer, to, "gh_c1v1cdemo0001", now), body, "{file}");
            }
            "reply:envelope" => {
                let (sealed, query) = envelope::read_reply(body.as_bytes()).unwrap();
                let token = Secret::new("C1v1cTestToken2026");
                let timestamp = query.timestamp.parse().unwrap();
                let written = envelope::reply(&token, &sealed.encrypt, timestamp, &query.nonce);
                assert_eq!(written, body);
            }
            kind @ ("reply:image"
            | "reply:voice"
            | "reply:news"
            | "reply:transfer_customer_service") => {
                let id = |name: &str| format!("MEDIA_made_up_{name}_0001");
                let answer = match kind {
                    "reply:image" => Answer::Image { media_id: id("image") },
                    "reply:voice" => Answer::Voice { media_id: id("voice") },
                    "reply:news" => Answer::News(answer::Article {
                        title: "办理进度".to_owned(),
                        description: "点击查看".to_owned(),
                        picture_url: "https://civic.example.cn/p.jpg".to_owned(),
                        url: "https://civic.example.cn/h5/t/1?x=1&y=2".to_owned(),
                    }),
                    _ => Answer::Transfer {
                        seat: file.contains("account").then(|| "kf2001@civicdemo".to_owned()),
                    },
                };
                let (to, from) = ("oCiv1cResidentOpenid00000001", "gh_c1v1cdemo0001");
                let now = DateTime::from_timestamp(1_767_225_900, 0).unwrap();
                assert_eq!(answer::to_xml(&answer, to, from, now), body, "{file}");
                assert_eq!(read.is_some(), kind == "reply:news", "{file}");
            }
            _ => assert_eq!(read, None, "{file}"),
        }
    }
    let silence = answer::to_xml(&Answer::Silence, "o", "gh", DateTime::UNIX_EPOCH);
    assert_eq!(silence.as_bytes(), sample("replies/reply-success.txt"));
}

#[test]
fn a_sealed_push_opens_in_safe_and_in_compat_mode_and_the_sealed_part_counts() {
    let safe = entries("envelope:safe").remove(0)["expect"].clone();
    for entry in entries("envelope:") {
        let expect = &entry["expect"];
        let query = query(&expect["query"]);
        let tokens = [Secret::new(text(&safe, "token"))];
        assert_eq!(signature::verify(&tokens, &query), Ok(()));
        let sealed = envelope::sealed_parts(&sample(text(&entry, "file"))).unwrap();
        assert_eq!(sealed.to.as_deref(), Some("gh_c1v1cdemo0001"));
        assert_eq!(signature::verify_message(&tokens, &query, &sealed.encrypt), Ok(()));
        let key = AesKey::parse(text(&safe, "encoding_aes_key")).unwrap();
        let opened = envelope::open(&key, text(&safe, "appid"), &sealed.encrypt);
        assert_eq!(opened.as_deref(), Ok(text(expect, "decrypts_to")));
    }
}

#[test]
fn every_plain_signature_is_the_platforms_and_one_changed_character_is_not() {
    for vector in vectors("plain_signatures") {
        let tokens = [Secret::new(text(&vector, "token"))];
        let mut signed = query(&vector);
        assert_eq!(signature::verify(&tokens, &signed), Ok(()), "{vector}");
        signed.nonce.push('0');
        assert!(signature::verify(&tokens, &signed).is_err(), "{vector}");
    }
}

#[test]
fn every_valid_envelope_opens_and_is_sealed_again_to_the_letter() {
    for vector in vectors("valid") {
        let name = text(&vector, "name");
        let (app_id, plain) = (text(&vector, "appid"), text(&vector, "plaintext"));
        let ciphertext = text(&vector, "ciphertext");
        let tokens = [Secret::new(text(&vector, "token"))];
        let query = query(&vector);
        assert_eq!(signature::verify(&tokens, &query), Ok(()), "{name}");
        assert_eq!(signature::verify_message(&tokens, &query, ciphertext), Ok(()), "{name}");
        if let Some(body) = vector["inbound_body"].as_str() {
            assert_eq!(envelope::sealed_parts(body.as_bytes()).unwrap().encrypt, ciphertext);
        }
        let key = AesKey::parse(text(&vector, "encoding_aes_key")).unwrap();
        assert_eq!(envelope::open(&key, app_id, ciphertext).as_deref(), Ok(plain), "{name}");
        let random = text(&vector, "random16").as_bytes().try_into().unwrap();
        assert_eq!(envelope::seal(&key, app_id, random, plain), ciphertext, "{name}");
    }
}

#[test]
fn every_envelope_that_must_not_open_is_refused_by_its_class() {
    for vector in vectors("negative") {
        let name = text(&vector, "name");
        let class = match receive(&vector) {
            Err(class) => format!("reject:{class}"),
            Ok(opened) => {
                // Everything about it is right but its age. We accept it: the platform promises
                // no freshness, and the same push again is known to the inbox by its key, which
                // is kept for 90 days. So all that matters is that its key can be read.
                assert_eq!(name, "stale_timestamp");
                let key = push::parse(opened).unwrap().key;
                assert_eq!(key.as_str(), "m|oCiv1cResidentOpenid00000001|24000000000000001");
                "policy:replay".to_owned()
            }
        };
        // Where a vector leaves the choice between two classes, it names both.
        let expected = text(&vector, "expect");
        let (kind, classes) = expected.split_once(':').unwrap();
        let mut allowed = classes.split("_or_").map(|class| format!("{kind}:{class}"));
        assert!(allowed.any(|allowed| allowed == class), "{name}: {class} is not {expected}");
    }
}

/// A sealed push through all checks, in their order.
fn receive(vector: &Value) -> Result<String, &'static str> {
    let tokens = [Secret::new(text(vector, "token"))];
    let key = AesKey::parse(text(vector, "encoding_aes_key")).map_err(|_| "config")?;
    let ciphertext = text(vector, "ciphertext");
    signature::verify_message(&tokens, &query(vector), ciphertext).map_err(|_| "signature")?;
    envelope::open(&key, text(vector, "appid"), ciphertext).map_err(|error| match error {
        EnvelopeError::NotAnEnvelope | EnvelopeError::NoKey => "config",
        EnvelopeError::Base64 => "base64",
        EnvelopeError::BlockSize => "block_size",
        EnvelopeError::Padding => "padding",
        EnvelopeError::Length => "length",
        EnvelopeError::AppId => "appid",
        EnvelopeError::Utf8 => "utf8",
    })
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn what_is_sealed_opens_again(
        key in "[A-Za-z0-9]{43}",
        app_id in "wx[0-9a-z]{1,40}",
        random in any::<[u8; 16]>(),
        message in "\\PC{0,200}",
    ) {
        let key = AesKey::parse(&key).unwrap();
        let sealed = envelope::seal(&key, &app_id, random, &message);
        prop_assert_eq!(envelope::open(&key, &app_id, &sealed), Ok(message));
    }

    #[test]
    fn no_sealed_text_makes_it_panic(noise in proptest::collection::vec(any::<u8>(), 0..160)) {
        use base64::{Engine, engine::general_purpose::STANDARD};
        let key = AesKey::parse("abcdefghijklmnopqrstuvwxyz0123456789ABCDEFG").unwrap();
        prop_assert!(envelope::open(&key, "wx0000c1v1cdemo001", &STANDARD.encode(&noise)).is_err());
    }
}
