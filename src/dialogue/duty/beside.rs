//! Orders about what runs beside a ticket's status: helpers, more time, looks on site, supervision,
//! one level up, another category, one ticket into another.

use super::carry::WORDS_TO_COME;
use super::people::joined;
use super::{Order, Turn};
use crate::dialogue::calling::call_of;
use crate::dialogue::facts::Named;
use crate::dialogue::reply::Beside;
use crate::ticket::event::Actor;
use crate::ticket::lifecycle::{Action, Refused};
use crate::ticket::notice::Audience;
use crate::ticket::{Call, Help, MemberId, Person, Stage, Status, Ticket, TicketNumber, clock};
use uuid::Uuid;

/// Stands for the person who is still to be named while an order is only tried out.
fn somebody() -> Person {
    Person { id: MemberId(Uuid::nil()), name: WORDS_TO_COME.to_owned() }
}

/// The actions that an order stands for, as far as it is about what runs beside the status.
pub(super) fn trial_beside(order: &Order, ticket: &Ticket) -> Vec<Action> {
    let words = || WORDS_TO_COME.to_owned();
    let call = || Call { to: vec![somebody()], ..Call::default() };
    let is_waiting = ticket.status.stage() == Stage::Dispatched;
    let taken = |action: Action| {
        if is_waiting { vec![Action::Take, action] } else { vec![action] }
    };
    match order {
        Order::Join if is_waiting => vec![Action::Take],
        Order::Join => vec![Action::Join],
        Order::CallHelp { .. } => {
            let what = words();
            vec![Action::CallHelp { call: call(), what, required: true, minutes: None }]
        }
        Order::WaiveHelp => {
            let no = awaited(ticket).first().map_or(0, |help| help.no);
            vec![Action::WaiveHelp { no }]
        }
        Order::Extend { .. } => vec![Action::AskExtension { minutes: 1, reason: words() }],
        Order::GrantExtension => vec![Action::GrantExtension { minutes: None }],
        Order::RefuseExtension { .. } => vec![Action::RefuseExtension { reason: words() }],
        Order::AskVerification { .. } => vec![Action::AskVerification { of: vec![somebody()] }],
        Order::Verify { real, .. } => {
            vec![Action::Verify { real: *real, text: words(), media: Vec::new() }]
        }
        Order::Supervise { .. } => vec![Action::Supervise { text: words() }],
        Order::AnswerSupervision { .. } => vec![Action::AnswerSupervision { text: words() }],
        Order::Escalate { .. } => vec![Action::Escalate { call: call() }],
        Order::Assign { .. } => taken(Action::Assign { to: somebody() }),
        Order::Recategorise { .. } => vec![Action::Recategorise { category: words() }],
        Order::Merge { into } => {
            let other = || TicketNumber::draw(ticket.submitted_at, Uuid::max());
            vec![Action::Merge { into: into.clone().unwrap_or_else(other) }]
        }
        _ => Vec::new(),
    }
}

/// The parts that the lead's result waits for.
fn awaited(ticket: &Ticket) -> Vec<&Help> {
    ticket.course.helps.iter().filter(|help| help.required && help.is_open()).collect()
}

