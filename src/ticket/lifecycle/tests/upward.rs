//! Who answers for a ticket: one level up, over to others, to one of the team, and what somebody
//! above asks.

use super::sample::{
    alone_until, at, beijing, call_led_by, called, checked, dispatched, done, finish, handler,
    help, in_progress, next, operator, other, person, refused, second, stranger, submitted, told,
    try_at, try_it, words,
};
use crate::ticket::clock::{self, Rung};
use crate::ticket::event::{Actor, What};
use crate::ticket::lifecycle::{Action, Rules, Why};
use crate::ticket::notice::{Audience, NoticeKind};
use crate::ticket::{Call, ClockKind, HelpStatus, MemberId, Stage, Status, Ticket};

fn up(to: &[u128]) -> Action {
    Action::Escalate { call: called(to) }
}

fn over(from: u128, to: &[u128]) -> Action {
    Action::HandOver { from: person(from), call: called(to) }
}

fn above() -> Actor {
    Actor::Member(person(5))
}

fn four_order() -> Rules<'static> {
    Rules { four_order: true, ..checked() }
}

/// Everything that could still be expected of somebody.
fn expects(ticket: &Ticket, who: MemberId) -> bool {
    let is_them = |known: &crate::ticket::Person| known.id == who;
    let course = &ticket.course;
    ticket.handler.iter().chain(&ticket.called).chain(&course.holder.leader).any(is_them)
        || course.helps.iter().any(|help| help.is_of(who))
        || course
            .verification
            .iter()
            .any(|asked| asked.answer.is_none() && asked.asked.iter().any(is_them))
}

#[test]
fn one_level_up_the_date_stays_and_the_lower_ones_go_on_helping() {
    let before = in_progress();
    let rules = Rules::default();
    let thursday = beijing("2026-03-05T09:00");
    let change = try_at(&before, up(&[5, 6]), &operator(), rules, thursday).unwrap();
    let after = &change.after;
    assert_eq!(after.status, Status::Dispatched { since: thursday, binding: true });
    assert_eq!(clock::result_clock(after).unwrap().due_at, beijing("2026-03-09T09:00"));
    assert_eq!(after.course.escalations, 1);
    let [part] = &after.course.helps[..] else { panic!() };
    assert!(part.was_lead && !part.required);
    assert_eq!(part.status, HelpStatus::Taken { by: person(1) });
    let told = told(&change);
    for expected in [
        (Audience::Called, NoticeKind::Task),
        (Audience::Helper(1), NoticeKind::Escalated),
        (Audience::Reporter, NoticeKind::Dispatched),
    ] {
        assert!(told.contains(&expected), "{told:?}");
    }
    refused(after, Action::Decline { reason: words() }, &above(), &Why::TooLate);
    assert_eq!(after.accountable, before.accountable, "who was asked first stays so");
}

#[test]
fn the_lower_one_s_result_counts_until_somebody_above_took_it() {
    let escalated = done(&in_progress(), up(&[5]), &operator());
    let brought = try_it(&escalated, finish(), &handler()).unwrap();
    assert_eq!(brought.after.status.stage(), Stage::AwaitingSignoff);
    assert_eq!(brought.after.finding.as_ref().unwrap().by, person(1));
    assert!(told(&brought).contains(&(Audience::OthersCalled, NoticeKind::Gone)));
    assert!(brought.after.course.helps.iter().all(|help| !help.is_open()));

    let taken = done(&escalated, Action::Take, &above());
    let helped = try_it(&taken, finish(), &handler()).unwrap();
    assert_eq!(helped.after.status.stage(), Stage::InProgress);
    assert_eq!(told(&helped), [(Audience::Handler, NoticeKind::HelpDone)]);
    refused(&escalated, Action::Take, &handler(), &Why::NotYours);
}

#[test]
fn those_who_were_called_and_took_nothing_help_too_and_who_returned_it_does_not() {
    let escalated = done(&dispatched(), up(&[5]), &operator());
    let [part] = &escalated.course.helps[..] else { panic!() };
    assert_eq!((part.called.len(), &part.status), (2, &HelpStatus::Called));
    let after_return = done(&at(Stage::Returned), up(&[5]), &operator());
    assert_eq!(after_return.course.helps, []);
    // Who is called again above is not their own helper.
    let same = done(&in_progress(), up(&[1, 5]), &operator());
    assert_eq!(same.course.helps, []);
}

#[test]
fn what_is_late_goes_up_once_and_to_the_supervisor_three_days_after_its_date() {
    let rules = Rules::default();
    let late = alone_until(&in_progress(), beijing("2026-03-09T09:00"), rules);
    let next_day = beijing("2026-03-10T09:00");
    let up = try_at(&late, up(&[5]), &Actor::System, rules, next_day).unwrap().after;
    let (when, action) = next(&up);
    assert!(matches!(action, Action::Ring { clock: ClockKind::Sign, .. }), "{when} {action:?}");
    let supervised = alone_until(&up, beijing("2026-03-12T09:00"), rules);
    assert_eq!((supervised.course.escalations, supervised.course.supervised), (1, 1));
    assert_eq!(clock::result_clock(&supervised).unwrap().rung, Rung::Supervised);
}

