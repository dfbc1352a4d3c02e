//! Photos end to end: turned as the phone was held, without the place, whatever they are called.

use super::corners;
use crate::harness::{rehearsal::Rehearsal, sqlite};
use image::{DynamicImage, ImageFormat, RgbImage};
use lianxin::{
    media::{self, Size},
    simulator::{Message, photograph},
    storage::{MediaRow, MediaStage},
};
use std::io::Cursor;

/// The person sends this, and it is fetched; what is known of it then.
async fn sent(service: &Rehearsal, name: &str, message: Message) -> MediaRow {
    let person = service.follower(name);
    let before = service.app.store.media_of(&person).await.unwrap();
    service.does(name, message).await;
    service.settle().await;
    let ids = service.app.store.media_of(&person).await.unwrap();
    let id = ids.into_iter().find(|id| !before.contains(id)).expect("a row");
    service.app.store.media(&id).await.unwrap().unwrap()
}

async fn shown(service: &Rehearsal, row: &MediaRow, size: Size) -> Vec<u8> {
    media::read(&service.app, &row.id, size).await.unwrap().expect("bytes").bytes
}

fn decoded(bytes: &[u8]) -> RgbImage {
    image::load_from_memory(bytes).unwrap().to_rgb8()
}

fn encoded(image: &RgbImage, format: ImageFormat) -> Vec<u8> {
    let mut bytes = Cursor::new(Vec::new());
    DynamicImage::from(image.clone()).write_to(&mut bytes, format).unwrap();
    bytes.into_inner()
}

/// How much two pictures differ in the mean, of 255.
fn difference(one: &RgbImage, other: &RgbImage) -> f64 {
    assert_eq!(one.dimensions(), other.dimensions());
    let sum: u64 = one.iter().zip(other.iter()).map(|(a, b)| u64::from(a.abs_diff(*b))).sum();
    f64::from(u32::try_from(sum).unwrap()) / f64::from(u32::try_from(one.len()).unwrap())
}

fn holds(bytes: &[u8], words: &[u8]) -> bool {
    bytes.windows(words.len()).any(|window| window == words)
}

