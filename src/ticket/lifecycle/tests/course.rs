//! Courses that people know from practice: two takers, returns, checks, sign-off, time.

use super::sample::{
    at, call, checked, dispatched, done, elsewhere, every_action, finish, handler, in_progress,
    morning, next, operator, other, person, photo, refused, second, stranger, submitted, try_at,
    try_it, words,
};
use crate::ticket::call_back::CallResult;
use crate::ticket::event::{Actor, What};
use crate::ticket::lifecycle::{Action, Rules, Why};
use crate::ticket::notice::{Audience, NoticeKind};
use crate::ticket::{ClosedKind, Stage, Status, Ticket};
use chrono::{DateTime, TimeDelta, Utc};

fn beijing(text: &str) -> DateTime<Utc> {
    DateTime::parse_from_rfc3339(&format!("{text}+08:00")).unwrap().to_utc()
}

fn decline() -> Action {
    Action::Decline { reason: words() }
}

fn reason() -> Action {
    Action::ProposeRejection { reason: words() }
}

#[test]
fn of_two_takers_exactly_one_wins_and_the_other_hears_who() {
    let taken = try_it(&dispatched(), Action::Take, &handler()).unwrap();
    let told: Vec<(Audience, NoticeKind)> =
        taken.notices.iter().map(|notice| (notice.to, notice.kind)).collect();
    assert!(told.contains(&(Audience::OthersCalled, NoticeKind::TakenByOther)), "{told:?}");
    refused(&taken.after, Action::Take, &other(), &Why::AlreadyTaken { by: person(1) });
    refused(&taken.after, Action::Take, &handler(), &Why::AlreadySo);
    refused(&dispatched(), Action::Take, &stranger(), &Why::NotYours);
}

#[test]
fn the_second_of_a_race_hears_who_was_faster_even_after_the_result() {
    for stage in [Stage::ResultSubmitted, Stage::AwaitingSignoff, Stage::Closed] {
        refused(&at(stage), Action::Take, &other(), &Why::AlreadyTaken { by: person(1) });
    }
}

#[test]
fn the_last_one_called_returns_the_ticket_to_the_desk() {
    let first = done(&dispatched(), decline(), &handler());
    assert_eq!(first.status.stage(), Stage::Dispatched);
    assert_eq!(first.called, [person(2)]);
    refused(&first, Action::Take, &handler(), &Why::NotYours);
    assert_eq!(done(&first, decline(), &other()).status.stage(), Stage::Returned);
}

#[test]
fn nobody_returns_a_ticket_after_a_working_day_or_twice_or_against_the_desk() {
    let friday = beijing("2026-03-06T09:00:00");
    let accepted = done(&submitted(), Action::Accept, &operator());
    let called = try_at(&accepted, call(&[1, 2]), &operator(), Rules::default(), friday);
    let called = called.unwrap().after;
    let at_time = |now| try_at(&called, decline(), &handler(), Rules::default(), now);
    assert!(at_time(beijing("2026-03-09T09:00:00")).is_ok(), "a weekend is no working day");
    assert_eq!(at_time(beijing("2026-03-09T09:00:01")).unwrap_err().why, Why::TooLate);

    let returned = at(Stage::Returned);
    let again = done(&returned, call(&[1]), &operator());
    refused(&again, decline(), &handler(), &Why::TooLate);
    let binding = done(&returned, Action::OverruleReturn, &operator());
    refused(&binding, decline(), &handler(), &Why::TooLate);
    refused(&dispatched(), Action::Decline { reason: " ".into() }, &handler(), &Why::NeedsWords);
}

#[test]
fn a_question_a_result_or_a_pause_does_not_open_the_time_for_a_return_again() {
    let two_days_later = morning() + TimeDelta::days(2);
    for (stage, action, by) in [
        (Stage::NeedInfo, Action::GiveInfo { text: words(), media: vec![] }, Actor::Resident),
        (Stage::Suspended, Action::Resume, operator()),
        (Stage::ResultSubmitted, Action::SendBack { reason: words() }, operator()),
        (Stage::AwaitingSignoff, Action::Rework { reason: None }, Actor::Resident),
    ] {
        let rules = Rules::default();
        let back = try_at(&at(stage), action, &by, rules, two_days_later).unwrap().after;
        assert_eq!(back.status.stage(), Stage::InProgress);
        let late = try_at(&back, decline(), &handler(), rules, two_days_later);
        assert_eq!(late.unwrap_err().why, Why::TooLate, "{stage:?}");
    }
}

#[test]
fn sending_a_returned_ticket_elsewhere_upholds_the_return() {
    let change = try_it(&at(Stage::Returned), call(&[3]), &operator()).unwrap();
    assert!(matches!(
        change.events.iter().map(|event| &event.what).collect::<Vec<_>>()[..],
        [What::ReturnUpheld, What::Dispatched { .. }, What::ClockSet { .. }]
    ));
}

