//! Orders whose words have an order of their own: who helps with what, how many days more, who
//! looks on site, which other ticket, and from when to when somebody is away.
//!
//! Deliberately absent: whether the names are borne by anybody, and which year a date is in.

use super::{
    NAME_CHARACTERS, Order, Proviso, Target, Wanted, is_between, is_question, listed_target,
    names_in, strip_word, without_number,
};
use crate::county::words;
use crate::ticket::TicketNumber;
use regex::Regex;
use std::sync::LazyLock;

/// More time is asked for by so many working days at most.
const MOST_DAYS: u8 = 3;

/// A month and a day.
pub(in crate::dialogue) type MonthDay = (u32, u32);

/// A wish to be away.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::dialogue) enum LeaveWish {
    /// Not said for how long.
    Open,
    /// From today, so many days.
    Days(u32),
    /// From today until that day.
    Until(MonthDay),
    /// From one day to the other.
    Between(MonthDay, MonthDay),
    /// 销假: back again.
    Over,
}

/// 请假 3天, 请假到3月5日, 请假 3月2日到3月5日, 销假: the whole message, or it is something else.
pub(super) fn leave(text: &str) -> Option<LeaveWish> {
    #[expect(clippy::expect_used, reason = "constant patterns, which a test compiles")]
    static SPAN: LazyLock<[Regex; 3]> = LazyLock::new(|| {
        const DAY: &str = r"(\d{1,2})\s*[月/.-]\s*(\d{1,2})\s*[日号]?";
        [
            Regex::new(r"^([0-9一二两三四五六七八九十]{1,3})\s*天$").expect("a valid pattern"),
            Regex::new(&format!("^[到至]\\s*{DAY}$")).expect("a valid pattern"),
            Regex::new(&format!("^从?\\s*{DAY}\\s*[到至—~-]+\\s*{DAY}$")).expect("a valid pattern"),
        ]
    });
    if matches!(text, "销假" | "我要销假" | "请假结束" | "休假结束") {
        return Some(LeaveWish::Over);
    }
    let rest = ["我要请假", "我请假", "请假"].iter().find_map(|word| text.strip_prefix(word))?;
    let rest = rest.trim_matches(is_between).trim_end_matches(['了', '吧']);
    if rest.is_empty() {
        return Some(LeaveWish::Open);
    }
    let [days, until, between] = &*SPAN;
    let part = |found: &regex::Captures<'_>, nth: usize| found.get(nth)?.as_str().parse().ok();
    if let Some(found) = days.captures(rest) {
        return count(found.get(1)?.as_str()).map(LeaveWish::Days);
    }
    if let Some(found) = until.captures(rest) {
        return Some(LeaveWish::Until((part(&found, 1)?, part(&found, 2)?)));
    }
    let found = between.captures(rest)?;
    let first = (part(&found, 1)?, part(&found, 2)?);
    Some(LeaveWish::Between(first, (part(&found, 3)?, part(&found, 4)?)))
}

/// Orders of members and operators alike: 协办 and 延期.
pub(super) fn of_all(text: &str, listed: usize) -> Option<Wanted> {
    if let Some((target, words)) = behind(&["请协办", "协办"], text, listed) {
        let (names, what) = help(&words);
        return Some(wanted(Order::CallHelp { names, what }, target, Proviso::Nothing));
    }
    let rest = ["申请延期", "我要延期", "延期"].iter().find_map(|word| strip_word(text, word))?;
    let (rest, number) = without_number(rest);
    let is_apart = rest.is_empty() || rest.starts_with(is_between) || number.is_some();
    let (days, _) = extension(rest.get(..).unwrap_or_default());
    if !is_apart && (days.is_none() || is_question(&rest)) {
        return None;
    }
    let (target, words) = match number {
        Some(number) => (Target::Number(number), rest.trim_matches(is_between)),
        None => listed_target(rest.trim_matches(is_between), listed, false),
    };
    let (days, reason) = extension(words);
    let if_only = if is_question(words) { Proviso::TicketFits } else { Proviso::Nothing };
    Some(wanted(Order::Extend { days, reason }, target, if_only))
}