#[test]
fn only_the_desk_the_handler_and_time_send_it_up() {
    for (by, may) in [
        (operator(), true),
        (handler(), true),
        (Actor::System, true),
        (other(), false),
        (stranger(), false),
        (Actor::Resident, false),
    ] {
        assert_eq!(try_it(&in_progress(), up(&[5]), &by).is_ok(), may, "{by:?}");
    }
    refused(&in_progress(), up(&[]), &operator(), &Why::NeedsSomebody);
    for stage in [Stage::Submitted, Stage::NeedInfo, Stage::ResultSubmitted, Stage::Closed] {
        refused(&at(stage), up(&[5]), &operator(), &Why::NotFromHere);
    }
}

#[test]
fn a_hand_over_leaves_nobody_absent_at_any_stage() {
    for stage in Stage::ALL {
        for to in [&[7, 8][..], &[]] {
            let mut ticket = at(stage);
            let mut calls = 0;
            for away in [1, 2] {
                if ticket.is_ended() || !expects(&ticket, person(away).id) {
                    continue;
                }
                ticket = done(&ticket, over(away, to), &Actor::System);
                calls += 1;
                assert!(!expects(&ticket, person(away).id), "{stage:?} {away}");
            }
            if ticket.is_ended() {
                assert_eq!(calls, 0);
                refused(&ticket, over(1, to), &Actor::System, &Why::NotFromHere);
            }
        }
    }
}

#[test]
fn whoever_takes_over_hears_of_it_as_soon_as_it_goes_on() {
    for (stage, goes_on, by) in [
        (Stage::NeedInfo, Action::GiveInfo { text: words(), media: vec![] }, Actor::Resident),
        (Stage::Suspended, Action::Resume, operator()),
        (Stage::ResultSubmitted, Action::SendBack { reason: words() }, operator()),
        (Stage::AwaitingSignoff, Action::Rework { reason: None }, Actor::Resident),
    ] {
        let mut ticket = at(stage);
        for away in [1, 2] {
            if expects(&ticket, person(away).id) {
                ticket = done(&ticket, over(away, &[7]), &Actor::System);
            }
        }
        let change = try_it(&ticket, goes_on.clone(), &by).unwrap();
        assert_eq!(change.after.status.stage(), Stage::Dispatched, "{stage:?}");
        assert_eq!(change.after.called, [person(7)]);
        assert!(told(&change).contains(&(Audience::Called, NoticeKind::Task)), "{stage:?}");

        // Where nobody could be called, it lies on the desk.
        let mut ticket = at(stage);
        for away in [1, 2] {
            if expects(&ticket, person(away).id) {
                ticket = done(&ticket, over(away, &[]), &Actor::System);
            }
        }
        let on_desk = done(&ticket, goes_on, &by);
        assert_eq!(on_desk.status, Status::Accepted, "{stage:?}");
    }
}

#[test]
fn every_part_of_somebody_away_is_handed_over() {
    let helping = done(&in_progress(), help(&[2]), &handler());
    let up = done(&helping, up(&[5]), &operator());
    // The fifth helps with one part and leads; the first helps as who had it before.
    let more = done(&up, help(&[6]), &operator());
    for away in [1, 2, 5, 6] {
        let gone = done(&more, over(away, &[7]), &Actor::System);
        assert!(!expects(&gone, person(away).id), "{away}: {:?}", gone.course);
        assert!(expects(&gone, person(7).id), "{away}");
    }
    let alone = try_it(&helping, over(2, &[]), &Actor::System).unwrap();
    assert!(matches!(alone.after.course.helps[0].status, HelpStatus::Cancelled { .. }));
    assert!(told(&alone).contains(&(Audience::Handler, NoticeKind::HelpReturned)));
}

#[test]
fn a_look_on_site_is_asked_of_somebody_else_or_dropped() {
    let look = |of: &[u128]| Action::AskVerification {
        of: of.iter().map(|number| person(*number)).collect(),
    };
    let asked = done(&submitted(), look(&[3]), &operator());
    let moved = try_it(&asked, over(3, &[7]), &Actor::System).unwrap();
    let verification = moved.after.course.verification.as_ref().unwrap();
    assert_eq!(verification.asked, [person(7)]);
    assert!(told(&moved).contains(&(Audience::Verifiers, NoticeKind::VerifyTask)));
    assert_eq!(moved.after.status, asked.status);
    let dropped = done(&asked, over(3, &[]), &Actor::System);
    assert_eq!(dropped.course.verification, None);
    let two = done(&submitted(), look(&[3, 4]), &operator());
    let one = done(&two, over(3, &[7]), &Actor::System);
    assert_eq!(one.course.verification.unwrap().asked, [person(4)]);
}

