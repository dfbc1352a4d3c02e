//! Counting: which tickets have to be counted again, what they counted for, and the sums.
//!
//! Whoever saves a ticket only adds a row to `figure_due` and waits for nobody. Those who count
//! go one after the other ([`Tx::begin_counting`]), or two of them would read one sum and write
//! it both.

use super::{
    CHUNK, StorageError, Store, Tx,
    codec::Row,
    error::failed,
    figure_rows::{self, Kept},
};
use crate::{
    rates::{Asks, Counted, SumKey, Sums},
    ticket::TicketId,
};
use chrono::{DateTime, Utc};
use entities::{figure_due, figure_sum, figure_ticket as row, mark, resident, ticket};
use sea_orm::{
    ActiveValue::{NotSet, Set},
    ColumnTrait, Condition, ConnectionTrait, EntityTrait, IntoActiveModel, Iterable, QueryFilter,
    QueryOrder, QuerySelect,
    sea_query::{Expr, ExprTrait, OnConflict, Query},
};
use std::collections::{BTreeMap, HashMap};
use uuid::Uuid;

/// Held by whoever counts; its value says for which expectations everything was counted.
const FIGURES: &str = "figures";
/// So many keys are asked for at once: each is a branch of one condition.
const KEYS: usize = 100;

/// Tickets that have to be counted again.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Uncounted {
    /// Which, each once.
    pub tickets: Vec<TicketId>,
    /// The wishes that are fulfilled by that.
    wishes: Vec<i64>,
}

impl Store {
    /// Tickets that were saved since they were counted, the latest first, and those that count
    /// otherwise by now though nothing happened.
    pub async fn uncounted(
        &self,
        now: DateTime<Utc>,
        limit: u64,
    ) -> Result<Uncounted, StorageError> {
        let saved: Vec<(i64, Uuid)> = figure_due::Entity::find()
            .select_only()
            .columns([figure_due::Column::Id, figure_due::Column::TicketId])
            .order_by_desc(figure_due::Column::Id)
            .limit(limit)
            .into_tuple()
            .all(&self.conn)
            .await
            .map_err(failed("find tickets that were saved since they were counted"))?;
        let room = limit.saturating_sub(saved.len() as u64);
        let mut tickets: Vec<Uuid> = saved.iter().map(|(_, ticket)| *ticket).collect();
        if room > 0 {
            let by_time: Vec<Uuid> = row::Entity::find()
                .select_only()
                .column(row::Column::TicketId)
                .filter(row::Column::RecountAt.lte(now))
                .order_by_asc(row::Column::RecountAt)
                .limit(room)
                .into_tuple()
                .all(&self.conn)
                .await
                .map_err(failed("find tickets that count otherwise by now"))?;
            tickets.extend(by_time);
        }
        tickets.sort_unstable();
        tickets.dedup();
        let wishes = saved.into_iter().map(|(id, _)| id).collect();
        Ok(Uncounted { tickets: tickets.into_iter().map(TicketId).collect(), wishes })
    }

    /// For which expectations everything was counted.
    pub async fn figures_expect(&self) -> Result<Option<String>, StorageError> {
        let mark = mark::Entity::find_by_id(FIGURES).one(&self.conn).await;
        Ok(mark.map_err(failed("read what figures expect"))?.map(|mark| mark.value))
    }

    /// Tickets that were counted when something else was expected of their category.
    pub async fn counted_otherwise(
        &self,
        asks: impl Fn(&str) -> Asks,
        limit: u64,
    ) -> Result<Vec<TicketId>, StorageError> {
        let doing = "find tickets of which something else was expected";
        let categories: Vec<String> = figure_sum::Entity::find()
            .select_only()
            .column(figure_sum::Column::Part)
            .distinct()
            .filter(figure_sum::Column::Area.eq(""))
            .filter(figure_sum::Column::By.eq("category"))
            .into_tuple()
            .all(&self.conn)
            .await
            .map_err(failed(doing))?;
        let mut found = Vec::new();
        for category in categories {
            let asked = asks(&category).code();
            // Two ranges of the index; "not this one" would be a walk through all of it.
            let others =
                Condition::any().add(row::Column::Asks.lt(asked)).add(row::Column::Asks.gt(asked));
            let room = limit.saturating_sub(found.len() as u64);
            let tickets: Vec<Uuid> = row::Entity::find()
                .select_only()
                .column(row::Column::TicketId)
                .filter(row::Column::Category.eq(category))
                .filter(others)
                .limit(room)
                .into_tuple()
                .all(&self.conn)
                .await
                .map_err(failed(doing))?;
            found.extend(tickets.into_iter().map(TicketId));
            if found.len() as u64 >= limit {
                break;
            }
        }
        Ok(found)
    }
}

