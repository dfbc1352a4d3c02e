//! Pushes that were claimed.

use crate::columns::{drop_all, index, key, moment};
use sea_orm_migration::{
    prelude::*,
    schema::{boolean, string, text_null},
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
                    .table("inbox")
                    .col(string("account"))
                    .col(string("dedup_key"))
                    .col(text_null("answer"))
                    .col(moment("received_at"))
                    .col(boolean("cleared"))
                    .primary_key(&mut key(&["account", "dedup_key"]))
                    .to_owned(),
            )
            .await?;
        schema.create_index(index("inbox", "age", &["received_at"])).await?;
        Ok(())
    }

    async fn down(&self, schema: &SchemaManager) -> Result<(), DbErr> {
        drop_all(schema, &["inbox"]).await
    }
}
