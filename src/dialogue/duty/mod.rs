//! Members and operators in chat: which ticket an order means, and the answers to what was asked
//! about it. [`carry`] does the order, [`beside`] what runs beside the status and [`answers`] says so, [`photo`] keeps photos
//! of results, [`seen`] says what a member may see, [`people`] and [`upward`] find those to call,
//! [`leave`] is about the speaker alone.
//!
//! Every order is answered: by what was done, by a question, or by how the ticket stands and who
//! did it. Deliberately absent: what is legal, which is the life cycle's to say.

mod answers;
mod beside;
mod carry;
mod leave;
mod people;
mod photo;
mod seen;
mod upward;

pub use carry::outcome_in;
pub use upward::names_around;

pub(super) use people::to_be_routed;

use super::event::{Event, Said};
use super::facts::{Needs, Speaker};
use super::order::{self, Order, Proviso, Spoken, Target, Wanted};
use super::reading;
use super::reply::Reply;
use super::state::{Question, State};
use super::turn::Turn;
use crate::county::{County, words};
use crate::ticket::event::Actor;
use crate::ticket::lifecycle::{self, Refused, Why};
use crate::ticket::{Stage, Ticket, TicketId};

/// A question never has more choices.
const MOST_CHOICES: usize = 5;

/// What has to be looked up for a member or an operator.
pub(super) fn needs(
    who: &Speaker,
    county: &County,
    state: &State,
    event: &Event,
    needs: &mut Needs,
) {
    let Some(duty) = &who.duty else { return };
    if matches!(event, Event::Unfollow) {
        return;
    }
    needs.tasks = Some(duty.person.id);
    if duty.is_operator() {
        // A ticket of an unknown area lies on the desk of the whole county only.
        let root = county.code().map(crate::county::AreaCode::as_str);
        needs.desk = Some(duty.area.clone().filter(|area| Some(area.as_str()) != root));
    }
    needs.tickets.extend(&state.listed);
    let (Event::Text(text) | Event::Voice { heard: Some(text), .. }) = event else { return };
    let mut orders: Vec<Order> = Vec::new();
    if let Some(Spoken::Order(wanted)) = order::read(text, duty.is_operator(), state.listed.len()) {
        if let Target::Number(number) = wanted.target {
            needs.number = Some(number);
        }
        orders.push(wanted.order);
    }
    needs.people.extend(name_of(who, county, text));
    match state.asked.as_ref().map(|asked| &asked.question) {
        Some(Question::WhichTask { order, .. }) => orders.push(order.clone()),
        Some(Question::OrderWords { order, .. }) => {
            orders.push(order.clone().completed_by(text));
        }
        Some(Question::WhichPerson { rest, chosen, options, .. }) => {
            needs.people.extend(people::asked_for(rest));
            needs.people.extend(chosen.iter().chain(options).map(|person| person.name.clone()));
        }
        _ => {}
    }
    for order in orders {
        needs.people.extend(people::asked_for(&order.names()));
        needs.around = needs.around.or(order.around());
    }
}

