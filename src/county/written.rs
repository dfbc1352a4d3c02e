//! A county as the sheets that it could have come from.
//!
//! It promises that the sheets of a county read back as the same county, which tests hold for
//! small ones and large ones. The rows stand in the order of the county; days that follow each
//! other and are called the same become one row.
//!
//! Deliberately absent: columns of a clerk's own, which nobody stored, and files.

use super::forms::{SHEETS, SheetForm};
use super::rule::channel_word;
use super::{Area, Category, Cells, Column, Hours, Howto, Member, Register, Rule, Target, Unit};
use crate::calendar::{Calendar, Special, WorkingHours};
use chrono::NaiveDate;

/// All sheets of a county, the header row first.
pub fn sheets(register: &Register) -> Vec<(&'static SheetForm, Cells)> {
    SHEETS.iter().map(|form| (form, cells(form, rows(register, form)))).collect()
}

/// Rows as a sheet: below their header and with the numbers that a spreadsheet shows.
pub fn cells(form: &SheetForm, rows: Vec<Vec<String>>) -> Cells {
    let header = form.columns.iter().map(Column::header).collect();
    std::iter::once((1, header)).chain((2..).zip(rows)).collect()
}

/// The rows of one sheet, each cell in its column's place. The first one names the row.
pub fn rows(register: &Register, form: &SheetForm) -> Vec<Vec<String>> {
    match form.english {
        "settings" => settings(register),
        "areas" => register.areas.iter().map(area).collect(),
        "units" => register.units.iter().map(unit).collect(),
        "members" => register.members.iter().map(member).collect(),
        "categories" => {
            let day = Calendar::new(register.settings.hours.clone(), register.days.clone());
            let day = day.day_minutes();
            register.categories.iter().map(|one| category(one, day)).collect()
        }
        "routes" => register.rules.iter().map(|one| rule(one, register)).collect(),
        "calendar" => days(register),
        "handbook" => register.handbook.iter().map(howto).collect(),
        _ => Vec::new(),
    }
}

fn settings(register: &Register) -> Vec<Vec<String>> {
    let settings = &register.settings;
    let (emergency, hours) = (&settings.emergency, &settings.hours);
    let degrees = |degrees: Option<f64>| degrees.map(|d| d.to_string()).unwrap_or_default();
    let bounds = register.bounds;
    let spans = |spans: &[(u16, u16)]| match spans {
        [] => "无".to_owned(),
        spans => WorkingHours::write(spans),
    };
    let said = [
        ("县名", settings.county_name.clone()),
        ("值班电话", settings.hotline.clone()),
        ("值班时间", settings.office_hours.clone()),
        ("隐私联系", settings.privacy_contact.clone()),
        ("南界", degrees(bounds.map(|bounds| bounds.south))),
        ("北界", degrees(bounds.map(|bounds| bounds.north))),
        ("西界", degrees(bounds.map(|bounds| bounds.west))),
        ("东界", degrees(bounds.map(|bounds| bounds.east))),
        ("报警", emergency.police.clone()),
        ("火警", emergency.fire.clone()),
        ("急救", emergency.medical.clone()),
        ("交通事故", emergency.traffic.clone()),
        ("燃气抢修", emergency.gas.clone()),
        ("供电抢修", emergency.electricity.clone()),
        ("心理援助", emergency.counselling.clone()),
        ("工作时间", spans(hours.weekdays())),
        ("周六工作时间", spans(hours.saturday())),
        ("周日工作时间", spans(hours.sunday())),
        ("免打扰时段", settings.quiet.to_string()),
    ];
    said.into_iter().map(|(name, value)| vec![name.to_owned(), value]).collect()
}

fn area(area: &Area) -> Vec<String> {
    let Area { code, name, parent, level, point, aliases } = area;
    let degrees = |degrees: Option<f64>| degrees.map(|d| d.to_string()).unwrap_or_default();
    vec![
        code.0.clone(),
        name.clone(),
        parent.as_ref().map(|parent| parent.0.clone()).unwrap_or_default(),
        level.word().to_owned(),
        degrees(point.map(|point| point.lat)),
        degrees(point.map(|point| point.lon)),
        aliases.join(" "),
    ]
}

fn unit(unit: &Unit) -> Vec<String> {
    let Unit { code, name, kind, area, leader } = unit;
    vec![
        code.clone(),
        name.clone(),
        kind.word().to_owned(),
        area.0.clone(),
        leader.clone().unwrap_or_default(),
    ]
}

fn member(member: &Member) -> Vec<String> {
    let Member { name, role, area, unit, phone, skills, duty, leave, max_load } = member;
    vec![
        name.clone(),
        role.word().to_owned(),
        area.as_ref().map(|area| area.0.clone()).unwrap_or_default(),
        unit.clone().unwrap_or_default(),
        phone.clone().unwrap_or_default(),
        skills.join(" "),
        duty.map(|duty| duty.to_string()).unwrap_or_default(),
        leave.map(|leave| leave.to_string()).unwrap_or_default(),
        max_load.map(|load| load.to_string()).unwrap_or_default(),
    ]
}

fn category(category: &Category, day_minutes: u32) -> Vec<String> {
    let yes = |yes: bool| if yes { "是" } else { "否" }.to_owned();
    let limit = |minutes| limit(minutes, day_minutes);
    let keywords = category.keywords.iter();
    let keywords: Vec<String> = keywords
        .map(|keyword| format!("{}{}", if keyword.is_weak { "~" } else { "" }, keyword.word))
        .collect();
    vec![
        category.code.clone(),
        category.name.clone(),
        category.hint.clone(),
        keywords.join(" "),
        yes(category.confidential),
        category.module.clone().unwrap_or_default(),
        yes(category.enabled),
        yes(category.auto),
        category.unit.clone().unwrap_or_default(),
        yes(category.checker),
        yes(category.four_order),
        yes(category.needs_photo),
        limit(category.limits.accept),
        limit(category.limits.sign),
        limit(category.limits.result),
        limit(category.limits.check),
        yes(category.is_long),
    ]
}

