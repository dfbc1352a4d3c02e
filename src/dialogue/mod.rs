//! The conversation: `(who, state, event, facts) -> step`. Pure and total: whatever a person
//! sends, there is an answer, never an error, and never two tickets from one confirmation.
//!
//! [`needs`] says what has to be looked up, [`step`] decides. The order of interpretation is the
//! same for every message: somebody of the desk who talks with the person; danger; pictures and places into their slots; the latest closed
//! question; orders of members; global words; corrections; the open question; a ticket that waits
//! for a word; a new matter; and last of all the admission that we did not understand.
//!
//! Each flow has a file and does not know the others; they are methods on [`turn::Turn`].
//!
//! Deliberately absent: WeChat, rows, wording, and the time of day.

mod answer;
mod aside;
mod bind;
mod calling;
pub mod card;
mod choice;
mod correct;
mod dates;
mod detour;
mod duty;
pub mod event;
pub mod facts;
pub mod human;
mod mine;
pub mod near;
mod notices;
mod order;
mod place;
mod reading;
pub mod reply;
mod report;
mod said;
mod signoff;
pub mod state;
mod submit;
pub mod time;
mod turn;
mod welcome;

pub use calling::{call_of, call_suggested, known_of, matter_of};
pub use duty::{names_around, outcome_in};
pub use event::{Event, Said};
pub use facts::{Around, Duty, Facts, Invitation, Named, Near, Needs, Speaker, View};
pub use order::DECLINE_REASONS;
pub use reply::Reply;
pub use report::OTHER;
pub use state::State;
pub use turn::{Profile, Step, rules_of};

use crate::county::{County, route};
use crate::invitation;
use crate::ticket::TicketNumber;
use state::Question;
use std::collections::HashSet;
use turn::Turn;

/// What has to be looked up before a step can be decided.
pub fn needs(who: &Speaker, county: &County, state: &State, event: &Event) -> Needs {
    let mut needs = Needs { mine: !matches!(event, Event::Unfollow), ..Needs::default() };
    needs.tickets.extend(state.focus);
    if let Some(asked) = &state.asked {
        needs.tickets.extend(asked.question.tickets());
        if let Question::BindSure { invitation, .. } = &asked.question {
            needs.open_invitation = Some(*invitation);
        }
    }
    match event {
        Event::Text(text) | Event::Voice { heard: Some(text), .. } => {
            needs.number = TicketNumber::find(text);
            needs.invitation = invitation::code_in(text);
        }
        Event::Follow(Some(scene)) | Event::Scan(scene) => {
            needs.invitation = invitation::code_in_scene(scene);
        }
        _ => {}
    }
    duty::needs(who, county, state, event, &mut needs);
    needs
}

/// Whom the step may call of the county's own accord: what is known of them has to be looked up
/// too, and is added to the facts. It takes the tickets to know that, so it is asked second.
pub fn could_be_called(view: View<'_>, state: &State, event: &Event) -> Vec<String> {
    if matches!(event, Event::Unfollow) {
        return Vec::new();
    }
    let mut names = Vec::new();
    if let Some(matter) = submit::routed_by_itself(view.county, state, view.now) {
        names.extend(route::candidates(view.county, &matter));
    }
    for ticket in duty::to_be_routed(&view, state, event) {
        names.extend(route::candidates(view.county, &matter_of(ticket, view.now)));
    }
    let is_known = |name: &String| view.facts.people.iter().any(|named| named.asked == *name);
    let mut seen = HashSet::new();
    names.retain(|name| !is_known(name) && seen.insert(name.clone()));
    names
}

/// Decides one turn of the conversation.
pub fn step(view: View<'_>, state: State, event: Event) -> Step {
    let mut turn = Turn::begin(view, state);
    turn.take(event);
    turn.finish()
}

