//! What we sign and give away: links to one ticket for one person, and who a browser was found to
//! be. Pure.
//!
//! A link names no person: its tag holds the follower, so that whoever reads it has to know
//! already whom it could be for, and it opens nothing for anybody else. It ends by itself after
//! [`LINK_DAYS`], and earlier when the person has nothing to do with the ticket any more, because
//! then nobody tries them. What is sealed for a purpose is good for no other.
//!
//! Deliberately absent: keys, cookies and addresses of pages.

use crate::{
    ticket::{Follower, TicketId},
    wechat::account::Secret,
};
use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use chrono::{DateTime, TimeDelta, Utc};
use hmac::{Hmac, KeyInit, Mac};
use serde::{Serialize, de::DeserializeOwned};
use sha2::Sha256;
use subtle::ConstantTimeEq;
use uuid::Uuid;

/// How long a link shows its ticket.
pub const LINK_DAYS: i64 = 7;

/// Half of the digest: as much as nobody guesses, and a link stays short.
const TAG: usize = 16;
const LENGTH: usize = 16 + 8 + TAG;

/// A link as it came back.
#[derive(Clone, PartialEq, Eq)]
pub struct TicketLink {
    /// Which ticket it says it shows.
    pub ticket: TicketId,
    until: i64,
    tag: [u8; TAG],
}

/// The part of an address that shows this ticket to this person for [`LINK_DAYS`].
pub fn ticket_link(key: &Secret, ticket: TicketId, to: &Follower, now: DateTime<Utc>) -> String {
    let until = (now + TimeDelta::days(LINK_DAYS)).timestamp();
    let mut bytes = Vec::with_capacity(LENGTH);
    bytes.extend_from_slice(ticket.0.as_bytes());
    bytes.extend_from_slice(&until.to_be_bytes());
    bytes.extend_from_slice(&link_tag(key, ticket, to, until));
    URL_SAFE_NO_PAD.encode(bytes)
}

impl TicketLink {
    /// Reads one; nothing of it is believed before [`TicketLink::is_for`] says so.
    pub fn read(text: &str) -> Option<Self> {
        let bytes = URL_SAFE_NO_PAD.decode(text).ok().filter(|bytes| bytes.len() == LENGTH)?;
        let (ticket, rest) = bytes.split_first_chunk::<16>()?;
        let (until, tag) = rest.split_first_chunk::<8>()?;
        Some(Self {
            ticket: TicketId(Uuid::from_bytes(*ticket)),
            until: i64::from_be_bytes(*until),
            tag: tag.try_into().ok()?,
        })
    }

    /// Whether we made it, for this person, and not too long ago.
    pub fn is_for(&self, key: &Secret, follower: &Follower, now: DateTime<Utc>) -> bool {
        let expected = link_tag(key, self.ticket, follower, self.until);
        bool::from(expected.ct_eq(&self.tag)) && now.timestamp() < self.until
    }
}

fn link_tag(key: &Secret, ticket: TicketId, to: &Follower, until: i64) -> [u8; TAG] {
    // Neither a slug nor an openid has a line break in it.
    let of = format!("{}\n{until}\n{}\n{}", ticket.0.simple(), to.account, to.openid);
    tag(key, "ticket link", of.as_bytes())
}

/// Seals a value for one purpose: everybody can read it, nobody else can make it.
pub fn sealed<T: Serialize>(key: &Secret, purpose: &str, value: &T) -> Option<String> {
    let written = serde_json::to_vec(value).ok()?;
    let tag = URL_SAFE_NO_PAD.encode(tag(key, purpose, &written));
    Some(format!("{}.{tag}", URL_SAFE_NO_PAD.encode(written)))
}

/// The value of a seal of ours for this purpose.
pub fn opened<T: DeserializeOwned>(key: &Secret, purpose: &str, text: &str) -> Option<T> {
    let (written, given) = text.split_once('.')?;
    let written = URL_SAFE_NO_PAD.decode(written).ok()?;
    let given = URL_SAFE_NO_PAD.decode(given).ok()?;
    let is_ours = bool::from(tag(key, purpose, &written).as_slice().ct_eq(&given));
    if is_ours { serde_json::from_slice(&written).ok() } else { None }
}

