//! Sending what lies in the outbox: leases, and what became of an attempt.
//!
//! Delivery is at least once: a lease keeps two workers off one row, but a worker that dies
//! between sending and [`Store::finish`] leaves the row to be sent again. Rows are leased in the
//! order in which they were put in; one that is tried again may be overtaken.
//!
//! Deliberately absent: channels and the schedule of repeats.

use super::{
    StorageError, Store,
    codec::Row,
    deliveries,
    error::failed,
    outbox::{HELD, Outcome, free},
    reach::{self, Hop},
};
use crate::ticket::{Follower, TicketId};
use chrono::{DateTime, TimeDelta, Utc};
use entities::outbox as row;
use sea_orm::{
    ActiveValue::{NotSet, Set},
    ColumnTrait, Condition, EntityTrait, ExprTrait, JsonValue, QueryFilter, QueryOrder,
    QuerySelect, QueryTrait,
    sea_query::Expr,
};
use uuid::Uuid;

/// A message that a worker may send now.
#[derive(Debug, Clone, PartialEq)]
pub struct Leased {
    /// Its identity.
    pub id: Uuid,
    /// To whom.
    pub to: Follower,
    /// What sort of message.
    pub kind: String,
    /// The ticket it is about.
    pub topic: Option<TicketId>,
    /// The message in its stored form.
    pub payload: JsonValue,
    /// 1 for the first attempt.
    pub attempt: u32,
    /// The platform's number of the template message that announced it.
    pub announced: Option<i64>,
    /// When it was put in.
    pub created_at: DateTime<Utc>,
    /// By which the platform tells a repeat; another one each time the message begins anew.
    pub repeat_id: Uuid,
    /// When it was first tried with that id.
    pub tried_at: DateTime<Utc>,
    /// The ways on which it was tried before.
    pub hops: Vec<Hop>,
    /// It may leave as a line of one message with others to the same person.
    pub gathered: bool,
}

/// What became of an attempt.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Finished {
    /// The platform took it.
    Sent {
        /// On which way.
        channel: String,
        /// The platform's number for it, where a word on its delivery will follow.
        msgid: Option<i64>,
    },
    /// It may succeed later.
    RetryAt {
        /// When.
        at: DateTime<Utc>,
        /// Why it did not now.
        reason: String,
    },
    /// Nothing was tried, and the attempt does not count.
    PutOff {
        /// Until when.
        until: DateTime<Utc>,
    },
    /// Its words wait for the person's next message; a template may have announced them.
    Held {
        /// Until when at most.
        until: DateTime<Utc>,
        /// The announcement.
        announced: Option<i64>,
    },
    /// The person cannot be reached on any way that we have.
    Unreachable {
        /// Why.
        reason: String,
    },
    /// It will never succeed as it is; somebody has to look.
    Dead {
        /// Why.
        reason: String,
    },
}

/// What is written down with the outcome of an attempt.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Trail {
    /// All ways that were tried, from the first; empty leaves what is known.
    pub hops: Vec<Hop>,
    /// Of which ticket's result somebody knows now, and by which way.
    pub told: Option<(TicketId, String)>,
}

impl Store {
    /// Takes up to `limit` due messages for `worker`, in order.
    pub async fn lease_due(
        &self,
        worker: Uuid,
        now: DateTime<Utc>,
        lease: TimeDelta,
        limit: u64,
    ) -> Result<Vec<Leased>, StorageError> {
        // One conditional UPDATE: lock clauses vanish on SQLite. The condition stands twice,
        // because PostgreSQL asks only the outer one again after it waited for a row.
        let due = Condition::all()
            .add(row::Column::DoneAt.is_null())
            .add(row::Column::DueAt.lte(now))
            .add(free(now));
        let first = row::Entity::find()
            .select_only()
            .column(row::Column::Position)
            .filter(due.clone())
            .order_by_asc(row::Column::DueAt)
            .order_by_asc(row::Column::Position)
            .limit(limit)
            .into_query();
        let _turn = self.turn().await;
        let mut rows = row::Entity::update_many()
            .col_expr(row::Column::LeasedBy, Expr::value(worker))
            .col_expr(row::Column::LeasedUntil, Expr::value(now + lease))
            .col_expr(row::Column::Attempts, Expr::col(row::Column::Attempts).add(1))
            .col_expr(row::Column::TriedAt, Expr::col(row::Column::TriedAt).if_null(now))
            .filter(row::Column::Position.in_subquery(first))
            .filter(due)
            .exec_with_returning(&self.conn)
            .await
            .map_err(failed("lease messages"))?;
        // RETURNING keeps no order.
        rows.sort_by_key(|m| (m.due_at, m.position));
        rows.into_iter().map(leased).collect()
    }

