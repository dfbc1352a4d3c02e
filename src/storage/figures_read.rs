//! Looking at figures: sums of areas and parts, over months or days.

use super::{
    CHUNK, StorageError, Store,
    codec::Row,
    error::failed,
    figure_rows::{self},
};
use crate::rates::{Counted, Period, Slice, Tally};
use chrono::NaiveDate;
use entities::{figure_due, figure_sum, figure_ticket};
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, QuerySelect, Select};
use std::collections::BTreeMap;

impl Store {
    /// The sums of an area by parts, over these periods together.
    pub async fn figure_sums(
        &self,
        area: &str,
        by: Slice,
        periods: &[Period],
    ) -> Result<BTreeMap<String, Tally>, StorageError> {
        let found = figure_sum::Entity::find()
            .filter(figure_sum::Column::Area.eq(area))
            .filter(figure_sum::Column::By.eq(by.code()))
            .filter(figure_sum::Column::Period.is_in(periods.iter().map(Period::as_str)));
        let mut parts: BTreeMap<String, Tally> = BTreeMap::new();
        for (m, tally) in self.sums_of(found).await? {
            *parts.entry(m.part).or_default() += tally;
        }
        Ok(parts)
    }

    /// The sums of an area, one for each of these periods that has any.
    pub async fn figures_by_period(
        &self,
        area: &str,
        periods: &[Period],
    ) -> Result<BTreeMap<String, Tally>, StorageError> {
        let found = figure_sum::Entity::find()
            .filter(figure_sum::Column::Area.eq(area))
            .filter(figure_sum::Column::By.eq(Slice::All.code()))
            .filter(figure_sum::Column::Period.is_in(periods.iter().map(Period::as_str)));
        let sums = self.sums_of(found).await?;
        Ok(sums.into_iter().map(|(m, tally)| (m.period, tally)).collect())
    }

    /// The sums of these areas, each over all of these periods.
    pub async fn figures_by_area(
        &self,
        areas: &[String],
        periods: &[Period],
    ) -> Result<BTreeMap<String, Tally>, StorageError> {
        let mut parts: BTreeMap<String, Tally> = BTreeMap::new();
        for areas in areas.chunks(CHUNK) {
            let found = figure_sum::Entity::find()
                .filter(figure_sum::Column::Area.is_in(areas.iter().cloned()))
                .filter(figure_sum::Column::By.eq(Slice::All.code()))
                .filter(figure_sum::Column::Period.is_in(periods.iter().map(Period::as_str)));
            for (m, tally) in self.sums_of(found).await? {
                *parts.entry(m.area).or_default() += tally;
            }
        }
        Ok(parts)
    }

    async fn sums_of(
        &self,
        found: Select<figure_sum::Entity>,
    ) -> Result<Vec<(figure_sum::Model, Tally)>, StorageError> {
        let rows = found.all(&self.conn).await.map_err(failed("read the sums of figures"))?;
        let read = |m: figure_sum::Model| {
            let kept = figure_rows::kept(&Row::of("figure_sum", &m.period), &m.figures)?;
            Ok((m, figure_rows::tally(kept)))
        };
        rows.into_iter().map(read).collect()
    }

    /// The sums of these areas by parts, each over all of these periods.
    pub async fn figures_by_area_and_part(
        &self,
        areas: &[String],
        by: Slice,
        periods: &[Period],
    ) -> Result<BTreeMap<(String, String), Tally>, StorageError> {
        let found = figure_sum::Entity::find()
            .filter(figure_sum::Column::Area.is_in(areas.iter().cloned()))
            .filter(figure_sum::Column::By.eq(by.code()))
            .filter(figure_sum::Column::Period.is_in(periods.iter().map(Period::as_str)));
        let mut parts: BTreeMap<(String, String), Tally> = BTreeMap::new();
        for (m, tally) in self.sums_of(found).await? {
            *parts.entry((m.area, m.part)).or_default() += tally;
        }
        Ok(parts)
    }

    /// What the tickets of these areas, without what lies below them, count for: for areas that are
    /// so small that they have no sums by parts.
    pub async fn counted_in(
        &self,
        areas: &[String],
        from: NaiveDate,
        to: NaiveDate,
    ) -> Result<Vec<Counted>, StorageError> {
        let mut counted = Vec::new();
        for areas in areas.chunks(CHUNK) {
            let rows = figure_ticket::Entity::find()
                .filter(figure_ticket::Column::Area.is_in(areas.iter().cloned()))
                .filter(figure_ticket::Column::Day.between(from.to_string(), to.to_string()))
                .all(&self.conn)
                .await
                .map_err(failed("read what the tickets of a place count for"))?;
            for m in rows {
                counted.push(figure_rows::counted(m)?);
            }
        }
        Ok(counted)
    }

    /// How many tickets wait to be counted again, at most `most`.
    pub async fn uncounted_tickets(&self, most: u64) -> Result<u64, StorageError> {
        let waiting: Vec<i64> = figure_due::Entity::find()
            .select_only()
            .column(figure_due::Column::Id)
            .limit(most)
            .into_tuple()
            .all(&self.conn)
            .await
            .map_err(failed("count the tickets that wait to be counted"))?;
        Ok(waiting.len() as u64)
    }
}
