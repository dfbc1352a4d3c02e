//! 协办: parts of others, and the lead who waits for them.

use super::sample::{
    at, beijing, called, done, finish, handler, help, in_progress, operator, other, person,
    refused, second, told, try_at, try_it, words,
};
use crate::ticket::event::{Actor, What};
use crate::ticket::lifecycle::{Action, Rules, Why};
use crate::ticket::notice::{Audience, NoticeKind};
use crate::ticket::{Call, HelpStatus, Stage, Ticket, clock};

fn helper() -> Actor {
    Actor::Member(person(4))
}

fn waiting() -> Ticket {
    done(&in_progress(), help(&[4, 5]), &handler())
}

fn decline() -> Action {
    Action::Decline { reason: words() }
}

fn is_at(ticket: &Ticket, no: u32) -> &HelpStatus {
    &ticket.course.helps.iter().find(|help| help.no == no).unwrap().status
}

#[test]
fn the_result_waits_for_a_required_part_and_says_whose() {
    let ticket = waiting();
    let names = "第4位、第5位".to_owned();
    refused(&ticket, finish(), &handler(), &Why::NeedsHelpers { names });
    let taken = done(&ticket, Action::Take, &helper());
    let names = "第4位".to_owned();
    refused(&taken, finish(), &handler(), &Why::NeedsHelpers { names });
    let helped = try_it(&taken, finish(), &helper()).unwrap();
    assert_eq!(helped.after.status.stage(), Stage::InProgress, "a part is not the result");
    assert_eq!(told(&helped), [(Audience::Handler, NoticeKind::HelpDone)]);
    assert_eq!(done(&helped.after, finish(), &handler()).status.stage(), Stage::AwaitingSignoff);
}

#[test]
fn a_part_that_is_not_required_holds_nobody_up() {
    let Action::CallHelp { call, what, .. } = help(&[4]) else { panic!() };
    let asked = Action::CallHelp { call, what, required: false, minutes: None };
    let ticket = done(&in_progress(), asked, &handler());
    let closed = try_it(&ticket, finish(), &handler()).unwrap().after;
    let signed = try_it(&closed, Action::Confirm { fully: true }, &Actor::Resident).unwrap();
    assert!(matches!(is_at(&signed.after, 1), HelpStatus::Cancelled { .. }));
}

#[test]
fn only_the_lead_and_the_desk_call_helpers_and_none_of_them_twice() {
    refused(&in_progress(), help(&[4]), &other(), &Why::NotYours);
    refused(&in_progress(), help(&[4]), &Actor::Resident, &Why::NotYours);
    refused(&waiting(), help(&[4, 5]), &operator(), &Why::NeedsSomebody);
    refused(&waiting(), help(&[1]), &operator(), &Why::NeedsSomebody);
    let again = done(&waiting(), help(&[5, 6]), &operator());
    assert_eq!(again.course.helps.last().unwrap().called, [person(6)]);
    for stage in [Stage::Submitted, Stage::Accepted, Stage::NeedInfo, Stage::AwaitingSignoff] {
        refused(&at(stage), help(&[4]), &operator(), &Why::NotFromHere);
    }
}

#[test]
fn of_two_helpers_one_takes_the_part() {
    let taken = done(&waiting(), Action::Take, &helper());
    refused(&taken, Action::Take, &helper(), &Why::AlreadySo);
    refused(&taken, Action::Take, &Actor::Member(person(5)), &Why::AlreadyTaken { by: person(4) });
    assert_eq!(taken.handler, Some(person(1)), "the lead stays the lead");
}

#[test]
fn a_returned_part_is_told_to_the_lead_and_the_desk_and_waits_for_nobody() {
    let back = try_it(&waiting(), decline(), &helper()).unwrap();
    assert_eq!(
        told(&back),
        [(Audience::Handler, NoticeKind::HelpReturned), (Audience::Desk, NoticeKind::HelpReturned)]
    );
    assert_eq!(back.after.status.stage(), Stage::InProgress);
    assert!(try_it(&back.after, finish(), &handler()).is_ok());
    let silent = Action::Decline { reason: " ".into() };
    refused(&waiting(), silent, &helper(), &Why::NeedsWords);
}

#[test]
fn a_part_is_waived_by_the_desk_and_not_by_the_lead() {
    let waive = || Action::WaiveHelp { no: 1 };
    refused(&waiting(), waive(), &handler(), &Why::NotYours);
    refused(&waiting(), waive(), &Actor::Operator(person(1)), &Why::NeedsSecondPerson);
    let waived = try_it(&waiting(), waive(), &second()).unwrap();
    assert_eq!(told(&waived), [(Audience::Helper(1), NoticeKind::HelpGone)]);
    assert!(try_it(&waived.after, finish(), &handler()).is_ok());
    refused(&waived.after, waive(), &second(), &Why::NotFromHere);
    refused(&waived.after, finish(), &helper(), &Why::NotYours);
}

