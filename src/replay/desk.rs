//! The desk of a script: an act of one operator on one ticket, and tickets as scripts name them.

use super::{
    Trouble,
    acts::{Verb, Which},
};
use crate::{
    app::App,
    county::{AreaCode, County},
    desk::{self, DeskError},
    dialogue::{Named, call_of},
    storage::{Listed, StorageError},
    ticket::{Call, Person, Ticket, lifecycle::Action},
};

/// More tickets than any script submits.
const ALL: u64 = 100_000;

/// What became of an act.
pub(super) enum Acted {
    /// It is done.
    Done,
    /// It was refused, and why.
    Refused(String),
    /// Nothing was tried.
    Impossible(String),
}

/// All tickets, in the order in which they were submitted.
pub(super) async fn tickets(app: &App) -> Result<Vec<Ticket>, StorageError> {
    app.store.submitted_between(None, None, None, ALL).await
}

/// The ticket that a script means.
pub(super) async fn find(app: &App, which: &Which) -> Result<Option<Ticket>, StorageError> {
    let mut all = tickets(app).await?;
    Ok(match which {
        Which::Last => all.pop(),
        Which::Nth(nth) => all.into_iter().nth(nth.saturating_sub(1)),
        Which::Number(number) => all.into_iter().find(|ticket| ticket.number == *number),
    })
}

/// `who` does something with a ticket.
pub(super) async fn act(
    app: &App,
    who: &str,
    which: &Which,
    verb: &Verb,
) -> Result<Acted, Trouble> {
    if let Verb::NotYet(when) = verb {
        return Ok(Acted::Impossible((*when).to_owned()));
    }
    let Some(ticket) = find(app, which).await? else {
        return Ok(Acted::Impossible("there is no such ticket".to_owned()));
    };
    let county = app.county_at(app.clock.now()).await?;
    let members = app.store.members().await?;
    let operator = match operator(&county, &members, who, &ticket) {
        Ok(operator) => operator,
        Err(refusal) => return Ok(Acted::Refused(refusal)),
    };
    let category = &ticket.report.category;
    let action = match action(app, &county, category, who, verb).await? {
        Ok(action) => action,
        Err(problem) => return Ok(Acted::Impossible(problem)),
    };
    match desk::act(app, &operator, &ticket.number, Some(ticket.version), action).await {
        Ok(_) => Ok(Acted::Done),
        Err(DeskError::Storage(error)) => Err(error.into()),
        Err(refused) => Ok(Acted::Refused(refused.to_string())),
    }
}

/// The operator of this name, if this ticket lies on their desk.
fn operator(
    county: &County,
    members: &[Listed],
    who: &str,
    ticket: &Ticket,
) -> Result<Person, String> {
    let found = members
        .iter()
        .find(|member| member.person.name == who && member.role.is_operator())
        .ok_or_else(|| format!("{who} is no operator of the county"))?;
    let covers = found.area.as_ref().is_none_or(|area| {
        county.code().map(AreaCode::as_str) == Some(area) || ticket.area_path.contains(area)
    });
    if covers {
        Ok(found.person.clone())
    } else {
        Err(format!("the ticket lies outside the area of {who}"))
    }
}

async fn action(
    app: &App,
    county: &County,
    category: &str,
    who: &str,
    verb: &Verb,
) -> Result<Result<Action, String>, Trouble> {
    Ok(Ok(match verb.clone() {
        Verb::Accept => Action::Accept,
        Verb::Reject { reason } => Action::ProposeRejection { reason },
        Verb::Approve => Action::ApproveRejection,
        Verb::Dispatch { to } => match called(app, county, category, who, &to).await? {
            Ok(call) => Action::Dispatch { call },
            Err(problem) => return Ok(Err(problem)),
        },
        Verb::Ask { question } => Action::Ask { question },
        Verb::Uphold => Action::UpholdReturn,
        Verb::Overrule => Action::OverruleReturn,
        Verb::Suspend { span, reason } => Action::Suspend { until: app.clock.now() + span, reason },
        Verb::Merge { into } => match find(app, &into).await? {
            Some(master) => Action::Merge { into: master.number },
            None => return Ok(Err("there is no ticket to merge into".to_owned())),
        },
        Verb::Unmerge => Action::Unmerge,
        Verb::Answer { text } => Action::AnswerAtOnce { text },
        Verb::FinalAnswer { text } => Action::FinalAnswer { text },
        Verb::Pass => Action::Pass,
        Verb::SendBack { reason } => Action::SendBack { reason },
        Verb::NotYet(when) => return Ok(Err(when.to_owned())),
    }))
}

/// Who is called by these names of members and units.
async fn called(
    app: &App,
    county: &County,
    category: &str,
    who: &str,
    names: &[String],
) -> Result<Result<Call, String>, Trouble> {
    let tx = app.store.begin().await?;
    let people = tx.find_members_by_name(names).await?;
    for name in names {
        if !people.iter().any(|named| named.asked == *name) {
            return Ok(Err(format!("{name} is neither a member nor a unit of the county")));
        }
    }
    let unit = names.iter().find_map(|name| county.unit_named(name));
    let unit = unit.map(|unit| unit.code.clone());
    let in_order: Vec<Named> = names
        .iter()
        .flat_map(|name| people.iter().filter(move |named| named.asked == *name))
        .cloned()
        .collect();
    Ok(Ok(call_of(county, &in_order, unit, category, format!("{who}选择"))))
}
