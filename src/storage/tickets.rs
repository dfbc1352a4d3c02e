//! Finding tickets: one's own, one's tasks, the desk's, by identity and by number; and what
//! happened to them.

use super::{StorageError, Store, Tx, codec::Row, error::failed, save::BESIDE};
use crate::ticket::{
    Follower, MemberId, Stage, Ticket, TicketId, TicketNumber,
    event::{Event, What},
};
use chrono::{DateTime, Utc};
use entities::{ticket as row, ticket_called, ticket_event};
use sea_orm::{
    ColumnTrait, Condition, ConnectionTrait, EntityTrait, ExprTrait, QueryFilter, QueryOrder,
    QuerySelect, QueryTrait, Select,
    sea_query::{Expr, LikeExpr},
};

/// A list that somebody reads in a chat is never longer.
const LIST: u64 = 20;

/// Calls that others took: told about when asked for, not listed.
const MISSED_CALLS: u64 = 5;

impl Tx {
    /// A follower's live tickets and those that ended since `since`, newest first.
    pub async fn tickets_of(
        &self,
        follower: &Follower,
        since: DateTime<Utc>,
    ) -> Result<Vec<Ticket>, StorageError> {
        let live_or_recent = Condition::any()
            .add(row::Column::EndedAt.is_null())
            .add(row::Column::EndedAt.gte(since));
        let found = row::Entity::find()
            .filter(row::Column::Account.eq(&follower.account))
            .filter(row::Column::Openid.eq(&follower.openid))
            .filter(live_or_recent)
            .order_by_desc(row::Column::SubmittedAt)
            .order_by_desc(row::Column::Number)
            .limit(LIST);
        all(&self.inner, found, "read a resident's tickets").await
    }

    /// What a member is called to and nobody took, and what they handle, oldest first; behind
    /// it the latest calls that somebody else took, so that whoever comes second hears who it was.
    pub async fn tasks_of(&self, member: MemberId) -> Result<Vec<Ticket>, StorageError> {
        let calls = || {
            ticket_called::Entity::find()
                .select_only()
                .column(ticket_called::Column::TicketId)
                .filter(ticket_called::Column::MemberId.eq(member.0))
        };
        let is_called = || row::Column::Id.in_subquery(calls().into_query());
        let beside = calls().filter(ticket_called::Column::Part.eq(BESIDE)).into_query();
        let waits = Condition::any()
            .add(row::Column::Stage.eq(Stage::Dispatched.code()))
            .add(row::Column::Id.in_subquery(beside));
        let called = Condition::all().add(is_called()).add(waits);
        let handled = Condition::all()
            .add(row::Column::HandlerId.eq(member.0))
            .add(row::Column::EndedAt.is_null());
        let found = row::Entity::find()
            .filter(Condition::any().add(called).add(handled))
            .order_by_asc(row::Column::SubmittedAt)
            .order_by_asc(row::Column::Number)
            .limit(LIST);
        let missed = row::Entity::find()
            .filter(is_called())
            .filter(row::Column::HandlerId.ne(member.0))
            .filter(row::Column::EndedAt.is_null())
            .order_by_desc(row::Column::SubmittedAt)
            .order_by_desc(row::Column::Number)
            .limit(MISSED_CALLS);
        let mut tasks = all(&self.inner, found, "read a member's tasks").await?;
        // A helper's ticket is somebody else's too.
        for ticket in all(&self.inner, missed, "read the calls that others took").await? {
            if !tasks.iter().any(|known| known.id == ticket.id) {
                tasks.push(ticket);
            }
        }
        Ok(tasks)
    }

    /// What waits for a word of the desk in `area`, or in the whole county; oldest first.
    pub async fn desk_queue(&self, area: Option<&str>) -> Result<Vec<Ticket>, StorageError> {
        const WAITING: [Stage; 4] =
            [Stage::Submitted, Stage::Accepted, Stage::Returned, Stage::ResultSubmitted];
        let waits = Condition::any()
            .add(row::Column::Stage.is_in(WAITING.map(Stage::code)))
            .add(row::Column::WishAt.is_not_null());
        let found = row::Entity::find()
            .filter(waits)
            .apply_if(area, |found, area| found.filter(lies_in(area)))
            .order_by_asc(row::Column::SubmittedAt)
            .order_by_asc(row::Column::Number)
            .limit(LIST);
        all(&self.inner, found, "read the desk's tickets").await
    }

    /// Tickets of a category in these areas that are live, or ended since `since`; newest first.
    pub async fn tickets_near(
        &self,
        category: &str,
        areas: &[String],
        since: DateTime<Utc>,
    ) -> Result<Vec<Ticket>, StorageError> {
        near(&self.inner, category, areas, since).await
    }

    /// The ticket of this identity.
    pub async fn ticket(&self, id: TicketId) -> Result<Option<Ticket>, StorageError> {
        Ok(self.tickets(&[id]).await?.pop())
    }

    /// Those of these tickets that exist, in any order.
    pub async fn tickets(&self, ids: &[TicketId]) -> Result<Vec<Ticket>, StorageError> {
        of_ids(&self.inner, ids, "read tickets").await
    }

    /// The ticket of this number.
    pub async fn ticket_by_number(
        &self,
        number: &TicketNumber,
    ) -> Result<Option<Ticket>, StorageError> {
        let found = row::Entity::find().filter(row::Column::Number.eq(number.as_str()));
        Ok(all(&self.inner, found, "read a ticket by number").await?.pop())
    }

