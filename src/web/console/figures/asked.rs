//! Of which time and place somebody wants to see figures, within what they may see.

use super::{Desk, Stop, stop::Why};
use crate::{
    access::Permission,
    calendar::date_of,
    county::AreaCode,
    figures::{
        overview::Whose,
        stretch::{Kind, Stretch},
    },
};
use serde::{Deserialize, Serialize};
use url::form_urlencoded::Serializer;

/// As it stands in an address.
#[derive(Debug, Clone, Default, Deserialize)]
pub(super) struct Asked {
    #[serde(default, alias = "month")]
    period: String,
    #[serde(default)]
    area: String,
}

impl Asked {
    pub(super) fn of(period: &str, area: &str) -> Self {
        Self { period: period.to_owned(), area: area.to_owned() }
    }
}

/// What is looked at.
#[derive(Debug, Clone)]
pub(super) struct Looked {
    pub(super) stretch: Stretch,
    pub(super) whose: Whose,
}

/// A link and its words.
#[derive(Debug, Clone, Serialize)]
pub(super) struct Link {
    pub(super) words: String,
    pub(super) href: String,
    pub(super) is_here: bool,
}

impl Looked {
    /// What is asked for, if this operator may see it.
    pub(super) fn of(desk: &Desk, asked: &Asked) -> Result<Self, Stop> {
        desk.needs(Permission::Figures)?;
        let today = date_of(desk.now);
        let stretch = match asked.period.trim() {
            "" => Stretch::of(today, Kind::Month),
            period => Stretch::read(period).ok_or_else(|| desk.stop(Why::Nothing))?,
        };
        let scope = &desk.operator().scope;
        let area = match asked.area.trim() {
            "" => scope.area.clone(),
            area => Some(within(desk, area)?),
        };
        Ok(Self { stretch, whose: Whose { area, categories: scope.categories.clone() } })
    }

    /// The same place in another time.
    pub(super) fn at(&self, stretch: Stretch) -> Self {
        Self { stretch, whose: self.whose.clone() }
    }

    /// The same time in another place.
    pub(super) fn of_area(&self, area: &str) -> Self {
        let mut other = self.clone();
        other.whose.area = Some(area.to_owned());
        other
    }

    /// An address of a page about it.
    pub(super) fn address(&self, path: &str, more: &[(&str, &str)]) -> String {
        let mut query = Serializer::new(String::new());
        query.append_pair("period", &self.stretch.to_string());
        if let Some(area) = &self.whose.area {
            query.append_pair("area", area);
        }
        query.extend_pairs(more);
        format!("/console/figures{path}?{}", query.finish())
    }

    /// What the place is called.
    pub(super) fn place(&self, desk: &Desk) -> String {
        let area = self.whose.area.clone().map(AreaCode);
        let area = area.and_then(|code| desk.county.area(&code));
        match area {
            Some(area) => area.name.clone(),
            None if desk.county.name().is_empty() => "全县".to_owned(),
            None => desk.county.name().to_owned(),
        }
    }

    /// The way from the widest area that the operator may see down to this one.
    pub(super) fn way(&self, desk: &Desk) -> Vec<Link> {
        let scope = desk.operator().scope.area.clone();
        let mut way = Vec::new();
        if scope.is_none() {
            let mut whole = self.clone();
            whole.whose.area = None;
            let is_here = self.whose.area.is_none();
            way.push(Link { words: "全县".to_owned(), href: whole.address("", &[]), is_here });
        }
        let Some(here) = self.whose.area.clone().map(AreaCode) else { return way };
        let path = desk.county.path(&here);
        let first = path.iter().position(|area| Some(&area.code.0) == scope.as_ref());
        // The county itself stands there as everything.
        for area in path.into_iter().skip(first.unwrap_or(1)) {
            way.push(Link {
                words: area.name.clone(),
                href: self.of_area(&area.code.0).address("", &[]),
                is_here: area.code == here,
            });
        }
        way
    }
}

/// The code of an area that exists for this operator.
fn within(desk: &Desk, area: &str) -> Result<String, Stop> {
    let code = AreaCode(area.to_owned());
    let scope = desk.operator().scope.area.clone().map(AreaCode);
    let is_there = desk.county.area(&code).is_some()
        && scope.is_none_or(|scope| desk.county.is_within(&code, &scope));
    if is_there { Ok(code.0) } else { Err(desk.stop(Why::Nothing)) }
}
