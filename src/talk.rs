//! Talks between a resident and somebody of the desk, stored and told: what the core decided about
//! them is carried out here, whoever asked – a push, the desk, or time alone.
//!
//! Everything happens inside the caller's transaction, behind the lock of the person's conversation.
//!
//! Deliberately absent: decisions, who of the desk may, and the commit.

use crate::app::App;
use crate::county::County;
use crate::dialogue::human::{self, Due, Turned};
use crate::dialogue::{self, Event, Facts, Step, View};
use crate::enact::enact;
use crate::outbox::post;
use crate::storage::{ChatLine, Conversation, Ended, Speaking, StorageError, Talk, Tx, Uttered};
use crate::ticket::Ticket;
use crate::ticket::lifecycle::REOPEN_DAYS;
use chrono::{DateTime, TimeDelta, Utc};

/// Whether a step has to do with a talk at all.
pub fn concerns(before: &Conversation, step: &Step) -> bool {
    before.state.human.is_some() || step.state.human.is_some() || step.human.is_some()
}

/// Keeps what was said while somebody of the desk listens, and tells the desk who asks for somebody.
/// `before` is the conversation as it was before the step.
pub async fn keep(
    app: &App,
    tx: &Tx,
    county: &County,
    before: &Conversation,
    event: &Event,
    step: &Step,
    now: DateTime<Utc>,
) -> Result<(), StorageError> {
    let is = step.state.human.is_some();
    let known = tx.talk_with(&before.speaker.follower).await?;
    let is_new = known.is_none();
    let talk = match known {
        Some(talk) => talk,
        None if is || step.human == Some(Turned::AskedLater) => begin(app, tx, before, now).await?,
        None => return Ok(()),
    };
    let words = app.wording.replies(&step.replies);
    if let Some(line) = line_of(event, now) {
        tx.write_line(&talk, &line).await?;
    }
    if !words.is_empty() {
        tx.write_line(&talk, &by_bot(words, now)).await?;
    }
    match step.human {
        Some(Turned::Left) => return tx.end_talk(talk.id, Ended::ByPerson, now).await,
        Some(Turned::Lapsed) if talk.answered_at.is_some() => {
            return tx.end_talk(talk.id, Ended::ByTime, now).await;
        }
        _ => {}
    }
    tx.follow_talk(talk.id, step.state.human.as_ref(), now).await?;
    if step.human == Some(Turned::Asked) || is_new && step.human == Some(Turned::AskedLater) {
        let draft = step.state.draft.as_ref().and_then(|draft| draft.text.get().cloned());
        post::human_wanted(app, tx, county, talk.area.as_deref(), draft, None, now).await?;
    }
    Ok(())
}

async fn begin(
    app: &App,
    tx: &Tx,
    with: &Conversation,
    now: DateTime<Utc>,
) -> Result<Talk, StorageError> {
    let area = human::area_of(&with.speaker, &with.state);
    tx.begin_talk(app.ids.fresh(), &with.speaker.follower, area, now).await
}

/// Somebody of the desk, or of the platform's seats, spoke to the person or took the talk: the bot
/// is silent from now on. Tells the talk, and whether it began with it.
pub async fn heard_from_desk(
    app: &App,
    tx: &Tx,
    mut with: Conversation,
    now: DateTime<Utc>,
) -> Result<(Talk, bool), StorageError> {
    let talk = match tx.talk_with(&with.speaker.follower).await? {
        Some(talk) => talk,
        None => begin(app, tx, &with, now).await?,
    };
    let begins = human::heard_from_desk(&mut with.state, now);
    tx.put_conversation(&with, now).await?;
    tx.follow_talk(talk.id, with.state.human.as_ref(), now).await?;
    Ok((talk, begins))
}

/// The desk is done: the person is told, and the draft's question put again.
pub async fn release(
    app: &App,
    tx: &Tx,
    county: &County,
    mut with: Conversation,
    now: DateTime<Utc>,
) -> Result<(), StorageError> {
    let follower = with.speaker.follower.clone();
    if let Some(talk) = tx.talk_with(&follower).await? {
        tx.end_talk(talk.id, Ended::ByDesk, now).await?;
    }
    if with.state.human.is_none() {
        // It was not silent: there is nothing to come back from.
        return Ok(());
    }
    let mine = tx.tickets_of(&follower, now - TimeDelta::days(REOPEN_DAYS)).await?;
    let facts = Facts { mine, ..Facts::default() };
    let (who, fresh) = (&with.speaker, app.ids.fresh());
    let view = View { who, county, facts: &facts, now, fresh, trusts_chat: false };
    let step = human::released(view, with.state.clone());
    with.state = step.state;
    tx.put_conversation(&with, now).await?;
    post::bot_back(app, tx, &follower, app.wording.replies(&step.replies), now).await
}

