//! What happened to a matter, as the people concerned read it: dated steps in plain words.
//!
//! Pure. What only the desk has to know – remarks, proposals, returns, supervisions, dates as
//! such – is not among them, and numbers of telephones and papers are masked.

use crate::{
    county::{County, words::masked},
    ticket::{
        ClosedKind, Person, Rating,
        event::{Actor, Event, What},
    },
    web::console::words::when,
};
use chrono::{DateTime, Utc};
use serde::Serialize;

/// One step.
#[derive(Debug, PartialEq, Eq, Serialize)]
pub(super) struct Step {
    when: String,
    words: String,
    /// What was said with it.
    detail: Option<String>,
}

/// Who reads: the reporter is addressed, the others are told of the resident.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Reader {
    pub(super) is_reporter: bool,
    /// The words of a confidential matter are for whom it is about.
    pub(super) may_read: bool,
}

/// The steps, the latest first.
pub(super) fn steps(
    county: &County,
    events: &[Event],
    reader: Reader,
    now: DateTime<Utc>,
) -> Vec<Step> {
    let step = |event: &Event| {
        let (words, detail) = told(county, event, reader.is_reporter)?;
        let detail = detail.filter(|detail| reader.may_read && !detail.trim().is_empty());
        let detail = detail.map(|detail| masked(detail.trim()).text);
        Some(Step { when: when(event.at, now), words, detail })
    };
    events.iter().rev().filter_map(step).collect()
}

fn told(county: &County, event: &Event, is_reporter: bool) -> Option<(String, Option<String>)> {
    let resident = if is_reporter { "您" } else { "居民" };
    let by = match &event.by {
        Actor::Member(person) | Actor::Operator(person) => person.name.as_str(),
        Actor::Resident | Actor::System => "",
    };
    let plain = |words: &str| Some((words.to_owned(), None));
    let said = |words: String, detail: &str| Some((words, Some(detail.to_owned())));
    match &event.what {
        What::Submitted { .. } => plain(&format!("{resident}反映了这件事")),
        What::Accepted => plain("已受理"),
        What::Rejected { reason } => said("没有受理".to_owned(), reason),
        What::Appealed { text } => said(format!("{resident}请求再看一看"), text),
        What::Dispatched { to, unit, .. } => {
            plain(&format!("派给了{}", people(county, to, unit.as_deref())))
        }
        What::Escalated { to, unit, .. } => {
            plain(&format!("转到上一级：{}", people(county, to, unit.as_deref())))
        }
        What::HandedOver { to, unit, .. } if !to.is_empty() => {
            plain(&format!("换成{}来办", people(county, to, unit.as_deref())))
        }
        What::Assigned { to } => plain(&format!("交给{}办", to.name)),
        What::Taken { automatically: false } => plain(&format!("{by}接单了")),
        What::Asked { question } => said(format!("{by}想问{resident}"), question),
        What::InfoGiven { text } => said(format!("{resident}回答了"), text),
        What::Supplemented { text, .. } => {
            said(format!("{resident}补充了情况"), text.as_deref().unwrap_or_default())
        }
        What::Urged => plain(&format!("{resident}催了一次")),
        What::ResultSubmitted { .. } => plain(&format!("{by}说办好了")),
        What::SentBack { .. } => plain("核实后还要再办一次"),
        What::SignoffAsked => plain(&format!("请{resident}看看办好没有")),
        What::SignedOff { fully: true } => plain(&format!("{resident}确认：已解决")),
        What::SignedOff { fully: false } => plain(&format!("{resident}确认：基本解决")),
        What::Objected => plain(&format!("{resident}说还没解决")),
        What::Reworked { reason } => {
            said(format!("{resident}说没解决，再办一次"), reason.as_deref().unwrap_or_default())
        }
        What::Rated { rating, .. } => plain(&format!("{resident}评价：{}", grade(*rating))),
        What::Closed { kind: ClosedKind::Signed, .. } => plain("办结"),
        What::Closed { .. } | What::MasterClosed { .. } => plain("办结（没有等到签收）"),
        What::Reopened { reason } => said(format!("{resident}要求再办"), reason),
        What::Withdrawn { .. } => plain(&format!("{resident}撤回了")),
        What::Merged { .. } => plain("与另一件同样的事一起办"),
        What::Unmerged => plain("改为单独办理"),
        What::Suspended { reason, .. } => said("列入计划，晚些再办".to_owned(), reason),
        What::Resumed => plain("接着办了"),
        _ => None,
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

/// The words on the button and in the history.
pub(super) fn grade(rating: Rating) -> &'static str {
    match rating {
        Rating::VerySatisfied => "非常满意",
        Rating::Satisfied => "满意",
        Rating::FairlySatisfied => "基本满意",
        Rating::Dissatisfied => "不满意",
        Rating::VeryDissatisfied => "非常不满意",
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{county::Register, ticket::MemberId};
    use uuid::Uuid;

    fn event(by: Actor, what: What) -> Event {
        Event { at: DateTime::from_timestamp(1_772_413_200, 0).unwrap(), by, what }
    }

    fn read(events: &[Event], reader: Reader) -> Vec<Step> {
        let now = DateTime::from_timestamp(1_772_416_800, 0).unwrap();
        steps(&County::new(Register::default()), events, reader, now)
    }

    #[test]
    fn what_only_the_desk_has_to_know_is_no_step() {
        let desk =
            Actor::Operator(Person { id: MemberId(Uuid::nil()), name: "值班员".to_owned() });
        let events = [
            event(desk.clone(), What::Noted { text: "这人常来".to_owned() }),
            event(desk.clone(), What::RejectionProposed { reason: "不归我们".to_owned() }),
            event(desk.clone(), What::Declined { reason: "不想去".to_owned() }),
            event(desk, What::Supervised { text: "快办".to_owned() }),
        ];
        let everything = Reader { is_reporter: true, may_read: true };
        assert_eq!(read(&events, everything), []);
    }

    #[test]
    fn words_of_a_confidential_matter_are_left_out_and_private_numbers_are_masked() {
        let text = "我叫李四，电话13800138000".to_owned();
        let events = [event(Actor::Resident, What::InfoGiven { text })];
        let closed = read(&events, Reader { is_reporter: true, may_read: false });
        assert_eq!(closed[0].words, "您回答了");
        assert_eq!(closed[0].detail, None);
        let open = read(&events, Reader { is_reporter: false, may_read: true });
        assert_eq!(open[0].words, "居民回答了");
        assert!(!open[0].detail.as_ref().unwrap().contains("13800138000"));
    }
}
