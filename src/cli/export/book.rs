//! An `.xlsx` file, row after row: no more than one row is in memory.
//!
//! Every text is a text: none becomes a formula, and none is longer than a cell may be. When a
//! sheet is full the next one begins, with the same columns.

use super::{super::output::guarded, lines::cell};
use rust_xlsxwriter::{Format, Workbook, XlsxError};
use serde_json::Value;
use std::io::{self, Seek, Write};

/// A sheet has no more rows than these.
const ROWS: u32 = 1_048_576;
/// A cell holds no more than these, counted as spreadsheets count.
const CELL: usize = 32_767;
/// Stands for what was cut off.
const CUT: char = '…';

pub(super) struct Book {
    workbook: Workbook,
    title: &'static str,
    keys: Vec<&'static str>,
    sheet: usize,
    of_title: usize,
    row: u32,
    header: Format,
    tenths: Format,
    output: Box<dyn Write>,
}

impl Book {
    pub(super) fn begin(
        output: Box<dyn Write>,
        title: &'static str,
        keys: &[&'static str],
    ) -> Result<Self, XlsxError> {
        let mut book = Self {
            workbook: Workbook::new(),
            title,
            keys: keys.to_vec(),
            sheet: 0,
            of_title: 1,
            row: 0,
            header: Format::new().set_bold(),
            tenths: Format::new().set_num_format("0.0"),
            output,
        };
        book.add_sheet(0)?;
        Ok(book)
    }

    /// Another sheet, with other columns.
    pub(super) fn next(
        &mut self,
        title: &'static str,
        keys: &[&'static str],
    ) -> Result<(), XlsxError> {
        self.title = title;
        self.keys = keys.to_vec();
        self.of_title = 1;
        self.add_sheet(self.sheet + 1)
    }

    fn add_sheet(&mut self, nth: usize) -> Result<(), XlsxError> {
        let name = match self.of_title {
            1 => self.title.to_owned(),
            nth => format!("{}-{nth}", self.title),
        };
        let sheet = self.workbook.add_worksheet_with_constant_memory()?;
        sheet.set_name(name)?.set_freeze_panes(1, 0)?;
        for (column, key) in (0..).zip(&self.keys) {
            sheet.write_string_with_format(0, column, *key, &self.header)?;
        }
        self.sheet = nth;
        self.row = 1;
        Ok(())
    }

    pub(super) fn write(&mut self, record: &[(&'static str, Value)]) -> Result<(), XlsxError> {
        if self.row == ROWS {
            self.of_title += 1;
            self.add_sheet(self.sheet + 1)?;
        }
        let sheet = self.workbook.worksheet_from_index(self.sheet)?;
        for (column, (_, value)) in (0..).zip(record) {
            match value {
                Value::Null => {}
                Value::Bool(value) => {
                    sheet.write_boolean(self.row, column, *value)?;
                }
                Value::Number(number) => {
                    let number_value = number.as_f64().unwrap_or_default();
                    if number.is_f64() {
                        let tenths = &self.tenths;
                        sheet.write_number_with_format(self.row, column, number_value, tenths)?;
                    } else {
                        sheet.write_number(self.row, column, number_value)?;
                    }
                }
                text => {
                    sheet.write_string(self.row, column, fitted(&guarded(&cell(text))))?;
                }
            }
        }
        self.row += 1;
        Ok(())
    }

    pub(super) fn end(mut self) -> anyhow::Result<()> {
        // A workbook is written in one go, to something that may be sent to another thread.
        let mut file = tempfile::tempfile()?;
        self.workbook.save_to_writer(&mut file)?;
        file.rewind()?;
        io::copy(&mut file, &mut self.output)?;
        Ok(self.output.flush()?)
    }
}

/// The text, or as much of it as a cell holds.
fn fitted(text: &str) -> String {
    if text.encode_utf16().count() <= CELL {
        return text.to_owned();
    }
    let mut room = CELL - CUT.len_utf16();
    let fits = |c: &char| {
        let left = room.checked_sub(c.len_utf16());
        room = left.unwrap_or(0);
        left.is_some()
    };
    text.chars().take_while(fits).chain([CUT]).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cell_holds_what_it_can_and_shows_that_something_is_missing() {
        let long: String = "𝄞".repeat(20_000);
        let shown = fitted(&long);
        assert!(shown.ends_with(CUT) && shown.encode_utf16().count() <= CELL);
        assert!(shown.encode_utf16().count() >= CELL - 1);
        assert_eq!(fitted("短"), "短");
    }
}
