//! Every entry has words that a clerk understands, and none tells what is nobody's business.

use super::*;
use crate::county::demo;
use crate::ticket::call_back::CallResult;
use crate::ticket::clock::Deadline;
use crate::ticket::{MediaKind, MemberId, Place, Report, TicketNumber};
use chrono::TimeDelta;
use std::collections::BTreeSet;
use uuid::Uuid;

const PHONE: &str = "19912345678";
const OPENID: &str = "oABCDEFGHIJKLMNOPQRSTUVWXYZ1";

fn monday() -> DateTime<Utc> {
    DateTime::parse_from_rfc3339("2026-03-02T09:00:00+08:00").unwrap().to_utc()
}

fn person(name: &str) -> Person {
    Person { id: MemberId(Uuid::from_u128(1)), name: name.to_owned() }
}

fn photos() -> Vec<Media> {
    vec![Media { kind: MediaKind::Photo, id: "MEDIA-ID-7".to_owned(), at: monday() }]
}

fn deadline() -> Deadline {
    let at = monday() + TimeDelta::hours(9);
    Deadline {
        kind: ClockKind::Result,
        due_at: at,
        original_due_at: at,
        warn_at: at,
        escalate_at: at,
        supervise_at: at,
        from: monday(),
        minutes: 480,
        paused: 0,
        extended: 0,
        not_before: None,
        rule: "lighting".to_owned(),
        calendar: String::new(),
        provisional: false,
        computed_at: monday(),
        because: Because::Extended,
        rung: Rung::Silent,
    }
}

/// One of everything that can happen, with a telephone number wherever somebody may write.
fn everything() -> Vec<What> {
    let text = || format!("打{PHONE}找我");
    let number = || TicketNumber::find("LX260302123456").unwrap();
    let zhang = || person("张建国");
    let report = Report {
        text: text(),
        place: Place::default(),
        category: "lighting".to_owned(),
        contact: Some(PHONE.to_owned()),
        confidential: false,
        urgent: false,
        media: photos(),
    };
    vec![
        What::Submitted { report, area_path: vec![] },
        What::Accepted,
        What::RejectionProposed { reason: text() },
        What::RejectionRefused,
        What::Rejected { reason: text() },
        What::Appealed { text: text() },
        What::Recategorised { from: "lighting".to_owned(), to: "road".to_owned() },
        What::Located { from: None, to: "130699201201".to_owned() },
        What::Dispatched { to: vec![zhang()], unit: None, reason: text(), tier: None },
        What::Taken { automatically: false },
        What::Declined { reason: text() },
        What::ReturnUpheld,
        What::ReturnOverruled,
        What::Asked { question: text() },
        What::InfoGiven { text: text() },
        What::InfoNotGiven,
        What::QuestionCancelled,
        What::ResultSubmitted { text: text(), outcome: Outcome::Solved, media: photos() },
        What::EvidenceAdded { media: photos() },
        What::Checked,
        What::SentBack { reason: text() },
        What::SignoffAsked,
        What::SignoffReminded,
        What::SignedOff { fully: true },
        What::Objected,
        What::Reworked { reason: Some(text()) },
        What::Rated { rating: Rating::Satisfied, first: true },
        What::Closed { kind: ClosedKind::Signed, outcome: Outcome::Solved },
        What::Reopened { reason: text() },
        What::Withdrawn { reason: Some(text()) },
        What::Merged { into: number() },
        What::Unmerged,
        What::Suspended { until: monday() + TimeDelta::days(10), reason: text() },
        What::Resumed,
        What::Supplemented { text: Some(text()), media: photos() },
        What::Corrected { slot: "contact".to_owned(), value: PHONE.to_owned() },
        What::Noted { text: text() },
        What::Urged,
        What::ClockSet { clock: deadline() },
        What::ClockRang { clock: ClockKind::Result, help: None, rung: Rung::Late },
        What::VerificationAsked { of: vec![zhang()] },
        What::Verified { real: true, text: text(), media: photos() },
        What::Assigned { to: zhang() },
        What::HelpCalled {
            no: 1,
            to: vec![zhang()],
            unit: Some("power_supply".to_owned()),
            part: text(),
            required: true,
        },
        What::HelpTaken { no: 1 },
        What::HelpDone { no: 1, text: text(), media: photos() },
        What::HelpReturned { no: 1, reason: text() },
        What::HelpWaived { no: 1 },
        What::HelpCancelled { no: 1, because: text() },
        What::Escalated { to: vec![zhang()], unit: None, tier: None, reason: text() },
        What::Supervised { text: text() },
        What::SupervisionAnswered { text: text() },
        What::ExtensionAsked { minutes: 960, reason: text() },
        What::ExtensionGranted { minutes: 960 },
        What::ExtensionRefused { reason: text() },
        What::HandedOver { from: zhang(), to: vec![], unit: None, because: text() },
        What::TookIn { number: number() },
        What::LetGo { number: number() },
        What::MasterClosed { kind: ClosedKind::Signed, outcome: Outcome::Solved },
        What::MasterReopened,
        What::Called { result: CallResult::NotAnswered, note: Some(text()) },
        What::Told { channel: "custom".to_owned() },
    ]
}

