//! Reports that were begun in a chat and left lying: what and where they seem to be.
//!
//! Deliberately absent: what was said and by whom. Nobody sent it yet.

use super::{StorageError, Store, error::failed};
use crate::dialogue::state::State;
use chrono::{DateTime, TimeDelta, Utc};
use entities::resident;
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect, Select};

/// A draft is left lying after so long without a word, and deleted after a week.
const LEFT_MINUTES: i64 = 30;

/// A report that somebody began and left lying.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LeftDraft {
    /// When its writer last said something.
    pub touched_at: DateTime<Utc>,
    /// What it seems to be about.
    pub category: Option<String>,
    /// Where it seems to be.
    pub area: Option<String>,
}

impl Store {
    /// How many reports were begun and left lying.
    pub async fn left_draft_count(&self, now: DateTime<Utc>) -> Result<u64, StorageError> {
        let count: Option<i64> = left_drafts(now)
            .select_only()
            .column_as(resident::Column::Openid.count(), "drafts")
            .into_tuple()
            .one(&self.conn)
            .await
            .map_err(failed("count the drafts that were left lying"))?;
        Ok(u64::try_from(count.unwrap_or_default()).unwrap_or_default())
    }

    /// Reports that were begun and left lying, the latest first: what and where they seem to be,
    /// and never what was said or by whom.
    pub async fn left_drafts(
        &self,
        now: DateTime<Utc>,
        skipped: u64,
        limit: u64,
    ) -> Result<Vec<LeftDraft>, StorageError> {
        let rows = left_drafts(now)
            .order_by_desc(resident::Column::TouchedAt)
            .order_by_asc(resident::Column::Account)
            .order_by_asc(resident::Column::Openid)
            .offset(skipped)
            .limit(limit)
            .all(&self.conn)
            .await
            .map_err(failed("read the drafts that were left lying"))?;
        let left = |m: resident::Model| {
            let draft = State::read(m.state).0.draft;
            let place = draft.as_ref().and_then(|draft| draft.place.get());
            LeftDraft {
                touched_at: m.touched_at,
                category: draft.as_ref().and_then(|draft| draft.category.get().cloned()),
                area: place.and_then(|place| place.area.clone()),
            }
        };
        Ok(rows.into_iter().map(left).collect())
    }
}

/// Conversations with a draft that nobody touched for a while; a draft has a moment at which time
/// alone looks at it.
fn left_drafts(now: DateTime<Utc>) -> Select<resident::Entity> {
    resident::Entity::find()
        .filter(resident::Column::DueAt.gt(DateTime::UNIX_EPOCH))
        .filter(resident::Column::TouchedAt.lt(now - TimeDelta::minutes(LEFT_MINUTES)))
}
