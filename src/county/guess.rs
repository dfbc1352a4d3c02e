//! What a sentence is about: a category that is sure, up to three to choose from, or none.
//!
//! Keywords are counted by their length, because a longer one says more. Where the signs say
//! nothing, the sound is tried, for dialect and for voices that were written down wrongly; a sound
//! is never sure. Deliberately absent: learning, and any model; a county reads in its sheet why
//! a sentence was understood so.

use super::County;
use super::lexicon::Hit;

/// What a sentence is about, as category codes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Guess {
    /// Clearly this.
    Sure(String),
    /// One of these, the likeliest first; two or three.
    Unsure(Vec<String>),
    /// Nothing that a keyword knows.
    None,
}

/// At most so many are offered, or nobody reads them.
const OFFERED: usize = 3;

/// The score of one keyword of two signs: less is a few weak words.
const ENOUGH: usize = 2;

/// What a sentence is about.
pub fn guess(county: &County, text: &str) -> Guess {
    let written = ranked(county, &county.lexicon().written_in(text));
    match written.as_slice() {
        [(best, score), rest @ ..] if *score >= ENOUGH => {
            let close: Vec<usize> = rest
                .iter()
                .filter(|(_, other)| *other >= ENOUGH && other * 2 > *score)
                .map(|(category, _)| *category)
                .collect();
            if close.is_empty() {
                Guess::Sure(code(county, *best))
            } else {
                let options = std::iter::once(*best).chain(close).take(OFFERED);
                Guess::Unsure(options.map(|category| code(county, category)).collect())
            }
        }
        _ => by_sound(county, text, &written),
    }
}

fn by_sound(county: &County, text: &str, written: &[(usize, usize)]) -> Guess {
    let heard = ranked(county, &county.lexicon().heard_in(text));
    let mut options: Vec<usize> = Vec::new();
    let enough = heard.iter().filter(|(_, score)| *score >= ENOUGH);
    // Weak words that were written help to choose only when something else points somewhere.
    let candidates = enough.map(|(category, _)| *category);
    for category in candidates {
        push_new(&mut options, category);
    }
    if options.is_empty() {
        return Guess::None;
    }
    for (category, _) in written {
        push_new(&mut options, *category);
    }
    // A question with one answer looks like an assertion to somebody who was misheard, so the
    // commonest categories fill it up.
    for (category, one) in county.categories().iter().enumerate() {
        if one.enabled && !one.confidential && one.module.is_none() && !one.keywords.is_empty() {
            push_new(&mut options, category);
        }
    }
    options.truncate(OFFERED);
    Guess::Unsure(options.into_iter().map(|category| code(county, category)).collect())
}

fn push_new(options: &mut Vec<usize>, category: usize) {
    if !options.contains(&category) {
        options.push(category);
    }
}

fn code(county: &County, category: usize) -> String {
    county.categories().get(category).map(|one| one.code.clone()).unwrap_or_default()
}

