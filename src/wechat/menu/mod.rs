//! The menus of an account, as a file describes them: one that everybody sees, and one for each
//! part that people play.
//!
//! Whatever the platform would refuse is found here first, with the file's line and how to mend
//! it. `docs/menus.toml` is the documented example and the menu of whoever gives none.
//!
//! Deliberately absent: what the platform has at the moment, and how to get from there to here.

mod limits;
mod read;
#[cfg(test)]
mod tests;

pub use read::read;

use std::fmt;

/// What the chat answers when a button sends it.
pub const KEYS: [&str; 6] = ["REPORT", "MINE", "GUIDE", "VOLUNTEER", "HUMAN", "TASKS"];

/// The parts that people play in the chat, for each of which there may be a menu.
pub const ROLES: [&str; 3] = ["member", "grid_head", "operator"];

/// The menus of whoever gives no file.
pub const BUILT_IN: &str = include_str!("../../../docs/menus.toml");

/// What the built-in file is called in messages.
pub const BUILT_IN_NAME: &str = "docs/menus.toml";

/// All menus of an account.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Menus {
    /// What everybody sees who has none of the tags.
    pub default: Vec<Button>,
    /// Menus for those who have a tag. Who has several sees the last of theirs.
    pub conditional: Vec<Conditional>,
}

/// A menu for those who play a part.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Conditional {
    /// Who: one of [`ROLES`].
    pub role: String,
    /// The tag by which the platform knows them.
    pub tag: String,
    /// The buttons.
    pub buttons: Vec<Button>,
}

/// A button.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Button {
    /// What is written on it.
    pub name: String,
    /// What it does.
    pub does: Does,
}

/// What a button does.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Does {
    /// Shows further buttons.
    Opens(Vec<Button>),
    /// Tells us its key; of a kind that also takes a picture, a code or a place along.
    Sends {
        /// `click`, `scancode_push`, …
        kind: &'static str,
        /// What we are told.
        key: String,
    },
    /// Opens a page.
    Shows(String),
    /// Opens a mini program.
    Starts {
        /// Whose.
        app_id: String,
        /// Its page.
        page: String,
        /// The page for phones that know no mini programs.
        url: String,
    },
}

/// Something in a file of menus that the platform would refuse, or nobody would understand.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Problem {
    /// File and line.
    pub place: String,
    /// What is wrong.
    pub what: String,
    /// How to mend it.
    pub mend: String,
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {} → {}", self.place, self.what, self.mend)
    }
}

impl Menus {
    /// The tag of a part; none where no menu is for it.
    pub fn tag_of(&self, role: &str) -> Option<&str> {
        self.conditional.iter().find(|menu| menu.role == role).map(|menu| menu.tag.as_str())
    }
}
