//! What is said of an order beside the status: what it lacks, what stands against it, and to a
//! helper what is done.

use super::{Order, Reply, Turn};
use crate::dialogue::reply::Beside;
use crate::ticket::lifecycle::Why;
use crate::ticket::{HelpStatus, Ticket};

impl Turn<'_> {
    /// What is said to a helper after taking or finishing their part.
    pub(super) fn say_part_done(&mut self, order: &Order, no: u32, after: &Ticket) {
        let lead = after.handler.as_ref().map(|person| person.name.clone());
        let card = self.duty_card(after);
        let part = after.course.helps.iter().find(|help| help.no == no);
        match part.map(|part| &part.status) {
            Some(HelpStatus::Taken { .. }) if *order == Order::Take => {
                let (text, _) = self.words_and_phone(after);
                self.say(Beside::HelpTaken { card, text, lead });
            }
            _ => self.say(Beside::HelpFinished { card, lead }),
        }
    }

    /// Who took the part that the speaker was called to as well.
    fn part_of_another(&self, ticket: &Ticket) -> Option<String> {
        let me = self.view.who.duty.as_ref()?.person.id;
        ticket.course.helps.iter().find_map(|help| match &help.status {
            HelpStatus::Taken { by } | HelpStatus::Done { by, .. } if by.id != me => {
                help.called.iter().any(|called| called.id == me).then(|| by.name.clone())
            }
            _ => None,
        })
    }

    /// What stands against an order, where it is something beside the status or somebody was faster.
    pub(super) fn refused_beside(
        &mut self,
        order: &Order,
        ticket: &Ticket,
        why: &Why,
    ) -> Option<Reply> {
        let card = self.duty_card(ticket);
        let me = self.view.who.duty.as_ref().map(|duty| duty.person.id);
        if let (Order::Take, Some(by)) = (order, self.part_of_another(ticket)) {
            return Some(Beside::PartTaken { card, by }.into());
        }
        Some(Reply::from(match (why, order) {
            (Why::NeedsHelpers { names }, _) => Beside::HelpersFirst { card, names: names.clone() },
            (Why::LeadersToTake { leader }, _) => {
                Beside::LeadersToTake { card, leader: leader.name.clone() }
            }
            (Why::OftenEnough, _) => Beside::OftenEnough { card },
            (Why::TooLate, Order::Extend { .. } | Order::GrantExtension) => {
                Beside::ExtensionTooLate { card }
            }
            (Why::AlreadySo, Order::Join) if self.my_part(ticket).is_some() => {
                let by = ticket.handler.as_ref().map(|person| person.name.clone());
                Beside::Joined { card, by: by.unwrap_or_default() }
            }
            (Why::AlreadySo, Order::Take) if self.my_part(ticket).is_some() => {
                let (text, _) = self.words_and_phone(ticket);
                let lead = ticket.handler.as_ref().map(|person| person.name.clone());
                Beside::HelpTaken { card, text, lead }
            }
            (
                Why::AlreadySo | Why::NotFromHere,
                Order::Accept
                | Order::Dispatch { .. }
                | Order::Reject { .. }
                | Order::Answer { .. },
            ) if self.is_operator() => {
                let by = ticket.accountable.as_ref().filter(|by| Some(by.id) != me);
                Beside::HandledAlready { card, by: by.map(|by| by.name.clone()) }
            }
            _ => return None,
        }))
    }

    /// The question for what an order about something beside the status lacks.
    pub(super) fn asked_beside(&self, order: &Order, ticket: &Ticket) -> Option<Beside> {
        let card = self.duty_card(ticket);
        let county = self.view.county;
        Some(match order {
            Order::CallHelp { names, .. } => Beside::AskHelp { card, names: names.join("、") },
            Order::Extend { days, reason } => {
                Beside::AskExtension { card, days: *days, reason: reason.clone() }
            }
            Order::RefuseExtension { .. } => Beside::AskExtensionRefusal { card },
            Order::Verify { real, .. } => Beside::AskVerifyWords { card, real: *real },
            Order::Supervise { .. } => Beside::AskSuperviseWords { card },
            Order::AnswerSupervision { .. } => {
                let asked = ticket.course.supervision.as_ref();
                let question = asked.map_or_else(String::new, |asked| asked.text.clone());
                Beside::AskSupervisionWords { card, question }
            }
            Order::Escalate { .. } => Beside::AskEscalateReason { card },
            Order::Assign { .. } | Order::AskVerification { .. } => {
                let team = ticket.unit.iter().flat_map(|code| county.members_of_unit(code));
                let names = match order {
                    Order::Assign { .. } => team.map(|member| member.name.clone()).collect(),
                    _ => self.near(ticket),
                };
                Beside::AskAssignee { card, names }
            }
            Order::Recategorise { .. } => {
                let known = county.categories().iter().filter(|category| category.enabled);
                let names = known.map(|category| category.name.clone()).collect();
                Beside::AskNewCategory { card, names }
            }
            Order::Merge { .. } => Beside::AskMaster { card },
            _ => return None,
        })
    }
}
