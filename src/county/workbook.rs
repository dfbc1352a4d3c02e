//! Reads a county from a workbook: sheets `settings areas units members categories`.
//!
//! All rows are read and checked before anything is believed: the answer is a county without
//! contradictions or the list of every mistake. A sheet is asked for by its English name, then by
//! its Chinese one.
//!
//! The seam for other kinds of files is [`Cells`]: whatever yields numbered rows of cells goes
//! through the same checks. Deliberately absent: opening files, and sheets other than these.

use super::area_sheet::{self, AreaCells};
use super::category::{Category, Keyword};
use super::member::{Member, Role};
use super::mistake::{Mistake, Wrong};
use super::settings_sheet;
use super::sheet::{Cells, Column, Row, Sheet, Unique, cells_of_csv};
use super::unit::{Unit, UnitKind};
use super::words;
use super::{County, Register};
use std::collections::{HashMap, HashSet};

const CODE: Column = Column::required("code", "编码");
const NAME: Column = Column::required("name", "名称");
const PERSON: Column = Column::required("name", "姓名");
const KIND: Column = Column::required("kind", "类型");
const AREA: Column = Column::required("area", "区域");
const LEADER: Column = Column::optional("leader", "负责人");
const ROLE: Column = Column::required("role", "角色");
const UNIT: Column = Column::optional("unit", "单位");
const PHONE: Column = Column::optional("phone", "电话");
const HINT: Column = Column::required("hint", "说明");
const KEYWORDS: Column = Column::required("keywords", "关键词");
const CONFIDENTIAL: Column = Column::optional("confidential", "保密");
const MODULE: Column = Column::optional("module", "专项");
const ENABLED: Column = Column::optional("enabled", "启用");
const AUTO: Column = Column::optional("auto", "自动派单");
const CHECKER: Column = Column::optional("checker", "需核实");
const FOUR_ORDER: Column = Column::optional("four_order", "四单制");
const NEEDS_PHOTO: Column = Column::optional("needs_photo", "需照片");

/// The columns of the sheet `units`.
pub(super) const UNITS: &[Column] = &[CODE, NAME, KIND, AREA, LEADER];
/// The columns of the sheet `members`.
pub(super) const MEMBERS: &[Column] =
    &[PERSON, ROLE, Column { required: false, ..AREA }, UNIT, PHONE];
/// The columns of the sheet `categories`.
pub(super) const CATEGORIES: &[Column] = &[
    CODE,
    NAME,
    HINT,
    KEYWORDS,
    CONFIDENTIAL,
    MODULE,
    ENABLED,
    AUTO,
    UNIT,
    CHECKER,
    FOUR_ORDER,
    NEEDS_PHOTO,
];

/// Reads a workbook of CSV files; `file` yields the bytes of a sheet by its name.
pub fn read(file: &dyn Fn(&str) -> Option<Vec<u8>>) -> Result<County, Vec<Mistake>> {
    read_cells(&|sheet| file(sheet).map(|bytes| cells_of_csv(&bytes)))
}

/// Reads a workbook of whatever yields the cells of a sheet by its name.
pub fn read_cells(
    cells: &dyn Fn(&str) -> Option<Result<Cells, Wrong>>,
) -> Result<County, Vec<Mistake>> {
    let mistakes = &mut Vec::new();
    let mut open = |english: &'static str, chinese: &str, columns: &[Column]| {
        let found = cells(english).or_else(|| cells(chinese)).unwrap_or(Err(Wrong::MissingSheet));
        match found {
            Ok(cells) => Some(Sheet::of(english, cells, columns, mistakes)),
            Err(wrong) => {
                mistakes.push(Mistake { sheet: english, row: None, column: None, wrong });
                None
            }
        }
    };
    let settings = open("settings", "设置", settings_sheet::COLUMNS);
    let areas = open("areas", "区域", area_sheet::COLUMNS);
    let units = open("units", "单位", UNITS);
    let members = open("members", "人员", MEMBERS);
    let categories = open("categories", "分类", CATEGORIES);

    let (settings, bounds) =
        settings.map(|sheet| settings_sheet::read(&sheet, mistakes)).unwrap_or_default();
    let mut register = Register { settings, bounds, ..Register::default() };
    if let Some(sheet) = &areas {
        register.areas = area_sheet::read(sheet, bounds.as_ref(), mistakes);
    }
    let known_areas = areas.as_ref().map(|_| AreaCells::of(&register.areas));
    if let Some(sheet) = &units {
        register.units = read_units(sheet, known_areas.as_ref(), members.as_ref(), mistakes);
    }
    let known_units = units.as_ref().map(|_| unit_cells(&register.units));
    if let Some(sheet) = &members {
        register.members =
            read_members(sheet, known_areas.as_ref(), known_units.as_ref(), mistakes);
    }
    if let Some(sheet) = &categories {
        register.categories = read_categories(sheet, known_units.as_ref(), mistakes);
    }
    if mistakes.is_empty() { Ok(County::new(register)) } else { Err(std::mem::take(mistakes)) }
}

fn unit_cells(units: &[Unit]) -> HashMap<&str, &str> {
    let names = units.iter().map(|unit| (unit.name.as_str(), unit.code.as_str()));
    names.chain(units.iter().map(|unit| (unit.code.as_str(), unit.code.as_str()))).collect()
}

