//! Tickets that have to be counted again. A row is only ever added and taken away, so whoever saves
//! a ticket waits for nobody who counts.

use sea_orm::entity::prelude::*;

/// One row.
#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "figure_due")]
pub struct Model {
    #[sea_orm(primary_key)]
    pub id: i64,
    pub ticket_id: Uuid,
}

impl ActiveModelBehavior for ActiveModel {}
