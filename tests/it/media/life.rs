//! How long things are kept: with a ticket for good, with a draft as long as the draft.

use super::files;
use crate::harness::{
    rehearsal::{PHOTOS, Rehearsal},
    sqlite,
};
use chrono::TimeDelta;
use lianxin::{
    media::{self, Size},
    simulator::Message,
    storage::MediaStage,
};

async fn ids(service: &Rehearsal, name: &str) -> Vec<String> {
    service.app.store.media_of(&service.follower(name)).await.unwrap()
}

fn kept(service: &Rehearsal) -> usize {
    files(&service.media.path().join(PHOTOS)).len()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_photo_of_a_draft_is_there_although_the_report_comes_after_the_platforms_three_days() {
    let database = sqlite().await;
    let service = Rehearsal::on(&database).await;
    service.does("王大娘", Message::Photo).await;
    service.settle().await;
    service.later(TimeDelta::days(4)).await;
    service.reports("王大娘", "王庄村东头的路灯坏了三天了").await;
    service.settle().await;
    let id = ids(&service, "王大娘").await.pop().unwrap();
    let ticket = service.tickets().await.pop().unwrap();
    assert!(ticket.media().any(|one| one.id == id), "{:?}", ticket.report.media);
    service.later(TimeDelta::days(30)).await;
    assert!(media::read(&service.app, &id, Size::Whole).await.unwrap().is_some());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_draft_that_ends_takes_its_photos_with_it() {
    let database = sqlite().await;
    let service = Rehearsal::on(&database).await;
    service.does("王大娘", Message::Photo).await;
    service.settle().await;
    assert_eq!(kept(&service), 3);
    service.later(TimeDelta::days(6)).await;
    assert_eq!(kept(&service), 3);
    service.later(TimeDelta::hours(25)).await;
    assert_eq!((kept(&service), ids(&service, "王大娘").await.len()), (0, 0));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_photo_that_nobody_needed_goes_after_eight_days_and_not_while_a_draft_has_it() {
    let database = sqlite().await;
    let service = Rehearsal::on(&database).await;
    service.does("王大娘", Message::Photo).await;
    service.does("李大爷", Message::Photo).await;
    service.settle().await;
    // One goes on with it every few days, the other gives it up.
    service.says("李大爷", "取消").await;
    for _ in 0..3 {
        service.later(TimeDelta::days(3)).await;
        service.does("王大娘", Message::Photo).await;
        service.settle().await;
    }
    let of_wang = ids(&service, "王大娘").await;
    assert!(!of_wang.is_empty());
    assert!(ids(&service, "李大爷").await.is_empty());
}

#[tokio::test(flavor = "multi_thread")]
async fn the_same_push_twice_is_one_photo_and_a_restart_fetches_it_all_the_same() {
    let database = sqlite().await;
    let mut service = Rehearsal::on(&database).await;
    let openid = service.follower("王大娘").openid;
    service.platform().push_times(&openid, Message::Photo, 3).await.unwrap();
    let known = ids(&service, "王大娘").await;
    assert_eq!(known.len(), 1);
    service.restart().await;
    service.settle().await;
    let row = service.app.store.media(&known[0]).await.unwrap().unwrap();
    assert_eq!((row.stage, row.attempts), (MediaStage::Kept, 1));
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_to_be_forgotten_is_gone_at_once_even_from_a_ticket() {
    let database = sqlite().await;
    let service = Rehearsal::on(&database).await;
    service.does("王大娘", Message::Photo).await;
    service.reports("王大娘", "王庄村东头的路灯坏了三天了").await;
    service.settle().await;
    let known = ids(&service, "王大娘").await;
    assert_eq!((known.len(), kept(&service)), (1, 3));
    media::forget(&service.app, &known).await.unwrap();
    assert!(media::read(&service.app, &known[0], Size::Whole).await.unwrap().is_none());
    assert_eq!((ids(&service, "王大娘").await.len(), kept(&service)), (0, 0));
}
