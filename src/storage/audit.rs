//! What operators looked at and did, where no ticket's history says it.
//!
//! Appended and never changed. It holds names and numbers of tickets, never what a resident said
//! nor how they can be reached.

use super::{StorageError, Store, Tx, error::failed};
use crate::access::Operator;
use chrono::{DateTime, Utc};
use entities::audit_entry as row;
use sea_orm::{
    ActiveValue::{NotSet, Set},
    ColumnTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect, QueryTrait,
};
use uuid::Uuid;

/// Something that is written down about an operator.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Deed {
    /// Its place in the log.
    pub id: i64,
    /// When.
    pub at: DateTime<Utc>,
    /// Which account; none where somebody tried a name that has none.
    pub operator: Option<Uuid>,
    /// The account's name as it was.
    pub name: String,
    /// What, as a code: `sign_in`, `phone_seen`, …
    pub what: String,
    /// A ticket's number, an account's name, …
    pub subject: Option<String>,
    /// What else there is to say.
    pub note: String,
}

impl Tx {
    /// Writes a deed down.
    pub async fn note_deed(
        &self,
        by: Option<&Operator>,
        name: &str,
        what: &str,
        subject: Option<&str>,
        note: &str,
        now: DateTime<Utc>,
    ) -> Result<(), StorageError> {
        let fresh = row::ActiveModel {
            id: NotSet,
            at: Set(now),
            operator_id: Set(by.map(|operator| operator.id)),
            operator_name: Set(name.to_owned()),
            deed: Set(what.to_owned()),
            subject: Set(subject.map(str::to_owned)),
            note: Set(note.to_owned()),
        };
        row::Entity::insert(fresh)
            .exec_without_returning(&self.inner)
            .await
            .map_err(failed("write down what an operator did"))?;
        Ok(())
    }
}

impl Store {
    /// When an account was signed in last.
    pub async fn last_sign_in(
        &self,
        operator: Uuid,
    ) -> Result<Option<DateTime<Utc>>, StorageError> {
        row::Entity::find()
            .select_only()
            .column(row::Column::At)
            .filter(row::Column::OperatorId.eq(operator))
            .filter(row::Column::Deed.eq("sign_in"))
            .order_by_desc(row::Column::Id)
            .limit(1)
            .into_tuple()
            .one(&self.conn)
            .await
            .map_err(failed("find when an account was signed in last"))
    }

    /// Deeds before the one of this place, the latest first; of one account or about one subject
    /// where that is asked for.
    pub async fn deeds(
        &self,
        operator: Option<Uuid>,
        subject: Option<&str>,
        before: Option<i64>,
        limit: u64,
    ) -> Result<Vec<Deed>, StorageError> {
        let found = row::Entity::find()
            .apply_if(operator, |found, id| found.filter(row::Column::OperatorId.eq(id)))
            .apply_if(subject, |found, subject| found.filter(row::Column::Subject.eq(subject)))
            .filter(row::Column::Id.lt(before.unwrap_or(i64::MAX)))
            .order_by_desc(row::Column::Id)
            .limit(limit)
            .all(&self.conn)
            .await
            .map_err(failed("read what operators did"))?;
        let deed = |m: row::Model| Deed {
            id: m.id,
            at: m.at,
            operator: m.operator_id,
            name: m.operator_name,
            what: m.deed,
            subject: m.subject,
            note: m.note,
        };
        Ok(found.into_iter().map(deed).collect())
    }
}
