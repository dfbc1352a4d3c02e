//! What the platform still lets us say to a person: a ledger of its reply windows.
//!
//! A message opens one allowance, a menu click, scan or follow a smaller and briefer one. How
//! much each allows and for how long is the platform's rule and is given by the caller; here is
//! only counted, so that two workers never spend the same allowance twice.

use super::{StorageError, Store, codec::Row, codec::stored_count, error::failed};
use crate::ticket::Follower;
use chrono::{DateTime, Utc};
use entities::resident as row;
use sea_orm::{ColumnTrait, EntityTrait, ExprTrait, QueryFilter, sea_query::Expr};

/// Which of a person's two allowances.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Allowance {
    /// Opened by a message.
    Message,
    /// Opened by a click, a scan, a follow.
    Brief,
}

/// When the allowances were opened, and how much of them was used.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct ReplyWindow {
    /// The latest message.
    pub message_at: Option<DateTime<Utc>>,
    /// Sent since.
    pub message_used: u32,
    /// The latest click, scan or follow.
    pub brief_at: Option<DateTime<Utc>>,
    /// Sent since.
    pub brief_used: u32,
}

impl ReplyWindow {
    /// The person did something at `now`: the allowance is whole again.
    pub fn open(&mut self, allowance: Allowance, now: DateTime<Utc>) {
        match allowance {
            Allowance::Message => (self.message_at, self.message_used) = (Some(now), 0),
            Allowance::Brief => (self.brief_at, self.brief_used) = (Some(now), 0),
        }
    }

    pub(super) fn from_row(m: &row::Model) -> Result<Self, StorageError> {
        let name = Row::of("resident", &m.account);
        Ok(Self {
            message_at: m.window_at,
            message_used: name.count("window_used", m.window_used)?,
            brief_at: m.brief_at,
            brief_used: name.count("brief_used", m.brief_used)?,
        })
    }
}

/// How a person can be reached at all.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Reach {
    /// They follow the account.
    pub following: bool,
    /// What may still be said.
    pub window: ReplyWindow,
}

impl Store {
    /// How a person can be reached; none for somebody who was never seen.
    pub async fn reach(&self, follower: &Follower) -> Result<Option<Reach>, StorageError> {
        row::Entity::find_by_id((follower.account.clone(), follower.openid.clone()))
            .one(&self.conn)
            .await
            .map_err(failed("read a reply window"))?
            .map(|m| Ok(Reach { following: m.following, window: ReplyWindow::from_row(&m)? }))
            .transpose()
    }

    /// Spends one of `limit` messages of the allowance that was opened at `opened_at`; false
    /// where nothing is left of it or it was opened anew meanwhile.
    pub async fn spend(
        &self,
        follower: &Follower,
        allowance: Allowance,
        opened_at: DateTime<Utc>,
        limit: u32,
    ) -> Result<bool, StorageError> {
        let _turn = self.turn().await;
        let (at, used) = columns(allowance);
        let changed = row::Entity::update_many()
            .col_expr(used, Expr::col(used).add(1))
            .filter(row::Column::Account.eq(&follower.account))
            .filter(row::Column::Openid.eq(&follower.openid))
            .filter(at.eq(opened_at))
            .filter(used.lt(stored_count(limit)))
            .exec(&self.conn)
            .await
            .map_err(failed("spend a reply"))?;
        Ok(changed.rows_affected == 1)
    }

    /// The platform says that the person does not follow the account; not believed of somebody
    /// who did something since `asked_at`.
    pub async fn has_left(
        &self,
        follower: &Follower,
        asked_at: DateTime<Utc>,
    ) -> Result<(), StorageError> {
        let _turn = self.turn().await;
        row::Entity::update_many()
            .col_expr(row::Column::Following, Expr::value(false))
            .col_expr(row::Column::LeftAt, Expr::col(row::Column::LeftAt).if_null(asked_at))
            .filter(row::Column::Account.eq(&follower.account))
            .filter(row::Column::Openid.eq(&follower.openid))
            .filter(row::Column::TouchedAt.lte(asked_at))
            .exec(&self.conn)
            .await
            .map_err(failed("note that a person left"))?;
        Ok(())
    }

    /// The platform says that this allowance is gone: nothing more is tried on it.
    pub async fn close_window(
        &self,
        follower: &Follower,
        allowance: Allowance,
        opened_at: DateTime<Utc>,
    ) -> Result<(), StorageError> {
        let _turn = self.turn().await;
        let (at, _) = columns(allowance);
        row::Entity::update_many()
            .col_expr(at, Expr::value(None::<DateTime<Utc>>))
            .filter(row::Column::Account.eq(&follower.account))
            .filter(row::Column::Openid.eq(&follower.openid))
            .filter(at.eq(opened_at))
            .exec(&self.conn)
            .await
            .map_err(failed("close a reply window"))?;
        Ok(())
    }
}

fn columns(allowance: Allowance) -> (row::Column, row::Column) {
    match allowance {
        Allowance::Message => (row::Column::WindowAt, row::Column::WindowUsed),
        Allowance::Brief => (row::Column::BriefAt, row::Column::BriefUsed),
    }
}
