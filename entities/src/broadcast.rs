//! Words that were passed down the tree to groups.

use sea_orm::entity::prelude::*;

/// One row.
#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "broadcast")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    pub text: String,
    pub area: String,
    pub levels: Json,
    pub operator_id: Uuid,
    pub operator: String,
    pub at: DateTimeUtc,
}

impl ActiveModelBehavior for ActiveModel {}
