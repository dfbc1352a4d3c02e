//! Why something was not done with a ticket, for people at the desk, and what they can do.

use super::words;
use crate::{
    desk::DeskError,
    telemetry::Chain,
    ticket::lifecycle::{Refused, Why},
};

/// Why it was not done, in one sentence.
pub(super) fn words(error: &DeskError) -> String {
    match error {
        DeskError::Unknown(number) => format!("没有 {number} 这条诉求。"),
        DeskError::NoMaster(number) => {
            format!("不能并入 {number}：它已经结束，或者就是这一条。")
        }
        DeskError::NobodyAbove(_) => "已经在最高一级，上面没有人可以接。".to_owned(),
        DeskError::Nobody(name) => {
            format!("人员和单位里都没有“{name}”，请核对名字。")
        }
        DeskError::Meanwhile { first, .. } => {
            format!("别人先动过了：{first}。请打开看过最新情况再办。")
        }
        DeskError::Refused(refused) => refusal(refused),
        DeskError::Entry(_) => "填写的内容不完整。".to_owned(),
        DeskError::NoCallOwed(_) => "这条诉求不需要电话回访。".to_owned(),
        DeskError::Storage(error) => {
            tracing::error!(error = %Chain(error), "an action at the desk failed");
            "系统出错，没有办成，请稍等一分钟再试。".to_owned()
        }
    }
}

fn refusal(refused: &Refused) -> String {
    let stage = words::stage(refused.from);
    match &refused.why {
        Why::NotFromHere => format!("它现在是“{stage}”，这一步办不了。"),
        Why::AlreadyTaken { by } => format!("{}已经接了。", by.name),
        Why::AlreadySo => "已经是这样了，不用再办。".to_owned(),
        Why::NotYours => "这一步要由接单的人来办。".to_owned(),
        Why::NeedsSecondPerson => "这一步要由另一个人来办。".to_owned(),
        Why::TooLate => "时间已过，办不了。".to_owned(),
        Why::NeedsWords => "请写几个字说明。".to_owned(),
        Why::NeedsPhoto => "这类事要有照片。".to_owned(),
        Why::NeedsSomebody => "没有写明派给谁，或者那里没有人。".to_owned(),
        Why::NeedsHelpers { names } => format!("{names}的协办还没有办完。"),
        Why::LeadersToTake { leader } => format!("要由{}统一接单。", leader.name),
        Why::OftenEnough => "次数已经用完。".to_owned(),
    }
}
