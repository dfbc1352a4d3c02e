//! Entries added up. What is kept grows with the figures and with the phones that rated, not with
//! the tickets, unless their numbers are asked for.

use super::{
    entries::{Entry, Expected},
    figure::{Check, Figure, Fraction, Rate},
    kept::Change,
    story::Story,
};
use crate::ticket::{Follower, TicketNumber};
use std::{
    collections::BTreeMap,
    hash::{DefaultHasher, Hash, Hasher},
    ops::AddAssign,
};

/// One phone may rate so many tickets of one unit before it is looked at.
const RATED_BY_ONE: u64 = 5;

/// Figures of a set of tickets.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Tally {
    lists: bool,
    fractions: BTreeMap<Figure, Fraction>,
    /// By unit and phone: how many of the unit's tickets it rated.
    raters: BTreeMap<(String, u64), Rated>,
}

#[derive(Debug, Clone, PartialEq, Eq, Default)]
struct Rated {
    count: u64,
    tickets: Vec<TicketNumber>,
}

impl Tally {
    /// Of nothing yet; with the numbers of the tickets, or without.
    pub fn new(lists: bool) -> Self {
        Self { lists, ..Self::default() }
    }

    /// Of figures that were added up before; who rated often is not among them.
    pub fn of(fractions: impl IntoIterator<Item = (Figure, Fraction)>) -> Self {
        Self { fractions: fractions.into_iter().collect(), ..Self::default() }
    }

    /// Of changes from nothing on.
    pub fn of_changes(changes: BTreeMap<Figure, Change>) -> Self {
        let side = |side: i64| u64::try_from(side).unwrap_or(0);
        Self::of(changes.into_iter().map(|(figure, change)| {
            let (numerator, denominator) = (side(change.numerator), side(change.denominator));
            (figure, Fraction { numerator, denominator, ..Fraction::default() })
        }))
    }

    /// Adds all that one ticket counts for.
    pub fn add(&mut self, story: &Story, expected: &Expected) {
        for entry in story.entries(expected) {
            self.add_entry(story, &entry);
        }
    }

    /// Adds one thing that it counts for.
    pub fn add_entry(&mut self, story: &Story, entry: &Entry<'_>) {
        let number = &story.subject.number;
        let fraction = self.fractions.entry(entry.figure).or_default();
        fraction.denominator += 1;
        fraction.numerator += u64::from(entry.counts);
        if self.lists {
            fraction.tickets.denominator.push(number.clone());
            if entry.counts {
                fraction.tickets.numerator.push(number.clone());
            }
        }
        if entry.figure == Figure::Rate(Rate::Satisfaction)
            && let Some(unit) = entry.lead.and_then(|lead| lead.unit.clone())
        {
            let rated = self.raters.entry((unit, phone(&story.subject.reporter))).or_default();
            rated.count += 1;
            if self.lists {
                rated.tickets.push(number.clone());
            }
        }
    }

    /// One figure.
    pub fn get(&self, figure: Figure) -> Fraction {
        if figure == Figure::Check(Check::SameDevice) {
            return self.same_device();
        }
        self.fractions.get(&figure).cloned().unwrap_or_default()
    }

    /// One rate.
    pub fn rate(&self, rate: Rate) -> Fraction {
        self.get(Figure::Rate(rate))
    }

    fn same_device(&self) -> Fraction {
        let mut fraction = Fraction::default();
        for rated in self.raters.values() {
            fraction.denominator += rated.count;
            fraction.tickets.denominator.extend(rated.tickets.iter().cloned());
            if rated.count > RATED_BY_ONE {
                fraction.numerator += rated.count;
                fraction.tickets.numerator.extend(rated.tickets.iter().cloned());
            }
        }
        fraction
    }
}

/// Whose phone it is, in eight bytes: it is compared only, and two that look alike among a
/// county's would be found by looking at the tickets.
fn phone(of: &Follower) -> u64 {
    let mut hasher = DefaultHasher::new();
    of.hash(&mut hasher);
    hasher.finish()
}

impl AddAssign for Tally {
    fn add_assign(&mut self, other: Self) {
        self.lists |= other.lists;
        for (figure, fraction) in other.fractions {
            *self.fractions.entry(figure).or_default() += fraction;
        }
        for (key, rated) in other.raters {
            let known = self.raters.entry(key).or_default();
            known.count += rated.count;
            known.tickets.extend(rated.tickets);
        }
    }
}

#[cfg(test)]
impl Tally {
    /// Everything but who rated often, which is not a sum of parts.
    pub(super) fn without_raters(&self) -> Self {
        Self { raters: BTreeMap::new(), ..self.clone() }
    }
}
