//! How many people come and go, by account and day.

use super::{StorageError, Store, Tx, error::failed};
use entities::follow_count as row;
use sea_orm::{
    ActiveValue::Set,
    ColumnTrait, EntityTrait, ExprTrait, QueryFilter, QueryOrder,
    sea_query::{Expr, OnConflict},
};

/// One day of one account.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FollowCount {
    /// `2026-03-02`, as the county counts days.
    pub day: String,
    /// Who came.
    pub follows: i64,
    /// Who left.
    pub unfollows: i64,
}

impl Tx {
    /// Counts one person who came (or left, with `came` false) on `day`.
    pub async fn count_follow(
        &self,
        account: &str,
        day: &str,
        came: bool,
    ) -> Result<(), StorageError> {
        let counted = if came { row::Column::Follows } else { row::Column::Unfollows };
        let fresh = row::ActiveModel {
            account: Set(account.to_owned()),
            day: Set(day.to_owned()),
            follows: Set(i64::from(came)),
            unfollows: Set(i64::from(!came)),
        };
        row::Entity::insert(fresh)
            .on_conflict(
                OnConflict::columns([row::Column::Account, row::Column::Day])
                    .value(counted, Expr::col((row::Entity, counted)).add(1))
                    .to_owned(),
            )
            .exec_without_returning(&self.inner)
            .await
            .map_err(failed("count a follower"))?;
        Ok(())
    }
}

impl Store {
    /// The days from `from` to `to`, both included, on which anybody came or left.
    pub async fn follow_counts(
        &self,
        account: &str,
        from: &str,
        to: &str,
    ) -> Result<Vec<FollowCount>, StorageError> {
        let rows = row::Entity::find()
            .filter(row::Column::Account.eq(account))
            .filter(row::Column::Day.between(from, to))
            .order_by_asc(row::Column::Day)
            .all(&self.conn)
            .await
            .map_err(failed("read the follower counts"))?;
        let count =
            |m: row::Model| FollowCount { day: m.day, follows: m.follows, unfollows: m.unfollows };
        Ok(rows.into_iter().map(count).collect())
    }
}
