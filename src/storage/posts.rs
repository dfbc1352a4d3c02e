//! What robots of groups are to say, and what became of it.
//!
//! A post is begun at most once: whoever claims it writes that first, and a claim without an end
//! is an unknown outcome that nobody repeats by itself.
//!
//! Deliberately absent: what is said, how often a robot may speak, and the calls.

use super::{
    StorageError, Store, Tx,
    codec::Row,
    error::failed,
    leases::begun_anew,
    reach::{self, Hop},
};
use crate::ticket::TicketId;
use chrono::{DateTime, Utc};
use entities::{group_post as post, outbox};
use sea_orm::{
    ActiveValue::Set, ColumnTrait, Condition, EntityTrait, ExprTrait, IntoActiveModel,
    PaginatorTrait, QueryFilter, QueryOrder, QuerySelect, sea_query::Expr,
};
use serde::Deserialize;
use uuid::Uuid;

/// Marks a post that left as a part of another one's message.
const MERGED: &str = "merged";

/// Something for a robot to say.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewPost {
    /// A fresh identity.
    pub id: Uuid,
    /// By which robot.
    pub robot: Uuid,
    /// As a part of which broadcast.
    pub broadcast: Option<Uuid>,
    /// In the place of which message.
    pub outbox: Option<Uuid>,
    /// About which ticket.
    pub topic: Option<TicketId>,
    /// What sort of message, as a code.
    pub kind: String,
    /// The words.
    pub text: String,
}

/// What became of a post.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum PostOutcome {
    /// It stands in the group.
    Sent,
    /// It does not.
    Failed,
    /// It may stand there.
    Unknown,
}

impl PostOutcome {
    /// The code in the database.
    pub fn code(self) -> &'static str {
        match self {
            Self::Sent => "sent",
            Self::Failed => "failed",
            Self::Unknown => "unknown",
        }
    }
}

/// Something that a robot is to say, or said.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct GroupPost {
    /// Its identity.
    pub id: Uuid,
    /// By which robot.
    pub robot: Uuid,
    /// As a part of which broadcast.
    pub broadcast: Option<Uuid>,
    /// The words.
    pub text: String,
    /// When it was put in.
    pub created_at: DateTime<Utc>,
    /// When it was begun.
    pub begun_at: Option<DateTime<Utc>>,
    /// When it was over.
    pub done_at: Option<DateTime<Utc>>,
    /// What became of it.
    pub outcome: Option<PostOutcome>,
    /// Why, for the reader.
    pub reason: Option<String>,
}

impl Store {
    /// What has to be said now, oldest first.
    pub async fn due_posts(
        &self,
        now: DateTime<Utc>,
        limit: u64,
    ) -> Result<Vec<GroupPost>, StorageError> {
        let rows = post::Entity::find()
            .filter(waits())
            .filter(post::Column::DueAt.lte(now))
            .order_by_asc(post::Column::DueAt)
            .order_by_asc(post::Column::CreatedAt)
            .order_by_asc(post::Column::Id)
            .limit(limit)
            .all(&self.conn)
            .await
            .map_err(failed("find what robots are to say"))?;
        rows.into_iter().map(GroupPost::try_from).collect()
    }

    /// When a robot has to speak next.
    pub async fn next_post_due(&self) -> Result<Option<DateTime<Utc>>, StorageError> {
        let next = post::Entity::find()
            .select_only()
            .column(post::Column::DueAt)
            .filter(waits())
            .order_by_asc(post::Column::DueAt)
            .into_tuple::<DateTime<Utc>>()
            .one(&self.conn)
            .await;
        next.map_err(failed("find when a robot speaks next"))
    }

    /// How often a robot spoke since a moment.
    pub async fn posted_since(
        &self,
        robot: Uuid,
        since: DateTime<Utc>,
    ) -> Result<u64, StorageError> {
        post::Entity::find()
            .filter(post::Column::RobotId.eq(robot))
            .filter(post::Column::BegunAt.gt(since))
            .filter(post::Column::Reason.is_null().or(post::Column::Reason.ne(MERGED)))
            .count(&self.conn)
            .await
            .map_err(failed("count what a robot said"))
    }