#[test]
fn a_part_ends_with_the_ticket_and_its_people_hear_why() {
    let ends = [
        (Action::Withdraw { reason: None }, Actor::Resident, "居民已经撤回"),
        (Action::Merge { into: super::sample::elsewhere() }, operator(), "已并入另一件一起办理"),
        (Action::FinalAnswer { text: words() }, operator(), "这件事已经办结"),
    ];
    for (action, by, why) in ends {
        let change = try_it(&waiting(), action, &by).unwrap();
        let gone = change.notices.iter().find(|notice| notice.kind == NoticeKind::HelpGone);
        let gone = gone.unwrap();
        assert_eq!((gone.to, gone.note.as_deref()), (Audience::Helper(1), Some(why)));
        let cancelled = |event: &What| matches!(event, What::HelpCancelled { .. });
        assert!(change.events.iter().any(|event| cancelled(&event.what)));
        assert!(change.after.course.helps.iter().all(|help| !help.is_open()));
    }
}

#[test]
fn a_part_is_never_due_after_the_lead_s_own_date() {
    let rules = Rules::default();
    let due_of = |ticket: &Ticket| ticket.course.helps[0].deadline.clone().unwrap().due_at;
    let thursday = beijing("2026-03-05T09:00");
    let ticket = try_at(&in_progress(), help(&[4]), &handler(), rules, thursday).unwrap().after;
    assert_eq!(due_of(&ticket), beijing("2026-03-09T09:00"));
    assert_eq!(due_of(&ticket), clock::result_clock(&ticket).unwrap().due_at);
    let Action::CallHelp { call, what, required, .. } = help(&[4]) else { panic!() };
    let short = Action::CallHelp { call, what, required, minutes: Some(240) };
    let ticket = try_at(&in_progress(), short, &handler(), rules, thursday).unwrap().after;
    assert_eq!(due_of(&ticket), beijing("2026-03-05T15:00"));
    // Where the lead is late already, helpers still get a time that can be met.
    let late = beijing("2026-03-16T09:00");
    let ticket = try_at(&in_progress(), help(&[4]), &handler(), rules, late).unwrap().after;
    assert_eq!(due_of(&ticket), beijing("2026-03-23T09:00"));
}

#[test]
fn a_helper_who_is_late_is_told_and_so_is_the_lead() {
    let rules = Rules::default();
    let Action::CallHelp { call, what, required, .. } = help(&[4]) else { panic!() };
    let short = Action::CallHelp { call, what, required, minutes: Some(480) };
    let ticket = done(&in_progress(), short, &handler());
    let mut ticket = ticket;
    for (when, expected) in [
        ("2026-03-02T17:00", vec![(Audience::Helper(1), NoticeKind::DueSoon)]),
        (
            "2026-03-03T09:00",
            vec![
                (Audience::Helper(1), NoticeKind::Overdue),
                (Audience::Handler, NoticeKind::Overdue),
            ],
        ),
    ] {
        let (at, action) = super::sample::next(&ticket);
        assert_eq!(at, beijing(when));
        let rung = try_at(&ticket, action, &Actor::System, rules, at).unwrap();
        assert_eq!(told(&rung), expected);
        ticket = rung.after;
    }
}

#[test]
fn who_came_second_may_go_along() {
    let joined = try_it(&in_progress(), Action::Join, &other()).unwrap();
    assert_eq!(told(&joined), [(Audience::Handler, NoticeKind::HelpDone)]);
    assert!(matches!(is_at(&joined.after, 1), HelpStatus::Taken { by } if *by == person(2)));
    refused(&joined.after, Action::Join, &other(), &Why::AlreadySo);
    refused(&in_progress(), Action::Join, &handler(), &Why::AlreadySo);
    refused(&in_progress(), Action::Join, &helper(), &Why::NotYours);
    assert!(try_it(&joined.after, finish(), &handler()).is_ok(), "nobody waits for company");
}

#[test]
fn a_unit_s_part_keeps_the_unit() {
    let call = Call { unit: Some("power_supply".into()), ..called(&[4]) };
    let asked = Action::CallHelp { call, what: words(), required: true, minutes: None };
    let ticket = done(&in_progress(), asked, &operator());
    assert_eq!(ticket.course.helps[0].unit.as_deref(), Some("power_supply"));
    assert_eq!(ticket.unit, None);
}
