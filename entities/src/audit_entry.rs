//! What operators looked at and did, appended and never changed.

use sea_orm::entity::prelude::*;

/// One row.
#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "audit_entry")]
pub struct Model {
    #[sea_orm(primary_key)]
    pub id: i64,
    pub at: DateTimeUtc,
    pub operator_id: Option<Uuid>,
    pub operator_name: String,
    pub deed: String,
    pub subject: Option<String>,
    pub note: String,
}

impl ActiveModelBehavior for ActiveModel {}
