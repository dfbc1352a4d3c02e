//! What people say beside the matter: questions about us, and words that tell nothing yet.
//!
//! Only whole messages count: 派出所几点上班 is a matter, 几点上班 is a question about us.

use super::{bare, is_no, is_yes};

/// A question that is about us and not about a matter.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::dialogue) enum Aside {
    /// 你是谁
    WhoAreYou,
    /// 电话多少, 几点上班
    HowToReach,
    /// 什么时候能好, 谁负责
    Progress,
    /// 为什么要问这个
    WhyAsk,
}

/// Longer messages are matters.
const ASIDE_CHARACTERS: usize = 14;

const WHO: &[&str] = &[
    "你是谁",
    "您是谁",
    "你是哪位",
    "你是干啥",
    "你是做什么",
    "你叫什么",
    "你叫啥",
    "你是机器人",
    "是机器人",
    "是人还是机器",
    "你是真人",
    "是真人",
    "你会什么",
    "你会干",
    "能干啥",
    "能干什么",
    "能做什么",
    "你能办",
    "管什么",
    "管啥",
    "这是什么",
    "这是啥",
    "这是干",
    "干什么用",
    "干啥用",
    "有什么用",
    "你们是谁",
    "你们是哪",
    "你们是干",
    "你们是什么",
    "哪个单位",
];

const REACH: &[&str] = &[
    "电话多少",
    "电话是多少",
    "电话号码",
    "电话几号",
    "什么电话",
    "有电话吗",
    "打什么电话",
    "打哪个电话",
    "几点上班",
    "几点下班",
    "上班吗",
    "上班时间",
    "什么时候上班",
    "几点开门",
    "几点关门",
    "值班电话",
    "怎么联系",
    "咋联系",
    "联系方式",
    "热线",
    "有没有人值班",
];

const PROGRESS: &[&str] = &[
    "什么时候能好",
    "啥时候能好",
    "什么时候好",
    "啥时候好",
    "多久能好",
    "几天能好",
    "什么时候来",
    "啥时候来",
    "多久能来",
    "几时来",
    "什么时候修",
    "啥时候修",
    "什么时候能修",
    "啥时候能修",
    "什么时候办",
    "啥时候办",
    "什么时候能办",
    "多久能办",
    "到哪一步",
    "到哪步",
    "哪一步了",
    "办到哪",
    "办得怎么样",
    "办的怎么样",
    "怎么样了",
    "咋样了",
    "有结果",
    "有消息",
    "有进展",
    "有信",
    "谁负责",
    "谁管",
    "谁来办",
    "谁办",
    "谁在办",
    "谁来修",
    "派谁",
    "有人管",
    "有人来",
    "怎么还没",
    "咋还没",
    "怎么没人",
    "咋没人",
    "处理了吗",
    "处理没",
    "解决了吗",
    "解决没",
    "办了吗",
    "办了没",
    "修了吗",
    "修了没",
    "好了吗",
    "好了没",
    "还要多久",
    "还得多久",
    "要等多久",
    "等多久",
    "能来人",
    "收到了吗",
    "收到没",
    "看到了吗",
];

const WHY: &[&str] = &[
    "为什么要问",
    "为什么问",
    "为啥问",
    "为啥要问",
    "问这个干",
    "问这干",
    "问这些",
    "问那么多",
    "你们不知道",
    "你不知道",
    "我问谁",
    "你问我",
    "为什么要",
    "凭什么",
    "干嘛要",
    "有必要",
];

/// The question about us that a message is.
pub(in crate::dialogue) fn aside(text: &str) -> Option<Aside> {
    let word = bare(text);
    if word.chars().count() > ASIDE_CHARACTERS {
        return None;
    }
    let word =
        word.trim_start_matches(['那', '我', '请', '问', '想', '的', '事', '这', '个', '件', '，']);
    let begins = |list: &[&str]| list.iter().any(|known| word.starts_with(known));
    let begins_after_you =
        |list: &[&str]| begins(list) || list.iter().any(|known| after_you(word).starts_with(known));
    if begins(WHO) || WHO.iter().any(|known| after_you(word) == *known) {
        Some(Aside::WhoAreYou)
    } else if begins_after_you(REACH) {
        Some(Aside::HowToReach)
    } else if begins(WHY) || begins_after_you(&["为什么", "为啥"]) && word.chars().count() <= 5
    {
        Some(Aside::WhyAsk)
    } else if begins_after_you(PROGRESS) {
        Some(Aside::Progress)
    } else {
        None
    }
}

/// The words behind those that only say whom they are about.
fn after_you(word: &str) -> &str {
    ["你们的", "你们", "你的", "你", "您的", "您", "到底", "现在", "上次", "修", "报", "路灯"]
        .iter()
        .fold(word, |rest, who| rest.strip_prefix(who).unwrap_or(rest))
}

