//! What members and operators order in chat (接单, 派 NAME, …): the orders, and how they are read.
//! [`Order`] is stored inside open questions.
//!
//! A member is a resident too, so a sentence that merely begins like an order is none: 办结婚证要什么
//! 材料, 完成不了啊怎么办, 派出所电话多少. Where words alone cannot tell, [`Wanted::if_only`] says
//! what else must hold.
//!
//! Deliberately absent: whether the order is possible, and on which ticket.

use crate::county::words::number_choice;
use crate::ticket::TicketNumber;
use regex::Regex;
use serde::{Deserialize, Serialize};
use std::sync::LazyLock;

/// An order, complete or still lacking words.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "order", rename_all = "snake_case")]
pub enum Order {
    Take,
    Decline {
        reason: Option<String>,
    },
    Finish {
        text: Option<String>,
    },
    Show {
        media: Vec<crate::ticket::Media>,
    },
    AskResident {
        question: Option<String>,
    },
    Note {
        text: Option<String>,
    },
    Accept,
    Reject {
        reason: Option<String>,
    },
    Approve,
    Dispatch {
        names: Vec<String>,
    },
    /// To whom was suggested, counted from 1.
    Suggested {
        place: u8,
    },
    Uphold,
    Overrule,
    Pass,
    SendBack {
        reason: Option<String>,
    },
    Answer {
        text: Option<String>,
    },
    Look,
}

/// What a member said that a resident would not.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Spoken {
    /// 我的任务
    Tasks,
    /// 待办
    Desk,
    /// Something to be done with a ticket.
    Order(Wanted),
}

/// An order as it was said.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Wanted {
    pub(super) order: Order,
    pub(super) target: Target,
    pub(super) if_only: Proviso,
}

/// Which ticket was named.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Target {
    Unnamed,
    Number(TicketNumber),
    /// The place in the list that was shown last, from 1.
    Listed(u8),
}

/// What must hold besides the words, or they are a resident's.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Proviso {
    Nothing,
    /// Somebody bears the name: 派张建国 against 派出所电话多少.
    NameIsKnown,
    /// There is a ticket that the order fits: 办结换了灯泡 against 办结算要多久.
    TicketFits,
}

/// The usual reasons of a return, by their digits in chat.
pub(super) const DECLINE_REASONS: [&str; 4] = ["属地不符", "职责不符", "重复", "需多部门"];

/// An order by itself, from somebody who may not give it; it is no matter either.
pub(super) fn is_word_of_others(text: &str, is_member: bool, is_operator: bool) -> bool {
    const MEMBERS: &[&str] = &["接单", "退单", "办结", "问居民", "我的任务", "备注"];
    const OPERATORS: &[&str] =
        &["受理", "不予受理", "派单", "派", "按建议派", "待办", "同意退单", "驳回退单"];
    let word = text.trim().trim_matches(is_sign);
    !is_member && MEMBERS.contains(&word)
        || !is_operator && OPERATORS.contains(&word) && !(is_member && word == "待办")
}

/// What may follow the word of an order.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Follows {
    /// Nothing but a ticket.
    Nothing,
    /// Words behind a blank or a sign.
    Words,
    /// Words, also without a blank.
    JoinedWords,
}

