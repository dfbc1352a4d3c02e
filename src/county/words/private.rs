//! Private numbers in a text: identity cards, mobile phones, bank cards.
//!
//! Masking keeps the first three and the last four signs, enough for the owner to recognise the
//! number. Numbers may be full-width and may be written in groups. Deliberately absent: names and
//! addresses, which no rule recognises safely, and the check digit of identity cards: a mistyped
//! one is private too.

use super::half_width;
use std::collections::BTreeSet;

/// What sort of private number a text holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum PrivateNumber {
    /// 身份证号: 18 signs, the last may be X.
    IdCard,
    /// 手机号: 11 digits.
    Phone,
    /// 银行卡号: 16 to 19 digits.
    BankCard,
}

/// A text that may be shown, and what was hidden in it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Masked {
    /// The text with every private number masked.
    pub text: String,
    /// The sorts found.
    pub found: BTreeSet<PrivateNumber>,
}

/// Hides the middle of every private number.
pub fn masked(text: &str) -> Masked {
    let original: Vec<char> = text.chars().collect();
    let signs = half_width(text);
    let mut shown = String::with_capacity(text.len());
    let mut found = BTreeSet::new();
    let mut copied = 0;
    for number in private_numbers(&signs) {
        found.insert(number.sort);
        shown.extend(original.iter().skip(copied).take(number.start - copied));
        shown.extend(number.digits.iter().take(3));
        shown.push_str("****");
        shown.extend(number.digits.iter().skip(number.digits.len().saturating_sub(4)));
        copied = number.end;
    }
    shown.extend(original.iter().skip(copied));
    Masked { text: shown, found }
}

/// The telephone number in a text, digits only: the first mobile number, otherwise the first
/// landline with its area code.
pub fn phone_in(text: &str) -> Option<String> {
    let signs = half_width(text);
    let mobile = private_numbers(&signs).into_iter().find(|n| n.sort == PrivateNumber::Phone);
    if let Some(number) = mobile {
        return Some(number.digits.into_iter().collect());
    }
    groups(&signs).iter().find_map(|run| {
        let all: String = run.iter().flat_map(|group| group.signs.iter()).collect();
        // An area code has three or four digits, a subscriber seven or eight.
        (run.len() <= 2 && (10..=12).contains(&all.len()) && is_area_code(&all)).then_some(all)
    })
}

fn is_area_code(digits: &str) -> bool {
    digits.starts_with('0') && !digits.starts_with("00")
}

/// Whether a whole text is a number that somebody can dial, short ones such as 110 included.
pub fn is_callable(text: &str) -> bool {
    let digits = text.chars().filter(char::is_ascii_digit).count();
    (3..=12).contains(&digits) && text.chars().all(|c| c.is_ascii_digit() || c == '-')
}

struct Number {
    sort: PrivateNumber,
    start: usize,
    end: usize,
    digits: Vec<char>,
}

struct Group {
    start: usize,
    signs: Vec<char>,
}

/// Runs of digits, each a list of groups with one blank or hyphen between them.
fn groups(signs: &[char]) -> Vec<Vec<Group>> {
    let mut runs: Vec<Vec<Group>> = Vec::new();
    let mut position = 0;
    let mut previous_end = None;
    while position < signs.len() {
        let digits: Vec<char> =
            signs.iter().skip(position).take_while(|c| c.is_ascii_digit()).copied().collect();
        if digits.is_empty() {
            position += 1;
            continue;
        }
        let start = position;
        let mut group = Group { start, signs: digits };
        position += group.signs.len();
        if signs.get(position) == Some(&'x') && !group.signs.is_empty() {
            group.signs.push('x');
            position += 1;
        }
        let joins = previous_end.is_some_and(|end: usize| {
            end + 1 == start && matches!(signs.get(end), Some(' ' | '-'))
        });
        match runs.last_mut() {
            Some(run) if joins => run.push(group),
            _ => runs.push(vec![group]),
        }
        previous_end = Some(position);
    }
    runs
}

fn private_numbers(signs: &[char]) -> Vec<Number> {
    let mut numbers = Vec::new();
    for run in groups(signs) {
        let mut first = 0;
        while first < run.len() {
            let Some((used, number)) = number_at(&run, first) else {
                first += 1;
                continue;
            };
            numbers.push(number);
            first += used;
        }
    }
    numbers
}

