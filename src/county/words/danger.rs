//! Whether somebody is in danger now, so that the first thing said is which number to call.
//!
//! A word alone is not enough: 火灾隐患 burns nothing, and what happened last month is over. Where
//! it stays doubtful the answer is danger, because one superfluous "call 119" costs less than one
//! that is missing; somebody who speaks of ending their life is always taken at their word.
//!
//! Deliberately absent: the numbers ([`crate::county::EmergencyNumbers`]) and what is said.

use super::half_width;
use serde::Serialize;

/// What sort of danger.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Emergency {
    /// 自杀、轻生
    Suicide,
    /// 着火
    Fire,
    /// 煤气、燃气
    Gas,
    /// 触电
    Electricity,
    /// 溺水
    Drowning,
    /// 急病、重伤
    Medical,
    /// 打人、抢劫、家暴
    Violence,
    /// 坍塌
    Collapse,
    /// 洪水
    Flood,
    /// 车祸
    Crash,
}

/// Words of danger, the most urgent sort first.
const WORDS: &[(Emergency, &str)] = &[
    (
        Emergency::Suicide,
        "自杀 轻生 不想活 活不下去 活够了 不活了 想死 寻死 跳楼 割腕 上吊 喝农药 喝了农药 \
         喝药了 死了算了 结束生命 寻短见 想不开要",
    ),
    (Emergency::Fire, "着火 起火 失火 火灾 着大火 火烧起来 烧起来了 冒浓烟 救火 着了火"),
    (
        Emergency::Gas,
        "煤气味 燃气味 天然气味 瓦斯味 煤气泄漏 煤气泄露 燃气泄漏 燃气泄露 天然气泄漏 \
         天然气泄露 煤气漏 燃气漏 天然气漏 漏煤气 漏天然气 漏燃气 煤气中毒 一氧化碳中毒 \
         煤气罐漏",
    ),
    (Emergency::Electricity, "触电 被电了 被电着 被电倒 电死 电线掉水里"),
    (Emergency::Drowning, "溺水 落水 掉河里 掉进河 掉水里 掉进水 掉坑里 掉井里 掉进井 淹死"),
    (
        Emergency::Medical,
        "心梗 心脏病犯 心脏病发 晕倒 昏倒 昏迷 不省人事 没气了 喘不上气 喘不过气 中风了 \
         脑出血 大出血 血流不止 流了好多血 休克 抽搐 食物中毒 农药中毒 被蛇咬 快不行了 \
         叫不醒 摔断 羊水破 救命",
    ),
    (
        Emergency::Violence,
        "打人 打起来 被打 挨打 打我 打架 打老婆 家暴 持刀 拿刀 动刀 砍人 捅人 杀人 抢劫 \
         绑架 强奸 入室",
    ),
    (
        Emergency::Collapse,
        "房子塌 房塌 房倒 屋顶塌 桥塌 塌方 坍塌 人被埋 埋在里面 埋在下面 砸到人 砸了人 砸伤",
    ),
    (Emergency::Flood, "洪水 山洪 决堤 决口 发大水 被水困 被困 水淹进 淹到 水进屋 泥石流"),
    (Emergency::Crash, "车祸 撞人 撞车 被车撞 翻车"),
];

/// Longer words that hold a word of danger and mean none.
const HARMLESS: &str = "火灾隐患 火灾风险 火灾保险 防火灾 火灾演练 火灾预防 预防火灾 着火点 触电隐患 触电危险 \
    触电风险 溺水隐患 防溺水 预防溺水 溺水危险 坍塌隐患 坍塌风险 塌方隐患 洪水隐患 防洪水 \
    打人家 打人工 被打断 被打扰 被打开 打我电话 打我手机 打我的 打架子 想死你 想死我 跳楼价 \
    自杀式 落水管 树不活了 苗不活了 花不活了 庄稼不活了 防煤气中毒 预防煤气中毒 反家暴 心梗后遗症 被困扰 打人民 入室登记 \
    入室调查 入室宣传 入室检查 入室盗窃保险 救命恩人 救命钱 救命药";

/// Before a word of danger, these say that it has not happened.
const NOT_YET: &str = "没有 没 未 不是 不会 并非 防止 预防 防范 避免 怕 担心 容易 可能 万一 要是 如果 假如 \
    差点 差一点 小心 谨防 以防 会不会 以免 严禁 杜绝 引发 引起 造成 导致 发生过";