fn tag(key: &Secret, purpose: &str, of: &[u8]) -> [u8; TAG] {
    // Any length is a key to HMAC; should that ever change, nothing we sign opens anything.
    let Ok(mut mac) = Hmac::<Sha256>::new_from_slice(key.expose().as_bytes()) else {
        return [0; TAG];
    };
    mac.update(purpose.as_bytes());
    mac.update(b"\0");
    mac.update(of);
    let full = mac.finalize().into_bytes();
    let mut tag = [0; TAG];
    for (to, from) in tag.iter_mut().zip(full) {
        *to = from;
    }
    tag
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::{Value, json};

    fn key() -> Secret {
        Secret::new("signs links")
    }

    fn wang() -> Follower {
        Follower { account: "main".to_owned(), openid: "oWang".to_owned() }
    }

    fn now() -> DateTime<Utc> {
        DateTime::from_timestamp(1_772_413_200, 0).unwrap()
    }

    #[test]
    fn a_link_opens_its_ticket_for_its_person_and_nobody_else() {
        let ticket = TicketId(Uuid::from_u128(7));
        let text = ticket_link(&key(), ticket, &wang(), now());
        let link = TicketLink::read(&text).unwrap();
        assert_eq!(link.ticket, ticket);
        assert!(link.is_for(&key(), &wang(), now()));
        assert!(!link.is_for(&Secret::new("another"), &wang(), now()));
        for (account, openid) in [("main", "oLi"), ("other", "oWang"), ("mai", "noWang")] {
            let other = Follower { account: account.to_owned(), openid: openid.to_owned() };
            assert!(!link.is_for(&key(), &other, now()), "{account} {openid}");
        }
        assert!(!text.contains("oWang"));
    }

    #[test]
    fn a_link_ends_after_seven_days_and_cannot_be_made_longer() {
        let text = ticket_link(&key(), TicketId(Uuid::from_u128(7)), &wang(), now());
        let link = TicketLink::read(&text).unwrap();
        assert!(link.is_for(&key(), &wang(), now() + TimeDelta::days(7) - TimeDelta::seconds(1)));
        assert!(!link.is_for(&key(), &wang(), now() + TimeDelta::days(7)));
        let longer = TicketLink { until: link.until + 60, ..link };
        assert!(!longer.is_for(&key(), &wang(), now()));
    }

    #[test]
    fn every_byte_of_a_link_counts() {
        let text = ticket_link(&key(), TicketId(Uuid::from_u128(7)), &wang(), now());
        let bytes = URL_SAFE_NO_PAD.decode(&text).unwrap();
        for at in 0..bytes.len() {
            let mut changed = bytes.clone();
            changed[at] ^= 1;
            let link = TicketLink::read(&URL_SAFE_NO_PAD.encode(changed)).unwrap();
            assert!(!link.is_for(&key(), &wang(), now()), "byte {at}");
        }
        assert!(TicketLink::read("LX260302123456").is_none());
        assert!(TicketLink::read(&text[1..]).is_none());
    }

    #[test]
    fn a_seal_is_good_for_its_purpose_only() {
        let text = sealed(&key(), "visitor", &json!({ "who": 1 })).unwrap();
        assert_eq!(opened::<Value>(&key(), "visitor", &text).unwrap()["who"], 1);
        assert!(opened::<Value>(&key(), "way in", &text).is_none());
        assert!(opened::<Value>(&Secret::new("x"), "visitor", &text).is_none());
        let (_, tag) = text.split_once('.').unwrap();
        let forged = format!("{}.{tag}", URL_SAFE_NO_PAD.encode(r#"{"who":2}"#));
        assert!(opened::<Value>(&key(), "visitor", &forged).is_none());
    }
}
