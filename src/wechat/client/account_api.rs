//! What the platform says about the account itself.
//!
//! Deliberately absent: whatever changes the account. A menu, a quota or a template is an
//! operator's decision.

use super::{Client, ClientError, Interface};
use serde::Deserialize;
use serde_json::json;

/// How the platform sees the address of our webhook, from its own machines.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct CallbackCheck {
    /// The addresses that its name resolves to.
    #[serde(default)]
    pub dns: Vec<CallbackAddress>,
    /// How each of them answers.
    #[serde(default)]
    pub ping: Vec<CallbackPing>,
}

/// One address behind the webhook's name.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct CallbackAddress {
    /// The address.
    pub ip: String,
    /// Whose network it is in.
    #[serde(default)]
    pub real_operator: String,
}

/// How one address answers the platform's pings.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct CallbackPing {
    /// The address.
    pub ip: String,
    /// From whose network it was tried.
    #[serde(default)]
    pub from_operator: String,
    /// How much was lost, e.g. `0%`.
    #[serde(default)]
    pub package_loss: String,
    /// How long it took, e.g. `23.079ms`.
    #[serde(default)]
    pub time: String,
}

impl CallbackCheck {
    /// Whether the name resolves and some address answers without loss. Where pings are blocked
    /// on purpose nothing answers, and the webhook works all the same: a hint, not a verdict.
    pub fn is_reachable(&self) -> bool {
        !self.dns.is_empty() && self.ping.iter().any(|ping| ping.package_loss == "0%")
    }
}

impl Client {
    /// Lets the platform test the address of the account's webhook.
    pub async fn check_callback(&self, account: &str) -> Result<CallbackCheck, ClientError> {
        let body = json!({ "action": "all", "check_operator": "DEFAULT" });
        self.call(account, Interface::CallbackCheck, None, Some(&body)).await
    }
}
