//! stub
use super::event::*;
use super::facts::*;
use super::state::*;
use super::turn::Turn;
use crate::ticket::Media;
pub(super) fn needs(_w: &Speaker, _s: &State, _e: &Event, _n: &mut Needs) {}
impl Turn<'_> {
    pub(super) fn order(&mut self, _s: &Said) -> bool {
        false
    }
    pub(super) fn answer_duty(&mut self, _q: Question, _s: &Said) -> bool {
        false
    }
    pub(super) fn duty_photo(&mut self, _m: &Media) -> bool {
        false
    }
    pub(super) fn repeat_duty_question(&mut self, _q: &Question) {}
    pub(super) fn my_tasks(&mut self) {}
}
