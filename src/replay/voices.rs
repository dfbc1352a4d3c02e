//! What each person heard: the answer to their latest push, and notices they have not read yet.
//!
//! The parts of an answer that is too long for one message follow it as messages of their own;
//! here they are put together again, and are no notices.

use super::{Trouble, stage::Stage};
use crate::{
    outbox::message::Message,
    simulator::Said,
    ticket::{Follower, notice::NoticeKind},
};
use std::collections::{BTreeMap, VecDeque};

/// What everybody heard so far.
#[derive(Default)]
pub(super) struct Voices(BTreeMap<String, Voice>);

#[derive(Default)]
struct Voice {
    answer: Option<String>,
    unread: VecDeque<String>,
    /// The platform's number of the latest line that was heard.
    heard: u64,
    /// How many parts of answers were put together.
    parts: usize,
}

impl Voices {
    /// A push was answered so.
    pub(super) fn answered(&mut self, who: &str, answer: Option<String>) {
        self.0.entry(who.to_owned()).or_default().answer = answer;
    }

    /// The answer to the latest push, with its parts.
    pub(super) fn answer_to(&self, who: &str) -> Option<&str> {
        self.0.get(who)?.answer.as_deref()
    }

    /// All unread notices, the oldest first.
    pub(super) fn unread(&self, who: &str) -> Vec<String> {
        self.0.get(who).map(|voice| voice.unread.iter().cloned().collect()).unwrap_or_default()
    }

    /// The oldest unread notice, which is read now.
    pub(super) fn read(&mut self, who: &str) -> Option<String> {
        self.0.get_mut(who)?.unread.pop_front()
    }

    /// Hears what the platform accepted for anybody since the last time.
    pub(super) async fn listen(&mut self, stage: &Stage) -> Result<(), Trouble> {
        for (who, openid) in stage.platform().people() {
            let lines = stage.platform().lines(&openid);
            let heard = self.0.get(&who).map_or(0, |voice| voice.heard);
            let new: Vec<_> = lines.into_iter().filter(|line| line.number > heard).collect();
            let Some(last) = new.last().map(|line| line.number) else { continue };
            let voice = self.0.entry(who.clone()).or_default();
            voice.heard = last;
            let notices: Vec<String> = new
                .into_iter()
                .filter_map(|line| match line.said {
                    Said::Notice(notice) => Some(notice.text()),
                    Said::Person(_) | Said::Answer(_) => None,
                })
                .collect();
            if notices.is_empty() {
                continue;
            }
            let parts = parts(stage, &stage.follower(&who)).await?;
            for notice in notices {
                if parts.get(voice.parts) == Some(&notice) {
                    voice.parts += 1;
                    voice.goes_on(&notice);
                } else {
                    voice.unread.push_back(notice);
                }
            }
        }
        Ok(())
    }
}

impl Voice {
    fn goes_on(&mut self, part: &str) {
        let answer = self.answer.get_or_insert_default();
        if !answer.is_empty() && !answer.ends_with('\n') {
            answer.push('\n');
        }
        answer.push_str(part);
    }
}

/// The parts of answers that were sent to a person so far.
async fn parts(stage: &Stage, to: &Follower) -> Result<Vec<String>, Trouble> {
    let app = stage.app();
    let sent = app.store.sent_to(to, NoticeKind::Continuation.code()).await?;
    let words = |payload| {
        let Ok(Message::V1 { kind, fields }) = serde_json::from_value(payload) else { return None };
        Some(app.words_of(super::account::SLUG).notice(kind, &fields))
    };
    Ok(sent.into_iter().filter_map(words).collect())
}
