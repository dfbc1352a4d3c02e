//! What a day was like on an account. Counted while the day runs and right after it; what is
//! erased later stays counted.

use sea_orm::entity::prelude::*;

/// One row.
#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "account_day")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub account: String,
    #[sea_orm(primary_key, auto_increment = false)]
    pub day: String,
    pub followers: i64,
    pub pushes: i64,
    pub notices: i64,
    pub tickets: i64,
}

impl ActiveModelBehavior for ActiveModel {}
