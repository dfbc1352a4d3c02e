//! An order and its ticket: the actions it stands for, and what is said afterwards.

use super::beside::trial_beside;
use super::{Order, Question, Reply, Turn};
use crate::county::words::number_choice;
use crate::dialogue::facts::Around;
use crate::dialogue::order;
use crate::dialogue::reply::Card;
use crate::ticket::event::Actor;
use crate::ticket::lifecycle::{Action, Refused, Why};
use crate::ticket::{Call, Media, Outcome, Stage, Status, Ticket, TicketId, TicketNumber};

/// Stands for words that are still to come while an order is only tried out.
pub(super) const WORDS_TO_COME: &str = "…";

impl Order {
    /// It is the desk's to give.
    pub(super) fn is_of_desk(&self) -> bool {
        matches!(
            self,
            Self::Accept
                | Self::Reject { .. }
                | Self::Approve
                | Self::Dispatch { .. }
                | Self::Suggested { .. }
                | Self::Uphold
                | Self::Overrule
                | Self::Pass
                | Self::SendBack { .. }
                | Self::Answer { .. }
                | Self::AskVerification { .. }
                | Self::Supervise { .. }
                | Self::GrantExtension
                | Self::RefuseExtension { .. }
                | Self::Recategorise { .. }
                | Self::WaiveHelp
                | Self::Merge { .. }
        )
    }

    /// The names in it, and what may be one.
    pub(super) fn names(&self) -> Vec<String> {
        match self {
            Self::Dispatch { names } | Self::Assign { names } | Self::AskVerification { names } => {
                names.clone()
            }
            Self::CallHelp { names, what } => {
                let more = what.iter().flat_map(|what| what.split_whitespace());
                names.iter().cloned().chain(more.map(str::to_owned)).collect()
            }
            _ => Vec::new(),
        }
    }

    /// Whom it means where it names nobody.
    pub(super) fn around(&self) -> Option<Around> {
        match self {
            Self::Escalate { .. } => Some(Around::Above),
            Self::AskVerification { names } if names.is_empty() => Some(Around::Near),
            _ => None,
        }
    }

    /// The order with the words that were missing.
    pub(super) fn completed_by(self, text: &str) -> Self {
        let words = Some(text.trim().to_owned()).filter(|words| !words.is_empty());
        match self {
            Self::Decline { .. } => {
                Self::Decline { reason: words.map(|words| order::decline_reason(&words)) }
            }
            Self::Finish { .. } => Self::Finish { text: words },
            Self::AskResident { .. } => Self::AskResident { question: words },
            Self::Note { .. } => Self::Note { text: words },
            Self::Reject { .. } => Self::Reject { reason: words },
            Self::SendBack { .. } => Self::SendBack { reason: words },
            Self::Answer { .. } => Self::Answer { text: words },
            Self::Dispatch { .. } => Self::Dispatch { names: order::names_in(text) },
            Self::Assign { .. } => Self::Assign { names: order::names_in(text) },
            Self::AskVerification { .. } => Self::AskVerification { names: order::names_in(text) },
            Self::CallHelp { names, .. } if names.is_empty() => {
                let (names, what) = order::help(text);
                Self::CallHelp { names, what }
            }
            Self::CallHelp { names, .. } => Self::CallHelp { names, what: words },
            Self::Extend { days, reason } => {
                let (said, because) = order::extension(text);
                let alone = number_choice(text).filter(|days| (1..=3).contains(days));
                let because = because.filter(|_| number_choice(text).is_none());
                Self::Extend { days: said.or(alone).or(days), reason: because.or(reason) }
            }
            Self::Verify { real, .. } => Self::Verify { real, text: words },
            Self::Supervise { .. } => Self::Supervise { text: words },
            Self::AnswerSupervision { .. } => Self::AnswerSupervision { text: words },
            Self::Escalate { .. } => Self::Escalate { reason: words },
            Self::RefuseExtension { .. } => Self::RefuseExtension { reason: words },
            Self::Recategorise { .. } => Self::Recategorise { name: words },
            Self::Merge { .. } => Self::Merge { into: TicketNumber::find(text) },
            complete => complete,
        }
    }
}

