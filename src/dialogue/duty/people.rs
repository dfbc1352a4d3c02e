//! Whom to call: people and units by name, people of one name, and whom the county suggests.

use super::{MOST_CHOICES, Order, Question, Reply, Spoken, Target, Turn, Wanted};
use crate::county::AreaCode;
use crate::county::route::{self, Suggestion};
use crate::dialogue::calling::{call_of, call_suggested, known_of, matter_of};
use crate::dialogue::facts::{Named, View};
use crate::dialogue::reply::Choice;
use crate::dialogue::{Event, State, order};
use crate::ticket::lifecycle::Action;
use crate::ticket::{Call, Person, Status, Ticket};

/// Between two names in one breath: 张建国和刘芳. A name may hold the word itself, so the whole
/// is looked up too.
const AND: [char; 3] = ['和', '跟', '与'];

/// More than these nobody reads on a phone.
const MOST_PEOPLE: usize = 3;
const MOST_UNITS: usize = 2;

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
            Order::Dispatch { .. } => self.dispatch(ticket, &people, unit),
            order => self.with_people(order, ticket, &people, unit),
        }
    }

    fn dispatch(&mut self, ticket: &Ticket, to: &[Person], unit: Option<String>) {
        let people: Vec<Named> = to.iter().filter_map(|person| self.named(person)).collect();
        let chooser = self.view.who.duty.as_ref().map_or("", |duty| &duty.person.name);
        let reason = format!("{chooser}选择");
        let call = call_of(self.view.county, &people, unit, &ticket.report.category, reason);
        self.send(ticket, call);
    }

    /// A ticket that nobody triaged yet is accepted and dispatched in one go.
    fn send(&mut self, ticket: &Ticket, call: Call) {
        let Some(by) = self.actor() else { return };
        let order = Order::Dispatch { names: Vec::new() };
        if call.to.is_empty() {
            return self.ask_words(order, ticket);
        }
        let names: Vec<&str> = call.to.iter().map(|person| person.name.as_str()).collect();
        let names = names.join("、");
        let accepted = match ticket.status {
            Status::Submitted { .. } => self.act(ticket, Action::Accept, &by),
            _ => Ok(ticket.clone()),
        };
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

    /// Who could be called, the best first, as the desk is shown them: some people, and the units.
    fn suggestions(&self, ticket: &Ticket) -> Vec<Suggestion> {
        let known = known_of(&self.view.facts.people);
        let matter = matter_of(ticket, self.view.now);
        let (mut people, mut units) = (0, 0);
        let mut shown = route::decide(self.view.county, &matter, &known).suggestions;
        shown.retain(|one| {
            let (count, most) = if one.unit.is_some() {
                (&mut units, MOST_UNITS)
            } else {
                (&mut people, MOST_PEOPLE)
            };
            *count += 1;
            *count <= most
        });
        shown
    }

    /// The same in words.
    pub(super) fn people_near(&self, ticket: &Ticket) -> Vec<String> {
        let county = self.view.county;
        let words = |one: Suggestion| {
            let unit = one.unit.as_deref().and_then(|code| county.unit(code));
            match unit {
                Some(unit) => unit.name.clone(),
                None if one.all => format!("网格全员（{}）", one.people.join("、")),
                None => one.people.join("、"),
            }
        };
        self.suggestions(ticket).into_iter().map(words).collect()
    }

    /// Calls whom was suggested in this place, from 1; asks for a name where there is nobody.
    pub(super) fn call_suggested(&mut self, ticket: &Ticket, place: u8) {
        let index = usize::from(place).checked_sub(1);
        let suggested = self.suggestions(ticket);
        let Some(chosen) = index.and_then(|index| suggested.get(index)) else {
            return self.ask_words(Order::Dispatch { names: Vec::new() }, ticket);
        };
        let (county, people) = (self.view.county, &self.view.facts.people);
        let category = &ticket.report.category;
        let call = call_suggested(county, people, chosen, category, chosen.reason.clone());
        self.send(ticket, call);
    }
}

/// The tickets to which an operator's words may call somebody who has to be suggested first.
pub(in crate::dialogue) fn to_be_routed<'a>(
    view: &View<'a>,
    state: &State,
    event: &Event,
) -> Vec<&'a Ticket> {
    let Some(duty) = view.who.duty.as_ref().filter(|duty| duty.is_operator()) else {
        return Vec::new();
    };
    let (Event::Text(text) | Event::Voice { heard: Some(text), .. }) = event else {
        return Vec::new();
    };
    let facts = view.facts;
    let spoken = order::read(text, duty.is_operator(), state.listed.len());
    if let Some(Spoken::Order(Wanted { order, target, .. })) = &spoken {
        if !needs_suggestions(order) {
            return Vec::new();
        }
        return match target {
            Target::Number(_) => facts.number.iter().collect(),
            Target::Listed(_) => facts.tickets.iter().chain(&facts.desk).collect(),
            Target::Unnamed => {
                let focus = facts.tickets.iter().filter(|ticket| state.focus == Some(ticket.id));
                focus.chain(&facts.desk).collect()
            }
        };
    }
    let asked = state.asked.as_ref().map(|asked| &asked.question);
    match asked {
        Some(Question::WhichTask { order, .. }) if needs_suggestions(order) => {
            facts.tickets.iter().chain(&facts.desk).collect()
        }
        _ => Vec::new(),
    }
}

fn needs_suggestions(order: &Order) -> bool {
    match order {
        Order::Accept | Order::Suggested { .. } => true,
        Order::Dispatch { names } => names.is_empty(),
        _ => false,
    }
}
