//! The desk of a script: an act of one operator on one ticket, and tickets as scripts name them.
//!
//! A leader checks results and gives tickets to their people here too, as on their own pages.

use super::{
    Trouble,
    acts::{Verb, Which, WorkingTime},
};
use crate::{
    app::App,
    county::{AreaCode, County},
    desk::{self, DeskError},
    dialogue::{Named, call_of},
    storage::{Listed, StorageError},
    ticket::{Call, Person, Ticket, event::Actor, lifecycle::Action},
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
    let Some(ticket) = find(app, which).await? else {
        return Ok(Acted::Impossible("there is no such ticket".to_owned()));
    };
    let county = app.county_at(app.clock.now()).await?;
    let members = app.store.members().await?;
    let by = match actor(&county, &members, who, &ticket, verb) {
        Ok(by) => by,
        Err(refusal) => return Ok(Acted::Refused(refusal)),
    };
    if let (Verb::Escalate { reason }, Actor::Operator(operator)) = (verb, &by) {
        return acted(desk::escalate(app, operator, &ticket.number, None, reason).await);
    }
    let desk = Desk { app, county: &county, ticket: &ticket, who };
    let actions = match desk.actions(verb).await? {
        Ok(actions) => actions,
        Err(problem) => return Ok(Acted::Impossible(problem)),
    };
    let mut seen = Some(ticket.version);
    for action in actions {
        match acted(desk::act_as(app, &by, &ticket.number, seen.take(), action).await)? {
            Acted::Done => {}
            refused => return Ok(refused),
        }
    }
    Ok(Acted::Done)
}

fn acted(done: Result<Ticket, DeskError>) -> Result<Acted, Trouble> {
    match done {
        Ok(_) => Ok(Acted::Done),
        Err(DeskError::Storage(error)) => Err(error.into()),
        Err(refused) => Ok(Acted::Refused(refused.to_string())),
    }
}

/// Who acts: the operator of this name, if the ticket lies on their desk, or who leads those that
/// have it.
fn actor(
    county: &County,
    members: &[Listed],
    who: &str,
    ticket: &Ticket,
    verb: &Verb,
) -> Result<Actor, String> {
    let is_leaders_too = matches!(verb, Verb::Pass | Verb::SendBack { .. } | Verb::Assign { .. });
    let leader = ticket.course.holder.leader.as_ref().filter(|leader| leader.name == who);
    if let Some(leader) = leader.filter(|_| is_leaders_too) {
        return Ok(Actor::Member(leader.clone()));
    }
    operator(county, members, who, ticket).map(Actor::Operator)
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

/// One ticket on the desk of somebody.
struct Desk<'a> {
    app: &'a App,
    county: &'a County,
    ticket: &'a Ticket,
    who: &'a str,
}

