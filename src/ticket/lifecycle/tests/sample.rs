//! Tickets and people to try things on.

use crate::ticket::call_back::CallResult;
use crate::ticket::clock::{self, Rung};
use crate::ticket::due::{self, Moment};
use crate::ticket::event::Actor;
use crate::ticket::lifecycle::{self, Action, Refused, Rules, Transition, Why};
use crate::ticket::notice::{Audience, NoticeKind};
use crate::ticket::{
    Call, ClockKind, ClosedKind, Follower, Media, MediaKind, MemberId, Outcome, Person, Place,
    Rating, Report, Stage, Ticket, TicketNumber,
};
use chrono::{DateTime, TimeDelta, Utc};
use uuid::Uuid;

pub(super) fn morning() -> DateTime<Utc> {
    DateTime::parse_from_rfc3339("2026-03-02T09:00:00+08:00").unwrap().to_utc()
}

pub(super) fn person(number: u128) -> Person {
    Person { id: MemberId(Uuid::from_u128(number)), name: format!("第{number}位") }
}

/// Called first; handles it.
pub(super) fn handler() -> Actor {
    Actor::Member(person(1))
}

/// Called too.
pub(super) fn other() -> Actor {
    Actor::Member(person(2))
}

/// A member who was not called.
pub(super) fn stranger() -> Actor {
    Actor::Member(person(3))
}

/// Triages, and proposes a rejection.
pub(super) fn operator() -> Actor {
    Actor::Operator(person(8))
}

/// The second pair of eyes.
pub(super) fn second() -> Actor {
    Actor::Operator(person(9))
}

pub(super) fn checked() -> Rules<'static> {
    Rules { needs_check: true, ..Rules::default() }
}

pub(super) fn photo() -> Media {
    Media { kind: MediaKind::Photo, id: "photo".into(), at: morning() }
}

pub(super) fn submitted() -> Ticket {
    let report = Report {
        text: "路灯坏了".into(),
        place: Place::default(),
        category: "lighting".into(),
        contact: None,
        confidential: false,
        urgent: false,
        media: vec![],
    };
    let reporter = Follower { account: "MAIN".into(), openid: "o-wang".into() };
    lifecycle::open(
        Uuid::from_u128(1),
        reporter,
        report,
        vec!["1".into()],
        Rules::default(),
        morning(),
    )
    .after
}

pub(super) fn try_at(
    ticket: &Ticket,
    action: Action,
    by: &Actor,
    rules: Rules<'_>,
    now: DateTime<Utc>,
) -> Result<Transition, Refused> {
    lifecycle::act(ticket, action, by, rules, now)
}

pub(super) fn try_it(ticket: &Ticket, action: Action, by: &Actor) -> Result<Transition, Refused> {
    try_at(ticket, action, by, Rules::default(), morning())
}

#[track_caller]
pub(super) fn done(ticket: &Ticket, action: Action, by: &Actor) -> Ticket {
    try_it(ticket, action, by).unwrap().after
}

pub(super) fn call(to: &[u128]) -> Action {
    let to = to.iter().map(|number| person(*number)).collect();
    Action::Dispatch { call: Call { to, ..Call::default() } }
}

pub(super) fn finish() -> Action {
    Action::Finish { text: "换了灯泡".into(), outcome: Outcome::Solved, media: vec![photo()] }
}

pub(super) fn words() -> String {
    "话".to_owned()
}

pub(super) fn dispatched() -> Ticket {
    done(&done(&submitted(), Action::Accept, &operator()), call(&[1, 2]), &operator())
}

pub(super) fn in_progress() -> Ticket {
    done(&dispatched(), Action::Take, &handler())
}

