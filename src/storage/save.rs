//! Writing what was decided: the ticket, who is called to it, what happened, and that it has to be
//! counted again.
//!
//! A ticket is written only in the version that was seen. Whoever loses a race hears
//! [`StorageError::Stale`] and decides again; so does a new ticket whose number is taken.

use super::{
    StorageError, Tx,
    codec::{Row, stored},
    error::failed,
    ticket_row::row_of,
};
use crate::ticket::{Help, Ticket, TicketId, event::Event, lifecycle::Transition};
use chrono::{DateTime, Utc};
use entities::{ticket as row, ticket_called, ticket_event};
use sea_orm::{
    ActiveValue::{NotSet, Set},
    ColumnTrait, EntityTrait, ExprTrait, QueryFilter, QuerySelect, TryInsertResult,
    sea_query::{Expr, OnConflict},
};
use std::collections::BTreeMap;
use uuid::Uuid;

/// Called to take the ticket.
pub(super) const LEAD: &str = "lead";
/// Called to something beside it: a helper's part, a look on site.
pub(super) const BESIDE: &str = "beside";

impl Tx {
    /// Stores a change that was decided.
    pub async fn save(&self, done: &Transition) -> Result<(), StorageError> {
        let ticket = &done.after;
        let ended_at = ticket
            .is_ended()
            .then(|| done.events.last().map_or(ticket.submitted_at, |event| event.at));
        // A resident's word or a clock's is no hand that was laid on it.
        let touched_at = done.events.iter().rev().find(|event| event.by.person().is_some());
        let touched_at = touched_at.map(|event| event.at);
        match done.before {
            None => self.insert_ticket(ticket, ended_at).await?,
            Some(seen) => self.update_ticket(ticket, seen, ended_at, touched_at).await?,
        }
        self.call(ticket, done.before.is_none()).await?;
        self.append(ticket.id, done.before.is_none(), &done.events).await?;
        self.keep_words(ticket, &done.events).await?;
        self.use_media(ticket).await?;
        self.count_again(ticket.id).await
    }

    async fn insert_ticket(
        &self,
        ticket: &Ticket,
        ended_at: Option<DateTime<Utc>>,
    ) -> Result<(), StorageError> {
        let fresh = row::ActiveModel {
            touched_at: Set(Some(ticket.submitted_at)),
            ..row_of(ticket, ended_at)?
        };
        let inserted = row::Entity::insert(fresh)
            .on_conflict(OnConflict::new().do_nothing().to_owned())
            .try_insert()
            .exec_without_returning(&self.inner)
            .await
            .map_err(failed("store a new ticket"))?;
        match inserted {
            TryInsertResult::Inserted(1) => Ok(()),
            _ => Err(Row::of("ticket", &ticket.id.0).stale()),
        }
    }

    async fn update_ticket(
        &self,
        ticket: &Ticket,
        seen: i64,
        ended_at: Option<DateTime<Utc>>,
        touched_at: Option<DateTime<Utc>>,
    ) -> Result<(), StorageError> {
        // A rating after the end does not move the end.
        let ended_at = match ended_at {
            Some(at) => Expr::col(row::Column::EndedAt).if_null(at),
            None => Expr::value(None::<DateTime<Utc>>),
        };
        let changes = row::ActiveModel {
            id: NotSet,
            ended_at: NotSet,
            touched_at: touched_at.map_or(NotSet, |at| Set(Some(at))),
            ..row_of(ticket, None)?
        };
        let updated = row::Entity::update_many()
            .set(changes)
            .col_expr(row::Column::EndedAt, ended_at)
            .filter(row::Column::Id.eq(ticket.id.0))
            .filter(row::Column::Version.eq(seen))
            .exec(&self.inner)
            .await
            .map_err(failed("store a ticket"))?;
        if updated.rows_affected == 1 {
            Ok(())
        } else {
            Err(Row::of("ticket", &ticket.id.0).stale())
        }
    }

    /// Keeps the index of calls: only a live ticket calls anybody.
    async fn call(&self, ticket: &Ticket, is_new: bool) -> Result<(), StorageError> {
        if !is_new {
            ticket_called::Entity::delete_many()
                .filter(ticket_called::Column::TicketId.eq(ticket.id.0))
                .exec(&self.inner)
                .await
                .map_err(failed("end the calls of a ticket"))?;
        }
        if ticket.is_ended() {
            return Ok(());
        }
        // Kept after it was taken: whoever comes second is told who was faster. Helpers and those
        // who look on site are called too.
        let course = &ticket.course;
        let open = course.helps.iter().filter(|help| help.is_open());
        let helpers = open.flat_map(|help: &Help| help.called.iter().chain(help.people()));
        let asked = course.verification.iter().filter(|asked| asked.answer.is_none());
        let mut parts: BTreeMap<Uuid, &str> = BTreeMap::new();
        let lead = ticket.called.iter().chain(&ticket.handler);
        parts.extend(lead.map(|person| (person.id.0, LEAD)));
        parts.extend(asked.flat_map(|asked| &asked.asked).map(|person| (person.id.0, BESIDE)));
        parts.extend(helpers.map(|person| (person.id.0, BESIDE)));
        if parts.is_empty() {
            return Ok(());
        }
        let calls = parts.into_iter().map(|(member, part)| ticket_called::ActiveModel {
            ticket_id: Set(ticket.id.0),
            member_id: Set(member),
            part: Set(part.to_owned()),
        });
        ticket_called::Entity::insert_many(calls)
            .on_conflict(OnConflict::new().do_nothing().to_owned())
            .try_insert()
            .exec_without_returning(&self.inner)
            .await
            .map_err(failed("store the calls of a ticket"))?;
        Ok(())
    }

    /// The ticket's row is ours until the commit, so nobody else appends meanwhile.
    async fn append(
        &self,
        id: TicketId,
        is_new: bool,
        events: &[Event],
    ) -> Result<(), StorageError> {
        if events.is_empty() {
            return Ok(());
        }
        let last = if is_new { 0 } else { self.last_seq(id).await? };
        let mut rows = Vec::with_capacity(events.len());
        for (event, seq) in events.iter().zip(last + 1..) {
            rows.push(ticket_event::ActiveModel {
                ticket_id: Set(id.0),
                seq: Set(seq),
                at: Set(event.at),
                actor: Set(stored(&event.by)?),
                kind: Set(event.what.code().to_owned()),
                data: Set(stored(&event.what)?),
            });
        }
        ticket_event::Entity::insert_many(rows)
            .exec_without_returning(&self.inner)
            .await
            .map_err(failed("append to a ticket's history"))?;
        Ok(())
    }

    async fn last_seq(&self, id: TicketId) -> Result<i64, StorageError> {
        let last: Option<Option<i64>> = ticket_event::Entity::find()
            .select_only()
            .column_as(ticket_event::Column::Seq.max(), "last")
            .filter(ticket_event::Column::TicketId.eq(id.0))
            .into_tuple()
            .one(&self.inner)
            .await
            .map_err(failed("read the length of a history"))?;
        Ok(last.flatten().unwrap_or(0))
    }
}
