//! 人工: residents who asked for somebody of the desk, who of the desk has them, and what was said.
//!
//! One open talk a person. Words are kept only while somebody talks with them, with the request
//! itself, and for 90 days. Whatever is written stands behind the lock of the conversation's row.
//!
//! Deliberately absent: whether the bot is silent, which the conversation's state says; what is kept
//! here of it is a projection.

use super::{StorageError, Store, Tx, error::failed};
use crate::dialogue::human::Human;
use crate::dialogue::state::State;
use crate::ticket::{Follower, MemberId, Person};
use chrono::{DateTime, TimeDelta, Utc};
use entities::{chat_line as line, hand_over as row, resident};
use sea_orm::{
    ColumnTrait, Condition, EntityTrait, ExprTrait, IntoActiveModel, QueryFilter, QueryOrder,
    QuerySelect, sea_query::Expr,
};
use uuid::Uuid;

/// Words are forgotten after so long.
pub const TALKS_FOR: TimeDelta = TimeDelta::days(90);

/// A resident who asked for somebody, or with whom somebody talks.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Talk {
    /// Its identity.
    pub id: Uuid,
    /// The resident.
    pub with: Follower,
    /// The code of the area they are of, where that is known.
    pub area: Option<String>,
    /// When they asked.
    pub asked_at: DateTime<Utc>,
    /// Who of the desk has it.
    pub claimed_by: Option<Person>,
    /// When the desk first answered.
    pub answered_at: Option<DateTime<Utc>>,
    /// The latest word of either side.
    pub last_at: DateTime<Utc>,
    /// The bot is silent.
    pub is_silent: bool,
    /// When it was over.
    pub ended_at: Option<DateTime<Utc>>,
}

/// Why a talk was over.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Ended {
    /// The resident went back to the bot, or left the account.
    ByPerson,
    /// The desk was done.
    ByDesk,
    /// Nobody said anything for two hours.
    ByTime,
}

impl Ended {
    fn code(self) -> &'static str {
        match self {
            Self::ByPerson => "person",
            Self::ByDesk => "desk",
            Self::ByTime => "time",
        }
    }
}

impl Tx {
    /// The open talk with a person.
    pub async fn talk_with(&self, who: &Follower) -> Result<Option<Talk>, StorageError> {
        row::Entity::find()
            .filter(of(who))
            .filter(row::Column::EndedAt.is_null())
            .one(&self.inner)
            .await
            .map_err(failed("read an open talk"))
            .map(|found| found.map(Talk::from))
    }

    /// A talk.
    pub async fn talk(&self, id: Uuid) -> Result<Option<Talk>, StorageError> {
        let found = row::Entity::find_by_id(id).one(&self.inner).await;
        found.map_err(failed("read a talk")).map(|found| found.map(Talk::from))
    }

    /// Begins a talk; the person's conversation is locked and has none that is open.
    pub async fn begin_talk(
        &self,
        id: Uuid,
        with: &Follower,
        area: Option<String>,
        now: DateTime<Utc>,
    ) -> Result<Talk, StorageError> {
        let fresh = row::Model {
            id,
            account: with.account.clone(),
            openid: with.openid.clone(),
            area,
            asked_at: now,
            claimed_by: None,
            claimed_name: None,
            claimed_at: None,
            answered_at: None,
            last_at: now,
            is_silent: false,
            due_at: None,
            ended_at: None,
            ended_by: None,
        };
        row::Entity::insert(fresh.clone().into_active_model())
            .exec_without_returning(&self.inner)
            .await
            .map_err(failed("begin a talk"))?;
        Ok(Talk::from(fresh))
    }

    /// What the conversation's state says of the talk, where due work and the desk find it.
    pub async fn follow_talk(
        &self,
        id: Uuid,
        human: Option<&Human>,
        last_at: DateTime<Utc>,
    ) -> Result<(), StorageError> {
        row::Entity::update_many()
            .col_expr(row::Column::IsSilent, Expr::value(human.is_some()))
            .col_expr(row::Column::DueAt, Expr::value(human.map(|human| human.next().0)))
            .col_expr(row::Column::LastAt, Expr::value(last_at))
            .filter(row::Column::Id.eq(id))
            .exec(&self.inner)
            .await
            .map_err(failed("follow a talk"))?;
        Ok(())
    }

    /// Somebody of the desk takes a talk from `seen`, who has it as far as they know; false where
    /// somebody else was faster.
    pub async fn claim_talk(
        &self,
        id: Uuid,
        by: &Person,
        seen: Option<MemberId>,
        now: DateTime<Utc>,
    ) -> Result<bool, StorageError> {
        let free = Condition::any()
            .add(row::Column::ClaimedBy.is_null())
            .add(row::Column::ClaimedBy.eq(by.id.0))
            .add_option(seen.map(|seen| row::Column::ClaimedBy.eq(seen.0)));
        let changed = row::Entity::update_many()
            .col_expr(row::Column::ClaimedBy, Expr::value(by.id.0))
            .col_expr(row::Column::ClaimedName, Expr::value(by.name.clone()))
            .col_expr(row::Column::ClaimedAt, Expr::value(now))
            .filter(row::Column::Id.eq(id))
            .filter(row::Column::EndedAt.is_null())
            .filter(free)
            .exec(&self.inner)
            .await
            .map_err(failed("take a talk"))?;
        Ok(changed.rows_affected == 1)
    }

