//! Who said yes or no to notifications by which template.

use sea_orm::entity::prelude::*;

/// One row.
#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "consent")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub account: String,
    #[sea_orm(primary_key, auto_increment = false)]
    pub openid: String,
    #[sea_orm(primary_key, auto_increment = false)]
    pub template_id: String,
    pub accepted: bool,
    pub at: DateTimeUtc,
}

impl ActiveModelBehavior for ActiveModel {}
