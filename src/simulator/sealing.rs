//! The platform's half of signatures and sealed messages.
//!
//! Written from the published rules alone and sharing nothing with [`crate::wechat`], so that
//! each side checks the other: a mistake in both would have to be the same mistake.

use aes::cipher::{BlockModeDecrypt, BlockModeEncrypt, KeyIvInit, block_padding::NoPadding};
use base64::{
    Engine, alphabet,
    engine::{GeneralPurpose, GeneralPurposeConfig, general_purpose::STANDARD},
};
use sha1::{Digest, Sha1};
use std::fmt::Write;

/// The last of the 43 characters carries two bits that belong to nothing; strict decoders
/// refuse most keys for them.
const KEY_DECODER: GeneralPurpose = GeneralPurpose::new(
    &alphabet::STANDARD,
    GeneralPurposeConfig::new().with_decode_allow_trailing_bits(true),
);

/// Frames are padded to a multiple of this, not of the cipher's 16.
const BLOCK: usize = 32;

/// Why a sealed answer was not understood.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub(super) enum SealBroken {
    #[error("the EncodingAESKey is not 43 characters of base64")]
    Key,
    #[error("the sealed text is not base64 of whole blocks")]
    Blocks,
    #[error("the padding is wrong")]
    Padding,
    #[error("the length field points outside the frame")]
    Length,
    #[error("the frame is for another appid")]
    AppId,
    #[error("the message is not UTF-8")]
    Utf8,
}

/// Lower-case hex SHA-1 of the parts, sorted and joined.
pub(super) fn sign(parts: &[&str]) -> String {
    let mut parts = parts.to_vec();
    parts.sort_unstable();
    Sha1::digest(parts.concat()).iter().fold(String::new(), |mut hex, byte| {
        // Writing to a string cannot fail.
        let _ = write!(hex, "{byte:02x}");
        hex
    })
}

/// Seals `message` for the account `app_id`.
pub(super) fn seal(
    key: &str,
    app_id: &str,
    salt: [u8; 16],
    message: &str,
) -> Result<String, SealBroken> {
    let key = key_bytes(key)?;
    let length = u32::try_from(message.len()).map_err(|_| SealBroken::Length)?;
    let mut frame = salt.to_vec();
    frame.extend(length.to_be_bytes());
    frame.extend(message.as_bytes());
    frame.extend(app_id.as_bytes());
    let padding = BLOCK - frame.len() % BLOCK;
    frame.extend(std::iter::repeat_n(u8::try_from(padding).unwrap_or(0), padding));
    let (iv, _) = key.split_first_chunk::<16>().ok_or(SealBroken::Key)?;
    let sealed = cbc::Encryptor::<aes::Aes256>::new(&key.into(), &(*iv).into())
        .encrypt_padded_vec::<NoPadding>(&frame);
    Ok(STANDARD.encode(sealed))
}

/// Opens what the account `app_id` sealed.
pub(super) fn open(key: &str, app_id: &str, sealed: &str) -> Result<String, SealBroken> {
    let key = key_bytes(key)?;
    let sealed = STANDARD.decode(sealed).map_err(|_| SealBroken::Blocks)?;
    if sealed.is_empty() || sealed.len() % BLOCK != 0 {
        return Err(SealBroken::Blocks);
    }
    let (iv, _) = key.split_first_chunk::<16>().ok_or(SealBroken::Key)?;
    let frame = cbc::Decryptor::<aes::Aes256>::new(&key.into(), &(*iv).into())
        .decrypt_padded_vec::<NoPadding>(&sealed)
        .map_err(|_| SealBroken::Blocks)?;
    let frame = unpad(&frame).ok_or(SealBroken::Padding)?;
    let (length, rest) = frame
        .get(16..)
        .and_then(|after_salt| after_salt.split_first_chunk::<4>())
        .ok_or(SealBroken::Length)?;
    let length = usize::try_from(u32::from_be_bytes(*length)).map_err(|_| SealBroken::Length)?;
    let (message, owner) = rest.split_at_checked(length).ok_or(SealBroken::Length)?;
    if owner != app_id.as_bytes() {
        return Err(SealBroken::AppId);
    }
    String::from_utf8(message.to_vec()).map_err(|_| SealBroken::Utf8)
}

fn unpad(frame: &[u8]) -> Option<&[u8]> {
    let count = usize::from(*frame.last()?);
    let (content, padding) = frame.split_at_checked(frame.len().checked_sub(count)?)?;
    let sound = (1..=BLOCK).contains(&count) && padding.iter().all(|b| usize::from(*b) == count);
    sound.then_some(content)
}

fn key_bytes(key: &str) -> Result<[u8; 32], SealBroken> {
    let bytes = KEY_DECODER.decode(format!("{key}=")).map_err(|_| SealBroken::Key)?;
    bytes.try_into().map_err(|_| SealBroken::Key)
}

#[cfg(test)]
mod tests {
    use super::*;

    const KEY: &str = "abcdefghijklmnopqrstuvwxyz0123456789ABCDEFG";

    #[test]
    fn the_platforms_two_published_signatures_come_out() {
        assert_eq!(
            sign(&["AAAAA", "1714036504", "1514711492"]),
            "f464b24fc39322e44b38aa78f5edd27bd1441696"
        );
        assert_eq!(
            sign(&["AAAAA", "1714037059", "486452656"]),
            "899cf89e464efb63f54ddac96b0a0a235f53aa78"
        );
    }

    #[test]
    fn a_message_of_any_length_opens_again() {
        for length in 0..80 {
            let message = "a".repeat(length);
            let sealed = seal(KEY, "wx1", [7; 16], &message).unwrap();
            assert_eq!(open(KEY, "wx1", &sealed).unwrap(), message);
        }
    }

    #[test]
    fn what_another_account_sealed_does_not_open() {
        let sealed = seal(KEY, "wx1", [7; 16], "你好").unwrap();
        assert_eq!(open(KEY, "wx2", &sealed), Err(SealBroken::AppId));
    }

    #[test]
    fn a_changed_seal_does_not_open() {
        let sealed = seal(KEY, "wx1", [7; 16], "你好").unwrap();
        let mut bytes = STANDARD.decode(&sealed).unwrap();
        *bytes.last_mut().unwrap() ^= 1;
        assert!(open(KEY, "wx1", &STANDARD.encode(bytes)).is_err());
        assert_eq!(open(KEY, "wx1", "AAAA"), Err(SealBroken::Blocks));
    }
}
