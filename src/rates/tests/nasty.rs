//! What people would get wrong, or try.

use super::sample::{Tale, beijing, person, shown, table, tally};
use crate::{
    rates::{By, Check, Expected, Figure, Percent, Rate, Tally},
    ticket::{ClockKind, ClosedKind, Outcome, Rating, Tier, event::Actor, event::What},
};
use chrono::TimeDelta;

fn begun() -> Tale {
    let begin = beijing("03-02 09:00");
    Tale::new(1, begin).accepted(begin + TimeDelta::minutes(10))
}

#[test]
fn half_of_a_tenth_is_rounded_up_and_nothing_is_lost_on_the_way() {
    for (part, whole, shown) in
        [(1, 2000, "0.1"), (1, 2001, "0.0"), (2, 3, "66.7"), (1, 8, "12.5"), (7, 7, "100.0")]
    {
        assert_eq!(Percent::of(part, whole).unwrap().to_string(), shown);
    }
    assert_eq!(Percent::of(0, 0), None);
    assert_eq!(Percent::read("75"), Percent::read("75.0"));
    for odd in ["", "75.00", ".5", "5.", "-1", "1e3", "七十"] {
        assert_eq!(Percent::read(odd), None, "{odd}");
    }
}

#[test]
fn silence_is_not_signing_in_time_and_whoever_leads_bears_it() {
    let at = beijing("03-02 10:00");
    let tale = begun()
        .dispatched(at, Some("power"), Tier::County)
        .by(Actor::System, beijing("03-03 10:00"), What::Taken { automatically: true })
        .taken(beijing("03-03 10:30"));
    let before = tally(std::slice::from_ref(&tale), beijing("03-03 09:59"));
    assert_eq!(shown(&before, Rate::Signing), "0/0 -");
    let parts = table(&[tale], beijing("03-04 00:00"), Some(By::Unit));
    assert_eq!(shown(parts.part("power").unwrap(), Rate::Signing), "0/1 0.0");
}

#[test]
fn a_return_that_was_right_counts_at_who_returned_it_and_the_result_at_who_brought_it() {
    let declined = What::Declined { reason: "职责不符".into() };
    let tale = begun()
        .dispatched(beijing("03-02 10:00"), Some("police"), Tier::County)
        .worker(beijing("03-02 11:00"), declined)
        .desk(beijing("03-02 12:00"), What::ReturnUpheld)
        .dispatched(beijing("03-02 12:00"), Some("power"), Tier::County)
        .taken(beijing("03-02 13:00"))
        .result(beijing("03-05 10:00"), Outcome::Solved)
        .signed(beijing("03-05 11:00"));
    let parts = table(&[tale], beijing("04-01 00:00"), Some(By::Unit));
    let (police, power) = (parts.part("police").unwrap(), parts.part("power").unwrap());
    assert_eq!(shown(police, Rate::ReturnUpheld), "1/1 100.0");
    assert_eq!(shown(power, Rate::ReturnUpheld), "0/1 0.0");
    assert_eq!(shown(parts.total(), Rate::ReturnUpheld), "1/2 50.0");
    assert_eq!(shown(police, Rate::OnTime), "0/0 -");
    assert_eq!(shown(power, Rate::OnTime), "1/1 100.0");
}

#[test]
fn a_return_that_was_wrong_leaves_one_dispatch_with_another_date() {
    let again = beijing("03-03 12:00");
    let tale = begun()
        .dispatched(beijing("03-02 10:00"), Some("power"), Tier::County)
        .worker(beijing("03-02 11:00"), What::Declined { reason: "职责不符".into() })
        .desk(beijing("03-02 12:00"), What::ReturnOverruled)
        .clock(ClockKind::Sign, beijing("03-02 12:00"), again, again)
        .taken(beijing("03-03 11:00"));
    let tally = tally(&[tale], beijing("04-01 00:00"));
    assert_eq!(shown(&tally, Rate::ReturnOverruled), "1/1 100.0");
    assert_eq!(shown(&tally, Rate::Signing), "1/1 100.0");
}

#[test]
fn an_overdue_ticket_that_went_up_stays_with_who_let_it_become_late() {
    let up = What::Escalated {
        to: vec![person("孙立")],
        unit: Some("bureau".into()),
        tier: Some(Tier::County),
        reason: String::new(),
    };
    let at = beijing("03-07 10:00");
    let tale = begun()
        .dispatched(beijing("03-02 10:00"), Some("station"), Tier::Township)
        .by(Actor::System, at, up)
        .clock(ClockKind::Sign, at, at + TimeDelta::days(1), at + TimeDelta::days(1));
    let parts = table(&[tale], beijing("04-01 00:00"), Some(By::Unit));
    assert_eq!(shown(parts.part("station").unwrap(), Rate::OnTime), "0/1 0.0");
    assert_eq!(shown(parts.part("bureau").unwrap(), Rate::OnTime), "0/0 -");
    assert_eq!(shown(parts.part("bureau").unwrap(), Rate::Completion), "0/1 0.0");
}

