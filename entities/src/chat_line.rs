//! What was said while somebody of the desk talked with a resident.

use sea_orm::entity::prelude::*;

/// One row.
#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "chat_line")]
pub struct Model {
    #[sea_orm(primary_key)]
    pub position: i64,
    pub hand_over_id: Uuid,
    pub account: String,
    pub openid: String,
    pub at: DateTimeUtc,
    pub side: String,
    pub kind: String,
    pub text: String,
    pub media: Option<String>,
    pub who: Option<String>,
    pub outbox_id: Option<Uuid>,
}

impl ActiveModelBehavior for ActiveModel {}
