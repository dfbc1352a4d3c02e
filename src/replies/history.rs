//! What happened to a ticket, in plain Chinese: one line for each entry of its history.
//!
//! It promises words for everything that can happen, dates where something has one, and neither
//! an openid nor a telephone number, also where somebody wrote one into a text.
//!
//! Deliberately absent: who may read which line, and markup.

use crate::calendar::in_beijing;
use crate::county::{AreaCode, County, words};
use crate::ticket::call_back::CallResult;
use crate::ticket::clock::{Because, Rung};
use crate::ticket::due::UNTOLD;
use crate::ticket::event::{Actor, Event, What};
use crate::ticket::{ClockKind, ClosedKind, Media, Outcome, Person, Rating};
use chrono::{DateTime, Utc};

/// One entry in words.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Line {
    /// When.
    pub at: DateTime<Utc>,
    /// Who: a name, 居民 or 系统.
    pub who: String,
    /// What they did.
    pub did: String,
    /// Why, where a reason was given that is not what was said to somebody.
    pub why: Option<String>,
}

impl Line {
    /// The line as people read it: `王庄站 受理`, `系统：到时间没人接单，视为签收`.
    pub fn words(&self) -> String {
        let between = if self.who == SYSTEM { "：" } else { " " };
        let why = self.why.as_ref().map(|why| format!("（{why}）")).unwrap_or_default();
        format!("{}{between}{}{why}", self.who, self.did)
    }
}

const SYSTEM: &str = "系统";

/// One entry of a history in words.
pub fn line(county: &County, event: &Event) -> Line {
    let who = match &event.by {
        Actor::Resident => "居民".to_owned(),
        Actor::Member(person) | Actor::Operator(person) => person.name.clone(),
        Actor::System => SYSTEM.to_owned(),
    };
    let why = match &event.what {
        What::Dispatched { reason, .. } | What::Escalated { reason, .. } => reason,
        What::HandedOver { because, .. } => because,
        _ => "",
    };
    let why = (!why.trim().is_empty()).then(|| private(why));
    Line { at: event.at, who, did: did(county, &event.what), why }
}

/// What happened last, for somebody who came second: `刚刚由值班员派给了张建国`. Dates follow
/// from it and are not told.
pub fn just_happened(county: &County, events: &[Event]) -> String {
    let is_act = |event: &&Event| {
        !matches!(
            event.what,
            What::ClockSet { .. } | What::ClockRang { .. } | What::SignoffAsked | What::Told { .. }
        )
    };
    match events.iter().rev().find(is_act) {
        Some(event) => {
            let Line { who, did, .. } = line(county, event);
            format!("刚刚由{who}{did}")
        }
        None => "刚刚有人改过".to_owned(),
    }
}

