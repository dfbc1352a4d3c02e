//! A tally of everything, and one for each part of it.

use super::{
    entries::{Entry, Expected},
    story::Story,
    tally::Tally,
};
use crate::calendar::date_of;
use std::collections::BTreeMap;

/// What the parts are.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum By {
    /// Areas, each with everything below it.
    Area,
    /// Units that led.
    Unit,
    /// Categories.
    Category,
    /// Ways in.
    Channel,
    /// Levels that led.
    Tier,
    /// Days of submission in Beijing.
    Day,
}

impl By {
    /// The code in exports.
    pub fn code(self) -> &'static str {
        match self {
            Self::Area => "area",
            Self::Unit => "unit",
            Self::Category => "category",
            Self::Channel => "channel",
            Self::Tier => "tier",
            Self::Day => "day",
        }
    }
}

/// Figures of a set of tickets and of its parts.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Table {
    by: Option<By>,
    lists: bool,
    total: Tally,
    parts: BTreeMap<Option<String>, Tally>,
}

impl Table {
    /// Of nothing yet; with the numbers of the tickets, or without.
    pub fn new(by: Option<By>, lists: bool) -> Self {
        Self { by, lists, total: Tally::new(lists), parts: BTreeMap::new() }
    }

    /// Adds one ticket.
    pub fn add(&mut self, story: &Story, expected: &Expected) {
        for entry in story.entries(expected) {
            self.total.add_entry(story, &entry);
            if let Some(by) = self.by {
                for key in keys(by, story, &entry) {
                    let part = self.parts.entry(key).or_insert_with(|| Tally::new(self.lists));
                    part.add_entry(story, &entry);
                }
            }
        }
    }

    /// Everything.
    pub fn total(&self) -> &Tally {
        &self.total
    }

    /// The parts by their codes; none is what belongs to no unit, no area, …
    pub fn parts(&self) -> &BTreeMap<Option<String>, Tally> {
        &self.parts
    }

    /// The part of this code.
    pub fn part(&self, code: &str) -> Option<&Tally> {
        self.parts.get(&Some(code.to_owned()))
    }
}

/// The parts that an entry belongs to: one, or for areas all that the ticket lay in.
fn keys(by: By, story: &Story, entry: &Entry<'_>) -> Vec<Option<String>> {
    let one = match by {
        By::Area if !story.area_path.is_empty() => {
            return story.area_path.iter().cloned().map(Some).collect();
        }
        By::Area => None,
        By::Unit => entry.lead.and_then(|lead| lead.unit.clone()),
        By::Category => Some(story.category.clone()),
        By::Channel => Some(story.subject.channel.code().to_owned()),
        By::Tier => entry.lead.and_then(|lead| lead.tier).map(|tier| tier.code().to_owned()),
        By::Day => Some(date_of(story.submitted_at).to_string()),
    };
    vec![one]
}
