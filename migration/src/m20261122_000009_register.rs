//! The county says more of itself: what its members can do and when, how long each kind of need
//! may take, which needs go to whom, its holidays, and how residents get something done.

use crate::columns::drop_all;
use sea_orm_migration::{
    prelude::*,
    schema::{
        boolean, date, date_null, integer, integer_null, json_binary, string, string_null, text,
    },
};

#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }

    async fn up(&self, schema: &SchemaManager) -> Result<(), DbErr> {
        add_columns(
            schema,
            "member",
            [
                json_binary("skills").default("[]").to_owned(),
                integer_null("duty_from"),
                integer_null("duty_until"),
                date_null("leave_from"),
                date_null("leave_until"),
                integer_null("max_load"),
            ],
        )
        .await?;
        // Working minutes: half a day, a day, five days and half a day of eight hours.
        add_columns(
            schema,
            "category",
            [
                integer("accept_minutes").default(240).to_owned(),
                integer("sign_minutes").default(480).to_owned(),
                integer("result_minutes").default(2400).to_owned(),
                integer("check_minutes").default(240).to_owned(),
                boolean("long").default(false).to_owned(),
            ],
        )
        .await?;
        schema
            .create_table(
                Table::create()
                    .table("rule")
                    .col(integer("position").primary_key())
                    .col(string("name"))
                    .col(json_binary("categories"))
                    .col(string_null("area"))
                    .col(integer_null("hours_from"))
                    .col(integer_null("hours_until"))
                    .col(string_null("channel"))
                    .col(string_null("skill"))
                    .col(string("target"))
                    .col(string_null("target_name"))
                    .to_owned(),
            )
            .await?;
        schema
            .create_table(
                Table::create()
                    .table("day")
                    .col(date("date").primary_key())
                    .col(string("kind"))
                    .col(string("name"))
                    .to_owned(),
            )
            .await?;
        schema
            .create_table(
                Table::create()
                    .table("howto")
                    .col(string("code").primary_key())
                    .col(integer("position"))
                    .col(string("title"))
                    .col(string("subject"))
                    .col(text("text"))
                    .col(string_null("unit"))
                    .col(date_null("checked_on"))
                    .col(json_binary("keywords"))
                    .to_owned(),
            )
            .await
    }

    async fn down(&self, schema: &SchemaManager) -> Result<(), DbErr> {
        drop_all(schema, &["howto", "day", "rule"]).await?;
        let limits = ["long", "check_minutes", "result_minutes", "sign_minutes", "accept_minutes"];
        drop_columns(schema, "category", &limits).await?;
        let people = ["max_load", "leave_until", "leave_from", "duty_until", "duty_from", "skills"];
        drop_columns(schema, "member", &people).await
    }
}

// SQLite adds and drops one column at a time.
async fn add_columns(
    schema: &SchemaManager<'_>,
    name: &'static str,
    columns: impl IntoIterator<Item = ColumnDef>,
) -> Result<(), DbErr> {
    for column in columns {
        let mut table = Table::alter();
        schema.alter_table(table.table(name).add_column(column).to_owned()).await?;
    }
    Ok(())
}

async fn drop_columns(
    schema: &SchemaManager<'_>,
    name: &'static str,
    columns: &[&'static str],
) -> Result<(), DbErr> {
    for column in columns {
        let mut table = Table::alter();
        schema.alter_table(table.table(name).drop_column(*column).to_owned()).await?;
    }
    Ok(())
}
