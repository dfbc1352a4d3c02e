//! Tickets as they stand. `stage`, `category`, `area`, `merged_into`, `late_at`, `guessed_by`,
//! `wish_at`, `ended_at`, `due_at` and everything after `version` follow from the other columns and
//! are there to be searched.

use sea_orm::entity::prelude::*;

/// One row.
#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "ticket")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    pub number: String,
    pub account: String,
    pub openid: String,
    pub channel: String,
    pub text: String,
    pub place_text: Option<String>,
    pub place_lat: Option<f64>,
    pub place_lng: Option<f64>,
    pub area: Option<String>,
    pub area_path: Json,
    pub category: String,
    pub contact: Option<String>,
    pub confidential: bool,
    pub urgent: bool,
    pub media: Json,
    pub stage: String,
    pub status: Json,
    pub round: i32,
    pub called: Json,
    pub handler_id: Option<Uuid>,
    pub handler_name: Option<String>,
    pub unit: Option<String>,
    pub accountable_id: Option<Uuid>,
    pub accountable_name: Option<String>,
    pub finding: Option<Json>,
    pub rating: Option<String>,
    pub returned_by: Json,
    pub urged: i32,
    pub course: Json,
    pub merged_into: Option<String>,
    pub late_at: Option<DateTimeUtc>,
    pub guessed_by: Option<String>,
    pub wish_at: Option<DateTimeUtc>,
    pub submitted_at: DateTimeUtc,
    pub accepted_at: Option<DateTimeUtc>,
    pub closed_at: Option<DateTimeUtc>,
    pub ended_at: Option<DateTimeUtc>,
    pub due_at: Option<DateTimeUtc>,
    pub reporter_name: Option<String>,
    pub entered_by_id: Option<Uuid>,
    pub entered_by_name: Option<String>,
    pub version: i64,
    pub township: Option<String>,
    pub queue: Option<String>,
    pub queue_rank: i64,
    pub warn_at: Option<DateTimeUtc>,
    pub dissatisfied_until: Option<DateTimeUtc>,
    pub touched_at: Option<DateTimeUtc>,
    pub owed_at: Option<DateTimeUtc>,
    pub escalations: i32,
}

impl ActiveModelBehavior for ActiveModel {}
