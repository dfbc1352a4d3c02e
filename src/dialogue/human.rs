//! 人工: somebody of the desk talks with the person, and the bot is silent.
//!
//! While it lasts nothing is answered but danger, members' orders, and whoever wants the bot back
//! (0, 返回, 不用人工了, a button of the menu). The draft stays whole, with all its slots. It lasts two
//! hours after the desk's last word or the person's to it, two hours from the request where nobody
//! answered, and never begins outside of working hours: then the request is written down for the
//! morning and the bot stays usable.
//!
//! Deliberately absent: what was said, who of the desk has it, and the platform's own seats.

use super::event::{Event, Said};
use super::reading;
use super::reply::{Beside, Reply};
use super::state::{Draft, Question, State};
use super::turn::{Step, Turn};
use super::{View, facts::Speaker};
use crate::county::words::{self, Emergency};
use chrono::{DateTime, TimeDelta, Utc};
use serde::{Deserialize, Serialize};

/// After so long without a word the bot is back.
pub const SILENCE: TimeDelta = TimeDelta::hours(2);
/// The desk is reminded once, if nobody answered within this time.
pub const ANSWER_WITHIN: TimeDelta = TimeDelta::minutes(10);

/// A talk with somebody of the desk.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Human {
    /// Since when.
    pub since: DateTime<Utc>,
    /// Until when the bot is silent, if nobody says anything more.
    pub until: DateTime<Utc>,
    /// Who began it.
    pub by: Begun,
    /// The desk said something.
    pub answered: bool,
    /// The desk was reminded.
    pub reminded: bool,
}

/// Who began a talk.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Begun {
    /// The person asked for somebody.
    Person,
    /// Somebody of the desk spoke, or took it.
    Desk,
}

/// What a step did to the talk with the desk.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Turned {
    /// Somebody is asked for, and the bot is silent from now on.
    Asked,
    /// Somebody is asked for while nobody is there; the bot goes on.
    AskedLater,
    /// The person wants the bot back, or left.
    Left,
    /// It ended by itself.
    Lapsed,
}

/// What is due for a talk.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Due {
    /// The desk is reminded that somebody waits.
    Remind,
    /// The bot is back.
    Lapse,
}

impl Human {
    fn begun(by: Begun, now: DateTime<Utc>) -> Self {
        Self { since: now, until: now + SILENCE, by, answered: by == Begun::Desk, reminded: false }
    }

    /// The person said something: a talk goes on, a request nobody heard is not made longer.
    fn goes_on(&mut self, now: DateTime<Utc>) {
        if self.answered {
            self.until = self.until.max(now + SILENCE);
        }
    }

    /// The next moment at which time alone does something to the talk.
    pub fn next(&self) -> (DateTime<Utc>, Due) {
        let reminder = self.since + ANSWER_WITHIN;
        if self.answered || self.reminded || reminder >= self.until {
            (self.until, Due::Lapse)
        } else {
            (reminder, Due::Remind)
        }
    }
}

/// Somebody of the desk spoke to the person, or took the talk: the bot is silent. Tells whether the
/// talk began with it.
pub fn heard_from_desk(state: &mut State, now: DateTime<Utc>) -> bool {
    state.came_back = false;
    match &mut state.human {
        Some(human) if human.until > now => {
            human.answered = true;
            human.until = now + SILENCE;
            false
        }
        human => {
            *human = Some(Human::begun(Begun::Desk, now));
            true
        }
    }
}

/// What time does to a talk.
pub fn lapse(state: &mut State, due: Due) {
    match (due, &mut state.human) {
        (Due::Remind, Some(human)) => human.reminded = true,
        (Due::Lapse, human) => {
            state.came_back = human.is_some();
            *human = None;
        }
        (Due::Remind, None) => {}
    }
}

/// The desk is done: the bot says so, and puts the draft's question again.
pub fn released(view: View<'_>, mut state: State) -> Step {
    state.human = None;
    state.came_back = false;
    let mut turn = Turn::begin(view, state);
    turn.say(Beside::BotIsBack { lapsed: false });
    turn.go_on_with_bot();
    turn.finish()
}

/// The desk hands the draft in for the person, as it stands; none while nothing was told.
pub fn submitted(view: View<'_>, mut state: State) -> Option<Step> {
    let human = state.human.take();
    let mut turn = Turn::begin(view, state);
    turn.submit("1", None);
    turn.state.human = human;
    let step = turn.finish();
    (!step.changes.is_empty()).then_some(step)
}

/// Whether the desk is there: working hours, holidays and lunch included.
pub fn desk_is_there(view: &View<'_>) -> bool {
    view.county.calendar().between(view.now, view.now + TimeDelta::minutes(1)) > 0
}

