//! What became of messages after the platform took them, and of those it never took.
//!
//! The platform's word on a delivery may arrive before the answer to the send is stored. Both
//! meet in one row of `delivery_event`, which both write first: whoever comes second waits for
//! the other and finds what it left.

use super::{
    StorageError, Store, Tx, call_backs,
    codec::Row,
    error::failed,
    leases::{begun_anew, given_back, held},
    outbox::{HELD, Outcome},
    reach::{self, Hop},
};
use crate::ticket::{Follower, TicketId, notice::NoticeKind};
use chrono::{DateTime, TimeDelta, Utc};
use entities::{delivery_event, outbox as row};
use sea_orm::{
    ActiveValue::Set,
    ColumnTrait, Condition, ConnectionTrait, EntityTrait, ExprTrait, QueryFilter, QueryOrder,
    QuerySelect,
    sea_query::{Expr, OnConflict},
};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

/// How long the platform is left alone before what it failed to deliver is sent once more.
const PAUSE: TimeDelta = TimeDelta::minutes(1);
/// The kind of message whose delivery a ticket waits for.
const RESULT: &str = NoticeKind::Result.code();

/// The platform's word on a delivery.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum DeliveryStatus {
    /// It is on the person's phone.
    Delivered,
    /// The person refuses such messages.
    Blocked,
    /// The platform failed, for reasons it keeps to itself.
    Failed,
}

impl DeliveryStatus {
    fn code(self) -> &'static str {
        match self {
            Self::Delivered => "delivered",
            Self::Blocked => "blocked",
            Self::Failed => "failed",
        }
    }

    fn outcome(self) -> Outcome {
        match self {
            Self::Delivered => Outcome::Confirmed,
            Self::Blocked | Self::Failed => Outcome::Unreachable,
        }
    }

    fn reason(self) -> Option<&'static str> {
        match self {
            Self::Delivered => None,
            Self::Blocked => Some("delivery: blocked by the person"),
            Self::Failed => Some("delivery: failed on the platform"),
        }
    }
}

/// A message that was sent and of whose delivery nothing was heard.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Unconfirmed {
    /// Its identity.
    pub id: Uuid,
    /// The account it left through.
    pub account: String,
    /// What sort of message.
    pub kind: String,
    /// When it was sent.
    pub sent_at: DateTime<Utc>,
}

/// A message that did not reach anybody.
#[derive(Debug, Clone, PartialEq)]
pub struct DeadLetter {
    /// Its identity.
    pub id: Uuid,
    /// To whom it should have gone.
    pub to: Follower,
    /// What sort of message.
    pub kind: String,
    /// The ticket it is about.
    pub topic: Option<TicketId>,
    /// How often it was tried.
    pub attempts: u32,
    /// When it was given up.
    pub given_up_at: Option<DateTime<Utc>>,
    /// Why.
    pub reason: String,
}

impl Tx {
    /// Notes the platform's word on a delivery; false where the message is not known (yet). What
    /// failed on the platform is sent once more.
    pub async fn confirm(
        &self,
        account: &str,
        msgid: i64,
        status: DeliveryStatus,
        now: DateTime<Utc>,
    ) -> Result<bool, StorageError> {
        meet(&self.inner, account, msgid, Some(status), now).await?;
        let which = Condition::all()
            .add(row::Column::Account.eq(account))
            .add(row::Column::Msgid.eq(msgid));
        take_word(&self.inner, which, status, now).await
    }
}

impl Store {
    /// Messages that were sent before `before` and of whose delivery nothing was heard.
    pub async fn unconfirmed(
        &self,
        before: DateTime<Utc>,
        limit: u64,
    ) -> Result<Vec<Unconfirmed>, StorageError> {
        let rows = row::Entity::find()
            .filter(row::Column::Outcome.eq(Outcome::Sent.code()))
            .filter(row::Column::Msgid.is_not_null())
            .filter(row::Column::DoneAt.lt(before))
            .order_by_asc(row::Column::DoneAt)
            .limit(limit)
            .all(&self.conn)
            .await
            .map_err(failed("find unconfirmed messages"))?;
        let unconfirmed = |m: row::Model| {
            let name = Row::of("outbox", &m.id);
            let sent_at = m.done_at.ok_or_else(|| name.odd("sent, but not done"))?;
            Ok(Unconfirmed { id: m.id, account: m.account, kind: m.kind, sent_at })
        };
        rows.into_iter().map(unconfirmed).collect()
    }

