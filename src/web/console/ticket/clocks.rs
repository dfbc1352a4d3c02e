//! The clocks of a ticket with the sum of each, and whose turn it is.

use super::names;
use crate::calendar::in_beijing;
use crate::county::County;
use crate::ticket::clock::{self, Because};
use crate::ticket::{Deadline, Lamp, Person, Status, Ticket};
use crate::web::console::words;
use chrono::{DateTime, Utc};
use serde::Serialize;

/// One clock.
#[derive(Serialize)]
pub(super) struct Clock {
    name: &'static str,
    /// It runs in this state.
    runs: bool,
    due: String,
    lamp: &'static str,
    lamp_words: String,
    /// How the date was counted.
    sum: String,
    /// What else makes up the sum: pauses, extensions, why it was set anew.
    beside: Vec<String>,
    provisional: bool,
    calendar: String,
}

/// All clocks: those that run first.
pub(super) fn clocks(county: &County, ticket: &Ticket, now: DateTime<Utc>) -> Vec<Clock> {
    let running: Vec<_> = clock::running(ticket).map(|one| one.kind).collect();
    let mut clocks: Vec<Clock> = ticket
        .course
        .clocks
        .iter()
        .map(|one| clock(county, one, running.contains(&one.kind), now))
        .collect();
    clocks.sort_by_key(|one| !one.runs);
    clocks
}

fn clock(county: &County, one: &Deadline, runs: bool, now: DateTime<Utc>) -> Clock {
    let calendar = county.calendar();
    let shines = match () {
        () if !runs => None,
        () if now > one.due_at => Some(Lamp::Red),
        () if now >= one.warn_at => Some(Lamp::Yellow),
        () => Some(Lamp::Green),
    };
    let (lamp, lamp_words) = match shines {
        None => ("grey", "不在计时".to_owned()),
        Some(Lamp::Red) => ("red", format!("超期{}", words::how_long(now - one.due_at))),
        Some(shines) => {
            let (lamp, word) = names::lamp(shines);
            (lamp, format!("{word}，还有{}", words::how_long(one.due_at - now)))
        }
    };
    // What does not wait for office hours has no sum of working minutes.
    let minutes = one.minutes.saturating_add(one.paused).saturating_add(one.extended);
    let counted = calendar.add(one.from, minutes).at;
    let sum = if counted == one.due_at {
        calendar.arithmetic(one.from, minutes)
    } else {
        let due = in_beijing(one.due_at).format("%-m/%-d %H:%M");
        format!("{}起，到 {due}", words::when(one.from, now))
    };
    let mut beside = vec![format!("从{}起", words::when(one.from, now))];
    if one.paused > 0 {
        beside.push(format!("补回暂停 {}", calendar.span_words(one.paused)));
    }
    if one.extended > 0 {
        beside.push(format!("延期 {}", calendar.span_words(one.extended)));
        beside.push(format!("原来是 {}", words::when(one.original_due_at, now)));
    }
    beside.extend(because(one.because).map(str::to_owned));
    Clock {
        name: names::clock(one.kind),
        runs,
        due: words::when(one.due_at, now),
        lamp,
        lamp_words,
        sum,
        beside,
        provisional: one.provisional,
        calendar: one.calendar.clone(),
    }
}

fn because(because: Because) -> Option<&'static str> {
    match because {
        Because::Begun => None,
        Because::CategoryChanged => Some("改分类后重算"),
        Because::Extended => Some("同意延期后重算"),
        Because::PauseEnded => Some("暂停结束后重算"),
        Because::CalendarChanged => Some("放假安排公布后重算"),
    }
}

/// Who may act now, in a sentence.
pub(super) fn whose_turn(county: &County, ticket: &Ticket, now: DateTime<Utc>) -> String {
    let names = |people: &[Person]| {
        people.iter().map(|person| person.name.as_str()).collect::<Vec<_>>().join("、")
    };
    let handler = ticket.handler.as_ref().map_or("办理人", |person| person.name.as_str());
    let unit = ticket.unit.as_deref().and_then(|code| county.unit(code));
    let unit = unit.map(|unit| format!("（{}）", unit.name)).unwrap_or_default();
    match &ticket.status {
        Status::Submitted { rejection: Some(because) } => {
            format!("有人提议不予受理，等另一位值班同事决定。理由：{}", because.reason)
        }
        Status::Submitted { .. } => "等值班台受理。".to_owned(),
        Status::NeedInfo { question, asked_at, .. } => {
            format!("等居民回答（{}问的）：{question}", words::when(*asked_at, now))
        }
        Status::Accepted => "等值班台派单。".to_owned(),
        Status::Dispatched { .. } => format!("等{}接单{unit}。", names(&ticket.called)),
        Status::Returned { reason } => {
            format!("{}退单，等值班台决定。理由：{reason}", names(&ticket.called))
        }
        Status::InProgress { by_silence: true, .. } => {
            format!("到时间没人接单，视为{handler}签收{unit}；一起接到的人还可以接。")
        }
        Status::InProgress { .. } => format!("{handler}正在办理{unit}。"),
        Status::Suspended { until, .. } => {
            format!("列入计划，到{}恢复办理。", words::when(*until, now))
        }
        Status::ResultSubmitted => match &ticket.course.holder.leader {
            Some(leader) if ticket.finding.as_ref().is_some_and(|f| f.by.id != leader.id) => {
                format!("等{}或值班台核实结果。", leader.name)
            }
            _ => "等值班台核实结果。".to_owned(),
        },
        Status::AwaitingSignoff { objected_at: Some(_), .. } => {
            "居民说没解决，等居民说明原因；一天没有说明就退回重办。".to_owned()
        }
        Status::AwaitingSignoff { untold: true, .. } => {
            "等居民确认；还不知道居民是否收到，签收期限没有开始算。".to_owned()
        }
        Status::AwaitingSignoff { lapse_at, .. } => {
            let until = lapse_at.map(|at| format!("，到{}", words::when(at, now)));
            format!("等居民确认{}。", until.unwrap_or_default())
        }
        Status::Closed { .. } => "已经办结；居民三十天内可以要求重办。".to_owned(),
        Status::Rejected { .. } => "不予受理；居民可以申诉一次。".to_owned(),
        Status::Withdrawn => "居民已经撤回。".to_owned(),
        Status::Merged { into, .. } => format!("并入 {into} 一起办理。"),
    }
}
