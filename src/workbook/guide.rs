//! What a clerk is told about each sheet, column and setting, and how cells are to be filled in.
//!
//! It promises a row for every column of [`crate::county::forms`], which a test holds; the blank
//! workbook and `docs/导入说明.md` say these sentences. Deliberately absent: what is allowed, which
//! the sheets themselves decide; a list here is what people are offered, not all that is read.

use crate::county::{Column, forms::SheetForm};

/// How a column is filled in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Fill {
    /// Words.
    Text,
    /// Digits and letters that a spreadsheet must not take for a number.
    Code,
    /// One of a few words.
    OneOf(&'static [&'static str]),
}

const YES_NO: Fill = Fill::OneOf(&["是", "否"]);

/// What a column is for.
#[derive(Debug, Clone, Copy)]
pub struct Hint {
    /// The column's English name.
    pub column: &'static str,
    /// How it is filled in.
    pub fill: Fill,
    /// Its width, in characters of Latin script.
    pub width: u16,
    /// One plain sentence or two.
    pub words: &'static str,
}

/// What a sheet is for.
#[derive(Debug, Clone, Copy)]
pub struct Guide {
    /// The sheet's English name.
    pub sheet: &'static str,
    /// One plain sentence or two.
    pub words: &'static str,
    /// Its columns in their order.
    pub hints: &'static [Hint],
}

const fn hint(column: &'static str, fill: Fill, width: u16, words: &'static str) -> Hint {
    Hint { column, fill, width, words }
}

