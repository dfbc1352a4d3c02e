//! One person on several accounts, by the platform's own word and by nothing else.
//!
//! An openid belongs to one account; the platform tells the same `unionid` on every account of one
//! owner. Nobody is joined by name, by telephone number or by what they write.
//!
//! Deliberately absent: when the platform is asked, and how.

use super::{StorageError, Store, Tx, conversations::is, error::failed};
use crate::ticket::{Follower, MemberId};
use chrono::{DateTime, Utc};
use entities::resident as row;
use sea_orm::{
    ColumnTrait, Condition, ConnectionTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect,
    sea_query::Expr,
};
use std::collections::HashSet;

impl Store {
    /// Where somebody reads soonest, as [`Tx::nearest`] finds it.
    pub async fn nearest(&self, follower: &Follower) -> Result<Follower, StorageError> {
        nearest(&self.conn, follower).await
    }

    /// Followers of these accounts of whom the platform has to be asked, the latest first.
    pub async fn unasked(
        &self,
        accounts: &[String],
        limit: u64,
    ) -> Result<Vec<Follower>, StorageError> {
        let found: Vec<(String, String)> = row::Entity::find()
            .select_only()
            .columns([row::Column::Account, row::Column::Openid])
            .filter(row::Column::AskAt.is_not_null())
            .filter(row::Column::Account.is_in(accounts.iter().cloned()))
            .order_by_desc(row::Column::AskAt)
            .limit(limit)
            .into_tuple()
            .all(&self.conn)
            .await
            .map_err(failed("find of whom the platform has to be asked"))?;
        Ok(found.into_iter().map(|(account, openid)| Follower { account, openid }).collect())
    }
}

impl Tx {
    /// The platform has to be asked anew who this is.
    pub async fn ask_who(
        &self,
        follower: &Follower,
        now: DateTime<Utc>,
    ) -> Result<(), StorageError> {
        row::Entity::update_many()
            .col_expr(row::Column::AskAt, Expr::value(now))
            .filter(is(follower))
            .exec(&self.inner)
            .await
            .map_err(failed("ask who somebody is"))?;
        Ok(())
    }

    /// The platform was asked who this is: it told a `unionid`, or that there is none.
    ///
    /// A member who is bound on one account is recognised on the others from now on, where
    /// neither this phone nor that account says otherwise.
    pub async fn know(
        &self,
        follower: &Follower,
        unionid: Option<&str>,
    ) -> Result<(), StorageError> {
        row::Entity::update_many()
            .col_expr(row::Column::Unionid, Expr::value(unionid))
            .col_expr(row::Column::AskAt, Expr::value(None::<DateTime<Utc>>))
            .filter(is(follower))
            .exec(&self.inner)
            .await
            .map_err(failed("remember who somebody is"))?;
        let Some(unionid) = unionid else { return Ok(()) };
        let bound: Vec<row::Model> = row::Entity::find()
            .filter(row::Column::Unionid.eq(unionid))
            .filter(row::Column::MemberId.is_not_null())
            .order_by_asc(row::Column::Account)
            .all(&self.inner)
            .await
            .map_err(failed("find the member behind a person"))?;
        let members: HashSet<_> = bound.iter().filter_map(|m| m.member_id).collect();
        // Two members by one phone is something for people to sort out.
        let (Some(first), 1) = (bound.first(), members.len()) else { return Ok(()) };
        let known = Follower { account: first.account.clone(), openid: first.openid.clone() };
        match first.member_id {
            Some(member) => self.bind_others(&known, MemberId(member)).await,
            None => Ok(()),
        }
    }

    /// The same person on other accounts.
    pub async fn same_person(&self, follower: &Follower) -> Result<Vec<Follower>, StorageError> {
        same_person(&self.inner, follower).await
    }

    /// Where somebody reads soonest: of the accounts on which they are known and which they
    /// follow, the one where they wrote last; otherwise as it is.
    pub async fn nearest(&self, follower: &Follower) -> Result<Follower, StorageError> {
        nearest(&self.inner, follower).await
    }

    /// Makes a member's the other phones of one person: those that are nobody's yet, on accounts
    /// where the member has none.
    pub(super) async fn bind_others(
        &self,
        follower: &Follower,
        member: MemberId,
    ) -> Result<(), StorageError> {
        let also = self.same_person(follower).await?;
        if also.is_empty() {
            return Ok(());
        }
        let theirs: Vec<String> = row::Entity::find()
            .select_only()
            .column(row::Column::Account)
            .filter(row::Column::MemberId.eq(member.0))
            .into_tuple()
            .all(&self.inner)
            .await
            .map_err(failed("find where a member is bound"))?;
        for one in also.iter().filter(|one| !theirs.contains(&one.account)) {
            let free = is(one).add(row::Column::MemberId.is_null());
            self.set_member(Some(member), free).await?;
        }
        Ok(())
    }
}

/// The same person on other accounts.
pub(super) async fn same_person(
    on: &impl ConnectionTrait,
    follower: &Follower,
) -> Result<Vec<Follower>, StorageError> {
    let known = row::Entity::find_by_id((follower.account.clone(), follower.openid.clone()))
        .one(on)
        .await
        .map_err(failed("find a person"))?;
    match known.and_then(|m| m.unionid) {
        Some(unionid) => others(on, follower, &unionid).await,
        None => Ok(Vec::new()),
    }
}

async fn nearest(on: &impl ConnectionTrait, follower: &Follower) -> Result<Follower, StorageError> {
    let also = same_person(on, follower).await?;
    if also.is_empty() {
        return Ok(follower.clone());
    }
    let first = Condition::any().add(is(follower));
    let anywhere = also.iter().fold(first, |any, one| any.add(is(one)));
    let found: Vec<row::Model> = row::Entity::find()
        .filter(anywhere)
        .filter(row::Column::Following.eq(true))
        .all(on)
        .await
        .map_err(failed("find where somebody wrote last"))?;
    let here = |m: &row::Model| m.account == follower.account;
    let nearest = found.into_iter().max_by_key(|m| (m.window_at, here(m)));
    let phone = nearest.map(|m| Follower { account: m.account, openid: m.openid });
    Ok(phone.unwrap_or_else(|| follower.clone()))
}

/// Everybody else of this `unionid`.
pub(super) async fn others(
    on: &impl ConnectionTrait,
    follower: &Follower,
    unionid: &str,
) -> Result<Vec<Follower>, StorageError> {
    let found: Vec<(String, String)> = row::Entity::find()
        .select_only()
        .columns([row::Column::Account, row::Column::Openid])
        .filter(row::Column::Unionid.eq(unionid))
        .filter(row::Column::Account.ne(&follower.account))
        .order_by_asc(row::Column::Account)
        .order_by_asc(row::Column::Openid)
        .into_tuple()
        .all(on)
        .await
        .map_err(failed("find the same person on other accounts"))?;
    Ok(found.into_iter().map(|(account, openid)| Follower { account, openid }).collect())
}
