//! What the desk changes about the county itself: a row, or all of it by an import.
//!
//! A change is stored only over the county that it was made from, so two people at once cannot
//! undo each other unseen; and each is written down with who made it.
//!
//! Deliberately absent: whether the county is right, which is [`crate::county::workbook`]'s, and
//! who may.

use crate::access::Operator;
use crate::app::App;
use crate::county::{County, Member};
use crate::storage::StorageError;
use chrono::{DateTime, Utc};

/// Under which word the audit log has it.
const DEED: &str = "settings_changed";

/// A county that is to become the present one.
#[derive(Debug, Clone, Copy)]
pub struct CountyChange<'a> {
    /// The version that it was made from; 0 where there was none.
    pub version: i64,
    /// What it shall be.
    pub next: &'a County,
    /// Somebody who stays the same person under another name, or somewhere else.
    pub moved: Option<(&'a str, &'a Member)>,
    /// It is an import that was looked at before.
    pub is_import: bool,
    /// What was changed, for the audit log: 人员 张建国.
    pub subject: &'a str,
    /// How.
    pub note: &'a str,
}

/// Stores a county; tells whether it was still the one that the change was made from.
pub async fn put_county(
    app: &App,
    by: &Operator,
    name: &str,
    change: &CountyChange<'_>,
    now: DateTime<Utc>,
) -> Result<bool, StorageError> {
    let tx = app.store.begin().await?;
    if !tx.county_is(change.version, now).await? {
        return Ok(false);
    }
    if let Some((before, member)) = change.moved {
        tx.move_member(before, member).await?;
    }
    tx.replace_county(change.next, app.ids.as_ref(), now).await?;
    if change.is_import {
        tx.drop_pending_import(by.id).await?;
    }
    tx.note_deed(Some(by), name, DEED, Some(change.subject), change.note, now).await?;
    tx.commit().await?;
    // Whoever changed it looks at it next.
    app.county.forget();
    app.bell.ring();
    Ok(true)
}