/// The private number that begins with a group: with up to four that follow, or the group alone.
fn number_at(run: &[Group], first: usize) -> Option<(usize, Number)> {
    (1..=5).rev().find_map(|used| {
        let groups = run.get(first..first + used)?;
        let lengths: Vec<usize> = groups.iter().map(|group| group.signs.len()).collect();
        // How people group a number when they copy it from a card; otherwise a date beside a
        // phone number would read as a bank card.
        let is_grouped_so = matches!(
            lengths.as_slice(),
            [_] | [3 | 4 | 6, 4, 4, 4] | [3, 4, 4] | [6, 8, 4] | [4, 4, 4, 4, 1..=3]
        );
        let mut digits: Vec<char> =
            groups.iter().flat_map(|group| group.signs.iter().copied()).collect();
        let (begin, end) = (groups.first()?, groups.last()?);
        let mut start = begin.start;
        // 86 before a mobile number is the country.
        if used == 1 && digits.len() == 13 && digits.starts_with(&['8', '6', '1']) {
            digits.drain(..2);
            start += 2;
        }
        // x after a mobile number belongs to the sentence.
        let mut end = end.start + end.signs.len();
        if digits.last() == Some(&'x') && digits.len() != 18 {
            digits.pop();
            end -= 1;
        }
        let sort = sort_of(&digits).filter(|_| is_grouped_so)?;
        if let Some(last) = digits.last_mut() {
            *last = last.to_ascii_uppercase();
        }
        Some((used, Number { sort, start, end, digits }))
    })
}

fn sort_of(digits: &[char]) -> Option<PrivateNumber> {
    match digits {
        ['1', '3'..='9', ..] if digits.len() == 11 => Some(PrivateNumber::Phone),
        _ if digits.len() == 18 && has_birthday(digits) => Some(PrivateNumber::IdCard),
        [.., 'x'] => (digits.len() == 18).then_some(PrivateNumber::IdCard),
        _ => (16..=19).contains(&digits.len()).then_some(PrivateNumber::BankCard),
    }
}

/// Signs 7 to 14 of an identity card are a date of birth.
fn has_birthday(digits: &[char]) -> bool {
    let number = |from: usize, to: usize| -> Option<u32> {
        let signs = digits.get(from..to)?;
        signs.iter().try_fold(0, |number, c| Some(number * 10 + c.to_digit(10)?))
    };
    number(6, 10).is_some_and(|year| (1900..=2099).contains(&year))
        && number(10, 12).is_some_and(|month| (1..=12).contains(&month))
        && number(12, 14).is_some_and(|day| (1..=31).contains(&day))
}

#[cfg(test)]
mod tests {
    use super::*;
    use PrivateNumber::{BankCard, IdCard, Phone};

    fn check(text: &str, shown: &str, found: &[PrivateNumber]) {
        let masked = masked(text);
        assert_eq!(masked.text, shown, "{text}");
        assert_eq!(masked.found.into_iter().collect::<Vec<_>>(), found, "{text}");
    }

    #[test]
    fn private_numbers_are_masked_in_the_middle() {
        check("我的电话13800001234，谢谢", "我的电话138****1234，谢谢", &[Phone]);
        check("电话１３８００００１２３４", "电话138****1234", &[Phone]);
        check("138 0000 1234", "138****1234", &[Phone]);
        check("138-0000-1234", "138****1234", &[Phone]);
        check("+8613800001234", "+86138****1234", &[Phone]);
        check("身份证13069919550101123X", "身份证130****123X", &[IdCard]);
        check("130699195501011234", "130****1234", &[IdCard]);
        check("130699 19550101 123x", "130****123X", &[IdCard]);
        check("卡号6222020200012345678", "卡号622****5678", &[BankCard]);
        check("6222 0202 0001 2345 678", "622****5678", &[BankCard]);
        check("6222020200012345", "622****2345", &[BankCard]);
        check(
            "13800001234或者13900005678，130699195501011234",
            "138****1234或者139****5678，130****1234",
            &[IdCard, Phone],
        );
    }

    #[test]
    fn other_numbers_stay() {
        for text in [
            "LX261122482173",
            "2026-03-02",
            "12345",
            "010-12345678",
            "3号楼2单元501",
            "停水2天",
            "",
            "23800001234",
            "138000012345",
            "12345678901234567890",
        ] {
            check(text, text, &[]);
        }
        check("2026-03-02 13800001234", "2026-03-02 138****1234", &[Phone]);
    }

    #[test]
    fn a_telephone_number_is_found_in_a_sentence() {
        assert_eq!(phone_in("打我电话138 0000 1234").as_deref(), Some("13800001234"));
        assert_eq!(phone_in("0312-5551234").as_deref(), Some("03125551234"));
        assert_eq!(phone_in("０３１２５５５１２３４").as_deref(), Some("03125551234"));
        assert_eq!(phone_in("12345"), None);
        assert_eq!(phone_in("1380000123"), None);
        assert_eq!(phone_in("没有电话"), None);
    }

    #[test]
    fn a_short_number_can_be_dialled_and_a_sentence_cannot() {
        assert!(is_callable("110"));
        assert!(is_callable("0312-5551234"));
        assert!(!is_callable("11"));
        assert!(!is_callable("打110"));
    }
}