impl Tx {
    /// The ticket has to be counted again.
    pub(super) async fn count_again(&self, id: TicketId) -> Result<(), StorageError> {
        let wish = figure_due::ActiveModel { id: NotSet, ticket_id: Set(id.0) };
        figure_due::Entity::insert(wish)
            .exec_without_returning(&self.inner)
            .await
            .map_err(failed("have a ticket counted again"))?;
        Ok(())
    }

    /// All that these people reported has to be counted again.
    pub(super) async fn count_again_of(&self, whose: Condition) -> Result<(), StorageError> {
        let theirs = Condition::all()
            .add(
                Expr::col((ticket::Entity, ticket::Column::Account))
                    .equals((resident::Entity, resident::Column::Account)),
            )
            .add(
                Expr::col((ticket::Entity, ticket::Column::Openid))
                    .equals((resident::Entity, resident::Column::Openid)),
            );
        let tickets = Query::select()
            .column((ticket::Entity, ticket::Column::Id))
            .from(resident::Entity)
            .inner_join(ticket::Entity, theirs)
            .cond_where(whose)
            .to_owned();
        let mut wishes = Query::insert();
        wishes.into_table(figure_due::Entity).columns([figure_due::Column::TicketId]);
        if wishes.select_from(tickets).is_ok() {
            let doing = "have a person's tickets counted again";
            self.inner.execute(&wishes).await.map_err(failed(doing))?;
        }
        Ok(())
    }

    /// From here to the commit nobody else counts.
    pub async fn begin_counting(&self) -> Result<(), StorageError> {
        let held = mark::ActiveModel { name: Set(FIGURES.to_owned()), value: Set(String::new()) };
        let same = Expr::col((mark::Entity, mark::Column::Value));
        mark::Entity::insert(held)
            .on_conflict(
                OnConflict::column(mark::Column::Name).value(mark::Column::Value, same).to_owned(),
            )
            .exec_without_returning(&self.inner)
            .await
            .map_err(failed("begin to count"))?;
        Ok(())
    }

    /// Everything was counted for these expectations.
    pub async fn set_figures_expect(&self, expected: &str) -> Result<(), StorageError> {
        mark::Entity::update_many()
            .col_expr(mark::Column::Value, Expr::value(expected))
            .filter(mark::Column::Name.eq(FIGURES))
            .exec(&self.inner)
            .await
            .map_err(failed("remember what figures expect"))?;
        Ok(())
    }

    /// What these tickets counted for, and in which version.
    pub async fn counted(
        &self,
        ids: &[TicketId],
    ) -> Result<HashMap<TicketId, (i64, Counted)>, StorageError> {
        let rows = row::Entity::find()
            .filter(row::Column::TicketId.is_in(ids.iter().map(|id| id.0)))
            .all(&self.inner)
            .await
            .map_err(failed("read what tickets counted for"))?;
        let read = |m: row::Model| {
            let (id, version) = (TicketId(m.ticket_id), m.version);
            Ok((id, (version, figure_rows::counted(m)?)))
        };
        rows.into_iter().map(read).collect()
    }

    /// Remembers what tickets count for in this version.
    pub async fn put_counted(
        &self,
        tickets: &[(TicketId, i64, Counted)],
    ) -> Result<(), StorageError> {
        let every = row::Column::iter().filter(|column| !matches!(column, row::Column::TicketId));
        let update = OnConflict::column(row::Column::TicketId).update_columns(every).to_owned();
        for chunk in tickets.chunks(CHUNK) {
            let rows = chunk.iter().map(|(id, version, counted)| {
                figure_rows::row_of(*id, *version, counted).into_active_model()
            });
            row::Entity::insert_many(rows)
                .on_conflict(update.clone())
                .exec_without_returning(&self.inner)
                .await
                .map_err(failed("remember what tickets count for"))?;
        }
        Ok(())
    }

