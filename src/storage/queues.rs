//! The desk's lists: pages of them, how many there are in each.
//!
//! A list is answered from one index that holds live tickets only and everything that is asked of
//! them, so what it costs follows from what is live and never from what was ever closed; rows are
//! read for the tickets that are shown. Lists of a month are answered by the moment of submission.
//! Lists go on after a [`Mark`], not from a number: nothing is shown twice or left out because
//! something came in meanwhile.

use super::{
    Sight, StorageError, Store, Tx, Wanted,
    call_backs::unheard_of,
    error::failed,
    ticket_row::row_of,
    tickets::{all, of_ids},
};
use crate::{
    county::County,
    ticket::{Queue, Ticket, TicketId},
};
use chrono::{DateTime, Utc};
use entities::ticket as row;
use sea_orm::{
    ActiveValue::NotSet,
    ColumnTrait, Condition, EntityTrait, ExprTrait, FromQueryResult, QueryFilter, QueryOrder,
    QuerySelect, Select, Value,
    sea_query::{Expr, SimpleExpr},
};
use std::collections::{BTreeMap, HashMap};
use uuid::Uuid;

/// What a row is filed under before anybody looked at the whole ticket.
const UNFILED: &str = "unfiled";
/// Tickets that are filed at a time.
const FILED: u64 = 500;

/// Where a page of a list ends, and the next one begins after it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Mark {
    /// How far up the last ticket stands; nothing in a list of a month.
    pub rank: i64,
    /// When it was submitted.
    pub submitted_at: DateTime<Utc>,
    /// Which it is.
    pub id: TicketId,
}

/// Which page of a list somebody wants.
#[derive(Debug, Clone, Copy)]
pub struct Page {
    /// Where the one before it ended.
    pub after: Option<Mark>,
    /// How many tickets it has at most.
    pub limit: u64,
}

/// A page of a list.
#[derive(Debug, Clone, Default)]
pub struct Listing {
    /// The tickets, in the order of the list.
    pub tickets: Vec<Ticket>,
    /// Where the next page begins, if there is one.
    pub next: Option<Mark>,
}

/// The months that a list covers: from the first moment until before the last.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Months {
    /// The first moment.
    pub from: DateTime<Utc>,
    /// The moment after the last.
    pub until: DateTime<Utc>,
}

/// How many tickets each list has.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Counts(BTreeMap<Queue, u64>);

impl Counts {
    /// How many this list has.
    pub fn of(&self, queue: Queue) -> u64 {
        self.0.get(&queue).copied().unwrap_or_default()
    }

    fn add(&mut self, queue: Queue, count: i64) {
        *self.0.entry(queue).or_default() += u64::try_from(count).unwrap_or_default();
    }
}

#[derive(FromQueryResult)]
struct CountRow {
    queue: String,
    tickets: i64,
    late: Option<i64>,
    due_soon: Option<i64>,
    wishes: Option<i64>,
    dissatisfied: Option<i64>,
    mine: Option<i64>,
}

#[derive(FromQueryResult)]
struct Place {
    id: Uuid,
    queue_rank: i64,
    submitted_at: DateTime<Utc>,
}

impl Store {
    /// How many tickets each list has that this operator may see.
    pub async fn queue_counts(
        &self,
        sight: &Sight,
        now: DateTime<Utc>,
    ) -> Result<Counts, StorageError> {
        let rows: Vec<CountRow> = counted(sight, now)
            .into_model()
            .all(&self.conn)
            .await
            .map_err(failed("count the desk's lists"))?;
        let mut counts = Counts::default();
        for row in rows {
            let Some(waits) = Queue::of(&row.queue) else { continue };
            counts.add(waits, row.tickets);
            counts.add(Queue::Live, row.tickets);
            counts.add(Queue::Late, row.late.unwrap_or_default());
            counts.add(Queue::DueSoon, row.due_soon.unwrap_or_default());
            counts.add(Queue::Wishes, row.wishes.unwrap_or_default());
            counts.add(Queue::Dissatisfied, row.dissatisfied.unwrap_or_default());
            counts.add(Queue::Mine, row.mine.unwrap_or_default());
        }
        for (queue, beside) in [
            (Queue::Dissatisfied, closed_dissatisfied(sight, now)),
            (Queue::Undeliverable, unheard(sight, now)),
        ] {
            let count: Option<i64> = beside
                .into_tuple()
                .one(&self.conn)
                .await
                .map_err(failed("count the desk's lists"))?;
            counts.add(queue, count.unwrap_or_default());
        }
        Ok(counts)
    }

