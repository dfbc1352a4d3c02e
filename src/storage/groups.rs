//! Groups: their robots, and words passed down the tree.
//!
//! Deliberately absent: what robots are to say ([`super::posts`]), how often, and the calls.

use super::{
    StorageError, Store, Tx,
    codec::{Row, stored},
    error::failed,
};
use crate::wechat::account::Secret;
use chrono::{DateTime, Utc};
use entities::{broadcast, group_robot as robot};
use sea_orm::{
    ActiveValue::Set,
    ColumnTrait, EntityTrait, IntoActiveModel, QueryFilter, QueryOrder, QuerySelect,
    sea_query::{Expr, OnConflict},
};
use uuid::Uuid;

/// A robot of a group.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct GroupRobot {
    /// Its identity.
    pub id: Uuid,
    /// Whose group it is.
    pub area: String,
    /// What operators call the group.
    pub name: String,
    /// Who has it may write there; never shown.
    pub key: Secret,
    /// Somebody let it speak.
    pub active: bool,
    /// The platform does not know it any more.
    pub broken: bool,
    /// Said too much: not before.
    pub paused_until: Option<DateTime<Utc>>,
    /// When it spoke last.
    pub last_at: Option<DateTime<Utc>>,
    /// What came of it, in a word.
    pub last_result: Option<String>,
}

/// Words passed down the tree.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Broadcast {
    /// Its identity.
    pub id: Uuid,
    /// The words.
    pub text: String,
    /// From which area down.
    pub area: String,
    /// To groups of which levels.
    pub levels: Vec<String>,
    /// Who passed it.
    pub operator_id: Uuid,
    /// Their name.
    pub operator: String,
    /// When.
    pub at: DateTime<Utc>,
}

impl Store {
    /// All robots, by area.
    pub async fn robots(&self) -> Result<Vec<GroupRobot>, StorageError> {
        let rows = robot::Entity::find()
            .order_by_asc(robot::Column::Area)
            .order_by_asc(robot::Column::Id)
            .all(&self.conn)
            .await
            .map_err(failed("read the robots of groups"))?;
        Ok(rows.into_iter().map(GroupRobot::from).collect())
    }

    /// One robot.
    pub async fn robot(&self, id: Uuid) -> Result<Option<GroupRobot>, StorageError> {
        let found = robot::Entity::find_by_id(id).one(&self.conn).await;
        Ok(found.map_err(failed("read a robot"))?.map(GroupRobot::from))
    }

    /// Writes down what came of a robot's call.
    pub async fn robot_spoke(
        &self,
        id: Uuid,
        result: &str,
        broken: bool,
        paused_until: Option<DateTime<Utc>>,
        now: DateTime<Utc>,
    ) -> Result<(), StorageError> {
        let _turn = self.turn().await;
        robot::Entity::update_many()
            .col_expr(robot::Column::LastAt, Expr::value(now))
            .col_expr(robot::Column::LastResult, Expr::value(result))
            .col_expr(robot::Column::Broken, Expr::value(broken))
            .col_expr(robot::Column::PausedUntil, Expr::value(paused_until))
            .filter(robot::Column::Id.eq(id))
            .exec(&self.conn)
            .await
            .map_err(failed("write down what a robot did"))?;
        Ok(())
    }

    /// The latest broadcasts, before one where that is given.
    pub async fn broadcasts(
        &self,
        before: Option<DateTime<Utc>>,
        limit: u64,
    ) -> Result<Vec<Broadcast>, StorageError> {
        let mut wanted = broadcast::Entity::find().order_by_desc(broadcast::Column::At);
        if let Some(before) = before {
            wanted = wanted.filter(broadcast::Column::At.lt(before));
        }
        let rows = wanted.limit(limit).all(&self.conn).await;
        let rows = rows.map_err(failed("list the broadcasts"))?;
        rows.into_iter().map(Broadcast::try_from).collect()
    }

    /// One broadcast.
    pub async fn broadcast(&self, id: Uuid) -> Result<Option<Broadcast>, StorageError> {
        let found = broadcast::Entity::find_by_id(id).one(&self.conn).await;
        found.map_err(failed("read a broadcast"))?.map(Broadcast::try_from).transpose()
    }
}

impl Tx {
    /// Keeps a robot, new or changed.
    pub async fn put_robot(&self, kept: &GroupRobot) -> Result<(), StorageError> {
        let row = robot::Model {
            id: kept.id,
            area: kept.area.clone(),
            name: kept.name.clone(),
            key: kept.key.expose().to_owned(),
            active: kept.active,
            broken: kept.broken,
            paused_until: kept.paused_until,
            last_at: kept.last_at,
            last_result: kept.last_result.clone(),
        };
        robot::Entity::insert(row.into_active_model())
            .on_conflict(
                OnConflict::column(robot::Column::Id)
                    .update_columns([
                        robot::Column::Area,
                        robot::Column::Name,
                        robot::Column::Key,
                        robot::Column::Active,
                        robot::Column::Broken,
                        robot::Column::PausedUntil,
                    ])
                    .to_owned(),
            )
            .exec_without_returning(&self.inner)
            .await
            .map_err(failed("keep a robot"))?;
        Ok(())
    }

    /// Keeps a broadcast; its parts are posts.
    pub async fn put_broadcast(&self, kept: &Broadcast) -> Result<(), StorageError> {
        let row = broadcast::ActiveModel {
            id: Set(kept.id),
            text: Set(kept.text.clone()),
            area: Set(kept.area.clone()),
            levels: Set(stored(&kept.levels)?),
            operator_id: Set(kept.operator_id),
            operator: Set(kept.operator.clone()),
            at: Set(kept.at),
        };
        broadcast::Entity::insert(row)
            .exec_without_returning(&self.inner)
            .await
            .map_err(failed("keep a broadcast"))?;
        Ok(())
    }
}

impl From<robot::Model> for GroupRobot {
    fn from(m: robot::Model) -> Self {
        Self {
            id: m.id,
            area: m.area,
            name: m.name,
            key: Secret::new(m.key),
            active: m.active,
            broken: m.broken,
            paused_until: m.paused_until,
            last_at: m.last_at,
            last_result: m.last_result,
        }
    }
}

impl TryFrom<broadcast::Model> for Broadcast {
    type Error = StorageError;

    fn try_from(m: broadcast::Model) -> Result<Self, Self::Error> {
        let name = Row::of("broadcast", &m.id);
        Ok(Self {
            id: m.id,
            text: m.text,
            area: m.area,
            levels: name.json("levels", m.levels)?,
            operator_id: m.operator_id,
            operator: m.operator,
            at: m.at,
        })
    }
}
