//! What an import would change: how many records come, go and become different.
//!
//! Deliberately absent: which ones. Names are people's, and the command's output is kept in logs.

use super::{County, Leave, Member, Register};
use crate::calendar::Special;
use chrono::NaiveDate;
use std::{collections::HashMap, fmt, hash::Hash};

/// What changes in one sheet.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Change {
    /// The sheet's name, e.g. `areas`.
    pub sheet: &'static str,
    /// Records that were not there.
    pub added: usize,
    /// Records that are no longer there.
    pub removed: usize,
    /// Records that stay and say something else.
    pub changed: usize,
}

impl Change {
    /// Whether it is one.
    pub fn is_any(&self) -> bool {
        self.added + self.removed + self.changed > 0
    }
}

impl fmt::Display for Change {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { sheet, added, removed, changed } = self;
        write!(f, "{sheet} +{added} −{removed} ~{changed}")
    }
}

/// What changes from one county to the next, sheet by sheet.
pub fn between(old: Option<&County>, new: &County) -> Vec<Change> {
    let nothing = Register::default();
    let old = old.map_or(&nothing, |old| &old.register);
    let new = &new.register;
    let settings = usize::from(old.settings != new.settings || old.bounds != new.bounds);
    vec![
        Change { sheet: "settings", added: 0, removed: 0, changed: settings },
        change("areas", &old.areas, &new.areas, |area| &area.code),
        change("units", &old.units, &new.units, |unit| &unit.code),
        change("members", &old.members, &members(old, new), |member| &member.name),
        change("categories", &old.categories, &new.categories, |category| &category.code),
        change("routes", &old.rules, &new.rules, |rule| &rule.name),
        change("calendar", &days(old), &days(new), |(day, _)| *day),
        change("handbook", &old.handbook, &new.handbook, |howto| &howto.code),
    ]
}

/// What an import of `new` makes of `old`.
pub(super) fn as_imported(old: &Register, new: &Register) -> Register {
    Register { members: members(old, new), ..new.clone() }
}

/// The members that an import leaves there: a leave that it does not speak of stays.
fn members(old: &Register, new: &Register) -> Vec<Member> {
    let leaves: HashMap<&str, Option<Leave>> =
        old.members.iter().map(|member| (member.name.as_str(), member.leave)).collect();
    let with_leave = |member: &Member| Member {
        leave: member.leave.or_else(|| leaves.get(member.name.as_str()).copied().flatten()),
        ..member.clone()
    };
    new.members.iter().map(with_leave).collect()
}

fn days(register: &Register) -> Vec<(NaiveDate, Special)> {
    register.days.iter().map(|(day, special)| (*day, special.clone())).collect()
}

fn change<'a, Record: PartialEq, Key: Hash + Eq>(
    sheet: &'static str,
    old: &'a [Record],
    new: &'a [Record],
    key: impl Fn(&'a Record) -> Key,
) -> Change {
    let before: HashMap<Key, &Record> = old.iter().map(|record| (key(record), record)).collect();
    let (mut added, mut changed, mut kept) = (0, 0, 0);
    for record in new {
        match before.get(&key(record)) {
            None => added += 1,
            Some(old) => {
                kept += 1;
                changed += usize::from(*old != record);
            }
        }
    }
    Change { sheet, added, removed: before.len().saturating_sub(kept), changed }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::county::demo;

    #[test]
    fn what_comes_goes_and_becomes_different_is_counted() {
        let old = demo::county();
        let mut register = old.register.clone();
        let mut newcomer = register.areas[1].clone();
        newcomer.code = "130699999".into();
        register.areas.push(newcomer);
        register.areas[1].name.push('新');
        register.members.truncate(3);
        register.settings.hotline = "0312-5550199".to_owned();
        let new = County::new(register);
        let told: Vec<String> = between(Some(&old), &new).iter().map(Change::to_string).collect();
        assert_eq!(told[0], "settings +0 −0 ~1");
        assert_eq!(told[1], "areas +1 −0 ~1");
        assert_eq!(told[2], "units +0 −0 ~0");
        assert_eq!(told[3], format!("members +0 −{} ~0", old.members().len() - 3));
        assert!(between(Some(&old), &old).iter().all(|change| !change.is_any()));
    }

    #[test]
    fn a_leave_that_an_import_does_not_speak_of_is_no_change() {
        let mut register = demo::county().register.clone();
        let day = NaiveDate::from_ymd_opt(2026, 3, 2).unwrap();
        register.members[0].leave = Some(Leave { from: day, until: day });
        let old = County::new(register);
        let changes = between(Some(&old), &demo::county());
        assert!(changes.iter().all(|change| !change.is_any()), "{changes:?}");
    }

    #[test]
    fn to_a_new_county_everything_is_added() {
        let county = demo::county();
        let areas = between(None, &county)[1];
        assert_eq!((areas.added, areas.removed), (county.areas().len(), 0));
    }
}
