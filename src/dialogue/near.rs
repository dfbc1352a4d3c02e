//! The same matter, reported by somebody else: offered once before the summary, where what and
//! where are known.
//!
//! Only what everybody may know is shown: the masked gist, the area, the day, whether it is in
//! hand. Never a confidential matter, never one's own, and nothing that is about a person rather
//! than a place. Whoever says yes keeps a ticket of their own, merged by rule; a matter that was
//! just closed becomes a new report that names the old one.
//!
//! Deliberately absent: the search itself. A step finds out while it decides that it wants to know
//! ([`Near`]); the shell looks and lets it decide again.

use super::event::Said;
use super::facts::Near;
use super::reading;
use super::reply::{Beside, Nearby, gist};
use super::report::MOST_CHOICES;
use super::state::{Draft, Question};
use super::turn::Turn;
use crate::county::{AreaCode, Category, County, Level, Point, words};
use crate::ticket::event::Actor;
use crate::ticket::lifecycle::Action;
use crate::ticket::notice::Audience;
use crate::ticket::{Place, Stage, Status, Ticket, TicketId, TicketNumber};
use chrono::{DateTime, TimeDelta, Utc};

/// Categories about people rather than about a place, where two reports are hardly ever one.
const NOT_OF_A_PLACE: [&str; 11] = [
    "errand",
    "volunteer",
    "jobs",
    "policy",
    "hukou",
    "health",
    "dispute",
    "other",
    "conduct",
    "safety",
    "relocation",
];

/// What was closed longer ago is another story.
pub const JUST_CLOSED: TimeDelta = TimeDelta::days(14);

/// Two points further apart are two places.
const SAME_PLACE_KM: f64 = 0.3;

/// Whether two reports of this category at one place may be one matter.
pub fn is_about_a_place(category: &Category) -> bool {
    !category.confidential && !category.auto && !NOT_OF_A_PLACE.contains(&category.code.as_str())
}

/// The village of an area with its grids; none where not even the village is known.
fn village_of(county: &County, area: &str) -> Option<Vec<String>> {
    let path = county.path(&AreaCode::from(area));
    let village = path.iter().rev().find(|area| area.level == Level::Village)?;
    let grids = county.children(&village.code).map(|grid| grid.code.as_str().to_owned());
    Some(std::iter::once(village.code.as_str().to_owned()).chain(grids).collect())
}

/// On which sides of the village it is, as far as the words say: the lamp in the east is not the one
/// in the west.
fn sides(county: &County, place: &Place) -> Vec<char> {
    let Some(text) = &place.text else { return Vec::new() };
    let path = place.area.as_deref().map(|code| county.path(&AreaCode::from(code)));
    // 东关村 lies where it lies.
    let spot = path
        .unwrap_or_default()
        .iter()
        .fold(text.clone(), |spot, area| spot.replace(area.name.as_str(), ""));
    let mut sides: Vec<char> = spot.chars().filter(|c| "东西南北".contains(*c)).collect();
    sides.sort_unstable();
    sides.dedup();
    sides
}

/// The numbers of houses that are named: 3号楼, 12栋.
fn houses(text: &str) -> Vec<String> {
    let mut houses = Vec::new();
    let mut number = String::new();
    for c in text.chars() {
        if c.is_ascii_digit() {
            number.push(c);
        } else {
            if "号栋幢座排".contains(c) && !number.is_empty() {
                houses.push(number.clone());
            }
            number.clear();
        }
    }
    houses.sort_unstable();
    houses.dedup();
    houses
}

/// What both tell must agree; who tells nothing contradicts nothing.
fn may_be_one<T: PartialEq>(one: &[T], other: &[T]) -> bool {
    one.is_empty() || other.is_empty() || one == other
}

/// Handled and waiting for a word, or closed: if it is there again, it is broken again.
fn is_done(ticket: &Ticket) -> bool {
    matches!(ticket.status.stage(), Stage::ResultSubmitted | Stage::AwaitingSignoff | Stage::Closed)
}

/// Somebody works on it, or did until lately.
pub fn is_open_or_fresh(ticket: &Ticket, now: DateTime<Utc>) -> bool {
    match ticket.status.stage() {
        Stage::Closed => ticket.closed_at.is_some_and(|at| now - at <= JUST_CLOSED),
        Stage::Merged | Stage::Withdrawn | Stage::Rejected => false,
        _ => true,
    }
}

/// A matter of a place, as far as it is known: what to look for, and what of it is the same.
#[derive(Debug, Clone, PartialEq)]
pub struct Spot {
    /// Where to look.
    pub near: Near,
    point: Option<Point>,
    sides: Vec<char>,
    houses: Vec<String>,
}

impl Spot {
    /// Of a report; none where another report of that category is hardly ever the same one, or
    /// not even the village is known.
    pub fn of(county: &County, category: &str, place: &Place, text: &str) -> Option<Self> {
        if !county.category(category).is_some_and(is_about_a_place) {
            return None;
        }
        let areas = village_of(county, place.area.as_deref()?)?;
        Some(Self {
            near: Near { category: category.to_owned(), areas },
            point: place.point.map(|point| Point { lat: point.lat, lon: point.lng }),
            sides: sides(county, place),
            houses: houses(text),
        })
    }

