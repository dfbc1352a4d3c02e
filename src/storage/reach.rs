//! Other ways to a person: who consented to notifications, whose telephone is known, which ways a
//! message took, and who was told of a result.
//!
//! Deliberately absent: which way comes when.

use super::{
    StorageError, Store, Tx,
    codec::{Row, stored},
    error::failed,
    tickets::of_ids,
};
use crate::ticket::{Follower, Ticket, TicketId, wish::Wish};
use chrono::{DateTime, Utc};
use entities::{consent, member, outbox, resident, ticket, ticket_told};
use sea_orm::{
    ActiveValue::Set,
    ColumnTrait, ConnectionTrait, EntityTrait, ExprTrait, PaginatorTrait, QueryFilter, QueryOrder,
    QuerySelect, TryInsertResult,
    sea_query::{Expr, OnConflict},
};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

/// One way that a message was tried on, and what came of it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Hop {
    /// Which way: `custom`, `template`, `subscription`, `group`, `sms`.
    pub channel: String,
    /// When.
    pub at: DateTime<Utc>,
    /// The platform's code, where it gave one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub code: Option<i64>,
    /// What came of it, in a few words without anything of the person's.
    pub why: String,
}

impl Hop {
    /// What stands in a hop whose message the person refuses: that way is not tried again.
    pub const BLOCKED: &str = "blocked by the person";
    /// What stands in a hop that reached somebody.
    pub const TAKEN: &str = "taken";
}

/// What is known about the ways of one message about a ticket.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Way {
    /// What sort of message.
    pub kind: String,
    /// When it was put in.
    pub at: DateTime<Utc>,
    /// What became of it, as a code; none while it waits.
    pub outcome: Option<String>,
    /// Where it is, or where it left at last.
    pub channel: Option<String>,
    /// Every way that was tried.
    pub hops: Vec<Hop>,
    /// Whether it was for whoever reported the ticket.
    pub to_reporter: bool,
}

/// A resident was told of a result.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Told {
    /// Of which ticket's.
    pub ticket: TicketId,
    /// When.
    pub at: DateTime<Utc>,
    /// By which way.
    pub channel: String,
}

impl Tx {
    /// Keeps what somebody said to notifications by a template; the last word counts.
    pub async fn keep_consent(
        &self,
        who: &Follower,
        template: &str,
        accepted: bool,
        now: DateTime<Utc>,
    ) -> Result<(), StorageError> {
        keep_consent(&self.inner, who, template, accepted, now).await
    }

    /// Whether somebody is a member, and what they wish to hear.
    pub async fn wish_of(&self, who: &Follower) -> Result<Option<Wishes>, StorageError> {
        let found = resident::Entity::find_by_id((who.account.clone(), who.openid.clone()))
            .one(&self.inner)
            .await
            .map_err(failed("read what somebody wishes to hear"))?;
        let Some(m) = found else { return Ok(None) };
        let name = Row::of("resident", &m.account);
        Ok(Some(Wishes { wish: name.code("wish", m.wish)?, wrote_at: m.window_at }))
    }

    /// How many messages were put in for somebody since a moment, not counting those that were
    /// never sent or were gathered into another.
    pub async fn told_since(
        &self,
        who: &Follower,
        since: DateTime<Utc>,
    ) -> Result<u64, StorageError> {
        outbox::Entity::find()
            .filter(outbox::Column::Account.eq(&who.account))
            .filter(outbox::Column::Openid.eq(&who.openid))
            .filter(outbox::Column::CreatedAt.gte(since))
            .filter(outbox::Column::Gathered.eq(false))
            .filter(outbox::Column::Outcome.is_null().or(outbox::Column::Outcome.ne("replaced")))
            .count(&self.inner)
            .await
            .map_err(failed("count what somebody was told"))
    }

    /// Takes the word that somebody was told; false where another one took it.
    pub async fn take_told(&self, ticket: TicketId) -> Result<bool, StorageError> {
        let taken = ticket_told::Entity::delete_by_id(ticket.0)
            .exec(&self.inner)
            .await
            .map_err(failed("take the word that somebody was told"))?;
        Ok(taken.rows_affected == 1)
    }
}

/// What somebody wishes to hear, and when they wrote last.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Wishes {
    /// What.
    pub wish: Wish,
    /// When they wrote last.
    pub wrote_at: Option<DateTime<Utc>>,
}

impl Store {
    /// Whether somebody consented to notifications by this template.
    pub async fn has_consent(&self, who: &Follower, template: &str) -> Result<bool, StorageError> {
        let key = (who.account.clone(), who.openid.clone(), template.to_owned());
        let found = consent::Entity::find_by_id(key)
            .one(&self.conn)
            .await
            .map_err(failed("look for a consent"))?;
        Ok(found.is_some_and(|consent| consent.accepted))
    }

    /// The platform says that there is no consent (any more).
    pub async fn forget_consent(
        &self,
        who: &Follower,
        template: &str,
        now: DateTime<Utc>,
    ) -> Result<(), StorageError> {
        let _turn = self.turn().await;
        keep_consent(&self.conn, who, template, false, now).await
    }

