//! What a person can do in the chat, freed from the platform's shapes.

use crate::ticket::{Media, Point};
use serde::{Deserialize, Serialize};

/// Words, and what came with them: kept whole while a question about them is open.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Said {
    /// The words; empty where only a picture came.
    pub text: String,
    /// Pictures and voices.
    pub media: Vec<Media>,
    /// The words were heard, not typed.
    pub by_voice: bool,
}

/// One thing that a person did.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Event {
    /// Typed, or tapped on an inline choice.
    Text(String),
    /// Spoke; the platform may have recognised words.
    Voice {
        /// The recording.
        media: Media,
        /// The recognised words.
        heard: Option<String>,
    },
    /// Sent a photo.
    Photo(Media),
    /// Sent a video.
    Video(Media),
    /// Sent a location.
    Location {
        /// The point.
        point: Point,
        /// The platform's label, possibly empty.
        label: String,
    },
    /// Forwarded an article.
    Link {
        /// Its address, kept as an attachment.
        media: Media,
        /// Its title.
        title: String,
    },
    /// Sent a file, which nobody can fetch.
    File,
    /// Sent a sticker, or something the platform does not show.
    Sticker,
    /// Sent something of a kind that did not exist when this was written.
    Unknown,
    /// Tapped a menu button that carries this key.
    Click(String),
    /// Followed the account, perhaps by a code with a scene.
    Follow(Option<String>),
    /// Scanned a code with a scene, already a follower.
    Scan(String),
    /// Left.
    Unfollow,
}