#[test]
fn a_date_does_not_come_while_the_resident_is_asked_or_after_it_was_taken_back() {
    let asked = begun().worker(beijing("03-03 09:00"), What::Asked { question: "哪根?".into() });
    let late = beijing("03-20 09:00");
    assert_eq!(shown(&tally(std::slice::from_ref(&asked), late), Rate::OnTime), "0/0 -");
    let answered = asked.resident(beijing("03-21 09:00"), What::InfoGiven { text: "东头".into() });
    assert_eq!(shown(&tally(&[answered], beijing("03-22 09:00")), Rate::OnTime), "0/1 0.0");

    let back = |at| begun().resident(beijing(at), What::Withdrawn { reason: None });
    assert_eq!(shown(&tally(&[back("03-05 09:00")], late), Rate::OnTime), "0/0 -");
    let tally = tally(&[back("03-07 09:00")], late);
    assert_eq!(shown(&tally, Rate::OnTime), "0/1 0.0");
    assert_eq!(shown(&tally, Rate::CompletionDue), "0/0 -");
    assert_eq!(shown(&tally, Rate::Completion), "0/1 0.0");
}

#[test]
fn only_long_matters_stand_still_while_they_are_put_off() {
    let off = What::Suspended { until: beijing("06-01 09:00"), reason: "列入计划".into() };
    let tale = begun().desk(beijing("03-03 09:00"), off);
    let count = |expected: &Expected| {
        let mut tally = Tally::default();
        tally.add(&tale.told(beijing("04-01 00:00")).unwrap(), expected);
        shown(&tally, Rate::CompletionDue)
    };
    assert_eq!(count(&Expected::default()), "0/1 0.0");
    let long = Expected { long: ["lighting".to_owned()].into(), ..Expected::default() };
    assert_eq!(count(&long), "0/0 -");
}

#[test]
fn a_result_that_the_check_sent_back_is_none() {
    let tale = begun()
        .dispatched(beijing("03-02 10:00"), Some("power"), Tier::County)
        .taken(beijing("03-02 11:00"))
        .result(beijing("03-03 10:00"), Outcome::Solved)
        .desk(beijing("03-03 11:00"), What::SentBack { reason: "没照片".into() })
        .result(beijing("03-09 10:00"), Outcome::Solved)
        .signed(beijing("03-09 11:00"));
    let tally = tally(&[tale], beijing("04-01 00:00"));
    for rate in [Rate::OnTime, Rate::OnTimeFirst, Rate::OnTimeRaw] {
        assert_eq!(shown(&tally, rate), "0/1 0.0");
    }
    assert_eq!(shown(&tally, Rate::Redo), "0/1 0.0");
}

#[test]
fn what_the_desk_was_told_on_the_telephone_is_in_no_headline_and_closes_unsigned() {
    let at = beijing("03-03 11:00");
    let done = |reworked: bool| {
        let tale = begun()
            .dispatched(beijing("03-02 10:00"), None, Tier::Grid)
            .taken(beijing("03-02 11:00"))
            .result(beijing("03-03 10:00"), Outcome::Solved);
        if reworked {
            return tale.desk(at, What::Reworked { reason: Some("还漏水".into()) });
        }
        let closed = What::Closed { kind: ClosedKind::Signed, outcome: Outcome::Solved };
        tale.desk(at, What::SignedOff { fully: true })
            .desk(at, closed)
            .desk(at, What::Rated { rating: Rating::VerySatisfied, first: true })
    };
    let good = tally(&[done(false)], beijing("04-01 00:00"));
    for rate in [Rate::Solved, Rate::Satisfaction, Rate::SatisfactionFirst] {
        assert_eq!(shown(&good, rate), "0/0 -", "{rate:?}");
    }
    assert_eq!(shown(&good, Rate::Signoff), "0/1 0.0");
    assert_eq!(shown(&good, Rate::Completion), "1/1 100.0");
    let bad = tally(&[done(true)], beijing("04-01 00:00"));
    assert_eq!(shown(&bad, Rate::Solved), "0/0 -");
    // Work that was not good is done again, whoever said so.
    assert_eq!(shown(&bad, Rate::Redo), "1/1 100.0");
}

#[test]
fn a_grade_that_staff_entered_is_counted_beside_the_headline() {
    let closed =
        begun().result(beijing("03-05 10:00"), Outcome::Solved).signed(beijing("03-05 11:00"));
    let rated = What::Rated { rating: Rating::VerySatisfied, first: true };
    let tally = tally(&[closed.desk(beijing("03-05 12:00"), rated)], beijing("04-01 00:00"));
    assert_eq!(shown(&tally, Rate::Satisfaction), "0/0 -");
    assert_eq!(shown(&tally, Rate::Participation), "0/1 0.0");
    let staff = tally.get(Figure::Check(Check::RatedByStaff));
    assert_eq!((staff.numerator, staff.denominator), (1, 1));
}

