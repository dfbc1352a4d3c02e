//! Which needs go to whom, in the order of the workbook.

use sea_orm::entity::prelude::*;

/// One row.
#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "rule")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub position: i32,
    pub name: String,
    pub categories: Json,
    pub area: Option<String>,
    pub hours_from: Option<i32>,
    pub hours_until: Option<i32>,
    pub channel: Option<String>,
    pub skill: Option<String>,
    pub target: String,
    pub target_name: Option<String>,
}

impl ActiveModelBehavior for ActiveModel {}
