//! Areas to choose from in a form: townships with what lies in them, as far as the operator's own
//! area reaches.

use super::Desk;
use crate::county::{Area, AreaCode, County, Level};
use serde::Serialize;

/// A list to choose an area from.
#[derive(Serialize)]
pub(super) struct Places<'a> {
    /// The whole county may be chosen.
    whole: bool,
    chosen: &'a str,
    groups: Vec<Group<'a>>,
}

#[derive(Serialize)]
struct Group<'a> {
    name: &'a str,
    places: Vec<Place<'a>>,
}

#[derive(Serialize)]
struct Place<'a> {
    code: &'a str,
    name: &'a str,
    /// It is all of the group.
    is_all: bool,
}

impl<'a> Places<'a> {
    /// What this operator may choose, with `chosen` chosen.
    pub(super) fn of(desk: &'a Desk, chosen: &'a str) -> Self {
        let (county, own) = (&*desk.county, desk.operator().scope.area.as_deref());
        let groups = county
            .areas()
            .iter()
            .filter(|area| area.level == Level::Township)
            .map(|township| {
                let mut places = Vec::new();
                collect(county, township, own.map(AreaCode::from).as_ref(), &mut places);
                Group { name: &township.name, places }
            })
            .filter(|group| !group.places.is_empty())
            .collect();
        Self { whole: own.is_none(), chosen, groups }
    }
}

/// An area and what lies in it, down to the villages.
fn collect<'a>(
    county: &'a County,
    area: &'a Area,
    own: Option<&AreaCode>,
    places: &mut Vec<Place<'a>>,
) {
    if own.is_none_or(|own| county.is_within(&area.code, own)) {
        let is_all = area.level == Level::Township;
        places.push(Place { code: &area.code.0, name: &area.name, is_all });
    }
    for below in county.children(&area.code).filter(|below| below.level <= Level::Village) {
        collect(county, below, own, places);
    }
}

/// An area of a scope as people say it.
pub(super) fn words(county: &County, code: Option<&str>) -> String {
    let Some(code) = code else { return "全县".to_owned() };
    match county.spoken_path(&code.into()) {
        spoken if spoken.is_empty() => code.to_owned(),
        spoken => spoken,
    }
}
