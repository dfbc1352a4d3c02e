//! Reaching a person: the ways a message took, who consented to notifications, what they wish to
//! hear, the robots of groups and what they say, and when a resident was told of a result.

use crate::columns::{drop_all, index, key, moment, moment_null};
use sea_orm_migration::{
    prelude::*,
    schema::{
        big_integer_null, boolean, json_binary_null, string, string_null, text, text_null, uuid,
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
        let added = [
            ("outbox", json_binary_null("hops")),
            ("outbox", boolean("gathered").default(false).to_owned()),
            ("resident", string("wish").default("steps").to_owned()),
        ];
        for (table, column) in added {
            let mut alter = Table::alter();
            schema.alter_table(alter.table(table).add_column(column).to_owned()).await?;
        }
        // How many were told to one person today.
        schema
            .create_index(index("outbox", "person", &["account", "openid", "created_at"]))
            .await?;
        schema
            .create_table(
                Table::create()
                    .table("consent")
                    .col(string("account"))
                    .col(string("openid"))
                    .col(string("template_id"))
                    .col(boolean("accepted"))
                    .col(moment("at"))
                    .primary_key(&mut key(&["account", "openid", "template_id"]))
                    .to_owned(),
            )
            .await?;
        schema
            .create_table(
                Table::create()
                    .table("ticket_told")
                    .col(uuid("ticket_id").primary_key())
                    .col(moment("at"))
                    .col(string("channel"))
                    .to_owned(),
            )
            .await?;
        schema
            .create_table(
                Table::create()
                    .table("group_robot")
                    .col(uuid("id").primary_key())
                    .col(string("area"))
                    .col(string("name"))
                    .col(text("key"))
                    .col(boolean("active"))
                    .col(boolean("broken"))
                    .col(moment_null("paused_until"))
                    .col(moment_null("last_at"))
                    .col(text_null("last_result"))
                    .to_owned(),
            )
            .await?;
        schema
            .create_table(
                Table::create()
                    .table("group_post")
                    .col(uuid("id").primary_key())
                    .col(uuid("robot_id"))
                    .col(uuid_null("broadcast_id"))
                    .col(uuid_null("outbox_id"))
                    .col(uuid_null("topic"))
                    .col(string("kind"))
                    .col(text("text"))
                    .col(moment("created_at"))
                    .col(moment("due_at"))
                    .col(moment_null("begun_at"))
                    .col(moment_null("done_at"))
                    .col(string_null("outcome"))
                    .col(big_integer_null("code"))
                    .col(text_null("reason"))
                    .to_owned(),
            )
            .await?;
        schema.create_index(index("group_robot", "area", &["area"])).await?;
        schema.create_index(index("group_post", "due", &["done_at", "due_at"])).await?;
        schema.create_index(index("group_post", "robot", &["robot_id", "begun_at"])).await?;
        schema.create_index(index("group_post", "broadcast", &["broadcast_id"])).await?;
        schema.create_index(index("group_post", "topic", &["topic"])).await?;
        Ok(())
    }

    async fn down(&self, schema: &SchemaManager) -> Result<(), DbErr> {
        drop_all(schema, &["group_post", "group_robot", "ticket_told", "consent"]).await?;
        let person = Index::drop().table("outbox").name("outbox_person_idx").to_owned();
        schema.drop_index(person).await?;
        for (table, column) in [("resident", "wish"), ("outbox", "gathered"), ("outbox", "hops")] {
            let mut alter = Table::alter();
            schema.alter_table(alter.table(table).drop_column(column).to_owned()).await?;
        }
        Ok(())
    }
}
