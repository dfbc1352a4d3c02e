//! What a step may know besides the conversation: asked for by [`Needs`], given as [`Facts`].
//!
//! Two phases keep the core synchronous: it says what it needs, the shell looks it up inside
//! the push's transaction, and the decision is made from values. A fact that was not asked for
//! is empty.

use crate::county::{County, Role};
use crate::ticket::wish::Wish;
use crate::ticket::{Follower, MemberId, Person, Ticket, TicketId, TicketNumber};
use chrono::{DateTime, Utc};
use uuid::Uuid;

/// The person who speaks.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Speaker {
    /// Account and openid.
    pub follower: Follower,
    /// A telephone number they gave once.
    pub phone: Option<String>,
    /// Code of the area whose code they scanned last.
    pub home: Option<String>,
    /// They were shown the privacy notice.
    pub told_privacy: bool,
    /// What they wish to hear.
    pub wish: Wish,
    /// The part they play, if they are bound as member or operator.
    pub duty: Option<Duty>,
    /// The same person on other accounts, by the platform's own word.
    pub also: Vec<Follower>,
}

impl Speaker {
    /// Whether this is the one who speaks, on this account or on another.
    pub fn is(&self, follower: &Follower) -> bool {
        self.follower == *follower || self.also.contains(follower)
    }
}

/// A member's or operator's part.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Duty {
    /// Who.
    pub person: Person,
    /// As what.
    pub role: Role,
    /// For which area; none is the whole county.
    pub area: Option<String>,
    /// In which unit.
    pub unit: Option<String>,
}

impl Duty {
    /// Works at a desk: triages and dispatches.
    pub fn is_operator(&self) -> bool {
        matches!(self.role, Role::Dispatcher | Role::Supervisor)
    }
}

/// What has to be looked up before a step can be decided.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Needs {
    /// The speaker's own tickets: live ones and those ended in the last 30 days.
    pub mine: bool,
    /// Tickets the member was called to or handles.
    pub tasks: Option<MemberId>,
    /// Tickets that wait at the desk of this area; the inner none is the whole county.
    pub desk: Option<Option<String>>,
    /// Tickets by identity.
    pub tickets: Vec<TicketId>,
    /// A ticket by number.
    pub number: Option<TicketNumber>,
    /// Members of these names, and units of these names with their people.
    pub people: Vec<String>,
    /// The people around the tickets that are found, where an order names nobody.
    pub around: Option<Around>,
    /// An open invitation by its code.
    pub invitation: Option<String>,
    /// The same by its identity, when the person was asked whether it is theirs.
    pub open_invitation: Option<Uuid>,
}

/// Which people around a ticket.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Around {
    /// Those who could look on site.
    Near,
    /// Those one level up.
    Above,
}

/// The answers to [`Needs`].
#[derive(Debug, Clone, Default)]
pub struct Facts {
    /// Newest first, 20 at most.
    pub mine: Vec<Ticket>,
    /// Oldest first, 20 at most.
    pub tasks: Vec<Ticket>,
    /// Oldest first, 20 at most.
    pub desk: Vec<Ticket>,
    /// Those that exist, in any order.
    pub tickets: Vec<Ticket>,
    /// The ticket of that number.
    pub number: Option<Ticket>,
    /// Who bears those names.
    pub people: Vec<Named>,
    /// What became of a code.
    pub invitation: Option<Invitation>,
    /// Open and just closed tickets near the draft, the latest first; none while nobody looked.
    pub near: Option<Vec<Ticket>>,
}

/// Where to look for what others reported of one matter.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Near {
    /// The category's code.
    pub category: String,
    /// The village and its grids.
    pub areas: Vec<String>,
}

/// Somebody found by name.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Named {
    /// Who.
    pub person: Person,
    /// Where they serve.
    pub area: Option<String>,
    /// Their unit's code.
    pub unit: Option<String>,
    /// As what.
    pub role: Role,
    /// How many tickets they have in hand.
    pub load: u32,
    /// A phone of theirs is bound: they hear of it.
    pub reachable: bool,
    /// The name that was asked for: their own or their unit's.
    pub asked: String,
}

/// What became of an invitation code.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Invitation {
    /// Open and unused.
    Open {
        /// Its identity.
        id: Uuid,
        /// Whom it was made out to.
        name: String,
        /// Until when.
        until: DateTime<Utc>,
    },
    /// Unknown, used up or too old: one answer for all, so that nobody learns which.
    NotGood,
}

/// Everything a step may look at.
#[derive(Debug, Clone, Copy)]
pub struct View<'a> {
    /// Who speaks.
    pub who: &'a Speaker,
    /// The county: areas, categories, settings.
    pub county: &'a County,
    /// What was looked up.
    pub facts: &'a Facts,
    /// The present moment.
    pub now: DateTime<Utc>,
    /// One fresh identifier, for a ticket that is not stored yet.
    pub fresh: Uuid,
    /// Members and operators may act by chat here: not where the signature leaves the body open.
    pub trusts_chat: bool,
}
