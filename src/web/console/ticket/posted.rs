//! From what was filled in to what is done. Everything goes through [`crate::desk`].

use super::names;
use crate::calendar::begin_of;
use crate::county::{AreaCode, gazetteer};
use crate::desk::{self, DeskError};
use crate::routing;
use crate::storage::{StorageError, Tx};
use crate::ticket::lifecycle::{Action, Move, holders};
use crate::ticket::{Call, Ticket, TicketNumber};
use crate::web::console::{desk::Desk, stop::Stop};
use chrono::{NaiveDate, TimeDelta};
use serde::Deserialize;

/// What fits into one message of the platform, with the words around it.
const LONGEST_MESSAGE: usize = 500;
/// What a history keeps of one remark.
const LONGEST: usize = 2000;

/// Everything that any of the forms asks for.
#[derive(Deserialize, Default, Clone)]
#[serde(default)]
pub(super) struct Filled {
    /// The version that was looked at.
    pub(super) version: i64,
    /// How many entries its history had.
    pub(super) seen: usize,
    pub(super) text: String,
    /// One of the suggestions: names, divided by 、.
    pub(super) who: String,
    /// Names of people and units in words.
    pub(super) other: String,
    pub(super) choice: String,
    /// One of a list, where none of the suggestions was chosen.
    pub(super) list: String,
    /// Anything else in words.
    pub(super) free: String,
    pub(super) date: String,
    pub(super) days: String,
    pub(super) must: String,
    pub(super) number: String,
}

impl Filled {
    /// The names that were written or, where none were, chosen.
    pub(super) fn names(&self) -> &str {
        if self.other.trim().is_empty() { &self.who } else { &self.other }
    }

    /// Everything in words, to be read and copied.
    pub(super) fn words(&self) -> String {
        let parts = [self.names(), &self.number, &self.free, &self.date, &self.text];
        let said: Vec<&str> = parts.into_iter().filter(|part| !part.trim().is_empty()).collect();
        said.join("\n")
    }
}

/// What became of a form.
pub(super) enum Outcome {
    Done(Box<Ticket>),
    /// Somebody was first.
    Meanwhile(String),
    /// It cannot be done so, and why.
    Not(String),
}

/// Something is wrong with what was filled in, or with us.
enum Wrong {
    Filled(String),
    Ours(Stop),
}

impl From<Stop> for Wrong {
    fn from(stop: Stop) -> Self {
        Self::Ours(stop)
    }
}

fn wrong<T>(words: impl Into<String>) -> Result<T, Wrong> {
    Err(Wrong::Filled(words.into()))
}

/// Does it.
pub(super) async fn carry_out(
    desk: &Desk,
    ticket: &Ticket,
    wanted: Move,
    filled: &Filled,
) -> Result<Outcome, Stop> {
    let (app, by, seen) = (&desk.app, &desk.operator().person, Some(filled.version));
    // Names are looked up by what is known now; whether it is still so, the version tells.
    let done = if wanted == Move::Escalate {
        desk::escalate(app, by, &ticket.number, seen, &filled.text).await
    } else {
        match action(desk, ticket, wanted, filled).await {
            Ok(action) => desk::act(app, by, &ticket.number, seen, action).await,
            Err(Wrong::Filled(words)) => return Ok(Outcome::Not(words)),
            Err(Wrong::Ours(stop)) => return Err(stop),
        }
    };
    match done {
        Ok(after) => Ok(Outcome::Done(Box::new(after))),
        Err(DeskError::Meanwhile { first, .. }) => Ok(Outcome::Meanwhile(first)),
        Err(error) => match names::refusal(&error) {
            Some(words) => Ok(Outcome::Not(words)),
            None => Err(desk.broken(&error)),
        },
    }
}

