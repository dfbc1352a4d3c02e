//! What happened between a person and an account, line by line, as the person's phone shows it.
//!
//! Deliberately absent: how it looks.

use super::{message::Message, reply::Answer};
use chrono::{DateTime, Utc};

/// What an account wrote to a person of its own accord.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Notice {
    /// A customer-service text.
    Text(String),
    /// A picture that the account put up.
    Image(String),
    /// A voice that the account put up.
    Voice(String),
    /// An article.
    News(super::reply::Article),
    /// A customer-service menu: its entries can be tapped.
    Menu {
        /// Above the entries.
        head: String,
        /// Id and text of each entry.
        entries: Vec<(String, String)>,
        /// Below the entries.
        tail: String,
    },
    /// A template message.
    Card {
        /// The template's title.
        title: String,
        /// Label and value of each line.
        fields: Vec<(String, String)>,
        /// Where it leads.
        link: Option<String>,
    },
}

impl Notice {
    /// How it reads: for a template message the title and a line `关键词：值` for each field.
    pub fn text(&self) -> String {
        let lines: Vec<String> = match self {
            Self::Text(text) => vec![text.clone()],
            Self::Image(_) => vec!["[图片]".to_owned()],
            Self::Voice(_) => vec!["[语音]".to_owned()],
            Self::News(article) => {
                vec![article.title.clone(), article.description.clone(), article.url.clone()]
            }
            Self::Menu { head, entries, tail } => std::iter::once(head.clone())
                .chain(entries.iter().map(|(_, text)| text.clone()))
                .chain(std::iter::once(tail.clone()))
                .filter(|line| !line.is_empty())
                .collect(),
            Self::Card { title, fields, .. } => std::iter::once(title.clone())
                .chain(fields.iter().map(|(label, value)| format!("{label}：{value}")))
                .collect(),
        };
        lines.join("\n")
    }

    /// Where it leads, for a template message with a link.
    pub fn link(&self) -> Option<&str> {
        match self {
            Self::Card { link, .. } => link.as_deref(),
            Self::News(article) => Some(&article.url),
            Self::Text(_) | Self::Image(_) | Self::Voice(_) | Self::Menu { .. } => None,
        }
    }
}

/// One entry of what happened between a person and an account.
#[derive(Debug, Clone, PartialEq)]
pub struct Line {
    /// Counts up over all people.
    pub number: u64,
    /// When.
    pub at: DateTime<Utc>,
    /// What.
    pub said: Said,
}

/// Who said what.
#[derive(Debug, Clone, PartialEq)]
pub enum Said {
    /// The person did something.
    Person(Message),
    /// The account answered it.
    Answer(Answer),
    /// The account wrote of its own accord.
    Notice(Notice),
}
