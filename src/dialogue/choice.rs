//! Which choice of a closed question words mean: its number, its words, or both (1提交, 选新的事).

use super::reading;
use super::state::Question;
use super::turn::Turn;
use crate::county::words::number_choice;
use crate::county::{AreaCode, County};

/// More words than these around a choice say something else.
const AROUND: usize = 4;

impl Turn<'_> {
    /// The number of the choice that the words mean.
    pub(super) fn choice(&self, question: &Question, text: &str) -> Option<u8> {
        number_choice(text).or_else(|| {
            let labels = labels(question, self.view.county);
            if labels.is_empty() || reading::is_question(text) {
                return None;
            }
            // 我要反映路灯坏了 at the menu is already the matter.
            let alone = || label_alone(text, &labels).filter(|_| *question != Question::Menu);
            numbered_label(text, &labels).or_else(alone)
        })
    }
}

/// 1提交, 2 改一改, 3没解决: a number and the words it stands for, or a yes.
fn numbered_label(text: &str, labels: &[(u8, String)]) -> Option<u8> {
    let word = reading::bare(text);
    let mut signs = word.chars();
    let first = signs.next()?;
    let key = number_choice(first.encode_utf8(&mut [0; 4]))?;
    let rest = reading::bare(signs.as_str());
    let rest = rest.trim_end_matches(['吧', '了', '啊', '呀']);
    let is_its = |(number, label): &(u8, String)| {
        *number == key
            && !rest.is_empty()
            && (label.contains(rest) || rest.contains(label.as_str()))
    };
    let is_known = labels.iter().any(|(number, _)| *number == key);
    (labels.iter().any(is_its) || is_known && reading::is_yes(rest)).then_some(key)
}

/// 提交上去, 我要重新说: the words of one choice and hardly any others.
fn label_alone(text: &str, labels: &[(u8, String)]) -> Option<u8> {
    let word = reading::bare(text);
    let denies = |text: &str| text.contains(['不', '别', '没']);
    let mut meant: Vec<u8> = labels
        .iter()
        .filter(|(_, label)| {
            word == *label
                || label.chars().count() > 1
                    && word.contains(label.as_str())
                    && word.chars().count() <= label.chars().count() + AROUND
                    && denies(&word) == denies(label)
        })
        .map(|(key, _)| *key)
        .collect();
    meant.dedup();
    match meant.as_slice() {
        [key] => Some(*key),
        _ => None,
    }
}

#[expect(clippy::too_many_lines, reason = "a plain list of questions and their choices")]
fn labels(question: &Question, county: &County) -> Vec<(u8, String)> {
    let fixed = |list: &[(u8, &str)]| {
        list.iter().map(|(key, label)| (*key, (*label).to_owned())).collect::<Vec<_>>()
    };
    let counted = |labels: Vec<String>| {
        let keys = 1..;
        keys.zip(labels).filter(|(_, label): &(u8, String)| !label.is_empty()).collect::<Vec<_>>()
    };
    let area = |code: &String| {
        county
            .area(&AreaCode::from(code.as_str()))
            .map_or_else(String::new, |area| area.name.clone())
    };
    match question {
        Question::Menu => fixed(&[
            (1, "我要反映"),
            (2, "我的诉求"),
            (3, "办事指南"),
            (4, "志愿服务"),
            (5, "找人工"),
            (8, "我的任务"),
            (0, "帮助"),
        ]),
        Question::Summary => fixed(&[(1, "提交"), (2, "改一改"), (0, "先不报了"), (0, "不报了")]),
        Question::Near { options } => {
            let none = [(0, "不是"), (0, "都不是"), (0, "不是一件"), (0, "不是同一件")];
            let only = [(1, "就是这件"), (1, "我也关注"), (1, "同一件"), (1, "又坏了")];
            let is_only = options.len() == 1;
            fixed(&none).into_iter().chain(fixed(&only).into_iter().filter(|_| is_only)).collect()
        }
        Question::WhichSlot => fixed(&[
            (1, "事情"),
            (1, "内容"),
            (2, "地点"),
            (2, "地方"),
            (2, "位置"),
            (2, "地址"),
            (3, "照片"),
            (3, "图片"),
            (4, "电话"),
            (4, "号码"),
            (4, "手机"),
            (0, "不改了"),
            (0, "不改"),
            (0, "都对"),
        ]),
        Question::Notices => fixed(&[
            (1, "每一步都告诉我"),
            (1, "每一步"),
            (2, "只告诉我结果"),
            (2, "结果"),
            (3, "少打扰"),
            (0, "不改"),
        ]),
        Question::OneOrSeveral => fixed(&[(1, "一件"), (2, "分开报"), (2, "分开"), (2, "几件")]),
        Question::ResumeDraft { .. } => fixed(&[
            (1, "接着说"),
            (1, "继续"),
            (1, "接着"),
            (2, "重新说"),
            (2, "重新"),
            (2, "重来"),
            (3, "不报了"),
            (3, "不报"),
        ]),
        Question::OldOrNew { .. } => fixed(&[
            (1, "是"),
            (1, "那件"),
            (1, "就是那个"),
            (2, "新的事"),
            (2, "新的"),
            (2, "别的事"),
        ]),
        Question::Signoff { .. } => fixed(&[(1, "已解决"), (2, "基本解决"), (3, "没解决")]),
        Question::Rate { .. } => fixed(&[
            (1, "非常满意"),
            (2, "满意"),
            (3, "基本满意"),
            (4, "不满意"),
            (5, "非常不满意"),
        ]),
        Question::RateSure { .. } => fixed(&[(1, "对"), (0, "不对")]),
        Question::AgainBroken { .. } => {
            fixed(&[(1, "重办"), (1, "重新办"), (1, "再修"), (2, "新报"), (2, "重新报")])
        }
        Question::MyTicket { .. } => fixed(&[
            (1, "补充"),
            (2, "催办"),
            (2, "催一下"),
            (3, "撤回"),
            (4, "要求重办"),
            (4, "重办"),
            (4, "又不行了"),
            (0, "返回"),
        ]),
        Question::WithdrawSure { .. } => fixed(&[(1, "撤回"), (0, "不撤")]),
        Question::WhichArea { options } => counted(options.iter().map(area).collect()),
        Question::WordsOrCode { said, scanned } => {
            counted([said, scanned].into_iter().map(area).collect())
        }
        Question::Category { options } => counted(
            options
                .iter()
                .map(|code| county.category(code).map_or_else(String::new, |one| one.name.clone()))
                .collect(),
        ),
        Question::WhichPerson { options, .. } => {
            counted(options.iter().map(|person| person.name.clone()).collect())
        }
        _ => Vec::new(),
    }
}
