//! Dates: from when they count, what moves them, how loudly they ring.
//!
//! Monday, 2 March 2026, nine o'clock, unless said otherwise; eight hours a day, five days for a
//! result.

use super::sample::{
    alone_until, at, beijing, call, called, checked, dispatched, done, finish, handler,
    in_progress, morning, next, operator, person, refused, second, submitted, told, try_at, try_it,
    words,
};
use crate::calendar::{Calendar, Special, WorkingHours};
use crate::ticket::clock::{self, Because, Lamp, Rung};
use crate::ticket::event::{Actor, What};
use crate::ticket::lifecycle::{self, Action, Limits, Rules, Why};
use crate::ticket::notice::{Audience, NoticeKind};
use crate::ticket::{ClockKind, Deadline, Report, Stage, Status, Ticket};
use chrono::{DateTime, NaiveDate, TimeDelta, Utc};
use std::collections::BTreeMap;
use uuid::Uuid;

#[track_caller]
fn clock_of(ticket: &Ticket, kind: ClockKind) -> &Deadline {
    ticket.course.clocks.get(kind).unwrap_or_else(|| panic!("no clock {kind:?}"))
}

#[track_caller]
fn due(ticket: &Ticket) -> DateTime<Utc> {
    clock::result_clock(ticket).unwrap().due_at
}

#[track_caller]
fn after(ticket: &Ticket, action: Action, by: &Actor, rules: Rules<'_>, now: &str) -> Ticket {
    try_at(ticket, action, by, rules, beijing(now)).unwrap().after
}

fn long() -> Rules<'static> {
    Rules { is_long: true, ..Rules::default() }
}

fn opened(urgent: bool, now: DateTime<Utc>, rules: Rules<'_>) -> Ticket {
    let before = submitted();
    let report = Report { urgent, ..before.report };
    let path = before.area_path;
    lifecycle::open(Uuid::from_u128(7), before.reporter, report, path, rules, now).after
}

fn more(minutes: u32) -> Action {
    Action::GrantExtension { minutes: Some(minutes) }
}

#[test]
fn the_result_is_due_by_the_submission_whoever_is_called_or_signs_when() {
    let ticket = submitted();
    assert_eq!(due(&ticket), beijing("2026-03-09T09:00"));
    assert_eq!(clock_of(&ticket, ClockKind::Accept).due_at, beijing("2026-03-02T15:00"));
    let rules = Rules::default();
    let accepted = after(&ticket, Action::Accept, &operator(), rules, "2026-03-03T09:00");
    let called = after(&accepted, call(&[1, 2]), &operator(), rules, "2026-03-04T10:00");
    let taken = after(&called, Action::Take, &handler(), rules, "2026-03-05T11:00");
    for later in [&accepted, &called, &taken] {
        assert_eq!(due(later), beijing("2026-03-09T09:00"));
    }
    assert_eq!(clock_of(&called, ClockKind::Sign).due_at, beijing("2026-03-05T10:00"));
    assert_eq!(clock_of(&taken, ClockKind::Sign).due_at, beijing("2026-03-05T10:00"));
}

#[test]
fn a_call_on_friday_is_signed_for_by_monday() {
    let rules = Rules::default();
    let accepted = done(&submitted(), Action::Accept, &operator());
    let called = after(&accepted, call(&[1]), &operator(), rules, "2026-03-06T17:00");
    assert_eq!(clock_of(&called, ClockKind::Sign).due_at, beijing("2026-03-09T17:00"));
}

#[test]
fn silence_is_signing_by_the_leader_where_one_was_called_and_by_the_first_otherwise() {
    let accepted = done(&submitted(), Action::Accept, &operator());
    let tomorrow = beijing("2026-03-03T09:00");
    for (leader, expected) in [(None, 1), (Some(2), 2), (Some(6), 1)] {
        let call = crate::ticket::Call { leader: leader.map(person), ..called(&[1, 2]) };
        let ticket = done(&accepted, Action::Dispatch { call }, &operator());
        let warned = alone_until(&ticket, tomorrow - TimeDelta::minutes(1), Rules::default());
        assert_eq!(warned.status.stage(), Stage::Dispatched);
        assert_eq!(next(&warned), (tomorrow, Action::SignBySilence));
        let signed = alone_until(&ticket, tomorrow, Rules::default());
        assert_eq!(signed.handler, Some(person(expected)));
        assert_eq!(due(&signed), due(&ticket));
    }
}

