//! Which values a template's field takes: decided before sending, because the platform refuses
//! the whole message (47003) for one character too many.
//!
//! The key names the type (`thing4` is a `thing`). Only a `thing` is shortened, since a cut place
//! name still helps; a cut number, time or status would say something else, so those are refused.
//! Lengths count characters.
//!
//! Deliberately absent: the list of values that a `const` or `enum` was approved with. It is the
//! account's own; the platform has the last word.

use chrono::NaiveDate;
use thiserror::Error;

const THING: usize = 20;

/// Why a value cannot stand in a field. It does not quote the value.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
pub enum FieldProblem {
    /// The key names no type with published rules.
    #[error("the key names no type of field with published rules")]
    UnknownType,
    /// Nothing to show, which only a `const` may do.
    #[error("the value is empty")]
    Empty,
    /// More characters than the type allows.
    #[error("the value is longer than {limit} characters")]
    TooLong {
        /// The most that the type allows.
        limit: usize,
    },
    /// A character, or an order of characters, that the type does not allow.
    #[error("the value has characters or a form that the type does not allow")]
    Malformed,
}

/// The type of a field, which its key names.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Type {
    Thing,
    Const,
    Enumerated,
    CharacterString,
    Number,
    Letter,
    Symbol,
    Time,
    Date,
    Amount,
    PhoneNumber,
    CarNumber,
    Name,
    Phrase,
}

/// The value as the field `key` takes it, or why it does not.
pub fn fit(key: &str, value: &str) -> Result<String, FieldProblem> {
    let kind = type_of(key).ok_or(FieldProblem::UnknownType)?;
    if kind == Type::Thing {
        return shortened(value);
    }
    let value = value.trim();
    if value.is_empty() {
        return if kind == Type::Const { Ok(String::new()) } else { Err(FieldProblem::Empty) };
    }
    let limit = limit(kind, value);
    if value.chars().count() > limit {
        return Err(FieldProblem::TooLong { limit });
    }
    if value.chars().any(is_unfit) || !is_well_formed(kind, value) {
        return Err(FieldProblem::Malformed);
    }
    Ok(value.to_owned())
}

fn type_of(key: &str) -> Option<Type> {
    let name = key.trim_end_matches(|c: char| c.is_ascii_digit());
    if name.len() == key.len() {
        return None;
    }
    Some(match name {
        "thing" => Type::Thing,
        "const" => Type::Const,
        "enum" | "enum_string" => Type::Enumerated,
        "character_string" => Type::CharacterString,
        "number" => Type::Number,
        "letter" => Type::Letter,
        "symbol" => Type::Symbol,
        "time" => Type::Time,
        "date" => Type::Date,
        "amount" => Type::Amount,
        "phone_number" => Type::PhoneNumber,
        "car_number" => Type::CarNumber,
        "name" => Type::Name,
        "phrase" => Type::Phrase,
        _ => return None,
    })
}

// Unfit characters become spaces, runs of spaces one; cut so that the mark is the last character.
fn shortened(value: &str) -> Result<String, FieldProblem> {
    let clean: String = value.chars().map(|c| if is_unfit(c) { ' ' } else { c }).collect();
    let clean = clean.split_whitespace().collect::<Vec<_>>().join(" ");
    if clean.is_empty() {
        return Err(FieldProblem::Empty);
    }
    if clean.chars().count() <= THING {
        return Ok(clean);
    }
    let kept: String = clean.chars().take(THING - 1).collect();
    Ok(format!("{}…", kept.trim_end()))
}

fn limit(kind: Type, value: &str) -> usize {
    match kind {
        Type::Thing => THING,
        Type::Const | Type::Enumerated => 20,
        Type::CharacterString | Type::Number | Type::Letter => 32,
        Type::Symbol | Type::Phrase => 5,
        // No published limit; two dates with times, and no more.
        Type::Time | Type::Date => 50,
        // Ten digits, a point, a sign and 元.
        Type::Amount => 13,
        Type::PhoneNumber => 17,
        Type::CarNumber => 8,
        Type::Name => {
            if value.chars().any(is_han) {
                10
            } else {
                20
            }
        }
    }
}

fn is_well_formed(kind: Type, value: &str) -> bool {
    let all = |allowed: fn(char) -> bool| value.chars().all(allowed);
    match kind {
        Type::Thing | Type::Const | Type::Enumerated => true,
        Type::CharacterString => all(|c| c.is_ascii_graphic()),
        Type::Number => is_decimal(value),
        Type::Letter => all(|c| c.is_ascii_alphabetic()),
        Type::Symbol => all(|c| !c.is_alphanumeric() && !c.is_whitespace()),
        Type::Time => ranged(value, |part| is_moment(part, Needs::Time)),
        Type::Date => ranged(value, |part| is_moment(part, Needs::Date)),
        Type::Amount => is_amount(value),
        Type::PhoneNumber => {
            all(|c| c.is_ascii_digit() || "+-() *#".contains(c))
                && value.contains(|c: char| c.is_ascii_digit())
        }
        Type::CarNumber => is_plate(value),
        Type::Name => {
            all(|c| is_han(c) || c.is_ascii_alphabetic() || "·. -".contains(c))
                && value.contains(char::is_alphabetic)
        }
        Type::Phrase => all(is_han),
    }
}

