//! The rows in which figures are kept.

use super::{round_trip, some, text};
use crate::harness::{TestDatabase, fresh, monday, on_both};
use entities::{figure_due, figure_sum, figure_ticket};

on_both![rows_of_figures_survive];

async fn rows_of_figures_survive(database: &TestDatabase) {
    let on = database.store.connection();
    let ticket_id = fresh();
    round_trip(on, figure_due::Model { id: 7, ticket_id }).await;
    round_trip(
        on,
        figure_ticket::Model {
            ticket_id,
            version: 3,
            number: text("LX260302123456"),
            day: text("2026-03-02"),
            area: some("130699201"),
            area_path: text("/130699/130699201/"),
            category: text("lighting"),
            channel: text("wechat"),
            entries: text("@police/county on_time+"),
            counted: 1 << 36,
            counting: 1 << 36,
            units: text("/police/"),
            rated_unit: some("police"),
            rated_by: Some(i64::MIN),
            asks: text("photo"),
            recount_at: Some(monday()),
        },
    )
    .await;
    round_trip(
        on,
        figure_sum::Model {
            area: text(""),
            by: text("unit"),
            period: text("2026-03"),
            part: text("police"),
            figures: text("on_time=3/4"),
        },
    )
    .await;
}
