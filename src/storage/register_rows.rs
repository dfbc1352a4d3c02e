//! Between the county's rules, days and handbook and their rows.
//!
//! Every field is named on both sides, so a new one breaks the build here and is not forgotten.

use super::{
    StorageError,
    codec::{Row, stored},
    county_rows::{hours, hours_columns, position},
};
use crate::{
    calendar::Special,
    county::{AreaCode, Howto, Rule, Target},
};
use chrono::NaiveDate;
use entities::{day, howto, rule};
use sea_orm::ActiveValue::Set;

/// The code under which a target is stored, and the unit or member it names.
fn target_columns(target: &Target) -> (&'static str, Option<&str>) {
    match target {
        Target::Grid => ("grid", None),
        Target::WholeGrid => ("whole_grid", None),
        Target::GridHead => ("grid_head", None),
        Target::Station => ("station", None),
        Target::Upward => ("upward", None),
        Target::Unit(code) => ("unit", Some(code)),
        Target::Member(name) => ("member", Some(name)),
    }
}

fn target(code: &str, name: Option<String>) -> Option<Target> {
    Some(match (code, name) {
        ("grid", None) => Target::Grid,
        ("whole_grid", None) => Target::WholeGrid,
        ("grid_head", None) => Target::GridHead,
        ("station", None) => Target::Station,
        ("upward", None) => Target::Upward,
        ("unit", Some(code)) => Target::Unit(code),
        ("member", Some(name)) => Target::Member(name),
        _ => return None,
    })
}

pub(super) fn rule_row(index: usize, rule: &Rule) -> Result<rule::ActiveModel, StorageError> {
    let Rule { name, categories, area, hours, channel, skill, target } = rule;
    let (hours_from, hours_until) = hours_columns(*hours);
    let (target, target_name) = target_columns(target);
    Ok(rule::ActiveModel {
        position: Set(position(index)),
        name: Set(name.clone()),
        categories: Set(stored(categories)?),
        area: Set(area.as_ref().map(|area| area.0.clone())),
        hours_from: Set(hours_from),
        hours_until: Set(hours_until),
        channel: Set(channel.clone()),
        skill: Set(skill.clone()),
        target: Set(target.to_owned()),
        target_name: Set(target_name.map(str::to_owned)),
    })
}

pub(super) fn rule(m: rule::Model) -> Result<Rule, StorageError> {
    let row = Row::of("rule", &m.position);
    let target = target(&m.target, m.target_name);
    Ok(Rule {
        hours: hours(&row, "`hours_from`, `hours_until`", (m.hours_from, m.hours_until))?,
        target: target.ok_or_else(|| row.odd("`target`, `target_name` are unknown"))?,
        categories: row.json("categories", m.categories)?,
        area: m.area.map(AreaCode),
        name: m.name,
        channel: m.channel,
        skill: m.skill,
    })
}

pub(super) fn day_row(date: NaiveDate, special: &Special) -> day::ActiveModel {
    let (kind, name) = match special {
        Special::Holiday(name) => ("holiday", name),
        Special::Working(name) => ("working", name),
    };
    day::ActiveModel { date: Set(date), kind: Set(kind.to_owned()), name: Set(name.clone()) }
}

pub(super) fn day(m: day::Model) -> Result<(NaiveDate, Special), StorageError> {
    let special = match m.kind.as_str() {
        "holiday" => Special::Holiday(m.name),
        "working" => Special::Working(m.name),
        _ => return Err(Row::of("day", &m.date).odd("`kind` is unknown")),
    };
    Ok((m.date, special))
}

pub(super) fn howto_row(index: usize, howto: &Howto) -> Result<howto::ActiveModel, StorageError> {
    let Howto { code, title, subject, text, unit, checked_on, keywords } = howto;
    Ok(howto::ActiveModel {
        code: Set(code.clone()),
        position: Set(position(index)),
        title: Set(title.clone()),
        subject: Set(subject.clone()),
        text: Set(text.clone()),
        unit: Set(unit.clone()),
        checked_on: Set(*checked_on),
        keywords: Set(stored(keywords)?),
    })
}

pub(super) fn howto(m: howto::Model) -> Result<Howto, StorageError> {
    let row = Row::of("howto", &m.code);
    Ok(Howto {
        keywords: row.json("keywords", m.keywords)?,
        code: m.code,
        title: m.title,
        subject: m.subject,
        text: m.text,
        unit: m.unit,
        checked_on: m.checked_on,
    })
}
