//! The demo county 云溪县, compiled in. Everything about it is made up.
//!
//! It goes through the same checks as any workbook. Deliberately absent: a second way to build a
//! county.

use super::County;
use super::workbook;

/// The sheets by name, as a clerk would fill them in.
const SHEETS: &[(&str, &str)] = &[
    ("settings", include_str!("demo/settings.csv")),
    ("areas", include_str!("demo/areas.csv")),
    ("units", include_str!("demo/units.csv")),
    ("members", include_str!("demo/members.csv")),
    ("categories", include_str!("demo/categories.csv")),
    ("routes", include_str!("demo/routes.csv")),
    ("calendar", include_str!("demo/calendar.csv")),
    ("handbook", include_str!("demo/handbook.csv")),
];

/// The bytes of one of its sheets.
pub fn sheet(name: &str) -> Option<Vec<u8>> {
    let (_, text) = SHEETS.iter().find(|(sheet, _)| *sheet == name)?;
    Some(text.as_bytes().to_vec())
}

/// The demo county.
///
/// # Panics
/// Never: a test reads the compiled-in sheets.
#[expect(clippy::expect_used, reason = "compiled in, and a test reads it")]
pub fn county() -> County {
    workbook::read(&sheet).expect("the demo county has no mistakes")
}
