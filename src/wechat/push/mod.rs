//! A push: one message or event that the platform delivers.
//!
//! [`parse`] is total over genuine pushes: a kind that nobody here knows, or a known kind that
//! lacks what it lives by, becomes `Other` rather than an error, because an error would make the
//! platform repeat the push and show the resident that the service is broken. What is refused is
//! what the platform never sends: no XML, a document type, nobody who speaks.
//!
//! What people wrote arrives byte for byte; trimming is the dialogue's business.
//!
//! Deliberately absent: whether the push is for our account (whoever has the account compares
//! [`Push::to`]), and the JSON form, which official accounts do not get; it is refused as
//! [`BadXml::NotXml`], to be answered with success and reported.

mod event;
mod key;
mod read_event;

pub use event::{Choice, Delivery, Event, Gallery, SentResult, Verification};
pub use key::PushKey;

use super::xml::{self, BadXml, Element};

/// One delivered message or event.
#[derive(Debug, Clone, PartialEq)]
pub struct Push {
    /// The account it was sent to, `gh_…`.
    pub to: String,
    /// Who sent it: a resident's openid, for some events one of the platform's own.
    pub from: String,
    /// When, in seconds since 1970, as the platform says.
    pub created: i64,
    /// Equal for every delivery of the same push, and for no other.
    pub key: PushKey,
    /// What it is.
    pub body: Body,
}

/// What was sent.
#[derive(Debug, Clone, PartialEq)]
pub enum Body {
    /// Something typed, or an item tapped in a message menu.
    Text {
        /// As it was typed.
        content: String,
        /// The tapped item's id, if it was tapped.
        menu_id: Option<String>,
    },
    /// A photo.
    Image {
        /// Fetches it, for three days.
        media_id: String,
        /// Where it can be looked at without a token; for how long is not promised.
        url: Option<String>,
    },
    /// A recorded voice.
    Voice {
        /// Fetches it, for three days.
        media_id: String,
        /// `amr` or `speex`.
        format: Option<String>,
        /// What the platform understood, if the account has that switched on.
        recognition: Option<String>,
    },
    /// A film.
    Video {
        /// Fetches it, for three days.
        media_id: String,
        /// Fetches its still picture.
        thumb_media_id: Option<String>,
        /// Whether it was taken in the chat (小视频).
        short: bool,
    },
    /// A place on the map that the resident chose.
    Location(Spot),
    /// A shared page.
    Link {
        /// May be empty.
        title: String,
        /// May be empty.
        description: String,
        /// Where it leads.
        url: String,
    },
    /// A document. Nothing fetches it.
    File {
        /// Its name, may be empty.
        title: String,
    },
    /// A sticker or something else that the platform does not pass on.
    Unsupported,
    /// A message of a kind unknown here, or without what that kind lives by.
    Other {
        /// What the platform calls it; empty when it says nothing, then there is nobody to answer.
        msg_type: String,
    },
    /// Something happened.
    Event(Event),
}

/// A point on the earth in degrees: finite and on the globe. Which datum is the platform's
/// affair: GCJ-02 for what people choose, probably WGS-84 for what the phone reports.
#[derive(Debug, Clone, PartialEq)]
pub struct Spot {
    /// North of the equator.
    pub latitude: f64,
    /// East of Greenwich.
    pub longitude: f64,
    /// The address in words, where there is one.
    pub label: Option<String>,
}

