//! What a text says by itself, whatever it is about: is it words at all, which number does it
//! choose, is somebody in danger, does it hold private numbers.
//!
//! Every function is total and judges one text alone. Deliberately absent: what the text is about
//! ([`super::guess`]) and where ([`super::gazetteer`]), and what to answer.

mod choice;
mod danger;
mod private;

pub use choice::{number_choice, several_choices};
pub use danger::{Emergency, emergency};
pub use private::{Masked, PrivateNumber, is_callable, masked, phone_in};

use regex::Regex;
use std::sync::LazyLock;

/// The same text with full-width letters, digits and signs made ordinary, sign for sign, so that
/// positions stay the same.
pub(super) fn half_width(text: &str) -> Vec<char> {
    text.chars()
        .map(|c| match c {
            '\u{3000}' => ' ',
            // The full-width block repeats ASCII at a constant distance.
            '\u{ff01}'..='\u{ff5e}' => {
                char::from_u32(u32::from(c) - 0xfee0).unwrap_or(c).to_ascii_lowercase()
            }
            c => c.to_ascii_lowercase(),
        })
        .collect()
}

/// The value of a Chinese or ordinary digit.
pub(super) fn digit(c: char) -> Option<u32> {
    Some(match c {
        '〇' | '零' => 0,
        '一' | '壹' => 1,
        '二' | '两' | '贰' => 2,
        '三' | '叁' => 3,
        '四' | '肆' => 4,
        '五' | '伍' => 5,
        '六' | '陆' => 6,
        '七' | '柒' => 7,
        '八' | '捌' => 8,
        '九' | '玖' => 9,
        c => return c.to_digit(10),
    })
}

/// The number that a run of digits or of Chinese numerals below one hundred says.
pub(super) fn numeral(signs: &[char]) -> Option<u32> {
    if signs.is_empty() || signs.len() > 3 {
        return None;
    }
    let Some(ten) = signs.iter().position(|c| *c == '十') else {
        return signs.iter().try_fold(0, |number, c| Some(number * 10 + digit(*c)?));
    };
    let tens = match signs.get(..ten)? {
        [] => 1,
        [c] => digit(*c)?,
        _ => return None,
    };
    let ones = match signs.get(ten + 1..)? {
        [] => 0,
        [c] => digit(*c)?,
        _ => return None,
    };
    Some(tens * 10 + ones)
}

/// How the platform writes its own emoticons: `/:rose`, `/::)`, and names in brackets.
static EMOTICON: LazyLock<Option<Regex>> = LazyLock::new(|| {
    Regex::new(concat!(
        r"/:[a-z@]+|/:{1,2}[^\p{Han}\s/]{1,8}|",
        r"\[(?:微笑|撇嘴|色|发呆|得意|流泪|害羞|闭嘴|睡|大哭|尴尬|发怒|调皮|呲牙|惊讶|难过|囧|抓狂|吐|",
        r"偷笑|愉快|白眼|傲慢|困|惊恐|憨笑|悠闲|咒骂|疑问|嘘|晕|衰|骷髅|敲打|再见|擦汗|抠鼻|鼓掌|坏笑|",
        r"右哼哼|鄙视|委屈|快哭了|阴险|亲亲|可怜|笑脸|生病|脸红|破涕为笑|恐惧|失望|无语|嘿哈|捂脸|奸笑|",
        r"机智|皱眉|耶|吃瓜|加油|汗|天啊|emm|社会社会|旺柴|好的|打脸|哇|翻白眼|666|让我看看|叹气|苦涩|",
        r"裂开|嘴唇|爱心|心碎|拥抱|强|弱|握手|胜利|抱拳|勾引|拳头|ok|合十|啤酒|咖啡|蛋糕|玫瑰|凋谢|",
        r"菜刀|炸弹|便便|月亮|太阳|庆祝|礼物|红包|發|福|烟花|爆竹|猪头|跳跳|发抖|转圈)\]",
    ))
    .ok()
});

