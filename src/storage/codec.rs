//! Between columns and values: JSON, codes, counts.
//!
//! An unreadable column is named but not quoted: it may hold what a resident said.

use super::StorageError;
use sea_orm::{DbErr, JsonValue};
use serde::{Serialize, de::DeserializeOwned};
use std::error::Error;

/// A row, as errors name it.
#[derive(Debug, Clone)]
pub(super) struct Row {
    table: &'static str,
    row: String,
}

impl Row {
    pub(super) fn of(table: &'static str, row: &impl ToString) -> Self {
        Self { table, row: row.to_string() }
    }

    /// The row does not fit together.
    pub(super) fn odd(&self, why: impl Into<Box<dyn Error + Send + Sync>>) -> StorageError {
        StorageError::Inconsistent { table: self.table, row: self.row.clone(), source: why.into() }
    }

    /// Somebody else changed it.
    pub(super) fn stale(&self) -> StorageError {
        StorageError::Stale { table: self.table, row: self.row.clone() }
    }

    /// Reads a JSON column.
    pub(super) fn json<T: DeserializeOwned>(
        &self,
        column: &str,
        value: JsonValue,
    ) -> Result<T, StorageError> {
        serde_json::from_value(value).map_err(|_| self.odd(format!("`{column}` cannot be read")))
    }

    /// Reads the code of a closed set.
    pub(super) fn code<T: DeserializeOwned>(
        &self,
        column: &str,
        code: String,
    ) -> Result<T, StorageError> {
        self.json(column, JsonValue::String(code))
    }

    /// Reads a count.
    pub(super) fn count(&self, column: &str, count: i32) -> Result<u32, StorageError> {
        u32::try_from(count).map_err(|_| self.odd(format!("`{column}` is negative")))
    }

    /// Two columns that are given together or not at all.
    pub(super) fn pair<A, B>(
        &self,
        columns: &str,
        pair: (Option<A>, Option<B>),
    ) -> Result<Option<(A, B)>, StorageError> {
        match pair {
            (Some(a), Some(b)) => Ok(Some((a, b))),
            (None, None) => Ok(None),
            (Some(_), None) | (None, Some(_)) => {
                Err(self.odd(format!("only one of {columns} is given")))
            }
        }
    }
}

/// The stored form of a value.
pub(super) fn stored<T: Serialize>(value: &T) -> Result<JsonValue, StorageError> {
    serde_json::to_value(value).map_err(|e| StorageError::Database {
        doing: "write a value as JSON",
        source: DbErr::Json(e.to_string()),
    })
}

/// The stored form of a count; more than two thousand million of anything is as many.
pub(super) fn stored_count(count: u32) -> i32 {
    i32::try_from(count).unwrap_or(i32::MAX)
}
