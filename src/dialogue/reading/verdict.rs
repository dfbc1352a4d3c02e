//! What a resident says of a result: solved or not, and how good it was.

use super::bare;
use crate::county::words::number_choice;
use crate::ticket::Rating;

/// What a resident says of a result.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::dialogue) enum Verdict {
    Fully,
    Partly,
    Not,
}

/// Reads a verdict in words; digits are the caller's.
pub(in crate::dialogue) fn verdict(text: &str) -> Option<Verdict> {
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
        "还不",
        "不亮",
        "没亮",
        "没通",
        "没来",
        "没见人",
        "没人管",
        "没动静",
        "又灭",
        "又停",
        "又漏",
        "又堵",
        "还坏",
        "还漏",
        "还堵",
        "白修",
        "糊弄",
        "没变",
        "老样子",
        "还那样",
        "不解决",
        "没落实",
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
        "办了",
        "办完",
        "修了",
        "修完",
        "弄完",
        "弄了",
        "搞定",
        "没问题",
        "来修过",
        "好啦",
        "处理了",
        "清理了",
        "清了",
        "有水了",
        "有电了",
        "来电了",
        "来水了",
        "不漏了",
        "不堵了",
    ];
    let word = bare(text);
    // 好了没 and 修好了吗 ask.
    if word.ends_with(['吗', '没', '?', '？', '么']) && word.chars().count() > 1 {
        return None;
    }
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
pub(in crate::dialogue) enum Grade {
    /// Clear.
    Meant(Rating),
    /// To be confirmed first.
    Perhaps(Rating),
}

/// Reads a grade in words; digits 1 to 5 are the caller's.
pub(in crate::dialogue) fn grade(text: &str) -> Option<Grade> {
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
        ("满分", VerySatisfied),
        ("还行", FairlySatisfied),
        ("还可以", FairlySatisfied),
        ("凑合", FairlySatisfied),
        ("一般", FairlySatisfied),
        ("马马虎虎", FairlySatisfied),
        ("好评", VerySatisfied),
        ("差评", VeryDissatisfied),
        ("挺好", VerySatisfied),
        ("很好", VerySatisfied),
        ("不错", Satisfied),
        ("不好", Dissatisfied),
        ("不行", Dissatisfied),
        ("不咋地", Dissatisfied),
        ("不怎么样", Dissatisfied),
        ("马虎", FairlySatisfied),
        ("将就", FairlySatisfied),
        ("真快", VerySatisfied),
        ("真好", VerySatisfied),
        ("太好", VerySatisfied),
        ("点赞", VerySatisfied),
    ];
    let word = bare(text);
    let find = |list: &[(&str, Rating)]| {
        list.iter().find(|(known, _)| word.contains(known)).map(|(_, rating)| *rating)
    };
    if let Some(rating) = find(MEANT) {
        return Some(Grade::Meant(rating));
    }
    points(&word).or_else(|| find(PERHAPS)).map(Grade::Perhaps)
}

/// 5分, 给10分, 九十分, 5颗星: on whichever scale the number fits.
fn points(word: &str) -> Option<Rating> {
    use Rating::{Dissatisfied, FairlySatisfied, Satisfied, VeryDissatisfied, VerySatisfied};
    let word = word.trim_start_matches(['我', '给', '打', '评', '个', '就', '他', '你', '们']);
    let number = word.trim_end_matches(['分', '星', '颗', '个', '吧', '了']);
    let has_unit = number.len() < word.len();
    let number = match number {
        "一百" => 100,
        "一百二" => 120,
        number => u32::from(number_choice(number)?),
    };
    Some(match (number, has_unit) {
        (0 | 1, true) => VeryDissatisfied,
        (2, true) => Dissatisfied,
        (3, true) => FairlySatisfied,
        (4, true) | (7..=8 | 70..=89, _) => Satisfied,
        (5, true) | (9..=10 | 90..=120, _) => VerySatisfied,
        (6 | 60..=69, _) => FairlySatisfied,
        (11..=59, true) => Dissatisfied,
        _ => return None,
    })
}

/// Does not want to say how good it was.
pub(in crate::dialogue) fn declines_rating(text: &str) -> bool {
    let word = bare(text);
    ["不评", "不打分", "不想评", "懒得", "不会评", "不知道怎么评", "免了", "随便"]
        .iter()
        .any(|known| word.contains(known))
        && word.chars().count() <= 8
}

/// Satisfied, but it broke again: 满意是满意，就是又坏了.
pub(in crate::dialogue) fn is_again_broken(text: &str) -> bool {
    ["又坏", "又不亮", "又漏", "又堵", "又停", "又出", "又没", "还是坏", "又不行"]
        .iter()
        .any(|w| text.contains(w))
}

#[cfg(test)]
mod tests {
    use super::*;

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
}
