//! A workbook full of mistakes: every one is told, with its place, and nothing besides.

use lianxin::county::{Mistake, workbook};
use std::path::Path;

fn mistakes() -> Vec<Mistake> {
    let folder =
        Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures/workbook-thirty-mistakes");
    workbook::read(&|sheet| std::fs::read(folder.join(format!("{sheet}.csv"))).ok()).unwrap_err()
}

#[test]
fn thirty_mistakes_are_told_with_sheet_row_and_column() {
    let planted = [
        ("settings", 3, "内容", "“打电话”不是正确的电话号码"),
        ("settings", 5, "内容", "“8:00-12:00 11:00-18:00”不是正确的时段"),
        ("settings", 11, "项目", "不认识的设置项“口号”"),
        ("areas", 5, "上级", "表中没有上级“1199”"),
        ("areas", 6, "编码", "“110101”与第4行重复"),
        ("areas", 7, "级别", "“庄”不是可选的内容"),
        ("areas", 8, "纬度", "坐标在县界之外"),
        ("areas", 9, "编码", "编码“220101”不是以上级编码“1101”开头"),
        ("units", 4, "区域", "找不到区域“没有的乡”"),
        ("units", 5, "负责人", "找不到人员“查无此人”"),
        ("members", 3, "电话", "“12345”不是正确的电话号码"),
        ("members", 4, "区域", "网格长管的“王庄乡”不是网格，也不是村"),
        ("members", 5, "角色", "“组长”不是可选的内容"),
        ("members", 6, "值班时段", "“八点到十八点”不是正确的时段"),
        ("members", 7, "请假", "“三月二号”不是正确的日期"),
        ("members", 8, "请假", "的结束日期早于开始日期"),
        ("members", 9, "最多", "“很多”不是正确的件数"),
        ("members", 10, "单位", "找不到单位“县水务局”"),
        ("members", 11, "姓名", "“张建国”与第3行重复"),
        ("categories", 2, "单位", "四单制由负责人接单，而“县住建局”没有负责人"),
        ("categories", 3, "办结时限", "“7”不是正确的时限"),
        ("categories", 4, "说明", "没有填写"),
        ("categories", 5, "", "第9列没有表头，却填了内容"),
        ("routes", 3, "派给", "不知道“县水务局”是谁，这样就派不出去"),
        ("routes", 4, "分类", "找不到分类“水利”"),
        ("routes", 5, "技能", "没有人会“潜水”"),
        ("routes", 6, "名称", "内容太长，超过了60个字"),
        ("calendar", 3, "日期", "2027-02-12 在第2行已经写过"),
        ("calendar", 4, "日期", "“2027-02-30”不是正确的日期"),
        ("handbook", 3, "编码", "“hukou”与第2行重复"),
    ];
    let told = mistakes();
    for (sheet, row, column, what) in planted {
        let is_it = |mistake: &&Mistake| {
            mistake.sheet == sheet
                && mistake.row == Some(row)
                && mistake.column.unwrap_or_default() == column
                && mistake.wrong.what().contains(what)
        };
        assert_eq!(told.iter().filter(is_it).count(), 1, "{sheet} {row} {column}: {what}");
    }
    let told: Vec<String> = told.iter().map(ToString::to_string).collect();
    assert_eq!(told.len(), planted.len(), "{}", told.join("\n"));
}

#[test]
fn a_mistake_says_where_it_is_what_is_wrong_and_how_to_mend_it() {
    let told: Vec<String> = mistakes().iter().map(ToString::to_string).collect();
    let line = |begin: &str| {
        told.iter().find(|line| line.starts_with(begin)).unwrap_or_else(|| panic!("{told:?}"))
    };
    assert_eq!(
        line("members 第7行"),
        "members 第7行「请假」：“三月二号”不是正确的日期；\
         请这样填：2026-03-02；几天连着就填：2026-03-02—2026-03-08",
    );
    assert_eq!(
        line("categories 第3行"),
        "categories 第3行「办结时限」：“7”不是正确的时限；\
         请写明单位，例如：0.5天、3个工作日、4小时、30分钟",
    );
}
