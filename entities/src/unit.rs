//! Departments, stations and teams, in the order of the workbook.

use sea_orm::entity::prelude::*;

/// One row.
#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "unit")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub code: String,
    pub position: i32,
    pub name: String,
    pub kind: String,
    pub area: String,
    pub leader: Option<String>,
}

impl ActiveModelBehavior for ActiveModel {}