    /// A page of a list, the most urgent first.
    pub async fn queue_page(
        &self,
        county: &County,
        sight: &Sight,
        queue: Queue,
        wanted: &Wanted,
        Page { after, limit }: Page,
        now: DateTime<Utc>,
    ) -> Result<Listing, StorageError> {
        let within = sight.condition().add(wanted.condition(county));
        let mut places: Vec<Place> = places_of(queue, sight, now)
            .filter(within)
            .apply_after(after)
            .limit(limit + 1)
            .into_model()
            .all(&self.conn)
            .await
            .map_err(failed("read one of the desk's lists"))?;
        let has_more = u64::try_from(places.len()).unwrap_or(u64::MAX) > limit;
        places.truncate(usize::try_from(limit).unwrap_or(usize::MAX));
        let last = places.last().filter(|_| has_more);
        let next = last.map(|place| Mark {
            rank: place.queue_rank,
            submitted_at: place.submitted_at,
            id: TicketId(place.id),
        });
        let ids: Vec<TicketId> = places.iter().map(|place| TicketId(place.id)).collect();
        Ok(Listing { tickets: self.in_order(&ids).await?, next })
    }

    /// A page of all tickets that were submitted in these months, live or not, newest first.
    pub async fn submitted_page(
        &self,
        county: &County,
        sight: &Sight,
        months: Months,
        wanted: &Wanted,
        Page { after, limit }: Page,
    ) -> Result<Listing, StorageError> {
        let within = sight.condition().add(wanted.condition(county));
        let found = submitted_in(months, after).filter(within).limit(limit + 1);
        let mut tickets = all(&self.conn, found, "read the tickets of a month").await?;
        let has_more = u64::try_from(tickets.len()).unwrap_or(u64::MAX) > limit;
        tickets.truncate(usize::try_from(limit).unwrap_or(usize::MAX));
        let last = tickets.last().filter(|_| has_more);
        let next = last.map(|last| Mark { rank: 0, submitted_at: last.submitted_at, id: last.id });
        Ok(Listing { tickets, next })
    }

    /// How many tickets came in after a moment, and are live and in this operator's sight.
    pub async fn came_in_after(
        &self,
        sight: &Sight,
        after: DateTime<Utc>,
    ) -> Result<u64, StorageError> {
        let count: Option<i64> = newer(sight, after)
            .into_tuple()
            .one(&self.conn)
            .await
            .map_err(failed("count what came in"))?;
        Ok(u64::try_from(count.unwrap_or_default()).unwrap_or_default())
    }

    pub(super) async fn in_order(&self, ids: &[TicketId]) -> Result<Vec<Ticket>, StorageError> {
        let found = of_ids(&self.conn, ids, "read the tickets of a list").await?;
        let mut by_id: HashMap<TicketId, Ticket> =
            found.into_iter().map(|ticket| (ticket.id, ticket)).collect();
        Ok(ids.iter().filter_map(|id| by_id.remove(id)).collect())
    }
}

impl Tx {
    /// Fills what follows from the whole ticket into the rows that a migration left to be filled.
    /// A row that cannot be a ticket stays as it is, and is in no list.
    pub(super) async fn file_tickets(&self) -> Result<(), StorageError> {
        let mut after = Uuid::nil();
        loop {
            let rows = row::Entity::find()
                .filter(row::Column::Queue.eq(UNFILED))
                .filter(row::Column::Id.gt(after))
                .order_by_asc(row::Column::Id)
                .limit(FILED)
                .all(&self.inner)
                .await
                .map_err(failed("find tickets that are not filed"))?;
            let Some(last) = rows.last() else { return Ok(()) };
            after = last.id;
            for m in rows {
                let (id, ended_at) = (m.id, m.ended_at);
                let Ok(ticket) = Ticket::try_from(m) else { continue };
                let changes = row::ActiveModel { id: NotSet, ..row_of(&ticket, ended_at)? };
                row::Entity::update_many()
                    .set(changes)
                    .filter(row::Column::Id.eq(id))
                    .exec(&self.inner)
                    .await
                    .map_err(failed("file a ticket"))?;
            }
        }
    }
}

/// A list that goes on after a mark.
trait After {
    fn apply_after(self, after: Option<Mark>) -> Self;
}

