//! The county: its areas, units, members, categories, rules, days, handbook and settings, and what
//! can be told from them.
//!
//! [`County`] is read once from a [`workbook`] (or [`demo`]) and then only looked at. On it stand
//! [`gazetteer`] (which area does a sentence or a point mean) and [`guess`] (what is it about);
//! [`words`] judges a text by itself. All of it is pure: values in, values out, and every text is
//! answered.
//!
//! It promises that lookups by code and by name do not walk the tree: a county may have thousands
//! of grids, and every message asks.
//!
//! Deliberately absent: deadlines, and who is bound to which openid.

pub mod area;
pub mod category;
pub mod changes;
pub mod dates;
pub mod demo;
pub mod forms;
pub mod gazetteer;
pub mod guess;
pub mod handbook;
pub mod hours;
pub mod member;
pub mod revision;
pub mod route;
pub mod rule;
pub mod settings;
pub mod unit;
pub mod words;
pub mod workbook;
pub mod written;

mod area_names;
mod area_sheet;
mod calendar_sheet;
mod category_sheet;
mod handbook_sheet;
mod lexicon;
mod member_sheet;
mod mistake;
mod route_sheet;
mod settings_sheet;
mod sheet;
mod spoiled;
mod spots;
#[cfg(test)]
mod tests;
mod unit_sheet;

pub use area::{Area, AreaCode, Bounds, Level, Point};
pub use category::{Category, Keyword, Limits};
pub use handbook::Howto;
pub use hours::Hours;
pub use member::{Leave, Member, Role};
pub use mistake::{Mistake, Wrong};
pub use rule::{Rule, Target};
pub use settings::{EmergencyNumbers, Settings};
pub use sheet::{Cells, Column, cells_of_csv};
pub use spoiled::Spoiled;
pub use unit::{Unit, UnitKind};

use crate::calendar::{Calendar, Special};
use area_names::AreaNames;
use chrono::NaiveDate;
use lexicon::Lexicon;
use std::collections::{BTreeMap, HashMap};

/// Everything a county consists of, before it is indexed.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Register {
    /// What the county says about itself.
    pub settings: Settings,
    /// The rectangle it lies in; without it, points are judged by the nearest area alone.
    pub bounds: Option<Bounds>,
    /// Areas in the order of the sheet.
    pub areas: Vec<Area>,
    /// Units in the order of the sheet.
    pub units: Vec<Unit>,
    /// Members in the order of the sheet.
    pub members: Vec<Member>,
    /// Categories in the order of the sheet, the commonest first.
    pub categories: Vec<Category>,
    /// Which needs go to whom; the first that fits counts.
    pub rules: Vec<Rule>,
    /// Holidays and make-up working days that the county itself speaks of.
    pub days: BTreeMap<NaiveDate, Special>,
    /// How residents get something done.
    pub handbook: Vec<Howto>,
}

/// A county, indexed.
#[derive(Debug, Clone)]
pub struct County {
    register: Register,
    area_by_code: HashMap<AreaCode, usize>,
    children: HashMap<AreaCode, Vec<usize>>,
    unit_by_code: HashMap<String, usize>,
    unit_by_name: HashMap<String, usize>,
    unit_by_leader: HashMap<String, usize>,
    station_by_area: HashMap<AreaCode, usize>,
    member_by_name: HashMap<String, usize>,
    members_by_area: HashMap<AreaCode, Vec<usize>>,
    members_by_unit: HashMap<String, Vec<usize>>,
    category_by_code: HashMap<String, usize>,
    calendar: Calendar,
    names: AreaNames,
    lexicon: Lexicon,
}

impl PartialEq for County {
    fn eq(&self, other: &Self) -> bool {
        // The rest follows from the register.
        self.register == other.register
    }
}

