//! Nodes of the county's tree, in the order of the workbook.

use sea_orm::entity::prelude::*;

/// One row.
#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "area")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub code: String,
    pub position: i32,
    pub name: String,
    pub parent: Option<String>,
    pub level: String,
    pub lat: Option<f64>,
    pub lon: Option<f64>,
    pub aliases: Json,
}

impl ActiveModelBehavior for ActiveModel {}
