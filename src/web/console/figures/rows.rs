//! Numbers and rates with links to their tickets, and tables of them.

use super::asked::Looked;
use crate::{
    rates::{Count, Figure, Percent, Rate, Slice, Tally},
    storage::Side,
};
use serde::Serialize;

/// Of fewer grades than these a rate says little, and is told with its counts.
pub(super) const FEW: u64 = 30;

/// A number, and where its tickets are.
#[derive(Debug, Clone, Serialize)]
pub(super) struct Number {
    pub(super) value: u64,
    pub(super) href: Option<String>,
}

/// A rate with both of its sides.
#[derive(Debug, Clone, Serialize)]
pub(super) struct Share {
    /// `75.0`; nothing where there is nothing to have a share of.
    pub(super) percent: Option<String>,
    /// How long the bar is, of a hundred.
    pub(super) bar: u64,
    pub(super) part: Number,
    pub(super) whole: Number,
    /// It says little.
    pub(super) is_few: bool,
}

/// One line of a table.
#[derive(Debug, Clone, Serialize)]
pub(super) struct Row {
    pub(super) name: String,
    pub(super) href: Option<String>,
    pub(super) received: Number,
    pub(super) accepted: Number,
    pub(super) completed: Number,
    pub(super) completion: Share,
    pub(super) on_time: Share,
    pub(super) satisfaction: Share,
}

/// Makes links for one set of tickets: of a part, or of everything that is looked at.
pub(super) struct Linking<'a> {
    pub(super) looked: &'a Looked,
    pub(super) part: Option<(Slice, &'a str)>,
}

impl Linking<'_> {
    /// The tickets on one side of a figure.
    pub(super) fn to(&self, figure: Figure, side: Side) -> String {
        let mut more = vec![("figure", figure.code()), ("side", side_code(side))];
        if let Some((by, part)) = self.part {
            more.extend([("by", by.code()), ("part", part)]);
        }
        self.looked.address("/tickets", &more)
    }

    fn number(&self, value: u64, figure: Figure, side: Side) -> Number {
        Number { value, href: (value > 0).then(|| self.to(figure, side)) }
    }

    /// A plain number.
    pub(super) fn count(&self, tally: &Tally, count: Count) -> Number {
        let figure = Figure::Count(count);
        self.number(tally.get(figure).numerator, figure, Side::Part)
    }

    /// A rate, a level or a check.
    pub(super) fn share(&self, tally: &Tally, figure: Figure) -> Share {
        let fraction = tally.get(figure);
        let percent = fraction.percent();
        Share {
            percent: percent.as_ref().map(Percent::to_string),
            bar: percent.map_or(0, |percent| percent.tenths() / 10),
            part: self.number(fraction.numerator, figure, Side::Part),
            whole: self.number(fraction.denominator, figure, Side::Whole),
            is_few: fraction.denominator < FEW,
        }
    }

    /// A line about this set.
    pub(super) fn row(&self, name: String, href: Option<String>, tally: &Tally) -> Row {
        Row {
            name,
            href,
            received: self.count(tally, Count::Received),
            accepted: self.count(tally, Count::Accepted),
            completed: self.count(tally, Count::Completed),
            completion: self.share(tally, Figure::Rate(Rate::Completion)),
            on_time: self.share(tally, Figure::Rate(Rate::OnTime)),
            satisfaction: self.share(tally, Figure::Rate(Rate::Satisfaction)),
        }
    }
}

/// A side in an address.
pub(super) fn side_code(side: Side) -> &'static str {
    match side {
        Side::Whole => "whole",
        Side::Part => "part",
        Side::Rest => "rest",
    }
}

/// The side of an address.
pub(super) fn side(code: &str) -> Option<Side> {
    [Side::Whole, Side::Part, Side::Rest].into_iter().find(|side| side_code(*side) == code)
}

/// The greatest first, by what was received; the code decides where they are the same.
pub(super) fn by_size(parts: &crate::figures::overview::Parts) -> Vec<(&str, &Tally)> {
    let mut parts: Vec<(&str, &Tally)> =
        parts.iter().map(|(code, tally)| (code.as_str(), tally)).collect();
    let size = |tally: &Tally| tally.get(Figure::Count(Count::Received)).numerator;
    parts.sort_by_key(|(code, tally)| (std::cmp::Reverse(size(tally)), *code));
    parts
}
