//! A follower of one account: profile, conversation, reply window. One row, so that one statement
//! locks a person and reads all of them. `unionid` is the platform's word for one person on several
//! accounts, and `ask_at` stands while it has to be asked for.

use sea_orm::entity::prelude::*;

/// One row.
#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "resident")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub account: String,
    #[sea_orm(primary_key, auto_increment = false)]
    pub openid: String,
    pub following: bool,
    pub followed_at: Option<DateTimeUtc>,
    pub phone: Option<String>,
    pub home_area: Option<String>,
    pub told_privacy_at: Option<DateTimeUtc>,
    pub member_id: Option<Uuid>,
    pub state: Json,
    pub parked: Option<Json>,
    pub version: i64,
    pub touched_at: DateTimeUtc,
    pub due_at: Option<DateTimeUtc>,
    pub window_at: Option<DateTimeUtc>,
    pub window_used: i32,
    pub brief_at: Option<DateTimeUtc>,
    pub brief_used: i32,
    pub unionid: Option<String>,
    pub ask_at: Option<DateTimeUtc>,
    pub left_at: Option<DateTimeUtc>,
    pub wish: String,
}

impl ActiveModelBehavior for ActiveModel {}
