//! Photos on a ticket's page: who sees them, as what, and what is said where there is none.

use super::Clerk;
use crate::harness::{
    rehearsal::{PHOTOS, Rehearsal},
    sqlite,
};
use chrono::TimeDelta;
use lianxin::{
    access::Role,
    simulator::Message,
    ticket::{Media, Ticket},
};

/// Somebody reports with a photo and a voice.
async fn reported(service: &Rehearsal) -> Ticket {
    service.does("王大娘", Message::Photo).await;
    service.does("王大娘", Message::Voice { recognition: None }).await;
    let ticket = service.reports("王大娘", "王庄村东头的路灯坏了三天了").await;
    assert_eq!(ticket.report.media.len(), 2, "{:?}", ticket.report.media);
    ticket
}

fn address(ticket: &Ticket, media: &Media, size: &str) -> String {
    let id = media.id.replace('-', "%2D").replace('_', "%5F");
    format!("/console/media/{id}?ticket={}&size={size}", ticket.number)
}

#[tokio::test(flavor = "multi_thread")]
async fn a_photo_is_shown_and_can_do_nothing_but_be_seen() {
    let database = sqlite().await;
    let service = Rehearsal::on(&database).await;
    let clerk = Clerk::at(&service, "值班员", Role::Dispatcher).await;
    let ticket = reported(&service).await;
    service.settle().await;
    let page = clerk.reads(&format!("/console/tickets/{}", ticket.number)).await;
    let page = page.replace("&#x2f;", "/").replace("&amp;", "&");
    let [photo, voice] = &ticket.report.media[..] else { panic!("two things were sent") };
    for size in ["thumbnail", "whole"] {
        assert!(page.contains(&address(&ticket, photo, size)), "{page}");
        let answer = clerk.answer(&address(&ticket, photo, size)).await;
        assert_eq!(answer.status().as_u16(), 200);
        let header = |name: &str| answer.headers()[name].to_str().unwrap().to_owned();
        assert_eq!(header("content-type"), "image/jpeg");
        assert_eq!(header("cache-control"), "private, no-store");
        assert_eq!(header("x-content-type-options"), "nosniff");
        assert_eq!(
            header("content-disposition"),
            format!("inline; filename=\"{}.jpg\"", ticket.number)
        );
        assert!(header("content-security-policy").ends_with("sandbox"));
        assert!(image::load_from_memory(&answer.bytes().await.unwrap()).is_ok());
    }
    assert!(!page.contains("size=original"), "a dispatcher is offered the original");
    let voice = clerk.answer(&address(&ticket, voice, "whole")).await;
    assert_eq!(voice.headers()["content-type"], "audio/amr");
    let disposition = voice.headers()["content-disposition"].to_str().unwrap();
    assert!(disposition.starts_with("attachment; "), "{disposition}");
    assert!(page.contains("网页放不出这种语音"), "{page}");
}

#[tokio::test(flavor = "multi_thread")]
async fn nobody_sees_a_photo_who_may_not_see_the_ticket() {
    let database = sqlite().await;
    let service = Rehearsal::on(&database).await;
    let ticket = reported(&service).await;
    let other = service.reports("李大爷", "李家村的下水道堵了，污水流到路上").await;
    service.settle().await;
    let photo = &ticket.report.media[0];
    let path = address(&ticket, photo, "whole");
    let elsewhere = Clerk::of_area(&service, "别处", Role::Dispatcher, "130699202").await;
    assert_eq!(elsewhere.get(&path).await.status, 404);
    let clerk = Clerk::at(&service, "值班员", Role::Dispatcher).await;
    assert_eq!(clerk.get(&path).await.status, 200, "the ticket lies where it is looked for");
    // By the number of another ticket, and by no number.
    let by_another = path.replace(ticket.number.as_str(), other.number.as_str());
    assert_eq!(clerk.get(&by_another).await.status, 404);
    assert_eq!(clerk.get(path.split('?').next().unwrap()).await.status, 400);
    let stranger = reqwest::Client::builder().redirect(reqwest::redirect::Policy::none());
    let asked = stranger.build().unwrap().get(format!("{}{path}", service.address()));
    assert_eq!(asked.send().await.unwrap().status().as_u16(), 303);
}

