//! One file per table: columns only, no behaviour.
//!
//! Columns are primitives. Closed sets are stored as their codes in text and are read by
//! `storage`, which knows the domain: an unknown code spoils one row, not a whole list.
//!
//! Deliberately absent: serde, relations, hooks, and every type of the domain, which this crate
//! cannot even name.
#![expect(missing_docs, reason = "a column is named for what it holds")]

pub mod account_alarm;
pub mod account_day;
pub mod answer_template;
pub mod area;
pub mod area_code;
pub mod audit_entry;
pub mod broadcast;
pub mod call_back;
pub mod category;
pub mod chat_line;
pub mod consent;
pub mod county;
pub mod day;
pub mod delivery_event;
pub mod figure_due;
pub mod figure_sum;
pub mod figure_ticket;
pub mod follow_count;
pub mod group_post;
pub mod group_robot;
pub mod hand_over;
pub mod howto;
pub mod inbox;
pub mod invitation;
pub mod mark;
pub mod media;
pub mod member;
pub mod operator;
pub mod outbox;
pub mod pending_import;
pub mod resident;
pub mod rule;
pub mod saved_view;
pub mod session;
pub mod setting;
pub mod tag_wish;
pub mod ticket;
pub mod ticket_called;
pub mod ticket_event;
pub mod ticket_told;
pub mod unit;
pub mod wording_override;
