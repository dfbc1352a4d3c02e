//! What holds whatever people do, in whatever order, at whatever time.

use super::sample::{
    at, by_time, called, checked, every_action, handler, operator, other, person, second, stranger,
    submitted, try_at,
};
use crate::ticket::due::{self, Moment};
use crate::ticket::event::{Actor, What};
use crate::ticket::lifecycle::{Action, Limits, Rules, Transition};
use crate::ticket::{ClockKind, Stage, Status, Ticket, clock};
use chrono::{DateTime, TimeDelta, Utc};
use proptest::prelude::*;

pub(super) fn actors() -> Vec<Actor> {
    vec![Actor::Resident, Actor::System, handler(), other(), stranger(), operator(), second()]
}

/// One try: which action, by its usual actor or by any, after how many hours.
pub(super) fn attempt() -> impl Strategy<Value = (usize, Option<usize>, i64)> {
    let usual = prop_oneof![4 => Just(None), 1 => (0..actors().len()).prop_map(Some)];
    (0..every_action().len(), usual, prop_oneof![4 => 0_i64..4, 1 => 0_i64..200])
}

/// The action itself, whoever's words it is done on.
fn said(action: &Action) -> &Action {
    match action {
        Action::OnBehalf { action } => action,
        action => action,
    }
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
    is_somebodys(after)?;
    its_clocks_run(after)?;
    no_date_moves_back(before, action, after)?;
    let (from, to) = (before.status.stage(), after.status.stage());
    if from == Stage::Closed && to != Stage::Closed {
        prop_assert!(matches!(said(action), Action::Reopen { .. }), "{:?} left closed", action);
    }
    if from == Stage::Rejected && to != Stage::Rejected {
        prop_assert!(matches!(said(action), Action::Appeal { .. }), "{:?} left rejected", action);
    }
    prop_assert_eq!(after.closed_at.is_some(), to == Stage::Closed);
    four_eyes(before, by, change)
}

/// No live ticket is without somebody who has to act: people, the desk, or the resident.
fn is_somebodys(ticket: &Ticket) -> Result<(), TestCaseError> {
    let has_people = match &ticket.status {
        Status::InProgress { .. } => ticket.handler.is_some(),
        Status::Dispatched { .. } => ticket.handler.is_none() && !ticket.called.is_empty(),
        // The desk's queue; the resident; and where people took over meanwhile, or nobody could,
        // it goes to them or to the desk as soon as it moves on.
        Status::Submitted { .. }
        | Status::Accepted
        | Status::Returned { .. }
        | Status::ResultSubmitted
        | Status::NeedInfo { .. }
        | Status::AwaitingSignoff { .. }
        | Status::Suspended { .. } => true,
        Status::Closed { .. }
        | Status::Rejected { .. }
        | Status::Withdrawn
        | Status::Merged { .. } => {
            prop_assert!(ticket.course.helps.iter().all(|help| !help.is_open()));
            true
        }
    };
    prop_assert!(has_people, "nobody has {:?}", ticket.status);
    for help in ticket.course.helps.iter().filter(|help| help.is_open()) {
        prop_assert!(!help.people().is_empty() && help.deadline.is_some());
    }
    Ok(())
}

/// Every state in which somebody owes something has the clock for it, and time alone leaves none
/// for ever.
fn its_clocks_run(ticket: &Ticket) -> Result<(), TestCaseError> {
    let runs = |kind| clock::running(ticket).any(|known| known.kind == kind);
    let runs_for_result = runs(ClockKind::Result) || runs(ClockKind::Redo);
    let as_it_should = match &ticket.status {
        Status::Submitted { .. } => runs(ClockKind::Accept),
        Status::Accepted | Status::InProgress { .. } => runs_for_result,
        Status::Dispatched { .. } => runs(ClockKind::Sign) && runs_for_result,
        Status::Returned { .. } => runs(ClockKind::Redispatch) && runs_for_result,
        Status::ResultSubmitted => runs(ClockKind::Check),
        Status::NeedInfo { .. } | Status::Suspended { .. } | Status::AwaitingSignoff { .. } => {
            due::next(ticket).is_some()
        }
        _ => clock::running(ticket).next().is_none() && due::next(ticket).is_none(),
    };
    prop_assert!(as_it_should, "{:?} runs {:?}", ticket.status, ticket.course.clocks);
    Ok(())
}

