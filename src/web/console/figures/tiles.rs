//! The four numbers at the top, and how they were the month and the year before.

use super::{
    asked::Looked,
    rows::{Linking, Number, Share},
};
use crate::{
    figures::{
        overview::Overview,
        stretch::{Kind, Stretch},
    },
    rates::{Count, Figure, Rate, Tally},
};
use serde::Serialize;

#[derive(Serialize)]
pub(super) struct Tile {
    label: &'static str,
    number: Option<Number>,
    share: Option<Share>,
    compared: Vec<Compared>,
}

#[derive(Serialize)]
pub(super) struct Compared {
    with: String,
    was: String,
    href: String,
    words: String,
}

pub(super) fn tiles(looked: &Looked, found: &Overview) -> Vec<Tile> {
    let linking = Linking { looked, part: None };
    let count = |label, count| Tile {
        label,
        number: Some(linking.count(&found.all, count)),
        share: None,
        compared: compared(looked, found, Figure::Count(count)),
    };
    let rate = |label, rate| Tile {
        label,
        number: None,
        share: Some(linking.share(&found.all, Figure::Rate(rate))),
        compared: compared(looked, found, Figure::Rate(rate)),
    };
    vec![
        count("收到", Count::Received),
        count("办结", Count::Completed),
        rate("按时办结率", Rate::OnTime),
        rate("满意率", Rate::Satisfaction),
    ]
}

/// How it was before, in words that need no colour.
fn compared(looked: &Looked, found: &Overview, figure: Figure) -> Vec<Compared> {
    let stretch = looked.stretch;
    let (last, last_year) = match stretch.kind() {
        Kind::Month => ("上月", Some("去年同月")),
        Kind::Quarter => ("上季度", Some("去年同季")),
        Kind::Year => ("上年", None),
    };
    let pairs = [
        (Some(last), stretch.before(), &found.before),
        (last_year, stretch.year_before(), &found.year_before),
    ];
    let one = |(with, then, tally): (Option<&str>, Stretch, &Tally)| {
        Some(Compared {
            with: with?.to_owned(),
            was: told(tally, figure),
            href: looked.at(then).address("", &[]),
            words: difference(&found.all, tally, figure),
        })
    };
    pairs.into_iter().filter_map(one).collect()
}

fn told(tally: &Tally, figure: Figure) -> String {
    let fraction = tally.get(figure);
    match (figure, fraction.percent()) {
        (Figure::Count(_), _) => format!("{}件", fraction.numerator),
        (_, Some(percent)) => format!("{percent}%"),
        (_, None) => "—".to_owned(),
    }
}

fn difference(now: &Tally, then: &Tally, figure: Figure) -> String {
    let (now, then) = (now.get(figure), then.get(figure));
    let more = |now: u64, then: u64, words: &dyn Fn(u64) -> String| match now.cmp(&then) {
        std::cmp::Ordering::Greater => format!("↑ {}", words(now - then)),
        std::cmp::Ordering::Less => format!("↓ {}", words(then - now)),
        std::cmp::Ordering::Equal => "持平".to_owned(),
    };
    if matches!(figure, Figure::Count(_)) {
        return more(now.numerator, then.numerator, &|by| format!("{by}件"));
    }
    match (now.percent(), then.percent()) {
        (Some(now), Some(then)) => {
            more(now.tenths(), then.tenths(), &|by| format!("{}.{}个百分点", by / 10, by % 10))
        }
        _ => String::new(),
    }
}
