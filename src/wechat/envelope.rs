//! Sealed messages (消息加解密): opening what the platform pushes, sealing what we answer.
//!
//! A frame is `16 random bytes | length of the message, big-endian | message | app id`, padded
//! to 32 bytes, AES-256-CBC, base64. Opening checks everything that can be checked, in that
//! order from outside in, and names the first thing that is wrong, never what was inside.
//!
//! Deliberately absent: randomness and time (taken as parameters), and the signature, which
//! [`super::signature`] checks *before* anything here is asked to decrypt.

use super::{account::Secret, signature, xml};
use aes::cipher::{Array, BlockModeDecrypt, BlockModeEncrypt, KeyIvInit};
use base64::{
    Engine,
    alphabet::STANDARD as ALPHABET,
    engine::general_purpose::{GeneralPurpose, GeneralPurposeConfig, STANDARD},
};

/// The platform pads to the size of the key, not to the 16 bytes of an AES block.
const BLOCK: usize = 32;
const RANDOM: usize = 16;

/// 43 characters carry 258 bits: the last two say nothing, and most keys have them set.
const KEY_FORMAT: GeneralPurpose = GeneralPurpose::new(
    &ALPHABET,
    GeneralPurposeConfig::new().with_decode_allow_trailing_bits(true),
);

/// The 32-byte key behind an `EncodingAESKey`.
#[derive(Clone, PartialEq, Eq)]
pub struct AesKey([u8; 32]);

/// An `EncodingAESKey` is not 43 characters of letters and digits.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("an EncodingAESKey has 43 characters, letters and digits")]
pub struct BadAesKey;

impl AesKey {
    /// Reads the 43 characters that the platform's console shows.
    pub fn parse(encoding_aes_key: &str) -> Result<Self, BadAesKey> {
        if encoding_aes_key.len() != 43 {
            return Err(BadAesKey);
        }
        let bytes = KEY_FORMAT.decode(format!("{encoding_aes_key}=")).map_err(|_| BadAesKey)?;
        bytes.try_into().map(Self).map_err(|_| BadAesKey)
    }

    /// The platform uses the beginning of the key as its constant initial vector.
    fn initial_vector(&self) -> [u8; 16] {
        let mut vector = [0; 16];
        vector.copy_from_slice(&self.0[..16]);
        vector
    }
}

impl std::fmt::Debug for AesKey {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("***")
    }
}

/// Why a sealed message does not open. Names the class, never the content.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum EnvelopeError {
    /// The body has no `Encrypt` in an `<xml>` root.
    #[error("the body is not an envelope")]
    NotAnEnvelope,
    /// The account has no key at all.
    #[error("the account has no key to open envelopes")]
    NoKey,
    /// The sealed text is not base64.
    #[error("the sealed text is not base64")]
    Base64,
    /// Nothing, or not a multiple of 32 bytes.
    #[error("the sealed text is not whole blocks of 32 bytes")]
    BlockSize,
    /// The padding contradicts itself: most likely another key.
    #[error("the padding is wrong")]
    Padding,
    /// The message is said to be longer than the frame.
    #[error("the length of the message is wrong")]
    Length,
    /// Sealed for another account.
    #[error("the message is for another app id")]
    AppId,
    /// The message is not UTF-8.
    #[error("the message is not UTF-8")]
    Utf8,
}

/// The outer body of a sealed push, or of a sealed answer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Sealed {
    /// The account it is for (`gh_…`), where it says so; the frame inside counts.
    pub to: Option<String>,
    /// The sealed text, as it was signed.
    pub encrypt: String,
}

/// Takes the sealed text out of the body of a push.
///
/// In compat mode clear fields stand beside it; they are covered by no signature and left alone.
pub fn sealed_parts(body: &[u8]) -> Result<Sealed, EnvelopeError> {
    let root = xml::read(body).map_err(|_| EnvelopeError::NotAnEnvelope)?;
    let encrypt = root.word_of("Encrypt").ok_or(EnvelopeError::NotAnEnvelope)?.to_owned();
    Ok(Sealed { to: root.word_of("ToUserName").map(str::to_owned), encrypt })
}

