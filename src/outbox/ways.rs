//! The ways of one message so far: what each channel made of it, and which are left.

use crate::storage::{Finished, Hop};
use crate::wechat::client::ClientError;
use chrono::{DateTime, Utc};

/// What one channel made of a message.
pub(super) enum Attempt {
    Finished(Finished),
    /// Not by this channel: the next one.
    Next(Missed),
}

/// Why a channel was passed by.
pub(super) struct Missed {
    pub(super) why: &'static str,
    pub(super) code: Option<i64>,
}

impl Attempt {
    /// Nothing was asked of the platform.
    pub(super) fn next(why: &'static str) -> Self {
        Self::Next(Missed { why, code: None })
    }

    /// The platform said no.
    pub(super) fn missed(why: &'static str, error: &ClientError) -> Self {
        Self::Next(Missed { why, code: error.code().map(|(code, _)| code) })
    }
}

/// The ways of a message so far.
pub(super) struct Ways {
    pub(super) hops: Vec<Hop>,
    pub(super) now: DateTime<Utc>,
}

impl Ways {
    /// One more way was tried; the same word of the same way is not repeated.
    pub(super) fn note(&mut self, channel: &str, why: &str, code: Option<i64>) {
        let same = |hop: &Hop| hop.channel == channel && hop.why == why && hop.code == code;
        if !self.hops.iter().any(same) {
            let (channel, why) = (channel.to_owned(), why.to_owned());
            self.hops.push(Hop { channel, at: self.now, code, why });
        }
    }

    /// Whether the person refuses what comes that way.
    pub(super) fn is_refused(&self, channel: &str) -> bool {
        self.hops.iter().any(|hop| hop.channel == channel && hop.why == Hop::BLOCKED)
    }

    /// On which of the ways beside the platform's somebody was told already.
    pub(super) fn taken(&self) -> Option<&str> {
        // What a group's robot took and could not say was not told.
        let beside = |hop: &&Hop| {
            let is_beside = matches!(&*hop.channel, "group" | "sms");
            is_beside && hop.why == Hop::TAKEN && !self.is_refused(&hop.channel)
        };
        self.hops.iter().find(beside).map(|hop| hop.channel.as_str())
    }

    pub(super) fn reasons(&self) -> String {
        let said: Vec<&str> = self.hops.iter().map(|hop| hop.why.as_str()).collect();
        said.join("; ")
    }
}

/// Counts what became of an attempt.
pub(super) fn count(finished: &Finished) {
    let outcome = match finished {
        Finished::Sent { .. } => "sent",
        Finished::RetryAt { .. } => "again",
        Finished::PutOff { .. } => "put_off",
        Finished::Held { .. } => "held",
        Finished::Unreachable { .. } => "unreachable",
        Finished::Dead { .. } => "dead",
    };
    metrics::counter!("lianxin_outbox_attempts_total", "outcome" => outcome).increment(1);
}
