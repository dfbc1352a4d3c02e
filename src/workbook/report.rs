//! Reports as workbooks: titles, notes, a header, and rows of texts, counts and percentages.
//!
//! It promises that a text is a text – none becomes a formula – and that a percentage is a number
//! that a spreadsheet shows with one decimal, as the page does.

use rust_xlsxwriter::{Color, Format, FormatAlign, FormatBorder, Workbook, Worksheet, XlsxError};

/// One sheet of a report.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Sheet {
    /// What stands on its tab.
    pub name: String,
    /// What stands above everything.
    pub title: String,
    /// What has to be known to read it.
    pub notes: Vec<String>,
    /// The names of the columns.
    pub header: Vec<String>,
    /// Cells, line by line.
    pub rows: Vec<Vec<Cell>>,
}

/// One cell.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Cell {
    /// Words.
    Text(String),
    /// How many.
    Count(u64),
    /// Tenths of a percent; nothing where there is nothing to have a share of.
    Percent(Option<u64>),
}

/// What stands where there is nothing to have a share of.
const NONE: &str = "—";
/// A tab holds no more signs than these.
const NAME: usize = 31;

/// The bytes of a workbook of these sheets.
pub fn of_sheets(sheets: &[Sheet]) -> Result<Vec<u8>, XlsxError> {
    let mut workbook = Workbook::new();
    for sheet in sheets {
        fill(workbook.add_worksheet(), sheet)?;
    }
    workbook.save_to_buffer()
}

fn fill(worksheet: &mut Worksheet, sheet: &Sheet) -> Result<(), XlsxError> {
    let title = Format::new().set_bold().set_font_size(15).set_align(FormatAlign::Center);
    let note = Format::new().set_font_color(Color::RGB(0x004A_5667));
    let line = Format::new().set_border(FormatBorder::Thin);
    let header = line.clone().set_bold().set_align(FormatAlign::Center);
    let header = header.set_background_color(Color::RGB(0x00E9_EDF2));
    let percent = line.clone().set_num_format("0.0%");
    let name: String = sheet.name.chars().take(NAME).collect();
    worksheet.set_name(name)?;
    let last = u16::try_from(sheet.header.len().saturating_sub(1)).unwrap_or(u16::MAX);
    if last > 0 {
        worksheet.merge_range(0, 0, 0, last, &sheet.title, &title)?;
    }
    worksheet.set_row_height(0, 26)?;
    let mut row = 1;
    for words in &sheet.notes {
        worksheet.write_string_with_format(row, 0, words, &note)?;
        row += 1;
    }
    for (column, words) in (0..).zip(&sheet.header) {
        worksheet.write_string_with_format(row, column, words, &header)?;
    }
    worksheet.set_column_width(0, 26)?;
    worksheet.set_column_range_width(1, last.max(1), 12)?;
    worksheet.set_freeze_panes(row + 1, 1)?;
    for cells in &sheet.rows {
        row += 1;
        for (column, cell) in (0..).zip(cells) {
            match cell {
                Cell::Text(words) => {
                    worksheet.write_string_with_format(row, column, words, &line)?;
                }
                Cell::Count(count) => {
                    #[expect(clippy::cast_precision_loss, reason = "a county has fewer tickets")]
                    worksheet.write_number_with_format(row, column, *count as f64, &line)?;
                }
                Cell::Percent(Some(tenths)) => {
                    #[expect(clippy::cast_precision_loss, reason = "a thousand at most")]
                    let share = *tenths as f64 / 1000.0;
                    worksheet.write_number_with_format(row, column, share, &percent)?;
                }
                Cell::Percent(None) => {
                    worksheet.write_string_with_format(row, column, NONE, &line)?;
                }
            }
        }
    }
    worksheet.set_landscape().set_paper_size(9).set_print_fit_to_pages(1, 0);
    Ok(())
}
