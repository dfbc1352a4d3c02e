//! What a script asks about tickets and rates: `? …`. Pure.

use super::acts::Which;
use crate::rates::{Percent, Rate};
use chrono::NaiveDate;

/// Something that has to be so.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Ask {
    /// So many tickets were submitted.
    Tickets(usize),
    /// A ticket is as told.
    Ticket { ticket: Which, facts: Vec<Fact> },
    /// A rate has this value.
    Rate(RateAsk),
}

/// A rate, and of which tickets.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct RateAsk {
    /// Which.
    pub(super) rate: Rate,
    /// How much it is; none where there is nothing to have a share of.
    pub(super) value: Option<Percent>,
    /// Submitted from the first of these days to the second one, both included.
    pub(super) days: Option<(NaiveDate, NaiveDate)>,
    /// Whose.
    pub(super) whose: Whose,
}

/// Whose rate it is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Whose {
    /// The county's.
    Everybody,
    /// Of the tickets that lay in this area.
    Area(String),
    /// Of what the unit of this name led.
    Unit(String),
}

/// One thing about a ticket.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Fact {
    /// `key=value`
    Is(Key, String),
    /// `place~TEXT`
    PlaceHas(String),
    /// `text~TEXT`
    TextHas(String),
}

/// What is asked for by name.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Key {
    Status,
    Category,
    Area,
    Unit,
    Handler,
    Rating,
    Outcome,
    Round,
    Channel,
    Urgent,
    Confidential,
    Photos,
    /// Until when there has to be a result.
    Due,
    /// There was, or is, no result by then.
    Late,
    /// How it shines on the board.
    Lamp,
    /// Open parts of others.
    Helpers,
    Extensions,
    Supervised,
    Escalations,
    /// How it came into the latest handler's hands.
    Signed,
    /// How it was closed.
    Kind,
    /// Others that are handled with it.
    Copies,
}

/// What stands behind `? `.
pub(super) fn parse(text: &str) -> Result<Ask, String> {
    let mut words = text.split(' ').filter(|word| !word.is_empty());
    match words.next() {
        Some("tickets") => {
            let count = words.next().and_then(|count| count.parse().ok());
            match (count, words.next()) {
                (Some(count), None) => Ok(Ask::Tickets(count)),
                _ => Err("tickets are counted: ? tickets 1".to_owned()),
            }
        }
        Some("rate") => rate(&words.collect::<Vec<_>>()),
        Some(ticket) => {
            let ticket = Which::parse(ticket)?;
            let facts: Vec<Fact> = words.map(fact).collect::<Result<_, _>>()?;
            if facts.is_empty() {
                return Err("nothing is asked about the ticket".to_owned());
            }
            Ok(Ask::Ticket { ticket, facts })
        }
        None => Err("nothing is asked".to_owned()),
    }
}

fn fact(word: &str) -> Result<Fact, String> {
    let at = word.find(['=', '~']);
    let parts = at.and_then(|at| word.split_at_checked(at));
    let Some((name, value)) = parts else {
        return Err(format!("“{word}” is neither key=value nor place~TEXT nor text~TEXT"));
    };
    let (is_equal, value) = (value.starts_with('='), value.get(1..).unwrap_or_default().to_owned());
    if value.is_empty() {
        return Err(format!("nothing stands behind “{word}”; none is written -"));
    }
    match (name, is_equal) {
        ("place", false) => Ok(Fact::PlaceHas(value)),
        ("text", false) => Ok(Fact::TextHas(value)),
        (name, true) => Key::read(name)
            .map(|key| Fact::Is(key, value))
            .ok_or_else(|| format!("a ticket has no “{name}” to ask for")),
        (name, false) => Err(format!("only place and text are searched, not “{name}”")),
    }
}

/// The keys as scripts write them.
const KEYS: [(&str, Key); 22] = [
    ("status", Key::Status),
    ("category", Key::Category),
    ("area", Key::Area),
    ("unit", Key::Unit),
    ("handler", Key::Handler),
    ("rating", Key::Rating),
    ("outcome", Key::Outcome),
    ("round", Key::Round),
    ("channel", Key::Channel),
    ("urgent", Key::Urgent),
    ("confidential", Key::Confidential),
    ("photos", Key::Photos),
    ("due", Key::Due),
    ("late", Key::Late),
    ("lamp", Key::Lamp),
    ("helpers", Key::Helpers),
    ("extensions", Key::Extensions),
    ("supervised", Key::Supervised),
    ("escalations", Key::Escalations),
    ("signed", Key::Signed),
    ("kind", Key::Kind),
    ("copies", Key::Copies),
];

impl Key {
    fn read(name: &str) -> Option<Self> {
        KEYS.iter().find(|(known, _)| *known == name).map(|(_, key)| *key)
    }

    /// As scripts write it.
    pub(super) fn name(self) -> &'static str {
        KEYS.iter().find(|(_, key)| *key == self).map_or("", |(name, _)| name)
    }
}

fn rate(words: &[&str]) -> Result<Ask, String> {
    let day = |text: &str| NaiveDate::parse_from_str(text, "%Y-%m-%d").ok();
    let whose = |rest: &[&str]| match rest {
        [] => Some(Whose::Everybody),
        ["area", code] => Some(Whose::Area((*code).to_owned())),
        ["unit", name] => Some(Whose::Unit((*name).to_owned())),
        _ => None,
    };
    let unclear = "a rate is asked for so: ? rate completion 75.0 from 2026-03-01 to 2026-03-31 \
                   area 130699";
    let [code, value, rest @ ..] = words else { return Err(unclear.to_owned()) };
    let rate = Rate::of(code).ok_or_else(|| format!("there is no rate “{code}”"))?;
    let value = match *value {
        "-" | "—" => None,
        value => Some(Percent::read(value).ok_or(unclear)?),
    };
    let (days, rest) = match rest {
        ["from", from, "to", to, rest @ ..] => (Some(day(from).zip(day(to)).ok_or(unclear)?), rest),
        rest => (None, rest),
    };
    let whose = whose(rest).ok_or(unclear)?;
    Ok(Ask::Rate(RateAsk { rate, value, days, whose }))
}