/// All sheets in their order.
pub const GUIDES: &[Guide] = &[
    Guide {
        sheet: "settings",
        words: "县里的基本情况，一行一项。可不填的项目可以留空，也可以把整行删去。",
        hints: &[
            hint("setting", Fill::Text, 18, "项目的名称，不要改动。"),
            hint("value", Fill::Code, 44, "这一项的内容。"),
        ],
    },
    Guide {
        sheet: "areas",
        words: "全县的区域，从县到网格，一行一个。先填县，再填乡镇、片区、村、网格；可以没有片区。",
        hints: &[
            hint(
                "code",
                Fill::Code,
                20,
                "区域的编码，只用数字、字母，全县不能重复。下级的编码以上级的编码开头，例如县 130699、镇 130699100。",
            ),
            hint("name", Fill::Text, 24, "居民平时的叫法，例如 王庄村。"),
            hint("parent", Fill::Code, 20, "上一级区域的编码。只有县那一行留空。"),
            hint(
                "level",
                Fill::OneOf(&["县", "乡镇", "片区", "村", "网格"]),
                10,
                "这是哪一级，从列表中选。社区、居委会选“村”。",
            ),
            hint(
                "latitude",
                Fill::Text,
                12,
                "区域中心的纬度，例如 38.9912；不知道就和经度一起留空。请用微信、腾讯地图的坐标。",
            ),
            hint("longitude", Fill::Text, 12, "区域中心的经度，例如 116.1034。"),
            hint("aliases", Fill::Text, 30, "别的叫法：老名字、俗称，用空格分开。"),
        ],
    },
    Guide {
        sheet: "units",
        words: "办理诉求的部门、便民服务站和志愿队伍，一行一个。",
        hints: &[
            hint("code", Fill::Code, 22, "单位的编码，只用字母、数字、“-”和“_”，全县不能重复。"),
            hint("name", Fill::Text, 30, "单位的名称，全县不能重复。"),
            hint(
                "kind",
                Fill::OneOf(&["部门", "站", "队"]),
                10,
                "部门、站（便民服务站），还是队（志愿队伍），从列表中选。",
            ),
            hint("area", Fill::Code, 20, "管哪个区域，填区域的编码；县直部门填县的编码。"),
            hint("leader", Fill::Text, 16, "负责人的姓名，要在“人员”表里有。"),
        ],
    },
    Guide {
        sheet: "members",
        words: "接单办事的党员、网格员、工作人员，以及值班和督办的人，一人一行。",
        hints: &[
            hint("name", Fill::Text, 20, "姓名，全县不能重复；同名的人写作“张三（王庄）”。"),
            hint(
                "role",
                Fill::OneOf(&[
                    "党员",
                    "网格员",
                    "网格长",
                    "负责人",
                    "队长",
                    "工作人员",
                    "值班员",
                    "督办员",
                ]),
                10,
                "做什么，从列表中选。值班员受理和派单，督办员还管复核。",
            ),
            hint(
                "area",
                Fill::Code,
                20,
                "在哪个区域，填区域的编码。网格长要填网格或村；值班员只管这个区域。",
            ),
            hint("unit", Fill::Text, 30, "属于哪个单位，填单位的名称或编码；没有就留空。"),
            hint("phone", Fill::Code, 16, "手机号，或带区号的座机号。"),
            hint("skills", Fill::Text, 20, "会什么，例如 电工、律师、救援，用空格分开。"),
            hint("duty", Fill::Code, 14, "什么时候可以找他，例如 8:00-18:00；留空就是随时。"),
            hint("leave", Fill::Code, 26, "请假的日子，例如 2026-03-02—2026-03-08，首尾两天都算。"),
            hint("max_load", Fill::Text, 8, "手上最多同时几件；留空就是不限。"),
        ],
    },
    Guide {
        sheet: "categories",
        words: "诉求的分类，一行一类，常见的放在前面。已经填好了常用的分类，可以照着改。",
        hints: &[
            hint("code", Fill::Code, 14, "分类的编码，只用字母、数字、“-”和“_”。"),
            hint("name", Fill::Text, 14, "居民看到的名称，例如 路灯水电。"),
            hint("hint", Fill::Text, 36, "一句话告诉居民哪些事属于这一类。"),
            hint(
                "keywords",
                Fill::Text,
                40,
                "居民会用的词，用空格分开；前面加 ~ 的词只作参考，例如 ~怎么办。",
            ),
            hint("confidential", YES_NO, 8, "是否保密：只有经办的人看得到。留空是否。"),
            hint("module", Fill::Code, 12, "属于哪个专项，例如 relocation；平常的分类留空。"),
            hint("enabled", YES_NO, 8, "是否启用。留空是启用。"),
            hint("auto", YES_NO, 10, "是否不经值班员、直接派给后面的单位。留空是否。"),
            hint(
                "unit",
                Fill::Text,
                28,
                "一般由哪个单位办理，填名称或编码；可以留空，由值班员决定。",
            ),
            hint("checker", YES_NO, 8, "办结后是否要先核实，再请居民验单。留空是要核实。"),
            hint(
                "four_order",
                YES_NO,
                8,
                "是否实行四单制：网格点单、平台派单、负责人接单、居民验单。留空是否。",
            ),
            hint("needs_photo", YES_NO, 8, "办结时是否一定要有照片。留空是否。"),
            hint(
                "accept_limit",
                Fill::Text,
                12,
                "多久之内受理，例如 0.5天、4小时、30分钟；天数按工作日算。留空是半天。",
            ),
            hint("sign_limit", Fill::Text, 12, "派单后多久之内接单。留空是1天。"),
            hint("result_limit", Fill::Text, 12, "多久之内办结。留空是5天。"),
            hint("check_limit", Fill::Text, 12, "多久之内核实。留空是半天。"),
            hint("long", YES_NO, 10, "是否属于长期事项：挂起时不计时。留空是否。"),
        ],
    },
    Guide {
        sheet: "routes",
        words: "什么样的诉求直接派给谁，一行一条，从上往下，第一条对得上的算数。都对不上的派给网格。可以一条也没有。",
        hints: &[
            hint("name", Fill::Text, 20, "这一条叫什么，不能重复，例如 夜间险情。"),
            hint(
                "categories",
                Fill::Text,
                26,
                "哪些分类，填编码或名称，用空格分开；留空就是所有分类。",
            ),
            hint("area", Fill::Code, 20, "只管哪个区域（包括下级），填编码；留空就是全县。"),
            hint("hours", Fill::Code, 14, "只在什么时段，例如 22:00-6:00；留空就是全天。"),
            hint(
                "channel",
                Fill::OneOf(&[
                    "微信",
                    "网格",
                    "热线",
                    "来访",
                    "说事箱",
                    "信箱",
                    "接访",
                    "接口",
                    "邮件",
                ]),
                10,
                "只管从哪里来的诉求，从列表中选；留空就是不限。",
            ),
            hint("skill", Fill::Text, 12, "要会什么的人，“人员”表里要有人会；留空就是不限。"),
            hint(
                "target",
                Fill::Text,
                26,
                "派给谁：网格员、网格全员、网格长、乡镇站、上一级，或者单位、人员的名称。",
            ),
        ],
    },
    Guide {
        sheet: "calendar",
        words: "县里自己的放假和补班的日子。国家的节假日已经知道，不用填。可以一行也没有。",
        hints: &[
            hint(
                "date",
                Fill::Code,
                26,
                "哪一天，例如 2027-02-05；连着几天写作 2027-02-05—2027-02-12。",
            ),
            hint("kind", Fill::OneOf(&["放假", "补班"]), 10, "放假还是补班，从列表中选。"),
            hint("name", Fill::Text, 16, "叫什么，例如 春节。"),
        ],
    },
    Guide {
        sheet: "handbook",
        words: "办事指南，一行一件事，居民在“办事指南”里看到。可以一行也没有。",
        hints: &[
            hint("code", Fill::Code, 16, "编码，只用字母、数字、“-”和“_”，不能重复。"),
            hint("title", Fill::Text, 24, "办什么事，例如 新生儿落户。"),
            hint("subject", Fill::Text, 14, "属于哪个主题，例如 户口。"),
            hint("text", Fill::Text, 60, "带什么材料、到哪里、怎么办，写得让老人也看得懂。"),
            hint("unit", Fill::Text, 28, "由哪个单位办，填名称或编码；可以留空。"),
            hint("checked_on", Fill::Code, 14, "最近一次核对的日期，例如 2026-01-15。"),
            hint("keywords", Fill::Text, 30, "居民会用的词，用空格分开。"),
        ],
    },
];

