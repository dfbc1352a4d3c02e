//! Members and operators talking; each talk lives with what its steps changed.

mod beside;
mod desk;
mod invitations;
mod members;

use crate::county::{County, Role, demo};
use crate::dialogue::{
    Duty, Event, Facts, Invitation, Named, Needs, Profile, Reply, Speaker, State, Step, View,
    needs, step,
};
use crate::ticket::event::Actor;
use crate::ticket::lifecycle::{self, Action, Rules};
use crate::ticket::{
    Call, Follower, Media, MediaKind, MemberId, Outcome, Person, Place, Report, Stage, Ticket,
};
use chrono::{DateTime, TimeDelta, Utc};
use uuid::Uuid;

fn morning() -> DateTime<Utc> {
    DateTime::parse_from_rfc3339("2026-03-02T09:00:00+08:00").unwrap().to_utc()
}

fn person(number: u128, name: &str) -> Person {
    Person { id: MemberId(Uuid::from_u128(number)), name: name.to_owned() }
}

fn zhang() -> Person {
    person(1, "张建国")
}

fn liu() -> Person {
    person(2, "刘芳")
}

fn desk() -> Person {
    person(9, "值班员")
}

fn speaker(who: &Person, role: Role, area: Option<&str>) -> Speaker {
    Speaker {
        follower: Follower { account: "MAIN".into(), openid: format!("o-{}", who.name) },
        phone: None,
        home: None,
        told_privacy: true,
        wish: crate::ticket::wish::Wish::Steps,
        duty: Some(Duty { person: who.clone(), role, area: area.map(str::to_owned), unit: None }),
        also: Vec::new(),
    }
}

fn member(who: &Person) -> Speaker {
    speaker(who, Role::Member, Some("130699201201001"))
}

fn operator() -> Speaker {
    speaker(&desk(), Role::Supervisor, Some("130699"))
}

fn report(text: &str) -> Report {
    Report {
        text: text.to_owned(),
        place: Place {
            text: Some("村东头".into()),
            point: None,
            area: Some("130699201201".into()),
        },
        category: "lighting".into(),
        contact: Some("19900000077".into()),
        confidential: false,
        urgent: false,
        media: vec![],
    }
}

fn submitted_with(number: u128, report: Report) -> Ticket {
    let reporter = Follower { account: "MAIN".into(), openid: "o-wang".into() };
    let path = ["130699", "130699201", "1306992012", "130699201201"].map(str::to_owned);
    let id = Uuid::from_u128(number);
    lifecycle::open(id, reporter, report, path.to_vec(), Rules::default(), morning()).after
}

fn submitted(number: u128) -> Ticket {
    submitted_with(number, report("路灯坏了三天了，电话13812345678"))
}

fn after(ticket: &Ticket, action: Action, by: &Actor) -> Ticket {
    lifecycle::act(ticket, action, by, Rules::default(), morning()).unwrap().after
}

fn called(ticket: &Ticket, to: &[Person]) -> Ticket {
    let by = Actor::Operator(desk());
    let accepted = after(ticket, Action::Accept, &by);
    let call = Action::Dispatch { call: Call { to: to.to_vec(), ..Call::default() } };
    after(&accepted, call, &by)
}

fn taken(ticket: &Ticket, by: Person) -> Ticket {
    after(&called(ticket, &[zhang(), liu()]), Action::Take, &Actor::Member(by))
}

fn photo(id: &str) -> Media {
    Media { kind: MediaKind::Photo, id: id.to_owned(), at: morning() }
}

/// One person's talk, with what would be looked up for them.
struct Talk {
    who: Speaker,
    county: County,
    facts: Facts,
    state: State,
    now: DateTime<Utc>,
    trusts_chat: bool,
}

impl Talk {
    fn of(who: Speaker, facts: Facts) -> Self {
        let county = demo::county();
        let state = State::default();
        Self { who, county, facts, state, now: morning(), trusts_chat: true }
    }

    fn with_tasks(who: &Person, tasks: &[Ticket]) -> Self {
        Self::of(member(who), Facts { tasks: tasks.to_vec(), ..Facts::default() })
    }

    fn at_desk(tickets: &[Ticket]) -> Self {
        let people = [
            ("张建国", zhang(), "130699201201001"),
            ("刘芳", liu(), "130699201201001"),
            ("王伟", person(5, "王伟"), "130699201"),
            ("王伟", person(6, "王伟"), "130699100"),
        ];
        let people = people.map(|(asked, person, area)| Named {
            person,
            area: Some(area.to_owned()),
            unit: None,
            asked: asked.to_owned(),
            role: crate::county::Role::Member,
            load: 0,
            reachable: true,
        });
        let facts = Facts { desk: tickets.to_vec(), people: people.to_vec(), ..Facts::default() };
        Self::of(operator(), facts)
    }

    /// Takes a step and lives with its result, as the store would.
    fn does(&mut self, event: Event) -> Step {
        let view = View {
            who: &self.who,
            county: &self.county,
            facts: &self.facts,
            now: self.now,
            fresh: Uuid::from_u128(77),
            trusts_chat: self.trusts_chat,
        };
        let done = step(view, self.state.clone(), event);
        self.state = done.state.clone();
        for change in &done.changes {
            let lists = [&mut self.facts.tasks, &mut self.facts.desk];
            for ticket in lists.into_iter().flatten() {
                if ticket.id == change.after.id {
                    *ticket = change.after.clone();
                }
            }
        }
        done
    }

    fn says(&mut self, text: &str) -> Step {
        self.does(Event::Text(text.to_owned()))
    }

    fn needs(&self, text: &str) -> Needs {
        needs(&self.who, &self.county, &self.state, &Event::Text(text.to_owned()))
    }
}

/// The tags of what was said, and the stages that tickets came to.
fn outcome(done: &Step) -> (Vec<String>, Vec<Stage>) {
    let tag =
        |reply: &Reply| serde_json::to_value(reply).unwrap()["reply"].as_str().unwrap().to_owned();
    (
        done.replies.iter().map(tag).collect(),
        done.changes.iter().map(|change| change.after.status.stage()).collect(),
    )
}

#[track_caller]
fn check(done: &Step, replies: &[&str], stages: &[Stage]) {
    let (said, came_to) = outcome(done);
    assert_eq!(said, replies, "{done:?}");
    assert_eq!(came_to, stages);
}
