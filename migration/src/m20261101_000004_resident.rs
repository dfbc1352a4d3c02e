//! Followers of an account, their conversation, and how many come and go.

use crate::columns::{drop_all, index, key, moment, moment_null, reference};
use sea_orm_migration::{
    prelude::*,
    schema::{
        big_integer, boolean, integer, json_binary, json_binary_null, string, string_null,
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
                    .table("resident")
                    .col(string("account"))
                    .col(string("openid"))
                    .col(boolean("following"))
                    .col(moment_null("followed_at"))
                    .col(string_null("phone"))
                    .col(string_null("home_area"))
                    .col(moment_null("told_privacy_at"))
                    .col(uuid_null("member_id"))
                    .col(json_binary("state"))
                    .col(json_binary_null("parked"))
                    .col(big_integer("version"))
                    .col(moment("touched_at"))
                    .col(moment_null("due_at"))
                    .col(moment_null("window_at"))
                    .col(integer("window_used"))
                    .col(moment_null("brief_at"))
                    .col(integer("brief_used"))
                    .primary_key(&mut key(&["account", "openid"]))
                    .foreign_key(&mut reference(("resident", "member_id"), ("member", "id")))
                    .to_owned(),
            )
            .await?;
        schema
            .create_table(
                Table::create()
                    .table("follow_count")
                    .col(string("account"))
                    .col(string("day"))
                    .col(big_integer("follows"))
                    .col(big_integer("unfollows"))
                    .primary_key(&mut key(&["account", "day"]))
                    .to_owned(),
            )
            .await?;
        schema.create_index(index("resident", "due", &["due_at"])).await?;
        schema.create_index(index("resident", "member", &["member_id"])).await?;
        Ok(())
    }

    async fn down(&self, schema: &SchemaManager) -> Result<(), DbErr> {
        drop_all(schema, &["follow_count", "resident"]).await
    }
}
