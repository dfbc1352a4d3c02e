//! Mistakes in a workbook, as types, and the sentences that the county's clerks read.
//!
//! The clerks who fill a workbook in are not the people who run the service, so a mistake says
//! where it is, what is wrong and how to mend it, in their language. Cells are quoted, because a
//! wrong cell is what they must find; nothing here is ever logged.

use chrono::NaiveDate;
use std::fmt;

/// What is wrong with a cell, a row or a sheet.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Wrong {
    /// The workbook lacks a sheet.
    MissingSheet,
    /// The file is not UTF-8.
    NotUtf8,
    /// The file cannot be taken apart into cells.
    NotATable,
    /// The header row lacks a column.
    MissingColumn,
    /// A cell that must be filled in is empty.
    Empty,
    /// None of the words that a column knows.
    UnknownWord {
        /// The cell.
        value: String,
        /// The words it knows.
        allowed: &'static str,
    },
    /// Not a number in the range the column allows.
    BadNumber(String),
    /// Not a telephone number.
    BadPhone(String),
    /// A code with signs other than letters, digits, `_` and `-`.
    BadCode(String),
    /// The same code or name stands in an earlier row.
    Duplicate {
        /// The cell.
        value: String,
        /// The earlier row.
        first: u64,
    },
    /// The parent stands in no row.
    UnknownParent(String),
    /// An area is its own ancestor.
    Loop,
    /// A code does not begin with its parent's.
    CodeNotUnderParent {
        /// The area's code.
        code: String,
        /// Its parent's.
        parent: String,
    },
    /// An area stands higher than its parent.
    LevelAboveParent,
    /// No area without a parent, so there is no county.
    NoRoot,
    /// More than one area without a parent.
    SecondRoot,
    /// A point outside the county's bounds.
    OutsideBounds,
    /// Some of the four bounds are missing, or they are the wrong way round.
    BadBounds,
    /// No such area, or several of that name.
    UnknownArea(String),
    /// No such unit.
    UnknownUnit(String),
    /// No such member.
    UnknownMember(String),
    /// A setting that nobody knows.
    UnknownSetting(String),
    /// A setting that must be there.
    MissingSetting(&'static str),
    /// No such category.
    UnknownCategory(String),
    /// Nobody has this skill.
    UnknownSkill(String),
    /// A rule whose target is no word, no unit and no member: it would give to nobody.
    UnknownTarget(String),
    /// Not a day that exists, or one that cannot be read.
    BadDate(String),
    /// A span of days that ends before it begins.
    Reversed(String),
    /// A span of days longer than the column allows.
    LongSpan {
        /// The cell.
        value: String,
        /// As many days at most.
        most: i64,
    },
    /// A day that an earlier row speaks of.
    DaySaidTwice {
        /// The day.
        day: NaiveDate,
        /// The earlier row.
        first: u64,
    },
    /// Not hours of the day.
    BadHours(String),
    /// Not a span of time with its unit.
    BadTime(String),
    /// Not a number of tickets.
    BadLoad(String),
    /// A grid head whose area is neither a grid nor a village.
    GridHeadElsewhere(String),
    /// A category's leader accepts, but its unit has none.
    NoLeader(String),
    /// More characters than a cell may have.
    TooLong {
        /// As many at most.
        most: usize,
    },
    /// A cell in a column that has no header.
    BeyondHeader {
        /// The column, counted from 1.
        place: usize,
    },
    /// More rows than a county can have.
    TooManyRows,
    /// A file, or what is packed in it, is too large.
    TooBig,
    /// Cells were merged.
    MergedCells {
        /// Which ones, e.g. `A2:B3`.
        range: String,
    },
    /// The file is no workbook that can be read.
    NotAWorkbook,
    /// A sheet that nobody knows.
    UnknownSheet(String),
}

