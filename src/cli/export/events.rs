//! `export events`: all that happened, enough to compute every figure again.

use super::{
    Span,
    lines::{Lines, Record},
    shown, time,
};
use crate::{
    storage::Store,
    ticket::event::{Actor, Event},
};
use clap::Args;
use serde_json::Value;

#[derive(Debug, Args)]
pub(in crate::cli) struct Events {
    #[command(flatten)]
    span: Span,
    /// Also telephone numbers, and texts as they were written.
    #[arg(long)]
    with_contacts: bool,
}

/// The keys of a line, in this order.
const KEYS: [&str; 7] = ["number", "seq", "at", "by", "person", "event", "details"];

/// Where people write what they like.
const FREE_TEXT: [&str; 7] = ["text", "reason", "question", "part", "because", "value", "gist"];
/// Whose number it is.
const CONTACT: &str = "contact";
/// The platform's names of pictures, and ours of people: nobody outside can use them.
const IDENTITY: &str = "id";

impl Events {
    pub(super) async fn write(&self, store: &Store) -> anyhow::Result<()> {
        let span = &self.span;
        let mut lines = Lines::begin(span.format, span.output.as_deref(), "events", &KEYS)?;
        span.each(store, |ticket, events| {
            for (event, seq) in events.iter().zip(1_u64..) {
                let record = record(ticket.number.as_str(), seq, event, self.with_contacts)?;
                lines.write(&record)?;
            }
            Ok(())
        })
        .await?;
        lines.end()
    }
}

fn record(
    number: &str,
    seq: u64,
    event: &Event,
    with_contacts: bool,
) -> Result<Record, serde_json::Error> {
    let by = match &event.by {
        Actor::Resident => "resident",
        Actor::Member(_) => "member",
        Actor::Operator(_) => "operator",
        Actor::System => "system",
    };
    let mut details = serde_json::to_value(&event.what)?;
    if let Value::Object(fields) = &mut details {
        fields.remove("what");
    }
    cleaned(&mut details, with_contacts);
    let values: [Value; KEYS.len()] = [
        number.into(),
        seq.into(),
        time(event.at),
        by.into(),
        event.by.person().map(|person| person.name.as_str()).into(),
        event.what.code().into(),
        details,
    ];
    Ok(Record(KEYS.into_iter().zip(values).collect()))
}

/// Takes out of what happened whatever tells who somebody is.
fn cleaned(value: &mut Value, with_contacts: bool) {
    match value {
        Value::Object(fields) => {
            fields.remove(IDENTITY);
            if !with_contacts {
                fields.remove(CONTACT);
            }
            for (key, field) in fields {
                match field {
                    Value::String(text) if FREE_TEXT.contains(&key.as_str()) => {
                        *text = shown(text, with_contacts);
                    }
                    field => cleaned(field, with_contacts),
                }
            }
        }
        Value::Array(list) => {
            for item in list {
                cleaned(item, with_contacts);
            }
        }
        _ => {}
    }
}