#[test]
fn whoever_was_called_may_still_take_what_silence_gave_to_another() {
    let silent = alone_until(&dispatched(), beijing("2026-03-03T09:00"), Rules::default());
    assert_eq!(silent.handler, Some(person(1)));
    let late_comer = Actor::Member(person(2));
    let taken = try_it(&silent, Action::Take, &late_comer).unwrap();
    assert_eq!(taken.after.handler, Some(person(2)));
    refused(&taken.after, Action::Take, &handler(), &Why::AlreadyTaken { by: person(2) });
}

#[test]
fn the_time_in_which_the_resident_was_asked_is_given_back() {
    let rules = Rules::default();
    let ask = Action::Ask { question: words() };
    let given = || Action::GiveInfo { text: words(), media: vec![] };
    let asked = after(&in_progress(), ask.clone(), &handler(), rules, "2026-03-03T09:00");
    assert!(clock::running(&asked).next().is_none(), "it stands still");
    let back = after(&asked, given(), &Actor::Resident, rules, "2026-03-04T09:00");
    assert_eq!(due(&back), beijing("2026-03-10T09:00"));
    assert_eq!(clock_of(&back, ClockKind::Result).because, Because::PauseEnded);

    // A night is no working time, so there is nothing to give back.
    let evening = after(&in_progress(), ask.clone(), &handler(), rules, "2026-03-03T18:00");
    let morning = after(&evening, given(), &Actor::Resident, rules, "2026-03-04T08:00");
    assert_eq!(due(&morning), beijing("2026-03-09T09:00"));

    // Whoever asks when the time is over gains nothing by it.
    let late = after(&in_progress(), ask.clone(), &handler(), rules, "2026-03-09T10:00");
    let back = after(&late, given(), &Actor::Resident, rules, "2026-03-11T09:00");
    assert_eq!(due(&back), beijing("2026-03-09T09:00"));

    // Before it is accepted, that time stands still too.
    let asked = after(&submitted(), ask, &operator(), rules, "2026-03-02T10:00");
    let back = after(&asked, given(), &Actor::Resident, rules, "2026-03-02T11:00");
    assert_eq!(clock_of(&back, ClockKind::Accept).due_at, beijing("2026-03-02T16:00"));
    assert_eq!(due(&back), beijing("2026-03-09T10:00"));
}

#[test]
fn what_is_put_off_stands_still_only_where_the_category_is_a_long_one() {
    let until = beijing("2026-04-20T09:00");
    let put_off = || Action::Suspend { until, reason: words() };
    for (rules, expected) in [
        (Rules::default(), beijing("2026-03-09T09:00")),
        // Two working days of the five were over.
        (long(), beijing("2026-04-23T09:00")),
    ] {
        let off = after(&in_progress(), put_off(), &operator(), rules, "2026-03-04T09:00");
        let on = after(&off, Action::Resume, &Actor::System, rules, "2026-04-20T09:00");
        assert_eq!(due(&on), expected);
    }
}

#[test]
fn more_time_is_had_three_times_three_days_at_a_time_and_before_the_date() {
    let mut ticket = in_progress();
    for expected in ["2026-03-12T09:00", "2026-03-17T09:00", "2026-03-20T09:00"] {
        // Whoever asks for more than three days gets three.
        ticket = done(&ticket, more(5000), &operator());
        assert_eq!(due(&ticket), beijing(expected));
    }
    assert_eq!(clock_of(&ticket, ClockKind::Result).original_due_at, beijing("2026-03-09T09:00"));
    refused(&ticket, more(480), &operator(), &Why::OftenEnough);
    let rules = Rules::default();
    let late = try_at(&in_progress(), more(480), &operator(), rules, beijing("2026-03-09T09:01"));
    assert_eq!(late.unwrap_err().why, Why::TooLate);
    assert!(
        try_at(&in_progress(), more(480), &operator(), rules, beijing("2026-03-09T09:00")).is_ok()
    );
}

