//! Makes workbooks: a blank one that a clerk can fill in without training, and full ones.
//!
//! It promises that what it writes reads back as what it was given, cell by cell, and that the
//! same sheets make the same file. Every cell is text: no code loses a nought, no text becomes a
//! formula.
//!
//! Deliberately absent: a way from a county back to cells; whoever has a county has its cells.

use super::guide::{self, Fill, SETTINGS};
use crate::county::{Cells, Column, cells_of_csv, demo, forms::SHEETS, forms::SheetForm};
use rust_xlsxwriter::{
    Color, DataValidation, DocProperties, ExcelDateTime, Format, FormatAlign, Note, Workbook,
    Worksheet, XlsxError,
};

/// Sheets of cells, the header row first.
pub type Sheets = Vec<(&'static SheetForm, Cells)>;

/// The sheet that explains the others; it is not read.
const EXPLANATION: &str = "说明";
/// The row in which a clerk begins, below the header.
const FIRST: u32 = 1;
/// Lists to choose from reach down to here.
const LAST: u32 = 9_999;

/// How cells look.
struct Looks {
    header: Format,
    optional: Format,
    code: Format,
    text: Format,
    title: Format,
}

impl Looks {
    fn new() -> Self {
        let header = Format::new().set_bold().set_align(FormatAlign::Center).set_num_format("@");
        Self {
            optional: header.clone().set_background_color(Color::RGB(0x00ED_EDED)),
            header: header.set_background_color(Color::RGB(0x00FF_E699)),
            code: Format::new().set_num_format("@"),
            text: Format::new().set_text_wrap().set_align(FormatAlign::Top),
            title: Format::new().set_bold().set_font_size(14),
        }
    }
}

/// The bytes of a workbook of these sheets.
pub fn of(sheets: &Sheets) -> Result<Vec<u8>, XlsxError> {
    let looks = Looks::new();
    let mut workbook = workbook()?;
    for (form, cells) in sheets {
        let sheet = begun(&mut workbook, form, &looks)?;
        fill(sheet, form, cells, &looks)?;
    }
    workbook.save_to_buffer()
}

/// The bytes of a workbook to fill in: all sheets, their columns explained, and what is the same
/// in most counties filled in already.
pub fn blank() -> Result<Vec<u8>, XlsxError> {
    let looks = Looks::new();
    let mut workbook = workbook()?;
    explain(workbook.add_worksheet(), &looks)?;
    for form in SHEETS {
        let sheet = begun(&mut workbook, form, &looks)?;
        fill(sheet, form, &prefilled(form), &looks)?;
    }
    workbook.save_to_buffer()
}

/// The demo county's cells.
pub fn demo_sheets() -> Sheets {
    let cells =
        |form: &'static SheetForm| Some((form, cells_of_csv(&demo::sheet(form.english)?).ok()?));
    SHEETS.iter().filter_map(cells).collect()
}

fn workbook() -> Result<Workbook, XlsxError> {
    let mut workbook = Workbook::new();
    // Otherwise the clock would stand in every file.
    let begin = ExcelDateTime::from_ymd(2026, 1, 1)?;
    workbook.set_properties(&DocProperties::new().set_creation_datetime(&begin));
    Ok(workbook)
}

/// A sheet whose header, widths and lists are there.
fn begun<'a>(
    workbook: &'a mut Workbook,
    form: &SheetForm,
    looks: &Looks,
) -> Result<&'a mut Worksheet, XlsxError> {
    let sheet = workbook.add_worksheet();
    sheet.set_name(form.chinese)?.set_freeze_panes(1, 0)?;
    for (place, column) in (0..).zip(form.columns) {
        let header = if column.required { &looks.header } else { &looks.optional };
        sheet.write_string_with_format(0, place, column.header(), header)?;
        let Some(hint) = guide::of_column(form, column) else { continue };
        sheet.set_column_width(place, hint.width)?;
        let need = if column.required { "必填。" } else { "可不填。" };
        let note = Note::new(format!("{need}{}", hint.words)).add_author_prefix(false);
        sheet.insert_note(0, place, &note.set_width(260).set_height(110))?;
        match hint.fill {
            Fill::Text => {}
            Fill::Code => {
                sheet.set_column_format(place, &looks.code)?;
            }
            Fill::OneOf(words) => {
                let list = DataValidation::new()
                    .allow_list_strings(words)?
                    .set_error_title("请从列表中选")?
                    .set_error_message(words.join("、"))?;
                sheet.add_data_validation(FIRST, place, LAST, place, &list)?;
            }
        }
    }
    Ok(sheet)
}

