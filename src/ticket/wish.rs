//! What somebody wishes to hear, and what becomes of a notice by that wish. Pure.
//!
//! Whatever asks, ends something or is urgent always arrives at once. Steps on the way may be left
//! out or gathered; and who was told often enough today reads the rest in one message.
//!
//! Deliberately absent: quiet hours, which are the county's.

use super::notice::NoticeKind;
use serde::{Deserialize, Serialize};

/// What somebody wishes to hear.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Wish {
    /// 每一步都告诉我
    #[default]
    Steps,
    /// 只告诉我结果
    Results,
    /// 少打扰: once a day, in one message.
    Rarely,
}

impl Wish {
    /// Every wish, in the order of the question.
    pub const ALL: [Self; 3] = [Self::Steps, Self::Results, Self::Rarely];

    /// The code in the database.
    pub fn code(self) -> &'static str {
        match self {
            Self::Steps => "steps",
            Self::Results => "results",
            Self::Rarely => "rarely",
        }
    }

    /// As people say it.
    pub fn words(self) -> &'static str {
        match self {
            Self::Steps => "每一步都告诉我",
            Self::Results => "只告诉我结果",
            Self::Rarely => "少打扰（一天一次汇总）",
        }
    }
}

/// How many single notices somebody gets on one day.
pub const A_DAY: u64 = 8;

/// What becomes of a notice.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Fate {
    /// It leaves by itself.
    Single,
    /// It is a line of the message at the next half hour.
    Soon,
    /// It is a line of the next morning's message.
    Morning,
    /// Nobody wishes to hear it.
    Unsaid,
}

/// What becomes of a notice for somebody with this wish who was told so often today.
pub fn fate(kind: NoticeKind, urgent: bool, wish: Wish, told_today: u64) -> Fate {
    if urgent || !may_wait(kind) {
        return Fate::Single;
    }
    match wish {
        Wish::Results if is_step(kind) => Fate::Unsaid,
        Wish::Rarely => Fate::Morning,
        _ if told_today >= A_DAY => Fate::Soon,
        _ => Fate::Single,
    }
}

/// A step on the way, which whoever waits for the result need not hear.
fn is_step(kind: NoticeKind) -> bool {
    use NoticeKind as K;
    matches!(kind, K::Accepted | K::Dispatched | K::Taken | K::Merged | K::Unmerged)
}

/// It neither asks nor ends something, gives no work, and warns of nothing.
pub fn may_wait(kind: NoticeKind) -> bool {
    use NoticeKind as K;
    is_step(kind)
        || matches!(kind, K::TakenByOther | K::Thanks | K::CopyJoined | K::HelpDone | K::Verified)
}

#[cfg(test)]
mod tests {
    use super::*;
    use NoticeKind as K;

    #[test]
    fn questions_results_tasks_and_danger_are_said_at_once_whatever_was_wished() {
        for kind in [K::Question, K::Result, K::Rejected, K::Task, K::Alarm, K::Answer, K::Rework] {
            for wish in Wish::ALL {
                assert_eq!(fate(kind, false, wish, 100), Fate::Single, "{kind:?} {wish:?}");
            }
        }
        assert_eq!(fate(K::Accepted, true, Wish::Rarely, 100), Fate::Single);
    }

    #[test]
    fn the_ninth_step_of_a_day_is_a_line_of_one_message() {
        assert_eq!(fate(K::Taken, false, Wish::Steps, A_DAY - 1), Fate::Single);
        assert_eq!(fate(K::Taken, false, Wish::Steps, A_DAY), Fate::Soon);
    }

    #[test]
    fn who_wants_results_hears_no_steps_and_who_wants_quiet_hears_them_in_the_morning() {
        assert_eq!(fate(K::Accepted, false, Wish::Results, 0), Fate::Unsaid);
        assert_eq!(fate(K::Thanks, false, Wish::Results, 0), Fate::Single);
        assert_eq!(fate(K::Accepted, false, Wish::Rarely, 0), Fate::Morning);
        assert_eq!(fate(K::Thanks, false, Wish::Rarely, 0), Fate::Morning);
    }

    #[test]
    fn a_wish_is_stored_by_its_code() {
        for wish in Wish::ALL {
            assert_eq!(serde_json::to_value(wish).unwrap(), wish.code());
        }
    }
}
