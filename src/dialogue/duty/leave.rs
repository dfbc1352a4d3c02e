//! 请假 and 销假: when a member is not to be called. What they still have in hand is said; who
//! takes it over is decided when the leave begins.

use super::Turn;
use crate::calendar::in_beijing;
use crate::county::Leave;
use crate::dialogue::order::LeaveWish;
use crate::dialogue::reply::{Beside, Reply};
use crate::dialogue::turn::Profile;
use chrono::{Datelike, Days, NaiveDate};

/// Nobody is away for longer without the desk.
const LONGEST_DAYS: i64 = 90;

impl Turn<'_> {
    pub(super) fn leave(&mut self, wish: LeaveWish) {
        if self.view.who.duty.is_none() {
            return self.say(Reply::OrderOfOthers);
        }
        if wish == LeaveWish::Over {
            self.learn(Profile::Leave(None));
            return self.say(Beside::LeaveOver);
        }
        let today = in_beijing(self.view.now).date_naive();
        let leave = span(wish, today).filter(|leave| {
            leave.from <= leave.until && (leave.until - leave.from).num_days() < LONGEST_DAYS
        });
        let Some(leave) = leave else { return self.say(Beside::AskLeave) };
        self.learn(Profile::Leave(Some(leave)));
        let words = |day: NaiveDate| day.format("%-m月%-d日").to_string();
        let facts = self.view.facts;
        let tasks = facts.tasks.iter().filter(|ticket| self.waits_for_me(ticket)).count();
        let (from, until) = (words(leave.from), words(leave.until));
        self.say(Beside::LeaveKept { from, until, tasks });
    }
}

/// The days that are meant; a day that is over this year is one of the next.
fn span(wish: LeaveWish, today: NaiveDate) -> Option<Leave> {
    let next = |(month, day): (u32, u32), after: NaiveDate| {
        let this = NaiveDate::from_ymd_opt(after.year(), month, day)?;
        if this >= after {
            return Some(this);
        }
        NaiveDate::from_ymd_opt(after.year().saturating_add(1), month, day)
    };
    let (from, until) = match wish {
        LeaveWish::Open | LeaveWish::Over => return None,
        LeaveWish::Days(days) => {
            (today, today.checked_add_days(Days::new(u64::from(days.checked_sub(1)?)))?)
        }
        LeaveWish::Until(day) => (today, next(day, today)?),
        LeaveWish::Between(first, last) => {
            let from = next(first, today)?;
            (from, next(last, from)?)
        }
    };
    Some(Leave { from, until })
}
