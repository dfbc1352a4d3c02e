//! What a county's workbook consists of: its sheets and their columns, in the order in which a
//! clerk fills them in.
//!
//! It promises to be the only table of them: who writes a workbook, explains one or looks for a
//! sheet in a file goes by it. Deliberately absent: what the cells mean, which is
//! [`super::workbook`].

use super::sheet::{Column, is_one_of};
use super::{area_sheet, settings_sheet, workbook};

/// One sheet.
#[derive(Debug, Clone, Copy)]
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

/// All sheets.
pub const SHEETS: &[SheetForm] = &[
    SheetForm {
        english: "settings",
        chinese: "设置",
        columns: settings_sheet::COLUMNS,
        required: true,
    },
    SheetForm { english: "areas", chinese: "区域", columns: area_sheet::COLUMNS, required: true },
    SheetForm { english: "units", chinese: "单位", columns: workbook::UNITS, required: true },
    SheetForm { english: "members", chinese: "人员", columns: workbook::MEMBERS, required: true },
    SheetForm {
        english: "categories",
        chinese: "分类",
        columns: workbook::CATEGORIES,
        required: true,
    },
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
