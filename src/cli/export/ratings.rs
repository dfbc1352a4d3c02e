//! `export ratings`: every grade, whose unit it is about, and which of them count.

use super::{
    Span,
    lines::{Lines, Record},
    time,
};
use crate::{
    clock::{Clock, SystemClock},
    rates::{Story, Subject},
    storage::Store,
    ticket::{TicketNumber, Tier},
};
use clap::Args;
use serde_json::Value;

#[derive(Debug, Args)]
pub(in crate::cli) struct Ratings {
    #[command(flatten)]
    span: Span,
}

/// The keys of a line, in this order.
const KEYS: [&str; 13] = [
    "number", "rated_at", "rating", "positive", "first", "final", "by", "copy_of", "category",
    "area", "channel", "unit", "tier",
];

impl Ratings {
    pub(super) async fn write(&self, store: &Store) -> anyhow::Result<()> {
        let now = SystemClock.now();
        let span = &self.span;
        let mut lines = Lines::begin(span.format, span.output.as_deref(), "ratings", &KEYS)?;
        span.each(store, |ticket, events| {
            let told = Story::of(Subject::of(ticket, false), events, now);
            for record in told.iter().flat_map(records) {
                lines.write(&record)?;
            }
            Ok(())
        })
        .await?;
        lines.end()
    }
}

fn records(story: &Story) -> impl Iterator<Item = Record> + '_ {
    let (first, last) = (story.own_grades().next(), story.own_grades().next_back());
    story.grades.iter().map(move |grade| {
        let lead = story.result_before(grade.at).map(|given| &given.lead);
        let values: [Value; KEYS.len()] = [
            story.subject.number.as_str().into(),
            time(grade.at),
            grade.rating.code().into(),
            grade.rating.is_positive().into(),
            first.is_some_and(|first| std::ptr::eq(first, grade)).into(),
            last.is_some_and(|last| std::ptr::eq(last, grade)).into(),
            if grade.by_staff { "staff" } else { "resident" }.into(),
            story.merged_into.as_ref().map(TicketNumber::as_str).into(),
            story.category.as_str().into(),
            story.area_path.last().map(String::as_str).into(),
            story.subject.channel.code().into(),
            lead.and_then(|lead| lead.unit.as_deref()).into(),
            lead.and_then(|lead| lead.tier).map(Tier::code).into(),
        ];
        Record(KEYS.into_iter().zip(values).collect())
    })
}