/// What a setting is for.
#[derive(Debug, Clone, Copy)]
pub struct Setting {
    /// Its name in the sheet.
    pub name: &'static str,
    /// What a blank workbook says already.
    pub usual: &'static str,
    /// Whether a county is incomplete without it.
    pub required: bool,
    /// One plain sentence.
    pub words: &'static str,
}

const fn setting(
    name: &'static str,
    usual: &'static str,
    required: bool,
    words: &'static str,
) -> Setting {
    Setting { name, usual, required, words }
}

/// All settings in their order.
pub const SETTINGS: &[Setting] = &[
    setting("县名", "", true, "居民看到的县名，例如 云溪县。"),
    setting("值班电话", "", true, "县中心值班的电话，例如 0312-5550100。"),
    setting("值班时间", "每天8:00—20:00", true, "什么时候有人值班，照实写。"),
    setting("隐私联系", "", false, "居民问个人信息找谁：单位和电话。"),
    setting("南界", "", false, "全县最南的纬度。四个边界要么都填，要么都留空。"),
    setting("北界", "", false, "全县最北的纬度。"),
    setting("西界", "", false, "全县最西的经度。"),
    setting("东界", "", false, "全县最东的经度。"),
    setting("报警", "110", false, "遇到危险时让居民打的电话。"),
    setting("火警", "119", false, "火警和救援。"),
    setting("急救", "120", false, "医疗急救。"),
    setting("交通事故", "122", false, "交通事故。"),
    setting("燃气抢修", "119", false, "当地燃气公司的抢修电话；没有就填119。"),
    setting("供电抢修", "95598", false, "供电抢修。"),
    setting("心理援助", "12356", false, "心理援助热线。"),
    setting("工作时间", "8:00-12:00 14:00-18:00", false, "周一到周五的工作时间，时限按它计算。"),
    setting("周六工作时间", "无", false, "周六上班就填时段，不上班填“无”。"),
    setting("周日工作时间", "无", false, "周日上班就填时段，不上班填“无”。"),
    setting("免打扰时段", "22:00-7:00", false, "这段时间不给居民发不急的通知。"),
];

/// What is said about a sheet.
pub fn of(form: &SheetForm) -> Option<&'static Guide> {
    GUIDES.iter().find(|guide| guide.sheet == form.english)
}

/// What is said about a column of a sheet.
pub fn of_column(form: &SheetForm, column: &Column) -> Option<&'static Hint> {
    of(form)?.hints.iter().find(|hint| hint.column == column.english)
}