#[expect(clippy::too_many_lines, reason = "a plain list, one line for all that can happen")]
fn did(county: &County, what: &What) -> String {
    let span = |minutes: u32| county.calendar().span_words(minutes);
    match what {
        What::Submitted { report, .. } => with_photos("提交诉求", &report.media),
        What::Accepted => "受理".to_owned(),
        What::RejectionProposed { reason } => said("提议不予受理", reason),
        What::RejectionRefused => "没有同意不予受理".to_owned(),
        What::Rejected { reason } => said("不予受理", reason),
        What::Appealed { text } => said("不同意不予受理", text),
        What::Recategorised { from, to } => {
            format!("把分类从“{}”改为“{}”", category(county, from), category(county, to))
        }
        What::Located { from: Some(from), to } => {
            format!("把地点从“{}”改为“{}”", area(county, from), area(county, to))
        }
        What::Located { from: None, to } => format!("把地点定为“{}”", area(county, to)),
        What::Dispatched { to, unit, .. } => {
            format!("派给了{}", people(county, to, unit.as_deref()))
        }
        What::Taken { automatically: false } => "接单".to_owned(),
        What::Taken { automatically: true } => "到时间没人接单，视为签收".to_owned(),
        What::Declined { reason } => said("退单", reason),
        What::ReturnUpheld => "同意退单".to_owned(),
        What::ReturnOverruled => "驳回了退单".to_owned(),
        What::Asked { question } => said("问居民", question),
        What::InfoGiven { text } => said("回答", text),
        What::InfoNotGiven => "居民到期没有回音，继续办理".to_owned(),
        What::QuestionCancelled => "取消了提问".to_owned(),
        What::ResultSubmitted { text, outcome, media } => {
            let reported = said(&format!("报告办结（{}）", outcome_words(*outcome)), text);
            with_photos(&reported, media)
        }
        What::EvidenceAdded { media } => with_photos("补充办结凭证", media),
        What::Checked => "核查通过".to_owned(),
        What::SentBack { reason } => said("退回重办", reason),
        What::SignoffAsked => "请居民确认".to_owned(),
        What::SignoffReminded => "再次请居民确认".to_owned(),
        What::SignedOff { fully: true } => "确认已解决".to_owned(),
        What::SignedOff { fully: false } => "确认基本解决".to_owned(),
        What::Objected => "说没解决".to_owned(),
        What::Reworked { reason } => said("要求重办", reason.as_deref().unwrap_or("没有说明原因")),
        What::Rated { rating, first: true } => format!("评价：{}", rating_words(*rating)),
        What::Rated { rating, first: false } => format!("改评：{}", rating_words(*rating)),
        What::Closed { kind, outcome } => {
            format!("办结（{}，{}）", closed_words(*kind), outcome_words(*outcome))
        }
        What::Reopened { reason } => said("要求重办", reason),
        What::Withdrawn { reason } => said("撤回", reason.as_deref().unwrap_or_default()),
        What::Merged { into } => format!("并入{into}一起办"),
        What::Unmerged => "改为单独办理".to_owned(),
        What::Suspended { until, reason } => said(&format!("列入计划，到{}", day(*until)), reason),
        What::Resumed => "恢复办理".to_owned(),
        What::Supplemented { text, media } => {
            with_photos(&said("补充", text.as_deref().unwrap_or_default()), media)
        }
        What::Corrected { slot, .. } if slot == "contact" => "留下了联系电话".to_owned(),
        What::Corrected { .. } => "更正了内容".to_owned(),
        What::Noted { text } => said("备注", text),
        What::Urged => "催办".to_owned(),
        What::ClockSet { clock } => {
            let because = because_words(clock.because);
            format!("{}时限：{}前{because}", clock_words(clock.kind), moment(clock.due_at))
        }
        What::ClockRang { clock, rung, .. } => {
            format!("{}{}", clock_words(*clock), rung_words(*rung))
        }
        What::VerificationAsked { of } => format!("请{}现场核实", people(county, of, None)),
        What::Verified { real, text, media } => {
            let found = if *real { "现场核实属实" } else { "现场核实不属实" };
            with_photos(&said(found, text), media)
        }
        What::Assigned { to } => format!("交给{}办", to.name),
        What::HelpCalled { to, unit, part, required, .. } => {
            let must = if *required { "（必须完成）" } else { "" };
            said(&format!("请{}协办{must}", people(county, to, unit.as_deref())), part)
        }
        What::HelpTaken { no } => format!("接了第{no}项协办"),
        What::HelpDone { no, text, media } => {
            with_photos(&said(&format!("办好第{no}项协办"), text), media)
        }
        What::HelpReturned { no, reason } => said(&format!("退回第{no}项协办"), reason),
        What::HelpWaived { no } => format!("免去第{no}项协办"),
        What::HelpCancelled { no, because } => said(&format!("结束第{no}项协办"), because),
        What::Escalated { to, unit, .. } => {
            format!("提级给{}", people(county, to, unit.as_deref()))
        }
        What::Supervised { text } => said("督办", text),
        What::SupervisionAnswered { text } => said("回复督办", text),
        What::ExtensionAsked { minutes, reason } => {
            said(&format!("申请延期{}", span(*minutes)), reason)
        }
        What::ExtensionGranted { minutes } => format!("同意延期{}", span(*minutes)),
        What::ExtensionRefused { reason } => said("没有同意延期", reason),
        What::HandedOver { from, to, unit, .. } => {
            let to = match to.as_slice() {
                [] => "值班台".to_owned(),
                to => people(county, to, unit.as_deref()),
            };
            format!("把{}手上的转给{to}", from.name)
        }
        What::TookIn { number } => format!("{number}并进来一起办"),
        What::LetGo { number } => format!("{number}拆出去单独办"),
        What::MasterClosed { outcome, .. } => {
            format!("并在一起的那件办结（{}）", outcome_words(*outcome))
        }
        What::MasterReopened => "并在一起的那件重新办理".to_owned(),
        What::Told { channel } => told_words(channel).to_owned(),
        What::Called { result, note } => said(
            &format!("电话回访（{}）", call_words(*result)),
            note.as_deref().unwrap_or_default(),
        ),
    }
}

