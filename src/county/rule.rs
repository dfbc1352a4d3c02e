//! Rules: which needs go to whom without an operator having to think.
//!
//! A rule is a row of the county's sheet: conditions, all of which must hold, and a target. The
//! first rule that fits counts; needs that fit none go to their grid.
//!
//! Deliberately absent: the decision itself.

use super::area::AreaCode;
use super::hours::Hours;

/// One rule. What is empty or absent does not limit it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Rule {
    /// Unique in the county, as operators read it.
    pub name: String,
    /// Codes of categories, any of which will do.
    pub categories: Vec<String>,
    /// Only needs from this area and what lies in it.
    pub area: Option<AreaCode>,
    /// Only within these hours, at the moment when somebody is to be called.
    pub hours: Option<Hours>,
    /// Only needs that came this way: a channel's code.
    pub channel: Option<String>,
    /// Among the target's people, those who have this skill.
    pub skill: Option<String>,
    /// To whom.
    pub target: Target,
}

/// To whom a rule gives a need.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Target {
    /// 网格员: somebody of the need's grid.
    Grid,
    /// 网格全员: everybody of the need's grid.
    WholeGrid,
    /// 网格长: who answers for the need's grid.
    GridHead,
    /// 乡镇站: the station of the township.
    Station,
    /// 上一级: the next level up that has a station, or somebody of its own.
    Upward,
    /// A unit by its code.
    Unit(String),
    /// A member by name.
    Member(String),
}

impl Target {
    /// The targets that a sheet says in a word.
    const WORDS: [(&'static str, &'static str, Self); 5] = [
        ("网格员", "grid", Self::Grid),
        ("网格全员", "whole_grid", Self::WholeGrid),
        ("网格长", "grid_head", Self::GridHead),
        ("乡镇站", "station", Self::Station),
        ("上一级", "upward", Self::Upward),
    ];

    /// Reads the word that a county's sheet uses; units and members have names instead.
    pub fn read(word: &str) -> Option<Self> {
        let mut words = Self::WORDS.into_iter();
        words
            .find(|(chinese, english, _)| word == *chinese || word == *english)
            .map(|(_, _, target)| target)
    }

    /// What a sheet writes: the word, the unit's code or the member's name.
    pub fn word(&self) -> &str {
        match self {
            Self::Grid => "网格员",
            Self::WholeGrid => "网格全员",
            Self::GridHead => "网格长",
            Self::Station => "乡镇站",
            Self::Upward => "上一级",
            Self::Unit(code) => code,
            Self::Member(name) => name,
        }
    }
}

/// The code of a channel, by the word that a county's sheet uses.
pub fn read_channel(word: &str) -> Option<&'static str> {
    Some(match word {
        "微信" | "公众号" | "wechat" => "wechat",
        "网格" | "网格上报" | "grid" => "grid",
        "热线" | "hotline" => "hotline",
        "来访" | "窗口" | "walk_in" => "walk_in",
        "说事箱" | "speak_box" => "speak_box",
        "信箱" | "书记信箱" | "letterbox" => "letterbox",
        "接访" | "接待日" | "reception" => "reception",
        "open311" => "open311",
        "接口" | "api" => "api",
        "邮件" | "email" => "email",
        _ => return None,
    })
}

/// What a sheet writes for a channel's code.
pub fn channel_word(code: &str) -> &str {
    match code {
        "wechat" => "微信",
        "grid" => "网格",
        "hotline" => "热线",
        "walk_in" => "来访",
        "speak_box" => "说事箱",
        "letterbox" => "信箱",
        "reception" => "接访",
        "api" => "接口",
        "email" => "邮件",
        other => other,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_target_is_written_as_it_is_read() {
        for (chinese, english, target) in Target::WORDS {
            assert_eq!(Target::read(chinese), Some(target.clone()));
            assert_eq!(Target::read(english), Some(target.clone()));
            assert_eq!(target.word(), chinese);
        }
        assert_eq!(Target::read("县公安局"), None);
    }
}
