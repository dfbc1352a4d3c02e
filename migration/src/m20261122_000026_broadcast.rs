//! Words that are passed down the tree to groups; their parts are posts of the groups' robots.

use crate::columns::{drop_all, index, moment};
use sea_orm_migration::{
    prelude::*,
    schema::{json_binary, string, text, uuid},
};

#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }

    async fn up(&self, schema: &SchemaManager) -> Result<(), DbErr> {
        schema
            .create_table(
                Table::create()
                    .table("broadcast")
                    .col(uuid("id").primary_key())
                    .col(text("text"))
                    .col(string("area"))
                    .col(json_binary("levels"))
                    .col(uuid("operator_id"))
                    .col(string("operator"))
                    .col(moment("at"))
                    .to_owned(),
            )
            .await?;
        schema.create_index(index("broadcast", "at", &["at"])).await
    }

    async fn down(&self, schema: &SchemaManager) -> Result<(), DbErr> {
        drop_all(schema, &["broadcast"]).await
    }
}
