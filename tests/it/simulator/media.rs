//! The platform's photos, voices and films: three days, limits, and files that need a name.

use super::{Stage, WANG, errcode};
use chrono::TimeDelta;
use lianxin::simulator::Message;
use reqwest::multipart::{Form, Part};
use serde_json::Value;

/// The person sends this; its media id.
async fn sent(stage: &Stage, message: Message) -> String {
    let delivery = stage.simulator.platform().push(WANG, message).await.unwrap();
    let media_id = delivery.xml.split("<MediaId><![CDATA[").nth(1).unwrap();
    media_id.split(']').next().unwrap().to_owned()
}

async fn fetched(stage: &Stage, media_id: &str) -> reqwest::Response {
    let token = stage.token().await;
    let path = format!("/cgi-bin/media/get?access_token={token}&media_id={media_id}");
    stage.http.get(stage.url(&path)).send().await.unwrap()
}

async fn uploaded(stage: &Stage, kind: &str, part: Part) -> Value {
    let path = format!("/cgi-bin/media/upload?access_token={}&type={kind}", stage.token().await);
    let form = Form::new().part("media", part);
    let posted = stage.http.post(stage.url(&path)).multipart(form);
    posted.send().await.unwrap().json().await.unwrap()
}

fn picture(bytes: usize) -> Part {
    let mut picture = b"\xFF\xD8\xFF\xE0".to_vec();
    picture.resize(bytes, 7);
    Part::bytes(picture).file_name("photo.jpg").mime_str("image/jpeg").unwrap()
}

#[tokio::test]
async fn a_photo_has_what_a_camera_writes_and_a_voice_is_one_of_telephones() {
    let stage = Stage::plain();
    let photo = sent(&stage, Message::Photo).await;
    let bytes = fetched(&stage, &photo).await.bytes().await.unwrap();
    let read = exif::Reader::new().read_from_container(&mut std::io::Cursor::new(&bytes)).unwrap();
    for tag in [exif::Tag::Orientation, exif::Tag::GPSLatitude, exif::Tag::Model] {
        assert!(read.get_field(tag, exif::In::PRIMARY).is_some(), "{tag}");
    }
    let voice = sent(&stage, Message::Voice { recognition: None }).await;
    assert!(fetched(&stage, &voice).await.bytes().await.unwrap().starts_with(b"#!AMR\n"));
    let own = sent(&stage, Message::Picture { bytes: b"own bytes".to_vec() }).await;
    assert_eq!(fetched(&stage, &own).await.bytes().await.unwrap().as_ref(), b"own bytes");
}

#[tokio::test]
async fn a_film_is_an_address_and_is_there_for_three_days() {
    let stage = Stage::plain();
    let film = sent(&stage, Message::Video).await;
    let answer: Value = fetched(&stage, &film).await.json().await.unwrap();
    let address = answer["video_url"].as_str().unwrap().to_owned();
    let bytes = stage.http.get(&address).send().await.unwrap().bytes().await.unwrap();
    assert_eq!(bytes.get(4..8), Some(b"ftyp".as_slice()));
    stage.clock.advance(TimeDelta::days(3));
    assert_eq!(stage.http.get(&address).send().await.unwrap().status().as_u16(), 404);
    let answer: Value = fetched(&stage, &film).await.json().await.unwrap();
    assert_eq!(errcode(&answer), 40007);
}

#[tokio::test]
async fn errors_are_json_that_calls_itself_text() {
    let stage = Stage::plain();
    for (media_id, code) in [("nobodys", 40007), ("", 41006)] {
        let answer = fetched(&stage, media_id).await;
        assert!(answer.headers()["content-type"].to_str().unwrap().starts_with("text/plain"));
        assert_eq!(errcode(&answer.json().await.unwrap()), code);
    }
}

#[tokio::test]
async fn what_is_put_up_can_be_fetched() {
    let stage = Stage::plain();
    let answer = uploaded(&stage, "image", picture(300_000)).await;
    assert_eq!(answer["type"], "image");
    let media_id = answer["media_id"].as_str().unwrap();
    let bytes = fetched(&stage, media_id).await.bytes().await.unwrap();
    assert_eq!(bytes.len(), 300_000);
    let thumb = uploaded(&stage, "thumb", picture(1000)).await;
    assert!(thumb["thumb_media_id"].is_string() && thumb.get("media_id").is_none());
}

#[tokio::test]
async fn what_breaks_a_limit_is_refused_with_the_platforms_code() {
    const MEGABYTE: usize = 1024 * 1024;
    let stage = Stage::plain();
    let nameless = Part::bytes(b"\xFF\xD8".to_vec());
    let in_chinese = picture(100).file_name("照片.jpg");
    let voice = Part::bytes([b"#!AMR\n".as_slice(), &vec![7; 2 * MEGABYTE]].concat());
    let program = Part::bytes(b"MZ".to_vec()).file_name("photo.jpg");
    for (kind, part, code) in [
        ("image", nameless, 41005),
        ("image", in_chinese, 41005),
        ("picture", picture(100), 40004),
        ("image", program, 40005),
        ("image", picture(10 * MEGABYTE + 1), 40009),
        ("voice", voice.file_name("voice.amr"), 40010),
        ("thumb", picture(64 * 1024 + 1), 40012),
    ] {
        assert_eq!(errcode(&uploaded(&stage, kind, part).await), code, "{kind}");
    }
    let path = format!("/cgi-bin/media/upload?access_token={}", stage.token().await);
    assert_eq!(errcode(&stage.get(&path).await), 43002);
}
