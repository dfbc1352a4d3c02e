//! Photos, voices and films that people sent.

use sea_orm::entity::prelude::*;

/// One row.
#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "media")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: String,
    pub account: String,
    pub openid: Option<String>,
    pub kind: String,
    pub at: DateTimeUtc,
    pub stage: String,
    pub attempts: i32,
    pub due_at: Option<DateTimeUtc>,
    pub why: Option<String>,
    pub media_type: Option<String>,
    pub ticket_id: Option<Uuid>,
}

impl ActiveModelBehavior for ActiveModel {}