/// A ticket at a stage, come to it by legal moves.
pub(super) fn at(stage: Stage) -> Ticket {
    let accepted = || done(&submitted(), Action::Accept, &operator());
    match stage {
        Stage::Submitted => submitted(),
        Stage::NeedInfo => done(&in_progress(), Action::Ask { question: words() }, &handler()),
        Stage::Rejected => {
            let reason = Action::ProposeRejection { reason: words() };
            let proposed = done(&submitted(), reason, &operator());
            done(&proposed, Action::ApproveRejection, &second())
        }
        Stage::Accepted => accepted(),
        Stage::Dispatched => dispatched(),
        Stage::Returned => done(&in_progress(), Action::Decline { reason: words() }, &handler()),
        Stage::InProgress => in_progress(),
        Stage::Suspended => {
            let until = morning() + TimeDelta::days(30);
            done(&in_progress(), Action::Suspend { until, reason: words() }, &operator())
        }
        Stage::ResultSubmitted => {
            try_at(&in_progress(), finish(), &handler(), checked(), morning()).unwrap().after
        }
        Stage::AwaitingSignoff => done(&in_progress(), finish(), &handler()),
        Stage::Closed => {
            done(&at(Stage::AwaitingSignoff), Action::Confirm { fully: true }, &Actor::Resident)
        }
        Stage::Withdrawn => done(&submitted(), Action::Withdraw { reason: None }, &Actor::Resident),
        Stage::Merged => done(&submitted(), Action::Merge { into: elsewhere() }, &operator()),
    }
}

pub(super) fn elsewhere() -> TicketNumber {
    TicketNumber::find("LX260302999999").unwrap()
}

/// People as they are called, with who leads them.
pub(super) fn call_led_by(leader: u128, to: &[u128]) -> Call {
    let to: Vec<Person> = to.iter().map(|number| person(*number)).collect();
    Call { leader: Some(person(leader)), to, ..called(&[]) }
}

pub(super) fn called(to: &[u128]) -> Call {
    let to = to.iter().map(|number| person(*number)).collect();
    Call { to, area: Some("1".to_owned()), reason: words(), ..Call::default() }
}

/// Others are called to help; the lead waits for them.
pub(super) fn help(to: &[u128]) -> Action {
    Action::CallHelp { call: called(to), what: words(), required: true, minutes: None }
}

pub(super) fn beijing(text: &str) -> DateTime<Utc> {
    DateTime::parse_from_rfc3339(&format!("{text}:00+08:00")).unwrap().to_utc()
}

/// What time alone does next, and when.
#[track_caller]
pub(super) fn next(ticket: &Ticket) -> (DateTime<Utc>, Action) {
    match due::next(ticket) {
        Some((when, Moment::Act(action))) => (when, action),
        other => panic!("time does {other:?}"),
    }
}

/// Lets time alone work until a moment; one level up there is nobody, as far as time knows.
pub(super) fn alone_until(ticket: &Ticket, until: DateTime<Utc>, rules: Rules<'_>) -> Ticket {
    let mut ticket = ticket.clone();
    for _ in 0..MOST_ALONE {
        match due::next(&ticket) {
            Some((when, moment)) if when <= until => {
                let action = by_time(&ticket, moment);
                ticket = try_at(&ticket, action, &Actor::System, rules, when).unwrap().after;
            }
            _ => return ticket,
        }
    }
    panic!("time does not come to rest: {:?}", ticket.status)
}

/// More than time alone ever does to one ticket.
const MOST_ALONE: usize = 60;

/// What the shell makes of a moment where nobody stands above.
pub(super) fn by_time(ticket: &Ticket, moment: Moment) -> Action {
    match moment {
        Moment::Act(action) => action,
        Moment::Escalate => Action::Ring {
            clock: clock::result_clock(ticket).unwrap().kind,
            help: None,
            rung: Rung::Escalated,
        },
    }
}

#[track_caller]
pub(super) fn refused(ticket: &Ticket, action: Action, by: &Actor, why: &Why) {
    assert_eq!(try_it(ticket, action, by).unwrap_err().why, *why);
}

/// Who hears what of a change.
pub(super) fn told(change: &Transition) -> Vec<(Audience, NoticeKind)> {
    change.notices.iter().map(|notice| (notice.to, notice.kind)).collect()
}

/// What a resident says on the telephone.
pub(super) fn on_behalf(action: Action) -> Action {
    Action::OnBehalf { action: Box::new(action) }
}

