//! The lamp board: how live tickets stand by township and unit, and who is missing.
//!
//! One look at one index that holds live tickets only; lists read the tickets that they show.

use super::{Listing, Mark, Sight, StorageError, Store, absence, error::failed};
use crate::ticket::{MemberId, Queue, TicketId};
use chrono::{DateTime, NaiveDate, Utc};
use entities::{member, ticket as row, ticket_called};
use sea_orm::{
    ColumnTrait, Condition, EntityTrait, ExprTrait, FromQueryResult, QueryFilter, QueryOrder,
    QuerySelect, QueryTrait, Select, Value,
    sea_query::{Expr, SimpleExpr},
};
use std::collections::HashMap;
use uuid::Uuid;

/// How the live tickets of one unit in one township stand.
#[derive(Debug, Clone, PartialEq, Eq, FromQueryResult)]
pub struct LampCount {
    /// The township; none where nobody could place it.
    pub township: Option<String>,
    /// The unit that was called; none where no unit was.
    pub unit: Option<String>,
    /// All of them.
    pub live: i64,
    /// Past the warning, not late.
    pub yellow: i64,
    /// Late.
    pub red: i64,
    /// When the one that is late longest was due.
    pub first_late: Option<DateTime<Utc>>,
    /// Supervised, and the written answer is owed.
    pub owed: i64,
    /// It went one level up.
    pub escalated: i64,
    /// Nobody of the desk or of those who were called did anything for a while.
    pub untouched: i64,
}

/// Which live tickets a list of the board holds.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Shining {
    /// All.
    Any,
    /// Neither late nor soon due.
    Green,
    /// Past the warning, not late.
    Yellow,
    /// Late.
    Red,
    /// An answer to a supervision is owed.
    Owed,
    /// It went one level up.
    Escalated,
    /// Nobody touched it since then.
    Untouched(DateTime<Utc>),
    /// This member is called to it, or to something beside it.
    With(MemberId),
}

/// A list behind a number of the board.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Beam {
    /// Which of them.
    pub shining: Shining,
    /// Those of this township, or of none; all where it is left open.
    pub township: Option<Option<String>>,
    /// Those of this unit, or of none; all where it is left open.
    pub unit: Option<Option<String>>,
}

/// Somebody who is away, with how many live tickets in sight call them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AbsentOwner {
    /// Who.
    pub member: MemberId,
    /// Their name.
    pub name: String,
    /// They are no member any more; otherwise they are on leave.
    pub gone: bool,
    /// How many tickets.
    pub tickets: u64,
}

impl Store {
    /// How all live tickets in sight stand, by township and unit.
    pub async fn lamp_board(
        &self,
        sight: &Sight,
        now: DateTime<Utc>,
        untouched_since: DateTime<Utc>,
    ) -> Result<Vec<LampCount>, StorageError> {
        counted(sight, now, untouched_since)
            .into_model()
            .all(&self.conn)
            .await
            .map_err(failed("count the lamps"))
    }

    /// A page of the tickets behind a number of the board, the most urgent first.
    pub async fn lamp_page(
        &self,
        sight: &Sight,
        beam: &Beam,
        after: Option<Mark>,
        limit: u64,
        now: DateTime<Utc>,
    ) -> Result<Listing, StorageError> {
        let mut found = listed(sight, beam, now);
        if let Some(mark) = after {
            let place = [row::Column::QueueRank, row::Column::SubmittedAt, row::Column::Id];
            let there = [Value::from(mark.rank), mark.submitted_at.into(), mark.id.0.into()];
            let there = Expr::tuple(there.map(SimpleExpr::from));
            found = found.filter(Expr::tuple(place.map(Expr::col)).gt(there));
        }
        // The index holds all that is asked; whole tickets are read for those that are shown.
        let mut places: Vec<(Uuid, i64, DateTime<Utc>)> = found
            .limit(limit + 1)
            .into_tuple()
            .all(&self.conn)
            .await
            .map_err(failed("find the tickets behind a lamp"))?;
        let limit = usize::try_from(limit).unwrap_or(usize::MAX);
        let has_more = places.len() > limit;
        places.truncate(limit);
        let next = places.last().filter(|_| has_more);
        let next = next.map(|(id, rank, submitted_at)| Mark {
            rank: *rank,
            submitted_at: *submitted_at,
            id: TicketId(*id),
        });
        let ids: Vec<TicketId> = places.iter().map(|(id, ..)| TicketId(*id)).collect();
        Ok(Listing { tickets: self.in_order(&ids).await?, next })
    }

