//! The county: its areas, units, members, categories and settings, and what can be told from them.
//!
//! [`County`] is read once from a [`workbook`] (or [`demo`]) and then only looked at. On it stand
//! [`gazetteer`] (which area does a sentence or a point mean) and [`guess`] (what is it about);
//! [`words`] judges a text by itself. All of it is pure: values in, values out, and every text is
//! answered.
//!
//! It promises that lookups by code and by name do not walk the tree: a county may have thousands
//! of grids, and every message asks.
//!
//! Deliberately absent: working hours and deadlines, routes, and who is bound to which openid.

pub mod area;
pub mod category;
pub mod changes;
pub mod demo;
pub mod forms;
pub mod gazetteer;
pub mod guess;
pub mod member;
pub mod settings;
pub mod unit;
pub mod words;
pub mod workbook;

mod area_names;
mod area_sheet;
mod lexicon;
mod mistake;
mod settings_sheet;
mod sheet;
mod spoiled;
mod spots;

pub use area::{Area, AreaCode, Bounds, Level, Point};
pub use category::{Category, Keyword};
pub use member::{Member, Role};
pub use mistake::{Mistake, Wrong};
pub use settings::{EmergencyNumbers, Settings};
pub use sheet::{Cells, Column, cells_of_csv};
pub use spoiled::Spoiled;
pub use unit::{Unit, UnitKind};

use area_names::AreaNames;
use lexicon::Lexicon;
use std::collections::HashMap;

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
}

/// A county, indexed.
#[derive(Debug, Clone)]
pub struct County {
    register: Register,
    area_by_code: HashMap<AreaCode, usize>,
    children: HashMap<AreaCode, Vec<usize>>,
    unit_by_code: HashMap<String, usize>,
    unit_by_name: HashMap<String, usize>,
    member_by_name: HashMap<String, usize>,
    members_by_area: HashMap<AreaCode, Vec<usize>>,
    category_by_code: HashMap<String, usize>,
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
        let mut children: HashMap<AreaCode, Vec<usize>> = HashMap::new();
        for (index, area) in register.areas.iter().enumerate() {
            if let Some(parent) = &area.parent {
                children.entry(parent.clone()).or_default().push(index);
            }
        }
        let mut members_by_area: HashMap<AreaCode, Vec<usize>> = HashMap::new();
        for (index, member) in register.members.iter().enumerate() {
            if let Some(area) = &member.area {
                members_by_area.entry(area.clone()).or_default().push(index);
            }
        }
        Self {
            area_by_code: first_by(&register.areas, |area| area.code.clone()),
            children,
            unit_by_code: first_by(&register.units, |unit| unit.code.clone()),
            unit_by_name: first_by(&register.units, |unit| unit.name.clone()),
            member_by_name: first_by(&register.members, |member| member.name.clone()),
            members_by_area,
            category_by_code: first_by(&register.categories, |category| category.code.clone()),
            names: AreaNames::of(&register.areas),
            lexicon: Lexicon::of(&register.categories),
            register,
        }
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

    /// The area with this code.
    pub fn area(&self, code: &AreaCode) -> Option<&Area> {
        self.register.areas.get(*self.area_by_code.get(code)?)
    }

    /// The unit with this code.
    pub fn unit(&self, code: &str) -> Option<&Unit> {
        self.register.units.get(*self.unit_by_code.get(code)?)
    }

    /// The unit with this name.
    pub fn unit_named(&self, name: &str) -> Option<&Unit> {
        self.register.units.get(*self.unit_by_name.get(name)?)
    }

    /// The member with this name.
    pub fn member(&self, name: &str) -> Option<&Member> {
        self.register.members.get(*self.member_by_name.get(name)?)
    }

    /// The members whose own area is exactly this one, in the order of the sheet.
    pub fn members_of(&self, area: &AreaCode) -> impl Iterator<Item = &Member> {
        let indexes = self.members_by_area.get(area).map_or(&[][..], Vec::as_slice);
        indexes.iter().filter_map(|index| self.register.members.get(*index))
    }

    /// The category with this code, also one that is switched off.
    pub fn category(&self, code: &str) -> Option<&Category> {
        self.register.categories.get(*self.category_by_code.get(code)?)
    }

    /// The areas directly below, in the order of the sheet.
    pub fn children(&self, code: &AreaCode) -> impl Iterator<Item = &Area> {
        let indexes = self.children.get(code).map_or(&[][..], Vec::as_slice);
        indexes.iter().filter_map(|index| self.register.areas.get(*index))
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

fn first_by<Record, Key: std::hash::Hash + Eq>(
    records: &[Record],
    key: impl Fn(&Record) -> Key,
) -> HashMap<Key, usize> {
    let mut index = HashMap::with_capacity(records.len());
    for (position, record) in records.iter().enumerate() {
        index.entry(key(record)).or_insert(position);
    }
    index
}

#[cfg(test)]
mod tests {
    use super::*;

    fn area(code: &str, parent: Option<&str>) -> Area {
        Area {
            code: code.into(),
            name: code.to_owned(),
            parent: parent.map(AreaCode::from),
            level: Level::Village,
            point: None,
            aliases: vec![],
        }
    }

    #[test]
    fn a_loop_in_an_unchecked_register_does_not_hang() {
        let areas = vec![area("1", Some("2")), area("2", Some("1"))];
        let county = County::new(Register { areas, ..Register::default() });
        assert!(county.path(&"1".into()).len() >= 2);
        assert!(county.root().is_none());
    }

    #[test]
    fn a_path_runs_from_the_county_to_the_grid() {
        let county = demo::county();
        let path = county.path(&"130699201201001".into());
        let names: Vec<&str> = path.iter().map(|area| area.name.as_str()).collect();
        assert_eq!(names, ["云溪县", "王庄乡", "王庄片区", "王庄村", "王庄村第1网格"]);
        assert!(county.path(&"999".into()).is_empty());
    }

    #[test]
    fn an_area_is_within_itself_and_its_ancestors_only() {
        let county = demo::county();
        let village = AreaCode::from("130699201201");
        assert!(county.is_within(&village, &village));
        assert!(county.is_within(&village, &"130699".into()));
        assert!(!county.is_within(&"130699".into(), &village));
        assert!(!county.is_within(&"130699201202".into(), &village));
    }

    #[test]
    fn people_hear_township_and_village_once() {
        let county = demo::county();
        assert_eq!(county.spoken_path(&"130699201201".into()), "王庄乡 王庄村");
        assert_eq!(county.spoken_path(&"130699201201001".into()), "王庄乡 王庄村第1网格");
        assert_eq!(county.spoken_path(&"130699".into()), "云溪县");
    }

    #[test]
    fn eight_thousand_grids_are_indexed_and_found() {
        let mut areas = vec![area("1", None)];
        areas.extend((0..8073).map(|n| area(&format!("1{n:05}"), Some("1"))));
        let county = County::new(Register { areas, ..Register::default() });
        assert_eq!(county.children(&"1".into()).count(), 8073);
        assert!(county.is_within(&"108072".into(), &"1".into()));
    }
}
