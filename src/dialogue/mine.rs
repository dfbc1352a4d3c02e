//! One's own tickets: how they stand, and 补充, 催办, 撤回; and words that may belong to one.

use super::event::Said;
use super::reading;
use super::reply::Reply;
use super::state::{Question, Wish};
use super::turn::Turn;
use crate::county::words;
use crate::ticket::lifecycle::{Action, REOPEN_DAYS};
use crate::ticket::{Stage, Status, Ticket, TicketId, TicketNumber};
use chrono::TimeDelta;

/// Never more than this many in a list.
const MOST_LISTED: usize = 5;

impl Turn<'_> {
    /// The list, or at once the only one that the wish can mean.
    pub(super) fn my_tickets(&mut self, wish: Wish) {
        let fitting: Vec<Ticket> = self
            .view
            .facts
            .mine
            .iter()
            .filter(|ticket| fits(ticket, wish))
            .take(MOST_LISTED)
            .cloned()
            .collect();
        match (fitting.as_slice(), wish) {
            ([], Wish::Look) => self.say(Reply::NoTickets),
            ([], _) => match self.view.facts.mine.first().cloned() {
                Some(ticket) => self.say(Reply::NotPossible { card: self.card(&ticket) }),
                None => self.say(Reply::NoTickets),
            },
            ([only], _) => self.do_with_mine(only, wish),
            (several, _) => {
                let cards = self.cards(several);
                let options = several.iter().map(|ticket| ticket.id).collect();
                self.say(Reply::MyTickets { cards, wish });
                self.wait_for(Question::MyTickets { options, wish });
            }
        }
    }

    pub(super) fn do_with_mine(&mut self, ticket: &Ticket, wish: Wish) {
        let card = self.card(ticket);
        match wish {
            Wish::Look => self.look_at(ticket),
            Wish::Supplement => {
                self.say(Reply::AskSupplement { card });
                self.wait_for(Question::Supplement { ticket: ticket.id });
            }
            Wish::Urge => self.urge(ticket),
            Wish::Withdraw => {
                self.say(Reply::AskWithdraw { card });
                self.wait_for(Question::WithdrawSure { ticket: ticket.id });
            }
        }
    }

    /// How it stands, in plain words, and what can be done now.
    pub(super) fn look_at(&mut self, ticket: &Ticket) {
        let card = self.card(ticket);
        self.state.focus = Some(ticket.id);
        match &ticket.status {
            Status::AwaitingSignoff { .. } => {
                self.say(Reply::AskSignoff { card });
                return self.wait_for(Question::Signoff { ticket: ticket.id });
            }
            Status::NeedInfo { question, .. } => {
                let question = question.clone();
                self.say(Reply::AskInfo { card, question });
                return self.wait_for(Question::Info { ticket: ticket.id });
            }
            _ => {}
        }
        self.say(Reply::MyTicket {
            card,
            may_supplement: fits(ticket, Wish::Supplement),
            may_urge: fits(ticket, Wish::Urge),
            may_withdraw: fits(ticket, Wish::Withdraw),
            may_reopen: self.may_reopen(ticket),
        });
        self.wait_for(Question::MyTicket { ticket: ticket.id });
    }

    fn may_reopen(&self, ticket: &Ticket) -> bool {
        let closed_at = ticket.closed_at.unwrap_or(ticket.submitted_at);
        ticket.status.stage() == Stage::Closed
            && self.view.now <= closed_at + TimeDelta::days(REOPEN_DAYS)
    }

    pub(super) fn answer_my_ticket(&mut self, id: TicketId, key: Option<u8>) -> bool {
        let Some(ticket) = self.ticket(id) else { return false };
        match key {
            Some(0) => {
                self.wait_for_nothing();
                self.menu();
            }
            Some(1) if fits(&ticket, Wish::Supplement) => {
                self.do_with_mine(&ticket, Wish::Supplement);
            }
            Some(2) if fits(&ticket, Wish::Urge) => self.urge(&ticket),
            Some(3) if fits(&ticket, Wish::Withdraw) => self.do_with_mine(&ticket, Wish::Withdraw),
            Some(4) if self.may_reopen(&ticket) => {
                let card = self.card(&ticket);
                self.say(Reply::AskReason { card });
                self.wait_for(Question::Reason { ticket: id });
            }
            _ => return false,
        }
        true
    }

    fn urge(&mut self, ticket: &Ticket) {
        self.wait_for_nothing();
        match self.act_as_resident(ticket, Action::Urge) {
            Ok(ticket) => self.say(Reply::Urged { card: self.card(&ticket) }),
            Err(_) => self.say(Reply::NotPossible { card: self.card(ticket) }),
        }
    }

    pub(super) fn answer_supplement(&mut self, id: TicketId, said: &Said, key: Option<u8>) -> bool {
        let Some(ticket) = self.ticket(id) else { return false };
        if key == Some(0) {
            self.keep_as_it_is(id);
            return true;
        }
        self.wait_for_nothing();
        self.add_to(&ticket, said);
        true
    }

    /// Nothing is changed after all.
    pub(super) fn keep_as_it_is(&mut self, id: TicketId) {
        self.wait_for_nothing();
        if let Some(ticket) = self.ticket(id) {
            self.say(Reply::Kept { card: self.card(&ticket) });
        }
    }

    /// One's own ticket that the talk is about, while it can still be taken back.
    pub(super) fn just_submitted(&self) -> Option<Ticket> {
        let ticket = self.ticket(self.state.focus?)?;
        (self.view.who.is(&ticket.reporter) && fits(&ticket, Wish::Withdraw)).then_some(ticket)
    }

    fn add_to(&mut self, ticket: &Ticket, said: &Said) {
        let text = words::has_words(&said.text).then(|| said.text.clone());
        let action = Action::Supplement { text, media: said.media.clone() };
        match self.act_as_resident(ticket, action) {
            Ok(ticket) => self.say(Reply::Supplemented { card: self.card(&ticket) }),
            Err(_) => self.say(Reply::NotPossible { card: self.card(ticket) }),
        }
    }

    pub(super) fn answer_withdraw(&mut self, id: TicketId, said: &Said, key: Option<u8>) -> bool {
        let Some(ticket) = self.ticket(id) else { return false };
        if key == Some(1) || reading::is_yes(&said.text) {
            self.wait_for_nothing();
            match self.act_as_resident(&ticket, Action::Withdraw { reason: None }) {
                Ok(ticket) => self.say(Reply::Withdrawn { card: self.card(&ticket) }),
                Err(_) => self.say(Reply::NotPossible { card: self.card(&ticket) }),
            }
        } else if key == Some(0) || reading::is_no(&said.text) {
            self.wait_for_nothing();
            self.say(Reply::Kept { card: self.card(&ticket) });
        } else {
            return false;
        }
        true
    }

    /// A number of a ticket in the words shows that ticket, if it is one's own.
    pub(super) fn ticket_by_number(&mut self, text: &str) -> bool {
        if TicketNumber::find(text).is_none() {
            return false;
        }
        match self.view.facts.number.clone() {
            Some(ticket) if self.view.who.is(&ticket.reporter) => self.look_at(&ticket),
            // Whose it is stays unsaid.
            Some(_) | None => self.say(Reply::UnknownNumber),
        }
        true
    }

    /// Free words while a ticket waits for a word: which matter are they about?
    pub(super) fn ask_old_or_new(&mut self, ticket: &Ticket, said: Said) {
        self.say(Reply::AskOldOrNew { card: self.card(ticket) });
        self.wait_for(Question::OldOrNew { ticket: ticket.id, said });
    }

    pub(super) fn answer_old_or_new(
        &mut self,
        id: TicketId,
        first: &Said,
        said: &Said,
        key: Option<u8>,
    ) -> bool {
        if key == Some(1) || reading::is_yes(&said.text) {
            let Some(ticket) = self.ticket(id) else { return false };
            self.wait_for_nothing();
            self.take_for_old(&ticket, first);
        } else if key == Some(2)
            || reading::is_no(&said.text)
            || reading::bare(&said.text).contains("新")
        {
            self.wait_for_nothing();
            self.tell(first, words::emergency(&first.text).is_some());
        } else if key == Some(0) {
            self.wait_for_nothing();
            self.say(Reply::Dropped);
        } else {
            return false;
        }
        true
    }

    fn take_for_old(&mut self, ticket: &Ticket, first: &Said) {
        match &ticket.status {
            Status::NeedInfo { .. } => {
                let action =
                    Action::GiveInfo { text: first.text.clone(), media: first.media.clone() };
                match self.act_as_resident(ticket, action) {
                    Ok(ticket) => self.say(Reply::InfoPassedOn { card: self.card(&ticket) }),
                    Err(_) => self.say(Reply::NotPossible { card: self.card(ticket) }),
                }
            }
            Status::Rejected { .. } => {
                let action = Action::Appeal { text: first.text.clone() };
                match self.act_as_resident(ticket, action) {
                    Ok(ticket) => self.say(Reply::Appealed { card: self.card(&ticket) }),
                    Err(_) => self.say(Reply::NotPossible { card: self.card(ticket) }),
                }
            }
            Status::AwaitingSignoff { objected_at: Some(_), .. } => {
                self.rework(ticket, Some(first.text.clone()));
            }
            Status::AwaitingSignoff { .. }
                if matches!(reading::verdict(&first.text), Some(reading::Verdict::Not)) =>
            {
                self.rework(ticket, Some(first.text.clone()));
            }
            Status::AwaitingSignoff { .. } => {
                self.add_to(ticket, first);
                let card = self.card(ticket);
                self.say(Reply::AskSignoff { card });
                self.wait_for(Question::Signoff { ticket: ticket.id });
            }
            _ => self.add_to(ticket, first),
        }
    }
}

/// Whether a wish makes sense for a ticket as it stands.
fn fits(ticket: &Ticket, wish: Wish) -> bool {
    match wish {
        Wish::Look => true,
        Wish::Supplement => !ticket.is_ended(),
        Wish::Urge => !ticket.is_ended() && ticket.status.stage() != Stage::AwaitingSignoff,
        Wish::Withdraw => matches!(
            ticket.status.stage(),
            Stage::Submitted
                | Stage::NeedInfo
                | Stage::Accepted
                | Stage::Dispatched
                | Stage::Returned
                | Stage::InProgress
                | Stage::Suspended
        ),
    }
}