    /// Writes down what became of an attempt; false where the lease went to somebody else.
    pub async fn finish(
        &self,
        id: Uuid,
        worker: Uuid,
        finished: &Finished,
        now: DateTime<Utc>,
    ) -> Result<bool, StorageError> {
        self.finish_by(id, worker, finished, &Trail::default(), now).await
    }

    /// The same with the ways that were tried.
    pub async fn finish_by(
        &self,
        id: Uuid,
        worker: Uuid,
        finished: &Finished,
        trail: &Trail,
        now: DateTime<Utc>,
    ) -> Result<bool, StorageError> {
        let done = |outcome: Outcome, reason: Option<&String>| row::ActiveModel {
            done_at: Set(Some(now)),
            outcome: Set(Some(outcome.code().to_owned())),
            dead_reason: Set(reason.cloned()),
            ..given_back()
        };
        let mut put_off = false;
        let changes = match finished {
            Finished::Sent { channel, msgid } => row::ActiveModel {
                channel: Set(Some(channel.clone())),
                msgid: Set(*msgid),
                ..done(Outcome::Sent, None)
            },
            Finished::RetryAt { at, reason } => row::ActiveModel {
                due_at: Set(*at),
                dead_reason: Set(Some(reason.clone())),
                ..given_back()
            },
            Finished::PutOff { until } => {
                put_off = true;
                row::ActiveModel { due_at: Set(*until), ..given_back() }
            }
            Finished::Held { until, announced } => row::ActiveModel {
                due_at: Set(*until),
                channel: Set(Some(HELD.to_owned())),
                msgid: Set(*announced),
                ..given_back()
            },
            Finished::Unreachable { reason } => done(Outcome::Unreachable, Some(reason)),
            Finished::Dead { reason } => done(Outcome::Dead, Some(reason)),
        };
        let changes = match reach::stored_hops(&trail.hops)? {
            Some(hops) => row::ActiveModel { hops: Set(Some(hops)), ..changes },
            None => changes,
        };
        if let Finished::Sent { msgid: Some(msgid), .. }
        | Finished::Held { announced: Some(msgid), .. } = finished
        {
            return deliveries::finish_and_meet(self, id, worker, changes, *msgid, now).await;
        }
        if matches!(finished, Finished::Unreachable { .. } | Finished::Dead { .. }) {
            return deliveries::give_up(self, id, worker, changes, now).await;
        }
        if let Some((ticket, channel)) = &trail.told {
            let tx = self.begin().await?;
            let updated = row::Entity::update_many()
                .set(changes)
                .filter(held(id, worker))
                .exec(&tx.inner)
                .await
                .map_err(failed("finish a message that tells of a result"))?;
            if updated.rows_affected == 1 {
                reach::was_told(&tx.inner, ticket.0, channel, now).await?;
            }
            tx.commit().await?;
            return Ok(updated.rows_affected == 1);
        }
        let _turn = self.turn().await;
        let mut update = row::Entity::update_many().set(changes);
        if put_off {
            // As if it had not been leased.
            let never_tried = Expr::case(
                Expr::col(row::Column::Attempts).eq(1),
                Expr::value(None::<DateTime<Utc>>),
            );
            update = update
                .col_expr(
                    row::Column::TriedAt,
                    never_tried.finally(Expr::col(row::Column::TriedAt)).into(),
                )
                .col_expr(row::Column::Attempts, Expr::col(row::Column::Attempts).sub(1));
        }
        let updated = update
            .filter(held(id, worker))
            .exec(&self.conn)
            .await
            .map_err(failed("finish a message"))?;
        Ok(updated.rows_affected == 1)
    }

