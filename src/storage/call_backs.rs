//! Residents who have to be called: whom, about what, when next; and what else did not arrive.
//!
//! One row a ticket, open until somebody was told or nothing more can be done by telephone. It is
//! written in the transaction in which a message is put in for somebody without an account, or in
//! which a message to the reporter is given up; and it ends by itself when its reason is gone.
//!
//! Deliberately absent: what has to be told, which follows from the ticket, and what was said,
//! which stands in its history.

use super::{
    StorageError, Store, Tx,
    codec::Row,
    error::failed,
    outbox::Outcome,
    people,
    tickets::{all, lies_in, of_ids},
};
use crate::access::{Operator, Permission};
use crate::ticket::{
    Follower, Ticket, TicketId,
    call_back::{CallResult, worth_a_call},
    notice::NoticeKind,
};
use chrono::{DateTime, TimeDelta, Utc};
use entities::{call_back as row, outbox, ticket};
use sea_orm::{
    ActiveValue::Set,
    ColumnTrait, Condition, ConnectionTrait, EntityTrait, ExprTrait, QueryFilter, QueryOrder,
    QuerySelect, QueryTrait, Select, Statement,
    sea_query::{Expr, OnConflict, Query, SelectStatement, UnionType},
};
use std::collections::HashMap;
use uuid::Uuid;

/// What could not be sent longer ago than this is known to whoever has the ticket.
const ASTRAY_FOR: TimeDelta = TimeDelta::days(7);

/// Somebody who has to be called.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CallBack {
    /// About which ticket.
    pub ticket: TicketId,
    /// About what.
    pub why: NoticeKind,
    /// Since when.
    pub since: DateTime<Utc>,
    /// How often it was tried.
    pub tries: u32,
    /// What came of the latest try.
    pub result: Option<CallResult>,
    /// When they are to be called next.
    pub next_at: DateTime<Utc>,
    /// When it was over.
    pub done_at: Option<DateTime<Utc>>,
}

/// Behind which row of a list the next page begins.
pub type CallBackKey = (DateTime<Utc>, TicketId);

impl CallBack {
    /// Behind which a further page begins.
    pub fn key(&self) -> CallBackKey {
        (self.next_at, self.ticket)
    }
}

impl Tx {
    /// Somebody has to be called about this notice; nothing, if it is not worth a call.
    pub async fn ask_for_call(
        &self,
        ticket: TicketId,
        why: NoticeKind,
        now: DateTime<Utc>,
    ) -> Result<(), StorageError> {
        if worth_a_call(why).is_empty() {
            return Ok(());
        }
        ask(&self.inner, ticket.0, why, now).await
    }

    /// The call that is, or was, owed about a ticket.
    pub async fn call_back(&self, ticket: TicketId) -> Result<Option<CallBack>, StorageError> {
        of_ticket(&self.inner, ticket).await
    }

    /// Writes down a try, and when the next one is; none where it is over.
    pub async fn called(
        &self,
        ticket: TicketId,
        result: CallResult,
        again: Option<DateTime<Utc>>,
        now: DateTime<Utc>,
    ) -> Result<(), StorageError> {
        row::Entity::update_many()
            .col_expr(row::Column::Tries, Expr::col(row::Column::Tries).add(1))
            .col_expr(row::Column::Result, Expr::value(result.code()))
            .col_expr(row::Column::NextAt, Expr::value(again.unwrap_or(now)))
            .col_expr(row::Column::DoneAt, Expr::value(again.is_none().then_some(now)))
            .filter(row::Column::TicketId.eq(ticket.0))
            // What the resident said may have ended it just now.
            .filter(row::Column::DoneAt.is_null().or(row::Column::DoneAt.eq(now)))
            .exec(&self.inner)
            .await
            .map_err(failed("write down a call"))?;
        Ok(())
    }

    /// Ends the call whose reason is gone: the ticket moved on, or the resident was `heard`
    /// otherwise.
    pub async fn settle_call_back(
        &self,
        ticket: &Ticket,
        heard: bool,
        now: DateTime<Utc>,
    ) -> Result<(), StorageError> {
        let stage = ticket.status.stage();
        let still = NoticeKind::ALL.iter().filter(|kind| worth_a_call(**kind).contains(&stage));
        let still: Vec<&str> = still.map(|kind| kind.code()).collect();
        let mut ending = row::Entity::update_many()
            .col_expr(row::Column::DoneAt, Expr::value(now))
            .filter(row::Column::TicketId.eq(ticket.id.0))
            .filter(row::Column::DoneAt.is_null());
        if !heard && !still.is_empty() {
            ending = ending.filter(row::Column::Why.is_not_in(still));
        }
        ending.exec(&self.inner).await.map_err(failed("end a call-back"))?;
        Ok(())
    }
}

