//! Whoever is away hands over: nothing waits for somebody who left, or is on leave today.
//!
//! All open work of one person is handed over in one transaction. To whom is decided anew for each
//! ticket, and never to another one who is away; where nobody is found it goes to the desk.

use super::stale_is_nothing;
use crate::app::App;
use crate::calendar::date_of;
use crate::county::County;
use crate::dialogue::rules_of;
use crate::enact::enact;
use crate::routing;
use crate::storage::{Absent, StorageError};
use crate::ticket::event::Actor;
use crate::ticket::lifecycle::{self, Action};
use chrono::{DateTime, Utc};

/// Hands over the work of everybody who is away and tells how many tickets it was.
pub(super) async fn hand_over(app: &App, now: DateTime<Utc>) -> Result<usize, StorageError> {
    let absent = app.store.absent_with_work(date_of(now)).await?;
    if absent.is_empty() {
        return Ok(0);
    }
    // Who is away is a change of the county, which a look of a moment ago may not know.
    app.county.forget();
    let county = app.county_at(now).await?;
    let mut done = 0;
    for one in &absent {
        let mut handed = 0;
        stale_is_nothing(all_of(app, &county, one, now, &mut handed).await)?;
        done += handed;
    }
    Ok(done)
}

async fn all_of(
    app: &App,
    county: &County,
    absent: &Absent,
    now: DateTime<Utc>,
    handed: &mut usize,
) -> Result<bool, StorageError> {
    let tx = app.store.begin().await?;
    let away = &absent.person;
    let because = if absent.gone { "不再负责" } else { "请假" };
    let because = format!("{}{because}", away.name);
    let mut changes = Vec::new();
    for ticket in tx.open_work_of(away.id).await? {
        let call = routing::instead_of(&tx, county, &ticket, away, &because, now).await?;
        let action = Action::HandOver { from: away.clone(), call };
        let rules = rules_of(county, &ticket.report.category);
        if let Ok(change) = lifecycle::act(&ticket, action, &Actor::System, rules, now) {
            changes.push(change);
        }
    }
    if changes.is_empty() {
        return Ok(false);
    }
    enact(app, &tx, county, &changes, now).await?;
    tx.commit().await?;
    *handed = changes.len();
    Ok(true)
}
