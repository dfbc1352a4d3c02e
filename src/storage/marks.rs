//! Marks on a database, to be read before it is used.

use super::{StorageError, Store, error::failed};
use entities::mark as row;
use sea_orm::{ActiveValue::Set, EntityTrait, sea_query::OnConflict};

/// The database belongs to a demo: its people and passwords are no secrets.
const DEMO: &str = "demo";

impl Store {
    /// Marks the database as a demo's, for good.
    pub async fn mark_as_demo(&self) -> Result<(), StorageError> {
        let mark = row::ActiveModel { name: Set(DEMO.to_owned()), value: Set("yes".to_owned()) };
        row::Entity::insert(mark)
            .on_conflict(OnConflict::column(row::Column::Name).do_nothing().to_owned())
            .try_insert()
            .exec_without_returning(&self.conn)
            .await
            .map_err(failed("mark the database as a demo's"))?;
        Ok(())
    }

    /// Whether the database belongs to a demo.
    pub async fn is_demo(&self) -> Result<bool, StorageError> {
        let mark = row::Entity::find_by_id(DEMO)
            .one(&self.conn)
            .await
            .map_err(failed("read the marks of the database"))?;
        Ok(mark.is_some())
    }
}
