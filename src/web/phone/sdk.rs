//! What a page needs to use the phone's camera and place (JS-SDK). Without it, and whenever the
//! platform does not sign, a page has fields that every browser knows.

use super::door::Door;
use crate::{telemetry::Chain, wechat::page::signature};
use serde::Serialize;

/// The platform's script, and the signature of one page.
#[derive(Debug, Clone, Serialize)]
pub(super) struct Sdk {
    /// Where the script comes from, for the page's policy.
    pub(super) host: String,
    script: String,
    app_id: String,
    timestamp: i64,
    nonce: String,
    signature: String,
}

impl Sdk {
    /// For the page that this request asks for; none where the platform does not sign now.
    pub(super) async fn of(door: &Door) -> Option<Self> {
        let (who, _) = door.visitor.as_ref()?;
        let account = door.app.accounts.get(&who.account)?;
        let ticket = match door.app.client.page_ticket(&account.slug).await {
            Ok(ticket) => ticket,
            Err(error) => {
                tracing::warn!(error = %Chain(&error), "a page is not signed");
                return None;
            }
        };
        let host = door.app.client.page_hosts().script.origin().ascii_serialization();
        let nonce = door.app.ids.fresh().simple().to_string();
        let timestamp = door.now.timestamp();
        // As the browser shows it: what the platform added to the address belongs to it.
        let origin = door.app.public_url.origin().ascii_serialization();
        let url = format!("{origin}{}", door.here);
        Some(Self {
            script: format!("{host}/open/js/jweixin-1.6.0.js"),
            signature: signature(&ticket, &nonce, timestamp, &url),
            host,
            app_id: account.app_id.clone(),
            timestamp,
            nonce,
        })
    }
}
