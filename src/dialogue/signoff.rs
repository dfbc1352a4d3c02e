//! Signing off: 1 已解决 2 基本解决 3 没解决, the reason, the grade.

use super::event::Said;
use super::reading::{self, Grade, Verdict};
use super::reply::{Beside, Reply};
use super::state::{Answered, Question};
use super::turn::Turn;
use crate::county::words;
use crate::ticket::lifecycle::Action;
use crate::ticket::notice::Audience;
use crate::ticket::{Rating, Stage, Ticket, TicketId};

impl Turn<'_> {
    pub(super) fn answer_signoff(&mut self, id: TicketId, said: &Said, key: Option<u8>) -> bool {
        let grade = if key.is_none() { reading::grade(&said.text) } else { None };
        let verdict = match key {
            Some(1) => Some(Verdict::Fully),
            Some(2) => Some(Verdict::Partly),
            Some(3) => Some(Verdict::Not),
            Some(_) => None,
            None if reading::is_yes(&said.text) => Some(Verdict::Fully),
            None if reading::is_no(&said.text) => Some(Verdict::Not),
            None => reading::verdict(&said.text).or_else(|| verdict_of(grade)),
        };
        let (Some(verdict), Some(ticket)) = (verdict, self.ticket(id)) else { return false };
        if key.is_none() && !self.may_be_about(&ticket, &said.text) {
            return false;
        }
        if key.is_none()
            && reading::is_again_broken(&said.text)
            && reading::grade(&said.text).is_some()
        {
            self.ask_again_broken(&ticket, &said.text);
            return true;
        }
        match verdict {
            Verdict::Fully | Verdict::Partly => {
                self.sign_off(&ticket, matches!(verdict, Verdict::Fully), grade, said);
            }
            Verdict::Not => self.object(&ticket, said, key.is_some()),
        }
        true
    }

    /// Whoever says at once how good it was is not asked for it.
    fn sign_off(&mut self, ticket: &Ticket, fully: bool, grade: Option<Grade>, said: &Said) {
        match self.act_as_resident(ticket, Action::Confirm { fully }) {
            Ok(ticket) => match grade {
                Some(Grade::Meant(rating)) => self.rate(&ticket, rating, &said.text),
                Some(Grade::Perhaps(rating)) => self.make_sure(&ticket, rating),
                None => self.ask_rating(&ticket),
            },
            Err(_) => self.no_longer(ticket),
        }
    }

    fn make_sure(&mut self, ticket: &Ticket, rating: Rating) {
        self.say(Reply::AskRatingSure { card: self.card(ticket), rating });
        self.wait_for(Question::RateSure { ticket: ticket.id, rating });
    }

    fn ask_rating(&mut self, ticket: &Ticket) {
        self.say(Reply::AskRating { card: self.card(ticket) });
        self.wait_for(Question::Rate { ticket: ticket.id });
    }

    /// 没解决: with the reason in the same words, or asked for it.
    fn object(&mut self, ticket: &Ticket, said: &Said, by_digit: bool) {
        let has_reason = !by_digit && reading::bare(&said.text).chars().count() > 6;
        if has_reason {
            return self.rework(ticket, Some(said.text.clone()));
        }
        match self.act_as_resident(ticket, Action::Object) {
            Ok(ticket) => {
                self.say(Reply::AskReason { card: self.card(&ticket) });
                self.wait_for(Question::Reason { ticket: ticket.id });
            }
            Err(_) => self.no_longer(ticket),
        }
    }

    pub(super) fn answer_reason(&mut self, id: TicketId, said: &Said) -> bool {
        let Some(ticket) = self.ticket(id) else { return false };
        if words::number_choice(&said.text).is_some_and(|key| key != 0) {
            return false;
        }
        // Words about something else are no reason: which matter they mean is asked.
        if words::number_choice(&said.text).is_none() && !self.may_be_about(&ticket, &said.text) {
            return false;
        }
        let reason = words::number_choice(&said.text).is_none().then(|| said.text.clone());
        if let (Stage::Closed, Some(reason)) = (ticket.status.stage(), &reason) {
            return self.reopen(&ticket, reason.clone());
        }
        if !said.media.is_empty() {
            let action = Action::Supplement { text: None, media: said.media.clone() };
            if let Ok(ticket) = self.act_as_resident(&ticket, action) {
                self.rework(&ticket, reason);
                return true;
            }
        }
        self.rework(&ticket, reason);
        true
    }

    pub(super) fn rework_without_reason(&mut self, id: TicketId) {
        match self.ticket(id) {
            Some(ticket) => self.rework(&ticket, None),
            None => self.wait_for_nothing(),
        }
    }

    pub(super) fn rework(&mut self, ticket: &Ticket, reason: Option<String>) {
        let told_why = reason.is_some();
        match self.act_as_resident(ticket, Action::Rework { reason }) {
            Ok(ticket) => {
                self.wait_for_nothing();
                self.say(Reply::Reworked { card: self.card(&ticket), reason: told_why });
            }
            Err(_) => self.no_longer(ticket),
        }
    }

    fn reopen(&mut self, ticket: &Ticket, reason: String) -> bool {
        self.wait_for_nothing();
        match self.act_as_resident(ticket, Action::Reopen { reason }) {
            Ok(ticket) => self.say(Reply::Reopened { card: self.card(&ticket) }),
            Err(_) => self.no_longer(ticket),
        }
        true
    }

    pub(super) fn answer_rate(&mut self, id: TicketId, said: &Said, key: Option<u8>) -> bool {
        let Some(ticket) = self.ticket(id) else { return false };
        if key.is_none() && reading::is_again_broken(&said.text) {
            if let Some(Grade::Meant(rating)) = reading::grade(&said.text) {
                let _ = self.act_as_resident(&ticket, Action::Rate { rating });
            }
            self.ask_again_broken(&ticket, &said.text);
            return true;
        }
        if key == Some(0) {
            self.leave_ungraded(id);
            return true;
        }
        if key.is_none() && self.is_split_off(&ticket, said) {
            return true;
        }
        if let Some(rating) = key.and_then(Rating::from_digit) {
            self.rate(&ticket, rating, &said.text);
            return true;
        }
        match reading::grade(&said.text) {
            Some(Grade::Meant(rating)) => self.rate(&ticket, rating, &said.text),
            Some(Grade::Perhaps(rating)) => self.make_sure(&ticket, rating),
            None if key.is_none() && reading::is_yes(&said.text) => {
                self.make_sure(&ticket, Rating::Satisfied);
            }
            None if key.is_none() && reading::declines_rating(&said.text) => {
                self.leave_ungraded(id);
            }
            None if key.is_some() => {
                self.missed();
                self.say(Reply::AskRating { card: self.card(&ticket) });
            }
            None => return false,
        }
        true
    }

    /// Whoever would rather not say is not asked again.
    pub(super) fn leave_ungraded(&mut self, id: TicketId) {
        const REMEMBERED: usize = 5;
        self.state.ungraded.retain(|known| *known != id);
        self.state.ungraded.insert(0, id);
        self.state.ungraded.truncate(REMEMBERED);
        self.wait_for_nothing();
        self.say(Reply::NotAtAll);
    }

    /// 没解决 of somebody whose ticket was closed with another one: it is looked at by itself.
    fn is_split_off(&mut self, ticket: &Ticket, said: &Said) -> bool {
        let is_copy = ticket.status.stage() == Stage::Merged;
        let is_unsolved = matches!(reading::verdict(&said.text), Some(Verdict::Not));
        if !is_copy || !is_unsolved {
            return false;
        }
        let Ok(after) = self.act_as_resident(ticket, Action::Unmerge) else { return false };
        self.untell(Audience::Reporter);
        self.add_to_notice(Audience::Desk, &words::masked(&said.text).text);
        let action =
            Action::Supplement { text: Some(said.text.clone()), media: said.media.clone() };
        let after = self.act_as_resident(&after, action).unwrap_or(after);
        self.wait_for_nothing();
        self.say(Beside::NotMineSolved { card: self.card(&after) });
        true
    }

    pub(super) fn answer_rate_sure(
        &mut self,
        id: TicketId,
        rating: Rating,
        said: &Said,
        key: Option<u8>,
    ) -> bool {
        let Some(ticket) = self.ticket(id) else { return false };
        if key == Some(1) || reading::is_yes(&said.text) {
            self.rate(&ticket, rating, &said.text);
            return true;
        }
        if key == Some(0) || reading::is_no(&said.text) {
            self.ask_rating(&ticket);
            return true;
        }
        if key.is_none() && reading::grade(&said.text).is_some() {
            return self.answer_rate(id, said, key);
        }
        false
    }

    fn rate(&mut self, ticket: &Ticket, rating: Rating, key: &str) {
        match self.act_as_resident(ticket, Action::Rate { rating }) {
            Ok(ticket) => {
                self.wait_for_nothing();
                self.state.answered = Some(Answered { key: reading::bare(key), ticket: ticket.id });
                self.say(Reply::RatingThanks { card: self.card(&ticket), rating });
            }
            Err(_) => self.no_longer(ticket),
        }
    }

    fn ask_again_broken(&mut self, ticket: &Ticket, said: &str) {
        self.say(Reply::AskAgainBroken { card: self.card(ticket) });
        self.wait_for(Question::AgainBroken { ticket: ticket.id, said: said.to_owned() });
    }

    pub(super) fn answer_again_broken(
        &mut self,
        id: TicketId,
        first: String,
        key: Option<u8>,
    ) -> bool {
        let Some(ticket) = self.ticket(id) else { return false };
        match key {
            Some(1) if ticket.status.stage() == Stage::Closed => {
                return self.reopen(&ticket, first);
            }
            Some(1) => self.rework(&ticket, Some(first)),
            Some(2) => {
                self.wait_for_nothing();
                self.report_again(&ticket, &first);
            }
            Some(0) => {
                self.wait_for_nothing();
                self.say(Reply::NotAtAll);
            }
            _ => return false,
        }
        true
    }

    /// A new report of the same matter at the same place.
    fn report_again(&mut self, ticket: &Ticket, said: &str) {
        let now = self.view.now;
        let mut draft = self.fresh_draft();
        draft.text.put(format!("{}，{said}", ticket.report.text), now);
        draft.place.put(ticket.report.place.clone(), now);
        draft.category.put(ticket.report.category.clone(), now);
        self.state.draft = Some(draft);
        self.ask_next();
    }

    /// The ticket moved on meanwhile: say how it stands.
    fn no_longer(&mut self, ticket: &Ticket) {
        self.wait_for_nothing();
        self.say(Reply::NotPossible { card: self.card(ticket) });
    }
}

/// What a grade says of the result itself.
fn verdict_of(grade: Option<Grade>) -> Option<Verdict> {
    let (Grade::Meant(rating) | Grade::Perhaps(rating)) = grade?;
    Some(match rating {
        Rating::VerySatisfied | Rating::Satisfied => Verdict::Fully,
        Rating::FairlySatisfied => Verdict::Partly,
        Rating::Dissatisfied | Rating::VeryDissatisfied => Verdict::Not,
    })
}
