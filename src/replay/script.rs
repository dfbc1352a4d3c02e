//! Chat scripts (`*.chat`): from text to steps. Pure.
//!
//! One step a line. A line that is none of the forms makes the whole file malformed, and every
//! such line is told: a script that is misread would be a test that tests nothing.
//!
//! Deliberately absent: what a step does, which is the play's business, and whether a name or a
//! code exists in the county.

use super::{
    acts::{self, Act},
    asks::{self, Ask},
    pushes,
    talks::Talking,
};
use crate::simulator::Message;
use chrono::{DateTime, FixedOffset, NaiveDateTime, TimeDelta, TimeZone, Utc};
use regex::Regex;

/// More copies at once than the platform ever makes.
const MOST_COPIES: usize = 100;
/// Ten years: longer than anything waits.
const LONGEST: i64 = 10 * 365 * 24 * 3600;
/// East of Greenwich, in seconds: scripts tell the county's time.
const BEIJING: i32 = 8 * 3600;

/// A script, read.
#[derive(Debug, Clone)]
pub(super) struct Script {
    /// Its steps in order; the first sets the clock.
    pub(super) steps: Vec<Step>,
}

/// One line of a script.
#[derive(Debug, Clone)]
pub(super) struct Step {
    /// Counted from 1.
    pub(super) line: usize,
    /// As it is written.
    pub(super) source: String,
    /// What it wants.
    pub(super) form: Form,
}

/// What a step wants.
#[derive(Debug, Clone)]
pub(super) enum Form {
    /// `@ DATE TIME`
    At(DateTime<Utc>),
    /// `@ +2d`
    Later(TimeDelta),
    /// `county NAME`
    County(String),
    /// `WHO > …` and `WHO >K …`
    Push { who: String, message: Message, copies: usize },
    /// `WHO < …` and its kin
    Answer { who: String, expected: Answered },
    /// `WHO ! …` and its kin
    Notice { who: String, expected: Noticed },
    /// `WHO : VERB …` and `WHO :! VERB …`
    Act { who: String, refused: bool, act: Act },
    /// `WHO : say NAME …`
    Talk { who: String, refused: bool, talking: Talking },
    /// `? …`
    Ask(Ask),
    /// `restart`
    Restart,
    /// `fault wechat CODE xN`
    WechatFault { code: i64, times: usize },
    /// A form that this version knows and cannot play.
    NotYet(&'static str),
}

/// What an answer has to be like.
#[derive(Debug, Clone)]
pub(super) enum Answered {
    /// `<`: in one line of it.
    Has(String),
    /// `<~`: anywhere in it.
    Matches(Regex),
    /// `<!`: nowhere in it.
    Lacks(String),
    /// `<-`: there is none.
    Nothing,
}

/// What a notice has to be like.
#[derive(Debug, Clone)]
pub(super) enum Noticed {
    /// `!`: somewhere in it.
    Has(String),
    /// `!~`: anywhere in it.
    Matches(Regex),
    /// `!!`: none is unread.
    Nothing,
}

/// A line that is none of the forms.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Malformed {
    /// Counted from 1.
    pub line: usize,
    /// As it is written.
    pub source: String,
    /// What is wrong with it.
    pub wrong: String,
}

impl Script {
    /// Reads a script, or tells every line that cannot be read.
    pub(super) fn parse(text: &str) -> Result<Self, Vec<Malformed>> {
        let text = text.strip_prefix('\u{feff}').unwrap_or(text);
        let (mut steps, mut malformed) = (Vec::new(), Vec::new());
        for (index, source) in text.lines().enumerate() {
            // An empty line says nothing that could be misread.
            if source.trim().is_empty() || source.starts_with('#') {
                continue;
            }
            let (line, source) = (index + 1, source.to_owned());
            let read = form(&source).and_then(|form| match (&form, steps.is_empty()) {
                (Form::At(_), _) | (_, false) => Ok(form),
                (_, true) if malformed.is_empty() => {
                    Err("a script begins with the time: @ 2026-03-02 09:00".to_owned())
                }
                (_, true) => Ok(form),
            });
            match read {
                Ok(form) => steps.push(Step { line, source, form }),
                Err(wrong) => malformed.push(Malformed { line, source, wrong }),
            }
        }
        if steps.is_empty() && malformed.is_empty() {
            let wrong = "the script has no steps".to_owned();
            malformed.push(Malformed { line: 1, source: String::new(), wrong });
        }
        if malformed.is_empty() { Ok(Self { steps }) } else { Err(malformed) }
    }

    /// The county that it loads first.
    pub(super) fn county(&self) -> Option<&str> {
        self.steps.iter().find_map(|step| match &step.form {
            Form::County(name) => Some(name.as_str()),
            _ => None,
        })
    }

    /// A number that follows from what is done in the script, not from what is expected of it:
    /// rewriting expectations changes nothing of what happens.
    pub(super) fn seed(&self) -> u64 {
        use sha2::{Digest, Sha256};
        let acts = self.steps.iter().filter(|step| {
            !matches!(step.form, Form::Answer { .. } | Form::Notice { .. } | Form::Ask(_))
        });
        let digest = acts.fold(Sha256::new(), |digest, step| {
            digest.chain_update(step.source.as_bytes()).chain_update(b"\n")
        });
        digest.finalize().iter().take(8).fold(0, |seed, byte| seed << 8 | u64::from(*byte))
    }
}

