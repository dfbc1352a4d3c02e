//! Customer-service messages (客服消息): text, pictures, voices, an article, while the person's window is open.
//!
//! The platform has no way to tell a repeat, so a call whose outcome is unknown must not be
//! repeated: better an unsaid sentence than a doubled one.
//!
//! Deliberately absent: the ledger of windows and counts (5 in 48 hours after a message, 3 in a
//! minute after a click, a scan or a follow); whoever sends keeps it.

use super::{Client, ClientError, Interface};
use crate::wechat::answer::Article;
use serde::de::IgnoredAny;
use serde_json::{Value, json};

impl Client {
    /// Sends a text of at most 2,000 bytes to a person whose window is open.
    pub async fn send_text(
        &self,
        account: &str,
        openid: &str,
        text: &str,
    ) -> Result<(), ClientError> {
        self.send_custom(account, openid, "text", json!({ "content": text })).await
    }

    /// Sends a picture that was put up at this account.
    pub async fn send_image(
        &self,
        account: &str,
        openid: &str,
        media_id: &str,
    ) -> Result<(), ClientError> {
        self.send_custom(account, openid, "image", json!({ "media_id": media_id })).await
    }

    /// Sends a voice that was put up at this account.
    pub async fn send_voice(
        &self,
        account: &str,
        openid: &str,
        media_id: &str,
    ) -> Result<(), ClientError> {
        self.send_custom(account, openid, "voice", json!({ "media_id": media_id })).await
    }

    /// Sends one article; the platform refuses more.
    pub async fn send_news(
        &self,
        account: &str,
        openid: &str,
        article: &Article,
    ) -> Result<(), ClientError> {
        let articles = json!([{
            "title": article.title,
            "description": article.description,
            "url": article.url,
            "picurl": article.picture_url,
        }]);
        self.send_custom(account, openid, "news", json!({ "articles": articles })).await
    }

    /// Shows that somebody is typing, or takes it back; within half a minute of a word of theirs.
    pub async fn typing(
        &self,
        account: &str,
        openid: &str,
        is_typing: bool,
    ) -> Result<(), ClientError> {
        let command = if is_typing { "Typing" } else { "CancelTyping" };
        let body = json!({ "touser": openid, "command": command });
        let _: IgnoredAny = self.call(account, Interface::Typing, None, Some(&body)).await?;
        Ok(())
    }

    async fn send_custom(
        &self,
        account: &str,
        openid: &str,
        kind: &str,
        content: Value,
    ) -> Result<(), ClientError> {
        let body = json!({ "touser": openid, "msgtype": kind, kind: content });
        let _: IgnoredAny = self.call(account, Interface::CustomSend, None, Some(&body)).await?;
        Ok(())
    }
}
