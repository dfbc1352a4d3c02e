//! What a ticket counts for. `entries` holds everything; `counted` and `counting` (a bit for each
//! figure it is in the denominator and in the numerator of) and `units` follow from it and are
//! there to be searched.

use sea_orm::entity::prelude::*;

/// One row.
#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "figure_ticket")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub ticket_id: Uuid,
    pub version: i64,
    pub number: String,
    pub day: String,
    pub area: Option<String>,
    pub area_path: String,
    pub category: String,
    pub channel: String,
    pub entries: String,
    pub counted: i64,
    pub counting: i64,
    pub units: String,
    pub rated_unit: Option<String>,
    pub rated_by: Option<i64>,
    pub asks: String,
    pub recount_at: Option<DateTimeUtc>,
}

impl ActiveModelBehavior for ActiveModel {}
