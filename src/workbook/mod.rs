//! County workbooks as files: `.xlsx`, `.csv`, and folders of them.
//!
//! [`Book::of_file`] takes bytes and gives sheets of cells, [`county`] puts the sheets of several
//! files together and lets [`crate::county::workbook`] judge them, [`write`] makes workbooks that
//! read back as the same county, and [`sample`] makes a county up.
//!
//! It promises bounds on everything that a file may hold, and that every mistake is told, those of
//! the files together with those of the cells.
//!
//! Deliberately absent: opening files and folders, which is the command's, and what cells mean.

pub mod guide;
pub mod report;
pub mod sample;
pub mod write;

mod read;
mod unpack;

use crate::county::{
    Cells, County, Mistake, Spoiled, Wrong, cells_of_csv, forms::SheetForm, workbook::read_cells,
    written,
};
use std::{cell::RefCell, collections::HashMap, fmt};

/// The greatest file that is opened, in bytes.
pub const MOST_BYTES: u64 = 20 << 20;
/// What it may unpack to.
const MOST_UNPACKED: u64 = 200 << 20;
const MOST_SHEETS: usize = 64;
/// As many as [`crate::county::workbook`] reads, and the header.
const MOST_ROWS: u64 = 50_001;
const MOST_COLUMNS: usize = 64;
/// What a spreadsheet keeps in one cell.
const MOST_CHARACTERS: usize = 32_767;
/// All cells of a file together, in bytes: one text may stand in many cells.
const MOST_TEXT: usize = 64 << 20;

/// Compound files: workbooks of before 2007, and those with a password.
const COMPOUND: &[u8] = &[0xd0, 0xcf, 0x11, 0xe0, 0xa1, 0xb1, 0x1a, 0xe1];
const ZIP: &[u8] = b"PK";
/// The part that holds the workbook where there is a password.
const ENCRYPTED: &str = "EncryptedPackage";

/// Something wrong with what was to be imported.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Trouble {
    /// A file, or something in it that is no sheet of a county.
    File {
        /// Its name.
        name: String,
        /// What is wrong with it.
        wrong: Spoiled,
    },
    /// A sheet, a row or a cell.
    Cell(Mistake),
}

impl fmt::Display for Trouble {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::File { name, wrong } => write!(f, "{name}：{wrong}；{}", wrong.mend()),
            Self::Cell(mistake) => write!(f, "{mistake}"),
        }
    }
}

/// What is in a sheet.
struct Found {
    cells: Cells,
    /// The ranges that were merged.
    merged: Vec<String>,
    /// Row, column and what is wrong there whatever the column means.
    odd: Vec<(u64, usize, Spoiled)>,
}

/// One file and its sheets.
pub struct Book {
    name: String,
    sheets: Vec<(&'static SheetForm, Result<Found, Wrong>)>,
    troubles: Vec<Trouble>,
}

impl Book {
    /// Reads a workbook or a sheet; which of them, tells the content.
    pub fn of_file(name: &str, bytes: &[u8]) -> Self {
        let mut book = Self { name: name.to_owned(), sheets: Vec::new(), troubles: Vec::new() };
        let file = name.rsplit('/').next().unwrap_or(name).to_lowercase();
        let result = match file.strip_suffix(".csv") {
            _ if u64::try_from(bytes.len()).is_ok_and(|size| size > MOST_BYTES) => {
                Err(Spoiled::TooBig)
            }
            _ if bytes.is_empty() => Err(Spoiled::EmptyFile),
            _ if bytes.starts_with(COMPOUND) => Err(compound(bytes)),
            _ if bytes.starts_with(ZIP) => book.add_workbook(bytes),
            Some(sheet) => {
                book.add_csv(sheet, bytes);
                Ok(())
            }
            None if file.strip_suffix(".xlsx").is_none() => Err(Spoiled::UnknownFile),
            None => Err(not_packed(bytes)),
        };
        book.troubles.extend(result.err().map(|wrong| book.trouble(wrong)));
        book
    }

    /// The demo county, which is compiled in.
    pub fn demo() -> Self {
        let mut book = Self { name: "demo".to_owned(), sheets: Vec::new(), troubles: Vec::new() };
        for form in crate::county::forms::SHEETS {
            if let Some(bytes) = crate::county::demo::sheet(form.english) {
                book.add_csv(form.english, &bytes);
            }
        }
        book
    }

    /// The sheets that this file lacks, as a county has them now: whoever hands in one sheet means
    /// to change that one.
    #[must_use]
    pub fn rest(&self, county: &County) -> Self {
        let has = |form: &SheetForm| self.sheets.iter().any(|(own, _)| own == &form);
        let lacking = written::sheets(county.register()).into_iter().filter(|(form, _)| !has(form));
        let found = |cells| Ok(Found { cells, merged: Vec::new(), odd: Vec::new() });
        let sheets = lacking.map(|(form, cells)| (form, found(cells))).collect();
        Self { name: county.name().to_owned(), sheets, troubles: Vec::new() }
    }

    fn add_workbook(&mut self, bytes: &[u8]) -> Result<(), Spoiled> {
        let sheets = read::sheets(bytes)?;
        for read::Sheet { name, found } in sheets {
            if let Some(form) = self.form(&name) {
                self.sheets.push((form, found.map_err(Wrong::Spoiled)));
            }
        }
        if self.sheets.is_empty() && self.troubles.is_empty() {
            return Err(Spoiled::NoSheets);
        }
        Ok(())
    }