    /// Claims posts that leave as one message, the first of which stands for all; false where
    /// another worker has one of them.
    pub async fn begin_posts(
        &self,
        ids: &[Uuid],
        now: DateTime<Utc>,
    ) -> Result<bool, StorageError> {
        let doing = "begin to say something in a group";
        let tx = self.begin().await?;
        let mut begun = 0;
        for (index, id) in ids.iter().enumerate() {
            let merged = (index > 0).then_some(MERGED);
            let changed = post::Entity::update_many()
                .col_expr(post::Column::BegunAt, Expr::value(now))
                .col_expr(post::Column::Reason, Expr::value(merged))
                .filter(post::Column::Id.eq(*id))
                .filter(waits())
                .exec(&tx.inner)
                .await
                .map_err(failed(doing))?;
            begun += changed.rows_affected;
        }
        if usize::try_from(begun) != Ok(ids.len()) {
            return Ok(false);
        }
        tx.commit().await?;
        Ok(true)
    }

    /// Gives posts back that nobody heard: they are said later.
    pub async fn put_posts_off(
        &self,
        ids: &[Uuid],
        until: DateTime<Utc>,
    ) -> Result<(), StorageError> {
        let _turn = self.turn().await;
        post::Entity::update_many()
            .col_expr(post::Column::BegunAt, Expr::value(None::<DateTime<Utc>>))
            .col_expr(post::Column::Reason, Expr::value(None::<String>))
            .col_expr(post::Column::DueAt, Expr::value(until))
            .filter(post::Column::Id.is_in(ids.iter().copied()))
            .filter(post::Column::DoneAt.is_null())
            .exec(&self.conn)
            .await
            .map_err(failed("put off what a robot is to say"))?;
        Ok(())
    }

    /// Ends posts. Messages in whose place they stood go another way where they failed.
    pub async fn end_posts(
        &self,
        ids: &[Uuid],
        outcome: PostOutcome,
        code: Option<i64>,
        reason: Option<&str>,
        now: DateTime<Utc>,
    ) -> Result<(), StorageError> {
        let doing = "end what a robot was to say";
        let tx = self.begin().await?;
        let mut ending = post::Entity::update_many()
            .col_expr(post::Column::DoneAt, Expr::value(now))
            .col_expr(post::Column::Outcome, Expr::value(outcome.code()))
            .col_expr(post::Column::Code, Expr::value(code))
            .filter(post::Column::Id.is_in(ids.iter().copied()))
            .filter(post::Column::DoneAt.is_null());
        if let Some(reason) = reason {
            ending = ending.col_expr(post::Column::Reason, Expr::value(reason));
        }
        let ended = ending.exec_with_returning(&tx.inner).await.map_err(failed(doing))?;
        for row in ended.iter().filter(|_| outcome == PostOutcome::Failed) {
            let Some(id) = row.outbox_id else { continue };
            tx.go_on_without_group(id, code, now).await?;
        }
        tx.commit().await
    }

    /// Ends what was begun before a moment and of which nothing was heard; tells how many.
    pub async fn end_lost_posts(
        &self,
        begun_before: DateTime<Utc>,
        now: DateTime<Utc>,
    ) -> Result<u64, StorageError> {
        let lost = || {
            Condition::all()
                .add(post::Column::DoneAt.is_null())
                .add(post::Column::BegunAt.lt(begun_before))
        };
        let any = post::Entity::find().filter(lost()).limit(1).one(&self.conn).await;
        if any.map_err(failed("look for posts that were lost"))?.is_none() {
            return Ok(0);
        }
        let _turn = self.turn().await;
        let ended = post::Entity::update_many()
            .col_expr(post::Column::DoneAt, Expr::value(now))
            .col_expr(post::Column::Outcome, Expr::value(PostOutcome::Unknown.code()))
            .filter(lost())
            .exec(&self.conn)
            .await
            .map_err(failed("end posts that were lost"))?;
        Ok(ended.rows_affected)
    }

    /// Whether this was put in for a robot about a ticket and did not fail.
    pub async fn has_post(
        &self,
        robot: Uuid,
        topic: TicketId,
        kind: &str,
    ) -> Result<bool, StorageError> {
        let found = post::Entity::find()
            .filter(post::Column::Topic.eq(topic.0))
            .filter(post::Column::RobotId.eq(robot))
            .filter(post::Column::Kind.eq(kind))
            .filter(
                post::Column::Outcome
                    .is_null()
                    .or(post::Column::Outcome.ne(PostOutcome::Failed.code())),
            )
            .count(&self.conn)
            .await;
        Ok(found.map_err(failed("look whether a group knows of it"))? > 0)
    }

