//! A sheet: rows of cells under a header, whatever file they came from.
//!
//! Columns are found by their Chinese or English name in any order, so that a clerk may move or
//! add columns. Rows keep the number that a spreadsheet shows.
//!
//! Deliberately absent: what the cells mean, which is [`super::workbook`].

use super::dates::{read_day, read_days};
use super::mistake::{Mistake, Wrong};
use chrono::NaiveDate;
use std::collections::HashMap;

/// A county of 1.4 million people has 8,073 grids; a sheet with more rows than this was not meant.
const MOST_ROWS: usize = 50_000;
/// A page of text, and a name that still fits into a notice.
const LONGEST_TEXT: usize = 5_000;
const LONGEST_NAME: usize = 60;

/// A column that a sheet may have.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Column {
    /// Its name for programs.
    pub english: &'static str,
    /// Its name for clerks.
    pub chinese: &'static str,
    /// Whether the header must name it.
    pub required: bool,
    /// How many characters a cell may have.
    pub longest: usize,
}

impl Column {
    pub(super) const fn required(english: &'static str, chinese: &'static str) -> Self {
        Self { english, chinese, required: true, longest: LONGEST_TEXT }
    }

    pub(super) const fn optional(english: &'static str, chinese: &'static str) -> Self {
        Self { required: false, ..Self::required(english, chinese) }
    }

    /// Its cells are names.
    pub(super) const fn short(self) -> Self {
        Self { longest: LONGEST_NAME, ..self }
    }

    /// `编码`, `code` and `编码（code）` all name the column.
    fn is_named_by(&self, header: &str) -> bool {
        header
            .split([' ', '(', ')', '（', '）', '/'])
            .any(|part| part == self.chinese || part.eq_ignore_ascii_case(self.english))
    }
}

/// Rows of cells with the numbers that a spreadsheet shows, the header row first.
pub type Cells = Vec<(u64, Vec<String>)>;

/// Takes a CSV file apart.
pub fn cells_of_csv(bytes: &[u8]) -> Result<Cells, Wrong> {
    let text = std::str::from_utf8(bytes).map_err(|_| Wrong::NotUtf8)?;
    // Spreadsheets begin UTF-8 files with a byte order mark.
    let text = text.trim_start_matches('\u{feff}').replace("\r\n", "\n").replace('\r', "\n") + "\n";
    let mut reader =
        csv::ReaderBuilder::new().has_headers(false).flexible(true).from_reader(text.as_bytes());
    let mut record = csv::StringRecord::new();
    let mut cells = Cells::new();
    // A cell may hold line breaks, which the file counts as lines and a spreadsheet does not.
    let mut breaks_inside = 0;
    while reader.read_record(&mut record).map_err(|_| Wrong::NotATable)? {
        let breaks = record.iter().map(|cell| cell.matches('\n').count()).sum::<usize>();
        breaks_inside += u64::try_from(breaks).unwrap_or(0);
        // The reader stands behind the row, and skips blank lines before the next.
        let behind = reader.position().line();
        cells.push((
            behind.saturating_sub(1 + breaks_inside),
            record.iter().map(|cell| cell.trim().to_owned()).collect(),
        ));
    }
    Ok(cells)
}

/// A sheet whose columns have been found.
pub(super) struct Sheet {
    pub(super) name: &'static str,
    places: HashMap<&'static str, usize>,
    rows: Cells,
}

impl Sheet {
    /// Finds the columns; a missing one that is required is a mistake.
    pub(super) fn of(
        name: &'static str,
        mut cells: Cells,
        columns: &[Column],
        mistakes: &mut Vec<Mistake>,
    ) -> Self {
        let mut header = if cells.is_empty() { Vec::new() } else { cells.remove(0).1 };
        while header.pop_if(|cell| cell.is_empty()).is_some() {}
        if cells.len() > MOST_ROWS {
            let wrong = Wrong::TooManyRows;
            mistakes.push(Mistake { sheet: name, row: None, column: None, wrong });
            cells.clear();
        }
        let mut places = HashMap::new();
        for column in columns {
            match header.iter().position(|cell| column.is_named_by(cell)) {
                Some(place) => {
                    places.insert(column.english, place);
                }
                None if column.required => mistakes.push(Mistake {
                    sheet: name,
                    row: None,
                    column: Some(column.chinese),
                    wrong: Wrong::MissingColumn,
                }),
                None => {}
            }
        }
        cells.retain(|(_, row)| row.iter().any(|cell| !cell.is_empty()));
        let sheet = Self { name, places, rows: cells };
        for row in sheet.rows() {
            row.check_size(header.len(), columns, mistakes);
        }
        sheet
    }

