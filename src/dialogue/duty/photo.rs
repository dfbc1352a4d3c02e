//! Photos of results. A member sends them before the words, with them, or a moment after.

use super::{Order, Question, Reply, Turn};
use crate::dialogue::state::Evidence;
use crate::ticket::lifecycle::Action;
use crate::ticket::{Media, Stage, Ticket, TicketId};
use chrono::TimeDelta;

/// Photos that follow each other within this time show the same thing.
const ONE_GO: TimeDelta = TimeDelta::minutes(30);

/// The platform forgets a media id after this time.
const MEDIA_LIFE: TimeDelta = TimeDelta::days(3);

/// More photos of one result say nothing more.
const MOST_PHOTOS: usize = 9;

impl Turn<'_> {
    /// Takes a photo as one of a result, if the member has something to show a result of.
    pub(in crate::dialogue) fn duty_photo(&mut self, media: &Media) -> bool {
        if self.view.who.duty.is_none() || self.is_about_own_matter() {
            return false;
        }
        let now = self.view.now;
        self.state.evidence.retain(|evidence| now - evidence.media.at <= MEDIA_LIFE);
        let asked = self.state.asked.as_ref().map(|asked| asked.question.clone());
        if let Some(Question::WhichTask { options, order: Order::Show { media: mut kept } }) = asked
        {
            kept.push(media.clone());
            let tickets: Vec<Ticket> = options.iter().filter_map(|id| self.ticket(*id)).collect();
            self.ask_which(Order::Show { media: kept }, &tickets);
            return true;
        }
        let candidates = self.results_to_show();
        let meant = match (&asked, candidates.as_slice()) {
            (_, []) => return false,
            (Some(Question::OrderWords { ticket, order: Order::Finish { .. } }), _) => {
                Some(*ticket)
            }
            (_, [one]) => Some(one.id),
            _ => self.shown_a_moment_ago(),
        };
        if !self.view.trusts_chat {
            self.say(Reply::ChatNotTrusted);
            return true;
        }
        let meant = meant.and_then(|id| candidates.iter().find(|ticket| ticket.id == id)).cloned();
        let Some(ticket) = meant else {
            self.ask_which(Order::Show { media: vec![media.clone()] }, &candidates);
            return true;
        };
        match asked {
            // The words came first and the category asks for a photo: now it is complete.
            Some(Question::OrderWords {
                order: order @ Order::Finish { text: Some(_) }, ..
            }) => {
                self.add_evidence(&ticket, vec![media.clone()]);
                self.carry(order, &ticket);
            }
            _ => self.keep_photos(&ticket, vec![media.clone()]),
        }
        true
    }

    /// Keeps photos for the result to come, or adds them to the one just reported.
    pub(super) fn keep_photos(&mut self, ticket: &Ticket, media: Vec<Media>) {
        let count = if ticket.status.stage() == Stage::InProgress {
            self.add_evidence(ticket, media)
        } else {
            let Some(by) = self.actor() else { return };
            match self.act(ticket, Action::AddEvidence { media }, &by) {
                Ok(after) => after.finding.map_or(0, |finding| finding.media.len()),
                Err(refused) => {
                    let order = Order::Show { media: Vec::new() };
                    return self.refused(order, ticket, &refused);
                }
            }
        };
        let card = self.duty_card(ticket);
        self.say(Reply::ResultPhotoKept { card, count });
    }

    fn add_evidence(&mut self, ticket: &Ticket, media: Vec<Media>) -> usize {
        for media in media {
            if self.photos_kept(ticket.id) < MOST_PHOTOS {
                self.state.evidence.push(Evidence { ticket: ticket.id, media });
            }
        }
        self.photos_kept(ticket.id)
    }

    fn photos_kept(&self, ticket: TicketId) -> usize {
        self.state.evidence.iter().filter(|evidence| evidence.ticket == ticket).count()
    }

    /// Tasks in hand, and those whose result was reported a moment ago.
    fn results_to_show(&self) -> Vec<Ticket> {
        let Some(duty) = &self.view.who.duty else { return Vec::new() };
        let is_mine =
            |ticket: &Ticket| ticket.handler.as_ref().is_some_and(|by| by.id == duty.person.id);
        let is_fresh = |ticket: &Ticket| {
            let at = ticket.finding.as_ref().map(|finding| finding.at);
            at.is_some_and(|at| self.view.now - at <= ONE_GO)
        };
        self.view
            .facts
            .tasks
            .iter()
            .filter(|ticket| is_mine(ticket))
            .filter(|ticket| match ticket.status.stage() {
                Stage::InProgress => true,
                Stage::ResultSubmitted | Stage::AwaitingSignoff => is_fresh(ticket),
                _ => false,
            })
            .cloned()
            .collect()
    }

    /// The task that the latest photo was for.
    fn shown_a_moment_ago(&self) -> Option<TicketId> {
        let latest = self.state.evidence.last()?;
        (self.view.now - latest.media.at <= ONE_GO).then_some(latest.ticket)
    }

    /// A member is a resident too: right after a report of their own the photo belongs to it.
    fn is_about_own_matter(&self) -> bool {
        let asked = self.state.asked.as_ref().map(|asked| &asked.question);
        let is_asked = matches!(
            asked,
            Some(
                Question::What
                    | Question::Where
                    | Question::MorePhotos
                    | Question::Contact { .. }
                    | Question::MyTicket { .. }
                    | Question::Supplement { .. }
                    | Question::Info { .. }
                    | Question::Signoff { .. }
                    | Question::Reason { .. }
            )
        );
        let focus = self.state.focus.and_then(|id| self.ticket(id));
        let just_reported = focus.is_some_and(|ticket| {
            ticket.reporter == self.view.who.follower
                && self.view.now - ticket.submitted_at <= ONE_GO
        });
        self.state.draft.is_some() || is_asked || just_reported
    }
}
