//! Which tag a follower is to have at the platform, and which one they may have there.

use sea_orm::entity::prelude::*;

/// One row.
#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "tag_wish")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub account: String,
    #[sea_orm(primary_key, auto_increment = false)]
    pub openid: String,
    pub wanted: Option<String>,
    pub perhaps: Option<String>,
    pub due_at: Option<DateTimeUtc>,
    pub attempt: i32,
    pub problem: Option<String>,
}

impl ActiveModelBehavior for ActiveModel {}
