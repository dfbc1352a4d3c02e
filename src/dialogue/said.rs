//! Words, typed or heard: which of the many things they may be.

use super::event::Said;
use super::reading::{self, Global};
use super::reply::{Reply, gist};
use super::state::{QUESTION_LIFE, Question, Wish};
use super::turn::Turn;
use crate::county::words::{self, Emergency};
use crate::ticket::lifecycle::REOPEN_DAYS;
use crate::ticket::{ClosedKind, Outcome, Status, Ticket};
use chrono::{DateTime, TimeDelta, Utc};

/// After this pause a draft is first asked about before it goes on.
const PAUSE: TimeDelta = TimeDelta::minutes(30);

/// What members press for 我的任务.
const TASKS_KEY: u8 = 8;

/// Every so many turns that were not understood, a person is offered.
const MISSES_BEFORE_HUMAN: u8 = 3;

impl Turn<'_> {
    /// The order of interpretation; the first that fits takes the words.
    pub(super) fn said(&mut self, said: Said) {
        if self.answer_code(&said.text) {
            return;
        }
        let danger = self.in_danger(&said.text);
        if matches!(danger, Some(Emergency::Suicide)) {
            // A person in need is not asked to fill a form.
            self.wait_for_nothing();
            return;
        }
        let question = self.question();
        if self.repeats_last_answer(&said.text, question.as_ref()) {
            return;
        }
        if !words::has_words(&said.text) && !reading::is_yes(&said.text) {
            return self.not_readable();
        }
        if self.resumes(&said, question.as_ref()) {
            return;
        }
        if let Some(question) = &question
            && !question.is_open()
            && self.answer(question.clone(), &said)
        {
            return self.understood();
        }
        if self.order(&said)
            || self.asks_for_date(&said)
            || self.global(&said)
            || self.correct(&said)
            || self.aside(&said, question.as_ref())
        {
            return self.understood();
        }
        if let Some(question) = question.clone()
            && question.is_open()
            && self.answer(question, &said)
        {
            return self.understood();
        }
        if self.number(&said.text, question.as_ref()) || self.ticket_by_number(&said.text) {
            return;
        }
        if self.goes_on_with_draft(&said, question.as_ref()) {
            self.tell(&said, danger.is_some());
            return self.understood();
        }
        if let Some(ticket) = self
            .waiting_for_a_word()
            .or_else(|| self.rejected_matter(&said.text))
            .or_else(|| self.afterthought_to(&said.text))
        {
            return self.ask_old_or_new(&ticket, said);
        }
        if words::is_insult_only(&said.text) {
            let hotline = self.hotline();
            return self.say(Reply::Calm { hotline });
        }
        if reading::says_nothing(&said.text) {
            if self.remind_of_task() {
                return;
            }
            self.missed();
            return self.say(Reply::JustSay);
        }
        self.tell(&said, danger.is_some());
        self.understood();
    }

    /// The latest question: the one asked in the chat, or the one a notice put at that moment or
    /// since then: a turn is over before anybody else acts.
    pub(super) fn question(&self) -> Option<Question> {
        let asked = self.state.asked.as_ref();
        let noticed = self.noticed_question();
        match (asked, noticed) {
            (Some(asked), Some((at, question))) if at >= asked.at => Some(question),
            (None, Some((_, question))) => Some(question),
            (Some(asked), _) => {
                let is_over = self.view.now - asked.at > QUESTION_LIFE;
                (!is_over || asked.question.has_no_end()).then(|| asked.question.clone())
            }
            (None, None) => None,
        }
    }

    /// The newest question that a notice put: sign-off, or something the handler wants to know.
    fn noticed_question(&self) -> Option<(DateTime<Utc>, Question)> {
        self.noticed_questions().max_by_key(|(at, _)| *at)
    }

    /// A notice put a question since then.
    pub(super) fn was_noticed_since(&self, since: DateTime<Utc>) -> bool {
        self.noticed_question().is_some_and(|(at, _)| at > since)
    }

    fn noticed_questions(&self) -> impl Iterator<Item = (DateTime<Utc>, Question)> {
        let is_gradable = |ticket: &Ticket, at: DateTime<Utc>| {
            ticket.rating.is_none()
                && self.view.now - at <= TimeDelta::days(REOPEN_DAYS)
                && !self.state.ungraded.contains(&ticket.id)
        };
        self.view.facts.mine.iter().filter_map(move |ticket| match &ticket.status {
            Status::AwaitingSignoff { asked_at, objected_at: None, .. } => {
                Some((*asked_at, Question::Signoff { ticket: ticket.id }))
            }
            Status::AwaitingSignoff { objected_at: Some(at), .. } => {
                Some((*at, Question::Reason { ticket: ticket.id }))
            }
            Status::NeedInfo { asked_at, .. } => {
                Some((*asked_at, Question::Info { ticket: ticket.id }))
            }
            // Nobody signs an answer off, but its resident grades it.
            Status::Closed { kind } if was_answered(ticket, *kind) => {
                let at = ticket.closed_at.filter(|at| is_gradable(ticket, *at))?;
                Some((at, Question::Rate { ticket: ticket.id }))
            }
            // The ticket that it is handled with was closed: its resident grades it too.
            Status::Merged { closed_at: Some(at), .. } if is_gradable(ticket, *at) => {
                Some((*at, Question::Rate { ticket: ticket.id }))
            }
            _ => None,
        })
    }

    /// The ticket that waits for a word of this person, the newest first.
    fn waiting_for_a_word(&self) -> Option<Ticket> {
        let waits = |question: &Question| !matches!(question, Question::Rate { .. });
        let waiting = self.noticed_questions().filter(|(_, question)| waits(question));
        let (_, question) = waiting.max_by_key(|(at, _)| *at)?;
        question.tickets().first().and_then(|id| self.ticket(*id))
    }

    /// The rejected ticket that words may speak against.
    fn rejected_matter(&self, text: &str) -> Option<Ticket> {
        let is_open = |ticket: &&Ticket| {
            matches!(ticket.status, Status::Rejected { appealed: false, .. })
                && self.view.now - ticket.submitted_at <= TimeDelta::days(REOPEN_DAYS)
        };
        let ticket = self.view.facts.mine.iter().find(is_open)?;
        let is_about = !reading::says_nothing(text) && self.may_be_about(ticket, text);
        is_about.then(|| ticket.clone())
    }

    /// Whether free words belong to the draft: it is the latest thing asked about, or they answer
    /// what it still lacks.
    fn goes_on_with_draft(&self, said: &Said, question: Option<&Question>) -> bool {
        let Some(draft) = &self.state.draft else { return false };
        if question.is_none_or(Question::is_of_draft) {
            return true;
        }
        draft.has_content()
            && (self.waiting_for_a_word().is_none()
                || draft.place.is_empty() && self.is_only_a_place(&said.text))
    }

    /// The same key again, right after its question was answered, repeats the result.
    fn repeats_last_answer(&mut self, text: &str, question: Option<&Question>) -> bool {
        let Some(answered) = self.state.answered.clone() else { return false };
        let is_open = question.is_none_or(Question::is_open);
        if !is_open || reading::bare(text) != answered.key {
            self.state.answered = None;
            return false;
        }
        let Some(ticket) = self.ticket(answered.ticket) else { return false };
        if let Status::Merged { into, closed_at: None } = &ticket.status {
            self.say_merged(&ticket, into);
            return true;
        }
        let card = self.card(&ticket);
        self.say(match ticket.rating {
            Some(rating) => Reply::RatingThanks { card, rating },
            None => Reply::Submitted {
                urgent: ticket.report.urgent,
                confidential: ticket.report.confidential,
                card,
            },
        });
        true
    }

    /// A draft that was left lying is asked about, unless the message itself goes on with it.
    fn resumes(&mut self, said: &Said, question: Option<&Question>) -> bool {
        let Some(draft) = &self.state.draft else { return false };
        let lay = draft.touched_at.is_some_and(|at| self.view.now - at > PAUSE);
        let asked_already = matches!(question, Some(Question::ResumeDraft { .. }));
        let is_of_draft = question.is_none_or(Question::is_of_draft);
        if !lay || asked_already || !is_of_draft {
            return false;
        }
        if reading::global(&said.text).is_some() {
            return false;
        }
        let fits = match question {
            Some(Question::What) => true,
            Some(Question::Where) => self.names_a_place(&said.text),
            Some(question) => {
                words::number_choice(&said.text).is_some_and(|key| question.has_choice(key))
                    || reading::is_yes(&said.text)
            }
            None => false,
        };
        if fits {
            self.say(Reply::TakenAsAnswer);
            return false;
        }
        let gist = gist(draft.text.get().map_or("", String::as_str));
        self.say(Reply::AskResume { gist });
        self.wait_for(Question::ResumeDraft { said: said.clone() });
        true
    }

    /// Global words do the same everywhere.
    fn global(&mut self, said: &Said) -> bool {
        if reading::wants_withdrawal(&said.text) {
            self.my_tickets(Wish::Withdraw);
            return true;
        }
        let Some(word) = reading::global(&said.text) else { return false };
        match word {
            Global::Cancel => self.cancel(),
            Global::Back => self.back(),
            Global::Help => self.help(),
            Global::Menu => self.menu(),
            Global::Human => self.ask_for_human(),
            Global::Mine => self.my_tickets(Wish::Look),
            Global::Again => self.again(),
            Global::Skip => return self.skip(),
            Global::Report => self.start_report(),
            Global::Guide => self.guide(),
            Global::Volunteer => self.start_volunteer(),
            Global::Supplement => self.my_tickets(Wish::Supplement),
            Global::Urge => self.my_tickets(Wish::Urge),
            Global::Withdraw => self.my_tickets(Wish::Withdraw),
            Global::Thanks => self.not_at_all(),
            Global::Greeting => self.greeting(),
            Global::Notices => self.ask_wish(),
        }
        true
    }

    /// A bare number without an open question is a choice of the top menu; an outdated one gets
    /// the present question again.
    fn number(&mut self, text: &str, question: Option<&Question>) -> bool {
        let several = words::several_choices(text);
        if several.len() > 1 && question.is_some_and(|question| !question.is_open()) {
            self.say(Reply::OneAtATime { choices: several });
            self.ask_again_if_open();
            return true;
        }
        let is_number = words::number_choice(text).is_some()
            || text.trim().chars().all(|c| c.is_ascii_digit()) && text.trim().len() <= 3;
        if !is_number {
            return false;
        }
        if words::number_choice(text) == Some(TASKS_KEY) && self.view.who.duty.is_some() {
            self.my_tasks();
            if question.is_some_and(Question::is_of_draft) {
                self.ask_again_if_open();
            }
            return true;
        }
        if question.is_some() || self.state.draft.is_some() {
            self.missed();
            self.ask_again_if_open();
            return true;
        }
        match words::number_choice(text) {
            Some(key) if self.menu_choice(key) => self.understood(),
            _ => {
                self.missed();
                self.menu();
            }
        }
        true
    }

    /// Nothing fitted: count it, and offer a person every third time.
    pub(super) fn missed(&mut self) {
        self.state.misses = self.state.misses.saturating_add(1);
        if self.state.misses.is_multiple_of(MISSES_BEFORE_HUMAN) {
            let (hotline, hours) = (self.hotline(), self.hours());
            self.say(Reply::OfferHuman { hotline, hours });
        }
    }

    pub(super) fn understood(&mut self) {
        self.state.misses = 0;
    }

    /// Signs, emoji and stickers fill no slot.
    pub(super) fn not_readable(&mut self) {
        self.missed();
        self.say(Reply::NothingReadable);
        self.ask_again_if_open();
    }

    pub(super) fn hotline(&self) -> String {
        self.view.county.settings().hotline.clone()
    }

    pub(super) fn hours(&self) -> String {
        self.view.county.settings().office_hours.clone()
    }
}

/// Closed by an answer, at once or for good.
fn was_answered(ticket: &Ticket, kind: ClosedKind) -> bool {
    let outcome = ticket.finding.as_ref().map(|finding| finding.outcome);
    kind == ClosedKind::FinalAnswer || outcome == Some(Outcome::Answered)
}
