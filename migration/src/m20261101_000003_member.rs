//! The people who work in the county, and the codes by which their phones are bound.

use crate::columns::{drop_all, index, moment, moment_null, reference};
use sea_orm_migration::{
    prelude::*,
    schema::{boolean, integer, string, string_null, uuid},
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
        schema.create_index(index("member", "name", &["name"])).await?;
        schema.create_index(index("member", "unit", &["unit"])).await?;
        schema.create_index(index("member", "area", &["area"])).await?;
        schema.create_index(index("invitation", "member", &["member_id"])).await?;
        Ok(())
    }

    async fn down(&self, schema: &SchemaManager) -> Result<(), DbErr> {
        drop_all(schema, &["invitation", "member"]).await
    }
}
