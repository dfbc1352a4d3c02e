//! Reads the sheet `routes`: which needs go to whom. A county may do without it.
//!
//! Deliberately absent: whether two rules say the same; the first one counts.

use super::area_sheet::AreaCells;
use super::category::Category;
use super::category_sheet;
use super::hours::Hours;
use super::member::Member;
use super::mistake::{Mistake, Wrong};
use super::rule::{Rule, Target, read_channel};
use super::sheet::{Column, Row, Sheet, Unique};
use super::unit_sheet::UnitCells;
use std::collections::{HashMap, HashSet};

const NAME: Column = Column::required("name", "名称").short();
const CATEGORIES: Column = Column::optional("categories", "分类");
const AREA: Column = Column::optional("area", "区域");
const HOURS: Column = Column::optional("hours", "时段");
const CHANNEL: Column = Column::optional("channel", "渠道");
const SKILL: Column = Column::optional("skill", "技能");
const TARGET: Column = Column::required("target", "派给");

/// The columns of the sheet.
pub(super) const COLUMNS: &[Column] = &[NAME, CATEGORIES, AREA, HOURS, CHANNEL, SKILL, TARGET];

/// What rules may name, each as far as its sheet is there.
pub(super) struct Known<'a> {
    pub(super) areas: Option<&'a AreaCells<'a>>,
    pub(super) units: Option<&'a UnitCells<'a>>,
    pub(super) members: Option<&'a [Member]>,
    pub(super) categories: Option<&'a [Category]>,
}

/// Reads all rules.
pub(super) fn read(sheet: &Sheet, known: &Known<'_>, mistakes: &mut Vec<Mistake>) -> Vec<Rule> {
    let categories = known.categories.map(category_sheet::cells);
    let names: Option<HashSet<&str>> =
        known.members.map(|members| members.iter().map(|member| member.name.as_str()).collect());
    let skills: Option<HashSet<&str>> = known
        .members
        .map(|members| members.iter().flat_map(|one| &one.skills).map(String::as_str).collect());
    let mut unique = Unique::default();
    let mut rules = Vec::new();
    for row in sheet.rows() {
        let name = row.required(NAME, mistakes);
        if let Some(name) = name {
            unique.claim(row, NAME, name, mistakes);
        }
        let area = row.optional(AREA).zip(known.areas);
        let area = area.and_then(|(cell, areas)| areas.find(row, AREA, cell, mistakes));
        let hours = row.read(HOURS, Hours::read, Wrong::BadHours, mistakes);
        let channel = row.optional(CHANNEL).and_then(|_| {
            let allowed = "微信、网格、热线、来访、说事箱、信箱、接访、接口、邮件";
            row.word(CHANNEL, read_channel, allowed, mistakes)
        });
        let is_known = |skill: &str| skills.as_ref().is_none_or(|known| known.contains(skill));
        let skill = |cell: &str| is_known(cell).then(|| cell.to_owned());
        let skill = row.read(SKILL, skill, Wrong::UnknownSkill, mistakes);
        let categories = read_categories(row, categories.as_ref(), mistakes);
        let target = read_target(row, known.units, names.as_ref(), mistakes);
        let (Some(name), Some(target)) = (name, target) else { continue };
        rules.push(Rule {
            name: name.to_owned(),
            categories,
            area: area.map(|area| area.code.clone()),
            hours,
            channel: channel.map(str::to_owned),
            skill,
            target,
        });
    }
    rules
}

fn read_categories(
    row: Row<'_>,
    known: Option<&HashMap<&str, &str>>,
    mistakes: &mut Vec<Mistake>,
) -> Vec<String> {
    let Some(known) = known else { return Vec::new() };
    let mut codes: Vec<String> = Vec::new();
    for cell in row.list(CATEGORIES) {
        match known.get(cell) {
            Some(code) if codes.iter().any(|known| known == code) => {}
            Some(code) => codes.push((*code).to_owned()),
            None => mistakes.push(row.mistake(CATEGORIES, Wrong::UnknownCategory(cell.to_owned()))),
        }
    }
    codes
}

fn read_target(
    row: Row<'_>,
    units: Option<&UnitCells<'_>>,
    members: Option<&HashSet<&str>>,
    mistakes: &mut Vec<Mistake>,
) -> Option<Target> {
    row.required(TARGET, mistakes)?;
    let (units, members) = units.zip(members)?;
    let read = |cell: &str| {
        let unit = || units.get(cell).map(|unit| Target::Unit(unit.code.clone()));
        let member = || members.contains(cell).then(|| Target::Member(cell.to_owned()));
        Target::read(cell).or_else(unit).or_else(member)
    };
    row.read(TARGET, read, Wrong::UnknownTarget, mistakes)
}