/// The word of an order, what may follow it, and the order with those words.
type Word = (&'static str, Follows, fn(Option<String>) -> Order);

/// Longer words first: 不予受理 also ends in 受理.
const MEMBER_WORDS: &[Word] = &[
    ("收到接单", Follows::Nothing, |_| Order::Take),
    ("我来接单", Follows::Nothing, |_| Order::Take),
    ("我接单", Follows::Nothing, |_| Order::Take),
    ("我来接", Follows::Nothing, |_| Order::Take),
    ("我接", Follows::Nothing, |_| Order::Take),
    ("接单", Follows::Nothing, |_| Order::Take),
    ("接了", Follows::Nothing, |_| Order::Take),
    ("我马上去", Follows::Nothing, |_| Order::Take),
    ("马上去", Follows::Nothing, |_| Order::Take),
    ("这就去", Follows::Nothing, |_| Order::Take),
    ("我能去", Follows::Nothing, |_| Order::Take),
    ("能去", Follows::Nothing, |_| Order::Take),
    ("我去", Follows::Nothing, |_| Order::Take),
    ("我来", Follows::Nothing, |_| Order::Take),
    ("去不了", Follows::Words, |reason| Order::Decline { reason }),
    ("退单", Follows::Words, |reason| Order::Decline { reason }),
    ("已办结", Follows::Words, |text| Order::Finish { text }),
    ("办结", Follows::JoinedWords, |text| Order::Finish { text }),
    ("办好了", Follows::Words, |text| Order::Finish { text }),
    ("修好了", Follows::Words, |text| Order::Finish { text }),
    ("弄好了", Follows::Words, |text| Order::Finish { text }),
    ("处理好了", Follows::Words, |text| Order::Finish { text }),
    ("完成了", Follows::Words, |text| Order::Finish { text }),
    ("完成", Follows::Words, |text| Order::Finish { text }),
    ("问居民", Follows::JoinedWords, |question| Order::AskResident { question }),
    ("备注", Follows::JoinedWords, |text| Order::Note { text }),
];

const OPERATOR_WORDS: &[Word] = &[
    ("按建议派单", Follows::Nothing, |_| Order::Suggested { place: 1 }),
    ("按建议派", Follows::Nothing, |_| Order::Suggested { place: 1 }),
    ("按建议", Follows::Nothing, |_| Order::Suggested { place: 1 }),
    ("同意不予受理", Follows::Nothing, |_| Order::Approve),
    ("同意退单", Follows::Nothing, |_| Order::Uphold),
    ("驳回退单", Follows::Nothing, |_| Order::Overrule),
    ("不予受理", Follows::JoinedWords, |reason| Order::Reject { reason }),
    ("同意", Follows::Nothing, |_| Order::Approve),
    ("驳回", Follows::Nothing, |_| Order::Overrule),
    ("受理", Follows::Nothing, |_| Order::Accept),
    ("核实通过", Follows::Nothing, |_| Order::Pass),
    ("通过", Follows::Nothing, |_| Order::Pass),
    ("退回", Follows::JoinedWords, |reason| Order::SendBack { reason }),
    ("答复", Follows::JoinedWords, |text| Order::Answer { text }),
];

const DISPATCH_WORDS: &[&str] = &["派单给", "派给", "派单", "派"];

/// Words that a resident also begins a sentence with; they need a ticket to be an order.
const EVERYDAY_WORDS: &[&str] = &[
    "办好了",
    "修好了",
    "弄好了",
    "处理好了",
    "完成了",
    "完成",
    "退单",
    "去不了",
    "我马上去",
    "马上去",
    "这就去",
    "我能去",
    "能去",
    "我去",
    "我来",
];

/// No list in chat is longer.
const LONGEST_LIST: u8 = 20;

/// The longest name of a person or a unit.
const NAME_CHARACTERS: usize = 20;

/// Reads what a member said; `listed` is the length of the list that was shown last.
pub(super) fn read(text: &str, operator: bool, listed: usize) -> Option<Spoken> {
    let text = text.trim().trim_matches(is_sign).trim();
    match text {
        "待办" | "待办列表" | "我的待办" if operator => return Some(Spoken::Desk),
        "我的任务" | "任务列表" | "我的单子" | "待办" | "我的待办" => {
            return Some(Spoken::Tasks);
        }
        _ => {}
    }
    if operator && let Some(wanted) = read_dispatch(text, listed) {
        return Some(Spoken::Order(wanted));
    }
    let operator_words = if operator { OPERATOR_WORDS } else { &[] };
    operator_words
        .iter()
        .chain(MEMBER_WORDS)
        .filter_map(|word| read_word(text, word, listed))
        .map(Spoken::Order)
        .next()
}

fn read_word(text: &str, (word, follows, order): &Word, listed: usize) -> Option<Wanted> {
    let rest = strip_word(text, word)?;
    let (rest, number) = without_number(rest);
    let is_apart = rest.is_empty() || rest.starts_with(is_between) || number.is_some();
    let named = number.map_or(Target::Unnamed, Target::Number);
    let words = rest.trim_matches(is_between);
    if *follows == Follows::Nothing {
        return Some(Wanted {
            target: alone_target(words, named)?,
            order: order(None),
            if_only: if EVERYDAY_WORDS.contains(word) {
                Proviso::TicketFits
            } else {
                Proviso::Nothing
            },
        });
    }
    let is_reason = order(None) == Order::Decline { reason: None };
    let is_named = is_reason
        && (words.starts_with(|c: char| c.is_ascii_digit())
            || DECLINE_REASONS.iter().any(|reason| words.starts_with(reason)));
    if !is_apart && (*follows == Follows::Words && !is_named || words.starts_with('婚')) {
        return None;
    }
    let (target, words) = match named {
        Target::Unnamed => listed_target(words, listed, is_reason),
        named => (named, words),
    };
    let is_everyday = EVERYDAY_WORDS.contains(word);
    // Words of a question to the resident, and remarks, are questions by nature.
    let may_ask = matches!(order(None), Order::AskResident { .. } | Order::Note { .. });
    let if_only = match (is_apart, is_question(words)) {
        (true, _) if !is_everyday => Proviso::Nothing,
        (true, false) if is_reason && *word == "退单" => Proviso::Nothing,
        _ if may_ask => Proviso::Nothing,
        (false, true) => return None,
        _ => Proviso::TicketFits,
    };
    let words = (!words.is_empty()).then(|| words.to_owned());
    Some(Wanted { order: order(words.map(|words| reason_or(words, is_reason))), target, if_only })
}

/// 派 NAME, with a ticket before or behind the names; 派第2个; 派 alone, to whom was suggested.
fn read_dispatch(text: &str, listed: usize) -> Option<Wanted> {
    let rest = DISPATCH_WORDS.iter().find_map(|word| strip_word(text, word))?;
    let (rest, number) = without_number(rest);
    let is_apart = rest.is_empty() || rest.starts_with(is_between) || number.is_some();
    let (target, words) = match number {
        Some(number) => (Target::Number(number), rest.trim_matches(is_between)),
        None => listed_target(rest.trim_matches(is_between), listed, false),
    };
    let names = names_in(words);
    if let [place] = names.as_slice()
        && let Some(place) = number_choice(place).filter(|_| place.starts_with('第'))
    {
        let order = Order::Suggested { place };
        return Some(Wanted { order, target, if_only: Proviso::Nothing });
    }
    if names.iter().any(|name| name.chars().count() > NAME_CHARACTERS) {
        return None;
    }
    let if_only =
        if is_apart || target != Target::Unnamed { Proviso::Nothing } else { Proviso::NameIsKnown };
    Some(Wanted { order: Order::Dispatch { names }, target, if_only })
}

/// The names in a list of names.
pub(super) fn names_in(words: &str) -> Vec<String> {
    words.split(is_between).filter(|name| !name.is_empty()).map(str::to_owned).collect()
}

/// A digit stands for one of the usual reasons.
pub(super) fn decline_reason(words: &str) -> String {
    number_choice(words)
        .and_then(|key| usize::from(key).checked_sub(1))
        .and_then(|index| DECLINE_REASONS.get(index))
        .map_or_else(|| words.to_owned(), |reason| (*reason).to_owned())
}

fn reason_or(words: String, is_reason: bool) -> String {
    if is_reason { decline_reason(&words) } else { words }
}

/// The rest behind a word, whatever blanks and signs stand inside the word: 收到，接单.
fn strip_word<'a>(text: &'a str, word: &str) -> Option<&'a str> {
    let mut wanted = word.chars();
    let mut next = wanted.next();
    for (at, c) in text.char_indices() {
        match next {
            None => return text.get(at..),
            Some(expected) if expected == c => next = wanted.next(),
            Some(_) if is_between(c) && at > 0 => {}
            Some(_) => return None,
        }
    }
    next.is_none().then_some("")
}