#[tokio::test(flavor = "multi_thread")]
async fn the_original_is_for_administrators_and_every_look_is_written_down() {
    let database = sqlite().await;
    let service = Rehearsal::on(&database).await;
    let ticket = reported(&service).await;
    service.settle().await;
    let path = address(&ticket, &ticket.report.media[0], "original");
    for (name, role) in
        [("值班员", Role::Dispatcher), ("督办", Role::Supervisor), ("只看", Role::Viewer)]
    {
        let clerk = Clerk::at(&service, name, role).await;
        assert_eq!(clerk.get(&path).await.status, 403, "{role:?}");
    }
    let admin = Clerk::at(&service, "管理员", Role::Admin).await;
    let page = admin.reads(&format!("/console/tickets/{}", ticket.number)).await;
    assert!(page.contains("size=original"), "{page}");
    let answer = admin.answer(&path).await;
    assert_eq!(answer.headers()["content-type"], "application/octet-stream");
    let bytes = answer.bytes().await.unwrap();
    assert!(bytes.windows(4).any(|window| window == b"Exif"));
    let deeds = admin.reads("/console/audit").await;
    assert!(deeds.contains("查看照片原件") && deeds.contains(ticket.number.as_str()), "{deeds}");
}

#[tokio::test(flavor = "multi_thread")]
async fn what_did_not_come_is_said_and_can_be_fetched_again() {
    let database = sqlite().await;
    let service = Rehearsal::on(&database).await;
    // Somebody put a file where the folder should be.
    let shelf = service.media.path().join(PHOTOS);
    std::fs::write(&shelf, "in the way").unwrap();
    let ticket = reported(&service).await;
    let clerk = Clerk::at(&service, "值班员", Role::Supervisor).await;
    let own = format!("/console/tickets/{}", ticket.number);
    assert!(clerk.reads(&own).await.contains("正在从微信取回"));
    service.settle().await;
    let page = clerk.reads(&own).await;
    assert!(page.contains("照片未取到：存放照片的地方写不进去"), "{page}");
    assert!(clerk.reads("/console/health").await.contains("最近 30 天有 2 件没有取到"));
    std::fs::remove_file(&shelf).unwrap();
    let photo = address(&ticket, &ticket.report.media[0], "whole");
    let again = format!("{}/again", photo.split('?').next().unwrap());
    let viewer = Clerk::at(&service, "只看", Role::Viewer).await;
    let fields = [("ticket", ticket.number.as_str())];
    assert_eq!(viewer.post(&again, &fields).await.status, 403);
    assert_eq!(clerk.post_foreign(&again, &fields).await.status, 403);
    assert!(clerk.does(&again, &fields).await.contains("已经排上"));
    service.settle().await;
    assert!(clerk.reads(&own).await.contains("<img"));
    assert!(clerk.reads("/console/health").await.contains("最近 30 天有 1 件没有取到"));
    service.later(TimeDelta::minutes(2)).await;
    assert!(clerk.reads("/console/health").await.contains("最近 30 天发来的都取到了"));
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_expired_says_so_and_is_not_offered_again() {
    let database = sqlite().await;
    let service = Rehearsal::on(&database).await;
    let shelf = service.media.path().join(PHOTOS);
    std::fs::write(&shelf, "in the way").unwrap();
    let ticket = reported(&service).await;
    for _ in 0..20 {
        service.later(TimeDelta::hours(6)).await;
    }
    let clerk = Clerk::at(&service, "值班员", Role::Dispatcher).await;
    let page = clerk.reads(&format!("/console/tickets/{}", ticket.number)).await;
    assert!(page.contains("微信只保存三天，已经过期"), "{page}");
    assert!(!page.contains("再取一次"), "{page}");
}
