//! Reads the sheet `categories`.
//!
//! Deliberately absent: which of them a need belongs to.

use super::category::{Category, Keyword, Limits};
use super::mistake::{Mistake, Wrong};
use super::sheet::{Column, Row, Sheet, Unique};
use super::unit_sheet::UnitCells;
use std::collections::HashMap;

const CODE: Column = Column::required("code", "编码").short();
const NAME: Column = Column::required("name", "名称").short();
const HINT: Column = Column::required("hint", "说明");
const KEYWORDS: Column = Column::required("keywords", "关键词");
const CONFIDENTIAL: Column = Column::optional("confidential", "保密");
const MODULE: Column = Column::optional("module", "专项");
const ENABLED: Column = Column::optional("enabled", "启用");
const AUTO: Column = Column::optional("auto", "自动派单");
const UNIT: Column = Column::optional("unit", "单位");
const CHECKER: Column = Column::optional("checker", "需核实");
const FOUR_ORDER: Column = Column::optional("four_order", "四单制");
const NEEDS_PHOTO: Column = Column::optional("needs_photo", "需照片");
const ACCEPT_LIMIT: Column = Column::optional("accept_limit", "受理时限");
const SIGN_LIMIT: Column = Column::optional("sign_limit", "签收时限");
const RESULT_LIMIT: Column = Column::optional("result_limit", "办结时限");
const CHECK_LIMIT: Column = Column::optional("check_limit", "核查时限");
const LONG: Column = Column::optional("long", "长期事项");

/// The columns of the sheet.
pub(super) const COLUMNS: &[Column] = &[
    CODE,
    NAME,
    HINT,
    KEYWORDS,
    CONFIDENTIAL,
    MODULE,
    ENABLED,
    AUTO,
    UNIT,
    CHECKER,
    FOUR_ORDER,
    NEEDS_PHOTO,
    ACCEPT_LIMIT,
    SIGN_LIMIT,
    RESULT_LIMIT,
    CHECK_LIMIT,
    LONG,
];

/// Reads all categories; `day_minutes` is how long the county works on an ordinary day.
pub(super) fn read(
    sheet: &Sheet,
    units: Option<&UnitCells<'_>>,
    day_minutes: u32,
    mistakes: &mut Vec<Mistake>,
) -> Vec<Category> {
    let (mut codes, mut names) = (Unique::default(), Unique::default());
    let mut categories = Vec::new();
    for row in sheet.rows() {
        let code = row.code(CODE, mistakes);
        let name = row.required(NAME, mistakes);
        let hint = row.required(HINT, mistakes);
        let unit = units.and_then(|units| units.find(row, UNIT, mistakes));
        let auto = row.yes(AUTO, false, mistakes);
        if auto && row.optional(UNIT).is_none() {
            // Without an operator and without a unit, nobody would ever handle it.
            mistakes.push(row.mistake(UNIT, Wrong::Empty));
        }
        let four_order = row.yes(FOUR_ORDER, false, mistakes);
        if let (true, Some(unit)) = (four_order, unit)
            && unit.leader.is_none()
        {
            mistakes.push(row.mistake(UNIT, Wrong::NoLeader(unit.name.clone())));
        }
        if let Some(code) = code {
            codes.claim(row, CODE, code, mistakes);
        }
        if let Some(name) = name {
            names.claim(row, NAME, name, mistakes);
        }
        categories.push(Category {
            code: code.unwrap_or_default().to_owned(),
            name: name.unwrap_or_default().to_owned(),
            hint: hint.unwrap_or_default().to_owned(),
            keywords: row.list(KEYWORDS).filter_map(Keyword::read).collect(),
            confidential: row.yes(CONFIDENTIAL, false, mistakes),
            module: row.optional(MODULE).map(str::to_owned),
            enabled: row.yes(ENABLED, true, mistakes),
            auto,
            unit: unit.map(|unit| unit.code.clone()),
            checker: row.yes(CHECKER, true, mistakes),
            four_order,
            needs_photo: row.yes(NEEDS_PHOTO, false, mistakes),
            limits: limits(row, day_minutes, mistakes),
            is_long: row.yes(LONG, false, mistakes),
        });
    }
    categories
}

/// Categories by what a cell may call them: the code or the name.
pub(super) fn cells(categories: &[Category]) -> HashMap<&str, &str> {
    let names = categories.iter().map(|one| (one.name.as_str(), one.code.as_str()));
    names.chain(categories.iter().map(|one| (one.code.as_str(), one.code.as_str()))).collect()
}

fn limits(row: Row<'_>, day_minutes: u32, mistakes: &mut Vec<Mistake>) -> Limits {
    let usual = Limits::of_days(day_minutes);
    let mut limit = |column, usual| {
        let read = |cell: &str| working_minutes(cell, day_minutes);
        row.read(column, read, Wrong::BadTime, mistakes).unwrap_or(usual)
    };
    Limits {
        accept: limit(ACCEPT_LIMIT, usual.accept),
        sign: limit(SIGN_LIMIT, usual.sign),
        result: limit(RESULT_LIMIT, usual.result),
        check: limit(CHECK_LIMIT, usual.check),
    }
}

/// Reads `0.5天`, `3个工作日`, `4小时`, `30分钟`. The unit must be said, because clerks mean days
/// and programs minutes.
fn working_minutes(cell: &str, day_minutes: u32) -> Option<u32> {
    /// The longest time that any rule grants, half a year, as working days.
    const MOST_DAYS: u32 = 183;
    let digits = cell.find(|c: char| !c.is_ascii_digit() && c != '.').unwrap_or(cell.len());
    let (number, unit) = cell.split_at_checked(digits)?;
    let (number, unit) = match cell.strip_prefix('半') {
        Some(unit) => ("0.5", unit),
        None => (number, unit),
    };
    let minutes = match unit.trim_start().trim_start_matches('个') {
        "天" | "日" | "工作日" => day_minutes,
        "小时" => 60,
        "分钟" => 1,
        _ => return None,
    };
    let minutes = hundredths(number)?.checked_mul(minutes)? / 100;
    (1..=MOST_DAYS.saturating_mul(day_minutes)).contains(&minutes).then_some(minutes)
}

/// A decimal number of at most two places, times a hundred.
fn hundredths(number: &str) -> Option<u32> {
    let (whole, part) = number.split_once('.').unwrap_or((number, "0"));
    if !(1..=2).contains(&part.len()) {
        return None;
    }
    let part = format!("{part:0<2}").parse::<u32>().ok()?;
    whole.parse::<u32>().ok()?.checked_mul(100)?.checked_add(part)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_time_without_its_unit_is_not_read() {
        for cell in [
            "",
            "5",
            "天",
            "0天",
            "0.001天",
            "-1天",
            "五天",
            "5 days",
            "1.2.3天",
            "1.234天",
            "184天",
            "4294967295天",
            "99999999999天",
            "5天半",
            "0.00分钟",
            "半",
            "半3天",
            ".5天",
        ] {
            assert_eq!(working_minutes(cell, 480), None, "{cell}");
        }
    }

    #[test]
    fn a_day_is_the_countys_own_day() {
        for (cell, minutes) in [
            ("0.5天", 240),
            ("半天", 240),
            ("半个工作日", 240),
            ("1个工作日", 480),
            ("10 天", 4800),
            ("183天", 87_840),
            ("4小时", 240),
            ("2.5小时", 150),
            ("30分钟", 30),
        ] {
            assert_eq!(working_minutes(cell, 480), Some(minutes), "{cell}");
        }
        assert_eq!(working_minutes("1.5个工作日", 420), Some(630));
    }
}
