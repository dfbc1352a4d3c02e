//! Invitation codes: how they look, how they are read, what is stored of them. Pure.
//!
//! A code makes a follower a member or an operator, once, within a week. Deliberately absent:
//! who is invited, how often a wrong one may be tried, and randomness, which comes in as ids.

use chrono::TimeDelta;
use sha2::{Digest, Sha256};
use std::fmt::Write as _;
use uuid::Uuid;

/// Letters and digits that nobody mistakes for another.
pub const CODE_ALPHABET: &str = "ABCDEFGHJKMNPQRSTUVWXYZ23456789";

/// Ten of 31 signs: 49 bits.
pub const CODE_CHARACTERS: usize = 10;

/// How long a code is good.
pub const GOOD_FOR: TimeDelta = TimeDelta::days(7);

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

/// A code in which every sign is as likely as any other, from fresh ids.
pub fn draw(mut fresh: impl FnMut() -> Uuid) -> String {
    let mut code = String::with_capacity(CODE_CHARACTERS);
    while code.len() < CODE_CHARACTERS {
        let fresh = fresh();
        // The seventh and the ninth byte of an id say which kind of id it is; and the few values
        // of a byte beyond a multiple of the alphabet would favour its first signs.
        let bytes = fresh.as_bytes().iter().enumerate();
        let random =
            bytes.filter(|(at, byte)| !matches!(at, 6 | 8) && usize::from(**byte) < 31 * 8);
        let signs =
            random.filter_map(|(_, byte)| CODE_ALPHABET.as_bytes().get(usize::from(*byte) % 31));
        code.extend(signs.take(CODE_CHARACTERS - code.len()).map(|sign| char::from(*sign)));
    }
    code
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeMap;

    #[test]
    fn every_sign_of_a_code_is_as_likely_as_any_other() {
        let mut drawn: u128 = 0;
        let mut next = || {
            drawn += 1;
            let hash = Sha256::digest(drawn.to_be_bytes());
            Uuid::from_slice(&hash[..16]).unwrap()
        };
        let mut seen: BTreeMap<char, usize> = BTreeMap::new();
        for _ in 0..3100 {
            let code = draw(&mut next);
            assert_eq!(code.len(), CODE_CHARACTERS);
            for sign in code.chars() {
                *seen.entry(sign).or_default() += 1;
            }
        }
        assert_eq!(seen.len(), CODE_ALPHABET.len());
        // A thousand each are expected; five standard deviations are about 155.
        for (sign, count) in seen {
            assert!((840..=1160).contains(&count), "{sign} {count}");
        }
    }
}