/// A ticket number taken out of the words.
fn without_number(rest: &str) -> (String, Option<TicketNumber>) {
    #[expect(clippy::expect_used, reason = "a constant pattern, which a test compiles")]
    static NUMBER: LazyLock<Regex> =
        LazyLock::new(|| Regex::new(r"(?i)lx\s*\d{6}\s*\d{6}").expect("a valid pattern"));
    let Some(found) = NUMBER.find(rest) else { return (rest.to_owned(), None) };
    match TicketNumber::find(found.as_str()) {
        Some(number) => (NUMBER.replace(rest, " ").into_owned(), Some(number)),
        None => (rest.to_owned(), None),
    }
}

/// What follows an order without words: nothing, particles, or a number of the list.
fn alone_target(words: &str, named: Target) -> Option<Target> {
    let words = words.trim_end_matches(['了', '吧', '啊', '呀', '哈', '这', '个']);
    if words.is_empty() {
        return Some(named);
    }
    let key = number_choice(words).filter(|key| (1..=LONGEST_LIST).contains(key))?;
    Some(if named == Target::Unnamed { Target::Listed(key) } else { named })
}

/// A number of the list before the words: 办结 2 换了灯泡. In a return the first of two numbers.
fn listed_target(words: &str, listed: usize, is_reason: bool) -> (Target, &str) {
    let digits = words.chars().take_while(char::is_ascii_digit).count();
    let (number, rest) = words.split_at(digits);
    let is_apart = rest.is_empty() || rest.starts_with(is_between);
    let rest = rest.trim_start_matches(is_between);
    let is_measured =
        rest.starts_with(['个', '盏', '只', '条', '处', '块', '次', '人', '户', '天']);
    match number.parse::<u8>() {
        Ok(key)
            if is_apart
                && !is_measured
                && (1..=listed).contains(&usize::from(key))
                && !(is_reason && rest.is_empty()) =>
        {
            (Target::Listed(key), rest)
        }
        _ => (Target::Unnamed, words),
    }
}

fn is_question(words: &str) -> bool {
    ["怎么", "吗", "多少", "如何", "为什么", "什么", "多久", "哪", "?", "？"]
        .iter()
        .any(|sign| words.contains(sign))
}

fn is_between(c: char) -> bool {
    c.is_whitespace() || is_sign(c) || "-—+/".contains(c)
}

fn is_sign(c: char) -> bool {
    "，,、。.：:；;！!～~“”\"'（）()【】".contains(c)
}

#[cfg(test)]
mod tests;
