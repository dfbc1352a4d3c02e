//! What storage promises, on both databases.

mod codes_tags;
mod console;
mod county;
mod deliveries;
mod entities;
mod inconsistent;
mod look;
mod media;
mod members;
mod near;
mod outbox;
mod queues;
mod residents;
mod saved_views;
mod settings;
mod stories;
mod tickets;
mod visitors;
mod words;

use crate::harness::{fresh, monday};
use lianxin::{
    storage::Store,
    ticket::{
        Follower, MemberId, Person, Place, Point, Report, Ticket,
        event::Actor,
        lifecycle::{self, Action, Rules, Transition},
    },
};

fn follower(openid: &str) -> Follower {
    Follower { account: "main".to_owned(), openid: openid.to_owned() }
}

fn person(name: &str) -> Person {
    Person { id: MemberId(fresh()), name: name.to_owned() }
}

fn operator() -> Actor {
    Actor::Operator(person("值班员"))
}

fn report(text: &str) -> Report {
    Report {
        text: text.to_owned(),
        place: Place {
            text: Some("王庄村东头".to_owned()),
            point: Some(Point { lat: 38.9912, lng: 116.1034 }),
            area: Some("130699201201".to_owned()),
        },
        category: "lighting".to_owned(),
        contact: Some("19900001234".to_owned()),
        confidential: false,
        urgent: true,
        media: Vec::new(),
    }
}

fn path(codes: &[&str]) -> Vec<String> {
    codes.iter().map(|code| (*code).to_owned()).collect()
}

fn opened(by: &Follower) -> Transition {
    let area_path = path(&["130699", "130699201", "130699201201"]);
    lifecycle::open(
        fresh(),
        by.clone(),
        report("路灯坏了三天了"),
        area_path,
        Rules::default(),
        monday(),
    )
}

fn acted(ticket: &Ticket, action: Action, by: &Actor) -> Transition {
    lifecycle::act(ticket, action, by, Rules::default(), monday()).unwrap()
}

fn dispatch(to: &[&Person]) -> Action {
    let to = to.iter().map(|person| (*person).clone()).collect();
    let unit = Some("power_supply".to_owned());
    let reason = "就近".to_owned();
    Action::Dispatch { call: lianxin::ticket::Call { to, unit, reason, ..Default::default() } }
}

async fn save(store: &Store, done: &Transition) -> Ticket {
    let tx = store.begin().await.unwrap();
    tx.save(done).await.unwrap();
    tx.commit().await.unwrap();
    done.after.clone()
}

/// Saves a new ticket and what is done to it.
async fn saved(store: &Store, by: &Follower, actions: &[(Action, Actor)]) -> Ticket {
    let mut ticket = save(store, &opened(by)).await;
    for (action, actor) in actions {
        ticket = save(store, &acted(&ticket, action.clone(), actor)).await;
    }
    ticket
}