async fn action(
    desk: &Desk,
    ticket: &Ticket,
    wanted: Move,
    filled: &Filled,
) -> Result<Action, Wrong> {
    let text = text(wanted, filled)?;
    let told = |action| Action::OnBehalf { action: Box::new(action) };
    let by_telephone = || format!("{text}（居民打电话或当面说的）");
    Ok(match wanted {
        Move::Accept => Action::Accept,
        Move::AnswerAtOnce => Action::AnswerAtOnce { text },
        Move::Ask => Action::Ask { question: text },
        Move::CancelQuestion => Action::CancelQuestion,
        Move::ApproveRejection => Action::ApproveRejection,
        Move::RefuseRejection => Action::RefuseRejection,
        Move::UpholdReturn => Action::UpholdReturn,
        Move::OverruleReturn => Action::OverruleReturn,
        Move::Pass => Action::Pass,
        Move::SendBack => Action::SendBack { reason: text },
        Move::RefuseExtension => Action::RefuseExtension { reason: text },
        Move::AnswerSupervision => Action::AnswerSupervision { text },
        Move::Resume => Action::Resume,
        Move::Supervise => Action::Supervise { text },
        Move::ProposeRejection => Action::ProposeRejection { reason: text },
        Move::FinalAnswer => Action::FinalAnswer { text },
        Move::Unmerge => Action::Unmerge,
        Move::Note => Action::Note { text },
        Move::GrantExtension => Action::GrantExtension { minutes: minutes(desk, filled)? },
        Move::Suspend => suspend(desk, filled, text)?,
        Move::Merge => match TicketNumber::find(&filled.number) {
            Some(into) => {
                // What they may not see does not exist for them here either.
                if desk.ticket(into.as_str()).await.is_err() {
                    return wrong("没有找到这个编号的诉求，请核对。");
                }
                Action::Merge { into }
            }
            None => return wrong("请写要并入的诉求编号，例如 LX261122000001。"),
        },
        Move::Recategorise => match desk.county.category(chosen(filled)) {
            Some(category) => Action::Recategorise { category: category.code.clone() },
            None => return wrong("请选择一个分类。"),
        },
        Move::Locate => locate(desk, filled)?,
        Move::WaiveHelp => match filled.choice.parse() {
            Ok(no) => Action::WaiveHelp { no },
            Err(_) => return wrong("请选择免去哪一项协办。"),
        },
        Move::Verify if filled.choice.is_empty() => return wrong("请选择属实还是不属实。"),
        Move::Verify => Action::Verify { real: filled.choice == "yes", text, media: Vec::new() },
        Move::GiveInfo => told(Action::GiveInfo { text: by_telephone(), media: Vec::new() }),
        Move::Supplement => {
            told(Action::Supplement { text: Some(by_telephone()), media: Vec::new() })
        }
        Move::Reopen => told(Action::Reopen { reason: by_telephone() }),
        Move::Withdraw => told(Action::Withdraw { reason: Some(by_telephone()) }),
        Move::Dispatch
        | Move::CallHelp
        | Move::AskVerification
        | Move::Assign
        | Move::HandOver
        | Move::Escalate => return calling(desk, ticket, wanted, filled, text).await,
    })
}

/// The words, as long as they may be.
fn text(wanted: Move, filled: &Filled) -> Result<String, Wrong> {
    let text = filled.text.replace("\r\n", "\n").trim().to_owned();
    let is_message = matches!(
        wanted,
        Move::AnswerAtOnce | Move::FinalAnswer | Move::Ask | Move::ProposeRejection | Move::Suspend
    );
    let most = if is_message { LONGEST_MESSAGE } else { LONGEST };
    match text.chars().count() {
        count if count > most => wrong(format!("文字太长：最多{most}个字，现在是{count}个字。")),
        _ => Ok(text),
    }
}

fn chosen(filled: &Filled) -> &str {
    if filled.list.is_empty() { &filled.choice } else { &filled.list }
}

fn minutes(desk: &Desk, filled: &Filled) -> Result<Option<u32>, Wrong> {
    match filled.days.trim() {
        "" => Ok(None),
        days => match days.parse::<u32>() {
            Ok(days @ 1..=90) => {
                Ok(Some(days.saturating_mul(desk.county.calendar().day_minutes())))
            }
            _ => wrong("天数请写数字，例如 2。"),
        },
    }
}

fn suspend(desk: &Desk, filled: &Filled, reason: String) -> Result<Action, Wrong> {
    let Ok(day) = NaiveDate::parse_from_str(filled.date.trim(), "%Y-%m-%d") else {
        return wrong("请写恢复办理的日期，例如 2026-12-01。");
    };
    let opens = desk.county.calendar().hours().weekdays().first().map_or(0, |(begin, _)| *begin);
    let until = begin_of(day) + TimeDelta::minutes(opens.into());
    Ok(Action::Suspend { until, reason })
}

