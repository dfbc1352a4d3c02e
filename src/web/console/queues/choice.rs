//! Which list, what of it, and from where on: the query of a list's address, there and back.

use super::super::{Desk, ticket::names};
use crate::{
    county::{AreaCode, Level},
    storage::{Mark, Page, Wanted},
    ticket::{Channel, Queue, TicketId},
};
use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use url::form_urlencoded::Serializer;

/// Tickets of one page.
pub(super) const PAGE: u64 = 50;

/// What a list's address asks for; whatever makes no sense is not asked for.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub(super) struct Choice {
    pub(super) queue: String,
    pub(super) area: String,
    pub(super) category: String,
    pub(super) channel: String,
    pub(super) unit: String,
    pub(super) month: String,
    pub(super) after: String,
}

impl Choice {
    pub(super) fn queue(&self) -> Option<Queue> {
        Queue::of(&self.queue)
    }

    pub(super) fn wanted(&self) -> Wanted {
        let given = |text: &str| (!text.is_empty()).then(|| text.to_owned());
        Wanted {
            area: given(&self.area),
            category: given(&self.category),
            channel: Channel::ALL.into_iter().find(|channel| channel.code() == self.channel),
            unit: given(&self.unit),
        }
    }

    pub(super) fn page(&self) -> Page {
        Page { after: self.after(), limit: PAGE }
    }

    pub(super) fn after(&self) -> Option<Mark> {
        read(&self.after)
    }

    /// The query that asks for the same again, from its beginning.
    pub(super) fn query(&self, queue: &str) -> String {
        let mut query = Serializer::new(String::new());
        for (name, value) in [
            ("queue", queue),
            ("month", self.month.as_str()),
            ("area", self.area.as_str()),
            ("category", self.category.as_str()),
            ("channel", self.channel.as_str()),
            ("unit", self.unit.as_str()),
        ] {
            if !value.is_empty() {
                query.append_pair(name, value);
            }
        }
        query.finish()
    }
}

/// A place in a list as it stands in an address.
pub(super) fn written(mark: &Mark) -> String {
    let millis = mark.submitted_at.timestamp_millis();
    format!("{}.{millis}.{}", mark.rank, mark.id.0.simple())
}

fn read(text: &str) -> Option<Mark> {
    let mut parts = text.splitn(3, '.');
    let rank = parts.next()?.parse().ok()?;
    let submitted_at: DateTime<Utc> = DateTime::from_timestamp_millis(parts.next()?.parse().ok()?)?;
    let id = TicketId(parts.next()?.parse().ok()?);
    Some(Mark { rank, submitted_at, id })
}

/// What can be chosen from.
#[derive(Serialize)]
pub(super) struct Choices<'a> {
    areas: Vec<Offered<'a>>,
    categories: Vec<Offered<'a>>,
    channels: Vec<Offered<'a>>,
    units: Vec<Offered<'a>>,
}

#[derive(Serialize)]
struct Offered<'a> {
    code: &'a str,
    words: &'a str,
    is_chosen: bool,
}

impl<'a> Choices<'a> {
    pub(super) fn of(desk: &'a Desk, choice: &'a Choice) -> Self {
        let (county, scope) = (&*desk.county, &desk.operator().scope);
        let own = scope.area.as_deref().map(AreaCode::from);
        let options = |all: Vec<(&'a str, &'a str)>, chosen: &'a str| {
            let one = |(code, words)| Offered { code, words, is_chosen: code == chosen };
            let mut options: Vec<Offered<'a>> = all.into_iter().map(one).collect();
            // What a link asked for stays chosen, also where it is too small for the list.
            if !chosen.is_empty() && !options.iter().any(|option| option.is_chosen) {
                let words = county.area(&chosen.into()).map_or(chosen, |area| &area.name);
                options.push(Offered { code: chosen, words, is_chosen: true });
            }
            options
        };
        // Townships for the county's desk, and for a township's desk what lies in it: a list of a
        // thousand villages is none to choose from.
        let is_offered = |code: &AreaCode, level: Level| match &own {
            None => level == Level::Township,
            Some(own) => level <= Level::Village && county.is_within(code, own),
        };
        let areas = county.areas().iter().filter(|area| is_offered(&area.code, area.level));
        let areas = areas.map(|area| (area.code.as_str(), area.name.as_str())).collect();
        let is_theirs =
            |code: &String| scope.categories.is_empty() || scope.categories.contains(code);
        let categories = county.categories().iter().filter(|one| is_theirs(&one.code));
        let categories = categories.map(|one| (one.code.as_str(), one.name.as_str())).collect();
        let channels = Channel::ALL.into_iter().map(|one| (one.code(), names::channel(one)));
        let units = county.units().iter().map(|one| (one.code.as_str(), one.name.as_str()));
        Self {
            areas: options(areas, &choice.area),
            categories: options(categories, &choice.category),
            channels: options(channels.collect(), &choice.channel),
            units: options(units.collect(), &choice.unit),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_place_in_a_list_survives_the_address_and_nonsense_is_the_beginning() {
        let at = DateTime::from_timestamp_millis(1_772_413_200_123).unwrap();
        let mark = Mark { rank: -7, submitted_at: at, id: TicketId(uuid::Uuid::from_u128(9)) };
        assert_eq!(read(&written(&mark)), Some(mark));
        for nonsense in ["", "1", "1.2", "1.2.3", "x.y.z", "1.99999999999999999.00"] {
            assert_eq!(read(nonsense), None, "{nonsense}");
        }
    }

    #[test]
    fn the_query_asks_for_the_same_and_for_nothing_that_was_left_open() {
        let choice = Choice { area: "a&b".to_owned(), unit: "u".to_owned(), ..Choice::default() };
        assert_eq!(choice.query("late"), "queue=late&area=a%26b&unit=u");
    }
}
