//! Robots of groups: who has the key may write there.

use sea_orm::entity::prelude::*;

/// One row.
#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "group_robot")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    pub area: String,
    pub name: String,
    pub key: String,
    pub active: bool,
    pub broken: bool,
    pub paused_until: Option<DateTimeUtc>,
    pub last_at: Option<DateTimeUtc>,
    pub last_result: Option<String>,
}

impl ActiveModelBehavior for ActiveModel {}
