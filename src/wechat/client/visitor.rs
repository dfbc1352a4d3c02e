//! Who visits a page of ours (网页授权), and where the platform's pages are.
//!
//! The code that a visitor brings along is exchanged once for their openid; the token that comes
//! with it is thrown away, because nothing else is asked of the person. The exchange proves who we
//! are by the account's secret, so it happens here and never in a browser.
//!
//! Deliberately absent: names and faces (`snsapi_userinfo`). Nobody needs them.

use super::{Client, ClientError, Interface};
use serde::Deserialize;
use std::fmt;
use url::{Host, Url};

/// Somebody who opened a page of ours.
#[derive(Clone, PartialEq, Eq)]
pub struct Visitor {
    /// The person at this account.
    pub openid: String,
    /// The platform shows a snapshot of the page (快照页) to somebody who did not agree to be
    /// known: the openid is a placeholder, and no person's.
    pub is_snapshot: bool,
}

impl fmt::Debug for Visitor {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Visitor").field("is_snapshot", &self.is_snapshot).finish_non_exhaustive()
    }
}

/// Where pages of the platform are that a visitor's browser asks for by itself.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PageHosts {
    /// Asks who the visitor is.
    pub authorise: Url,
    /// Serves the script that lets a page use the phone's camera and place.
    pub script: Url,
}

#[derive(Deserialize)]
struct Exchanged {
    openid: String,
    #[serde(default)]
    is_snapshotuser: i64,
}

impl Client {
    /// Exchanges the code that a visitor brought along. A code that was used before or is too old
    /// is an error of the class "authorise again".
    pub async fn visitor(&self, account: &str, code: &str) -> Result<Visitor, ClientError> {
        let query = [("code", code), ("grant_type", "authorization_code")];
        let answer: Exchanged = self.ask_by_secret(account, Interface::WebVisitor, &query).await?;
        Ok(Visitor { openid: answer.openid, is_snapshot: answer.is_snapshotuser == 1 })
    }

    /// Where the platform's pages are. A platform on this machine has its own.
    pub fn page_hosts(&self) -> PageHosts {
        let base = &self.0.wire.base;
        let is_here = match base.host() {
            Some(Host::Ipv4(address)) => address.is_loopback(),
            Some(Host::Ipv6(address)) => address.is_loopback(),
            Some(Host::Domain(name)) => name.eq_ignore_ascii_case("localhost"),
            None => false,
        };
        let real = |address: &str| if is_here { Ok(base.clone()) } else { Url::parse(address) };
        PageHosts {
            authorise: real("https://open.weixin.qq.com").unwrap_or_else(|_| base.clone()),
            script: real("https://res.wx.qq.com").unwrap_or_else(|_| base.clone()),
        }
    }
}
