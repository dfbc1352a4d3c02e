//! What figures and their parts are called in Chinese.

use crate::{
    county::{AreaCode, County},
    rates::{Check, Count, Figure, Level, Rate, Slice},
    ticket::{Channel, Tier},
};

/// What a figure is called.
pub(super) fn figure(figure: Figure) -> &'static str {
    match figure {
        Figure::Rate(rate) => match rate {
            Rate::Acceptance => "受理率",
            Rate::Response => "按时响应率",
            Rate::Signing => "按时接单率",
            Rate::Completion => "办结率",
            Rate::CompletionDue => "办结率（已到期）",
            Rate::OnTime => "按时办结率",
            Rate::OnTimeFirst => "首次按时办结率",
            Rate::OnTimeRaw => "按时办结率（不计延期）",
            Rate::Solved => "解决率",
            Rate::Satisfaction => "满意率",
            Rate::SatisfactionFirst => "首次评价满意率",
            Rate::Participation => "评价参与率",
            Rate::Signoff => "签收率",
            Rate::Redo => "重办率",
            Rate::ReturnUpheld => "退单率",
            Rate::ReturnOverruled => "驳回退单率",
        },
        Figure::Count(count) => match count {
            Count::Received => "收到",
            Count::Accepted => "受理",
            Count::Completed => "办结",
            Count::Satisfied => "满意",
            Count::Rejected => "不予受理",
            Count::Merged => "并案",
            Count::WithdrawnEarly => "受理前撤回",
        },
        Figure::Level(level) => match level {
            Level::At(tier) => match tier {
                Tier::Grid => "网格办理",
                Tier::Village => "村办理",
                Tier::Community => "社区办理",
                Tier::Township => "乡镇办理",
                Tier::County => "县级办理",
            },
            Level::TownshipOrBelow => "乡镇及以下办理",
        },
        Figure::Check(check) => match check {
            Check::ClosedNearDue => "在期限前后一小时内办结",
            Check::WithoutPhoto => "应有照片而没有照片的办理结果",
            Check::SameDevice => "同一手机对同一单位评价超过5件",
            Check::RatedByStaff => "代评（不是群众本人评的）",
            Check::RatedByMember => "用工作人员的手机评价",
            Check::ClosedUnsigned => "群众没有签收而办结",
            Check::LateExtension => "时限只剩十分之一才申请延期",
            Check::WithdrawnAfterDispatch => "派单以后撤回",
        },
    }
}

/// A way in.
pub(super) fn channel(channel: Channel) -> &'static str {
    match channel {
        Channel::Wechat => "微信",
        Channel::Grid => "网格上报",
        Channel::Hotline => "热线电话",
        Channel::WalkIn => "来访",
        Channel::SpeakBox => "说事箱",
        Channel::Letterbox => "书记信箱",
        Channel::Reception => "接访日",
        Channel::Open311 => "公开接口",
        Channel::Api => "其他系统",
        Channel::Email => "电子邮件",
    }
}

fn tier(tier: Tier) -> &'static str {
    match tier {
        Tier::Grid => "网格",
        Tier::Village => "村",
        Tier::Community => "社区",
        Tier::Township => "乡镇",
        Tier::County => "县级单位",
    }
}

/// What a part is called; its code, where nobody knows it any more.
pub(super) fn part(county: &County, by: Slice, code: &str) -> String {
    let known = match by {
        Slice::All => Some("全部"),
        Slice::Unit if code.is_empty() => Some("没有派到单位"),
        Slice::Tier if code.is_empty() => Some("没有级别"),
        Slice::Unit => county.unit(code).map(|unit| unit.name.as_str()),
        Slice::Category => county.category(code).map(|category| category.name.as_str()),
        Slice::Channel => Channel::ALL.into_iter().find(|known| known.code() == code).map(channel),
        Slice::Tier => Tier::ALL.into_iter().find(|known| known.code() == code).map(tier),
    };
    known.unwrap_or(code).to_owned()
}

/// An area's name; its code, where nobody knows it any more.
pub(super) fn area(county: &County, code: &str) -> String {
    county
        .area(&AreaCode(code.to_owned()))
        .map_or_else(|| code.to_owned(), |area| area.name.clone())
}
