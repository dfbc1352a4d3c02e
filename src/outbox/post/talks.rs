//! What is put in around talks with the desk, and what is shown with an answer.
//!
//! Deliberately absent: who talks with whom; see [`crate::talk`].

use super::{When, or_county, phones_of, put, put_as};
use crate::app::App;
use crate::county::{AreaCode, County};
use crate::dialogue::reply::gist;
use crate::outbox::message::Fields;
use crate::storage::{StorageError, Tx};
use crate::ticket::{Follower, notice::NoticeKind};
use crate::wechat::answer::Answer;
use chrono::{DateTime, Utc};
use uuid::Uuid;

/// Tells the desk that somebody wants to talk, or – after so many minutes – that they still wait.
pub async fn human_wanted(
    app: &App,
    tx: &Tx,
    county: &County,
    area: Option<&str>,
    words: Option<String>,
    waited: Option<i64>,
    now: DateTime<Utc>,
) -> Result<(), StorageError> {
    let code = area.map(AreaCode::from);
    let path = code.as_ref().map(|code| county.path(code)).unwrap_or_default();
    let path: Vec<String> = path.iter().map(|area| area.code.as_str().to_owned()).collect();
    let desk = tx.desk_operators(&or_county(path, county)).await?;
    let mut fields = Fields::blank();
    fields.put("name", "一位居民");
    fields.put("place", code.map(|code| county.spoken_path(&code)).unwrap_or_default());
    fields.put("note", words.map(|words| gist(&words)).unwrap_or_default());
    fields.put("count", waited.map(|minutes| minutes.to_string()).unwrap_or_default());
    // Who asks at night waits for the morning anyway.
    let when = When { now, quiet: Some(county.settings().quiet) };
    for to in phones_of(tx, &desk, "").await? {
        put(app, tx, to, None, NoticeKind::HumanWanted, fields.clone(), when).await?;
    }
    Ok(())
}

/// What somebody of the desk says to a person; told how to leave where the talk `begins` with it.
pub async fn desk_words(
    app: &App,
    tx: &Tx,
    id: Uuid,
    to: &Follower,
    words: &str,
    begins: bool,
    now: DateTime<Utc>,
) -> Result<(), StorageError> {
    let mut fields = Fields::blank();
    fields.put("note", words);
    fields.put("kind", if begins { "first" } else { "" });
    let when = When::at_once(now);
    put_as(app, tx, id, to.clone(), None, NoticeKind::DeskWords, fields, when).await
}

/// What is shown with an answer, right behind it.
pub async fn shown(
    app: &App,
    tx: &Tx,
    to: &Follower,
    shown: &Answer,
    now: DateTime<Utc>,
) -> Result<(), StorageError> {
    let mut fields = Fields::blank();
    let (kind, note) = match shown {
        Answer::Image { media_id } => ("image", media_id.clone()),
        Answer::Voice { media_id } => ("voice", media_id.clone()),
        Answer::News(article) => {
            fields.put("gist", article.title.clone());
            ("news", serde_json::to_string(article).unwrap_or_default())
        }
        Answer::Text(_) | Answer::Silence | Answer::Transfer { .. } => return Ok(()),
    };
    fields.put("kind", kind);
    fields.put("note", note);
    put(app, tx, to.clone(), None, NoticeKind::Shown, fields, When::at_once(now)).await
}

/// The bot is back, in its own words.
pub async fn bot_back(
    app: &App,
    tx: &Tx,
    to: &Follower,
    words: String,
    now: DateTime<Utc>,
) -> Result<(), StorageError> {
    let mut fields = Fields::blank();
    fields.put("note", words);
    put(app, tx, to.clone(), None, NoticeKind::BotBack, fields, When::at_once(now)).await
}
