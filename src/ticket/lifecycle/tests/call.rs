//! 回访: what an operator may say for a resident, and what they may not.

use super::sample::{
    at, done, handler, in_progress, morning, on_behalf, operator, refused, second, told, try_it,
    words,
};
use crate::calendar::Calendar;
use crate::ticket::call_back::{Call, CallResult, Heard, TRIES, worth_a_call};
use crate::ticket::event::{Actor, What};
use crate::ticket::lifecycle::{Action, Why};
use crate::ticket::notice::{Audience, NoticeKind};
use crate::ticket::{Outcome, Rating, Stage, Ticket};

/// The call's moves, one after the other.
fn after(ticket: &Ticket, call: &Call) -> Ticket {
    call.actions(ticket)
        .into_iter()
        .fold(ticket.clone(), |ticket, action| done(&ticket, action, &second()))
}

#[test]
fn nobody_signs_off_their_own_work_in_the_residents_name() {
    let confirm = || on_behalf(Action::Confirm { fully: true });
    // The desk itself handled it.
    let text = words();
    let finish = Action::Finish { text, outcome: Outcome::Solved, media: vec![] };
    let by_desk = done(&at(Stage::Accepted), super::sample::call(&[9]), &operator());
    let by_desk = done(&by_desk, Action::Take, &second());
    let by_desk = done(&by_desk, finish, &second());
    refused(&by_desk, confirm(), &second(), &Why::NeedsSecondPerson);
    assert!(try_it(&by_desk, confirm(), &operator()).is_ok());
    refused(&at(Stage::AwaitingSignoff), confirm(), &handler(), &Why::NotYours);
}

#[test]
fn an_operator_without_a_call_still_cannot_say_what_only_the_resident_can() {
    for action in [
        Action::Confirm { fully: true },
        Action::Object,
        Action::Rework { reason: Some(words()) },
        Action::Rate { rating: Rating::VerySatisfied },
        Action::Reopen { reason: words() },
    ] {
        for stage in [Stage::AwaitingSignoff, Stage::Closed] {
            refused(&at(stage), action.clone(), &second(), &Why::NotYours);
        }
    }
}

#[test]
fn nothing_else_can_be_done_in_the_residents_name() {
    for action in [
        Action::Accept,
        Action::Urge,
        Action::AnswerAtOnce { text: words() },
        Action::Rework { reason: None },
        on_behalf(Action::Confirm { fully: true }),
    ] {
        refused(&at(Stage::AwaitingSignoff), on_behalf(action), &second(), &Why::NotYours);
    }
    for reason in ["", " "] {
        let rework = Action::Rework { reason: Some(reason.into()) };
        refused(&at(Stage::AwaitingSignoff), on_behalf(rework), &second(), &Why::NeedsWords);
    }
}

#[test]
fn solved_and_graded_on_the_telephone_is_signed_by_the_operator() {
    let grade = Some(Rating::Satisfied);
    let call = Call::Reached(Heard::Solved { fully: false, grade });
    let ticket = after(&at(Stage::AwaitingSignoff), &call);
    assert_eq!((ticket.status.stage(), ticket.rating), (Stage::Closed, grade));
    let signed =
        try_it(&at(Stage::AwaitingSignoff), on_behalf(Action::Confirm { fully: true }), &second());
    assert!(signed.unwrap().events.iter().all(|event| event.by == second()));
}

#[test]
fn what_is_not_solved_goes_back_whether_it_was_closed_meanwhile_or_not() {
    let call = Call::Reached(Heard::NotSolved { reason: words() });
    let again = after(&at(Stage::AwaitingSignoff), &call);
    assert_eq!((again.status.stage(), again.round), (Stage::InProgress, 2));
    let again = after(&at(Stage::Closed), &call);
    assert_eq!((again.status.stage(), again.round), (Stage::Dispatched, 2));
}

#[test]
fn a_word_that_comes_after_the_close_leaves_it_unsigned_and_counts_the_grade() {
    let closed = done(&at(Stage::AwaitingSignoff), Action::LapseSignoff, &Actor::System);
    let call = Call::Reached(Heard::Solved { fully: true, grade: Some(Rating::Satisfied) });
    let ticket = after(&closed, &call);
    assert_eq!((&ticket.status, ticket.rating), (&closed.status, Some(Rating::Satisfied)));
}

#[test]
fn an_answer_on_the_telephone_goes_to_who_asked() {
    let asked = at(Stage::NeedInfo);
    let call = Call::Reached(Heard::Answer { text: "东头第二盏".into() });
    let [answer] = call.actions(&asked).try_into().unwrap();
    let change = try_it(&asked, answer, &second()).unwrap();
    assert_eq!(change.after.status.stage(), Stage::InProgress);
    assert_eq!(told(&change), [(Audience::Handler, NoticeKind::Word)]);
}

#[test]
fn every_try_stands_in_the_history_and_moves_nothing() {
    for result in CallResult::ALL {
        let ticket = in_progress();
        let change =
            try_it(&ticket, Action::RecordCall { result, note: " ".into() }, &operator()).unwrap();
        assert_eq!(change.events[0].what, What::Called { result, note: None });
        assert_eq!((&change.after.status, told(&change).len()), (&ticket.status, 0));
        refused(&ticket, Action::RecordCall { result, note: words() }, &handler(), &Why::NotYours);
    }
}

#[test]
fn who_does_not_answer_is_called_again_and_not_for_ever() {
    let calendar = Calendar::default();
    let tries = |call: &Call| (1..=TRIES).map(|n| call.again(n, &calendar, morning())).collect();
    let moments: Vec<_> = tries(&Call::NotAnswered);
    assert!(moments[..2].iter().all(|at| at.is_some_and(|at| at > morning())));
    assert_eq!(moments[2], None);
    let none: Vec<_> = tries(&Call::NoNumber);
    assert_eq!(none, [None; 3]);
    let right = Call::WrongNumber { right: Some("19900001234".into()) };
    assert_eq!(right.again(TRIES, &calendar, morning()), Some(morning()));
    let [kept] = right.actions(&in_progress()).try_into().unwrap();
    let contact = done(&in_progress(), kept, &second()).report.contact;
    assert_eq!(contact.as_deref(), Some("19900001234"));
}

#[test]
fn only_what_asks_or_ends_something_is_worth_a_call() {
    let worth = NoticeKind::ALL.into_iter().filter(|kind| !worth_a_call(*kind).is_empty());
    let worth: Vec<&str> = worth.map(NoticeKind::code).collect();
    let expected = ["rejected", "question", "result", "answer", "suspended", "master_closed"];
    assert_eq!(worth, expected);
}
