//! 统计: figures to be looked at, the tickets behind each of them, and the monthly report.
//!
//! Every number is a link to its tickets, every chart stands beside its table, and all of it is
//! limited to what the operator may see: another township's figures are answered like those of
//! a place that does not exist.
//!
//! Deliberately absent: what a figure means ([`crate::rates`]) and counting ([`crate::figures`]).

mod accounts;
mod asked;
mod charts;
mod dashboard;
mod naming;
mod report;
mod rows;
mod tickets;
mod tiles;

use super::{Desk, Stop, stop};
use actix_web::web::{ServiceConfig, get};

pub(super) fn routes(config: &mut ServiceConfig) {
    config
        .route("/figures", get().to(dashboard::page))
        .route("/figures/tickets", get().to(tickets::page))
        .route("/figures/report", get().to(report::page))
        .route("/figures/report.xlsx", get().to(report::workbook));
}
