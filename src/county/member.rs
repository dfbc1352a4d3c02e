//! Members: the people who take orders, lead units and sit at the desk.
//!
//! A member is known by name, because that is how operators dispatch; a county with two people of
//! one name tells them apart in the name itself, as everybody there does already.
//!
//! Deliberately absent: who is bound to which openid. That changes by chat, not by workbook.

use super::area::AreaCode;

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

    /// Whether the role sits at the desk.
    pub fn is_operator(self) -> bool {
        matches!(self, Self::Dispatcher | Self::Supervisor)
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
}