#[test]
fn a_wish_for_more_time_counts_from_when_it_was_said_and_is_granted_by_somebody_else() {
    let wish = Action::AskExtension { minutes: 960, reason: words() };
    let rules = Rules::default();
    let wished = after(&in_progress(), wish.clone(), &handler(), rules, "2026-03-09T08:30");
    assert_eq!(due(&wished), beijing("2026-03-09T09:00"), "a wish is not yet time");
    let as_wished = Action::GrantExtension { minutes: None };
    let own = Actor::Operator(person(1));
    let tried = try_at(&wished, as_wished.clone(), &own, rules, beijing("2026-03-09T08:40"));
    assert_eq!(tried.unwrap_err().why, Why::NeedsSecondPerson);
    let granted = after(&wished, as_wished, &operator(), rules, "2026-03-09T17:00");
    assert_eq!(due(&granted), beijing("2026-03-11T09:00"));
    assert_eq!(granted.course.extension, None);

    let refuse = Action::RefuseExtension { reason: words() };
    let no = try_at(&wished, refuse, &operator(), rules, beijing("2026-03-09T08:40")).unwrap();
    assert!(told(&no).contains(&(Audience::Handler, NoticeKind::ExtensionRefused)));
    assert_eq!((due(&no.after), no.after.course.extensions), (due(&wished), 0));
    let late = try_at(&in_progress(), wish, &handler(), rules, beijing("2026-03-09T09:01"));
    assert_eq!(late.unwrap_err().why, Why::TooLate);
}

#[test]
fn a_result_ends_the_wish_for_more_time() {
    let wish = Action::AskExtension { minutes: 960, reason: words() };
    let wished = done(&in_progress(), wish, &handler());
    assert_eq!(done(&wished, finish(), &handler()).course.extension, None);
}

#[test]
fn another_category_counts_from_the_submission_and_never_shortens_the_time() {
    let to = |category: &str| Action::Recategorise { category: category.into() };
    let limits = |result| Rules { limits: Limits { result, ..Limits::default() }, ..long() };
    let longer = after(&in_progress(), to("road"), &operator(), limits(3360), "2026-03-05T09:00");
    assert_eq!(due(&longer), beijing("2026-03-11T09:00"));
    let shorter = after(&in_progress(), to("hukou"), &operator(), limits(960), "2026-03-05T09:00");
    assert_eq!(due(&shorter), beijing("2026-03-09T09:00"));
    let back = after(&longer, to("lighting"), &operator(), limits(2400), "2026-03-05T10:00");
    assert_eq!(due(&back), due(&longer));

    // What is granted afterwards counts in full, and the reminder comes before the new date.
    let extended = after(&shorter, more(480), &operator(), limits(960), "2026-03-05T10:00");
    assert_eq!(due(&extended), beijing("2026-03-10T09:00"));
    let deadline = clock_of(&shorter, ClockKind::Result);
    assert_eq!(deadline.warn_at, beijing("2026-03-05T17:00"));
    assert_eq!(deadline.original_due_at, deadline.due_at);
}

#[test]
fn a_date_rings_when_a_quarter_is_left_when_it_is_over_and_one_and_three_days_later() {
    let rules = Rules::default();
    let mut ticket = in_progress();
    let mut rung = Vec::new();
    for (when, expected) in [
        ("2026-03-05T17:00", vec![Audience::Handler]),
        ("2026-03-09T09:00", vec![Audience::Handler, Audience::Leader]),
        ("2026-03-10T09:00", vec![Audience::Handler, Audience::Leader, Audience::Supervisors]),
        ("2026-03-12T09:00", vec![Audience::Supervisors]),
    ] {
        let (at, moment) = crate::ticket::due::next(&ticket).unwrap();
        assert_eq!(at, beijing(when));
        let action = super::sample::by_time(&ticket, moment);
        let change = try_at(&ticket, action, &Actor::System, rules, at).unwrap();
        let who: Vec<Audience> = change
            .notices
            .iter()
            .filter(|notice| matches!(notice.kind, NoticeKind::DueSoon | NoticeKind::Overdue))
            .map(|notice| notice.to)
            .collect();
        assert_eq!(who, expected, "{when}");
        rung.push(clock_of(&change.after, ClockKind::Result).rung);
        ticket = change.after;
    }
    assert_eq!(rung, [Rung::Warned, Rung::Late, Rung::Escalated, Rung::Supervised]);
    // The supervisor's question has a date of its own; the result's has said all it has to say.
    assert_eq!(ticket.course.supervised, 1);
    assert_eq!(clock_of(&ticket, ClockKind::Reply).due_at, beijing("2026-03-13T09:00"));
    assert_eq!(due(&ticket), beijing("2026-03-09T09:00"), "it is late, and stays so");
}

