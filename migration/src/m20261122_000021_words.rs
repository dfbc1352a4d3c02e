//! Finding tickets by words: what was said, cut into pairs of signs, in the index for texts that
//! each database has of its own.
//!
//! The words of tickets that are there already are put in by whoever can cut a text.

use crate::columns::drop_all;
use sea_orm_migration::{
    prelude::*,
    schema::{big_integer, uuid},
    sea_orm::DbBackend,
};

#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }

    async fn up(&self, schema: &SchemaManager) -> Result<(), DbErr> {
        // The number counts up, so that the newest come first out of the index.
        let number = big_integer("id").auto_increment().primary_key().to_owned();
        schema
            .create_table(
                Table::create()
                    .table("ticket_words")
                    .col(number)
                    .col(uuid("ticket_id").unique_key())
                    .to_owned(),
            )
            .await?;
        let connection = schema.get_connection();
        if schema.get_database_backend() == DbBackend::Postgres {
            let column = "ALTER TABLE ticket_words ADD COLUMN words tsvector NOT NULL";
            connection.execute_unprepared(column).await?;
            let index = "CREATE INDEX ticket_words_words_idx ON ticket_words USING gin (words)";
            connection.execute_unprepared(index).await?;
        } else {
            // It keeps no text of its own: the ticket has it.
            let table = "CREATE VIRTUAL TABLE ticket_words_text USING fts5(words, content='', \
                         contentless_delete=1, tokenize='unicode61 remove_diacritics 0')";
            connection.execute_unprepared(table).await?;
        }
        Ok(())
    }

    async fn down(&self, schema: &SchemaManager) -> Result<(), DbErr> {
        if schema.get_database_backend() != DbBackend::Postgres {
            schema.get_connection().execute_unprepared("DROP TABLE ticket_words_text").await?;
        }
        drop_all(schema, &["ticket_words"]).await
    }
}
