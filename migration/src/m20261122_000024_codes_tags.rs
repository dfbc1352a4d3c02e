//! Codes of areas that hang on walls, and the tags of people that the platform is to know.

use crate::columns::{drop_all, index, key, moment, moment_null};
use sea_orm_migration::{
    prelude::*,
    schema::{integer, string, string_null},
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
                    .table("area_code")
                    .col(string("account"))
                    .col(string("area"))
                    .col(string("ticket"))
                    .col(string("url"))
                    .col(moment("created_at"))
                    .primary_key(&mut key(&["account", "area"]))
                    .to_owned(),
            )
            .await?;
        schema
            .create_table(
                Table::create()
                    .table("tag_wish")
                    .col(string("account"))
                    .col(string("openid"))
                    .col(string_null("wanted"))
                    .col(string_null("perhaps"))
                    .col(moment_null("due_at"))
                    .col(integer("attempt"))
                    .col(string_null("problem"))
                    .primary_key(&mut key(&["account", "openid"]))
                    .to_owned(),
            )
            .await?;
        schema.create_index(index("tag_wish", "due", &["due_at"])).await?;
        schema.create_index(index("resident", "home", &["account", "home_area"])).await?;
        let connection = schema.get_connection();
        // Whoever is bound already is to be known too.
        connection
            .execute_unprepared(
                "INSERT INTO tag_wish (account, openid, wanted, due_at, attempt) \
                 SELECT resident.account, resident.openid, CASE member.role \
                 WHEN 'dispatcher' THEN 'operator' WHEN 'supervisor' THEN 'operator' \
                 WHEN 'grid_head' THEN 'grid_head' ELSE 'member' END, \
                 resident.touched_at, 0 \
                 FROM resident JOIN member ON member.id = resident.member_id \
                 WHERE member.active",
            )
            .await?;
        Ok(())
    }

    async fn down(&self, schema: &SchemaManager) -> Result<(), DbErr> {
        schema
            .drop_index(Index::drop().name("resident_home_idx").table("resident").to_owned())
            .await?;
        drop_all(schema, &["tag_wish", "area_code"]).await
    }
}
