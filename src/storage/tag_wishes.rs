//! Which tag a follower is to have at the platform, by what they are in the county.
//!
//! A wish is written in the transaction that binds, unbinds or renames somebody's part, so none
//! is forgotten; whoever works it off asks what is due. What somebody *perhaps* has at the
//! platform is written down before the platform is asked, so that after a crash a tag is taken off
//! that nobody knows to be there.
//!
//! Deliberately absent: the platform's own numbers of tags.

use super::{CHUNK, StorageError, Store, Tx, codec::Row, county_rows as rows, error::failed};
use crate::{county::Role, ticket::Follower};
use chrono::{DateTime, Utc};
use entities::{member, resident, tag_wish as row};
use sea_orm::{
    ActiveValue::Set,
    ColumnTrait, Condition, EntityTrait, ExprTrait, PaginatorTrait, QueryFilter, QueryOrder,
    QuerySelect,
    sea_query::{Expr, OnConflict},
};
use std::collections::HashMap;
use uuid::Uuid;

/// A wish that is due.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TagWish {
    /// Whose.
    pub follower: Follower,
    /// The part they play, see [`Role::part`]; none where they are a resident like others.
    pub wanted: Option<String>,
    /// The part whose tag they may have.
    pub perhaps: Option<String>,
    /// How often it was tried.
    pub attempt: u32,
}

/// How an account's wishes stand.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct TagCounts {
    /// Still to be worked off.
    pub waiting: u64,
    /// Refused for good.
    pub refused: u64,
}

impl Tx {
    /// What these followers are now is to be known at the platform. To be called after the change.
    pub(super) async fn wish_tags(&self, whose: Condition) -> Result<(), StorageError> {
        let doing = "see whose tag changes";
        let people: Vec<(String, String, Option<Uuid>)> = resident::Entity::find()
            .select_only()
            .columns([
                resident::Column::Account,
                resident::Column::Openid,
                resident::Column::MemberId,
            ])
            .filter(whose)
            .into_tuple()
            .all(&self.inner)
            .await
            .map_err(failed(doing))?;
        for people in people.chunks(CHUNK) {
            let parts = self.parts_of(people.iter().filter_map(|(_, _, id)| *id)).await?;
            let known = row::Entity::find()
                .filter(row::Column::Openid.is_in(people.iter().map(|(_, openid, _)| openid)))
                .all(&self.inner)
                .await
                .map_err(failed(doing))?;
            let known: HashMap<(String, String), Option<String>> =
                known.into_iter().map(|m| ((m.account, m.openid), m.wanted)).collect();
            let mut fresh = Vec::new();
            for (account, openid, member) in people {
                let wanted = member.and_then(|id| parts.get(&id)).map(|part| (*part).to_owned());
                let key = (account.clone(), openid.clone());
                if known.get(&key).unwrap_or(&None) == &wanted {
                    continue;
                }
                fresh.push(row::ActiveModel {
                    account: Set(key.0),
                    openid: Set(key.1),
                    wanted: Set(wanted),
                    perhaps: Set(None),
                    due_at: Set(Some(DateTime::UNIX_EPOCH)),
                    attempt: Set(0),
                    problem: Set(None),
                });
            }
            self.put_wishes(fresh).await?;
        }
        Ok(())
    }

    async fn put_wishes(&self, fresh: Vec<row::ActiveModel>) -> Result<(), StorageError> {
        if fresh.is_empty() {
            return Ok(());
        }
        // What they perhaps have stays as it is.
        let changed =
            [row::Column::Wanted, row::Column::DueAt, row::Column::Attempt, row::Column::Problem];
        row::Entity::insert_many(fresh)
            .on_conflict(
                OnConflict::columns([row::Column::Account, row::Column::Openid])
                    .update_columns(changed)
                    .to_owned(),
            )
            .exec_without_returning(&self.inner)
            .await
            .map_err(failed("wish for tags"))?;
        Ok(())
    }

    /// The part of each of these members who still serves.
    async fn parts_of(
        &self,
        members: impl Iterator<Item = Uuid>,
    ) -> Result<HashMap<Uuid, &'static str>, StorageError> {
        let found = member::Entity::find()
            .filter(member::Column::Id.is_in(members))
            .filter(member::Column::Active.eq(true))
            .all(&self.inner)
            .await
            .map_err(failed("see who plays which part"))?;
        found.iter().map(|m| Ok((m.id, rows::role(m).map(Role::part)?))).collect()
    }

    /// Somebody follows again: the platform forgot their tags when they left.
    pub async fn tags_are_gone(&self, follower: &Follower) -> Result<(), StorageError> {
        row::Entity::update_many()
            .col_expr(row::Column::Perhaps, Expr::value(None::<String>))
            .col_expr(row::Column::DueAt, Expr::value(Some(DateTime::<Utc>::UNIX_EPOCH)))
            .col_expr(row::Column::Attempt, Expr::value(0))
            .filter(these(&follower.account, std::slice::from_ref(&follower.openid)))
            .filter(row::Column::Wanted.is_not_null())
            .exec(&self.inner)
            .await
            .map_err(failed("wish for a follower's tag anew"))?;
        Ok(())
    }
}

