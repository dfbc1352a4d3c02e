//! How a turn is answered: with its words, with what they show, or with both.
//!
//! What has to be read leaves in the answer, and what is shown with it follows as a message of its
//! own; alone it is the answer. Nothing is put up here: what the platform does not have is not shown.

use super::Saying;
use crate::app::App;
use crate::outbox::post;
use crate::replies::kind::Shown;
use crate::storage::{StorageError, Tx};
use crate::ticket::Follower;
use crate::wechat::answer::{self, Answer, Article};
use chrono::{DateTime, Utc};

/// The answer; what does not fit into it goes into the outbox.
pub(super) async fn answer(
    app: &App,
    tx: &Tx,
    to: &Follower,
    said: Saying,
    now: DateTime<Utc>,
) -> Result<Answer, StorageError> {
    let shown = match &said.spoken.shown {
        Some(shown) if !said.to_seat => of(tx, &to.account, shown, now).await?,
        _ => None,
    };
    let text = match (&shown, said.spoken.text.is_empty()) {
        (Some(_), true) => String::new(),
        _ => said.spoken.words(),
    };
    let mut parts = answer::split(&text, answer::LONGEST_TEXT).into_iter();
    let first = if said.to_seat {
        Answer::Transfer { seat: None }
    } else {
        match (parts.next(), &shown) {
            (Some(text), _) => Answer::Text(text),
            (None, Some(shown)) => shown.clone(),
            (None, None) => Answer::Silence,
        }
    };
    for part in parts {
        post::continuation(app, tx, to, part, now).await?;
    }
    if let Some(shown) = shown.filter(|shown| *shown != first) {
        post::shown(app, tx, to, &shown, now).await?;
    }
    Ok(first)
}

/// What is shown as the platform wants it; none where it does not have it.
async fn of(
    tx: &Tx,
    account: &str,
    shown: &Shown,
    now: DateTime<Utc>,
) -> Result<Option<Answer>, StorageError> {
    Ok(match shown {
        Shown::Image(file) => {
            let id = tx.media_of(account, &file.name, now).await?;
            id.map(|media_id| Answer::Image { media_id })
        }
        Shown::Voice(file) => {
            let id = tx.media_of(account, &file.name, now).await?;
            id.map(|media_id| Answer::Voice { media_id })
        }
        Shown::Card(card) => Some(Answer::News(Article {
            title: card.title.clone(),
            description: card.description.clone(),
            picture_url: card.picture.clone(),
            url: card.url.clone(),
        })),
    })
}