impl Wrong {
    /// What is wrong.
    pub fn what(&self) -> String {
        match self {
            Self::MissingSheet => "缺少这张表".to_owned(),
            Self::NotUtf8 => "文件不是 UTF-8 编码".to_owned(),
            Self::NotATable => "文件不是可以读取的表格".to_owned(),
            Self::MissingColumn => "表头缺少这一列".to_owned(),
            Self::Empty => "没有填写".to_owned(),
            Self::UnknownWord { value, .. } => format!("“{value}”不是可选的内容"),
            Self::BadNumber(value) => format!("“{value}”不是正确的数字"),
            Self::BadPhone(value) => format!("“{value}”不是正确的电话号码"),
            Self::BadCode(value) => format!("编码“{value}”含有不允许的字符"),
            Self::Duplicate { value, first } => format!("“{value}”与第{first}行重复"),
            Self::UnknownParent(value) => format!("表中没有上级“{value}”"),
            Self::Loop => "上级关系绕成了圈".to_owned(),
            Self::CodeNotUnderParent { code, parent } => {
                format!("编码“{code}”不是以上级编码“{parent}”开头")
            }
            Self::LevelAboveParent => "级别比它的上级还高".to_owned(),
            Self::NoRoot => "没有县这一级（没有上级为空的行）".to_owned(),
            Self::SecondRoot => "上级为空的行不止一个".to_owned(),
            Self::OutsideBounds => "坐标在县界之外".to_owned(),
            Self::BadBounds => "县界的东南西北不完整或颠倒".to_owned(),
            Self::UnknownArea(value) => format!("找不到区域“{value}”，或者有多个同名区域"),
            Self::UnknownUnit(value) => format!("找不到单位“{value}”"),
            Self::UnknownMember(value) => format!("找不到人员“{value}”"),
            Self::UnknownSetting(value) => format!("不认识的设置项“{value}”"),
            Self::MissingSetting(name) => format!("缺少设置项“{name}”"),
            Self::UnknownCategory(value) => format!("找不到分类“{value}”"),
            Self::UnknownSkill(value) => format!("没有人会“{value}”"),
            Self::UnknownTarget(value) => format!("不知道“{value}”是谁，这样就派不出去"),
            Self::BadDate(value) => format!("“{value}”不是正确的日期"),
            Self::Reversed(value) => format!("“{value}”的结束日期早于开始日期"),
            Self::LongSpan { value, most } => format!("“{value}”超过了{most}天"),
            Self::DaySaidTwice { day, first } => format!("{day} 在第{first}行已经写过"),
            Self::BadHours(value) => format!("“{value}”不是正确的时段"),
            Self::BadTime(value) => format!("“{value}”不是正确的时限"),
            Self::BadLoad(value) => format!("“{value}”不是正确的件数"),
            Self::GridHeadElsewhere(area) => format!("网格长管的“{area}”不是网格，也不是村"),
            Self::NoLeader(unit) => format!("四单制由负责人接单，而“{unit}”没有负责人"),
            Self::TooLong { most } => format!("内容太长，超过了{most}个字"),
            Self::BeyondHeader { place } => format!("第{place}列没有表头，却填了内容"),
            Self::TooManyRows => "行数太多".to_owned(),
            Self::TooBig => "文件太大".to_owned(),
            Self::MergedCells { range } => format!("{range} 是合并的单元格"),
            Self::NotAWorkbook => "不是可以读取的 Excel 工作簿".to_owned(),
            Self::UnknownSheet(name) => format!("不认识的工作表“{name}”"),
        }
    }

    /// How to mend it.
    pub fn mend(&self) -> String {
        match self {
            Self::UnknownWord { allowed, .. } => format!("请填：{allowed}"),
            other => other.usual_mend().to_owned(),
        }
    }