#[test]
fn bad_tickets_disappear_only_before_four_eyes() {
    let proposed = done(&submitted(), reason(), &operator());
    refused(&proposed, Action::ApproveRejection, &operator(), &Why::NeedsSecondPerson);
    assert_eq!(proposed.status.stage(), Stage::Submitted);
    assert!(try_it(&proposed, Action::ApproveRejection, &second()).is_ok());

    let result = try_at(&in_progress(), finish(), &handler(), checked(), morning()).unwrap().after;
    let handler_at_desk = Actor::Operator(person(1));
    refused(&result, Action::Pass, &handler_at_desk, &Why::NeedsSecondPerson);
    let final_answer = Action::FinalAnswer { text: words() };
    refused(&result, final_answer, &handler_at_desk, &Why::NeedsSecondPerson);
    let until = morning() + TimeDelta::days(30);
    let put_off = Action::Suspend { until, reason: words() };
    refused(&in_progress(), put_off, &handler_at_desk, &Why::NeedsSecondPerson);
}

#[test]
fn nothing_is_put_off_into_the_past_or_beyond_half_a_year() {
    for days in [-1, 0, 181] {
        let until = morning() + TimeDelta::days(days);
        let put_off = Action::Suspend { until, reason: words() };
        refused(&in_progress(), put_off, &operator(), &Why::TooLate);
    }
}

#[test]
fn only_the_handler_reports_and_the_category_may_ask_for_a_photo() {
    refused(&in_progress(), finish(), &other(), &Why::NotYours);
    let rules = Rules { needs_photo: true, ..Rules::default() };
    let bare = |text: &str| Action::Finish {
        text: text.into(),
        outcome: crate::ticket::Outcome::Solved,
        media: vec![],
    };
    let tried = |action| try_at(&in_progress(), action, &handler(), rules, morning());
    assert_eq!(tried(bare("换了灯泡")).unwrap_err().why, Why::NeedsPhoto);
    assert_eq!(tried(bare("")).unwrap_err().why, Why::NeedsWords);
    assert!(tried(finish()).is_ok());
}

#[test]
fn a_photo_may_follow_the_result_until_it_is_signed_off() {
    let evidence = || Action::AddEvidence { media: vec![photo()] };
    let result = at(Stage::AwaitingSignoff);
    let shown = done(&result, evidence(), &handler());
    assert_eq!(shown.finding.unwrap().media.len(), result.finding.clone().unwrap().media.len() + 1);
    refused(&result, evidence(), &other(), &Why::NotYours);
    refused(&at(Stage::Closed), evidence(), &handler(), &Why::NotFromHere);
}

#[test]
fn nobody_does_another_s_part() {
    let strangers = [Actor::Resident, stranger(), operator(), Actor::System];
    for stage in Stage::ALL {
        let ticket = at(stage);
        for (action, by) in every_action() {
            for actor in &strangers {
                let may_too = match (&action, actor) {
                    // The desk's work is any operator's; rules and time act as the system.
                    (_, Actor::Operator(_)) => matches!(by, Actor::Operator(_)),
                    (
                        Action::Accept
                        | Action::Dispatch { .. }
                        | Action::Merge { .. }
                        | Action::Note { .. }
                        | Action::Unmerge
                        | Action::LetGo { .. }
                        | Action::Escalate { .. }
                        | Action::HandOver { .. }
                        | Action::Resume
                        | Action::Rework { .. },
                        Actor::System,
                    ) => true,
                    (_, actor) => {
                        std::mem::discriminant(actor) == std::mem::discriminant(&by)
                            && !matches!(by, Actor::Member(_))
                    }
                };
                let tried = try_it(&ticket, action.clone(), actor);
                assert!(may_too || tried.is_err(), "{stage:?} {action:?} by {actor:?}");
            }
        }
    }
}

#[test]
fn an_appeal_is_heard_once() {
    let appeal = || Action::Appeal { text: words() };
    let again = done(&at(Stage::Rejected), appeal(), &Actor::Resident);
    let proposed = done(&again, reason(), &operator());
    let rejected = done(&proposed, Action::ApproveRejection, &second());
    refused(&rejected, appeal(), &Actor::Resident, &Why::TooLate);
}

#[test]
fn a_third_reopening_goes_to_the_desk_and_a_late_one_nowhere() {
    let mut ticket = at(Stage::Closed);
    for expected in [Stage::Dispatched, Stage::Dispatched, Stage::Accepted] {
        ticket = done(&ticket, Action::Reopen { reason: words() }, &Actor::Resident);
        assert_eq!(ticket.status.stage(), expected);
        assert_eq!((ticket.handler.clone(), ticket.closed_at), (None, None));
        if expected == Stage::Dispatched {
            let taken = done(&ticket, Action::Take, &handler());
            let found = done(&taken, finish(), &handler());
            ticket = done(&found, Action::Confirm { fully: true }, &Actor::Resident);
        }
    }
    let (rules, by) = (Rules::default(), Actor::Resident);
    let reopen =
        |now| try_at(&at(Stage::Closed), Action::Reopen { reason: words() }, &by, rules, now);
    assert!(reopen(morning() + TimeDelta::days(30)).is_ok());
    let late = reopen(morning() + TimeDelta::days(30) + TimeDelta::seconds(1));
    assert_eq!(late.unwrap_err().why, Why::TooLate);
}

