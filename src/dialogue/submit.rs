//! From the confirmed summary to the ticket, and what may still come with or after the number:
//! photos, a place on the map, a telephone number.

use super::Said;
use super::calling::{call_suggested, known_of, matter_at, matter_of};
use super::reading;
use super::reply::{Reply, place_words};
use super::report::photos;
use super::state::{Answered, Draft, Question, Slot, State};
use super::turn::{Profile, Turn, rules_of};
use crate::county::gazetteer::{self, Located};
use crate::county::route::{self, Matter};
use crate::county::{AreaCode, County, words};
use crate::ticket::event::Actor;
use crate::ticket::lifecycle::{self, Action};
use crate::ticket::notice::Audience;
use crate::ticket::{Channel, Media, Place, Point, Report, Ticket, TicketId};
use chrono::{DateTime, TimeDelta, Utc};

/// A chat shows no more than nine pictures at once, and nobody needs more.
const MOST_PHOTOS: usize = 9;
/// A photo within this time of the number belongs to that ticket.
const AFTERTHOUGHT: TimeDelta = TimeDelta::minutes(30);

/// The need that will be routed without an operator, if the draft's category asks for that.
pub(super) fn routed_by_itself<'a>(
    county: &County,
    state: &'a State,
    now: DateTime<Utc>,
) -> Option<Matter<'a>> {
    let draft = state.draft.as_ref()?;
    let category = draft.category.get()?;
    let area = draft.place.get().and_then(|place| place.area.as_deref());
    let is_auto = county.category(category).is_some_and(|category| category.auto);
    is_auto.then(|| matter_at(category, area, Channel::Wechat.code(), now))
}

