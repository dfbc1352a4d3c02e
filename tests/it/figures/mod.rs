//! Figures that are kept are those that anybody computes from the histories, at any moment and
//! whatever happened; on both databases.

mod behind;
pub(crate) mod lives;
mod sums;

use crate::harness::rehearsal::Rehearsal;
use chrono::{DateTime, NaiveDate, Utc};
use lianxin::{
    calendar::date_of,
    clock::Clock,
    figures,
    rates::{Story, Subject},
};

/// Counts until nothing waits.
pub(crate) async fn count(rehearsal: &Rehearsal) {
    for _ in 0..200 {
        if figures::run(&rehearsal.app).await.unwrap() == 0 {
            return;
        }
    }
    panic!("there is always something more to count");
}

/// All tickets by their histories, as an export reads them.
async fn stories(rehearsal: &Rehearsal, at: DateTime<Utc>) -> Vec<Story> {
    let store = &rehearsal.app.store;
    let phones = store.phones_of_members().await.unwrap();
    let all = store.stories_between(None, None, None, None, 10_000).await.unwrap();
    all.iter()
        .filter_map(|(ticket, events)| {
            let subject = Subject::of(ticket, phones.contains(&ticket.reporter));
            Story::of(subject, events, at)
        })
        .collect()
}

async fn expected(rehearsal: &Rehearsal) -> lianxin::rates::Expected {
    figures::expected(&rehearsal.app.county_at(rehearsal.clock.now()).await.unwrap())
}

fn day_of(story: &Story) -> NaiveDate {
    date_of(story.submitted_at)
}
