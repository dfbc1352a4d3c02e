//! Who has which part in a ticket: handler, leader, helpers, who looks on site, who owes an answer.

use super::{leave::Reachable, said::shown};
use crate::county::County;
use crate::ticket::{HelpStatus, Person, Ticket};
use serde::Serialize;

/// Somebody's part in it.
#[derive(Serialize)]
pub(super) struct Part {
    label: String,
    words: String,
}

/// Who has which part in it.
pub(super) fn parts(
    county: &County,
    ticket: &Ticket,
    reachable: &Reachable,
    holders: &[Person],
) -> Vec<Part> {
    // People write numbers into any text.
    let part =
        |label: &str, words: String| Part { label: label.to_owned(), words: shown(&words, false) };
    let name = |person: &Person| {
        let is_unbound =
            holders.iter().any(|one| one.id == person.id) && reachable.is_unbound(person);
        let unbound = if is_unbound { "（没有绑定微信）" } else { "" };
        format!("{}{unbound}", person.name)
    };
    let names = |people: &[Person]| people.iter().map(name).collect::<Vec<_>>().join("、");
    let course = &ticket.course;
    let mut parts = Vec::new();
    parts.extend(ticket.handler.iter().map(|person| part("办理人", name(person))));
    if !ticket.called.is_empty() {
        parts.push(part("派给", names(&ticket.called)));
    }
    let unit = ticket.unit.as_deref().and_then(|code| county.unit(code));
    parts.extend(unit.map(|unit| part("单位", unit.name.clone())));
    parts.extend(course.holder.leader.iter().map(|person| part("负责人", name(person))));
    parts.extend(ticket.accountable.iter().map(|person| part("首问责任人", name(person))));
    for help in &course.helps {
        let stands = match &help.status {
            HelpStatus::Called => "等接单".to_owned(),
            HelpStatus::Taken { by } => format!("{}在办", by.name),
            HelpStatus::Done { by, text, .. } => format!("{}办好：{text}", by.name),
            HelpStatus::Returned { by, reason } => format!("{}退回：{reason}", by.name),
            HelpStatus::Waived { by } => format!("{}免去", by.name),
            HelpStatus::Cancelled { because } => format!("已结束：{because}"),
        };
        let must = if help.required { "（必须完成）" } else { "" };
        let words = format!("{}：{}。{stands}", names(help.people()), help.what);
        parts.push(part(&format!("协办第{}项{must}", help.no), words));
    }
    if let Some(asked) = &course.verification {
        let found = match &asked.answer {
            Some(answer) if answer.real => format!("{}：属实。{}", answer.by.name, answer.text),
            Some(answer) => format!("{}：不属实。{}", answer.by.name, answer.text),
            None => format!("请{}去看，还没有回音", names(&asked.asked)),
        };
        parts.push(part("现场核实", found));
    }
    if let Some(asked) = &course.supervision {
        let answer = match &asked.answer {
            Some(answer) => format!("{}回复：{}", answer.by.name, answer.text),
            None => "还没有书面回复".to_owned(),
        };
        parts.push(part("督办", format!("{}。{answer}", asked.text)));
    }
    if let Some(wish) = &course.extension {
        let span = county.calendar().span_words(wish.minutes);
        parts.push(part("申请延期", format!("{}要{span}：{}", wish.by.name, wish.reason)));
    }
    parts
}
