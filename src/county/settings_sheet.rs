//! Reads the sheet `settings`: one thing that a county says about itself in each row.
//!
//! Deliberately absent: settings of the machine; those are environment variables.

use super::area::Bounds;
use super::hours::Hours;
use super::mistake::{Mistake, Wrong};
use super::settings::Settings;
use super::sheet::{Column, Sheet, Unique};
use super::words;
use crate::calendar::WorkingHours;

const SETTING: Column = Column::required("setting", "项目").short();
const VALUE: Column = Column::required("value", "内容");

/// The columns of the sheet.
pub(super) const COLUMNS: &[Column] = &[SETTING, VALUE];

/// The four edges in degrees: south, north, west, east.
type Edges = [Option<f64>; 4];
/// The hours of weekdays, Saturdays and Sundays, where the county speaks of them.
type Week = [Option<Vec<(u16, u16)>>; 3];

/// Reads all settings and the county's bounds.
pub(super) fn read(sheet: &Sheet, mistakes: &mut Vec<Mistake>) -> (Settings, Option<Bounds>) {
    let mut settings = Settings::default();
    let mut edges = Edges::default();
    let mut week = Week::default();
    let mut unique = Unique::default();
    for row in sheet.rows() {
        let Some(key) = row.required(SETTING, mistakes) else { continue };
        unique.claim(row, SETTING, key, mistakes);
        let Some(value) = row.required(VALUE, mistakes) else { continue };
        match slot(key, &mut settings, &mut edges, &mut week) {
            Some(Slot::Text(text)) => value.clone_into(text),
            Some(Slot::Number(text)) => {
                if !words::is_callable(value) {
                    mistakes.push(row.mistake(VALUE, Wrong::BadPhone(value.to_owned())));
                }
                value.clone_into(text);
            }
            Some(Slot::Degrees(degrees)) => {
                *degrees = row.number(VALUE, -180.0..=180.0, mistakes);
            }
            Some(Slot::Hours(hours)) => {
                let read =
                    |cell: &str| if is_none(cell) { Some(Hours::NEVER) } else { Hours::read(cell) };
                if let Some(read) = row.read(VALUE, read, Wrong::BadHours, mistakes) {
                    *hours = read;
                }
            }
            Some(Slot::WorkingDay(spans)) => {
                let read = |cell: &str| WorkingHours::read(cell).filter(|spans| !spans.is_empty());
                *spans = row.read(VALUE, read, Wrong::BadHours, mistakes);
            }
            Some(Slot::WeekendDay(spans)) => {
                let read = |cell: &str| WorkingHours::read(if is_none(cell) { "" } else { cell });
                *spans = row.read(VALUE, read, Wrong::BadHours, mistakes);
            }
            None => {
                mistakes.push(row.mistake(SETTING, Wrong::UnknownSetting(key.to_owned())));
            }
        }
    }
    for (value, name) in [
        (&settings.county_name, "县名"),
        (&settings.hotline, "值班电话"),
        (&settings.office_hours, "值班时间"),
    ] {
        if value.is_empty() {
            mistakes.push(sheet.mistake(Some(SETTING), Wrong::MissingSetting(name)));
        }
    }
    settings.hours = working_hours(week);
    let bounds = bounds(edges).unwrap_or_else(|wrong| {
        mistakes.push(sheet.mistake(Some(SETTING), wrong));
        None
    });
    (settings, bounds)
}

/// Where the value of a setting goes.
enum Slot<'a> {
    Text(&'a mut String),
    Number(&'a mut String),
    Degrees(&'a mut Option<f64>),
    Hours(&'a mut Hours),
    WorkingDay(&'a mut Option<Vec<(u16, u16)>>),
    WeekendDay(&'a mut Option<Vec<(u16, u16)>>),
}

fn slot<'a>(
    key: &str,
    settings: &'a mut Settings,
    edges: &'a mut Edges,
    week: &'a mut Week,
) -> Option<Slot<'a>> {
    let [weekdays, saturday, sunday] = week;
    let emergency = &mut settings.emergency;
    let [south, north, west, east] = edges;
    Some(match key {
        "county_name" | "县名" => Slot::Text(&mut settings.county_name),
        "office_hours" | "值班时间" => Slot::Text(&mut settings.office_hours),
        "privacy_contact" | "隐私联系" => Slot::Text(&mut settings.privacy_contact),
        "hotline" | "值班电话" => Slot::Number(&mut settings.hotline),
        "police" | "报警" => Slot::Number(&mut emergency.police),
        "fire" | "火警" => Slot::Number(&mut emergency.fire),
        "medical" | "急救" => Slot::Number(&mut emergency.medical),
        "traffic" | "交通事故" => Slot::Number(&mut emergency.traffic),
        "gas" | "燃气抢修" => Slot::Number(&mut emergency.gas),
        "electricity" | "供电抢修" => Slot::Number(&mut emergency.electricity),
        "counselling" | "心理援助" => Slot::Number(&mut emergency.counselling),
        "hours" | "工作时间" => Slot::WorkingDay(weekdays),
        "saturday_hours" | "周六工作时间" => Slot::WeekendDay(saturday),
        "sunday_hours" | "周日工作时间" => Slot::WeekendDay(sunday),
        "quiet" | "免打扰时段" => Slot::Hours(&mut settings.quiet),
        "south" | "南界" => Slot::Degrees(south),
        "north" | "北界" => Slot::Degrees(north),
        "west" | "西界" => Slot::Degrees(west),
        "east" | "东界" => Slot::Degrees(east),
        _ => return None,
    })
}

/// A county may say that there are no such hours.
fn is_none(cell: &str) -> bool {
    matches!(cell, "无" | "没有" | "休息" | "不上班" | "none")
}

fn working_hours([weekdays, saturday, sunday]: Week) -> WorkingHours {
    let usual = WorkingHours::default();
    let or = |said: Option<Vec<_>>, usual: &[_]| said.unwrap_or_else(|| usual.to_vec());
    let weekdays = or(weekdays, usual.weekdays());
    let saturday = or(saturday, usual.saturday());
    let sunday = or(sunday, usual.sunday());
    WorkingHours::of(&weekdays, &saturday, &sunday).unwrap_or(usual)
}

fn bounds(edges: Edges) -> Result<Option<Bounds>, Wrong> {
    match edges {
        [None, None, None, None] => Ok(None),
        [Some(south), Some(north), Some(west), Some(east)] if south < north && west < east => {
            Ok(Some(Bounds { south, north, west, east }))
        }
        _ => Err(Wrong::BadBounds),
    }
}
