//! Members: the people who take orders, lead units and sit at the desk.
//!
//! A member is known by name, because that is how operators dispatch; a county with two people of
//! one name tells them apart in the name itself, as everybody there does already.
//!
//! Deliberately absent: who is bound to which openid. That changes by chat, not by workbook.

use super::area::AreaCode;
use super::dates::read_days;
use super::hours::Hours;
use chrono::NaiveDate;
use std::fmt;

/// What a member may do.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Role {
    /// 党员、志愿者: takes orders.
    Member,
    /// 网格长: takes orders and answers for a grid.
    GridHead,
    /// 队长、负责人: takes orders for a unit and checks results.
    Leader,
    /// 值班员: triages and dispatches at the desk.
    Dispatcher,
    /// 督办: everything a dispatcher may, and what needs a second pair of eyes.
    Supervisor,
}

impl Role {
    /// Reads the word that a county's sheet uses.
    pub fn read(word: &str) -> Option<Self> {
        Some(match word {
            "党员" | "志愿者" | "网格员" | "工作人员" | "member" => Self::Member,
            "网格长" | "grid_head" => Self::GridHead,
            "队长" | "负责人" | "leader" => Self::Leader,
            "值班员" | "dispatcher" => Self::Dispatcher,
            "督办" | "督办员" | "supervisor" => Self::Supervisor,
            _ => return None,
        })
    }

    /// What a sheet writes.
    pub fn word(self) -> &'static str {
        match self {
            Self::Member => "党员",
            Self::GridHead => "网格长",
            Self::Leader => "负责人",
            Self::Dispatcher => "值班员",
            Self::Supervisor => "督办员",
        }
    }

    /// The part that one plays in the chat: `member`, `grid_head` or `operator`. Each has a menu.
    pub fn part(self) -> &'static str {
        match self {
            Self::Member | Self::Leader => "member",
            Self::GridHead => "grid_head",
            Self::Dispatcher | Self::Supervisor => "operator",
        }
    }

    /// Whether the role sits at the desk.
    pub fn is_operator(self) -> bool {
        matches!(self, Self::Dispatcher | Self::Supervisor)
    }
}

/// Days on which a member is not called, both included.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Leave {
    /// The first.
    pub from: NaiveDate,
    /// The last.
    pub until: NaiveDate,
}

impl Leave {
    /// Reads `2026-03-02—2026-03-08` or one day; none also where it ends before it begins.
    pub fn read(text: &str) -> Option<Self> {
        let (from, until) = read_days(text)?;
        (from <= until).then_some(Self { from, until })
    }

    /// Whether the day lies within.
    pub fn contains(&self, day: NaiveDate) -> bool {
        (self.from..=self.until).contains(&day)
    }
}

impl fmt::Display for Leave {
    /// As the sheet writes it.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.from == self.until {
            return write!(f, "{}", self.from);
        }
        write!(f, "{}—{}", self.from, self.until)
    }
}

/// One person.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Member {
    /// Unique in the county.
    pub name: String,
    /// What they may do.
    pub role: Role,
    /// Where they work; for an operator, the area that limits them.
    pub area: Option<AreaCode>,
    /// The code of the unit they belong to.
    pub unit: Option<String>,
    /// A mobile or landline number, digits only.
    pub phone: Option<String>,
    /// What they are good at, e.g. 电工.
    pub skills: Vec<String>,
    /// When they may be called; none is always.
    pub duty: Option<Hours>,
    /// When they are away.
    pub leave: Option<Leave>,
    /// They take no more tickets at a time than this.
    pub max_load: Option<u32>,
}

impl Member {
    /// Whether they are on leave that day.
    pub fn is_away(&self, day: NaiveDate) -> bool {
        self.leave.is_some_and(|leave| leave.contains(day))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn leave_includes_its_first_and_its_last_day() {
        let leave = Leave::read("2026-03-02—2026-03-08").unwrap();
        let day = |text| read_days(text).unwrap().0;
        for (text, is_away) in [
            ("2026-03-01", false),
            ("2026-03-02", true),
            ("2026-03-08", true),
            ("2026-03-09", false),
        ] {
            assert_eq!(leave.contains(day(text)), is_away, "{text}");
        }
        assert_eq!(Leave::read("2026-03-08—2026-03-02"), None);
    }
}
