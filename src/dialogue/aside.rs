//! Questions about us, and questions put back instead of an answer: answered shortly, and then the
//! open question comes again.

use super::event::Said;
use super::reading::{self, Aside};
use super::reply::{Reply, gist};
use super::state::{Draft, Question, Wish};
use super::turn::Turn;
use crate::county::guess::{self, Guess};
use crate::county::words;
use crate::ticket::Ticket;
use chrono::TimeDelta;

/// Words this soon after the number may still belong to that matter.
const AFTERTHOUGHT: TimeDelta = TimeDelta::minutes(10);
/// Longer words are a matter of their own.
const AFTERTHOUGHT_CHARACTERS: usize = 20;

impl Turn<'_> {
    /// Takes the words as a question to us rather than an answer or a matter, if they are one.
    pub(super) fn aside(&mut self, said: &Said, question: Option<&Question>) -> bool {
        let is_told = self.state.draft.as_ref().is_some_and(Draft::has_content);
        // 怎么还没来电 and 凭什么不给低保 are matters.
        let is_matter = matches!(guess::guess(self.view.county, &said.text), Guess::Sure(_));
        match reading::aside(&said.text).filter(|_| !is_matter) {
            Some(Aside::WhoAreYou) => self.introduce(),
            Some(Aside::HowToReach) => self.human(),
            Some(Aside::Progress) if is_told => self.say(Reply::AfterSubmitting),
            Some(Aside::Progress) if !self.view.facts.mine.is_empty() => {
                self.my_tickets(Wish::Look);
                return true;
            }
            Some(Aside::Progress) => self.say(Reply::NoTickets),
            Some(Aside::WhyAsk) => self.tell_why(question),
            None => return self.asks_back(&said.text, question),
        }
        self.put_question_again(question);
        true
    }

    fn introduce(&mut self) {
        let county = self.view.county.name().to_owned();
        let hotline = self.hotline();
        self.say(Reply::Introduction { county, hotline });
    }

    fn tell_why(&mut self, question: Option<&Question>) {
        match question {
            Some(Question::Where) => self.say(Reply::WhyPlace),
            Some(Question::Contact { .. }) => self.say(Reply::Privacy),
            _ => self.introduce(),
        }
    }

    /// A question in the middle of a report that is about something else, or only puts it back.
    fn asks_back(&mut self, text: &str, question: Option<&Question>) -> bool {
        let Some(draft) = &self.state.draft else { return false };
        if draft.text.is_empty() || !reading::is_question(text) || self.names_a_place(text) {
            return false;
        }
        let at_where = matches!(question, Some(Question::Where));
        let at_summary = matches!(question, Some(Question::Summary));
        match guess::guess(self.view.county, text) {
            Guess::Sure(code)
                if draft.category.get() != Some(&code) && (at_where || at_summary) =>
            {
                let hotline = self.hotline();
                self.say(Reply::AskThatLater { gist: gist(text), hotline });
            }
            Guess::None if at_where => self.say(Reply::WhyPlace),
            _ => return false,
        }
        self.put_question_again(question);
        true
    }

    pub(super) fn not_at_all(&mut self) {
        self.say(Reply::NotAtAll);
        let question = self.question();
        self.put_question_again(question.as_ref());
    }

    /// The open question once more, unless it was only an offer.
    fn put_question_again(&mut self, question: Option<&Question>) {
        let is_offer = matches!(
            question,
            Some(Question::Contact { .. } | Question::Rate { .. } | Question::MyTickets { .. })
        );
        if !is_offer {
            self.ask_again_if_open();
        }
    }

    /// The ticket just submitted, where the words are no matter by themselves: 快点来, 好几天了.
    pub(super) fn afterthought_to(&self, text: &str) -> Option<Ticket> {
        if text.chars().count() > AFTERTHOUGHT_CHARACTERS
            || !words::has_words(text)
            || reading::says_nothing(text)
            || guess::guess(self.view.county, text) != Guess::None
        {
            return None;
        }
        let ticket = self.ticket(self.state.focus?)?;
        let is_fresh = self.view.now - ticket.submitted_at <= AFTERTHOUGHT;
        let is_own = self.view.who.is(&ticket.reporter);
        (is_fresh && is_own && !ticket.is_ended() && self.may_be_about(&ticket, text))
            .then_some(ticket)
    }

    /// Whether words can belong to a ticket: neither another matter nor another place.
    pub(super) fn may_be_about(&self, ticket: &Ticket, text: &str) -> bool {
        let is_other_matter = matches!(
            guess::guess(self.view.county, text),
            Guess::Sure(code) if code != ticket.report.category
        );
        let is_elsewhere = match (self.area_in(text), ticket.report.place.area.as_deref()) {
            (Some(said), Some(known)) => !self.are_related(&said, known),
            _ => false,
        };
        !is_other_matter && !is_elsewhere
    }
}
