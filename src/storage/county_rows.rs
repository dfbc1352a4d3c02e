//! Between the county's register and its rows.
//!
//! Every field is named on both sides, so a new one breaks the build here and is not forgotten.

use super::{
    StorageError,
    codec::{Row, stored, stored_count},
};
use crate::{
    calendar::WorkingHours,
    county::{
        Area, AreaCode, Bounds, Category, EmergencyNumbers, Hours, Keyword, Leave, Level, Limits,
        Member, Point, Role, Settings, Unit, UnitKind,
    },
};
use entities::{area, category, county, member, setting, unit};
use sea_orm::ActiveValue::Set;
use std::collections::BTreeMap;
use uuid::Uuid;

/// The code under which a role is stored.
pub(super) fn role_code(role: Role) -> &'static str {
    match role {
        Role::Member => "member",
        Role::GridHead => "grid_head",
        Role::Leader => "leader",
        Role::Dispatcher => "dispatcher",
        Role::Supervisor => "supervisor",
    }
}

/// Reads a stored role.
pub(super) fn role(m: &member::Model) -> Result<Role, StorageError> {
    const ALL: [Role; 5] =
        [Role::Member, Role::GridHead, Role::Leader, Role::Dispatcher, Role::Supervisor];
    ALL.into_iter()
        .find(|role| role_code(*role) == m.role)
        .ok_or_else(|| Row::of("member", &m.id).odd("`role` is unknown"))
}

fn level_code(level: Level) -> &'static str {
    match level {
        Level::County => "county",
        Level::Township => "township",
        Level::Community => "community",
        Level::Village => "village",
        Level::Grid => "grid",
    }
}

fn kind_code(kind: UnitKind) -> &'static str {
    match kind {
        UnitKind::Department => "department",
        UnitKind::Station => "station",
        UnitKind::Team => "team",
    }
}

/// A place in the order of the sheet.
pub(super) fn position(index: usize) -> i32 {
    i32::try_from(index).unwrap_or(i32::MAX)
}

pub(super) fn area_row(index: usize, area: &Area) -> Result<area::ActiveModel, StorageError> {
    let Area { code, name, parent, level, point, aliases } = area;
    Ok(area::ActiveModel {
        code: Set(code.0.clone()),
        position: Set(position(index)),
        name: Set(name.clone()),
        parent: Set(parent.as_ref().map(|parent| parent.0.clone())),
        level: Set(level_code(*level).to_owned()),
        lat: Set(point.map(|point| point.lat)),
        lon: Set(point.map(|point| point.lon)),
        aliases: Set(stored(aliases)?),
    })
}

pub(super) fn area(m: area::Model) -> Result<Area, StorageError> {
    const ALL: [Level; 5] =
        [Level::County, Level::Township, Level::Community, Level::Village, Level::Grid];
    let name = Row::of("area", &m.code);
    let level = ALL.into_iter().find(|level| level_code(*level) == m.level);
    let point = name.pair("`lat`, `lon`", (m.lat, m.lon))?;
    Ok(Area {
        code: AreaCode(m.code),
        name: m.name,
        parent: m.parent.map(AreaCode),
        level: level.ok_or_else(|| name.odd("`level` is unknown"))?,
        point: point.map(|(lat, lon)| Point { lat, lon }),
        aliases: name.json("aliases", m.aliases)?,
    })
}

pub(super) fn unit_row(index: usize, unit: &Unit) -> unit::ActiveModel {
    let Unit { code, name, kind, area, leader } = unit;
    unit::ActiveModel {
        code: Set(code.clone()),
        position: Set(position(index)),
        name: Set(name.clone()),
        kind: Set(kind_code(*kind).to_owned()),
        area: Set(area.0.clone()),
        leader: Set(leader.clone()),
    }
}

pub(super) fn unit(m: unit::Model) -> Result<Unit, StorageError> {
    const ALL: [UnitKind; 3] = [UnitKind::Department, UnitKind::Station, UnitKind::Team];
    let kind = ALL
        .into_iter()
        .find(|kind| kind_code(*kind) == m.kind)
        .ok_or_else(|| Row::of("unit", &m.code).odd("`kind` is unknown"))?;
    Ok(Unit { code: m.code, name: m.name, kind, area: AreaCode(m.area), leader: m.leader })
}

