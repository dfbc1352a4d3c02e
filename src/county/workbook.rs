//! Reads a county from a workbook: sheets `settings areas units members categories`, and, where
//! the county has them, `routes calendar handbook`.
//!
//! All rows are read and checked before anything is believed: the answer is a county without
//! contradictions or the list of every mistake. A sheet is asked for by its English name, then by
//! its Chinese one. What the sheets say is read beside this, a file each.
//!
//! The seam for other kinds of files is [`Cells`]: whatever yields numbered rows of cells goes
//! through the same checks. Deliberately absent: opening files.

use super::area_sheet::{self, AreaCells};
use super::mistake::{Mistake, Wrong};
use super::route_sheet::{self, Known};
use super::sheet::{Cells, Column, Sheet, cells_of_csv};
use super::unit_sheet::{self, UnitCells};
use super::{County, Register, calendar_sheet, category_sheet, handbook_sheet};
use super::{member_sheet, settings_sheet};
use crate::calendar::Calendar;

/// Reads a workbook of CSV files; `file` yields the bytes of a sheet by its name.
pub fn read(file: &dyn Fn(&str) -> Option<Vec<u8>>) -> Result<County, Vec<Mistake>> {
    read_cells(&|sheet| file(sheet).map(|bytes| cells_of_csv(&bytes)))
}

/// Reads a workbook whose sheets are taken apart already; `cells` yields a sheet by its name.
pub fn read_cells(
    cells: &dyn Fn(&str) -> Option<Result<Cells, Wrong>>,
) -> Result<County, Vec<Mistake>> {
    let mistakes = &mut Vec::new();
    let mut open = |english, chinese, columns| match found(cells, english, chinese) {
        Some(cells) => sheet(english, columns, cells, mistakes),
        None => sheet(english, columns, Err(Wrong::MissingSheet), mistakes),
    };
    let settings = open("settings", "设置", settings_sheet::COLUMNS);
    let areas = open("areas", "区域", area_sheet::COLUMNS);
    let units = open("units", "单位", unit_sheet::COLUMNS);
    let members = open("members", "人员", member_sheet::COLUMNS);
    let categories = open("categories", "分类", category_sheet::COLUMNS);
    let mut open_optional = |english, chinese, columns| {
        sheet(english, columns, found(cells, english, chinese)?, mistakes)
    };
    let routes = open_optional("routes", "路由", route_sheet::COLUMNS);
    let days = open_optional("calendar", "日历", calendar_sheet::COLUMNS);
    let handbook = open_optional("handbook", "手册", handbook_sheet::COLUMNS);

    let (settings, bounds) =
        settings.map(|sheet| settings_sheet::read(&sheet, mistakes)).unwrap_or_default();
    let mut register = Register { settings, bounds, ..Register::default() };
    if let Some(sheet) = &areas {
        register.areas = area_sheet::read(sheet, bounds.as_ref(), mistakes);
    }
    let known_areas = areas.as_ref().map(|_| AreaCells::of(&register.areas));
    if let Some(sheet) = &units {
        register.units = unit_sheet::read(sheet, known_areas.as_ref(), members.as_ref(), mistakes);
    }
    let known_units = units.as_ref().map(|_| UnitCells::of(&register.units));
    if let Some(sheet) = &members {
        register.members =
            member_sheet::read(sheet, known_areas.as_ref(), known_units.as_ref(), mistakes);
    }
    if let Some(sheet) = &days {
        register.days = calendar_sheet::read(sheet, mistakes);
    }
    if let Some(sheet) = &categories {
        let calendar = Calendar::new(register.settings.hours.clone(), register.days.clone());
        let day_minutes = calendar.day_minutes();
        register.categories =
            category_sheet::read(sheet, known_units.as_ref(), day_minutes, mistakes);
    }
    if let Some(sheet) = &routes {
        let known = Known {
            areas: known_areas.as_ref(),
            units: known_units.as_ref(),
            members: members.as_ref().map(|_| register.members.as_slice()),
            categories: categories.as_ref().map(|_| register.categories.as_slice()),
        };
        register.rules = route_sheet::read(sheet, &known, mistakes);
    }
    if let Some(sheet) = &handbook {
        register.handbook = handbook_sheet::read(sheet, known_units.as_ref(), mistakes);
    }
    if mistakes.is_empty() { Ok(County::new(register)) } else { Err(std::mem::take(mistakes)) }
}

fn found(
    cells: &dyn Fn(&str) -> Option<Result<Cells, Wrong>>,
    english: &str,
    chinese: &str,
) -> Option<Result<Cells, Wrong>> {
    cells(english).or_else(|| cells(chinese))
}

fn sheet(
    name: &'static str,
    columns: &[Column],
    cells: Result<Cells, Wrong>,
    mistakes: &mut Vec<Mistake>,
) -> Option<Sheet> {
    match cells {
        Ok(cells) => Some(Sheet::of(name, cells, columns, mistakes)),
        Err(wrong) => {
            mistakes.push(Mistake { sheet: name, row: None, column: None, wrong });
            None
        }
    }
}

#[cfg(test)]
mod tests;
