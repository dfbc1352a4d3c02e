//! Looking at figures: sums of areas and parts, over months or days.

use super::{
    CHUNK, StorageError, Store, codec::Row, error::failed, figure_rows, figures_behind::contains,
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

    /// What the tickets of an area and of what lay below it count for: for areas that are so small
    /// that they have no sums by parts.
    pub async fn counted_in(
        &self,
        area: &str,
        from: NaiveDate,
        to: NaiveDate,
    ) -> Result<Vec<Counted>, StorageError> {
        let rows = in_small(area, from, to)
            .all(&self.conn)
            .await
            .map_err(failed("read what the tickets of a place count for"))?;
        rows.into_iter().map(figure_rows::counted).collect()
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

/// The tickets of an area. Its code begins the codes of all that lie below it, so they are one
/// piece of an index; the path tells for certain.
fn in_small(area: &str, from: NaiveDate, to: NaiveDate) -> Select<figure_ticket::Entity> {
    let mut found = figure_ticket::Entity::find()
        .filter(contains(figure_ticket::Column::AreaPath, area))
        .filter(figure_ticket::Column::Day.between(from.to_string(), to.to_string()));
    if let Some(end) = end_of(area) {
        let begun = figure_ticket::Column::Area.gte(area);
        found = found.filter(begun).filter(figure_ticket::Column::Area.lt(end));
    }
    found
}

/// The first text after all that begin with this code, however digits and letters are sorted by
/// those who do not mind punctuation.
fn end_of(code: &str) -> Option<String> {
    let mut begin: Vec<char> = code.chars().collect();
    while let Some(last) = begin.pop() {
        let next = match last {
            '0'..='8' | 'a'..='y' | 'A'..='Y' => char::from_u32(u32::from(last) + 1),
            '9' | 'z' | 'Z' => continue,
            _ => return None,
        };
        begin.extend(next);
        return Some(begin.into_iter().collect());
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_begins_with_a_code_lies_before_its_end_and_the_next_code_does_not() {
        assert_eq!(end_of("130699201").as_deref(), Some("130699202"));
        assert_eq!(end_of("1306992019").as_deref(), Some("130699202"));
        assert_eq!(end_of("13y").as_deref(), Some("13z"));
        for endless in ["", "999", "zz", "13-"] {
            assert_eq!(end_of(endless), None, "{endless}");
        }
    }
}