pub(super) fn category_row(
    index: usize,
    category: &Category,
) -> Result<category::ActiveModel, StorageError> {
    // A keyword is stored as a sheet writes it.
    let written =
        |keyword: &Keyword| format!("{}{}", if keyword.is_weak { "~" } else { "" }, keyword.word);
    let keywords: Vec<String> = category.keywords.iter().map(written).collect();
    Ok(category::ActiveModel {
        code: Set(category.code.clone()),
        position: Set(position(index)),
        name: Set(category.name.clone()),
        hint: Set(category.hint.clone()),
        keywords: Set(stored(&keywords)?),
        confidential: Set(category.confidential),
        module: Set(category.module.clone()),
        enabled: Set(category.enabled),
        auto: Set(category.auto),
        unit: Set(category.unit.clone()),
        checker: Set(category.checker),
        four_order: Set(category.four_order),
        needs_photo: Set(category.needs_photo),
        accept_minutes: Set(stored_count(category.limits.accept)),
        sign_minutes: Set(stored_count(category.limits.sign)),
        result_minutes: Set(stored_count(category.limits.result)),
        check_minutes: Set(stored_count(category.limits.check)),
        long: Set(category.is_long),
    })
}

pub(super) fn category(m: category::Model) -> Result<Category, StorageError> {
    let name = Row::of("category", &m.code);
    let keywords: Vec<String> = name.json("keywords", m.keywords)?;
    Ok(Category {
        code: m.code,
        name: m.name,
        hint: m.hint,
        keywords: keywords.iter().filter_map(|keyword| Keyword::read(keyword)).collect(),
        confidential: m.confidential,
        module: m.module,
        enabled: m.enabled,
        auto: m.auto,
        unit: m.unit,
        checker: m.checker,
        four_order: m.four_order,
        needs_photo: m.needs_photo,
        limits: Limits {
            accept: name.count("accept_minutes", m.accept_minutes)?,
            sign: name.count("sign_minutes", m.sign_minutes)?,
            result: name.count("result_minutes", m.result_minutes)?,
            check: name.count("check_minutes", m.check_minutes)?,
        },
        is_long: m.long,
    })
}

pub(super) fn member_row(
    index: usize,
    id: Uuid,
    member: &Member,
) -> Result<member::ActiveModel, StorageError> {
    let Member { name, role, area, unit, phone, skills, duty, leave, max_load } = member;
    let (duty_from, duty_until) = hours_columns(*duty);
    Ok(member::ActiveModel {
        id: Set(id),
        name: Set(name.clone()),
        role: Set(role_code(*role).to_owned()),
        area: Set(area.as_ref().map(|area| area.0.clone())),
        unit: Set(unit.clone()),
        phone: Set(phone.clone()),
        active: Set(true),
        position: Set(position(index)),
        skills: Set(stored(skills)?),
        duty_from: Set(duty_from),
        duty_until: Set(duty_until),
        leave_from: Set(leave.map(|leave| leave.from)),
        leave_until: Set(leave.map(|leave| leave.until)),
        max_load: Set(max_load.map(stored_count)),
    })
}

pub(super) fn member(m: member::Model) -> Result<Member, StorageError> {
    let name = Row::of("member", &m.id);
    Ok(Member {
        role: role(&m)?,
        duty: hours(&name, "`duty_from`, `duty_until`", (m.duty_from, m.duty_until))?,
        leave: leave(&m)?,
        max_load: m.max_load.map(|load| name.count("max_load", load)).transpose()?,
        skills: name.json("skills", m.skills)?,
        area: m.area.map(AreaCode),
        name: m.name,
        unit: m.unit,
        phone: m.phone,
    })
}

/// The leave of a stored member.
pub(super) fn leave(m: &member::Model) -> Result<Option<Leave>, StorageError> {
    let name = Row::of("member", &m.id);
    let leave = name.pair("`leave_from`, `leave_until`", (m.leave_from, m.leave_until))?;
    Ok(leave.map(|(from, until)| Leave { from, until }))
}

/// Hours as two columns of minutes.
pub(super) fn hours_columns(hours: Option<Hours>) -> (Option<i32>, Option<i32>) {
    (hours.map(|hours| i32::from(hours.from)), hours.map(|hours| i32::from(hours.until)))
}