#[test]
fn a_ticket_is_not_merged_into_itself() {
    let own = Action::Merge { into: submitted().number };
    refused(&submitted(), own, &operator(), &Why::AlreadySo);
    assert!(try_it(&submitted(), Action::Merge { into: elsewhere() }, &operator()).is_ok());
}

#[test]
fn a_final_answer_tells_the_one_who_was_working_on_it() {
    let change = try_it(&in_progress(), Action::FinalAnswer { text: words() }, &operator());
    let told: Vec<_> =
        change.unwrap().notices.iter().map(|notice| (notice.to, notice.kind)).collect();
    assert!(told.contains(&(Audience::Handler, NoticeKind::Gone)), "{told:?}");
}

#[test]
fn sign_off_is_reminded_of_once_and_lapses_after_five_working_days() {
    // Monday; asked at nine, and read at once.
    let asked = told_at(&at(Stage::AwaitingSignoff), morning());
    let (when, what) = next(&asked);
    assert_eq!((when, &what), (beijing("2026-03-05T09:00:00"), &Action::RemindSignoff));
    let rules = Rules::default();
    let reminded = try_at(&asked, what, &Actor::System, rules, when).unwrap().after;
    let (when, what) = next(&reminded);
    assert_eq!((when, &what), (beijing("2026-03-09T09:00:00"), &Action::LapseSignoff));
    let closed = try_at(&reminded, what, &Actor::System, rules, when).unwrap().after;
    assert_eq!(closed.status, Status::Closed { kind: ClosedKind::Unsigned });
}

fn told_at(asked: &Ticket, when: DateTime<Utc>) -> Ticket {
    let action = Action::Told { channel: "template".into() };
    try_at(asked, action, &Actor::System, Rules::default(), when).unwrap().after
}

#[test]
fn the_days_of_a_sign_off_count_from_the_moment_the_resident_was_told() {
    // Asked on Monday, and delivered on Friday.
    let told = told_at(&at(Stage::AwaitingSignoff), beijing("2026-03-06T10:00:00"));
    assert_eq!(next(&told), (beijing("2026-03-11T10:00:00"), Action::RemindSignoff));
    let again = Action::Told { channel: "template".into() };
    refused(&told, again, &Actor::System, &Why::NotFromHere);
}

#[test]
fn who_could_not_be_told_is_not_closed_upon_and_the_ticket_goes_on_all_the_same() {
    let untold = at(Stage::AwaitingSignoff);
    let (when, what) = next(&untold);
    let nobody = Action::Told { channel: crate::ticket::due::UNTOLD.to_owned() };
    assert_eq!((when, &what), (beijing("2026-03-24T09:00:00"), &nobody));
    let on = try_at(&untold, what, &Actor::System, Rules::default(), when).unwrap().after;
    assert_eq!(next(&on), (beijing("2026-03-27T09:00:00"), Action::RemindSignoff));
}

#[test]
fn a_call_that_reached_the_resident_is_a_delivery() {
    let untold = at(Stage::AwaitingSignoff);
    for (result, counts) in [
        (CallResult::Reached, true),
        (CallResult::NoNumber, true),
        (CallResult::NotAnswered, false),
        (CallResult::WrongNumber, false),
    ] {
        let call = Action::RecordCall { result, note: String::new() };
        let called = done(&untold, call, &operator());
        let (_, what) = next(&called);
        assert_eq!(what == Action::RemindSignoff, counts, "{result:?}");
    }
}

#[test]
fn an_objection_waits_a_day_for_its_reason_and_then_goes_back_without() {
    let objected = done(&at(Stage::AwaitingSignoff), Action::Object, &Actor::Resident);
    let (when, what) = next(&objected);
    assert_eq!((when, &what), (morning() + TimeDelta::days(1), &Action::Rework { reason: None }));
    let back = try_at(&objected, what, &Actor::System, Rules::default(), when).unwrap().after;
    assert_eq!((back.status.stage(), back.round), (Stage::InProgress, 2));
}

#[test]
fn a_question_lapses_after_five_days_and_a_pause_ends_on_its_day() {
    let five_days = morning() + TimeDelta::days(5);
    assert_eq!(next(&at(Stage::NeedInfo)), (five_days, Action::LapseInfo));
    let until = morning() + TimeDelta::days(30);
    assert_eq!(next(&at(Stage::Suspended)), (until, Action::Resume));
}
