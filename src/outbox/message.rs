//! A message as it lies in the outbox: its kind and the fields its words are made of.
//!
//! This is the stored form; the core's [`crate::ticket::notice::Notice`] is turned into it when
//! it is put in. Fields are snapshots: a notice says what was true when it was decided.

use crate::dialogue::reply::Card;
use crate::ticket::Ticket;
use crate::ticket::notice::NoticeKind;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// The names of all fields: what a text may use and a template's keyword may carry.
pub const FIELDS: [&str; 14] = [
    "number", "category", "place", "state", "status", "handler", "time", "gist", "note", "until",
    "urgent", "name", "count", "kind",
];

/// The fields of a message by name; all of [`FIELDS`] are there, possibly empty.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Fields(BTreeMap<String, String>);

impl Fields {
    /// All fields, empty.
    pub fn blank() -> Self {
        Self(FIELDS.iter().map(|name| ((*name).to_owned(), String::new())).collect())
    }

    /// Sets one field.
    pub fn put(&mut self, name: &str, value: impl Into<String>) {
        self.0.insert(name.to_owned(), value.into());
    }

    /// One field; empty where there is none.
    pub fn get(&self, name: &str) -> &str {
        self.0.get(name).map_or("", String::as_str)
    }

    /// The fields of a notice about a ticket.
    pub fn of(card: &Card, ticket: &Ticket, state: String) -> Self {
        let mut fields = Self::blank();
        fields.put("number", card.number.clone());
        fields.put("category", card.category.clone());
        fields.put("place", card.place.clone());
        fields.put("state", state);
        fields.put("handler", card.handler.clone().unwrap_or_default());
        // A confidential matter is not told on a lock screen.
        let gist = if ticket.report.confidential { "内容已保密" } else { card.gist.as_str() };
        fields.put("gist", gist);
        fields.put("until", card.until.clone().unwrap_or_default());
        fields.put("urgent", if ticket.report.urgent { "急" } else { "" });
        fields
    }
}

/// The stored form of a message.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "v")]
pub enum Message {
    /// The first form.
    #[serde(rename = "1")]
    V1 {
        /// What it says.
        kind: NoticeKind,
        /// What its words are made of.
        fields: Fields,
    },
}

impl Message {
    /// A message of this kind.
    pub fn new(kind: NoticeKind, fields: Fields) -> Self {
        Self::V1 { kind, fields }
    }
}