/// Reads hours from two columns of minutes.
pub(super) fn hours(
    name: &Row,
    columns: &str,
    minutes: (Option<i32>, Option<i32>),
) -> Result<Option<Hours>, StorageError> {
    let minute = |minute: i32| {
        let day = u16::try_from(minute).ok().filter(|minute| *minute <= 24 * 60);
        day.ok_or_else(|| name.odd(format!("{columns} are no minutes of a day")))
    };
    let hours = name.pair(columns, minutes)?;
    hours.map(|(from, until)| Ok(Hours { from: minute(from)?, until: minute(until)? })).transpose()
}

pub(super) fn bounds(m: &county::Model) -> Result<Option<Bounds>, StorageError> {
    match (m.south, m.north, m.west, m.east) {
        (Some(south), Some(north), Some(west), Some(east)) => {
            Ok(Some(Bounds { south, north, west, east }))
        }
        (None, None, None, None) => Ok(None),
        _ => Err(Row::of("county", &m.id).odd("bounds are given in part")),
    }
}

pub(super) fn setting_rows(settings: &Settings) -> Vec<setting::ActiveModel> {
    let Settings { county_name, hotline, office_hours, emergency, privacy_contact, hours, quiet } =
        settings;
    let EmergencyNumbers { police, fire, medical, traffic, gas, electricity, counselling } =
        emergency;
    let [weekdays, saturday, sunday] =
        [hours.weekdays(), hours.saturday(), hours.sunday()].map(WorkingHours::write);
    let quiet = format!("{} {}", quiet.from, quiet.until);
    let named = [
        ("hours.weekdays", &weekdays),
        ("hours.saturday", &saturday),
        ("hours.sunday", &sunday),
        ("quiet", &quiet),
        ("county_name", county_name),
        ("hotline", hotline),
        ("office_hours", office_hours),
        ("privacy_contact", privacy_contact),
        ("emergency.police", police),
        ("emergency.fire", fire),
        ("emergency.medical", medical),
        ("emergency.traffic", traffic),
        ("emergency.gas", gas),
        ("emergency.electricity", electricity),
        ("emergency.counselling", counselling),
    ];
    let row = |(name, value): (&str, &String)| setting::ActiveModel {
        name: Set(name.to_owned()),
        value: Set(value.clone()),
    };
    named.into_iter().map(row).collect()
}

pub(super) fn settings(rows: Vec<setting::Model>) -> Result<Settings, StorageError> {
    let mut named: BTreeMap<String, String> = rows.into_iter().map(|m| (m.name, m.value)).collect();
    let hours = working_hours(&mut named)?;
    let quiet = quiet(&mut named)?;
    let mut take = |name: &str| {
        named.remove(name).ok_or_else(|| Row::of("setting", &name).odd("the setting is missing"))
    };
    Ok(Settings {
        hours,
        quiet,
        county_name: take("county_name")?,
        hotline: take("hotline")?,
        office_hours: take("office_hours")?,
        privacy_contact: take("privacy_contact")?,
        emergency: EmergencyNumbers {
            police: take("emergency.police")?,
            fire: take("emergency.fire")?,
            medical: take("emergency.medical")?,
            traffic: take("emergency.traffic")?,
            gas: take("emergency.gas")?,
            electricity: take("emergency.electricity")?,
            counselling: take("emergency.counselling")?,
        },
    })
}

/// A county that was stored before it could speak of its hours has the usual ones.
fn working_hours(named: &mut BTreeMap<String, String>) -> Result<WorkingHours, StorageError> {
    let mut take = |name: &str| named.remove(name);
    let (Some(weekdays), Some(saturday), Some(sunday)) =
        (take("hours.weekdays"), take("hours.saturday"), take("hours.sunday"))
    else {
        return Ok(WorkingHours::default());
    };
    let read = |spans: &str| WorkingHours::read(spans);
    let spans = read(&weekdays).zip(read(&saturday)).zip(read(&sunday));
    spans
        .and_then(|((weekdays, saturday), sunday)| WorkingHours::of(&weekdays, &saturday, &sunday))
        .ok_or_else(|| Row::of("setting", &"hours").odd("the hours cannot be read"))
}

fn quiet(named: &mut BTreeMap<String, String>) -> Result<Hours, StorageError> {
    let Some(value) = named.remove("quiet") else { return Ok(Hours::default()) };
    let name = Row::of("setting", &"quiet");
    let mut minutes = value.split(' ').map(|minute| minute.parse().ok());
    let minutes = (minutes.next().flatten(), minutes.next().flatten());
    hours(&name, "`value`", minutes)?.ok_or_else(|| name.odd("the hours cannot be read"))
}
