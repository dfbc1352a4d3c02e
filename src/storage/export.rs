//! Tickets in pages, for exports and figures of any number of them in little memory.

use super::{
    StorageError, Store,
    error::failed,
    tickets::{all, lies_in, of_ids},
};
use crate::ticket::{Ticket, TicketId, event::Event};
use chrono::{DateTime, Utc};
use entities::{ticket as row, ticket_event};
use sea_orm::{ColumnTrait, Condition, EntityTrait, QueryFilter, QueryOrder, QuerySelect};
use std::collections::HashMap;

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
        self.submitted_in(from, until, None, after, limit).await
    }

    /// The same of those that lay in `area` when they were submitted.
    pub async fn submitted_in(
        &self,
        from: Option<DateTime<Utc>>,
        until: Option<DateTime<Utc>>,
        area: Option<&str>,
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
        if let Some(area) = area {
            page = page.add(lies_in(area));
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

    /// The same, each with all that happened to it, in order.
    pub async fn stories_between(
        &self,
        from: Option<DateTime<Utc>>,
        until: Option<DateTime<Utc>>,
        area: Option<&str>,
        after: Option<(DateTime<Utc>, TicketId)>,
        limit: u64,
    ) -> Result<Vec<(Ticket, Vec<Event>)>, StorageError> {
        let tickets = self.submitted_in(from, until, area, after, limit).await?;
        self.with_events(tickets).await
    }

    /// These tickets, each with all that happened to it, in any order.
    pub async fn stories(
        &self,
        ids: &[TicketId],
    ) -> Result<Vec<(Ticket, Vec<Event>)>, StorageError> {
        let tickets = of_ids(&self.conn, ids, "read tickets to count them").await?;
        self.with_events(tickets).await
    }

    async fn with_events(
        &self,
        tickets: Vec<Ticket>,
    ) -> Result<Vec<(Ticket, Vec<Event>)>, StorageError> {
        if tickets.is_empty() {
            return Ok(Vec::new());
        }
        let ids = tickets.iter().map(|ticket| ticket.id.0);
        let rows = ticket_event::Entity::find()
            .filter(ticket_event::Column::TicketId.is_in(ids))
            .order_by_asc(ticket_event::Column::TicketId)
            .order_by_asc(ticket_event::Column::Seq)
            .all(&self.conn)
            .await
            .map_err(failed("read what happened to tickets"))?;
        let mut events: HashMap<TicketId, Vec<Event>> = HashMap::with_capacity(tickets.len());
        for row in rows {
            events.entry(TicketId(row.ticket_id)).or_default().push(Event::try_from(row)?);
        }
        let with_events = |ticket: Ticket| {
            let happened = events.remove(&ticket.id).unwrap_or_default();
            (ticket, happened)
        };
        Ok(tickets.into_iter().map(with_events).collect())
    }
}