    /// The parts of a broadcast.
    pub async fn posts_of(&self, broadcast: Uuid) -> Result<Vec<GroupPost>, StorageError> {
        let rows = post::Entity::find()
            .filter(post::Column::BroadcastId.eq(broadcast))
            .order_by_asc(post::Column::Id)
            .all(&self.conn)
            .await
            .map_err(failed("read the parts of a broadcast"))?;
        rows.into_iter().map(GroupPost::try_from).collect()
    }
}

impl Tx {
    /// Puts in what robots are to say.
    pub async fn put_posts(
        &self,
        posts: &[NewPost],
        now: DateTime<Utc>,
    ) -> Result<(), StorageError> {
        for given in posts {
            let row = post::Model {
                id: given.id,
                robot_id: given.robot,
                broadcast_id: given.broadcast,
                outbox_id: given.outbox,
                topic: given.topic.map(|topic| topic.0),
                kind: given.kind.clone(),
                text: given.text.clone(),
                created_at: now,
                due_at: now,
                begun_at: None,
                done_at: None,
                outcome: None,
                code: None,
                reason: None,
            };
            post::Entity::insert(row.into_active_model())
                .exec_without_returning(&self.inner)
                .await
                .map_err(failed("put in what a robot is to say"))?;
        }
        Ok(())
    }

    /// Has a part that failed, or may have failed, said again; false where it is neither.
    pub async fn post_again(
        &self,
        broadcast: Uuid,
        id: Uuid,
        now: DateTime<Utc>,
    ) -> Result<bool, StorageError> {
        let nothing = Expr::value(None::<DateTime<Utc>>);
        let changed = post::Entity::update_many()
            .col_expr(post::Column::BegunAt, nothing.clone())
            .col_expr(post::Column::DoneAt, nothing)
            .col_expr(post::Column::Outcome, Expr::value(None::<String>))
            .col_expr(post::Column::Reason, Expr::value(None::<String>))
            .col_expr(post::Column::Code, Expr::value(None::<i64>))
            .col_expr(post::Column::DueAt, Expr::value(now))
            .filter(post::Column::Id.eq(id))
            .filter(post::Column::BroadcastId.eq(broadcast))
            .filter(
                post::Column::Outcome
                    .is_in([PostOutcome::Failed.code(), PostOutcome::Unknown.code()]),
            )
            .exec(&self.inner)
            .await
            .map_err(failed("have a part of a broadcast said again"))?;
        Ok(changed.rows_affected == 1)
    }

    /// No group heard it: the message begins anew on the ways that are left.
    async fn go_on_without_group(
        &self,
        id: Uuid,
        code: Option<i64>,
        now: DateTime<Utc>,
    ) -> Result<(), StorageError> {
        let doing = "go on without a group";
        let found = outbox::Entity::find()
            .filter(outbox::Column::Id.eq(id))
            .filter(outbox::Column::Channel.eq("group"))
            .one(&self.inner)
            .await
            .map_err(failed(doing))?;
        let Some(message) = found else { return Ok(()) };
        let mut hops = reach::hops_of(&message)?;
        hops.push(Hop { channel: "group".to_owned(), at: now, code, why: Hop::BLOCKED.to_owned() });
        let anew = outbox::ActiveModel {
            hops: Set(reach::stored_hops(&hops)?),
            ..begun_anew(now, Some("no group heard of it"))
        };
        outbox::Entity::update_many()
            .set(anew)
            .col_expr(outbox::Column::Round, Expr::col(outbox::Column::Round).add(1))
            .filter(outbox::Column::Id.eq(id))
            .exec(&self.inner)
            .await
            .map_err(failed(doing))?;
        Ok(())
    }
}

fn waits() -> Condition {
    Condition::all().add(post::Column::DoneAt.is_null()).add(post::Column::BegunAt.is_null())
}

impl TryFrom<post::Model> for GroupPost {
    type Error = StorageError;

    fn try_from(m: post::Model) -> Result<Self, Self::Error> {
        let name = Row::of("group_post", &m.id);
        Ok(Self {
            id: m.id,
            robot: m.robot_id,
            broadcast: m.broadcast_id,
            text: m.text,
            created_at: m.created_at,
            begun_at: m.begun_at,
            done_at: m.done_at,
            outcome: m.outcome.map(|outcome| name.code("outcome", outcome)).transpose()?,
            reason: m.reason.filter(|reason| reason != MERGED),
        })
    }
}