    /// The stored forms of all messages of this kind to this person that were sent, oldest first.
    pub async fn sent_to(
        &self,
        to: &Follower,
        kind: &str,
    ) -> Result<Vec<serde_json::Value>, StorageError> {
        let sent = [Outcome::Sent.code(), Outcome::Confirmed.code()];
        let rows = row::Entity::find()
            .filter(row::Column::Account.eq(&to.account))
            .filter(row::Column::Openid.eq(&to.openid))
            .filter(row::Column::Kind.eq(kind))
            .filter(row::Column::Outcome.is_in(sent))
            .order_by_asc(row::Column::Position)
            .all(&self.conn)
            .await
            .map_err(failed("read the messages to a person"))?;
        Ok(rows.into_iter().map(|m| m.payload).collect())
    }

    /// Messages that did not reach anybody, the latest first.
    pub async fn dead_letters(&self, limit: u64) -> Result<Vec<DeadLetter>, StorageError> {
        let rows = row::Entity::find()
            .filter(gone_astray())
            .order_by_desc(row::Column::DoneAt)
            .order_by_desc(row::Column::Position)
            .limit(limit)
            .all(&self.conn)
            .await
            .map_err(failed("read the dead letters"))?;
        let letter = |m: row::Model| {
            let attempts = Row::of("outbox", &m.id).count("attempts", m.attempts)?;
            Ok(DeadLetter {
                id: m.id,
                to: Follower { account: m.account, openid: m.openid },
                kind: m.kind,
                topic: m.topic.map(TicketId),
                attempts,
                given_up_at: m.done_at,
                reason: m.dead_reason.unwrap_or_default(),
            })
        };
        rows.into_iter().map(letter).collect()
    }

    /// Has a dead letter tried again from the start; false where it is none (any more).
    pub async fn send_again(&self, id: Uuid, now: DateTime<Utc>) -> Result<bool, StorageError> {
        let _turn = self.turn().await;
        let changed = row::Entity::update_many()
            .set(begun_anew(now, None))
            .col_expr(row::Column::Round, Expr::col(row::Column::Round).add(1))
            .filter(row::Column::Id.eq(id))
            .filter(gone_astray())
            .exec(&self.conn)
            .await
            .map_err(failed("have a message sent again"))?;
        Ok(changed.rows_affected == 1)
    }
}

/// Finishes an attempt of whose delivery the platform will speak, or has spoken already.
pub(super) async fn finish_and_meet(
    store: &Store,
    id: Uuid,
    worker: Uuid,
    changes: row::ActiveModel,
    msgid: i64,
    now: DateTime<Utc>,
) -> Result<bool, StorageError> {
    let tx = store.begin().await?;
    // Which account is a column of the message; it never changes.
    let Some(letter) = row::Entity::find()
        .filter(held(id, worker))
        .one(&tx.inner)
        .await
        .map_err(failed("read a message that was sent"))?
    else {
        return Ok(false);
    };
    let heard = meet(&tx.inner, &letter.account, msgid, None, now).await?;
    let updated = row::Entity::update_many()
        .set(changes)
        .filter(held(id, worker))
        .exec(&tx.inner)
        .await
        .map_err(failed("finish a message that was sent"))?;
    if let Some(status) = heard {
        take_word(&tx.inner, Condition::all().add(row::Column::Id.eq(id)), status, now).await?;
    }
    tx.commit().await?;
    Ok(updated.rows_affected == 1)
}

/// Gives a message up; whoever should have read it may have to be called.
pub(super) async fn give_up(
    store: &Store,
    id: Uuid,
    worker: Uuid,
    changes: row::ActiveModel,
    now: DateTime<Utc>,
) -> Result<bool, StorageError> {
    let tx = store.begin().await?;
    let given_up = row::Entity::update_many()
        .set(changes)
        .filter(held(id, worker))
        .exec_with_returning(&tx.inner)
        .await
        .map_err(failed("give a message up"))?;
    for message in &given_up {
        call_backs::given_up(&tx.inner, message, now).await?;
    }
    tx.commit().await?;
    Ok(!given_up.is_empty())
}

/// Locks the row where both sides meet, leaves our word there, and takes the other's.
async fn meet(
    on: &impl ConnectionTrait,
    account: &str,
    msgid: i64,
    status: Option<DeliveryStatus>,
    now: DateTime<Utc>,
) -> Result<Option<DeliveryStatus>, StorageError> {
    let word = delivery_event::ActiveModel {
        account: Set(account.to_owned()),
        msgid: Set(msgid),
        status: Set(status.map(|status| status.code().to_owned())),
        at: Set(now),
    };
    let mut on_conflict =
        OnConflict::columns([delivery_event::Column::Account, delivery_event::Column::Msgid]);
    // The side without a word writes too: a DO UPDATE takes the lock and returns the row.
    on_conflict.update_column(match status {
        Some(_) => delivery_event::Column::Status,
        None => delivery_event::Column::At,
    });
    let met = delivery_event::Entity::insert(word)
        .on_conflict(on_conflict)
        .exec_with_returning(on)
        .await
        .map_err(failed("match a message with its delivery"))?;
    let name = Row::of("delivery_event", &format!("{account} {msgid}"));
    met.status.map(|status| name.code("status", status)).transpose()
}