#[test]
fn a_leader_who_is_away_does_not_lead() {
    let accepted = done(&submitted(), Action::Accept, &operator());
    let team = |leader, to| Call { unit: Some("team".into()), ..call_led_by(leader, to) };
    let called = done(&accepted, Action::Dispatch { call: team(2, &[1, 2]) }, &operator());
    let gone = done(&called, over(2, &[7]), &Actor::System);
    assert_eq!(gone.course.holder.leader, None);
    assert_eq!(gone.called, [person(1)]);
    let led = Action::HandOver { from: person(2), call: team(7, &[7]) };
    let led = done(&called, led, &Actor::System).course.holder.leader;
    assert_eq!(led, Some(person(7)), "who leads the same unit now");
}

#[test]
fn a_hand_over_says_from_whom_to_whom_and_why() {
    let change = try_it(&in_progress(), over(1, &[7]), &operator()).unwrap();
    let What::HandedOver { from, to, because, .. } = &change.events[0].what else { panic!() };
    assert_eq!((from, &to[..], because), (&person(1), &[person(7)][..], &words()));
    assert_eq!(change.after.accountable, in_progress().accountable);
    refused(&in_progress(), over(9, &[7]), &operator(), &Why::AlreadySo);
    refused(&in_progress(), over(1, &[7]), &handler(), &Why::NotYours);
    let to_desk = try_it(&in_progress(), over(1, &[]), &Actor::System).unwrap();
    assert_eq!(told(&to_desk), [(Audience::Desk, NoticeKind::HandedOver)]);
}

#[test]
fn the_leader_takes_it_for_the_team_gives_it_to_one_and_checks_the_result() {
    let rules = four_order();
    let now = beijing("2026-03-02T10:00");
    let act = |ticket: &Ticket, action, by: &Actor| try_at(ticket, action, by, rules, now);
    let accepted = act(&submitted(), Action::Accept, &operator()).unwrap().after;
    let call = Call { unit: Some("housing_bureau".into()), ..call_led_by(2, &[2, 1]) };
    let called = act(&accepted, Action::Dispatch { call }, &operator()).unwrap().after;
    let leader = Actor::Member(person(2));
    let early = act(&called, Action::Take, &handler()).unwrap_err();
    assert_eq!(early.why, Why::LeadersToTake { leader: person(2) });
    let taken = act(&called, Action::Take, &leader).unwrap().after;
    let to = || Action::Assign { to: person(1) };
    assert_eq!(act(&taken, to(), &stranger()).unwrap_err().why, Why::NotYours);
    let given = act(&taken, to(), &leader).unwrap();
    assert!(told(&given).contains(&(Audience::Handler, NoticeKind::Task)));
    let found = act(&given.after, finish(), &handler()).unwrap();
    assert_eq!(told(&found), [(Audience::Leader, NoticeKind::CheckWanted)]);
    assert_eq!(act(&found.after, Action::Pass, &handler()).unwrap_err().why, Why::NotYours);
    let passed = act(&found.after, Action::Pass, &leader).unwrap().after;
    assert_eq!(passed.status.stage(), Stage::AwaitingSignoff);

    // A leader who did it alone is checked by the desk.
    let own = act(&taken, finish(), &leader).unwrap();
    assert_eq!(told(&own), [(Audience::Desk, NoticeKind::CheckWanted)]);
    assert_eq!(act(&own.after, Action::Pass, &leader).unwrap_err().why, Why::NeedsSecondPerson);
}

#[test]
fn whoever_is_supervised_owes_an_answer_within_a_working_day() {
    let asked = || Action::Supervise { text: "为什么还没办".into() };
    let change = try_it(&in_progress(), asked(), &second()).unwrap();
    let told = told(&change);
    assert_eq!(
        told,
        [(Audience::Handler, NoticeKind::Supervised), (Audience::Leader, NoticeKind::Supervised)]
    );
    let reply = change.after.course.clocks.get(ClockKind::Reply).unwrap();
    assert_eq!(reply.due_at, beijing("2026-03-03T09:00"));
    let answer = |text: &str| Action::AnswerSupervision { text: text.into() };
    refused(&change.after, answer("等配件"), &stranger(), &Why::NotYours);
    refused(&change.after, answer(" "), &handler(), &Why::NeedsWords);
    let answered = done(&change.after, answer("等配件"), &handler());
    assert!(clock::running(&answered).all(|clock| clock.kind != ClockKind::Reply));
    refused(&answered, answer("等配件"), &handler(), &Why::NotFromHere);
    refused(&in_progress(), asked(), &Actor::Operator(person(1)), &Why::NeedsSecondPerson);
    refused(&in_progress(), asked(), &handler(), &Why::NotYours);
    refused(&at(Stage::Accepted), asked(), &second(), &Why::NotFromHere);
    refused(&at(Stage::Closed), answer("好"), &handler(), &Why::NotFromHere);
}

#[test]
fn a_supervision_of_nobody_s_words_asks_for_a_reason_and_a_date() {
    let silent = done(&in_progress(), Action::Supervise { text: " ".into() }, &second());
    let text = silent.course.supervision.unwrap().text;
    assert!(text.contains("书面说明原因"), "{text}");
}
