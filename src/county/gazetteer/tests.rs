//! Which places sentences and answers say.

use super::*;
use crate::county::demo;

const WANGZHUANG: &str = "130699201201";

fn finds(text: &str, said: &str, area: Option<&str>) {
    let county = demo::county();
    let found = find_place(&county, text).unwrap_or_else(|| panic!("nothing in {text}"));
    assert_eq!(found.text, said, "{text}");
    assert_eq!(found.area, area.map(AreaCode::from), "{text}");
    assert!(found.ambiguous.is_empty(), "{text}: {:?}", found.ambiguous);
}

fn reads(answer: &str, home: Option<&str>) -> Option<FoundPlace> {
    let home = home.map(AreaCode::from);
    read_place(&demo::county(), answer, home.as_ref())
}

#[test]
fn a_village_is_found_with_the_words_that_say_the_spot() {
    let village = Some(WANGZHUANG);
    for (text, said) in [
        ("我家门口路灯坏了三天了，王庄村东头", "王庄村东头"),
        ("王庄村东头路灯坏了", "王庄村东头"),
        ("王庄村的路灯坏了", "王庄村"),
        ("王庄村路坏了", "王庄村"),
        ("王庄村有人在路口倒垃圾", "王庄村路口"),
        ("王庄村老李家门口路灯不亮", "王庄村老李家门口"),
        ("王庄村小学门口有积水", "王庄村小学门口"),
        ("王庄村，村口大槐树那儿灯不亮", "王庄村，村口大槐树那儿"),
        ("村口大槐树那儿路灯不亮，王庄村的", "王庄村村口大槐树那儿"),
        ("王庄乡王庄村卫生室没人", "王庄乡王庄村卫生室"),
        ("云溪县王庄乡王庄村东头停电了", "云溪县王庄乡王庄村东头"),
        ("大王庄桥头垃圾没人清", "大王庄桥头"),
        ("王庄东头路灯坏了", "王庄东头"),
        ("路灯坏了，在王庄村，王庄村东头", "王庄村东头"),
    ] {
        finds(text, said, village);
    }
}

#[test]
fn a_grid_is_found_by_its_number() {
    finds("王庄村第2网格路灯坏了", "王庄村第2网格", Some("130699201201002"));
    finds("王庄村二网格东头没水", "王庄村二网格东头", Some("130699201201002"));
    finds("王庄村第9网格没水", "王庄村", Some(WANGZHUANG));
}

#[test]
fn a_township_is_found_and_is_not_precise() {
    let county = demo::county();
    let found = find_place(&county, "大河镇到处是垃圾").unwrap();
    let area = found.area.unwrap();
    assert_eq!(area, "130699102".into());
    assert!(!county.is_precise(&area));
}

#[test]
fn two_villages_of_one_name_are_both_offered() {
    let both = [AreaCode::from("130699102102"), AreaCode::from("130699202102")];
    let found = find_place(&demo::county(), "张庄村东头路灯坏了").unwrap();
    assert_eq!(found.text, "张庄村东头");
    assert_eq!(found.area, None);
    assert_eq!(found.ambiguous, both);
    finds("柳林乡张庄村东头路灯坏了", "柳林乡张庄村东头", Some("130699202102"));
    finds("张庄村东头路灯坏了，我是大河镇的", "张庄村东头", Some("130699102102"));
    // Without 村 it may be anything.
    assert_eq!(find_place(&demo::county(), "张庄人都知道"), None);
}

#[test]
fn of_two_villages_the_one_with_a_spot_is_meant_and_otherwise_both() {
    finds("我是李家村的，王庄村东头路灯坏了", "王庄村东头", Some(WANGZHUANG));
    let found = find_place(&demo::county(), "王庄村到李家村的路坏了").unwrap();
    assert_eq!(found.text, "王庄村到李家村");
    assert_eq!(found.ambiguous, ["130699201201".into(), "130699201202".into()]);
}

#[test]
fn an_address_without_an_area_is_words_only() {
    finds("人民路12号门口井盖丢了", "人民路12号门口", None);
    finds("幸福小区3号楼2单元漏水", "幸福小区3号楼2单元", None);
    finds("村口路灯不亮", "村口", None);
}

