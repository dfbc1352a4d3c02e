//! The worked example: twelve tickets, and every figure of them.

use super::sample::{Tale, beijing, number, shown, tally};
use crate::{
    rates::{Check, Count, Figure, Level, Rate},
    ticket::{ClockKind, ClosedKind, Outcome, Rating, Tier, event::What},
};
use chrono::{DateTime, Utc};

fn begin() -> DateTime<Utc> {
    beijing("03-02 09:00")
}

/// The snapshot.
fn moment() -> DateTime<Utc> {
    beijing("04-01 00:00")
}

/// Accepted, dispatched and taken in time.
fn at_work(nth: u32, begin: DateTime<Utc>) -> Tale {
    let at = |minutes| begin + chrono::TimeDelta::minutes(minutes);
    Tale::new(nth, begin)
        .accepted(at(10))
        .dispatched(at(20), Some("power"), Tier::County)
        .taken(at(30))
}

/// A to L, the first half hour of each in time but L's.
pub(super) fn twelve() -> Vec<Tale> {
    let in_time = beijing("03-05 10:00");
    let (late, after) = (beijing("03-09 10:00"), beijing("03-10 10:00"));
    let (later, end) = (beijing("03-11 10:00"), beijing("03-12 10:00"));
    let signed = at_work(1, begin()).result(in_time, Outcome::Solved).signed(after);
    let late_result = at_work(2, begin()).result(late, Outcome::Solved).signed(after);
    let redone = at_work(4, begin())
        .result(in_time, Outcome::Solved)
        .lapsed(beijing("03-05 18:00"))
        .rated(beijing("03-05 19:00"), Rating::Dissatisfied)
        .resident(beijing("03-05 19:01"), What::Reopened { reason: "又不亮了".into() })
        .result(late, Outcome::Solved)
        .signed(after)
        .rated(later, Rating::Satisfied);
    let answer = What::ResultSubmitted {
        text: "按规定不能办".into(),
        outcome: Outcome::Explained,
        media: vec![],
    };
    let final_answer = at_work(10, begin())
        .result(in_time, Outcome::Explained)
        .resident(after, What::Objected)
        .desk(later, answer)
        .desk(later, What::Closed { kind: ClosedKind::FinalAnswer, outcome: Outcome::Explained })
        .rated(end, Rating::VeryDissatisfied);
    let extended = at_work(11, begin())
        .worker(
            beijing("03-04 10:00"),
            What::ExtensionAsked { minutes: 1440, reason: "等配件".into() },
        )
        .clock(ClockKind::Result, in_time, beijing("03-10 09:00"), beijing("03-06 09:00"))
        .result(late, Outcome::Solved)
        .signed(after)
        .rated(later, Rating::Satisfied);
    let master = What::MasterClosed { kind: ClosedKind::Signed, outcome: Outcome::Solved };
    vec![
        signed.rated(later, Rating::Satisfied),
        late_result.rated(later, Rating::FairlySatisfied),
        at_work(3, begin()).result(in_time, Outcome::Solved).lapsed(after),
        redone,
        at_work(5, begin()),
        at_work(6, beijing("03-30 09:00")),
        Tale::new(7, begin())
            .merged(beijing("03-02 11:00"), 1)
            .desk(after, master)
            .rated(later, Rating::VerySatisfied),
        Tale::new(8, begin())
            .desk(beijing("03-02 12:00"), What::Rejected { reason: "不属于本县".into() }),
        Tale::new(9, begin()).resident(beijing("03-02 09:05"), What::Withdrawn { reason: None }),
        final_answer,
        extended,
        Tale::new(12, begin()),
    ]
}

