//! 并案: copies follow their master, and their residents rate for themselves. What is stored of
//! several tickets at once is the shell's; here is what each of them may do.

use super::sample::{
    at, beijing, done, elsewhere, handler, help, in_progress, morning, operator, refused,
    submitted, told, try_at, try_it, words,
};
use crate::ticket::event::{Actor, What};
use crate::ticket::lifecycle::{Action, Rules, Why};
use crate::ticket::notice::{Audience, NoticeKind};
use crate::ticket::{ClosedKind, Outcome, Rating, Stage, Status, Ticket, TicketNumber, due};
use chrono::TimeDelta;

const TIME: Actor = Actor::System;

fn merge_into(number: &str) -> Action {
    Action::Merge { into: TicketNumber::find(number).unwrap() }
}

fn copy() -> Ticket {
    at(Stage::Merged)
}

fn master_closed() -> Action {
    Action::FollowMaster { kind: ClosedKind::Signed, outcome: Outcome::Solved }
}

fn closed_copy() -> Ticket {
    done(&copy(), master_closed(), &TIME)
}

#[test]
fn a_copy_moves_on_with_its_master_and_never_makes_a_chain() {
    let moved = done(&copy(), merge_into("LX260302111111"), &TIME);
    let Status::Merged { into, closed_at: None } = &moved.status else { panic!() };
    assert_eq!(into.as_str(), "LX260302111111");
    refused(&moved, merge_into("LX260302111111"), &TIME, &Why::AlreadySo);
    // What was closed with its master stays there.
    refused(&closed_copy(), merge_into("LX260302111111"), &TIME, &Why::NotFromHere);
}

#[test]
fn what_has_a_result_is_merged_no_more() {
    for stage in Stage::ALL {
        let open = [
            Stage::Submitted,
            Stage::NeedInfo,
            Stage::Accepted,
            Stage::Dispatched,
            Stage::Returned,
            Stage::InProgress,
            Stage::Suspended,
        ];
        let into = Action::Merge { into: elsewhere() };
        let merged = try_it(&at(stage), into, &operator());
        assert_eq!(merged.is_ok(), open.contains(&stage), "{stage:?}");
    }
}

#[test]
fn whoever_worked_on_a_copy_and_helped_with_it_hears_that_it_is_gone() {
    let helped = done(&in_progress(), help(&[4]), &handler());
    let merged = try_it(&helped, Action::Merge { into: elsewhere() }, &operator()).unwrap();
    assert_eq!(
        told(&merged),
        [
            (Audience::Reporter, NoticeKind::Merged),
            (Audience::Called, NoticeKind::Gone),
            (Audience::Helper(1), NoticeKind::HelpGone),
        ]
    );
    assert_eq!(due::next(&merged.after), None, "nothing of a copy rings");
}

#[test]
fn a_copy_closes_with_its_master_and_its_resident_rates() {
    refused(
        &copy(),
        Action::Rate { rating: Rating::Satisfied },
        &Actor::Resident,
        &Why::NotFromHere,
    );
    let closed = try_it(&copy(), master_closed(), &TIME).unwrap();
    assert_eq!(told(&closed), [(Audience::Reporter, NoticeKind::MasterClosed)]);
    refused(&closed.after, master_closed(), &TIME, &Why::NotFromHere);
    refused(&copy(), master_closed(), &operator(), &Why::NotYours);
    let rate = |rating| Action::Rate { rating };
    let rated = done(&closed.after, rate(Rating::Dissatisfied), &Actor::Resident);
    let again = try_it(&rated, rate(Rating::Satisfied), &Actor::Resident).unwrap();
    assert_eq!(again.after.rating, Some(Rating::Satisfied));
    assert!(matches!(again.events[0].what, What::Rated { first: false, .. }));
    let rules = Rules::default();
    let late = morning() + TimeDelta::days(31);
    let tried = try_at(&rated, rate(Rating::Satisfied), &Actor::Resident, rules, late);
    assert_eq!(tried.unwrap_err().why, Why::TooLate);
}

#[test]
fn a_copy_opens_with_its_master_and_is_closed_with_it_again() {
    let open = done(&closed_copy(), Action::MasterReopened, &TIME);
    assert!(matches!(open.status, Status::Merged { closed_at: None, .. }));
    refused(&copy(), Action::MasterReopened, &TIME, &Why::NotFromHere);
    assert!(try_it(&open, master_closed(), &TIME).is_ok());
}

#[test]
fn what_is_split_off_is_the_desk_s_again_with_nobody_of_before() {
    let merged = done(&in_progress(), Action::Merge { into: elsewhere() }, &operator());
    for (ticket, by) in [(merged.clone(), operator()), (merged, TIME), (closed_copy(), operator())]
    {
        let split = try_it(&ticket, Action::Unmerge, &by).unwrap();
        assert_eq!(split.after.status, Status::Accepted);
        let after = &split.after;
        assert_eq!((&after.handler, after.called.len(), &after.unit), (&None, 0, &None));
        assert_eq!(after.course.holder, crate::ticket::course::Holder::default());
        assert_eq!(
            told(&split),
            [(Audience::Reporter, NoticeKind::Unmerged), (Audience::Desk, NoticeKind::NewTicket)]
        );
        assert!(due::next(after).is_some(), "its time goes on");
    }
    refused(&copy(), Action::Unmerge, &handler(), &Why::NotYours);
    refused(&copy(), Action::Unmerge, &Actor::Resident, &Why::NotYours);
}

#[test]
fn a_master_counts_its_copies_and_tells_whoever_works_on_it() {
    let join = || Action::TakeIn { number: elsewhere() };
    let taken = try_it(&in_progress(), join(), &TIME).unwrap();
    assert_eq!(told(&taken), [(Audience::Handler, NoticeKind::CopyJoined)]);
    assert_eq!(taken.after.course.copies, 1);
    let number = elsewhere();
    let gone = done(&taken.after, Action::LetGo { number: number.clone() }, &operator());
    assert_eq!(gone.course.copies, 0);
    refused(&gone, Action::LetGo { number }, &TIME, &Why::AlreadySo);
    assert_eq!(told(&try_it(&submitted(), join(), &TIME).unwrap()), []);
    refused(&at(Stage::Closed), join(), &TIME, &Why::NotFromHere);
    let itself = Action::TakeIn { number: submitted().number };
    refused(&submitted(), itself, &TIME, &Why::NotFromHere);
}

#[test]
fn the_resident_of_a_copy_neither_urges_nor_withdraws_behind_the_master_s_back() {
    for action in [
        Action::Urge,
        Action::Supplement { text: Some(words()), media: vec![] },
        Action::Reopen { reason: words() },
        Action::Confirm { fully: true },
    ] {
        refused(&copy(), action.clone(), &Actor::Resident, &Why::NotFromHere);
        refused(&closed_copy(), action, &Actor::Resident, &Why::NotFromHere);
    }
    let rules = Rules::default();
    let back = Action::Withdraw { reason: None };
    let tried = try_at(&copy(), back, &Actor::Resident, rules, beijing("2026-03-03T09:00"));
    assert_eq!(tried.unwrap_err().why, Why::TooLate);
}
