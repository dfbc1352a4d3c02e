//! Pictures and voices that the county's texts show.

use sea_orm::entity::prelude::*;

/// One row.
#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "shown_file")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub name: String,
    pub hash: String,
    pub size: i64,
    pub bytes: Vec<u8>,
    pub put_by: String,
    pub put_at: DateTimeUtc,
}

impl ActiveModelBehavior for ActiveModel {}