#[test]
fn a_new_date_rings_anew() {
    let rules = Rules::default();
    let warned = alone_until(&in_progress(), beijing("2026-03-06T09:00"), rules);
    assert_eq!(clock_of(&warned, ClockKind::Result).rung, Rung::Warned);
    let extended = after(&warned, more(960), &operator(), rules, "2026-03-06T10:00");
    assert_eq!(clock_of(&extended, ClockKind::Result).rung, Rung::Silent);
    let (when, action) = next(&extended);
    assert_eq!(when, beijing("2026-03-09T17:00"));
    assert!(matches!(action, Action::Ring { rung: Rung::Warned, .. }), "{action:?}");
}

#[test]
fn a_lamp_turns_yellow_with_the_reminder_and_red_after_the_date() {
    let ticket = in_progress();
    for (when, lamp) in [
        ("2026-03-05T16:59", Lamp::Green),
        ("2026-03-05T17:00", Lamp::Yellow),
        ("2026-03-09T09:00", Lamp::Yellow),
        ("2026-03-09T09:01", Lamp::Red),
    ] {
        assert_eq!(clock::lamp(&ticket, beijing(when)), lamp, "{when}");
    }
    // The resident's turn is nobody's delay.
    assert_eq!(clock::lamp(&at(Stage::AwaitingSignoff), beijing("2026-03-20T09:00")), Lamp::Green);
}

#[test]
fn another_round_has_a_time_of_its_own_and_keeps_the_first_date() {
    let rules = Rules::default();
    let found = done(&in_progress(), finish(), &handler());
    let rework = Action::Rework { reason: Some(words()) };
    let back = after(&found, rework.clone(), &Actor::Resident, rules, "2026-03-16T09:00");
    assert_eq!(due(&back), beijing("2026-03-23T09:00"));
    assert_eq!(clock_of(&back, ClockKind::Result).due_at, beijing("2026-03-09T09:00"));
    let (when, action) = next(&back);
    assert_eq!(when, beijing("2026-03-19T17:00"), "the first date does not ring any more");
    assert!(matches!(action, Action::Ring { clock: ClockKind::Redo, .. }));
    let late = alone_until(&back, beijing("2026-04-30T09:00"), rules);
    assert_eq!(clock_of(&late, ClockKind::Redo).rung, Rung::Supervised);

    let found = after(&back, finish(), &handler(), rules, "2026-03-17T09:00");
    let third = after(&found, rework, &Actor::Resident, rules, "2026-03-18T09:00");
    assert_eq!(due(&third), beijing("2026-03-25T09:00"));
    let reopened = Action::Reopen { reason: words() };
    let closed = at(Stage::Closed);
    let again = after(&closed, reopened, &Actor::Resident, rules, "2026-03-20T09:00");
    assert_eq!(due(&again), beijing("2026-03-27T09:00"));
    assert_eq!(clock_of(&again, ClockKind::Sign).due_at, beijing("2026-03-23T09:00"));
}

#[test]
fn an_appeal_is_answered_in_time_and_is_not_late_from_its_beginning() {
    let appeal = Action::Appeal { text: words() };
    let rejected = at(Stage::Rejected);
    let rules = Rules::default();
    let again = after(&rejected, appeal, &Actor::Resident, rules, "2026-04-13T09:00");
    assert_eq!(clock_of(&again, ClockKind::Accept).due_at, beijing("2026-04-13T15:00"));
    assert_eq!(due(&again), beijing("2026-04-20T09:00"));
    assert_eq!(clock_of(&again, ClockKind::Result).due_at, beijing("2026-03-09T09:00"));
}

