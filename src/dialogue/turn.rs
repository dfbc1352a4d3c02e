//! One turn of the conversation while it is decided: the state as it changes, what is said, what
//! is done. The flows (`report`, `mine`, `signoff`, `duty`, …) are written as methods on it.

use super::facts::{Near, View};
use super::human::Turned;
use super::reply::{Card, Reply};
use super::state::{Asked, Question, State};
use crate::county::Leave;
use crate::ticket::event::Actor;
use crate::ticket::lifecycle::{self, Action, Limits, Refused, Rules, Transition};
use crate::ticket::notice::Audience;
use crate::ticket::wish::Wish;
use crate::ticket::{Ticket, TicketId};
use uuid::Uuid;

/// A complete decision: whoever carries it out has no choices left.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Step {
    /// Where the conversation stands after it.
    pub state: State,
    /// What is said, in this order, as one message; nothing is silence.
    pub replies: Vec<Reply>,
    /// What happens to tickets, in this order.
    pub changes: Vec<Transition>,
    /// What becomes known of the person.
    pub profile: Vec<Profile>,
    /// What the desk must hear at once, in the person's own words.
    pub alarms: Vec<String>,
    /// What became of the talk with somebody of the desk.
    pub human: Option<Turned>,
    /// What others reported there decides how it goes on: look it up, and decide again.
    pub near: Option<Near>,
}

/// Something that becomes known of a person.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Profile {
    /// A telephone number, remembered for the next time.
    Phone(String),
    /// The area whose code was scanned.
    Home(String),
    /// The privacy notice was shown.
    ToldPrivacy,
    /// Follows the account, or left it.
    Following(bool),
    /// An invitation is used up by this person.
    Bind(Uuid),
    /// Goes on leave, or is back.
    Leave(Option<Leave>),
    /// What they wish to hear.
    Wish(Wish),
}

/// A turn on its way to a [`Step`].
#[derive(Debug)]
pub(super) struct Turn<'a> {
    pub(super) view: View<'a>,
    pub(super) state: State,
    pub(super) replies: Vec<Reply>,
    changes: Vec<Transition>,
    profile: Vec<Profile>,
    alarms: Vec<String>,
    human: Option<Turned>,
    pub(super) near: Option<Near>,
}

impl<'a> Turn<'a> {
    pub(super) fn begin(view: View<'a>, state: State) -> Self {
        Self {
            view,
            state,
            replies: Vec::new(),
            changes: Vec::new(),
            profile: Vec::new(),
            alarms: Vec::new(),
            human: None,
            near: None,
        }
    }

    pub(super) fn finish(mut self) -> Step {
        self.state.touched_at = Some(self.view.now);
        Step {
            state: self.state,
            replies: self.replies,
            changes: self.changes,
            profile: self.profile,
            alarms: self.alarms,
            human: self.human,
            near: self.near,
        }
    }

    /// Says something.
    pub(super) fn say(&mut self, reply: impl Into<Reply>) {
        self.replies.push(reply.into());
    }

    /// Remembers what is waited for; the question's words are said by the caller.
    pub(super) fn wait_for(&mut self, question: Question) {
        self.state.asked = Some(Asked { question, at: self.view.now });
    }

    /// Nothing is waited for any more.
    pub(super) fn wait_for_nothing(&mut self) {
        self.state.asked = None;
    }

    pub(super) fn learn(&mut self, profile: Profile) {
        self.profile.push(profile);
    }

    pub(super) fn alarm(&mut self, words: String) {
        self.alarms.push(words);
    }

    pub(super) fn turned(&mut self, turned: Turned) {
        self.human = Some(turned);
    }

    /// The ticket as it stands after what this turn already did to it.
    pub(super) fn ticket(&self, id: TicketId) -> Option<Ticket> {
        let facts = self.view.facts;
        self.changes
            .iter()
            .rev()
            .map(|change| &change.after)
            .chain(&facts.mine)
            .chain(&facts.tasks)
            .chain(&facts.desk)
            .chain(&facts.tickets)
            .chain(&facts.number)
            .chain(facts.near.iter().flatten())
            .find(|ticket| ticket.id == id)
            .cloned()
    }

    /// What the category asks of a result.
    pub(super) fn rules(&self, ticket: &Ticket) -> Rules<'a> {
        rules_of(self.view.county, &ticket.report.category)
    }

    /// Decides an action on a ticket and, if it is possible, does it.
    pub(super) fn act(
        &mut self,
        ticket: &Ticket,
        action: Action,
        by: &Actor,
    ) -> Result<Ticket, Refused> {
        // A change of category is judged by the rules of the new one.
        let rules = match &action {
            Action::Recategorise { category } => rules_of(self.view.county, category),
            _ => self.rules(ticket),
        };
        let done = lifecycle::act(ticket, action, by, rules, self.view.now)?;
        let after = done.after.clone();
        self.changes.push(done);
        Ok(after)
    }

    /// Somebody need not hear of what this turn did after all.
    pub(super) fn untell(&mut self, audience: Audience) {
        for change in &mut self.changes {
            change.notices.retain(|notice| notice.to != audience);
        }
    }

    /// Somebody hears more than that there is something.
    pub(super) fn add_to_notice(&mut self, audience: Audience, note: &str) {
        let notices = self.changes.iter_mut().flat_map(|change| &mut change.notices);
        for notice in notices.filter(|notice| notice.to == audience) {
            notice.note = Some(note.to_owned());
        }
    }

    /// Adds a change that was decided elsewhere.
    pub(super) fn change(&mut self, done: Transition) {
        self.changes.push(done);
    }

    /// The reporter acts.
    pub(super) fn act_as_resident(
        &mut self,
        ticket: &Ticket,
        action: Action,
    ) -> Result<Ticket, Refused> {
        self.act(ticket, action, &Actor::Resident)
    }

    pub(super) fn card(&self, ticket: &Ticket) -> Card {
        Card::of(ticket, self.view.county, self.view.now)
    }

    pub(super) fn cards(&self, tickets: &[Ticket]) -> Vec<Card> {
        tickets.iter().map(|ticket| self.card(ticket)).collect()
    }

    pub(super) fn is_operator(&self) -> bool {
        self.view.who.duty.as_ref().is_some_and(super::facts::Duty::is_operator)
    }
}

/// What a category of the county asks for, and when the county works; an unknown category asks
/// for a check.
pub fn rules_of<'a>(county: &'a crate::county::County, category: &str) -> Rules<'a> {
    let calendar = county.calendar();
    let Some(category) = county.category(category) else {
        return Rules { needs_check: true, calendar, ..Rules::default() };
    };
    let limits = &category.limits;
    Rules {
        needs_check: category.checker || category.four_order,
        needs_photo: category.needs_photo,
        four_order: category.four_order,
        is_long: category.is_long,
        confidential: category.confidential,
        limits: Limits {
            accept: limits.accept,
            sign: limits.sign,
            result: limits.result,
            check: limits.check,
        },
        category: &category.code,
        calendar,
    }
}
