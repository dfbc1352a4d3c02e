//! The place of a matter: found in its words, answered, corrected bit by bit, or left to the desk.
//!
//! A spot without its village is a place too; the summary then says that the village is missing,
//! and a village said alone fills it in.

use super::event::Said;
use super::reading;
use super::report::MOST_CHOICES;
use super::state::Question;
use super::turn::Turn;
use crate::county::gazetteer::{self, FoundPlace};
use crate::county::guess::{self, Guess};
use crate::county::{AreaCode, words};
use crate::ticket::Place;
use chrono::TimeDelta;

/// A second voice within this time continues the sentence of the first.
const VOICE_CONTINUES: TimeDelta = TimeDelta::minutes(2);

impl Turn<'_> {
    /// A place in the words fills the slot while it is empty.
    pub(super) fn look_for_place(&mut self, text: &str) {
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
        } else if let Some(home) = self.home()
            // A code in the township's hall does not say where a lamp is out.
            && self.view.county.is_precise(&AreaCode::from(home.as_str()))
        {
            self.put_place(Place { text: None, point: None, area: Some(home) });
        }
    }

    /// The area whose code was scanned, or what is left above it.
    pub(super) fn home(&self) -> Option<String> {
        let home = self.view.who.home.as_deref().map(AreaCode::from)?;
        self.view.county.nearest_area(&home).map(|area| area.code.as_str().to_owned())
    }

    /// Keeps what was found; an area that is not certain leads to one question.
    pub(super) fn put_found(&mut self, found: &FoundPlace) {
        let home = self.home();
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

    pub(super) fn are_related(&self, one: &str, other: &str) -> bool {
        let (one, other) = (AreaCode::from(one), AreaCode::from(other));
        self.view.county.is_within(&one, &other) || self.view.county.is_within(&other, &one)
    }

    /// The area that words name.
    pub(super) fn area_in(&self, text: &str) -> Option<String> {
        let found = gazetteer::find_place(self.view.county, text)
            .filter(|found| found.area.is_some())
            .or_else(|| gazetteer::only_place(self.view.county, text))?;
        found.area.map(|code| code.as_str().to_owned())
    }

    pub(super) fn is_only_a_place(&self, text: &str) -> bool {
        gazetteer::only_place(self.view.county, text).is_some()
    }

    /// Whether the words name a place that we know or recognise.
    pub(super) fn names_a_place(&self, text: &str) -> bool {
        gazetteer::find_place(self.view.county, text).is_some() || reading::is_old_place(text)
    }

    /// An answer to 在哪里？ Words that tell or ask something are left to others.
    pub(super) fn answer_where(&mut self, said: &Said, key: Option<u8>) -> bool {
        let text = &said.text;
        if reading::is_old_place(text) {
            let Some(ticket) = self.view.facts.mine.first() else {
                self.ask(&Question::Where, true);
                return true;
            };
            self.put_place(ticket.report.place.clone());
        } else if key == Some(0) {
            self.keep_or_skip_place();
        } else if key.is_some() || !words::several_choices(text).is_empty() {
            return false;
        } else if self.continues_a_voice(said) {
            self.add_words(said, false);
            return true;
        } else if reading::says_nothing(text) {
            self.ask(&Question::Where, true);
            return true;
        } else if !gazetteer::may_be_place(self.view.county, text) || self.tells_matter_only(text) {
            return false;
        } else {
            let home = self.home().as_deref().map(AreaCode::from);
            let found = gazetteer::read_place(self.view.county, text, home.as_ref());
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

    /// 路灯 after 我家门口: a matter, and no place in it.
    fn tells_matter_only(&self, text: &str) -> bool {
        matches!(guess::guess(self.view.county, text), Guess::Sure(_)) && !self.names_a_place(text)
    }

    /// A message that says only a place goes into its slot: the village that was missing, the spot
    /// in the village, or another place.
    pub(super) fn only_place(&mut self, said: &Said) -> bool {
        let Some(found) = gazetteer::only_place(self.view.county, &said.text) else { return false };
        let known = self.state.draft.as_ref().and_then(|draft| draft.place.get()).cloned();
        let text = known.as_ref().and_then(|place| place.text.clone()).unwrap_or_default();
        let known_area = known.as_ref().and_then(|place| place.area.clone());
        let found = match (&known_area, &found.area) {
            _ if found.ambiguous.len() > 1 => found,
            (Some(known), Some(area)) if known == area.as_str() && text.contains(&found.text) => {
                FoundPlace { text, ..found }
            }
            (None, Some(_)) if !text.is_empty() => FoundPlace { text, ..found },
            (area, None) => {
                let is_home = area.is_some() && area == &self.home();
                let area = area.as_deref().filter(|_| !is_home).map(AreaCode::from);
                FoundPlace { text: format!("{text}{}", found.text), area, ..found }
            }
            _ => found,
        };
        let point = known.and_then(|place| place.point);
        self.state.asked = None;
        self.put_found(&found);
        let now = self.view.now;
        if let Some(draft) = &mut self.state.draft {
            if let (Some(point), Some(mut place)) = (point, draft.place.get().cloned()) {
                place.point = Some(point);
                draft.place.put(place, now);
            }
            draft.media.extend(said.media.iter().cloned());
            draft.touched_at = Some(now);
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
            let area = self.home();
            self.put_place(Place { text: None, point: None, area });
        }
    }

    /// Which of the county's areas a place lies in, the county first.
    pub(super) fn area_path(&self, place: &Place) -> Vec<String> {
        place
            .area
            .as_ref()
            .map(|code| self.view.county.path(&AreaCode::from(code.as_str())))
            .unwrap_or_default()
            .iter()
            .map(|area| area.code.as_str().to_owned())
            .collect()
    }
}