/// In the largest unit that is exact: days, because they follow the county's hours.
fn limit(minutes: u32, day_minutes: u32) -> String {
    let day = day_minutes.max(1);
    match (minutes % day, minutes.saturating_mul(2) % day) {
        (0, _) => format!("{}天", minutes / day),
        (_, 0) => format!("{}.5天", minutes / day),
        _ if minutes.is_multiple_of(60) => format!("{}小时", minutes / 60),
        _ => format!("{minutes}分钟"),
    }
}

fn rule(rule: &Rule, register: &Register) -> Vec<String> {
    let Rule { name, categories, area, hours, channel, skill, target } = rule;
    // A unit whose code is one of the words is named instead.
    let target = match target {
        Target::Unit(code) if Target::read(code).is_some() => {
            let unit = register.units.iter().find(|unit| unit.code == *code);
            unit.map_or(code, |unit| &unit.name)
        }
        target => target.word(),
    };
    vec![
        name.clone(),
        categories.join(" "),
        area.as_ref().map(|area| area.0.clone()).unwrap_or_default(),
        hours.map(|hours: Hours| hours.to_string()).unwrap_or_default(),
        channel.as_deref().map(channel_word).unwrap_or_default().to_owned(),
        skill.clone().unwrap_or_default(),
        target.to_owned(),
    ]
}

fn days(register: &Register) -> Vec<Vec<String>> {
    /// As many as one row may speak of.
    const MOST: usize = 31;
    let mut spans: Vec<(NaiveDate, NaiveDate, usize, &Special)> = Vec::new();
    for (day, special) in &register.days {
        match spans.last_mut() {
            Some((_, last, count, same))
                if last.succ_opt() == Some(*day) && *same == special && *count < MOST =>
            {
                *last = *day;
                *count += 1;
            }
            _ => spans.push((*day, *day, 1, special)),
        }
    }
    let row = |(from, until, count, special): (NaiveDate, NaiveDate, usize, &Special)| {
        let span = if count == 1 { from.to_string() } else { format!("{from}—{until}") };
        let (kind, name) = match special {
            Special::Holiday(name) => ("放假", name),
            Special::Working(name) => ("补班", name),
        };
        vec![span, kind.to_owned(), name.clone()]
    };
    spans.into_iter().map(row).collect()
}

fn howto(howto: &Howto) -> Vec<String> {
    let Howto { code, title, subject, text, unit, checked_on, keywords } = howto;
    vec![
        code.clone(),
        title.clone(),
        subject.clone(),
        text.clone(),
        unit.clone().unwrap_or_default(),
        checked_on.map(|day| day.to_string()).unwrap_or_default(),
        keywords.join(" "),
    ]
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::county::{Bounds, County, Leave, Limits, Mistake, demo, workbook::read_cells};

    fn read_back(register: &Register) -> Result<County, Vec<Mistake>> {
        let sheets = sheets(register);
        read_cells(&|name| {
            let found = sheets.iter().find(|(form, _)| form.english == name)?;
            Some(Ok(found.1.clone()))
        })
    }

    #[test]
    fn every_row_has_a_cell_for_every_column() {
        for (form, cells) in sheets(demo::county().register()) {
            for (_, row) in cells {
                assert_eq!(row.len(), form.columns.len(), "{} {row:?}", form.english);
            }
        }
    }

    #[test]
    fn what_is_written_reads_back_as_the_same_county() {
        assert_eq!(read_back(demo::county().register()), Ok(demo::county()));
    }

    #[test]
    fn odd_limits_hours_days_and_names_read_back_too() {
        let mut register = demo::county().register().clone();
        let date = |day| NaiveDate::from_ymd_opt(2027, 2, day).unwrap();
        register.settings.hours =
            WorkingHours::of(&[(8 * 60, 11 * 60 + 55), (840, 1080)], &[(480, 720)], &[]).unwrap();
        register.settings.quiet = Hours::NEVER;
        register.bounds = None::<Bounds>;
        register.categories[0].limits = Limits { accept: 7, sign: 475, result: 60, check: 950 };
        register.members[0].leave = Some(Leave { from: date(1), until: date(9) });
        register.members[0].duty = Some(Hours::default());
        register.members[0].max_load = Some(3);
        // Longer than a row may be, and a day of another name in the middle.
        for day in date(1).iter_days().take(80) {
            register.days.insert(day, Special::Holiday("停产".to_owned()));
        }
        register.days.insert(date(9), Special::Working("补班".to_owned()));
        register.units[0].code = "grid".to_owned();
        for member in &mut register.members {
            member.unit = None;
        }
        for category in &mut register.categories {
            (category.unit, category.auto) = (None, false);
        }
        for howto in &mut register.handbook {
            howto.unit = None;
        }
        register.rules.retain(|rule| !matches!(rule.target, Target::Unit(_)));
        register.rules[0].target = Target::Unit("grid".to_owned());
        assert_eq!(read_back(&register), Ok(County::new(register.clone())));
    }

    #[test]
    fn a_limit_is_written_in_the_largest_exact_unit() {
        for (minutes, words) in [
            (240, "0.5天"),
            (480, "1天"),
            (720, "1.5天"),
            (2400, "5天"),
            (60, "1小时"),
            (45, "45分钟"),
        ] {
            assert_eq!(limit(minutes, 480), words);
        }
        assert_eq!(limit(237, 475), "237分钟");
    }
}
