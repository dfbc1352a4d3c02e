//! Histories to count, written down event by event.

use crate::{
    rates::{Expected, Percent, Rate, Story, Subject, Table, Tally},
    ticket::{
        Channel, ClockKind, ClosedKind, Deadline, Follower, Media, MediaKind, MemberId, Outcome,
        Person, Place, Rating, Report, TicketNumber, Tier,
        clock::{Because, Rung},
        event::{Actor, Event, What},
    },
};
use chrono::{DateTime, TimeDelta, Utc};
use uuid::Uuid;

/// Beijing time, like `03-02 09:00` of 2026.
pub(super) fn beijing(text: &str) -> DateTime<Utc> {
    DateTime::parse_from_rfc3339(&format!("2026-{}:00+08:00", text.replace(' ', "T")))
        .unwrap()
        .to_utc()
}

pub(super) fn number(nth: u32) -> TicketNumber {
    TicketNumber::find(&format!("LX260302{nth:06}")).unwrap()
}

/// One ticket's history, and whose it is.
#[derive(Debug, Clone)]
pub(super) struct Tale {
    pub(super) subject: Subject,
    pub(super) events: Vec<Event>,
}

impl Tale {
    /// Submitted at nine, to be accepted by one and done on the sixth; in 王庄村第1网格.
    pub(super) fn new(nth: u32, at: DateTime<Utc>) -> Self {
        let openid = format!("o-{nth}");
        let subject = Subject {
            number: number(nth),
            channel: Channel::Wechat,
            reporter: Follower { account: "MAIN".into(), openid },
            is_member: false,
        };
        let report = Report {
            text: "路灯坏了".into(),
            place: Place::default(),
            category: "lighting".into(),
            contact: None,
            confidential: false,
            urgent: false,
            media: vec![],
        };
        let area_path = ["130699", "130699201", "130699201201"].map(String::from).to_vec();
        let what = What::Submitted { report, area_path };
        let tale = Self { subject, events: vec![Event { at, by: Actor::Resident, what }] };
        tale.clock(ClockKind::Accept, at, at + TimeDelta::hours(4), at + TimeDelta::hours(4))
            .due(at, at + TimeDelta::days(4))
    }

    pub(super) fn by(mut self, by: Actor, at: DateTime<Utc>, what: What) -> Self {
        self.events.push(Event { at, by, what });
        self
    }

    pub(super) fn desk(self, at: DateTime<Utc>, what: What) -> Self {
        self.by(Actor::Operator(person("值班员")), at, what)
    }

    pub(super) fn worker(self, at: DateTime<Utc>, what: What) -> Self {
        self.by(Actor::Member(person("张建国")), at, what)
    }

    pub(super) fn resident(self, at: DateTime<Utc>, what: What) -> Self {
        self.by(Actor::Resident, at, what)
    }

    pub(super) fn clock(
        self,
        kind: ClockKind,
        at: DateTime<Utc>,
        due_at: DateTime<Utc>,
        original_due_at: DateTime<Utc>,
    ) -> Self {
        let clock = Deadline {
            kind,
            due_at,
            original_due_at,
            warn_at: due_at,
            escalate_at: due_at,
            supervise_at: due_at,
            from: self.events[0].at,
            minutes: 0,
            paused: 0,
            extended: 0,
            not_before: None,
            rule: "lighting".into(),
            calendar: "2026".into(),
            provisional: false,
            computed_at: at,
            because: Because::Begun,
            rung: Rung::Silent,
        };
        self.by(Actor::System, at, What::ClockSet { clock })
    }

    pub(super) fn due(self, at: DateTime<Utc>, due: DateTime<Utc>) -> Self {
        self.clock(ClockKind::Result, at, due, due)
    }

    pub(super) fn accepted(self, at: DateTime<Utc>) -> Self {
        self.desk(at, What::Accepted)
    }

    pub(super) fn dispatched(self, at: DateTime<Utc>, unit: Option<&str>, tier: Tier) -> Self {
        let what = What::Dispatched {
            to: vec![person("张建国")],
            unit: unit.map(str::to_owned),
            reason: String::new(),
            tier: Some(tier),
        };
        let due = at + TimeDelta::days(1);
        self.desk(at, what).clock(ClockKind::Sign, at, due, due)
    }

    pub(super) fn taken(self, at: DateTime<Utc>) -> Self {
        self.worker(at, What::Taken { automatically: false })
    }

    pub(super) fn result(self, at: DateTime<Utc>, outcome: Outcome) -> Self {
        let media = vec![Media { kind: MediaKind::Photo, id: "photo".into(), at }];
        self.worker(at, What::ResultSubmitted { text: "办了".into(), outcome, media })
            .worker(at, What::SignoffAsked)
    }

    pub(super) fn signed(self, at: DateTime<Utc>) -> Self {
        let closed = What::Closed { kind: ClosedKind::Signed, outcome: Outcome::Solved };
        self.resident(at, What::SignedOff { fully: true }).resident(at, closed)
    }

    pub(super) fn lapsed(self, at: DateTime<Utc>) -> Self {
        let closed = What::Closed { kind: ClosedKind::Unsigned, outcome: Outcome::Solved };
        self.by(Actor::System, at, closed)
    }

    pub(super) fn rated(self, at: DateTime<Utc>, rating: Rating) -> Self {
        self.resident(at, What::Rated { rating, first: true })
    }

    pub(super) fn merged(self, at: DateTime<Utc>, into: u32) -> Self {
        self.desk(at, What::Merged { into: number(into) })
    }

    pub(super) fn told(&self, at: DateTime<Utc>) -> Option<Story> {
        Story::of(self.subject.clone(), &self.events, at)
    }
}

pub(super) fn person(name: &str) -> Person {
    Person { id: MemberId(Uuid::from_u128(1)), name: name.to_owned() }
}

pub(super) fn tally(tales: &[Tale], at: DateTime<Utc>) -> Tally {
    table(tales, at, None).total().clone()
}

pub(super) fn table(tales: &[Tale], at: DateTime<Utc>, by: Option<crate::rates::By>) -> Table {
    let mut table = Table::new(by, true);
    for story in tales.iter().filter_map(|tale| tale.told(at)) {
        table.add(&story, &Expected::default());
    }
    table
}

/// `3/7 42.9`, or `0/0 -`.
pub(super) fn shown(tally: &Tally, rate: Rate) -> String {
    let fraction = tally.rate(rate);
    let percent = fraction.percent().as_ref().map_or_else(|| "-".to_owned(), Percent::to_string);
    format!("{}/{} {percent}", fraction.numerator, fraction.denominator)
}
