//! Files of the county's own that its texts show – pictures, voices – and what the platform calls them
//! at each account: it keeps them for three days.
//!
//! Deliberately absent: putting them up, which the worker does.

use super::{StorageError, Store, Tx, error::failed};
use chrono::{DateTime, TimeDelta, Utc};
use entities::{shown_at as at, shown_file as row};
use sea_orm::{
    ActiveValue::Set,
    ColumnTrait, EntityTrait, ExprTrait, QueryFilter, QueryOrder, QuerySelect,
    sea_query::{Expr, OnConflict},
};
use sha2::{Digest, Sha256};
use std::collections::BTreeMap;
use std::fmt::Write;

/// The platform keeps them for three days; a little earlier they are not relied on any more.
const GOOD_FOR: TimeDelta = TimeDelta::hours(70);

/// A file, without its bytes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ShownFile {
    /// Its name, by which texts show it.
    pub name: String,
    /// What its bytes add up to.
    pub hash: String,
    /// How many bytes.
    pub size: u64,
    /// Who put it there.
    pub put_by: String,
    /// When.
    pub put_at: DateTime<Utc>,
}

impl ShownFile {
    /// What bytes add up to: the same bytes are put up once.
    pub fn sum(bytes: &[u8]) -> String {
        Sha256::digest(bytes).iter().fold(String::new(), |mut sum, byte| {
            // Writing into a string cannot fail.
            let _ = write!(sum, "{byte:02x}");
            sum
        })
    }
}

/// What the platform calls a file at an account.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PutUp {
    /// Which bytes.
    pub hash: String,
    /// Its id; none where it could not be put up.
    pub media_id: Option<String>,
    /// When it was tried.
    pub at: DateTime<Utc>,
}

impl Store {
    /// The files that were put there on the console, by name.
    pub async fn shown_files(&self) -> Result<Vec<ShownFile>, StorageError> {
        type Line = (String, String, i64, String, DateTime<Utc>);
        let found: Vec<Line> = row::Entity::find()
            .select_only()
            .columns([
                row::Column::Name,
                row::Column::Hash,
                row::Column::Size,
                row::Column::PutBy,
                row::Column::PutAt,
            ])
            .order_by_asc(row::Column::Name)
            .into_tuple()
            .all(&self.conn)
            .await
            .map_err(failed("list the files that texts show"))?;
        let file = |(name, hash, size, put_by, put_at): Line| {
            let size = u64::try_from(size).unwrap_or_default();
            ShownFile { name, hash, size, put_by, put_at }
        };
        Ok(found.into_iter().map(file).collect())
    }

    /// The bytes of one of them.
    pub async fn shown_bytes(&self, name: &str) -> Result<Option<Vec<u8>>, StorageError> {
        let found = row::Entity::find_by_id(name.to_owned()).one(&self.conn).await;
        Ok(found.map_err(failed("read a file that texts show"))?.map(|m| m.bytes))
    }

    /// What the platform calls the files at an account, by name.
    pub async fn put_up(&self, account: &str) -> Result<BTreeMap<String, PutUp>, StorageError> {
        let found = at::Entity::find()
            .filter(at::Column::Account.eq(account))
            .all(&self.conn)
            .await
            .map_err(failed("read what the platform calls our files"))?;
        let up = |m: at::Model| (m.name, PutUp { hash: m.hash, media_id: m.media_id, at: m.at });
        Ok(found.into_iter().map(up).collect())
    }

    /// Writes down what the platform calls a file, or that it could not be put up.
    pub async fn note_put_up(
        &self,
        account: &str,
        name: &str,
        up: &PutUp,
    ) -> Result<(), StorageError> {
        let _turn = self.turn().await;
        let fresh = at::ActiveModel {
            account: Set(account.to_owned()),
            name: Set(name.to_owned()),
            hash: Set(up.hash.clone()),
            media_id: Set(up.media_id.clone()),
            at: Set(up.at),
        };
        at::Entity::insert(fresh)
            .on_conflict(
                OnConflict::columns([at::Column::Account, at::Column::Name])
                    .update_columns([at::Column::Hash, at::Column::MediaId, at::Column::At])
                    .to_owned(),
            )
            .exec_without_returning(&self.conn)
            .await
            .map_err(failed("note what the platform calls our file"))?;
        Ok(())
    }
}

impl Tx {
    /// What the platform calls a file now; none where it does not have it.
    pub async fn media_of(
        &self,
        account: &str,
        name: &str,
        now: DateTime<Utc>,
    ) -> Result<Option<String>, StorageError> {
        let found = at::Entity::find_by_id((account.to_owned(), name.to_owned()))
            .one(&self.inner)
            .await
            .map_err(failed("look for what the platform calls our file"))?;
        Ok(found.filter(|m| now < m.at + GOOD_FOR).and_then(|m| m.media_id))
    }

    /// Keeps a file under its name; what was there before is replaced.
    pub async fn put_shown(&self, file: &ShownFile, bytes: &[u8]) -> Result<(), StorageError> {
        let fresh = row::ActiveModel {
            name: Set(file.name.clone()),
            hash: Set(file.hash.clone()),
            size: Set(i64::try_from(file.size).unwrap_or(i64::MAX)),
            bytes: Set(bytes.to_vec()),
            put_by: Set(file.put_by.clone()),
            put_at: Set(file.put_at),
        };
        row::Entity::insert(fresh)
            .on_conflict(
                OnConflict::column(row::Column::Name)
                    .update_columns([
                        row::Column::Hash,
                        row::Column::Size,
                        row::Column::Bytes,
                        row::Column::PutBy,
                        row::Column::PutAt,
                    ])
                    .to_owned(),
            )
            .exec_without_returning(&self.inner)
            .await
            .map_err(failed("keep a file that texts show"))?;
        // What the platform has is another one now.
        at::Entity::update_many()
            .col_expr(at::Column::MediaId, Expr::value(None::<String>))
            .col_expr(at::Column::Hash, Expr::value(""))
            .filter(at::Column::Name.eq(&file.name).and(at::Column::Hash.ne(&file.hash)))
            .exec(&self.inner)
            .await
            .map_err(failed("forget what the platform calls a file"))?;
        Ok(())
    }

    /// Takes a file away.
    pub async fn remove_shown(&self, name: &str) -> Result<(), StorageError> {
        row::Entity::delete_by_id(name.to_owned())
            .exec(&self.inner)
            .await
            .map_err(failed("remove a file that texts show"))?;
        at::Entity::delete_many()
            .filter(at::Column::Name.eq(name))
            .exec(&self.inner)
            .await
            .map_err(failed("forget what the platform calls a file"))?;
        Ok(())
    }
}
