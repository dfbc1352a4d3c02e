//! One level up: who takes over when those below were late, or say that it exceeds them.

use super::super::{AreaCode, County};
use super::near::{Who, upwards};
use super::{Case, Known, Matter, Suggestion, names_asked};

/// Who stands above those who hold a ticket: the nearest level above them, on the way from the
/// ticket's own area to the county, on which somebody can be reached. None at the top.
///
/// `held_in` is the area whose people hold it; where nobody knows, they count as the ticket's own.
pub fn one_up(
    county: &County,
    held_in: Option<&AreaCode>,
    matter: &Matter<'_>,
    known: &Known<'_>,
) -> Option<Suggestion> {
    let case = Case { county, matter, known };
    let own = matter.area.as_ref().filter(|code| county.area(code).is_some());
    let from = held_in.filter(|code| county.area(code).is_some()).or(own)?;
    let (name, suggestion) = case.above(from, Who::Reachable)?;
    Some(Suggestion { reason: format!("提级到{name}"), ..suggestion })
}

/// The names that [`one_up`] may ask about, each once.
pub fn candidates_above(
    county: &County,
    held_in: Option<&AreaCode>,
    matter: &Matter<'_>,
) -> Vec<String> {
    names_asked(|known| drop(one_up(county, held_in, matter, known)))
}

impl Case<'_> {
    /// The nearest level strictly above an area that has somebody, with its name.
    pub(super) fn above(&self, from: &AreaCode, who: Who) -> Option<(String, Suggestion)> {
        let way: Option<Vec<_>> = self.matter.area.as_ref().map(|own| {
            upwards(self.county, own).into_iter().map(|area| area.code.clone()).collect()
        });
        for area in upwards(self.county, from).into_iter().skip(1) {
            // Who holds it from elsewhere gives it to those above both.
            let is_above_it = way.as_ref().is_none_or(|way| way.contains(&area.code));
            if !is_above_it {
                continue;
            }
            let found = self.at_level(area, who).or_else(|| {
                let unit = self.own_unit(who)?;
                let known = self.county.unit(unit.unit.as_deref()?)?;
                (known.area == area.code).then(|| (known.name.clone(), unit))
            });
            if found.is_some() {
                return found;
            }
        }
        None
    }
}
