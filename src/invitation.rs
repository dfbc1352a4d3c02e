//! Invitation codes: how they look, how they are read, what is stored of them. Pure.
//!
//! A code makes a follower a member or an operator, once, within a week. Deliberately absent:
//! who is invited, and how often a wrong one may be tried.

use sha2::{Digest, Sha256};
use std::fmt::Write as _;

/// Letters and digits that nobody mistakes for another.
pub const CODE_ALPHABET: &str = "ABCDEFGHJKMNPQRSTUVWXYZ23456789";

/// Ten of 31 signs: 49 bits.
pub const CODE_CHARACTERS: usize = 10;

/// What a scanned scene begins with when it carries an invitation.
pub const INVITE_SCENE: &str = "invite:";

/// What people write before a code.
const BEFORE: &[&str] = &["邀请码是", "邀请码", "绑定码", "绑定"];

/// The code that a whole message is, in its ordinary form.
pub fn code_in(text: &str) -> Option<String> {
    let text = text.trim();
    let text = BEFORE.iter().find_map(|word| text.strip_prefix(word)).unwrap_or(text);
    let mut code = String::new();
    for sign in text.chars() {
        // A Chinese keyboard writes full-width letters at a constant distance from ordinary ones.
        let sign = match sign {
            '\u{ff01}'..='\u{ff5e}' => char::from_u32(u32::from(sign) - 0xfee0).unwrap_or(sign),
            sign => sign,
        };
        match sign.to_ascii_uppercase() {
            sign if CODE_ALPHABET.contains(sign) => code.push(sign),
            sign if sign.is_whitespace() || "-—–_:：.。".contains(sign) => {}
            _ => return None,
        }
    }
    (code.len() == CODE_CHARACTERS).then_some(code)
}

/// The code that a scanned scene carries.
pub fn code_in_scene(scene: &str) -> Option<String> {
    code_in(scene.strip_prefix(INVITE_SCENE)?)
}

/// What is stored of a code, so that a copy of the database binds nobody.
pub fn code_hash(code: &str) -> String {
    Sha256::digest(code.as_bytes()).iter().fold(String::new(), |mut hex, byte| {
        let _ = write!(hex, "{byte:02x}");
        hex
    })
}
