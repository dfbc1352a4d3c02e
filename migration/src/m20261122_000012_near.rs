//! What others reported near a place, and which wishes for more time wait for the desk.

use crate::columns::{index, moment_null};
use sea_orm_migration::prelude::*;

#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }

    async fn up(&self, schema: &SchemaManager) -> Result<(), DbErr> {
        let mut table = Table::alter();
        schema
            .alter_table(table.table("ticket").add_column(moment_null("wish_at")).to_owned())
            .await?;
        schema.create_index(index("ticket", "wish", &["wish_at"])).await?;
        schema.create_index(index("ticket", "near", &["category", "area", "ended_at"])).await
    }

    async fn down(&self, schema: &SchemaManager) -> Result<(), DbErr> {
        for purpose in ["near", "wish"] {
            let name = format!("ticket_{purpose}_idx");
            schema.drop_index(Index::drop().table("ticket").name(name).to_owned()).await?;
        }
        let mut table = Table::alter();
        schema.alter_table(table.table("ticket").drop_column("wish_at").to_owned()).await
    }
}
