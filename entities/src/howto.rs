//! The handbook, in the order of the workbook.

use sea_orm::entity::prelude::*;

/// One row.
#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "howto")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub code: String,
    pub position: i32,
    pub title: String,
    pub subject: String,
    pub text: String,
    pub unit: Option<String>,
    pub checked_on: Option<Date>,
    pub keywords: Json,
}

impl ActiveModelBehavior for ActiveModel {}
