//! Pushes that were claimed, with the answer that a repeat gets. Answers are personal, so they
//! are cleared after a day; the key stays, so that an old push cannot be replayed.

use sea_orm::entity::prelude::*;

/// One row.
#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "inbox")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub account: String,
    #[sea_orm(primary_key, auto_increment = false)]
    pub dedup_key: String,
    pub answer: Option<String>,
    pub received_at: DateTimeUtc,
    pub cleared: bool,
}

impl ActiveModelBehavior for ActiveModel {}
