//! What an operator may see of the tickets, and what of it they want to see, as conditions that
//! an index answers.
//!
//! Whatever passes here passes [`Operator::sees`] too: a list never shows what a ticket's own
//! page would not.

use super::{tickets::lies_in, words::term};
use crate::{
    access::{Operator, Permission},
    county::{AreaCode, County},
    ticket::{Channel, MemberId},
};
use entities::ticket as row;
use sea_orm::{ColumnTrait, Condition};

/// What an operator may see.
#[derive(Debug, Clone)]
pub struct Sight {
    area: Option<Within>,
    categories: Vec<String>,
    confidential: bool,
    /// As whom they act.
    pub(super) person: MemberId,
}

/// What somebody wants to see of it; whatever is left open is not asked for.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Wanted {
    /// The code of an area, with everything below it.
    pub area: Option<String>,
    /// The code of a category.
    pub category: Option<String>,
    /// By which way it came in.
    pub channel: Option<Channel>,
    /// The code of the unit that has it.
    pub unit: Option<String>,
}

/// An area with everything below it.
#[derive(Debug, Clone)]
struct Within {
    code: String,
    /// A township is a column of its own; below it the codes are few.
    below: Option<Vec<String>>,
    is_township: bool,
}

impl Sight {
    /// What this operator may see in this county.
    pub fn of(operator: &Operator, county: &County) -> Self {
        Self {
            area: operator.scope.area.as_deref().map(|code| Within::of(county, code)),
            categories: operator.scope.categories.iter().cloned().collect(),
            confidential: operator.may(Permission::Confidential),
            person: operator.person.id,
        }
    }

    /// They see the whole county, and what nobody could place.
    pub fn is_whole(&self) -> bool {
        self.area.is_none() && self.categories.is_empty()
    }

    /// The same in the words that are kept beside a ticket's: one of each of these groups.
    pub(super) fn terms(&self) -> Vec<Vec<String>> {
        let area = self.area.as_ref().map(|area| vec![term("area", &area.code)]);
        let categories = self.categories.iter().map(|code| term("category", code)).collect();
        area.into_iter()
            .chain([categories])
            .filter(|group: &Vec<String>| !group.is_empty())
            .collect()
    }

    pub(super) fn condition(&self) -> Condition {
        let mut condition = Condition::all();
        if let Some(area) = &self.area {
            condition = condition.add(area.condition());
        }
        if !self.categories.is_empty() {
            condition = condition.add(row::Column::Category.is_in(self.categories.iter().cloned()));
        }
        if !self.confidential {
            condition = condition.add(row::Column::Confidential.eq(false));
        }
        condition
    }
}

impl Wanted {
    pub(super) fn condition(&self, county: &County) -> Condition {
        Condition::all()
            .add_option(self.area.as_deref().map(|code| Within::of(county, code).condition()))
            .add_option(self.category.as_ref().map(|code| row::Column::Category.eq(code)))
            .add_option(self.channel.map(|channel| row::Column::Channel.eq(channel.code())))
            .add_option(self.unit.as_ref().map(|code| row::Column::Unit.eq(code)))
    }

    /// Nothing is left out.
    pub fn is_everything(&self) -> bool {
        *self == Self::default()
    }
}

impl Within {
    fn of(county: &County, code: &str) -> Self {
        let area = AreaCode::from(code);
        let depth = county.path(&area).len();
        let below = (depth != 1 && depth != 2).then(|| {
            let mut codes = vec![code.to_owned()];
            let mut next = vec![area];
            while let Some(parent) = next.pop() {
                for child in county.children(&parent) {
                    codes.push(child.code.as_str().to_owned());
                    next.push(child.code.clone());
                }
            }
            codes
        });
        Self { code: code.to_owned(), below, is_township: depth == 2 }
    }

    fn condition(&self) -> Condition {
        if self.is_township {
            return Condition::all().add(row::Column::Township.eq(&self.code));
        }
        // The path that the ticket was submitted with decides; the codes lead to it by an index.
        let codes = self.below.as_ref().map(|codes| row::Column::Area.is_in(codes.clone()));
        Condition::all().add_option(codes).add(lies_in(&self.code))
    }
}
