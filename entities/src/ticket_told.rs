//! A resident was told of a result, and the ticket does not know it yet.

use sea_orm::entity::prelude::*;

/// One row.
#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "ticket_told")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub ticket_id: Uuid,
    pub at: DateTimeUtc,
    pub channel: String,
}

impl ActiveModelBehavior for ActiveModel {}