    /// Whether a ticket that was found there may be about the same spot.
    pub fn holds(&self, county: &County, ticket: &Ticket) -> bool {
        let report = &ticket.report;
        if let (Some(here), Some(there)) = (self.point, report.place.point) {
            let there = Point { lat: there.lat, lon: there.lng };
            return here.distance_km(there) <= SAME_PLACE_KM;
        }
        may_be_one(&self.sides, &sides(county, &report.place))
            && may_be_one(&self.houses, &houses(&report.text))
    }
}

impl Turn<'_> {
    /// Whether the draft may be what somebody else reported, before it is summed up.
    pub(super) fn near_question(&mut self, draft: &Draft) -> Option<Question> {
        if draft.not_near || draft.urgent {
            return None;
        }
        let category = self.category_of(draft);
        let text = draft.text.get().map_or("", String::as_str);
        let spot = Spot::of(self.view.county, &category, draft.place.get()?, text)?;
        let Some(found) = &self.view.facts.near else {
            self.near = Some(spot.near);
            return None;
        };
        let is_here = |ticket: &&Ticket| spot.holds(self.view.county, ticket);
        let options: Vec<TicketId> = found
            .iter()
            .filter(|ticket| self.may_be_offered(ticket))
            .filter(is_here)
            .take(MOST_CHOICES)
            .map(|ticket| ticket.id)
            .collect();
        (!options.is_empty()).then_some(Question::Near { options })
    }

    fn may_be_offered(&self, ticket: &Ticket) -> bool {
        is_open_or_fresh(ticket, self.view.now)
            && !ticket.report.confidential
            && !self.view.who.is(&ticket.reporter)
    }

    /// The choices, as much as a stranger may read of them.
    pub(super) fn say_near(&mut self, options: &[TicketId]) {
        let nearby = (1..).zip(options).filter_map(|(key, id)| {
            let ticket = self.ticket(*id)?;
            let area = ticket.report.place.area.as_deref().map(AreaCode::from)?;
            Some(Nearby {
                key,
                gist: gist(&words::masked(&ticket.report.text).text),
                place: self.view.county.spoken_path(&area),
                day: super::card::short_day(ticket.submitted_at),
                closed: is_done(&ticket),
                in_hand: ticket.handler.is_some(),
            })
        });
        let nearby = nearby.collect();
        self.say(Beside::AskNear { nearby });
    }

    pub(super) fn answer_near(
        &mut self,
        options: &[TicketId],
        said: &Said,
        key: Option<u8>,
    ) -> bool {
        let in_words = key.is_none();
        let is_only = options.len() == 1;
        if key == Some(0) || in_words && reading::is_no(&said.text) {
            self.is_none_of_these();
            return true;
        }
        let key = key.or_else(|| (is_only && reading::is_yes(&said.text)).then_some(1));
        let Some(index) = key.and_then(|key| usize::from(key).checked_sub(1)) else { return false };
        let Some(id) = options.get(index) else { return false };
        match self.ticket(*id).filter(|ticket| self.may_be_offered(ticket)) {
            Some(known) => self.submit(&said.text, Some(&known)),
            // It was taken back or merged while the question was open.
            None => self.is_none_of_these(),
        }
        true
    }

    /// 0: this draft is not asked about again.
    pub(super) fn is_none_of_these(&mut self) {
        if let Some(draft) = &mut self.state.draft {
            draft.not_near = true;
            draft.touched_at = Some(self.view.now);
        }
        self.wait_for_nothing();
        self.ask_next();
    }

    /// The ticket just submitted is what somebody else reported: handled together, or, where that
    /// one is done already, a new matter that names the old one.
    pub(super) fn join_known(&mut self, ticket: &Ticket, known: &Ticket) -> Option<Ticket> {
        if is_done(known) {
            let text = format!("办结后又出现：{}", known.number);
            self.add_to_notice(Audience::Desk, &text);
            let action = Action::Supplement { text: Some(text), media: Vec::new() };
            let after = self.act(ticket, action, &Actor::Resident).ok()?;
            self.say_as_known(&after, known);
            return Some(after);
        }
        let action = Action::Merge { into: known.number.clone() };
        let after = self.act(ticket, action, &Actor::System).ok()?;
        // The desk has one matter, not two; the resident reads it in the answer.
        self.untell(Audience::Desk);
        self.untell(Audience::Reporter);
        self.say_as_known(&after, known);
        Some(after)
    }

    fn say_as_known(&mut self, after: &Ticket, known: &Ticket) {
        let card = self.card(after);
        let number = known.number.to_string();
        match &after.status {
            Status::Merged { .. } => {
                let handler = known.handler.as_ref().map(|person| person.name.clone());
                // Whoever reported it first, those who joined before, and now this one.
                let waiting = known.course.copies.saturating_add(2);
                self.say(Beside::SameMatter { card, into: number, waiting, handler });
            }
            _ => self.say(Beside::BrokenAgain { card, old: number }),
        }
    }

    /// The same words about a ticket that was merged at once, when the same key comes again.
    pub(super) fn say_merged(&mut self, ticket: &Ticket, into: &TicketNumber) {
        let card = self.card(ticket);
        let into = into.to_string();
        self.say(Beside::SameMatter { card, into, waiting: 0, handler: None });
    }
}
