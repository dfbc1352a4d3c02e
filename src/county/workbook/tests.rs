//! Whole workbooks: the demo county's, with some of its sheets written anew.

use super::read;
use crate::{
    calendar::Special,
    county::{County, Hours, Leave, Limits, Mistake, Target, Wrong, dates::read_day, demo},
};

/// The demo county with these sheets in the place of its own.
fn with(sheets: &[(&str, &str)]) -> Result<County, Vec<Mistake>> {
    read(&|name| match sheets.iter().find(|(sheet, _)| *sheet == name) {
        Some((_, text)) => Some(text.as_bytes().to_vec()),
        None => demo::sheet(name),
    })
}

/// The demo county with a line more in a sheet.
fn with_line(sheet: &'static str, line: &str) -> Result<County, Vec<Mistake>> {
    let text = String::from_utf8(demo::sheet(sheet).unwrap()).unwrap();
    with(&[(sheet, &format!("{text}{line}\n"))])
}

#[track_caller]
fn check(sheet: &'static str, line: &str, column: &str, wrong: &Wrong) {
    let told = with_line(sheet, line).unwrap_err();
    let [mistake] = told.as_slice() else { panic!("{told:?}") };
    let found = (mistake.sheet, mistake.column, &mistake.wrong);
    assert_eq!(found, (sheet, Some(column), wrong));
}

#[test]
fn a_county_without_routes_calendar_and_handbook_is_whole() {
    let optional = ["routes", "calendar", "handbook"];
    let county = read(&|name| demo::sheet(name).filter(|_| !optional.contains(&name))).unwrap();
    assert!(county.rules().is_empty() && county.handbook().is_empty());
    let told = read(&|name| demo::sheet(name).filter(|_| name != "units")).unwrap_err();
    assert_eq!(told[0].wrong, Wrong::MissingSheet);
    assert_eq!(told.len(), 1, "{told:?}");
}

#[test]
fn a_working_day_without_working_hours_is_a_mistake() {
    for hours in ["无", "14:00-18:00 8:00-12:00", "8:00"] {
        let wrong = Wrong::BadHours(hours.to_owned());
        check("settings", &format!("工作时间,{hours}"), "内容", &wrong);
    }
    let wrong = Wrong::BadHours("夜里".to_owned());
    check("settings", "免打扰时段,夜里", "内容", &wrong);
}

#[test]
fn a_county_says_when_it_works_and_when_nobody_is_disturbed() {
    let usual = demo::county();
    assert_eq!(usual.settings().quiet, Hours { from: 22 * 60, until: 7 * 60 });
    assert_eq!(usual.calendar().day_minutes(), 480);
    let lines = "工作时间,8:30-12:00 14:00-17:30\n周六工作时间,9:00-12:00\n周日工作时间,休息\n免打扰时段,无";
    let county = with_line("settings", lines).unwrap();
    assert_eq!(county.calendar().day_minutes(), 420);
    let hours = &county.settings().hours;
    assert_eq!((hours.saturday(), hours.sunday()), (&[(540, 720)][..], &[][..]));
    assert_eq!(county.settings().quiet, Hours::NEVER);
    // Days of a limit are the county's own days, also where nothing is said.
    assert_eq!(county.category("dispute").unwrap().limits.result, 4200);
    assert_eq!(county.category("other").unwrap().limits, Limits::of_days(420));
}

#[test]
fn a_member_has_skills_hours_leave_and_a_limit() {
    let line = "新人,网格员,130699201201001,,,电工、律师 电工,22:00-6:00,2026-03-02—2026-03-08,5";
    let county = with_line("members", line).unwrap();
    let member = county.member("新人").unwrap();
    assert_eq!(member.skills, ["电工", "律师"]);
    assert_eq!(member.duty, Some(Hours { from: 1320, until: 360 }));
    assert_eq!(member.max_load, Some(5));
    let [from, until] = ["2026-03-02", "2026-03-08"].map(|day| read_day(day).unwrap());
    assert_eq!(member.leave, Some(Leave { from, until }));
    assert!(member.is_away(until) && !member.is_away(until.succ_opt().unwrap()));
    assert!(!county.member("张建国").unwrap().is_away(from));

    let bad = |cell: &str| Wrong::BadLoad(cell.to_owned());
    for load in ["0", "-1", "1.5", "1000"] {
        check("members", &format!("新人,网格员,,,,,,,{load}"), "最多", &bad(load));
    }
    let long = "2026-03-02—2062-03-08";
    let wrong = Wrong::LongSpan { value: long.to_owned(), most: 366 };
    check("members", &format!("新人,网格员,,,,,,{long},"), "请假", &wrong);
    check("members", "新人,网格长,,,,,,,", "区域", &Wrong::Empty);
    // A village without grids has its head too.
    assert!(with_line("members", "新人,网格长,130699201201,,,,,,").is_ok());
}