/// Opens a sealed text with whichever key fits; the first one is current. If none fits, the
/// error is the current key's.
pub fn open_any(keys: &[AesKey], app_id: &str, encrypt: &str) -> Result<String, EnvelopeError> {
    let (current, previous) = keys.split_first().ok_or(EnvelopeError::NoKey)?;
    open(current, app_id, encrypt).or_else(|error| {
        previous.iter().find_map(|key| open(key, app_id, encrypt).ok()).ok_or(error)
    })
}

/// Opens a sealed text.
pub fn open(key: &AesKey, app_id: &str, encrypt: &str) -> Result<String, EnvelopeError> {
    let mut frame = STANDARD.decode(encrypt).map_err(|_| EnvelopeError::Base64)?;
    if frame.is_empty() || !frame.len().is_multiple_of(BLOCK) {
        return Err(EnvelopeError::BlockSize);
    }
    let (blocks, _) = Array::slice_as_chunks_mut(&mut frame);
    cbc::Decryptor::<aes::Aes256>::new(&key.0.into(), &key.initial_vector().into())
        .decrypt_blocks(blocks);

    let frame = without_padding(&frame).ok_or(EnvelopeError::Padding)?;
    let (length, rest) = frame
        .get(RANDOM..)
        .and_then(|rest| rest.split_first_chunk())
        .ok_or(EnvelopeError::Length)?;
    let length = usize::try_from(u32::from_be_bytes(*length)).map_err(|_| EnvelopeError::Length)?;
    let (message, tail) = rest.split_at_checked(length).ok_or(EnvelopeError::Length)?;
    if tail != app_id.as_bytes() {
        return Err(EnvelopeError::AppId);
    }
    String::from_utf8(message.to_vec()).map_err(|_| EnvelopeError::Utf8)
}

fn without_padding(frame: &[u8]) -> Option<&[u8]> {
    let count = *frame.last()?;
    let (kept, padding) = frame.split_at_checked(frame.len().checked_sub(usize::from(count))?)?;
    let whole = (1..=BLOCK).contains(&padding.len()) && padding.iter().all(|byte| *byte == count);
    whole.then_some(kept)
}

/// Seals a message for the platform. `random` must never be the same twice: it is all that
/// makes two equal messages look different.
#[expect(clippy::cast_possible_truncation, reason = "counts of padding; messages of kilobytes")]
pub fn seal(key: &AesKey, app_id: &str, random: [u8; RANDOM], message: &str) -> String {
    let mut frame = random.to_vec();
    frame.extend_from_slice(&(message.len() as u32).to_be_bytes());
    frame.extend_from_slice(message.as_bytes());
    frame.extend_from_slice(app_id.as_bytes());
    // A frame that is whole already gets a full block, so that there is always padding to see.
    let padding = BLOCK - frame.len() % BLOCK;
    frame.resize(frame.len() + padding, padding as u8);

    encrypt(key, frame)
}

fn encrypt(key: &AesKey, mut frame: Vec<u8>) -> String {
    let (blocks, _) = Array::slice_as_chunks_mut(&mut frame);
    cbc::Encryptor::<aes::Aes256>::new(&key.0.into(), &key.initial_vector().into())
        .encrypt_blocks(blocks);
    STANDARD.encode(frame)
}

/// The body of a sealed answer: the sealed text, signed anew.
pub fn reply(token: &Secret, encrypt: &str, timestamp: i64, nonce: &str) -> String {
    let signature = signature::sign(&[token.expose(), &timestamp.to_string(), nonce, encrypt]);
    format!(
        "<xml>{}{}<TimeStamp>{timestamp}</TimeStamp>{}</xml>",
        xml::element("Encrypt", encrypt),
        xml::element("MsgSignature", &signature),
        xml::element("Nonce", nonce),
    )
}

/// The other side of [`reply`], as the platform reads it: the sealed text and the parts of its
/// signature in the form in which [`signature::verify_message`] takes them.
pub fn read_reply(body: &[u8]) -> Option<(Sealed, signature::Query)> {
    let sealed = sealed_parts(body).ok()?;
    let root = xml::read(body).ok()?;
    let query = signature::Query {
        timestamp: root.word_of("TimeStamp")?.to_owned(),
        nonce: root.word_of("Nonce")?.to_owned(),
        msg_signature: Some(root.word_of("MsgSignature")?.to_owned()),
        ..signature::Query::default()
    };
    Some((sealed, query))
}

