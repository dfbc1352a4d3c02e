//! Everything that can go wrong between the platform and the shelf.

use super::{Fetcher, corners, files, folder};
use crate::harness::{monday, platform::Answer, sqlite};
use chrono::TimeDelta;
use lianxin::{
    clock::Clock,
    media::{self, Size, fetch::LIFE, objects::Part},
    simulator::photograph,
    storage::MediaStage,
};
use serde_json::json;
use std::os::unix::fs::PermissionsExt;
use std::sync::{
    Arc,
    atomic::{AtomicBool, Ordering},
};

fn photo() -> Vec<u8> {
    photograph(&corners(64, 48), 1)
}

fn page() -> Answer {
    Answer::File(200, "text/html", b"<!DOCTYPE html><html>a gateway's page</html>".to_vec())
}

#[tokio::test(flavor = "multi_thread")]
async fn a_page_with_status_200_is_no_photo_and_is_asked_for_again() {
    let (database, place) = (sqlite().await, tempfile::tempdir().unwrap());
    let mended = Arc::new(AtomicBool::new(false));
    let works = mended.clone();
    let fetcher = Fetcher::on(&database, folder(place.path()), move |_| {
        if works.load(Ordering::SeqCst) {
            return Answer::File(200, "image/jpeg", photo());
        }
        page()
    });
    fetcher.expects("m1").await;
    fetcher.looks().await;
    let row = fetcher.row("m1").await;
    assert_eq!((row.stage, row.why.as_deref()), (MediaStage::Waiting, Some("not_a_file")));
    assert!(files(place.path()).is_empty());
    mended.store(true, Ordering::SeqCst);
    fetcher.looks().await;
    assert_eq!(fetcher.asked(), 1, "it is not asked again at once");
    fetcher.clock.advance(TimeDelta::seconds(10));
    fetcher.looks().await;
    let row = fetcher.row("m1").await;
    assert_eq!((row.stage, row.why), (MediaStage::Kept, None));
}

