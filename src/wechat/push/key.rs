//! What makes two deliveries the same push.
//!
//! A message has an id, but ids of two people have been seen to be equal, so the sender belongs
//! to the key. An event has none: sender and second are what the platform advises, and two
//! events of one person in one second do happen, so everything that tells events apart is added.
//!
//! Deliberately absent: the account, which the inbox keeps beside the key.

use super::{Element, Event};
use crate::wechat::signature::hex;
use sha2::{Digest, Sha256};

/// Longer keys are hashed: menu addresses alone may have 1,024 bytes.
const LONGEST: usize = 200;

/// Equal for every delivery of the same push of an account, and for no other of its pushes.
/// At most 200 bytes. It names an openid: not for logs.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct PushKey(String);

impl PushKey {
    /// The key as it is stored.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    pub(super) fn of_message(root: &Element, from: &str, created: i64) -> Self {
        if let Some(id) = root.word_of("MsgId") {
            return Self::of_parts(&["m", from, id]);
        }
        let text = |name| root.text_of(name).unwrap_or_default();
        let created = created.to_string();
        let parts =
            ["t", from, &created, text("MsgType"), text("Content"), text("MediaId"), text("Label")];
        Self::of_parts(&parts)
    }

    pub(super) fn of_event(root: &Element, from: &str, created: i64, event: &Event) -> Self {
        let word = |name| root.word_of(name).unwrap_or_default();
        let name = word("Event").to_ascii_lowercase();
        let created = created.to_string();
        let about = about(event);
        // Practice differs in whether these come from the platform or from the person.
        let is_of_person = matches!(
            event,
            Event::UserInfoModified { .. }
                | Event::AuthorizationRevoked { .. }
                | Event::AuthorizationCancelled { .. }
        );
        let parts = [
            "e",
            if is_of_person { "" } else { from },
            &created,
            &name,
            word("EventKey"),
            word("MsgID"),
            word("Ticket"),
            about.as_str(),
        ];
        Self::of_parts(&parts)
    }

    fn of_parts(parts: &[&str]) -> Self {
        let plain = parts.join("|");
        let ambiguous = parts.iter().any(|part| part.contains('|'));
        if plain.len() <= LONGEST && !ambiguous {
            return Self(plain);
        }
        let mut digest = Sha256::new();
        for part in parts {
            // The length in front makes ("a|b", "c") and ("a", "b|c") two keys.
            digest.update(format!("{}:{part}", part.len()));
        }
        Self(format!("h|{}", hex(&digest.finalize())))
    }
}

/// Whom or what an event is about where sender and key do not say it: the platform sends the
/// withdrawals of all residents in its own name, and results of several notices in one second.
/// Whoever withdraws is to be forgotten, so their id goes in as a digest.
fn about(event: &Event) -> String {
    match event {
        Event::AuthorizationRevoked { openid, revoked } => {
            format!("{}{}", hex(&Sha256::digest(openid)), revoked.as_deref().unwrap_or_default())
        }
        Event::UserInfoModified { openid } | Event::AuthorizationCancelled { openid } => {
            hex(&Sha256::digest(openid))
        }
        Event::Published { publish_id, .. } => publish_id.clone(),
        Event::SubscriptionPopup(choices) | Event::SubscriptionChange(choices) => {
            let choices: Vec<_> = choices
                .iter()
                .map(|choice| format!("{}={}", choice.template_id, choice.accepted))
                .collect();
            choices.join(",")
        }
        Event::SubscriptionSent(results) => {
            let ids: Vec<_> = results.iter().map(|result| result.msg_id.as_str()).collect();
            ids.join(",")
        }
        _ => String::new(),
    }
}
