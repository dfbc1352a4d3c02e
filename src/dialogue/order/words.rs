//! The words of orders, as tables: what may follow each, and which order it is.
//!
//! Deliberately absent: orders whose words have an order of their own (names, days, numbers), which
//! [`super::beside`] reads.

use super::Order;

/// What may follow the word of an order.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Follows {
    /// Nothing but a ticket.
    Nothing,
    /// Words behind a blank or a sign.
    Words,
    /// Words, also without a blank.
    JoinedWords,
}

/// The word of an order, what may follow it, and the order with those words.
pub(super) type Word = (&'static str, Follows, fn(Option<String>) -> Order);

/// Longer words first: 不予受理 also ends in 受理.
pub(super) const MEMBER_WORDS: &[Word] = &[
    ("收到接单", Follows::Nothing, |_| Order::Take),
    ("我来接单", Follows::Nothing, |_| Order::Take),
    ("我接单", Follows::Nothing, |_| Order::Take),
    ("我来接", Follows::Nothing, |_| Order::Take),
    ("我接", Follows::Nothing, |_| Order::Take),
    ("接单", Follows::Nothing, |_| Order::Take),
    ("接了", Follows::Nothing, |_| Order::Take),
    ("我马上去", Follows::Nothing, |_| Order::Take),
    ("马上去", Follows::Nothing, |_| Order::Take),
    ("这就去", Follows::Nothing, |_| Order::Take),
    ("我能去", Follows::Nothing, |_| Order::Take),
    ("能去", Follows::Nothing, |_| Order::Take),
    ("我去", Follows::Nothing, |_| Order::Take),
    ("我来", Follows::Nothing, |_| Order::Take),
    ("我加入", Follows::Nothing, |_| Order::Join),
    ("加入", Follows::Nothing, |_| Order::Join),
    ("我也去", Follows::Nothing, |_| Order::Join),
    ("我也来", Follows::Nothing, |_| Order::Join),
    ("一起去", Follows::Nothing, |_| Order::Join),
    ("去不了", Follows::Words, |reason| Order::Decline { reason }),
    ("退单", Follows::Words, |reason| Order::Decline { reason }),
    ("已办结", Follows::Words, |text| Order::Finish { text }),
    ("办结", Follows::JoinedWords, |text| Order::Finish { text }),
    ("办好了", Follows::Words, |text| Order::Finish { text }),
    ("修好了", Follows::Words, |text| Order::Finish { text }),
    ("弄好了", Follows::Words, |text| Order::Finish { text }),
    ("处理好了", Follows::Words, |text| Order::Finish { text }),
    ("完成了", Follows::Words, |text| Order::Finish { text }),
    ("完成", Follows::Words, |text| Order::Finish { text }),
    ("问居民", Follows::JoinedWords, |question| Order::AskResident { question }),
    ("备注", Follows::JoinedWords, |text| Order::Note { text }),
    ("情况不属实", Follows::JoinedWords, |text| Order::Verify { real: false, text }),
    ("核实不属实", Follows::JoinedWords, |text| Order::Verify { real: false, text }),
    ("不属实", Follows::JoinedWords, |text| Order::Verify { real: false, text }),
    ("不是真的", Follows::JoinedWords, |text| Order::Verify { real: false, text }),
    ("情况属实", Follows::JoinedWords, |text| Order::Verify { real: true, text }),
    ("核实属实", Follows::JoinedWords, |text| Order::Verify { real: true, text }),
    ("属实", Follows::JoinedWords, |text| Order::Verify { real: true, text }),
    ("是真的", Follows::JoinedWords, |text| Order::Verify { real: true, text }),
    ("督办回复", Follows::JoinedWords, |text| Order::AnswerSupervision { text }),
    ("回复督办", Follows::JoinedWords, |text| Order::AnswerSupervision { text }),
    ("说明", Follows::JoinedWords, |text| Order::AnswerSupervision { text }),
    ("提级", Follows::Words, |reason| Order::Escalate { reason }),
    ("期限", Follows::Nothing, |_| Order::Explain),
    ("怎么算的", Follows::Nothing, |_| Order::Explain),
    ("期限怎么算的", Follows::Nothing, |_| Order::Explain),
];

/// What who leads a team may say too: the check of a result.
pub(super) const LEADER_WORDS: &[Word] = &[
    ("核实通过", Follows::Nothing, |_| Order::Pass),
    ("通过", Follows::Nothing, |_| Order::Pass),
    ("退回", Follows::JoinedWords, |reason| Order::SendBack { reason }),
];

pub(super) const OPERATOR_WORDS: &[Word] = &[
    ("按建议派单", Follows::Nothing, |_| Order::Suggested { place: 1 }),
    ("按建议派", Follows::Nothing, |_| Order::Suggested { place: 1 }),
    ("按建议", Follows::Nothing, |_| Order::Suggested { place: 1 }),
    ("同意不予受理", Follows::Nothing, |_| Order::Approve),
    ("不同意延期", Follows::JoinedWords, |reason| Order::RefuseExtension { reason }),
    ("同意延期", Follows::Nothing, |_| Order::GrantExtension),
    ("同意退单", Follows::Nothing, |_| Order::Uphold),
    ("驳回退单", Follows::Nothing, |_| Order::Overrule),
    ("驳回延期", Follows::JoinedWords, |reason| Order::RefuseExtension { reason }),
    ("不予受理", Follows::JoinedWords, |reason| Order::Reject { reason }),
    ("同意", Follows::Nothing, |_| Order::Approve),
    ("驳回", Follows::Nothing, |_| Order::Overrule),
    ("受理", Follows::Nothing, |_| Order::Accept),
    ("核实通过", Follows::Nothing, |_| Order::Pass),
    ("通过", Follows::Nothing, |_| Order::Pass),
    ("退回", Follows::JoinedWords, |reason| Order::SendBack { reason }),
    ("答复", Follows::JoinedWords, |text| Order::Answer { text }),
    ("督办", Follows::Words, |text| Order::Supervise { text }),
    ("免协办", Follows::Nothing, |_| Order::WaiveHelp),
    ("改分类", Follows::JoinedWords, |name| Order::Recategorise { name }),
    ("改类别", Follows::JoinedWords, |name| Order::Recategorise { name }),
];

pub(super) const DISPATCH_WORDS: &[&str] = &["派单给", "派给", "派单", "派"];

/// Words that a resident also begins a sentence with; they need a ticket to be an order.
pub(super) const EVERYDAY_WORDS: &[&str] = &[
    "办好了",
    "修好了",
    "弄好了",
    "处理好了",
    "完成了",
    "完成",
    "退单",
    "去不了",
    "我马上去",
    "马上去",
    "这就去",
    "我能去",
    "能去",
    "我去",
    "我来",
    "我加入",
    "我也去",
    "我也来",
    "一起去",
    "情况不属实",
    "核实不属实",
    "不属实",
    "不是真的",
    "情况属实",
    "核实属实",
    "属实",
    "是真的",
    "说明",
    "期限",
    "怎么算的",
    "期限怎么算的",
];
