//! The codes that the platform gave for areas: each is asked for once and kept for good, because
//! it hangs on a wall.

use super::{CHUNK, StorageError, Store, error::failed};
use crate::county::AreaCode;
use chrono::{DateTime, Utc};
use entities::{area_code as row, resident};
use sea_orm::{
    ActiveValue::Set, ColumnTrait, EntityTrait, PaginatorTrait, QueryFilter, QueryOrder,
    QuerySelect, sea_query::OnConflict,
};
use std::collections::BTreeMap;

/// A code as the platform gave it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KeptCode {
    /// The area that it names.
    pub area: AreaCode,
    /// Fetches the platform's own picture of it.
    pub ticket: String,
    /// What the code says; whoever draws it draws this.
    pub url: String,
    /// Since when it may hang somewhere.
    pub created_at: DateTime<Utc>,
}

impl Store {
    /// The codes that an account has for these areas.
    pub async fn area_codes(
        &self,
        account: &str,
        areas: &[AreaCode],
    ) -> Result<BTreeMap<AreaCode, KeptCode>, StorageError> {
        let mut kept = BTreeMap::new();
        for chunk in areas.chunks(CHUNK) {
            let found = row::Entity::find()
                .filter(row::Column::Account.eq(account))
                .filter(row::Column::Area.is_in(chunk.iter().map(AreaCode::as_str)))
                .order_by_asc(row::Column::Area)
                .all(&self.conn)
                .await
                .map_err(failed("read the codes of areas"))?;
            kept.extend(found.into_iter().map(|m| {
                let area = AreaCode(m.area);
                let code = KeptCode {
                    area: area.clone(),
                    ticket: m.ticket,
                    url: m.url,
                    created_at: m.created_at,
                };
                (area, code)
            }));
        }
        Ok(kept)
    }

    /// How many codes an account has in all.
    pub async fn count_area_codes(&self, account: &str) -> Result<u64, StorageError> {
        row::Entity::find()
            .filter(row::Column::Account.eq(account))
            .count(&self.conn)
            .await
            .map_err(failed("count the codes of areas"))
    }

    /// Keeps a code. Where two asked at once the first one's is the one that counts; the other is
    /// good too, and nobody drew it.
    pub async fn keep_area_code(&self, account: &str, code: &KeptCode) -> Result<(), StorageError> {
        let _turn = self.turn().await;
        let fresh = row::ActiveModel {
            account: Set(account.to_owned()),
            area: Set(code.area.0.clone()),
            ticket: Set(code.ticket.clone()),
            url: Set(code.url.clone()),
            created_at: Set(code.created_at),
        };
        row::Entity::insert(fresh)
            .on_conflict(
                OnConflict::columns([row::Column::Account, row::Column::Area])
                    .do_nothing()
                    .to_owned(),
            )
            .try_insert()
            .exec_without_returning(&self.conn)
            .await
            .map_err(failed("keep the code of an area"))?;
        Ok(())
    }

    /// How many followers last scanned the code of each of these areas.
    pub async fn followers_at(
        &self,
        account: &str,
        areas: &[AreaCode],
    ) -> Result<BTreeMap<AreaCode, i64>, StorageError> {
        let mut counts = BTreeMap::new();
        for chunk in areas.chunks(CHUNK) {
            let found: Vec<(String, i64)> = resident::Entity::find()
                .select_only()
                .column(resident::Column::HomeArea)
                .column_as(resident::Column::Openid.count(), "followers")
                .filter(resident::Column::Account.eq(account))
                .filter(resident::Column::HomeArea.is_in(chunk.iter().map(AreaCode::as_str)))
                .filter(resident::Column::Following.eq(true))
                .group_by(resident::Column::HomeArea)
                .into_tuple()
                .all(&self.conn)
                .await
                .map_err(failed("count followers by area"))?;
            counts.extend(found.into_iter().map(|(area, count)| (AreaCode(area), count)));
        }
        Ok(counts)
    }
}
