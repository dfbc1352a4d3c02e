//! Takes an `.xlsx` file apart into cells of text.
//!
//! It promises what a clerk sees: a code or a phone typed as a number keeps its digits, a day is
//! `2026-03-02`, a time `22:00`, a box that is ticked 是; a formula counts by what it last came to,
//! and a hidden sheet counts. And it promises to refuse in words, never to panic, whatever the
//! bytes are.
//!
//! Deliberately absent: which sheets and columns a county has, which is [`super`].

use super::{Found, MOST_CHARACTERS, MOST_COLUMNS, MOST_ROWS, MOST_SHEETS, MOST_TEXT, clean};
use super::{MOST_UNPACKED, unpack};
use crate::county::{Cells, Spoiled};
use calamine::{DataRef, ExcelDateTime, Reader, Xlsx, XlsxError};
use std::{
    collections::BTreeMap,
    io::Cursor,
    panic::{AssertUnwindSafe, catch_unwind},
};

/// A number of sixteen digits is not kept: its last ones are made up.
const FIRST_LOST: f64 = 1e15;
const MINUTES_A_DAY: f64 = 1440.0;

type Workbook = Xlsx<Cursor<Vec<u8>>>;

/// One sheet of a file.
pub(super) struct Sheet {
    pub(super) name: String,
    pub(super) found: Result<Found, Spoiled>,
}

/// All sheets of a workbook.
pub(super) fn sheets(packed: &[u8]) -> Result<Vec<Sheet>, Spoiled> {
    let plain = unpack::unpacked(packed, MOST_UNPACKED)?;
    // The reader counts without looking in places, and a checked build stops where it miscounts.
    catch_unwind(AssertUnwindSafe(|| all(plain))).unwrap_or(Err(Spoiled::NotAWorkbook))
}

fn all(plain: Vec<u8>) -> Result<Vec<Sheet>, Spoiled> {
    let mut workbook = Workbook::new(Cursor::new(plain))
        .map_err(|error| spoiled(&error, Spoiled::NotAWorkbook))?;
    let names = workbook.sheet_names();
    if names.len() > MOST_SHEETS {
        return Err(Spoiled::TooManySheets { most: MOST_SHEETS });
    }
    let mut characters_left = MOST_TEXT;
    let mut sheets = Vec::with_capacity(names.len());
    for name in names {
        let found = sheet(&mut workbook, &name, &mut characters_left);
        sheets.push(Sheet { name, found });
    }
    Ok(sheets)
}

fn spoiled(error: &XlsxError, otherwise: Spoiled) -> Spoiled {
    if matches!(error, XlsxError::Password) { Spoiled::Encrypted } else { otherwise }
}

fn sheet(
    workbook: &mut Workbook,
    name: &str,
    characters_left: &mut usize,
) -> Result<Found, Spoiled> {
    let is_1904 = workbook.has_1904_epoch();
    let mut rows: BTreeMap<u64, Vec<String>> = BTreeMap::new();
    let mut odd = Vec::new();
    let mut reader = workbook.worksheet_cells_reader(name).map_err(|_| Spoiled::BadSheet)?;
    while let Some(cell) = reader.next_cell().map_err(|_| Spoiled::BadSheet)? {
        let (row, column) = cell.get_position();
        let number = u64::from(row) + 1;
        let column = usize::try_from(column).unwrap_or(usize::MAX);
        let (text, wrong) = text_of(cell.get_value(), is_1904);
        if text.is_empty() {
            continue;
        }
        if number > MOST_ROWS {
            return Err(Spoiled::TooManyRows { most: MOST_ROWS });
        }
        if column >= MOST_COLUMNS {
            return Err(Spoiled::TooManyColumns { most: MOST_COLUMNS });
        }
        *characters_left = characters_left.checked_sub(text.len()).ok_or(Spoiled::TooBig)?;
        odd.extend(wrong.map(|wrong| (number, column, wrong)));
        let cells = rows.entry(number).or_default();
        cells.resize(cells.len().max(column + 1), String::new());
        if let Some(place) = cells.get_mut(column) {
            *place = text;
        }
    }
    drop(reader);
    let merged = workbook.merge_cells_by_sheet_name(name).map_err(|_| Spoiled::BadSheet)?;
    let merged =
        merged.iter().map(|range| format!("{}:{}", address(range.start), address(range.end)));
    Ok(Found { cells: Cells::from_iter(rows), merged: merged.collect(), odd })
}

/// What a cell says, and what is wrong with saying it so.
fn text_of(value: &DataRef<'_>, is_1904: bool) -> (String, Option<Spoiled>) {
    let text = match value {
        DataRef::Empty => String::new(),
        DataRef::String(text) => clean(text),
        DataRef::SharedString(text) => clean(text),
        DataRef::Bool(yes) => if *yes { "是" } else { "否" }.to_owned(),
        DataRef::Int(number) => number.to_string(),
        DataRef::Float(number) => decimal(*number),
        DataRef::DateTime(moment) => moment_text(moment, is_1904),
        DataRef::DateTimeIso(text) | DataRef::DurationIso(text) => iso_text(text),
        DataRef::Error(error) => error.to_string(),
    };
    let wrong = match value {
        DataRef::Error(_) => Some(Spoiled::ErrorCell(text.clone())),
        DataRef::Float(number) if number.abs() >= FIRST_LOST => {
            Some(Spoiled::LostDigits(text.clone()))
        }
        _ if text.chars().nth(MOST_CHARACTERS).is_some() => Some(Spoiled::LongCell),
        _ => None,
    };
    (text, wrong)
}

