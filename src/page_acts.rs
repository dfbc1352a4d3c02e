//! What somebody does to a ticket on a page of their phone: the shell that makes it the same as a
//! word in the chat. One deed, one transaction, through [`lifecycle::act`] and [`enact`], so
//! history, notices and figures cannot differ by the way it came.
//!
//! The form carries the version that was seen. What changed meanwhile is told and not overwritten;
//! the same form sent twice is done once, and told as done. What the chat still asked about the
//! matter is settled with it, so that nobody answers a question twice.
//!
//! Deliberately absent: who the visitor is. That was proven before, and never by a link alone.

use crate::{
    app::App,
    county::County,
    dialogue::{Duty, Speaker, outcome_in, rules_of, state::Question},
    enact::enact,
    storage::{Conversation, Incoming, StorageError},
    ticket::{
        Follower, Media, Person, Rating, Stage, Status, Ticket, TicketId, TicketNumber,
        course::Help,
        event::{Actor, Event, What},
        lifecycle::{self, Action, Refused, Transition},
    },
};
use chrono::{DateTime, TimeDelta, Utc};

/// How often a deed is decided in all when its write loses races.
const TRIES: usize = 5;
/// How the ids begin of what came by a page.
const TAKEN_IN: &str = "up-";
/// The same form sent again within this time is the same tap.
const SAME_TAP: TimeDelta = TimeDelta::minutes(10);

/// What can be done on a page.
#[derive(Debug, Clone, PartialEq, Eq)]
#[expect(missing_docs, reason = "the fields are the words that go with the deed")]
pub enum Deed {
    /// 已解决 or 基本解决
    Confirm { fully: bool },
    /// 没解决; without a reason it is asked for.
    NotSolved { reason: Option<String> },
    /// The grade.
    Rate { rating: Rating },
    /// The answer to a question.
    Answer { text: String },
    /// 接单
    Take,
    /// 退单
    Decline { reason: String },
    /// 问居民
    Ask { question: String },
    /// 完成
    Finish { text: String, photos: Vec<Media> },
}

impl Deed {
    /// Only who reported it does this; the others are for who works on it.
    fn is_the_reporters(&self) -> bool {
        matches!(
            self,
            Self::Confirm { .. } | Self::NotSolved { .. } | Self::Rate { .. } | Self::Answer { .. }
        )
    }

    /// Whether this entry of the history is this deed.
    fn is(&self, what: &What) -> bool {
        match (self, what) {
            (Self::Confirm { fully }, What::SignedOff { fully: was }) => fully == was,
            // The close follows the signature at once.
            (Self::Confirm { .. }, What::Closed { .. })
            | (Self::NotSolved { .. }, What::Reworked { .. } | What::Objected)
            | (Self::Answer { .. }, What::InfoGiven { .. })
            | (Self::Take, What::Taken { automatically: false } | What::HelpTaken { .. })
            | (Self::Decline { .. }, What::Declined { .. } | What::HelpReturned { .. })
            | (Self::Ask { .. }, What::Asked { .. })
            | (Self::Finish { .. }, What::ResultSubmitted { .. } | What::HelpDone { .. }) => true,
            (Self::Rate { rating }, What::Rated { rating: was, .. }) => rating == was,
            _ => false,
        }
    }
}

/// What came of a deed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Done {
    /// The ticket after it.
    pub ticket: Ticket,
    /// It had been done by the same form before.
    pub again: bool,
}