    /// The ticket of this number, ours until the commit: whoever wants to change it meanwhile
    /// waits, instead of losing a race.
    pub async fn hold_ticket(&self, number: &TicketNumber) -> Result<Option<Ticket>, StorageError> {
        row::Entity::update_many()
            .col_expr(row::Column::Version, Expr::col(row::Column::Version))
            .filter(row::Column::Number.eq(number.as_str()))
            .exec(&self.inner)
            .await
            .map_err(failed("hold a ticket"))?;
        self.ticket_by_number(number).await
    }

    /// The tickets that are handled with this one, oldest first.
    pub async fn copies_of(&self, master: &TicketNumber) -> Result<Vec<Ticket>, StorageError> {
        let found = row::Entity::find()
            .filter(row::Column::MergedInto.eq(master.as_str()))
            .order_by_asc(row::Column::SubmittedAt)
            .order_by_asc(row::Column::Number);
        all(&self.inner, found, "read the copies of a ticket").await
    }

    /// The latest submitted tickets, the latest first.
    pub async fn latest_tickets(&self, limit: u64) -> Result<Vec<Ticket>, StorageError> {
        let found = row::Entity::find()
            .order_by_desc(row::Column::SubmittedAt)
            .order_by_desc(row::Column::Number)
            .limit(limit);
        all(&self.inner, found, "read the latest tickets").await
    }
}

impl Store {
    /// The same as [`Tx::tickets_near`], for who only looks.
    pub async fn tickets_near(
        &self,
        category: &str,
        areas: &[String],
        since: DateTime<Utc>,
    ) -> Result<Vec<Ticket>, StorageError> {
        near(&self.conn, category, areas, since).await
    }

    /// The ticket of this number, to look at: whoever wants to change it reads it in a [`Tx`].
    pub async fn ticket_numbered(
        &self,
        number: &TicketNumber,
    ) -> Result<Option<Ticket>, StorageError> {
        let found = row::Entity::find().filter(row::Column::Number.eq(number.as_str()));
        Ok(all(&self.conn, found, "read a ticket by number").await?.pop())
    }

    /// What happened to a ticket, oldest first.
    pub async fn history(&self, id: TicketId) -> Result<Vec<Event>, StorageError> {
        let rows = ticket_event::Entity::find()
            .filter(ticket_event::Column::TicketId.eq(id.0))
            .order_by_asc(ticket_event::Column::Seq)
            .all(&self.conn)
            .await
            .map_err(failed("read a ticket's history"))?;
        rows.into_iter().map(Event::try_from).collect()
    }
}

impl TryFrom<ticket_event::Model> for Event {
    type Error = StorageError;

    fn try_from(m: ticket_event::Model) -> Result<Self, Self::Error> {
        let name = Row::of("ticket_event", &format!("{} {}", m.ticket_id, m.seq));
        let what: What = name.json("data", m.data)?;
        if m.kind != what.code() {
            return Err(name.odd(format!("kind `{}` with data of `{}`", m.kind, what.code())));
        }
        Ok(Self { at: m.at, by: name.json("actor", m.actor)?, what })
    }
}

async fn near(
    on: &impl ConnectionTrait,
    category: &str,
    areas: &[String],
    since: DateTime<Utc>,
) -> Result<Vec<Ticket>, StorageError> {
    let live_or_recent =
        Condition::any().add(row::Column::EndedAt.is_null()).add(row::Column::EndedAt.gte(since));
    let found = row::Entity::find()
        .filter(row::Column::Category.eq(category))
        .filter(row::Column::Area.is_in(areas.iter().cloned()))
        .filter(live_or_recent)
        // Copies are behind the ticket that they are handled with.
        .filter(row::Column::MergedInto.is_null())
        .order_by_desc(row::Column::SubmittedAt)
        .order_by_desc(row::Column::Number)
        .limit(LIST);
    all(on, found, "read the tickets near a place").await
}

/// Runs a query for tickets.
pub(super) async fn all(
    on: &impl ConnectionTrait,
    query: Select<row::Entity>,
    doing: &'static str,
) -> Result<Vec<Ticket>, StorageError> {
    let rows = query.all(on).await.map_err(failed(doing))?;
    rows.into_iter().map(Ticket::try_from).collect()
}

/// Those of these tickets that exist, in any order. Of none nothing is asked: SQLite would look
/// through the table for what nothing can match.
pub(super) async fn of_ids(
    on: &impl ConnectionTrait,
    ids: &[TicketId],
    doing: &'static str,
) -> Result<Vec<Ticket>, StorageError> {
    if ids.is_empty() {
        return Ok(Vec::new());
    }
    let found = row::Entity::find().filter(row::Column::Id.is_in(ids.iter().map(|id| id.0)));
    all(on, found, doing).await
}

/// The ticket lay in this area when it was submitted. The path is a JSON list of codes, and a
/// quoted code is found in it as text, on both databases; codes inside other codes are not.
pub(super) fn lies_in(area: &str) -> Expr {
    let quoted = serde_json::Value::from(area).to_string();
    let mut pattern = String::from("%");
    for c in quoted.chars() {
        if matches!(c, '%' | '_' | '\\') {
            pattern.push('\\');
        }
        pattern.push(c);
    }
    pattern.push('%');
    Expr::col(row::Column::AreaPath).cast_as("text").like(LikeExpr::new(pattern).escape('\\'))
}