/// Digits as a spreadsheet shows them: fifteen count, and none is an exponent.
fn decimal(number: f64) -> String {
    let shown = format!("{number:.14e}").parse().unwrap_or(number);
    // There is no minus nought.
    if shown == 0.0 { "0".to_owned() } else { shown.to_string() }
}

/// `2026-03-02`, `22:00`, or both.
fn moment_text(moment: &ExcelDateTime, is_1904: bool) -> String {
    let minutes = (moment.as_f64() * MINUTES_A_DAY).round();
    let (days, within) = (minutes.div_euclid(MINUTES_A_DAY), minutes.rem_euclid(MINUTES_A_DAY));
    let time = |minutes: f64| format!("{:02}:{:02}", (minutes / 60.0).floor(), minutes % 60.0);
    if moment.is_duration() {
        return time(minutes.max(0.0));
    }
    if days < 1.0 {
        return time(within);
    }
    let midnight = ExcelDateTime::new(days, calamine::ExcelDateTimeType::DateTime, is_1904);
    let (year, month, day, ..) = midnight.to_ymd_hms_milli();
    let date = format!("{year:04}-{month:02}-{day:02}");
    if within > 0.0 { format!("{date} {}", time(within)) } else { date }
}

/// `2026-03-02T00:00:00` is the day.
fn iso_text(text: &str) -> String {
    let text = clean(text);
    match text.split_once('T') {
        Some((date, time)) if time.trim_end_matches('Z').chars().all(|c| "0:.".contains(c)) => {
            date.to_owned()
        }
        _ => text,
    }
}

/// `B3`, from numbers that begin with nought.
fn address((row, column): (u32, u32)) -> String {
    let mut letters = Vec::new();
    let mut left = u64::from(column) + 1;
    while left > 0 {
        letters.push(char::from(b'A' + u8::try_from((left - 1) % 26).unwrap_or(0)));
        left = (left - 1) / 26;
    }
    let letters: String = letters.into_iter().rev().collect();
    format!("{letters}{}", u64::from(row) + 1)
}

#[cfg(test)]
mod tests {
    use super::*;
    use calamine::ExcelDateTimeType;

    fn shown(value: &DataRef<'_>) -> String {
        text_of(value, false).0
    }

    #[test]
    fn a_number_keeps_the_digits_that_a_spreadsheet_shows() {
        for (number, text) in [
            (130_699.0, "130699"),
            (130_699_201_201_001.0, "130699201201001"),
            (13_800_000_000.0, "13800000000"),
            (38.9912, "38.9912"),
            (116.103_4, "116.1034"),
            (0.1 + 0.2, "0.3"),
            (-0.0, "0"),
            (0.000_001, "0.000001"),
        ] {
            assert_eq!(shown(&DataRef::Float(number)), text);
        }
        let (text, wrong) = text_of(&DataRef::Float(1_306_992_012_010_012.0), false);
        assert_eq!(wrong, Some(Spoiled::LostDigits(text)));
    }

    #[test]
    fn days_and_times_read_as_people_write_them() {
        let moment = |value| {
            DataRef::DateTime(ExcelDateTime::new(value, ExcelDateTimeType::DateTime, false))
        };
        assert_eq!(shown(&moment(46_083.0)), "2026-03-02");
        assert_eq!(shown(&moment(22.0 / 24.0)), "22:00");
        // A third of a day is no number that a machine can hold.
        assert_eq!(shown(&moment(46_083.0 + 1.0 / 3.0)), "2026-03-02 08:00");
        assert_eq!(shown(&moment(46_083.999_999_9)), "2026-03-03");
        let duration = ExcelDateTime::new(1.25, ExcelDateTimeType::TimeDelta, false);
        assert_eq!(shown(&DataRef::DateTime(duration)), "30:00");
        let early = ExcelDateTime::new(46_083.0 - 1462.0, ExcelDateTimeType::DateTime, true);
        assert_eq!(text_of(&DataRef::DateTime(early), true).0, "2026-03-02");
        for odd in [f64::NAN, f64::INFINITY, -1.0, 1e300] {
            let _ = shown(&moment(odd));
            let _ = shown(&DataRef::Float(odd));
        }
        assert_eq!(shown(&DataRef::DateTimeIso("2026-03-02T00:00:00".to_owned())), "2026-03-02");
    }

    #[test]
    fn a_tick_is_yes() {
        assert_eq!(shown(&DataRef::Bool(true)), "是");
        assert_eq!(shown(&DataRef::Bool(false)), "否");
    }

    #[test]
    fn addresses_are_those_of_a_spreadsheet() {
        assert_eq!(address((0, 0)), "A1");
        assert_eq!(address((2, 25)), "Z3");
        assert_eq!(address((9, 26)), "AA10");
        assert_eq!(address((u32::MAX, u32::MAX)).chars().filter(char::is_ascii_digit).count(), 10);
    }
}
