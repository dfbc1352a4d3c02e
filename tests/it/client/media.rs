//! Fetching what people sent, and putting files up.

use super::{TOKEN, client, clock, code, memory, with_a_token};
use crate::harness::platform::{Answer, Asked, Platform};
use lianxin::wechat::client::{
    Class, ClientError, ConfigReason, Download, Interface, Unclear, Upload, UploadKind,
};
use serde_json::json;

const GET: &str = "/cgi-bin/media/get";
const UPLOAD: &str = "/cgi-bin/media/upload";
const AMR: &[u8] = b"#!AMR\n\x3c\x00\xff\xfe";

async fn fetched(
    answer: impl Fn(&Asked) -> Answer + Send + Sync + 'static,
) -> (Platform, Result<Download, ClientError>) {
    let platform = Platform::answering(with_a_token(answer));
    let clock = clock();
    let client = client(platform.address(), memory(&clock), &clock);
    let fetched = client.media("main", "MEDIA_id-1").await;
    (platform, fetched)
}

fn file() -> Upload {
    Upload {
        name: "poster.png".to_owned(),
        media_type: "image/png".to_owned(),
        bytes: b"\x89PNG\r\n\x1a\n\x00\xff".to_vec(),
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_somebody_sent_comes_byte_by_byte() {
    let (platform, fetched) = fetched(|_| Answer::File(200, "image/jpeg", AMR.to_vec())).await;
    // What the platform calls it is handed on and believed by nobody.
    let file = Download { media_type: "image/jpeg".to_owned(), bytes: AMR.to_vec() };
    assert_eq!(fetched.unwrap(), file);
    let asked = platform.asked().pop().unwrap();
    assert_eq!((asked.method.as_str(), asked.path.as_str()), ("GET", GET));
    assert_eq!(
        (asked.token.as_deref(), asked.query["media_id"].as_str()),
        (Some("t1"), "MEDIA_id-1")
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn an_error_that_calls_itself_text_is_an_error() {
    let (_, fetched) = fetched(|_| code(40007)).await;
    let error = fetched.unwrap_err();
    assert_eq!(error.class(), Class::Data);
    assert!(matches!(
        error,
        ClientError::Api { interface: Interface::MediaGet, code: 40007, rid: Some(_) }
    ));
}

#[tokio::test(flavor = "multi_thread")]
async fn an_error_that_calls_itself_a_picture_is_an_error_too() {
    let answer = |_: &Asked| {
        Answer::File(200, "image/jpeg", br#"{"errcode":45009,"errmsg":"reach limit"}"#.to_vec())
    };
    let (_, fetched) = fetched(answer).await;
    assert_eq!(fetched.unwrap_err().class(), Class::Config(ConfigReason::DailyQuota));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_refused_token_is_replaced_once() {
    let answer = |asked: &Asked| match asked.path.as_str() {
        TOKEN if super::is_forced(asked) => super::token("t2"),
        TOKEN => super::token("t1"),
        _ if asked.token.as_deref() == Some("t2") => Answer::File(200, "audio/amr", AMR.to_vec()),
        _ => code(40001),
    };
    let platform = Platform::answering(answer);
    let clock = clock();
    let client = client(platform.address(), memory(&clock), &clock);
    assert_eq!(client.media("main", "m").await.unwrap().bytes, AMR);
    assert_eq!(platform.count(GET), 2);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_film_is_fetched_from_where_it_is_and_no_token_goes_there() {
    let platform = Platform::answering(with_a_token(|asked| match asked.path.as_str() {
        GET => Answer::Json(json!({
            "video_url": format!("http://{}/film", asked.headers["host"]),
        })),
        _ => Answer::File(200, "video/mp4", b"\0\0\0\x18ftypisom".to_vec()),
    }));
    let clock = clock();
    let client = client(platform.address(), memory(&clock), &clock);
    let film = client.media("main", "m").await.unwrap();
    assert_eq!(film.bytes, b"\0\0\0\x18ftypisom");
    let asked = platform.asked().pop().unwrap();
    assert_eq!((asked.path.as_str(), asked.query.len()), ("/film", 0));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_film_is_not_fetched_from_a_neighbour_or_a_file() {
    for address in
        ["http://10.0.0.1/x", "http://localhost/x", "http://[::1]/x", "file:///etc/passwd", "film"]
    {
        let (platform, fetched) =
            fetched(move |_| Answer::Json(json!({ "video_url": address }))).await;
        assert!(matches!(fetched, Err(ClientError::Unknown(Unclear::Shape))), "{address}");
        assert_eq!(platform.asked().len(), 2);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_film_that_is_not_where_it_should_be_may_be_there_later() {
    let (_, fetched) = fetched(|asked| match asked.path.as_str() {
        GET => {
            Answer::Json(json!({ "video_url": format!("http://{}/film", asked.headers["host"]) }))
        }
        _ => Answer::Text(503, String::new()),
    })
    .await;
    assert!(matches!(fetched, Err(ClientError::Unknown(Unclear::Status(503)))));
}

#[tokio::test(flavor = "multi_thread")]
async fn nothing_is_no_file_and_too_much_is_not_read() {
    let (_, nothing) = fetched(|_| Answer::File(200, "image/jpeg", Vec::new())).await;
    assert!(matches!(nothing, Err(ClientError::Unknown(Unclear::NotJson))));
    let (_, much) = fetched(|_| Answer::File(200, "image/jpeg", vec![7; 21 << 20])).await;
    assert!(matches!(much, Err(ClientError::Unknown(Unclear::TooLong))));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_file_is_put_up_with_a_name_a_type_and_a_length() {
    let platform = Platform::answering(with_a_token(|_| {
        Answer::Json(json!({ "type": "image", "media_id": "NEW", "created_at": 1_772_413_200 }))
    }));
    let clock = clock();
    let client = client(platform.address(), memory(&clock), &clock);
    assert_eq!(client.upload("main", UploadKind::Image, &file()).await.unwrap(), "NEW");
    let asked = platform.asked().pop().unwrap();
    assert_eq!((asked.method.as_str(), asked.path.as_str()), ("POST", UPLOAD));
    assert_eq!(asked.query["type"], "image");
    assert_eq!(asked.headers["content-length"], asked.bytes.len().to_string());
    assert!(!asked.headers.contains_key("transfer-encoding"));
    let head = "Content-Disposition: form-data; name=\"media\"; filename=\"poster.png\"\r\n\
                Content-Type: image/png\r\n\r\n";
    assert!(asked.raw.contains(head), "{}", asked.raw);
    assert!(asked.bytes.windows(10).any(|window| window == file().bytes));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_file_that_is_refused_is_our_mistake() {
    for number in [40004, 40005, 40009, 41005] {
        let platform = Platform::answering(with_a_token(move |_| code(number)));
        let clock = clock();
        let client = client(platform.address(), memory(&clock), &clock);
        let error = client.upload("main", UploadKind::Voice, &file()).await.unwrap_err();
        assert_eq!(
            (error.class(), error.code().map(|(code, _)| code)),
            (Class::Data, Some(number))
        );
    }
}