/// One of every action, by who would do it.
pub(super) fn every_action() -> Vec<(Action, Actor)> {
    let until = morning() + TimeDelta::days(30);
    let resident = || Actor::Resident;
    vec![
        (Action::Accept, operator()),
        (Action::ProposeRejection { reason: words() }, operator()),
        (Action::ApproveRejection, second()),
        (Action::RefuseRejection, second()),
        (Action::Recategorise { category: "road".into() }, operator()),
        (Action::Locate { area: "1-2".into(), path: vec!["1".into(), "1-2".into()] }, operator()),
        (Action::AskVerification { of: vec![person(3)] }, operator()),
        (Action::Verify { real: true, text: words(), media: vec![] }, stranger()),
        (call(&[1, 2]), operator()),
        (Action::UpholdReturn, operator()),
        (Action::OverruleReturn, operator()),
        (Action::Ask { question: words() }, operator()),
        (Action::CancelQuestion, operator()),
        (Action::Pass, operator()),
        (Action::SendBack { reason: words() }, operator()),
        (Action::AnswerAtOnce { text: words() }, operator()),
        (Action::FinalAnswer { text: words() }, operator()),
        (Action::Suspend { until, reason: words() }, operator()),
        (Action::Resume, operator()),
        (Action::Merge { into: elsewhere() }, operator()),
        (Action::Unmerge, operator()),
        (Action::TakeIn { number: elsewhere() }, Actor::System),
        (Action::LetGo { number: elsewhere() }, operator()),
        (
            Action::FollowMaster { kind: ClosedKind::Signed, outcome: Outcome::Solved },
            Actor::System,
        ),
        (Action::MasterReopened, Actor::System),
        (help(&[4]), operator()),
        (Action::WaiveHelp { no: 1 }, operator()),
        (Action::Join, other()),
        (Action::Escalate { call: called(&[5, 6]) }, operator()),
        (Action::HandOver { from: person(1), call: called(&[7]) }, operator()),
        (Action::Assign { to: person(2) }, operator()),
        (Action::Supervise { text: words() }, operator()),
        (Action::AnswerSupervision { text: words() }, handler()),
        (Action::AskExtension { minutes: 480, reason: words() }, handler()),
        (Action::GrantExtension { minutes: Some(480) }, operator()),
        (Action::RefuseExtension { reason: words() }, operator()),
        (Action::Note { text: words() }, operator()),
        (Action::Take, handler()),
        (Action::Decline { reason: words() }, handler()),
        (finish(), handler()),
        (Action::AddEvidence { media: vec![photo()] }, handler()),
        (Action::GiveInfo { text: words(), media: vec![] }, resident()),
        (Action::Supplement { text: Some(words()), media: vec![] }, resident()),
        (Action::LeaveContact { phone: "19900000001".into() }, resident()),
        (Action::Confirm { fully: true }, resident()),
        (Action::Object, resident()),
        (Action::Rework { reason: Some(words()) }, resident()),
        (Action::Rate { rating: Rating::Satisfied }, resident()),
        (Action::Withdraw { reason: None }, resident()),
        (Action::Reopen { reason: words() }, resident()),
        (Action::Urge, resident()),
        (Action::Appeal { text: words() }, resident()),
        (Action::LapseInfo, Actor::System),
        (Action::RemindSignoff, Actor::System),
        (Action::Told { channel: "custom".into() }, Actor::System),
        (Action::LapseSignoff, Actor::System),
        (Action::SignBySilence, Actor::System),
        (Action::Ring { clock: ClockKind::Result, help: None, rung: Rung::Warned }, Actor::System),
        (Action::RecomputeClocks, Actor::System),
        (Action::RecordCall { result: CallResult::Reached, note: words() }, operator()),
        (on_behalf(Action::Confirm { fully: true }), second()),
        (on_behalf(Action::Rework { reason: Some(words()) }), second()),
        (on_behalf(Action::Rate { rating: Rating::Satisfied }), second()),
        (on_behalf(Action::Reopen { reason: words() }), second()),
        (on_behalf(Action::Appeal { text: words() }), second()),
        (on_behalf(Action::GiveInfo { text: words(), media: vec![] }), second()),
    ]
}