/// An area that was chosen, or one that the words name.
fn locate(desk: &Desk, filled: &Filled) -> Result<Action, Wrong> {
    let county = &*desk.county;
    let words = filled.free.trim();
    let named = county.areas().iter().find(|area| area.name == words);
    let found = if words.is_empty() {
        let code = AreaCode::from(filled.choice.as_str());
        county.area(&code).map(|area| area.code.clone())
    } else {
        let is_only = |area: &&crate::county::Area| {
            county.areas().iter().filter(|other| other.name == area.name).count() == 1
        };
        let named = named.filter(is_only).map(|area| area.code.clone());
        match gazetteer::read_place(county, words, None) {
            _ if named.is_some() => named,
            Some(found) if !found.ambiguous.is_empty() => {
                let paths: Vec<String> =
                    found.ambiguous.iter().map(|code| county.spoken_path(code)).collect();
                return wrong(format!("有几个地方叫这个名字，请写上乡镇：{}。", paths.join("；")));
            }
            found => found.and_then(|found| found.area),
        }
    };
    let Some(code) = found else {
        return wrong("没有找到这个地方，请写乡镇、村或网格的名字。");
    };
    let path = county.path(&code).iter().map(|area| area.code.as_str().to_owned()).collect();
    Ok(Action::Locate { area: code.0, path })
}

/// The moves by which somebody is called.
async fn calling(
    desk: &Desk,
    ticket: &Ticket,
    wanted: Move,
    filled: &Filled,
    text: String,
) -> Result<Action, Wrong> {
    let tx = desk.app.store.look().await.map_err(|error| desk.broken(&error))?;
    let call = call(desk, &tx, ticket, filled, &text).await?;
    if call.to.is_empty() && wanted != Move::HandOver {
        return wrong("请选一个建议，或者写上姓名、单位。");
    }
    Ok(match wanted {
        Move::CallHelp => Action::CallHelp {
            call,
            what: text,
            required: !filled.must.is_empty(),
            minutes: minutes(desk, filled)?,
        },
        Move::AskVerification => Action::AskVerification { of: call.to },
        Move::Assign => match call.to.into_iter().next() {
            Some(to) => Action::Assign { to },
            None => return wrong("请写上交给谁。"),
        },
        Move::HandOver => {
            let from = holders(ticket).into_iter().find(|p| p.id.0.to_string() == filled.choice);
            let Some(from) = from else { return wrong("请选择谁手上的要转交。") };
            Action::HandOver { from, call }
        }
        _ => Action::Dispatch { call },
    })
}

/// Whom the operator means, and why in the words of the history.
async fn call(
    desk: &Desk,
    tx: &Tx,
    ticket: &Ticket,
    filled: &Filled,
    text: &str,
) -> Result<Call, Wrong> {
    let (county, now) = (&*desk.county, desk.now);
    let broken = |error: StorageError| desk.broken(&error);
    let by = &desk.operator().person.name;
    let with_words = |reason: String| match text {
        "" => reason,
        words => format!("{reason}；{words}"),
    };
    let written = names_in(&filled.other);
    let names = if written.is_empty() { names_in(&filled.who) } else { written.clone() };
    if names.is_empty() {
        return Ok(Call { reason: with_words(format!("{by}转交")), ..Call::default() });
    }
    if written.is_empty()
        && let Some(call) =
            routing::called_as_suggested(tx, county, ticket, &names, now).await.map_err(broken)?
    {
        return Ok(Call { reason: with_words(call.reason.clone()), ..call });
    }
    let category = &ticket.report.category;
    let reason = with_words(format!("{by}选择"));
    match routing::called(tx, county, category, &names, reason).await.map_err(broken)? {
        Ok(call) => Ok(call),
        Err(nobody) => wrong(format!("没有叫“{nobody}”的人或单位，请核对姓名或单位全称。")),
    }
}

fn names_in(text: &str) -> Vec<String> {
    let mut names: Vec<String> = Vec::new();
    for name in text.split(['、', ',', '，', ';', '；', ' ', '\u{3000}', '\n']) {
        let name = name.trim();
        if !name.is_empty() && !names.iter().any(|known| known == name) {
            names.push(name.to_owned());
        }
    }
    names
}
