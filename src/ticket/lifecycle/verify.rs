//! 现场核实: before a ticket is accepted, somebody near is asked to look. It stops no clock and
//! changes no status: it is a question to a colleague, answered with words and a photo.

use super::{Case, Refused, Transition, Why};
use crate::ticket::course::{Verification, Verified};
use crate::ticket::event::What;
use crate::ticket::notice::{Audience, Notice, NoticeKind};
use crate::ticket::{Media, Person, Status};

impl Case<'_> {
    pub(super) fn ask_verification(&self, of: Vec<Person>) -> Result<Transition, Refused> {
        let wanted = "be looked at on site";
        let by = self.operator(wanted)?.clone();
        if of.is_empty() {
            return self.refuse(wanted, Why::NeedsSomebody);
        }
        if !matches!(self.ticket.status, Status::Submitted { .. } | Status::Accepted) {
            return self.refuse(wanted, Why::NotFromHere);
        }
        let asked = Verification { asked: of.clone(), by, at: self.now, answer: None };
        Ok(self
            .stay(What::VerificationAsked { of })
            .with(|after| after.course.verification = Some(asked))
            .tell(Notice::plain(Audience::Verifiers, NoticeKind::VerifyTask)))
    }

    pub(super) fn verify(
        &self,
        real: bool,
        text: String,
        media: Vec<Media>,
    ) -> Result<Transition, Refused> {
        let wanted = "be reported on from the site";
        let asked = self.ticket.course.verification.as_ref();
        let by = self.by.person().filter(|person| {
            asked.is_some_and(|asked| asked.asked.iter().any(|one| one.id == person.id))
        });
        let (Some(asked), Some(by)) = (asked, by) else {
            return self.refuse(wanted, Why::NotYours);
        };
        if asked.answer.is_some() {
            return self.refuse(wanted, Why::AlreadySo);
        }
        if !matches!(self.ticket.status, Status::Submitted { .. } | Status::Accepted) {
            return self.refuse(wanted, Why::NotFromHere);
        }
        if text.trim().is_empty() && media.is_empty() {
            return self.refuse(wanted, Why::NeedsWords);
        }
        let found = if real { "属实" } else { "不属实" };
        let note = format!("{}：{found} {text}", by.name);
        let answer = Verified {
            by: by.clone(),
            at: self.now,
            real,
            text: text.clone(),
            media: media.clone(),
        };
        Ok(self
            .stay(What::Verified { real, text, media })
            .with(|after| {
                if let Some(asked) = &mut after.course.verification {
                    asked.answer = Some(answer);
                }
            })
            .tell(Notice::with(Audience::Desk, NoticeKind::Verified, note)))
    }
}
