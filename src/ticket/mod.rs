//! A ticket (诉求): one need of one resident, from report to sign-off. Pure.
//!
//! [`Ticket`] is what is known now, [`lifecycle`] is what may happen next, [`event`] is what did
//! happen. The ticket is a projection: everything in it follows from its appended events.
//!
//! Deliberately absent: how a ticket is stored, who is told how, and areas, units and members as
//! such – a ticket keeps only their codes and names as they were.

pub mod call_back;
pub mod clock;
pub mod course;
pub mod due;
pub mod event;
pub mod lifecycle;
pub mod notice;
mod number;
pub mod queue;
mod report;
mod status;
pub mod wish;

pub use clock::{ClockKind, Deadline, Lamp};
pub use course::{Call, Course, Help, HelpStatus, Tier};
pub use number::TicketNumber;
pub use queue::Queue;
pub use report::{Media, MediaKind, Place, Point, Report};
pub use status::{ClosedKind, Outcome, Rating, Rejection, Resume, Stage, Status};

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

/// A ticket's identity inside the system; people use its [`TicketNumber`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
pub struct TicketId(pub Uuid);

/// A member's or operator's identity.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
pub struct MemberId(pub Uuid);

/// A member or operator, with the name they had at the time.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Person {
    /// Who.
    pub id: MemberId,
    /// What residents and colleagues read.
    pub name: String,
}

/// A follower of one official account.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Follower {
    /// The account's slug.
    pub account: String,
    /// The platform's name for the person, different on each account.
    pub openid: String,
}

impl Follower {
    /// Stands for an account where somebody has none; no account may be called so.
    pub const OFFLINE: &str = "offline";

    /// Somebody who told it to a person, and whom no account reaches. Each ticket has its own:
    /// two calls from one number may be two people of one house.
    pub fn offline(id: Uuid) -> Self {
        Self { account: Self::OFFLINE.to_owned(), openid: id.simple().to_string() }
    }

    /// Nothing can be sent to them; they have to be called.
    pub fn is_offline(&self) -> bool {
        self.account == Self::OFFLINE
    }
}

/// By which way a ticket came in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Channel {
    /// A chat with the official account.
    Wechat,
    /// 网格上报: a grid worker on their rounds.
    Grid,
    /// 热线: by telephone.
    Hotline,
    /// 来访: at a counter.
    WalkIn,
    /// 说事箱: a slip in a box.
    SpeakBox,
    /// 书记信箱: a letter.
    Letterbox,
    /// 接待日: told to somebody in charge on a reception day.
    Reception,
    /// The public interface.
    Open311,
    /// Another system of the county.
    Api,
    /// 电子邮件
    Email,
}

impl Channel {
    /// Every channel.
    pub const ALL: [Self; 10] = [
        Self::Wechat,
        Self::Grid,
        Self::Hotline,
        Self::WalkIn,
        Self::SpeakBox,
        Self::Letterbox,
        Self::Reception,
        Self::Open311,
        Self::Api,
        Self::Email,
    ];

    /// The code in exports and scripts.
    pub fn code(self) -> &'static str {
        match self {
            Self::Wechat => "wechat",
            Self::Grid => "grid",
            Self::Hotline => "hotline",
            Self::WalkIn => "walk_in",
            Self::SpeakBox => "speak_box",
            Self::Letterbox => "letterbox",
            Self::Reception => "reception",
            Self::Open311 => "open311",
            Self::Api => "api",
            Self::Email => "email",
        }
    }

    /// Somebody at the desk writes down what came in this way; the others write by themselves.
    pub fn is_entered_by_hand(self) -> bool {
        !matches!(self, Self::Wechat | Self::Open311 | Self::Api)
    }
}

/// What the handler reported.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Finding {
    /// What was done, in the handler's words.
    pub text: String,
    /// How it ended; not the same as the ticket's status.
    pub outcome: Outcome,
    /// Evidence.
    pub media: Vec<Media>,
    /// Who reported it.
    pub by: Person,
    /// When; checking does not move it.
    pub at: DateTime<Utc>,
}

/// One ticket as it stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Ticket {
    /// Identity.
    pub id: TicketId,
    /// What people quote.
    pub number: TicketNumber,
    /// Whose need it is, and through which account it came.
    pub reporter: Follower,
    /// Their name, where somebody else wrote it down.
    pub reporter_name: Option<String>,
    /// Who wrote it down for them.
    pub entered_by: Option<Person>,
    /// By which way.
    pub channel: Channel,
    /// What was said.
    pub report: Report,
    /// Codes of the areas it lay in when it was submitted, the county first; figures use these.
    pub area_path: Vec<String>,
    /// Where it stands.
    pub status: Status,
    /// 1, and one more each time the resident sends it back.
    pub round: u32,
    /// Who was called in this round; any of them may take it.
    pub called: Vec<Person>,
    /// Who took it.
    pub handler: Option<Person>,
    /// The unit it was dispatched to, if to a unit's people.
    pub unit: Option<String>,
    /// 首问责任人: who first dealt with it; a transfer does not change it.
    pub accountable: Option<Person>,
    /// The latest result.
    pub finding: Option<Finding>,
    /// The latest rating; the first one is in the events.
    pub rating: Option<Rating>,
    /// Who already returned it; nobody may return twice.
    pub returned_by: Vec<MemberId>,
    /// How often the resident asked where it is.
    pub urged: u32,
    /// What runs beside the status: clocks, helpers, a supervision, …
    pub course: Course,
    /// The moment of submission; the clocks run from it.
    pub submitted_at: DateTime<Utc>,
    /// The first acceptance.
    pub accepted_at: Option<DateTime<Utc>>,
    /// The latest close.
    pub closed_at: Option<DateTime<Utc>>,
    /// Counts changes; a command carries the version it saw.
    pub version: i64,
}

impl Ticket {
    /// Whose it was is erased: nobody is told and nobody can be called.
    pub fn is_nobodys(&self) -> bool {
        self.reporter == Follower::offline(self.id.0)
    }

    /// Nothing more is expected of anybody.
    pub fn is_ended(&self) -> bool {
        matches!(
            self.status,
            Status::Closed { .. }
                | Status::Rejected { .. }
                | Status::Withdrawn
                | Status::Merged { .. }
        )
    }

    /// Everything that was sent along, by whomever: with the report, as evidence, by helpers and
    /// by who looked on site.
    pub fn media(&self) -> impl Iterator<Item = &Media> {
        let found = self.finding.iter().flat_map(|finding| &finding.media);
        self.report.media.iter().chain(found).chain(self.evidence())
    }

    /// What was sent by helpers and by who looked on site.
    pub fn evidence(&self) -> impl Iterator<Item = &Media> {
        let course = &self.course;
        let parts = course.helps.iter().flat_map(|help| match &help.status {
            HelpStatus::Done { media, .. } => media.as_slice(),
            _ => &[],
        });
        let seen = course.verification.iter().filter_map(|asked| asked.answer.as_ref());
        parts.chain(seen.flat_map(|answer| &answer.media))
    }
}
