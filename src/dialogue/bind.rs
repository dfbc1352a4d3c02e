//! Invitations: a code makes a follower a member or an operator.
//!
//! A code is typed, spoken of or scanned; nothing is bound before the person says that the name
//! on it is theirs. Whether a wrong code is unknown, used up or too old is told to nobody.
//!
//! Deliberately absent: how codes are drawn, stored and counted.

use super::event::Said;
use super::facts::Invitation;
use super::reading;
use super::reply::Reply;
use super::state::Question;
use super::turn::{Profile, Turn};
use crate::county::words;
use uuid::Uuid;

/// Letters and digits that nobody mistakes for another.
const CODE_ALPHABET: &str = "ABCDEFGHJKMNPQRSTUVWXYZ23456789";

/// Ten of 31 signs: 49 bits.
const CODE_CHARACTERS: usize = 10;

/// What a scanned scene begins with when it carries an invitation.
const INVITE_SCENE: &str = "invite:";

/// What people write before a code.
const BEFORE: &[&str] = &["邀请码是", "邀请码", "绑定码", "绑定"];

/// The code that a whole message is, in its ordinary form.
pub(super) fn code_in(text: &str) -> Option<String> {
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
pub(super) fn code_in_scene(scene: &str) -> Option<String> {
    code_in(scene.strip_prefix(INVITE_SCENE)?)
}

/// Nobody types letters and digits mixed by chance; a plain word or number may be a resident's.
fn is_surely_a_code(code: &str) -> bool {
    code.contains(|c: char| c.is_ascii_digit()) && code.contains(|c: char| c.is_ascii_alphabetic())
}

impl Turn<'_> {
    /// Takes a whole message as an invitation code, if it is one.
    pub(super) fn answer_code(&mut self, text: &str) -> bool {
        let Some(code) = code_in(text) else { return false };
        let is_open = matches!(self.view.facts.invitation, Some(Invitation::Open { .. }));
        if is_open || is_surely_a_code(&code) {
            self.invited();
            return true;
        }
        // Guessing with letters alone counts as guessing, but a word stays a word.
        self.learn(Profile::WrongCode);
        false
    }

    /// Takes a scanned scene as an invitation, if it is one.
    pub(super) fn answer_scene(&mut self, scene: &str) -> bool {
        let is_invitation = scene.starts_with(INVITE_SCENE);
        if is_invitation {
            self.invited();
        }
        is_invitation
    }

    fn invited(&mut self) {
        if !self.view.trusts_chat {
            return self.say(Reply::ChatNotTrusted);
        }
        match self.view.facts.invitation.clone() {
            Some(Invitation::Open { until, .. }) if until <= self.view.now => {
                self.say(Reply::InvitationNotGood);
            }
            Some(Invitation::Open { id, name, .. }) => {
                self.say(Reply::AskBindSure { name: name.clone() });
                self.wait_for(Question::BindSure { invitation: id, name });
            }
            Some(Invitation::TooManyTries) => self.say(Reply::TooManyTries),
            Some(Invitation::NotGood) | None => {
                self.learn(Profile::WrongCode);
                self.say(Reply::InvitationNotGood);
            }
        }
    }

    pub(super) fn answer_bind(&mut self, invitation: Uuid, name: String, said: &Said) -> bool {
        let key = words::number_choice(&said.text);
        if key == Some(1) || reading::is_yes(&said.text) {
            self.wait_for_nothing();
            if !self.view.trusts_chat {
                self.say(Reply::ChatNotTrusted);
                return true;
            }
            let operator =
                self.view.county.member(&name).is_some_and(|member| member.role.is_operator());
            self.learn(Profile::Bind(invitation));
            self.say(Reply::Bound { name, operator });
            return true;
        }
        if key == Some(0) || reading::is_no(&said.text) {
            self.wait_for_nothing();
            self.say(Reply::BindRefused);
            return true;
        }
        false
    }
}