#[test]
fn a_sentence_without_a_place_has_none() {
    for text in [
        "路灯坏了三天了",
        "我家门口路灯坏了",
        "低保怎么办",
        "你好",
        "",
        "。",
        "😡",
        "李家门口有狗",
        "王庄人都知道",
        "柳林里有蛇",
    ] {
        assert_eq!(find_place(&demo::county(), text), None, "{text}");
    }
}

#[test]
fn an_answer_is_taken_whole_with_the_area_it_names() {
    let found = reads("就在王庄村东头第三个电线杆。", None).unwrap();
    assert_eq!(found.text, "王庄村东头第三个电线杆");
    assert_eq!(found.area, Some(WANGZHUANG.into()));
    assert_eq!(reads("王庄", None).unwrap().area, Some(WANGZHUANG.into()));
}

#[test]
fn an_answer_without_an_area_is_at_home() {
    let found = reads("村口大槐树", Some(WANGZHUANG)).unwrap();
    assert_eq!(found.text, "村口大槐树");
    assert_eq!(found.area, Some(WANGZHUANG.into()));
    assert_eq!(reads("第2网格", Some(WANGZHUANG)).unwrap().area, Some("130699201201002".into()));
    assert_eq!(reads("俺们村东头", Some(WANGZHUANG)).unwrap().area, Some(WANGZHUANG.into()));
    assert_eq!(reads("村口大槐树", None).unwrap().area, None);
}

#[test]
fn the_place_named_wins_over_home() {
    let found = reads("李家村东头", Some(WANGZHUANG)).unwrap();
    assert_eq!(found.area, Some("130699201202".into()));
    // A village that the county does not have is not home.
    assert_eq!(reads("赵庄村东头", Some(WANGZHUANG)).unwrap().area, None);
}

#[test]
fn home_decides_between_two_villages_of_one_name() {
    let found = reads("张庄村西头", Some("130699202103001")).unwrap();
    assert_eq!(found.area, Some("130699202102".into()));
    let found = reads("张庄村西头", Some(WANGZHUANG)).unwrap();
    assert_eq!((found.area, found.ambiguous.len()), (None, 2));
}

#[test]
fn an_answer_without_words_is_no_place() {
    for answer in ["", "。", "😡", "/:rose", " \n"] {
        assert_eq!(reads(answer, Some(WANGZHUANG)), None, "{answer}");
    }
}

#[test]
fn a_point_is_in_the_nearest_village_or_outside() {
    let county = demo::county();
    let at = |lat, lon| area_at(&county, Point { lat, lon });
    assert_eq!(at(38.9912, 116.1034), Located::In(WANGZHUANG.into()));
    assert_eq!(at(38.9950, 116.1080), Located::In(WANGZHUANG.into()));
    // Beijing, and just over the county's edge.
    assert_eq!(at(39.9042, 116.4074), Located::Outside);
    assert_eq!(at(39.1501, 116.1034), Located::Outside);
    // In the county, far from every village.
    assert_eq!(at(38.8501, 116.3499), Located::In("130699".into()));
    assert_eq!(at(f64::NAN, 116.1), Located::Outside);
}

#[test]
fn a_message_that_says_only_a_place_is_told_from_a_matter_at_a_place() {
    let county = demo::county();
    for (text, area) in [
        ("王庄村", Some(WANGZHUANG)),
        ("王庄", Some(WANGZHUANG)),
        ("王庄村的", Some(WANGZHUANG)),
        ("就在王庄村东头", Some(WANGZHUANG)),
        ("我是王庄村的", Some(WANGZHUANG)),
        ("村口大槐树", None),
        ("我家门口", None),
    ] {
        let found = only_place(&county, text).unwrap_or_else(|| panic!("{text}"));
        assert_eq!(found.area, area.map(AreaCode::from), "{text}");
    }
    for text in ["王庄村路灯坏了", "王庄村东头没水", "路灯", "你好", "", "。", "1", "王庄人都知道"]
    {
        assert_eq!(only_place(&county, text), None, "{text}");
    }
}

#[test]
fn an_answer_to_where_is_no_place_when_it_tells_or_asks_something() {
    let county = demo::county();
    for text in ["好几天了", "坏了", "没人管啊", "你们不去看看吗", "快来修", "灯不亮"]
    {
        assert!(!may_be_place(&county, text), "{text}");
    }
    for text in ["铁匠铺", "村里", "家里", "不老屯村", "小卖部那块没灯的地方", "老李家", "王庄二组"]
    {
        assert!(may_be_place(&county, text), "{text}");
    }
}
