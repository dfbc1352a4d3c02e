//! What can be kept of figures, so that nobody counts a county's tickets anew to show them: what
//! each ticket counts for at a moment ([`Counted`]), and sums of it by area, part and period
//! ([`Sums`]).
//!
//! It promises that sums to which every ticket was added once are the figures of a [`super::Table`]
//! of the same stories, and that taking away what was added leaves nothing behind.
//!
//! Deliberately absent: who keeps them, and one figure that is no sum – whose phone rates often
//! ([`Check::SameDevice`](super::Check)) – for which [`Counted::rated`] says what is needed.

use super::{
    entries::Expected,
    figure::{Figure, Rate},
    story::{Lead, Story},
};
use crate::calendar::date_of;
use crate::ticket::{Channel, Follower, TicketNumber};
use chrono::{DateTime, NaiveDate, Utc};
use sha2::{Digest, Sha256};
use std::{collections::BTreeMap, fmt};

/// What a ticket counts for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Counted {
    /// What people quote.
    pub number: TicketNumber,
    /// The day of its submission in Beijing.
    pub day: NaiveDate,
    /// Codes of the areas it lay in when it was submitted, the county first.
    pub area_path: Vec<String>,
    /// What it is about.
    pub category: String,
    /// By which way it came in.
    pub channel: Channel,
    /// Where it counts.
    pub marks: Vec<Mark>,
    /// The unit whose result its resident graded, and from which phone.
    pub rated: Option<(String, i64)>,
    /// What was expected of its category.
    pub asks: Asks,
    /// When it may count otherwise though nothing happens.
    pub changes_at: Option<DateTime<Utc>>,
}

/// One mark on one side, or both, of one figure.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Mark {
    /// Of which figure.
    pub figure: Figure,
    /// It is in the numerator too.
    pub counts: bool,
    /// Who led when it happened; nobody is a lead without a unit and a tier.
    pub lead: Lead,
}

/// What is expected of one category.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Asks {
    /// A result needs a photo.
    pub photo: bool,
    /// Its time stands still while it is put off.
    pub long: bool,
}

impl Asks {
    /// What is expected of `category`.
    pub fn of(expected: &Expected, category: &str) -> Self {
        Self { photo: expected.photo.contains(category), long: expected.long.contains(category) }
    }

    /// The stored form.
    pub fn code(self) -> &'static str {
        match (self.photo, self.long) {
            (false, false) => "none",
            (true, false) => "photo",
            (false, true) => "long",
            (true, true) => "both",
        }
    }

    /// From the stored form.
    pub fn read(code: &str) -> Option<Self> {
        let all = [(false, false), (true, false), (false, true), (true, true)];
        all.map(|(photo, long)| Self { photo, long }).into_iter().find(|asks| asks.code() == code)
    }
}

impl Counted {
    /// What this story counts for.
    pub fn of(story: &Story, expected: &Expected) -> Self {
        let mut marks = Vec::new();
        let mut rated = None;
        for entry in story.entries(expected) {
            let lead = entry.lead.cloned().unwrap_or_default();
            if entry.figure == Figure::Rate(Rate::Satisfaction)
                && let Some(unit) = &lead.unit
            {
                rated = Some((unit.clone(), phone(&story.subject.reporter)));
            }
            marks.push(Mark { figure: entry.figure, counts: entry.counts, lead });
        }
        Self {
            number: story.subject.number.clone(),
            day: date_of(story.submitted_at),
            area_path: story.area_path.clone(),
            category: story.category.clone(),
            channel: story.subject.channel,
            marks,
            rated,
            asks: Asks::of(expected, &story.category),
            changes_at: story.changes_at(),
        }
    }
}

/// Whose phone it is, in eight bytes: it is compared only.
fn phone(of: &Follower) -> i64 {
    let mut digest = Sha256::new();
    digest.update(of.account.as_bytes());
    digest.update([0]);
    digest.update(of.openid.as_bytes());
    let first = digest.finalize().first_chunk().copied().unwrap_or_default();
    i64::from_be_bytes(first)
}

impl Story {
    /// The next moment at which it may count otherwise though nothing happens: a date comes.
    pub fn changes_at(&self) -> Option<DateTime<Utc>> {
        let accept = self.due_accept.filter(|_| self.answered_at.is_none());
        let sign = self.dispatches.iter().filter_map(|dispatch| dispatch.due_sign);
        let result = self.due.map(|due| due.at);
        accept.into_iter().chain(sign).chain(result).filter(|date| *date > self.at).min()
    }
}