/// The actions an order stands for, with words in place of those that are still to come.
pub(super) fn trial(order: &Order, ticket: &Ticket, by: &Actor) -> Vec<Action> {
    let words = || WORDS_TO_COME.to_owned();
    let triage = ticket.status.stage() == Stage::Submitted;
    let triaged = |action: Action| {
        if triage { vec![Action::Accept, action] } else { vec![action] }
    };
    match order {
        Order::Take => vec![Action::Take],
        Order::Decline { .. } => vec![Action::Decline { reason: words() }],
        Order::Finish { .. } => {
            vec![Action::Finish { text: words(), outcome: Outcome::Solved, media: Vec::new() }]
        }
        Order::Show { .. } | Order::Look => Vec::new(),
        Order::AskResident { .. } => vec![Action::Ask { question: words() }],
        Order::Note { .. } => vec![Action::Note { text: words() }],
        Order::Accept => vec![Action::Accept],
        Order::Reject { .. } => vec![Action::ProposeRejection { reason: words() }],
        Order::Approve => vec![Action::ApproveRejection],
        Order::Dispatch { .. } | Order::Suggested { .. } => {
            let to = by.person().cloned().into_iter().collect();
            triaged(Action::Dispatch { call: Call { to, ..Call::default() } })
        }
        Order::Uphold => vec![Action::UpholdReturn],
        Order::Overrule => vec![Action::OverruleReturn],
        Order::Pass => vec![Action::Pass],
        Order::SendBack { .. } => vec![Action::SendBack { reason: words() }],
        Order::Answer { .. } => triaged(Action::AnswerAtOnce { text: words() }),
        beside => trial_beside(beside, ticket),
    }
}

