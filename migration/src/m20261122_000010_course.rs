//! What runs beside a ticket's status – clocks, helpers, a supervision – and what is searched of it.

use crate::columns::{index, moment_null};
use sea_orm_migration::{
    prelude::*,
    schema::{json_binary, string, string_null},
};

#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

const INDEXES: [(&str, &str); 3] =
    [("merged", "merged_into"), ("late", "late_at"), ("guessed", "guessed_by")];

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }

    // SQLite adds and drops one column at a time.
    async fn up(&self, schema: &SchemaManager) -> Result<(), DbErr> {
        let columns = [
            json_binary("course").default("{}").to_owned(),
            string_null("merged_into"),
            moment_null("late_at"),
            string_null("guessed_by"),
        ];
        for column in columns {
            let mut table = Table::alter();
            schema.alter_table(table.table("ticket").add_column(column).to_owned()).await?;
        }
        let mut calls = Table::alter();
        let part = string("part").default("lead").to_owned();
        schema.alter_table(calls.table("ticket_called").add_column(part).to_owned()).await?;
        for (purpose, column) in INDEXES {
            schema.create_index(index("ticket", purpose, &[column])).await?;
        }
        Ok(())
    }

    async fn down(&self, schema: &SchemaManager) -> Result<(), DbErr> {
        for (purpose, _) in INDEXES {
            let name = format!("ticket_{purpose}_idx");
            schema.drop_index(Index::drop().table("ticket").name(name).to_owned()).await?;
        }
        let mut calls = Table::alter();
        schema.alter_table(calls.table("ticket_called").drop_column("part").to_owned()).await?;
        for column in ["guessed_by", "late_at", "merged_into", "course"] {
            let mut table = Table::alter();
            schema.alter_table(table.table("ticket").drop_column(column).to_owned()).await?;
        }
        Ok(())
    }
}
