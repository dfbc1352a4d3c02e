//! Conversations as residents have them: the tricky cases, and what holds for all of them.

use super::*;
use crate::county::demo;
use crate::replies::Wording;
use crate::ticket::event::Actor;
use crate::ticket::lifecycle::{self, Action, Rules};
use crate::ticket::{
    Follower, Media, MediaKind, MemberId, Outcome, Person, Point, Rating, Stage, Ticket,
};
use chrono::{DateTime, TimeDelta, Utc};
use std::sync::LazyLock;
use uuid::Uuid;

static COUNTY: LazyLock<County> = LazyLock::new(demo::county);
static WORDING: LazyLock<Wording> =
    LazyLock::new(|| Wording::load(None, "https://example.org/m/privacy"));

/// One resident's chat, without a database: tickets are kept as the steps leave them.
struct Chat {
    who: Speaker,
    state: State,
    tickets: Vec<Ticket>,
    now: DateTime<Utc>,
    drawn: u128,
}

impl Chat {
    fn new() -> Self {
        Self {
            who: Speaker {
                follower: Follower { account: "main".into(), openid: "o1".into() },
                phone: None,
                home: None,
                told_privacy: false,
                duty: None,
            },
            state: State::default(),
            tickets: Vec::new(),
            now: DateTime::parse_from_rfc3339("2026-03-02T09:00:00+08:00").unwrap().to_utc(),
            drawn: 0,
        }
    }

    fn does(&mut self, event: Event) -> Vec<Reply> {
        self.now += TimeDelta::seconds(1);
        self.drawn += 1;
        // As storage does: the stored form is read back before every step.
        let (state, _) = State::read(serde_json::to_value(&self.state).unwrap());
        let needs = needs(&self.who, &COUNTY, &state, &event);
        let mut mine = self.tickets.clone();
        mine.reverse();
        let number =
            needs.number.and_then(|n| self.tickets.iter().find(|t| t.number == n)).cloned();
        let facts = Facts { mine, number, ..Facts::default() };
        let view = View {
            who: &self.who,
            county: &COUNTY,
            facts: &facts,
            now: self.now,
            fresh: Uuid::from_u128(self.drawn),
            trusts_chat: true,
        };
        let step = step(view, state, event);
        self.state = step.state;
        for change in step.changes {
            self.keep(change.after);
        }
        for news in step.profile {
            match news {
                Profile::Phone(phone) => self.who.phone = Some(phone),
                Profile::Home(area) => self.who.home = Some(area),
                Profile::ToldPrivacy => self.who.told_privacy = true,
                _ => {}
            }
        }
        step.replies
    }

    fn keep(&mut self, ticket: Ticket) {
        match self.tickets.iter_mut().find(|known| known.id == ticket.id) {
            Some(known) => *known = ticket,
            None => self.tickets.push(ticket),
        }
    }

    fn says(&mut self, text: &str) -> String {
        let replies = self.does(Event::Text(text.to_owned()));
        WORDING.replies(&replies)
    }

    fn speaks(&mut self, heard: &str) -> String {
        let media = self.media(MediaKind::Voice);
        let heard = Some(heard.to_owned()).filter(|heard| !heard.is_empty());
        let replies = self.does(Event::Voice { media, heard });
        WORDING.replies(&replies)
    }

    fn photo(&mut self) -> String {
        let media = self.media(MediaKind::Photo);
        let replies = self.does(Event::Photo(media));
        WORDING.replies(&replies)
    }

    fn at(&mut self, lat: f64, lng: f64) -> String {
        let replies =
            self.does(Event::Location { point: Point { lat, lng }, label: String::new() });
        WORDING.replies(&replies)
    }

    fn media(&self, kind: MediaKind) -> Media {
        Media { kind, id: format!("m{}", self.drawn), at: self.now }
    }

    fn later(&mut self, pause: TimeDelta) -> &mut Self {
        self.now += pause;
        self
    }

    fn last(&self) -> &Ticket {
        self.tickets.last().expect("a ticket was submitted")
    }

    fn act(&mut self, action: Action, by: &Actor) {
        let ticket = self.last().clone();
        let done = lifecycle::act(&ticket, action, by, Rules::default(), self.now).unwrap();
        self.keep(done.after);
    }

    /// The volunteer finished; the resident is to sign off.
    fn until_signoff(&mut self) {
        self.says("王庄村东头路灯坏了三天了");
        self.says("1");
        let desk = Actor::Operator(person(1, "值班员"));
        let zhang = person(2, "张建国");
        self.act(Action::Accept, &desk);
        let call = Action::Dispatch { to: vec![zhang.clone()], unit: None, reason: String::new() };
        self.act(call, &desk);
        self.act(Action::Take, &Actor::Member(zhang.clone()));
        let done =
            Action::Finish { text: "换好了".into(), outcome: Outcome::Solved, media: vec![] };
        self.later(TimeDelta::hours(30)).act(done, &Actor::Member(zhang));
    }
}

fn person(n: u128, name: &str) -> Person {
    Person { id: MemberId(Uuid::from_u128(n)), name: name.to_owned() }
}

#[track_caller]
fn has(answer: &str, parts: &[&str]) {
    for part in parts {
        assert!(answer.contains(part), "{part:?} is not in:\n{answer}");
    }
}

mod anything;
mod following;
mod telling;
mod town;
