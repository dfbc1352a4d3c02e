//! Tickets in pages, for exports of any length in little memory.

use super::{StorageError, Store, tickets::all};
use crate::ticket::{Ticket, TicketId};
use chrono::{DateTime, Utc};
use entities::ticket as row;
use sea_orm::{ColumnTrait, Condition, EntityTrait, QueryFilter, QueryOrder, QuerySelect};

impl Store {
    /// One page of the tickets that were submitted from `from` until before `until`, oldest
    /// first. The next page begins `after` the last ticket of this one.
    pub async fn submitted_between(
        &self,
        from: Option<DateTime<Utc>>,
        until: Option<DateTime<Utc>>,
        after: Option<(DateTime<Utc>, TicketId)>,
        limit: u64,
    ) -> Result<Vec<Ticket>, StorageError> {
        let mut page = Condition::all();
        if let Some(from) = from {
            page = page.add(row::Column::SubmittedAt.gte(from));
        }
        if let Some(until) = until {
            page = page.add(row::Column::SubmittedAt.lt(until));
        }
        if let Some((at, id)) = after {
            let same_moment =
                Condition::all().add(row::Column::SubmittedAt.eq(at)).add(row::Column::Id.gt(id.0));
            page = page.add(Condition::any().add(row::Column::SubmittedAt.gt(at)).add(same_moment));
        }
        let found = row::Entity::find()
            .filter(page)
            .order_by_asc(row::Column::SubmittedAt)
            .order_by_asc(row::Column::Id)
            .limit(limit);
        all(&self.conn, found, "read tickets for an export").await
    }
}
