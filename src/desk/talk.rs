//! Somebody of the desk talks with a resident: takes the talk, says something, gives the bot back.
//!
//! Words leave through the outbox like every message, once for each form that was filled in.
//!
//! Deliberately absent: who may, which the console asks, and how the words leave.

use crate::app::App;
use crate::outbox::post;
use crate::storage::{ChatLine, Speaking, StorageError, Talk, Tx, Uttered};
use crate::talk;
use crate::ticket::{MemberId, Person, Ticket};
use uuid::Uuid;

/// More characters do not fit into one message of the platform.
pub const LONGEST_WORDS: usize = 600;

/// Why nothing was said or done in a talk.
#[derive(Debug, thiserror::Error)]
pub enum TalkError {
    /// There is no such talk.
    #[error("there is no such talk")]
    Unknown,
    /// It is over.
    #[error("the talk is over")]
    Over,
    /// Somebody else of the desk has it.
    #[error("somebody else has the talk")]
    Taken(Person),
    /// Nothing was said.
    #[error("there are no words")]
    NoWords,
    /// It does not fit into one message.
    #[error("the words are too long")]
    TooLong,
    /// The database.
    #[error(transparent)]
    Storage(#[from] StorageError),
}

/// Takes a talk; from `seen` where somebody else had it. The bot is silent from now on.
pub async fn take(
    app: &App,
    by: &Person,
    id: Uuid,
    seen: Option<MemberId>,
) -> Result<(), TalkError> {
    let now = app.clock.now();
    let found = app.store.talk(id).await?.ok_or(TalkError::Unknown)?;
    let tx = app.store.begin().await?;
    let with = tx.open_conversation(&found.with, now).await?;
    let talk = open(&tx, id).await?;
    if !tx.claim_talk(id, by, seen, now).await? {
        return Err(taken(talk));
    }
    talk::heard_from_desk(app, &tx, with, now).await?;
    tx.commit().await?;
    Ok(())
}

/// Says something to the resident; `form` is the identity of the filled-in form, so that sending it
/// twice says it once.
pub async fn say(
    app: &App,
    by: &Person,
    id: Uuid,
    form: Uuid,
    words: &str,
) -> Result<(), TalkError> {
    let words = words.trim();
    if words.is_empty() {
        return Err(TalkError::NoWords);
    }
    if words.chars().count() > LONGEST_WORDS {
        return Err(TalkError::TooLong);
    }
    let now = app.clock.now();
    let found = app.store.talk(id).await?.ok_or(TalkError::Unknown)?;
    let tx = app.store.begin().await?;
    let with = tx.open_conversation(&found.with, now).await?;
    let talk = open(&tx, id).await?;
    if tx.was_said(form).await? {
        return Ok(());
    }
    if !tx.claim_talk(id, by, None, now).await? {
        return Err(taken(talk));
    }
    let (talk, begins) = talk::heard_from_desk(app, &tx, with, now).await?;
    tx.talk_answered(id, now).await?;
    let line = ChatLine {
        at: now,
        side: Speaking::Desk,
        kind: Uttered::Text,
        text: words.to_owned(),
        media: None,
        who: Some(by.name.clone()),
        outbox: Some(form),
    };
    tx.write_line(&talk, &line).await?;
    post::desk_words(app, &tx, form, &talk.with, words, begins, now).await?;
    tx.commit().await?;
    app.bell.ring();
    Ok(())
}

/// Gives the bot back: the resident is told, and the draft's question comes again.
pub async fn release(app: &App, by: &Person, id: Uuid) -> Result<(), TalkError> {
    let now = app.clock.now();
    let county = app.county_at(now).await?;
    let found = app.store.talk(id).await?.ok_or(TalkError::Unknown)?;
    let tx = app.store.begin().await?;
    let with = tx.open_conversation(&found.with, now).await?;
    let talk = open(&tx, id).await?;
    if !tx.claim_talk(id, by, None, now).await? {
        return Err(taken(talk));
    }
    talk::release(app, &tx, &county, with, now).await?;
    tx.commit().await?;
    app.bell.ring();
    Ok(())
}

/// Hands in the resident's draft for them; none while they told nothing that could be handed in.
pub async fn submit(app: &App, by: &Person, id: Uuid) -> Result<Option<Ticket>, TalkError> {
    let now = app.clock.now();
    let county = app.county_at(now).await?;
    let found = app.store.talk(id).await?.ok_or(TalkError::Unknown)?;
    let tx = app.store.begin().await?;
    let with = tx.open_conversation(&found.with, now).await?;
    let talk = open(&tx, id).await?;
    if !tx.claim_talk(id, by, None, now).await? {
        return Err(taken(talk));
    }
    let ticket = talk::submit(app, &tx, &county, with, now).await?;
    tx.commit().await?;
    app.bell.ring();
    Ok(ticket)
}

/// The talk as it is behind the lock of its conversation.
async fn open(tx: &Tx, id: Uuid) -> Result<Talk, TalkError> {
    let talk = tx.talk(id).await?.ok_or(TalkError::Unknown)?;
    if talk.ended_at.is_some() { Err(TalkError::Over) } else { Ok(talk) }
}

fn taken(talk: Talk) -> TalkError {
    talk.claimed_by.map_or(TalkError::Over, TalkError::Taken)
}
