//! Yes and no, as people here say them.
//!
//! A yes is taken apart rather than looked up, because people join them: 好的谢谢, 对对对, 是，就这样.

use super::bare;

/// Each is a yes by itself; longer ones before those that they begin with.
const YES: &[&str] = &[
    "没问题",
    "没毛病",
    "没错",
    "就这样",
    "就这么着",
    "我同意",
    "同意",
    "可以",
    "提交",
    "确认",
    "确定",
    "要得",
    "妥妥",
    "妥",
    "okay",
    "ok",
    "yes",
    "y",
    "好",
    "行",
    "嗯",
    "恩",
    "对",
    "中",
    "是",
    "成",
    "得",
    "报",
    "交",
    "👍",
    "👌",
    "🆗",
    "✅",
    "/:strong",
    "/:ok",
    "[强]",
    "[ok]",
    "[好的]",
    "[握手]",
];

/// Stands around a yes and says nothing.
const PADDING: &[&str] = &[
    "谢谢", "多谢", "麻烦", "辛苦", "你们", "您", "你", "我", "都", "就", "那", "的", "了", "吧",
    "啊", "呀", "嘞", "呢", "哦", "噢", "哈", "啦", "滴", "咯", "上去", "一下", "给", "选", "🏻",
    "🏼", "🏽", "🏾", "🏿", "\u{fe0f}",
];

/// Nobody says yes at greater length.
const YES_CHARACTERS: usize = 12;

/// A yes that says nothing else.
pub(in crate::dialogue) fn is_yes(text: &str) -> bool {
    let word: String = bare(text)
        .chars()
        .filter(|c| !c.is_whitespace() && !"，,。.！!、~～".contains(*c))
        .collect();
    if word.chars().count() > YES_CHARACTERS {
        return false;
    }
    let mut rest = word.as_str();
    let mut is_said = false;
    while !rest.is_empty() {
        if let Some(after) = YES.iter().find_map(|yes| rest.strip_prefix(yes)) {
            is_said = true;
            rest = after;
        } else if let Some(after) = PADDING.iter().find_map(|word| rest.strip_prefix(word)) {
            rest = after;
        } else {
            return false;
        }
    }
    is_said
}

/// A no that says nothing else.
pub(in crate::dialogue) fn is_no(text: &str) -> bool {
    let word = bare(text);
    let word = word.trim_end_matches(['了', '的', '啊', '呀', '吧', '呢']);
    let word = word.strip_prefix('我').unwrap_or(word);
    matches!(
        word,
        "不" | "不不"
            | "不不不"
            | "不对"
            | "不太对"
            | "不对不对"
            | "错"
            | "不是"
            | "不是这样"
            | "不行"
            | "有误"
            | "没对"
            | "搞错"
            | "弄错"
            | "说错"
            | "写错"
            | "记错"
            | "你记错"
            | "不可以"
            | "不好"
            | "不要"
            | "不同意"
            | "别"
            | "no"
            | "👎"
            | "/:weak"
            | "[弱]"
            | "要改"
            | "改"
            | "修改"
            | "改改"
            | "改一改"
            | "改一下"
            | "要改一下"
            | "要改一改"
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_yes_may_be_said_twice_and_with_thanks() {
        for text in [
            "好",
            "行",
            "嗯嗯",
            "对对对",
            "中",
            "OK",
            "👍🏻",
            "是的",
            "没错",
            "好的谢谢",
            "可以可以",
            "都对",
            "是，就这样",
            "提交吧",
            "交了吧",
            "好嘞",
            "就报吧",
            "没问题。",
            "那好吧",
            "对的对的",
            "我选提交",
        ] {
            assert!(is_yes(text), "{text}");
        }
    }

    #[test]
    fn a_sentence_with_a_yes_in_it_is_none() {
        for text in [
            "不是",
            "不行",
            "好多了",
            "是吗",
            "行不行",
            "对面的灯坏了",
            "好像没来",
            "中午停电",
            "是李家村",
            "报警了没",
            "谢谢",
            "那个",
            "交电费",
            "成天吵架",
            "得病了",
        ] {
            assert!(!is_yes(text), "{text}");
        }
    }
}
