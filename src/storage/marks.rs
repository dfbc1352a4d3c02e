//! Marks on a database, to be read before it is used.

use super::{StorageError, Store, codec::Row, error::failed};
use chrono::{DateTime, SubsecRound, TimeDelta, Utc};
use entities::mark as row;
use sea_orm::{ActiveValue::Set, EntityTrait, sea_query::OnConflict};

/// The database belongs to a demo: its people and passwords are no secrets.
const DEMO: &str = "demo";
/// How many milliseconds the demo's clock is ahead of the machine's.
const DEMO_CLOCK: &str = "demo_clock_ms";

impl Store {
    /// When something was done last, by its name.
    pub async fn moment(&self, name: &str) -> Result<Option<DateTime<Utc>>, StorageError> {
        let found = row::Entity::find_by_id(name)
            .one(&self.conn)
            .await
            .map_err(failed("read when something was done"))?;
        let moment = |m: row::Model| {
            let at = DateTime::parse_from_rfc3339(&m.value).map(|at| at.to_utc());
            at.map_err(|_| Row::of("mark", &name).odd("it is no moment"))
        };
        found.map(moment).transpose()
    }

    /// Remembers when something was done.
    pub async fn set_moment(&self, name: &str, now: DateTime<Utc>) -> Result<(), StorageError> {
        let _turn = self.turn().await;
        let value = now.trunc_subsecs(3).to_rfc3339();
        let mark = row::ActiveModel { name: Set(name.to_owned()), value: Set(value) };
        row::Entity::insert(mark)
            .on_conflict(
                OnConflict::column(row::Column::Name).update_column(row::Column::Value).to_owned(),
            )
            .exec_without_returning(&self.conn)
            .await
            .map_err(failed("remember when something was done"))?;
        Ok(())
    }

    /// Marks the database as a demo's, for good.
    pub async fn mark_as_demo(&self) -> Result<(), StorageError> {
        let mark = row::ActiveModel { name: Set(DEMO.to_owned()), value: Set("yes".to_owned()) };
        row::Entity::insert(mark)
            .on_conflict(OnConflict::column(row::Column::Name).do_nothing().to_owned())
            .try_insert()
            .exec_without_returning(&self.conn)
            .await
            .map_err(failed("mark the database as a demo's"))?;
        Ok(())
    }

    /// Whether the database belongs to a demo.
    pub async fn is_demo(&self) -> Result<bool, StorageError> {
        let mark = row::Entity::find_by_id(DEMO)
            .one(&self.conn)
            .await
            .map_err(failed("read the marks of the database"))?;
        Ok(mark.is_some())
    }

    /// How far the demo's clock is ahead of the machine's.
    pub async fn demo_clock(&self) -> Result<TimeDelta, StorageError> {
        let mark = row::Entity::find_by_id(DEMO_CLOCK)
            .one(&self.conn)
            .await
            .map_err(failed("read how far the demo's clock is ahead"))?;
        let Some(mark) = mark else { return Ok(TimeDelta::zero()) };
        let ahead = mark.value.parse().ok().and_then(TimeDelta::try_milliseconds);
        ahead.ok_or_else(|| Row::of("mark", &DEMO_CLOCK).odd("it is no span of time"))
    }

    /// Remembers it, so that the demo's time never runs backwards from one start to the next.
    pub async fn set_demo_clock(&self, ahead: TimeDelta) -> Result<(), StorageError> {
        let mark = row::ActiveModel {
            name: Set(DEMO_CLOCK.to_owned()),
            value: Set(ahead.num_milliseconds().to_string()),
        };
        row::Entity::insert(mark)
            .on_conflict(
                OnConflict::column(row::Column::Name).update_column(row::Column::Value).to_owned(),
            )
            .exec_without_returning(&self.conn)
            .await
            .map_err(failed("remember how far the demo's clock is ahead"))?;
        Ok(())
    }
}
