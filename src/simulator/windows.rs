//! How often an account may write to a person, by the platform's published figures.
//!
//! A message of the person grants five answers within 48 hours; a tap, a follow or a scan three
//! within a minute. Where several grants run side by side the platform does not say which one
//! an answer uses up; here it uses up all of them, which is the strictest reading.

use chrono::{DateTime, TimeDelta, Utc};

const CHAT: (u8, TimeDelta) = (5, TimeDelta::hours(48));
const TAP: (u8, TimeDelta) = (3, TimeDelta::minutes(1));

/// A typing sign fades by itself after this.
const TYPING_SHOWS: TimeDelta = TimeDelta::seconds(15);
/// A typing sign is allowed this long after the person did something.
const TYPING_ALLOWED: TimeDelta = TimeDelta::seconds(30);

/// Why a message may not leave now.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Closed {
    /// No grant runs.
    Outside,
    /// All running grants are used up.
    UsedUp,
}

/// Why a typing sign may not show now.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum NoTyping {
    /// The person did nothing lately.
    TooLate,
    /// It shows already.
    Already,
}

#[derive(Debug, Clone, Copy)]
struct Grant {
    left: u8,
    until: DateTime<Utc>,
}

impl Grant {
    fn of((left, lasts): (u8, TimeDelta), now: DateTime<Utc>) -> Self {
        Self { left, until: now + lasts }
    }
}

/// The grants that one person has given to one account.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Windows {
    chat: Option<Grant>,
    tap: Option<Grant>,
    acted_at: Option<DateTime<Utc>>,
    typing_until: Option<DateTime<Utc>>,
}

impl Windows {
    /// Those of somebody who last wrote at `at` and got `used` answers since.
    pub(super) fn recalled(at: DateTime<Utc>, used: u32) -> Self {
        let mut windows = Self::default();
        windows.chatted(at);
        if let Some(chat) = &mut windows.chat {
            chat.left = chat.left.saturating_sub(u8::try_from(used).unwrap_or(u8::MAX));
        }
        windows
    }

    /// The person wrote, spoke, sent a picture or a place.
    pub(super) fn chatted(&mut self, now: DateTime<Utc>) {
        self.chat = Some(Grant::of(CHAT, now));
        self.acted_at = Some(now);
    }

    /// The person tapped a button, followed or scanned.
    pub(super) fn tapped(&mut self, now: DateTime<Utc>) {
        self.tap = Some(Grant::of(TAP, now));
        self.acted_at = Some(now);
    }

    /// Uses up one answer.
    pub(super) fn spend(&mut self, now: DateTime<Utc>) -> Result<(), Closed> {
        let mut running: Vec<&mut Grant> = [&mut self.chat, &mut self.tap]
            .into_iter()
            .flatten()
            .filter(|grant| now < grant.until)
            .collect();
        if running.is_empty() {
            return Err(Closed::Outside);
        }
        if running.iter().all(|grant| grant.left == 0) {
            return Err(Closed::UsedUp);
        }
        for grant in &mut running {
            grant.left = grant.left.saturating_sub(1);
        }
        self.typing_until = None;
        Ok(())
    }

    /// Shows the typing sign.
    pub(super) fn start_typing(&mut self, now: DateTime<Utc>) -> Result<(), NoTyping> {
        if self.acted_at.is_none_or(|at| now - at > TYPING_ALLOWED) {
            return Err(NoTyping::TooLate);
        }
        if self.typing_until.is_some_and(|until| now < until) {
            return Err(NoTyping::Already);
        }
        self.typing_until = Some(now + TYPING_SHOWS);
        Ok(())
    }

    /// Hides the typing sign.
    pub(super) fn stop_typing(&mut self) {
        self.typing_until = None;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn noon() -> DateTime<Utc> {
        DateTime::from_timestamp(1_772_420_400, 0).unwrap()
    }

    #[test]
    fn nobody_is_written_to_who_never_did_anything() {
        assert_eq!(Windows::default().spend(noon()), Err(Closed::Outside));
    }

    #[test]
    fn a_message_grants_five_answers_and_the_next_message_five_more() {
        let mut windows = Windows::default();
        windows.chatted(noon());
        for _ in 0..5 {
            assert_eq!(windows.spend(noon()), Ok(()));
        }
        assert_eq!(windows.spend(noon()), Err(Closed::UsedUp));
        windows.chatted(noon());
        assert_eq!(windows.spend(noon()), Ok(()));
    }

    #[test]
    fn a_message_grants_48_hours_and_not_a_moment_more() {
        let mut windows = Windows::default();
        windows.chatted(noon());
        assert_eq!(windows.spend(noon() + TimeDelta::milliseconds(48 * 3_600_000 - 1)), Ok(()));
        assert_eq!(windows.spend(noon() + TimeDelta::hours(48)), Err(Closed::Outside));
    }

    #[test]
    fn a_tap_grants_three_answers_for_a_minute() {
        let mut windows = Windows::default();
        windows.tapped(noon());
        for _ in 0..3 {
            assert_eq!(windows.spend(noon()), Ok(()));
        }
        assert_eq!(windows.spend(noon()), Err(Closed::UsedUp));
        assert_eq!(windows.spend(noon() + TimeDelta::minutes(1)), Err(Closed::Outside));
    }

    #[test]
    fn a_tap_adds_nothing_to_an_open_chat() {
        let mut windows = Windows::default();
        windows.chatted(noon());
        windows.tapped(noon());
        for _ in 0..5 {
            assert_eq!(windows.spend(noon()), Ok(()));
        }
        assert_eq!(windows.spend(noon()), Err(Closed::UsedUp));
    }

    #[test]
    fn typing_shows_once_and_only_soon_after_the_person_acted() {
        let mut windows = Windows::default();
        assert_eq!(windows.start_typing(noon()), Err(NoTyping::TooLate));
        windows.chatted(noon());
        assert_eq!(windows.start_typing(noon()), Ok(()));
        assert_eq!(windows.start_typing(noon()), Err(NoTyping::Already));
        windows.stop_typing();
        assert_eq!(windows.start_typing(noon()), Ok(()));
        assert_eq!(windows.start_typing(noon() + TimeDelta::seconds(31)), Err(NoTyping::TooLate));
    }
}
