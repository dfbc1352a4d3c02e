//! Reads the sheet `settings`: one thing that a county says about itself in each row.
//!
//! Deliberately absent: settings of the machine; those are environment variables.

use super::area::Bounds;
use super::mistake::{Mistake, Wrong};
use super::settings::Settings;
use super::sheet::{Column, Sheet, Unique};
use super::words;

const SETTING: Column = Column::required("setting", "项目");
const VALUE: Column = Column::required("value", "内容");

/// The columns of the sheet.
pub(super) const COLUMNS: &[Column] = &[SETTING, VALUE];

/// The four edges in degrees: south, north, west, east.
type Edges = [Option<f64>; 4];

/// Reads all settings and the county's bounds.
pub(super) fn read(sheet: &Sheet, mistakes: &mut Vec<Mistake>) -> (Settings, Option<Bounds>) {
    let mut settings = Settings::default();
    let mut edges = Edges::default();
    let mut unique = Unique::default();
    for row in sheet.rows() {
        let Some(key) = row.required(SETTING, mistakes) else { continue };
        unique.claim(row, SETTING, key, mistakes);
        let Some(value) = row.required(VALUE, mistakes) else { continue };
        match slot(key, &mut settings, &mut edges) {
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
}

fn slot<'a>(key: &str, settings: &'a mut Settings, edges: &'a mut Edges) -> Option<Slot<'a>> {
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
        "south" | "南界" => Slot::Degrees(south),
        "north" | "北界" => Slot::Degrees(north),
        "west" | "西界" => Slot::Degrees(west),
        "east" | "东界" => Slot::Degrees(east),
        _ => return None,
    })
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
