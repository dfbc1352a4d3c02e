//! The worker's side of photos, voices and films: what is due, taken in hand, fetched or let go.
//!
//! Two workers never hold the same one, because a lease is written only over the moment that was
//! seen. Deliberately absent: how something is fetched.

use super::{
    Fetched, Incoming, MediaRow, MediaStage, StorageError, Store,
    error::failed,
    media::{expected, media_of},
};
use chrono::{DateTime, TimeDelta, Utc};
use entities::{media as row, resident};
use sea_orm::{
    ColumnTrait, EntityTrait, ExprTrait, QueryFilter, QueryOrder, QuerySelect,
    sea_query::{CaseStatement, Expr},
};

/// What stands in no ticket is kept for a draft's life, and a day more.
const UNUSED: TimeDelta = TimeDelta::days(8);

impl Store {
    /// What the worker has to look at now, the longest due first.
    pub async fn due_media(
        &self,
        now: DateTime<Utc>,
        limit: u64,
    ) -> Result<Vec<MediaRow>, StorageError> {
        let found = row::Entity::find()
            .filter(row::Column::DueAt.lte(now))
            .order_by_asc(row::Column::DueAt)
            .limit(limit)
            .all(&self.conn)
            .await
            .map_err(failed("look for photos to fetch"))?;
        found.into_iter().map(media_of).collect()
    }

    /// Takes one in hand until a moment; whoever comes second gets nothing.
    pub async fn lease_media(
        &self,
        seen: &MediaRow,
        until: DateTime<Utc>,
    ) -> Result<bool, StorageError> {
        let _turn = self.turn().await;
        let changed = row::Entity::update_many()
            .col_expr(row::Column::DueAt, Expr::value(until))
            .col_expr(row::Column::Attempts, Expr::col(row::Column::Attempts).add(1))
            .filter(row::Column::Id.eq(&seen.id))
            .filter(row::Column::Stage.eq(seen.stage.code()))
            .filter(row::Column::DueAt.eq(seen.due_at))
            .exec(&self.conn)
            .await
            .map_err(failed("take a photo in hand"))?;
        Ok(changed.rows_affected == 1)
    }

    /// Writes down what came of an attempt; false where it is no longer wanted.
    pub async fn finish_media(
        &self,
        of: &MediaRow,
        fetched: &Fetched,
    ) -> Result<bool, StorageError> {
        let (stage, why, media_type) = match fetched {
            Fetched::Kept { media_type } => (MediaStage::Kept, None, Some(media_type.clone())),
            Fetched::Again { why, .. } => (MediaStage::Waiting, Some(why.clone()), None),
            Fetched::Lost { why } => (MediaStage::Lost, Some(why.clone()), None),
        };
        // Somebody may just have put it into a ticket.
        let due = match fetched {
            Fetched::Again { at, .. } => Expr::value(*at),
            _ => CaseStatement::new()
                .case(row::Column::TicketId.is_null(), Expr::value(of.at + UNUSED))
                .finally(Expr::value(None::<DateTime<Utc>>))
                .into(),
        };
        let _turn = self.turn().await;
        let changed = row::Entity::update_many()
            .col_expr(row::Column::Stage, Expr::value(stage.code()))
            .col_expr(row::Column::Why, Expr::value(why))
            .col_expr(row::Column::MediaType, Expr::value(media_type))
            .col_expr(row::Column::DueAt, due)
            .filter(row::Column::Id.eq(&of.id))
            .filter(row::Column::Stage.eq(of.stage.code()))
            .exec(&self.conn)
            .await
            .map_err(failed("write down that a photo was fetched"))?;
        Ok(changed.rows_affected == 1)
    }

    /// Something arrives by another way than the platform; until it is kept it counts as dropped,
    /// so that nothing stays of an arrival that was broken off.
    pub async fn begin_media(
        &self,
        incoming: &Incoming,
        patience: TimeDelta,
        now: DateTime<Utc>,
    ) -> Result<MediaRow, StorageError> {
        let fresh = expected(incoming, MediaStage::Dropped, now, now + patience)?;
        let _turn = self.turn().await;
        row::Entity::insert(fresh)
            .exec_without_returning(&self.conn)
            .await
            .map_err(failed("begin to keep a photo"))?;
        Ok(MediaRow {
            id: incoming.id.clone(),
            account: incoming.account.clone(),
            kind: incoming.kind,
            at: now,
            stage: MediaStage::Dropped,
            attempts: 0,
            due_at: Some(now + patience),
            why: None,
            media_type: None,
            used: false,
        })
    }

    /// Has it fetched at once, unless it is kept.
    pub async fn fetch_media_again(
        &self,
        id: &str,
        now: DateTime<Utc>,
    ) -> Result<bool, StorageError> {
        let _turn = self.turn().await;
        let changed = row::Entity::update_many()
            .col_expr(row::Column::Stage, Expr::value(MediaStage::Waiting.code()))
            .col_expr(row::Column::DueAt, Expr::value(now))
            .filter(row::Column::Id.eq(id))
            .filter(row::Column::Stage.is_in([MediaStage::Waiting.code(), MediaStage::Lost.code()]))
            .exec(&self.conn)
            .await
            .map_err(failed("have a photo fetched again"))?;
        Ok(changed.rows_affected == 1)
    }

    /// Looks at an unused one again later.
    pub async fn put_off_media(&self, id: &str, until: DateTime<Utc>) -> Result<(), StorageError> {
        let _turn = self.turn().await;
        row::Entity::update_many()
            .col_expr(row::Column::DueAt, Expr::value(until))
            .filter(row::Column::Id.eq(id))
            .exec(&self.conn)
            .await
            .map_err(failed("put a photo off"))?;
        Ok(())
    }

    /// Forgets that there was one; its bytes are gone.
    pub async fn forget_media(&self, id: &str) -> Result<(), StorageError> {
        let _turn = self.turn().await;
        row::Entity::delete_many()
            .filter(row::Column::Id.eq(id))
            .filter(row::Column::Stage.eq(MediaStage::Dropped.code()))
            .exec(&self.conn)
            .await
            .map_err(failed("forget a photo"))?;
        Ok(())
    }

    /// Whether the conversation of whoever sent it still speaks of it.
    pub async fn is_media_in_a_draft(&self, id: &str) -> Result<bool, StorageError> {
        let doing = "look for the draft of a photo";
        let found = row::Entity::find_by_id(id).one(&self.conn).await.map_err(failed(doing))?;
        let Some(row::Model { account, openid: Some(openid), .. }) = found else {
            return Ok(false);
        };
        let state: Option<sea_orm::JsonValue> = resident::Entity::find()
            .select_only()
            .column(resident::Column::State)
            .filter(resident::Column::Account.eq(account))
            .filter(resident::Column::Openid.eq(openid))
            .into_tuple()
            .one(&self.conn)
            .await
            .map_err(failed(doing))?;
        Ok(state.is_some_and(|state| state.to_string().contains(id)))
    }
}