    /// The rows that hold anything.
    pub(super) fn rows(&self) -> impl Iterator<Item = Row<'_>> {
        self.rows.iter().map(|(number, cells)| Row { sheet: self, number: *number, cells })
    }

    /// A mistake of the sheet as a whole.
    pub(super) fn mistake(&self, column: Option<Column>, wrong: Wrong) -> Mistake {
        let column = column.map(|column| column.chinese);
        Mistake { sheet: self.name, row: None, column, wrong }
    }

    fn has(&self, column: Column) -> bool {
        self.places.contains_key(column.english)
    }
}

/// One row.
#[derive(Clone, Copy)]
pub(super) struct Row<'a> {
    sheet: &'a Sheet,
    pub(super) number: u64,
    cells: &'a [String],
}

impl<'a> Row<'a> {
    /// The cell, empty where the row or the column is missing.
    pub(super) fn text(self, column: Column) -> &'a str {
        let place = self.sheet.places.get(column.english);
        place.and_then(|place| self.cells.get(*place)).map_or("", String::as_str)
    }

    /// The cell unless it is empty.
    pub(super) fn optional(self, column: Column) -> Option<&'a str> {
        Some(self.text(column)).filter(|cell| !cell.is_empty())
    }

    /// The cell; an empty one is a mistake, told once per row unless the whole column is missing.
    pub(super) fn required(self, column: Column, mistakes: &mut Vec<Mistake>) -> Option<&'a str> {
        let cell = self.optional(column);
        if cell.is_none() && self.sheet.has(column) {
            mistakes.push(self.mistake(column, Wrong::Empty));
        }
        cell
    }

    /// A code: letters, digits, `_` and `-`.
    pub(super) fn code(self, column: Column, mistakes: &mut Vec<Mistake>) -> Option<&'a str> {
        let cell = self.required(column, mistakes)?;
        let is_code = cell.chars().all(|c| c.is_ascii_alphanumeric() || c == '_' || c == '-');
        if !is_code {
            mistakes.push(self.mistake(column, Wrong::BadCode(cell.to_owned())));
        }
        is_code.then_some(cell)
    }

    /// One of the words that `read` knows.
    pub(super) fn word<T>(
        self,
        column: Column,
        read: impl Fn(&str) -> Option<T>,
        allowed: &'static str,
        mistakes: &mut Vec<Mistake>,
    ) -> Option<T> {
        let cell = self.required(column, mistakes)?;
        let value = read(cell);
        if value.is_none() {
            let wrong = Wrong::UnknownWord { value: cell.to_owned(), allowed };
            mistakes.push(self.mistake(column, wrong));
        }
        value
    }

    /// 是 or 否; an empty cell is `otherwise`.
    pub(super) fn yes(self, column: Column, otherwise: bool, mistakes: &mut Vec<Mistake>) -> bool {
        match self.text(column).to_lowercase().as_str() {
            "" => otherwise,
            "是" | "yes" | "true" | "1" | "√" => true,
            "否" | "no" | "false" | "0" | "×" => false,
            cell => {
                let wrong = Wrong::UnknownWord { value: cell.to_owned(), allowed: "是、否" };
                mistakes.push(self.mistake(column, wrong));
                otherwise
            }
        }
    }

    /// Degrees or another decimal number between two limits.
    pub(super) fn number(
        self,
        column: Column,
        limits: std::ops::RangeInclusive<f64>,
        mistakes: &mut Vec<Mistake>,
    ) -> Option<f64> {
        let read = |cell: &str| cell.parse().ok().filter(|number| limits.contains(number));
        self.read(column, read, Wrong::BadNumber, mistakes)
    }

    /// What `read` makes of the cell; what it cannot read is a mistake, an empty cell is none.
    pub(super) fn read<T>(
        self,
        column: Column,
        read: impl Fn(&str) -> Option<T>,
        wrong: impl Fn(String) -> Wrong,
        mistakes: &mut Vec<Mistake>,
    ) -> Option<T> {
        let cell = self.optional(column)?;
        let value = read(cell);
        if value.is_none() {
            mistakes.push(self.mistake(column, wrong(cell.to_owned())));
        }
        value
    }

    /// One day.
    pub(super) fn day(self, column: Column, mistakes: &mut Vec<Mistake>) -> Option<NaiveDate> {
        self.read(column, read_day, Wrong::BadDate, mistakes)
    }

    /// The first and the last of some days, which may be the same.
    pub(super) fn days(
        self,
        column: Column,
        most: i64,
        mistakes: &mut Vec<Mistake>,
    ) -> Option<(NaiveDate, NaiveDate)> {
        let (from, until) = self.read(column, read_days, Wrong::BadDate, mistakes)?;
        let value = self.text(column).to_owned();
        if until < from {
            mistakes.push(self.mistake(column, Wrong::Reversed(value)));
            return None;
        }
        if (until - from).num_days() >= most {
            mistakes.push(self.mistake(column, Wrong::LongSpan { value, most }));
            return None;
        }
        Some((from, until))
    }

    fn check_size(self, width: usize, columns: &[Column], mistakes: &mut Vec<Mistake>) {
        if let Some(beyond) = self.cells.iter().skip(width).position(|cell| !cell.is_empty()) {
            let wrong = Wrong::BeyondHeader { place: width + beyond + 1 };
            let row = Some(self.number);
            mistakes.push(Mistake { sheet: self.sheet.name, row, column: None, wrong });
        }
        for column in columns {
            if self.text(*column).chars().nth(column.longest).is_some() {
                mistakes.push(self.mistake(*column, Wrong::TooLong { most: column.longest }));
            }
        }
    }

    /// The parts of a cell that holds several, separated by blanks or 、，,；;.
    pub(super) fn list(self, column: Column) -> impl Iterator<Item = &'a str> {
        self.text(column)
            .split([' ', '\u{3000}', '、', '，', ',', '；', ';', '\n'])
            .filter(|part| !part.is_empty())
    }

    /// A mistake in a cell of this row.
    pub(super) fn mistake(self, column: Column, wrong: Wrong) -> Mistake {
        Mistake {
            sheet: self.sheet.name,
            row: Some(self.number),
            column: Some(column.chinese),
            wrong,
        }
    }
}

