//! Many lines for one person as one message: what was put in to be gathered leaves together.
//!
//! Where the person may be written to freely it is one message with all of it. Otherwise what
//! stands of one ticket is said once, by the newest, because a template says no more than a state.
//!
//! Deliberately absent: what is gathered, and until when; see [`crate::ticket::wish`].

use super::deliver;
use super::message::Message;
use super::ways;
use crate::app::App;
use crate::storage::{Finished, Leased, StorageError, Trail};
use uuid::Uuid;

/// What stands for the way of a message that is a part of another one.
const GATHERED: &str = "gathered";
/// A free text may be so long, in bytes.
const LONGEST: usize = 2000;

/// Delivers what was gathered for one person.
pub(super) async fn deliver(
    app: &App,
    worker: Uuid,
    messages: Vec<Leased>,
) -> Result<(), StorageError> {
    let mut rest: &[Leased] = &messages;
    while let Some(first) = rest.first() {
        let (together, text) = one_text(app, rest);
        let (part, later) = rest.split_at(together.max(1));
        if part.len() > 1 && deliver::by_free_text(app, first, &text).await? {
            for message in part {
                let sent = Finished::Sent { channel: "custom".to_owned(), msgid: None };
                end(app, worker, message, &sent, &Trail::default()).await?;
            }
        } else {
            for (index, message) in part.iter().enumerate() {
                let is_newer = |other: &Leased| other.topic == message.topic;
                let follows = part.iter().skip(index + 1).any(is_newer);
                if message.topic.is_some() && follows {
                    let sent = Finished::Sent { channel: GATHERED.to_owned(), msgid: None };
                    end(app, worker, message, &sent, &Trail::default()).await?;
                } else {
                    let (finished, trail) = deliver::deliver(app, message).await?;
                    end(app, worker, message, &finished, &trail).await?;
                }
            }
        }
        rest = later;
    }
    Ok(())
}

async fn end(
    app: &App,
    worker: Uuid,
    message: &Leased,
    finished: &Finished,
    trail: &Trail,
) -> Result<(), StorageError> {
    ways::count(finished);
    app.store.finish_by(message.id, worker, finished, trail, app.clock.now()).await?;
    Ok(())
}

/// How many of the first messages fit into one text, and that text.
fn one_text(app: &App, messages: &[Leased]) -> (usize, String) {
    let mut text = String::from("【汇总】");
    let mut together = 0;
    for message in messages {
        let Ok(Message::V1 { kind, fields }) = serde_json::from_value(message.payload.clone())
        else {
            break;
        };
        let line = app.words_of(&message.to.account).notice(kind, &fields);
        if text.len() + line.len() + 2 > LONGEST {
            break;
        }
        text.push('\n');
        text.push_str(&line);
        together += 1;
    }
    (together, text)
}
