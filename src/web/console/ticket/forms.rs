//! The forms of a ticket: one for each move that is possible now and allowed to this operator.
//!
//! What a form asks for follows from its move; which moves there are is the life cycle's to say,
//! and who may make them [`access::needed_for`]'s.

use super::{leave::Told, names, posted::Filled};
use crate::access;
use crate::county::gazetteer::{self, Located};
use crate::county::guess::{Guess, guess};
use crate::county::{AreaCode, County, Point};
use crate::ticket::lifecycle::{Legal, Move, holders};
use crate::ticket::{Person, Ticket};
use crate::web::console::desk::Desk;
use serde::Serialize;

/// One form.
#[derive(Serialize)]
#[expect(clippy::struct_excessive_bools, reason = "each is a part of a form that is there or not")]
pub(super) struct Form {
    pub(super) code: &'static str,
    does: &'static str,
    key: &'static str,
    hint: String,
    /// `now` is what waits for this desk, `more` is what else can be done, `resident` is done in
    /// the resident's name.
    group: &'static str,
    /// Nothing has to be filled in: one button.
    plain: bool,
    /// It cannot be taken back easily.
    grave: bool,
    pub(super) open: bool,
    pub(super) tells: Vec<Told>,
    people: Option<People>,
    choice: Option<Choice>,
    text: Option<Text>,
    kept: Kept,
    date: bool,
    days: bool,
    must: bool,
    number: bool,
    /// Answer templates can fill its words.
    pub(super) templates: bool,
}

/// What was filled in before and was not carried out.
#[derive(Serialize, Default)]
struct Kept {
    other: String,
    free: String,
    number: String,
    date: String,
    days: String,
}

impl Form {
    /// Opens it with what was filled in before.
    pub(super) fn keep(&mut self, filled: &Filled) {
        self.open = true;
        if let Some(text) = &mut self.text {
            text.value.clone_from(&filled.text);
        }
        self.kept = Kept {
            other: filled.names().to_owned(),
            free: filled.free.clone(),
            number: filled.number.clone(),
            date: filled.date.clone(),
            days: filled.days.clone(),
        };
    }
}

/// Whom to call.
#[derive(Serialize)]
struct People {
    label: &'static str,
    suggested: Vec<Suggested>,
    /// May be left out.
    optional: bool,
}

/// Somebody who could be called.
#[derive(Serialize, Clone)]
pub(super) struct Suggested {
    pub(super) value: String,
    pub(super) names: String,
    pub(super) reason: String,
    /// How much each has in hand, and who hears of it by telephone only.
    pub(super) known: Vec<String>,
}

#[derive(Serialize)]
struct Choice {
    label: &'static str,
    options: Vec<Choosable>,
    /// All there are, in a list below the suggestions.
    list: Vec<Choosable>,
    /// Anything else in words.
    free: Option<&'static str>,
}

#[derive(Serialize)]
struct Choosable {
    value: String,
    words: String,
    checked: bool,
}

#[derive(Serialize)]
struct Text {
    label: &'static str,
    required: bool,
    value: String,
}

/// What is known for the forms.
pub(super) struct Known<'a> {
    pub(super) desk: &'a Desk,
    pub(super) ticket: &'a Ticket,
    pub(super) suggested: Vec<Suggested>,
    pub(super) above: Option<String>,
}

/// The forms that this operator gets.
pub(super) fn of(known: &Known<'_>, legal: &[Legal]) -> Vec<Form> {
    let may = |legal: &&Legal| {
        access::needed_for(&legal.sample).is_some_and(|needed| known.desk.operator().may(needed))
    };
    let has_sense = |legal: &&Legal| match legal.wanted {
        Move::Escalate => known.above.is_some(),
        _ => true,
    };
    legal.iter().filter(may).filter(has_sense).map(|legal| form(known, legal.wanted)).collect()
}

