//! Accounts of the console, their sessions, and what they looked at and did.

use crate::columns::{drop_all, index, moment, moment_null, reference};
use sea_orm_migration::{
    prelude::*,
    schema::{
        big_integer_null, big_pk_auto, boolean, json_binary, string, string_null, text, uuid,
        uuid_null,
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
                    .table("operator")
                    .col(uuid("id").primary_key())
                    .col(string("name").unique_key())
                    .col(text("password_hash"))
                    .col(string("role"))
                    .col(string_null("area"))
                    .col(json_binary("categories"))
                    .col(boolean("must_change"))
                    .col(string_null("totp_secret"))
                    .col(big_integer_null("totp_step"))
                    .col(moment("created_at"))
                    .col(moment_null("disabled_at"))
                    .to_owned(),
            )
            .await?;
        schema
            .create_table(
                Table::create()
                    .table("session")
                    .col(string("token_hash").primary_key())
                    .col(uuid("operator_id"))
                    .col(moment("created_at"))
                    .col(moment("seen_at"))
                    .col(moment("expires_at"))
                    .foreign_key(&mut reference(("session", "operator_id"), ("operator", "id")))
                    .to_owned(),
            )
            .await?;
        schema.create_index(index("session", "operator", &["operator_id"])).await?;
        schema.create_index(index("session", "age", &["expires_at"])).await?;
        schema
            .create_table(
                Table::create()
                    .table("audit_entry")
                    .col(big_pk_auto("id"))
                    .col(moment("at"))
                    .col(uuid_null("operator_id"))
                    .col(string("operator_name"))
                    .col(string("deed"))
                    .col(string_null("subject"))
                    .col(text("note"))
                    .to_owned(),
            )
            .await?;
        schema.create_index(index("audit_entry", "operator", &["operator_id", "id"])).await?;
        schema.create_index(index("audit_entry", "subject", &["subject", "id"])).await
    }

    async fn down(&self, schema: &SchemaManager) -> Result<(), DbErr> {
        drop_all(schema, &["audit_entry", "session", "operator"]).await
    }
}
