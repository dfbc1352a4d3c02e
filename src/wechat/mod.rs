//! The WeChat official account platform: what it pushes to us, what we answer, what we call.
//!
//! Everything but [`client`] is pure: bytes and values in, values out. Facts and figures come
//! from the platform's published pages; each module names the rule that it keeps.
//!
//! Deliberately absent: anything about tickets or conversations.

pub mod account;
pub mod answer;
pub mod client;
pub mod envelope;
pub mod menu;
pub mod page;
pub mod push;
pub mod signature;
pub mod xml;