fn form(known: &Known<'_>, wanted: Move) -> Form {
    let names::Words { does, key, hint } = names::of(wanted);
    let (ticket, county) = (known.ticket, &*known.desk.county);
    let (people, choice) = (people(known, wanted), choice(county, ticket, wanted));
    let text = text(wanted).map(|(label, required)| Text { label, required, value: String::new() });
    let number = wanted == Move::Merge;
    Form {
        plain: people.is_none()
            && choice.is_none()
            && text.is_none()
            && !number
            && wanted != Move::GrantExtension,
        code: wanted.code(),
        does,
        key,
        hint: match &known.above {
            Some(names) if wanted == Move::Escalate => format!("交给{names}。{hint}"),
            _ => hint.to_owned(),
        },
        group: match wanted {
            // Of the desk's own accord it is rare.
            Move::GrantExtension if ticket.course.extension.is_none() => "more",
            wanted => group(wanted),
        },
        grave: matches!(
            wanted,
            Move::ApproveRejection | Move::ProposeRejection | Move::FinalAnswer | Move::Withdraw
        ),
        open: matches!(wanted, Move::Dispatch),
        tells: Vec::new(),
        kept: Kept::default(),
        people,
        choice,
        text,
        date: wanted == Move::Suspend,
        days: matches!(wanted, Move::GrantExtension | Move::CallHelp),
        must: wanted == Move::CallHelp,
        number,
        templates: matches!(
            wanted,
            Move::AnswerAtOnce
                | Move::Ask
                | Move::ProposeRejection
                | Move::FinalAnswer
                | Move::SendBack
                | Move::Suspend
                | Move::Supervise
        ),
    }
}

fn group(wanted: Move) -> &'static str {
    match wanted {
        Move::Accept
        | Move::Dispatch
        | Move::AnswerAtOnce
        | Move::Ask
        | Move::CancelQuestion
        | Move::ApproveRejection
        | Move::RefuseRejection
        | Move::UpholdReturn
        | Move::OverruleReturn
        | Move::Pass
        | Move::SendBack
        | Move::GrantExtension
        | Move::RefuseExtension
        | Move::AnswerSupervision
        | Move::Verify
        | Move::Note => "now",
        wanted if wanted.is_for_the_resident() => "resident",
        _ => "more",
    }
}

/// The label of the words, and whether they have to be there.
fn text(wanted: Move) -> Option<(&'static str, bool)> {
    Some(match wanted {
        Move::AnswerAtOnce => ("给居民的答复", true),
        Move::FinalAnswer => ("最终答复", true),
        Move::Ask => ("要问居民什么", true),
        Move::ProposeRejection => ("为什么不予受理，居民可以怎么办", true),
        Move::SendBack => ("哪里还没办好", true),
        Move::RefuseExtension | Move::Suspend => ("理由", true),
        Move::AnswerSupervision => ("书面回复", true),
        Move::Verify => ("看到的情况", true),
        Move::CallHelp => ("请他们做什么", true),
        Move::Supervise => ("督办内容", false),
        Move::Note => ("备注", true),
        Move::Dispatch | Move::HandOver => ("补充说明（写进办理经过）", false),
        Move::Escalate => ("提级原因", false),
        Move::GiveInfo => ("居民的回答", true),
        Move::Supplement => ("居民补充的情况", true),
        Move::Reopen => ("哪里没有解决", true),
        Move::Withdraw => ("居民说的原因", false),
        _ => return None,
    })
}

fn people(known: &Known<'_>, wanted: Move) -> Option<People> {
    let suggested = || known.suggested.clone();
    let (label, suggested, optional) = match wanted {
        Move::Dispatch => ("派给谁", suggested(), false),
        Move::CallHelp => ("请谁协办", Vec::new(), false),
        Move::AskVerification => ("请谁去看", suggested(), false),
        Move::Assign => ("交给谁办", of_the_ticket(known.ticket), false),
        Move::HandOver => ("转给谁（不写就回到值班台）", suggested(), true),
        _ => return None,
    };
    Some(People { label, suggested, optional })
}

/// Those who were called too could have it.
fn of_the_ticket(ticket: &Ticket) -> Vec<Suggested> {
    let is_free = |person: &&Person| ticket.handler.as_ref().is_none_or(|one| one.id != person.id);
    let called = ticket.called.iter().chain(&ticket.course.holder.leader).filter(is_free);
    let mut suggested: Vec<Suggested> = Vec::new();
    for person in called {
        if suggested.iter().all(|known| known.value != person.name) {
            let (value, names) = (person.name.clone(), person.name.clone());
            let reason = "一起接到派单".to_owned();
            suggested.push(Suggested { value, names, reason, known: Vec::new() });
        }
    }
    suggested
}

