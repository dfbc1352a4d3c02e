//! The county: areas, units, categories, settings, and the people who work there.

use crate::columns::{drop_all, index, moment, moment_null, reference};
use sea_orm_migration::{
    prelude::*,
    schema::{
        big_integer, boolean, double_null, integer, json_binary, string, string_null, text, uuid,
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
        schema
            .create_table(
                Table::create()
                    .table("member")
                    .col(uuid("id").primary_key())
                    .col(string("name"))
                    .col(string("role"))
                    .col(string_null("area"))
                    .col(string_null("unit"))
                    .col(string_null("phone"))
                    .col(boolean("active"))
                    .col(integer("position"))
                    .to_owned(),
            )
            .await?;
        schema
            .create_table(
                Table::create()
                    .table("invitation")
                    .col(uuid("id").primary_key())
                    .col(string("code_hash").unique_key())
                    .col(uuid("member_id"))
                    .col(moment("created_at"))
                    .col(moment("expires_at"))
                    .col(moment_null("used_at"))
                    .col(string_null("used_account"))
                    .col(string_null("used_openid"))
                    .foreign_key(&mut reference(("invitation", "member_id"), ("member", "id")))
                    .to_owned(),
            )
            .await?;
        schema.create_index(index("unit", "name", &["name"])).await?;
        schema.create_index(index("member", "name", &["name"])).await?;
        schema.create_index(index("member", "unit", &["unit"])).await?;
        schema.create_index(index("member", "area", &["area"])).await?;
        schema.create_index(index("invitation", "member", &["member_id"])).await?;
        Ok(())
    }

    async fn down(&self, schema: &SchemaManager) -> Result<(), DbErr> {
        drop_all(schema, &["invitation", "member", "category", "unit", "area", "setting", "county"])
            .await
    }
}
