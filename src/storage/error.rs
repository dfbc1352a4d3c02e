//! What can go wrong with a database.
//!
//! `Display` never repeats the source, and no row is named by anything personal: the chain is
//! logged where the response is made.

use sea_orm::{DbErr, RuntimeErr};
use std::error::Error;

/// Why a unit of work could not be done.
#[derive(Debug, thiserror::Error)]
pub enum StorageError {
    /// The database refused or could not be reached.
    #[error("could not {doing}")]
    Database {
        /// Completes "could not …".
        doing: &'static str,
        /// What it said.
        #[source]
        source: DbErr,
    },
    /// A row holds what no code of ours writes.
    #[error("`{table}` row {row} is inconsistent")]
    Inconsistent {
        /// The table.
        table: &'static str,
        /// The row's identity; the account alone where the identity is a person's.
        row: String,
        /// What does not fit.
        #[source]
        source: Box<dyn Error + Send + Sync>,
    },
    /// Somebody else changed the row since it was read: decide again.
    #[error("`{table}` row {row} changed meanwhile")]
    Stale {
        /// The table.
        table: &'static str,
        /// The row's identity.
        row: String,
    },
}

impl StorageError {
    /// Whether the same unit of work may well succeed when it is decided again from the start.
    pub fn is_transient(&self) -> bool {
        match self {
            Self::Stale { .. } => true,
            Self::Inconsistent { .. } => false,
            Self::Database { source, .. } => database_code(source).is_some_and(|code| {
                // PostgreSQL: serialization failure, deadlock. SQLite: BUSY and LOCKED, whose
                // extended codes keep the kind in the lowest byte.
                matches!(code.as_str(), "40001" | "40P01")
                    || (code.len() < 5
                        && code.parse::<u32>().is_ok_and(|code| matches!(code & 0xff, 5 | 6)))
            }),
        }
    }
}

fn database_code(error: &DbErr) -> Option<String> {
    let (DbErr::Conn(RuntimeErr::SqlxError(source))
    | DbErr::Exec(RuntimeErr::SqlxError(source))
    | DbErr::Query(RuntimeErr::SqlxError(source))) = error
    else {
        return None;
    };
    source.as_database_error()?.code().map(std::borrow::Cow::into_owned)
}

/// Says what could not be done.
pub(super) fn failed(doing: &'static str) -> impl FnOnce(DbErr) -> StorageError {
    move |source| StorageError::Database { doing, source }
}
