//! Workbooks that were looked at and wait for a yes.

use sea_orm::entity::prelude::*;

/// One row.
#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "pending_import")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub operator_id: Uuid,
    pub at: DateTimeUtc,
    pub name: String,
    pub content: Vec<u8>,
}

impl ActiveModelBehavior for ActiveModel {}
