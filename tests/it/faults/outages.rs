//! A server that is gone in the middle of everything, and comes back.

use crate::harness::{
    TestDatabase, empty_sqlite, on_both,
    postgres::OwnServer,
    redis::RedisServer,
    rehearsal::{Rehearsal, said},
};
use futures_util::future::{join, join_all, join3};
use lianxin::{app::Bell, outbox, shared::Shared, storage::Store};
use std::time::{Duration, Instant};
use tokio_util::sync::CancellationToken;

/// Longer than the server is ever away, however busy the machine.
const LONGEST_OUTAGE: Duration = Duration::from_secs(90);

/// As people do: whoever gets no answer says it again. How often it was pushed in all.
async fn says_until_answered(rehearsal: &Rehearsal, name: &str, text: &str) -> usize {
    let (began, mut posted) = (Instant::now(), 0);
    loop {
        let delivery = rehearsal.does(name, said(text)).await;
        posted += delivery.posted;
        if delivery.text().is_some() {
            return posted;
        }
        assert!(began.elapsed() < LONGEST_OUTAGE, "{:?}", delivery.answers);
        // A bell that nobody rings.
        Bell::default().heard(Duration::from_millis(500)).await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_database_that_is_gone_for_a_while_loses_and_doubles_nothing() {
    let mut server = OwnServer::start();
    Store::open(&server.url()).await.unwrap().migrate_up().await.unwrap();
    let rehearsal = Rehearsal::at(&server.url(), None).await;
    let names: Vec<String> = (0..12).map(|n| format!("居民{n}")).collect();
    let (gone, stop) = (CancellationToken::new(), CancellationToken::new());
    let talk = async {
        let talks = names.iter().map(|name| async {
            let house = name.trim_start_matches("居民");
            let what = format!("{house}号楼门口路灯坏了，王庄村东头");
            let mut posted = says_until_answered(&rehearsal, name, &what).await;
            posted += says_until_answered(&rehearsal, name, "1").await;
            gone.cancelled().await;
            posted + says_until_answered(&rehearsal, name, "我的诉求").await
        });
        let posted: usize = join_all(talks).await.into_iter().sum();
        assert!(posted > 3 * names.len(), "nobody is answered without a database");
        stop.cancel();
    };
    let outage = async {
        // Some of them are just being handled.
        while rehearsal.tickets().await.is_empty() {
            rehearsal.app.bell.heard(Duration::from_millis(1)).await;
        }
        tokio::task::block_in_place(|| server.stop());
        gone.cancel();
        // A bell that nobody rings.
        Bell::default().heard(Duration::from_secs(6)).await;
        tokio::task::block_in_place(|| server.start_again());
    };
    join3(talk, outage, outbox::run(&rehearsal.app, &stop)).await;
    let tickets = rehearsal.tickets().await;
    assert_eq!(tickets.len(), names.len(), "one of each, and none twice");
    for ticket in &tickets {
        let history = rehearsal.app.store.history(ticket.id).await.unwrap();
        let times = history.iter().filter(|event| event.what.code() == "submitted").count();
        assert_eq!(times, 1);
    }
    rehearsal.later(chrono::TimeDelta::minutes(5)).await;
    let of_new = |notice: &&String| notice.contains("新诉求");
    assert_eq!(rehearsal.notices("值班员").iter().filter(of_new).count(), names.len());
}

on_both![without_redis_everything_goes_on];

async fn without_redis_everything_goes_on(database: &TestDatabase) {
    let mut redis = RedisServer::start();
    let shared = Shared::redis(&redis.address()).unwrap();
    let rehearsal = Rehearsal::at(&database.url, Some(shared)).await;
    rehearsal.reports("王大娘", "路灯坏了，王庄村东头").await;
    rehearsal.settle().await;
    tokio::task::block_in_place(|| redis.stop());
    rehearsal.reports("李大爷", "路灯坏了，王庄村东头").await;
    rehearsal.settle().await;
    assert_eq!(rehearsal.notices("值班员").len(), 2);
    // The token ends while nobody is there to share another one.
    rehearsal.later(chrono::TimeDelta::hours(3)).await;
    rehearsal.reports("赵师傅", "水管漏水，王庄村东头").await;
    rehearsal.settle().await;
    assert_eq!(rehearsal.notices("值班员").len(), 3);
    tokio::task::block_in_place(|| redis.start_again());
    rehearsal.reports("孙大姐", "水管漏水，王庄村东头").await;
    rehearsal.settle().await;
    assert_eq!(rehearsal.notices("值班员").len(), 4);
}

on_both![two_workers_send_each_message_once_and_do_what_is_due_once];

async fn two_workers_send_each_message_once_and_do_what_is_due_once(database: &TestDatabase) {
    let rehearsal = Rehearsal::on(database).await;
    let other = rehearsal.app.on(Store::open(&database.url).await.unwrap());
    for n in 0..30 {
        rehearsal.reports(&format!("居民{n}"), "路灯坏了，王庄村东头").await;
        // And a draft that is never sent off.
        rehearsal.says(&format!("犹豫的{n}"), "水管漏水，王庄村东头").await;
    }
    // First the messages, then the reminders that only time brings about.
    for _ in 0..2 {
        let stop = CancellationToken::new();
        let both = join(outbox::run(&rehearsal.app, &stop), outbox::run(&other, &stop));
        let watch = async {
            while other.store.next_outbox_due().await.unwrap().is_some()
                || !other.store.due_drafts(rehearsal.clock_now(), 1).await.unwrap().is_empty()
            {
                other.bell.heard(Duration::from_millis(20)).await;
            }
            stop.cancel();
        };
        Box::pin(join(both, watch)).await;
        rehearsal.clock.advance(chrono::TimeDelta::hours(25));
    }
    let of_new = |notice: &&String| notice.contains("新诉求");
    assert_eq!(rehearsal.notices("值班员").iter().filter(of_new).count(), 30);
    for n in 0..30 {
        let reminders = rehearsal.notices(&format!("犹豫的{n}"));
        assert_eq!(reminders.len(), 1, "{reminders:?}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn an_empty_database_is_answered_with_an_error_and_not_with_silence() {
    // Somebody removed the file: nothing may look as if it had been taken.
    let database = empty_sqlite().await;
    let site = crate::harness::site::TestSite::serving(
        crate::harness::site::account(lianxin::wechat::account::Mode::Plain),
        &database.store,
    );
    let push = crate::harness::site::text("o-resident", 1, "路灯坏了");
    let signed = crate::harness::site::signed(crate::harness::site::TOKEN);
    assert_eq!(site.push(&signed, push).await, (500, String::new()));
}
