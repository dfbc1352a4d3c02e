//! Who a need goes to, and why: the county's rules first, then those nearest to it, then one
//! level up. Every suggestion says in a sentence why it is made, because it stands in the history.
//!
//! [`decide`] ranks; [`one_up`] knows who comes next when a ticket is late. Both take what only the
//! database knows – who is there, how much they have in hand, whether a phone tells them – from a
//! function by name; [`candidates`] and [`candidates_above`] tell beforehand which names that are.
//!
//! It promises to look only at those who serve on the way from the need's area up to the county,
//! never at all members, to suggest nobody who is away, and to end in a register with loops. A
//! rule whose target is gone switches itself off and says so; nothing waits for somebody who
//! left.
//!
//! Deliberately absent: dispatching, and what people are told.

mod explain;
mod near;
mod off;
mod rules;
#[cfg(test)]
mod tests;
mod upward;

pub use explain::{everybody_near, fitting, left_out};
pub use off::rules_off;
pub use upward::{candidates_above, one_up};

use super::{AreaCode, County};
use chrono::NaiveDate;
use std::cell::RefCell;

/// What has to be known of a need to route it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Matter<'a> {
    /// The category's code.
    pub category: &'a str,
    /// The smallest area that is known.
    pub area: Option<AreaCode>,
    /// The channel's code.
    pub channel: &'a str,
    /// The day in Beijing.
    pub day: NaiveDate,
    /// The minute of the day in Beijing.
    pub minute: u16,
    /// Somebody is in danger: whoever has enough in hand is called all the same.
    pub urgent: bool,
}

/// What only the database knows of a member.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Available {
    /// How many tickets they have in hand.
    pub load: u32,
    /// A phone of theirs is bound.
    pub reachable: bool,
}

/// Tells of a member by name; none of somebody who is not there any more, or must not be called.
pub type Known<'a> = dyn Fn(&str) -> Option<Available> + 'a;

/// Somebody who could be called.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Suggestion {
    /// The people by name, who leads them first.
    pub people: Vec<String>,
    /// The unit's code, where they are called as a unit.
    pub unit: Option<String>,
    /// All of them are to come, not whoever takes it first.
    pub all: bool,
    /// Why, in plain Chinese.
    pub reason: String,
}

/// A rule that is of no use, and why.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Off {
    /// The rule's name.
    pub rule: String,
    /// Why, in plain Chinese.
    pub why: String,
}

/// Who could be called, the best first.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Decision {
    /// The best first; each person and each unit once.
    pub suggestions: Vec<Suggestion>,
    /// Rules that fit and have nobody.
    pub off: Vec<Off>,
    /// Why nobody near it was found, where that is so.
    pub nobody: Option<String>,
}

impl Decision {
    /// Why there is no suggestion, in plain Chinese; an empty text where there is one.
    pub fn why_nobody(&self) -> String {
        if !self.suggestions.is_empty() {
            return String::new();
        }
        let off = self.off.iter().map(|off| format!("规则“{}”：{}", off.rule, off.why));
        off.chain(self.nobody.clone()).collect::<Vec<_>>().join("；")
    }
}

/// Ranks who could be called.
pub fn decide(county: &County, matter: &Matter<'_>, known: &Known<'_>) -> Decision {
    let case = Case { county, matter, known };
    let mut decision = Decision::default();
    let mut skill = None;
    let mut by_rule = None;
    for rule in county.rules().iter().filter(|rule| case.fits(rule)) {
        match case.by_rule(rule) {
            Ok(suggestion) => {
                by_rule = Some(suggestion);
                break;
            }
            Err(why) => {
                skill = skill.or(rule.skill.as_deref());
                decision.off.push(Off { rule: rule.name.clone(), why });
            }
        }
    }
    let category = county.category(matter.category);
    // A category that needs no operator goes to its unit, unless a rule says otherwise.
    let goes_by_itself = category.is_some_and(|category| category.auto);
    if by_rule.is_none() && goes_by_itself {
        by_rule = case.own_unit(near::Who::Callable);
    }
    decision.suggestions.extend(by_rule);
    // What is confidential is no matter for neighbours.
    if category.is_some_and(|category| category.confidential) {
        decision.nobody = Some("这类事只派给归口单位".to_owned());
    } else {
        let (near, nobody) = case.near(skill);
        decision.suggestions.extend(near);
        decision.nobody = nobody;
    }
    decision.suggestions.extend(case.own_unit(near::Who::Present));
    keep_each_once(&mut decision.suggestions);
    decision
}

/// The names that [`decide`] may ask about, each once.
pub fn candidates(county: &County, matter: &Matter<'_>) -> Vec<String> {
    names_asked(|known| drop(decide(county, matter, known)))
}

/// Runs a decision in which nobody is there: it asks about everybody that it could suggest.
fn names_asked(decision: impl FnOnce(&Known<'_>)) -> Vec<String> {
    let names = RefCell::new(Vec::new());
    decision(&|name| {
        names.borrow_mut().push(name.to_owned());
        None
    });
    let mut seen = std::collections::HashSet::new();
    let mut names = names.into_inner();
    names.retain(|name| seen.insert(name.clone()));
    names
}

fn keep_each_once(suggestions: &mut Vec<Suggestion>) {
    let mut seen: Vec<(Option<String>, Vec<String>)> = Vec::new();
    suggestions.retain(|one| {
        // A unit is the same unit, whoever of it is called.
        let people = if one.unit.is_some() { Vec::new() } else { one.people.clone() };
        let key = (one.unit.clone(), people);
        let is_new = !seen.contains(&key);
        if is_new {
            seen.push(key);
        }
        is_new
    });
}

/// One need while it is routed.
struct Case<'a> {
    county: &'a County,
    matter: &'a Matter<'a>,
    known: &'a Known<'a>,
}
