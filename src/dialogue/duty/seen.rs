//! What a member may see of a ticket, and the lists they are shown.
//!
//! A confidential matter is read by who handles it and, one at a time, by the desk. The telephone
//! number that the resident left is shown to the handler alone; numbers in the text stay masked.

use super::{MOST_CHOICES, Order, Question, Reply, Turn};
use crate::county::{AreaCode, words};
use crate::dialogue::reply::Card;
use crate::ticket::{Help, HelpStatus, Stage, Status, Ticket, TicketId};

impl Turn<'_> {
    /// 我的任务
    pub(in crate::dialogue) fn my_tasks(&mut self) {
        if self.view.who.duty.is_none() {
            return self.say(Reply::NoTasks);
        }
        if !self.view.trusts_chat {
            return self.say(Reply::ChatNotTrusted);
        }
        let tasks: Vec<Ticket> = self
            .view
            .facts
            .tasks
            .iter()
            .filter_map(|ticket| self.ticket(ticket.id))
            .filter(|ticket| self.waits_for_me(ticket))
            .collect();
        if tasks.is_empty() {
            self.close_duty_question();
            return self.say(Reply::NoTasks);
        }
        let (shown, more) = self.list(tasks);
        let cards = self.duty_cards(&shown);
        self.say(Reply::Tasks { cards, more });
    }

    /// 待办
    pub(in crate::dialogue) fn desk_list(&mut self) {
        if !self.view.trusts_chat {
            return self.say(Reply::ChatNotTrusted);
        }
        if !self.is_operator() {
            return self.my_tasks();
        }
        let waiting: Vec<Ticket> =
            self.view.facts.desk.iter().filter_map(|ticket| self.ticket(ticket.id)).collect();
        let (shown, more) = self.list(waiting);
        let cards = self.duty_cards(&shown);
        self.say(Reply::Desk { cards, more });
    }

    /// Remembers a list, so that a number means a ticket of it; the urgent come first.
    fn list(&mut self, mut tickets: Vec<Ticket>) -> (Vec<Ticket>, usize) {
        tickets.sort_by_key(|ticket| !ticket.report.urgent);
        let more = tickets.len().saturating_sub(MOST_CHOICES);
        tickets.truncate(MOST_CHOICES);
        let options: Vec<TicketId> = tickets.iter().map(|ticket| ticket.id).collect();
        self.state.listed.clone_from(&options);
        self.close_duty_question();
        // The question of a draft stays the latest one.
        if self.state.asked.is_none() && !options.is_empty() {
            self.wait_for(Question::WhichTask { options, order: Order::Look });
        }
        (tickets, more)
    }

    pub(super) fn waits_for_me(&self, ticket: &Ticket) -> bool {
        let is_called = ticket.status.stage() == Stage::Dispatched && self.is_called(ticket);
        let is_to_check = ticket.status.stage() == Stage::ResultSubmitted && self.leads(ticket);
        is_called
            || is_to_check
            || self.my_part(ticket).is_some()
            || self.is_to_look(ticket)
            || self.is_handler(ticket) && !ticket.is_ended()
    }

    /// The part of a helper that is the speaker's.
    pub(super) fn my_part<'t>(&self, ticket: &'t Ticket) -> Option<&'t Help> {
        let me = self.view.who.duty.as_ref()?.person.id;
        if self.is_handler(ticket) || ticket.is_ended() {
            return None;
        }
        // Whoever had it before it went one level up finishes it like their own.
        let is_waiting = ticket.status.stage() == Stage::Dispatched;
        let is_part = |help: &&Help| help.is_of(me) && !(help.was_lead && is_waiting);
        ticket.course.helps.iter().find(is_part)
    }

    /// The speaker is asked to look whether it is so.
    pub(super) fn is_to_look(&self, ticket: &Ticket) -> bool {
        let me = self.view.who.duty.as_ref().map(|duty| duty.person.id);
        let open = matches!(ticket.status.stage(), Stage::Submitted | Stage::Accepted);
        let asked = ticket.course.verification.as_ref().filter(|asked| asked.answer.is_none());
        open && asked.is_some_and(|asked| asked.asked.iter().any(|one| Some(one.id) == me))
    }

    /// The speaker leads those who were called to it.
    pub(super) fn leads(&self, ticket: &Ticket) -> bool {
        let me = self.view.who.duty.as_ref().map(|duty| duty.person.id);
        ticket.course.holder.leader.as_ref().is_some_and(|leader| Some(leader.id) == me)
    }

    /// One ticket, as fully as the speaker may see it.
    pub(super) fn show(&mut self, ticket: &Ticket) {
        if !self.may_read(ticket) {
            let card = self.duty_card(ticket);
            return self.say(Reply::NotYourTask { card });
        }
        let (text, phone) = self.words_and_phone(ticket);
        let card = self.with_my_part(self.card(ticket), ticket);
        self.say(Reply::Task { card, text, phone });
    }

    pub(super) fn words_and_phone(&self, ticket: &Ticket) -> (String, Option<String>) {
        let text = words::masked(&ticket.report.text).text;
        let phone = ticket.report.contact.clone().filter(|_| self.is_handler(ticket));
        (text, phone)
    }

    /// What the speaker may read of a ticket in passing.
    pub(super) fn duty_card(&self, ticket: &Ticket) -> Card {
        let mut card = self.card(ticket);
        // The desk reads what a colleague proposed; the resident hears only what was decided.
        if let Status::Submitted { rejection: Some(proposed) } = &ticket.status {
            card.note = Some(proposed.reason.clone());
        }
        let card = self.with_my_part(card, ticket);
        let is_beside = self.my_part(ticket).is_some()
            || self.is_to_look(ticket)
            || self.shown_beside(ticket).is_some();
        let is_own = self.is_called(ticket) || is_beside;
        let is_open = !ticket.report.confidential && (is_own || self.is_operator());
        let is_outside = self.is_operator() && !is_own && !self.is_in_my_area(ticket);
        if self.is_handler(ticket) || self.leads(ticket) || is_open && !is_outside {
            return card;
        }
        let area = ticket.report.place.area.as_deref().map(AreaCode::from);
        let place = area.map_or_else(String::new, |code| self.view.county.spoken_path(&code));
        Card { gist: "（内容保密）".to_owned(), place, note: None, ..card }
    }

    /// What the speaker alone is to do of it, and until when.
    fn with_my_part(&self, card: Card, ticket: &Ticket) -> Card {
        match self.my_part(ticket) {
            Some(part) => {
                let words = Some(format!("协办：{}", part.what));
                Card { part: words, ..card }.with_due(part.deadline.as_ref(), self.view.now)
            }
            None if self.is_to_look(ticket) => {
                Card { part: Some("去看看是不是真的".to_owned()), ..card }
            }
            None => card,
        }
    }

    pub(super) fn duty_cards(&self, tickets: &[Ticket]) -> Vec<Card> {
        tickets.iter().map(|ticket| self.duty_card(ticket)).collect()
    }

    /// Whether the speaker's desk or part reaches as far as this ticket.
    pub(super) fn covers(&self, order: &Order, ticket: &Ticket) -> bool {
        let is_own_task = self.is_handler(ticket)
            || self.is_called(ticket)
            || self.my_part(ticket).is_some()
            || self.is_to_look(ticket);
        let is_of_desk = order.is_of_desk() && !self.leads(ticket);
        let acts_for_desk = is_of_desk || self.is_operator() && !is_own_task;
        !acts_for_desk || self.is_in_my_area(ticket)
    }

    fn is_in_my_area(&self, ticket: &Ticket) -> bool {
        let Some(area) = self.view.who.duty.as_ref().and_then(|duty| duty.area.as_deref()) else {
            return true;
        };
        let (county, area) = (self.view.county, AreaCode::from(area));
        // A ticket of an unknown area is the whole county's.
        county.code() == Some(&area)
            || ticket.area_path.iter().any(|code| {
                let code = AreaCode::from(code.as_str());
                code == area || county.is_within(&code, &area)
            })
    }

    fn may_read(&self, ticket: &Ticket) -> bool {
        let is_beside = self.my_part(ticket).is_some() || self.is_to_look(ticket);
        self.is_handler(ticket)
            || self.leads(ticket)
            || self.is_operator() && self.is_in_my_area(ticket)
            || (self.is_called(ticket) || is_beside) && !ticket.report.confidential
    }

    pub(super) fn is_handler(&self, ticket: &Ticket) -> bool {
        let me = self.view.who.duty.as_ref().map(|duty| duty.person.id);
        ticket.handler.as_ref().is_some_and(|handler| Some(handler.id) == me)
    }

    /// Waits for the speaker to take it.
    pub(super) fn may_be_taken(&self, ticket: &Ticket) -> bool {
        let is_part = |part: &Help| part.status == HelpStatus::Called;
        match self.my_part(ticket) {
            Some(part) => is_part(part),
            None => ticket.status.stage() == Stage::Dispatched && self.is_called(ticket),
        }
    }

    pub(super) fn is_called(&self, ticket: &Ticket) -> bool {
        let me = self.view.who.duty.as_ref().map(|duty| duty.person.id);
        ticket.called.iter().any(|called| Some(called.id) == me)
    }
}