/// Orders of the desk: 核实 NAME, 并入 NUMBER.
pub(super) fn of_desk(text: &str, listed: usize) -> Option<Wanted> {
    if let Some(rest) = strip_word(text, "并入").filter(|_| text.starts_with("并入")) {
        // The number is the one that goes on; which one is merged follows from the talk.
        let into = TicketNumber::find(rest);
        let is_order = into.is_some() || rest.trim_matches(is_between).is_empty();
        let order = Order::Merge { into };
        return is_order.then(|| wanted(order, Target::Unnamed, Proviso::Nothing));
    }
    let rest = ["请核实", "核实"].iter().find_map(|word| strip_word(text, word))?;
    let is_verdict =
        ["通过", "属实", "不属实"].iter().any(|word| rest.trim_matches(is_between) == *word);
    if is_verdict {
        return None;
    }
    let (rest, number) = without_number(rest);
    let is_apart = rest.is_empty() || rest.starts_with(is_between) || number.is_some();
    let (target, words) = match number {
        Some(number) => (Target::Number(number), rest.trim_matches(is_between)),
        None => listed_target(rest.trim_matches(is_between), listed, false),
    };
    let names = short_names(words)?;
    let if_only = if is_apart && names.len() < 2 { Proviso::Nothing } else { Proviso::NameIsKnown };
    Some(wanted(Order::AskVerification { names }, target, if_only))
}

/// 派 NAME of somebody who leads a team.
pub(super) fn assign(text: &str, listed: usize) -> Option<Wanted> {
    let (target, words) =
        behind(&["派单给", "派给", "派单", "派", "交给"], text, listed).or_else(|| {
            let rest = ["派给", "派", "交给"].iter().find_map(|word| strip_word(text, word))?;
            Some((Target::Unnamed, rest.trim_matches(is_between).to_owned()))
        })?;
    let names = short_names(&words)?;
    Some(wanted(Order::Assign { names }, target, Proviso::TicketFits))
}

fn wanted(order: Order, target: Target, if_only: Proviso) -> Wanted {
    Wanted { order, target, if_only }
}

/// The ticket and the words behind one of these, if they stand apart from it.
fn behind(those: &[&str], text: &str, listed: usize) -> Option<(Target, String)> {
    let rest = those.iter().find_map(|word| strip_word(text, word))?;
    let (rest, number) = without_number(rest);
    if !rest.is_empty() && !rest.starts_with(is_between) && number.is_none() {
        return None;
    }
    let words = rest.trim_matches(is_between);
    let (target, words) = match number {
        Some(number) => (Target::Number(number), words),
        None => listed_target(words, listed, false),
    };
    Some((target, words.to_owned()))
}

fn short_names(words: &str) -> Option<Vec<String>> {
    let names = names_in(words);
    names.iter().all(|name| name.chars().count() <= NAME_CHARACTERS).then_some(names)
}

/// Who shall help, and with what: 张建国、刘芳 抬一下.
pub(in crate::dialogue) fn help(words: &str) -> (Vec<String>, Option<String>) {
    let words = words.trim();
    let end = words.find(char::is_whitespace).unwrap_or(words.len());
    let (first, rest) = words.split_at(end);
    let rest = rest.trim_matches(is_between);
    (names_in(first), Some(rest.to_owned()).filter(|rest| !rest.is_empty()))
}

/// How many days more, and why: 3天 等配件. More than three are not understood as days.
pub(in crate::dialogue) fn extension(words: &str) -> (Option<u8>, Option<String>) {
    #[expect(clippy::expect_used, reason = "a constant pattern, which a test compiles")]
    static DAYS: LazyLock<Regex> = LazyLock::new(|| {
        Regex::new(r"([0-9一二两三四五六七八九十]{1,3})\s*个?\s*(?:工作)?[天日]")
            .expect("a pattern")
    });
    let (days, rest) = match DAYS.captures(words) {
        Some(found) => {
            let days = found.get(1).and_then(|days| count(days.as_str()));
            (days, DAYS.replace(words, " ").into_owned())
        }
        None => (None, words.to_owned()),
    };
    let days = days.and_then(|days| u8::try_from(days).ok());
    let reason = rest.trim_matches(is_between).trim_start_matches("因为").to_owned();
    let days = days.filter(|days| (1..=MOST_DAYS).contains(days));
    (days, Some(reason).filter(|reason| !reason.is_empty()))
}

/// A number of days, in digits or in words.
fn count(text: &str) -> Option<u32> {
    text.parse().ok().or_else(|| match text {
        "两" => Some(2),
        "十" => Some(10),
        _ => words::number_choice(text).map(u32::from),
    })
}
