//! Figures that are kept: what each ticket counts for, sums of it, and which tickets have to be
//! counted again – at first all of them, the latest first.

use crate::columns::{drop_all, index, key, moment_null};
use sea_orm_migration::{
    prelude::*,
    schema::{big_integer, big_integer_null, string, string_null, text, uuid},
};

#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

/// All that lists and groups of a span of days look at, so that they read the index alone.
const SPAN: [&str; 11] = [
    "day",
    "number",
    "counted",
    "counting",
    "category",
    "channel",
    "area",
    "area_path",
    "units",
    "rated_unit",
    "rated_by",
];

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }

    async fn up(&self, schema: &SchemaManager) -> Result<(), DbErr> {
        let id = big_integer("id").auto_increment().primary_key().to_owned();
        schema
            .create_table(
                Table::create().table("figure_due").col(id).col(uuid("ticket_id")).to_owned(),
            )
            .await?;
        schema
            .create_table(
                Table::create()
                    .table("figure_ticket")
                    .col(uuid("ticket_id").primary_key())
                    .col(big_integer("version"))
                    .col(string("number"))
                    .col(string("day"))
                    .col(string_null("area"))
                    .col(text("area_path"))
                    .col(string("category"))
                    .col(string("channel"))
                    .col(text("entries"))
                    .col(big_integer("counted"))
                    .col(big_integer("counting"))
                    .col(text("units"))
                    .col(string_null("rated_unit"))
                    .col(big_integer_null("rated_by"))
                    .col(string("asks"))
                    .col(moment_null("recount_at"))
                    .to_owned(),
            )
            .await?;
        schema
            .create_table(
                Table::create()
                    .table("figure_sum")
                    .col(string("area"))
                    .col(string("by"))
                    .col(string("period"))
                    .col(string("part"))
                    .col(text("figures"))
                    .primary_key(&mut key(&["area", "by", "period", "part"]))
                    .to_owned(),
            )
            .await?;
        schema.create_index(index("figure_ticket", "span", &SPAN)).await?;
        schema.create_index(index("figure_ticket", "place", &["area", "day"])).await?;
        schema.create_index(index("figure_ticket", "recount", &["recount_at"])).await?;
        schema.create_index(index("figure_ticket", "asks", &["category", "asks"])).await?;
        let tickets = Query::select()
            .column("id")
            .from("ticket")
            .order_by("submitted_at", Order::Asc)
            .order_by("id", Order::Asc)
            .to_owned();
        let mut all = Query::insert();
        all.into_table("figure_due").columns(["ticket_id"]);
        all.select_from(tickets).map_err(|error| DbErr::Migration(error.to_string()))?;
        schema.get_connection().execute(&all).await?;
        Ok(())
    }

    async fn down(&self, schema: &SchemaManager) -> Result<(), DbErr> {
        let mut mark = Query::delete();
        mark.from_table("mark").and_where(Expr::col("name").eq("figures"));
        schema.get_connection().execute(&mark).await?;
        drop_all(schema, &["figure_sum", "figure_ticket", "figure_due"]).await
    }
}