/// Writes rows under the header, each cell below its own column.
fn fill(
    sheet: &mut Worksheet,
    form: &SheetForm,
    cells: &Cells,
    looks: &Looks,
) -> Result<(), XlsxError> {
    let Some(((_, header), rows)) = cells.split_first() else { return Ok(()) };
    let known = header.iter().map(|cell| place_of(form, cell));
    let mut beyond = form.columns.len();
    let mut places = Vec::with_capacity(header.len());
    for (cell, place) in header.iter().zip(known) {
        // What the form does not know comes behind it.
        places.push(place.unwrap_or_else(|| {
            beyond += 1;
            beyond - 1
        }));
        if place.is_none() {
            sheet.write_string_with_format(0, narrow(beyond - 1), cell, &looks.optional)?;
            sheet.set_column_width(narrow(beyond - 1), 60)?;
        }
    }
    for (number, (_, row)) in (FIRST..).zip(rows) {
        for (cell, place) in row.iter().zip(&places).filter(|(cell, _)| !cell.is_empty()) {
            sheet.write_string_with_format(number, narrow(*place), cell, &looks.code)?;
        }
    }
    Ok(())
}

fn place_of(form: &SheetForm, header: &str) -> Option<usize> {
    form.columns.iter().position(|column: &Column| column.is_named_by(header))
}

/// A column's number; sheets have sixteen columns, not thousands.
fn narrow(place: usize) -> u16 {
    u16::try_from(place).unwrap_or(u16::MAX)
}

/// What stands in a sheet of the blank workbook.
fn prefilled(form: &SheetForm) -> Cells {
    let header = form.columns.iter().map(Column::header).collect();
    match form.english {
        "settings" => {
            let mut cells = vec![(1, header)];
            let text = str::to_owned;
            cells.extend((2..).zip(SETTINGS).map(|(number, setting)| {
                (number, vec![text(setting.name), text(setting.usual), text(setting.words)])
            }));
            if let Some((_, header)) = cells.first_mut() {
                header.push("怎么填".to_owned());
            }
            cells
        }
        "categories" => usual_categories(header),
        _ => vec![(1, header)],
    }
}

/// The demo county's categories, but for its units: those are each county's own.
fn usual_categories(header: Vec<String>) -> Cells {
    let demo = demo::sheet("categories").and_then(|bytes| cells_of_csv(&bytes).ok());
    let mut cells = demo.unwrap_or_else(|| vec![(1, header)]);
    let names = cells.first().map(|(_, header)| header.clone()).unwrap_or_default();
    for (_, row) in cells.iter_mut().skip(1) {
        for (cell, name) in row.iter_mut().zip(&names) {
            match name.split(' ').next_back() {
                Some("unit") => cell.clear(),
                // Nobody to dispatch to yet.
                Some("auto" | "four_order") => "否".clone_into(cell),
                _ => {}
            }
        }
    }
    cells
}

fn explain(sheet: &mut Worksheet, looks: &Looks) -> Result<(), XlsxError> {
    sheet.set_name(EXPLANATION)?.set_column_width(0, 12)?.set_column_width(1, 90)?;
    sheet.write_string_with_format(0, 0, "怎样填写", &looks.title)?;
    let rules = [
        "每一页填一类内容，表头不要改动；黄色的列必填，灰色的列可以不填。鼠标移到表头上，就看到怎么填。",
        "不要合并单元格；一行就是一个区域、一个单位、一个人。",
        "编码、电话、日期的列已经设成文本，不会丢掉前面的0。",
        "填好以后交给管理员导入。有错的地方会一条一条告诉您：哪张表、第几行、哪一列、怎么改。",
        "全部正确才会导入；可以反复导入，重复导入同样的内容不会有变化。",
    ];
    let mut row = 1;
    for rule in rules {
        sheet.write_string_with_format(row, 1, rule, &looks.text)?;
        row += 1;
    }
    for form in SHEETS {
        let need = if form.required { "必填" } else { "可不填" };
        let words = guide::of(form).map_or("", |guide| guide.words);
        sheet.write_string_with_format(row + 1, 0, form.chinese, &looks.header)?;
        sheet.write_string_with_format(row + 1, 1, format!("（{need}）{words}"), &looks.text)?;
        row += 1;
    }
    Ok(())
}