impl Store {
    /// Whom this operator has to call, the earliest first, each with their ticket.
    pub async fn call_backs(
        &self,
        operator: &Operator,
        after: Option<CallBackKey>,
        limit: u64,
    ) -> Result<Vec<(CallBack, Ticket)>, StorageError> {
        let rows = open_for(operator, after)
            .order_by_asc(row::Column::NextAt)
            .order_by_asc(row::Column::TicketId)
            .limit(limit)
            .all(&self.conn)
            .await
            .map_err(failed("list the call-backs"))?;
        let ids: Vec<TicketId> = rows.iter().map(|m| TicketId(m.ticket_id)).collect();
        let about = of_ids(&self.conn, &ids, "read what people are called about").await?;
        let mut about: HashMap<TicketId, Ticket> =
            about.into_iter().map(|ticket| (ticket.id, ticket)).collect();
        let mut listed = Vec::with_capacity(rows.len());
        for m in rows {
            let owed = CallBack::try_from(m)?;
            listed.extend(about.remove(&owed.ticket).map(|ticket| (owed, ticket)));
        }
        Ok(listed)
    }

    /// The call that is, or was, owed about a ticket.
    pub async fn call_back_of(&self, ticket: TicketId) -> Result<Option<CallBack>, StorageError> {
        of_ticket(&self.conn, ticket).await
    }

    /// How many these are.
    pub async fn count_call_backs(&self, operator: &Operator) -> Result<u64, StorageError> {
        let doing = "count the call-backs";
        count(&self.conn, open_for(operator, None).select_only().into_query(), doing).await
    }

    /// Tickets of which somebody should know and does not, the latest first: the resident has to
    /// be called, or a message to somebody else was given up lately while it is still in hand.
    pub async fn undeliverable(
        &self,
        operator: &Operator,
        now: DateTime<Utc>,
        limit: u64,
    ) -> Result<Vec<Ticket>, StorageError> {
        let found = undelivered(operator, now)
            .order_by_desc(ticket::Column::SubmittedAt)
            .order_by_desc(ticket::Column::Number)
            .limit(limit);
        all(&self.conn, found, "list what could not be delivered").await
    }

    /// How many these are.
    pub async fn count_undeliverable(
        &self,
        operator: &Operator,
        now: DateTime<Utc>,
    ) -> Result<u64, StorageError> {
        let doing = "count what could not be delivered";
        count(&self.conn, undelivered(operator, now).select_only().into_query(), doing).await
    }

    /// The questions that these lists ask, as the database gets them: for a test that looks at how
    /// they are answered.
    #[doc(hidden)]
    pub fn call_back_questions(&self, operator: &Operator, now: DateTime<Utc>) -> Vec<Statement> {
        let backend = self.conn.get_database_backend();
        let earliest = open_for(operator, None).order_by_asc(row::Column::NextAt).limit(1);
        vec![earliest.build(backend), undelivered(operator, now).build(backend)]
    }
}

/// What is given up is looked at once more: if it was for the reporter, and worth a call, somebody
/// has to call.
pub(super) async fn given_up(
    on: &impl ConnectionTrait,
    message: &outbox::Model,
    now: DateTime<Utc>,
) -> Result<(), StorageError> {
    let Some(topic) = message.topic else { return Ok(()) };
    let kind = NoticeKind::ALL.into_iter().find(|kind| kind.code() == message.kind);
    let Some(kind) = kind.filter(|kind| !worth_a_call(*kind).is_empty()) else { return Ok(()) };
    let about = ticket::Entity::find_by_id(topic)
        .one(on)
        .await
        .map_err(failed("look for whom a message was"))?;
    let Some(ticket) = about.map(Ticket::try_from).transpose()? else { return Ok(()) };
    let to = Follower { account: message.account.clone(), openid: message.openid.clone() };
    // What they reported on one account may have been told on another.
    if ticket.reporter != to && !people::same_person(on, &to).await?.contains(&ticket.reporter) {
        return Ok(());
    }
    if worth_a_call(kind).contains(&ticket.status.stage()) {
        ask(on, topic, kind, now).await?;
    }
    Ok(())
}

async fn of_ticket(
    on: &impl ConnectionTrait,
    ticket: TicketId,
) -> Result<Option<CallBack>, StorageError> {
    let found =
        row::Entity::find_by_id(ticket.0).one(on).await.map_err(failed("read a call-back"))?;
    found.map(CallBack::try_from).transpose()
}

async fn ask(
    on: &impl ConnectionTrait,
    ticket: Uuid,
    why: NoticeKind,
    now: DateTime<Utc>,
) -> Result<(), StorageError> {
    let owed = row::ActiveModel {
        ticket_id: Set(ticket),
        why: Set(why.code().to_owned()),
        since: Set(now),
        tries: Set(0),
        result: Set(None),
        next_at: Set(now),
        done_at: Set(None),
    };
    row::Entity::insert(owed)
        .on_conflict(
            OnConflict::column(row::Column::TicketId)
                .update_columns([
                    row::Column::Why,
                    row::Column::Since,
                    row::Column::Tries,
                    row::Column::Result,
                    row::Column::NextAt,
                    row::Column::DoneAt,
                ])
                .to_owned(),
        )
        .exec_without_returning(on)
        .await
        .map_err(failed("ask for a call"))?;
    Ok(())
}

