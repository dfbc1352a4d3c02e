//! Between what a ticket counts for and its row, sums and theirs.
//!
//! `entries` has a group for each lead: `@UNIT/TIER` and then the codes of figures, each with `+`
//! where it is in the numerator too. A bit in `counted` and `counting` stands for each figure, so
//! that the tickets behind a number are found in an index; its place is [`BITS`] and never changes.

use super::{StorageError, codec::Row};
use crate::{
    rates::{Asks, Change, Counted, Figure, Fraction, Lead, Mark, Tally},
    ticket::{TicketId, TicketNumber, Tier},
};
use entities::figure_ticket as row;
use std::{
    collections::{BTreeMap, BTreeSet, HashMap},
    fmt::Write,
    sync::LazyLock,
};

/// The figures by their bit. Only ever appended to.
const BITS: [&str; 37] = [
    "acceptance",
    "response",
    "signing",
    "completion",
    "completion_due",
    "on_time",
    "on_time_first",
    "on_time_raw",
    "solved",
    "satisfaction",
    "satisfaction_first",
    "participation",
    "signoff",
    "redo",
    "return_upheld",
    "return_overruled",
    "received",
    "accepted",
    "completed",
    "satisfied",
    "rejected",
    "merged",
    "withdrawn_early",
    "grid",
    "village",
    "community",
    "township",
    "county",
    "township_or_below",
    "closed_near_due",
    "without_photo",
    "same_device",
    "rated_by_staff",
    "rated_by_member",
    "closed_unsigned",
    "late_extension",
    "withdrawn_after_dispatch",
];

/// The figures by their codes: a page reads thousands of them.
static CODES: LazyLock<HashMap<&str, Figure>> =
    LazyLock::new(|| Figure::all().map(|figure| (figure.code(), figure)).collect());

/// The bit of a figure.
pub(super) fn bit(figure: Figure) -> i64 {
    let code = figure.code();
    BITS.iter().position(|known| *known == code).map_or(0, |at| 1 << at)
}

/// The row of what a ticket counted for in this version.
pub(super) fn row_of(id: TicketId, version: i64, counted: &Counted) -> row::Model {
    let mut groups: BTreeMap<(Option<&str>, Option<Tier>), String> = BTreeMap::new();
    let mut units = BTreeSet::new();
    let (mut whole, mut part) = (0, 0);
    for mark in &counted.marks {
        let unit = mark.lead.unit.as_deref();
        let group = groups.entry((unit, mark.lead.tier)).or_default();
        group.push(' ');
        group.push_str(mark.figure.code());
        whole |= bit(mark.figure);
        if mark.counts {
            group.push('+');
            part |= bit(mark.figure);
        }
        units.extend(unit);
    }
    let mut entries = String::new();
    for ((unit, tier), codes) in groups {
        let blank = if entries.is_empty() { "" } else { " " };
        let tier = tier.map_or("", Tier::code);
        // Writing to a string does not fail.
        let _ = write!(entries, "{blank}@{}/{tier}{codes}", unit.unwrap_or(""));
    }
    let (rated_unit, rated_by) = counted.rated.clone().unzip();
    row::Model {
        ticket_id: id.0,
        version,
        number: counted.number.as_str().to_owned(),
        day: counted.day.to_string(),
        area: counted.area_path.last().cloned(),
        area_path: slashed(&counted.area_path),
        category: counted.category.clone(),
        channel: counted.channel.code().to_owned(),
        entries,
        counted: whole,
        counting: part,
        units: slashed(&units),
        rated_unit,
        rated_by,
        asks: counted.asks.code().to_owned(),
        recount_at: counted.changes_at,
    }
}

/// `/code/code/`; nothing where there is none.
fn slashed<'a>(codes: impl IntoIterator<Item = &'a (impl AsRef<str> + 'a)>) -> String {
    let mut text = String::new();
    for code in codes {
        text.push('/');
        text.push_str(code.as_ref());
    }
    if !text.is_empty() {
        text.push('/');
    }
    text
}

/// What the row says.
pub(super) fn counted(m: row::Model) -> Result<Counted, StorageError> {
    let name = Row::of("figure_ticket", &m.ticket_id);
    let number = TicketNumber::find(&m.number)
        .filter(|number| number.as_str() == m.number)
        .ok_or_else(|| name.odd("`number` is not a ticket number"))?;
    let day = m.day.parse().map_err(|_| name.odd("`day` is no day"))?;
    let asks = Asks::read(&m.asks).ok_or_else(|| name.odd("`asks` is none that is known"))?;
    let path = m.area_path.split('/').filter(|area| !area.is_empty());
    Ok(Counted {
        number,
        day,
        area_path: path.map(str::to_owned).collect(),
        category: m.category,
        channel: name.code("channel", m.channel)?,
        marks: marks(&name, &m.entries)?,
        rated: name.pair("`rated_unit`, `rated_by`", (m.rated_unit, m.rated_by))?,
        asks,
        changes_at: m.recount_at,
    })
}