fn by(by: Actor, what: What) -> String {
    line(&demo::county(), &Event { at: monday(), by, what }).words()
}

#[test]
fn everything_that_can_happen_has_words_of_its_own() {
    let all = everything();
    let codes: BTreeSet<&str> = all.iter().map(What::code).collect();
    assert_eq!(codes.len(), all.len());
    let told: BTreeSet<String> = all.into_iter().map(|what| by(Actor::System, what)).collect();
    // Two ways to ask for it again, and each sounds the same to whoever reads it.
    assert_eq!(told.len() + 1, codes.len(), "{told:#?}");
    let is_chinese = |text: &String| text.chars().any(|c| ('一'..='龥').contains(&c));
    assert!(told.iter().all(|text| text.chars().count() > 4 && is_chinese(text)), "{told:#?}");
}

#[test]
fn no_line_tells_a_telephone_number_an_openid_or_a_code() {
    let actors = [
        Actor::Resident,
        Actor::System,
        Actor::Member(person("张建国")),
        Actor::Operator(person("值班员")),
    ];
    for what in everything() {
        for actor in &actors {
            let told = by(actor.clone(), what.clone());
            for secret in [PHONE, OPENID, "MEDIA-ID-7", "power_supply", "lighting", "{", "  "] {
                assert!(!told.contains(secret), "{secret} in {told}");
            }
        }
    }
}

#[test]
fn a_line_says_who_did_what_and_until_when() {
    let station = || Actor::Operator(person("王庄站"));
    assert_eq!(by(station(), What::Accepted), "王庄站 受理");
    assert_eq!(
        by(Actor::System, What::Taken { automatically: true }),
        "系统：到时间没人接单，视为签收"
    );
    assert_eq!(
        by(Actor::System, What::ClockSet { clock: deadline() }),
        "系统：办结时限：3月2日18:00前（延期）"
    );
    let to = vec![person("冯建设")];
    let unit = Some("housing_bureau".to_owned());
    let called = What::Dispatched { to, unit, reason: "值班员选择".to_owned(), tier: None };
    assert_eq!(by(station(), called), "王庄站 派给了县住房和城乡建设局（冯建设）（值班员选择）");
    assert_eq!(by(station(), What::ExtensionGranted { minutes: 960 }), "王庄站 同意延期2 个工作日");
}

#[test]
fn whoever_comes_second_hears_who_was_first_and_not_what_followed_by_itself() {
    let event = |by: Actor, what| Event { at: monday(), by, what };
    let desk = || Actor::Operator(person("值班员"));
    let to = vec![person("张建国")];
    let events = [
        event(desk(), What::Accepted),
        event(desk(), What::Dispatched { to, unit: None, reason: "近".to_owned(), tier: None }),
        event(desk(), What::ClockSet { clock: deadline() }),
    ];
    assert_eq!(just_happened(&demo::county(), &events), "刚刚由值班员派给了张建国");
    assert_eq!(just_happened(&demo::county(), &[]), "刚刚有人改过");
}