impl County {
    /// Indexes a register. Total: of two records with one code the first counts, and an unknown
    /// parent makes a root; [`workbook::read`] refuses both before they get here.
    pub fn new(register: Register) -> Self {
        let Register { settings, areas, units, members, categories, days, .. } = &register;
        Self {
            area_by_code: first_by(areas, |area| Some(area.code.clone())),
            children: all_by(areas, |area| area.parent.clone()),
            unit_by_code: first_by(units, |unit| Some(unit.code.clone())),
            unit_by_name: first_by(units, |unit| Some(unit.name.clone())),
            unit_by_leader: first_by(units, |unit| unit.leader.clone()),
            station_by_area: first_by(units, |unit| {
                (unit.kind == UnitKind::Station).then(|| unit.area.clone())
            }),
            member_by_name: first_by(members, |member| Some(member.name.clone())),
            members_by_area: all_by(members, |member| member.area.clone()),
            members_by_unit: all_by(members, |member| member.unit.clone()),
            category_by_code: first_by(categories, |category| Some(category.code.clone())),
            calendar: Calendar::new(settings.hours.clone(), days.clone()),
            names: AreaNames::of(areas),
            lexicon: Lexicon::of(categories),
            register,
        }
    }

    /// Everything the county consists of.
    pub fn register(&self) -> &Register {
        &self.register
    }

    /// The county's own area: the first without a parent.
    pub fn root(&self) -> Option<&Area> {
        self.register.areas.iter().find(|area| area.parent.is_none())
    }

    /// The county's name as residents read it.
    pub fn name(&self) -> &str {
        &self.register.settings.county_name
    }

    /// The code of the county's own area.
    pub fn code(&self) -> Option<&AreaCode> {
        self.root().map(|area| &area.code)
    }

    /// The rectangle it lies in.
    pub fn bounds(&self) -> Option<&Bounds> {
        self.register.bounds.as_ref()
    }

    /// What the county says about itself.
    pub fn settings(&self) -> &Settings {
        &self.register.settings
    }

    /// All areas in the order of the sheet.
    pub fn areas(&self) -> &[Area] {
        &self.register.areas
    }

    /// All units in the order of the sheet.
    pub fn units(&self) -> &[Unit] {
        &self.register.units
    }

    /// All members in the order of the sheet.
    pub fn members(&self) -> &[Member] {
        &self.register.members
    }

    /// All categories in the order of the sheet, also those that are switched off.
    pub fn categories(&self) -> &[Category] {
        &self.register.categories
    }

    /// Which needs go to whom, in the order of the sheet.
    pub fn rules(&self) -> &[Rule] {
        &self.register.rules
    }

    /// When the county works.
    pub fn calendar(&self) -> &Calendar {
        &self.calendar
    }

    /// How residents get something done, in the order of the sheet.
    pub fn handbook(&self) -> &[Howto] {
        &self.register.handbook
    }

    /// The area with this code.
    pub fn area(&self, code: &AreaCode) -> Option<&Area> {
        self.register.areas.get(*self.area_by_code.get(code)?)
    }

    /// The area with this code or, where it is gone, the next one above that is still there: a code
    /// extends its parent's. None for a code of somewhere else.
    pub fn nearest_area(&self, code: &AreaCode) -> Option<&Area> {
        let mut code = code.clone();
        while !code.0.is_empty() {
            if let Some(area) = self.area(&code) {
                return Some(area);
            }
            code.0.pop();
        }
        None
    }

    /// The unit with this code.
    pub fn unit(&self, code: &str) -> Option<&Unit> {
        self.register.units.get(*self.unit_by_code.get(code)?)
    }

    /// The unit with this name.
    pub fn unit_named(&self, name: &str) -> Option<&Unit> {
        self.register.units.get(*self.unit_by_name.get(name)?)
    }

    /// The unit that this member leads, the first of several.
    pub fn unit_led_by(&self, member: &str) -> Option<&Unit> {
        self.register.units.get(*self.unit_by_leader.get(member)?)
    }

    /// The station that serves an area: its own or that of the nearest area above it.
    pub fn station_of(&self, area: &AreaCode) -> Option<&Unit> {
        let path = self.path(area);
        let station = path.iter().rev().find_map(|area| self.station_by_area.get(&area.code))?;
        self.register.units.get(*station)
    }

