//! 回访: an operator called the resident, and says for them what they said.
//!
//! Only what a resident may do can be done for them, and never by whoever handled the matter: nobody
//! signs off their own work. Who did it stands in the history, so the figures keep it apart.

use super::{Action, Case, REMINDER_WORKING_DAYS, Refused, SIGNOFF_WORKING_DAYS, Transition, Why};
use crate::ticket::call_back::CallResult;
use crate::ticket::event::What;
use crate::ticket::{Help, Person, Stage, Status};

impl Case<'_> {
    /// A try to reach the resident by telephone, whatever came of it.
    pub(super) fn record_call(
        &self,
        result: CallResult,
        note: String,
    ) -> Result<Transition, Refused> {
        let wanted = "be told by telephone";
        self.operator(wanted)?;
        if self.ticket.status.stage() == Stage::Withdrawn {
            return self.refuse(wanted, Why::NotFromHere);
        }
        let note = Some(note).filter(|note| !note.trim().is_empty());
        let called = self.stay(What::Called { result, note });
        // Who has no telephone either cannot be told at all, and the ticket must not wait for ever.
        let tells = matches!(result, CallResult::Reached | CallResult::NoNumber);
        Ok(if tells { self.counting(called) } else { called })
    }

    /// The resident was told of the result, as far as anybody can know: the days count from now.
    pub(super) fn told(&self, channel: String) -> Result<Transition, Refused> {
        let wanted = "be known to the resident";
        self.time_alone(wanted)?;
        if !matches!(self.ticket.status, Status::AwaitingSignoff { untold: true, .. }) {
            return self.refuse(wanted, Why::NotFromHere);
        }
        Ok(self.counting(self.stay(What::Told { channel })))
    }

    /// The days of a sign-off that nobody knew of count from now.
    fn counting(&self, change: Transition) -> Transition {
        change.with(|after| {
            if let Status::AwaitingSignoff { remind_at, lapse_at, untold, .. } = &mut after.status
                && *untold
            {
                *untold = false;
                *remind_at = Some(self.working_days(REMINDER_WORKING_DAYS));
                *lapse_at = Some(self.working_days(SIGNOFF_WORKING_DAYS));
            }
        })
    }

    /// What the resident said on the telephone is done as if they had done it.
    pub(super) fn on_behalf(&self, action: Action) -> Result<Transition, Refused> {
        let wanted = "be decided for the resident";
        let operator = self.operator(wanted)?;
        if !is_the_resident_s(&action) {
            return self.refuse(wanted, Why::NotYours);
        }
        if matches!(&action, Action::Rework { reason: Some(reason) } | Action::Reopen { reason } if reason.trim().is_empty())
        {
            return self.refuse(wanted, Why::NeedsWords);
        }
        if self.worked_on_it(operator) {
            return self.refuse(wanted, Why::NeedsSecondPerson);
        }
        Case { for_resident: true, ..*self }.decide(action)
    }

    fn worked_on_it(&self, operator: &Person) -> bool {
        let found = self.ticket.finding.as_ref().map(|finding| &finding.by);
        let helped = self.ticket.course.helps.iter().flat_map(Help::people);
        self.ticket.handler.iter().chain(found).chain(helped).any(|one| one.id == operator.id)
    }
}

fn is_the_resident_s(action: &Action) -> bool {
    matches!(
        action,
        Action::GiveInfo { .. }
            | Action::Supplement { .. }
            | Action::LeaveContact { .. }
            | Action::Confirm { .. }
            | Action::Rework { reason: Some(_) }
            | Action::Rate { .. }
            | Action::Withdraw { .. }
            | Action::Reopen { .. }
            | Action::Appeal { .. }
    )
}