impl Turn<'_> {
    pub(super) fn carry_by_id(&mut self, order: Order, id: TicketId) {
        if let Some(ticket) = self.ticket(id) {
            self.carry(order, &ticket);
        } else {
            self.wait_for_nothing();
            self.say(Reply::UnknownNumber);
        }
    }

    /// Does an order on a ticket, or says what stands against it.
    pub(super) fn carry(&mut self, order: Order, ticket: &Ticket) {
        let Some(by) = self.actor() else { return };
        self.close_duty_question();
        if !self.covers(&order, ticket) {
            let card = self.duty_card(ticket);
            return self.say(Reply::OutsideYourArea { card });
        }
        self.state.focus = Some(ticket.id);
        let done = match order.clone() {
            Order::Look => return self.show(ticket),
            Order::Show { media } => return self.keep_photos(ticket, media),
            Order::Dispatch { names } => {
                return match self.try_out(&order, ticket) {
                    Ok(()) if names.is_empty() => self.call_suggested(ticket, 1),
                    Ok(()) => self.call(&order, ticket, names, Vec::new(), None),
                    Err(refused) => self.refused(order, ticket, &refused),
                };
            }
            Order::Suggested { place } => {
                return match self.try_out(&order, ticket) {
                    Ok(()) => self.call_suggested(ticket, place),
                    Err(refused) => self.refused(order, ticket, &refused),
                };
            }
            Order::Answer { text } => self.answer_at_once(ticket, text, &by),
            Order::Take => self.act(ticket, Action::Take, &by),
            Order::Decline { reason } => {
                self.act(ticket, Action::Decline { reason: reason.unwrap_or_default() }, &by)
            }
            Order::Finish { text } => self.finish_task(ticket, text.unwrap_or_default(), &by),
            Order::AskResident { question } => {
                self.act(ticket, Action::Ask { question: question.unwrap_or_default() }, &by)
            }
            Order::Note { text } => {
                self.act(ticket, Action::Note { text: text.unwrap_or_default() }, &by)
            }
            Order::Accept => self.act(ticket, Action::Accept, &by),
            Order::Reject { reason } => {
                let reason = reason.unwrap_or_default();
                self.act(ticket, Action::ProposeRejection { reason }, &by)
            }
            Order::Approve => self.act(ticket, Action::ApproveRejection, &by),
            Order::Uphold => self.act(ticket, Action::UpholdReturn, &by),
            Order::Overrule => self.act(ticket, Action::OverruleReturn, &by),
            Order::Pass => self.act(ticket, Action::Pass, &by),
            Order::SendBack { reason } => {
                self.act(ticket, Action::SendBack { reason: reason.unwrap_or_default() }, &by)
            }
            beside => {
                return match self.carry_beside(beside, ticket, &by) {
                    Ok(()) => {}
                    Err(refused) => self.refused(order, ticket, &refused),
                };
            }
        };
        match done {
            Ok(after) if matches!(order, Order::Decline { .. }) => {
                // Whoever gave it back may not read it any more, but knows which one it was.
                let card = Card { stage: after.status.stage(), ..self.duty_card(ticket) };
                self.say(Reply::Declined { card });
            }
            Ok(after) => self.say_done(&order, ticket, &after),
            Err(refused) => self.refused(order, ticket, &refused),
        }
    }

    /// With the photos that were sent before the words.
    fn finish_task(
        &mut self,
        ticket: &Ticket,
        text: String,
        by: &Actor,
    ) -> Result<Ticket, Refused> {
        let media = self.photos_of(ticket);
        let outcome = outcome_in(&text);
        let after = self.act(ticket, Action::Finish { text, outcome, media }, by)?;
        self.state.evidence.retain(|evidence| evidence.ticket != ticket.id);
        Ok(after)
    }

    /// The photos that were sent before the words.
    pub(super) fn photos_of(&self, ticket: &Ticket) -> Vec<Media> {
        let its = self.state.evidence.iter().filter(|evidence| evidence.ticket == ticket.id);
        its.map(|evidence| evidence.media.clone()).collect()
    }

    /// An enquiry that nobody triaged yet is accepted and answered in one go.
    fn answer_at_once(
        &mut self,
        ticket: &Ticket,
        text: Option<String>,
        by: &Actor,
    ) -> Result<Ticket, Refused> {
        let text = text.unwrap_or_default();
        if text.is_empty() {
            // Accepting it before the answer is known would be half an order.
            let why = Why::NeedsWords;
            self.try_out(&Order::Answer { text: None }, ticket)?;
            return Err(Refused { from: ticket.status.stage(), wanted: "be answered", why });
        }
        let ticket = match ticket.status {
            Status::Submitted { .. } => self.act(ticket, Action::Accept, by)?,
            _ => ticket.clone(),
        };
        self.act(&ticket, Action::AnswerAtOnce { text }, by)
    }

    fn say_done(&mut self, order: &Order, before: &Ticket, after: &Ticket) {
        if let Some(part) = self.my_part(before) {
            return self.say_part_done(order, part.no, after);
        }
        let card = self.duty_card(after);
        self.say(match order {
            Order::Take => return self.say_taken(after),
            Order::Finish { .. } => {
                let checked = after.status.stage() == Stage::ResultSubmitted;
                Reply::Finished { card, checked }
            }
            Order::AskResident { .. } => Reply::QuestionSent { card },
            Order::Note { .. } => Reply::NoteKept { card },
            Order::Accept => Reply::TicketAccepted { card, people: self.people_near(after) },
            Order::Reject { .. } => Reply::RejectionProposed { card },
            Order::Approve => Reply::TicketRejected { card },
            Order::Uphold => Reply::ReturnUpheld { card },
            Order::Overrule => Reply::ReturnOverruled { card },
            Order::Pass => Reply::ResultPassed { card },
            Order::SendBack { .. } => Reply::SentBack { card },
            Order::Answer { .. } => Reply::AnswerSent { card },
            _ => return,
        });
    }

    pub(super) fn say_taken(&mut self, ticket: &Ticket) {
        let (text, phone) = self.words_and_phone(ticket);
        let card = self.duty_card(ticket);
        self.say(Reply::Taken { card, text, phone });
    }

    /// What stands against an order: how the ticket stands, and who did it.
    pub(super) fn refused(&mut self, order: Order, ticket: &Ticket, refused: &Refused) {
        let card = self.duty_card(ticket);
        if let Some(said) = self.refused_beside(&order, ticket, &refused.why) {
            return self.say(said);
        }
        self.say(match &refused.why {
            Why::NeedsWords | Why::NeedsPhoto | Why::NeedsSomebody => {
                return self.ask_words(order, ticket);
            }
            Why::AlreadyTaken { by } => Reply::TakenByOther { card, by: by.name.clone() },
            // Said twice is done once, and told twice.
            Why::AlreadySo if order == Order::Take => return self.say_taken(ticket),
            Why::NotYours => match &ticket.handler {
                Some(handler) if self.is_called(ticket) => {
                    Reply::TakenByOther { card, by: handler.name.clone() }
                }
                None if self.is_called(ticket) => Reply::TakeFirst { card },
                _ => Reply::NotYourTask { card },
            },
            Why::NotFromHere if self.may_be_taken(ticket) => Reply::TakeFirst { card },
            Why::NeedsSecondPerson => Reply::NeedsSecondPerson { card },
            Why::TooLate if matches!(order, Order::Decline { .. }) => {
                Reply::DeclineNotPossible { card }
            }
            Why::AlreadySo
            | Why::TooLate
            | Why::NotFromHere
            | Why::NeedsHelpers { .. }
            | Why::LeadersToTake { .. }
            | Why::OftenEnough => Reply::NotFromHere { card },
        });
    }

    /// Asks for what an order lacks, and keeps the order.
    pub(super) fn ask_words(&mut self, order: Order, ticket: &Ticket) {
        let card = self.duty_card(ticket);
        self.say(match &order {
            Order::Decline { .. } => Reply::AskDeclineReason { card },
            Order::Finish { text: Some(_) } => Reply::AskResultPhoto { card },
            Order::Finish { text: None } => Reply::AskResultWords { card },
            Order::AskResident { .. } => Reply::AskQuestionWords { card },
            Order::Note { .. } => Reply::AskNoteWords { card },
            Order::Reject { .. } => Reply::AskRejectReason { card },
            Order::Dispatch { .. } => Reply::AskNames { card },
            Order::SendBack { .. } => Reply::AskSendBackReason { card },
            Order::Answer { .. } => Reply::AskAnswerWords { card },
            order => match self.asked_beside(order, ticket) {
                Some(asked) => asked.into(),
                None => return self.say(Reply::NotFromHere { card }),
            },
        });
        self.wait_for(Question::OrderWords { ticket: ticket.id, order });
    }

    /// A question of a draft stays open while an order is done in between.
    pub(super) fn close_duty_question(&mut self) {
        let asked = self.state.asked.as_ref().map(|asked| &asked.question);
        if matches!(
            asked,
            Some(
                Question::Menu
                    | Question::WhichTask { .. }
                    | Question::OrderWords { .. }
                    | Question::WhichPerson { .. }
            )
        ) {
            self.wait_for_nothing();
        }
    }
}

/// How it ended, where the words say so; most results are solutions.
pub fn outcome_in(text: &str) -> Outcome {
    let begins = |words: &[&str]| words.iter().any(|word| text.starts_with(word));
    if begins(&["部分解决", "部分办结"]) {
        Outcome::Partly
    } else if begins(&["已解释", "解释"]) {
        Outcome::Explained
    } else if begins(&["列入计划", "已列入计划"]) {
        Outcome::Planned
    } else if begins(&["转其他", "已转"]) {
        Outcome::Referred
    } else {
        Outcome::Solved
    }
}