    /// A ticket that is gone counts for nothing.
    pub async fn forget_counted(&self, ids: &[TicketId]) -> Result<(), StorageError> {
        row::Entity::delete_many()
            .filter(row::Column::TicketId.is_in(ids.iter().map(|id| id.0)))
            .exec(&self.inner)
            .await
            .map_err(failed("forget what tickets counted for"))?;
        Ok(())
    }

    /// What cannot be counted is not looked at again before it changes.
    pub async fn leave_uncounted(&self, id: TicketId) -> Result<(), StorageError> {
        row::Entity::update_many()
            .col_expr(row::Column::RecountAt, Expr::value(None::<DateTime<Utc>>))
            .filter(row::Column::TicketId.eq(id.0))
            .exec(&self.inner)
            .await
            .map_err(failed("leave a ticket uncounted"))?;
        figure_due::Entity::delete_many()
            .filter(figure_due::Column::TicketId.eq(id.0))
            .exec(&self.inner)
            .await
            .map_err(failed("leave a ticket uncounted"))?;
        Ok(())
    }

    /// These were counted.
    pub async fn end_counting(&self, done: &Uncounted) -> Result<(), StorageError> {
        for wishes in done.wishes.chunks(CHUNK) {
            figure_due::Entity::delete_many()
                .filter(figure_due::Column::Id.is_in(wishes.iter().copied()))
                .exec(&self.inner)
                .await
                .map_err(failed("take away what was counted"))?;
        }
        Ok(())
    }

    /// Adds to the sums and takes away from them.
    pub async fn change_sums(&self, sums: Sums) -> Result<(), StorageError> {
        let changes: Vec<_> = sums.into_changes().into_iter().collect();
        for chunk in changes.chunks(KEYS) {
            let mut known = self.sums(chunk.iter().map(|(key, _)| key)).await?;
            let mut rows = Vec::with_capacity(chunk.len());
            for (key, changes) in chunk {
                let mut kept = known.remove(key).unwrap_or_default();
                figure_rows::change(&mut kept, changes);
                rows.push(figure_sum::ActiveModel {
                    area: Set(key.area.clone()),
                    by: Set(key.by.code().to_owned()),
                    period: Set(key.period.as_str().to_owned()),
                    part: Set(key.part.clone()),
                    figures: Set(figure_rows::shown(&kept)),
                });
            }
            let mut update = OnConflict::columns([
                figure_sum::Column::Area,
                figure_sum::Column::By,
                figure_sum::Column::Period,
                figure_sum::Column::Part,
            ]);
            figure_sum::Entity::insert_many(rows)
                .on_conflict(update.update_column(figure_sum::Column::Figures).to_owned())
                .exec_without_returning(&self.inner)
                .await
                .map_err(failed("change the sums of figures"))?;
        }
        Ok(())
    }

    async fn sums<'a>(
        &self,
        keys: impl Iterator<Item = &'a SumKey>,
    ) -> Result<BTreeMap<SumKey, Kept>, StorageError> {
        let mut any = Condition::any();
        let mut wanted = BTreeMap::new();
        for key in keys {
            let stored = (key.area.as_str(), key.by.code(), key.period.as_str(), key.part.as_str());
            wanted.insert(stored, key);
            any = any.add(
                Condition::all()
                    .add(figure_sum::Column::Area.eq(stored.0))
                    .add(figure_sum::Column::By.eq(stored.1))
                    .add(figure_sum::Column::Period.eq(stored.2))
                    .add(figure_sum::Column::Part.eq(stored.3)),
            );
        }
        let rows = figure_sum::Entity::find()
            .filter(any)
            .all(&self.inner)
            .await
            .map_err(failed("read the sums of figures"))?;
        let mut sums = BTreeMap::new();
        for m in rows {
            let stored = (m.area.as_str(), m.by.as_str(), m.period.as_str(), m.part.as_str());
            if let Some(key) = wanted.get(&stored) {
                let name = Row::of("figure_sum", &stored.2);
                sums.insert((*key).clone(), figure_rows::kept(&name, &m.figures)?);
            }
        }
        Ok(sums)
    }
}