    fn add_csv(&mut self, name: &str, bytes: &[u8]) {
        let Some(form) = self.form(name) else { return };
        let found = cells_of_csv(bytes).and_then(|cells| bounded(cells).map_err(Wrong::Spoiled));
        self.sheets.push((form, found));
    }

    /// The sheet of that name; none, too, where a clerk keeps notes.
    fn form(&mut self, name: &str) -> Option<&'static SheetForm> {
        let form = SheetForm::named(name);
        let name = name.trim();
        if form.is_none() && name != "说明" && !name.starts_with('#') {
            let wrong = Spoiled::UnknownSheet(clean(name).chars().take(40).collect());
            self.troubles.push(self.trouble(wrong));
        }
        form
    }

    fn trouble(&self, wrong: Spoiled) -> Trouble {
        Trouble::File { name: self.name.clone(), wrong }
    }
}

/// The county that the sheets of all these files make, or all that is wrong with them.
pub fn county(books: Vec<Book>) -> Result<County, Vec<Trouble>> {
    let mut troubles = Vec::new();
    let mut told = Vec::new();
    let mut first: HashMap<&str, String> = HashMap::new();
    let mut sheets: HashMap<&str, Result<Cells, Wrong>> = HashMap::new();
    for book in books {
        troubles.extend(book.troubles);
        for (form, found) in book.sheets {
            let sheet = form.english;
            let whole = |wrong| Mistake { sheet, row: None, column: None, wrong };
            if let Some(other) = first.get(sheet) {
                let other = other.clone();
                told.push(whole(Wrong::Spoiled(Spoiled::SheetTwice { other })));
                continue;
            }
            first.insert(sheet, book.name.clone());
            let found = found.map(|found| {
                told.extend(mistakes_of(form, &found));
                found.cells
            });
            sheets.insert(sheet, found);
        }
    }
    let sheets = RefCell::new(sheets);
    let judged = read_cells(&|name| sheets.borrow_mut().remove(name));
    match judged {
        Ok(county) if troubles.is_empty() && told.is_empty() => return Ok(county),
        Ok(_) => {}
        Err(mistakes) => {
            // Of a cell that cannot be read it is not said as well that it reads wrong.
            let is_new = |mistake: &Mistake| {
                let at = |m: &Mistake| (m.sheet, m.row, m.column);
                mistake.row.is_none() || !told.iter().any(|known| at(known) == at(mistake))
            };
            let mistakes: Vec<Mistake> = mistakes.into_iter().filter(is_new).collect();
            told.extend(mistakes);
        }
    }
    troubles.extend(told.into_iter().map(Trouble::Cell));
    Err(troubles)
}

/// What is wrong with a sheet as it stands in its file.
fn mistakes_of(form: &'static SheetForm, found: &Found) -> Vec<Mistake> {
    let sheet = form.english;
    let header = found.cells.first().map_or(&[][..], |(_, cells)| cells.as_slice());
    let merged = found.merged.iter().map(|range| {
        let wrong = Wrong::Spoiled(Spoiled::MergedCells { range: range.clone() });
        Mistake { sheet, row: None, column: None, wrong }
    });
    let odd = found.odd.iter().filter_map(|(row, column, wrong)| {
        // Columns of the clerk's own may hold anything.
        let column = form.column(header.get(*column)?)?.chinese;
        let wrong = Wrong::Spoiled(wrong.clone());
        Some(Mistake { sheet, row: Some(*row), column: Some(column), wrong })
    });
    merged.chain(odd).collect()
}

/// The same bounds as those of a workbook.
fn bounded(cells: Cells) -> Result<Found, Spoiled> {
    let mut odd = Vec::new();
    let mut rows = Cells::with_capacity(cells.len());
    for (number, row) in cells {
        let mut row: Vec<String> = row.iter().map(|cell| clean(cell)).collect();
        let used = row.iter().rposition(|cell| !cell.is_empty()).map_or(0, |last| last + 1);
        row.truncate(used);
        if used > MOST_COLUMNS {
            return Err(Spoiled::TooManyColumns { most: MOST_COLUMNS });
        }
        let is_long = |cell: &&String| cell.chars().nth(MOST_CHARACTERS).is_some();
        let long = row.iter().enumerate().filter(|(_, cell)| is_long(cell));
        odd.extend(long.map(|(column, _)| (number, column, Spoiled::LongCell)));
        rows.push((number, row));
    }
    Ok(Found { cells: rows, merged: Vec::new(), odd })
}

/// A cell without what nobody sees: databases refuse some of it, and codes with it differ.
fn clean(cell: &str) -> String {
    let is_seen = |c: &char| {
        matches!(c, '\n' | '\t') || !(c.is_control() || matches!(c, '\u{200b}' | '\u{feff}'))
    };
    cell.chars().filter(is_seen).collect::<String>().trim().to_owned()
}

fn compound(bytes: &[u8]) -> Spoiled {
    let name: Vec<u8> = ENCRYPTED.encode_utf16().flat_map(u16::to_le_bytes).collect();
    let is_encrypted = bytes.windows(name.len()).any(|window| window == name);
    if is_encrypted { Spoiled::Encrypted } else { Spoiled::OldWorkbook }
}

/// Text with commas or tabs was a table before somebody renamed it.
fn not_packed(bytes: &[u8]) -> Spoiled {
    let head = bytes.get(..4096).unwrap_or(bytes);
    let is_text = !head.contains(&0) && head.iter().any(|byte| b",;\t".contains(byte));
    if is_text { Spoiled::PlainText } else { Spoiled::NotAWorkbook }
}

#[cfg(test)]
mod tests;
