//! What moves, clocks, channels and refusals are called at the desk.

use crate::desk::DeskError;
use crate::ticket::lifecycle::{Move, Refused, Why};
use crate::ticket::{Channel, ClockKind, Lamp, Outcome, Rating};

/// What a page says about a move.
pub(super) struct Words {
    /// On the button.
    pub(super) does: &'static str,
    /// The letter that opens it.
    pub(super) key: &'static str,
    /// What it means, where the button does not say it all.
    pub(super) hint: &'static str,
}

/// The words of a move.
pub(super) fn of(wanted: Move) -> Words {
    let words = |does, key, hint| Words { does, key, hint };
    match wanted {
        Move::Accept => words("受理", "a", "居民马上知道已经受理，办理时限照常计算。"),
        Move::Dispatch => words("派单", "d", "选一个建议，或者写上姓名、单位。"),
        Move::AnswerAtOnce => words("直接答复", "r", "咨询类当场答复，答复后办结。"),
        Move::Ask => words("问居民", "q", "一次只问一件事；等回答时时限暂停，最多五天。"),
        Move::CancelQuestion => words("不用等回答了", "", "取消提问，继续往下办。"),
        Move::ApproveRejection => words("同意不予受理", "y", "居民会收到理由，可以申诉一次。"),
        Move::RefuseRejection => words("不同意，照常受理", "", "回到待受理。"),
        Move::UpholdReturn => words("同意退单", "u", "回到待派单，再派给别人。"),
        Move::OverruleReturn => words("驳回退单", "o", "退回原来的人，不能再退。"),
        Move::Pass => words("核实通过", "p", "请居民确认是否解决。"),
        Move::SendBack => words("退回重办", "b", "写清楚哪里还没办好。"),
        Move::GrantExtension => words("同意延期", "t", "每次最多三个工作日，最多三次。"),
        Move::RefuseExtension => words("不同意延期", "", "写明原因。"),
        Move::AnswerSupervision => words("回复督办", "", "书面说明原因和办结日期。"),
        Move::Resume => words("恢复办理", "g", "提前结束计划，继续办理。"),
        Move::AskVerification => words("请人现场核实", "v", "先请附近的人去看一看，不影响时限。"),
        Move::Verify => words("报告核实情况", "", "您被请去核实：看到了什么。"),
        Move::CallHelp => words("请人协办", "h", "主办不变；必须完成的协办没做完，不能报办结。"),
        Move::WaiveHelp => words("免去协办", "", "主办可以不等这一项。"),
        Move::Assign => words("指定办理人", "s", "换一个人来办，时限不变。"),
        Move::HandOver => words("转交", "z", "有人不在岗：他手上的转给别人。"),
        Move::Escalate => words("提级", "e", "上一级接手，原来的人继续协办，时限不变。"),
        Move::Suspend => words("列入计划", "l", "要有日期和理由；居民会知道。"),
        Move::Supervise => words("督办", "w", "经办人要在一个工作日内书面回复。"),
        Move::ProposeRejection => words("提议不予受理", "x", "要由另一位同事同意才算数。"),
        Move::FinalAnswer => words("终结答复", "f", "作为最终答复办结，居民可以向上一级反映。"),
        Move::Merge => words("并案", "m", "并入另一条一起办，居民仍收到进展。"),
        Move::Unmerge => words("拆开单办", "", "从并案里拆出来，单独办理。"),
        Move::Recategorise => words("改分类", "c", "时限按新分类重算，只会变长。"),
        Move::Locate => words("改地点", "k", "改到哪个乡镇、村，就由哪里看到和办理。"),
        Move::Note => words("备注", "n", "只有值班台看得到。"),
        Move::GiveInfo => words("代居民回答", "", "居民打电话或当面回答了提问。"),
        Move::Supplement => words("代居民补充", "", "居民打电话或当面补充的情况。"),
        Move::Reopen => words("代居民要求重办", "", "居民打电话或当面说没有解决。"),
        Move::Withdraw => words("代居民撤回", "", "居民打电话或当面说不办了。"),
    }
}

/// The way by which it came in.
pub(in super::super) fn channel(channel: Channel) -> &'static str {
    match channel {
        Channel::Wechat => "微信公众号",
        Channel::Grid => "网格上报",
        Channel::Hotline => "热线电话",
        Channel::WalkIn => "来访",
        Channel::SpeakBox => "说事箱",
        Channel::Letterbox => "书记信箱",
        Channel::Reception => "接待日",
        Channel::Open311 => "公开接口",
        Channel::Api => "其他系统",
        Channel::Email => "电子邮件",
    }
}

/// What a clock counts.
pub(super) fn clock(kind: ClockKind) -> &'static str {
    match kind {
        ClockKind::Accept => "受理",
        ClockKind::Sign => "签收",
        ClockKind::Result => "办结",
        ClockKind::Redo => "重办",
        ClockKind::Check => "核实",
        ClockKind::Redispatch => "重新派单",
        ClockKind::Reply => "督办回复",
        ClockKind::Help => "协办",
    }
}

/// A lamp as a class and as a word: colour is never alone.
pub(super) fn lamp(lamp: Lamp) -> (&'static str, &'static str) {
    match lamp {
        Lamp::Green => ("green", "正常"),
        Lamp::Yellow => ("yellow", "快到期"),
        Lamp::Red => ("red", "已超期"),
    }
}

/// How it ended.
pub(super) fn outcome(outcome: Outcome) -> &'static str {
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

/// What the resident thinks of it.
pub(super) fn rating(rating: Rating) -> &'static str {
    match rating {
        Rating::VerySatisfied => "非常满意",
        Rating::Satisfied => "满意",
        Rating::FairlySatisfied => "基本满意",
        Rating::Dissatisfied => "不满意",
        Rating::VeryDissatisfied => "非常不满意",
    }
}

/// Why something was not done, for whoever wanted it; none where it is no fault of theirs.
pub(in super::super) fn refusal(error: &DeskError) -> Option<String> {
    Some(match error {
        DeskError::Refused(refused) => why(refused),
        DeskError::NoMaster(number) => {
            format!("不能并入 {number}：没有这条、已经办结，或者就是它自己。")
        }
        DeskError::NobodyAbove(_) => "上面没有可以接手的人了。".to_owned(),
        DeskError::Unknown(_)
        | DeskError::Meanwhile { .. }
        | DeskError::Storage(_)
        | DeskError::Entry(_)
        | DeskError::NoCallOwed(_) => return None,
    })
}

fn why(refused: &Refused) -> String {
    match &refused.why {
        Why::NotFromHere => "现在的状态不能这样办。".to_owned(),
        Why::AlreadyTaken { by } => format!("已经由{}接单。", by.name),
        Why::AlreadySo => "已经是这样了，没有变化。".to_owned(),
        Why::NotYours => "这一步要由经办人自己来办。".to_owned(),
        Why::NeedsSecondPerson => "这一步要由另一位同事来办，不能自己办自己的。".to_owned(),
        Why::TooLate => "时间已经过了，或者日期不合适（要在今后一百八十天以内）。".to_owned(),
        Why::NeedsWords => "请写上文字说明。".to_owned(),
        Why::NeedsPhoto => "这类事要有照片。".to_owned(),
        Why::NeedsSomebody => "请写上派给谁。这些人已经在办，或者单位里没有人。".to_owned(),
        Why::NeedsHelpers { names } => format!("要等协办的{names}先办完。"),
        Why::LeadersToTake { leader } => format!("要由队长{}来接。", leader.name),
        Why::OftenEnough => "次数已经用完了。".to_owned(),
    }
}
