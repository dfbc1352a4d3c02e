//! 期限, 怎么算的: until when something is owed, with the whole sum.

use super::event::Said;
use super::reading;
use super::reply::{Beside, Card};
use super::turn::Turn;
use crate::ticket::{Ticket, clock};

/// What residents ask for the sum with, as the whole message.
const WORDS: [&str; 7] = [
    "期限",
    "怎么算的",
    "期限怎么算的",
    "日期怎么算的",
    "时间怎么算的",
    "什么时候能办好",
    "啥时候能办好",
];

impl Turn<'_> {
    /// Somebody asks how the date of one of their own tickets was counted.
    pub(super) fn asks_for_date(&mut self, said: &Said) -> bool {
        let word = reading::bare(&said.text);
        let word = word.trim_end_matches(['？', '?', '呀', '啊', '呢']);
        if !WORDS.contains(&word) {
            return false;
        }
        let is_running = |ticket: &&Ticket| {
            clock::running(ticket).any(|deadline| deadline.kind.is_result())
                && self.view.who.is(&ticket.reporter)
        };
        let focus = self.state.focus.and_then(|id| self.ticket(id)).filter(|it| is_running(&it));
        let mine = || self.view.facts.mine.iter().find(is_running).cloned();
        let Some(ticket) = focus.or_else(mine) else { return false };
        let card = self.card(&ticket);
        self.say_sum(card, &ticket);
        true
    }

    /// The sum of the date that holds.
    pub(super) fn say_sum(&mut self, card: Card, ticket: &Ticket) {
        let Some(deadline) = clock::result_clock(ticket).cloned() else { return };
        let calendar = self.rules(ticket).calendar;
        let total =
            deadline.minutes.saturating_add(deadline.paused).saturating_add(deadline.extended);
        let sum = calendar.arithmetic(deadline.from, total);
        let span = |minutes: u32| (minutes > 0).then(|| calendar.span_words(minutes));
        let card = card.with_due(Some(&deadline), self.view.now);
        let (paused, extended) = (span(deadline.paused), span(deadline.extended));
        self.say(Beside::DateSum { card, sum, paused, extended });
    }
}
