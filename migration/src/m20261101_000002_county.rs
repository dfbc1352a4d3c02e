//! The county: areas, units, categories, settings.

use crate::columns::{drop_all, index, moment};
use sea_orm_migration::{
    prelude::*,
    schema::{big_integer, boolean, double_null, integer, json_binary, string, string_null, text},
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
                    .table("county")
                    .col(integer("id").primary_key())
                    .col(big_integer("version"))
                    .col(moment("imported_at"))
                    .col(double_null("south"))
                    .col(double_null("north"))
                    .col(double_null("west"))
                    .col(double_null("east"))
                    .to_owned(),
            )
            .await?;
        schema
            .create_table(
                Table::create()
                    .table("setting")
                    .col(string("name").primary_key())
                    .col(text("value"))
                    .to_owned(),
            )
            .await?;
        schema
            .create_table(
                Table::create()
                    .table("area")
                    .col(string("code").primary_key())
                    .col(integer("position"))
                    .col(string("name"))
                    .col(string_null("parent"))
                    .col(string("level"))
                    .col(double_null("lat"))
                    .col(double_null("lon"))
                    .col(json_binary("aliases"))
                    .to_owned(),
            )
            .await?;
        schema
            .create_table(
                Table::create()
                    .table("unit")
                    .col(string("code").primary_key())
                    .col(integer("position"))
                    .col(string("name"))
                    .col(string("kind"))
                    .col(string("area"))
                    .col(string_null("leader"))
                    .to_owned(),
            )
            .await?;
        schema
            .create_table(
                Table::create()
                    .table("category")
                    .col(string("code").primary_key())
                    .col(integer("position"))
                    .col(string("name"))
                    .col(text("hint"))
                    .col(json_binary("keywords"))
                    .col(boolean("confidential"))
                    .col(string_null("module"))
                    .col(boolean("enabled"))
                    .col(boolean("auto"))
                    .col(string_null("unit"))
                    .col(boolean("checker"))
                    .col(boolean("four_order"))
                    .col(boolean("needs_photo"))
                    .to_owned(),
            )
            .await?;
        schema.create_index(index("unit", "name", &["name"])).await?;
        Ok(())
    }

    async fn down(&self, schema: &SchemaManager) -> Result<(), DbErr> {
        drop_all(schema, &["category", "unit", "area", "setting", "county"]).await
    }
}
