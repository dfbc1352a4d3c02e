//! What the platform tells of a follower.
//!
//! Deliberately absent: names and pictures, which it does not tell any more, and its remarks and
//! tags, which are ours already.

use super::{Client, ClientError, Interface};
use serde::Deserialize;

/// A follower, as far as the platform tells.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct Follow {
    /// 1 where they follow; nothing else is told of those who do not.
    subscribe: u8,
    /// The same on all accounts of one owner; only where the account belongs to an open-platform
    /// account.
    #[serde(default)]
    unionid: Option<String>,
}

impl Follow {
    /// Whether they follow the account.
    pub fn follows(&self) -> bool {
        self.subscribe == 1
    }

    /// By what they are known on the owner's other accounts, if the platform tells.
    pub fn unionid(&self) -> Option<&str> {
        self.unionid.as_deref().filter(|id| !id.is_empty())
    }
}

impl Client {
    /// Asks the platform about a follower.
    pub async fn follow(&self, account: &str, openid: &str) -> Result<Follow, ClientError> {
        self.look(account, Interface::UserInfo, &[("openid", openid), ("lang", "zh_CN")]).await
    }
}
