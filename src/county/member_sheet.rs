//! Reads the sheet `members`.
//!
//! Deliberately absent: phones that are bound, which no sheet knows.

use super::area::Level;
use super::area_sheet::AreaCells;
use super::hours::Hours;
use super::member::{Leave, Member, Role};
use super::mistake::{Mistake, Wrong};
use super::sheet::{Column, Row, Sheet, Unique};
use super::unit_sheet::UnitCells;
use super::words;

const PERSON: Column = Column::required("name", "姓名").short();
const ROLE: Column = Column::required("role", "角色");
const AREA: Column = Column::optional("area", "区域");
const UNIT: Column = Column::optional("unit", "单位");
const PHONE: Column = Column::optional("phone", "电话");
const SKILLS: Column = Column::optional("skills", "技能");
const DUTY: Column = Column::optional("duty", "值班时段");
const LEAVE: Column = Column::optional("leave", "请假");
const MAX_LOAD: Column = Column::optional("max_load", "最多");

/// The columns of the sheet.
pub(super) const COLUMNS: &[Column] =
    &[PERSON, ROLE, AREA, UNIT, PHONE, SKILLS, DUTY, LEAVE, MAX_LOAD];

/// A leave may be long, such as for a child; a longer one is a slip in the year.
const LONGEST_LEAVE: i64 = 366;
/// Whoever is to take more tickets at a time than this has no limit.
const MOST_LOAD: u32 = 999;

/// The names in a sheet of members.
pub(super) fn names(sheet: &Sheet) -> impl Iterator<Item = &str> {
    sheet.rows().map(|row| row.text(PERSON))
}

/// Reads all members.
pub(super) fn read(
    sheet: &Sheet,
    areas: Option<&AreaCells<'_>>,
    units: Option<&UnitCells<'_>>,
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
        if role == Some(Role::GridHead) {
            row.required(AREA, mistakes);
        }
        let area = row.optional(AREA).zip(areas);
        let area = area.and_then(|(cell, areas)| areas.find(row, AREA, cell, mistakes));
        if let (Some(Role::GridHead), Some(area)) = (role, area)
            && area.level < Level::Village
        {
            mistakes.push(row.mistake(AREA, Wrong::GridHeadElsewhere(area.name.clone())));
        }
        let unit = units.and_then(|units| units.find(row, UNIT, mistakes));
        let phone = row.read(PHONE, words::phone_in, Wrong::BadPhone, mistakes);
        let duty = row.read(DUTY, Hours::read, Wrong::BadHours, mistakes);
        let leave = row.days(LEAVE, LONGEST_LEAVE, mistakes);
        let max_load = row.read(MAX_LOAD, read_load, Wrong::BadLoad, mistakes);
        let Some(name) = name else { continue };
        names.claim(row, PERSON, name, mistakes);
        // A member with a mistake elsewhere in the row still exists for those who name them.
        members.push(Member {
            name: name.to_owned(),
            role: role.unwrap_or(Role::Member),
            area: area.map(|area| area.code.clone()),
            unit: unit.map(|unit| unit.code.clone()),
            phone,
            skills: skills(row),
            duty,
            leave: leave.map(|(from, until)| Leave { from, until }),
            max_load,
        });
    }
    members
}

fn read_load(cell: &str) -> Option<u32> {
    cell.parse().ok().filter(|load| (1..=MOST_LOAD).contains(load))
}

/// The skills in the order of the cell, each once.
fn skills(row: Row<'_>) -> Vec<String> {
    let mut skills: Vec<String> = Vec::new();
    for skill in row.list(SKILLS) {
        if !skills.iter().any(|known| known == skill) {
            skills.push(skill.to_owned());
        }
    }
    skills
}
