//! What members and operators order in chat (接单, 派 NAME, …). Stored inside open questions.

use serde::{Deserialize, Serialize};

/// An order, complete or still lacking words.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "order", rename_all = "snake_case")]
#[expect(missing_docs, reason = "the variants are the words of the chat")]
pub enum Order {
    Take,
    Decline { reason: Option<String> },
    Finish { text: Option<String>, media: Vec<crate::ticket::Media> },
    AskResident { question: Option<String> },
    Note { text: Option<String> },
    Accept,
    Reject { reason: Option<String> },
    Approve,
    Dispatch { names: Vec<String> },
    Uphold,
    Overrule,
    Pass,
    SendBack { reason: Option<String> },
    Answer { text: Option<String> },
    Look,
}
