//! Lists that operators made for themselves: a name, and the query of a page of lists.

use super::{StorageError, Store, Tx, error::failed};
use chrono::{DateTime, Utc};
use entities::saved_view as row;
use sea_orm::{
    ActiveValue::Set, ColumnTrait, EntityTrait, QueryFilter, QueryOrder, TryInsertResult,
    sea_query::OnConflict,
};
use uuid::Uuid;

/// More than anybody would look at; a list of them stays one.
const MOST: u64 = 30;

/// A list that an operator made.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SavedView {
    /// What its owner calls it.
    pub name: String,
    /// The query of the page of lists, without its question mark.
    pub query: String,
}

impl Store {
    /// The lists of an operator, by name.
    pub async fn saved_views(&self, operator: Uuid) -> Result<Vec<SavedView>, StorageError> {
        let found = row::Entity::find()
            .filter(row::Column::OperatorId.eq(operator))
            .order_by_asc(row::Column::Name)
            .all(&self.conn)
            .await
            .map_err(failed("read the lists of an operator"))?;
        Ok(found.into_iter().map(|m| SavedView { name: m.name, query: m.query }).collect())
    }
}

impl Tx {
    /// Keeps a list under its name, instead of another one of that name; false where there are
    /// too many.
    pub async fn save_view(
        &self,
        operator: Uuid,
        view: &SavedView,
        now: DateTime<Utc>,
    ) -> Result<bool, StorageError> {
        use sea_orm::PaginatorTrait as _;
        let others = row::Entity::find()
            .filter(row::Column::OperatorId.eq(operator))
            .filter(row::Column::Name.ne(&view.name))
            .count(&self.inner)
            .await
            .map_err(failed("count the lists of an operator"))?;
        if others >= MOST {
            return Ok(false);
        }
        let fresh = row::ActiveModel {
            operator_id: Set(operator),
            name: Set(view.name.clone()),
            query: Set(view.query.clone()),
            saved_at: Set(now),
        };
        let kept = row::Entity::insert(fresh)
            .on_conflict(
                OnConflict::columns([row::Column::OperatorId, row::Column::Name])
                    .update_columns([row::Column::Query, row::Column::SavedAt])
                    .to_owned(),
            )
            .try_insert()
            .exec_without_returning(&self.inner)
            .await
            .map_err(failed("keep a list of an operator"))?;
        Ok(matches!(kept, TryInsertResult::Inserted(1..)))
    }

    /// Forgets a list.
    pub async fn forget_view(&self, operator: Uuid, name: &str) -> Result<(), StorageError> {
        row::Entity::delete_by_id((operator, name.to_owned()))
            .exec(&self.inner)
            .await
            .map_err(failed("forget a list of an operator"))?;
        Ok(())
    }
}
