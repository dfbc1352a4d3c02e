//! What we can say of what runs beside a ticket's status: helpers, time, looks on site,
//! supervision, teams, leave, one matter that several people report, and somebody of the desk who talks.

use super::{Card, Reply};
use serde::Serialize;

/// One ticket near a draft, as much as a stranger may read of it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Nearby {
    /// Its number on the list.
    pub key: usize,
    /// The first words of the matter, masked.
    pub gist: String,
    /// The place, without the words of who reported it.
    pub place: String,
    /// The day of submission, `3/2`.
    pub day: String,
    /// It was closed a short while ago.
    pub closed: bool,
    /// Somebody works on it already.
    pub in_hand: bool,
}

/// A reply about something beside the status; a file for each, like every reply.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(tag = "reply", rename_all = "snake_case")]
#[expect(missing_docs, reason = "each variant's template shows what it says")]
pub enum Beside {
    // -- one matter, several people
    AskNear { nearby: Vec<Nearby> },
    SameMatter { card: Card, into: String, waiting: u32, handler: Option<String> },
    BrokenAgain { card: Card, old: String },
    NotMineSolved { card: Card },
    DateSum { card: Card, sum: String, paused: Option<String>, extended: Option<String> },
    // -- helpers
    Joined { card: Card, by: String },
    AskHelp { card: Card, names: String },
    HelpCalled { card: Card, names: String },
    HelpWaived { card: Card, names: String },
    HelpTaken { card: Card, text: String, lead: Option<String> },
    PartTaken { card: Card, by: String },
    HelpFinished { card: Card, lead: Option<String> },
    HelpersFirst { card: Card, names: String },
    // -- teams
    LeadersToTake { card: Card, leader: String },
    AskAssignee { card: Card, names: Vec<String> },
    Assigned { card: Card, name: String },
    NotOfYourTeam { name: String, team: String },
    // -- time
    AskExtension { card: Card, days: Option<u8>, reason: Option<String> },
    ExtensionAsked { card: Card, days: u8 },
    ExtensionTooLate { card: Card },
    OftenEnough { card: Card },
    ExtensionGranted { card: Card },
    AskExtensionRefusal { card: Card },
    ExtensionRefused { card: Card },
    // -- on site
    VerificationAsked { card: Card, names: String },
    AskVerifyWords { card: Card, real: bool },
    Verified { card: Card, real: bool },
    // -- upward
    AskSuperviseWords { card: Card },
    Supervised { card: Card },
    AskSupervisionWords { card: Card, question: String },
    SupervisionAnswered { card: Card },
    AskEscalateReason { card: Card },
    Escalated { card: Card, names: String },
    NobodyAbove { card: Card },
    // -- the desk
    AskNewCategory { card: Card, names: Vec<String> },
    Recategorised { card: Card },
    AskMaster { card: Card },
    NoMaster { number: String },
    MergedInto { card: Card, into: String },
    HandledAlready { card: Card, by: Option<String> },
    // -- somebody of the desk
    HumanComes { hotline: String, draft: bool, again: bool },
    HumanLater { hotline: String, hours: String, draft: bool },
    BotIsBack { lapsed: bool },
    // -- leave
    AskLeave,
    LeaveKept { from: String, until: String, tasks: usize },
    LeaveOver,
    // -- what they wish to hear
    AskWish { wish: String, member: bool },
    WishKept { wish: String, member: bool, changed: bool },
}

impl From<Beside> for Reply {
    fn from(said: Beside) -> Self {
        Self::Beside(said)
    }
}