impl Turn<'_> {
    /// Takes the words as an order, if they are one.
    pub(super) fn order(&mut self, said: &Said) -> bool {
        let is_member = self.view.who.duty.is_some();
        let listed = self.state.listed.len();
        let spoken = order::read(&said.text, self.is_operator(), listed)
            .or_else(|| self.name_alone(&said.text))
            .filter(|spoken| match spoken {
                Spoken::Order(wanted) => {
                    self.holds(wanted) && !self.answers_open_question(wanted, &said.text)
                }
                _ => true,
            })
            .filter(|_| is_member);
        let Some(spoken) = spoken else {
            let is_of_others = order::is_word_of_others(&said.text, is_member, self.is_operator());
            if is_of_others {
                self.say(Reply::OrderOfOthers);
                self.ask_again_if_open();
            }
            return is_of_others;
        };
        if !self.view.trusts_chat {
            self.say(Reply::ChatNotTrusted);
            return true;
        }
        match spoken {
            Spoken::Tasks => self.my_tasks(),
            Spoken::Desk => self.desk_list(),
            Spoken::Leave(wish) => self.leave(wish),
            Spoken::Order(wanted) => self.follow_order(wanted),
        }
        // An order in the middle of a report: the report goes on where it was.
        if self.state.asked.as_ref().is_some_and(|asked| asked.question.is_of_draft()) {
            self.ask_again_if_open();
        }
        true
    }

    /// Right after 受理, whose question is "to whom?", a name alone is enough.
    fn name_alone(&self, text: &str) -> Option<Spoken> {
        let ticket = self.ticket(self.state.focus?)?;
        let name = name_of(self.view.who, self.view.county, text)?;
        (ticket.status.stage() == Stage::Accepted).then(|| {
            Spoken::Order(Wanted {
                order: Order::Dispatch { names: vec![name] },
                target: Target::Unnamed,
                if_only: Proviso::NameIsKnown,
            })
        })
    }

    /// 好的, 收到, 到了 from a member with a task: they take nothing and finish nothing, so what
    /// comes next is said.
    pub(super) fn remind_of_task(&mut self) -> bool {
        let tasks = &self.view.facts.tasks;
        let waiting = tasks.iter().find(|ticket| self.may_be_taken(ticket));
        let in_hand = tasks
            .iter()
            .find(|ticket| ticket.status.stage() == Stage::InProgress && self.is_handler(ticket));
        let Some(ticket) = waiting.or(in_hand).filter(|_| self.view.trusts_chat).cloned() else {
            return false;
        };
        let card = self.duty_card(&ticket);
        self.say(if self.may_be_taken(&ticket) {
            Reply::TakeFirst { card }
        } else {
            Reply::FinishNext { card }
        });
        true
    }

    /// Answers what was asked about an invitation or an order.
    pub(super) fn answer_duty(&mut self, question: Question, said: &Said) -> bool {
        if let Question::BindSure { invitation, name } = question {
            return self.answer_bind(invitation, name, said);
        }
        let key = words::number_choice(&said.text);
        if self.view.who.duty.is_none() {
            return false;
        }
        if !self.view.trusts_chat {
            self.wait_for_nothing();
            self.say(Reply::ChatNotTrusted);
            return true;
        }
        if key == Some(0) {
            self.wait_for_nothing();
            self.say(Reply::OrderDropped);
            return true;
        }
        match question {
            Question::WhichTask { options, order } => {
                let Some(id) = pick(&options, key).copied() else { return false };
                self.carry_by_id(order, id);
            }
            Question::OrderWords { ticket, order } => {
                // A bare number tells nothing, but it may be one of the usual reasons, or days.
                let is_counted = matches!(order, Order::Decline { .. } | Order::Extend { .. });
                let is_words = key.is_none() || is_counted;
                if !is_words || reading::global(&said.text) == Some(reading::Global::Cancel) {
                    return false;
                }
                self.carry_by_id(order.completed_by(&said.text), ticket);
            }
            Question::WhichPerson { ticket, options, mut chosen, unit, rest, order, .. } => {
                let Some(person) = pick(&options, key).cloned() else { return false };
                chosen.push(person);
                let Some(ticket) = self.ticket(ticket) else {
                    self.say(Reply::UnknownNumber);
                    return true;
                };
                self.wait_for_nothing();
                self.call(&order, &ticket, rest, chosen, unit);
            }
            _ => return false,
        }
        true
    }

    /// Says a question about an order once more.
    pub(super) fn repeat_duty_question(&mut self, question: &Question) {
        match question {
            Question::BindSure { name, .. } => self.say(Reply::AskBindSure { name: name.clone() }),
            Question::WhichTask { order: Order::Look, .. } => {
                if self.is_operator() {
                    self.desk_list();
                } else {
                    self.my_tasks();
                }
            }
            Question::WhichTask { options, .. } => {
                let tickets: Vec<Ticket> =
                    options.iter().filter_map(|id| self.ticket(*id)).collect();
                let cards = self.duty_cards(&tickets);
                self.say(Reply::AskWhichTask { cards, more: 0 });
            }
            Question::OrderWords { ticket, order } => {
                if let Some(ticket) = self.ticket(*ticket) {
                    self.ask_words(order.clone(), &ticket);
                }
            }
            Question::WhichPerson { name, options, .. } => {
                let choices = self.person_choices(options);
                self.say(Reply::AskWhichPerson { name: name.clone(), choices });
            }
            _ => {}
        }
    }

    /// Whether what was said is an order after all.
    fn holds(&self, wanted: &Wanted) -> bool {
        match (&wanted.order, wanted.if_only) {
            (_, Proviso::Nothing) => true,
            (Order::Dispatch { names }, Proviso::NameIsKnown) => {
                !names.is_empty() && names.iter().all(|name| self.is_known(name))
            }
            (Order::AskVerification { names }, Proviso::NameIsKnown) => {
                !names.is_empty() && names.iter().all(|name| self.is_known(name))
            }
            (_, Proviso::NameIsKnown) => false,
            (order @ Order::Assign { names }, Proviso::TicketFits) => {
                names.iter().all(|name| self.is_known(name))
                    && self.pool().iter().any(|ticket| self.fits(order, ticket))
            }
            (order, Proviso::TicketFits) => {
                wanted.target != Target::Unnamed
                    || self.pool().iter().any(|ticket| self.fits(order, ticket))
            }
        }
    }

    /// 办好了 is an order, but also an answer to 怎么办的.
    fn answers_open_question(&self, wanted: &Wanted, text: &str) -> bool {
        let asked = self.state.asked.as_ref().map(|asked| &asked.question);
        let is_asked_for =
            matches!(asked, Some(Question::OrderWords { order: Order::Finish { .. }, .. }));
        is_asked_for
            && wanted.order == Order::Finish { text: None }
            && wanted.target == Target::Unnamed
            && reading::bare(text) != "办结"
    }

    fn follow_order(&mut self, wanted: Wanted) {
        let named = match &wanted.target {
            Target::Unnamed => None,
            Target::Number(number) => {
                let found = self.view.facts.number.clone();
                let Some(ticket) = found.filter(|ticket| ticket.number == *number) else {
                    return self.say(Reply::UnknownNumber);
                };
                Some(ticket)
            }
            Target::Listed(key) => {
                pick(&self.state.listed, Some(*key)).and_then(|id| self.ticket(*id))
            }
        };
        let order = wanted.order;
        if let Some(ticket) = named.or_else(|| self.focus_that_fits(&order)) {
            return self.carry(order, &ticket);
        }
        let fitting: Vec<Ticket> =
            self.pool().into_iter().filter(|ticket| self.fits(&order, ticket)).collect();
        match fitting.as_slice() {
            [] => self.explain(&order),
            [ticket] => self.carry(order, ticket),
            [..] => self.ask_which(order, &fitting),
        }
    }

    /// The ticket that the talk is about; never one's own report, which others have to judge.
    fn focus_that_fits(&self, order: &Order) -> Option<Ticket> {
        let ticket = self.ticket(self.state.focus?)?;
        let is_own = self.view.who.is(&ticket.reporter);
        (!is_own && self.fits(order, &ticket)).then_some(ticket)
    }

    /// Nothing fits the order: says how the ticket stands that was most likely meant.
    fn explain(&mut self, order: &Order) {
        let pool = self.pool();
        let telling = pool
            .iter()
            .filter(|ticket| {
                matches!(
                    self.try_out(order, ticket),
                    Err(Refused { ref why, .. }) if !matches!(why, Why::NotFromHere | Why::NotYours)
                )
            })
            .max_by_key(|ticket| (self.state.focus == Some(ticket.id), ticket.version));
        let meant = telling
            .or_else(|| pool.iter().find(|ticket| self.state.focus == Some(ticket.id)))
            .or_else(|| pool.first().filter(|_| pool.len() == 1))
            .cloned()
            .or_else(|| self.focus_of_duty());
        match meant {
            Some(ticket) => self.carry(order.clone(), &ticket),
            None if order.is_of_desk() => self.desk_list(),
            None => self.my_tasks(),
        }
    }

    /// The ticket of somebody else's that the talk is about.
    fn focus_of_duty(&self) -> Option<Ticket> {
        let ticket = self.ticket(self.state.focus?)?;
        (!self.view.who.is(&ticket.reporter)).then_some(ticket)
    }

    /// The tickets that an order may mean when none is named.
    fn pool(&self) -> Vec<Ticket> {
        let facts = self.view.facts;
        let mut pool: Vec<Ticket> = Vec::new();
        for ticket in facts.tasks.iter().chain(&facts.desk) {
            if !pool.iter().any(|known| known.id == ticket.id) {
                pool.push(ticket.clone());
            }
        }
        pool
    }

    /// Whether an order is possible on a ticket, but for words that can still be asked for.
    fn fits(&self, order: &Order, ticket: &Ticket) -> bool {
        if !self.covers(order, ticket) || !self.is_meant_by(order, ticket) {
            return false;
        }
        match self.try_out(order, ticket) {
            Ok(()) => true,
            // Whoever said once that they go along may say it twice.
            Err(Refused { why: Why::AlreadySo, .. }) => *order == Order::Join,
            Err(refused) => {
                matches!(refused.why, Why::NeedsWords | Why::NeedsPhoto | Why::NeedsSomebody)
            }
        }
    }

    fn try_out(&self, order: &Order, ticket: &Ticket) -> Result<(), Refused> {
        let Some(by) = self.actor() else { return Ok(()) };
        let (rules, now) = (self.rules(ticket), self.view.now);
        let mut ticket = ticket.clone();
        for action in carry::trial(order, &ticket, &by) {
            ticket = lifecycle::act(&ticket, action, &by, rules, now)?.after;
        }
        Ok(())
    }

    /// The speaker as the history names them.
    fn actor(&self) -> Option<Actor> {
        let duty = self.view.who.duty.as_ref()?;
        let person = duty.person.clone();
        Some(if duty.is_operator() { Actor::Operator(person) } else { Actor::Member(person) })
    }

    fn ask_which(&mut self, order: Order, tickets: &[Ticket]) {
        let more = tickets.len().saturating_sub(MOST_CHOICES);
        let shown: Vec<Ticket> = tickets.iter().take(MOST_CHOICES).cloned().collect();
        let options: Vec<TicketId> = shown.iter().map(|ticket| ticket.id).collect();
        let cards = self.duty_cards(&shown);
        self.say(Reply::AskWhichTask { cards, more });
        self.state.listed.clone_from(&options);
        self.wait_for(Question::WhichTask { options, order });
    }
}

/// A message of an operator that is the name of somebody, or of a unit.
fn name_of(who: &Speaker, county: &County, text: &str) -> Option<String> {
    let name = text.trim();
    let is_operator = who.duty.as_ref().is_some_and(super::facts::Duty::is_operator);
    let is_known = county.member(name).is_some() || county.unit_named(name).is_some();
    (is_operator && is_known).then(|| name.to_owned())
}

/// The option that a number chooses, counted from 1.
fn pick<T>(options: &[T], key: Option<u8>) -> Option<&T> {
    options.get(usize::from(key?.checked_sub(1)?))
}

#[cfg(test)]
mod tests;
