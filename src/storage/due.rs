//! What time alone brings about: which tickets and drafts have to be looked at, and when next.
//!
//! The moments are projections, stored with what they follow from, and found by an index.

use super::{StorageError, Store, Tx, absence, codec::Row, error::failed, tickets};
use crate::ticket::{Follower, MemberId, Ticket, TicketId};
use chrono::{DateTime, NaiveDate, Utc};
use entities::{mark, resident, ticket};
use sea_orm::{
    ActiveValue::Set,
    ColumnTrait, Condition, EntityTrait, ExprTrait, QueryFilter, QueryOrder, QuerySelect,
    QueryTrait, Select, Statement, TryInsertResult,
    sea_query::{Expr, OnConflict},
};
use uuid::Uuid;

/// The day for which everybody was told what of theirs is late.
const DIGEST: &str = "digest";

impl Store {
    /// Tickets whose moment has come, earliest first, with that moment.
    pub async fn due_tickets(
        &self,
        now: DateTime<Utc>,
        limit: u64,
    ) -> Result<Vec<(DateTime<Utc>, TicketId)>, StorageError> {
        let found: Vec<(DateTime<Utc>, Uuid)> = due_by(now, limit)
            .into_tuple()
            .all(&self.conn)
            .await
            .map_err(failed("find due tickets"))?;
        Ok(found.into_iter().map(|(at, id)| (at, TicketId(id))).collect())
    }

    /// When the next ticket has to be looked at.
    pub async fn next_due(&self) -> Result<Option<DateTime<Utc>>, StorageError> {
        first(ticket::Column::DueAt)
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

    /// Live tickets with a date that was guessed at by another calendar than this.
    pub async fn guessed_tickets(
        &self,
        calendar: &str,
        limit: u64,
    ) -> Result<Vec<TicketId>, StorageError> {
        let found: Vec<Uuid> = guessed_by_others(calendar, limit)
            .into_tuple()
            .all(&self.conn)
            .await
            .map_err(failed("find tickets whose dates were guessed at"))?;
        Ok(found.into_iter().map(TicketId).collect())
    }

    /// When the first of all live tickets is late, be it past or to come.
    pub async fn first_late(&self) -> Result<Option<DateTime<Utc>>, StorageError> {
        first(ticket::Column::LateAt)
            .into_tuple()
            .one(&self.conn)
            .await
            .map_err(failed("find the first late ticket"))
    }

    /// The day for which everybody was told what of theirs is late.
    pub async fn digest_day(&self) -> Result<Option<NaiveDate>, StorageError> {
        let found = mark::Entity::find_by_id(DIGEST)
            .one(&self.conn)
            .await
            .map_err(failed("read for which day the late ones were told"))?;
        let day = |m: mark::Model| {
            m.value.parse().map_err(|_| Row::of("mark", &DIGEST).odd("it is no day"))
        };
        found.map(day).transpose()
    }
}

impl Store {
    /// The questions about tickets that due work asks all the time, as the database gets them: for
    /// a test that looks at how they are answered.
    #[doc(hidden)]
    pub fn due_questions(&self, now: DateTime<Utc>) -> Vec<Statement> {
        let backend = self.conn.get_database_backend();
        let day = now.date_naive();
        vec![
            due_by(now, 1).build(backend),
            first(ticket::Column::DueAt).build(backend),
            first(ticket::Column::LateAt).build(backend),
            late_by(now).build(backend),
            guessed_by_others("2025-2026.1f3a9c2e", 1).build(backend),
            absence::with_work(day).build(backend),
            absence::open_work(MemberId(Uuid::nil())).build(backend),
        ]
    }
}

fn due_by(now: DateTime<Utc>, limit: u64) -> Select<ticket::Entity> {
    ticket::Entity::find()
        .select_only()
        .columns([ticket::Column::DueAt, ticket::Column::Id])
        .filter(ticket::Column::DueAt.lte(now))
        .order_by_asc(ticket::Column::DueAt)
        .order_by_asc(ticket::Column::Number)
        .limit(limit)
}

/// The first of all moments in a column.
fn first(moment: ticket::Column) -> Select<ticket::Entity> {
    ticket::Entity::find()
        .select_only()
        .column(moment)
        .filter(moment.is_not_null())
        .order_by_asc(moment)
        .limit(1)
}

fn late_by(by: DateTime<Utc>) -> Select<ticket::Entity> {
    ticket::Entity::find()
        .filter(ticket::Column::LateAt.lte(by))
        .order_by_asc(ticket::Column::LateAt)
        .order_by_asc(ticket::Column::Number)
}

fn guessed_by_others(calendar: &str, limit: u64) -> Select<ticket::Entity> {
    // Two ranges of the index; "not this one" would be a walk through all of it.
    let others = Condition::any()
        .add(ticket::Column::GuessedBy.lt(calendar))
        .add(ticket::Column::GuessedBy.gt(calendar));
    ticket::Entity::find().select_only().column(ticket::Column::Id).filter(others).limit(limit)
}

impl Tx {
    /// Whether this transaction is the one to tell everybody what is late that day: the first one
    /// to ask, and then nobody any more.
    pub async fn claim_digest(&self, day: NaiveDate) -> Result<bool, StorageError> {
        let day = day.to_string();
        let earlier = Expr::col((mark::Entity, mark::Column::Value)).lt(day.clone());
        let claimed = mark::Entity::insert(mark::ActiveModel {
            name: Set(DIGEST.to_owned()),
            value: Set(day),
        })
        .on_conflict(
            OnConflict::column(mark::Column::Name)
                .update_column(mark::Column::Value)
                .action_and_where(earlier)
                .to_owned(),
        )
        .try_insert()
        .exec_without_returning(&self.inner)
        .await
        .map_err(failed("claim the day's word about what is late"))?;
        Ok(matches!(claimed, TryInsertResult::Inserted(1..)))
    }

    /// Live tickets that were late by then, the latest first.
    pub async fn late_tickets(&self, by: DateTime<Utc>) -> Result<Vec<Ticket>, StorageError> {
        tickets::all(&self.inner, late_by(by), "read what is late").await
    }
}
