//! What a desk does in a script: `VERB TICKET …`. Pure.

use super::script::duration;
use crate::ticket::TicketNumber;
use chrono::TimeDelta;

/// What a helper is asked for where the script does not say.
const HELP: &str = "请协助办理";
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
    Resume,
    Verify {
        of: Vec<String>,
    },
    Category {
        code: String,
    },
    Help {
        to: Vec<String>,
        what: String,
    },
    /// The part of this helper, or every open one.
    Waive {
        whose: Option<String>,
    },
    Assign {
        to: String,
    },
    Escalate {
        reason: String,
    },
    /// So much more, or as it was wished for.
    Extend {
        more: Option<WorkingTime>,
        reason: String,
    },
    /// No more time.
    Refuse {
        reason: String,
    },
    Supervise {
        text: String,
    },
    /// What somebody has goes to these, or to the desk.
    HandOver {
        from: String,
        to: Vec<String>,
    },
}

/// Time in which a county works: its days are as long as its calendar says.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum WorkingTime {
    Days(u32),
    Minutes(u32),
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
        "resume" => alone(Verb::Resume)?,
        "verify" => Verb::Verify { of: names(rest)? },
        "category" => Verb::Category { code: one(rest, "a code")? },
        "help" => help(rest)?,
        "waive" => Verb::Waive { whose: (!rest.is_empty()).then(words) },
        "assign" => Verb::Assign { to: one(rest, "a name")? },
        "escalate" => Verb::Escalate { reason: words() },
        "extend" => extend(rest)?,
        "refuse" => Verb::Refuse { reason: words() },
        "supervise" => Verb::Supervise { text: words() },
        "handover" => hand_over(rest)?,
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

/// One word and nothing behind it.
fn one(rest: &str, what: &str) -> Result<String, String> {
    if rest.is_empty() || rest.contains(' ') {
        return Err(format!("{what} stands behind the ticket, and nothing else"));
    }
    Ok(rest.to_owned())
}

fn help(rest: &str) -> Result<Verb, String> {
    let (to, what) = rest.split_once(' ').unwrap_or((rest, HELP));
    Ok(Verb::Help { to: names(to)?, what: what.trim().to_owned() })
}

fn hand_over(rest: &str) -> Result<Verb, String> {
    let (from, to) = rest.split_once(' ').unwrap_or((rest, ""));
    let to = if to.trim().is_empty() { Vec::new() } else { names(to.trim())? };
    Ok(Verb::HandOver { from: one(from, "a name")?, to })
}

/// `+2d` are two working days, `+3h` three working hours.
fn extend(rest: &str) -> Result<Verb, String> {
    let (first, words) = rest.split_once(' ').unwrap_or((rest, ""));
    let Some(span) = first.strip_prefix('+') else {
        return Ok(Verb::Extend { more: None, reason: rest.to_owned() });
    };
    let minutes = u32::try_from(duration(span)?.num_minutes()).unwrap_or(u32::MAX);
    let more = if span.ends_with('d') {
        WorkingTime::Days(minutes / (24 * 60))
    } else {
        WorkingTime::Minutes(minutes)
    };
    Ok(Verb::Extend { more: Some(more), reason: words.trim().to_owned() })
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
