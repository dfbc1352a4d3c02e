//! The integration tests.

#![expect(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    reason = "a test that cannot go on has failed"
)]

mod harness;

mod accounts;
mod area_codes;
mod browser;
mod cli;
mod client;
mod config;
mod console;
mod crash;
mod desk_entry;
mod due;
mod erasure;
mod faults;
mod figures;
mod life;
mod media;
mod menus;
mod migrations;
mod mistakes;
mod phone;
mod protocol;
mod reach;
mod recording;
mod replay;
mod scripts;
mod sea_orm_facts;
mod shared;
mod simulator;
mod storage;
mod tidy;
mod webhook;
mod workbook;
