//! Reads the number that somebody chooses, as people really write it: `1`, `１`, `一`, `①`,
//! `第一个`, `选1`, `1。`, a finger.
//!
//! A number counts only if it is the whole message: `1号楼漏水` chooses nothing. Deliberately
//! absent: which numbers are on offer.

use super::{half_width, numeral};

/// What people put before a number when they choose.
const BEFORE: &str = "我选择 我选 选择 选 回复 回 按 就 要 是 第 头 那个 那就";

/// What people put behind it.
const BEHIND: &str = "个吧 个 项 条 号 种 吧 了 呀 啊 呢 谢谢 可以";

/// Between several numbers.
const BETWEEN: &str = "还有 以及 和 跟 与 同 加 及";

/// The number that the whole text chooses.
pub fn number_choice(text: &str) -> Option<u8> {
    let mut signs: Vec<char> = half_width(text).into_iter().filter_map(plain_sign).collect();
    loop {
        let before = signs.len();
        strip_signs(&mut signs);
        strip_words(&mut signs);
        if signs.len() == before {
            break;
        }
    }
    numeral(&signs).and_then(|number| u8::try_from(number).ok())
}

/// All numbers that the whole text chooses, in its order, each once; empty if anything else
/// stands there too.
pub fn several_choices(text: &str) -> Vec<u8> {
    let mut text: String = half_width(text).into_iter().collect();
    for word in BETWEEN.split_whitespace() {
        text = text.replace(word, " ");
    }
    let mut choices = Vec::new();
    let is_between = |c: char| c.is_whitespace() || "、,。.;/+&|-~".contains(c);
    for part in text.split(is_between).filter(|part| !part.is_empty()) {
        match number_choice(part) {
            Some(choice) if !choices.contains(&choice) => choices.push(choice),
            Some(_) => {}
            None => return Vec::new(),
        }
    }
    choices
}

/// One sign that stands for a digit as that digit; signs that only decorate a digit vanish.
fn plain_sign(c: char) -> Option<char> {
    let small = |number: u32| char::from_digit(number, 10);
    let code = u32::from(c);
    match c {
        // Keycap and emoji selectors, skin tones, zero-width signs, right-to-left marks.
        '\u{20e3}'
        | '\u{fe0e}'
        | '\u{fe0f}'
        | '\u{1f3fb}'..='\u{1f3ff}'
        | '\u{200b}'..='\u{200f}'
        | '\u{202a}'..='\u{202e}'
        | '\u{2060}'
        | '\u{feff}' => None,
        '①'..='⑨' => small(code - 0x2460 + 1),
        '⑴'..='⑼' => small(code - 0x2474 + 1),
        '⒈'..='⒐' => small(code - 0x2488 + 1),
        '❶'..='❾' => small(code - 0x2776 + 1),
        '㈠'..='㈨' => small(code - 0x3220 + 1),
        '⓪' => Some('0'),
        '⑩' | '⑽' | '⒑' | '㈩' | '🔟' => Some('十'),
        // A raised finger, two, the whole hand. A thumb means yes and is no number.
        '☝' | '👆' | '👉' | '👇' | '👈' => Some('1'),
        '✌' => Some('2'),
        '🖐' | '✋' => Some('5'),
        c => Some(c),
    }
}

fn strip_signs(signs: &mut Vec<char>) {
    while signs.last().is_some_and(|c| !c.is_alphanumeric()) {
        signs.pop();
    }
    let leading = signs.iter().take_while(|c| !c.is_alphanumeric()).count();
    signs.drain(..leading);
}

fn strip_words(signs: &mut Vec<char>) {
    for word in BEFORE.split_whitespace() {
        let word: Vec<char> = word.chars().collect();
        if signs.starts_with(&word) {
            signs.drain(..word.len());
            return;
        }
    }
    for word in BEHIND.split_whitespace() {
        let word: Vec<char> = word.chars().collect();
        if signs.ends_with(&word) {
            signs.truncate(signs.len() - word.len());
            return;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_number_is_read_however_it_is_written() {
        for text in [
            "1",
            "１",
            "一",
            "①",
            "第一个",
            "选1",
            "1。",
            "1、",
            "1.",
            " 1 ",
            "1！",
            "(1)",
            "（1）",
            "⑴",
            "1️⃣",
            "☝️",
            "👆🏻",
            "选一",
            "我选1",
            "第1个",
            "回复1",
            "1吧",
            "就1吧",
            "选第一个吧",
            "头一个",
            "一。",
            "1号",
            "壹",
        ] {
            assert_eq!(number_choice(text), Some(1), "{text}");
        }
    }

    #[test]
    fn other_numbers_are_read() {
        for (text, number) in [
            ("0", 0),
            ("零", 0),
            ("2", 2),
            ("两", 2),
            ("✌️", 2),
            ("第三个", 3),
            ("五", 5),
            ("8", 8),
            ("十", 10),
            ("⑩", 10),
            ("10", 10),
            ("12", 12),
            ("十二", 12),
            ("99", 99),
        ] {
            assert_eq!(number_choice(text), Some(number), "{text}");
        }
    }

    #[test]
    fn a_number_within_a_sentence_chooses_nothing() {
        for text in [
            "1和3",
            "1号楼漏水",
            "一样",
            "一百分",
            "三天了",
            "1.5",
            "1 3",
            "",
            "。",
            "👍",
            "好",
            "第",
            "13800001234",
            "路灯",
            "2个路灯坏了",
            "我家1号",
            "-",
        ] {
            assert_eq!(number_choice(text), None, "{text}");
        }
    }

    #[test]
    fn several_numbers_are_read_in_their_order_and_once() {
        assert_eq!(several_choices("1和3"), [1, 3]);
        assert_eq!(several_choices("3、1"), [3, 1]);
        assert_eq!(several_choices("1，3，1"), [1, 3]);
        assert_eq!(several_choices("1 3"), [1, 3]);
        assert_eq!(several_choices("第一个和第三个"), [1, 3]);
        assert_eq!(several_choices("①②"), [12]);
        assert_eq!(several_choices("2"), [2]);
        assert_eq!(several_choices("12"), [12]);
        assert_eq!(several_choices("1和路灯"), []);
        assert_eq!(several_choices(""), []);
    }
}