    /// Ends all leases at once: for a worker that knows itself to be the only one, after whoever
    /// held them died.
    pub async fn end_leases(&self) -> Result<u64, StorageError> {
        let _turn = self.turn().await;
        let ended = row::Entity::update_many()
            .set(given_back())
            .filter(row::Column::DoneAt.is_null())
            .filter(row::Column::LeasedUntil.is_not_null())
            .exec(&self.conn)
            .await
            .map_err(failed("end the leases of a dead worker"))?;
        Ok(ended.rows_affected)
    }

    /// When the outbox has to be looked at next: a message falls due, or a lease runs out.
    pub async fn next_outbox_due(&self) -> Result<Option<DateTime<Utc>>, StorageError> {
        let first_of = |column: row::Column, leased: Condition| {
            row::Entity::find()
                .select_only()
                .column(column)
                .filter(row::Column::DoneAt.is_null())
                .filter(leased)
                .order_by_asc(column)
                .into_tuple::<Option<DateTime<Utc>>>()
                .one(&self.conn)
        };
        let unleased = Condition::all().add(row::Column::LeasedUntil.is_null());
        let leased = Condition::all().add(row::Column::LeasedUntil.is_not_null());
        let due = first_of(row::Column::DueAt, unleased)
            .await
            .map_err(failed("find the next due message"))?;
        let lapse = first_of(row::Column::LeasedUntil, leased)
            .await
            .map_err(failed("find the next lapsing lease"))?;
        Ok([due.flatten(), lapse.flatten()].into_iter().flatten().min())
    }
}

/// `worker` is still the one who sends it.
pub(super) fn held(id: Uuid, worker: Uuid) -> Condition {
    Condition::all()
        .add(row::Column::Id.eq(id))
        .add(row::Column::LeasedBy.eq(worker))
        .add(row::Column::DoneAt.is_null())
}

/// The changes that end a lease.
pub(super) fn given_back() -> row::ActiveModel {
    row::ActiveModel {
        position: NotSet,
        id: NotSet,
        account: NotSet,
        openid: NotSet,
        kind: NotSet,
        topic: NotSet,
        passing: NotSet,
        payload: NotSet,
        attempts: NotSet,
        created_at: NotSet,
        due_at: NotSet,
        leased_by: Set(None),
        leased_until: Set(None),
        done_at: NotSet,
        outcome: NotSet,
        channel: NotSet,
        msgid: NotSet,
        dead_reason: NotSet,
        confirmed_at: NotSet,
        round: NotSet,
        tried_at: NotSet,
        hops: NotSet,
        gathered: NotSet,
    }
}

/// The changes that have a message begin anew; the caller counts the round.
pub(super) fn begun_anew(due_at: DateTime<Utc>, why: Option<&str>) -> row::ActiveModel {
    row::ActiveModel {
        attempts: Set(0),
        tried_at: Set(None),
        due_at: Set(due_at),
        done_at: Set(None),
        outcome: Set(None),
        channel: Set(None),
        msgid: Set(None),
        dead_reason: Set(why.map(str::to_owned)),
        confirmed_at: Set(None),
        ..given_back()
    }
}

fn leased(m: row::Model) -> Result<Leased, StorageError> {
    let name = Row::of("outbox", &m.id);
    let attempt = name.count("attempts", m.attempts)?;
    let round = name.count("round", m.round)?;
    let hops = reach::hops_of(&m)?;
    Ok(Leased {
        hops,
        gathered: m.gathered,
        id: m.id,
        to: Follower { account: m.account, openid: m.openid },
        kind: m.kind,
        topic: m.topic.map(TicketId),
        payload: m.payload,
        attempt,
        announced: m.msgid,
        created_at: m.created_at,
        // The last digits of a random id count the rounds.
        repeat_id: Uuid::from_u128(m.id.as_u128() ^ u128::from(round)),
        tried_at: m.tried_at.unwrap_or(m.created_at),
    })
}
