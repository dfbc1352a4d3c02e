//! People who are known on several accounts, those who left, and what is wrong with an account.
//!
//! Whoever follows already is asked about slowly, in the order in which they were last heard.

use crate::columns::{drop_all, key, moment, moment_null};
use sea_orm_migration::{
    prelude::*,
    schema::{big_integer, string, string_null},
};

#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

/// Partial: most people are known, and most of them stay.
const INDEXES: [&str; 3] = [
    "CREATE INDEX resident_unionid_idx ON resident (unionid) WHERE unionid IS NOT NULL",
    "CREATE INDEX resident_ask_idx ON resident (ask_at) WHERE ask_at IS NOT NULL",
    "CREATE INDEX resident_left_idx ON resident (left_at) WHERE left_at IS NOT NULL",
];

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }

    async fn up(&self, schema: &SchemaManager) -> Result<(), DbErr> {
        for column in [string_null("unionid"), moment_null("ask_at"), moment_null("left_at")] {
            let mut table = Table::alter();
            schema.alter_table(table.table("resident").add_column(column).to_owned()).await?;
        }
        let connection = schema.get_connection();
        for sql in [
            "UPDATE resident SET ask_at = touched_at WHERE following",
            "UPDATE resident SET left_at = touched_at WHERE NOT following",
        ] {
            connection.execute_unprepared(sql).await?;
        }
        for create in INDEXES {
            connection.execute_unprepared(create).await?;
        }
        schema
            .create_table(
                Table::create()
                    .table("account_alarm")
                    .col(string("account"))
                    .col(string("kind"))
                    .col(string("subject"))
                    .col(moment("since"))
                    .col(moment("seen_at"))
                    .col(moment_null("until"))
                    .col(string_null("detail"))
                    .col(moment_null("ended_at"))
                    .primary_key(&mut key(&["account", "kind", "subject"]))
                    .to_owned(),
            )
            .await?;
        schema
            .create_table(
                Table::create()
                    .table("account_day")
                    .col(string("account"))
                    .col(string("day"))
                    .col(big_integer("followers"))
                    .col(big_integer("pushes"))
                    .col(big_integer("notices"))
                    .col(big_integer("tickets"))
                    .primary_key(&mut key(&["account", "day"]))
                    .to_owned(),
            )
            .await?;
        Ok(())
    }

    async fn down(&self, schema: &SchemaManager) -> Result<(), DbErr> {
        drop_all(schema, &["account_day", "account_alarm"]).await?;
        for purpose in ["left", "ask", "unionid"] {
            let name = format!("resident_{purpose}_idx");
            schema.drop_index(Index::drop().table("resident").name(name).to_owned()).await?;
        }
        for column in ["left_at", "ask_at", "unionid"] {
            let mut table = Table::alter();
            schema.alter_table(table.table("resident").drop_column(column).to_owned()).await?;
        }
        Ok(())
    }
}
