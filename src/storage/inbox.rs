//! Pushes that were already answered. The platform repeats a push it got no answer to, and a
//! repeat must hear what the first one heard.
//!
//! Answers are personal and are cleared after a day; the key stays longer, so that an old push,
//! recorded by somebody, cannot be played again.

use super::{StorageError, Store, Tx, codec::Row, error::failed};
use chrono::{DateTime, TimeDelta, Utc};
use entities::inbox as row;
use sea_orm::{
    ActiveValue::Set,
    ColumnTrait, EntityTrait, QueryFilter, TryInsertResult,
    sea_query::{Expr, OnConflict},
};

/// How long an answer is kept for repeats, which come within seconds.
const ANSWER_LIFE: TimeDelta = TimeDelta::days(1);
/// How long a push is remembered.
const KEY_LIFE: TimeDelta = TimeDelta::days(90);

/// Whether a push is new.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Claim {
    /// It is ours to answer.
    First,
    /// It was answered before.
    Again {
        /// With this; none where the answer was cleared.
        answer: Option<String>,
    },
}

impl Tx {
    /// Claims a push. A concurrent twin waits here until the first one is done.
    pub async fn claim_push(
        &self,
        account: &str,
        key: &str,
        now: DateTime<Utc>,
    ) -> Result<Claim, StorageError> {
        let fresh = row::ActiveModel {
            account: Set(account.to_owned()),
            dedup_key: Set(key.to_owned()),
            answer: Set(None),
            received_at: Set(now),
            cleared: Set(false),
        };
        let inserted = row::Entity::insert(fresh)
            .on_conflict(
                OnConflict::columns([row::Column::Account, row::Column::DedupKey])
                    .do_nothing()
                    .to_owned(),
            )
            .try_insert()
            .exec_without_returning(&self.inner)
            .await
            .map_err(failed("claim a push"))?;
        if let TryInsertResult::Inserted(1..) = inserted {
            return Ok(Claim::First);
        }
        let seen = row::Entity::find_by_id((account.to_owned(), key.to_owned()))
            .one(&self.inner)
            .await
            .map_err(failed("read a claimed push"))?;
        Ok(Claim::Again { answer: seen.and_then(|seen| seen.answer) })
    }

    /// Keeps the answer to a push that was claimed in this unit of work.
    pub async fn record_answer(
        &self,
        account: &str,
        key: &str,
        answer: &str,
    ) -> Result<(), StorageError> {
        let changed = row::Entity::update_many()
            .col_expr(row::Column::Answer, Expr::value(answer))
            .filter(row::Column::Account.eq(account))
            .filter(row::Column::DedupKey.eq(key))
            .exec(&self.inner)
            .await
            .map_err(failed("record an answer"))?;
        if changed.rows_affected == 1 { Ok(()) } else { Err(Row::of("inbox", &account).stale()) }
    }
}

impl Store {
    /// Clears answers that no repeat will ask for, and forgets keys that are old enough.
    pub async fn clear_old_answers(&self, now: DateTime<Utc>) -> Result<(), StorageError> {
        let _turn = self.turn().await;
        row::Entity::update_many()
            .col_expr(row::Column::Answer, Expr::value(None::<String>))
            .col_expr(row::Column::Cleared, Expr::value(true))
            .filter(row::Column::Cleared.eq(false))
            .filter(row::Column::ReceivedAt.lt(now - ANSWER_LIFE))
            .exec(&self.conn)
            .await
            .map_err(failed("clear old answers"))?;
        row::Entity::delete_many()
            .filter(row::Column::ReceivedAt.lt(now - KEY_LIFE))
            .exec(&self.conn)
            .await
            .map_err(failed("forget old pushes"))?;
        Ok(())
    }
}
