//! Whom to call: people and units by name, people of one name, people near a ticket.

use super::upward::neighbours;
use super::{MOST_CHOICES, Order, Question, Reply, Turn};
use crate::county::AreaCode;
use crate::dialogue::calling::call_of;
use crate::dialogue::facts::Named;
use crate::dialogue::reply::Choice;
use crate::ticket::lifecycle::Action;
use crate::ticket::{Person, Status, Ticket};

/// Between two names in one breath: 张建国和刘芳. A name may hold the word itself, so the whole
/// is looked up too.
const AND: [char; 3] = ['和', '跟', '与'];

/// The names to look up: each as it stands, and its parts.
pub(super) fn asked_for(names: &[String]) -> Vec<String> {
    names.iter().flat_map(|name| std::iter::once(name.clone()).chain(parts(name))).collect()
}

fn parts(name: &str) -> Vec<String> {
    if !name.contains(AND) {
        return Vec::new();
    }
    name.split(AND).filter(|part| !part.is_empty()).map(str::to_owned).collect()
}

/// Names in a row.
pub(super) fn joined(people: &[Person]) -> String {
    people.iter().map(|person| person.name.as_str()).collect::<Vec<_>>().join("、")
}

impl Turn<'_> {
    fn bearers(&self, name: &str) -> Vec<&Named> {
        self.view.facts.people.iter().filter(|named| named.asked == name).collect()
    }

    pub(super) fn is_known(&self, name: &str) -> bool {
        let is_borne = |name: &str| !self.bearers(name).is_empty();
        let parts = parts(name);
        is_borne(name) || !parts.is_empty() && parts.iter().all(|part| is_borne(part))
    }

    /// Finds the people of these names for an order; asks where several bear one name.
    pub(super) fn call(
        &mut self,
        order: &Order,
        ticket: &Ticket,
        names: Vec<String>,
        mut chosen: Vec<Person>,
        mut unit: Option<String>,
    ) {
        let mut rest: std::collections::VecDeque<String> = names.into();
        while let Some(name) = rest.pop_front() {
            let bearers: Vec<Person> =
                self.bearers(&name).iter().map(|named| named.person.clone()).collect();
            let named_unit = self.view.county.unit_named(&name).map(|unit| unit.code.clone());
            match bearers.as_slice() {
                [] => {
                    let parts = parts(&name);
                    if parts.is_empty() || !self.is_known(&name) {
                        return self.say(Reply::NobodyOfThatName { name });
                    }
                    for part in parts.into_iter().rev() {
                        rest.push_front(part);
                    }
                }
                [one] if named_unit.is_none() => chosen.push(one.clone()),
                people if named_unit.is_some() => {
                    chosen.extend(people.iter().cloned());
                    unit = unit.or(named_unit);
                }
                several => {
                    let options: Vec<Person> = several.iter().take(MOST_CHOICES).cloned().collect();
                    let choices = self.person_choices(&options);
                    self.say(Reply::AskWhichPerson { name: name.clone(), choices });
                    let rest = rest.into();
                    let ticket = ticket.id;
                    return self.wait_for(Question::WhichPerson {
                        ticket,
                        name,
                        options,
                        chosen,
                        unit,
                        rest,
                        order: order.clone(),
                    });
                }
            }
        }
        let mut people: Vec<Person> = Vec::new();
        for person in chosen {
            if !people.iter().any(|called| called.id == person.id) {
                people.push(person);
            }
        }
        if people.is_empty() {
            return self.ask_words(order.clone(), ticket);
        }
        match order {
            Order::Dispatch { .. } => self.dispatch(ticket, people, unit),
            order => self.with_people(order, ticket, &people, unit),
        }
    }

    /// A ticket that nobody triaged yet is accepted and dispatched in one go.
    fn dispatch(&mut self, ticket: &Ticket, to: Vec<Person>, unit: Option<String>) {
        let Some(by) = self.actor() else { return };
        let order = Order::Dispatch { names: Vec::new() };
        let names = joined(&to);
        let accepted = match ticket.status {
            Status::Submitted { .. } => self.act(ticket, Action::Accept, &by),
            _ => Ok(ticket.clone()),
        };
        let people: Vec<Named> = to.iter().filter_map(|person| self.named(person)).collect();
        let reason = format!("{}选择", by.person().map_or("", |person| &person.name));
        let county = self.view.county;
        let call = call_of(county, &people, unit, &ticket.report.category, reason);
        let action = Action::Dispatch { call };
        match accepted.and_then(|accepted| self.act(&accepted, action, &by)) {
            Ok(after) => {
                let card = self.duty_card(&after);
                self.say(Reply::TicketDispatched { card, names });
            }
            Err(refused) => self.refused(order, ticket, &refused),
        }
    }

    /// What was looked up of a person.
    pub(super) fn named(&self, person: &Person) -> Option<Named> {
        self.view.facts.people.iter().find(|named| named.person.id == person.id).cloned()
    }

    /// People of one name, told apart by where they serve.
    pub(super) fn person_choices(&self, people: &[Person]) -> Vec<Choice> {
        let label = |person: &Person| {
            let found = self.view.facts.people.iter().find(|named| named.person.id == person.id);
            let area = found
                .and_then(|named| named.area.as_deref())
                .and_then(|code| self.view.county.area(&AreaCode::from(code)))
                .map(|area| area.name.clone());
            let unit = found
                .and_then(|named| named.unit.as_deref())
                .map(|code| self.view.county.unit(code).map_or(code, |unit| unit.name.as_str()));
            match unit.map(str::to_owned).or(area) {
                Some(place) => format!("{}（{place}）", person.name),
                None => person.name.clone(),
            }
        };
        people
            .iter()
            .enumerate()
            .map(|(index, person)| Choice { key: index + 1, label: label(person) })
            .collect()
    }

    /// Who could be called: the members nearest to it, and the category's own unit.
    pub(super) fn people_near(&self, ticket: &Ticket) -> Vec<String> {
        let county = self.view.county;
        let unit = county
            .category(&ticket.report.category)
            .and_then(|category| category.unit.as_deref())
            .and_then(|code| county.unit(code))
            .map(|unit| unit.name.clone());
        let neighbours = neighbours(county, ticket).into_iter();
        neighbours.take(MOST_CHOICES - 1).chain(unit).collect()
    }
}
