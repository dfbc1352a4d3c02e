//! What time alone brings about: which tickets and drafts have to be looked at, and when next.
//!
//! The moments are projections, stored with what they follow from, and found by an index.

use super::{StorageError, Store, error::failed};
use crate::ticket::{Follower, TicketId};
use chrono::{DateTime, Utc};
use entities::{resident, ticket};
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect};
use uuid::Uuid;

impl Store {
    /// Tickets whose moment has come, earliest first, with that moment.
    pub async fn due_tickets(
        &self,
        now: DateTime<Utc>,
        limit: u64,
    ) -> Result<Vec<(DateTime<Utc>, TicketId)>, StorageError> {
        let found: Vec<(DateTime<Utc>, Uuid)> = ticket::Entity::find()
            .select_only()
            .columns([ticket::Column::DueAt, ticket::Column::Id])
            .filter(ticket::Column::DueAt.lte(now))
            .order_by_asc(ticket::Column::DueAt)
            .order_by_asc(ticket::Column::Number)
            .limit(limit)
            .into_tuple()
            .all(&self.conn)
            .await
            .map_err(failed("find due tickets"))?;
        Ok(found.into_iter().map(|(at, id)| (at, TicketId(id))).collect())
    }

    /// When the next ticket has to be looked at.
    pub async fn next_due(&self) -> Result<Option<DateTime<Utc>>, StorageError> {
        ticket::Entity::find()
            .select_only()
            .column(ticket::Column::DueAt)
            .filter(ticket::Column::DueAt.is_not_null())
            .order_by_asc(ticket::Column::DueAt)
            .into_tuple()
            .one(&self.conn)
            .await
            .map_err(failed("find the next due ticket"))
    }

    /// Followers whose draft has to be looked at, earliest first, with that moment.
    pub async fn due_drafts(
        &self,
        now: DateTime<Utc>,
        limit: u64,
    ) -> Result<Vec<(DateTime<Utc>, Follower)>, StorageError> {
        let found: Vec<(DateTime<Utc>, String, String)> = resident::Entity::find()
            .select_only()
            .columns([resident::Column::DueAt, resident::Column::Account, resident::Column::Openid])
            .filter(resident::Column::DueAt.lte(now))
            .order_by_asc(resident::Column::DueAt)
            .order_by_asc(resident::Column::Account)
            .order_by_asc(resident::Column::Openid)
            .limit(limit)
            .into_tuple()
            .all(&self.conn)
            .await
            .map_err(failed("find due drafts"))?;
        let follower = |(at, account, openid)| (at, Follower { account, openid });
        Ok(found.into_iter().map(follower).collect())
    }

    /// When the next draft has to be looked at.
    pub async fn next_draft_due(&self) -> Result<Option<DateTime<Utc>>, StorageError> {
        resident::Entity::find()
            .select_only()
            .column(resident::Column::DueAt)
            .filter(resident::Column::DueAt.is_not_null())
            .order_by_asc(resident::Column::DueAt)
            .into_tuple()
            .one(&self.conn)
            .await
            .map_err(failed("find the next due draft"))
    }
}