impl Store {
    /// The wishes that are due, the oldest first.
    pub async fn due_tag_wishes(
        &self,
        now: DateTime<Utc>,
        limit: u64,
    ) -> Result<Vec<TagWish>, StorageError> {
        let found = row::Entity::find()
            .filter(row::Column::DueAt.lte(now))
            .order_by_asc(row::Column::DueAt)
            .limit(limit)
            .all(&self.conn)
            .await
            .map_err(failed("find due wishes for tags"))?;
        let wish = |m: row::Model| {
            let attempt = Row::of("tag_wish", &m.account).count("attempt", m.attempt)?;
            let follower = Follower { account: m.account, openid: m.openid };
            Ok(TagWish { follower, wanted: m.wanted, perhaps: m.perhaps, attempt })
        };
        found.into_iter().map(wish).collect()
    }

    /// These followers perhaps have the tag of this part from now on, or none for certain.
    pub async fn tags_are_perhaps(
        &self,
        account: &str,
        openids: &[String],
        part: Option<&str>,
    ) -> Result<(), StorageError> {
        let _turn = self.turn().await;
        row::Entity::update_many()
            .col_expr(row::Column::Perhaps, Expr::value(part.map(str::to_owned)))
            .filter(these(account, openids))
            .exec(&self.conn)
            .await
            .map_err(failed("note which tags there may be"))?;
        Ok(())
    }

    /// The wish is fulfilled, or given up where there is a problem; not where something else is
    /// wanted by now.
    pub async fn tags_are_settled(
        &self,
        account: &str,
        openids: &[String],
        wanted: Option<&str>,
        problem: Option<&str>,
    ) -> Result<(), StorageError> {
        let _turn = self.turn().await;
        let still = match wanted {
            Some(part) => row::Column::Wanted.eq(part),
            None => row::Column::Wanted.is_null(),
        };
        row::Entity::update_many()
            .col_expr(row::Column::DueAt, Expr::value(None::<DateTime<Utc>>))
            .col_expr(row::Column::Attempt, Expr::value(0))
            .col_expr(row::Column::Problem, Expr::value(problem.map(str::to_owned)))
            .filter(these(account, openids))
            .filter(still)
            .exec(&self.conn)
            .await
            .map_err(failed("settle wishes for tags"))?;
        Ok(())
    }

    /// Settles the wishes of those who want no tag and have none; how many that are.
    pub async fn settle_untagged(
        &self,
        account: &str,
        openids: &[String],
    ) -> Result<usize, StorageError> {
        if openids.is_empty() {
            return Ok(0);
        }
        let _turn = self.turn().await;
        let settled = row::Entity::delete_many()
            .filter(these(account, openids))
            .filter(row::Column::Wanted.is_null())
            .filter(row::Column::Perhaps.is_null())
            .exec(&self.conn)
            .await
            .map_err(failed("settle wishes for no tag"))?;
        Ok(usize::try_from(settled.rows_affected).unwrap_or(usize::MAX))
    }

    /// The wishes are looked at again then; `counts` where it was a try.
    pub async fn tags_wait(
        &self,
        account: &str,
        openids: &[String],
        until: DateTime<Utc>,
        counts: bool,
    ) -> Result<(), StorageError> {
        let _turn = self.turn().await;
        let tried = Expr::col(row::Column::Attempt).add(i32::from(counts));
        row::Entity::update_many()
            .col_expr(row::Column::DueAt, Expr::value(Some(until)))
            .col_expr(row::Column::Attempt, tried)
            .filter(these(account, openids))
            .filter(row::Column::DueAt.is_not_null())
            .exec(&self.conn)
            .await
            .map_err(failed("put off wishes for tags"))?;
        Ok(())
    }

    /// The account's tags are there now: whatever waited for them, or was refused, is due.
    pub async fn wake_tag_wishes(
        &self,
        account: &str,
        now: DateTime<Utc>,
    ) -> Result<(), StorageError> {
        let _turn = self.turn().await;
        let open = Condition::any()
            .add(row::Column::DueAt.is_not_null())
            .add(row::Column::Problem.is_not_null());
        row::Entity::update_many()
            .col_expr(row::Column::DueAt, Expr::value(Some(now)))
            .col_expr(row::Column::Attempt, Expr::value(0))
            .filter(row::Column::Account.eq(account))
            .filter(open)
            .exec(&self.conn)
            .await
            .map_err(failed("wake wishes for tags"))?;
        Ok(())
    }

    /// How an account's wishes stand.
    pub async fn tag_counts(&self, account: &str) -> Result<TagCounts, StorageError> {
        let count = |which: Condition| {
            row::Entity::find()
                .filter(row::Column::Account.eq(account))
                .filter(which)
                .count(&self.conn)
        };
        let doing = "count wishes for tags";
        let waiting = Condition::all().add(row::Column::DueAt.is_not_null());
        let refused = Condition::all()
            .add(row::Column::DueAt.is_null())
            .add(row::Column::Problem.is_not_null());
        Ok(TagCounts {
            waiting: count(waiting).await.map_err(failed(doing))?,
            refused: count(refused).await.map_err(failed(doing))?,
        })
    }
}

fn these(account: &str, openids: &[String]) -> Condition {
    Condition::all()
        .add(row::Column::Account.eq(account))
        .add(row::Column::Openid.is_in(openids.iter().map(String::as_str)))
}
