//! One person on several accounts: what the platform knows and tells (`unionid`), and which account
//! was granted which template.
//!
//! Only accounts that belong to one open-platform account share a `unionid`; nobody has one unless
//! that was arranged here.

use super::state::{Person, Platform};
use serde_json::{Value, json};
use std::collections::{HashMap, HashSet};

/// Who is who.
#[derive(Debug, Default)]
pub(super) struct Unions {
    /// By openid.
    of: HashMap<String, String>,
    /// Templates that belong to one account only, by their ids.
    granted: HashMap<String, HashSet<String>>,
}

impl Unions {
    /// What `user/info` tells of somebody besides.
    pub(super) fn told(&self, person: &Person, mut told: Value) -> Value {
        if let (Some(unionid), Some(fields)) =
            (self.of.get(&person.given.openid), told.as_object_mut())
        {
            fields.insert("unionid".to_owned(), json!(unionid));
        }
        told
    }

    /// Whether the account may use this template.
    pub(super) fn may_use(&self, account: &str, template: &str) -> bool {
        self.granted.get(template).is_none_or(|accounts| accounts.contains(account))
    }
}

impl Platform {
    /// From now on the platform says that these openids are one person.
    pub fn is_one_person(&self, openids: &[&str], unionid: &str) {
        let mut state = self.state();
        state.changes += 1;
        for openid in openids {
            state.unions.of.insert((*openid).to_owned(), unionid.to_owned());
        }
    }

    /// The template belongs to this account, and to those it was granted to before in this way; one
    /// that was never granted so is everybody's.
    pub fn grant(&self, account: &str, template: &str) {
        let mut state = self.state();
        state.unions.granted.entry(template.to_owned()).or_default().insert(account.to_owned());
    }
}