/// Whether a text holds anything to read: not only signs, emoji or the platform's emoticons.
pub fn has_words(text: &str) -> bool {
    let text: String = half_width(text).into_iter().collect();
    let text = match EMOTICON.as_ref() {
        Some(emoticon) => emoticon.replace_all(&text, ""),
        None => text.into(),
    };
    // A keycap emoji such as 1️⃣ is a digit to the standard, and a choice to whoever sends it.
    text.chars().any(char::is_alphanumeric)
}

/// Longest first where one begins with another.
const INSULTS: &str = "操你妈 草你妈 日你妈 去你妈的 去你妈 他妈的 你妈的 他娘的 草泥马 妈的 王八犊子 王八蛋 \
    龟孙 混蛋 混账 狗日的 狗东西 狗屁 放屁 傻逼 傻b 傻x 煞笔 沙比 sb 脑残 白痴 神经病 废物 \
    饭桶 畜生 不要脸 不是东西 不是人 吃干饭的 吃屎 真垃圾 都是垃圾 垃圾玩意 骗子 滚犊子 \
    滚蛋 去死 操蛋 滚 操 草 呸 tmd cnm nmd";

/// What stands around an insult and says nothing.
const PADDING: &str = "你们这帮 你们这些 你们这群 这帮 这些 这群 你们 他们 人家 政府 当官的 当官 客服 机器人 \
    平台 公众号 什么 东西 玩意儿 玩意 就是 都是 全是 真是 简直 一帮 一群 一伙 个个 死 你 我 \
    他 真 太 的 了 啊 吧 呢 吗 们 个 都 是 这 那 就 全 给 哈 呵 啥";

/// Whether a text only scolds. A matter beside the insult makes it a matter.
pub fn is_insult_only(text: &str) -> bool {
    let mut rest: String = half_width(text).into_iter().filter(|c| c.is_alphanumeric()).collect();
    let before = rest.len();
    for insult in INSULTS.split_whitespace() {
        rest = rest.replace(insult, "");
    }
    if rest.len() == before {
        return false;
    }
    for padding in PADDING.split_whitespace() {
        rest = rest.replace(padding, "");
    }
    rest.chars().count() < 2
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn signs_emoji_and_stickers_are_not_words() {
        for text in [
            "",
            " ",
            "。",
            "？",
            "？？！",
            "😡",
            "😡😡 ",
            "/:rose",
            "/::)",
            "/:rose/:strong",
            "[微笑]",
            "[强][玫瑰]",
            "[OK]",
            "……",
            "👍",
            "/:,@-D",
            "\u{200b}",
        ] {
            assert!(!has_words(text), "{text}");
        }
    }

    #[test]
    fn anything_to_read_is_words() {
        for text in [
            "1",
            "１",
            "①",
            "好",
            "ok",
            "路灯坏了😡",
            "/:rose路灯坏了",
            "[微笑]谢谢",
            "[照片]",
            "1️⃣",
            "http://a.cn/:x",
        ] {
            assert!(has_words(text), "{text}");
        }
    }

    #[test]
    fn an_insult_alone_is_no_matter() {
        for text in [
            "你们都是废物",
            "滚",
            "他妈的",
            "一群骗子！！",
            "SB",
            "你们这帮王八蛋",
            "真垃圾",
            "滚蛋吧你们",
        ] {
            assert!(is_insult_only(text), "{text}");
        }
    }

    #[test]
    fn an_insult_with_a_matter_is_a_matter() {
        for text in [
            "他妈的路灯又坏了",
            "垃圾没人清",
            "垃圾",
            "有骗子骗老人买假药",
            "你好",
            "",
            "1",
            "门口草太高了",
            "石头滚下来了",
        ] {
            assert!(!is_insult_only(text), "{text}");
        }
    }

    #[test]
    fn numerals_below_a_hundred_are_read() {
        let read = |text: &str| numeral(&text.chars().collect::<Vec<_>>());
        assert_eq!(read("十"), Some(10));
        assert_eq!(read("十二"), Some(12));
        assert_eq!(read("二十"), Some(20));
        assert_eq!(read("九十九"), Some(99));
        assert_eq!(read("12"), Some(12));
        assert_eq!(read("三"), Some(3));
        assert_eq!(read("天"), None);
        assert_eq!(read(""), None);
        assert_eq!(read("一百"), None);
    }
}