#[test]
fn six_tickets_of_one_unit_rated_by_one_phone_are_shown_and_five_are_not() {
    let tale = |nth: u32, unit: &str| {
        let mut tale = Tale::new(nth, beijing("03-02 09:00"))
            .accepted(beijing("03-02 09:10"))
            .dispatched(beijing("03-02 10:00"), Some(unit), Tier::County)
            .result(beijing("03-05 10:00"), Outcome::Solved)
            .signed(beijing("03-05 11:00"))
            .rated(beijing("03-05 12:00"), Rating::VerySatisfied);
        tale.subject.reporter.openid = "o-one".into();
        tale
    };
    let mut tales: Vec<Tale> = (1..=6).map(|nth| tale(nth, "power")).collect();
    tales.extend((7..=11).map(|nth| tale(nth, "police")));
    let tally = tally(&tales, beijing("04-01 00:00"));
    let found = tally.get(Figure::Check(Check::SameDevice));
    assert_eq!((found.numerator, found.denominator), (6, 11));
    assert_eq!(found.tickets.numerator.len(), 6);
}

#[test]
fn what_looks_made_to_fit_is_counted() {
    let begin = beijing("03-02 09:00");
    let mut bare = begun()
        .dispatched(beijing("03-02 10:00"), Some("power"), Tier::County)
        .worker(beijing("03-06 00:00"), What::ExtensionAsked { minutes: 60, reason: "忙".into() })
        .worker(
            beijing("03-06 08:30"),
            What::ResultSubmitted {
                text: "办了".into(), outcome: Outcome::Solved, media: vec![]
            },
        )
        .worker(beijing("03-06 08:30"), What::SignoffAsked)
        .lapsed(beijing("03-06 09:30"));
    bare.subject.is_member = true;
    let gone = Tale::new(2, begin)
        .accepted(begin)
        .dispatched(begin, Some("power"), Tier::County)
        .resident(beijing("03-03 09:00"), What::Withdrawn { reason: None });
    let expected = Expected { photo: ["lighting".to_owned()].into(), ..Expected::default() };
    let mut tally = Tally::new(true);
    let rated = bare.rated(beijing("03-07 09:00"), Rating::Satisfied);
    for tale in [rated, gone] {
        tally.add(&tale.told(beijing("04-01 00:00")).unwrap(), &expected);
    }
    let check = |check: Check| {
        let found = tally.get(Figure::Check(check));
        (found.numerator, found.denominator)
    };
    assert_eq!(check(Check::ClosedNearDue), (1, 1));
    assert_eq!(check(Check::WithoutPhoto), (1, 1));
    assert_eq!(check(Check::LateExtension), (1, 1));
    assert_eq!(check(Check::RatedByMember), (1, 1));
    assert_eq!(check(Check::ClosedUnsigned), (1, 1));
    assert_eq!(check(Check::WithdrawnAfterDispatch), (1, 2));
}

#[test]
fn a_copy_that_was_split_off_again_goes_its_own_course() {
    let master = What::MasterClosed { kind: ClosedKind::Signed, outcome: Outcome::Solved };
    let tale = Tale::new(1, beijing("03-02 09:00"))
        .merged(beijing("03-02 10:00"), 9)
        .by(Actor::System, beijing("03-03 10:00"), master)
        .rated(beijing("03-03 11:00"), Rating::Dissatisfied);
    let copy = tally(std::slice::from_ref(&tale), beijing("04-01 00:00"));
    assert_eq!(shown(&copy, Rate::Acceptance), "0/0 -");
    assert_eq!(shown(&copy, Rate::Solved), "0/1 0.0");
    assert_eq!(shown(&copy, Rate::Participation), "1/1 100.0");
    let split = tale.desk(beijing("03-04 10:00"), What::Unmerged);
    let own = tally(&[split], beijing("04-01 00:00"));
    assert_eq!(shown(&own, Rate::Acceptance), "1/1 100.0");
    assert_eq!(shown(&own, Rate::Solved), "0/0 -");
    assert_eq!(shown(&own, Rate::Participation), "0/0 -");
}

#[test]
fn a_month_begins_at_midnight_in_beijing() {
    let tales = [
        Tale::new(1, beijing("02-28 23:59")),
        Tale::new(2, beijing("03-01 00:00")),
        Tale::new(3, beijing("03-01 07:59")),
    ];
    let parts = table(&tales, beijing("04-01 00:00"), Some(By::Day));
    let days: Vec<&str> = parts.parts().keys().flatten().map(String::as_str).collect();
    assert_eq!(days, ["2026-02-28", "2026-03-01"]);
    assert_eq!(shown(parts.part("2026-03-01").unwrap(), Rate::Acceptance), "0/2 0.0");
}