/// Somebody's words, if there are any, without numbers that are nobody else's business.
fn said(what: &str, words: &str) -> String {
    let words = private(words);
    if words.is_empty() { what.to_owned() } else { format!("{what}：{words}") }
}

fn private(text: &str) -> String {
    words::masked(text.trim()).text
}

fn with_photos(what: &str, media: &[Media]) -> String {
    match media.len() {
        0 => what.to_owned(),
        count => format!("{what}（附件{count}个）"),
    }
}

fn people(county: &County, people: &[Person], unit: Option<&str>) -> String {
    let names = people.iter().map(|person| person.name.as_str()).collect::<Vec<_>>().join("、");
    match unit.map(|code| county.unit(code).map_or(code, |unit| unit.name.as_str())) {
        Some(unit) if names.is_empty() => unit.to_owned(),
        Some(unit) => format!("{unit}（{names}）"),
        None => names,
    }
}

fn category<'a>(county: &'a County, code: &'a str) -> &'a str {
    county.category(code).map_or(code, |category| category.name.as_str())
}

fn area(county: &County, code: &str) -> String {
    let path = county.spoken_path(&AreaCode::from(code));
    if path.is_empty() { code.to_owned() } else { path }
}

fn moment(at: DateTime<Utc>) -> String {
    in_beijing(at).format("%-m月%-d日%-H:%M").to_string()
}

fn day(at: DateTime<Utc>) -> String {
    in_beijing(at).format("%-m月%-d日").to_string()
}

fn clock_words(kind: ClockKind) -> &'static str {
    match kind {
        ClockKind::Accept => "受理",
        ClockKind::Sign => "签收",
        ClockKind::Result => "办结",
        ClockKind::Redo => "重办",
        ClockKind::Check => "核查",
        ClockKind::Redispatch => "重新派单",
        ClockKind::Reply => "督办回复",
        ClockKind::Help => "协办",
    }
}

fn because_words(because: Because) -> &'static str {
    match because {
        Because::Begun => "",
        Because::CategoryChanged => "（分类变了）",
        Because::Extended => "（延期）",
        Because::PauseEnded => "（暂停的时间补上了）",
        Because::CalendarChanged => "（放假安排公布了）",
    }
}

fn rung_words(rung: Rung) -> &'static str {
    match rung {
        Rung::Silent => "开始计时",
        Rung::Warned => "快到期，已提醒",
        Rung::Late => "超期，已提醒",
        Rung::Escalated => "超期1个工作日",
        Rung::Supervised => "超期3个工作日",
    }
}

/// By which way a resident learnt of the result.
fn told_words(channel: &str) -> &'static str {
    match channel {
        "custom" => "办理结果已送达居民（客服消息）",
        "template" => "办理结果已送达居民（模板消息）",
        "subscription" => "办理结果已送达居民（订阅通知）",
        "sms" => "办理结果已用短信告知居民",
        UNTOLD => "一直联系不上居民，签收期限从现在算起",
        _ => "办理结果已告知居民",
    }
}

/// What came of a call.
pub fn call_words(result: CallResult) -> &'static str {
    match result {
        CallResult::Reached => "已接通",
        CallResult::NotAnswered => "没人接",
        CallResult::WrongNumber => "号码不对",
        CallResult::NoNumber => "没有电话",
    }
}

fn closed_words(kind: ClosedKind) -> &'static str {
    match kind {
        ClosedKind::Signed => "居民已签收",
        ClosedKind::Unsigned => "没有居民签收",
        ClosedKind::FinalAnswer => "终结答复",
    }
}

fn outcome_words(outcome: Outcome) -> &'static str {
    match outcome {
        Outcome::Solved => "已解决",
        Outcome::Partly => "部分解决",
        Outcome::Explained => "已解释",
        Outcome::Planned => "列入计划",
        Outcome::Referred => "转其他渠道",
        Outcome::Answered => "已答复",
        Outcome::Invalid => "无效",
    }
}

fn rating_words(rating: Rating) -> &'static str {
    match rating {
        Rating::VerySatisfied => "非常满意",
        Rating::Satisfied => "满意",
        Rating::FairlySatisfied => "基本满意",
        Rating::Dissatisfied => "不满意",
        Rating::VeryDissatisfied => "非常不满意",
    }
}

#[cfg(test)]
mod tests;