/// Whatever is done, a date that was promised does not come earlier; only another round or stage
/// has another one.
fn no_date_moves_back(
    before: &Ticket,
    action: &Action,
    after: &Ticket,
) -> Result<(), TestCaseError> {
    let kept = [ClockKind::Accept, ClockKind::Result];
    let kinds = kept.into_iter().chain((before.round == after.round).then_some(ClockKind::Redo));
    for kind in kinds {
        let (Some(known), Some(now)) =
            (before.course.clocks.get(kind), after.course.clocks.get(kind))
        else {
            continue;
        };
        prop_assert!(now.due_at >= known.due_at, "{kind:?} by {action:?}");
    }
    if !matches!(action, Action::RecomputeClocks) {
        for kind in kept {
            let was = before.course.clocks.get(kind).is_some();
            prop_assert!(!was || after.course.clocks.get(kind).is_some(), "{kind:?} is gone");
        }
    }
    Ok(())
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
            // Nobody signs off their own work in somebody else's name.
            (What::SignedOff { .. } | What::Rated { .. }, _) => {
                let found = before.finding.as_ref().map(|finding| finding.by.id);
                prop_assert!(me.is_none() || found != me);
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
            if let Some((when, moment)) = next {
                // What time wants is possible when the time has come, and then it is not due again.
                let what = by_time(&ticket, moment.clone());
                let done = try_at(&ticket, what.clone(), &Actor::System, rules, when.max(now));
                prop_assert!(done.is_ok(), "{:?} at {:?}", what, ticket.status);
                let change = done.unwrap();
                sound(&ticket, &what, &Actor::System, &change)?;
                prop_assert_ne!(due::next(&change.after), Some((when, moment)));
            }
        }
    }

    #[test]
    fn a_ticket_left_alone_ends_or_rests(
        attempts in prop::collection::vec(attempt(), 0..60),
        needs_check in any::<bool>(),
        is_long in any::<bool>(),
        somebody_is_above in any::<bool>(),
    ) {
        let rules = Rules { needs_check, is_long, ..Rules::default() };
        let (ticket, now) = after_all(attempts, rules);
        let mut ticket = ticket;
        let mut steps = 0;
        let mut last = now;
        while let Some((when, moment)) = due::next(&ticket) {
            let action = match moment {
                Moment::Escalate if somebody_is_above => {
                    Action::Escalate { call: called(&[5, 6]) }
                }
                moment => by_time(&ticket, moment),
            };
            last = last.max(when);
            ticket = try_at(&ticket, action, &Actor::System, rules, last).unwrap().after;
            steps += 1;
            prop_assert!(steps < 60, "{:?} does not come to rest", ticket.status);
        }
        // It rests only where it is somebody's turn, who was told as loudly as can be.
        let is_loud = clock::running(&ticket).all(|clock| clock.next_ring().is_none());
        prop_assert!(ticket.is_ended() || is_loud);
        prop_assert!(!matches!(
            ticket.status,
            Status::Dispatched { .. } | Status::NeedInfo { .. } | Status::Suspended { .. }
                | Status::AwaitingSignoff { .. }
        ), "{:?} waits for ever", ticket.status);
    }

    #[test]
    fn a_change_of_category_never_brings_a_date_forward(
        attempts in prop::collection::vec(attempt(), 0..60),
        limits in (1_u32..9600, 1_u32..9600),
        urgent in any::<bool>(),
    ) {
        let (mut ticket, now) = after_all(attempts, Rules::default());
        ticket.report.urgent = urgent;
        let limits = Limits { accept: limits.0, result: limits.1, ..Limits::default() };
        let rules = Rules { limits, ..Rules::default() };
        let to = Action::Recategorise { category: "road".into() };
        if let Ok(change) = try_at(&ticket, to.clone(), &operator(), rules, now) {
            no_date_moves_back(&ticket, &to, &change.after)?;
            for known in ticket.course.clocks.iter() {
                let moved = change.after.course.clocks.get(known.kind).unwrap();
                prop_assert!(moved.due_at >= known.due_at);
                prop_assert_eq!(moved.from, known.from);
            }
        }
    }

    #[test]
    fn after_a_hand_over_nothing_waits_for_somebody_away(
        attempts in prop::collection::vec(attempt(), 0..60),
        away in 1_u128..7,
        nobody in any::<bool>(),
    ) {
        let (ticket, now) = after_all(attempts, Rules::default());
        let call = called(if nobody { &[] } else { &[21, 22] });
        let over = Action::HandOver { from: person(away), call };
        if let Ok(change) = try_at(&ticket, over, &Actor::System, Rules::default(), now) {
            let id = person(away).id;
            let course = &change.after.course;
            let mut people =
                change.after.handler.iter().chain(&change.after.called).chain(&course.holder.leader);
            prop_assert!(people.all(|one| one.id != id));
            prop_assert!(course.helps.iter().all(|help| !help.is_of(id)));
            is_somebodys(&change.after)?;
        }
    }
}

/// A ticket after whatever people did, and when that was.
pub(super) fn after_all(
    attempts: Vec<(usize, Option<usize>, i64)>,
    rules: Rules<'_>,
) -> (Ticket, DateTime<Utc>) {
    let mut ticket = submitted();
    let mut now = ticket.submitted_at;
    for (which, usual, hours) in attempts {
        now += TimeDelta::hours(hours);
        let (action, by) = every_action().swap_remove(which);
        let by = usual.map_or(by, |actor| actors().swap_remove(actor));
        if let Ok(change) = try_at(&ticket, action, &by, rules, now) {
            ticket = change.after;
        }
    }
    (ticket, now)
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