// Line breaks, tabs and other controls; what has no width or turns the direction of writing;
// private characters; pictures.
fn is_unfit(c: char) -> bool {
    c.is_control()
        || matches!(c,
            '\u{AD}' | '\u{61C}' | '\u{180B}'..='\u{180E}' | '\u{200B}'..='\u{200F}'
            | '\u{2028}'..='\u{202E}' | '\u{2060}'..='\u{206F}' | '\u{20E3}'
            | '\u{2600}'..='\u{27BF}' | '\u{2B00}'..='\u{2BFF}' | '\u{E000}'..='\u{F8FF}'
            | '\u{FE00}'..='\u{FE0F}' | '\u{FEFF}' | '\u{FFF0}'..='\u{FFFF}'
            | '\u{1F000}'..='\u{1FAFF}' | '\u{E0000}'..='\u{10FFFF}')
}

fn is_han(c: char) -> bool {
    matches!(c, '〇' | '\u{3400}'..='\u{4DBF}' | '\u{4E00}'..='\u{9FFF}'
        | '\u{F900}'..='\u{FAFF}' | '\u{20000}'..='\u{323AF}')
}

fn is_digits(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|b| b.is_ascii_digit())
}

fn is_decimal(text: &str) -> bool {
    match text.split_once('.') {
        Some((whole, part)) => is_digits(whole) && is_digits(part),
        None => is_digits(text),
    }
}

// The published limit is ten digits; another source has twelve: the safe one.
fn is_amount(value: &str) -> bool {
    let number = value.strip_prefix(['¥', '￥', '$', '€', '£']).unwrap_or(value);
    let number = number.strip_suffix('元').unwrap_or(number);
    is_decimal(number) && number.bytes().filter(u8::is_ascii_digit).count() <= 10
}

// 冀F12345, 冀FD12345, 冀F1234学: Han only at the ends, seven characters or eight.
fn is_plate(value: &str) -> bool {
    let characters: Vec<char> = value.chars().collect();
    let plain = |c: &char| c.is_ascii_uppercase() || c.is_ascii_digit();
    match characters.as_slice() {
        [first, middle @ .., last] => {
            (5..=6).contains(&middle.len())
                && (is_han(*first) || plain(first))
                && middle.iter().all(plain)
                && (is_han(*last) || plain(last))
        }
        _ => false,
    }
}

#[derive(Clone, Copy)]
enum Needs {
    Date,
    Time,
}

fn ranged(value: &str, is_end: impl Fn(&str) -> bool) -> bool {
    match value.split_once('~') {
        Some((from, to)) => is_end(from.trim()) && is_end(to.trim()),
        None => is_end(value),
    }
}

fn is_moment(text: &str, needs: Needs) -> bool {
    let (date, time) = match text.split_once(' ') {
        Some((date, time)) => (Some(date), Some(time.trim_start())),
        None if text.contains(':') => (None, Some(text)),
        None => (Some(text), None),
    };
    let present = match needs {
        Needs::Date => date.is_some(),
        Needs::Time => time.is_some(),
    };
    present && date.is_none_or(is_date) && time.is_none_or(is_time)
}

// 2019年10月1日, 2019-10-01.
fn is_date(text: &str) -> bool {
    let parts = match text.strip_suffix('日') {
        Some(text) => text
            .split_once('年')
            .and_then(|(year, rest)| rest.split_once('月').map(|(month, day)| [year, month, day])),
        None => text
            .split_once('-')
            .and_then(|(year, rest)| rest.split_once('-').map(|(month, day)| [year, month, day])),
    };
    let Some([year, month, day]) = parts else { return false };
    let number = |text: &str, longest: usize| {
        (is_digits(text) && text.len() <= longest).then(|| text.parse::<u32>().ok()).flatten()
    };
    let (Some(_), Some(month), Some(day)) = (number(year, 4), number(month, 2), number(day, 2))
    else {
        return false;
    };
    let year = year.parse().ok().filter(|_| year.len() == 4);
    year.and_then(|year| NaiveDate::from_ymd_opt(year, month, day)).is_some()
}

// 9:05, 15:01, 15:01:30.
fn is_time(text: &str) -> bool {
    let parts: Vec<&str> = text.split(':').collect();
    let below = |text: &str, bound: u32| {
        is_digits(text) && text.len() <= 2 && text.parse::<u32>().is_ok_and(|n| n < bound)
    };
    match parts.as_slice() {
        [hour, minutes @ ..] if (1..=2).contains(&minutes.len()) => {
            below(hour, 24) && minutes.iter().all(|part| part.len() == 2 && below(part, 60))
        }
        _ => false,
    }
}

#[cfg(test)]
mod tests;
