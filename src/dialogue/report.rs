//! Telling a matter: slots in any order, and the next question derived from what is missing.
//!
//! Once *what* and *where* are known the next question is the summary, for everybody; whoever
//! writes one good sentence holds a number after two messages.

use super::event::Said;
use super::reading;
use super::reply::{Choice, Reply, Summary, gist, place_words, shortened};
use super::state::{Draft, Question};
use super::turn::Turn;
use crate::county::guess::{self, Guess};
use crate::county::{AreaCode, words};
use crate::ticket::MediaKind;

/// The category of what fits nowhere.
pub const OTHER: &str = "other";
/// The category behind the menu's 志愿服务.
const VOLUNTEER: &str = "volunteer";
/// A text this long with matters of several kinds is asked about.
const LONG_TEXT_CHARACTERS: usize = 200;
/// How much of the matter the summary shows.
const SUMMARY_CHARACTERS: usize = 120;
/// 我的电话是, 打这个电话
const WORDS_BESIDE_PHONE: usize = 7;
/// Never more than this many choices besides 0.
pub(super) const MOST_CHOICES: usize = 3;

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

    /// Free words: they go on with the draft, or begin one.
    pub(super) fn tell(&mut self, said: &Said, urgent: bool) {
        let is_told = self.state.draft.as_ref().is_some_and(Draft::has_content);
        if self.state.draft.is_none() {
            self.state.draft = Some(self.fresh_draft());
        }
        if self.takes_phone(said) || self.only_place(said) {
            return;
        }
        if is_told && reading::says_nothing(&said.text) {
            return self.ask_next();
        }
        self.add_words(said, urgent);
    }

    /// A telephone number and hardly anything else is the contact, not the matter.
    fn takes_phone(&mut self, said: &Said) -> bool {
        let others = said.text.chars().filter(|c| c.is_alphabetic()).count();
        let Some(phone) = words::phone_in(&said.text) else { return false };
        if others > WORDS_BESIDE_PHONE {
            return false;
        }
        self.tell_privacy_once();
        self.keep_contact(None, phone);
        true
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

    pub(super) fn guess_category(&mut self) {
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

    /// The category that holds: chosen or sure; otherwise the likeliest, which the summary shows,
    /// unless a wrong one would call people out.
    pub(super) fn category_of(&self, draft: &Draft) -> String {
        if let Some(code) = draft.category.get() {
            return code.clone();
        }
        let county = self.view.county;
        let likeliest = match guess::guess(county, draft.text.get().map_or("", String::as_str)) {
            Guess::Sure(code) => Some(code),
            Guess::Unsure(options) => options.into_iter().next(),
            Guess::None => None,
        };
        likeliest
            .filter(|code| county.category(code).is_some_and(|one| !one.auto))
            .unwrap_or_else(|| OTHER.to_owned())
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
        let mut question = self.next_question(&draft);
        if question == Question::Summary
            && let Some(near) = self.near_question(&draft)
        {
            question = near;
        }
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
        if let Question::Near { options } = question {
            return self.say_near(options);
        }
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
        let category = &self.category_of(draft);
        let is_confidential =
            self.view.county.category(category).is_some_and(|category| category.confidential);
        Summary {
            text: shortened(&words::masked(text).text, SUMMARY_CHARACTERS),
            place: draft.place.get().map(|place| place_words(place, self.view.county)),
            village_missing: !self.view.county.areas().is_empty()
                && draft.place.get().is_none_or(|place| place.area.is_none()),
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
}

/// Choices numbered from 1.
pub(super) fn numbered(labels: impl Iterator<Item = String>) -> Vec<Choice> {
    labels.enumerate().map(|(index, label)| Choice { key: index + 1, label }).collect()
}

/// How many photos a draft holds.
pub(super) fn photos(draft: &Draft) -> usize {
    draft.media.iter().filter(|media| media.kind == MediaKind::Photo).count()
}
