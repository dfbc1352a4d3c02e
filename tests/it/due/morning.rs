//! Each working day's word about what is late, notices that wait for the morning, and dates that
//! were guessed at.

use super::{another, import, taken_by, ticket, until};
use crate::harness::{TestDatabase, moment, on_both, rehearsal::Rehearsal};
use chrono::TimeDelta;
use futures_util::future::join_all;
use lianxin::{
    calendar::Special,
    county::Hours,
    due,
    ticket::{
        clock::{Because, result_clock},
        event::What,
    },
};

on_both![
    whoever_has_late_tickets_is_told_once_each_working_day,
    several_workers_tell_it_once_and_a_broken_one_tells_nothing,
    a_reminder_waits_for_the_end_of_the_quiet_hours,
    dates_that_were_guessed_at_are_computed_again_when_the_year_is_known,
];

fn digests(rehearsal: &Rehearsal, name: &str) -> Vec<String> {
    let mut told = rehearsal.notices(name);
    told.retain(|told| told.contains("您手上有") || told.contains("超期汇总"));
    told
}

async fn whoever_has_late_tickets_is_told_once_each_working_day(database: &TestDatabase) {
    let rehearsal = Rehearsal::on(database).await;
    // Nobody is above those of the county, so it stays where it is. A lead of the unit is told too.
    for number in 0..7 {
        taken_by(&rehearsal, &format!("居民{number}"), &["县供电公司"]).await;
    }
    // Due on Thursday the 5th at 9:00, too late for that day's word.
    until(&rehearsal, moment("2026-03-05T18:00:00+08:00")).await;
    assert_eq!(digests(&rehearsal, "周光明").len(), 0);
    until(&rehearsal, moment("2026-03-06T08:29:59+08:00")).await;
    assert_eq!(digests(&rehearsal, "周光明").len(), 0);
    until(&rehearsal, moment("2026-03-06T08:30:00+08:00")).await;
    let told = digests(&rehearsal, "周光明");
    assert_eq!(told.len(), 1, "{told:?}");
    assert!(told[0].contains('7'), "{told:?}");
    // Not over the weekend; on Monday again.
    until(&rehearsal, moment("2026-03-09T08:29:59+08:00")).await;
    assert_eq!(digests(&rehearsal, "周光明").len(), 1);
    until(&rehearsal, moment("2026-03-09T08:30:01+08:00")).await;
    assert_eq!(digests(&rehearsal, "周光明").len(), 2);
    assert!(digests(&rehearsal, "张建国").is_empty(), "nothing of theirs is late");
}

async fn several_workers_tell_it_once_and_a_broken_one_tells_nothing(database: &TestDatabase) {
    let rehearsal = Rehearsal::on(database).await;
    taken_by(&rehearsal, "王大娘", &["周光明"]).await;
    until(&rehearsal, moment("2026-03-06T08:29:59+08:00")).await;
    rehearsal.clock.advance(TimeDelta::hours(3));
    // A worker that dies in the middle leaves the day to the next one.
    let day = "2026-03-06".parse().unwrap();
    let broken = rehearsal.app.store.begin().await.unwrap();
    assert!(broken.claim_digest(day).await.unwrap());
    assert!(!broken.claim_digest(day).await.unwrap());
    drop(broken);
    let mut workers = Vec::new();
    for _ in 0..4 {
        workers.push(another(&rehearsal, &database.url).await);
    }
    for done in join_all(workers.iter().map(due::run)).await {
        done.unwrap();
    }
    rehearsal.settle().await;
    assert_eq!(digests(&rehearsal, "周光明").len(), 1);
    assert_eq!(rehearsal.app.store.digest_day().await.unwrap(), Some(day));
    let earlier = rehearsal.app.store.begin().await.unwrap();
    assert!(!earlier.claim_digest("2026-03-05".parse().unwrap()).await.unwrap());
}

async fn a_reminder_waits_for_the_end_of_the_quiet_hours(database: &TestDatabase) {
    let rehearsal = Rehearsal::on(database).await;
    import(&rehearsal, |register| {
        register.settings.quiet = Hours::read("10:00-15:00").unwrap();
    })
    .await;
    // The desk is warned at 14:00 and reminded at 15:00; somebody in danger is not waited for.
    rehearsal.reports("王大娘", "王庄村第1网格的路灯坏了三天了").await;
    let warned = |told: &String| told.contains("快到期") || told.contains("临近");
    until(&rehearsal, moment("2026-03-02T14:59:00+08:00")).await;
    let before = rehearsal.notices("值班员");
    assert!(!before.iter().any(warned), "{before:?}");
    until(&rehearsal, moment("2026-03-02T15:01:00+08:00")).await;
    let after = rehearsal.notices("值班员");
    // One warning and one that it is over, though they sit at the desk and supervise it.
    assert_eq!(after.len(), before.len() + 2, "{after:?}");
}

async fn dates_that_were_guessed_at_are_computed_again_when_the_year_is_known(
    database: &TestDatabase,
) {
    let rehearsal = Rehearsal::on(database).await;
    rehearsal.clock.set(moment("2026-12-30T09:00:00+08:00"));
    let mut guessed = Vec::new();
    for number in 0..3 {
        let reporter = format!("居民{number}");
        guessed.push(rehearsal.reports(&reporter, "王庄村第1网格的路灯坏了三天了").await);
    }
    let date = |ticket: &lianxin::ticket::Ticket| result_clock(ticket).unwrap().clone();
    assert!(date(&guessed[0]).provisional);
    // The 2nd of January becomes a holiday, and the 4th too.
    import(&rehearsal, |register| {
        for day in ["2027-01-01", "2027-01-02", "2027-01-03", "2027-01-04"] {
            let holiday = Special::Holiday("元旦".to_owned());
            register.days.insert(day.parse().unwrap(), holiday);
        }
    })
    .await;
    let mut workers = Vec::new();
    for _ in 0..2 {
        workers.push(another(&rehearsal, &database.url).await);
    }
    for done in join_all(workers.iter().map(due::run)).await {
        done.unwrap();
    }
    rehearsal.settle().await;
    for before in &guessed {
        let after = ticket(&rehearsal, before.id).await;
        assert!(!date(&after).provisional);
        assert!(date(&after).due_at > date(before).due_at);
        let events = rehearsal.app.store.history(before.id).await.unwrap();
        let again = events.iter().filter(|event| {
            matches!(&event.what, What::ClockSet { clock } if clock.because == Because::CalendarChanged)
        });
        let again: Vec<_> = again.collect();
        assert!(again.iter().all(|event| event.by == lianxin::ticket::event::Actor::System));
        let kinds = before.course.clocks.iter().filter(|clock| clock.provisional).count();
        assert_eq!(again.len(), kinds, "once each");
    }
    assert_eq!(due::run(&rehearsal.app).await.unwrap(), 0);
}
