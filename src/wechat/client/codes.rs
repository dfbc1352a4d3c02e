//! Codes that carry a scene (带参数的二维码), for good.
//!
//! Whoever scans one follows the account with the scene, or, following already, tells it.
//!
//! Deliberately absent: codes for a while, and pictures: whoever needs one draws the code's
//! address, sharp at any size.

use super::{Client, ClientError, Interface};
use serde::Deserialize;
use serde_json::json;

/// A code for good.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct SceneCode {
    /// Fetches the platform's own picture of it.
    pub ticket: String,
    /// What the code says.
    pub url: String,
}

impl Client {
    /// A code for good, of at most 100,000 of an account; `scene` has 1 to 64 signs.
    pub async fn create_code(&self, account: &str, scene: &str) -> Result<SceneCode, ClientError> {
        let body = json!({
            "action_name": "QR_LIMIT_STR_SCENE",
            "action_info": { "scene": { "scene_str": scene } },
        });
        self.call(account, Interface::CodeCreate, None, Some(&body)).await
    }
}