#[test]
fn a_check_and_a_second_dispatch_have_half_a_day() {
    let rules = checked();
    let found = after(&in_progress(), finish(), &handler(), rules, "2026-03-06T16:00");
    assert_eq!(clock_of(&found, ClockKind::Check).due_at, beijing("2026-03-09T10:00"));
    // Checking does not run against the handler.
    let late = alone_until(&found, beijing("2026-03-31T09:00"), rules);
    assert_eq!(clock_of(&late, ClockKind::Check).rung, Rung::Late);
    assert_eq!(clock_of(&late, ClockKind::Result).rung, Rung::Silent);

    let decline = Action::Decline { reason: words() };
    let back = after(&in_progress(), decline, &handler(), rules, "2026-03-03T09:00");
    assert_eq!(clock_of(&back, ClockKind::Redispatch).due_at, beijing("2026-03-03T15:00"));
    assert!(clock::running(&back).any(|clock| clock.kind == ClockKind::Result));
    let again = after(&back, call(&[3]), &operator(), rules, "2026-03-03T10:00");
    assert_eq!(clock_of(&again, ClockKind::Sign).due_at, beijing("2026-03-04T10:00"));
    assert_eq!(due(&again), beijing("2026-03-09T09:00"));
}

#[test]
fn somebody_in_danger_is_answered_within_half_an_hour_also_at_night() {
    let rules = Rules::default();
    let midnight = opened(true, beijing("2026-03-07T23:50"), rules);
    assert_eq!(clock_of(&midnight, ClockKind::Accept).due_at, beijing("2026-03-08T00:20"));
    assert_eq!(next(&midnight).0, beijing("2026-03-08T00:05"));
    let other = Action::Recategorise { category: "safety".into() };
    let moved = after(&midnight, other, &operator(), rules, "2026-03-07T23:55");
    assert_eq!(clock_of(&moved, ClockKind::Accept).due_at, beijing("2026-03-08T00:20"));
    let ask = Action::Ask { question: words() };
    let asked = after(&midnight, ask, &operator(), rules, "2026-03-07T23:55");
    let given = Action::GiveInfo { text: words(), media: vec![] };
    let back = after(&asked, given, &Actor::Resident, rules, "2026-03-08T00:05");
    assert_eq!(clock_of(&back, ClockKind::Accept).due_at, beijing("2026-03-08T00:30"));
}

#[test]
fn dates_that_were_guessed_are_computed_again_when_the_holidays_are_known() {
    let guessed = opened(false, beijing("2026-12-31T09:00"), Rules::default());
    let before = clock_of(&guessed, ClockKind::Result).clone();
    assert!(before.provisional);
    let day = |day| NaiveDate::from_ymd_opt(2027, 1, day).unwrap();
    let holiday = |day_of: u32| (day(day_of), Special::Holiday("元旦".to_owned()));
    let days: BTreeMap<_, _> = [1, 4, 5].map(holiday).into();
    let known = Calendar::new(WorkingHours::default(), days);
    let rules = Rules { calendar: &known, ..Rules::default() };
    let recompute = || Action::RecomputeClocks;
    let again = try_at(&guessed, recompute(), &Actor::System, rules, morning()).unwrap().after;
    let after = clock_of(&again, ClockKind::Result);
    assert_eq!((after.because, after.provisional), (Because::CalendarChanged, false));
    // The first of January was guessed to be off; the fourth and the fifth were not.
    assert_eq!(before.due_at, beijing("2027-01-08T09:00"));
    assert_eq!(after.due_at, beijing("2027-01-12T09:00"));
    let twice = try_at(&again, recompute(), &Actor::System, rules, morning());
    assert_eq!(twice.unwrap_err().why, Why::AlreadySo);
    refused(&submitted(), recompute(), &Actor::System, &Why::AlreadySo);
}

#[test]
fn every_date_stands_in_the_history_with_its_sum() {
    let ticket = in_progress();
    let change = try_it(&ticket, more(480), &second()).unwrap();
    let set: Vec<&Deadline> = change
        .events
        .iter()
        .filter_map(|event| match &event.what {
            What::ClockSet { clock } => Some(clock),
            _ => None,
        })
        .collect();
    let [clock] = set[..] else { panic!("{set:?}") };
    assert_eq!((clock.minutes, clock.paused, clock.extended), (2400, 0, 480));
    assert_eq!(clock.from, ticket.submitted_at);
    assert_eq!(clock.calendar, Calendar::default().version());
    assert!(matches!(ticket.status, Status::InProgress { .. }));
}