/// Categories with their scores, the best first; of equal ones the first of the county's sheet.
fn ranked(county: &County, hits: &[Hit]) -> Vec<(usize, usize)> {
    let mut scores: Vec<(usize, usize)> = (0..county.categories().len())
        .map(|category| {
            let own = hits.iter().filter(|hit| hit.category == category);
            (category, own.map(|hit| if hit.is_weak { 1 } else { hit.length }).sum())
        })
        .filter(|(_, score)| *score > 0)
        .collect();
    scores.sort_by_key(|(_, score)| std::cmp::Reverse(*score));
    scores
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::county::demo;

    fn sure(category: &str, sentences: &str) {
        let county = demo::county();
        let wrong: Vec<String> = sentences
            .split_whitespace()
            .filter(|sentence| guess(&county, sentence) != Guess::Sure(category.to_owned()))
            .map(|sentence| format!("{sentence}: {:?}", guess(&county, sentence)))
            .collect();
        assert!(wrong.is_empty(), "{category}: {wrong:#?}");
    }

    #[test]
    fn everyday_sentences_are_understood() {
        sure(
            "lighting",
            "路灯坏了 我家门口路灯坏了三天了，王庄村东头 路灯不亮 街上没灯黑灯瞎火的 停电一天了 \
             家里没水了 水管漏水 自来水发黄 电线耷拉下来了 变压器嗡嗡响 灯杆倒了 水压太小 村里路灯不着",
        );
        sure(
            "sanitation",
            "垃圾没人清 垃圾桶满了好几天 下水道堵了 公厕太脏 污水流到街上 养猪味太大臭气熏天 有人烧秸秆冒黑烟 \
             村口垃圾堆成山 茅房没人掏 小广告贴得到处都是 臭水沟没人管 半夜广场舞噪音太大",
        );
        sure(
            "road",
            "井盖丢了 路面坑坑洼洼 村里的路坏了没法走，路坏得厉害 红绿灯坏了 公交车什么时候来 下雨路上积水 \
             下雪结冰路滑 想修路 桥塌了一块 大货车天天压路 门前路不平",
        );
        sure(
            "housing",
            "房子漏水 屋顶漏雨 宅基地怎么批 危房改造 楼上物业不管 承包地被占了 机井坏了浇不了地 房产证办不下来 \
             我在北京打工，老家房子漏水，房子裂了",
        );
        sure(
            "health",
            "看不起病 卫生室没人 村医不在 打疫苗在哪 高血压药没药了 医院挂号挂不上 老人要体检",
        );
        sure(
            "policy",
            "低保怎么办 医保怎么交 养老金什么时候发 残疾补贴怎么领 孩子上学学区 大病救助政策 煤改气补贴 退役军人优抚 \
             取消低保怎么办 五保户怎么申请",
        );
        sure(
            "jobs",
            "想找活干 找工作 厂里招工吗 拖欠工资不给 想学电焊有技能培训吗 老板欠薪 没活干了 失业了",
        );
        sure("hukou", "户口本丢了 身份证到期了 孩子上户口 迁户口 身份证丢了怎么办 派出所办身份证");
        sure(
            "dispute",
            "邻居半夜装修吵架 邻居占我家地方 儿子不孝不管老人 两家闹矛盾想调解 邻居养狗叫一宿 退彩礼",
        );
        sure(
            "errand",
            "帮我代办医保证明 腿脚不便想请人代办 帮我取快递 老人走不动要上门服务 不会用手机帮我交电费",
        );
        sure("volunteer", "我想当志愿者 想参加志愿服务 我要捐款 想为村里出点力 想去照顾老人");
        sure(
            "safety",
            "有人卖假药骗老人 村里有人赌博 电信诈骗被骗了 偷电瓶的又来了 楼道有火灾隐患 卖假酒的",
        );
        sure(
            "conduct",
            "村干部吃拿卡要 办事员态度恶劣 干部收礼 村务不公开账目 互相推诿踢皮球 选举拉票",
        );
    }

    #[test]
    fn what_is_heard_is_offered_and_never_sure() {
        let county = demo::county();
        for (heard, category) in [
            ("陆登不亮", "lighting"),
            ("路等坏了", "lighting"),
            ("拉极没人清", "sanitation"),
            ("抵保咋办", "policy"),
            ("湖口本", "hukou"),
            ("宅鸡地", "housing"),
            ("铃居", "dispute"),
        ] {
            let Guess::Unsure(options) = guess(&county, heard) else {
                panic!("{heard}: {:?}", guess(&county, heard));
            };
            assert_eq!(options.first().map(String::as_str), Some(category), "{heard}");
            assert_eq!(options.len(), 3, "{heard}: {options:?}");
        }
    }

    #[test]
    fn two_matters_are_both_offered() {
        let Guess::Unsure(options) = guess(&demo::county(), "路灯坏了，垃圾也没人清")
        else {
            panic!("one of them was overlooked");
        };
        assert_eq!(options, ["lighting", "sanitation"]);
    }

    #[test]
    fn words_that_say_nothing_are_no_guess() {
        for text in
            ["你好", "", "。", "王庄村东头", "怎么办", "😡", "帮我", "在吗", "谢谢", "13800001234"]
        {
            assert_eq!(guess(&demo::county(), text), Guess::None, "{text}");
        }
    }

    #[test]
    fn a_category_that_is_switched_off_is_never_guessed() {
        let county = demo::county();
        assert!(!county.category("relocation").unwrap().enabled);
        assert_eq!(guess(&county, "回迁房什么时候下来"), Guess::None);
    }
}
