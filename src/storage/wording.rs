//! Texts that the county put in the place of the built-in ones.
//!
//! Whoever holds them in memory asks for the edition, which is another one after every change,
//! and reads the texts again when it is.

use super::{StorageError, Store, Tx, error::failed};
use chrono::{DateTime, Utc};
use entities::{mark, wording_override as row};
use sea_orm::{
    ActiveValue::Set,
    ColumnTrait, EntityTrait, ExprTrait, QueryFilter, QueryOrder, TryInsertResult,
    sea_query::{Expr, OnConflict},
};
use std::collections::BTreeMap;
use uuid::Uuid;

/// Which edition of the county's own texts is the present one.
const EDITION: &str = "wording";

/// A text of the county's own.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OwnText {
    /// The template's name, like `replies/zh/dropped.txt`.
    pub name: String,
    /// The text.
    pub text: String,
    /// Counts its changes; a change carries the version it saw.
    pub version: i64,
    /// When it was changed last.
    pub changed_at: DateTime<Utc>,
    /// By whom.
    pub changed_by: String,
}

impl Store {
    /// The edition of all the county's own texts together; none before the first one.
    pub async fn wording_edition(&self) -> Result<Option<String>, StorageError> {
        let found = mark::Entity::find_by_id(EDITION)
            .one(&self.conn)
            .await
            .map_err(failed("read the edition of the county's texts"))?;
        Ok(found.map(|m| m.value))
    }

    /// The county's own texts, by name.
    pub async fn own_texts(&self) -> Result<BTreeMap<String, OwnText>, StorageError> {
        let found = row::Entity::find()
            .order_by_asc(row::Column::Name)
            .all(&self.conn)
            .await
            .map_err(failed("read the county's texts"))?;
        Ok(found.into_iter().map(|m| (m.name.clone(), own(m))).collect())
    }
}

impl Tx {
    /// Puts a text in the place of the built-in one; false where somebody else changed it since
    /// `seen`, or was the first to write it where nothing was seen.
    pub async fn set_own_text(
        &self,
        name: &str,
        text: &str,
        seen: Option<i64>,
        by: &str,
        now: DateTime<Utc>,
    ) -> Result<bool, StorageError> {
        let Some(seen) = seen else {
            let fresh = row::ActiveModel {
                name: Set(name.to_owned()),
                text: Set(text.to_owned()),
                version: Set(1),
                changed_at: Set(now),
                changed_by: Set(by.to_owned()),
            };
            let added = row::Entity::insert(fresh)
                .on_conflict(OnConflict::column(row::Column::Name).do_nothing().to_owned())
                .try_insert()
                .exec_without_returning(&self.inner)
                .await
                .map_err(failed("store a text of the county"))?;
            return Ok(matches!(added, TryInsertResult::Inserted(1..)));
        };
        let changed = row::Entity::update_many()
            .col_expr(row::Column::Text, Expr::value(text))
            .col_expr(row::Column::Version, Expr::col(row::Column::Version).add(1))
            .col_expr(row::Column::ChangedAt, Expr::value(now))
            .col_expr(row::Column::ChangedBy, Expr::value(by))
            .filter(row::Column::Name.eq(name))
            .filter(row::Column::Version.eq(seen))
            .exec(&self.inner)
            .await
            .map_err(failed("change a text of the county"))?;
        Ok(changed.rows_affected == 1)
    }

    /// Goes back to the built-in text; false where somebody else changed it since `seen`.
    pub async fn remove_own_text(&self, name: &str, seen: i64) -> Result<bool, StorageError> {
        let removed = row::Entity::delete_many()
            .filter(row::Column::Name.eq(name))
            .filter(row::Column::Version.eq(seen))
            .exec(&self.inner)
            .await
            .map_err(failed("remove a text of the county"))?;
        Ok(removed.rows_affected == 1)
    }

    /// Begins another edition of the county's texts, under a fresh identity: whoever holds the
    /// last one reads them again.
    pub async fn next_wording_edition(&self, fresh: Uuid) -> Result<(), StorageError> {
        let mark =
            mark::ActiveModel { name: Set(EDITION.to_owned()), value: Set(fresh.to_string()) };
        mark::Entity::insert(mark)
            .on_conflict(
                OnConflict::column(mark::Column::Name)
                    .update_column(mark::Column::Value)
                    .to_owned(),
            )
            .exec_without_returning(&self.inner)
            .await
            .map_err(failed("begin another edition of the county's texts"))?;
        Ok(())
    }
}

fn own(m: row::Model) -> OwnText {
    OwnText {
        name: m.name,
        text: m.text,
        version: m.version,
        changed_at: m.changed_at,
        changed_by: m.changed_by,
    }
}
