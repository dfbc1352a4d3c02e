//! Who may do what at the desk, and to which tickets. Pure.
//!
//! A role is nothing but a set of named [`Permission`]s. An operator has one role, and a
//! [`Scope`]: an area with everything below it, and some categories or all. This is the only
//! place that answers "may they?": pages ask [`Operator::may`] and [`Operator::sees`], and the
//! tests hold a table of role × permission × area.
//!
//! What is out of an operator's scope does not exist for them: it is answered like a number
//! that was never given, so that nobody learns by asking what other townships have.
//!
//! Deliberately absent: passwords and sessions ([`crate::sign_in`]), and what a ticket's own
//! state allows ([`crate::ticket::lifecycle`]).

mod action;
mod role;

pub use action::needed_for;
pub use role::{Permission, Role};

use crate::ticket::{Person, Ticket};
use std::collections::BTreeSet;
use uuid::Uuid;

/// To which tickets an operator is limited.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Scope {
    /// The code of an area, with everything below it; none is the whole county, and with it
    /// whatever nobody could place.
    pub area: Option<String>,
    /// Codes of categories; empty is all.
    pub categories: BTreeSet<String>,
}

impl Scope {
    /// Whether what lies on this path of areas and is about this lies within.
    pub fn covers(&self, area_path: &[String], category: &str) -> bool {
        let is_there = self.area.as_ref().is_none_or(|area| area_path.contains(area));
        is_there && (self.categories.is_empty() || self.categories.contains(category))
    }

    /// Nothing is left out.
    pub fn is_whole(&self) -> bool {
        self.area.is_none() && self.categories.is_empty()
    }
}

/// Somebody with an account of the console.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Operator {
    /// The account's identity.
    pub id: Uuid,
    /// As whom they act on tickets: the member of the same name where there is one, so that
    /// nobody is two people where a second one is needed.
    pub person: Person,
    /// What they may do.
    pub role: Role,
    /// To what.
    pub scope: Scope,
}

impl Operator {
    /// Whether the role allows it at all.
    pub fn may(&self, permission: Permission) -> bool {
        self.role.permissions().contains(&permission)
    }

    /// Whether the ticket exists for them. What is confidential is for those who triage only.
    pub fn sees(&self, ticket: &Ticket) -> bool {
        self.scope.covers(&ticket.area_path, &ticket.report.category)
            && (!ticket.report.confidential || self.may(Permission::Confidential))
    }
}

#[cfg(test)]
mod tests;
