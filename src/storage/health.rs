//! How things are: what waits in the outbox, what went astray, and when the worker was last alive.
//!
//! Answered by the outbox's indexes: what was sent long ago is never looked at.

use super::{
    CHUNK, Sight, StorageError, Store,
    codec::Row,
    deliveries::gone_astray,
    error::failed,
    leases::begun_anew,
    outbox::{HELD, Outcome},
};
use chrono::{DateTime, SubsecRound, Utc};
use entities::{mark, outbox as row, ticket};
use sea_orm::{
    ActiveValue::Set,
    ColumnTrait, EntityTrait, ExprTrait, PaginatorTrait, QueryFilter, QueryOrder, QuerySelect,
    sea_query::{Expr, OnConflict},
};
use std::collections::HashMap;
use uuid::Uuid;

/// When the worker last looked at its work.
const HEARTBEAT: &str = "heartbeat";

/// What lies in the outbox.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct OutboxState {
    /// Messages that have to leave, now or later.
    pub waiting: u64,
    /// Since when the first of them should have left; to come, where nothing is late.
    pub due_since: Option<DateTime<Utc>>,
    /// Messages whose words wait for the person's next one.
    pub held: u64,
    /// Messages that left since the moment that was asked about.
    pub sent: u64,
}

/// A message that reached nobody, without a word of to whom.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Astray {
    /// Its identity.
    pub id: Uuid,
    /// What sort of message.
    pub kind: String,
    /// The number of the ticket it is about, where whoever asks may see that.
    pub number: Option<String>,
    /// How often it was tried.
    pub attempts: u32,
    /// When it was given up.
    pub given_up_at: DateTime<Utc>,
    /// Why.
    pub reason: String,
}

impl Store {
    /// What lies in the outbox now, and what left since `since`.
    pub async fn outbox_state(&self, since: DateTime<Utc>) -> Result<OutboxState, StorageError> {
        let doing = "look at the outbox";
        let is_held = row::Column::Channel.eq(HELD);
        let open = || row::Entity::find().filter(row::Column::DoneAt.is_null());
        let free = || {
            let other = row::Column::Channel.is_null().or(row::Column::Channel.ne(HELD));
            open().filter(other)
        };
        let sent = [Outcome::Sent.code(), Outcome::Confirmed.code()];
        let left = row::Entity::find()
            .filter(row::Column::Outcome.is_in(sent))
            .filter(row::Column::DoneAt.gte(since));
        let due_since = free()
            .select_only()
            .column(row::Column::DueAt)
            .order_by_asc(row::Column::DueAt)
            .limit(1)
            .into_tuple()
            .one(&self.conn)
            .await
            .map_err(failed(doing))?;
        Ok(OutboxState {
            waiting: free().count(&self.conn).await.map_err(failed(doing))?,
            due_since,
            held: open().filter(is_held).count(&self.conn).await.map_err(failed(doing))?,
            sent: left.count(&self.conn).await.map_err(failed(doing))?,
        })
    }

    /// Messages that were given up since `since`, the latest first.
    pub async fn astray(
        &self,
        sight: &Sight,
        since: DateTime<Utc>,
        limit: u64,
    ) -> Result<Vec<Astray>, StorageError> {
        type Found = (Uuid, String, Option<Uuid>, i32, Option<DateTime<Utc>>, Option<String>);
        let found: Vec<Found> = row::Entity::find()
            .select_only()
            .columns([
                row::Column::Id,
                row::Column::Kind,
                row::Column::Topic,
                row::Column::Attempts,
                row::Column::DoneAt,
                row::Column::DeadReason,
            ])
            .filter(gone_astray())
            .filter(row::Column::DoneAt.gte(since))
            .order_by_desc(row::Column::DoneAt)
            .order_by_desc(row::Column::Position)
            .limit(limit)
            .into_tuple()
            .all(&self.conn)
            .await
            .map_err(failed("read what went astray"))?;
        let numbers = self.numbers(sight, found.iter().filter_map(|found| found.2)).await?;
        let astray = |(id, kind, topic, attempts, at, reason): Found| {
            let name = Row::of("outbox", &id);
            Ok(Astray {
                id,
                kind,
                number: topic.and_then(|topic| numbers.get(&topic).cloned()),
                attempts: name.count("attempts", attempts)?,
                given_up_at: at.ok_or_else(|| name.odd("given up, but not done"))?,
                reason: reason.unwrap_or_default(),
            })
        };
        found.into_iter().map(astray).collect()
    }

    /// The numbers of those of these tickets that are in sight.
    async fn numbers(
        &self,
        sight: &Sight,
        ids: impl Iterator<Item = Uuid>,
    ) -> Result<HashMap<Uuid, String>, StorageError> {
        let ids: Vec<Uuid> = ids.collect();
        if ids.is_empty() {
            return Ok(HashMap::new());
        }
        let found: Vec<(Uuid, String)> = ticket::Entity::find()
            .select_only()
            .columns([ticket::Column::Id, ticket::Column::Number])
            .filter(ticket::Column::Id.is_in(ids))
            .filter(sight.condition())
            .into_tuple()
            .all(&self.conn)
            .await
            .map_err(failed("read the numbers of tickets"))?;
        Ok(found.into_iter().collect())
    }

    /// Has these tried again, those of them that went astray; how many that are.
    pub async fn send_these_again(
        &self,
        ids: &[Uuid],
        now: DateTime<Utc>,
    ) -> Result<u64, StorageError> {
        let _turn = self.turn().await;
        let mut count = 0;
        for chunk in ids.chunks(CHUNK) {
            let changed = row::Entity::update_many()
                .set(begun_anew(now, None))
                .col_expr(row::Column::Round, Expr::col(row::Column::Round).add(1))
                .filter(row::Column::Id.is_in(chunk.iter().copied()))
                .filter(gone_astray())
                .exec(&self.conn)
                .await
                .map_err(failed("have messages sent again"))?;
            count += changed.rows_affected;
        }
        Ok(count)
    }

    /// Remembers that the worker is alive.
    pub async fn beat(&self, now: DateTime<Utc>) -> Result<(), StorageError> {
        let _turn = self.turn().await;
        let value = now.trunc_subsecs(3).to_rfc3339();
        let mark = mark::ActiveModel { name: Set(HEARTBEAT.to_owned()), value: Set(value) };
        mark::Entity::insert(mark)
            .on_conflict(
                OnConflict::column(mark::Column::Name)
                    .update_column(mark::Column::Value)
                    .to_owned(),
            )
            .exec_without_returning(&self.conn)
            .await
            .map_err(failed("remember that the worker is alive"))?;
        Ok(())
    }

    /// When the worker was last alive.
    pub async fn last_beat(&self) -> Result<Option<DateTime<Utc>>, StorageError> {
        let found = mark::Entity::find_by_id(HEARTBEAT)
            .one(&self.conn)
            .await
            .map_err(failed("read when the worker was alive"))?;
        let moment = |m: mark::Model| {
            let at = DateTime::parse_from_rfc3339(&m.value).map(|at| at.to_utc());
            at.map_err(|_| Row::of("mark", &HEARTBEAT).odd("it is no moment"))
        };
        found.map(moment).transpose()
    }
}
