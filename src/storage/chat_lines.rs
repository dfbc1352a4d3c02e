//! What was said while somebody of the desk talked with a resident, and what became of the desk's
//! words on their way.
//!
//! Deliberately absent: pictures and voices themselves, which are fetched by their ids.

use super::{
    StorageError, Store, Talk, Tx,
    codec::Row,
    error::failed,
    outbox::{HELD, Outcome},
};
use chrono::{DateTime, Utc};
use entities::{chat_line as line, outbox};
use sea_orm::{
    ActiveValue::{NotSet, Set},
    ColumnTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect,
};
use serde::{Deserialize, Serialize};
use std::collections::HashMap;
use uuid::Uuid;

/// Who said something.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Speaking {
    /// The resident.
    Person,
    /// Somebody of the desk.
    Desk,
    /// The bot: danger, or that it is back.
    Bot,
}

/// What sort of thing was said.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Uttered {
    /// Words.
    Text,
    /// A picture.
    Photo,
    /// A voice, perhaps with recognised words.
    Voice,
    /// A video.
    Video,
    /// A place.
    Place,
    /// Something else.
    Other,
}

/// Something that was said.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ChatLine {
    /// When.
    pub at: DateTime<Utc>,
    /// By whom.
    pub side: Speaking,
    /// What sort.
    pub kind: Uttered,
    /// The words; empty where there are none.
    pub text: String,
    /// The platform's id of a picture, voice or video.
    pub media: Option<String>,
    /// The operator's name.
    pub who: Option<String>,
    /// The message by which it left.
    pub outbox: Option<Uuid>,
}

/// What became of words of the desk.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Fate {
    /// On its way.
    OnItsWay,
    /// It arrived, as far as the platform says.
    Sent,
    /// Nobody knows whether it arrived; it is not said twice.
    Unclear,
    /// It waits for the resident's next message.
    Held,
    /// It will not arrive.
    Failed,
}

impl Tx {
    /// Whether the words of this message were said already.
    pub async fn was_said(&self, outbox: Uuid) -> Result<bool, StorageError> {
        let found = line::Entity::find().filter(line::Column::OutboxId.eq(outbox));
        let found = found.one(&self.inner).await.map_err(failed("look for words of the desk"))?;
        Ok(found.is_some())
    }

    /// Keeps something that was said.
    pub async fn write_line(&self, talk: &Talk, said: &ChatLine) -> Result<(), StorageError> {
        let fresh = line::ActiveModel {
            position: NotSet,
            hand_over_id: Set(talk.id),
            account: Set(talk.with.account.clone()),
            openid: Set(talk.with.openid.clone()),
            at: Set(said.at),
            side: Set(code_of(&said.side)),
            kind: Set(code_of(&said.kind)),
            text: Set(said.text.clone()),
            media: Set(said.media.clone()),
            who: Set(said.who.clone()),
            outbox_id: Set(said.outbox),
        };
        line::Entity::insert(fresh)
            .exec_without_returning(&self.inner)
            .await
            .map_err(failed("keep what was said"))?;
        Ok(())
    }
}

impl Store {
    /// What was said in a talk, the first word first; the latest `limit` of it.
    pub async fn lines_of(
        &self,
        talk: Uuid,
        limit: u64,
    ) -> Result<Vec<(ChatLine, Fate)>, StorageError> {
        let mut found = line::Entity::find()
            .filter(line::Column::HandOverId.eq(talk))
            .order_by_desc(line::Column::Position)
            .limit(limit)
            .all(&self.conn)
            .await
            .map_err(failed("read a talk"))?;
        found.reverse();
        let left: Vec<Uuid> = found.iter().filter_map(|m| m.outbox_id).collect();
        let mut fates: HashMap<Uuid, Fate> = HashMap::new();
        if !left.is_empty() {
            let sent = outbox::Entity::find().filter(outbox::Column::Id.is_in(left));
            let sent = sent.all(&self.conn).await.map_err(failed("read what became of words"))?;
            fates.extend(sent.iter().map(|m| (m.id, fate(m))));
        }
        found
            .into_iter()
            .map(|m| {
                let fate = m.outbox_id.and_then(|id| fates.get(&id).copied());
                Ok((ChatLine::try_from(m)?, fate.unwrap_or(Fate::Sent)))
            })
            .collect()
    }
}

fn code_of(value: &impl Serialize) -> String {
    let code = serde_json::to_value(value).ok();
    code.and_then(|code| code.as_str().map(str::to_owned)).unwrap_or_default()
}

fn fate(sent: &outbox::Model) -> Fate {
    let is = |outcome: Outcome| sent.outcome.as_deref() == Some(outcome.code());
    if sent.done_at.is_none() {
        return if sent.channel.as_deref() == Some(HELD) { Fate::Held } else { Fate::OnItsWay };
    }
    if is(Outcome::Sent) || is(Outcome::Confirmed) {
        let is_unclear = sent.channel.as_deref() == Some(UNCLEAR);
        return if is_unclear { Fate::Unclear } else { Fate::Sent };
    }
    Fate::Failed
}

/// The channel of a chat text of which nobody knows whether it arrived.
pub const UNCLEAR: &str = "custom_unclear";

impl TryFrom<line::Model> for ChatLine {
    type Error = StorageError;

    fn try_from(m: line::Model) -> Result<Self, StorageError> {
        let name = Row::of("chat_line", &m.position);
        Ok(Self {
            at: m.at,
            side: name.code("side", m.side)?,
            kind: name.code("kind", m.kind)?,
            text: m.text,
            media: m.media,
            who: m.who,
            outbox: m.outbox_id,
        })
    }
}