impl After for Select<row::Entity> {
    fn apply_after(self, after: Option<Mark>) -> Self {
        let Some(mark) = after else { return self };
        let place = [row::Column::QueueRank, row::Column::SubmittedAt, row::Column::Id];
        let there = [Value::from(mark.rank), mark.submitted_at.into(), mark.id.0.into()];
        self.filter(Expr::tuple(place.map(Expr::col)).gt(Expr::tuple(there.map(SimpleExpr::from))))
    }
}

fn waits() -> SimpleExpr {
    row::Column::Queue.is_in(Queue::WAITING.map(Queue::code))
}

fn is_late(now: DateTime<Utc>) -> SimpleExpr {
    row::Column::LateAt.lt(now)
}

fn is_due_soon(now: DateTime<Utc>) -> SimpleExpr {
    row::Column::WarnAt.lte(now).and(row::Column::LateAt.gte(now))
}

/// Where the tickets of a list stand, in its order.
fn places_of(queue: Queue, sight: &Sight, now: DateTime<Utc>) -> Select<row::Entity> {
    let listed = match queue {
        Queue::Live => waits(),
        Queue::Late => waits().and(is_late(now)),
        Queue::DueSoon => waits().and(is_due_soon(now)),
        Queue::Wishes => waits().and(row::Column::WishAt.is_not_null()),
        Queue::Mine => waits().and(row::Column::AccountableId.eq(sight.person.0)),
        Queue::Dissatisfied => row::Column::DissatisfiedUntil.gt(now),
        Queue::Undeliverable => row::Column::Id.in_subquery(unheard_of(now)),
        waiting => row::Column::Queue.eq(waiting.code()),
    };
    row::Entity::find()
        .select_only()
        .columns([row::Column::Id, row::Column::QueueRank, row::Column::SubmittedAt])
        .filter(listed)
        .order_by_asc(row::Column::QueueRank)
        .order_by_asc(row::Column::SubmittedAt)
        .order_by_asc(row::Column::Id)
}

fn counted(sight: &Sight, now: DateTime<Utc>) -> Select<row::Entity> {
    let those = |condition: SimpleExpr| {
        let one: SimpleExpr = Expr::case(condition, Expr::value(1)).finally(Expr::value(0)).into();
        one.sum()
    };
    row::Entity::find()
        .select_only()
        .column(row::Column::Queue)
        .column_as(row::Column::Queue.count(), "tickets")
        .column_as(those(is_late(now)), "late")
        .column_as(those(is_due_soon(now)), "due_soon")
        .column_as(those(row::Column::WishAt.is_not_null()), "wishes")
        .column_as(those(row::Column::DissatisfiedUntil.gt(now)), "dissatisfied")
        .column_as(those(row::Column::AccountableId.eq(sight.person.0)), "mine")
        .filter(waits())
        .filter(sight.condition())
        .group_by(row::Column::Queue)
}

fn closed_dissatisfied(sight: &Sight, now: DateTime<Utc>) -> Select<row::Entity> {
    row::Entity::find()
        .select_only()
        .column_as(row::Column::Id.count(), "tickets")
        .filter(row::Column::DissatisfiedUntil.gt(now))
        .filter(row::Column::Queue.is_null())
        .filter(sight.condition())
}

fn unheard(sight: &Sight, now: DateTime<Utc>) -> Select<row::Entity> {
    row::Entity::find()
        .select_only()
        .column_as(row::Column::Id.count(), "tickets")
        .filter(row::Column::Id.in_subquery(unheard_of(now)))
        .filter(sight.condition())
}

fn newer(sight: &Sight, after: DateTime<Utc>) -> Select<row::Entity> {
    row::Entity::find()
        .select_only()
        .column_as(row::Column::Id.count(), "tickets")
        .filter(waits())
        .filter(row::Column::SubmittedAt.gt(after))
        .filter(sight.condition())
}

fn submitted_in(months: Months, after: Option<Mark>) -> Select<row::Entity> {
    let mut condition = Condition::all()
        .add(row::Column::SubmittedAt.gte(months.from))
        .add(row::Column::SubmittedAt.lt(months.until));
    if let Some(mark) = after {
        let place = [row::Column::SubmittedAt, row::Column::Id];
        let there = [Value::from(mark.submitted_at), mark.id.0.into()];
        let before = Expr::tuple(place.map(Expr::col));
        condition = condition.add(before.lt(Expr::tuple(there.map(SimpleExpr::from))));
    }
    row::Entity::find()
        .filter(condition)
        .order_by_desc(row::Column::SubmittedAt)
        .order_by_desc(row::Column::Id)
}