#[test]
fn every_rate_of_the_worked_example_comes_out() {
    let tally = tally(&twelve(), moment());
    for (rate, expected) in [
        (Rate::Acceptance, "8/10 80.0"),
        (Rate::Response, "9/10 90.0"),
        (Rate::Completion, "6/8 75.0"),
        (Rate::CompletionDue, "6/7 85.7"),
        (Rate::OnTime, "4/7 57.1"),
        (Rate::OnTimeFirst, "5/7 71.4"),
        (Rate::OnTimeRaw, "3/7 42.9"),
        (Rate::Satisfaction, "5/6 83.3"),
        (Rate::SatisfactionFirst, "4/6 66.7"),
        (Rate::Participation, "6/7 85.7"),
        (Rate::Solved, "5/6 83.3"),
        (Rate::Redo, "1/6 16.7"),
        (Rate::Signoff, "4/6 66.7"),
        (Rate::Signing, "8/8 100.0"),
        (Rate::ReturnUpheld, "0/8 0.0"),
        (Rate::ReturnOverruled, "0/8 0.0"),
    ] {
        assert_eq!(shown(&tally, rate), expected, "{}", rate.code());
    }
}

#[test]
fn the_lists_name_the_tickets_that_the_example_names() {
    let tally = tally(&twelve(), moment());
    let letters = |rate: Rate| -> (String, String) {
        let tickets = tally.rate(rate).tickets;
        let letter = |of: &crate::ticket::TicketNumber| {
            (1..=12).zip('A'..='L').find(|(nth, _)| number(*nth) == *of).map(|(_, letter)| letter)
        };
        let all = |numbers: &[crate::ticket::TicketNumber]| {
            numbers.iter().filter_map(letter).collect::<String>()
        };
        (all(&tickets.numerator), all(&tickets.denominator))
    };
    for (rate, numerator, denominator) in [
        (Rate::Acceptance, "ABCDEFJK", "ABCDEFHJKL"),
        (Rate::Response, "ABCDEFHJK", "ABCDEFHJKL"),
        (Rate::Completion, "ABCDJK", "ABCDEFJK"),
        (Rate::CompletionDue, "ABCDJK", "ABCDEJK"),
        (Rate::OnTime, "ACJK", "ABCDEJK"),
        (Rate::OnTimeFirst, "ACDJK", "ABCDEJK"),
        (Rate::OnTimeRaw, "ACJ", "ABCDEJK"),
        (Rate::Satisfaction, "ABDGK", "ABDGJK"),
        (Rate::SatisfactionFirst, "ABGK", "ABDGJK"),
        (Rate::Participation, "ABDGJK", "ABCDGJK"),
        (Rate::Solved, "ABDGK", "ABDGJK"),
        (Rate::Redo, "D", "ABCDJK"),
        (Rate::Signoff, "ABDK", "ABCDJK"),
    ] {
        let found = letters(rate);
        assert_eq!(found, (numerator.into(), denominator.into()), "{}", rate.code());
    }
}

#[test]
fn numbers_levels_and_checks_of_the_example_are_counted_too() {
    let tally = tally(&twelve(), moment());
    let count = |count: Count| tally.get(Figure::Count(count)).numerator;
    assert_eq!(Count::ALL.map(count), [12, 8, 6, 5, 1, 1, 1]);
    let level = tally.get(Figure::Level(Level::At(Tier::County)));
    assert_eq!((level.numerator, level.denominator), (6, 6));
    let below = tally.get(Figure::Level(Level::TownshipOrBelow));
    assert_eq!(below.percent().unwrap().to_string(), "0.0");
    let check = |check: Check| {
        let found = tally.get(Figure::Check(check));
        (found.numerator, found.denominator)
    };
    assert_eq!(check(Check::ClosedUnsigned), (1, 6));
    assert_eq!(check(Check::LateExtension), (0, 1));
    assert_eq!(check(Check::WithdrawnAfterDispatch), (0, 8));
    assert_eq!(check(Check::RatedByStaff), (0, 7));
}

#[test]
fn a_share_of_nothing_is_none_and_never_a_hundred_percent() {
    let tally = tally(&[], moment());
    for rate in Rate::ALL {
        assert_eq!(shown(&tally, rate), "0/0 -");
    }
}
