//! Reads the sheet `calendar`: holidays, and weekends on which people work. A county may do
//! without it as long as its years are known.
//!
//! Deliberately absent: which years those are.

use super::mistake::{Mistake, Wrong};
use super::sheet::{Column, Sheet};
use crate::calendar::Special;
use chrono::NaiveDate;
use std::collections::{BTreeMap, HashMap};

const DATE: Column = Column::required("date", "日期");
const KIND: Column = Column::required("kind", "类型");
const NAME: Column = Column::optional("name", "名称").short();

/// The columns of the sheet.
pub(super) const COLUMNS: &[Column] = &[DATE, KIND, NAME];

/// No holiday is longer; such a span is a slip in the month.
const LONGEST_HOLIDAY: i64 = 31;

#[derive(Clone, Copy)]
enum Kind {
    Holiday,
    Working,
}

/// Reads all days; a row may speak of several that follow each other.
pub(super) fn read(sheet: &Sheet, mistakes: &mut Vec<Mistake>) -> BTreeMap<NaiveDate, Special> {
    let mut days = BTreeMap::new();
    let mut rows: HashMap<NaiveDate, u64> = HashMap::new();
    for row in sheet.rows() {
        row.required(DATE, mistakes);
        let span = row.days(DATE, LONGEST_HOLIDAY, mistakes);
        let kind = row.word(KIND, read_kind, "放假、补班", mistakes);
        let name = row.optional(NAME);
        // Residents are told why nobody works; that somebody does needs no reason.
        if let (Some(Kind::Holiday), None) = (kind, name) {
            mistakes.push(row.mistake(NAME, Wrong::Empty));
        }
        let Some((from, until)) = span else { continue };
        let special = match kind.unwrap_or(Kind::Holiday) {
            Kind::Holiday => Special::Holiday(name.unwrap_or_default().to_owned()),
            Kind::Working => Special::Working(name.unwrap_or("补班").to_owned()),
        };
        let mut said = None;
        for day in from.iter_days().take_while(|day| *day <= until) {
            let first = *rows.entry(day).or_insert(row.number);
            if first == row.number {
                days.insert(day, special.clone());
            } else {
                said = said.or(Some(Wrong::DaySaidTwice { day, first }));
            }
        }
        // One day is enough to find the row.
        mistakes.extend(said.map(|wrong| row.mistake(DATE, wrong)));
    }
    days
}

fn read_kind(word: &str) -> Option<Kind> {
    Some(match word {
        "放假" | "休息" | "节假日" | "holiday" => Kind::Holiday,
        "补班" | "上班" | "调休上班" | "working" => Kind::Working,
        _ => return None,
    })
}