/// A month, or a day, in Beijing.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Period(String);

impl Period {
    /// The month of this day, like `2026-03`.
    pub fn month_of(day: NaiveDate) -> Self {
        Self(day.format("%Y-%m").to_string())
    }

    /// This day, like `2026-03-14`.
    pub fn day(day: NaiveDate) -> Self {
        Self(day.to_string())
    }

    /// As it is stored.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for Period {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// By what a sum is cut.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Slice {
    /// Not at all.
    All,
    /// By the unit that led.
    Unit,
    /// By category.
    Category,
    /// By the way in.
    Channel,
    /// By the level that led.
    Tier,
}

impl Slice {
    /// Every slice.
    pub const ALL: [Self; 5] = [Self::All, Self::Unit, Self::Category, Self::Channel, Self::Tier];

    /// The stored form, which is that of exports.
    pub fn code(self) -> &'static str {
        match self {
            Self::All => "all",
            Self::Unit => "unit",
            Self::Category => "category",
            Self::Channel => "channel",
            Self::Tier => "tier",
        }
    }

    /// From the stored form.
    pub fn read(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|slice| slice.code() == code)
    }
}

/// Of what a sum is.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct SumKey {
    /// The area, with everything below it; empty for everything, also what lies in no area.
    pub area: String,
    /// By what it is cut.
    pub by: Slice,
    /// When its tickets were submitted.
    pub period: Period,
    /// The code of the part; empty for what belongs to none, and where nothing is cut.
    pub part: String,
}

/// So much more, or less, on both sides of a figure.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Change {
    /// Of the numerator.
    pub numerator: i64,
    /// Of the denominator.
    pub denominator: i64,
}

/// Changes of sums.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Sums(BTreeMap<SumKey, BTreeMap<Figure, Change>>);

impl Sums {
    /// A ticket counts for this.
    pub fn add(&mut self, counted: &Counted) {
        self.weigh(counted, 1);
    }

    /// A ticket does not count for this any more.
    pub fn take(&mut self, counted: &Counted) {
        self.weigh(counted, -1);
    }

    /// What changes; a sum that stays as it is is not among it.
    pub fn into_changes(self) -> BTreeMap<SumKey, BTreeMap<Figure, Change>> {
        let mut sums = self.0;
        for figures in sums.values_mut() {
            figures.retain(|_, change| *change != Change::default());
        }
        sums.retain(|_, figures| !figures.is_empty());
        sums
    }

    fn weigh(&mut self, counted: &Counted, weight: i64) {
        for mark in &counted.marks {
            for key in keys(counted, mark) {
                let change = self.0.entry(key).or_default().entry(mark.figure).or_default();
                change.denominator += weight;
                change.numerator += weight * i64::from(mark.counts);
            }
        }
    }
}

/// How deep a township lies: below everything, and the county.
const TOWNSHIP: usize = 2;

/// The sums that a mark is in. Everything, the county and the townships – the first level below it –
/// are cut into parts and days; what lies deeper is so small that its tickets can be looked at.
fn keys(counted: &Counted, mark: &Mark) -> Vec<SumKey> {
    let month = Period::month_of(counted.day);
    let key = |area: &str, by: Slice, period: &Period, part: &str| SumKey {
        area: area.to_owned(),
        by,
        period: period.clone(),
        part: part.to_owned(),
    };
    let mut keys = Vec::new();
    for (depth, area) in
        std::iter::once("").chain(counted.area_path.iter().map(String::as_str)).enumerate()
    {
        keys.push(key(area, Slice::All, &month, ""));
        if depth <= TOWNSHIP {
            let tier = mark.lead.tier.map_or("", |tier| tier.code());
            keys.push(key(area, Slice::All, &Period::day(counted.day), ""));
            keys.push(key(area, Slice::Unit, &month, mark.lead.unit.as_deref().unwrap_or("")));
            keys.push(key(area, Slice::Category, &month, &counted.category));
            keys.push(key(area, Slice::Channel, &month, counted.channel.code()));
            keys.push(key(area, Slice::Tier, &month, tier));
        }
    }
    keys
}
