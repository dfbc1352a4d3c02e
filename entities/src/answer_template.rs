//! Answers that the desk gives again and again, in the order in which they are offered.

use sea_orm::entity::prelude::*;

/// One row.
#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "answer_template")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    pub title: String,
    pub text: String,
    pub category: Option<String>,
    pub stage: Option<String>,
    pub position: i32,
}

impl ActiveModelBehavior for ActiveModel {}