/// Words that bring the bot back.
fn wants_bot(text: &str) -> bool {
    let word = reading::bare(text);
    if words::number_choice(&word) == Some(0) {
        return true;
    }
    let word = word.trim_end_matches(['吧', '了', '啊', '呀']);
    matches!(
        word,
        "0" | "返回"
            | "取消"
            | "退出"
            | "结束"
            | "算"
            | "菜单"
            | "不用人工"
            | "不用转人工"
            | "取消人工"
            | "退出人工"
            | "结束人工"
            | "不要人工"
            | "不找人工"
            | "不找人"
            | "自助"
            | "回到自助"
            | "转自助"
            | "机器人"
            | "不用"
    )
}

impl Turn<'_> {
    /// 人工: somebody of the desk is asked for. Nobody waits for an answer that cannot come: outside of
    /// working hours the bot says so, and stays.
    pub(super) fn ask_for_human(&mut self) {
        let (hotline, hours) = (self.hotline(), self.hours());
        let draft = self.state.draft.as_ref().is_some_and(Draft::has_content);
        if desk_is_there(&self.view) {
            self.state.human = Some(Human::begun(Begun::Person, self.view.now));
            self.turned(Turned::Asked);
            return self.say(Beside::HumanComes { hotline, draft, again: false });
        }
        self.turned(Turned::AskedLater);
        self.say(Beside::HumanLater { hotline, hours, draft });
    }

    /// Takes what happens while somebody of the desk talks with the person; false where the bot
    /// answers as ever.
    pub(super) fn with_human(&mut self, event: &Event) -> bool {
        if std::mem::take(&mut self.state.came_back) && !matches!(event, Event::Unfollow) {
            self.say(Beside::BotIsBack { lapsed: true });
        }
        let Some(human) = self.state.human.clone() else { return false };
        if human.until <= self.view.now {
            self.state.human = None;
            self.turned(Turned::Lapsed);
            if !matches!(event, Event::Unfollow) {
                self.say(Beside::BotIsBack { lapsed: true });
            }
            return false;
        }
        let taken = match event {
            Event::Unfollow => {
                self.leave_human();
                false
            }
            Event::Click(key) if key == "HUMAN" => self.comes_still(),
            Event::Click(_) => {
                // Who presses a button of the menu wants what it does.
                self.leave_human();
                false
            }
            Event::Follow(_) | Event::Scan(_) => false,
            Event::Text(text) | Event::Voice { heard: Some(text), .. } => {
                self.heard_beside(text, human.since)
            }
            _ => true,
        };
        if let Some(human) = &mut self.state.human {
            human.goes_on(self.view.now);
        }
        taken
    }

    /// Words while somebody of the desk listens.
    fn heard_beside(&mut self, text: &str, since: DateTime<Utc>) -> bool {
        if self.in_danger(text).is_some() {
            return true;
        }
        if wants_bot(text) {
            self.leave_human();
            self.say(Beside::BotIsBack { lapsed: false });
            self.go_on_with_bot();
            return true;
        }
        if matches!(reading::global(text), Some(reading::Global::Human)) {
            return self.comes_still();
        }
        let said = Said { text: text.to_owned(), ..Said::default() };
        if self.view.who.duty.is_some() && self.order(&said) {
            return true;
        }
        !self.is_for_bot(text, since)
    }

    /// A question was put since, by a notice or because an order lacked something, and this answers it.
    fn is_for_bot(&self, text: &str, since: DateTime<Utc>) -> bool {
        let asked = self.state.asked.as_ref().filter(|asked| asked.at > since);
        let is_duty = |question: &Question| !question.is_of_draft() && !question.has_no_end();
        if self.view.who.duty.is_some() && asked.is_some_and(|asked| is_duty(&asked.question)) {
            return true;
        }
        words::number_choice(text).is_some() && self.was_noticed_since(since)
    }

    fn comes_still(&mut self) -> bool {
        let hotline = self.hotline();
        let draft = self.state.draft.as_ref().is_some_and(Draft::has_content);
        self.say(Beside::HumanComes { hotline, draft, again: true });
        true
    }

    fn leave_human(&mut self) {
        self.state.human = None;
        self.turned(Turned::Left);
    }

    /// The question of the draft once more; without one, whatever the person says next is new.
    fn go_on_with_bot(&mut self) {
        if self.state.draft.as_ref().is_some_and(Draft::has_content) {
            self.ask_again_if_open();
        }
    }

    /// Danger comes first, whoever listens: the numbers to call, and the desk hears of it.
    pub(super) fn in_danger(&mut self, text: &str) -> Option<Emergency> {
        let kind = words::emergency(text)?;
        let number = self.view.county.settings().emergency.first_call(kind).to_owned();
        self.say(Reply::Emergency { kind, number });
        self.alarm(text.to_owned());
        Some(kind)
    }
}

/// Where the person is at home, as far as anybody knows: the draft's place, or the code they scanned.
pub fn area_of(who: &Speaker, state: &State) -> Option<String> {
    let place = state.draft.as_ref().and_then(|draft| draft.place.get());
    place.and_then(|place| place.area.clone()).or_else(|| who.home.clone())
}