/// The marks of a row's `entries`.
fn marks(name: &Row, entries: &str) -> Result<Vec<Mark>, StorageError> {
    let mut lead = Lead::default();
    let mut marks = Vec::new();
    for word in entries.split(' ').filter(|word| !word.is_empty()) {
        if let Some((unit, tier)) = word.strip_prefix('@').and_then(|lead| lead.rsplit_once('/')) {
            let unit = (!unit.is_empty()).then(|| unit.to_owned());
            let known = Tier::ALL.into_iter().find(|known| known.code() == tier);
            if known.is_none() && !tier.is_empty() {
                return Err(name.odd("`entries` has a tier that is not known"));
            }
            lead = Lead { unit, tier: known };
            continue;
        }
        let (code, counts) = word.strip_suffix('+').map_or((word, false), |code| (code, true));
        let figure =
            Figure::of(code).ok_or_else(|| name.odd("`entries` has a figure that is not known"))?;
        marks.push(Mark { figure, counts, lead: lead.clone() });
    }
    Ok(marks)
}

/// The figures of a sum, as they are stored: `on_time=8/10 received=12/12`.
pub(super) type Kept = BTreeMap<Figure, (u64, u64)>;

/// Reads the figures of a sum.
pub(super) fn kept(name: &Row, figures: &str) -> Result<Kept, StorageError> {
    let one = |word: &str| {
        let (code, sides) = word.split_once('=')?;
        let (numerator, denominator) = sides.split_once('/')?;
        Some((CODES.get(code).copied()?, (numerator.parse().ok()?, denominator.parse().ok()?)))
    };
    let words = figures.split(' ').filter(|word| !word.is_empty());
    words.map(one).collect::<Option<_>>().ok_or_else(|| name.odd("`figures` cannot be read"))
}

/// Adds changes to the figures of a sum. What was counted once is taken away once, so nothing
/// falls below nothing unless somebody wrote into the tables by hand; then it stays at nothing.
pub(super) fn change(kept: &mut Kept, changes: &BTreeMap<Figure, Change>) {
    for (figure, change) in changes {
        let (numerator, denominator) = kept.entry(*figure).or_default();
        *numerator = numerator.saturating_add_signed(change.numerator);
        *denominator = denominator.saturating_add_signed(change.denominator);
    }
    kept.retain(|_, sides| *sides != (0, 0));
}

/// The stored form of the figures of a sum.
pub(super) fn shown(kept: &Kept) -> String {
    let mut text = String::new();
    for (figure, (numerator, denominator)) in kept {
        let blank = if text.is_empty() { "" } else { " " };
        // Writing to a string does not fail.
        let _ = write!(text, "{blank}{}={numerator}/{denominator}", figure.code());
    }
    text
}

/// The figures of a sum, to be looked at.
pub(super) fn tally(kept: Kept) -> Tally {
    let fraction = |(figure, (numerator, denominator))| {
        (figure, Fraction { numerator, denominator, ..Fraction::default() })
    };
    Tally::of(kept.into_iter().map(fraction))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_figure_has_a_code_and_a_bit_of_its_own() {
        let figures: Vec<Figure> = Figure::all().collect();
        let bits: BTreeSet<i64> = figures.iter().map(|figure| bit(*figure)).collect();
        assert_eq!(bits.len(), figures.len());
        assert!(!bits.contains(&0), "a figure has no bit");
        assert!(figures.iter().all(|figure| Figure::of(figure.code()) == Some(*figure)));
    }

    #[test]
    fn a_sum_survives_its_stored_form_and_nothing_is_left_of_what_was_taken_away() {
        let name = Row::of("figure_sum", &"x");
        let [first, second] = [Figure::all().next().unwrap(), Figure::all().last().unwrap()];
        let more = BTreeMap::from([
            (first, Change { numerator: 1, denominator: 2 }),
            (second, Change { numerator: 3, denominator: 3 }),
        ]);
        let mut sum = Kept::new();
        change(&mut sum, &more);
        assert_eq!(kept(&name, &shown(&sum)).unwrap(), sum);
        let less = more.into_iter().map(|(figure, Change { numerator, denominator })| {
            (figure, Change { numerator: -numerator, denominator: -denominator })
        });
        change(&mut sum, &less.collect());
        assert_eq!(shown(&sum), "");
        for spoiled in ["on_time", "on_time=1", "on_time=1/x", "nothing=1/2", "on_time=-1/2"] {
            assert!(kept(&name, spoiled).is_err(), "{spoiled}");
        }
    }
}