impl Desk<'_> {
    /// What a verb means here, or why nothing can be tried.
    async fn actions(&self, verb: &Verb) -> Result<Result<Vec<Action>, String>, Trouble> {
        let action = match verb.clone() {
            Verb::Accept => Action::Accept,
            Verb::Reject { reason } => Action::ProposeRejection { reason },
            Verb::Approve => Action::ApproveRejection,
            Verb::Dispatch { to } => match self.called(&to).await? {
                Ok((call, _)) => Action::Dispatch { call },
                Err(problem) => return Ok(Err(problem)),
            },
            Verb::Help { to, what } => match self.called(&to).await? {
                Ok((call, _)) => Action::CallHelp { call, what, required: true, minutes: None },
                Err(problem) => return Ok(Err(problem)),
            },
            Verb::Verify { of } => match self.called(&of).await? {
                Ok((_, of)) => Action::AskVerification { of },
                Err(problem) => return Ok(Err(problem)),
            },
            Verb::HandOver { from, to } => match self.handed_over(&from, &to).await? {
                Ok(action) => action,
                Err(problem) => return Ok(Err(problem)),
            },
            Verb::Assign { to } => match self.called(std::slice::from_ref(&to)).await? {
                Ok((_, people)) => match people.into_iter().next() {
                    Some(to) => Action::Assign { to },
                    None => return Ok(Err(format!("{to} has nobody"))),
                },
                Err(problem) => return Ok(Err(problem)),
            },
            Verb::Merge { into } => match find(self.app, &into).await? {
                Some(master) => Action::Merge { into: master.number },
                None => return Ok(Err("there is no ticket to merge into".to_owned())),
            },
            other => return Ok(self.alone(other)),
        };
        Ok(Ok(vec![action]))
    }

    /// The same for verbs that need nothing looked up.
    fn alone(&self, verb: Verb) -> Result<Vec<Action>, String> {
        let action = match verb {
            Verb::Ask { question } => Action::Ask { question },
            Verb::Uphold => Action::UpholdReturn,
            Verb::Overrule => Action::OverruleReturn,
            Verb::Suspend { span, reason } => {
                Action::Suspend { until: self.app.clock.now() + span, reason }
            }
            Verb::Resume => Action::Resume,
            Verb::Unmerge => Action::Unmerge,
            Verb::Answer { text } => Action::AnswerAtOnce { text },
            Verb::FinalAnswer { text } => Action::FinalAnswer { text },
            Verb::Pass => Action::Pass,
            Verb::SendBack { reason } => Action::SendBack { reason },
            Verb::Category { code } if self.county.category(&code).is_none() => {
                return Err(format!("the county has no category {code}"));
            }
            Verb::Category { code } => Action::Recategorise { category: code },
            Verb::Waive { whose } => return self.waived(whose.as_deref()),
            Verb::Extend { more, reason } => return Ok(self.extended(more, reason)),
            Verb::Refuse { reason } => Action::RefuseExtension { reason },
            Verb::Supervise { text } => Action::Supervise { text },
            verb => return Err(format!("{verb:?} is not done so")),
        };
        Ok(vec![action])
    }

    fn waived(&self, whose: Option<&str>) -> Result<Vec<Action>, String> {
        let unit = whose.and_then(|whose| self.county.unit_named(whose)).map(|unit| &unit.code);
        let is_theirs = |name: &str| whose.is_none_or(|whose| whose == name);
        let open = self.ticket.course.helps.iter().filter(|help| help.is_open());
        let actions: Vec<Action> = open
            .filter(|help| {
                unit.is_some() && help.unit.as_ref() == unit
                    || help.people().iter().any(|person| is_theirs(&person.name))
            })
            .map(|help| Action::WaiveHelp { no: help.no })
            .collect();
        if actions.is_empty() {
            Err("there is no such part to waive".to_owned())
        } else {
            Ok(actions)
        }
    }

    /// Why more time is granted stands in the history beside it.
    fn extended(&self, more: Option<WorkingTime>, reason: String) -> Vec<Action> {
        let minutes = more.map(|more| match more {
            WorkingTime::Days(days) => self.county.calendar().day_minutes().saturating_mul(days),
            WorkingTime::Minutes(minutes) => minutes,
        });
        let granted = Action::GrantExtension { minutes };
        if reason.is_empty() {
            return vec![granted];
        }
        vec![granted, Action::Note { text: reason }]
    }

    async fn handed_over(
        &self,
        from: &str,
        to: &[String],
    ) -> Result<Result<Action, String>, Trouble> {
        let from = match self.called(&[from.to_owned()]).await? {
            Ok((_, people)) => people.into_iter().next(),
            Err(problem) => return Ok(Err(problem)),
        };
        let Some(from) = from else { return Ok(Err("nobody hands it over".to_owned())) };
        let mut call = match self.called(to).await? {
            Ok((call, _)) => call,
            Err(problem) => return Ok(Err(problem)),
        };
        call.reason = format!("{}转交", self.who);
        Ok(Ok(Action::HandOver { from, call }))
    }

    /// Who is called by these names of members and units, and all the people behind them.
    async fn called(
        &self,
        names: &[String],
    ) -> Result<Result<(Call, Vec<Person>), String>, Trouble> {
        let tx = self.app.store.begin().await?;
        let people = tx.find_members_by_name(names).await?;
        for name in names {
            if !people.iter().any(|named| named.asked == *name) {
                return Ok(Err(format!("{name} is neither a member nor a unit of the county")));
            }
        }
        let unit = names.iter().find_map(|name| self.county.unit_named(name));
        let unit = unit.map(|unit| unit.code.clone());
        let in_order: Vec<Named> = names
            .iter()
            .flat_map(|name| people.iter().filter(move |named| named.asked == *name))
            .cloned()
            .collect();
        let category = &self.ticket.report.category;
        let reason = format!("{}选择", self.who);
        let call = call_of(self.county, &in_order, unit, category, reason);
        let people = in_order.into_iter().map(|named| named.person).collect();
        Ok(Ok((call, people)))
    }
}
