//! A gateway for short messages, spoken to in the plainest way: one POST of JSON with `to`, `text`
//! and `id`, where the same `id` means the same message. Any status of success is *taken*.
//!
//! A county's own provider is reached by a few lines in front of it that speak this.
//!
//! Deliberately absent: reports of delivery, and repeats of what may have been taken.

use crate::wechat::account::Secret;
use serde_json::json;
use std::{fmt, sync::Arc};
use url::Url;
use uuid::Uuid;

/// Why a short message was not taken.
#[derive(Debug, thiserror::Error)]
pub enum SmsError {
    /// Nothing left this machine.
    #[error("the gateway for short messages was not reached")]
    NotSent(#[source] reqwest::Error),
    /// It may have been taken.
    #[error("whether the short message was taken is unknown")]
    Unknown(#[source] Option<reqwest::Error>),
    /// It says no.
    #[error("the gateway for short messages answered with status {0}")]
    Refused(u16),
}

/// The gateway. Cheap to clone.
#[derive(Clone)]
pub struct Sms(Arc<Inner>);

struct Inner {
    http: reqwest::Client,
    url: Url,
    token: Option<Secret>,
}

impl Sms {
    /// A gateway at this address, with what it asks for as a bearer's token.
    pub fn new(http: reqwest::Client, url: Url, token: Option<Secret>) -> Self {
        Self(Arc::new(Inner { http, url, token }))
    }

    /// Sends a short message.
    pub async fn send(&self, to: &str, text: &str, id: Uuid) -> Result<(), SmsError> {
        let outcome = self.attempt(to, text, id).await;
        let class = match &outcome {
            Ok(()) => "ok",
            Err(SmsError::NotSent(_)) => "retry",
            Err(SmsError::Unknown(_)) => "unknown",
            Err(SmsError::Refused(_)) => "data",
        };
        metrics::counter!("lianxin_sms_total", "class" => class).increment(1);
        outcome
    }

    async fn attempt(&self, to: &str, text: &str, id: Uuid) -> Result<(), SmsError> {
        let Inner { http, url, token } = &*self.0;
        let mut request = http.post(url.clone()).json(&json!({
            "to": to,
            "text": text,
            "id": id.simple().to_string(),
        }));
        if let Some(token) = token {
            request = request.bearer_auth(token.expose());
        }
        let answer = request.send().await.map_err(|error| {
            // The address may hold a secret of the county's.
            let error = error.without_url();
            if error.is_builder() || error.is_connect() {
                SmsError::NotSent(error)
            } else {
                SmsError::Unknown(Some(error))
            }
        })?;
        match answer.status() {
            status if status.is_success() => Ok(()),
            // Some page in between, which may have let it through.
            status if status.is_server_error() => Err(SmsError::Unknown(None)),
            status => Err(SmsError::Refused(status.as_u16())),
        }
    }
}

impl fmt::Debug for Sms {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Sms")
    }
}
