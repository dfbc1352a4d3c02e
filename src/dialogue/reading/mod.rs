//! What short words mean: global words here; yes and no, verdicts and grades, corrections, and asides
//! in the files below. Pure.
//!
//! A global word counts only when it is the whole message, so that 取消低保怎么办 is a matter
//! and not a cancel.

mod aside;
mod assent;
mod correction;
mod verdict;

pub(super) use aside::{Aside, aside, is_question, says_nothing};
pub(super) use assent::{is_no, is_yes};
pub(super) use correction::{SlotName, correction};
pub(super) use verdict::{Grade, Verdict, declines_rating, grade, is_again_broken, verdict};

/// A word that means the same everywhere.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Global {
    Cancel,
    Back,
    Help,
    Menu,
    Human,
    Mine,
    Again,
    Skip,
    Report,
    Guide,
    Volunteer,
    Supplement,
    Urge,
    Withdraw,
    Thanks,
    Greeting,
    /// 通知设置
    Notices,
}

/// Longer messages are matters, not commands.
const GLOBAL_CHARACTERS: usize = 8;

/// A message without its blanks and the signs at its ends.
pub(super) fn bare(text: &str) -> String {
    const SIGNS: &[char] = &[
        '。', '.', '，', ',', '！', '!', '~', '～', '、', '…', ';', '；', '"', '“', '”', '\'', '‘',
        '’', '（', '）', '(', ')', '【', '】', '：', ':',
    ];
    text.trim().trim_matches(SIGNS).trim().to_lowercase()
}

/// The global word that a message is, if it is one.
pub(super) fn global(text: &str) -> Option<Global> {
    let word = bare(text);
    let word = word.trim_end_matches(['吧', '了', '啊', '呀', '呢', '吗', '啦']);
    if word.is_empty() || word.chars().count() > GLOBAL_CHARACTERS {
        return None;
    }
    if word.starts_with("谢谢") || word.starts_with("感谢") {
        return Some(Global::Thanks);
    }
    Some(match word {
        "取消" | "不报" | "算" | "不说" | "退出" | "不弄" | "不反映" | "先不报" | "放弃" => {
            Global::Cancel
        }
        "返回" | "上一步" | "改一下" | "后退" | "重来" | "重新来" | "从头来" | "重新报"
        | "退回去" => Global::Back,
        "帮助" | "怎么弄" | "怎么用" | "怎么操作" | "说明" | "help" | "?" | "？" => {
            Global::Help
        }
        "通知设置" | "消息设置" | "提醒设置" | "设置通知" | "少发点消息" | "别老发消息" => {
            Global::Notices
        }
        "菜单" | "主菜单" | "首页" | "目录" => Global::Menu,
        "人工" | "找人" | "找人工" | "转人工" | "人工服务" | "人工客服" | "客服" | "我要找人"
        | "找个活人" | "活人" | "真人" | "找真人" | "转真人" | "我要人工" | "打电话" | "找个人" => {
            Global::Human
        }
        "查进度" | "进度" | "我的事" | "我的诉求" | "我的" | "查询" | "查一下" | "到哪"
        | "办得怎么样" | "我的工单" | "我报的事" => Global::Mine,
        "重新说" | "再说一遍" | "没听懂" | "你说什么" | "啥意思" | "什么意思" | "听不懂"
        | "看不懂" | "说什么" | "不明白" | "不懂" => Global::Again,
        "跳过" | "随便" | "都行" | "哪都行" | "没有" | "不方便" | "不知道" | "无" | "没"
        | "不用" | "不想说" | "不留" => Global::Skip,
        "我要反映" | "反映" | "我要报事" | "报事" | "我要反映问题" | "反映问题" | "我要上报"
        | "上报" | "我要报修" | "报修" | "我要投诉" | "投诉" | "我要举报" | "举报" | "我有事" => {
            Global::Report
        }
        "办事指南" | "指南" | "办事" => Global::Guide,
        "志愿服务" | "志愿" | "志愿者" => Global::Volunteer,
        "补充" | "我要补充" | "补充一下" => Global::Supplement,
        "催办" | "催一下" | "催" | "催催" | "催一催" | "我要催办" | "怎么还没办" | "怎么还没来"
        | "怎么还没好" => Global::Urge,
        "撤回" | "撤销" | "我要撤回" | "撤单" | "不用办" => Global::Withdraw,
        "谢谢" | "多谢" | "感谢" | "谢谢你" | "谢谢您" | "辛苦" | "麻烦" | "非常感谢" | "谢" => {
            Global::Thanks
        }
        "你好" | "您好" | "在" | "在么" | "在不在" | "有人在" | "早" | "你好啊" | "您好啊"
        | "有人" | "hi" | "hello" | "早上好" | "晚上好" | "下午好" | "大家好" | "你们好" | "喂"
        | "嗨" => Global::Greeting,
        _ => return None,
    })
}

/// A wish to take back an earlier ticket, in a sentence: 我要取消上次报的路灯.
pub(super) fn wants_withdrawal(text: &str) -> bool {
    let asks = ["取消", "撤回", "撤销", "不用办"].iter().any(|word| text.contains(word));
    let names =
        ["上次", "报的", "那件", "那个事", "之前", "昨天", "前天", "刚才", "反映的", "LX", "lx"]
            .iter()
            .any(|word| text.contains(word));
    asks && names && text.chars().count() <= 24
}

/// A word that points back at the place of an earlier ticket.
pub(super) fn is_old_place(text: &str) -> bool {
    let word = bare(text);
    [
        "老地方",
        "上次那儿",
        "上次那里",
        "上回那个地方",
        "还是那儿",
        "还是那里",
        "同上次",
        "跟上次一样",
        "上次的地方",
    ]
    .iter()
    .any(|known| word.contains(known))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_sentence_that_begins_with_a_command_is_a_matter() {
        for text in ["取消低保怎么办", "帮助我找一下村医好吗我走不动", "返回的大巴没有了怎么回村"]
        {
            assert_eq!(global(text), None, "{text}");
        }
        assert_eq!(global("取消吧。"), Some(Global::Cancel));
        assert_eq!(global("算了"), Some(Global::Cancel));
    }

    #[test]
    fn taking_back_a_ticket_is_told_from_losing_a_benefit() {
        assert!(wants_withdrawal("我要取消上次报的路灯"));
        assert!(!wants_withdrawal("取消低保怎么办"));
    }
}
