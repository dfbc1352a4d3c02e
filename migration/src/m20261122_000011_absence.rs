//! Who is away: found without a look at everybody, because it is asked all the time.

use crate::columns::index;
use sea_orm_migration::prelude::*;

#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }

    async fn up(&self, schema: &SchemaManager) -> Result<(), DbErr> {
        schema.create_index(index("member", "absence", &["active", "leave_until"])).await
    }

    async fn down(&self, schema: &SchemaManager) -> Result<(), DbErr> {
        let mut drop = Index::drop();
        schema.drop_index(drop.table("member").name("member_absence_idx").to_owned()).await
    }
}
