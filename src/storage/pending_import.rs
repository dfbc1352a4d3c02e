//! Workbooks that an operator uploaded and looked at, until they say yes.
//!
//! One for each operator; a newer one takes its place. It promises that what is confirmed is what
//! was looked at. Deliberately absent: what is in them.

use super::{StorageError, Store, Tx, error::failed};
use chrono::{DateTime, TimeDelta, Utc};
use entities::pending_import as row;
use sea_orm::{
    ActiveValue::Set, ColumnTrait, EntityTrait, Iterable, QueryFilter, sea_query::OnConflict,
};
use uuid::Uuid;

/// How long a workbook waits.
pub const PENDING_FOR: TimeDelta = TimeDelta::hours(1);

/// A workbook that waits.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PendingImport {
    /// When it was uploaded.
    pub at: DateTime<Utc>,
    /// The file's name.
    pub name: String,
    /// The file.
    pub content: Vec<u8>,
}

impl Tx {
    /// Keeps a workbook for an operator, and forgets those that waited too long.
    pub async fn put_pending_import(
        &self,
        operator: Uuid,
        pending: &PendingImport,
    ) -> Result<(), StorageError> {
        row::Entity::delete_many()
            .filter(row::Column::At.lte(pending.at - PENDING_FOR))
            .exec(&self.inner)
            .await
            .map_err(failed("forget old imports"))?;
        let fresh = row::ActiveModel {
            operator_id: Set(operator),
            at: Set(pending.at),
            name: Set(pending.name.clone()),
            content: Set(pending.content.clone()),
        };
        let every = row::Column::iter().filter(|column| !matches!(column, row::Column::OperatorId));
        row::Entity::insert(fresh)
            .on_conflict(
                OnConflict::column(row::Column::OperatorId).update_columns(every).to_owned(),
            )
            .exec_without_returning(&self.inner)
            .await
            .map_err(failed("keep an import"))?;
        Ok(())
    }

    /// Forgets an operator's workbook.
    pub async fn drop_pending_import(&self, operator: Uuid) -> Result<(), StorageError> {
        row::Entity::delete_by_id(operator)
            .exec(&self.inner)
            .await
            .map_err(failed("forget an import"))?;
        Ok(())
    }
}

impl Store {
    /// The workbook that an operator uploaded, unless it waited too long.
    pub async fn pending_import(
        &self,
        operator: Uuid,
        now: DateTime<Utc>,
    ) -> Result<Option<PendingImport>, StorageError> {
        let found = row::Entity::find_by_id(operator)
            .filter(row::Column::At.gt(now - PENDING_FOR))
            .one(&self.conn)
            .await
            .map_err(failed("read an import"))?;
        let pending = |m: row::Model| PendingImport { at: m.at, name: m.name, content: m.content };
        Ok(found.map(pending))
    }
}
