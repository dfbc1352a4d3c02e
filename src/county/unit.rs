//! Units: departments, stations and volunteer teams that handle tickets.

use super::area::AreaCode;

/// What sort of unit it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum UnitKind {
    /// 部门: a department of the county.
    Department,
    /// 站: a township's service station or a village's point.
    Station,
    /// 队: a volunteer or expert team.
    Team,
}

impl UnitKind {
    /// Reads the word that a county's sheet uses.
    pub fn read(word: &str) -> Option<Self> {
        Some(match word {
            "部门" | "单位" | "department" => Self::Department,
            "站" | "服务站" | "便民服务站" | "station" => Self::Station,
            "队" | "队伍" | "志愿队" | "team" => Self::Team,
            _ => return None,
        })
    }

    /// What a sheet writes.
    pub fn word(self) -> &'static str {
        match self {
            Self::Department => "部门",
            Self::Station => "站",
            Self::Team => "队",
        }
    }
}

/// One unit.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Unit {
    /// Unique in the county.
    pub code: String,
    /// Unique in the county, e.g. 县公安局.
    pub name: String,
    /// What sort of unit it is.
    pub kind: UnitKind,
    /// The area it is responsible for.
    pub area: AreaCode,
    /// The name of the member who leads it.
    pub leader: Option<String>,
}
