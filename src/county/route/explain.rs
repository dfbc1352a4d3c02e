//! A decision explained to somebody who tries the routing out: which rules fit, and who was left
//! out, and why.
//!
//! Deliberately absent: the decision, which is the same one that real needs get.

use super::super::Rule;
use super::near::Who;
use super::{Case, County, Decision, Known, Matter, candidates};
use chrono::NaiveDate;

/// Everybody whom the routing may look at for a need, also those who are away on its day.
pub fn everybody_near(county: &County, matter: &Matter<'_>) -> Vec<String> {
    // Nobody's leave lasts until then.
    let day = NaiveDate::MAX;
    candidates(county, &Matter { day, ..matter.clone() })
}

/// The rules whose conditions hold, in their order: the first that has somebody counts.
pub fn fitting<'a>(county: &'a County, matter: &Matter<'_>) -> Vec<&'a Rule> {
    let case = Case { county, matter, known: &|_| None };
    county.rules().iter().filter(|rule| case.fits(rule)).collect()
}

/// Those whom a decision does not suggest, and why.
pub fn left_out(
    county: &County,
    matter: &Matter<'_>,
    known: &Known<'_>,
    decision: &Decision,
) -> Vec<(String, &'static str)> {
    let case = Case { county, matter, known };
    let is_suggested =
        |name: &String| decision.suggestions.iter().any(|one| one.people.contains(name));
    let why = |name: String| {
        let why = match county.member(&name).map(|member| case.able(member, Who::Free)) {
            None => "已经不在名单上",
            Some(Err(busy)) => busy.words_of_one(),
            Some(Ok(_)) => "前面已经有人",
        };
        (name, why)
    };
    everybody_near(county, matter).into_iter().filter(|name| !is_suggested(name)).map(why).collect()
}
