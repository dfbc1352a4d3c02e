//! Tickets that live by chance: whatever the table of moves allows, by whoever may do it.

use crate::harness::{fresh, rehearsal::Rehearsal};
use chrono::{DateTime, TimeDelta, Utc};
use lianxin::{
    clock::Clock,
    dialogue::rules_of,
    ticket::{
        Call, Channel, Follower, Media, MediaKind, MemberId, Outcome, Person, Place, Rating,
        Report, Ticket, Tier,
        event::Actor,
        lifecycle::{self, Action, Rules, Transition},
    },
};
use uuid::Uuid;

/// Numbers by chance, the same for the same seed.
pub(crate) struct Chance(u64);

impl Chance {
    pub(crate) fn of(seed: u64) -> Self {
        Self(seed)
    }

    pub(crate) fn below(&mut self, end: usize) -> usize {
        self.0 =
            self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        usize::try_from(self.0 >> 33).unwrap() % end
    }

    fn one_of<'a, T>(&mut self, all: &'a [T]) -> &'a T {
        &all[self.below(all.len())]
    }
}

fn person(number: u128) -> Person {
    Person { id: MemberId(Uuid::from_u128(number)), name: format!("人{number}") }
}

fn operator() -> Actor {
    Actor::Operator(person(8))
}

/// A report in one of two townships, in a village without a grid, or nowhere.
pub(crate) fn opened(rehearsal: &Rehearsal, chance: &mut Chance) -> Transition {
    let paths: [&[&str]; 5] = [
        &["130699", "130699201", "130699201201", "13069920120101"],
        &["130699", "130699201", "130699201201"],
        &["130699", "130699202", "130699202200"],
        &["130699", "130699202"],
        &[],
    ];
    let path: Vec<String> = chance.one_of(&paths).iter().map(|area| (*area).to_owned()).collect();
    let report = Report {
        text: "路灯坏了".into(),
        place: Place { area: path.last().cloned(), ..Place::default() },
        category: (*chance.one_of(&["lighting", "road", "water"])).into(),
        contact: None,
        confidential: false,
        urgent: false,
        media: vec![],
    };
    let openid = format!("o-{}", chance.below(4));
    let by = Follower { account: rehearsal.account.slug.clone(), openid };
    let now = rehearsal.clock.now();
    let mut done = lifecycle::open(fresh(), by, report, path, Rules::default(), now);
    done.after.channel = *chance.one_of(&[Channel::Wechat, Channel::Hotline, Channel::WalkIn]);
    done
}

pub(crate) async fn save(rehearsal: &Rehearsal, done: &Transition) {
    let tx = rehearsal.app.store.begin().await.unwrap();
    tx.save(done).await.unwrap();
    tx.commit().await.unwrap();
}

fn action(chance: &mut Chance, tickets: &[Ticket], at: DateTime<Utc>) -> (Action, Actor) {
    let words = || "话".to_owned();
    let media = match chance.below(2) {
        0 => vec![],
        _ => vec![Media { kind: MediaKind::Photo, id: "p".into(), at }],
    };
    let call = Call {
        to: vec![person(1), person(2)],
        unit: chance.one_of(&[None, Some("power_supply"), Some("police")]).map(str::to_owned),
        tier: Some(Tier::ALL[chance.below(5)]),
        ..Call::default()
    };
    let member = Actor::Member(person(1));
    let second = Actor::Operator(person(9));
    let finish =
        || Action::Finish { text: words(), outcome: Outcome::Solved, media: media.clone() };
    match chance.below(25) {
        24 => (Action::Pass, operator()),
        0 | 1 => (Action::Accept, operator()),
        2 => (Action::ProposeRejection { reason: words() }, operator()),
        3 => (Action::ApproveRejection, second),
        4..=6 => (Action::Dispatch { call }, operator()),
        7 | 8 => (Action::Take, member),
        9 => (Action::Decline { reason: words() }, member),
        10 => (Action::UpholdReturn, operator()),
        11 => (Action::OverruleReturn, operator()),
        12 => (Action::Ask { question: words() }, operator()),
        13 => (Action::GiveInfo { text: words(), media: vec![] }, Actor::Resident),
        14..=16 => (finish(), member),
        17 => (Action::Confirm { fully: true }, Actor::Resident),
        18 => (Action::Object, Actor::Resident),
        19 => (Action::Rework { reason: None }, Actor::Resident),
        20 => (Action::Reopen { reason: words() }, Actor::Resident),
        21 => {
            let digit = u8::try_from(chance.below(5)).unwrap() + 1;
            (Action::Rate { rating: Rating::from_digit(digit).unwrap() }, Actor::Resident)
        }
        22 => (Action::Merge { into: chance.one_of(tickets).number.clone() }, operator()),
        _ => (Action::Withdraw { reason: None }, Actor::Resident),
    }
}

/// So many steps of anybody with any of these tickets, and some time between them.
pub(crate) async fn live(
    rehearsal: &Rehearsal,
    chance: &mut Chance,
    tickets: &mut Vec<Ticket>,
    steps: usize,
) {
    for _ in 0..steps {
        if tickets.len() < 10 || chance.below(10) == 0 {
            let done = opened(rehearsal, chance);
            save(rehearsal, &done).await;
            tickets.push(done.after);
        }
        let now = rehearsal.clock.now();
        let county = rehearsal.app.county_at(now).await.unwrap();
        // Most of what comes to mind is not possible.
        for _ in 0..8 {
            let at = chance.below(tickets.len());
            let (action, by) = action(chance, tickets, now);
            let is_end = matches!(action, Action::Merge { .. } | Action::Withdraw { .. });
            if is_end && chance.below(4) > 0 {
                continue;
            }
            let rules = rules_of(&county, &tickets[at].report.category);
            if let Ok(done) = lifecycle::act(&tickets[at], action, &by, rules, now) {
                save(rehearsal, &done).await;
                tickets[at] = done.after;
                break;
            }
        }
        let minutes = [0, 1, 40, 300][chance.below(4)];
        rehearsal.clock.advance(TimeDelta::minutes(minutes));
    }
}

/// A matter that the police did, and that the resident with this phone graded.
pub(crate) async fn graded(rehearsal: &Rehearsal, openid: &str, digit: u8) -> Ticket {
    let now = rehearsal.clock.now();
    let mut open = opened(rehearsal, &mut Chance::of(u64::from(digit)));
    open.after.reporter.openid = openid.to_owned();
    save(rehearsal, &open).await;
    let (mut ticket, member) = (open.after, Actor::Member(person(1)));
    let call = Call { to: vec![person(1)], unit: Some("police".into()), ..Call::default() };
    let text = "办了".to_owned();
    let county = rehearsal.app.county_at(now).await.unwrap();
    for (action, by) in [
        (Action::Accept, operator()),
        (Action::Dispatch { call }, operator()),
        (Action::Take, member.clone()),
        (Action::Finish { text, outcome: Outcome::Solved, media: vec![] }, member),
        (Action::Pass, operator()),
        (Action::Confirm { fully: true }, Actor::Resident),
        (Action::Rate { rating: Rating::from_digit(digit).unwrap() }, Actor::Resident),
    ] {
        let rules = rules_of(&county, &ticket.report.category);
        let is_check = matches!(action, Action::Pass);
        match lifecycle::act(&ticket, action, &by, rules, now) {
            Ok(done) => {
                save(rehearsal, &done).await;
                ticket = done.after;
            }
            // Not every category has its results checked.
            Err(refused) => assert!(is_check, "{refused}"),
        }
    }
    ticket
}
