//! One official account as the platform knows it: identity, secrets, message mode, templates.
//!
//! Values only; they are read from the environment by [`crate::config`], or made up by the demo.
//! A secret never prints itself.

use super::envelope::AesKey;
use std::{collections::BTreeMap, fmt, path::PathBuf};

/// A secret string: its `Debug` shows nothing, and it has no `Display`.
#[derive(Clone, PartialEq, Eq)]
pub struct Secret(String);

impl Secret {
    /// Wraps a secret.
    pub fn new(value: impl Into<String>) -> Self {
        Self(value.into())
    }

    /// The secret itself: for signing and for the platform's own requests, nothing else.
    pub fn expose(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("***")
    }
}

/// How the platform protects what it pushes (消息加解密方式). Chosen by configuration, never
/// inferred from a request: a request could ask for less than the account promises.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Mode {
    /// 明文: the signature does not cover the body.
    Plain,
    /// 兼容: clear and sealed side by side; only the sealed part counts.
    Compat,
    /// 安全: sealed only.
    #[default]
    Safe,
}

/// Which template carries a notice, and which of its keyword keys carries which field of ours.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Template {
    /// The account's own template id.
    pub id: String,
    /// Keyword key (`thing4`, `const8`, …) to the name of the notice's field.
    pub keywords: BTreeMap<String, String>,
}

/// One official account.
#[derive(Debug, Clone)]
pub struct Account {
    /// What the address of its webhook and all its rows call it, in lower case.
    pub slug: String,
    /// `wx…`
    pub app_id: String,
    /// Fetches access tokens.
    pub app_secret: Secret,
    /// Signs pushes; the first is current, a second one may still arrive while it is rotated.
    pub tokens: Vec<Secret>,
    /// Opens sealed pushes; current first. Never empty unless the mode is plain.
    pub aes_keys: Vec<AesKey>,
    /// `gh_…`, the `ToUserName` of its pushes.
    pub original_id: String,
    /// How pushes are protected.
    pub mode: Mode,
    /// Whether members and operators may act by chat: not where the signature leaves the body
    /// open to change, except on the demo's own loopback.
    pub trusts_chat: bool,
    /// Notice kind to template; empty where the account has none.
    pub templates: BTreeMap<String, Template>,
    /// Notice kind to the template of a long-term subscription (长期订阅通知); empty where the
    /// account has none.
    pub subscriptions: BTreeMap<String, Template>,
    /// What operators call it.
    pub name: String,
    /// Whether a page of ours may ask who visits it (网页授权), which needs a verified service
    /// account with our host as its domain.
    pub has_web_auth: bool,
    /// The file that proves to the platform that a domain is ours: its name, and what is in it.
    pub domain_proof: Option<(String, String)>,
    /// The file that describes its menus.
    pub menu: Option<PathBuf>,
    /// A folder of texts that this account says in its own words.
    pub wording: Option<PathBuf>,
    /// Where somebody who asks for a person is heard.
    pub seats: Seats,
}

/// Where somebody who asks for a person (人工) is heard.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Seats {
    /// In the console's conversation view.
    #[default]
    Console,
    /// At the platform's own customer-service seats (微信客服).
    Platform,
}
