//! Detours that mean the same at every question: 取消, 返回, 跳过, 再说一遍, and back to the question.

use super::reading::SlotName;
use super::reply::Reply;
use super::report::OTHER;
use super::state::{Question, Wish};
use super::turn::Turn;

impl Turn<'_> {
    /// 取消: the draft goes. Without one it may mean the ticket just submitted, so that is asked.
    pub(super) fn cancel(&mut self) {
        let question = self.question();
        if self.state.draft.is_none()
            && let Some(ticket) = self.just_submitted()
        {
            if matches!(question, Some(Question::WithdrawSure { .. })) {
                self.wait_for_nothing();
                return self.say(Reply::Kept { card: self.card(&ticket) });
            }
            if matches!(question, None | Some(Question::Contact { .. } | Question::MyTicket { .. }))
            {
                return self.do_with_mine(&ticket, Wish::Withdraw);
            }
        }
        self.wait_for_nothing();
        self.state.draft = None;
        self.say(Reply::Dropped);
    }

    /// 返回: the slot answered before, with its old value; after a submission, what is possible.
    pub(super) fn back(&mut self) {
        let Some(draft) = self.state.draft.clone() else {
            return match self.state.focus.and_then(|id| self.ticket(id)) {
                Some(ticket) => self.look_at(&ticket),
                None => self.menu(),
            };
        };
        if draft.text.is_empty() {
            self.say(Reply::FirstStep);
            return self.ask_again_if_open();
        }
        let at_summary = matches!(self.question(), Some(Question::Summary));
        if at_summary { self.ask_which_slot() } else { self.ask_slot(SlotName::Text) }
    }

    /// 再说一遍: the same question in simpler words.
    pub(super) fn again(&mut self) {
        match self.question() {
            Some(question) if self.state.draft.is_some() && question.is_of_draft() => {
                self.ask(&question, true);
            }
            Some(question) => self.ask_again(&question),
            None => self.help(),
        }
    }

    /// 跳过: where something may be left out.
    pub(super) fn skip(&mut self) -> bool {
        match self.question() {
            Some(Question::Where) => {
                self.keep_or_skip_place();
                self.ask_next();
            }
            Some(Question::Category { .. }) => {
                let now = self.view.now;
                if let Some(draft) = &mut self.state.draft {
                    draft.category.put(OTHER.to_owned(), now);
                }
                self.ask_next();
            }
            Some(Question::WhichArea { .. } | Question::WordsOrCode { .. }) => {
                self.settle_area(None);
            }
            Some(Question::MorePhotos | Question::WhichSlot) => self.ask_next(),
            Some(Question::Near { .. }) => self.is_none_of_these(),
            Some(Question::Contact { ticket }) => self.skip_contact(ticket),
            Some(Question::Reason { ticket }) => self.rework_without_reason(ticket),
            Some(Question::Rate { ticket } | Question::RateSure { ticket, .. }) => {
                self.leave_ungraded(ticket);
            }
            Some(Question::Supplement { ticket }) => self.keep_as_it_is(ticket),
            _ => return false,
        }
        true
    }

    /// Puts the present question again, if there is one.
    pub(super) fn ask_again_if_open(&mut self) {
        match self.question() {
            Some(Question::Menu) | None if self.state.draft.is_none() => {}
            Some(Question::Menu) | None => self.ask_resume(),
            Some(question) => self.ask_again(&question),
        }
    }

    /// The words of a question once more.
    fn ask_again(&mut self, question: &Question) {
        if question.is_of_draft() {
            return self.ask(question, false);
        }
        if matches!(question, Question::Menu) {
            return self.menu();
        }
        if matches!(question, Question::Notices) {
            return self.ask_wish();
        }
        let Some(ticket) = question.tickets().first().and_then(|id| self.ticket(*id)) else {
            return self.repeat_duty_question(question);
        };
        let card = self.card(&ticket);
        match question {
            Question::Contact { .. } => self.say(Reply::AskContact),
            Question::Supplement { .. } => self.say(Reply::AskSupplement { card }),
            Question::WithdrawSure { .. } => self.say(Reply::AskWithdraw { card }),
            Question::OldOrNew { .. } => self.say(Reply::AskOldOrNew { card }),
            Question::Info { .. } => {
                let question = card.note.clone().unwrap_or_default();
                self.say(Reply::AskInfo { card, question });
            }
            Question::Signoff { .. } => self.say(Reply::AskSignoff { card }),
            Question::Reason { .. } => self.say(Reply::AskReason { card }),
            Question::Rate { .. } => self.say(Reply::AskRating { card }),
            Question::RateSure { rating, .. } => {
                self.say(Reply::AskRatingSure { card, rating: *rating });
            }
            Question::AgainBroken { .. } => self.say(Reply::AskAgainBroken { card }),
            Question::MyTicket { .. } => self.look_at(&ticket),
            Question::MyTickets { wish, .. } => self.my_tickets(*wish),
            _ => self.repeat_duty_question(question),
        }
    }
}
