//! Figures of each official account: kept up by the day, added up for a stretch of time.
//!
//! They say how much an account is used, not how well matters are handled: a matter is the county's,
//! whichever account it came through.

use super::stretch::Stretch;
use crate::{
    app::App,
    calendar::{begin_of, date_of},
    storage::StorageError,
};
use chrono::{DateTime, Days, Utc};

/// One account in a stretch of time.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Used {
    /// The account's slug.
    pub account: String,
    /// Who followed on the last day that was counted.
    pub followers: u64,
    /// Messages and events that came in.
    pub pushes: u64,
    /// Messages that left of our own accord.
    pub notices: u64,
    /// What was reported.
    pub tickets: u64,
}

/// Counts today and yesterday anew: an hour after midnight yesterday is complete.
pub async fn keep_up(app: &App, now: DateTime<Utc>) -> Result<(), StorageError> {
    let today = date_of(now);
    let yesterday = today.checked_sub_days(Days::new(1)).unwrap_or(today);
    for account in app.accounts.iter() {
        for day in [yesterday, today] {
            let end = day.checked_add_days(Days::new(1)).unwrap_or(day);
            let span = (begin_of(day), begin_of(end));
            app.store.count_account_day(&account.slug, &day.to_string(), span).await?;
        }
    }
    Ok(())
}

/// Each account in a stretch of time.
pub async fn used(app: &App, stretch: Stretch) -> Result<Vec<Used>, StorageError> {
    let (from, to) = (stretch.first().to_string(), stretch.last().to_string());
    let mut all = Vec::new();
    for account in app.accounts.iter() {
        let mut used = Used { account: account.slug.clone(), ..Used::default() };
        for day in app.store.account_days(&account.slug, &from, &to).await? {
            used.followers = day.followers;
            used.pushes += day.pushes;
            used.notices += day.notices;
            used.tickets += day.tickets;
        }
        all.push(used);
    }
    Ok(all)
}
