//! Reads the sheet `areas` and checks that it is one tree.
//!
//! Deliberately absent: the order of the rows matters nowhere; a parent may stand below its
//! children.

use super::area::{Area, AreaCode, Bounds, Level, Point};
use super::mistake::{Mistake, Wrong};
use super::sheet::{Column, Row, Sheet, Unique};
use std::collections::{HashMap, HashSet};

const CODE: Column = Column::required("code", "编码").short();
const NAME: Column = Column::required("name", "名称").short();
const PARENT: Column = Column::required("parent", "上级");
const LEVEL: Column = Column::required("level", "级别");
const LATITUDE: Column = Column::optional("latitude", "纬度");
const LONGITUDE: Column = Column::optional("longitude", "经度");
const ALIASES: Column = Column::optional("aliases", "别名");

/// The columns of the sheet.
pub(super) const COLUMNS: &[Column] = &[CODE, NAME, PARENT, LEVEL, LATITUDE, LONGITUDE, ALIASES];

/// Reads all areas, those with mistakes too, so that other sheets can be checked against them.
pub(super) fn read(
    sheet: &Sheet,
    bounds: Option<&Bounds>,
    mistakes: &mut Vec<Mistake>,
) -> Vec<Area> {
    let mut read: Vec<(Row<'_>, Area)> = Vec::new();
    let mut unique = Unique::default();
    for row in sheet.rows() {
        let code = row.code(CODE, mistakes);
        let name = row.required(NAME, mistakes);
        let level = row.word(LEVEL, Level::read, "县、乡镇、片区、村、网格", mistakes);
        let lat = row.number(LATITUDE, -90.0..=90.0, mistakes);
        let lon = row.number(LONGITUDE, -180.0..=180.0, mistakes);
        let point = lat.zip(lon).map(|(lat, lon)| Point { lat, lon });
        match (row.optional(LATITUDE), row.optional(LONGITUDE)) {
            (Some(_), None) => mistakes.push(row.mistake(LONGITUDE, Wrong::Empty)),
            (None, Some(_)) => mistakes.push(row.mistake(LATITUDE, Wrong::Empty)),
            _ => {}
        }
        if point.zip(bounds).is_some_and(|(point, bounds)| !bounds.contains(point)) {
            mistakes.push(row.mistake(LATITUDE, Wrong::OutsideBounds));
        }
        let Some(code) = code else { continue };
        unique.claim(row, CODE, code, mistakes);
        read.push((
            row,
            Area {
                code: code.into(),
                name: name.unwrap_or_default().to_owned(),
                parent: row.optional(PARENT).map(AreaCode::from),
                // A wrong level is told already; the lowest one causes no second mistake.
                level: level.unwrap_or(Level::Grid),
                point,
                aliases: row.list(ALIASES).map(str::to_owned).collect(),
            },
        ));
    }
    check_tree(sheet, &read, mistakes);
    read.into_iter().map(|(_, area)| area).collect()
}

fn check_tree(sheet: &Sheet, read: &[(Row<'_>, Area)], mistakes: &mut Vec<Mistake>) {
    let by_code: HashMap<&AreaCode, &Area> =
        read.iter().map(|(_, area)| (&area.code, area)).collect();
    let looping = areas_in_loops(&by_code);
    let mut root = None;
    for (row, area) in read {
        let Some(parent_code) = &area.parent else {
            match root {
                None => root = Some(&area.code),
                Some(_) => mistakes.push(row.mistake(PARENT, Wrong::SecondRoot)),
            }
            continue;
        };
        let Some(parent) = by_code.get(parent_code) else {
            mistakes.push(row.mistake(PARENT, Wrong::UnknownParent(parent_code.0.clone())));
            continue;
        };
        if looping.contains(&area.code) {
            mistakes.push(row.mistake(PARENT, Wrong::Loop));
            continue;
        }
        if !area.code.0.starts_with(&parent_code.0) || area.code == *parent_code {
            let code = area.code.0.clone();
            let wrong = Wrong::CodeNotUnderParent { code, parent: parent_code.0.clone() };
            mistakes.push(row.mistake(CODE, wrong));
        }
        if area.level < parent.level {
            mistakes.push(row.mistake(LEVEL, Wrong::LevelAboveParent));
        }
    }
    if root.is_none() {
        mistakes.push(sheet.mistake(Some(PARENT), Wrong::NoRoot));
    }
}

/// The areas that meet themselves on the way up; not those that merely hang below a loop.
fn areas_in_loops<'a>(by_code: &HashMap<&'a AreaCode, &'a Area>) -> HashSet<&'a AreaCode> {
    let mut looping = HashSet::new();
    let mut settled: HashSet<&AreaCode> = HashSet::new();
    for start in by_code.values() {
        let mut way: Vec<&'a AreaCode> = Vec::new();
        let mut next = Some(&start.code);
        while let Some(area) = next.and_then(|code| by_code.get(code)) {
            if settled.contains(&area.code) {
                break;
            }
            if let Some(again) = way.iter().position(|code| **code == area.code) {
                looping.extend(way.iter().skip(again).copied());
                break;
            }
            way.push(&area.code);
            next = area.parent.as_ref();
        }
        settled.extend(way);
    }
    looping
}

/// Areas by what a cell may call them: the code, or a name that only one of them has.
pub(super) struct AreaCells<'a>(HashMap<&'a str, Option<&'a Area>>);

impl<'a> AreaCells<'a> {
    pub(super) fn of(areas: &'a [Area]) -> Self {
        let mut cells: HashMap<&str, Option<&Area>> = HashMap::new();
        for area in areas {
            let same_name = cells.entry(&area.name);
            same_name.and_modify(|one| *one = None).or_insert(Some(area));
        }
        cells.extend(areas.iter().map(|area| (area.code.as_str(), Some(area))));
        Self(cells)
    }

    /// The area that a cell names; none is a mistake.
    pub(super) fn find(
        &self,
        row: Row<'_>,
        column: Column,
        cell: &str,
        mistakes: &mut Vec<Mistake>,
    ) -> Option<&'a Area> {
        let found = self.0.get(cell).copied().flatten();
        if found.is_none() {
            mistakes.push(row.mistake(column, Wrong::UnknownArea(cell.to_owned())));
        }
        found
    }
}