    fn usual_mend(&self) -> &'static str {
        match self {
            Self::MissingSheet => "请补上这张表，没有内容也要保留表头",
            Self::NotUtf8 => "请另存为“CSV UTF-8（逗号分隔）”",
            Self::NotATable => "请检查引号是否成对，然后重新另存",
            Self::MissingColumn => "请在第一行补上这一列",
            Self::Empty | Self::UnknownWord { .. } => "请填写",
            Self::BadNumber(_) => "请只填数字，例如 38.9912",
            Self::BadPhone(_) => "请填11位手机号，或带区号的座机号",
            Self::BadCode(_) => "只用数字、字母、“-”和“_”；请把这一列设为文本格式",
            Self::Duplicate { .. } => "请改成不同的内容，同名的人可写作“张三（王庄）”",
            Self::UnknownParent(_) => "请补上上级那一行，或改正这里的编码",
            Self::Loop => "请改正这一行的上级",
            Self::CodeNotUnderParent { .. } => "请让编码以上级的编码开头",
            Self::LevelAboveParent => "请改正级别或上级",
            Self::NoRoot => "请把县那一行的上级留空",
            Self::SecondRoot => "只有县那一行的上级可以为空，请填写上级编码",
            Self::OutsideBounds => "请检查经度和纬度是否填反或填错",
            Self::BadBounds => "请把四个边界都填上，南小于北，西小于东；或都不填",
            Self::UnknownArea(_) => "请填区域表中的编码",
            Self::UnknownUnit(_) => "请填单位表中的编码或名称",
            Self::UnknownMember(_) => "请填人员表中的姓名",
            Self::UnknownSetting(_) => "请检查是否写错，或删去这一行",
            Self::MissingSetting(_) => "请在设置表中补上",
            Self::UnknownCategory(_) => "请填分类表中的编码或名称",
            Self::UnknownSkill(_) => "请在人员表的“技能”一列给会的人填上，或改正这里",
            Self::UnknownTarget(_) => {
                "请填：网格员、网格全员、网格长、乡镇站、上一级，或者单位、人员的名称"
            }
            Self::BadDate(_) => "请这样填：2026-03-02；几天连着就填：2026-03-02—2026-03-08",
            Self::Reversed(_) => "请把两个日期的先后改对",
            Self::LongSpan { .. } => "请检查年份和月份，或分成几行",
            Self::DaySaidTwice { .. } => "一天只能写一次，请删去其中一处",
            Self::BadHours(_) => "请这样填：8:00-18:00；跨夜可填 22:00-6:00；工作时间可以有几段",
            Self::BadTime(_) => "请写明单位，例如：0.5天、3个工作日、4小时、30分钟",
            Self::BadLoad(_) => "请填1到999的整数，不限就留空",
            Self::GridHeadElsewhere(_) => "请填网格或村的编码",
            Self::NoLeader(_) => "请在单位表中填上它的负责人",
            Self::TooLong { .. } => "请写短一些",
            Self::BeyondHeader { .. } => {
                "请删去，或在第一行补上表头；也可能是内容里的逗号没有加引号"
            }
            Self::TooManyRows => "一张表最多5万行，请检查是否有多余的行",
            Self::TooBig => "请删去图片和多余的内容，不超过20兆",
            Self::MergedCells { .. } => "请取消合并，每一格都单独填写",
            Self::NotAWorkbook => "请用 Excel 或 WPS 另存为 .xlsx，不要加密码，也不要只改文件名",
            Self::UnknownSheet(_) => "请检查表名，或在表名前加“#”表示不用导入",
        }
    }
}

/// One mistake and where it is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Mistake {
    /// The sheet's name, e.g. `areas`.
    pub sheet: &'static str,
    /// The row as a spreadsheet counts, the header being 1; none for the sheet as a whole.
    pub row: Option<u64>,
    /// The column's name.
    pub column: Option<&'static str>,
    /// What is wrong with it.
    pub wrong: Wrong,
}

impl fmt::Display for Mistake {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.sheet)?;
        if let Some(row) = self.row {
            write!(f, " 第{row}行")?;
        }
        if let Some(column) = self.column {
            write!(f, "「{column}」")?;
        }
        write!(f, "：{}；{}", self.wrong.what(), self.wrong.mend())
    }
}
