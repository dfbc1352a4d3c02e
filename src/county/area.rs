//! Areas: the county's tree, from the county itself down to grids of about thirty households.
//!
//! A code extends its parent's code, so that a code alone tells where it lies. A tree may leave
//! a level out and may nest several areas on one level.
//!
//! Deliberately absent: the tree itself, which is [`super::County`], and names in sentences,
//! which are [`super::gazetteer`].

use serde::{Deserialize, Serialize};
use std::fmt;

/// What an area is called by machines, e.g. `130699201201`; also the scene of its QR code.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct AreaCode(pub String);

impl AreaCode {
    /// The code as written.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl From<&str> for AreaCode {
    fn from(code: &str) -> Self {
        Self(code.to_owned())
    }
}

impl fmt::Display for AreaCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// How far down the tree an area stands. Ordered: the county is the smallest value.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Level {
    /// 县、市、区
    County,
    /// 乡、镇、街道
    Township,
    /// 片区: several villages together.
    Community,
    /// 村、居委会
    Village,
    /// 网格
    Grid,
}

impl Level {
    /// Reads the word that a county's sheet uses.
    pub fn read(word: &str) -> Option<Self> {
        Some(match word {
            "县" | "市" | "区" | "县级" | "county" => Self::County,
            "乡" | "镇" | "乡镇" | "街道" | "township" => Self::Township,
            "片区" | "农村社区" | "community" => Self::Community,
            "村" | "社区" | "居委会" | "村居" | "village" => Self::Village,
            "网格" | "grid" => Self::Grid,
            _ => return None,
        })
    }

    /// What a sheet writes.
    pub fn word(self) -> &'static str {
        match self {
            Self::County => "县",
            Self::Township => "乡镇",
            Self::Community => "片区",
            Self::Village => "村",
            Self::Grid => "网格",
        }
    }
}

/// A point on the map in GCJ-02, the system in which the platform sends locations.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Point {
    /// Degrees north.
    pub lat: f64,
    /// Degrees east.
    pub lon: f64,
}

impl Point {
    /// Kilometres to another point along the surface.
    pub fn distance_km(self, other: Self) -> f64 {
        // Mean radius of the earth; at a county's scale the error is below one percent.
        const EARTH_KM: f64 = 6371.0;
        let half_lat = ((other.lat - self.lat).to_radians() / 2.0).sin();
        let half_lon = ((other.lon - self.lon).to_radians() / 2.0).sin();
        let along = self.lat.to_radians().cos() * other.lat.to_radians().cos();
        let chord = half_lat.mul_add(half_lat, along * half_lon * half_lon);
        2.0 * EARTH_KM * chord.sqrt().min(1.0).asin()
    }
}

/// The rectangle a county lies in, edges included.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Bounds {
    /// Least latitude.
    pub south: f64,
    /// Greatest latitude.
    pub north: f64,
    /// Least longitude.
    pub west: f64,
    /// Greatest longitude.
    pub east: f64,
}

impl Bounds {
    /// Whether the point lies in the rectangle.
    pub fn contains(&self, point: Point) -> bool {
        (self.south..=self.north).contains(&point.lat)
            && (self.west..=self.east).contains(&point.lon)
    }
}

/// One node of the county's tree.
#[derive(Debug, Clone, PartialEq)]
pub struct Area {
    /// Unique in the county.
    pub code: AreaCode,
    /// As residents and operators call it, e.g. 王庄村. Two villages may share a name.
    pub name: String,
    /// The next area up; none for the county itself.
    pub parent: Option<AreaCode>,
    /// How far down it stands.
    pub level: Level,
    /// Its middle, where known.
    pub point: Option<Point>,
    /// Other names in use, old ones and nicknames.
    pub aliases: Vec<String>,
}

impl Area {
    /// Whether naming it answers "where?": a village or less is enough to send somebody.
    pub fn is_precise(&self) -> bool {
        self.level >= Level::Village
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_hundredth_of_a_degree_north_is_a_little_over_a_kilometre() {
        let here = Point { lat: 38.9912, lon: 116.1034 };
        let there = Point { lat: 39.0012, lon: 116.1034 };
        let distance = here.distance_km(there);
        assert!((1.10..1.13).contains(&distance), "{distance}");
        assert!(here.distance_km(here).abs() < f64::EPSILON);
    }

    #[test]
    fn a_township_does_not_answer_where_but_a_village_does() {
        let area = |level| Area {
            code: "1".into(),
            name: String::new(),
            parent: None,
            level,
            point: None,
            aliases: vec![],
        };
        assert!(!area(Level::Township).is_precise());
        assert!(!area(Level::Community).is_precise());
        assert!(area(Level::Village).is_precise());
        assert!(area(Level::Grid).is_precise());
    }
}
