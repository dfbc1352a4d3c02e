//! 通知设置: what somebody wishes to hear of. Whatever asks, ends something or is urgent always
//! comes; the rest follows the wish.

use super::reply::Beside;
use super::state::Question;
use super::turn::{Profile, Turn};
use crate::ticket::wish::Wish;

impl Turn<'_> {
    /// Asks what they wish to hear.
    pub(super) fn ask_wish(&mut self) {
        let wish = self.view.who.wish.words().to_owned();
        self.say(Beside::AskWish { wish, member: self.view.who.duty.is_some() });
        self.wait_for(Question::Notices);
    }

    /// Takes the number as the wish.
    pub(super) fn answer_wish(&mut self, key: Option<u8>) -> bool {
        let chosen = match key {
            Some(0) => None,
            Some(key @ 1..=3) => Wish::ALL.get(usize::from(key) - 1).copied(),
            _ => return false,
        };
        let wish = chosen.unwrap_or(self.view.who.wish);
        if let Some(wish) = chosen {
            self.learn(Profile::Wish(wish));
        }
        let (wish, member) = (wish.words().to_owned(), self.view.who.duty.is_some());
        self.say(Beside::WishKept { wish, member, changed: chosen.is_some() });
        self.wait_for_nothing();
        self.ask_again_if_open();
        true
    }
}