fn choice(county: &County, ticket: &Ticket, wanted: Move) -> Option<Choice> {
    let plain = |label, options| Choice { label, options, list: Vec::new(), free: None };
    let option = |value: String, words: String| Choosable { value, words, checked: false };
    Some(match wanted {
        Move::Recategorise => categories(county, ticket),
        Move::Locate => places(county, ticket),
        Move::HandOver => {
            let holders = holders(ticket).into_iter();
            plain("谁手上的", holders.map(|p| option(p.id.0.to_string(), p.name)).collect())
        }
        Move::WaiveHelp => {
            let open = ticket.course.helps.iter().filter(|help| help.is_open());
            let words = |help: &crate::ticket::Help| {
                let names: Vec<&str> = help.people().iter().map(|p| p.name.as_str()).collect();
                format!("第{}项：{}（{}）", help.no, help.what, names.join("、"))
            };
            plain("哪一项", open.map(|help| option(help.no.to_string(), words(help))).collect())
        }
        Move::Verify => plain(
            "是不是居民说的那样",
            vec![
                option("yes".to_owned(), "属实".to_owned()),
                option("no".to_owned(), "不属实".to_owned()),
            ],
        ),
        _ => return None,
    })
}

fn categories(county: &County, ticket: &Ticket) -> Choice {
    let now = ticket.report.category.as_str();
    let guessed = match guess(county, &ticket.report.text) {
        Guess::Sure(code) => vec![code],
        Guess::Unsure(codes) => codes,
        Guess::None => Vec::new(),
    };
    let named = |code: &str| {
        let words = county.category(code).map_or(code, |category| category.name.as_str());
        Choosable { value: code.to_owned(), words: words.to_owned(), checked: false }
    };
    let options = guessed.iter().filter(|code| *code != now).map(|code| named(code)).collect();
    let others = county.categories().iter().filter(|one| one.enabled && one.code != now);
    let list = others.map(|one| named(&one.code)).collect();
    Choice { label: "改成哪一类", options, list, free: None }
}

fn places(county: &County, ticket: &Ticket) -> Choice {
    let place = &ticket.report.place;
    let mut codes: Vec<AreaCode> = Vec::new();
    if let Some(point) = place.point
        && let Located::In(code) =
            gazetteer::area_at(county, Point { lat: point.lat, lon: point.lng })
    {
        codes.push(code);
    }
    for text in place.text.iter().chain([&ticket.report.text]) {
        if let Some(found) = gazetteer::find_place(county, text) {
            codes.extend(found.area.into_iter().chain(found.ambiguous));
        }
    }
    let mut options: Vec<Choosable> = Vec::new();
    for code in codes {
        let is_so = place.area.as_deref() == Some(code.as_str());
        if !is_so && options.iter().all(|known| known.value != code.as_str()) {
            let words = county.spoken_path(&code);
            options.push(Choosable { value: code.0, words, checked: false });
        }
    }
    Choice {
        label: "在哪里", options, list: Vec::new(), free: Some("乡镇、村或网格的名字")
    }
}

/// People and units to choose from while somebody types.
#[derive(Serialize)]
pub(super) struct Named {
    names: Vec<String>,
}

/// At most so many are offered, or nobody reads them.
const OFFERED: usize = 12;

/// Those whose name holds what was typed last; what stands before it is kept.
pub(super) fn people_named(county: &County, typed: &str) -> Named {
    let is_between = |(_, sign): &(usize, char)| matches!(sign, '、' | ',' | '，' | ' ');
    let at = typed.char_indices().rev().find(is_between);
    let (before, last) = match at {
        Some((at, sign)) => typed.split_at(at + sign.len_utf8()),
        None => ("", typed),
    };
    let units = county.units().iter().map(|unit| unit.name.as_str());
    let members = county.members().iter().map(|member| member.name.as_str());
    let last = last.trim();
    let names = units.chain(members).filter(|name| !last.is_empty() && name.contains(last));
    Named { names: names.take(OFFERED).map(|name| format!("{before}{name}")).collect() }
}
