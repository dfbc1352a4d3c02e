//! What a robot is to say, and what became of it.

use sea_orm::entity::prelude::*;

/// One row.
#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "group_post")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    pub robot_id: Uuid,
    pub broadcast_id: Option<Uuid>,
    pub outbox_id: Option<Uuid>,
    pub topic: Option<Uuid>,
    pub kind: String,
    pub text: String,
    pub created_at: DateTimeUtc,
    pub due_at: DateTimeUtc,
    pub begun_at: Option<DateTimeUtc>,
    pub done_at: Option<DateTimeUtc>,
    pub outcome: Option<String>,
    pub code: Option<i64>,
    pub reason: Option<String>,
}

impl ActiveModelBehavior for ActiveModel {}
