//! Words of the county's own: answers that the desk gives again and again, and texts that stand in
//! the place of the built-in ones.

use crate::columns::{drop_all, moment};
use sea_orm_migration::{
    prelude::*,
    schema::{big_integer, integer, string, string_null, text, uuid},
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
                    .table("answer_template")
                    .col(uuid("id").primary_key())
                    .col(string("title"))
                    .col(text("text"))
                    .col(string_null("category"))
                    .col(string_null("stage"))
                    .col(integer("position"))
                    .to_owned(),
            )
            .await?;
        schema
            .create_table(
                Table::create()
                    .table("wording_override")
                    .col(string("name").primary_key())
                    .col(text("text"))
                    .col(big_integer("version"))
                    .col(moment("changed_at"))
                    .col(string("changed_by"))
                    .to_owned(),
            )
            .await
    }

    async fn down(&self, schema: &SchemaManager) -> Result<(), DbErr> {
        drop_all(schema, &["wording_override", "answer_template"]).await
    }
}
