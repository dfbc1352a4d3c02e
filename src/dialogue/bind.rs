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
use crate::invitation::{INVITE_SCENE, code_in};
use chrono::TimeDelta;
use uuid::Uuid;

/// Wrong codes that one person may try in an hour; beyond them a right one is not looked at, so
/// guessing does not pay.
const WRONG_CODES_AN_HOUR: usize = 5;

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
        self.wrong_code();
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
        if self.tried_too_often() {
            return self.say(Reply::TooManyTries);
        }
        match self.view.facts.invitation.clone() {
            Some(Invitation::Open { until, .. }) if until <= self.view.now => {
                self.say(Reply::InvitationNotGood);
            }
            Some(Invitation::Open { id, name, .. }) => {
                self.say(Reply::AskBindSure { name: name.clone() });
                self.wait_for(Question::BindSure { invitation: id, name });
            }
            Some(Invitation::NotGood) | None => {
                self.wrong_code();
                self.say(Reply::InvitationNotGood);
            }
        }
    }

    fn wrong_code(&mut self) {
        self.state.wrong_codes.push(self.view.now);
    }

    fn tried_too_often(&mut self) -> bool {
        let hour_ago = self.view.now - TimeDelta::hours(1);
        self.state.wrong_codes.retain(|at| *at > hour_ago);
        self.state.wrong_codes.len() >= WRONG_CODES_AN_HOUR
    }

    pub(super) fn answer_bind(&mut self, invitation: Uuid, name: String, said: &Said) -> bool {
        let key = words::number_choice(&said.text);
        if key == Some(1) || reading::is_yes(&said.text) {
            self.wait_for_nothing();
            if !self.view.trusts_chat {
                self.say(Reply::ChatNotTrusted);
                return true;
            }
            if !matches!(self.view.facts.invitation, Some(Invitation::Open { .. })) {
                // Used up or ended between the question and the answer.
                self.say(Reply::InvitationNotGood);
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