impl Turn<'_> {
    fn take(&mut self, event: Event) {
        if self.with_human(&event) {
            return;
        }
        let leaves = matches!(event, Event::Unfollow);
        self.take_event(event);
        if self.replies.is_empty() && !leaves {
            // Silence is never the answer to somebody who spoke.
            self.say(Reply::JustSay);
        }
        if !leaves {
            self.return_to_draft();
        }
    }

    /// Whatever came in between is done: a draft that waits is not forgotten.
    fn return_to_draft(&mut self) {
        let is_told = self.state.draft.as_ref().is_some_and(state::Draft::has_content);
        let in_need = |reply: &Reply| {
            matches!(reply, Reply::Emergency { kind: crate::county::words::Emergency::Suicide, .. })
        };
        if is_told && self.question().is_none() && !self.replies.iter().any(in_need) {
            self.ask_resume();
        }
    }

    fn take_event(&mut self, event: Event) {
        if std::mem::take(&mut self.state.lost_draft) && !matches!(event, Event::Unfollow) {
            self.say(Reply::DraftLost);
        }
        match event {
            Event::Text(text) => {
                self.said(Said { text, media: Vec::new(), by_voice: false });
            }
            Event::Voice { media, heard: Some(text) } if !text.trim().is_empty() => {
                self.said(Said { text, media: vec![media], by_voice: true });
            }
            Event::Voice { media, .. } => self.unheard_voice(media),
            Event::Photo(media) => self.photo(media),
            Event::Video(media) => self.video(media),
            Event::Location { point, label } => self.location(point, &label),
            Event::Link { media, title } => self.link(media, &title),
            Event::File => {
                self.say(Reply::FileRefused);
                self.ask_again_if_open();
            }
            Event::Sticker | Event::Unknown => self.not_readable(),
            Event::Click(key) => self.click(&key),
            Event::Follow(scene) => self.follow(scene.as_deref()),
            Event::Scan(scene) => self.scan(&scene),
            Event::Unfollow => self.learn(Profile::Following(false)),
        }
    }
}

impl Question {
    /// The tickets that the question is about.
    fn tickets(&self) -> Vec<crate::ticket::TicketId> {
        match self {
            Self::MyTickets { options, .. }
            | Self::WhichTask { options, .. }
            | Self::Near { options } => options.clone(),
            Self::Contact { ticket } => ticket.iter().copied().collect(),
            Self::MyTicket { ticket }
            | Self::Supplement { ticket }
            | Self::WithdrawSure { ticket }
            | Self::OldOrNew { ticket, .. }
            | Self::Info { ticket }
            | Self::Signoff { ticket }
            | Self::Reason { ticket }
            | Self::Rate { ticket }
            | Self::RateSure { ticket, .. }
            | Self::AgainBroken { ticket, .. }
            | Self::OrderWords { ticket, .. }
            | Self::WhichPerson { ticket, .. } => vec![*ticket],
            Self::Menu
            | Self::What
            | Self::Where
            | Self::WhichArea { .. }
            | Self::WordsOrCode { .. }
            | Self::Category { .. }
            | Self::OneOrSeveral
            | Self::Summary
            | Self::WhichSlot
            | Self::MorePhotos
            | Self::VoiceOnly
            | Self::ResumeDraft { .. }
            | Self::Notices
            | Self::BindSure { .. } => Vec::new(),
        }
    }

    /// Waits for words rather than for one of some choices.
    fn is_open(&self) -> bool {
        matches!(
            self,
            Self::What
                | Self::Where
                | Self::Contact { .. }
                | Self::Supplement { .. }
                | Self::Info { .. }
                | Self::Reason { .. }
                | Self::OrderWords { .. }
                | Self::MorePhotos
        )
    }

    /// Whether a number is one of its choices, for the questions of a draft.
    fn has_choice(&self, key: u8) -> bool {
        let most = match self {
            Self::WhichArea { options } | Self::Category { options } => options.len(),
            Self::Near { options } => options.len(),
            Self::Summary | Self::WordsOrCode { .. } | Self::OneOrSeveral => 2,
            Self::WhichSlot => 4,
            Self::ResumeDraft { .. } | Self::Notices => 3,
            Self::VoiceOnly => 1,
            _ => 0,
        };
        usize::from(key) <= most
    }

    /// Belongs to telling a matter.
    fn is_of_draft(&self) -> bool {
        matches!(
            self,
            Self::What
                | Self::Where
                | Self::WhichArea { .. }
                | Self::WordsOrCode { .. }
                | Self::Category { .. }
                | Self::OneOrSeveral
                | Self::Near { .. }
                | Self::Summary
                | Self::WhichSlot
                | Self::MorePhotos
                | Self::VoiceOnly
                | Self::ResumeDraft { .. }
        )
    }

    /// Named by its matter, so it can be answered whenever the person comes back to it.
    fn has_no_end(&self) -> bool {
        matches!(
            self,
            Self::Signoff { .. } | Self::Reason { .. } | Self::Info { .. } | Self::Rate { .. }
        )
    }
}

#[cfg(test)]
mod tests;
