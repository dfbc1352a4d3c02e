//! Who and what the pretended platform is made of: accounts, people, templates.
//!
//! Values given at the start, nothing else. What happens to them afterwards is kept in
//! [`super::state`].

use crate::wechat::account::{Mode, Secret};
use serde::{Deserialize, Serialize};
use sha1::{Digest, Sha1};
use std::fmt::Write;

/// One official account as its owner registered it in the platform's console.
#[derive(Debug, Clone)]
pub struct SimulatedAccount {
    /// How people of the simulation refer to it.
    pub slug: String,
    /// The name that phones show above the chat.
    pub name: String,
    /// `wx…`
    pub app_id: String,
    /// Buys access tokens.
    pub app_secret: Secret,
    /// Signs pushes.
    pub token: Secret,
    /// The `EncodingAESKey`: 43 characters. Unused in plain mode.
    pub aes_key: Secret,
    /// `gh_…`
    pub original_id: String,
    /// How pushes are protected.
    pub mode: Mode,
    /// Where pushes go; may be told later, when the service knows its own port.
    pub webhook: Option<String>,
}

/// What a person is to the county. The platform itself does not know; the phones show it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum PersonKind {
    /// Reports and signs off.
    Resident,
    /// Takes orders.
    Volunteer,
    /// Sits at a desk and may act by chat.
    Operator,
}

/// One phone: a person as one account knows them.
#[derive(Debug, Clone)]
pub struct SimulatedPerson {
    /// Short and stable: `phone-<key>` is the phone's id in the page.
    pub key: String,
    /// What the page writes above the phone.
    pub name: String,
    /// The person's id at this account.
    pub openid: String,
    /// What they are to the county.
    pub kind: PersonKind,
    /// Slug of the account.
    pub account: String,
    /// Whether they follow it from the beginning.
    pub follows: bool,
}

impl SimulatedPerson {
    /// Somebody who follows `account`. Key and openid follow from account and name, so that the
    /// same person is known again when the simulation starts anew.
    pub fn named(name: &str, kind: PersonKind, account: &str) -> Self {
        let digest = Sha1::digest(format!("{account}\n{name}"));
        let hex = digest.iter().fold(String::new(), |mut hex, byte| {
            // Writing into a string cannot fail.
            let _ = write!(hex, "{byte:02x}");
            hex
        });
        Self {
            key: hex.chars().take(8).collect(),
            name: name.to_owned(),
            // As long as the platform's own.
            openid: format!("o{}", hex.chars().take(27).collect::<String>()),
            kind,
            account: account.to_owned(),
            follows: true,
        }
    }
}

/// One line of a template message.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SimulatedKeyword {
    /// What the reader sees before the colon.
    pub label: String,
    /// Names the type as well: `thing4`, `const8`.
    pub key: String,
    /// The registered values of a `const` or `enum`; empty for every other type.
    pub allowed: Vec<String>,
}

/// A template that an account was granted.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SimulatedTemplate {
    /// The account's own id of it.
    pub id: String,
    /// Heads the message.
    pub title: String,
    /// Its lines, in order.
    pub keywords: Vec<SimulatedKeyword>,
}

/// A place that a phone offers to send as a location.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct SimulatedPlace {
    /// What the map calls it.
    pub label: String,
    /// GCJ-02, degrees north.
    pub latitude: f64,
    /// GCJ-02, degrees east.
    pub longitude: f64,
}

/// A code on a wall that a phone offers to scan.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct SimulatedCode {
    /// Where it hangs.
    pub label: String,
    /// What it says, for instance `area:130699`.
    pub scene: String,
}
