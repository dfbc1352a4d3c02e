//! What holds whatever people do, in whatever order, at whatever time.

use super::sample::{
    at, checked, every_action, handler, operator, other, second, stranger, submitted, try_at,
};
use crate::ticket::due::{self, Moment};
use crate::ticket::event::{Actor, What};
use crate::ticket::lifecycle::{Action, Rules, Transition};
use crate::ticket::{Stage, Status, Ticket};
use chrono::TimeDelta;
use proptest::prelude::*;

fn actors() -> Vec<Actor> {
    vec![Actor::Resident, Actor::System, handler(), other(), stranger(), operator(), second()]
}

/// One try: which action, by its usual actor or by any, after how many hours.
fn attempt() -> impl Strategy<Value = (usize, Option<usize>, i64)> {
    let usual = prop_oneof![4 => Just(None), 1 => (0..actors().len()).prop_map(Some)];
    (0..every_action().len(), usual, prop_oneof![4 => 0_i64..4, 1 => 0_i64..200])
}

/// Holds of every change, whatever it is.
fn sound(
    before: &Ticket,
    action: &Action,
    by: &Actor,
    change: &Transition,
) -> Result<(), TestCaseError> {
    let after = &change.after;
    prop_assert_eq!(change.before, Some(before.version));
    prop_assert_eq!(after.version, before.version + 1);
    prop_assert!(!change.events.is_empty());
    prop_assert!(change.events.iter().all(|event| event.by == *by));
    prop_assert!(after.round >= before.round && after.round <= before.round + 1);
    prop_assert_eq!((&after.id, &after.number), (&before.id, &before.number));
    prop_assert_eq!(after.submitted_at, before.submitted_at);
    if before.accountable.is_some() {
        prop_assert_eq!(&after.accountable, &before.accountable);
    }
    if before.accepted_at.is_some() {
        prop_assert_eq!(after.accepted_at, before.accepted_at);
    }
    if let Some(handler) = &after.handler {
        prop_assert!(after.called.iter().any(|called| called.id == handler.id));
    }
    if matches!(after.status, Status::InProgress { .. } | Status::Suspended { .. }) {
        prop_assert!(after.handler.is_some());
    }
    if matches!(after.status, Status::Dispatched { .. }) {
        prop_assert!(after.handler.is_none() && !after.called.is_empty());
    }
    let (from, to) = (before.status.stage(), after.status.stage());
    if from == Stage::Closed && to != Stage::Closed {
        prop_assert!(matches!(action, Action::Reopen { .. }), "{:?} left closed", action);
    }
    if from == Stage::Rejected && to != Stage::Rejected {
        prop_assert!(matches!(action, Action::Appeal { .. }), "{:?} left rejected", action);
    }
    prop_assert_eq!(after.closed_at.is_some(), to == Stage::Closed);
    four_eyes(before, by, change)
}

/// Whoever rejects did not propose it; whoever checks did not report it.
fn four_eyes(before: &Ticket, by: &Actor, change: &Transition) -> Result<(), TestCaseError> {
    let me = by.person().map(|person| person.id);
    for event in &change.events {
        match (&event.what, &before.status) {
            (What::Rejected { .. }, Status::Submitted { rejection: Some(proposed) }) => {
                prop_assert_ne!(Some(proposed.proposed_by), me);
            }
            (What::Rejected { .. }, _) => prop_assert!(false, "rejected without a proposal"),
            (What::Checked | What::SentBack { .. }, _) => {
                prop_assert_ne!(before.finding.as_ref().map(|finding| finding.by.id), me);
            }
            _ => {}
        }
    }
    Ok(())
}

proptest! {
    #[test]
    fn every_change_is_sound(
        attempts in prop::collection::vec(attempt(), 1..120),
        needs_check in any::<bool>(),
    ) {
        let rules = Rules { needs_check, ..Rules::default() };
        let mut ticket = submitted();
        let mut now = ticket.submitted_at;
        for (which, usual, hours) in attempts {
            now += TimeDelta::hours(hours);
            let (action, by) = every_action().swap_remove(which);
            let by = usual.map_or(by, |actor| actors().swap_remove(actor));
            if let Ok(change) = try_at(&ticket, action.clone(), &by, rules, now) {
                sound(&ticket, &action, &by, &change)?;
                ticket = change.after;
            }
            let next = due::next(&ticket);
            prop_assert!(!ticket.is_ended() || next.is_none());
            if let Some((when, Moment::Act(what))) = next {
                // What time wants is possible when the time has come, and then it is not due again.
                let done = try_at(&ticket, what.clone(), &Actor::System, rules, when.max(now));
                prop_assert!(done.is_ok(), "{:?} at {:?}", what, ticket.status);
                prop_assert_ne!(due::next(&done.unwrap().after), Some((when, Moment::Act(what))));
            }
        }
    }
}

/// Steps that end a ticket, taken by one person alone, at most two in a row.
fn ends_alone(ticket: &Ticket, by: &Actor) -> bool {
    let now = ticket.submitted_at;
    let steps = |ticket: &Ticket| -> Vec<Ticket> {
        every_action()
            .into_iter()
            .filter_map(|(action, _)| try_at(ticket, action, by, checked(), now).ok())
            .map(|change| change.after)
            .collect()
    };
    let first = steps(ticket);
    first.iter().any(Ticket::is_ended)
        || first.iter().flat_map(steps).any(|ticket| ticket.is_ended())
}

#[test]
fn from_every_stage_one_person_alone_can_reach_an_end() {
    for stage in Stage::ALL {
        let ticket = at(stage);
        let alone = ticket.is_ended()
            || ends_alone(&ticket, &Actor::Resident)
            || ends_alone(&ticket, &second());
        assert!(alone, "{stage:?} can be reached but not left");
    }
}