fn open_for(operator: &Operator, after: Option<CallBackKey>) -> Select<row::Entity> {
    let mut open = row::Entity::find().filter(row::Column::DoneAt.is_null());
    if let Some(seen) = seen_by(operator) {
        let about = Expr::col((ticket::Entity, ticket::Column::Id));
        let theirs = ticket::Entity::find()
            .select_only()
            .column(ticket::Column::Id)
            .filter(about.equals((row::Entity, row::Column::TicketId)))
            .filter(seen);
        open = open.filter(Expr::exists(theirs.into_query()));
    }
    if let Some((at, TicketId(id))) = after {
        let same =
            Condition::all().add(row::Column::NextAt.eq(at)).add(row::Column::TicketId.gt(id));
        open = open.filter(Condition::any().add(row::Column::NextAt.gt(at)).add(same));
    }
    open
}

/// What exists for an operator; none where that is everything. Asked only of few tickets, which
/// were found by an index.
fn seen_by(operator: &Operator) -> Option<Condition> {
    let mut seen = Condition::all();
    if let Some(area) = &operator.scope.area {
        seen = seen.add(lies_in(area));
    }
    if !operator.scope.categories.is_empty() {
        seen = seen.add(ticket::Column::Category.is_in(operator.scope.categories.iter().cloned()));
    }
    if !operator.may(Permission::Confidential) {
        seen = seen.add(ticket::Column::Confidential.eq(false));
    }
    (!seen.is_empty()).then_some(seen)
}

/// A union and not an "or", which would be a walk through all tickets on PostgreSQL.
fn undelivered(operator: &Operator, now: DateTime<Utc>) -> Select<ticket::Entity> {
    let found = ticket::Entity::find().filter(ticket::Column::Id.in_subquery(unheard_of(now)));
    match seen_by(operator) {
        Some(seen) => found.filter(seen),
        None => found,
    }
}

pub(super) fn unheard_of(now: DateTime<Utc>) -> SelectStatement {
    let of_ticket = |column: ticket::Column| Expr::col((ticket::Entity, column));
    let is_reporter = Condition::all()
        .add(of_ticket(ticket::Column::Account).equals((outbox::Entity, outbox::Column::Account)))
        .add(of_ticket(ticket::Column::Openid).equals((outbox::Entity, outbox::Column::Openid)));
    // Ids only of what is still in hand: what is over need not be heard any more.
    let astray = Query::select()
        .column((ticket::Entity, ticket::Column::Id))
        .from(outbox::Entity)
        .inner_join(
            ticket::Entity,
            of_ticket(ticket::Column::Id).equals((outbox::Entity, outbox::Column::Topic)),
        )
        .and_where(
            Expr::col((outbox::Entity, outbox::Column::Outcome))
                .is_in([Outcome::Dead.code(), Outcome::Unreachable.code()]),
        )
        .and_where(Expr::col((outbox::Entity, outbox::Column::DoneAt)).gte(now - ASTRAY_FOR))
        .and_where(of_ticket(ticket::Column::EndedAt).is_null())
        .cond_where(is_reporter.not())
        .to_owned();
    Query::select()
        .column(row::Column::TicketId)
        .from(row::Entity)
        .and_where(Expr::col(row::Column::DoneAt).is_null())
        .union(UnionType::Distinct, astray)
        .to_owned()
}

async fn count(
    on: &impl ConnectionTrait,
    mut of: SelectStatement,
    doing: &'static str,
) -> Result<u64, StorageError> {
    of.clear_selects().expr_as(Expr::cust("COUNT(*)"), "many");
    let counted = on.query_one(&of).await.map_err(failed(doing))?;
    let many =
        counted.map(|row| row.try_get::<i64>("", "many")).transpose().map_err(failed(doing))?;
    Ok(many.and_then(|many| u64::try_from(many).ok()).unwrap_or_default())
}

impl TryFrom<row::Model> for CallBack {
    type Error = StorageError;

    fn try_from(m: row::Model) -> Result<Self, Self::Error> {
        let name = Row::of("call_back", &m.ticket_id);
        Ok(Self {
            ticket: TicketId(m.ticket_id),
            why: name.code("why", m.why)?,
            since: m.since,
            tries: name.count("tries", m.tries)?,
            result: m.result.map(|result| name.code("result", result)).transpose()?,
            next_at: m.next_at,
            done_at: m.done_at,
        })
    }
}
