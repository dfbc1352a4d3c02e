//! What the platform remembers, and the handle to it.
//!
//! Everything lives in memory behind one mutex that is never held while somebody is waited for.
//! Deliberately absent: quotas per day, except where [`super::tokens`] has them.

use super::{
    cast::{PersonKind, SimulatedAccount, SimulatedPerson, SimulatedTemplate},
    codes::Codes,
    faults::{Fault, Ordered},
    lines::{Line, Said},
    media::Media,
    menus::Menus,
    people::Unions,
    push::Parcel,
    robots::Robots,
    sms::SmsInbox,
    subscriptions::Subscriptions,
    tags::Tags,
    tokens::Tokens,
    windows::Windows,
};
use crate::{clock::Clock, ids::Ids};
use chrono::{DateTime, TimeDelta, Utc};
use std::{
    collections::{HashMap, VecDeque},
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::Duration,
};
use tokio::sync::Notify;

/// Numbers of messages and of template messages are as long as the platform's own, beyond what a
/// float can tell apart.
const FIRST_MESSAGE: u64 = 24_000_000_000_000_000;
const FIRST_TEMPLATE_MESSAGE: u64 = 3_700_000_000_000_000_000;

/// Moves the clock of whoever started the simulation.
pub type Advance = Arc<dyn Fn(TimeDelta) + Send + Sync>;

/// A person and what the platform knows about them.
#[derive(Debug)]
pub(super) struct Person {
    pub(super) given: SimulatedPerson,
    pub(super) follows: bool,
    pub(super) blocked: bool,
    pub(super) followed_at: DateTime<Utc>,
    pub(super) scene: Option<String>,
    pub(super) windows: Windows,
    pub(super) lines: Vec<Line>,
}

/// An account and what it was given.
#[derive(Debug)]
pub(super) struct Registered {
    pub(super) given: SimulatedAccount,
    pub(super) tokens: Tokens,
}

/// A template message that was accepted.
#[derive(Debug, Clone)]
pub(super) struct Accepted {
    pub(super) openid: String,
    pub(super) client_id: Option<String>,
    pub(super) at: DateTime<Utc>,
    pub(super) message_id: u64,
}

/// A delivery event that is still to be pushed.
#[derive(Debug, Clone)]
pub(super) struct Finished {
    pub(super) openid: String,
    pub(super) message_id: u64,
    pub(super) status: &'static str,
    /// The template of a notification by subscription; none for a template message.
    pub(super) notification: Option<String>,
}

/// Everything that changes.
#[derive(Debug)]
pub(super) struct State {
    pub(super) accounts: Vec<Registered>,
    pub(super) people: Vec<Person>,
    pub(super) templates: Vec<SimulatedTemplate>,
    pub(super) faults: Ordered,
    pub(super) accepted: Vec<Accepted>,
    pub(super) finished: VecDeque<Finished>,
    pub(super) media: Media,
    pub(super) seats: super::seats::Seats,
    /// Everybody's latest push, to be delivered once more.
    pub(super) latest: HashMap<String, Parcel>,
    pub(super) unions: Unions,
    pub(super) subscriptions: Subscriptions,
    pub(super) robots: Robots,
    pub(super) sms: SmsInbox,
    pub(super) oauth: super::oauth::Oauth,
    pub(super) pages: super::pages::Pages,
    pub(super) menus: Menus,
    pub(super) tags: Tags,
    pub(super) codes: Codes,
    next_message_id: u64,
    next_template_id: u64,
    lines: u64,
    pub(super) changes: u64,
}

impl State {
    pub(super) fn person(&self, openid: &str) -> Option<&Person> {
        self.people.iter().find(|person| person.given.openid == openid)
    }

    pub(super) fn person_mut(&mut self, openid: &str) -> Option<&mut Person> {
        self.people.iter_mut().find(|person| person.given.openid == openid)
    }

    /// Beyond 2^53, as the platform's own are: a float would lose their last digits.
    pub(super) fn message_id(&mut self) -> u64 {
        self.next_message_id += 1;
        self.next_message_id
    }

    pub(super) fn template_message_id(&mut self) -> u64 {
        self.next_template_id += 1;
        self.next_template_id
    }

    pub(super) fn write(&mut self, openid: &str, at: DateTime<Utc>, said: Said) {
        self.lines += 1;
        self.changes += 1;
        let number = self.lines;
        if let Some(person) = self.person_mut(openid) {
            person.lines.push(Line { number, at, said });
        }
    }
}

pub(super) struct Inner {
    pub(super) clock: Arc<dyn Clock>,
    pub(super) ids: Arc<dyn Ids>,
    pub(super) http: reqwest::Client,
    pub(super) patience: Duration,
    pub(super) advance: Option<Advance>,
    pub(super) event_queued: Notify,
    state: Mutex<State>,
}

/// The pretended platform. Clones share one state.
#[derive(Clone)]
pub struct Platform {
    pub(super) inner: Arc<Inner>,
}

/// What [`Platform`] is made from.
pub(super) struct Beginning {
    pub(super) clock: Arc<dyn Clock>,
    pub(super) ids: Arc<dyn Ids>,
    pub(super) http: reqwest::Client,
    pub(super) patience: Duration,
    pub(super) advance: Option<Advance>,
    pub(super) accounts: Vec<SimulatedAccount>,
    pub(super) people: Vec<SimulatedPerson>,
    pub(super) templates: Vec<SimulatedTemplate>,
}