/// Why a deed was not done.
#[derive(Debug, thiserror::Error)]
pub enum NotDone {
    /// No such ticket, or not for this person: nobody learns which.
    #[error("there is no such ticket for this person")]
    Nothing,
    /// Somebody else changed it since it was looked at.
    #[error("the ticket was changed meanwhile")]
    Meanwhile,
    /// The life cycle has no such move.
    #[error(transparent)]
    Refused(#[from] Refused),
    /// The database.
    #[error(transparent)]
    Storage(#[from] StorageError),
}

/// Does it, for the person who was proven to be this follower.
pub async fn act(
    app: &App,
    by: &Follower,
    number: &TicketNumber,
    seen: i64,
    deed: &Deed,
) -> Result<Done, NotDone> {
    let mut tries = 0;
    loop {
        tries += 1;
        match attempt(app, by, number, seen, deed).await {
            Err(NotDone::Storage(error)) if error.is_transient() && tries < TRIES => {
                tracing::info!(tries, %error, "a deed on a page is decided again");
            }
            outcome => return outcome,
        }
    }
}

async fn attempt(
    app: &App,
    by: &Follower,
    number: &TicketNumber,
    seen: i64,
    deed: &Deed,
) -> Result<Done, NotDone> {
    let now = app.clock.now();
    let county = app.county_at(now).await?;
    let tx = app.store.begin().await?;
    // Somebody who was never seen begins no conversation by sending a form.
    if tx.speaker(by).await?.is_none() {
        return Err(NotDone::Nothing);
    }
    let mut conversation = tx.open_conversation(by, now).await?;
    let ticket = tx.ticket_by_number(number).await?.ok_or(NotDone::Nothing)?;
    let actor = actor(deed, &ticket, &conversation.speaker).ok_or(NotDone::Nothing)?;
    if ticket.version != seen {
        drop(tx);
        let history = app.store.history(ticket.id).await?;
        let again = was_done(deed, &actor, &history, now);
        return if again { Ok(Done { ticket, again }) } else { Err(NotDone::Meanwhile) };
    }
    let changes = decided(&county, &ticket, &actor, deed, &conversation, now)?;
    if let Deed::Finish { photos, .. } = deed {
        // What the phone gave to the platform is fetched while it lasts; what is here is known.
        for photo in photos.iter().filter(|photo| !photo.id.starts_with(TAKEN_IN)) {
            tx.expect_media(&incoming(photo, by), now).await?;
        }
    }
    enact(app, &tx, &county, &changes, now).await?;
    settle(&mut conversation, ticket.id, deed);
    tx.put_conversation(&conversation, now).await?;
    tx.commit().await?;
    app.bell.ring();
    let ticket = changes.into_iter().last().map_or(ticket, |change| change.after);
    Ok(Done { ticket, again: false })
}

fn incoming(photo: &Media, by: &Follower) -> Incoming {
    Incoming {
        id: photo.id.clone(),
        account: by.account.clone(),
        openid: Some(by.openid.clone()),
        kind: photo.kind,
    }
}

/// Who does it; none where it is not theirs to do.
fn actor(deed: &Deed, ticket: &Ticket, speaker: &Speaker) -> Option<Actor> {
    if deed.is_the_reporters() {
        return speaker.is(&ticket.reporter).then_some(Actor::Resident);
    }
    let duty = speaker.duty.as_ref().filter(|duty| works_on(ticket, &duty.person))?;
    Some(acting(duty))
}

/// As what somebody on duty acts.
pub fn acting(duty: &Duty) -> Actor {
    let person = duty.person.clone();
    if duty.is_operator() { Actor::Operator(person) } else { Actor::Member(person) }
}

fn decided(
    county: &County,
    ticket: &Ticket,
    actor: &Actor,
    deed: &Deed,
    conversation: &Conversation,
    now: DateTime<Utc>,
) -> Result<Vec<Transition>, Refused> {
    let action = match deed.clone() {
        Deed::Confirm { fully } => Action::Confirm { fully },
        Deed::NotSolved { reason: None } => Action::Object,
        Deed::NotSolved { reason } => Action::Rework { reason },
        Deed::Rate { rating } => Action::Rate { rating },
        Deed::Answer { text } => Action::GiveInfo { text, media: Vec::new() },
        Deed::Take => Action::Take,
        Deed::Decline { reason } => Action::Decline { reason },
        Deed::Ask { question } => Action::Ask { question },
        Deed::Finish { text, photos } => {
            // Those that were sent to the chat before belong to the same result.
            let sent = conversation.state.evidence.iter();
            let sent = sent.filter(|evidence| evidence.ticket == ticket.id);
            let media = sent.map(|evidence| evidence.media.clone()).chain(photos).collect();
            Action::Finish { outcome: outcome_in(&text), text, media }
        }
    };
    let rules = rules_of(county, &ticket.report.category);
    Ok(vec![lifecycle::act(ticket, action, actor, rules, now)?])
}

/// What the chat asked about this matter is answered.
fn settle(conversation: &mut Conversation, id: TicketId, deed: &Deed) {
    let state = &mut conversation.state;
    let is_about_it = state.asked.as_ref().is_some_and(|asked| match &asked.question {
        Question::Signoff { ticket }
        | Question::Reason { ticket }
        | Question::Rate { ticket }
        | Question::RateSure { ticket, .. }
        | Question::AgainBroken { ticket, .. }
        | Question::Info { ticket }
        | Question::OrderWords { ticket, .. } => *ticket == id,
        _ => false,
    });
    if is_about_it {
        state.asked = None;
    }
    if matches!(deed, Deed::Finish { .. }) {
        state.evidence.retain(|evidence| evidence.ticket != id);
    }
}

/// Whether the same person just did the same.
fn was_done(deed: &Deed, actor: &Actor, history: &[Event], now: DateTime<Utc>) -> bool {
    let theirs = history.iter().rev().filter(|event| event.by == *actor);
    let mut just_now = theirs.take_while(|event| now - event.at <= SAME_TAP);
    just_now
        .find(|event| !matches!(event.what, What::ClockSet { .. } | What::SignoffAsked))
        .is_some_and(|event| deed.is(&event.what))
}

/// Everybody who works on a ticket or was asked to.
pub fn people_on(ticket: &Ticket) -> Vec<Person> {
    let course = &ticket.course;
    let helpers = course.helps.iter().filter(|help| help.is_open() || help.was_lead);
    let asked = course.verification.iter().flat_map(|asked| &asked.asked);
    let mut people: Vec<Person> = ticket
        .handler
        .iter()
        .chain(&ticket.called)
        .chain(helpers.flat_map(Help::people))
        .chain(asked)
        .chain(&course.holder.leader)
        .cloned()
        .collect();
    people.sort_by_key(|person| person.id);
    people.dedup_by_key(|person| person.id);
    people
}

/// Whether somebody works on it or was asked to.
pub fn works_on(ticket: &Ticket, person: &Person) -> bool {
    people_on(ticket).iter().any(|known| known.id == person.id)
}

/// Whether somebody who works on it may read what it says: a confidential matter is read by who
/// took it, and who leads them.
pub fn may_read(ticket: &Ticket, person: &Person) -> bool {
    let is = |known: &&Person| known.id == person.id;
    let is_theirs = ticket.handler.as_ref().is_some_and(|known| is(&known))
        || ticket.course.holder.leader.as_ref().is_some_and(|known| is(&known));
    is_theirs || !ticket.report.confidential && works_on(ticket, person)
}

/// What a page waits for from who reported it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Awaited {
    /// 已解决、基本解决 or 没解决.
    Signoff,
    /// The reason of 没解决.
    Reason,
    /// An answer to a question.
    Answer,
    /// A grade.
    Rating,
}

/// What a ticket waits for from who reported it.
pub fn awaited(county: &County, ticket: &Ticket, now: DateTime<Utc>) -> Option<Awaited> {
    let rules = rules_of(county, &ticket.report.category);
    let may = |action| lifecycle::act(ticket, action, &Actor::Resident, rules, now).is_ok();
    match &ticket.status {
        Status::AwaitingSignoff { objected_at: Some(_), .. } => Some(Awaited::Reason),
        Status::AwaitingSignoff { .. } => Some(Awaited::Signoff),
        Status::NeedInfo { .. } => Some(Awaited::Answer),
        _ if ticket.rating.is_none() && may(Action::Rate { rating: Rating::Satisfied }) => {
            Some(Awaited::Rating)
        }
        _ => None,
    }
}

/// What somebody on duty could do with a ticket now, found by trying.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
#[expect(clippy::struct_excessive_bools, reason = "each is a button")]
pub struct Possible {
    /// 接单
    pub take: bool,
    /// 退单
    pub decline: bool,
    /// 问居民
    pub ask: bool,
    /// 完成
    pub finish: bool,
    /// A result needs a photo.
    pub needs_photo: bool,
}

impl Possible {
    /// Tries every move with words that nobody could object to.
    pub fn now(county: &County, ticket: &Ticket, duty: &Duty, now: DateTime<Utc>) -> Self {
        use crate::ticket::{MediaKind, Outcome};
        let rules = rules_of(county, &ticket.report.category);
        let by = acting(duty);
        let words = || "…".to_owned();
        let may = |action| {
            works_on(ticket, &duty.person)
                && lifecycle::act(ticket, action, &by, rules, now).is_ok()
        };
        let photo = Media { kind: MediaKind::Photo, id: String::new(), at: now };
        Self {
            take: may(Action::Take),
            decline: may(Action::Decline { reason: words() }),
            ask: may(Action::Ask { question: words() })
                && ticket.status.stage() == Stage::InProgress,
            finish: may(Action::Finish {
                text: words(),
                outcome: Outcome::Solved,
                media: vec![photo],
            }),
            needs_photo: rules.needs_photo,
        }
    }
}
