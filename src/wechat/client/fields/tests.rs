//! What fits into a template's field, and what does not.

use super::{FieldProblem::*, *};
use proptest::prelude::*;

fn fits(key: &str, values: &[&str]) {
    for value in values {
        assert_eq!(fit(key, value).as_deref(), Ok(*value), "{key}");
    }
}

fn refused(key: &str, values: &[&str], problem: FieldProblem) {
    for value in values {
        assert_eq!(fit(key, value), Err(problem), "{key} {value:?}");
    }
}

#[test]
fn a_key_without_published_rules_is_refused() {
    for key in
        ["first", "remark", "keyword1", "thing", "Thing1", "short_thing2", "", "4", "thing4x"]
    {
        refused(key, &["路灯"], UnknownType);
    }
}

#[test]
fn only_a_const_may_be_empty() {
    assert_eq!(fit("const8", "").as_deref(), Ok(""));
    assert_eq!(fit("const8", " \n").as_deref(), Ok(""));
    for key in ["thing4", "character_string1", "time2", "phrase3", "name1", "amount1", "enum1"] {
        refused(key, &["", "  ", "\n"], Empty);
    }
    refused("thing4", &["\u{200B}\u{FEFF}", "🎉🎉"], Empty);
}

#[test]
fn a_thing_of_twenty_characters_stays_and_the_twenty_first_becomes_an_ellipsis() {
    fits("thing4", &[&"灯".repeat(20), "王庄村东头（第1网格）"]);
    let cut = fit("thing4", &"灯".repeat(21)).unwrap();
    assert_eq!(cut, format!("{}…", "灯".repeat(19)));
    // Characters outside the first plane count as one, and are never cut in half.
    let rare = fit("thing4", &"𠮷".repeat(21)).unwrap();
    assert_eq!(rare.chars().count(), 20);
    let space_before_the_cut = fit("thing4", &format!("{} 灯灯灯", "灯".repeat(18))).unwrap();
    assert_eq!(space_before_the_cut, format!("{}…", "灯".repeat(18)));
}

#[test]
fn a_thing_loses_line_breaks_tabs_pictures_and_invisible_characters() {
    assert_eq!(fit("thing4", " 王庄村\r\n\t东头 ").as_deref(), Ok("王庄村 东头"));
    assert_eq!(fit("thing4", "路灯💡坏了").as_deref(), Ok("路灯 坏了"));
    assert_eq!(fit("thing4", "\u{202E}路灯\u{0}").as_deref(), Ok("路灯"));
}

#[test]
fn nothing_but_a_thing_is_shortened() {
    refused("const8", &[&"办".repeat(21)], TooLong { limit: 20 });
    refused("character_string1", &[&"1".repeat(33)], TooLong { limit: 32 });
    refused("number1", &[&"1".repeat(33)], TooLong { limit: 32 });
    refused("letter1", &[&"a".repeat(33)], TooLong { limit: 32 });
    refused("symbol1", &["******"], TooLong { limit: 5 });
    refused("phone_number1", &[&"1".repeat(18)], TooLong { limit: 17 });
    refused("phrase1", &["正在处理当中"], TooLong { limit: 5 });
    refused("name1", &["一二三四五六七八九十一"], TooLong { limit: 10 });
    refused("name1", &[&"a".repeat(21)], TooLong { limit: 20 });
}

#[test]
fn a_line_break_inside_anything_else_is_refused() {
    for key in ["const8", "character_string1", "symbol1", "name1", "phone_number1", "enum_string2"]
    {
        refused(key, &["a\nb", "1\t2", "1\u{200B}2"], Malformed);
    }
}

#[test]
fn a_character_string_has_no_han() {
    fits("character_string1", &["LX260302123456", "a-b_c/1.2", &"1".repeat(32)]);
    refused("character_string1", &["编号1", "LX 1", "１２３", "é"], Malformed);
}

#[test]
fn numbers_letters_and_symbols_are_only_that() {
    fits("number1", &["0", "12.50"]);
    refused("number1", &["1,000", "-1", "1.", ".5", "1.2.3", "三", "１"], Malformed);
    fits("letter1", &["abcXYZ"]);
    refused("letter1", &["a1", "é", "a b"], Malformed);
    fits("symbol1", &["***", "！？"]);
    refused("symbol1", &["a*", "1", "灯", "* *"], Malformed);
}