fn form(line: &str) -> Result<Form, String> {
    if line == "restart" {
        return Ok(Form::Restart);
    }
    match line.split_once(' ') {
        Some(("@", when)) => time(when),
        Some(("?", ask)) => asks::parse(ask).map(Form::Ask),
        Some(("county", name)) => county(name),
        Some(("fault", fault)) => self::fault(fault),
        Some((who, rest)) if !who.is_empty() => spoken(who, rest),
        Some(_) => Err("a step begins at the beginning of its line".to_owned()),
        None => Err(unknown()),
    }
}

fn unknown() -> String {
    "this is no form of a step (WHO > TEXT, WHO < TEXT, WHO ! TEXT, WHO : VERB TICKET, \
     ? …, @ …, county NAME, restart, fault …)"
        .to_owned()
}

fn time(when: &str) -> Result<Form, String> {
    if let Some(later) = when.strip_prefix('+') {
        return duration(later).map(Form::Later);
    }
    let read = ["%Y-%m-%d %H:%M", "%Y-%m-%d %H:%M:%S"]
        .iter()
        .find_map(|format| NaiveDateTime::parse_from_str(when, format).ok());
    let zone = FixedOffset::east_opt(BEIJING);
    let moment = read.zip(zone).and_then(|(local, zone)| zone.from_local_datetime(&local).single());
    moment
        .map(|moment| Form::At(moment.to_utc()))
        .ok_or_else(|| "a time is written 2026-03-02 09:00, or +2d (s, m, h, d)".to_owned())
}

/// A span of time such as `2d`.
pub(super) fn duration(text: &str) -> Result<TimeDelta, String> {
    let wrong = || format!("“{text}” is no span of time such as 30s, 5m, 2h or 2d");
    let unit = text.chars().last().ok_or_else(wrong)?;
    let digits = text.trim_end_matches(unit);
    if !digits.bytes().all(|byte| byte.is_ascii_digit()) {
        return Err(wrong());
    }
    let number: i64 = digits.parse().map_err(|_| wrong())?;
    let seconds = match unit {
        's' => 1,
        'm' => 60,
        'h' => 3600,
        'd' => 24 * 3600,
        _ => return Err(wrong()),
    };
    let span = number.checked_mul(seconds).filter(|span| (1..=LONGEST).contains(span));
    span.map(TimeDelta::seconds)
        .ok_or_else(|| format!("“{text}” is no time or more than ten years"))
}

fn county(name: &str) -> Result<Form, String> {
    let plain = !name.is_empty() && !name.contains(['/', '\\', ' ']) && !name.starts_with('.');
    if plain {
        Ok(Form::County(name.to_owned()))
    } else {
        Err("a county is demo, or the name of a folder beside the script".to_owned())
    }
}

fn fault(fault: &str) -> Result<Form, String> {
    let words: Vec<&str> = fault.split(' ').collect();
    match words.as_slice() {
        ["wechat", code, times] => {
            let times = times.strip_prefix('x').and_then(|times| times.parse().ok());
            match (code.parse(), times) {
                (Ok(code), Some(times)) if times > 0 => Ok(Form::WechatFault { code, times }),
                _ => Err("a fault of the platform is written: fault wechat 45015 x2".to_owned()),
            }
        }
        ["database", span] => {
            duration(span)?;
            Ok(Form::NotYet("a database that is away comes with many machines"))
        }
        ["redis", span] => {
            duration(span)?;
            Ok(Form::NotYet("a Redis that is away comes with many machines"))
        }
        _ => Err("a fault is of wechat, of database or of redis".to_owned()),
    }
}

fn spoken(who: &str, rest: &str) -> Result<Form, String> {
    let (sign, text) = rest.split_once(' ').unwrap_or((rest, ""));
    let who = who.to_owned();
    let needed = |what: &str| {
        if text.is_empty() { Err(format!("{what} is missing")) } else { Ok(text.to_owned()) }
    };
    let nothing = || {
        if text.is_empty() { Ok(()) } else { Err(format!("nothing stands behind {sign}")) }
    };
    Ok(match sign {
        "<" => Form::Answer { who, expected: Answered::Has(needed("what is expected")?) },
        "<!" => Form::Answer { who, expected: Answered::Lacks(needed("what is not expected")?) },
        "<~" => Form::Answer { who, expected: Answered::Matches(regex(text)?) },
        "<-" => {
            nothing()?;
            Form::Answer { who, expected: Answered::Nothing }
        }
        "!" => Form::Notice { who, expected: Noticed::Has(needed("what is expected")?) },
        "!~" => Form::Notice { who, expected: Noticed::Matches(regex(text)?) },
        "!!" => {
            nothing()?;
            Form::Notice { who, expected: Noticed::Nothing }
        }
        ":" | ":!" => {
            let refused = sign == ":!";
            match Talking::parse(text) {
                Some(talking) => Form::Talk { who, refused, talking: talking? },
                None => Form::Act { who, refused, act: acts::parse(text)? },
            }
        }
        _ => match sign.strip_prefix('>') {
            Some(copies) => {
                Form::Push { who, message: pushes::parse(text)?, copies: self::copies(copies)? }
            }
            None => return Err(unknown()),
        },
    })
}

fn regex(text: &str) -> Result<Regex, String> {
    if text.is_empty() {
        return Err("the pattern is missing".to_owned());
    }
    Regex::new(&format!("(?ms){text}")).map_err(|error| format!("the pattern is wrong: {error}"))
}

fn copies(copies: &str) -> Result<usize, String> {
    if copies.is_empty() {
        return Ok(1);
    }
    let number = copies.parse().ok().filter(|number| (1..=MOST_COPIES).contains(number));
    number.ok_or_else(|| format!("copies are counted from 1 to {MOST_COPIES}, as in >3"))
}

#[cfg(test)]
mod tests;
