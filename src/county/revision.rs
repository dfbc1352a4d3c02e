//! One row of a county at a time: put in, taken out, moved; and what became different between two
//! counties, row by row.
//!
//! A changed county goes through the same checks as a workbook ([`super::workbook`]), so a form
//! cannot let in what a workbook could not. A row is named by its first cell.
//!
//! Deliberately absent: storing, and who may.

use super::forms::SheetForm;
use super::workbook::read_cells;
use super::{Cells, County, Mistake, changes, written};
use sha2::{Digest, Sha256};
use std::{
    cell::RefCell,
    collections::{HashMap, HashSet},
    fmt::Write as _,
};

/// What becomes of a row.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Edit {
    /// It says this from now on; without a name it is a new one, at the end.
    Put {
        /// Which row.
        key: Option<String>,
        /// All its cells, in the order of the columns.
        cells: Vec<String>,
    },
    /// It is no more.
    Remove {
        /// Which row.
        key: String,
    },
    /// It changes places with the one above or below.
    Move {
        /// Which row.
        key: String,
        /// Above.
        up: bool,
    },
}

/// Why a county does not become what somebody wants.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum NotRevised {
    /// There is no such row any more.
    Gone,
    /// The county would contradict itself.
    Wrong(Vec<Told>),
}

/// A mistake as somebody reads it who sees one row and not a table.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Told {
    /// The column's name, where it is in the row that was edited.
    pub column: Option<&'static str>,
    /// Where else it is: 单位“县公安局”的负责人.
    pub elsewhere: Option<String>,
    /// What is wrong.
    pub what: String,
    /// How to mend it.
    pub mend: String,
}

/// The cells of the row with this name.
pub fn row(county: &County, form: &SheetForm, key: &str) -> Option<Vec<String>> {
    written::rows(county.register(), form).into_iter().find(|row| is_named(row, key))
}

/// A row in short, to see later whether it is still the same.
pub fn digest(row: &[String]) -> String {
    let digest = Sha256::digest(row.join("\u{1f}").as_bytes());
    digest.iter().take(16).fold(String::new(), |mut text, byte| {
        let _ = write!(text, "{byte:02x}");
        text
    })
}

/// The county after an edit, with every check that a workbook goes through. Whoever gets another
/// name keeps what they lead and what rules give them.
pub fn revised(county: &County, form: &SheetForm, edit: &Edit) -> Result<County, NotRevised> {
    let register = county.register();
    let mut rows = written::rows(register, form);
    let place = |rows: &[Vec<String>], key: &str| {
        rows.iter().position(|row| is_named(row, key)).ok_or(NotRevised::Gone)
    };
    let mut edited = None;
    match edit {
        Edit::Put { key: None, cells } => {
            edited = Some(rows.len());
            rows.push(trimmed(cells));
        }
        Edit::Put { key: Some(key), cells } => {
            let at = place(&rows, key)?;
            edited = Some(at);
            if let Some(row) = rows.get_mut(at) {
                *row = trimmed(cells);
            }
        }
        Edit::Remove { key } => {
            let at = place(&rows, key)?;
            rows.remove(at);
        }
        Edit::Move { key, up } => {
            let at = place(&rows, key)?;
            let to = if *up { at.checked_sub(1) } else { Some(at + 1) };
            if let Some(to) = to.filter(|to| *to < rows.len()) {
                rows.swap(at, to);
            }
        }
    }
    let mut sheets: HashMap<&str, Cells> =
        written::sheets(register).into_iter().map(|(form, cells)| (form.english, cells)).collect();
    if let Edit::Put { key: Some(old), cells } = edit
        && form.english == "members"
        && let Some(new) = cells.first()
    {
        for (sheet, column) in [("units", 4), ("routes", 6)] {
            let rows = sheets.get_mut(sheet).into_iter().flatten();
            let cells = rows.filter_map(|(_, row)| row.get_mut(column));
            for cell in cells.filter(|cell| *cell == old) {
                new.trim().clone_into(cell);
            }
        }
    }
    sheets.insert(form.english, written::cells(form, rows));
    let names = Names::of(&sheets);
    let sheets = RefCell::new(sheets);
    read_cells(&|name| sheets.borrow_mut().remove(name).map(Ok)).map_err(|mistakes| {
        let edited = edited.map(|place| place + 2);
        let told = mistakes.iter().map(|mistake| told(mistake, form, edited, &names));
        NotRevised::Wrong(told.collect())
    })
}

fn is_named(row: &[String], key: &str) -> bool {
    row.first().is_some_and(|cell| cell == key)
}

fn trimmed(cells: &[String]) -> Vec<String> {
    cells.iter().map(|cell| cell.replace("\r\n", "\n").trim().to_owned()).collect()
}

