//! What a county's workbook consists of: its sheets and their columns, in the order in which a
//! clerk fills them in.
//!
//! It promises to be the only table of them: who writes a workbook, explains one or looks for a
//! sheet in a file goes by it. Deliberately absent: what the cells mean, which is
//! [`super::workbook`].

use super::sheet::{Column, is_one_of};
use super::{area_sheet, calendar_sheet, category_sheet, handbook_sheet, member_sheet};
use super::{route_sheet, settings_sheet, unit_sheet};

/// One sheet.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct SheetForm {
    /// Its name for programs, e.g. `areas`.
    pub english: &'static str,
    /// Its name for clerks, e.g. 区域.
    pub chinese: &'static str,
    /// Its columns.
    pub columns: &'static [Column],
    /// Whether a county is incomplete without it.
    pub required: bool,
}

impl SheetForm {
    const fn required(
        english: &'static str,
        chinese: &'static str,
        columns: &'static [Column],
    ) -> Self {
        Self { english, chinese, columns, required: true }
    }

    const fn optional(
        english: &'static str,
        chinese: &'static str,
        columns: &'static [Column],
    ) -> Self {
        Self { english, chinese, columns, required: false }
    }
}

/// All sheets.
pub const SHEETS: &[SheetForm] = &[
    SheetForm::required("settings", "设置", settings_sheet::COLUMNS),
    SheetForm::required("areas", "区域", area_sheet::COLUMNS),
    SheetForm::required("units", "单位", unit_sheet::COLUMNS),
    SheetForm::required("members", "人员", member_sheet::COLUMNS),
    SheetForm::required("categories", "分类", category_sheet::COLUMNS),
    SheetForm::optional("routes", "路由", route_sheet::COLUMNS),
    SheetForm::optional("calendar", "日历", calendar_sheet::COLUMNS),
    SheetForm::optional("handbook", "手册", handbook_sheet::COLUMNS),
];

impl SheetForm {
    /// The sheet that a name means: `区域`, `areas` and `区域（areas）` are one.
    pub fn named(name: &str) -> Option<&'static Self> {
        SHEETS.iter().find(|form| is_one_of(name.trim(), form.english, form.chinese))
    }

    /// The column that a header cell means.
    pub fn column(&self, header: &str) -> Option<&'static Column> {
        self.columns.iter().find(|column| column.is_named_by(header))
    }
}

impl Column {
    /// What the header of a written workbook says: `编码 code`.
    pub fn header(&self) -> String {
        format!("{} {}", self.chinese, self.english)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::HashSet;

    #[test]
    fn no_two_sheets_and_no_two_columns_of_a_sheet_share_a_name() {
        let names = SHEETS.iter().flat_map(|form| [form.english, form.chinese]);
        assert_eq!(names.collect::<HashSet<_>>().len(), 2 * SHEETS.len());
        for form in SHEETS {
            let names = form.columns.iter().flat_map(|column| [column.english, column.chinese]);
            assert_eq!(names.collect::<HashSet<_>>().len(), 2 * form.columns.len());
        }
    }

    #[test]
    fn a_sheet_is_known_by_either_name_or_both() {
        for name in ["区域", "areas", " Areas ", "区域 areas", "区域（areas）"] {
            assert_eq!(SheetForm::named(name).map(|form| form.english), Some("areas"), "{name}");
        }
        for name in ["", "区", "areas2", "说明", "Sheet1"] {
            assert!(SheetForm::named(name).is_none(), "{name}");
        }
    }
}
