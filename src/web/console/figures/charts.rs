//! Charts as values that a script draws; each says the same as the table beside it.

use super::rows::Row;
use serde::Serialize;

/// More bars than these are no picture.
const BARS: usize = 14;

/// One chart.
#[derive(Debug, Clone, Serialize)]
pub(super) struct Chart {
    /// The element that it is drawn into is `chart-` and this.
    pub(super) id: &'static str,
    /// `line`, or `bar` for bars that lie.
    pub(super) kind: &'static str,
    pub(super) labels: Vec<String>,
    /// Where a click on each label leads, if anywhere.
    pub(super) links: Vec<Option<String>>,
    pub(super) series: Vec<Series>,
}

/// One line, or one colour of bars.
#[derive(Debug, Clone, Serialize)]
pub(super) struct Series {
    pub(super) name: &'static str,
    pub(super) values: Vec<i64>,
    /// Bars of the same stack lie end to end.
    pub(super) stack: Option<&'static str>,
}

impl Series {
    pub(super) fn of(name: &'static str, values: Vec<i64>) -> Self {
        Self { name, values, stack: None }
    }
}

fn size(count: u64) -> i64 {
    i64::try_from(count).unwrap_or(i64::MAX)
}

/// Bars of what was received: the part that is completed, and the rest.
pub(super) fn bars(id: &'static str, rows: &[Row]) -> Option<Chart> {
    let shown: Vec<&Row> = rows.iter().filter(|row| row.received.value > 0).take(BARS).collect();
    if shown.len() < 2 {
        return None;
    }
    let done = |row: &&Row| size(row.completed.value.min(row.received.value));
    let open = |row: &&Row| size(row.received.value.saturating_sub(row.completed.value));
    Some(Chart {
        id,
        kind: "bar",
        labels: shown.iter().map(|row| row.name.clone()).collect(),
        links: shown.iter().map(|row| row.received.href.clone()).collect(),
        series: vec![
            Series {
                stack: Some("received"),
                ..Series::of("已办结", shown.iter().map(done).collect())
            },
            Series {
                stack: Some("received"),
                ..Series::of("其余", shown.iter().map(open).collect())
            },
        ],
    })
}

/// Lines of what was received by day or month, and how much of it is completed.
pub(super) fn lines(id: &'static str, rows: &[Row]) -> Option<Chart> {
    if rows.len() < 2 {
        return None;
    }
    Some(Chart {
        id,
        kind: "line",
        labels: rows.iter().map(|row| row.name.clone()).collect(),
        links: rows.iter().map(|row| row.received.href.clone()).collect(),
        series: vec![
            Series::of("收到", rows.iter().map(|row| size(row.received.value)).collect()),
            Series::of("其中已办结", rows.iter().map(|row| size(row.completed.value)).collect()),
        ],
    })
}
