//! Workbooks that were looked at and wait for a yes.

use crate::columns::{drop_all, moment, reference};
use sea_orm_migration::{
    prelude::*,
    schema::{binary, string, uuid},
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
                    .table("pending_import")
                    .col(uuid("operator_id").primary_key())
                    .col(moment("at"))
                    .col(string("name"))
                    .col(binary("content"))
                    .foreign_key(&mut reference(
                        ("pending_import", "operator_id"),
                        ("operator", "id"),
                    ))
                    .to_owned(),
            )
            .await
    }

    async fn down(&self, schema: &SchemaManager) -> Result<(), DbErr> {
        drop_all(schema, &["pending_import"]).await
    }
}
