//! Conversations: who speaks, where they stand, what may still be said to them.
//!
//! One row per follower of an account. Opening it locks it, so the messages of one person are
//! handled one after the other, on both databases and without a lock clause.

use super::{
    ReplyWindow, StorageError, Tx,
    codec::{Row, stored, stored_count},
    error::failed,
    members, people,
};
use crate::{
    dialogue::{
        facts::Speaker,
        state::{Restored, State},
    },
    ticket::{Follower, MemberId, wish::Wish},
};
use chrono::{DateTime, Utc};
use entities::resident as row;
use sea_orm::{
    ActiveValue::Set,
    ColumnTrait, ConnectionTrait, EntityTrait, ExprTrait, QueryFilter,
    sea_query::{Expr, OnConflict},
};

/// Everything that is remembered of a person.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Conversation {
    /// Who speaks. Their duty is read with them and changed only by binding and unbinding.
    pub speaker: Speaker,
    /// Where they stand.
    pub state: State,
    /// What became of the stored state.
    pub restored: Restored,
    /// They follow the account.
    pub following: bool,
    /// Since when, where that was seen.
    pub followed_at: Option<DateTime<Utc>>,
    /// What may still be said to them.
    pub window: ReplyWindow,
    /// When time alone has to look at the draft.
    pub due_at: Option<DateTime<Utc>>,
}

impl Tx {
    /// Locks and reads a conversation; somebody who was never seen starts an empty one.
    pub async fn open_conversation(
        &self,
        follower: &Follower,
        now: DateTime<Utc>,
    ) -> Result<Conversation, StorageError> {
        // The DO UPDATE takes the row lock and RETURNING reads: one statement on both databases.
        let found = row::Entity::insert(beginning(follower, now)?)
            .on_conflict(
                OnConflict::columns([row::Column::Account, row::Column::Openid])
                    .update_column(row::Column::TouchedAt)
                    .to_owned(),
            )
            .exec_with_returning(&self.inner)
            .await
            .map_err(failed("open a conversation"))?;
        let window = ReplyWindow::from_row(&found)?;
        let (state, restored) = State::read(found.state.clone());
        if restored == Restored::SetAside {
            self.park_state(follower).await?;
        }
        let speaker = speaker(&self.inner, follower, &found).await?;
        Ok(Conversation {
            speaker,
            state,
            restored,
            following: found.following,
            followed_at: found.followed_at,
            window,
            due_at: found.due_at,
        })
    }

    /// Stores what a step left of a conversation that was opened in this unit of work.
    pub async fn put_conversation(
        &self,
        next: &Conversation,
        now: DateTime<Utc>,
    ) -> Result<(), StorageError> {
        let told_privacy_at = if next.speaker.told_privacy {
            Expr::col(row::Column::ToldPrivacyAt).if_null(now)
        } else {
            Expr::value(None::<DateTime<Utc>>)
        };
        let left_at = if next.following {
            Expr::value(None::<DateTime<Utc>>)
        } else {
            Expr::col(row::Column::LeftAt).if_null(now)
        };
        let changed = row::Entity::update_many()
            .col_expr(row::Column::LeftAt, left_at)
            .col_expr(row::Column::Following, Expr::value(next.following))
            .col_expr(row::Column::FollowedAt, Expr::value(next.followed_at))
            .col_expr(row::Column::Phone, Expr::value(next.speaker.phone.clone()))
            .col_expr(row::Column::Wish, Expr::value(next.speaker.wish.code()))
            .col_expr(row::Column::HomeArea, Expr::value(next.speaker.home.clone()))
            .col_expr(row::Column::ToldPrivacyAt, told_privacy_at)
            .col_expr(row::Column::State, Expr::value(stored(&next.state)?))
            .col_expr(row::Column::Version, Expr::col(row::Column::Version).add(1))
            .col_expr(row::Column::TouchedAt, Expr::value(now))
            .col_expr(row::Column::DueAt, Expr::value(next.due_at))
            .col_expr(row::Column::WindowAt, Expr::value(next.window.message_at))
            .col_expr(row::Column::WindowUsed, Expr::value(stored_count(next.window.message_used)))
            .col_expr(row::Column::BriefAt, Expr::value(next.window.brief_at))
            .col_expr(row::Column::BriefUsed, Expr::value(stored_count(next.window.brief_used)))
            .filter(is(&next.speaker.follower))
            .exec(&self.inner)
            .await
            .map_err(failed("store a conversation"))?;
        let name = Row::of("resident", &next.speaker.follower.account);
        if changed.rows_affected == 1 { Ok(()) } else { Err(name.stale()) }
    }

    /// Keeps a state that this version cannot read, for a version that can.
    async fn park_state(&self, follower: &Follower) -> Result<(), StorageError> {
        row::Entity::update_many()
            .col_expr(row::Column::Parked, Expr::col(row::Column::State))
            .filter(is(follower))
            .exec(&self.inner)
            .await
            .map_err(failed("park a conversation"))?;
        Ok(())
    }
}

/// The row of one follower.
pub(super) fn is(follower: &Follower) -> sea_orm::Condition {
    sea_orm::Condition::all()
        .add(row::Column::Account.eq(&follower.account))
        .add(row::Column::Openid.eq(&follower.openid))
}

/// Who somebody is, as far as their row tells.
pub(super) async fn speaker(
    on: &impl ConnectionTrait,
    follower: &Follower,
    found: &row::Model,
) -> Result<Speaker, StorageError> {
    Ok(Speaker {
        follower: follower.clone(),
        phone: found.phone.clone(),
        home: found.home_area.clone(),
        told_privacy: found.told_privacy_at.is_some(),
        wish: Row::of("resident", &found.account).code("wish", found.wish.clone())?,
        duty: match found.member_id {
            Some(member) => members::duty(on, MemberId(member)).await?,
            None => None,
        },
        also: match &found.unionid {
            Some(unionid) => people::others(on, follower, unionid).await?,
            None => Vec::new(),
        },
    })
}

fn beginning(follower: &Follower, now: DateTime<Utc>) -> Result<row::ActiveModel, StorageError> {
    Ok(row::ActiveModel {
        account: Set(follower.account.clone()),
        openid: Set(follower.openid.clone()),
        // Only a follower can speak; leaving is a word of its own.
        following: Set(true),
        followed_at: Set(None),
        phone: Set(None),
        home_area: Set(None),
        told_privacy_at: Set(None),
        member_id: Set(None),
        state: Set(stored(&State::default())?),
        parked: Set(None),
        version: Set(0),
        touched_at: Set(now),
        due_at: Set(None),
        window_at: Set(None),
        window_used: Set(0),
        brief_at: Set(None),
        brief_used: Set(0),
        unionid: Set(None),
        ask_at: Set(Some(now)),
        left_at: Set(None),
        wish: Set(Wish::default().code().to_owned()),
    })
}
