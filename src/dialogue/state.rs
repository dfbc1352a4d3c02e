//! Where a person stands in the conversation. Data only, stored as JSON with a schema version.
//!
//! The draft is a set of slots that may be filled in any order, not a chain of steps; the next
//! question is derived from what is missing. Every slot keeps its older values.
//!
//! A stored state of another schema version is never guessed at: the person starts at the menu
//! and is told so ([`State::read`]).

use super::event::Said;
use crate::ticket::{Media, Place, Rating, TicketId};
use chrono::{DateTime, TimeDelta, Utc};
use serde::{Deserialize, Serialize};

/// The schema of the stored form.
pub const SCHEMA: u16 = 1;

/// A numbered question is answered within this time; a later digit gets the question again.
pub const QUESTION_LIFE: TimeDelta = TimeDelta::hours(24);

/// Everything that is remembered of a conversation.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct State {
    /// Schema of this form.
    pub schema: u16,
    /// A report that is being told and not yet submitted.
    pub draft: Option<Draft>,
    /// The latest question; only it can be answered by a number.
    pub asked: Option<Asked>,
    /// The ticket the talk is about: the one just submitted, looked at, or accepted.
    pub focus: Option<TicketId>,
    /// The answer to a question that was just closed, so that the same key again repeats it.
    pub answered: Option<Answered>,
    /// When wrong invitation codes were tried, within the last hour.
    pub wrong_codes: Vec<DateTime<Utc>>,
    /// Turns in a row that were not understood.
    pub misses: u8,
    /// A draft grew too old and was deleted; the person has not been told yet.
    pub lost_draft: bool,
    /// The telephone number was asked for once; it is not asked for again.
    pub asked_contact: bool,
    /// The list of tickets that a member was shown last, so that 接单 2 means one of it.
    pub listed: Vec<TicketId>,
    /// Photos of results that a member sent before the words.
    pub evidence: Vec<Evidence>,
    /// Tickets that the person would rather not grade.
    #[serde(default)]
    pub ungraded: Vec<TicketId>,
    /// Somebody of the desk talks with them.
    #[serde(default)]
    pub human: Option<super::human::Human>,
    /// That ended by itself; the person has not been told yet.
    #[serde(default)]
    pub came_back: bool,
    /// The latest message.
    pub touched_at: Option<DateTime<Utc>>,
}

/// A photo of a result, kept until the result is reported.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Evidence {
    /// The ticket it belongs to.
    pub ticket: TicketId,
    /// The photo.
    pub media: Media,
}

impl Default for State {
    fn default() -> Self {
        Self {
            schema: SCHEMA,
            draft: None,
            asked: None,
            focus: None,
            answered: None,
            wrong_codes: Vec::new(),
            misses: 0,
            lost_draft: false,
            asked_contact: false,
            listed: Vec::new(),
            evidence: Vec::new(),
            ungraded: Vec::new(),
            human: None,
            came_back: false,
            touched_at: None,
        }
    }
}

/// What became of a stored state.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Restored {
    /// It was read.
    AsItWas,
    /// It has another schema: set aside, the person starts at the menu.
    SetAside,
}

impl State {
    /// Reads a stored state; one of an unknown schema is set aside, never guessed at.
    pub fn read(stored: serde_json::Value) -> (Self, Restored) {
        match serde_json::from_value::<Self>(stored) {
            Ok(state) if state.schema == SCHEMA => (state, Restored::AsItWas),
            Ok(_) | Err(_) => (Self::default(), Restored::SetAside),
        }
    }
}

/// The latest question.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Asked {
    /// Which.
    pub question: Question,
    /// When.
    pub at: DateTime<Utc>,
}

/// A question that was just answered by a key.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Answered {
    /// The key, as it was sent.
    pub key: String,
    /// The ticket that the result was about.
    pub ticket: TicketId,
}