impl Turn<'_> {
    /// Whether an order that names no ticket can mean this one, though the table would allow it.
    pub(super) fn is_meant_by(&self, order: &Order, ticket: &Ticket) -> bool {
        match order {
            // Of its own accord the desk gives more time only where it names the ticket.
            Order::GrantExtension => ticket.course.extension.is_some(),
            Order::Explain => !ticket.is_ended() && self.explains(ticket),
            Order::AnswerSupervision { .. } => !ticket.is_ended(),
            _ => true,
        }
    }

    fn explains(&self, ticket: &Ticket) -> bool {
        let part = self.my_part(ticket).is_some();
        (part || self.is_handler(ticket) || self.is_called(ticket) || self.is_operator())
            && clock::result_clock(ticket).is_some()
    }

    pub(super) fn carry_beside(
        &mut self,
        order: Order,
        ticket: &Ticket,
        by: &Actor,
    ) -> Result<(), Refused> {
        self.try_out(&order, ticket)?;
        match order {
            Order::Join => self.join(ticket, by)?,
            Order::CallHelp { names, what } => self.call_helpers(ticket, names, what.as_deref()),
            Order::WaiveHelp => self.waive_helpers(ticket, by)?,
            Order::Extend { days: Some(days), reason: Some(reason) } => {
                let day = self.rules(ticket).calendar.day_minutes();
                let minutes = day.saturating_mul(u32::from(days));
                let after = self.act(ticket, Action::AskExtension { minutes, reason }, by)?;
                let card = self.duty_card(&after);
                self.say(Beside::ExtensionAsked { card, days });
            }
            Order::GrantExtension => {
                let after = self.act(ticket, Action::GrantExtension { minutes: None }, by)?;
                let card = self.duty_card(&after);
                self.say(Beside::ExtensionGranted { card });
            }
            Order::RefuseExtension { reason: Some(reason) } => {
                let after = self.act(ticket, Action::RefuseExtension { reason }, by)?;
                let card = self.duty_card(&after);
                self.say(Beside::ExtensionRefused { card });
            }
            order @ (Order::AskVerification { .. } | Order::Assign { .. }) => {
                self.name_somebody(order, ticket);
            }
            Order::Verify { real, text } => self.verify(ticket, real, text, by)?,
            Order::Supervise { text: Some(text) } => {
                let after = self.act(ticket, Action::Supervise { text }, by)?;
                let card = self.duty_card(&after);
                self.say(Beside::Supervised { card });
            }
            Order::AnswerSupervision { text: Some(text) } => {
                let after = self.act(ticket, Action::AnswerSupervision { text }, by)?;
                let card = self.duty_card(&after);
                self.say(Beside::SupervisionAnswered { card });
            }
            Order::Escalate { reason } => self.escalate(ticket, reason, by)?,
            Order::Recategorise { name: Some(name) } => self.recategorise(ticket, &name, by)?,
            Order::Merge { into: Some(into) } => self.merge(ticket, &into, by)?,
            Order::Explain => {
                let card = self.duty_card(ticket);
                self.say_sum(card, ticket);
            }
            order => self.ask_words(order, ticket),
        }
        Ok(())
    }

    fn join(&mut self, ticket: &Ticket, by: &Actor) -> Result<(), Refused> {
        if self.may_be_taken(ticket) {
            let after = self.act(ticket, Action::Take, by)?;
            self.say_taken(&after);
            return Ok(());
        }
        let after = self.act(ticket, Action::Join, by)?;
        self.say_joined(&after);
        Ok(())
    }

    fn say_joined(&mut self, ticket: &Ticket) {
        let by = ticket.handler.as_ref().map_or_else(String::new, |person| person.name.clone());
        let card = self.duty_card(ticket);
        self.say(Beside::Joined { card, by });
    }

    /// Names may stand apart: what is said first and borne by somebody is a name too.
    fn call_helpers(&mut self, ticket: &Ticket, mut names: Vec<String>, what: Option<&str>) {
        let mut words: Vec<&str> = what.map(str::split_whitespace).into_iter().flatten().collect();
        while words.first().is_some_and(|word| self.is_known(word)) && !names.is_empty() {
            names.push(words.remove(0).to_owned());
        }
        let what = Some(words.join(" ")).filter(|what| !what.is_empty());
        let is_complete = !names.is_empty() && what.is_some();
        let order = Order::CallHelp { names: names.clone(), what };
        if is_complete {
            self.call(&order, ticket, names, Vec::new(), None);
        } else {
            self.ask_words(order, ticket);
        }
    }

    fn waive_helpers(&mut self, ticket: &Ticket, by: &Actor) -> Result<(), Refused> {
        let parts: Vec<u32> = awaited(ticket).iter().map(|help| help.no).collect();
        let people: Vec<Person> =
            awaited(ticket).iter().flat_map(|help| help.people().to_vec()).collect();
        let mut after = ticket.clone();
        for no in parts {
            after = self.act(&after, Action::WaiveHelp { no }, by)?;
        }
        let card = self.duty_card(&after);
        self.say(Beside::HelpWaived { card, names: joined(&people) });
        Ok(())
    }

    /// By name; who looks on site may also be left to the nearest.
    fn name_somebody(&mut self, order: Order, ticket: &Ticket) {
        let mut names = order.names();
        if names.is_empty() && matches!(order, Order::AskVerification { .. }) {
            let near = self.near(ticket);
            names.extend(near.into_iter().find(|name| self.is_known(name)));
        }
        if names.is_empty() {
            return self.ask_words(order, ticket);
        }
        self.call(&order, ticket, names, Vec::new(), None);
    }

    /// An order whose people are found.
    pub(super) fn with_people(
        &mut self,
        order: &Order,
        ticket: &Ticket,
        people: &[Person],
        unit: Option<String>,
    ) {
        let Some(by) = self.actor() else { return };
        let done = match order {
            Order::CallHelp { what: Some(what), .. } => {
                self.help_with(ticket, people, unit, what.clone(), &by)
            }
            Order::AskVerification { .. } => {
                let of = people.to_vec();
                self.act(ticket, Action::AskVerification { of }, &by).map(|after| {
                    let card = self.duty_card(&after);
                    self.say(Beside::VerificationAsked { card, names: joined(people) });
                })
            }
            Order::Assign { .. } => self.assign(ticket, people, &by),
            order => return self.ask_words(order.clone(), ticket),
        };
        if let Err(refused) = done {
            self.refused(order.clone(), ticket, &refused);
        }
    }

    fn help_with(
        &mut self,
        ticket: &Ticket,
        people: &[Person],
        unit: Option<String>,
        what: String,
        by: &Actor,
    ) -> Result<(), Refused> {
        let named: Vec<Named> = people.iter().filter_map(|person| self.named(person)).collect();
        let reason = format!("{}请求协办", by.person().map_or("", |person| &person.name));
        let call = call_of(self.view.county, &named, unit, &ticket.report.category, reason);
        let called = joined(&call.to);
        let action = Action::CallHelp { call, what, required: true, minutes: None };
        let after = self.act(ticket, action, by)?;
        let card = self.duty_card(&after);
        self.say(Beside::HelpCalled { card, names: called });
        Ok(())
    }

    /// The leader gives it to one of the team, and takes it for the team first where nobody did.
    fn assign(&mut self, ticket: &Ticket, people: &[Person], by: &Actor) -> Result<(), Refused> {
        let Some(to) = people.first().cloned() else { return Ok(()) };
        let team = ticket.unit.as_deref();
        let is_of_team = self.named(&to).is_some_and(|named| named.unit.as_deref() == team);
        if !self.is_operator() && team.is_some() && !is_of_team {
            let team = team.and_then(|code| self.view.county.unit(code));
            let team = team.map_or_else(String::new, |unit| unit.name.clone());
            self.say(Beside::NotOfYourTeam { name: to.name, team });
            return Ok(());
        }
        let mut taken = ticket.clone();
        if ticket.status.stage() == Stage::Dispatched {
            taken = self.act(ticket, Action::Take, by)?;
            self.untell(Audience::Reporter);
        }
        let name = to.name.clone();
        let after = self.act(&taken, Action::Assign { to }, by)?;
        let card = self.duty_card(&after);
        self.say(Beside::Assigned { card, name });
        Ok(())
    }

    fn verify(
        &mut self,
        ticket: &Ticket,
        real: bool,
        text: Option<String>,
        by: &Actor,
    ) -> Result<(), Refused> {
        let media = self.photos_of(ticket);
        let text = text.unwrap_or_default();
        let after = self.act(ticket, Action::Verify { real, text, media }, by)?;
        self.state.evidence.retain(|evidence| evidence.ticket != ticket.id);
        let card = self.duty_card(&after);
        self.say(Beside::Verified { card, real });
        Ok(())
    }

    fn escalate(
        &mut self,
        ticket: &Ticket,
        reason: Option<String>,
        by: &Actor,
    ) -> Result<(), Refused> {
        if reason.is_none() && !self.is_operator() {
            self.ask_words(Order::Escalate { reason: None }, ticket);
            return Ok(());
        }
        let name = by.person().map_or("", |person| &person.name);
        let reason = reason.unwrap_or_else(|| format!("{name}提级"));
        let Some(call) = self.upward_call(ticket, reason) else {
            let card = self.duty_card(ticket);
            self.say(Beside::NobodyAbove { card });
            return Ok(());
        };
        let names = joined(&call.to);
        let after = self.act(ticket, Action::Escalate { call }, by)?;
        let card = self.duty_card(&after);
        self.say(Beside::Escalated { card, names });
        Ok(())
    }

    fn recategorise(&mut self, ticket: &Ticket, name: &str, by: &Actor) -> Result<(), Refused> {
        let is_it = |known: &&crate::county::Category| known.enabled && known.name == name;
        let is_like = |known: &&crate::county::Category| known.enabled && known.name.contains(name);
        let categories = self.view.county.categories();
        let found = categories.iter().find(is_it).or_else(|| categories.iter().find(is_like));
        let Some(category) = found.map(|category| category.code.clone()) else {
            self.ask_words(Order::Recategorise { name: None }, ticket);
            return Ok(());
        };
        let after = self.act(ticket, Action::Recategorise { category }, by)?;
        let card = self.duty_card(&after);
        self.say(Beside::Recategorised { card });
        Ok(())
    }

    /// Into a live ticket only, and into the root where that one was merged itself.
    fn merge(&mut self, ticket: &Ticket, into: &TicketNumber, by: &Actor) -> Result<(), Refused> {
        let found = self.view.facts.number.as_ref().filter(|found| found.number == *into);
        let root = match found.map(|found| (&found.status, found.is_ended())) {
            Some((Status::Merged { into, closed_at: None }, _)) => Some(into.clone()),
            Some((_, false)) => Some(into.clone()),
            _ => None,
        };
        let Some(into) = root else {
            self.say(Beside::NoMaster { number: into.to_string() });
            return Ok(());
        };
        let after = self.act(ticket, Action::Merge { into: into.clone() }, by)?;
        let card = self.duty_card(&after);
        self.say(Beside::MergedInto { card, into: into.to_string() });
        Ok(())
    }
}
