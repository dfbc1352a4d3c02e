//! What the platform accepts as the value of a template's keyword.
//!
//! The key names the type (`thing4` is a `thing`); lengths count characters, not bytes. Written
//! from the published table alone: the service has its own rules, and each side checks the
//! other. Keys without a type (`keyword1` of old templates) take anything that is one line.

use super::cast::SimulatedKeyword;
use chrono::{NaiveDate, NaiveDateTime, NaiveTime};

/// Whether the platform takes `value` for `keyword`.
pub(super) fn accepts(keyword: &SimulatedKeyword, value: &str) -> bool {
    if value.chars().any(char::is_control) {
        return false;
    }
    let kind = keyword.key.trim_end_matches(|c: char| c.is_ascii_digit());
    if value.is_empty() {
        return kind == "const";
    }
    let length = value.chars().count();
    match kind {
        "const" => length <= 20 && is_registered(keyword, value),
        "enum" | "enum_string" | "phrase_enum" => is_registered(keyword, value),
        "character_string" => length <= 32 && !value.chars().any(is_foreign_letter),
        "number" => length <= 32 && is_number(value),
        "letter" => length <= 32 && value.chars().all(|c| c.is_ascii_alphabetic()),
        "symbol" => length <= 5 && !value.chars().any(char::is_alphanumeric),
        "time" => value.split('~').all(|part| is_time(part.trim())),
        "date" => value.split('~').all(|part| is_date(part.trim())),
        "amount" => is_amount(value),
        "phone_number" => length <= 17 && is_phone(value),
        "car_number" => length <= 8,
        "name" if value.chars().any(is_han) => length <= 10,
        // A name without Han may be as long as a thing.
        "thing" | "name" => length <= 20,
        "phrase" => length <= 5 && value.chars().all(is_han),
        _ => true,
    }
}

fn is_registered(keyword: &SimulatedKeyword, value: &str) -> bool {
    keyword.allowed.iter().any(|allowed| allowed == value)
}

fn is_foreign_letter(c: char) -> bool {
    c.is_alphabetic() && !c.is_ascii()
}

fn is_han(c: char) -> bool {
    matches!(c, '\u{3400}'..='\u{9FFF}' | '\u{F900}'..='\u{FAFF}' | '\u{20000}'..='\u{3FFFF}')
}

fn is_number(value: &str) -> bool {
    let digits = value.strip_prefix('-').unwrap_or(value);
    digits.split('.').count() <= 2
        && digits
            .split('.')
            .all(|part| !part.is_empty() && part.chars().all(|c| c.is_ascii_digit()))
}

fn is_amount(value: &str) -> bool {
    let value = value.trim_start_matches(['¥', '￥', '$']).trim_end_matches('元');
    is_number(value) && value.chars().filter(char::is_ascii_digit).count() <= 10
}

fn is_phone(value: &str) -> bool {
    value.chars().all(|c| c.is_ascii_digit() || matches!(c, '-' | '+' | ' ' | '(' | ')' | '*'))
        && value.chars().any(|c| c.is_ascii_digit())
}

const DAYS: [&str; 3] = ["%Y年%m月%d日", "%Y-%m-%d", "%Y/%m/%d"];
const HOURS: [&str; 2] = ["%H:%M", "%H:%M:%S"];

fn is_time(value: &str) -> bool {
    HOURS.iter().any(|hours| NaiveTime::parse_from_str(value, hours).is_ok())
        || is_day_with_time(value)
}

fn is_date(value: &str) -> bool {
    DAYS.iter().any(|day| NaiveDate::parse_from_str(value, day).is_ok()) || is_day_with_time(value)
}

fn is_day_with_time(value: &str) -> bool {
    DAYS.iter().any(|day| {
        HOURS
            .iter()
            .any(|hours| NaiveDateTime::parse_from_str(value, &format!("{day} {hours}")).is_ok())
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn takes(key: &str, value: &str) -> bool {
        let allowed = vec!["已受理".to_owned(), "已办结".to_owned()];
        accepts(&SimulatedKeyword { label: "项".to_owned(), key: key.to_owned(), allowed }, value)
    }

    #[test]
    fn lengths_count_characters() {
        assert!(takes("thing1", &"王".repeat(20)));
        assert!(!takes("thing1", &"王".repeat(21)));
        assert!(takes("character_string2", &"1".repeat(32)));
        assert!(!takes("character_string2", &"1".repeat(33)));
    }

    #[test]
    fn a_const_is_registered_or_empty() {
        assert!(takes("const8", "已受理"));
        assert!(takes("const8", ""));
        assert!(!takes("const8", "办理中"));
    }

    #[test]
    fn nothing_else_is_empty_and_nothing_breaks_the_line() {
        assert!(!takes("thing1", ""));
        assert!(!takes("thing1", "一\n二"));
        assert!(!takes("const8", "\t"));
    }

    #[test]
    fn a_string_of_characters_holds_no_han() {
        assert!(takes("character_string2", "LX261122482173"));
        assert!(!takes("character_string2", "LX号"));
    }

    #[test]
    fn times_and_dates_are_real_ones() {
        for value in ["15:01", "2026年3月2日 09:00", "2026-03-02 09:00", "09:00~17:30"] {
            assert!(takes("time2", value), "{value}");
        }
        for value in ["25:01", "2026年3月2日", "明天", "2026-02-30 09:00"] {
            assert!(!takes("time2", value), "{value}");
        }
        for value in ["2026年3月2日", "2026-03-02", "2026年03月02日 09:00", "2026-03-02~2026-03-05"]
        {
            assert!(takes("date3", value), "{value}");
        }
        for value in ["2026年13月2日", "15:01", "下周"] {
            assert!(!takes("date3", value), "{value}");
        }
    }

    #[test]
    fn each_other_type_keeps_its_alphabet() {
        assert!(takes("phone_number5", "0312-1234567"));
        assert!(!takes("phone_number5", "见短信"));
        assert!(!takes("phone_number5", &"1".repeat(18)));
        assert!(takes("amount1", "¥12.50元"));
        assert!(!takes("amount1", "12345678901"));
        assert!(takes("number1", "3.5") && !takes("number1", "三"));
        assert!(takes("phrase1", "已经办好了") && !takes("phrase1", "已经都办好了"));
        assert!(takes("name1", "王大娘") && !takes("name1", &"王".repeat(11)));
        assert!(takes("letter1", "abc") && !takes("letter1", "a1"));
        assert!(takes("symbol1", "★") && !takes("symbol1", "a"));
        assert!(takes("car_number1", "冀F12345") && !takes("car_number1", "冀F12345678"));
        assert!(takes("keyword1", &"长".repeat(200)));
    }
}
