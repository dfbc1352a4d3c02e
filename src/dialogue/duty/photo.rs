//! Photos of results. A member sends them before the words, with them, or a moment after.

use super::{Order, Question, Reply, Turn};
use crate::dialogue::state::Evidence;
use crate::ticket::lifecycle::Action;
use crate::ticket::{HelpStatus, Media, Stage, Ticket, TicketId};
use chrono::{DateTime, TimeDelta, Utc};

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
            (
                Some(Question::OrderWords {
                    ticket,
                    order: Order::Finish { .. } | Order::Verify { .. },
                }),
                _,
            ) => Some(*ticket),
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
            // The words came first and the category asks for a photo: now it is complete. What was
            // seen on site needs no words beside a photo.
            Some(Question::OrderWords {
                order: order @ (Order::Finish { text: Some(_) } | Order::Verify { .. }),
                ..
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
        let count = if self.is_before_words(ticket) {
            self.add_evidence(ticket, media)
        } else {
            let Some(by) = self.actor() else { return };
            match self.act(ticket, Action::AddEvidence { media }, &by) {
                Ok(after) => self.shown_of(&after),
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

    /// The words of the result, of the part or of the look on site are still to come.
    fn is_before_words(&self, ticket: &Ticket) -> bool {
        let is_part = self.my_part(ticket).is_some_and(|part| part.status != HelpStatus::Called);
        let is_own = self.is_handler(ticket) && ticket.status.stage() == Stage::InProgress;
        is_own || is_part || self.is_to_look(ticket)
    }

    /// How many photos the speaker's own result, part or look shows.
    fn shown_of(&self, ticket: &Ticket) -> usize {
        if self.is_handler(ticket) {
            return ticket.finding.as_ref().map_or(0, |finding| finding.media.len());
        }
        self.shown_beside(ticket).map_or(0, |(media, _)| media.len())
    }

    /// The speaker's finished part or look on site: its photos, and when it was told.
    pub(super) fn shown_beside<'t>(
        &self,
        ticket: &'t Ticket,
    ) -> Option<(&'t [Media], DateTime<Utc>)> {
        let me = self.view.who.duty.as_ref()?.person.id;
        let part = ticket.course.helps.iter().rev().find_map(|help| match &help.status {
            HelpStatus::Done { by, media, at, .. } if by.id == me => Some((media.as_slice(), *at)),
            _ => None,
        });
        let site = ticket.course.verification.as_ref().and_then(|asked| asked.answer.as_ref());
        let site = site.filter(|answer| answer.by.id == me);
        part.or_else(|| site.map(|answer| (answer.media.as_slice(), answer.at)))
    }

    /// Tasks in hand, and those whose result was reported a moment ago.
    fn results_to_show(&self) -> Vec<Ticket> {
        let Some(duty) = &self.view.who.duty else { return Vec::new() };
        let is_mine =
            |ticket: &Ticket| ticket.handler.as_ref().is_some_and(|by| by.id == duty.person.id);
        let is_fresh = |at: DateTime<Utc>| self.view.now - at <= ONE_GO;
        // A finished part or look on site is no task any more, but it was the latest thing done.
        let latest = self.state.focus.and_then(|id| self.ticket(id));
        let tasks = &self.view.facts.tasks;
        let latest = latest.filter(|latest| tasks.iter().all(|ticket| ticket.id != latest.id));
        tasks
            .iter()
            .chain(&latest)
            .filter(|ticket| match ticket.status.stage() {
                _ if self.is_before_words(ticket) => true,
                Stage::ResultSubmitted | Stage::AwaitingSignoff if is_mine(ticket) => {
                    ticket.finding.as_ref().is_some_and(|finding| is_fresh(finding.at))
                }
                _ => self.shown_beside(ticket).is_some_and(|(_, at)| is_fresh(at)),
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
            self.view.who.is(&ticket.reporter) && self.view.now - ticket.submitted_at <= ONE_GO
        });
        self.state.draft.is_some() || is_asked || just_reported
    }
}
