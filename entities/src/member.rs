//! Members and operators. Never deleted: tickets remember their identity.

use sea_orm::entity::prelude::*;

/// One row.
#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "member")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    pub name: String,
    pub role: String,
    pub area: Option<String>,
    pub unit: Option<String>,
    pub phone: Option<String>,
    pub active: bool,
    pub position: i32,
    pub skills: Json,
    pub duty_from: Option<i32>,
    pub duty_until: Option<i32>,
    pub leave_from: Option<Date>,
    pub leave_until: Option<Date>,
    pub max_load: Option<i32>,
}

impl ActiveModelBehavior for ActiveModel {}
