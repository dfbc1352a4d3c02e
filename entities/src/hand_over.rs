//! Residents who asked for somebody of the desk; one open row a person, while `ended_at` is none.

use sea_orm::entity::prelude::*;

/// One row.
#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "hand_over")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    pub account: String,
    pub openid: String,
    pub area: Option<String>,
    pub asked_at: DateTimeUtc,
    pub claimed_by: Option<Uuid>,
    pub claimed_name: Option<String>,
    pub claimed_at: Option<DateTimeUtc>,
    pub answered_at: Option<DateTimeUtc>,
    pub last_at: DateTimeUtc,
    pub is_silent: bool,
    pub due_at: Option<DateTimeUtc>,
    pub ended_at: Option<DateTimeUtc>,
    pub ended_by: Option<String>,
}

impl ActiveModelBehavior for ActiveModel {}
