//! Customer-service messages (客服消息): free text while the person's window is open.
//!
//! The platform has no way to tell a repeat, so a call whose outcome is unknown must not be
//! repeated: better an unsaid sentence than a doubled one.
//!
//! Deliberately absent: the ledger of windows and counts (5 in 48 hours after a message, 3 in a
//! minute after a click, a scan or a follow); whoever sends keeps it.

use super::{Client, ClientError, Interface};
use serde::de::IgnoredAny;
use serde_json::json;

impl Client {
    /// Sends a text of at most 2,000 bytes to a person whose window is open.
    pub async fn send_text(
        &self,
        account: &str,
        openid: &str,
        text: &str,
    ) -> Result<(), ClientError> {
        let body = json!({
            "touser": openid,
            "msgtype": "text",
            "text": { "content": text },
        });
        let _: IgnoredAny = self.call(account, Interface::CustomSend, None, Some(&body)).await?;
        Ok(())
    }
}
