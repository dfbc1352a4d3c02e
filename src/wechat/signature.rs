//! Signatures: who pushes to us knows the account's token.
//!
//! A signature is the lower-case hex SHA-1 of the token and the request's own strings, sorted
//! byte by byte and put together without separators. It is compared in constant time and to the
//! letter. During a rotation several tokens are good.
//!
//! Deliberately absent: a window of freshness. The platform promises nothing about `timestamp`
//! and repeats a push with the same one; a replay is stopped by the inbox, which remembers the
//! key of each push for 90 days.

use super::account::Secret;
use serde::Deserialize;
use sha1::{Digest, Sha1};
use subtle::{Choice, ConstantTimeEq};

/// What the platform puts into the address of a request. It names an openid, so it has no `Debug`.
#[derive(Clone, Default, Deserialize)]
#[serde(default)]
pub struct Query {
    /// Over token, timestamp and nonce.
    pub signature: String,
    /// Seconds, as text: it is signed as it stands.
    pub timestamp: String,
    /// A random number, as text.
    pub nonce: String,
    /// Who sent the message; the body says it too, and the body counts.
    pub openid: Option<String>,
    /// `aes`, `raw` or absent. What an account expects is configured, never read from here.
    pub encrypt_type: Option<String>,
    /// Over the sealed text as well.
    pub msg_signature: Option<String>,
    /// To be echoed when the address is registered; not signed.
    pub echostr: Option<String>,
}

/// No token of the account made this signature.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("the signature is not the account's")]
pub struct BadSignature;

/// The signature over `parts`; one of them is the token.
pub fn sign(parts: &[&str]) -> String {
    let mut sorted = parts.to_vec();
    sorted.sort_unstable();
    let mut digest = Sha1::new();
    for part in sorted {
        digest.update(part);
    }
    hex(&digest.finalize())
}

/// Bytes as lower-case hexadecimal digits.
pub(super) fn hex(bytes: &[u8]) -> String {
    let digits = bytes.iter().flat_map(|byte| [byte >> 4, byte & 0xf]);
    digits.filter_map(|digit| char::from_digit(digit.into(), 16)).collect()
}

/// Checks `signature`: on the registration of the address and on each push.
pub fn verify(tokens: &[Secret], query: &Query) -> Result<(), BadSignature> {
    one_of(tokens, &query.signature, &[&query.timestamp, &query.nonce])
}

/// Checks `msg_signature`, which covers the sealed text.
pub fn verify_message(tokens: &[Secret], query: &Query, encrypt: &str) -> Result<(), BadSignature> {
    let given = query.msg_signature.as_deref().unwrap_or_default();
    one_of(tokens, given, &[&query.timestamp, &query.nonce, encrypt])
}

fn one_of(tokens: &[Secret], given: &str, signed: &[&str]) -> Result<(), BadSignature> {
    let mut good = Choice::from(0);
    // An empty token would let everybody sign. Every token is tried, so that the time
    // that this takes does not tell which one fits.
    for token in tokens.iter().filter(|token| !token.expose().is_empty()) {
        let mut parts = signed.to_vec();
        parts.push(token.expose());
        good |= sign(&parts).as_bytes().ct_eq(given.as_bytes());
    }
    if bool::from(good) { Ok(()) } else { Err(BadSignature) }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn query(signature: &str) -> Query {
        Query {
            signature: signature.to_owned(),
            timestamp: "1767225600".to_owned(),
            nonce: "1320562132".to_owned(),
            ..Query::default()
        }
    }

    #[test]
    fn nothing_but_the_exact_signature_of_a_known_token_passes() {
        let token = [Secret::new("MadeUpToken")];
        let right = sign(&["MadeUpToken", "1767225600", "1320562132"]);
        assert_eq!(verify(&token, &query(&right)), Ok(()));
        for wrong in ["", &right.to_uppercase(), &format!("{right} "), &right[..39], "连心"] {
            assert_eq!(verify(&token, &query(wrong)), Err(BadSignature), "{wrong}");
        }
        assert_eq!(verify(&[], &query(&right)), Err(BadSignature));
    }

    #[test]
    fn an_empty_token_signs_nothing() {
        let forged = sign(&["", "1767225600", "1320562132"]);
        assert_eq!(verify(&[Secret::new("")], &query(&forged)), Err(BadSignature));
    }

    #[test]
    fn the_previous_token_is_good_while_it_is_rotated() {
        let signed = query(&sign(&["Previous", "1767225600", "1320562132"]));
        let both = [Secret::new("Current"), Secret::new("Previous")];
        assert_eq!(verify(&both, &signed), Ok(()));
        assert_eq!(verify(&both[..1], &signed), Err(BadSignature));
    }

    #[test]
    fn the_message_signature_covers_the_sealed_text() {
        let tokens = [Secret::new("MadeUpToken")];
        let mut signed = query("");
        assert_eq!(verify_message(&tokens, &signed, "c2VhbGVk"), Err(BadSignature));
        signed.msg_signature = Some(sign(&["MadeUpToken", "1767225600", "1320562132", "c2VhbGVk"]));
        assert_eq!(verify_message(&tokens, &signed, "c2VhbGVk"), Ok(()));
        assert_eq!(verify_message(&tokens, &signed, "c2VhbGVl"), Err(BadSignature));
    }
}
