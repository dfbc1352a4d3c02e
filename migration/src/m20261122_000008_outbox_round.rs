//! A message may have to begin anew: in each round the platform is given another id by which it
//! tells repeats, and counts its ten minutes from the first attempt of the round.

use crate::columns::moment_null;
use sea_orm_migration::{prelude::*, schema::integer};

#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }

    // SQLite adds and drops one column at a time.
    async fn up(&self, schema: &SchemaManager) -> Result<(), DbErr> {
        for column in [integer("round").default(0).to_owned(), moment_null("tried_at")] {
            let mut table = Table::alter();
            schema.alter_table(table.table("outbox").add_column(column).to_owned()).await?;
        }
        Ok(())
    }

    async fn down(&self, schema: &SchemaManager) -> Result<(), DbErr> {
        for column in ["tried_at", "round"] {
            let mut table = Table::alter();
            schema.alter_table(table.table("outbox").drop_column(column).to_owned()).await?;
        }
        Ok(())
    }
}