#[tokio::test(flavor = "multi_thread")]
async fn an_unknown_id_is_asked_for_three_times_and_then_it_is_gone() {
    let (database, place) = (sqlite().await, tempfile::tempdir().unwrap());
    let fetcher = Fetcher::on(&database, folder(place.path()), |_| {
        let error = json!({ "errcode": 40007, "errmsg": "invalid media_id" });
        Answer::File(200, "text/plain", error.to_string().into_bytes())
    });
    fetcher.expects("m1").await;
    for _ in 0..20 {
        fetcher.looks().await;
        fetcher.clock.advance(TimeDelta::hours(3));
    }
    let row = fetcher.row("m1").await;
    assert_eq!((row.stage, row.why.as_deref()), (MediaStage::Lost, Some("gone")));
    assert_eq!(fetcher.asked(), 3);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_platform_that_is_down_for_three_days_is_asked_now_and_then_and_then_it_is_over() {
    let (database, place) = (sqlite().await, tempfile::tempdir().unwrap());
    let fetcher =
        Fetcher::on(&database, folder(place.path()), |_| Answer::Text(502, String::new()));
    fetcher.expects("m1").await;
    let mut rounds = 0;
    while fetcher.row("m1").await.stage == MediaStage::Waiting {
        fetcher.looks().await;
        rounds += 1;
        assert!(rounds < 100, "there is no end");
        if let Some(next) = fetcher.row("m1").await.due_at {
            fetcher.clock.set(next.max(fetcher.clock.now()));
        }
        if fetcher.clock.now() > monday() + LIFE {
            break;
        }
    }
    let row = fetcher.row("m1").await;
    assert_eq!((row.stage, row.why.as_deref()), (MediaStage::Lost, Some("expired")));
    assert!((10..30).contains(&fetcher.asked()), "{}", fetcher.asked());
    // Said once: it is not lost a second time.
    let asked = fetcher.asked();
    fetcher.clock.advance(TimeDelta::days(1));
    fetcher.looks().await;
    assert_eq!(fetcher.asked(), asked);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_used_up_quota_is_not_used_up_further() {
    let (database, place) = (sqlite().await, tempfile::tempdir().unwrap());
    let fetcher = Fetcher::on(&database, folder(place.path()), |_| {
        Answer::Json(json!({ "errcode": 45009, "errmsg": "reach max api daily quota limit" }))
    });
    for id in ["m1", "m2", "m3"] {
        fetcher.expects(id).await;
    }
    for _ in 0..5 {
        fetcher.looks().await;
        fetcher.clock.advance(TimeDelta::minutes(6));
    }
    assert_eq!(fetcher.asked(), 1);
    assert_eq!(fetcher.row("m3").await.stage, MediaStage::Waiting);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_small_file_that_unpacks_to_gigabytes_is_refused_for_good() {
    let (database, place) = (sqlite().await, tempfile::tempdir().unwrap());
    let fetcher =
        Fetcher::on(&database, folder(place.path()), |_| Answer::File(200, "image/png", bomb()));
    fetcher.expects("m1").await;
    fetcher.looks().await;
    let row = fetcher.row("m1").await;
    assert_eq!((row.stage, row.why.as_deref()), (MediaStage::Lost, Some("too_large")));
    assert!(files(place.path()).is_empty());
}

/// A picture of 20,000 by 20,000 points that are all alike: its head, and rows of nothing.
fn bomb() -> Vec<u8> {
    use image::{GrayImage, ImageFormat};
    let mut bytes = std::io::Cursor::new(Vec::new());
    GrayImage::new(20_000, 20_000).write_to(&mut bytes, ImageFormat::Png).unwrap();
    let bytes = bytes.into_inner();
    assert!(bytes.len() < 4 << 20, "{}", bytes.len());
    bytes
}

#[tokio::test(flavor = "multi_thread")]
async fn a_worker_that_dies_between_fetching_and_writing_down_leaves_it_to_the_next() {
    let (database, place) = (sqlite().await, tempfile::tempdir().unwrap());
    let fetcher =
        Fetcher::on(&database, folder(place.path()), |_| Answer::File(200, "image/jpeg", photo()));
    fetcher.expects("m1").await;
    let row = fetcher.row("m1").await;
    // It had it in hand, and half of it was put down.
    let lease = monday() + TimeDelta::minutes(4);
    assert!(fetcher.app.store.lease_media(&row, lease).await.unwrap());
    let half = b"half of a".to_vec();
    fetcher.app.media.objects.put("m1", row.at, Part::Whole, half).await.unwrap();
    fetcher.looks().await;
    assert_eq!(fetcher.asked(), 0);
    assert!(media::read(&fetcher.app, "m1", Size::Whole).await.unwrap().is_none());
    fetcher.clock.set(lease);
    fetcher.looks().await;
    let kept = media::read(&fetcher.app, "m1", Size::Whole).await.unwrap().unwrap();
    assert!(image::load_from_memory(&kept.bytes).is_ok());
    assert_eq!((fetcher.asked(), files(place.path()).len()), (1, 3));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_shelf_that_cannot_be_written_loses_nothing() {
    let (database, place) = (sqlite().await, tempfile::tempdir().unwrap());
    // Somebody put a file where the folder should be: not even root can write below it.
    let shelf = place.path().join("media");
    std::fs::write(&shelf, "in the way").unwrap();
    let fetcher =
        Fetcher::on(&database, folder(&shelf), |_| Answer::File(200, "image/jpeg", photo()));
    fetcher.expects("m1").await;
    fetcher.looks().await;
    let row = fetcher.row("m1").await;
    assert_eq!((row.stage, row.why.as_deref()), (MediaStage::Waiting, Some("not_kept")));
    assert!(fetcher.app.media.objects.try_out().await.is_err());
    let refused = media::take_in(&fetcher.app, "demo", photo(), monday()).await;
    assert!(matches!(refused, Err(media::TakeInError::Objects(_))));
    std::fs::remove_file(&shelf).unwrap();
    fetcher.clock.advance(TimeDelta::seconds(10));
    fetcher.looks().await;
    assert_eq!(fetcher.row("m1").await.stage, MediaStage::Kept);
    fetcher.app.media.objects.try_out().await.unwrap();
    // Nobody but us looks in.
    assert_eq!(std::fs::metadata(&shelf).unwrap().permissions().mode() & 0o777, 0o700);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_let_go_while_it_is_fetched_leaves_nothing_behind() {
    let (database, place) = (sqlite().await, tempfile::tempdir().unwrap());
    let store = database.store.clone();
    let runtime = tokio::runtime::Handle::current();
    let fetcher = Fetcher::on(&database, folder(place.path()), move |_| {
        // Somebody is erased while the photo is on its way.
        let store = store.clone();
        let (done, wait) = std::sync::mpsc::channel();
        runtime.spawn(async move {
            store.drop_media(&["m1".to_owned()], monday()).await.unwrap();
            done.send(()).unwrap();
        });
        wait.recv().unwrap();
        Answer::File(200, "image/jpeg", photo())
    });
    fetcher.expects("m1").await;
    fetcher.looks().await;
    assert!(fetcher.app.store.media("m1").await.unwrap().is_none());
    assert!(files(place.path()).is_empty());
}
