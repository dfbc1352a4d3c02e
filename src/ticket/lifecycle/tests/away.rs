//! Whoever is away keeps nothing, in whatever state a ticket is.

use super::sample::{
    at, checked, done, finish, handler, in_progress, morning, operator, person, submitted, try_at,
    try_it, words,
};
use crate::ticket::event::{Actor, What};
use crate::ticket::lifecycle::{Action, Why};
use crate::ticket::notice::{Audience, NoticeKind};
use crate::ticket::{Call, Person, Stage, Ticket};

fn hand_over(from: u128, to: &[u128]) -> Action {
    let to = to.iter().map(|number| person(*number)).collect();
    let call = Call { to, reason: "请假".to_owned(), ..Call::default() };
    Action::HandOver { from: person(from), call }
}

fn help(who: u128) -> Action {
    let call = Call { to: vec![person(who)], ..Call::default() };
    Action::CallHelp { call, what: words(), required: true, minutes: None }
}

/// Whether anything is still expected of a person.
fn keeps(ticket: &Ticket, who: &Person) -> bool {
    let is = |one: &Person| one.id == who.id;
    let course = &ticket.course;
    let asked = course.verification.iter().filter(|asked| asked.answer.is_none());
    ticket.called.iter().any(is)
        || ticket.handler.iter().any(is)
        || course.holder.leader.iter().any(is)
        || course.helps.iter().any(|help| help.is_of(who.id))
        || asked.flat_map(|asked| &asked.asked).any(is)
}

#[test]
fn nothing_stays_with_who_is_away_wherever_the_ticket_is() {
    for stage in Stage::ALL {
        let ticket = at(stage);
        for to in [&[][..], &[5], &[2], &[1, 5]] {
            for away in [1, 2] {
                let Ok(moved) = try_it(&ticket, hand_over(away, to), &Actor::System) else {
                    assert!(ticket.is_ended() || !keeps(&ticket, &person(away)), "{stage:?}");
                    continue;
                };
                assert!(!keeps(&moved.after, &person(away)), "{stage:?} {away} to {to:?}");
                let again = try_it(&moved.after, hand_over(away, to), &Actor::System);
                assert_eq!(again.unwrap_err().why, Why::AlreadySo, "{stage:?}");
            }
        }
    }
}

#[test]
fn several_parts_of_one_person_go_at_once() {
    let mut ticket = done(&in_progress(), help(4), &handler());
    ticket.course.helps.push(ticket.course.helps[0].clone());
    ticket.course.helps[1].no = 2;
    let taken = done(&ticket, Action::Take, &Actor::Member(person(4)));
    let after = done(&taken, hand_over(4, &[5]), &Actor::System);
    assert!(!keeps(&after, &person(4)));
    assert!(after.course.helps.iter().all(|help| help.called == [person(5)]));
    assert_eq!(after.handler, Some(person(1)), "the lead is somebody else's");
    // Nobody to help: the lead hears that the part is gone, and need not wait for it.
    let nobody = try_it(&taken, hand_over(4, &[]), &Actor::System).unwrap();
    assert!(nobody.after.course.helps.iter().all(|help| !help.is_open()));
    let told = nobody.notices.iter().find(|notice| notice.kind == NoticeKind::HelpReturned);
    assert_eq!(told.unwrap().to, Audience::Handler);
    // The lead is no helper of their own.
    let lead = done(&taken, hand_over(4, &[1]), &Actor::System);
    assert!(lead.course.helps.iter().all(|help| !help.is_open()));
}

