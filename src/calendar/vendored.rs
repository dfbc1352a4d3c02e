//! The public holidays and make-up working days that are compiled in.

use super::Special;
use chrono::NaiveDate;
use std::collections::BTreeMap;

/// See `LICENSE-chinese-days`.
const DAYS: &str = include_str!("days.csv");

/// All of them.
pub(super) fn days() -> BTreeMap<NaiveDate, Special> {
    DAYS.lines().skip(1).filter_map(day).collect()
}

fn day(line: &str) -> Option<(NaiveDate, Special)> {
    let (date, rest) = line.split_once(',')?;
    let special = match rest.split_once(',')? {
        ("holiday", name) => Special::Holiday(name.to_owned()),
        ("working", name) => Special::Working(name.to_owned()),
        _ => return None,
    };
    Some((date.parse().ok()?, special))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_line_is_left_out() {
        assert_eq!(days().len(), DAYS.lines().count() - 1);
        assert_eq!(days().len(), 72);
    }
}
