//! Telling a matter: slots in any order, and the next question derived from what is missing.
//!
//! Once *what* and *where* are known the next question is the summary, for everybody; whoever
//! writes one good sentence holds a number after two messages.

use super::event::Said;
use super::reading::{self, SlotName};
use super::reply::{Choice, Reply, Summary, gist, place_words, shortened};
use super::state::{Draft, Question};
use super::turn::Turn;
use crate::county::gazetteer::{self, FoundPlace};
use crate::county::guess::{self, Guess};
use crate::county::{AreaCode, words};
use crate::ticket::{MediaKind, Place};
use chrono::TimeDelta;

/// The category of what fits nowhere.
pub(super) const OTHER: &str = "other";
/// The category behind the menu's 志愿服务.
const VOLUNTEER: &str = "volunteer";
/// A second voice within this time continues the sentence of the first.
const VOICE_CONTINUES: TimeDelta = TimeDelta::minutes(2);
/// A text this long with matters of several kinds is asked about.
const LONG_TEXT_CHARACTERS: usize = 200;
/// How much of the matter the summary shows.
const SUMMARY_CHARACTERS: usize = 120;
/// Never more than this many choices besides 0.
const MOST_CHOICES: usize = 3;

impl Turn<'_> {
    pub(super) fn start_report(&mut self) {
        if self.state.draft.as_ref().is_some_and(Draft::has_content) {
            return self.ask_resume();
        }
        self.state.draft = Some(self.fresh_draft());
        self.ask_next();
    }

    pub(super) fn start_volunteer(&mut self) {
        if self.state.draft.as_ref().is_some_and(Draft::has_content) {
            return self.ask_resume();
        }
        let mut draft = self.fresh_draft();
        if self.view.county.category(VOLUNTEER).is_some_and(|category| category.enabled) {
            draft.category.put(VOLUNTEER.to_owned(), self.view.now);
        }
        self.state.draft = Some(draft);
        self.ask_next();
    }

    pub(super) fn begin_report(&mut self, said: &Said, urgent: bool) {
        self.state.draft = Some(self.fresh_draft());
        self.add_words(said, urgent);
    }

    pub(super) fn fresh_draft(&self) -> Draft {
        Draft { touched_at: Some(self.view.now), ..Draft::default() }
    }

    /// Words that tell, or go on telling, the matter.
    pub(super) fn add_words(&mut self, said: &Said, urgent: bool) {
        let now = self.view.now;
        let mut draft = self.state.draft.take().unwrap_or_else(|| self.fresh_draft());
        let masked = words::masked(&said.text);
        if !masked.found.is_empty() {
            draft.confidential = true;
            self.say(Reply::MaskedNumbers);
        }
        let text = match draft.text.get() {
            Some(old) if draft.by_voice && said.by_voice => format!("{old}{}", said.text),
            Some(old) => format!("{}，{}", old.trim_end_matches(['。', '，', ',', '.']), said.text),
            None => said.text.clone(),
        };
        draft.text.put(text, now);
        draft.by_voice = said.by_voice;
        draft.urgent |= urgent;
        draft.media.extend(said.media.iter().cloned());
        draft.touched_at = Some(now);
        self.state.draft = Some(draft);
        self.look_for_place(&said.text);
        self.guess_category();
        self.ask_next();
    }

    /// A place in the words fills the slot while it is empty.
    fn look_for_place(&mut self, text: &str) {
        let Some(draft) = &self.state.draft else { return };
        if !draft.place.is_empty() {
            return;
        }
        if reading::is_old_place(text)
            && let Some(ticket) = self.view.facts.mine.first()
        {
            let place = ticket.report.place.clone();
            return self.put_place(place);
        }
        if let Some(found) = gazetteer::find_place(self.view.county, text) {
            self.put_found(&found);
        } else if let Some(home) = self.view.who.home.clone() {
            self.put_place(Place { text: None, point: None, area: Some(home) });
        }
    }

    /// Keeps what was found; an area that is not certain leads to one question.
    fn put_found(&mut self, found: &FoundPlace) {
        let home = self.view.who.home.clone();
        let area = found.area.as_ref().map(|code| code.as_str().to_owned());
        let text = Some(found.text.clone()).filter(|text| !text.is_empty());
        if found.ambiguous.len() > 1 {
            let options = found
                .ambiguous
                .iter()
                .take(MOST_CHOICES)
                .map(|code| code.as_str().to_owned())
                .collect();
            self.put_place(Place { text, point: None, area: None });
            return self.wait_for(Question::WhichArea { options });
        }
        if let (Some(said), Some(scanned)) = (&area, &home)
            && !self.are_related(said, scanned)
        {
            let question = Question::WordsOrCode { said: said.clone(), scanned: scanned.clone() };
            self.put_place(Place { text, point: None, area });
            return self.wait_for(question);
        }
        // A code on the wall says the village where the words only say the spot.
        self.put_place(Place { text, point: None, area: area.or(home) });
    }

    pub(super) fn put_place(&mut self, place: Place) {
        let now = self.view.now;
        if let Some(draft) = &mut self.state.draft {
            draft.place.put(place, now);
        }
    }

    fn are_related(&self, one: &str, other: &str) -> bool {
        let (one, other) = (AreaCode::from(one), AreaCode::from(other));
        self.view.county.is_within(&one, &other) || self.view.county.is_within(&other, &one)
    }

    fn guess_category(&mut self) {
        let now = self.view.now;
        let county = self.view.county;
        if let Some(draft) = &mut self.state.draft
            && draft.category.is_empty()
            && let Some(text) = draft.text.get()
            && let Guess::Sure(code) = guess::guess(county, text)
        {
            draft.category.put(code, now);
        }
    }

    /// Asks for what is missing, or shows the summary.
    pub(super) fn ask_next(&mut self) {
        let Some(draft) = self.state.draft.clone() else { return };
        // A question about the place was just raised by the words themselves.
        if let Some(asked) = &self.state.asked
            && asked.at == self.view.now
            && matches!(asked.question, Question::WhichArea { .. } | Question::WordsOrCode { .. })
        {
            let question = asked.question.clone();
            return self.ask(&question, false);
        }
        let question = self.next_question(&draft);
        self.wait_for(question.clone());
        self.ask(&question, false);
    }

    fn next_question(&self, draft: &Draft) -> Question {
        let Some(text) = draft.text.get() else {
            let only_voice = draft.media.iter().any(|media| media.kind == MediaKind::Voice);
            return if only_voice { Question::VoiceOnly } else { Question::What };
        };
        if !draft.one_matter && self.is_several(text) {
            return Question::OneOrSeveral;
        }
        if !draft.place.is_empty() {
            return Question::Summary;
        }
        if draft.category.is_empty()
            && let Guess::Unsure(options) = guess::guess(self.view.county, text)
        {
            return Question::Category {
                options: options.into_iter().take(MOST_CHOICES).collect(),
            };
        }
        Question::Where
    }

    fn is_several(&self, text: &str) -> bool {
        if text.chars().count() < LONG_TEXT_CHARACTERS {
            return false;
        }
        let mut kinds: Vec<String> = text
            .split(['。', '！', '!', '；', ';', '\n'])
            .filter_map(|sentence| match guess::guess(self.view.county, sentence) {
                Guess::Sure(code) => Some(code),
                Guess::Unsure(_) | Guess::None => None,
            })
            .collect();
        kinds.sort_unstable();
        kinds.dedup();
        kinds.len() >= 3
    }

    /// The words of a question about the draft; `simple` says it another way.
    pub(super) fn ask(&mut self, question: &Question, simple: bool) {
        let draft = self.state.draft.clone().unwrap_or_default();
        let gist = gist(draft.text.get().map_or("", String::as_str));
        let county = self.view.county;
        let area = |code: &String| county.spoken_path(&AreaCode::from(code.as_str()));
        let reply = match question {
            Question::What => Reply::AskWhat {
                simple,
                gist: Some(gist).filter(|gist| !gist.is_empty()),
                volunteer: draft.category.get().is_some_and(|code| code == VOLUNTEER),
            },
            Question::Where => {
                let old = draft.place.get().map(|place| place_words(place, county));
                Reply::AskWhere { simple, gist, old }
            }
            Question::WhichArea { options } => {
                Reply::AskWhichArea { choices: numbered(options.iter().map(area)) }
            }
            Question::WordsOrCode { said, scanned } => {
                Reply::AskWordsOrCode { said: area(said), scanned: area(scanned) }
            }
            Question::Category { options } => Reply::AskCategory {
                gist,
                choices: numbered(options.iter().map(|code| self.category_name(code))),
            },
            Question::OneOrSeveral => Reply::AskOneOrSeveral { gist },
            Question::WhichSlot => Reply::AskWhichSlot,
            Question::MorePhotos => Reply::AskPhotos { count: photos(&draft) },
            Question::VoiceOnly => Reply::AskVoiceWords,
            Question::ResumeDraft { .. } => Reply::AskResume { gist },
            _ => Reply::Summary { summary: self.summary(&draft), simple },
        };
        self.say(reply);
    }

    fn summary(&self, draft: &Draft) -> Summary {
        let text = draft.text.get().map_or("", String::as_str);
        let category = draft.category.get().map_or(OTHER, String::as_str);
        let is_confidential =
            self.view.county.category(category).is_some_and(|category| category.confidential);
        Summary {
            text: shortened(&words::masked(text).text, SUMMARY_CHARACTERS),
            place: draft.place.get().map(|place| place_words(place, self.view.county)),
            category: Some(self.category_name(category)),
            photos: photos(draft),
            voices: draft.media.iter().filter(|media| media.kind == MediaKind::Voice).count(),
            phone: draft.contact.get().map(|phone| words::masked(phone).text),
            confidential: draft.confidential || is_confidential,
        }
    }

    pub(super) fn category_name(&self, code: &str) -> String {
        self.view
            .county
            .category(code)
            .map_or_else(|| "其他".to_owned(), |category| category.name.clone())
    }

    /// Whether the words name a place that we know or recognise.
    pub(super) fn names_a_place(&self, text: &str) -> bool {
        gazetteer::find_place(self.view.county, text).is_some() || reading::is_old_place(text)
    }

    /// An answer to 在哪里？
    pub(super) fn answer_where(&mut self, said: &Said) -> bool {
        if reading::is_old_place(&said.text)
            && let Some(ticket) = self.view.facts.mine.first()
        {
            self.put_place(ticket.report.place.clone());
        } else if words::number_choice(&said.text) == Some(0) {
            self.keep_or_skip_place();
        } else if self.continues_a_voice(said) {
            self.add_words(said, false);
            return true;
        } else {
            let home = self.view.who.home.as_deref().map(AreaCode::from);
            let found = gazetteer::read_place(self.view.county, &said.text, home.as_ref());
            self.state.asked = None;
            match found {
                Some(found) => self.put_found(&found),
                None => self.keep_or_skip_place(),
            }
        }
        if let Some(draft) = &mut self.state.draft {
            draft.media.extend(said.media.iter().cloned());
            draft.touched_at = Some(self.view.now);
        }
        self.ask_next();
        true
    }

    fn continues_a_voice(&self, said: &Said) -> bool {
        let Some(draft) = &self.state.draft else { return false };
        said.by_voice
            && draft.by_voice
            && draft.text.since().is_some_and(|at| self.view.now - at <= VOICE_CONTINUES)
            && !self.names_a_place(&said.text)
    }

    /// 0 keeps an old place; without one the desk will have to find out.
    pub(super) fn keep_or_skip_place(&mut self) {
        if self.state.draft.as_ref().is_some_and(|draft| draft.place.is_empty()) {
            let area = self.view.who.home.clone();
            self.put_place(Place { text: None, point: None, area });
        }
    }

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
                    draft.category = super::state::Slot::default();
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

/// Choices numbered from 1.
pub(super) fn numbered(labels: impl Iterator<Item = String>) -> Vec<Choice> {
    labels.enumerate().map(|(index, label)| Choice { key: index + 1, label }).collect()
}

/// How many photos a draft holds.
pub(super) fn photos(draft: &Draft) -> usize {
    draft.media.iter().filter(|media| media.kind == MediaKind::Photo).count()
}