/// Tells duplicates of a column.
#[derive(Default)]
pub(super) struct Unique<'a>(HashMap<&'a str, u64>);

impl<'a> Unique<'a> {
    /// Remembers a cell; one seen before is a mistake.
    pub(super) fn claim(
        &mut self,
        row: Row<'_>,
        column: Column,
        cell: &'a str,
        mistakes: &mut Vec<Mistake>,
    ) {
        let first = *self.0.entry(cell).or_insert(row.number);
        if first != row.number {
            let wrong = Wrong::Duplicate { value: cell.to_owned(), first };
            mistakes.push(row.mistake(column, wrong));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const NAME: Column = Column::required("name", "名称");

    #[test]
    fn rows_are_numbered_as_a_spreadsheet_shows_them() {
        // A blank line counts, a line break inside a cell does not.
        for end in ["", "\n", "\r\n"] {
            let csv = format!("\u{feff}名称,备注\r\n一,\"甲\n乙\"\n\n二,{end}");
            let cells = cells_of_csv(csv.as_bytes()).unwrap();
            let numbers: Vec<u64> = cells.iter().map(|(number, _)| *number).collect();
            assert_eq!(numbers, [1, 2, 4], "{end:?}");
            assert_eq!(cells[0].1[0], "名称");
        }
    }

    #[test]
    fn a_file_in_another_encoding_is_refused() {
        assert_eq!(cells_of_csv(&[0xb1, 0xe0, 0xc2, 0xeb]), Err(Wrong::NotUtf8));
    }

    #[test]
    fn a_header_may_be_chinese_english_or_both() {
        for header in ["名称", "Name", "名称（name）", "名称 name", "name/名称"] {
            assert!(NAME.is_named_by(header), "{header}");
        }
        assert!(!NAME.is_named_by("名称二"));
    }
}