#[test]
fn a_time_is_a_time_of_day_with_or_without_a_date_or_a_range() {
    fits(
        "time2",
        &[
            "15:01",
            "9:05",
            "00:00:00",
            "2019年10月1日 15:01",
            "2019-10-01 15:01",
            "2024-02-29 08:00~2024-03-01 09:00",
            "2019年10月1日 09:00 ~ 10:00",
        ],
    );
    refused(
        "time2",
        &[
            "24:00",
            "15:60",
            "15:1",
            "15",
            "2019-10-01",
            "2023-02-29 08:00",
            "上午9点",
            "9:00~",
            "1:00~2:00~3:00",
        ],
        Malformed,
    );
}

#[test]
fn a_date_exists_and_may_have_a_time_or_a_range() {
    fits(
        "date3",
        &["2019年10月1日", "2019-10-01", "2019-10-01 15:01", "2019年10月1日~2019年10月7日"],
    );
    refused(
        "date3",
        &[
            "2019-13-01",
            "2019-02-30",
            "19-10-01",
            "2019/10/01",
            "10月1日",
            "15:01",
            "明天",
            "+201-10-01",
        ],
        Malformed,
    );
}

#[test]
fn an_amount_has_ten_digits_at_most_and_one_sign() {
    fits("amount1", &["100", "¥100.50", "￥99", "$1", "100元", "¥1234567890元", "12345678.90"]);
    refused("amount1", &["12345678901", "¥¥1", "一百元", "1,000", "元", "¥"], Malformed);
}

#[test]
fn phone_and_plate_and_name_and_phrase() {
    fits("phone_number1", &["0312-1234567", "+86-0766-66888866", "12345"]);
    refused("phone_number1", &["电话12345", "--"], Malformed);
    fits("car_number1", &["冀F12345", "冀FD12345", "冀F1234学"]);
    refused("car_number1", &["冀F1", "冀庄12345", "冀f12345", "冀F 1234"], Malformed);
    fits("name1", &["张建国", "阿卜杜拉·买买提", "Zhang Jianguo", "𠮷田"]);
    refused("name1", &["张1", "·", "张建国！"], Malformed);
    fits("phrase1", &["处理中"]);
    refused("phrase1", &["OK", "处理 中", "已办结。"], Malformed);
}

fn key() -> impl Strategy<Value = String> {
    prop_oneof![
        "(thing|const|enum|enum_string|character_string|number|letter|symbol|time|date|amount\
         |phone_number|car_number|name|phrase)[0-9]{1,2}",
        "[a-z_]{0,12}[0-9]{0,2}",
    ]
}

fn value() -> impl Strategy<Value = String> {
    prop_oneof![
        ".{0,60}",
        "[0-9.:年月日~ -]{0,24}",
        "[\u{4e00}-\u{9fff}a-z0-9 \t\r\n\u{200b}💡…]{0,40}",
        "[A-Z0-9冀京¥元]{0,12}",
    ]
}

proptest! {
    #[test]
    fn whatever_comes_out_is_valid_and_comes_out_again(key in key(), value in value()) {
        if let Ok(fitted) = fit(&key, &value) {
            prop_assert!(fitted.chars().count() <= 50);
            prop_assert!(!fitted.chars().any(is_unfit));
            prop_assert!(!fitted.is_empty() || key.starts_with("const"));
            let again = fit(&key, &fitted);
            prop_assert_eq!(again.as_deref(), Ok(fitted.as_str()));
            let kind = type_of(&key).unwrap();
            prop_assert!(fitted.is_empty() || fitted.chars().count() <= limit(kind, &fitted));
            prop_assert!(fitted.is_empty() || is_well_formed(kind, &fitted));
        }
    }

    #[test]
    fn a_thing_is_refused_only_when_there_is_nothing_to_show(value in value()) {
        match fit("thing1", &value) {
            Ok(fitted) => prop_assert!(fitted.chars().count() <= 20),
            Err(problem) => {
                prop_assert_eq!(problem, Empty);
                prop_assert!(value.chars().all(|c| c.is_whitespace() || is_unfit(c)));
            }
        }
    }
}