/// Asks something.
pub(in crate::dialogue) fn is_question(text: &str) -> bool {
    let text = text.trim();
    text.ends_with(['?', '？', '吗', '呢', '么'])
        || [
            "怎么",
            "咋",
            "多少",
            "什么",
            "为啥",
            "哪",
            "几点",
            "谁",
            "如何",
            "多久",
            "能不能",
            "可不可以",
        ]
        .iter()
        .any(|word| text.contains(word))
}

/// Begins to speak without saying anything yet: 那个, 我跟你说个事, 好的.
pub(in crate::dialogue) fn says_nothing(text: &str) -> bool {
    const OPENINGS: &[&str] = &[
        "那个",
        "这个",
        "就是",
        "我说",
        "听我说",
        "跟你说",
        "我跟你说",
        "说个事",
        "问个事",
        "有个事",
        "有点事",
        "有件事",
        "有事",
        "有个问题",
        "问一下",
        "问问",
        "问你个事",
        "打听个事",
        "打听一下",
        "想问一下",
        "想问问",
        "想说个事",
        "想反映个问题",
        "想反映个事",
        "反映个问题",
        "反映个事",
        "反映一个问题",
        "帮帮忙",
        "帮个忙",
        "等一下",
        "等等",
        "等会",
        "稍等",
        "哦",
        "噢",
        "啊",
        "额",
        "呃",
        "嗯",
        "哈",
        "哈哈",
        "哈哈哈",
        "呵呵",
        "嘿嘿",
        "唉",
        "哎",
        "哎呀",
        "测试",
        "试试",
        "试一下",
        "test",
        "知道",
        "知道了",
        "明白",
        "明白了",
        "收到",
        "没有",
        "没事",
        "没什么",
        "没啥",
        "不用",
        "不用了",
        "接着说",
        "好久不见",
        "说话",
        "你说话",
        "说句话",
        "怎么不说话",
        "你怎么不说话",
        "人呢",
        "理我",
        "我爱你",
        "讲个笑话",
        "唱首歌",
        "晚安",
        "再见",
        "拜拜",
        "加油",
        "真棒",
        "来人",
        "到了",
        "来了",
        "出发",
        "在路上",
        "马上到",
        "已经到",
        "快到",
        "同志",
        "领导",
        "师傅",
        "小同志",
        "老师",
        "亲",
        "姑娘",
        "小伙子",
    ];
    let word = bare(text);
    let word = word.trim_end_matches(['吧', '了', '啊', '呀', '呢', '吗', '啦', '，']);
    let word = ["我跟你们", "我跟你", "跟你们", "跟你", "我想", "我要", "我", "想"]
        .iter()
        .find_map(|start| word.strip_prefix(start).filter(|rest| OPENINGS.contains(rest)))
        .unwrap_or(word);
    let is_grade = word.chars().count() <= 4
        && word.ends_with(['分', '星'])
        && word.starts_with(|c: char| "0123456789一二三四五六七八九十百零".contains(c));
    bare(text).chars().count() <= 1
        || OPENINGS.contains(&word)
        || OPENINGS.contains(&bare(text).as_str())
        || is_grade
        || is_yes(text)
        || is_no(text)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn questions_about_us_are_told_from_matters() {
        for (text, expected) in [
            ("你是谁", Aside::WhoAreYou),
            ("你们管什么", Aside::WhoAreYou),
            ("能干啥？", Aside::WhoAreYou),
            ("几点上班", Aside::HowToReach),
            ("你们电话多少", Aside::HowToReach),
            ("什么时候能好", Aside::Progress),
            ("到哪一步了", Aside::Progress),
            ("谁负责", Aside::Progress),
            ("我的事有人管吗", Aside::Progress),
            ("怎么还没人来", Aside::Progress),
            ("为什么要问这个", Aside::WhyAsk),
            ("你问我我问谁", Aside::WhyAsk),
        ] {
            assert_eq!(aside(text), Some(expected), "{text}");
        }
        for text in [
            "派出所几点上班",
            "村医电话多少",
            "医保怎么交",
            "垃圾没人管",
            "谁负责修村口那条路啊都烂了两年了",
            "路灯坏了",
            "王庄村",
            "低保什么时候发",
        ] {
            assert_eq!(aside(text), None, "{text}");
        }
    }

    #[test]
    fn openings_tell_nothing_and_matters_do() {
        for text in
            ["那个", "我跟你说个事", "有个事", "好的", "5分", "嗯", "没有", "哈哈", "我想问一下"]
        {
            assert!(says_nothing(text), "{text}");
        }
        for text in ["狗丢了", "停电", "没水", "想离婚", "路灯", "我家门口", "没人管"]
        {
            assert!(!says_nothing(text), "{text}");
        }
    }
}
