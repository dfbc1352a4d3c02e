//! Reads the sheet `handbook`: how residents get something done. A county may do without it.
//!
//! Deliberately absent: whether the advice is right; the unit that answers for it says when it
//! looked last.

use super::handbook::Howto;
use super::mistake::Mistake;
use super::sheet::{Column, Sheet, Unique};
use super::unit_sheet::UnitCells;

const CODE: Column = Column::required("code", "编码").short();
const TITLE: Column = Column::required("title", "标题").short();
const SUBJECT: Column = Column::required("subject", "主题").short();
const TEXT: Column = Column::required("text", "内容");
const UNIT: Column = Column::optional("unit", "单位");
const CHECKED_ON: Column = Column::optional("checked_on", "核对日期");
const KEYWORDS: Column = Column::optional("keywords", "关键词");

/// The columns of the sheet.
pub(super) const COLUMNS: &[Column] = &[CODE, TITLE, SUBJECT, TEXT, UNIT, CHECKED_ON, KEYWORDS];

/// Reads all how-tos.
pub(super) fn read(
    sheet: &Sheet,
    units: Option<&UnitCells<'_>>,
    mistakes: &mut Vec<Mistake>,
) -> Vec<Howto> {
    let mut codes = Unique::default();
    let mut handbook = Vec::new();
    for row in sheet.rows() {
        let code = row.code(CODE, mistakes);
        if let Some(code) = code {
            codes.claim(row, CODE, code, mistakes);
        }
        let mut text = |column| row.required(column, mistakes).unwrap_or_default().to_owned();
        let (title, subject, text) = (text(TITLE), text(SUBJECT), text(TEXT));
        handbook.push(Howto {
            code: code.unwrap_or_default().to_owned(),
            title,
            subject,
            text,
            unit: units.and_then(|units| units.find(row, UNIT, mistakes)).map(|u| u.code.clone()),
            checked_on: row.day(CHECKED_ON, mistakes),
            keywords: row.list(KEYWORDS).map(str::to_lowercase).collect(),
        });
    }
    handbook
}
