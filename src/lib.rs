//! Lianxin (连心): the service behind a county's WeChat official account.
//!
//! A resident says in chat what they need; it becomes a ticket; it goes to a volunteer or a
//! department; both sides hear what happens; the resident signs off and rates.
//!
//! # Invariants
//!
//! 1. **Decide, then do.** All rules are functions of values in [`dialogue`], [`ticket`],
//!    [`county`], [`calendar`] and [`rates`]. They do no I/O, read no clock, draw no random number,
//!    and are total.
//! 2. **A decision is complete.** Whoever carries it out has no choices left.
//! 3. **One push, one transaction**: inbox row, conversation, ticket, history, outbox rows.
//! 4. **Nothing outside is called inside a transaction.** Messages leave through [`outbox`].
//! 5. **Only [`storage`] knows tables.**
//! 6. **The database is the truth**; [`shared`] state may be lost at any moment.
//! 7. **The present moment and fresh ids come from [`app::App`].** One `now` per request.
//! 8. **What belongs to an account says so**, and its queries name it.
//! 9. **What people read lives in `templates/`**; the core speaks in types.
//!
//! `ARCHITECTURE.md` tells who may import whom and follows one push from socket to answer.

pub mod access;
pub mod accounts;
pub mod app;
pub mod area_codes;
pub mod broadcast;
pub mod calendar;
pub mod cli;
pub mod clock;
pub mod config;
pub mod county;
pub mod desk;
pub mod dialogue;
pub mod due;
pub mod enact;
pub mod erasure;
pub mod figures;
pub mod ids;
pub mod intake;
pub mod invitation;
pub mod inviting;
pub mod life;
pub mod links;
pub mod media;
pub mod menus;
pub mod outbox;
pub mod page_acts;
pub mod people;
pub mod rates;
pub mod record;
pub mod replay;
pub mod replies;
pub mod routing;
pub mod shared;
pub mod sign_in;
pub mod simulator;
pub mod storage;
pub mod talk;
pub mod telemetry;
pub mod ticket;
pub mod web;
pub mod wechat;
pub mod workbook;