impl Turn<'_> {
    /// The number: at most one ticket from one confirmation, because the draft is gone with it.
    /// `known` is what somebody else reported already, if the person says that it is the same.
    pub(super) fn submit(&mut self, key: &str, known: Option<&Ticket>) {
        let Some(draft) = self.state.draft.take() else { return };
        let Some(text) = draft.text.get().cloned() else {
            self.state.draft = Some(draft);
            return self.ask_next();
        };
        let place = draft.place.get().cloned().unwrap_or_default();
        let category = self.category_of(&draft);
        let is_confidential =
            self.view.county.category(&category).is_some_and(|category| category.confidential);
        let contact = draft.contact.get().cloned().or_else(|| self.view.who.phone.clone());
        let area_path = self.area_path(&place);
        let report = Report {
            text,
            place,
            category,
            contact,
            confidential: draft.confidential || is_confidential,
            urgent: draft.urgent,
            media: draft.media,
        };
        let rules = rules_of(self.view.county, &report.category);
        let opened = lifecycle::open(
            self.view.fresh,
            self.view.who.follower.clone(),
            report,
            area_path,
            rules,
            self.view.now,
        );
        let ticket = opened.after.clone();
        self.change(opened);
        self.wait_for_nothing();
        self.state.focus = Some(ticket.id);
        self.state.answered = Some(Answered { key: reading::bare(key), ticket: ticket.id });
        if let Some(ticket) = known.and_then(|known| self.join_known(&ticket, known)) {
            return self.ask_contact_once(&ticket);
        }
        let ticket = self.dispatch_by_rule(ticket);
        self.say(Reply::Submitted {
            card: self.card(&ticket),
            urgent: ticket.report.urgent,
            confidential: ticket.report.confidential,
        });
        self.ask_contact_once(&ticket);
    }

    /// A category that needs no operator is accepted and goes at once to whom the county's rules
    /// say. Where that is nobody it lies on the desk, which hears why.
    fn dispatch_by_rule(&mut self, ticket: Ticket) -> Ticket {
        let county = self.view.county;
        let category = county.category(&ticket.report.category);
        if !category.is_some_and(|category| category.auto) {
            return ticket;
        }
        let people = &self.view.facts.people;
        let decision = route::decide(county, &matter_of(&ticket, self.view.now), &known_of(people));
        let Some(best) = decision.suggestions.first() else {
            let text = format!("没能自动派单：{}", decision.why_nobody());
            self.add_to_notice(Audience::Desk, &text);
            return self.act(&ticket, Action::Note { text }, &Actor::System).unwrap_or(ticket);
        };
        let category = &ticket.report.category;
        let call = call_suggested(county, people, best, category, best.reason.clone());
        let Ok(ticket) = self.act(&ticket, Action::Accept, &Actor::System) else { return ticket };
        match self.act(&ticket, Action::Dispatch { call }, &Actor::System) {
            Ok(ticket) => {
                self.untell(Audience::Desk);
                ticket
            }
            Err(_) => ticket,
        }
    }

    fn ask_contact_once(&mut self, ticket: &Ticket) {
        if ticket.report.contact.is_some() || self.state.asked_contact {
            return;
        }
        self.state.asked_contact = true;
        self.tell_privacy_once();
        self.say(Reply::AskContact);
        self.wait_for(Question::Contact { ticket: Some(ticket.id) });
    }

    /// The privacy notice comes before a telephone number or a location is first kept.
    pub(super) fn tell_privacy_once(&mut self) {
        if !self.view.who.told_privacy && !self.replies.contains(&Reply::Privacy) {
            self.say(Reply::Privacy);
            self.learn(Profile::ToldPrivacy);
        }
    }

    pub(super) fn answer_contact(
        &mut self,
        ticket: Option<TicketId>,
        said: &Said,
        key: Option<u8>,
    ) -> bool {
        if let Some(phone) = words::phone_in(&said.text) {
            self.keep_contact(ticket, phone);
        } else if key == Some(0) || reading::is_no(&said.text) {
            self.skip_contact(ticket);
        } else if said.text.trim().len() > 4 && said.text.trim().chars().all(|c| c.is_ascii_digit())
        {
            self.say(Reply::NotAPhone);
        } else if key.is_none() && reading::is_yes(&said.text) {
            // 好的 is said to the number of the ticket; the telephone number may still come.
            self.say(Reply::NotAtAll);
        } else {
            // Something else: the number is optional, so nothing is held up.
            if ticket.is_some() {
                self.wait_for_nothing();
            }
            return false;
        }
        true
    }

    pub(super) fn keep_contact(&mut self, ticket: Option<TicketId>, phone: String) {
        let now = self.view.now;
        if self.view.who.phone.is_none() {
            self.learn(Profile::Phone(phone.clone()));
        }
        let Some(ticket) = ticket.and_then(|id| self.ticket(id)) else {
            if let Some(draft) = &mut self.state.draft {
                draft.contact.put(phone, now);
            }
            return self.ask_next();
        };
        self.wait_for_nothing();
        let kept = self.act_as_resident(&ticket, Action::LeaveContact { phone });
        let card = self.card(&ticket);
        self.say(if kept.is_ok() { Reply::ContactKept } else { Reply::NotPossible { card } });
    }

    pub(super) fn skip_contact(&mut self, ticket: Option<TicketId>) {
        self.wait_for_nothing();
        if ticket.is_some() {
            self.say(Reply::ContactSkipped);
        } else {
            self.ask_next();
        }
    }

    /// A photo: to the task, the draft, the ticket that waits, the one just submitted, or a new
    /// draft – in this order.
    pub(super) fn photo(&mut self, media: Media) {
        if self.state.draft.is_none() && self.duty_photo(&media) {
            return;
        }
        if let Some(draft) = &mut self.state.draft {
            if photos(draft) >= MOST_PHOTOS {
                self.say(Reply::PhotoLimit);
            } else {
                draft.media.push(media);
                draft.touched_at = Some(self.view.now);
                let count = photos(draft);
                self.say(Reply::PhotoKept { count });
            }
            return self.ask_next_unless_open();
        }
        if let Some(ticket) = self.ticket_for_photo() {
            let action = Action::Supplement { text: None, media: vec![media.clone()] };
            if let Ok(ticket) = self.act_as_resident(&ticket, action) {
                self.say(Reply::PhotoToTicket { card: self.card(&ticket) });
                return self.ask_again_if_open();
            }
        }
        self.begin_with(media, Reply::PhotoKept { count: 1 });
    }

    /// The ticket that a photo without words belongs to.
    fn ticket_for_photo(&self) -> Option<Ticket> {
        if let Some(
            Question::Signoff { ticket }
            | Question::Reason { ticket }
            | Question::Info { ticket }
            | Question::Supplement { ticket }
            | Question::MyTicket { ticket },
        ) = self.question()
        {
            return self.ticket(ticket);
        }
        let ticket = self.ticket(self.state.focus?)?;
        let is_fresh = self.view.now - ticket.submitted_at <= AFTERTHOUGHT;
        (is_fresh && self.view.who.is(&ticket.reporter)).then_some(ticket)
    }

    fn begin_with(&mut self, media: Media, kept: Reply) {
        let mut draft = self.fresh_draft();
        draft.media.push(media);
        self.state.draft = Some(draft);
        self.say(kept);
        self.ask_next();
    }

    /// After something came along unasked: the summary anew, or the same question again.
    fn ask_next_unless_open(&mut self) {
        match self.question() {
            Some(Question::Summary | Question::What) | None => self.ask_next(),
            Some(_) => self.ask_again_if_open(),
        }
    }

    pub(super) fn video(&mut self, media: Media) {
        self.attach(media, Reply::VideoKept);
    }

    pub(super) fn link(&mut self, media: Media, title: &str) {
        let title = super::reply::gist(title);
        self.attach(media, Reply::LinkKept { title });
    }

    fn attach(&mut self, media: Media, kept: Reply) {
        match &mut self.state.draft {
            Some(draft) => {
                draft.media.push(media);
                draft.touched_at = Some(self.view.now);
                self.say(kept);
                self.ask_next_unless_open();
            }
            None => self.begin_with(media, kept),
        }
    }

    /// A voice without recognised words is kept; the person may write, or have it listened to.
    pub(super) fn unheard_voice(&mut self, media: Media) {
        let now = self.view.now;
        let draft = self
            .state
            .draft
            .get_or_insert_with(|| Draft { touched_at: Some(now), ..Draft::default() });
        draft.media.push(media);
        draft.touched_at = Some(now);
        self.ask_next();
    }

    /// A place on the map, before or after the words.
    pub(super) fn location(&mut self, point: Point, label: &str) {
        self.tell_privacy_once();
        let now = self.view.now;
        let county = self.view.county;
        let had_draft = self.state.draft.is_some();
        let draft = self
            .state
            .draft
            .get_or_insert_with(|| Draft { touched_at: Some(now), ..Draft::default() });
        draft.touched_at = Some(now);
        let known = draft.place.get().cloned();
        let label = Some(label.trim().to_owned()).filter(|label| !label.is_empty());
        let located =
            gazetteer::area_at(county, crate::county::Point { lat: point.lat, lon: point.lng });
        match located {
            Located::In(area) => {
                let words = known
                    .filter(|place| is_about(county, place, &area))
                    .and_then(|place| place.text)
                    .or(label);
                let area = Some(area.as_str().to_owned());
                let place = Place { text: words, point: Some(point), area };
                let words = place_words(&place, county);
                draft.place.put(place, now);
                self.say(Reply::LocationKept { place: words });
            }
            Located::Outside => {
                // Somebody who works far away tells of home: what the words say holds.
                if known.is_none() && had_draft {
                    draft.place = Slot::default();
                }
                let county = self.view.county.name().to_owned();
                if known.is_none() && county.is_empty() {
                    let place = Place { text: label, point: Some(point), area: None };
                    self.say(Reply::LocationKept { place: place_words(&place, self.view.county) });
                    self.put_place(place);
                } else {
                    self.say(Reply::OutsideCounty { county });
                }
            }
        }
        self.wait_for_nothing();
        self.ask_next();
    }
}

/// Whether the words already told of the same corner.
fn is_about(county: &County, place: &Place, area: &AreaCode) -> bool {
    place.area.as_ref().is_none_or(|known| {
        let known = AreaCode::from(known.as_str());
        county.is_within(area, &known) || county.is_within(&known, area)
    })
}
