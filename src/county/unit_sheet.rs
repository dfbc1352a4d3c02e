//! Reads the sheet `units`.
//!
//! Deliberately absent: people, except that a leader must be one of them.

use super::area_sheet::AreaCells;
use super::member_sheet;
use super::mistake::{Mistake, Wrong};
use super::sheet::{Column, Row, Sheet, Unique};
use super::unit::{Unit, UnitKind};
use std::collections::{HashMap, HashSet};

const CODE: Column = Column::required("code", "编码").short();
const NAME: Column = Column::required("name", "名称").short();
const KIND: Column = Column::required("kind", "类型");
const AREA: Column = Column::required("area", "区域");
const LEADER: Column = Column::optional("leader", "负责人");

/// The columns of the sheet.
pub(super) const COLUMNS: &[Column] = &[CODE, NAME, KIND, AREA, LEADER];

/// Reads all units, those with mistakes too, so that other sheets can be checked against them.
pub(super) fn read(
    sheet: &Sheet,
    areas: Option<&AreaCells<'_>>,
    members: Option<&Sheet>,
    mistakes: &mut Vec<Mistake>,
) -> Vec<Unit> {
    let people: Option<HashSet<&str>> =
        members.map(|members| member_sheet::names(members).collect());
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
                area: area.map_or_else(|| "".into(), |area| area.code.clone()),
                leader: leader.map(str::to_owned),
            });
        }
    }
    units
}

/// Units by what a cell may call them: the code or the name.
pub(super) struct UnitCells<'a>(HashMap<&'a str, &'a Unit>);

impl<'a> UnitCells<'a> {
    pub(super) fn of(units: &'a [Unit]) -> Self {
        let names = units.iter().map(|unit| (unit.name.as_str(), unit));
        Self(names.chain(units.iter().map(|unit| (unit.code.as_str(), unit))).collect())
    }

    /// The unit of that code or name.
    pub(super) fn get(&self, cell: &str) -> Option<&'a Unit> {
        self.0.get(cell).copied()
    }

    /// The unit that a cell names; none in a cell that names one is a mistake.
    pub(super) fn find(
        &self,
        row: Row<'_>,
        column: Column,
        mistakes: &mut Vec<Mistake>,
    ) -> Option<&'a Unit> {
        row.read(column, |cell| self.get(cell), Wrong::UnknownUnit, mistakes)
    }
}
