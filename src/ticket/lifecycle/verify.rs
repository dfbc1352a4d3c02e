//! 现场核实: before a ticket is accepted, somebody near is asked to look. It stops no clock and
//! changes no status: it is a question to a colleague, answered with words and a photo.

use super::{Case, Refused, Transition, Why};
use crate::ticket::course::{Verification, Verified};
use crate::ticket::event::What;
use crate::ticket::notice::{Audience, Notice, NoticeKind};
use crate::ticket::{Call, Media, Person, Status};

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

    /// Somebody is still awaited to look, and this is one of them.
    pub(super) fn asked_to_verify(&self, person: &Person) -> bool {
        let asked = self.ticket.course.verification.as_ref();
        asked.is_some_and(|asked| {
            asked.answer.is_none() && asked.asked.iter().any(|one| one.id == person.id)
        })
    }

    /// Others who were asked too go alone; where there are none, those who take over are asked,
    /// and where there is nobody, nobody is.
    pub(super) fn verification_handed_over(
        &self,
        done: Transition,
        from: &Person,
        call: &Call,
    ) -> Transition {
        let Some(asked) = &self.ticket.course.verification else { return done };
        let others: Vec<Person> =
            asked.asked.iter().filter(|one| one.id != from.id).cloned().collect();
        if !others.is_empty() {
            return done.with(|after| {
                if let Some(asked) = &mut after.course.verification {
                    asked.asked = others;
                }
            });
        }
        if call.to.is_empty() {
            return done.with(|after| after.course.verification = None);
        }
        let of = call.to.clone();
        let asked = Verification { asked: of.clone(), at: self.now, ..asked.clone() };
        done.then(self, What::VerificationAsked { of })
            .with(|after| after.course.verification = Some(asked))
            .tell(Notice::plain(Audience::Verifiers, NoticeKind::VerifyTask))
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
