//! Robots of groups (企业微信群机器人): who has the key writes into the group.
//!
//! The key stands in the address and is the whole secret; no error or figure holds it. There is no
//! access token and no way to tell a repeat.
//!
//! Deliberately absent: how often a robot may speak (20 times a minute), which is a matter of all
//! that it has to say.

use super::{
    ClientError, Interface,
    http::{Body, Sent, Wire},
};
use crate::wechat::account::Secret;
use serde_json::json;
use std::{fmt, sync::Arc};
use url::Url;

/// The longest text that a robot says, in bytes.
pub const LONGEST_TEXT: usize = 2048;

/// What figures and logs call whoever asks.
const WHO: &str = "groups";

/// The interface of groups' robots. Cheap to clone.
#[derive(Clone)]
pub struct Groups(Arc<Wire>);

impl Groups {
    /// The interface at this address.
    pub fn new(http: reqwest::Client, base: Url) -> Self {
        Self(Arc::new(Wire { http, base }))
    }

    /// Says a text of at most [`LONGEST_TEXT`] bytes.
    pub async fn say(&self, key: &Secret, text: &str) -> Result<(), ClientError> {
        let body = json!({ "msgtype": "text", "text": { "content": text } });
        let query = [("key", key.expose())];
        let sent = Sent { query: &query, body: Body::Json(&body) };
        self.0.exchange(WHO, Interface::GroupRobot, None, sent).await.map(drop)
    }
}

impl fmt::Debug for Groups {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Groups")
    }
}