impl Platform {
    pub(super) fn new(beginning: Beginning) -> Self {
        let now = beginning.clock.now();
        // A thousand a millisecond: whoever starts anew never gives out a number again.
        let begun = u64::try_from(now.timestamp_millis()).unwrap_or_default() * 1000;
        let register = |given| Registered { given, tokens: Tokens::default() };
        let state = State {
            accounts: beginning.accounts.into_iter().map(register).collect(),
            people: beginning.people.into_iter().map(|given| arrive(given, now)).collect(),
            templates: beginning.templates,
            faults: Ordered::default(),
            accepted: Vec::new(),
            finished: VecDeque::new(),
            media: Media::default(),
            seats: super::seats::Seats::default(),
            latest: HashMap::new(),
            unions: Unions::default(),
            subscriptions: Subscriptions::default(),
            robots: Robots::default(),
            sms: SmsInbox::default(),
            oauth: super::oauth::Oauth::default(),
            pages: super::pages::Pages::default(),
            menus: Menus::default(),
            tags: Tags::default(),
            codes: Codes::default(),
            next_message_id: FIRST_MESSAGE + begun,
            next_template_id: FIRST_TEMPLATE_MESSAGE + begun,
            lines: 0,
            changes: 0,
        };
        let inner = Inner {
            clock: beginning.clock,
            ids: beginning.ids,
            http: beginning.http,
            patience: beginning.patience,
            advance: beginning.advance,
            event_queued: Notify::new(),
            state: Mutex::new(state),
        };
        Self { inner: Arc::new(inner) }
    }

    pub(super) fn state(&self) -> MutexGuard<'_, State> {
        self.inner.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub(super) fn now(&self) -> DateTime<Utc> {
        self.inner.clock.now()
    }

    /// Tells where an account's pushes go from now on.
    pub fn set_webhook(&self, slug: &str, url: impl Into<String>) {
        let url = url.into();
        for account in self.state().accounts.iter_mut().filter(|a| a.given.slug == slug) {
            account.given.webhook = Some(url.clone());
        }
    }

    /// Lets somebody have a phone from now on. An openid that is known already stays as it is.
    pub fn admit(&self, person: SimulatedPerson) {
        let now = self.now();
        let mut state = self.state();
        if state.person(&person.openid).is_none() {
            state.people.push(arrive(person, now));
            state.changes += 1;
        }
    }

    /// Lets a resident with this name, who follows the first account, have a phone; returns the
    /// openid. The one who has the name already keeps it.
    pub fn admit_resident(&self, name: &str) -> String {
        if let Some(openid) = self.openid_of(name) {
            return openid;
        }
        let account = self.state().accounts.first().map(|a| a.given.slug.clone());
        let person =
            SimulatedPerson::named(name, PersonKind::Resident, &account.unwrap_or_default());
        let openid = person.openid.clone();
        self.admit(person);
        openid
    }

    /// Everybody who has a phone: name and openid.
    pub fn people(&self) -> Vec<(String, String)> {
        let state = self.state();
        state.people.iter().map(|p| (p.given.name.clone(), p.given.openid.clone())).collect()
    }

    /// Remembers what an earlier simulation knew of a person: whether they follow, when they last
    /// wrote, and how many answers to that have left.
    pub fn recall(&self, openid: &str, follows: bool, wrote_at: Option<DateTime<Utc>>, used: u32) {
        let mut state = self.state();
        state.changes += 1;
        if let Some(person) = state.person_mut(openid) {
            person.follows = follows;
            person.windows = wrote_at.map_or(Windows::default(), |at| Windows::recalled(at, used));
        }
    }

    /// Whose name this is.
    pub fn openid_of(&self, name: &str) -> Option<String> {
        let state = self.state();
        state.people.iter().find(|p| p.given.name == name).map(|p| p.given.openid.clone())
    }

    /// Whether the person refuses template messages (接收设置), which is not unfollowing.
    pub fn set_blocked(&self, openid: &str, blocked: bool) {
        let mut state = self.state();
        state.changes += 1;
        if let Some(person) = state.person_mut(openid) {
            person.blocked = blocked;
        }
    }

    /// Everything that happened with this person, in order.
    pub fn lines(&self, openid: &str) -> Vec<Line> {
        self.state().person(openid).map(|person| person.lines.clone()).unwrap_or_default()
    }

    /// Orders a fault, so many times.
    pub fn fault(&self, fault: Fault, times: usize) {
        let now = self.now();
        let mut state = self.state();
        state.changes += 1;
        if fault != Fault::Token {
            state.faults.add(fault, times);
            return;
        }
        for account in &mut state.accounts {
            account.tokens.replaced_by_a_stranger(now, fresh_token(self.inner.ids.as_ref()));
        }
    }

    /// Takes back all faults that did not happen yet.
    pub fn clear_faults(&self) {
        let mut state = self.state();
        state.changes += 1;
        state.faults.clear();
    }
}

/// As long as the platform's own.
pub(super) fn fresh_token(ids: &dyn Ids) -> String {
    let parts: Vec<String> = (0..4).map(|_| ids.fresh().simple().to_string()).collect();
    format!("99_{}", parts.concat())
}

fn arrive(given: SimulatedPerson, now: DateTime<Utc>) -> Person {
    Person {
        follows: given.follows,
        given,
        blocked: false,
        followed_at: now,
        scene: None,
        windows: Windows::default(),
        lines: Vec::new(),
    }
}
