//! Answers to the latest question, and what 返回, 取消, 跳过 and 再说一遍 mean there.

use super::event::Said;
use super::reading::{self, SlotName};
use super::reply::{Reply, gist};
use super::report::OTHER;
use super::state::{Question, Wish};
use super::turn::Turn;
use crate::county::AreaCode;
use crate::county::guess::{self, Guess};
use crate::county::{gazetteer, words};
use crate::ticket::{MediaKind, Place};

/// Stands for the words of a voice that nobody could read yet.
const VOICE_ONLY_TEXT: &str = "（居民发来语音，请听录音）";

impl Turn<'_> {
    /// Takes the words as an answer to the question, if they are one.
    pub(super) fn answer(&mut self, question: Question, said: &Said) -> bool {
        let key = self.choice(&question, &said.text);
        match question {
            Question::Menu => key.is_some_and(|key| self.menu_choice(key)),
            Question::Notices => self.answer_wish(key),
            Question::What => self.answer_what(said, key),
            Question::Where => self.answer_where(said, key),
            Question::WhichArea { options } => self.answer_which_area(&options, said, key),
            Question::WordsOrCode { said: words, scanned } => match key {
                Some(1) => self.settle_area(Some(words)),
                Some(2) => self.settle_area(Some(scanned)),
                Some(0) => self.settle_area(None),
                _ => false,
            },
            Question::Category { options } => self.answer_category(&options, said, key),
            Question::OneOrSeveral => self.answer_one_or_several(said, key),
            Question::Near { options } => self.answer_near(&options, said, key),
            Question::Summary => self.answer_summary(said, key),
            Question::WhichSlot => self.answer_which_slot(key),
            Question::MorePhotos => self.answer_more_photos(said, key),
            Question::Contact { ticket } => self.answer_contact(ticket, said, key),
            Question::VoiceOnly => {
                if key != Some(1) && !reading::is_yes(&said.text) {
                    return false;
                }
                let text = VOICE_ONLY_TEXT.to_owned();
                self.add_words(&Said { text, media: Vec::new(), by_voice: true }, false);
                true
            }
            Question::ResumeDraft { said: first } => self.answer_resume(&first, said, key),
            Question::MyTickets { options, wish } => self.answer_my_tickets(&options, wish, key),
            Question::MyTicket { ticket } => self.answer_my_ticket(ticket, key),
            Question::Supplement { ticket } => self.answer_supplement(ticket, said, key),
            Question::WithdrawSure { ticket } => self.answer_withdraw(ticket, said, key),
            Question::OldOrNew { ticket, said: first } => {
                self.answer_old_or_new(ticket, &first, said, key)
            }
            // Free words may be about anything: the person is asked which matter they mean.
            Question::Info { .. } => false,
            Question::Signoff { ticket } => self.answer_signoff(ticket, said, key),
            Question::Reason { ticket } => self.answer_reason(ticket, said),
            Question::Rate { ticket } => self.answer_rate(ticket, said, key),
            Question::RateSure { ticket, rating } => {
                self.answer_rate_sure(ticket, rating, said, key)
            }
            Question::AgainBroken { ticket, said: first } => {
                self.answer_again_broken(ticket, first, key)
            }
            question @ (Question::BindSure { .. }
            | Question::WhichTask { .. }
            | Question::OrderWords { .. }
            | Question::WhichPerson { .. }) => self.answer_duty(question, said),
        }
    }

    fn answer_what(&mut self, said: &Said, key: Option<u8>) -> bool {
        // After a code on the wall nothing is begun before the first word.
        if self.state.draft.is_none() && key.is_none() && !reading::says_nothing(&said.text) {
            self.state.draft = Some(self.fresh_draft());
        }
        let has_text = self.state.draft.as_ref().is_some_and(|draft| !draft.text.is_empty());
        match key {
            Some(0) if has_text => self.ask_next(),
            Some(0) => self.cancel(),
            Some(_) => return false,
            None if !has_text && self.only_place(said) => {}
            None if reading::says_nothing(&said.text) => self.ask(&Question::What, !has_text),
            None => {
                // Told anew: the older words stay in the slot's history.
                let now = self.view.now;
                if let Some(draft) = &mut self.state.draft
                    && has_text
                {
                    draft.text.put(said.text.clone(), now);
                    draft.category = super::state::Slot::default();
                    draft.touched_at = Some(now);
                    draft.media.extend(said.media.iter().cloned());
                    self.retell();
                } else {
                    self.add_words(said, words::emergency(&said.text).is_some());
                }
            }
        }
        true
    }

    fn retell(&mut self) {
        let now = self.view.now;
        let county = self.view.county;
        if let Some(draft) = &mut self.state.draft
            && let Some(text) = draft.text.get()
            && let Guess::Sure(code) = guess::guess(county, text)
        {
            draft.category.put(code, now);
        }
        self.ask_next();
    }

    fn answer_which_area(&mut self, options: &[String], said: &Said, key: Option<u8>) -> bool {
        if let Some(key) = key {
            return match key.checked_sub(1) {
                None => self.settle_area(None),
                Some(index) => match options.get(usize::from(index)) {
                    Some(code) => self.settle_area(Some(code.clone())),
                    None => false,
                },
            };
        }
        let found = gazetteer::find_place(self.view.county, &said.text).and_then(|f| f.area);
        match found {
            Some(code) => {
                // The township alone tells two villages of one name apart.
                let mut inside = options.iter().filter(|option| {
                    self.view.county.is_within(&AreaCode::from(option.as_str()), &code)
                });
                match (inside.next().cloned(), inside.next()) {
                    (Some(option), None) => self.settle_area(Some(option)),
                    _ => false,
                }
            }
            None => false,
        }
    }

    /// The area is decided, or stays open for the desk.
    pub(super) fn settle_area(&mut self, area: Option<String>) -> bool {
        let text = self
            .state
            .draft
            .as_ref()
            .and_then(|draft| draft.place.get())
            .and_then(|place| place.text.clone());
        self.wait_for_nothing();
        self.put_place(Place { text, point: None, area });
        self.ask_next();
        true
    }

    fn answer_category(&mut self, options: &[String], said: &Said, key: Option<u8>) -> bool {
        let chosen = match key {
            Some(0) => Some(OTHER.to_owned()),
            Some(key) => options.get(usize::from(key) - 1).cloned(),
            None => self.category_in(&said.text),
        };
        let Some(code) = chosen else { return false };
        let now = self.view.now;
        if let Some(draft) = &mut self.state.draft {
            draft.category.put(code, now);
            draft.touched_at = Some(now);
        }
        self.ask_next();
        true
    }

    fn category_in(&self, text: &str) -> Option<String> {
        let by_name = self
            .view
            .county
            .categories()
            .iter()
            .find(|category| category.enabled && category.name == reading::bare(text))
            .map(|category| category.code.clone());
        by_name.or_else(|| match guess::guess(self.view.county, text) {
            Guess::Sure(code) => Some(code),
            Guess::Unsure(_) | Guess::None => None,
        })
    }

    fn answer_one_or_several(&mut self, said: &Said, key: Option<u8>) -> bool {
        let is_one = key == Some(1);
        let is_several = key == Some(2) || said.text.contains("分开");
        if !is_one && !is_several {
            return false;
        }
        if is_one {
            if let Some(draft) = &mut self.state.draft {
                draft.one_matter = true;
            }
            self.ask_next();
        } else {
            self.state.draft = Some(self.fresh_draft());
            self.say(Reply::FirstOfSeveral);
            self.wait_for(Question::What);
        }
        true
    }

    fn answer_summary(&mut self, said: &Said, key: Option<u8>) -> bool {
        let in_words = key.is_none();
        if key == Some(1) || in_words && reading::is_yes(&said.text) {
            self.submit(&said.text, None);
        } else if key == Some(2) || in_words && reading::is_no(&said.text) {
            self.ask_which_slot();
        } else if key == Some(0) {
            self.cancel();
        } else {
            return false;
        }
        true
    }

    pub(super) fn ask_which_slot(&mut self) {
        self.wait_for(Question::WhichSlot);
        self.say(Reply::AskWhichSlot);
    }

    fn answer_which_slot(&mut self, key: Option<u8>) -> bool {
        match key {
            Some(1) => self.ask_slot(SlotName::Text),
            Some(2) => self.ask_slot(SlotName::Place),
            Some(3) => self.ask_slot(SlotName::Photos),
            Some(4) => self.ask_slot(SlotName::Contact),
            Some(0) => self.ask_next(),
            _ => return false,
        }
        true
    }

    fn answer_more_photos(&mut self, said: &Said, key: Option<u8>) -> bool {
        let wants_none = ["删", "不要照片", "去掉"].iter().any(|word| said.text.contains(word));
        if wants_none && let Some(draft) = &mut self.state.draft {
            draft.media.retain(|media| media.kind != MediaKind::Photo);
        }
        let is_done = key == Some(0)
            || reading::is_yes(&said.text)
            || matches!(reading::bare(&said.text).as_str(), "没有了" | "没了" | "发完了" | "好了");
        if !wants_none && !is_done {
            return false;
        }
        self.ask_next();
        true
    }

    fn answer_resume(&mut self, first: &Said, said: &Said, key: Option<u8>) -> bool {
        if key == Some(1) || key.is_none() && reading::is_yes(&said.text) {
            self.wait_for_nothing();
            let is_matter = words::has_words(&first.text)
                && reading::global(&first.text).is_none()
                && words::number_choice(&first.text).is_none();
            if is_matter {
                self.add_words(first, false);
            } else {
                self.touch_draft();
                self.ask_next();
            }
        } else if key == Some(2) {
            self.wait_for_nothing();
            let is_matter = words::has_words(&first.text)
                && reading::global(&first.text).is_none()
                && words::number_choice(&first.text).is_none();
            self.state.draft = Some(self.fresh_draft());
            if is_matter {
                self.add_words(first, words::emergency(&first.text).is_some());
            } else {
                self.ask_next();
            }
        } else if matches!(key, Some(3 | 0)) {
            self.cancel();
        } else {
            return false;
        }
        true
    }

    pub(super) fn touch_draft(&mut self) {
        let now = self.view.now;
        if let Some(draft) = &mut self.state.draft {
            draft.touched_at = Some(now);
        }
    }

    pub(super) fn ask_resume(&mut self) {
        let gist = self
            .state
            .draft
            .as_ref()
            .and_then(|draft| draft.text.get())
            .map_or(String::new(), |text| gist(text));
        self.say(Reply::AskResume { gist });
        self.wait_for(Question::ResumeDraft { said: Said::default() });
    }

    /// A wish that came with a list of one's tickets.
    pub(super) fn answer_my_tickets(
        &mut self,
        options: &[crate::ticket::TicketId],
        wish: Wish,
        key: Option<u8>,
    ) -> bool {
        let Some(key) = key else { return false };
        let Some(index) = key.checked_sub(1) else {
            self.wait_for_nothing();
            self.menu();
            return true;
        };
        let Some(ticket) = options.get(usize::from(index)).and_then(|id| self.ticket(*id)) else {
            return false;
        };
        self.do_with_mine(&ticket, wish);
        true
    }
}
