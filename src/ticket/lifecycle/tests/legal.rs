//! What is offered can be done, and what can be done is offered.

use super::properties::{after_all, attempt};
use super::sample::{at, checked, every_action, operator, person, second, try_at};
use crate::ticket::event::Actor;
use crate::ticket::lifecycle::{Action, Legal, Move, Rules, legal};
use crate::ticket::{Stage, Ticket};
use chrono::{DateTime, Utc};
use proptest::prelude::*;

/// The move that an action of the desk is, where it is one.
fn move_of(action: &Action) -> Option<Move> {
    Some(match action {
        Action::Accept => Move::Accept,
        Action::ProposeRejection { .. } => Move::ProposeRejection,
        Action::ApproveRejection => Move::ApproveRejection,
        Action::RefuseRejection => Move::RefuseRejection,
        Action::Recategorise { .. } => Move::Recategorise,
        Action::Locate { .. } => Move::Locate,
        Action::AskVerification { .. } => Move::AskVerification,
        Action::Verify { .. } => Move::Verify,
        Action::Dispatch { .. } => Move::Dispatch,
        Action::UpholdReturn => Move::UpholdReturn,
        Action::OverruleReturn => Move::OverruleReturn,
        Action::Ask { .. } => Move::Ask,
        Action::CancelQuestion => Move::CancelQuestion,
        Action::Pass => Move::Pass,
        Action::SendBack { .. } => Move::SendBack,
        Action::AnswerAtOnce { .. } => Move::AnswerAtOnce,
        Action::FinalAnswer { .. } => Move::FinalAnswer,
        Action::Suspend { .. } => Move::Suspend,
        Action::Resume => Move::Resume,
        Action::Merge { .. } => Move::Merge,
        Action::Unmerge => Move::Unmerge,
        Action::CallHelp { .. } => Move::CallHelp,
        Action::WaiveHelp { .. } => Move::WaiveHelp,
        Action::Escalate { .. } => Move::Escalate,
        Action::HandOver { .. } => Move::HandOver,
        Action::Assign { .. } => Move::Assign,
        Action::Supervise { .. } => Move::Supervise,
        Action::AnswerSupervision { .. } => Move::AnswerSupervision,
        Action::GrantExtension { .. } => Move::GrantExtension,
        Action::RefuseExtension { .. } => Move::RefuseExtension,
        Action::Note { .. } => Move::Note,
        Action::OnBehalf { action } => match **action {
            Action::GiveInfo { .. } => Move::GiveInfo,
            Action::Supplement { .. } => Move::Supplement,
            Action::Reopen { .. } => Move::Reopen,
            Action::Withdraw { .. } => Move::Withdraw,
            _ => return None,
        },
        _ => return None,
    })
}

/// The resident's own, too, as somebody at the desk says them.
fn every_action_of_the_desk() -> Vec<Action> {
    let told = |action: Action| Action::OnBehalf { action: Box::new(action) };
    every_action()
        .into_iter()
        .flat_map(|(action, by)| match by {
            Actor::Resident => vec![told(action)],
            _ => vec![action],
        })
        .collect()
}

fn offered(ticket: &Ticket, by: &Actor, rules: Rules<'_>, now: DateTime<Utc>) -> Vec<Legal> {
    legal(ticket, by.person().unwrap(), rules, now)
}

fn holds_for(ticket: &Ticket, by: &Actor, rules: Rules<'_>, now: DateTime<Utc>) {
    let offers = offered(ticket, by, rules, now);
    for offer in &offers {
        let done = try_at(ticket, offer.sample.clone(), by, rules, now).unwrap();
        assert_eq!(done.notices.len(), offer.tells.len());
        let left = done.events.iter().any(|event| event.what.code() == offer.wanted.leaves());
        assert!(left, "{:?} leaves {:?}", offer.wanted, done.events);
    }
    for action in every_action_of_the_desk() {
        let Some(wanted) = move_of(&action) else { continue };
        let is_offered = offers.iter().any(|offer| offer.wanted == wanted);
        if try_at(ticket, action, by, rules, now).is_ok() {
            assert!(is_offered, "{wanted:?} is possible and not offered: {:?}", ticket.status);
        }
    }
}

#[test]
fn at_every_stage_exactly_what_is_possible_is_offered() {
    for stage in Stage::ALL {
        let ticket = at(stage);
        for by in [operator(), second(), Actor::Operator(person(1))] {
            holds_for(&ticket, &by, Rules::default(), ticket.submitted_at);
            holds_for(&ticket, &by, checked(), ticket.submitted_at);
        }
    }
}

#[test]
fn who_proposed_a_rejection_is_not_offered_to_approve_it() {
    let proposed = super::sample::done(
        &at(Stage::Submitted),
        Action::ProposeRejection { reason: "不归本县管".into() },
        &operator(),
    );
    let may_approve = |by: &Actor| {
        let offers = offered(&proposed, by, Rules::default(), proposed.submitted_at);
        offers.iter().any(|offer| offer.wanted == Move::ApproveRejection)
    };
    assert!(!may_approve(&operator()));
    assert!(may_approve(&second()));
}

#[test]
fn every_move_is_found_by_its_name_and_each_has_its_own() {
    for wanted in Move::ALL {
        assert_eq!(Move::of(wanted.code()), Some(wanted));
    }
    assert_eq!(Move::of("close"), None);
    let known: std::collections::BTreeSet<Move> =
        every_action_of_the_desk().iter().filter_map(move_of).collect();
    assert_eq!(known.len(), Move::ALL.len());
}

proptest! {
    #[test]
    fn whatever_happened_what_is_offered_can_be_done(
        attempts in prop::collection::vec(attempt(), 0..40),
    ) {
        let (ticket, now) = after_all(attempts, checked());
        for by in [operator(), second()] {
            holds_for(&ticket, &by, checked(), now);
        }
    }
}
