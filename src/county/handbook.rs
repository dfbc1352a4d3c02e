//! The handbook: how residents get something done, in plain words.
//!
//! Deliberately absent: how one is found and how it is shown.

use chrono::NaiveDate;

/// How to get one thing done.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Howto {
    /// Unique in the county.
    pub code: String,
    /// What it is about, e.g. 户口迁移.
    pub title: String,
    /// The subject it belongs to, e.g. 户籍.
    pub subject: String,
    /// What to bring, where to go, how long it takes.
    pub text: String,
    /// The code of the unit that answers for it.
    pub unit: Option<String>,
    /// When that unit last confirmed that it is right.
    pub checked_on: Option<NaiveDate>,
    /// Words by which residents ask for it, besides its title.
    pub keywords: Vec<String>,
}
