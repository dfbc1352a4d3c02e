//! Coming in: following, scanning a code on a wall, the menu, greetings, help, a person.

use super::reply::Reply;
use super::state::{Question, Wish};
use super::turn::{Profile, Turn};
use crate::county::AreaCode;
use crate::ticket::Place;

/// What a scanned scene begins with when it carries an area.
const AREA_SCENE: &str = "area:";

impl Turn<'_> {
    pub(super) fn follow(&mut self, scene: Option<&str>) {
        self.learn(Profile::Following(true));
        let area = scene.and_then(|scene| self.bind_area(scene));
        let county = self.view.county.name().to_owned();
        self.say(Reply::Welcome { county, area });
        self.learn(Profile::ToldPrivacy);
        if let Some(scene) = scene
            && self.answer_scene(scene)
        {
            return;
        }
        if self.state.draft.is_some() {
            self.ask_resume();
        }
    }

    pub(super) fn scan(&mut self, scene: &str) {
        if self.answer_scene(scene) {
            return;
        }
        match self.bind_area(scene) {
            Some(area) => self.say(Reply::AreaScanned { area }),
            None => self.greeting(),
        }
    }

    /// Remembers the area of a code on the wall; a draft without a place gets it at once.
    fn bind_area(&mut self, scene: &str) -> Option<String> {
        let code = scene.strip_prefix(AREA_SCENE)?;
        let area = self.view.county.area(&AreaCode::from(code))?;
        let words = self.view.county.spoken_path(&area.code);
        let code = area.code.as_str().to_owned();
        let now = self.view.now;
        self.learn(Profile::Home(code.clone()));
        if let Some(draft) = &mut self.state.draft
            && draft.place.is_empty()
        {
            draft.place.put(Place { text: None, point: None, area: Some(code) }, now);
        }
        Some(words)
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
        let draft = self.state.draft.as_ref().is_some_and(super::state::Draft::has_content);
        self.say(Reply::Human { hotline, hours, draft });
    }

    pub(super) fn greeting(&mut self) {
        // In the middle of something 0 means something else.
        let menu = self.state.draft.is_none() && self.question().is_none();
        self.say(Reply::Greeting { menu });
        self.ask_again_if_open();
    }
}