/// What rows are called, for those who see no numbers.
struct Names(HashMap<&'static str, Vec<String>>);

impl Names {
    fn of(sheets: &HashMap<&str, Cells>) -> Self {
        let named = super::forms::SHEETS.iter().map(|form| {
            let rows = sheets.get(form.english).into_iter().flatten();
            let place = name_place(form);
            let names = rows.map(|(_, row)| row.get(place).cloned().unwrap_or_default());
            (form.english, names.collect())
        });
        Self(named.collect())
    }

    fn get(&self, sheet: &str, number: usize) -> &str {
        self.0.get(sheet).and_then(|names| names.get(number.checked_sub(1)?)).map_or("", |n| n)
    }
}

/// The column by which people know a row: its name rather than its code.
pub fn name_place(form: &SheetForm) -> usize {
    let known = ["name", "title"];
    let named = form.columns.iter().position(|column| known.contains(&column.english));
    if form.english == "calendar" { 0 } else { named.unwrap_or(0) }
}

fn told(mistake: &Mistake, form: &SheetForm, edited: Option<usize>, names: &Names) -> Told {
    let number = mistake.row.and_then(|row| usize::try_from(row).ok());
    let is_here = mistake.sheet == form.english && number.is_some() && number == edited;
    let (what, mend) = (mistake.wrong.what(), mistake.wrong.mend());
    if is_here {
        return Told { column: mistake.column, elsewhere: None, what, mend };
    }
    let sheet = SheetForm::named(mistake.sheet).map_or(mistake.sheet, |form| form.chinese);
    let row = number.map(|number| format!("“{}”", names.get(mistake.sheet, number)));
    let column = mistake.column.map(|column| format!("的{column}"));
    let elsewhere = format!("{sheet}{}{}", row.unwrap_or_default(), column.unwrap_or_default());
    Told { column: None, elsewhere: Some(elsewhere), what, mend }
}

/// What became different in one sheet.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SheetChange {
    /// Which sheet.
    pub form: &'static SheetForm,
    /// Rows that were not there, by name.
    pub added: Vec<String>,
    /// Rows that are there no more, by name.
    pub removed: Vec<String>,
    /// Rows that say something else.
    pub changed: Vec<RowChange>,
    /// The rows that stayed stand in another order.
    pub reordered: bool,
}

impl SheetChange {
    /// Whether it is one.
    pub fn is_any(&self) -> bool {
        let is_same = self.added.is_empty() && self.removed.is_empty() && self.changed.is_empty();
        !is_same || self.reordered
    }
}

/// A row that says something else.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RowChange {
    /// The row's name.
    pub name: String,
    /// Column, before, after.
    pub cells: Vec<(&'static str, String, String)>,
}

/// What an import of `new` changes, sheet by sheet; a leave that it does not speak of stays.
pub fn differences(old: Option<&County>, new: &County) -> Vec<SheetChange> {
    let nothing = super::Register::default();
    let before = old.map_or(&nothing, County::register);
    let after = changes::as_imported(before, new.register());
    super::forms::SHEETS
        .iter()
        .map(|form| {
            let was = if old.is_some() { written::rows(before, form) } else { Vec::new() };
            difference(form, &was, &written::rows(&after, form))
        })
        .collect()
}

fn difference(
    form: &'static SheetForm,
    before: &[Vec<String>],
    after: &[Vec<String>],
) -> SheetChange {
    let key = |row: &[String]| row.first().cloned().unwrap_or_default();
    let place = name_place(form);
    let name = |row: &[String]| row.get(place).cloned().unwrap_or_default();
    let known: HashMap<String, &Vec<String>> = before.iter().map(|row| (key(row), row)).collect();
    let there: HashSet<String> = after.iter().map(|row| key(row)).collect();
    let mut change = SheetChange {
        form,
        added: Vec::new(),
        removed: Vec::new(),
        changed: Vec::new(),
        reordered: false,
    };
    for row in after {
        let Some(old) = known.get(&key(row)) else {
            change.added.push(name(row));
            continue;
        };
        let columns = form.columns.iter().map(|column| column.chinese);
        let cells: Vec<_> = columns
            .zip(old.iter().zip(row))
            .filter(|(_, (old, new))| old != new)
            .map(|(column, (old, new))| (column, old.clone(), new.clone()))
            .collect();
        if !cells.is_empty() {
            change.changed.push(RowChange { name: name(row), cells });
        }
    }
    change.removed =
        before.iter().filter(|row| !there.contains(&key(row))).map(|row| name(row)).collect();
    let stayed = before.iter().map(|row| key(row)).filter(|key| there.contains(key));
    let now = after.iter().map(|row| key(row)).filter(|key| known.contains_key(key));
    change.reordered = !stayed.eq(now);
    change
}

#[cfg(test)]
mod tests;
