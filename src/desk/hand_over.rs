//! All open work of one member goes to somebody else, because somebody at the desk says so: to a
//! person of their choice, or to whom the routing finds for each ticket.
//!
//! One transaction, like the hand-over of whoever is away ([`crate::due`]).

use super::DeskError;
use crate::app::App;
use crate::dialogue::{call_of, rules_of};
use crate::enact::enact;
use crate::routing;
use crate::ticket::Person;
use crate::ticket::event::Actor;
use crate::ticket::lifecycle::{self, Action};

/// What became of somebody's work.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct HandedOver {
    /// So many tickets went to others.
    pub moved: usize,
    /// So many could not move.
    pub stayed: usize,
}

/// Hands over everything that `from` is called to.
pub async fn hand_over(
    app: &App,
    operator: &Person,
    from: &Person,
    to: Option<&str>,
) -> Result<HandedOver, DeskError> {
    let now = app.clock.now();
    let county = app.county_at(now).await?;
    let tx = app.store.begin().await?;
    let chosen = match to {
        Some(name) => tx.find_members_by_name(&[name.to_owned()]).await?,
        None => Vec::new(),
    };
    let because = format!("{}的工作由{}移交", from.name, operator.name);
    let by = Actor::Operator(operator.clone());
    let (mut changes, mut done) = (Vec::new(), HandedOver::default());
    for ticket in tx.open_work_of(from.id).await? {
        let category = &ticket.report.category;
        let call = if chosen.is_empty() {
            routing::instead_of(&tx, &county, &ticket, from, &because, now).await?
        } else {
            call_of(&county, &chosen, None, category, because.clone())
        };
        let action = Action::HandOver { from: from.clone(), call };
        match lifecycle::act(&ticket, action, &by, rules_of(&county, category), now) {
            Ok(change) => changes.push(change),
            Err(_) => done.stayed += 1,
        }
    }
    done.moved = changes.len();
    if !changes.is_empty() {
        enact(app, &tx, &county, &changes, now).await?;
        tx.commit().await?;
        app.bell.ring();
    }
    Ok(done)
}
