//! Messages that have to leave, and what became of them. `position` keeps the order in which they
//! were put in.

use sea_orm::entity::prelude::*;

/// One row.
#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "outbox")]
pub struct Model {
    #[sea_orm(primary_key)]
    pub position: i64,
    pub id: Uuid,
    pub account: String,
    pub openid: String,
    pub kind: String,
    pub topic: Option<Uuid>,
    pub passing: bool,
    pub payload: Json,
    pub attempts: i32,
    pub created_at: DateTimeUtc,
    pub due_at: DateTimeUtc,
    pub leased_by: Option<Uuid>,
    pub leased_until: Option<DateTimeUtc>,
    pub done_at: Option<DateTimeUtc>,
    pub outcome: Option<String>,
    pub channel: Option<String>,
    pub msgid: Option<i64>,
    pub dead_reason: Option<String>,
    pub confirmed_at: Option<DateTimeUtc>,
    pub round: i32,
    pub tried_at: Option<DateTimeUtc>,
    pub hops: Option<Json>,
    pub gathered: bool,
}

impl ActiveModelBehavior for ActiveModel {}