/// The desk hands in the person's draft for them: they are told its number. None while nothing that
/// could be handed in was told.
pub async fn submit(
    app: &App,
    tx: &Tx,
    county: &County,
    mut with: Conversation,
    now: DateTime<Utc>,
) -> Result<Option<Ticket>, StorageError> {
    let follower = with.speaker.follower.clone();
    let mine = tx.tickets_of(&follower, now - TimeDelta::days(REOPEN_DAYS)).await?;
    let mut facts = Facts { mine, ..Facts::default() };
    let (who, fresh) = (&with.speaker, app.ids.fresh());
    let view = View { who, county, facts: &facts, now, fresh, trusts_chat: false };
    let names = dialogue::could_be_called(view, &with.state, &Event::Text(String::new()));
    facts.people = tx.find_members_by_name(&names).await?;
    let view = View { who, county, facts: &facts, now, fresh, trusts_chat: false };
    let Some(step) = human::submitted(view, with.state.clone()) else { return Ok(None) };
    let Some(talk) = tx.talk_with(&follower).await? else { return Ok(None) };
    with.state = step.state;
    with.due_at = dialogue::time::next(&with.state).map(|(at, _)| at);
    tx.put_conversation(&with, now).await?;
    let words = app.wording.replies(&step.replies);
    tx.write_line(&talk, &by_bot(words.clone(), now)).await?;
    enact(app, tx, county, &step.changes, now).await?;
    post::continuation(app, tx, &follower, words, now).await?;
    Ok(step.changes.into_iter().next().map(|change| change.after))
}

/// Time does what is due with a talk; false where nothing was.
pub async fn time_passes(
    app: &App,
    tx: &Tx,
    county: &County,
    mut with: Conversation,
    now: DateTime<Utc>,
) -> Result<bool, StorageError> {
    let Some(talk) = tx.talk_with(&with.speaker.follower).await? else { return Ok(false) };
    let due = with.state.human.as_ref().map(human::Human::next);
    let Some((_, due)) = due.filter(|(at, _)| *at <= now) else {
        // The projection is behind.
        tx.follow_talk(talk.id, with.state.human.as_ref(), talk.last_at).await?;
        return Ok(false);
    };
    human::lapse(&mut with.state, due);
    tx.put_conversation(&with, now).await?;
    match due {
        Due::Lapse if talk.answered_at.is_some() => {
            tx.end_talk(talk.id, Ended::ByTime, now).await?;
        }
        // Nobody answered: it stays with those who wait.
        Due::Lapse => tx.follow_talk(talk.id, None, talk.last_at).await?,
        Due::Remind => {
            tx.follow_talk(talk.id, with.state.human.as_ref(), talk.last_at).await?;
            let waited = (now - talk.asked_at).num_minutes();
            let area = talk.area.as_deref();
            post::human_wanted(app, tx, county, area, None, Some(waited), now).await?;
        }
    }
    Ok(true)
}

fn by_bot(text: String, at: DateTime<Utc>) -> ChatLine {
    let (side, kind) = (Speaking::Bot, Uttered::Text);
    ChatLine { at, side, kind, text, media: None, who: None, outbox: None }
}

/// What a person did, as somebody of the desk reads it.
fn line_of(event: &Event, at: DateTime<Utc>) -> Option<ChatLine> {
    let (kind, text, media) = match event {
        Event::Text(text) => (Uttered::Text, text.clone(), None),
        Event::Voice { media, heard } => {
            (Uttered::Voice, heard.clone().unwrap_or_default(), Some(media.id.clone()))
        }
        Event::Photo(media) => (Uttered::Photo, String::new(), Some(media.id.clone())),
        Event::Video(media) => (Uttered::Video, String::new(), Some(media.id.clone())),
        Event::Location { point, label } => {
            (Uttered::Place, format!("{label}（{:.5}，{:.5}）", point.lat, point.lng), None)
        }
        Event::Link { media, title } => (Uttered::Other, format!("{title} {}", media.id), None),
        Event::File => (Uttered::Other, "[文件]".to_owned(), None),
        Event::Sticker | Event::Unknown => (Uttered::Other, "[表情]".to_owned(), None),
        Event::Click(key) if key == "HUMAN" => (Uttered::Other, "[菜单：找人工]".to_owned(), None),
        Event::Click(_) => (Uttered::Other, "[菜单]".to_owned(), None),
        Event::Follow(_) | Event::Scan(_) | Event::Unfollow => return None,
    };
    Some(ChatLine { at, side: Speaking::Person, kind, text, media, who: None, outbox: None })
}
