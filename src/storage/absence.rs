//! Who is away and still has open work: found by the calls of live tickets, never by a look at
//! all members or tickets.

use super::{StorageError, Store, Tx, error::failed, tickets};
use crate::ticket::{MemberId, Person, Ticket};
use chrono::NaiveDate;
use entities::{member as row, ticket, ticket_called};
use sea_orm::{
    ColumnTrait, Condition, EntityTrait, ExprTrait, QueryFilter, QueryOrder, QuerySelect,
    QueryTrait, Select, sea_query::Expr,
};
use uuid::Uuid;

/// Somebody who is away and still has open work.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Absent {
    /// Who.
    pub person: Person,
    /// They are no member any more; otherwise they are on leave.
    pub gone: bool,
}

impl Store {
    /// Those who are no members any more, or on leave that day, and are called to a live ticket or
    /// to something beside it.
    pub async fn absent_with_work(&self, day: NaiveDate) -> Result<Vec<Absent>, StorageError> {
        let found: Vec<(Uuid, String, bool)> = with_work(day)
            .into_tuple()
            .all(&self.conn)
            .await
            .map_err(failed("find who is away and has work"))?;
        let absent = |(id, name, active): (Uuid, String, bool)| Absent {
            person: Person { id: MemberId(id), name },
            gone: !active,
        };
        Ok(found.into_iter().map(absent).collect())
    }

    /// The first day after `day` on which somebody's leave begins.
    pub async fn next_leave(&self, day: NaiveDate) -> Result<Option<NaiveDate>, StorageError> {
        row::Entity::find()
            .select_only()
            .column(row::Column::LeaveFrom)
            .filter(row::Column::Active.eq(true))
            // Said twice, because the index knows the end.
            .filter(row::Column::LeaveUntil.gt(day))
            .filter(row::Column::LeaveFrom.gt(day))
            .order_by_asc(row::Column::LeaveFrom)
            .into_tuple()
            .one(&self.conn)
            .await
            .map_err(failed("find the next leave"))
    }
}

impl Tx {
    /// Everything that a member is called to, has, or is asked about, oldest first.
    pub async fn open_work_of(&self, member: MemberId) -> Result<Vec<Ticket>, StorageError> {
        tickets::all(&self.inner, open_work(member), "read a member's open work").await
    }
}

/// Those who are away that day and are called to something.
pub(super) fn with_work(day: NaiveDate) -> Select<row::Entity> {
    let has_work = ticket_called::Entity::find()
        .select_only()
        .column(ticket_called::Column::TicketId)
        .filter(
            Expr::col((ticket_called::Entity, ticket_called::Column::MemberId))
                .equals((row::Entity, row::Column::Id)),
        )
        .into_query();
    row::Entity::find()
        .select_only()
        .columns([row::Column::Id, row::Column::Name, row::Column::Active])
        .filter(Condition::any().add(row::Column::Active.eq(false)).add(on_leave(day)))
        .filter(Expr::exists(has_work))
        .order_by_asc(row::Column::Position)
        .order_by_asc(row::Column::Id)
}

/// What a member is called to.
pub(super) fn open_work(member: MemberId) -> Select<ticket::Entity> {
    let calls = ticket_called::Entity::find()
        .select_only()
        .column(ticket_called::Column::TicketId)
        .filter(ticket_called::Column::MemberId.eq(member.0))
        .into_query();
    ticket::Entity::find()
        .filter(ticket::Column::Id.in_subquery(calls))
        .order_by_asc(ticket::Column::SubmittedAt)
        .order_by_asc(ticket::Column::Number)
}

fn on_leave(day: NaiveDate) -> Condition {
    Condition::all()
        .add(row::Column::Active.eq(true))
        .add(row::Column::LeaveUntil.gte(day))
        .add(row::Column::LeaveFrom.lte(day))
}
