//! What a desk does in a script: `VERB TICKET …`. Pure.

use super::script::duration;
use crate::ticket::TicketNumber;
use chrono::TimeDelta;

/// For how long a matter is put off where the script does not say.
const PUT_OFF: TimeDelta = TimeDelta::days(30);

/// Which ticket.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Which {
    /// `last`: the latest submitted.
    Last,
    /// `#n`: the n-th submitted.
    Nth(usize),
    /// By its number.
    Number(TicketNumber),
}

impl Which {
    /// Reads `last`, `#2` or a number.
    pub(super) fn parse(word: &str) -> Result<Self, String> {
        if word == "last" {
            return Ok(Self::Last);
        }
        let nth = word.strip_prefix('#').and_then(|nth| nth.parse().ok()).filter(|nth| *nth > 0);
        let number = || TicketNumber::find(word).filter(|number| number.as_str() == word);
        nth.map(Self::Nth)
            .or_else(|| number().map(Self::Number))
            .ok_or_else(|| format!("“{word}” is no ticket: last, #2 or LX and twelve digits"))
    }
}

/// One act on one ticket.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Act {
    /// On which.
    pub(super) ticket: Which,
    /// What.
    pub(super) verb: Verb,
}

/// What a desk does.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Verb {
    Accept,
    Reject {
        reason: String,
    },
    Approve,
    Dispatch {
        to: Vec<String>,
    },
    Ask {
        question: String,
    },
    Uphold,
    Overrule,
    Suspend {
        span: TimeDelta,
        reason: String,
    },
    Merge {
        into: Which,
    },
    Unmerge,
    Answer {
        text: String,
    },
    FinalAnswer {
        text: String,
    },
    Pass,
    SendBack {
        reason: String,
    },
    /// A verb that this version knows and cannot do.
    NotYet(&'static str),
}

/// What stands behind `: `.
pub(super) fn parse(text: &str) -> Result<Act, String> {
    let (verb, rest) = text.split_once(' ').unwrap_or((text, ""));
    let (ticket, rest) = rest.split_once(' ').unwrap_or((rest, ""));
    let rest = rest.trim();
    let words = || rest.to_owned();
    let alone = |verb: Verb| {
        if rest.is_empty() {
            Ok(verb)
        } else {
            Err(format!("nothing stands behind the ticket, not “{rest}”"))
        }
    };
    let verb = match verb {
        "accept" => alone(Verb::Accept)?,
        "reject" => Verb::Reject { reason: words() },
        "approve" => alone(Verb::Approve)?,
        "dispatch" => Verb::Dispatch { to: names(rest)? },
        "ask" => Verb::Ask { question: words() },
        "uphold" => alone(Verb::Uphold)?,
        "overrule" => alone(Verb::Overrule)?,
        "suspend" => suspend(rest)?,
        "merge" => Verb::Merge { into: Which::parse(rest)? },
        "unmerge" => alone(Verb::Unmerge)?,
        "answer" => Verb::Answer { text: words() },
        "final" => Verb::FinalAnswer { text: words() },
        "check" => check(rest)?,
        "help" => {
            names(rest)?;
            Verb::NotYet("help comes with the county")
        }
        "escalate" => Verb::NotYet("escalate comes with the county"),
        "extend" => Verb::NotYet("extend comes with the county"),
        "supervise" => Verb::NotYet("supervise comes with the county"),
        "" => return Err("what the desk does is missing".to_owned()),
        verb => return Err(format!("“{verb}” is nothing that a desk does")),
    };
    Ok(Act { ticket: Which::parse(ticket)?, verb })
}

/// Names with commas between them, as people write commas.
fn names(text: &str) -> Result<Vec<String>, String> {
    let names: Vec<String> =
        text.split([',', '，', '、']).map(|name| name.trim().to_owned()).collect();
    if names.iter().any(String::is_empty) {
        return Err("a name is missing".to_owned());
    }
    Ok(names)
}

fn suspend(rest: &str) -> Result<Verb, String> {
    let (first, words) = rest.split_once(' ').unwrap_or((rest, ""));
    Ok(match first.strip_prefix('+') {
        Some(span) => Verb::Suspend { span: duration(span)?, reason: words.trim().to_owned() },
        None => Verb::Suspend { span: PUT_OFF, reason: rest.to_owned() },
    })
}

fn check(rest: &str) -> Result<Verb, String> {
    let (first, words) = rest.split_once(' ').unwrap_or((rest, ""));
    match first {
        "" => Ok(Verb::Pass),
        "back" | "退回" => Ok(Verb::SendBack { reason: words.trim().to_owned() }),
        _ => Err("check passes a result; check T back REASON sends it back".to_owned()),
    }
}
