//! How a message would leave if it were written now: told to whoever is about to write it.
//!
//! It asks the same ledger as [`super::deliver`] by the same rules, and spends nothing. Between the
//! look and the sending the window may close, so it is a forecast, and says until when it holds.
//!
//! Deliberately absent: circuits. That a channel rests is told on the page about the service's
//! health; a message waits for its end and does not take another way.

use super::ledger::{BRIEF_WINDOW, MESSAGE_WINDOW, open_allowance};
use crate::{
    app::App,
    storage::{Allowance, Reach, StorageError},
    ticket::{Follower, notice::NoticeKind},
};
use chrono::{DateTime, Utc};

/// By which way something would reach a person.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Way {
    /// 客服消息: as it is written, at once.
    Chat {
        /// How many more fit into the reply window, this one included.
        left: u32,
    },
    /// 模板消息, which says everything that there is to say.
    Template,
    /// 模板消息 announces it; the words follow the person's next message.
    Announced,
    /// Nothing can be sent: it waits for the person's next message.
    Held,
    /// No message arrives: somebody has to call.
    Telephone {
        /// They followed the account once, and left.
        left: bool,
    },
}

/// The way of a message of this kind, by what is known of the person.
pub fn way(reach: Option<Reach>, has_template: bool, kind: NoticeKind, now: DateTime<Utc>) -> Way {
    let Some(reach) = reach else { return Way::Telephone { left: false } };
    if !reach.following {
        return Way::Telephone { left: true };
    }
    if let Some((allowance, _, limit)) = open_allowance(reach.window, now) {
        let used = match allowance {
            Allowance::Message => reach.window.message_used,
            Allowance::Brief => reach.window.brief_used,
        };
        return Way::Chat { left: limit.saturating_sub(used) };
    }
    match (has_template, kind.holds_words()) {
        (true, false) => Way::Template,
        (true, true) => Way::Announced,
        (false, _) if kind.is_of_the_moment() => Way::Telephone { left: false },
        (false, _) => Way::Held,
    }
}

/// How many chat messages fit into the reply window that is open, and until when.
pub fn room(reach: Reach, now: DateTime<Utc>) -> Option<(u32, DateTime<Utc>)> {
    let (allowance, at, limit) = open_allowance(reach.window, now).filter(|_| reach.following)?;
    let (used, span) = match allowance {
        Allowance::Message => (reach.window.message_used, MESSAGE_WINDOW),
        Allowance::Brief => (reach.window.brief_used, BRIEF_WINDOW),
    };
    Some((limit.saturating_sub(used), at + span))
}

/// The ways of messages of these kinds to one person, looked up once.
pub async fn ways(
    app: &App,
    to: &Follower,
    kinds: &[NoticeKind],
    now: DateTime<Utc>,
) -> Result<Vec<(NoticeKind, Way)>, StorageError> {
    let to = app.store.nearest(to).await?;
    let account = app.accounts.get(&to.account);
    let reach = match account {
        Some(_) => app.store.reach(&to).await?,
        None => None,
    };
    let has_template = |kind: NoticeKind| {
        account.is_some_and(|account| account.templates.contains_key(kind.code()))
    };
    Ok(kinds.iter().map(|kind| (*kind, way(reach, has_template(*kind), *kind, now))).collect())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::outbox::ledger::MESSAGE_WINDOW;
    use crate::storage::ReplyWindow;
    use chrono::TimeDelta;

    fn reach(message_at: Option<DateTime<Utc>>, message_used: u32) -> Reach {
        let window = ReplyWindow { message_at, message_used, ..ReplyWindow::default() };
        Reach { following: true, window }
    }

    #[test]
    fn a_used_up_window_is_not_promised_and_neither_is_one_that_is_over() {
        let now = DateTime::from_timestamp(1_772_413_200, 0).unwrap();
        let long_ago = now - MESSAGE_WINDOW;
        let question = NoticeKind::Question;
        for (known, expected) in [
            (reach(Some(now), 0), Way::Chat { left: 5 }),
            (reach(Some(long_ago + TimeDelta::seconds(1)), 4), Way::Chat { left: 1 }),
            (reach(Some(now), 5), Way::Template),
            (reach(Some(long_ago), 0), Way::Template),
            (reach(None, 0), Way::Template),
        ] {
            assert_eq!(way(Some(known), true, question, now), expected, "{known:?}");
        }
    }

    #[test]
    fn free_words_are_announced_and_without_a_template_they_wait() {
        let now = DateTime::from_timestamp(1_772_413_200, 0).unwrap();
        let closed = Some(reach(None, 0));
        assert_eq!(way(closed, true, NoticeKind::Answer, now), Way::Announced);
        assert_eq!(way(closed, false, NoticeKind::Answer, now), Way::Held);
        assert_eq!(way(closed, false, NoticeKind::Accepted, now), Way::Held);
    }

    #[test]
    fn who_left_or_never_came_is_called_whatever_the_window_says() {
        let now = DateTime::from_timestamp(1_772_413_200, 0).unwrap();
        let left = Some(Reach { following: false, ..reach(Some(now), 0) });
        assert_eq!(way(left, true, NoticeKind::Answer, now), Way::Telephone { left: true });
        assert_eq!(way(None, true, NoticeKind::Answer, now), Way::Telephone { left: false });
    }
}