    /// The member with this name.
    pub fn member(&self, name: &str) -> Option<&Member> {
        self.register.members.get(*self.member_by_name.get(name)?)
    }

    /// The members whose own area is exactly this one, in the order of the sheet.
    pub fn members_of(&self, area: &AreaCode) -> impl Iterator<Item = &Member> {
        chosen(&self.register.members, self.members_by_area.get(area))
    }

    /// The members of a unit, its leader first, wherever else the leader may belong.
    pub fn members_of_unit(&self, code: &str) -> impl Iterator<Item = &Member> {
        let leader = self.unit(code).and_then(|unit| unit.leader.as_deref());
        let first = leader.and_then(|leader| self.member(leader));
        let others = chosen(&self.register.members, self.members_by_unit.get(code));
        first.into_iter().chain(others.filter(move |member| Some(member.name.as_str()) != leader))
    }

    /// The category with this code, also one that is switched off.
    pub fn category(&self, code: &str) -> Option<&Category> {
        self.register.categories.get(*self.category_by_code.get(code)?)
    }

    /// The areas directly below, in the order of the sheet.
    pub fn children(&self, code: &AreaCode) -> impl Iterator<Item = &Area> {
        chosen(&self.register.areas, self.children.get(code))
    }

    /// The way from the county down to an area, the area itself last; empty for an unknown code.
    pub fn path(&self, code: &AreaCode) -> Vec<&Area> {
        let mut path = Vec::new();
        let mut next = self.area(code);
        while let Some(area) = next {
            // A register that was never checked may hold a loop.
            if path.len() > self.register.areas.len() {
                break;
            }
            path.push(area);
            next = area.parent.as_ref().and_then(|parent| self.area(parent));
        }
        path.reverse();
        path
    }

    /// Whether an area is `ancestor` or lies in it.
    pub fn is_within(&self, code: &AreaCode, ancestor: &AreaCode) -> bool {
        self.path(code).iter().any(|area| area.code == *ancestor)
    }

    /// Whether naming this area answers "where?".
    pub fn is_precise(&self, code: &AreaCode) -> bool {
        self.area(code).is_some_and(Area::is_precise)
    }

    /// The names from below the county down to an area, for people: 王庄乡 王庄村.
    ///
    /// A grid's name usually repeats its village's, so what a name begins with is not said twice,
    /// and what lies between township and village is left out.
    pub fn spoken_path(&self, code: &AreaCode) -> String {
        let mut names: Vec<&str> = Vec::new();
        for area in self.path(code) {
            if matches!(area.level, Level::County | Level::Community) && area.code != *code {
                continue;
            }
            if names.last().is_some_and(|last| area.name.starts_with(last)) {
                names.pop();
            }
            names.push(&area.name);
        }
        names.join(" ")
    }

    fn names(&self) -> &AreaNames {
        &self.names
    }

    fn lexicon(&self) -> &Lexicon {
        &self.lexicon
    }
}

/// The first record of each key.
fn first_by<Record, Key: std::hash::Hash + Eq>(
    records: &[Record],
    key: impl Fn(&Record) -> Option<Key>,
) -> HashMap<Key, usize> {
    let mut index = HashMap::with_capacity(records.len());
    for (position, record) in records.iter().enumerate() {
        if let Some(key) = key(record) {
            index.entry(key).or_insert(position);
        }
    }
    index
}

/// All records of each key, in their order.
fn all_by<Record, Key: std::hash::Hash + Eq>(
    records: &[Record],
    key: impl Fn(&Record) -> Option<Key>,
) -> HashMap<Key, Vec<usize>> {
    let mut index: HashMap<Key, Vec<usize>> = HashMap::new();
    for (position, record) in records.iter().enumerate() {
        if let Some(key) = key(record) {
            index.entry(key).or_default().push(position);
        }
    }
    index
}

fn chosen<'a, Record>(
    records: &'a [Record],
    positions: Option<&'a Vec<usize>>,
) -> impl Iterator<Item = &'a Record> {
    positions.into_iter().flatten().filter_map(|position| records.get(*position))
}