#[test]
fn a_look_on_site_is_asked_of_the_others_or_of_somebody_else_or_dropped() {
    let look = |of: &[u128]| Action::AskVerification {
        of: of.iter().map(|number| person(*number)).collect(),
    };
    let asked = done(&submitted(), look(&[1, 2]), &operator());
    let of_one = done(&asked, hand_over(1, &[5]), &Actor::System);
    assert_eq!(of_one.course.verification.as_ref().unwrap().asked, [person(2)]);
    let of_five = try_it(&of_one, hand_over(2, &[5]), &Actor::System).unwrap();
    assert_eq!(of_five.after.course.verification.as_ref().unwrap().asked, [person(5)]);
    assert!(of_five.notices.iter().any(|notice| notice.kind == NoticeKind::VerifyTask));
    assert_eq!(of_five.after.status.stage(), Stage::Submitted);
    let dropped = try_it(&of_one, hand_over(2, &[]), &Actor::System).unwrap();
    assert_eq!(dropped.after.course.verification, None);
    assert_eq!(dropped.notices[0].to, Audience::Desk);
}

#[test]
fn who_comes_back_to_a_ticket_without_its_handler_hears_of_it() {
    let asked = at(Stage::NeedInfo);
    let handed = done(&asked, hand_over(1, &[5]), &Actor::System);
    assert_eq!(handed.status.stage(), Stage::NeedInfo);
    let told = |ticket: &Ticket, action: Action, by: &Actor, to: Audience| {
        let done = try_it(ticket, action, by).unwrap();
        assert!(done.notices.iter().any(|notice| notice.to == to), "{done:?}");
        done.after.status.stage()
    };
    let answer = Action::GiveInfo { text: words(), media: vec![] };
    let stage = told(&handed, answer, &Actor::Resident, Audience::Called);
    assert_eq!(stage, Stage::Dispatched);
    for (stage, action, by) in [
        (Stage::Suspended, Action::Resume, Actor::System),
        (Stage::AwaitingSignoff, Action::Rework { reason: None }, Actor::System),
        (Stage::ResultSubmitted, Action::SendBack { reason: words() }, operator()),
    ] {
        let to_somebody = done(&at(stage), hand_over(1, &[5]), &Actor::System);
        assert_eq!(told(&to_somebody, action.clone(), &by, Audience::Called), Stage::Dispatched);
        let to_nobody = done(&at(stage), hand_over(1, &[]), &Actor::System);
        assert_eq!(told(&to_nobody, action, &by, Audience::Desk), Stage::Accepted, "{stage:?}");
    }
}

#[test]
fn a_result_whose_checker_is_away_is_checked_by_the_desk() {
    let leader = person(4);
    let unit = Some("power".to_owned());
    let called = Call {
        to: vec![person(1), leader.clone()],
        unit,
        leader: Some(leader.clone()),
        ..Call::default()
    };
    let accepted = done(&submitted(), Action::Accept, &operator());
    let dispatched = done(&accepted, Action::Dispatch { call: called }, &operator());
    let taken = done(&dispatched, Action::Take, &handler());
    let rules = crate::ticket::lifecycle::Rules { four_order: true, ..checked() };
    let reported = try_at(&taken, finish(), &handler(), rules, morning()).unwrap().after;
    let handed = try_it(&reported, hand_over(4, &[5]), &Actor::System).unwrap();
    assert!(!keeps(&handed.after, &leader));
    assert_eq!(handed.after.handler, Some(person(1)));
    assert_eq!(handed.notices[0].to, Audience::Desk);
    assert_eq!(handed.notices[0].kind, NoticeKind::CheckWanted);
    done(&handed.after, Action::Pass, &operator());
}

#[test]
fn the_history_says_from_whom_to_whom_and_why_and_the_dates_stay() {
    let ticket = in_progress();
    let moved = try_it(&ticket, hand_over(1, &[5]), &Actor::System).unwrap();
    let What::HandedOver { from, to, because, .. } = &moved.events[0].what else { panic!() };
    assert_eq!((from, to.as_slice(), because.as_str()), (&person(1), &[person(5)][..], "请假"));
    let due = |ticket: &Ticket| crate::ticket::clock::result_clock(ticket).unwrap().due_at;
    assert_eq!(due(&moved.after), due(&ticket));
    assert_eq!(moved.after.accountable, ticket.accountable);
    let by_member = try_it(&ticket, hand_over(1, &[5]), &handler());
    assert_eq!(by_member.unwrap_err().why, Why::NotYours);
}
