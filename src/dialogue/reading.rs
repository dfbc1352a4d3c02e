//! What short words mean: yes and no, global words, verdicts, grades, corrections. Pure.
//!
//! A global word counts only when it is the whole message, so that 取消低保怎么办 is a matter
//! and not a cancel.

use crate::ticket::Rating;

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
    Some(match word {
        "取消" | "不报" | "算" | "不说" | "退出" | "不弄" | "不反映" | "先不报" | "放弃" => {
            Global::Cancel
        }
        "返回" | "上一步" | "改一下" | "后退" | "退回去" => Global::Back,
        "帮助" | "怎么弄" | "怎么用" | "怎么操作" | "说明" | "help" | "?" | "？" => {
            Global::Help
        }
        "菜单" | "主菜单" | "首页" | "目录" => Global::Menu,
        "人工" | "找人" | "找人工" | "转人工" | "人工服务" | "人工客服" | "客服" | "我要找人" => {
            Global::Human
        }
        "查进度" | "进度" | "我的事" | "我的诉求" | "我的" | "查询" | "查一下" | "到哪"
        | "办得怎么样" | "我的工单" | "我报的事" => Global::Mine,
        "重新说" | "再说一遍" | "没听懂" | "你说什么" | "啥意思" | "什么意思" | "听不懂"
        | "看不懂" | "说什么" | "不明白" | "不懂" => Global::Again,
        "跳过" | "没有" | "不方便" | "不知道" | "无" | "没" | "不用" | "不想说" | "不留" => {
            Global::Skip
        }
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
        "你好" | "您好" | "在" | "在么" | "有人" | "hi" | "hello" | "早上好" | "晚上好"
        | "下午好" | "大家好" | "你们好" | "喂" | "嗨" => Global::Greeting,
        _ => return None,
    })
}

/// A yes, as people here say it.
pub(super) fn is_yes(text: &str) -> bool {
    let word = bare(text);
    let word = word.trim_end_matches(['的', '了', '吧', '啊', '呀', '嘞', '呢']);
    matches!(
        word,
        "好" | "行"
            | "嗯"
            | "嗯嗯"
            | "对"
            | "对对"
            | "中"
            | "ok"
            | "okay"
            | "是"
            | "可以"
            | "没错"
            | "提交"
            | "确认"
            | "确定"
            | "要得"
            | "成"
            | "没问题"
            | "好好"
            | "就这样"
            | "👍"
            | "👌"
            | "🆗"
            | "y"
            | "yes"
            | "报"
            | "交"
            | "/:strong"
            | "[强]"
            | "[ok]"
            | "/:ok"
            | "👍🏻"
            | "👍🏼"
            | "👍🏽"
            | "👍🏾"
            | "👍🏿"
            | "是我"
            | "我是"
    )
}

/// A no that says nothing else.
pub(super) fn is_no(text: &str) -> bool {
    let word = bare(text);
    let word = word.trim_end_matches(['了', '的', '啊', '呀', '吧']);
    matches!(
        word,
        "不" | "不对"
            | "错"
            | "不是"
            | "不行"
            | "有误"
            | "没对"
            | "搞错"
            | "弄错"
            | "说错"
            | "写错"
            | "不可以"
            | "no"
            | "👎"
            | "要改"
            | "改"
            | "修改"
            | "改一改"
    )
}

/// What a resident says of a result.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Verdict {
    Fully,
    Partly,
    Not,
}

/// Reads a verdict in words; digits are the caller's.
pub(super) fn verdict(text: &str) -> Option<Verdict> {
    const NOT: &[&str] = &[
        "没解决",
        "没有解决",
        "未解决",
        "不解决",
        "没修好",
        "没弄好",
        "没好",
        "没办",
        "还是不",
        "还是坏",
        "还没",
        "没人来",
        "又坏",
        "没修",
        "没处理",
        "没用",
        "根本没",
        "并没有",
    ];
    const PARTLY: &[&str] =
        &["基本解决", "差不多", "好多了", "好一些", "解决了一部分", "部分解决", "大体"];
    const FULLY: &[&str] = &[
        "已解决",
        "解决了",
        "修好了",
        "好了",
        "弄好了",
        "办好了",
        "可以了",
        "行了",
        "处理好了",
        "亮了",
        "通了",
    ];
    let word = bare(text);
    let has = |list: &[&str]| list.iter().any(|known| word.contains(known));
    if has(NOT) {
        Some(Verdict::Not)
    } else if has(PARTLY) {
        Some(Verdict::Partly)
    } else if has(FULLY) || word == "解决" {
        Some(Verdict::Fully)
    } else if matches!(word.as_str(), "没有" | "没") {
        Some(Verdict::Not)
    } else {
        None
    }
}

/// A grade in words.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Grade {
    /// Clear.
    Meant(Rating),
    /// To be confirmed first.
    Perhaps(Rating),
}

