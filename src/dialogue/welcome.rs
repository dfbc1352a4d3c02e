//! Coming in: following, scanning a code on a wall, the menu, greetings, help, a person.

use super::reply::Reply;
use super::state::{Draft, Question, Wish};
use super::turn::{Profile, Turn};
use crate::county::AreaCode;
use crate::ticket::Place;

/// What a scanned scene begins with when it carries an area.
const AREA_SCENE: &str = "area:";

impl Turn<'_> {
    pub(super) fn follow(&mut self, scene: Option<&str>) {
        self.learn(Profile::Following(true));
        let code = scene.and_then(|scene| scene.strip_prefix(AREA_SCENE));
        let area = code.and_then(|code| self.bind_area(code));
        let county = self.view.county.name().to_owned();
        let words = area.as_ref().map(|area| self.area_words(area));
        self.say(Reply::Welcome { county, area: words });
        self.learn(Profile::ToldPrivacy);
        if let Some(scene) = scene
            && self.answer_scene(scene)
        {
            return;
        }
        if code.is_some() && area.is_none() {
            self.say(Reply::CodeUnknown);
        }
        match area {
            Some(area) if self.is_told() => self.take_place_of_code(&area),
            Some(_) => {
                if self.open_report() {
                    self.ask(&Question::What, false);
                }
            }
            None if self.state.draft.is_some() => self.ask_resume(),
            None => {}
        }
    }

    pub(super) fn scan(&mut self, scene: &str) {
        if self.answer_scene(scene) {
            return;
        }
        let Some(code) = scene.strip_prefix(AREA_SCENE) else { return self.greeting() };
        let Some(area) = self.bind_area(code) else {
            self.say(Reply::CodeUnknown);
            return self.ask_again_if_open();
        };
        let words = self.area_words(&area);
        if self.is_told() {
            self.say(Reply::AreaScanned { area: words, asks: false });
            return self.take_place_of_code(&area);
        }
        let asks = self.open_report();
        self.say(Reply::AreaScanned { area: words, asks });
        if !asks {
            self.ask_again_if_open();
        }
    }

    /// Remembers the area of a code on the wall, or what is left of it: what is told from now on
    /// lies there unless the words say otherwise.
    fn bind_area(&mut self, code: &str) -> Option<AreaCode> {
        let area = self.view.county.nearest_area(&AreaCode::from(code))?.code.clone();
        self.learn(Profile::Home(area.as_str().to_owned()));
        Some(area)
    }

    fn area_words(&self, area: &AreaCode) -> String {
        self.view.county.spoken_path(area)
    }

    /// Somebody is in the middle of telling a matter.
    fn is_told(&self) -> bool {
        self.state.draft.as_ref().is_some_and(Draft::has_content)
    }

    /// Opens a report whose first question is what it is about, unless something else is being
    /// asked; tells whether it is open.
    fn open_report(&mut self) -> bool {
        let is_free = match self.question() {
            None | Some(Question::Menu) => true,
            Some(question) => question.is_of_draft(),
        };
        // No draft is begun: whoever says nothing more began nothing.
        if is_free {
            self.wait_for(Question::What);
        }
        is_free
    }

    /// A code scanned in the middle of telling: it fills in what is missing, and asks where it says
    /// something else. Nothing that was told is lost.
    fn take_place_of_code(&mut self, area: &AreaCode) {
        let scanned = area.as_str().to_owned();
        let Some(draft) = &self.state.draft else { return };
        let has_words = !draft.text.is_empty();
        // A spot may have been said whose village is known only now.
        let place = draft.place.get().cloned().unwrap_or_default();
        if let Some(said) = &place.area
            && !self.are_related(said, &scanned)
        {
            let question = Question::WordsOrCode { said: said.clone(), scanned };
            self.wait_for(question.clone());
            return self.ask(&question, false);
        }
        if place.area.is_some() || !self.view.county.is_precise(area) {
            return self.ask_again_if_open();
        }
        self.put_place(Place { area: Some(scanned), ..place });
        if has_words {
            self.wait_for_nothing();
            self.ask_next();
        } else {
            self.ask_again_if_open();
        }
    }

    /// A menu button of the account.
    pub(super) fn click(&mut self, key: &str) {
        match key {
            "REPORT" => self.start_report(),
            "MINE" => self.my_tickets(Wish::Look),
            "GUIDE" => self.guide(),
            "VOLUNTEER" => self.start_volunteer(),
            "HUMAN" => self.ask_for_human(),
            "TASKS" => self.my_tasks(),
            _ => self.menu(),
        }
    }

    /// A number of the top menu.
    pub(super) fn menu_choice(&mut self, key: u8) -> bool {
        match key {
            0 => self.help(),
            1 => self.start_report(),
            2 => self.my_tickets(Wish::Look),
            3 => self.guide(),
            4 => self.start_volunteer(),
            5 => self.ask_for_human(),
            8 if self.view.who.duty.is_some() => self.my_tasks(),
            _ => return false,
        }
        true
    }

    pub(super) fn menu(&mut self) {
        let county = self.view.county.name().to_owned();
        let member = self.view.who.duty.is_some();
        self.say(Reply::Menu { member, county });
        if self.state.draft.is_none() {
            self.wait_for(Question::Menu);
        }
    }

    pub(super) fn help(&mut self) {
        let member = self.view.who.duty.is_some();
        let (operator, hotline) = (self.is_operator(), self.hotline());
        self.say(Reply::Help { member, operator, hotline });
        self.ask_again_if_open();
    }

    pub(super) fn guide(&mut self) {
        let hotline = self.hotline();
        self.say(Reply::Guide { hotline });
        self.ask_again_if_open();
    }

    /// How a person is reached: number and hours. What was told so far is kept.
    pub(super) fn human(&mut self) {
        let (hotline, hours) = (self.hotline(), self.hours());
        let draft = self.state.draft.as_ref().is_some_and(Draft::has_content);
        self.say(Reply::Human { hotline, hours, draft });
    }

    pub(super) fn greeting(&mut self) {
        // In the middle of something 0 means something else.
        let menu = self.state.draft.is_none() && self.question().is_none();
        self.say(Reply::Greeting { menu });
        self.ask_again_if_open();
    }
}
