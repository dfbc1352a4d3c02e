//! Messages that have to leave, stored with the change that caused them.
//!
//! [`super::leases`] is the other side: the workers that send them. Deliberately absent:
//! channels, payload forms and the schedule of repeats.

use super::{StorageError, Tx, error::failed};
use crate::ticket::{Follower, TicketId};
use chrono::{DateTime, Utc};
use entities::outbox as row;
use sea_orm::{
    ActiveValue::{NotSet, Set},
    ColumnTrait, Condition, EntityTrait, JsonValue, QueryFilter,
    sea_query::Expr,
};
use std::sync::atomic::Ordering;
use uuid::Uuid;

/// What stands for a channel while the words wait for the person.
pub(super) const HELD: &str = "held";

/// A message on its way into the outbox.
#[derive(Debug, Clone, PartialEq)]
pub struct Envelope {
    /// A fresh identity; the platform's protection against repeats may carry it on.
    pub id: Uuid,
    /// To whom.
    pub to: Follower,
    /// What sort of message, as a code.
    pub kind: String,
    /// The ticket it is about.
    pub topic: Option<TicketId>,
    /// A mere step on the way: a newer message on the same topic to the same person replaces it.
    pub passing: bool,
    /// The message in its stored form.
    pub payload: JsonValue,
    /// Not before.
    pub due_at: DateTime<Utc>,
    /// It may leave as a line of one message with others to the same person.
    pub gathered: bool,
}

/// What became of a message, as it is stored.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Outcome {
    Sent,
    Confirmed,
    Unreachable,
    Dead,
    Replaced,
}

impl Outcome {
    pub(super) fn code(self) -> &'static str {
        match self {
            Self::Sent => "sent",
            Self::Confirmed => "confirmed",
            Self::Unreachable => "unreachable",
            Self::Dead => "dead",
            Self::Replaced => "replaced",
        }
    }
}

impl Tx {
    /// Puts a message in: the only way. What it replaces never leaves.
    pub async fn enqueue(
        &self,
        envelope: &Envelope,
        now: DateTime<Utc>,
    ) -> Result<(), StorageError> {
        if let Some(topic) = envelope.topic {
            self.replace_passing(&envelope.to, topic, now).await?;
        }
        let fresh = row::ActiveModel {
            position: NotSet,
            id: Set(envelope.id),
            account: Set(envelope.to.account.clone()),
            openid: Set(envelope.to.openid.clone()),
            kind: Set(envelope.kind.clone()),
            topic: Set(envelope.topic.map(|topic| topic.0)),
            passing: Set(envelope.passing),
            payload: Set(envelope.payload.clone()),
            attempts: Set(0),
            created_at: Set(now),
            due_at: Set(envelope.due_at),
            leased_by: Set(None),
            leased_until: Set(None),
            done_at: Set(None),
            outcome: Set(None),
            channel: Set(None),
            msgid: Set(None),
            dead_reason: Set(None),
            confirmed_at: Set(None),
            round: Set(0),
            tried_at: Set(None),
            hops: Set(None),
            gathered: Set(envelope.gathered),
        };
        row::Entity::insert(fresh)
            .exec_without_returning(&self.inner)
            .await
            .map_err(failed("put a message into the outbox"))?;
        self.has_mail.store(true, Ordering::Relaxed);
        Ok(())
    }

    /// The person wrote: what was held for them may leave now.
    pub async fn release_held(
        &self,
        to: &Follower,
        now: DateTime<Utc>,
    ) -> Result<(), StorageError> {
        let released = row::Entity::update_many()
            .col_expr(row::Column::DueAt, Expr::value(now))
            .col_expr(row::Column::Channel, Expr::value(None::<String>))
            .filter(row::Column::Account.eq(&to.account))
            .filter(row::Column::Openid.eq(&to.openid))
            .filter(row::Column::Channel.eq(HELD))
            .filter(row::Column::DoneAt.is_null())
            .exec(&self.inner)
            .await
            .map_err(failed("release what was held"))?;
        if released.rows_affected > 0 {
            self.has_mail.store(true, Ordering::Relaxed);
        }
        Ok(())
    }

    async fn replace_passing(
        &self,
        to: &Follower,
        topic: TicketId,
        now: DateTime<Utc>,
    ) -> Result<(), StorageError> {
        row::Entity::update_many()
            .col_expr(row::Column::DoneAt, Expr::value(now))
            .col_expr(row::Column::Outcome, Expr::value(Outcome::Replaced.code()))
            .filter(row::Column::Topic.eq(topic.0))
            .filter(row::Column::Account.eq(&to.account))
            .filter(row::Column::Openid.eq(&to.openid))
            .filter(row::Column::Passing.eq(true))
            .filter(row::Column::DoneAt.is_null())
            .filter(free(now))
            .exec(&self.inner)
            .await
            .map_err(failed("replace a passing message"))?;
        Ok(())
    }
}

/// Nobody is sending it.
pub(super) fn free(now: DateTime<Utc>) -> Condition {
    Condition::any().add(row::Column::LeasedUntil.is_null()).add(row::Column::LeasedUntil.lte(now))
}
