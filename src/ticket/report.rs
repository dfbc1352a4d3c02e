//! What a resident said: matter, place, category, contact, pictures.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

/// A place on the map, GCJ-02 degrees, as the platform's location messages give it.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Point {
    /// Latitude, degrees north.
    pub lat: f64,
    /// Longitude, degrees east.
    pub lng: f64,
}

// A coordinate that came in is finite, so equality is total.
impl Eq for Point {}

/// Where it is; any part may be missing.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Place {
    /// In the resident's words.
    pub text: Option<String>,
    /// On the map.
    pub point: Option<Point>,
    /// Code of the smallest area that is known for sure.
    pub area: Option<String>,
}

/// What a media id stands for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[expect(missing_docs, reason = "the names say it")]
pub enum MediaKind {
    Photo,
    Voice,
    Video,
    Link,
}

/// Something sent along with words.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Media {
    /// What it is.
    pub kind: MediaKind,
    /// The platform's media id, good for three days; a link's address.
    pub id: String,
    /// When it came.
    pub at: DateTime<Utc>,
}

/// What a resident said, complete enough to be submitted.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Report {
    /// The matter, in the resident's words.
    pub text: String,
    /// Where.
    pub place: Place,
    /// Category code of the county.
    pub category: String,
    /// A telephone number, if the resident gave one.
    pub contact: Option<String>,
    /// Shown only to those who need it.
    pub confidential: bool,
    /// Somebody may be in danger.
    pub urgent: bool,
    /// Pictures, voices, links, in the order they came.
    pub media: Vec<Media>,
}

impl Report {
    /// How many photos the resident sent.
    pub fn photos(&self) -> usize {
        self.media.iter().filter(|m| m.kind == MediaKind::Photo).count()
    }
}