#[cfg(test)]
mod tests {
    use super::*;

    const CURRENT: &str = "abcdefghijklmnopqrstuvwxyz0123456789ABCDEFG";
    const PREVIOUS: &str = "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8";

    fn key(text: &str) -> AesKey {
        AesKey::parse(text).unwrap()
    }

    #[test]
    fn a_key_is_43_characters_whatever_its_last_two_bits() {
        assert!(AesKey::parse(CURRENT).is_ok());
        assert!(AesKey::parse(PREVIOUS).is_ok());
        for wrong in ["", &CURRENT[1..], &format!("{CURRENT}="), &CURRENT.replace('a', "@")] {
            assert_eq!(AesKey::parse(wrong), Err(BadAesKey));
        }
    }

    #[test]
    fn a_key_never_shows_itself() {
        assert_eq!(format!("{:?}", key(CURRENT)), "***");
    }

    #[test]
    fn the_previous_key_opens_while_it_is_rotated() {
        let sealed = seal(&key(PREVIOUS), "wx1", [7; 16], "你好");
        let keys = [key(CURRENT), key(PREVIOUS)];
        assert_eq!(open_any(&keys, "wx1", &sealed).as_deref(), Ok("你好"));
        assert!(open_any(&keys[..1], "wx1", &sealed).is_err());
        assert_eq!(open_any(&[], "wx1", &sealed), Err(EnvelopeError::NoKey));
    }

    #[test]
    fn another_accounts_message_does_not_open() {
        let sealed = seal(&key(CURRENT), "wx1", [7; 16], "你好");
        // Neither a longer nor a shorter id of ours makes up for the difference.
        for other in ["wx2", "wx", "wx11", ""] {
            assert_eq!(open(&key(CURRENT), other, &sealed), Err(EnvelopeError::AppId));
        }
    }

    #[test]
    fn padding_that_contradicts_itself_is_refused() {
        let frame = |padding: &[u8]| {
            let mut frame = [&[7; 16][..], &[0, 0, 0, 2], b"ok", b"wx1"].concat();
            frame.resize(64 - padding.len(), b'x');
            frame.extend_from_slice(padding);
            open(&key(CURRENT), "wx1", &encrypt(&key(CURRENT), frame))
        };
        let mut uneven = [5; 5];
        uneven[0] = 4;
        assert_eq!(frame(&uneven), Err(EnvelopeError::Padding));
        assert_eq!(frame(&[0; 32]), Err(EnvelopeError::Padding));
        assert_eq!(frame(&[33; 33]), Err(EnvelopeError::Padding));
        assert_eq!(frame(&[255; 32]), Err(EnvelopeError::Padding));
        // Whole, but for the letters before it.
        assert_eq!(frame(&[32; 32]), Err(EnvelopeError::AppId));
    }

    #[test]
    fn a_sealed_answer_opens_at_the_other_end() {
        let token = Secret::new("MadeUpToken");
        let encrypt = seal(&key(CURRENT), "wx1", [7; 16], "<xml/>");
        let body = reply(&token, &encrypt, 1_767_225_600, "]]><x>");
        let (sealed, query) = read_reply(body.as_bytes()).unwrap();
        assert_eq!(query.timestamp, "1767225600");
        assert_eq!(query.nonce, "]]><x>");
        assert_eq!(signature::verify_message(&[token], &query, &sealed.encrypt), Ok(()));
        assert_eq!(open(&key(CURRENT), "wx1", &sealed.encrypt).as_deref(), Ok("<xml/>"));
    }

    #[test]
    fn a_body_without_a_sealed_text_is_no_envelope() {
        for body in ["", "<xml/>", "<xml><Encrypt> </Encrypt></xml>", "<x><Encrypt>a</Encrypt></x>"]
        {
            assert_eq!(sealed_parts(body.as_bytes()), Err(EnvelopeError::NotAnEnvelope));
        }
    }
}
