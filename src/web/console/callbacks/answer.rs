//! What came of a call, as the form says it.

use crate::{
    county::words::phone_in,
    ticket::{
        Rating, Status, Ticket,
        call_back::{Call, Heard},
        lifecycle::{Refused, Why},
    },
};
use serde::{Deserialize, Serialize};

/// The form; it goes back into the page as it came, if something is missing.
#[derive(Debug, Clone, Default, Deserialize, Serialize)]
#[serde(default)]
pub(super) struct Answered {
    pub(super) result: String,
    pub(super) heard: String,
    pub(super) words: String,
    pub(super) grade: String,
    pub(super) right: String,
    pub(super) note: String,
    pub(super) version: i64,
}

impl Answered {
    /// As a call, or what is missing.
    pub(super) fn call(&self, ticket: &Ticket) -> Result<Call, &'static str> {
        Ok(match self.result.as_str() {
            "reached" => Call::Reached(self.heard(ticket)?),
            "not_answered" => Call::NotAnswered,
            "wrong_number" => Call::WrongNumber { right: self.right()? },
            "no_number" => Call::NoNumber,
            _ => return Err("请先选电话打得怎么样。"),
        })
    }

    fn right(&self) -> Result<Option<String>, &'static str> {
        if self.right.trim().is_empty() {
            return Ok(None);
        }
        phone_in(&self.right).map(Some).ok_or("新号码不像电话号码，请核对。")
    }

    fn heard(&self, ticket: &Ticket) -> Result<Heard, &'static str> {
        let words = self.words.trim().to_owned();
        let wanted = |missing| if words.is_empty() { Err(missing) } else { Ok(words.clone()) };
        let grade = Rating::ALL.into_iter().find(|grade| grade.code() == self.grade);
        Ok(match self.heard.as_str() {
            "answer" => Heard::Answer { text: wanted("请写上居民怎么回答的。")? },
            "solved" => Heard::Solved { fully: true, grade },
            "partly" => Heard::Solved { fully: false, grade },
            "not_solved" => Heard::NotSolved {
                reason: wanted("居民说没解决：请写上哪里没解决。")?,
            },
            "graded" => grade.map_or(Heard::Nothing, |grade| Heard::Graded { grade }),
            "disagrees" => {
                Heard::Disagrees { text: wanted("请写上居民为什么不同意。")? }
            }
            "nothing" if asks(ticket) && grade.is_some() => {
                return Err("居民给了评价，就请选“已解决”“基本解决”或“没解决”。");
            }
            "nothing" => match grade {
                Some(grade) => Heard::Graded { grade },
                None => Heard::Nothing,
            },
            _ => return Err("请选居民怎么说。"),
        })
    }
}

/// The resident is asked whether it is solved.
fn asks(ticket: &Ticket) -> bool {
    matches!(ticket.status, Status::AwaitingSignoff { .. })
}

/// Why it was not done, for somebody with the receiver in hand.
pub(super) fn refused_words(refused: &Refused) -> &'static str {
    match refused.why {
        Why::NeedsSecondPerson => {
            "没有记下：这件事是您自己办的，不能由您代居民确认。请换一位同事回访。"
        }
        Why::TooLate => "没有记下：办结超过30天了，不能再评价或重办。请另行登记。",
        Why::NeedsWords => "没有记下：请写上居民的原话。",
        _ => "没有记下：诉求现在的状态不能这样办。请刷新页面核对。",
    }
}