    /// The telephone at which somebody can be told about a ticket: a member's own, the one that
    /// was left for the ticket, or the one they gave once.
    pub async fn phone_of(
        &self,
        who: &Follower,
        topic: Option<TicketId>,
    ) -> Result<Option<String>, StorageError> {
        let doing = "look for a telephone number";
        let known = resident::Entity::find_by_id((who.account.clone(), who.openid.clone()))
            .one(&self.conn)
            .await
            .map_err(failed(doing))?;
        if let Some(id) = known.as_ref().and_then(|known| known.member_id) {
            let member =
                member::Entity::find_by_id(id).one(&self.conn).await.map_err(failed(doing))?;
            return Ok(member.filter(|member| member.active).and_then(|member| member.phone));
        }
        if let Some(TicketId(id)) = topic {
            let theirs = ticket::Entity::find_by_id(id)
                .filter(ticket::Column::Account.eq(&who.account))
                .filter(ticket::Column::Openid.eq(&who.openid))
                .one(&self.conn)
                .await
                .map_err(failed(doing))?;
            if let Some(phone) = theirs.and_then(|theirs| theirs.contact) {
                return Ok(Some(phone));
            }
        }
        Ok(known.and_then(|known| known.phone))
    }

    /// The ticket that a message is about.
    pub async fn ticket_of(&self, topic: TicketId) -> Result<Option<Ticket>, StorageError> {
        Ok(of_ids(&self.conn, &[topic], "read what a message is about").await?.pop())
    }

    /// Whether somebody is bound as a member.
    pub async fn is_member(&self, who: &Follower) -> Result<bool, StorageError> {
        let found = resident::Entity::find_by_id((who.account.clone(), who.openid.clone()))
            .one(&self.conn)
            .await
            .map_err(failed("ask whether somebody is a member"))?;
        Ok(found.is_some_and(|found| found.member_id.is_some()))
    }

    /// The ways of every message about a ticket, oldest first.
    pub async fn ways_of(&self, about: &Ticket) -> Result<Vec<Way>, StorageError> {
        let rows = outbox::Entity::find()
            .filter(outbox::Column::Topic.eq(about.id.0))
            .order_by_asc(outbox::Column::Position)
            .limit(200)
            .all(&self.conn)
            .await
            .map_err(failed("read the ways of messages"))?;
        rows.into_iter()
            .map(|m| {
                Ok(Way {
                    hops: hops_of(&m)?,
                    to_reporter: m.account == about.reporter.account
                        && m.openid == about.reporter.openid,
                    kind: m.kind,
                    at: m.created_at,
                    outcome: m.outcome,
                    channel: m.channel,
                })
            })
            .collect()
    }

    /// Who was told of a result and whose ticket does not know it yet.
    pub async fn told(&self, limit: u64) -> Result<Vec<Told>, StorageError> {
        let rows = ticket_told::Entity::find()
            .order_by_asc(ticket_told::Column::At)
            .limit(limit)
            .all(&self.conn)
            .await
            .map_err(failed("read who was told"))?;
        let told = |m: ticket_told::Model| Told {
            ticket: TicketId(m.ticket_id),
            at: m.at,
            channel: m.channel,
        };
        Ok(rows.into_iter().map(told).collect())
    }
}

/// The ways that stand in a row of the outbox.
pub(super) fn hops_of(m: &outbox::Model) -> Result<Vec<Hop>, StorageError> {
    let name = Row::of("outbox", &m.id);
    m.hops.clone().map(|hops| name.json("hops", hops)).transpose().map(Option::unwrap_or_default)
}

/// The stored form of ways; none where nothing was tried.
pub(super) fn stored_hops(hops: &[Hop]) -> Result<Option<serde_json::Value>, StorageError> {
    if hops.is_empty() { Ok(None) } else { stored(&hops).map(Some) }
}

/// Somebody was told of a result; once is enough.
pub(super) async fn was_told(
    on: &impl ConnectionTrait,
    ticket: Uuid,
    channel: &str,
    now: DateTime<Utc>,
) -> Result<(), StorageError> {
    let told = ticket_told::ActiveModel {
        ticket_id: Set(ticket),
        at: Set(now),
        channel: Set(channel.to_owned()),
    };
    // Whoever was told before is told already.
    let _: TryInsertResult<_> = ticket_told::Entity::insert(told)
        .on_conflict(
            OnConflict::column(ticket_told::Column::TicketId)
                .value(ticket_told::Column::Channel, Expr::value(channel))
                .to_owned(),
        )
        .try_insert()
        .exec_without_returning(on)
        .await
        .map_err(failed("keep that somebody was told"))?;
    Ok(())
}

async fn keep_consent(
    on: &impl ConnectionTrait,
    who: &Follower,
    template: &str,
    accepted: bool,
    now: DateTime<Utc>,
) -> Result<(), StorageError> {
    let word = consent::ActiveModel {
        account: Set(who.account.clone()),
        openid: Set(who.openid.clone()),
        template_id: Set(template.to_owned()),
        accepted: Set(accepted),
        at: Set(now),
    };
    consent::Entity::insert(word)
        .on_conflict(
            OnConflict::columns([
                consent::Column::Account,
                consent::Column::Openid,
                consent::Column::TemplateId,
            ])
            .update_columns([consent::Column::Accepted, consent::Column::At])
            .to_owned(),
        )
        .exec_without_returning(on)
        .await
        .map_err(failed("keep a consent"))?;
    Ok(())
}
