//! What members and operators order in chat (接单, 派 NAME, …): the orders, and how they are read.
//! [`Order`] is stored inside open questions.
//!
//! A member is a resident too, so a sentence that merely begins like an order is none: 办结婚证要什么
//! 材料, 完成不了啊怎么办, 派出所电话多少. Where words alone cannot tell, [`Wanted::if_only`] says
//! what else must hold.
//!
//! Deliberately absent: whether the order is possible, and on which ticket.

mod beside;
mod words;

pub(super) use beside::{LeaveWish, extension, help};

use crate::county::words::number_choice;
use crate::ticket::TicketNumber;
use regex::Regex;
use serde::{Deserialize, Serialize};
use std::sync::LazyLock;
use words::{
    DISPATCH_WORDS, EVERYDAY_WORDS, Follows, LEADER_WORDS, MEMBER_WORDS, OPERATOR_WORDS, Word,
};

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
    Join,
    CallHelp {
        names: Vec<String>,
        what: Option<String>,
    },
    WaiveHelp,
    Extend {
        days: Option<u8>,
        reason: Option<String>,
    },
    GrantExtension,
    RefuseExtension {
        reason: Option<String>,
    },
    AskVerification {
        names: Vec<String>,
    },
    Verify {
        real: bool,
        text: Option<String>,
    },
    Supervise {
        text: Option<String>,
    },
    AnswerSupervision {
        text: Option<String>,
    },
    Escalate {
        reason: Option<String>,
    },
    Assign {
        names: Vec<String>,
    },
    Recategorise {
        name: Option<String>,
    },
    Merge {
        into: Option<TicketNumber>,
    },
    Explain,
}

/// What names were said for before an order could name people for anything else.
pub(super) fn dispatch() -> Order {
    Order::Dispatch { names: Vec::new() }
}

/// What a member said that a resident would not.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Spoken {
    /// 我的任务
    Tasks,
    /// 待办
    Desk,
    /// 请假, 销假
    Leave(LeaveWish),
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
pub const DECLINE_REASONS: [&str; 4] = ["属地不符", "职责不符", "重复", "需多部门"];

/// An order by itself, from somebody who may not give it; it is no matter either.
pub(super) fn is_word_of_others(text: &str, is_member: bool, is_operator: bool) -> bool {
    const MEMBERS: &[&str] = &["接单", "退单", "办结", "问居民", "我的任务", "备注"];
    const OPERATORS: &[&str] =
        &["受理", "不予受理", "派单", "派", "按建议派", "待办", "同意退单", "驳回退单"];
    let word = text.trim().trim_matches(is_sign);
    !is_member && MEMBERS.contains(&word)
        || !is_operator && OPERATORS.contains(&word) && !(is_member && word == "待办")
}

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
    if let Some(wish) = beside::leave(text) {
        return Some(Spoken::Leave(wish));
    }
    let with_names = if operator {
        read_dispatch(text, listed).or_else(|| beside::of_desk(text, listed))
    } else {
        beside::assign(text, listed)
    };
    if let Some(wanted) = with_names.or_else(|| beside::of_all(text, listed)) {
        return Some(Spoken::Order(wanted));
    }
    let (of_operators, of_leaders) =
        if operator { (OPERATOR_WORDS, [].as_slice()) } else { ([].as_slice(), LEADER_WORDS) };
    // Of somebody who leads nothing they are ordinary words.
    let led = of_leaders
        .iter()
        .filter_map(|word| read_word(text, word, listed))
        .map(|wanted| Wanted { if_only: Proviso::TicketFits, ..wanted });
    let mut own =
        of_operators.iter().chain(MEMBER_WORDS).filter_map(|word| read_word(text, word, listed));
    own.next().or_else(|| led.into_iter().next()).map(Spoken::Order)
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
