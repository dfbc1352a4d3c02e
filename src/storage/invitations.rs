//! Invitations: codes by which a member makes a phone their own.
//!
//! Only the hash of a code is stored. A code is good once, for a while, and for nobody who was
//! retired meanwhile; a newer one for the same member ends an older one.

use super::{StorageError, Tx, error::failed};
use crate::{
    dialogue::facts::Invitation,
    ticket::{Follower, MemberId},
};
use chrono::{DateTime, Utc};
use entities::{invitation as row, member};
use sea_orm::{
    ActiveValue::Set, ColumnTrait, Condition, EntityTrait, QueryFilter, sea_query::Expr,
};
use uuid::Uuid;

impl Tx {
    /// Makes an invitation out to a member.
    pub async fn invite(
        &self,
        id: Uuid,
        code_hash: &str,
        member: MemberId,
        now: DateTime<Utc>,
        until: DateTime<Utc>,
    ) -> Result<(), StorageError> {
        row::Entity::update_many()
            .col_expr(row::Column::ExpiresAt, Expr::value(now))
            .filter(row::Column::MemberId.eq(member.0))
            .filter(open(now))
            .exec(&self.inner)
            .await
            .map_err(failed("end an older invitation"))?;
        let fresh = row::ActiveModel {
            id: Set(id),
            code_hash: Set(code_hash.to_owned()),
            member_id: Set(member.0),
            created_at: Set(now),
            expires_at: Set(until),
            used_at: Set(None),
            used_account: Set(None),
            used_openid: Set(None),
        };
        row::Entity::insert(fresh)
            .exec_without_returning(&self.inner)
            .await
            .map_err(failed("store an invitation"))?;
        Ok(())
    }

    /// What became of the invitation whose code has this hash.
    pub async fn find_invitation(
        &self,
        code_hash: &str,
        now: DateTime<Utc>,
    ) -> Result<Invitation, StorageError> {
        self.found(Condition::all().add(row::Column::CodeHash.eq(code_hash)).add(open(now))).await
    }

    /// What became of an invitation by its identity.
    pub async fn open_invitation(
        &self,
        id: Uuid,
        now: DateTime<Utc>,
    ) -> Result<Invitation, StorageError> {
        self.found(Condition::all().add(row::Column::Id.eq(id)).add(open(now))).await
    }

    async fn found(&self, which: Condition) -> Result<Invitation, StorageError> {
        let found = row::Entity::find()
            .filter(which)
            .one(&self.inner)
            .await
            .map_err(failed("find an invitation"))?;
        let Some(invitation) = found else { return Ok(Invitation::NotGood) };
        let member = self.invited(invitation.member_id).await?;
        Ok(member.map_or(Invitation::NotGood, |member| Invitation::Open {
            id: invitation.id,
            name: member.name,
            until: invitation.expires_at,
        }))
    }

    /// Uses an invitation up and binds the follower's phone; false where it is not good (any
    /// more), also because somebody else was faster.
    pub async fn use_invitation(
        &self,
        id: Uuid,
        follower: &Follower,
        now: DateTime<Utc>,
    ) -> Result<bool, StorageError> {
        let used = row::Entity::update_many()
            .col_expr(row::Column::UsedAt, Expr::value(now))
            .col_expr(row::Column::UsedAccount, Expr::value(&follower.account))
            .col_expr(row::Column::UsedOpenid, Expr::value(&follower.openid))
            .filter(row::Column::Id.eq(id))
            .filter(open(now))
            .exec_with_returning(&self.inner)
            .await
            .map_err(failed("use an invitation"))?;
        let Some(invitation) = used.into_iter().next() else { return Ok(false) };
        if self.invited(invitation.member_id).await?.is_none() {
            return Ok(false);
        }
        self.bind(follower, MemberId(invitation.member_id)).await?;
        Ok(true)
    }

    async fn invited(&self, member: Uuid) -> Result<Option<member::Model>, StorageError> {
        member::Entity::find_by_id(member)
            .filter(member::Column::Active.eq(true))
            .one(&self.inner)
            .await
            .map_err(failed("read who was invited"))
    }
}

fn open(now: DateTime<Utc>) -> Condition {
    Condition::all().add(row::Column::UsedAt.is_null()).add(row::Column::ExpiresAt.gt(now))
}
