//! What time alone does to a conversation: one reminder of a draft, and its end after a week.

use super::event::Said;
use super::state::{Asked, Question, State};
use crate::calendar::in_beijing;
use chrono::{DateTime, TimeDelta, Timelike, Utc};

/// A draft is reminded of once, after a day.
const REMINDER: TimeDelta = TimeDelta::hours(24);
/// A draft, with its pictures, is deleted after a week without a word.
const END: TimeDelta = TimeDelta::days(7);
/// Nobody is written to between 21:00 and 8:00 in Beijing.
const NIGHT_FROM_HOUR: u32 = 21;
const NIGHT_TO_HOUR: u32 = 8;

/// What is due for a conversation.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Due {
    /// Remind of the draft, if the person can be written to without a template.
    Remind,
    /// The draft is deleted.
    End,
}

/// The next moment at which time alone does something to the conversation.
pub fn next(state: &State) -> Option<(DateTime<Utc>, Due)> {
    let draft = state.draft.as_ref()?;
    let touched = draft.touched_at?;
    if draft.reminded || !draft.has_content() {
        return Some((touched + END, Due::End));
    }
    Some((not_at_night(touched + REMINDER), Due::Remind))
}

/// The state after it.
pub fn lapse(mut state: State, due: Due, now: DateTime<Utc>) -> State {
    match (due, &mut state.draft) {
        (Due::Remind, Some(draft)) => {
            draft.reminded = true;
            // The reminder is a question: a number that follows it answers this one.
            if state.asked.as_ref().is_none_or(|asked| asked.question.is_of_draft()) {
                let question = Question::ResumeDraft { said: Said::default() };
                state.asked = Some(Asked { question, at: now });
            }
        }
        (Due::End, Some(draft)) => {
            state.lost_draft = draft.has_content();
            state.draft = None;
            if state.asked.as_ref().is_some_and(|asked| asked.question.is_of_draft()) {
                state.asked = None;
            }
        }
        (_, None) => {}
    }
    state
}

/// The moment itself, or the next morning.
fn not_at_night(moment: DateTime<Utc>) -> DateTime<Utc> {
    let here = in_beijing(moment);
    let hour = here.hour();
    let morning = |days: i64| {
        let sleep = TimeDelta::days(days) + TimeDelta::hours(i64::from(NIGHT_TO_HOUR))
            - TimeDelta::seconds(i64::from(here.num_seconds_from_midnight()));
        moment + sleep
    };
    if hour >= NIGHT_FROM_HOUR {
        morning(1)
    } else if hour < NIGHT_TO_HOUR {
        morning(0)
    } else {
        moment
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(text: &str) -> DateTime<Utc> {
        DateTime::parse_from_rfc3339(text).unwrap().to_utc()
    }

    #[test]
    fn nobody_is_woken_at_night() {
        let morning = at("2026-03-03T08:00:00+08:00");
        assert_eq!(not_at_night(at("2026-03-02T23:10:05+08:00")), morning);
        assert_eq!(not_at_night(at("2026-03-03T03:00:00+08:00")), morning);
        assert_eq!(not_at_night(at("2026-03-03T09:30:00+08:00")), at("2026-03-03T09:30:00+08:00"));
    }
}
