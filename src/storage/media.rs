//! Photos, voices and films: what is expected from the platform, what is kept, and what is lost.
//!
//! A row comes with the push that told of it. `due_at` is the one moment at which the worker looks
//! at it again: to fetch it, to see whether it is still needed, or to delete it. What is kept and
//! stands in a ticket has none. `why` says what went wrong, as a code.
//!
//! [`super::media_due`] is the worker's side. Deliberately absent: the bytes, and where they lie.

use super::{
    StorageError, Store, Tx,
    codec::{Row, stored_count},
    error::failed,
};
use crate::ticket::{Follower, MediaKind, Ticket};
use chrono::{DateTime, Utc};
use entities::media as row;
use sea_orm::{
    ActiveValue::Set,
    ColumnTrait, EntityTrait, PaginatorTrait, QueryFilter, QueryOrder, QuerySelect,
    sea_query::{CaseStatement, Expr, OnConflict},
};

/// Something that the platform has for us.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Incoming {
    /// The platform's media id, or one of ours for what came by a page.
    pub id: String,
    /// Whose platform account has it.
    pub account: String,
    /// Who sent it, where that is known.
    pub openid: Option<String>,
    /// What it is said to be.
    pub kind: MediaKind,
}

/// How far it has come.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum MediaStage {
    /// The platform has it.
    Waiting,
    /// We have it.
    Kept,
    /// It can no longer be had.
    Lost,
    /// It is deleted next time.
    Dropped,
}

/// One of them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MediaRow {
    /// Its id.
    pub id: String,
    /// Whose platform account has it.
    pub account: String,
    /// What it is said to be.
    pub kind: MediaKind,
    /// When it came.
    pub at: DateTime<Utc>,
    /// How far it has come.
    pub stage: MediaStage,
    /// How often it was asked for.
    pub attempts: u32,
    /// When the worker looks at it again.
    pub due_at: Option<DateTime<Utc>>,
    /// What went wrong last, as a code.
    pub why: Option<String>,
    /// What it is, once it is kept.
    pub media_type: Option<String>,
    /// It stands in a ticket.
    pub used: bool,
}

/// What came of an attempt to fetch.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Fetched {
    /// It is kept.
    Kept {
        /// What it is.
        media_type: String,
    },
    /// It may succeed later.
    Again {
        /// When.
        at: DateTime<Utc>,
        /// Why it did not now.
        why: String,
    },
    /// It never will.
    Lost {
        /// Why.
        why: String,
    },
}

impl MediaStage {
    const ALL: [Self; 4] = [Self::Waiting, Self::Kept, Self::Lost, Self::Dropped];

    pub(super) fn code(self) -> &'static str {
        match self {
            Self::Waiting => "waiting",
            Self::Kept => "kept",
            Self::Lost => "lost",
            Self::Dropped => "dropped",
        }
    }
}

impl Tx {
    /// The platform has something for us; once known it is not expected again.
    pub async fn expect_media(
        &self,
        incoming: &Incoming,
        now: DateTime<Utc>,
    ) -> Result<(), StorageError> {
        row::Entity::insert(expected(incoming, MediaStage::Waiting, now, now)?)
            .on_conflict(OnConflict::column(row::Column::Id).do_nothing().to_owned())
            .try_insert()
            .exec_without_returning(&self.inner)
            .await
            .map_err(failed("expect a photo"))?;
        Ok(())
    }

    /// These are no longer needed, as far as they stand in no ticket.
    pub async fn drop_unused_media(
        &self,
        ids: &[String],
        now: DateTime<Utc>,
    ) -> Result<(), StorageError> {
        if ids.is_empty() {
            return Ok(());
        }
        row::Entity::update_many()
            .col_expr(row::Column::Stage, Expr::value(MediaStage::Dropped.code()))
            .col_expr(row::Column::DueAt, Expr::value(now))
            .filter(row::Column::Id.is_in(ids))
            .filter(row::Column::TicketId.is_null())
            .exec(&self.inner)
            .await
            .map_err(failed("let photos go"))?;
        Ok(())
    }

    /// What the ticket holds is in use from now on.
    pub(super) async fn use_media(&self, ticket: &Ticket) -> Result<(), StorageError> {
        let ids: Vec<&str> = ticket
            .media()
            .filter(|media| media.kind != MediaKind::Link)
            .map(|media| media.id.as_str())
            .collect();
        if ids.is_empty() {
            return Ok(());
        }
        // What is still waited for stays due; the rest need not be looked at any more.
        let due = CaseStatement::new()
            .case(row::Column::Stage.eq(MediaStage::Waiting.code()), Expr::col(row::Column::DueAt))
            .finally(Expr::value(None::<DateTime<Utc>>));
        row::Entity::update_many()
            .col_expr(row::Column::TicketId, Expr::value(ticket.id.0))
            .col_expr(row::Column::DueAt, due.into())
            .filter(row::Column::Id.is_in(ids))
            .filter(row::Column::TicketId.is_null())
            .filter(row::Column::Stage.ne(MediaStage::Dropped.code()))
            .exec(&self.inner)
            .await
            .map_err(failed("keep the photos of a ticket"))?;
        Ok(())
    }
}

