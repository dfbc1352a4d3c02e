//! Ticket numbers: what people quote, also over the telephone.
//!
//! `LX`, the day in Beijing, six random digits. Random, so that nobody counts a county's
//! tickets; digits only after `LX`, because they are read aloud. A collision shows as a
//! duplicate when the ticket is stored, and the push is decided again with a fresh draw.

use crate::calendar;
use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use std::fmt;
use uuid::Uuid;

/// `LX` and twelve digits.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
pub struct TicketNumber(String);

impl TicketNumber {
    /// The number of a ticket that is submitted `now`; `fresh` is the only randomness.
    pub fn draw(now: DateTime<Utc>, fresh: Uuid) -> Self {
        let digits = fresh.as_u128() % 1_000_000;
        Self(format!("LX{}{digits:06}", calendar::in_beijing(now).format("%y%m%d")))
    }

    /// Reads a number, also in lower case, with blanks, or inside a sentence.
    pub fn find(text: &str) -> Option<Self> {
        let squeezed: String = text.chars().filter(|c| !c.is_whitespace()).collect();
        let upper = squeezed.to_uppercase();
        upper.match_indices("LX").find_map(|(at, _)| {
            let digits: String =
                upper.get(at + 2..)?.chars().take_while(char::is_ascii_digit).collect();
            (digits.len() == 12).then(|| Self(format!("LX{digits}")))
        })
    }

    /// As people read it.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for TicketNumber {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_day_in_a_number_is_beijings() {
        let late = DateTime::parse_from_rfc3339("2026-11-21T16:30:00Z").unwrap().to_utc();
        let number = TicketNumber::draw(late, Uuid::from_u128(42));
        assert_eq!(number.as_str(), "LX261122000042");
    }

    #[test]
    fn a_number_is_found_as_people_write_it() {
        let wanted = TicketNumber("LX261122482173".into());
        for text in
            ["LX261122482173", "lx261122482173", "查 LX 261122 482173 到哪了", "LX261122482173。"]
        {
            assert_eq!(TicketNumber::find(text), Some(wanted.clone()), "{text}");
        }
        for text in ["LX1234", "LX2611224821734", "261122482173", "LXLX"] {
            assert_eq!(TicketNumber::find(text), None, "{text}");
        }
    }
}
