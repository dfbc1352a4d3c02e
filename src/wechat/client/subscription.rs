//! Notifications that somebody subscribed to (订阅通知, bizsend).
//!
//! They reach who consented, whether they follow the account or not; the platform's word on the
//! delivery comes as an event. There is no way to tell a repeat, so a call of unknown outcome is
//! not repeated.
//!
//! Deliberately absent: consents, which whoever sends keeps.

use super::{Client, ClientError, Interface};
use serde::Deserialize;
use serde_json::{Map, Value, json};

/// A filled-in notification.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Notification {
    /// To whom.
    pub openid: String,
    /// The account's own template.
    pub template_id: String,
    /// The page behind the notification.
    pub page: Option<String>,
    /// Keyword key and value, fitted to the type in the key.
    pub fields: Vec<(String, String)>,
}

#[derive(Deserialize)]
struct Accepted {
    /// Not every account's platform gives one.
    #[serde(default)]
    msgid: Option<i64>,
}

impl Client {
    /// Sends a notification; the platform's number for it, where it gives one.
    pub async fn send_notification(
        &self,
        account: &str,
        notification: &Notification,
    ) -> Result<Option<i64>, ClientError> {
        let data: Map<String, Value> = notification
            .fields
            .iter()
            .map(|(key, value)| (key.clone(), json!({ "value": value })))
            .collect();
        let mut body = json!({
            "touser": notification.openid,
            "template_id": notification.template_id,
            "data": data,
        });
        if let (Some(page), Some(body)) = (&notification.page, body.as_object_mut()) {
            body.insert("page".to_owned(), json!(page));
        }
        let template = Some(notification.template_id.as_str());
        let sent: Accepted =
            self.call(account, Interface::SubscriptionSend, template, Some(&body)).await?;
        Ok(sent.msgid)
    }
}