/// Reads a grade in words; digits 1 to 5 are the caller's.
pub(super) fn grade(text: &str) -> Option<Grade> {
    use Rating::{Dissatisfied, FairlySatisfied, Satisfied, VeryDissatisfied, VerySatisfied};
    // Longest first: 非常不满意 also contains 不满意 and 满意.
    const MEANT: &[(&str, Rating)] = &[
        ("非常不满意", VeryDissatisfied),
        ("很不满意", VeryDissatisfied),
        ("太差", VeryDissatisfied),
        ("基本满意", FairlySatisfied),
        ("比较满意", Satisfied),
        ("不太满意", Dissatisfied),
        ("不满意", Dissatisfied),
        ("非常满意", VerySatisfied),
        ("很满意", VerySatisfied),
        ("特别满意", VerySatisfied),
        ("五星", VerySatisfied),
        ("四星", Satisfied),
        ("三星", FairlySatisfied),
        ("二星", Dissatisfied),
        ("两星", Dissatisfied),
        ("一星", VeryDissatisfied),
        ("满意", Satisfied),
    ];
    const PERHAPS: &[(&str, Rating)] = &[
        ("一百分", VerySatisfied),
        ("100", VerySatisfied),
        ("满分", VerySatisfied),
        ("十分", VerySatisfied),
        ("还行", FairlySatisfied),
        ("还可以", FairlySatisfied),
        ("凑合", FairlySatisfied),
        ("一般", FairlySatisfied),
        ("马马虎虎", FairlySatisfied),
        ("挺好", VerySatisfied),
        ("很好", VerySatisfied),
        ("不错", Satisfied),
        ("不好", Dissatisfied),
        ("不行", Dissatisfied),
    ];
    let word = bare(text);
    let find = |list: &[(&str, Rating)]| {
        list.iter().find(|(known, _)| word.contains(known)).map(|(_, rating)| *rating)
    };
    if let Some(rating) = find(MEANT) {
        return Some(Grade::Meant(rating));
    }
    if word == "10" || word == "十" {
        return Some(Grade::Perhaps(VerySatisfied));
    }
    find(PERHAPS).map(Grade::Perhaps)
}

/// Satisfied, but it broke again: 满意是满意，就是又坏了.
pub(super) fn is_again_broken(text: &str) -> bool {
    ["又坏", "又不亮", "又漏", "又堵", "又停", "又出", "又没", "还是坏", "又不行"]
        .iter()
        .any(|w| text.contains(w))
}

/// A slot that a correction names.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum SlotName {
    Text,
    Place,
    Category,
    Contact,
    Photos,
}

/// A correction: which slot, if named, and the new words, if given.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Correction {
    pub(super) slot: Option<SlotName>,
    pub(super) value: Option<String>,
}

/// Reads 不对，是… / 地点写错了 / 改成….
pub(super) fn correction(text: &str) -> Option<Correction> {
    let word = text.trim();
    let slot = [
        ("地点", SlotName::Place),
        ("地方", SlotName::Place),
        ("位置", SlotName::Place),
        ("地址", SlotName::Place),
        ("类别", SlotName::Category),
        ("分类", SlotName::Category),
        ("类型", SlotName::Category),
        ("电话", SlotName::Contact),
        ("号码", SlotName::Contact),
        ("手机", SlotName::Contact),
        ("照片", SlotName::Photos),
        ("图片", SlotName::Photos),
        ("事情", SlotName::Text),
        ("内容", SlotName::Text),
    ]
    .iter()
    .find(|(name, _)| word.starts_with(name))
    .map(|(_, slot)| *slot);
    let names_mistake =
        ["错了", "不对", "写错", "说错", "弄错", "搞错"].iter().any(|w| word.contains(w));
    for sign in [
        "改成",
        "改为",
        "应该是",
        "应是",
        "不对，是",
        "不对,是",
        "不对是",
        "错了，是",
        "错了,是",
        "错了是",
    ] {
        if let Some((_, value)) = word.split_once(sign) {
            let value = bare(value);
            return Some(Correction { slot, value: (!value.is_empty()).then_some(value) });
        }
    }
    if slot.is_some() && names_mistake && word.chars().count() <= 12 {
        return Some(Correction { slot, value: None });
    }
    for sign in ["不对", "错了", "不是"] {
        if let Some(value) = word.strip_prefix(sign) {
            let value = bare(value);
            let value = value.strip_prefix('是').unwrap_or(&value).to_owned();
            if value.chars().count() >= 2 {
                return Some(Correction { slot, value: Some(value) });
            }
        }
    }
    None
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
    fn the_longest_grade_in_a_sentence_counts() {
        assert_eq!(grade("非常不满意"), Some(Grade::Meant(Rating::VeryDissatisfied)));
        assert_eq!(grade("不满意"), Some(Grade::Meant(Rating::Dissatisfied)));
        assert_eq!(grade("我很满意，谢谢"), Some(Grade::Meant(Rating::VerySatisfied)));
        assert_eq!(grade("还行吧"), Some(Grade::Perhaps(Rating::FairlySatisfied)));
        assert_eq!(grade("10"), Some(Grade::Perhaps(Rating::VerySatisfied)));
        assert_eq!(grade("路灯"), None);
    }

    #[test]
    fn a_no_wins_over_a_yes_in_a_verdict() {
        assert_eq!(verdict("没解决"), Some(Verdict::Not));
        assert_eq!(verdict("说是好了其实还是不亮"), Some(Verdict::Not));
        assert_eq!(verdict("修好了，谢谢"), Some(Verdict::Fully));
        assert_eq!(verdict("基本解决了"), Some(Verdict::Partly));
        assert_eq!(verdict("我家门口有条狗"), None);
    }

    #[test]
    fn a_correction_names_its_slot_or_only_the_new_value() {
        let place = correction("地点写错了").unwrap();
        assert_eq!(place, Correction { slot: Some(SlotName::Place), value: None });
        let value = correction("不对，是李家村").unwrap();
        assert_eq!(value, Correction { slot: None, value: Some("李家村".into()) });
        let both = correction("地点改成东关村村口").unwrap();
        assert_eq!(
            both,
            Correction { slot: Some(SlotName::Place), value: Some("东关村村口".into()) }
        );
        assert_eq!(correction("不对"), None);
        assert_eq!(correction("路灯坏了"), None);
    }

    #[test]
    fn taking_back_a_ticket_is_told_from_losing_a_benefit() {
        assert!(wants_withdrawal("我要取消上次报的路灯"));
        assert!(!wants_withdrawal("取消低保怎么办"));
    }
}