/// Why a body is no push. Carries nothing of the body.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum BadPush {
    /// Not the XML that the platform sends.
    #[error("the push cannot be read")]
    Xml(#[from] BadXml),
    /// Without this there is no push.
    #[error("the push has no {0}")]
    Missing(&'static str),
    /// `CreateTime` is not a whole number.
    #[error("the time of the push is not a number")]
    Time,
}

/// Reads a clear push, or what an envelope held.
pub fn parse(body: impl AsRef<[u8]>) -> Result<Push, BadPush> {
    let root = xml::read(body.as_ref())?;
    let required = |name| root.word_of(name).ok_or(BadPush::Missing(name));
    let to = required("ToUserName")?.to_owned();
    let from = required("FromUserName")?.to_owned();
    let created = required("CreateTime")?.parse().map_err(|_| BadPush::Time)?;
    let msg_type = root.word_of("MsgType").unwrap_or_default();
    let (key, body) = if msg_type.eq_ignore_ascii_case("event") {
        let event = Event::of(&root);
        (PushKey::of_event(&root, &from, created, &event), Body::Event(event))
    } else {
        (PushKey::of_message(&root, &from, created), Body::of(&root, msg_type))
    };
    Ok(Push { to, from, created, key, body })
}

impl Push {
    /// Whose conversation it belongs to; none where the platform speaks for itself, and for
    /// events unknown here, of which nobody can say whose they are.
    pub fn person(&self) -> Option<&str> {
        match &self.body {
            Body::Event(event) => event.person(&self.from),
            _ => Some(&self.from),
        }
    }

    /// Whether the resident would see an answer to it.
    pub fn replyable(&self) -> bool {
        match &self.body {
            Body::Event(event) => event.replyable(),
            Body::Other { msg_type } => !msg_type.is_empty(),
            _ => true,
        }
    }

    /// A name of its kind for logs and figures, from a closed list: `message:text`,
    /// `event:subscribe`, …
    pub fn kind(&self) -> &'static str {
        match &self.body {
            Body::Text { .. } => "message:text",
            Body::Image { .. } => "message:image",
            Body::Voice { .. } => "message:voice",
            Body::Video { short: false, .. } => "message:video",
            Body::Video { short: true, .. } => "message:shortvideo",
            Body::Location(_) => "message:location",
            Body::Link { .. } => "message:link",
            Body::File { .. } => "message:file",
            Body::Unsupported => "message:unsupported",
            Body::Other { .. } => "message:other",
            Body::Event(event) => event.kind(),
        }
    }
}

impl Body {
    fn of(root: &Element, msg_type: &str) -> Self {
        Self::known(root, msg_type).unwrap_or_else(|| Self::Other { msg_type: msg_type.to_owned() })
    }

    fn known(root: &Element, msg_type: &str) -> Option<Self> {
        let text = |name| root.text_of(name).unwrap_or_default().to_owned();
        let word = |name| root.word_of(name).map(str::to_owned);
        Some(match msg_type.to_ascii_lowercase().as_str() {
            "text" => match text("Content") {
                content if is_unsupported(&content) => Self::Unsupported,
                content => Self::Text { content, menu_id: word("bizmsgmenuid") },
            },
            "image" => Self::Image { media_id: word("MediaId")?, url: word("PicUrl") },
            "voice" => Self::Voice {
                media_id: word("MediaId")?,
                format: word("Format"),
                recognition: root.text_of("Recognition").map(str::to_owned),
            },
            kind @ ("video" | "shortvideo") => Self::Video {
                media_id: word("MediaId")?,
                thumb_media_id: word("ThumbMediaId"),
                short: kind == "shortvideo",
            },
            "location" => Self::Location(Spot::of(root, "Location_X", "Location_Y")?),
            "link" => Self::Link {
                title: text("Title"),
                description: text("Description"),
                url: word("Url")?,
            },
            "file" => Self::File { title: text("Title") },
            _ => return None,
        })
    }
}

impl Spot {
    fn of(element: &Element, latitude: &str, longitude: &str) -> Option<Self> {
        let degrees = |name, most: f64| {
            let value: f64 = element.word_of(name)?.parse().ok()?;
            // This also refuses infinity and what is not a number.
            (-most..=most).contains(&value).then_some(value)
        };
        Some(Self {
            latitude: degrees(latitude, 90.0)?,
            longitude: degrees(longitude, 180.0)?,
            label: element.text_of("Label").map(str::to_owned),
        })
    }
}

/// Whether a text is what the platform writes in the place of a sticker.
fn is_unsupported(content: &str) -> bool {
    content.trim().trim_matches(['【', '】', '[', ']']) == "收到不支持的消息类型，暂无法显示"
}

#[cfg(test)]
mod tests;
