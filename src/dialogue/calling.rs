//! From people and a unit to a [`Call`]: who leads them, and on which level of the tree they work.

use super::facts::Named;
use crate::county::{AreaCode, County, Level};
use crate::ticket::{Call, Person, Tier};

/// The call of these people, in this order, each once.
///
/// Where a unit is called about a matter of the four-order rule, only its leader is: the leader
/// takes it for the team.
pub fn call_of(
    county: &County,
    people: &[Named],
    unit: Option<String>,
    category: &str,
    reason: String,
) -> Call {
    let mut to: Vec<Person> = Vec::new();
    for named in people {
        if !to.iter().any(|known| known.id == named.person.id) {
            to.push(named.person.clone());
        }
    }
    let known = unit.as_deref().and_then(|code| county.unit(code));
    let leader = known
        .and_then(|unit| unit.leader.as_deref())
        .and_then(|name| to.iter().find(|person| person.name == name))
        .cloned();
    let is_four_order = county.category(category).is_some_and(|category| category.four_order);
    if let Some(leader) = leader.as_ref().filter(|_| is_four_order) {
        to = vec![leader.clone()];
    }
    let area = known
        .map(|unit| unit.area.as_str().to_owned())
        .or_else(|| people.first().and_then(|named| named.area.clone()));
    let tier = area.as_deref().and_then(|code| tier_of(county, code));
    Call { to, unit, leader, area, tier, reason }
}

/// The level of an area, as tickets remember it.
pub(super) fn tier_of(county: &County, area: &str) -> Option<Tier> {
    Some(match county.area(&AreaCode::from(area))?.level {
        Level::County => Tier::County,
        Level::Township => Tier::Township,
        Level::Community => Tier::Community,
        Level::Village => Tier::Village,
        Level::Grid => Tier::Grid,
    })
}