#[tokio::test(flavor = "multi_thread")]
async fn a_photo_is_seen_as_it_was_taken_however_the_phone_was_held() {
    let database = sqlite().await;
    let service = Rehearsal::on(&database).await;
    let seen = corners(96, 64);
    for orientation in 1..=8 {
        let bytes = photograph(&seen, orientation);
        let row = sent(&service, "王大娘", Message::Picture { bytes: bytes.clone() }).await;
        assert_eq!(row.media_type.as_deref(), Some("image/jpeg"), "{orientation}");
        let whole = shown(&service, &row, Size::Whole).await;
        let off = difference(&decoded(&whole), &seen);
        assert!(off < 6.0, "orientation {orientation}: {off}");
        // The same picture lying is quite another one.
        let lies = image::imageops::rotate180(&seen);
        assert!(difference(&decoded(&whole), &lies) > 60.0);
        assert_eq!(media::original(&service.app, &row.id).await.unwrap().unwrap(), bytes);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn where_it_was_taken_and_on_what_is_gone_and_the_original_has_it_still() {
    let database = sqlite().await;
    let service = Rehearsal::on(&database).await;
    let row = sent(&service, "王大娘", Message::Photo).await;
    let original = media::original(&service.app, &row.id).await.unwrap().unwrap();
    let read = |bytes: &[u8]| {
        exif::Reader::new()
            .read_from_container(&mut Cursor::new(bytes))
            .map(|found| found.get_field(exif::Tag::GPSLatitude, exif::In::PRIMARY).is_some())
    };
    assert!(read(&original).unwrap());
    assert!(holds(&original, b"Simulated Phone"));
    for size in [Size::Whole, Size::Thumbnail] {
        let bytes = shown(&service, &row, size).await;
        assert!(read(&bytes).is_err(), "{size:?} has metadata");
        for words in [b"Exif".as_slice(), b"Simulated Phone", b"http://ns.adobe.com"] {
            assert!(!holds(&bytes, words), "{size:?} holds {}", words.escape_ascii());
        }
    }
    let whole = decoded(&shown(&service, &row, Size::Whole).await);
    assert_eq!(whole.dimensions(), (480, 640));
    let small = decoded(&shown(&service, &row, Size::Thumbnail).await);
    assert_eq!(small.dimensions(), (360, 480));
}

#[tokio::test(flavor = "multi_thread")]
async fn what_hangs_behind_a_photo_is_cut_off() {
    let database = sqlite().await;
    let service = Rehearsal::on(&database).await;
    let mut bytes = photograph(&corners(64, 64), 1);
    bytes.extend(b"\0\0\0\x18ftypmp42 a film with a place in it");
    let row = sent(&service, "王大娘", Message::Picture { bytes }).await;
    let whole = shown(&service, &row, Size::Whole).await;
    assert!(!holds(&whole, b"ftypmp42"));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_picture_is_what_its_bytes_say_whatever_it_is_called() {
    let database = sqlite().await;
    let service = Rehearsal::on(&database).await;
    // The platform calls every picture a JPEG.
    let seen = corners(50, 40);
    for (format, media_type) in [
        (ImageFormat::Png, "image/png"),
        (ImageFormat::Gif, "image/png"),
        (ImageFormat::WebP, "image/jpeg"),
    ] {
        let bytes = encoded(&seen, format);
        let row = sent(&service, "王大娘", Message::Picture { bytes }).await;
        assert_eq!(row.media_type.as_deref(), Some(media_type), "{format:?}");
        assert!(difference(&decoded(&shown(&service, &row, Size::Whole).await), &seen) < 6.0);
    }
    for (bytes, why) in [
        (b"MZ\x90\x00 a program".to_vec(), "unknown_kind"),
        (b"\xFF\xD8\xFF\xE0 no picture".to_vec(), "broken"),
    ] {
        let row = sent(&service, "王大娘", Message::Picture { bytes }).await;
        assert_eq!((row.stage, row.why.as_deref()), (MediaStage::Lost, Some(why)));
        assert!(media::read(&service.app, &row.id, Size::Whole).await.unwrap().is_none());
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_voice_and_a_film_are_kept_as_they_came() {
    let database = sqlite().await;
    let service = Rehearsal::on(&database).await;
    let voice = sent(&service, "王大娘", Message::Voice { recognition: None }).await;
    assert_eq!(voice.media_type.as_deref(), Some("audio/amr"));
    assert!(shown(&service, &voice, Size::Whole).await.starts_with(b"#!AMR\n"));
    assert!(media::read(&service.app, &voice.id, Size::Thumbnail).await.unwrap().is_none());
    let film = sent(&service, "王大娘", Message::Video).await;
    assert_eq!(film.media_type.as_deref(), Some("video/mp4"));
    assert_eq!(shown(&service, &film, Size::Whole).await.get(4..8), Some(b"ftyp".as_slice()));
}

#[tokio::test(flavor = "multi_thread")]
async fn an_upload_from_a_page_is_looked_at_in_the_same_way() {
    use lianxin::media::{TakeInError, Unfit, take_in};
    let database = sqlite().await;
    let service = Rehearsal::on(&database).await;
    let (app, now) = (&service.app, service.clock_now());
    let seen = corners(64, 96);
    let taken = take_in(app, "demo", photograph(&seen, 6), now).await.unwrap();
    assert!(taken.id.starts_with("up-"));
    let kept = media::read(app, &taken.id, Size::Whole).await.unwrap().unwrap();
    assert_eq!(kept.media_type, "image/jpeg");
    assert!(difference(&decoded(&kept.bytes), &seen) < 6.0);
    assert!(!holds(&kept.bytes, b"Exif"));
    let voice = take_in(app, "demo", b"#!AMR\n\x3c".to_vec(), now).await;
    assert!(matches!(voice, Err(TakeInError::NoPicture)));
    let page = take_in(app, "demo", b"<html>".to_vec(), now).await;
    assert!(matches!(page, Err(TakeInError::Unfit(Unfit::NotAFile))));
    let much = take_in(app, "demo", vec![0xFF; (20 << 20) + 1], now).await;
    assert!(matches!(much, Err(TakeInError::Unfit(Unfit::TooLarge))));
}
