//! Rules that are of no use to anybody, whatever the need: for whoever looks after the county.

use super::super::{AreaCode, County, Member, Role, Rule, Target, Unit, UnitKind};
use super::Off;

/// The rules that can never find anybody, and why, in the order of the sheet.
///
/// It walks over all members, so it is for a look at the county and not for a need.
pub fn rules_off(county: &County) -> Vec<Off> {
    let off = |rule: &Rule| why_off(county, rule).map(|why| Off { rule: rule.name.clone(), why });
    county.rules().iter().filter_map(off).collect()
}

fn why_off(county: &County, rule: &Rule) -> Option<String> {
    let is_known = |code: &String| county.category(code).is_some();
    if !rule.categories.is_empty() && !rule.categories.iter().any(is_known) {
        return Some("它说的分类已经没有了".to_owned());
    }
    if let Some(area) = &rule.area
        && county.area(area).is_none()
    {
        return Some(format!("它说的区域（{}）已经没有了", area.as_str()));
    }
    let able =
        |member: &Member| rule.skill.as_ref().is_none_or(|skill| member.skills.contains(skill));
    let of_unit = |unit: &Unit| {
        let mut people = county.members_of_unit(&unit.code).peekable();
        if people.peek().is_none() {
            Some(format!("{}没有人", unit.name))
        } else if !people.any(able) {
            Some(format!("{}没有会{}的人", unit.name, rule.skill.as_deref().unwrap_or_default()))
        } else {
            None
        }
    };
    match &rule.target {
        Target::Unit(code) => match county.unit(code) {
            Some(unit) => of_unit(unit),
            None => Some(format!("单位{code}已经没有了")),
        },
        Target::Member(name) if county.member(name).is_none() => {
            Some(format!("{name}已经不在名单上"))
        }
        Target::Member(_) | Target::Upward => None,
        Target::Station => {
            let serves = |unit: &&Unit| {
                unit.kind == UnitKind::Station
                    && rule.area.as_ref().is_none_or(|area| {
                        county.is_within(area, &unit.area) || county.is_within(&unit.area, area)
                    })
            };
            let mut stations = county.units().iter().filter(serves);
            (!stations.any(|unit| of_unit(unit).is_none())).then(|| "没有一个站有人".to_owned())
        }
        Target::Grid | Target::WholeGrid => {
            let may_serve = |member: &Member| !member.role.is_operator() && able(member);
            nobody_in(county, rule.area.as_ref(), may_serve)
        }
        Target::GridHead => {
            let may_serve = |member: &Member| member.role == Role::GridHead && able(member);
            nobody_in(county, rule.area.as_ref(), may_serve)
        }
    }
}

fn nobody_in(
    county: &County,
    area: Option<&AreaCode>,
    may_serve: impl Fn(&Member) -> bool,
) -> Option<String> {
    let serves = |member: &&Member| {
        let own = member.area.as_ref().filter(|own| county.is_precise(own));
        may_serve(member)
            && own.is_some_and(|own| area.is_none_or(|area| county.is_within(own, area)))
    };
    let is_empty = county.members().iter().find(serves).is_none();
    is_empty.then(|| "没有一个网格有这样的人".to_owned())
}
