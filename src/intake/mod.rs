//! One push, from parsed message to recorded answer: the shell around [`dialogue::step`].
//!
//! Everything that a push brings about – claim, conversation, tickets, history, messages, answer
//! – is one transaction: all or nothing. A repeated push gets the stored answer of the first.
//! A write that lost a race is decided again from the start, which is safe because the core is
//! pure and the claim is rolled back too.
//!
//! Deliberately absent: HTTP, XML, and anything that leaves; messages go into the outbox.

mod carry_out;
mod consents;
mod event;
mod facts;
mod note;
pub mod recording;

use crate::app::App;
use crate::county::County;
use crate::dialogue::human::Turned;
use crate::dialogue::state::Restored;
use crate::dialogue::{self, Event, Facts, Reply, Step, View};
use crate::outbox::post;
use crate::storage::{Allowance, Claim, Conversation, StorageError, Tx};
use crate::talk;
use crate::ticket::Follower;
use crate::wechat::account::{Account, Seats};
use crate::wechat::answer::{self, Answer};
use crate::wechat::push::{Body, Event as PushEvent, Push};
use chrono::{DateTime, Utc};

/// How often a push is decided in all when its write loses races.
const TRIES: usize = 5;

/// Handles one push of `account` and returns what is answered.
pub async fn handle(app: &App, account: &Account, push: Push) -> Result<Answer, StorageError> {
    let mut tries = 0;
    loop {
        tries += 1;
        match attempt(app, account, &push).await {
            Err(error) if error.is_transient() && tries < TRIES => {
                tracing::info!(tries, %error, "a push is decided again");
            }
            outcome => return outcome,
        }
    }
}

async fn attempt(app: &App, account: &Account, push: &Push) -> Result<Answer, StorageError> {
    let now = app.clock.now();
    // Read before the transaction: it may have to load the county.
    let county = app.county_at(now).await?;
    let tx = app.store.begin().await?;
    let answer = within(app, &tx, &county, account, push, now).await?;
    let has_mail = tx.has_mail();
    tx.commit().await?;
    if has_mail {
        app.bell.ring();
    }
    Ok(answer)
}

/// Everything that a push brings about, inside a transaction that somebody else commits; the
/// answer must not leave before that.
async fn within(
    app: &App,
    tx: &Tx,
    county: &County,
    account: &Account,
    push: &Push,
    now: DateTime<Utc>,
) -> Result<Answer, StorageError> {
    if let Claim::Again { answer } = tx.claim_push(&account.slug, push.key.as_str(), now).await? {
        return Ok(Answer::restored(&answer.unwrap_or_default()));
    }
    if let Some(incoming) = event::incoming(&account.slug, push) {
        tx.expect_media(&incoming, now).await?;
    }
    let mut first = Answer::Silence;
    match (event::of(push, now), push.person()) {
        (Some(event), Some(openid)) => {
            let follower = Follower { account: account.slug.clone(), openid: openid.to_owned() };
            let said = turn(app, tx, county, account, &follower, event, opens(&push.body), now);
            let said = said.await?;
            let mut parts = answer::split(&said.text, answer::LONGEST_TEXT).into_iter();
            first = match said.to_seat {
                true => Answer::Transfer { seat: None },
                false => parts.next().map_or(Answer::Silence, Answer::Text),
            };
            for part in parts {
                post::continuation(app, tx, &follower, part, now).await?;
            }
        }
        _ => note::note(app, tx, county, account, push, now).await?,
    }
    tx.record_answer(&account.slug, push.key.as_str(), &first.stored()).await?;
    Ok(first)
}

/// What a turn says, and whether the platform's own seats hear the person from now on.
struct Saying {
    text: String,
    to_seat: bool,
}

/// One turn of a conversation; returns what is said.
#[expect(clippy::too_many_arguments, reason = "a shell hands down what it was given")]
async fn turn(
    app: &App,
    tx: &Tx,
    county: &County,
    account: &Account,
    follower: &Follower,
    event: Event,
    allowance: Option<Allowance>,
    now: DateTime<Utc>,
) -> Result<Saying, StorageError> {
    let mut conversation = tx.open_conversation(follower, now).await?;
    if let Some(allowance) = allowance {
        conversation.window.open(allowance, now);
        // Whatever was heard before, in whatever order: only a follower can do this.
        conversation.following = true;
    }
    let needs = dialogue::needs(&conversation.speaker, county, &conversation.state, &event);
    let mut facts = facts::look_up(tx, county, &conversation.speaker, needs, now).await?;
    let (who, fresh, trusts_chat) = (&conversation.speaker, app.ids.fresh(), account.trusts_chat);
    let view = View { who, county, facts: &facts, now, fresh, trusts_chat };
    let names = dialogue::could_be_called(view, &conversation.state, &event);
    facts.people.extend(tx.find_members_by_name(&names).await?);
    let view = View { who, county, facts: &facts, now, fresh, trusts_chat };
    let mut step = dialogue::step(view, conversation.state.clone(), event.clone());
    if let Some(near) = &step.near {
        let since = now - dialogue::near::JUST_CLOSED;
        let found = tx.tickets_near(&near.category, &near.areas, since).await?;
        let facts = Facts { near: Some(found), ..facts.clone() };
        let view = View { facts: &facts, ..view };
        step = dialogue::step(view, conversation.state.clone(), event.clone());
    }
    tell_if_set_aside(&conversation, &mut step);
    let talk = talk::concerns(&conversation, &step).then(|| conversation.clone());
    carry_out::carry_out(app, tx, county, conversation, &step, now).await?;
    if let Some(before) = talk {
        talk::keep(app, tx, county, &before, &event, &step, now).await?;
    }
    if allowance == Some(Allowance::Message) {
        // The outbox comes last in the order of locks.
        tx.release_held(follower, now).await?;
    }
    let text = app.words_of(&account.slug).replies(&step.replies);
    Ok(Saying { text, to_seat: is_for_seats(account, &step) })
}

/// Where the county answers at the platform's own seats, whoever asks for somebody goes there, and
/// so does what they say until a seat took them.
fn is_for_seats(account: &Account, step: &Step) -> bool {
    account.seats == Seats::Platform
        && step.state.human.is_some()
        && (step.replies.is_empty() || step.human == Some(Turned::Asked))
}

/// A state of another version was set aside: the person is told, once, before anything else.
fn tell_if_set_aside(conversation: &Conversation, step: &mut Step) {
    if conversation.restored == Restored::SetAside && !step.replies.is_empty() {
        step.replies.insert(0, Reply::StateSetAside);
    }
}

/// Which allowance of customer-service messages a push opens (5 in 48 hours, 3 in a minute).
fn opens(body: &Body) -> Option<Allowance> {
    match body {
        // A tap on a message menu counts as a menu click, by the platform's own note.
        Body::Text { menu_id: Some(_), .. }
        | Body::Event(
            PushEvent::Subscribe { .. }
            | PushEvent::Scan { .. }
            | PushEvent::Click { .. }
            | PushEvent::ScanCode { .. },
        ) => Some(Allowance::Brief),
        Body::Event(_) => None,
        _ => Some(Allowance::Message),
    }
}

/// What was looked up for one step.
pub(crate) type Found = Facts;
