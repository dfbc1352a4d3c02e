//! Rates that anybody can compute again from what happened.
//!
//! A [`Story`] is what one ticket's history says up to a moment; its [`Entry`]s are where it counts;
//! a [`Tally`] adds them up; a [`Table`] keeps a tally for each area, unit, category, channel, tier
//! or day. Nothing is read from a ticket's present state, so figures of a past moment never
//! change, whatever happens later.
//!
//! What is kept of figures between two looks are a ticket's [`Counted`] and its [`Sums`].
//!
//! It promises that figures add up: a tally of two sets is the sum of their tallies, every entry
//! belongs to one unit and one tier – whoever led when it happened – and a share of nothing is none,
//! never a hundred percent. `docs/figures.md` tells what each of them counts.
//!
//! Deliberately absent: where histories come from, the cohort (whoever adds stories chooses them),
//! and how figures are written.

mod checks;
mod entries;
mod figure;
mod kept;
mod reading;
mod story;
mod table;
mod tally;
#[cfg(test)]
mod tests;

pub use entries::{Entry, Expected};
pub use figure::{Check, Count, Figure, Fraction, Kind, Level, Percent, Rate, Tickets};
pub use kept::{Asks, Change, Counted, Mark, Period, Slice, SumKey, Sums};
pub use story::{
    Answer, Closing, Dispatch, Due, Given, Grade, Judged, Lead, Story, Subject, WishForTime,
    Withdrawal,
};
pub use table::{By, Table};
pub use tally::Tally;