/// The code of the unit that a row names. Without a sheet of units, nothing can be said.
fn unit_of(
    row: Row<'_>,
    units: Option<&HashMap<&str, &str>>,
    mistakes: &mut Vec<Mistake>,
) -> Option<String> {
    let (cell, units) = row.optional(UNIT).zip(units)?;
    let found = units.get(cell).map(|code| (*code).to_owned());
    if found.is_none() {
        mistakes.push(row.mistake(UNIT, Wrong::UnknownUnit(cell.to_owned())));
    }
    found
}

fn read_units(
    sheet: &Sheet,
    areas: Option<&AreaCells<'_>>,
    members: Option<&Sheet>,
    mistakes: &mut Vec<Mistake>,
) -> Vec<Unit> {
    let people: Option<HashSet<&str>> =
        members.map(|members| members.rows().map(|row| row.text(PERSON)).collect());
    let (mut codes, mut names) = (Unique::default(), Unique::default());
    let mut units = Vec::new();
    for row in sheet.rows() {
        let code = row.code(CODE, mistakes);
        let name = row.required(NAME, mistakes);
        let kind = row.word(KIND, UnitKind::read, "部门、站、队", mistakes);
        let area = row.required(AREA, mistakes).zip(areas);
        let area = area.and_then(|(cell, areas)| areas.find(row, AREA, cell, mistakes));
        let leader = row.optional(LEADER);
        if let (Some(leader), Some(people)) = (leader, &people)
            && !people.contains(leader)
        {
            mistakes.push(row.mistake(LEADER, Wrong::UnknownMember(leader.to_owned())));
        }
        if let Some(code) = code {
            codes.claim(row, CODE, code, mistakes);
        }
        if let Some(name) = name {
            names.claim(row, NAME, name, mistakes);
        }
        // A unit with a mistake elsewhere in its row still exists for those who name it.
        if let (Some(code), Some(name)) = (code, name) {
            units.push(Unit {
                code: code.to_owned(),
                name: name.to_owned(),
                kind: kind.unwrap_or(UnitKind::Department),
                area: area.unwrap_or_else(|| "".into()),
                leader: leader.map(str::to_owned),
            });
        }
    }
    units
}

fn read_members(
    sheet: &Sheet,
    areas: Option<&AreaCells<'_>>,
    units: Option<&HashMap<&str, &str>>,
    mistakes: &mut Vec<Mistake>,
) -> Vec<Member> {
    let mut names = Unique::default();
    let mut members = Vec::new();
    for row in sheet.rows() {
        let name = row.required(PERSON, mistakes);
        let role = row.word(
            ROLE,
            Role::read,
            "党员、网格员、网格长、负责人、队长、值班员、督办员",
            mistakes,
        );
        let area = row.optional(AREA).zip(areas);
        let area = area.and_then(|(cell, areas)| areas.find(row, AREA, cell, mistakes));
        let unit = unit_of(row, units, mistakes);
        let phone = row.optional(PHONE);
        let digits = phone.and_then(words::phone_in);
        if let (Some(cell), None) = (phone, &digits) {
            mistakes.push(row.mistake(PHONE, Wrong::BadPhone(cell.to_owned())));
        }
        let Some(name) = name else { continue };
        names.claim(row, PERSON, name, mistakes);
        members.extend(role.map(|role| Member {
            name: name.to_owned(),
            role,
            area,
            unit,
            phone: digits,
        }));
    }
    members
}

fn read_categories(
    sheet: &Sheet,
    units: Option<&HashMap<&str, &str>>,
    mistakes: &mut Vec<Mistake>,
) -> Vec<Category> {
    let (mut codes, mut names) = (Unique::default(), Unique::default());
    let mut categories = Vec::new();
    for row in sheet.rows() {
        let code = row.code(CODE, mistakes);
        let name = row.required(NAME, mistakes);
        let hint = row.required(HINT, mistakes);
        let unit = unit_of(row, units, mistakes);
        let auto = row.yes(AUTO, false, mistakes);
        if auto && row.optional(UNIT).is_none() {
            // Without an operator and without a unit, nobody would ever handle it.
            mistakes.push(row.mistake(UNIT, Wrong::Empty));
        }
        if let Some(code) = code {
            codes.claim(row, CODE, code, mistakes);
        }
        if let Some(name) = name {
            names.claim(row, NAME, name, mistakes);
        }
        categories.push(Category {
            code: code.unwrap_or_default().to_owned(),
            name: name.unwrap_or_default().to_owned(),
            hint: hint.unwrap_or_default().to_owned(),
            keywords: row.list(KEYWORDS).filter_map(Keyword::read).collect(),
            confidential: row.yes(CONFIDENTIAL, false, mistakes),
            module: row.optional(MODULE).map(str::to_owned),
            enabled: row.yes(ENABLED, true, mistakes),
            auto,
            unit,
            checker: row.yes(CHECKER, true, mistakes),
            four_order: row.yes(FOUR_ORDER, false, mistakes),
            needs_photo: row.yes(NEEDS_PHOTO, false, mistakes),
        });
    }
    categories
}
