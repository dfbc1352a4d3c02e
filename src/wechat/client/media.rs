//! Photos, voices and films: fetched within their three days, or put up for an answer.
//!
//! Errors come as JSON under whatever type; a film comes as an address of its own. Deliberately
//! absent: what the bytes are, which only they can tell.

use super::{
    Client, ClientError, Download, Interface, Unclear, Upload,
    http::{Answered, Body, Sent},
    read,
};
use serde::Deserialize;
use url::Url;

/// What the platform takes for a while, and what it then calls it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum UploadKind {
    /// At most 10 MB.
    Image,
    /// At most 2 MB and a minute.
    Voice,
    /// At most 10 MB.
    Video,
}

impl UploadKind {
    const fn code(self) -> &'static str {
        match self {
            Self::Image => "image",
            Self::Voice => "voice",
            Self::Video => "video",
        }
    }
}

#[derive(Deserialize)]
struct Film {
    video_url: String,
}

#[derive(Deserialize)]
struct Uploaded {
    media_id: String,
}

impl Client {
    /// What somebody sent.
    pub async fn media(&self, account: &str, id: &str) -> Result<Download, ClientError> {
        let query = [("media_id", id)];
        let answered = self.ask(account, Interface::MediaGet, None, Sent::query(&query)).await?;
        match answered {
            Answered::File(file) => Ok(file),
            Answered::Json(answer) => {
                let film = Film::deserialize(answer);
                let address = film.ok().and_then(|film| Url::parse(&film.video_url).ok());
                let address = address.ok_or(ClientError::Unknown(Unclear::Shape))?;
                self.0.wire.fetch(address).await
            }
        }
    }

    /// Puts a file up for three days; its media id.
    pub async fn upload(
        &self,
        account: &str,
        kind: UploadKind,
        file: &Upload,
    ) -> Result<String, ClientError> {
        let query = [("type", kind.code())];
        let sent = Sent { query: &query, body: Body::File(file) };
        let answered = self.ask(account, Interface::MediaUpload, None, sent).await?;
        let Uploaded { media_id } = read(answered)?;
        Ok(media_id)
    }
}