    /// Who is away that day and is called to something in sight.
    pub async fn absent_owners(
        &self,
        sight: &Sight,
        day: NaiveDate,
    ) -> Result<Vec<AbsentOwner>, StorageError> {
        let absent = self.absent_with_work(day).await?;
        if absent.is_empty() {
            return Ok(Vec::new());
        }
        let ids = absent.iter().map(|absent| absent.person.id.0);
        let counted: Vec<(Uuid, i64)> = called_in_sight(sight, ids)
            .into_tuple()
            .all(&self.conn)
            .await
            .map_err(failed("count what those have who are away"))?;
        let counted: HashMap<Uuid, i64> = counted.into_iter().collect();
        let owner = |absent: absence::Absent| {
            let tickets = counted.get(&absent.person.id.0).copied().unwrap_or_default();
            AbsentOwner {
                member: absent.person.id,
                name: absent.person.name,
                gone: absent.gone,
                tickets: u64::try_from(tickets).unwrap_or_default(),
            }
        };
        Ok(absent.into_iter().map(owner).filter(|owner| owner.tickets > 0).collect())
    }

    /// A member's name, also of one who left.
    pub async fn member_name(&self, id: MemberId) -> Result<Option<String>, StorageError> {
        let found = member::Entity::find_by_id(id.0)
            .one(&self.conn)
            .await
            .map_err(failed("read a member's name"))?;
        Ok(found.map(|member| member.name))
    }
}

fn waits() -> SimpleExpr {
    row::Column::Queue.is_in(Queue::WAITING.map(Queue::code))
}

fn is_red(now: DateTime<Utc>) -> SimpleExpr {
    row::Column::LateAt.lt(now)
}

fn is_yellow(now: DateTime<Utc>) -> SimpleExpr {
    row::Column::WarnAt.lte(now).and(row::Column::LateAt.gte(now))
}

fn counted(
    sight: &Sight,
    now: DateTime<Utc>,
    untouched_since: DateTime<Utc>,
) -> Select<row::Entity> {
    let those = |condition: SimpleExpr| {
        let one: SimpleExpr = Expr::case(condition, Expr::value(1)).finally(Expr::value(0)).into();
        one.sum()
    };
    row::Entity::find()
        .select_only()
        .columns([row::Column::Township, row::Column::Unit])
        .column_as(row::Column::Queue.count(), "live")
        .column_as(those(is_yellow(now)), "yellow")
        .column_as(those(is_red(now)), "red")
        .column_as(row::Column::LateAt.min(), "first_late")
        .column_as(those(row::Column::OwedAt.is_not_null()), "owed")
        .column_as(those(row::Column::Escalations.gt(0)), "escalated")
        .column_as(those(row::Column::TouchedAt.lt(untouched_since)), "untouched")
        .filter(waits())
        .filter(sight.condition())
        .group_by(row::Column::Township)
        .group_by(row::Column::Unit)
}

fn listed(sight: &Sight, beam: &Beam, now: DateTime<Utc>) -> Select<row::Entity> {
    let shines = match &beam.shining {
        Shining::Any => Condition::all(),
        Shining::Green => {
            let none = row::Column::WarnAt.is_null().or(row::Column::WarnAt.gt(now));
            let in_time = row::Column::LateAt.is_null().or(row::Column::LateAt.gte(now));
            Condition::all().add(none).add(in_time)
        }
        Shining::Yellow => Condition::all().add(is_yellow(now)),
        Shining::Red => Condition::all().add(is_red(now)),
        Shining::Owed => Condition::all().add(row::Column::OwedAt.is_not_null()),
        Shining::Escalated => Condition::all().add(row::Column::Escalations.gt(0)),
        Shining::Untouched(since) => Condition::all().add(row::Column::TouchedAt.lt(*since)),
        Shining::With(member) => {
            let calls = ticket_called::Entity::find()
                .select_only()
                .column(ticket_called::Column::TicketId)
                .filter(ticket_called::Column::MemberId.eq(member.0))
                .into_query();
            Condition::all().add(row::Column::Id.in_subquery(calls))
        }
    };
    let within = |column: row::Column, code: &Option<Option<String>>| {
        code.as_ref().map(|code| match code {
            Some(code) => column.eq(code),
            None => column.is_null(),
        })
    };
    let place = Condition::all()
        .add_option(within(row::Column::Township, &beam.township))
        .add_option(within(row::Column::Unit, &beam.unit));
    row::Entity::find()
        .select_only()
        .columns([row::Column::Id, row::Column::QueueRank, row::Column::SubmittedAt])
        .filter(waits())
        .filter(shines)
        .filter(place)
        .filter(sight.condition())
        .order_by_asc(row::Column::QueueRank)
        .order_by_asc(row::Column::SubmittedAt)
        .order_by_asc(row::Column::Id)
}

/// How many live tickets in sight call each of these members.
fn called_in_sight(
    sight: &Sight,
    members: impl Iterator<Item = Uuid>,
) -> Select<ticket_called::Entity> {
    ticket_called::Entity::find()
        .select_only()
        .column(ticket_called::Column::MemberId)
        .column_as(ticket_called::Column::TicketId.count(), "tickets")
        .join(
            sea_orm::JoinType::InnerJoin,
            ticket_called::Entity::belongs_to(row::Entity)
                .from(ticket_called::Column::TicketId)
                .to(row::Column::Id)
                .into(),
        )
        .filter(ticket_called::Column::MemberId.is_in(members))
        .filter(sight.condition())
        .group_by(ticket_called::Column::MemberId)
}
