//! Corrections of a draft: by phrase (不对，是…), by item, or by asking for one slot again.

use super::event::Said;
use super::reading::{self, SlotName};
use super::reply::Reply;
use super::state::{Question, Slot};
use super::turn::Turn;
use crate::county::guess::{self, Guess};
use crate::county::{gazetteer, words};

impl Turn<'_> {
    /// 不对，是… · 地点写错了 · 改成…
    pub(super) fn correct(&mut self, said: &Said) -> bool {
        let Some(draft) = &self.state.draft else { return false };
        if !draft.has_content() {
            return false;
        }
        let Some(correction) = reading::correction(&said.text) else { return false };
        let Some(value) = correction.value else {
            let slot = correction.slot.unwrap_or(SlotName::Text);
            self.ask_slot(slot);
            return true;
        };
        let slot = correction.slot.unwrap_or_else(|| {
            if words::phone_in(&value).is_some() {
                SlotName::Contact
            } else if self.names_a_place(&value) {
                SlotName::Place
            } else {
                SlotName::Text
            }
        });
        self.change_slot(slot, &value);
        true
    }

    fn change_slot(&mut self, slot: SlotName, value: &str) {
        let now = self.view.now;
        match slot {
            SlotName::Text => {
                if let Some(draft) = &mut self.state.draft {
                    draft.text.put(value.to_owned(), now);
                    draft.category = Slot::default();
                }
                self.guess_category();
            }
            SlotName::Place => {
                if let Some(found) = gazetteer::read_place(self.view.county, value, None) {
                    self.state.asked = None;
                    self.put_found(&found);
                }
            }
            SlotName::Category => match guess::guess(self.view.county, value) {
                Guess::Sure(code) => {
                    if let Some(draft) = &mut self.state.draft {
                        draft.category.put(code, now);
                    }
                }
                Guess::Unsure(_) | Guess::None => return self.ask_slot(SlotName::Category),
            },
            SlotName::Contact => {
                if let (Some(draft), Some(phone)) = (&mut self.state.draft, words::phone_in(value))
                {
                    draft.contact.put(phone, now);
                }
            }
            SlotName::Photos => return self.ask_slot(SlotName::Photos),
        }
        self.ask_next();
    }

    /// Asks for one slot again, showing its old value.
    pub(super) fn ask_slot(&mut self, slot: SlotName) {
        let question = match slot {
            SlotName::Text => Question::What,
            SlotName::Place => Question::Where,
            SlotName::Photos => Question::MorePhotos,
            SlotName::Contact => {
                self.tell_privacy_once();
                self.wait_for(Question::Contact { ticket: None });
                return self.say(Reply::AskContact);
            }
            SlotName::Category => {
                let options = self
                    .view
                    .county
                    .categories()
                    .iter()
                    .filter(|category| category.enabled)
                    .take(5)
                    .map(|category| category.code.clone())
                    .collect();
                Question::Category { options }
            }
        };
        self.wait_for(question.clone());
        self.ask(&question, false);
    }
}
