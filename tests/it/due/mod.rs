//! What time alone brings about, on both databases and with several workers at once.

mod away;
mod morning;
mod plans;
mod routes;
mod upward;

use crate::harness::rehearsal::Rehearsal;
use chrono::{DateTime, Utc};
use lianxin::{
    app::App,
    clock::Clock,
    county::{County, Leave, Register, demo},
    due,
    ids::RandomIds,
    storage::Store,
    ticket::{
        Ticket, TicketId,
        event::{Actor, What},
        lifecycle::{self, Action},
    },
};

/// What happened to a ticket, clocks left aside.
async fn history(rehearsal: &Rehearsal, ticket: &Ticket) -> Vec<What> {
    let events = rehearsal.app.store.history(ticket.id).await.unwrap();
    events
        .into_iter()
        .map(|event| event.what)
        .filter(|what| !matches!(what, What::ClockSet { .. } | What::ClockRang { .. }))
        .collect()
}

async fn ticket(rehearsal: &Rehearsal, id: TicketId) -> Ticket {
    rehearsal.app.store.begin().await.unwrap().ticket(id).await.unwrap().unwrap()
}

/// Another county in the place of the one that is loaded; everybody in it is bound.
async fn import(rehearsal: &Rehearsal, change: impl FnOnce(&mut Register)) {
    let mut register = demo::county().register().clone();
    change(&mut register);
    let (store, now) = (&rehearsal.app.store, rehearsal.clock.now());
    let tx = store.begin().await.unwrap();
    tx.replace_county(&County::new(register), &RandomIds, now).await.unwrap();
    tx.commit().await.unwrap();
    rehearsal.app.county.forget();
}

/// Sends somebody on leave.
async fn leave(rehearsal: &Rehearsal, name: &str, from: &str, until: &str) {
    let leave = Leave { from: from.parse().unwrap(), until: until.parse().unwrap() };
    let person = rehearsal.member(name).await;
    let tx = rehearsal.app.store.begin().await.unwrap();
    tx.set_leave(person.id, Some(leave)).await.unwrap();
    tx.commit().await.unwrap();
    rehearsal.app.county.forget();
}

/// Lets time pass to a moment, and stops on the way whenever something is due.
async fn until(rehearsal: &Rehearsal, moment: DateTime<Utc>) {
    rehearsal.settle().await;
    while let Some(next) = due::next(&rehearsal.app).await.unwrap().filter(|next| *next <= moment) {
        assert!(next > rehearsal.clock.now(), "{next} is over and yet still to come");
        rehearsal.clock.set(next);
        rehearsal.settle().await;
    }
    rehearsal.clock.set(moment);
    rehearsal.settle().await;
}

/// A street light that was reported, accepted and dispatched to these, and taken by the first.
async fn taken_by(rehearsal: &Rehearsal, reporter: &str, names: &[&str]) -> Ticket {
    let ticket = dispatched_to(rehearsal, reporter, names).await;
    rehearsal.says(names[0], &format!("接单 {}", ticket.number)).await;
    self::ticket(rehearsal, ticket.id).await
}

async fn dispatched_to(rehearsal: &Rehearsal, reporter: &str, names: &[&str]) -> Ticket {
    let ticket = rehearsal.reports(reporter, "王庄村第1网格的路灯坏了三天了").await;
    let words = format!("派 {} {}", ticket.number, names.join("、"));
    rehearsal.says("值班员", &words).await;
    self::ticket(rehearsal, ticket.id).await
}

/// The same service in another process.
async fn another(rehearsal: &Rehearsal, url: &str) -> App {
    let mut app = rehearsal.app.on(Store::open(url).await.unwrap());
    app.county = lianxin::app::CountyCache::default();
    app
}

/// Moves a ticket by an action that no chat word has.
async fn act(rehearsal: &Rehearsal, ticket: &Ticket, action: Action, by: &Actor) -> Ticket {
    let county = rehearsal.app.county_at(rehearsal.clock.now()).await.unwrap();
    let rules = lianxin::dialogue::rules_of(&county, &ticket.report.category);
    let done = lifecycle::act(ticket, action, by, rules, rehearsal.clock.now()).unwrap();
    let tx = rehearsal.app.store.begin().await.unwrap();
    tx.save(&done).await.unwrap();
    tx.commit().await.unwrap();
    done.after
}