#[test]
fn a_holiday_may_be_a_span_and_a_day_counts_once() {
    let lines = "2027-02-05—2027-02-07,放假,春节\n2027/2/20,补班,";
    let county = with_line("calendar", lines).unwrap();
    let days = &county.register().days;
    assert_eq!(days.len(), 4);
    let day = |text| days.get(&read_day(text).unwrap()).unwrap().clone();
    assert_eq!(day("2027-02-06"), Special::Holiday("春节".to_owned()));
    assert_eq!(day("2027-02-20"), Special::Working("补班".to_owned()));
    assert!(!county.calendar().is_working_day(read_day("2027-02-05").unwrap()));
    assert!(county.calendar().is_working_day(read_day("2027-02-20").unwrap()));

    let twice = Wrong::DaySaidTwice { day: read_day("2027-02-07").unwrap(), first: 2 };
    check(
        "calendar",
        "2027-02-05—2027-02-07,放假,春节\n2027-02-07—2027-02-20,放假,春节",
        "日期",
        &twice,
    );
    check("calendar", "2027-02-05,放假,", "名称", &Wrong::Empty);
    let year = "2027-01-01—2027-12-31";
    let wrong = Wrong::LongSpan { value: year.to_owned(), most: 31 };
    check("calendar", &format!("{year},放假,长假"), "日期", &wrong);
}

#[test]
fn a_rule_names_what_there_is() {
    let lines = "山洪,road、housing,王庄乡,20:00-8:00,热线,救援,上一级\n\
                 值守,,,,,,张建国\n站,,,,,,王庄乡便民服务站\n站员,,,,,,乡镇站";
    let county = with_line("routes", lines).unwrap();
    let rule = |name: &str| county.rules().iter().find(|rule| rule.name == name).unwrap();
    let flood = rule("山洪");
    assert_eq!(flood.categories, ["road", "housing"]);
    assert_eq!(flood.area, Some("130699201".into()));
    assert_eq!(flood.hours, Some(Hours { from: 1200, until: 480 }));
    assert_eq!(flood.channel.as_deref(), Some("hotline"));
    assert_eq!(flood.skill.as_deref(), Some("救援"));
    assert_eq!(flood.target, Target::Upward);
    assert!(rule("值守").categories.is_empty(), "any");
    assert_eq!(rule("值守").target, Target::Member("张建国".to_owned()));
    assert_eq!(rule("站").target, Target::Unit("station_wangzhuang".to_owned()));
    assert_eq!(rule("站员").target, Target::Station);

    check("routes", "新规,,没有的乡,,,,网格员", "区域", &Wrong::UnknownArea("没有的乡".to_owned()));
    check("routes", "新规,,,8点,,,网格员", "时段", &Wrong::BadHours("8点".to_owned()));
    check("routes", "新规,,,,,,", "派给", &Wrong::Empty);
    let twice = Wrong::Duplicate { value: "夜间险情".to_owned(), first: 2 };
    check("routes", "夜间险情,,,,,,网格员", "名称", &twice);
    let told = with_line("routes", "新规,,,,飞鸽,,网格员").unwrap_err();
    assert!(matches!(told[0].wrong, Wrong::UnknownWord { .. }), "{told:?}");
}

#[test]
fn a_text_may_be_a_page_and_not_a_character_more() {
    let howto = |length: usize| format!("long,长文,其他,{},,,", "长".repeat(length));
    assert!(with_line("handbook", &howto(5_000)).is_ok());
    check("handbook", &howto(5_001), "内容", &Wrong::TooLong { most: 5_000 });
    let told = with_line("handbook", "date,日期,其他,内容,,昨天,").unwrap_err();
    assert_eq!(told[0].wrong, Wrong::BadDate("昨天".to_owned()));
}

#[test]
fn a_sheet_with_too_many_rows_is_refused_at_once() {
    let lines = "2027-02-05,放假,春节\n".repeat(50_001);
    let told = with(&[("calendar", &format!("日期,类型,名称\n{lines}"))]).unwrap_err();
    let [mistake] = told.as_slice() else { panic!("{}", told.len()) };
    assert_eq!(mistake.wrong, Wrong::TooManyRows);
}

#[test]
fn the_demo_county_is_what_others_count_on() {
    let county = demo::county();
    let all = county.categories();
    let codes = |is: &dyn Fn(&crate::county::Category) -> bool| -> Vec<String> {
        all.iter().filter(|one| is(one)).map(|one| one.code.clone()).collect()
    };
    assert_eq!(codes(&|one| one.auto), ["jobs", "volunteer"]);
    assert_eq!(codes(&|one| !one.checker), ["lighting", "sanitation"]);
    assert_eq!(codes(&|one| one.four_order), ["housing"]);
    assert_eq!(codes(&|one| one.confidential), ["safety", "conduct"]);
    assert_eq!(codes(&|one| !one.enabled), ["relocation"]);
    assert_eq!(codes(&|one| one.is_long), ["road", "housing", "relocation"]);
    let limits = |code: &str| county.category(code).unwrap().limits;
    assert_eq!(limits("lighting"), Limits { result: 3 * 480, ..Limits::default() });
    assert_eq!(limits("sanitation"), Limits::default());
    assert_eq!(county.rules()[0].target, Target::WholeGrid);
    assert_eq!(county.handbook().len(), 12);
    assert!(county.register().days.is_empty(), "the known years need no sheet");
}