    /// The desk said something.
    pub async fn talk_answered(&self, id: Uuid, now: DateTime<Utc>) -> Result<(), StorageError> {
        row::Entity::update_many()
            .col_expr(row::Column::AnsweredAt, Expr::col(row::Column::AnsweredAt).if_null(now))
            .filter(row::Column::Id.eq(id))
            .exec(&self.inner)
            .await
            .map_err(failed("note that the desk answered"))?;
        Ok(())
    }

    /// A talk is over.
    pub async fn end_talk(
        &self,
        id: Uuid,
        ended: Ended,
        now: DateTime<Utc>,
    ) -> Result<(), StorageError> {
        row::Entity::update_many()
            .col_expr(row::Column::EndedAt, Expr::value(now))
            .col_expr(row::Column::EndedBy, Expr::value(ended.code()))
            .col_expr(row::Column::IsSilent, Expr::value(false))
            .col_expr(row::Column::DueAt, Expr::value(None::<DateTime<Utc>>))
            .filter(row::Column::Id.eq(id))
            .filter(row::Column::EndedAt.is_null())
            .exec(&self.inner)
            .await
            .map_err(failed("end a talk"))?;
        Ok(())
    }

    /// Forgets everything that was said with a person, and that they talked with the desk.
    pub async fn erase_talks(&self, who: &Follower) -> Result<(), StorageError> {
        line::Entity::delete_many()
            .filter(line::Column::Account.eq(&who.account))
            .filter(line::Column::Openid.eq(&who.openid))
            .exec(&self.inner)
            .await
            .map_err(failed("erase what a person said"))?;
        row::Entity::delete_many()
            .filter(of(who))
            .exec(&self.inner)
            .await
            .map_err(failed("erase the talks with a person"))?;
        Ok(())
    }
}

impl Store {
    /// The talks that are open, who waits longest first.
    pub async fn open_talks(&self, limit: u64) -> Result<Vec<Talk>, StorageError> {
        let found = row::Entity::find()
            .filter(row::Column::EndedAt.is_null())
            .order_by_asc(row::Column::AskedAt)
            .limit(limit)
            .all(&self.conn)
            .await
            .map_err(failed("list the talks"))?;
        Ok(found.into_iter().map(Talk::from).collect())
    }

    /// A talk.
    pub async fn talk(&self, id: Uuid) -> Result<Option<Talk>, StorageError> {
        let found = row::Entity::find_by_id(id).one(&self.conn).await;
        found.map_err(failed("read a talk")).map(|found| found.map(Talk::from))
    }

    /// Where a person stands in the conversation, for somebody who talks with them.
    pub async fn state_of(&self, who: &Follower) -> Result<Option<State>, StorageError> {
        let key = (who.account.clone(), who.openid.clone());
        let found = resident::Entity::find_by_id(key).one(&self.conn).await;
        let found = found.map_err(failed("read where a person stands"))?;
        Ok(found.map(|m| State::read(m.state).0))
    }

    /// People with whom time alone has to do something, the earliest first.
    pub async fn due_talks(
        &self,
        now: DateTime<Utc>,
        limit: u64,
    ) -> Result<Vec<Follower>, StorageError> {
        let found: Vec<(String, String)> = row::Entity::find()
            .select_only()
            .columns([row::Column::Account, row::Column::Openid])
            .filter(row::Column::DueAt.lte(now))
            .order_by_asc(row::Column::DueAt)
            .limit(limit)
            .into_tuple()
            .all(&self.conn)
            .await
            .map_err(failed("find due talks"))?;
        Ok(found.into_iter().map(|(account, openid)| Follower { account, openid }).collect())
    }

    /// When time has to do something with a talk next.
    pub async fn next_talk_due(&self) -> Result<Option<DateTime<Utc>>, StorageError> {
        row::Entity::find()
            .select_only()
            .column(row::Column::DueAt)
            .filter(row::Column::DueAt.is_not_null())
            .order_by_asc(row::Column::DueAt)
            .limit(1)
            .into_tuple()
            .one(&self.conn)
            .await
            .map_err(failed("find the next due talk"))
    }

    /// Forgets words that are old enough, and talks that were over long ago.
    pub async fn clear_old_talks(&self, now: DateTime<Utc>) -> Result<(), StorageError> {
        let _turn = self.turn().await;
        line::Entity::delete_many()
            .filter(line::Column::At.lt(now - TALKS_FOR))
            .exec(&self.conn)
            .await
            .map_err(failed("forget old words"))?;
        row::Entity::delete_many()
            .filter(row::Column::EndedAt.lt(now - TALKS_FOR))
            .exec(&self.conn)
            .await
            .map_err(failed("forget old talks"))?;
        Ok(())
    }
}

fn of(who: &Follower) -> Condition {
    Condition::all()
        .add(row::Column::Account.eq(&who.account))
        .add(row::Column::Openid.eq(&who.openid))
}

impl From<row::Model> for Talk {
    fn from(m: row::Model) -> Self {
        let name = m.claimed_name.unwrap_or_default();
        Self {
            id: m.id,
            with: Follower { account: m.account, openid: m.openid },
            area: m.area,
            asked_at: m.asked_at,
            claimed_by: m.claimed_by.map(|id| Person { id: MemberId(id), name }),
            answered_at: m.answered_at,
            last_at: m.last_at,
            is_silent: m.is_silent,
            ended_at: m.ended_at,
        }
    }
}
