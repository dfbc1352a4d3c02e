//! The lists by name, with how many there are in each.

use crate::{storage::Counts, ticket::Queue};
use serde::Serialize;

/// One list with its count.
#[derive(Serialize)]
pub(super) struct Entry {
    code: &'static str,
    words: &'static str,
    hint: &'static str,
    count: u64,
    /// Somebody at the desk has to do something about it.
    is_ours: bool,
    lamp: &'static str,
}

/// All lists, in the order of a day's work.
pub(super) fn entries(counts: &Counts) -> Vec<Entry> {
    let entry = |queue: Queue| {
        let (words, hint) = words_of(queue);
        let lamp = match queue {
            Queue::Late => "red",
            Queue::DueSoon => "yellow",
            _ => "",
        };
        let code = queue.code();
        Entry { code, words, hint, count: counts.of(queue), is_ours: is_ours(queue), lamp }
    };
    Queue::ALL.into_iter().map(entry).collect()
}

/// What waits in it waits for the desk.
fn is_ours(queue: Queue) -> bool {
    !matches!(
        queue,
        Queue::Asked | Queue::InHand | Queue::SignOff | Queue::PutOff | Queue::Mine | Queue::Live
    )
}

/// A list's name, and what is in it.
pub(super) fn words_of(queue: Queue) -> (&'static str, &'static str) {
    match queue {
        Queue::New => ("新诉求", "还没有人看过，请先受理。"),
        Queue::ToDispatch => ("待派单", "已经受理，还没有派给人。"),
        Queue::Returned => ("退单", "接单的人退了回来，请审核后重派。"),
        Queue::ToCheck => ("待核实", "办理结果已经报上来，请核实。"),
        Queue::Rejection => ("不予受理待复核", "有人建议不予受理，要由另一个人复核。"),
        Queue::Wishes => ("延期申请", "办理人申请延长时间。"),
        Queue::Late => ("已超时", "红灯：已经过了办理时限。"),
        Queue::DueSoon => ("快到期", "黄灯：剩下的时间不到四分之一。"),
        Queue::Dissatisfied => ("不满意", "居民没有满意：正在重办，或者 30 天内办结时评了不满意。"),
        Queue::Undeliverable => ("消息没送到", "该告诉的人没有收到，请打电话。"),
        Queue::Asked => ("等居民补充", "问了居民一个问题，还没有回。"),
        Queue::InHand => ("办理中", "已经派出去，在办理人手里。"),
        Queue::SignOff => ("等居民签收", "已经办完，等居民说是不是解决了。"),
        Queue::PutOff => ("列入计划", "约定了日期，到时候接着办。"),
        Queue::Mine => ("我经手的", "由您第一个受理、现在还没办完的。"),
        Queue::Live => ("全部在办", "所有还没结束的诉求。"),
    }
}

impl Entry {
    /// Nobody at the desk has to do anything about it.
    pub(super) fn is_quiet(&self) -> bool {
        !self.is_ours || self.count == 0
    }
}
