//! A shelf in a store that speaks S3: what is sent there is signed, and by the right key.

use super::{Fetcher, corners};
use crate::harness::{
    monday,
    platform::{Answer, Asked, Platform},
    sqlite,
};
use chrono::TimeDelta;
use hmac::{Hmac, KeyInit, Mac};
use lianxin::{
    config::{Bucket, MediaPlace},
    media::{self, Size},
    simulator::photograph,
    storage::MediaStage,
    wechat::account::Secret,
};
use sha2::{Digest, Sha256};
use std::{
    collections::BTreeMap,
    sync::{
        Arc, Mutex,
        atomic::{AtomicBool, Ordering},
    },
};
use url::Url;

const SECRET: &str = "wJalrXUtnFEMI-a-secret-of-the-tests";
const KEY: &str = "AKIDEXAMPLE";
const NOTHING: &str =
    "<?xml version=\"1.0\"?><Error><Code>NoSuchKey</Code><Message>no</Message></Error>";

type Things = Arc<Mutex<BTreeMap<String, Vec<u8>>>>;

/// A store that keeps what is signed by the one key, and can be away.
fn store(things: &Things, is_away: &Arc<AtomicBool>) -> Platform {
    let (things, is_away) = (things.clone(), is_away.clone());
    Platform::answering(move |asked| {
        if is_away.load(Ordering::SeqCst) {
            return Answer::Text(503, "<Error><Code>SlowDown</Code></Error>".to_owned());
        }
        if signature_of(asked) != signed_with(asked) {
            return Answer::Text(
                403,
                "<Error><Code>SignatureDoesNotMatch</Code></Error>".to_owned(),
            );
        }
        let mut things = things.lock().unwrap();
        match asked.method.as_str() {
            "PUT" => {
                things.insert(asked.path.clone(), asked.bytes.clone());
                Answer::File(200, "application/xml", Vec::new())
            }
            "GET" => match things.get(&asked.path) {
                Some(bytes) => Answer::File(200, "application/octet-stream", bytes.clone()),
                None => Answer::Text(404, NOTHING.to_owned()),
            },
            _ => {
                things.remove(&asked.path);
                Answer::Text(204, String::new())
            }
        }
    })
}

fn hex(bytes: impl AsRef<[u8]>) -> String {
    bytes.as_ref().iter().fold(String::new(), |hex, byte| format!("{hex}{byte:02x}"))
}

fn mac(key: &[u8], words: &str) -> Vec<u8> {
    let mut mac = Hmac::<Sha256>::new_from_slice(key).unwrap();
    mac.update(words.as_bytes());
    mac.finalize().into_bytes().to_vec()
}

fn part_of<'a>(asked: &'a Asked, name: &str) -> &'a str {
    let given = asked.headers.get("authorization").map_or("", String::as_str);
    let (_, after) = given.split_once(&format!("{name}=")).unwrap_or_default();
    after.split(',').next().unwrap().trim()
}

fn signature_of(asked: &Asked) -> String {
    part_of(asked, "Signature").to_owned()
}

/// The signature by the published words of the fourth version.
fn signed_with(asked: &Asked) -> String {
    let names = part_of(asked, "SignedHeaders");
    let header = |name: &str| format!("{name}:{}\n", asked.headers[name].trim());
    let headers = names.split(';').fold(String::new(), |all, name| all + header(name).as_str());
    let content = &asked.headers["x-amz-content-sha256"];
    assert_eq!(content, &hex(Sha256::digest(&asked.bytes)));
    let request = format!("{}\n{}\n\n{headers}\n{names}\n{content}", asked.method, asked.path);
    let moment = &asked.headers["x-amz-date"];
    let day = &moment[..8];
    let scope = format!("{day}/ap-beijing/s3/aws4_request");
    assert_eq!(part_of(asked, "Credential"), format!("{KEY}/{scope}"));
    let digest = hex(Sha256::digest(request.as_bytes()));
    let words = format!("AWS4-HMAC-SHA256\n{moment}\n{scope}\n{digest}");
    let key = mac(format!("AWS4{SECRET}").as_bytes(), day);
    let key = ["ap-beijing", "s3", "aws4_request"].iter().fold(key, |key, part| mac(&key, part));
    hex(mac(&key, &words))
}

fn bucket(at: Url, secret: &str) -> MediaPlace {
    MediaPlace::Bucket(Bucket {
        name: "county".to_owned(),
        prefix: "lianxin/media".to_owned(),
        endpoint: at,
        region: "ap-beijing".to_owned(),
        access_key: Secret::new(KEY),
        secret_key: Secret::new(secret),
    })
}

#[tokio::test(flavor = "multi_thread")]
async fn a_photo_is_put_read_and_deleted_with_signatures() {
    let (database, things, is_away) = (sqlite().await, Things::default(), Arc::default());
    let store = store(&things, &is_away);
    let place = bucket(store.address(), SECRET);
    let photo = photograph(&corners(64, 48), 3);
    let sent = photo.clone();
    let fetcher =
        Fetcher::on(&database, place, move |_| Answer::File(200, "image/jpeg", sent.clone()));
    fetcher.expects("m1").await;
    is_away.store(true, Ordering::SeqCst);
    fetcher.looks().await;
    let row = fetcher.row("m1").await;
    assert_eq!((row.stage, row.why.as_deref()), (MediaStage::Waiting, Some("not_kept")));
    is_away.store(false, Ordering::SeqCst);
    fetcher.clock.advance(TimeDelta::seconds(10));
    fetcher.looks().await;
    assert_eq!(fetcher.row("m1").await.stage, MediaStage::Kept);
    let names: Vec<String> = things.lock().unwrap().keys().cloned().collect();
    assert_eq!(names.len(), 3);
    for name in &names {
        assert!(name.starts_with("/county/lianxin/media/2026-03/"), "{name}");
        assert!(!name.contains("m1") && !name.contains("wang"), "{name}");
    }
    let whole = media::read(&fetcher.app, "m1", Size::Whole).await.unwrap().unwrap();
    assert!(image::load_from_memory(&whole.bytes).is_ok());
    assert_eq!(media::original(&fetcher.app, "m1").await.unwrap().unwrap(), photo);
    media::forget(&fetcher.app, &["m1".to_owned()]).await.unwrap();
    assert!(things.lock().unwrap().is_empty());
    assert!(fetcher.app.store.media("m1").await.unwrap().is_none());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_wrong_key_is_told_and_keeps_nothing() {
    let (database, things, is_away) = (sqlite().await, Things::default(), Arc::default());
    let store = store(&things, &is_away);
    let place = bucket(store.address(), "another secret");
    let fetcher = Fetcher::on(&database, place, |_| {
        Answer::File(200, "image/jpeg", photograph(&corners(64, 48), 1))
    });
    let error = fetcher.app.media.objects.try_out().await.unwrap_err();
    let shown = format!("{error:?} {error}");
    assert!(!shown.contains("another secret"));
    fetcher.expects("m1").await;
    fetcher.looks().await;
    assert_eq!(fetcher.row("m1").await.why.as_deref(), Some("not_kept"));
    assert!(things.lock().unwrap().is_empty());
    assert_eq!(fetcher.row("m1").await.due_at, Some(monday() + TimeDelta::seconds(10)));
}
