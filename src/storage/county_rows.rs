//! Between the county's register and its rows.
//!
//! Every field is named on both sides, so a new one breaks the build here and is not forgotten.

use super::{StorageError, codec::Row, codec::stored};
use crate::county::{
    Area, AreaCode, Bounds, Category, EmergencyNumbers, Keyword, Level, Member, Point, Role,
    Settings, Unit, UnitKind,
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
    })
}

pub(super) fn member_row(index: usize, id: Uuid, member: &Member) -> member::ActiveModel {
    let Member { name, role, area, unit, phone } = member;
    member::ActiveModel {
        id: Set(id),
        name: Set(name.clone()),
        role: Set(role_code(*role).to_owned()),
        area: Set(area.as_ref().map(|area| area.0.clone())),
        unit: Set(unit.clone()),
        phone: Set(phone.clone()),
        active: Set(true),
        position: Set(position(index)),
    }
}

pub(super) fn member(m: member::Model) -> Result<Member, StorageError> {
    let role = role(&m)?;
    let area = m.area.map(AreaCode);
    Ok(Member { name: m.name, role, area, unit: m.unit, phone: m.phone })
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
    let Settings { county_name, hotline, office_hours, emergency, privacy_contact } = settings;
    let EmergencyNumbers { police, fire, medical, traffic, gas, electricity, counselling } =
        emergency;
    let named = [
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
    let mut take = |name: &str| {
        named.remove(name).ok_or_else(|| Row::of("setting", &name).odd("the setting is missing"))
    };
    Ok(Settings {
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
