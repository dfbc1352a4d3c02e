//! 现场核实: a question to a colleague before a ticket is accepted.

use super::sample::{
    at, beijing, call, done, operator, person, photo, refused, stranger, submitted, told, try_at,
    try_it,
};
use crate::ticket::clock;
use crate::ticket::event::Actor;
use crate::ticket::lifecycle::{Action, Rules, Why};
use crate::ticket::notice::{Audience, NoticeKind};
use crate::ticket::{Stage, Ticket};

fn look(at: &[u128]) -> Action {
    Action::AskVerification { of: at.iter().map(|number| person(*number)).collect() }
}

fn found(real: bool, text: &str) -> Action {
    Action::Verify { real, text: text.into(), media: vec![] }
}

fn asked() -> Ticket {
    done(&submitted(), look(&[3]), &operator())
}

#[test]
fn looking_stops_no_clock_and_moves_nothing() {
    let change = try_it(&submitted(), look(&[3, 4]), &operator()).unwrap();
    assert_eq!(told(&change), [(Audience::Verifiers, NoticeKind::VerifyTask)]);
    let before: Vec<_> = clock::running(&submitted()).cloned().collect();
    let after: Vec<_> = clock::running(&change.after).cloned().collect();
    assert_eq!(before, after);
    assert_eq!(change.after.status, submitted().status);
    let rules = Rules::default();
    let later = beijing("2026-03-03T09:00");
    let answer = try_at(&change.after, found(true, "灯不亮"), &stranger(), rules, later);
    let answer = answer.unwrap();
    assert_eq!(clock::running(&answer.after).cloned().collect::<Vec<_>>(), before);
}

#[test]
fn what_was_found_is_told_to_the_desk_in_words() {
    for (real, words) in [(true, "第3位：属实 灯杆倒了"), (false, "第3位：不属实 灯杆倒了")]
    {
        let change = try_it(&asked(), found(real, "灯杆倒了"), &stranger()).unwrap();
        let [notice] = &change.notices[..] else { panic!("{:?}", change.notices) };
        assert_eq!((notice.to, notice.kind), (Audience::Desk, NoticeKind::Verified));
        assert_eq!(notice.note.as_deref(), Some(words));
        let answer = change.after.course.verification.unwrap().answer.unwrap();
        assert_eq!((answer.real, answer.by), (real, person(3)));
    }
}

#[test]
fn only_who_was_asked_answers_once_and_with_words_or_a_photo() {
    refused(&asked(), found(true, "在"), &Actor::Member(person(4)), &Why::NotYours);
    refused(&asked(), found(true, "在"), &operator(), &Why::NotYours);
    refused(&submitted(), found(true, "在"), &stranger(), &Why::NotYours);
    refused(&asked(), found(true, " "), &stranger(), &Why::NeedsWords);
    let shown = Action::Verify { real: true, text: String::new(), media: vec![photo()] };
    let answered = done(&asked(), shown, &stranger());
    refused(&answered, found(false, "没有"), &stranger(), &Why::AlreadySo);
    // A second look is asked for anew.
    let again = done(&answered, look(&[3]), &operator());
    assert!(try_it(&again, found(false, "没有"), &stranger()).is_ok());
}

#[test]
fn a_look_is_asked_for_before_somebody_is_called_and_is_too_late_afterwards() {
    for stage in Stage::ALL {
        let ticket = at(stage);
        let expected = matches!(stage, Stage::Submitted | Stage::Accepted);
        assert_eq!(try_it(&ticket, look(&[3]), &operator()).is_ok(), expected, "{stage:?}");
    }
    let accepted = done(&asked(), Action::Accept, &operator());
    assert!(try_it(&accepted, found(true, "在"), &stranger()).is_ok());
    let called = done(&accepted, call(&[1]), &operator());
    refused(&called, found(true, "在"), &stranger(), &Why::NotFromHere);
    refused(&submitted(), look(&[]), &operator(), &Why::NeedsSomebody);
    refused(&submitted(), look(&[3]), &Actor::Member(person(1)), &Why::NotYours);
}

#[test]
fn a_resident_takes_it_back_while_somebody_is_on_the_way() {
    let gone = done(&asked(), Action::Withdraw { reason: None }, &Actor::Resident);
    refused(&gone, found(true, "在"), &stranger(), &Why::NotFromHere);
}