impl Store {
    /// One of them.
    pub async fn media(&self, id: &str) -> Result<Option<MediaRow>, StorageError> {
        let found = row::Entity::find_by_id(id)
            .one(&self.conn)
            .await
            .map_err(failed("read what is known of a photo"))?;
        found.map(media_of).transpose()
    }

    /// Those of these that are known, in no order.
    pub async fn media_among(&self, ids: &[&str]) -> Result<Vec<MediaRow>, StorageError> {
        if ids.is_empty() {
            return Ok(Vec::new());
        }
        let found = row::Entity::find()
            .filter(row::Column::Id.is_in(ids.iter().copied()))
            .all(&self.conn)
            .await
            .map_err(failed("read what is known of photos"))?;
        found.into_iter().map(media_of).collect()
    }

    /// The ids of everything that a person sent.
    pub async fn media_of(&self, person: &Follower) -> Result<Vec<String>, StorageError> {
        row::Entity::find()
            .select_only()
            .column(row::Column::Id)
            .filter(row::Column::Account.eq(&person.account))
            .filter(row::Column::Openid.eq(&person.openid))
            .into_tuple()
            .all(&self.conn)
            .await
            .map_err(failed("read what somebody sent"))
    }

    /// When the worker next has to look at one.
    pub async fn next_media_due(&self) -> Result<Option<DateTime<Utc>>, StorageError> {
        let next: Option<Option<DateTime<Utc>>> = row::Entity::find()
            .select_only()
            .column(row::Column::DueAt)
            .filter(row::Column::DueAt.is_not_null())
            .order_by_asc(row::Column::DueAt)
            .limit(1)
            .into_tuple()
            .one(&self.conn)
            .await
            .map_err(failed("look when photos are due"))?;
        Ok(next.flatten())
    }

    /// These go, whoever uses them: the worker deletes them, unless somebody does before.
    pub async fn drop_media(&self, ids: &[String], now: DateTime<Utc>) -> Result<(), StorageError> {
        let _turn = self.turn().await;
        for chunk in ids.chunks(super::CHUNK) {
            row::Entity::update_many()
                .col_expr(row::Column::Stage, Expr::value(MediaStage::Dropped.code()))
                .col_expr(row::Column::DueAt, Expr::value(now))
                .filter(row::Column::Id.is_in(chunk))
                .exec(&self.conn)
                .await
                .map_err(failed("let photos go"))?;
        }
        Ok(())
    }

    /// How many did not come so far, of those sent since `since`; at most `most`.
    pub async fn missing_media(
        &self,
        since: DateTime<Utc>,
        most: u64,
    ) -> Result<u64, StorageError> {
        row::Entity::find()
            .filter(row::Column::Why.is_not_null())
            .filter(row::Column::At.gte(since))
            .filter(row::Column::Stage.ne(MediaStage::Dropped.code()))
            .limit(most)
            .count(&self.conn)
            .await
            .map_err(failed("count the photos that did not come"))
    }
}

pub(super) fn expected(
    incoming: &Incoming,
    stage: MediaStage,
    now: DateTime<Utc>,
    due_at: DateTime<Utc>,
) -> Result<row::ActiveModel, StorageError> {
    let kind = super::codec::stored(&incoming.kind)?;
    Ok(row::ActiveModel {
        id: Set(incoming.id.clone()),
        account: Set(incoming.account.clone()),
        openid: Set(incoming.openid.clone()),
        kind: Set(kind.as_str().unwrap_or_default().to_owned()),
        at: Set(now),
        stage: Set(stage.code().to_owned()),
        attempts: Set(stored_count(0)),
        due_at: Set(Some(due_at)),
        why: Set(None),
        media_type: Set(None),
        ticket_id: Set(None),
    })
}

pub(super) fn media_of(m: row::Model) -> Result<MediaRow, StorageError> {
    let name = Row::of("media", &m.account);
    let stage = MediaStage::ALL.into_iter().find(|stage| stage.code() == m.stage);
    Ok(MediaRow {
        kind: name.code("kind", m.kind)?,
        stage: stage.ok_or_else(|| name.odd("`stage` is no stage"))?,
        attempts: name.count("attempts", m.attempts)?,
        id: m.id,
        account: m.account,
        at: m.at,
        due_at: m.due_at,
        why: m.why,
        media_type: m.media_type,
        used: m.ticket_id.is_some(),
    })
}