/// Somewhere in the clause, these say that it is over or only talked about.
const NOT_NOW: &str = "隐患 演练 宣传 讲座 培训 以前 从前 上个月 上月 上周 上星期 去年 前年 那年 年前 月前 \
    前几天 前些天 前段时间 昨天 前天 上次 曾经 小时候 过去 赔偿 报销 补偿 后遗症 理赔 判了 \
    出院 保险";

/// The danger that a text tells of, the most urgent if several.
pub fn emergency(text: &str) -> Option<Emergency> {
    let mut text: String = half_width(text).into_iter().collect();
    for harmless in HARMLESS.split_whitespace() {
        // A sign keeps the words on both sides apart.
        text = text.replace(harmless, "。");
    }
    let clauses: Vec<&str> = text
        .split(|c: char| c.is_whitespace() || "。，,！!？?；;、…~".contains(c))
        .filter(|clause| !clause.is_empty())
        .collect();
    let is_told = |emergency: Emergency, word: &str| {
        clauses.iter().any(|clause| tells(clause, word, emergency))
    };
    WORDS
        .iter()
        .find(|(emergency, words)| words.split_whitespace().any(|word| is_told(*emergency, word)))
        .map(|(emergency, _)| *emergency)
}

fn tells(clause: &str, word: &str, emergency: Emergency) -> bool {
    let is_true =
        |denials| clause.match_indices(word).any(|(at, _)| !is_denied(clause, at, denials));
    // Despair speaks of the past and of fear too.
    if emergency == Emergency::Suicide {
        return is_true("没有 没 不会 不是 防止 预防");
    }
    if NOT_NOW.split_whitespace().any(|past| clause.contains(past)) {
        return false;
    }
    is_true(NOT_YET)
}

/// Whether one of `denials` ends shortly before `at`: directly, or with a few signs between as in
/// 没有人打架 and 容易让人触电.
fn is_denied(clause: &str, at: usize, denials: &str) -> bool {
    const ROOM: usize = 3;
    let before = clause.get(..at).unwrap_or_default();
    denials.split_whitespace().any(|denial| {
        let between = before.rfind(denial).and_then(|from| before.get(from + denial.len()..));
        between.is_some_and(|between| {
            between.chars().count() <= ROOM && !between.contains(['了', '就', '，'])
        })
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn danger_now_is_recognised() {
        use Emergency::{
            Collapse, Crash, Drowning, Electricity, Fire, Flood, Gas, Medical, Suicide, Violence,
        };
        for (text, expected) in [
            ("着火了快来", Fire),
            ("王庄村东头柴火垛着火了！！", Fire),
            ("邻居家失火", Fire),
            ("楼道里冒浓烟", Fire),
            ("屋里有煤气味", Gas),
            ("闻到天然气味，咋办", Gas),
            ("燃气泄漏了", Gas),
            ("我不想活了", Suicide),
            ("去年就想自杀，现在又想", Suicide),
            ("活不下去了", Suicide),
            ("我爸晕倒了", Medical),
            ("老人心梗了", Medical),
            ("救命", Medical),
            ("有人触电了", Electricity),
            ("孩子掉河里了", Drowning),
            ("有人溺水", Drowning),
            ("城管打人", Violence),
            ("邻居拿刀砍人", Violence),
            ("我被打了", Violence),
            ("我家房子塌了", Collapse),
            ("河堤决口了", Flood),
            ("水进屋了", Flood),
            ("路口出车祸了", Crash),
            ("路灯坏了，刚才撞人了", Crash),
            ("没人管，着火了", Fire),
            ("没电了着火了", Fire),
            ("老人喘不上气没人管", Medical),
        ] {
            assert_eq!(emergency(text), Some(expected), "{text}");
        }
    }

    #[test]
    fn danger_feared_denied_or_over_is_none() {
        for text in [
            "楼道堆杂物有火灾隐患",
            "上个月着火的那家还没修",
            "电线老化，怕着火",
            "容易引起火灾",
            "没有着火",
            "电线耷拉着有触电危险",
            "防溺水牌子倒了",
            "打人工电话没人接",
            "请打我电话",
            "会议被打断了",
            "没有人打架",
            "去年车祸的赔偿",
            "路灯坏了三天了",
            "组织消防演练",
            "心梗后遗症能报销吗",
            "小心触电的牌子掉了",
            "想死你们了",
            "一停电就被困扰",
            "新栽的树不活了",
            "落水管坏了",
            "水管埋在地下漏了",
            "",
        ] {
            assert_eq!(emergency(text), None, "{text}");
        }
    }

    #[test]
    fn the_most_urgent_of_several_is_told() {
        assert_eq!(emergency("我不想活了，把房子点着火了"), Some(Emergency::Suicide));
    }
}
