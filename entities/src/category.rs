//! Kinds of needs, in the order of the workbook.
#![expect(clippy::struct_excessive_bools, reason = "each is a column of the county's sheet")]

use sea_orm::entity::prelude::*;

/// One row.
#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "category")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub code: String,
    pub position: i32,
    pub name: String,
    pub hint: String,
    pub keywords: Json,
    pub confidential: bool,
    pub module: Option<String>,
    pub enabled: bool,
    pub auto: bool,
    pub unit: Option<String>,
    pub checker: bool,
    pub four_order: bool,
    pub needs_photo: bool,
    pub accept_minutes: i32,
    pub sign_minutes: i32,
    pub result_minutes: i32,
    pub check_minutes: i32,
    pub long: bool,
}

impl ActiveModelBehavior for ActiveModel {}