/// What we may be waiting for. Lists keep what each number stood for when it was shown.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "q", rename_all = "snake_case")]
pub enum Question {
    /// The top menu.
    Menu,
    /// What they wish to hear: 1每一步 2只要结果 3少打扰 0不改
    Notices,
    /// What is the matter?
    What,
    /// Where is it?
    Where,
    /// Which of these areas?
    WhichArea {
        /// Area codes, in the order shown.
        options: Vec<String>,
    },
    /// The place in the words is not in the area of the code on the wall: which holds?
    WordsOrCode {
        /// The area in the words.
        said: String,
        /// The area of the scanned code.
        scanned: String,
    },
    /// Which kind of matter?
    Category {
        /// Category codes, in the order shown.
        options: Vec<String>,
    },
    /// One matter or several?
    OneOrSeveral,
    /// Is it what somebody else reported nearby?
    Near {
        /// In the order shown.
        options: Vec<TicketId>,
    },
    /// 1 提交 · 2 改一改 · 0 先不报了
    Summary,
    /// Which item shall be changed?
    WhichSlot,
    /// Photos may follow; 0 when there are no more.
    MorePhotos,
    /// Only a voice that nobody could read: 1 somebody listens to it
    VoiceOnly,
    /// A draft was left lying: 1接着说 2重新说 3不报了
    ResumeDraft {
        /// What was said when it was found again.
        said: Said,
    },
    /// A telephone number, for the ticket just submitted or for the draft; may be skipped.
    Contact {
        /// The ticket; none while it is still a draft.
        ticket: Option<TicketId>,
    },
    /// Which of one's own tickets?
    MyTickets {
        /// In the order shown.
        options: Vec<TicketId>,
        /// What is wanted of it.
        wish: Wish,
    },
    /// What about this ticket? 1补充 2催办 3撤回
    MyTicket {
        /// The ticket.
        ticket: TicketId,
    },
    /// The words to add.
    Supplement {
        /// The ticket.
        ticket: TicketId,
    },
    /// Really take it back?
    WithdrawSure {
        /// The ticket.
        ticket: TicketId,
    },
    /// Is this about that ticket, or a new matter?
    OldOrNew {
        /// The ticket that waits for a word.
        ticket: TicketId,
        /// What was said, to be taken either way.
        said: Said,
    },
    /// The question that the desk or the handler asked.
    Info {
        /// The ticket.
        ticket: TicketId,
    },
    /// 1已解决 2基本解决 3没解决
    Signoff {
        /// The ticket.
        ticket: TicketId,
    },
    /// What is still wrong?
    Reason {
        /// The ticket.
        ticket: TicketId,
    },
    /// How satisfied, 1 to 5?
    Rate {
        /// The ticket.
        ticket: TicketId,
    },
    /// Was this the grade that was meant?
    RateSure {
        /// The ticket.
        ticket: TicketId,
        /// The grade understood.
        rating: Rating,
    },
    /// Satisfied, but broken again: 1重办 2新报
    AgainBroken {
        /// The ticket.
        ticket: TicketId,
        /// What was said.
        said: String,
    },
    /// Is this you? A code was typed or scanned.
    BindSure {
        /// The invitation.
        invitation: uuid::Uuid,
        /// The name it was made out to.
        name: String,
    },
    /// Which task, for what order? (members and operators)
    WhichTask {
        /// In the order shown.
        options: Vec<TicketId>,
        /// The order that waits.
        order: super::order::Order,
    },
    /// The missing words of an order: a reason, a result, a question.
    OrderWords {
        /// The ticket.
        ticket: TicketId,
        /// The order that waits.
        order: super::order::Order,
    },
    /// Which of the people of that name?
    WhichPerson {
        /// The ticket.
        ticket: TicketId,
        /// The name.
        name: String,
        /// In the order shown.
        options: Vec<crate::ticket::Person>,
        /// Who was found without a question.
        chosen: Vec<crate::ticket::Person>,
        /// The unit's code, if a unit was named too.
        unit: Option<String>,
        /// Names that were not looked at yet.
        rest: Vec<String>,
        /// What they are named for.
        #[serde(default = "super::order::dispatch")]
        order: super::order::Order,
    },
}

/// What a resident wants of one of their tickets.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Wish {
    /// See how it stands.
    Look,
    /// Add something.
    Supplement,
    /// Ask where it is.
    Urge,
    /// Take it back.
    Withdraw,
}

/// One value of a slot, and when it was given.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Entry<T> {
    /// The value.
    pub value: T,
    /// When it was given.
    pub at: DateTime<Utc>,
}

/// A slot: all values ever given, the newest last. Only the newest holds.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Slot<T>(Vec<Entry<T>>);

impl<T> Default for Slot<T> {
    fn default() -> Self {
        Self(Vec::new())
    }
}

impl<T> Slot<T> {
    /// The value that holds.
    pub fn get(&self) -> Option<&T> {
        self.0.last().map(|entry| &entry.value)
    }

    /// When the value that holds was given.
    pub fn since(&self) -> Option<DateTime<Utc>> {
        self.0.last().map(|entry| entry.at)
    }

    /// Puts a newer value on top.
    pub fn put(&mut self, value: T, at: DateTime<Utc>) {
        self.0.push(Entry { value, at });
    }

    /// Nothing was given yet.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

/// A report on its way.
#[expect(clippy::struct_excessive_bools, reason = "independent marks of one draft")]
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Draft {
    /// The matter.
    pub text: Slot<String>,
    /// The place.
    pub place: Slot<Place>,
    /// The category: guessed, chosen or corrected.
    pub category: Slot<String>,
    /// Photos, voices, links.
    pub media: Vec<Media>,
    /// A telephone number for this matter only.
    pub contact: Slot<String>,
    /// Somebody may be in danger.
    pub urgent: bool,
    /// Identity numbers or the like were in the text.
    pub confidential: bool,
    /// Where the latest text came from, to join a voice that continues the sentence.
    pub by_voice: bool,
    /// The latest word to it.
    pub touched_at: Option<DateTime<Utc>>,
    /// The one reminder went out.
    pub reminded: bool,
    /// Several matters in one text were confirmed to be one.
    pub one_matter: bool,
    /// It is none of those that others reported nearby.
    #[serde(default)]
    pub not_near: bool,
}

impl Draft {
    /// Something that the resident would miss was given.
    pub fn has_content(&self) -> bool {
        !self.text.is_empty() || !self.place.is_empty() || !self.media.is_empty()
    }
}
