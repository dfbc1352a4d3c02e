//! What is wrong with a file or a sheet before its cells mean anything, as types and in sentences.
//!
//! The same people read it as read [`super::mistake`]: it says what is wrong and how to mend it.

use std::fmt;

/// What keeps a file, a sheet or a cell from being read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Spoiled {
    /// Nothing in it.
    EmptyFile,
    /// The format of before 2007.
    OldWorkbook,
    /// It opens with a password only.
    Encrypted,
    /// Text that was given the name of a workbook.
    PlainText,
    /// Something else, or damaged.
    NotAWorkbook,
    /// Neither a workbook nor a sheet.
    UnknownFile,
    /// More than is read, packed or unpacked.
    TooBig,
    /// More sheets than are read.
    TooManySheets {
        /// How many are.
        most: usize,
    },
    /// No sheet of a county.
    NoSheets,
    /// A sheet of a name that means nothing.
    UnknownSheet(String),
    /// A sheet that was there before.
    SheetTwice {
        /// The file that has it too.
        other: String,
    },
    /// The sheet cannot be taken apart.
    BadSheet,
    /// More rows than are read.
    TooManyRows {
        /// How many are.
        most: u64,
    },
    /// More columns than are read.
    TooManyColumns {
        /// How many are.
        most: usize,
    },
    /// Cells that were made one.
    MergedCells {
        /// As a spreadsheet writes it, e.g. `A2:B3`.
        range: String,
    },
    /// A formula that came to nothing.
    ErrorCell(String),
    /// A number of more digits than a spreadsheet keeps.
    LostDigits(String),
    /// More text than a cell holds.
    LongCell,
}

impl fmt::Display for Spoiled {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::EmptyFile => f.write_str("文件是空的"),
            Self::OldWorkbook => f.write_str("这是旧格式（.xls）的工作簿"),
            Self::Encrypted => f.write_str("工作簿加了密码"),
            Self::PlainText => f.write_str("这是文本文件（CSV），只是改了文件名"),
            Self::NotAWorkbook => f.write_str("不是可以读取的工作簿，或者文件已损坏"),
            Self::UnknownFile => f.write_str("不是工作簿（.xlsx），也不是表格（.csv）"),
            Self::TooBig => f.write_str("文件太大"),
            Self::TooManySheets { most } => write!(f, "工作表超过{most}张"),
            Self::NoSheets => f.write_str("里面没有要导入的表"),
            Self::UnknownSheet(name) => write!(f, "不认识工作表“{name}”"),
            Self::SheetTwice { other } => write!(f, "这张表重复了，“{other}”里也有"),
            Self::BadSheet => f.write_str("这张表读不出来"),
            Self::TooManyRows { most } => write!(f, "超过{most}行"),
            Self::TooManyColumns { most } => write!(f, "超过{most}列"),
            Self::MergedCells { range } => write!(f, "有合并的单元格 {range}"),
            Self::ErrorCell(value) => write!(f, "公式出错，显示为“{value}”"),
            Self::LostDigits(value) => {
                write!(f, "“{value}”按数字存放，第15位以后已经不准")
            }
            Self::LongCell => f.write_str("单元格里的文字太长"),
        }
    }
}

impl Spoiled {
    /// How to mend it.
    pub fn mend(&self) -> &'static str {
        match self {
            Self::EmptyFile => "请重新保存后再导入",
            Self::OldWorkbook | Self::NotAWorkbook => {
                "请用 Excel 或 WPS 打开，另存为“Excel 工作簿（.xlsx）”"
            }
            Self::Encrypted => "请去掉打开密码后另存",
            Self::PlainText => "请把文件名改回 .csv，或另存为“Excel 工作簿（.xlsx）”",
            Self::UnknownFile => "请给出 .xlsx、.csv 文件，或放着 .csv 的文件夹",
            Self::TooBig => "请删去图片和不用的内容，或分成几个文件",
            Self::TooManySheets { .. } => "请删去不用的工作表",
            Self::NoSheets => "请用 lianxin import --blank 生成的空白工作簿填写",
            Self::UnknownSheet(_) => {
                "请改成：设置、区域、单位、人员、分类、路由、日历、手册；\
                 自己备用的表，名称请以 # 开头"
            }
            Self::SheetTwice { .. } => "每张表只留一份",
            Self::BadSheet => "请用 Excel 或 WPS 打开检查，重新另存",
            Self::TooManyRows { .. } => "请删去多余的行",
            Self::TooManyColumns { .. } => "请删去多余的列",
            Self::MergedCells { .. } => "请取消合并，每一行都填上内容",
            Self::ErrorCell(_) => "请改正公式，或直接填写内容",
            Self::LostDigits(_) => "请先把这一列设为文本格式，再重新填写",
            Self::LongCell => "请缩短",
        }
    }
}