/// Does to the message what follows from the platform's word; false where there is none.
async fn take_word(
    on: &impl ConnectionTrait,
    which: Condition,
    status: DeliveryStatus,
    now: DateTime<Utc>,
) -> Result<bool, StorageError> {
    if status == DeliveryStatus::Failed {
        let again = row::Entity::update_many()
            .set(begun_anew(now + PAUSE, status.reason()))
            .col_expr(row::Column::Round, Expr::col(row::Column::Round).add(1))
            .filter(which.clone())
            .filter(is_out())
            .filter(row::Column::Round.eq(0))
            .exec(on)
            .await
            .map_err(failed("have a failed message sent once more"))?;
        if again.rows_affected == 1 {
            return Ok(true);
        }
    }
    if status == DeliveryStatus::Blocked && go_another_way(on, which.clone(), now).await? {
        return Ok(true);
    }
    let changed = row::Entity::update_many()
        .set(delivered(status, now))
        .filter(which)
        .filter(row::Column::Outcome.eq(Outcome::Sent.code()))
        .exec_with_returning(on)
        .await
        .map_err(failed("note a delivery"))?;
    for message in changed.iter().filter(|_| status == DeliveryStatus::Delivered) {
        if let (RESULT, Some(ticket)) = (message.kind.as_str(), message.topic) {
            let channel = message.channel.as_deref().unwrap_or_default();
            reach::was_told(on, ticket, channel, now).await?;
        }
    }
    if status.outcome() == Outcome::Unreachable {
        for message in &changed {
            call_backs::given_up(on, message, now).await?;
        }
    }
    Ok(changed.len() == 1)
}

/// What the person refuses begins anew on the ways that are left; the refused one is remembered.
async fn go_another_way(
    on: &impl ConnectionTrait,
    which: Condition,
    now: DateTime<Utc>,
) -> Result<bool, StorageError> {
    let found = row::Entity::find().filter(which).filter(is_out()).one(on).await;
    let Some(message) = found.map_err(failed("read a message that was refused"))? else {
        return Ok(false);
    };
    let mut hops = reach::hops_of(&message)?;
    let channel = message.channel.filter(|channel| channel != HELD);
    hops.push(Hop {
        channel: channel.unwrap_or_else(|| "template".to_owned()),
        at: now,
        code: None,
        why: Hop::BLOCKED.to_owned(),
    });
    let why = DeliveryStatus::Blocked.reason();
    let anew = row::ActiveModel { hops: Set(reach::stored_hops(&hops)?), ..begun_anew(now, why) };
    let changed = row::Entity::update_many()
        .set(anew)
        .col_expr(row::Column::Round, Expr::col(row::Column::Round).add(1))
        .filter(row::Column::Id.eq(message.id))
        .filter(is_out())
        .exec(on)
        .await
        .map_err(failed("try another way to somebody"))?;
    Ok(changed.rows_affected == 1)
}

/// It was sent, or announced by a template while its words wait and nobody sends them just now.
fn is_out() -> Condition {
    let announced = Condition::all()
        .add(row::Column::Channel.eq(HELD))
        .add(row::Column::DoneAt.is_null())
        .add(row::Column::LeasedBy.is_null());
    Condition::any().add(row::Column::Outcome.eq(Outcome::Sent.code())).add(announced)
}

/// The changes that follow from the platform's last word.
fn delivered(status: DeliveryStatus, now: DateTime<Utc>) -> row::ActiveModel {
    row::ActiveModel {
        done_at: Set(Some(now)),
        outcome: Set(Some(status.outcome().code().to_owned())),
        dead_reason: Set(status.reason().map(str::to_owned)),
        confirmed_at: Set((status == DeliveryStatus::Delivered).then_some(now)),
        ..given_back()
    }
}

pub(super) fn gone_astray() -> Condition {
    let astray = [Outcome::Dead.code(), Outcome::Unreachable.code()];
    Condition::all().add(row::Column::DoneAt.is_not_null()).add(row::Column::Outcome.is_in(astray))
}
