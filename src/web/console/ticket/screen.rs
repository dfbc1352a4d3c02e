//! Everything about one ticket, gathered for its page.

use super::{clocks, forms, leave, names, said};
use crate::access::Permission;
use crate::county::County;
use crate::desk::{self, Beside};
use crate::replies::answer;
use crate::routing;
use crate::storage::{StorageError, Tx};
use crate::ticket::event::Event;
use crate::ticket::lifecycle::{Legal, Move, holders};
use crate::ticket::{ClosedKind, HelpStatus, Person, Status, Ticket, clock};
use crate::web::console::{desk::Desk, words};
use serde::Serialize;

/// What a page shows besides the ticket itself: what was wanted before.
#[derive(Default)]
pub(super) struct Wanted {
    /// The form that is open, with its words.
    pub(super) form: Option<(Move, String)>,
    /// Why it was not done.
    pub(super) problem: Option<String>,
    /// Somebody was first: what they did, and how many entries the history had before.
    pub(super) meanwhile: Option<(String, usize)>,
    /// The telephone number is shown.
    pub(super) is_open: bool,
}

/// The page.
#[derive(Serialize)]
pub(super) struct Screen {
    number: String,
    version: i64,
    seen: usize,
    category: String,
    stage: &'static str,
    closed: Option<&'static str>,
    urgent: bool,
    confidential: bool,
    round: u32,
    urged: u32,
    lamp: &'static str,
    lamp_words: &'static str,
    ended: bool,
    turn: String,
    channel: &'static str,
    submitted: String,
    entered_by: Option<String>,
    reporter: Option<String>,
    phone: Option<String>,
    has_phone: bool,
    may_see_phone: bool,
    reach: Option<leave::Told>,
    said: Vec<said::Said>,
    place: said::Place,
    result: Option<said::Result>,
    rating: Option<&'static str>,
    parts: Vec<Part>,
    forms: Vec<forms::Form>,
    templates: Vec<Template>,
    clocks: Vec<clocks::Clock>,
    near: Vec<Beside1>,
    same_person: Vec<Beside1>,
    copies: Vec<Beside1>,
    may_merge: bool,
    history: Vec<said::Line>,
    problem: Option<String>,
    conflict: Option<Conflict>,
}

/// Somebody's part in it.
#[derive(Serialize)]
struct Part {
    label: String,
    words: String,
}

/// Words to begin with.
#[derive(Serialize)]
struct Template {
    id: String,
    title: String,
    text: String,
}

/// Another ticket.
#[derive(Serialize)]
struct Beside1 {
    number: String,
    gist: String,
    place: String,
    stage: &'static str,
    when: String,
    distance: Option<String>,
    copies: u32,
    /// This one could be handled together with it.
    takes_in: bool,
}

/// Two versions of one ticket.
#[derive(Serialize)]
struct Conflict {
    /// What the operator wanted.
    wanted: &'static str,
    words: String,
    /// It is still possible.
    again: bool,
    code: &'static str,
    first: String,
    /// What happened since they looked.
    since: Vec<said::Line>,
}

/// Gathers the page.
pub(super) async fn gather(
    desk: &Desk,
    ticket: &Ticket,
    wanted: Wanted,
) -> Result<Screen, StorageError> {
    let store = &desk.app.store;
    let (county, now, me) = (&*desk.county, desk.now, desk.operator());
    let events = store.history(ticket.id).await?;
    let templates =
        store.answer_templates(Some(&ticket.report.category), Some(ticket.status.stage())).await?;
    let tx = store.look().await?;
    let beside = desk::beside(&tx, county, ticket, now).await?;
    let legal = desk::legal(county, ticket, &me.person, now);
    let holders = holders(ticket);
    let reachable = leave::Reachable::of(desk, &tx, ticket, &legal, &holders).await?;
    let (suggested, above) = who_could(desk, &tx, ticket, &legal).await?;
    drop(tx);
    let known = forms::Known { desk, ticket, suggested, above };
    let mut forms = forms::of(&known, &legal);
    for form in &mut forms {
        let move_of = legal.iter().find(|legal| legal.wanted.code() == form.code);
        form.tells = move_of.map(|legal| reachable.beside(legal)).unwrap_or_default();
        let of_this = |(wanted, _): &&(Move, String)| wanted.code() == form.code;
        if let Some((_, words)) = wanted.form.as_ref().filter(of_this) {
            form.open = true;
            if let Some(text) = &mut form.text {
                text.value.clone_from(words);
            }
        }
    }
    let may_merge = forms.iter().any(|form| form.code == Move::Merge.code());
    let conflict = wanted.meanwhile.map(|(first, seen)| {
        let (code, does, words) = match &wanted.form {
            Some((one, words)) => (one.code(), names::of(*one).does, words.clone()),
            None => ("", "", String::new()),
        };
        let since = events.get(seen.min(events.len())..).unwrap_or_default();
        let since = said::history(county, since, now);
        let again = forms.iter().any(|form| form.code == code);
        Conflict { wanted: does, words, again, code, first, since }
    });
    let Beside { near, same_person, copies } = visible(desk, beside);
    let list =
        |found: &[Ticket]| found.iter().map(|other| other_one(desk, ticket, other)).collect();
    let (lamp, lamp_words) = match ticket.is_ended() {
        true => ("grey", "已结束"),
        false => names::lamp(clock::lamp(ticket, now)),
    };
    let is_open = wanted.is_open;
    let may_see_phone = me.may(Permission::Personal);
    let category = county.category(&ticket.report.category);
    Ok(Screen {
        number: ticket.number.to_string(),
        version: ticket.version,
        seen: events.len(),
        category: category.map_or_else(|| ticket.report.category.clone(), |one| one.name.clone()),
        stage: words::stage(ticket.status.stage()),
        closed: closed(ticket),
        urgent: ticket.report.urgent,
        confidential: ticket.report.confidential,
        round: ticket.round,
        urged: ticket.urged,
        lamp,
        lamp_words,
        ended: ticket.is_ended(),
        turn: clocks::whose_turn(county, ticket, now),
        channel: names::channel(ticket.channel),
        submitted: words::when(ticket.submitted_at, now),
        entered_by: ticket.entered_by.as_ref().map(|person| person.name.clone()),
        reporter: ticket.reporter_name.clone().filter(|_| may_see_phone),
        phone: ticket.report.contact.clone().filter(|_| is_open),
        has_phone: ticket.report.contact.is_some(),
        may_see_phone,
        reach: reachable.reporter(),
        said: said::by_resident(ticket, &events, is_open, now),
        place: said::place(county, ticket),
        result: said::result(ticket, is_open, now),
        rating: ticket.rating.map(names::rating),
        parts: parts(county, ticket, &reachable, &holders),
        templates: templates
            .iter()
            .map(|one| Template {
                id: one.id.to_string(),
                title: one.title.clone(),
                text: answer::filled(&one.text, ticket, county),
            })
            .collect(),
        forms,
        clocks: clocks::clocks(county, ticket, now),
        near: list(&near),
        same_person: list(&same_person),
        copies: list(&copies),
        may_merge,
        history: said::history(county, &events, now),
        problem: wanted.problem,
        conflict,
    })
}

/// Who could be called, and who stands above, where a form asks for it.
async fn who_could(
    desk: &Desk,
    tx: &Tx,
    ticket: &Ticket,
    legal: &[Legal],
) -> Result<(Vec<forms::Suggested>, Option<String>), StorageError> {
    let (county, now) = (&*desk.county, desk.now);
    let asks = |wanted: &[Move]| legal.iter().any(|legal| wanted.contains(&legal.wanted));
    let suggested = match asks(&[Move::Dispatch, Move::AskVerification, Move::HandOver]) {
        true => suggestions(county, tx, ticket, desk).await?,
        false => Vec::new(),
    };
    let above = match asks(&[Move::Escalate]) {
        true => routing::one_up(tx, county, ticket, now).await?,
        false => None,
    };
    let names = |people: &[Person]| {
        people.iter().map(|person| person.name.as_str()).collect::<Vec<_>>().join("、")
    };
    Ok((suggested, above.filter(|call| !call.to.is_empty()).map(|call| names(&call.to))))
}

async fn suggestions(
    county: &County,
    tx: &Tx,
    ticket: &Ticket,
    desk: &Desk,
) -> Result<Vec<forms::Suggested>, StorageError> {
    let (decision, people) = routing::suggested(tx, county, ticket, desk.now).await?;
    let known = |name: &String| {
        let found = people.iter().find(|named| named.person.name == *name)?;
        let unbound = if found.reachable { "" } else { "，没有绑定微信，要打电话" };
        Some(format!("{name}手上{}件{unbound}", found.load))
    };
    Ok(decision
        .suggestions
        .iter()
        .map(|one| {
            let unit = one.unit.as_deref().and_then(|code| county.unit(code));
            let names = one.people.join("、");
            forms::Suggested {
                value: names.clone(),
                names: match unit {
                    Some(unit) => format!("{}（{names}）", unit.name),
                    None => names,
                },
                reason: one.reason.clone(),
                known: one.people.iter().filter_map(known).collect(),
            }
        })
        .collect())
}

/// What lies beside it, as far as this operator may see it.
fn visible(desk: &Desk, beside: Beside) -> Beside {
    let sees = |mut found: Vec<Ticket>| {
        found.retain(|ticket| desk.operator().sees(ticket));
        found
    };
    Beside {
        near: sees(beside.near),
        same_person: sees(beside.same_person),
        copies: sees(beside.copies),
    }
}

fn other_one(desk: &Desk, ticket: &Ticket, other: &Ticket) -> Beside1 {
    let place = said::place(&desk.county, other);
    let meters = desk::distance(ticket, other);
    Beside1 {
        number: other.number.to_string(),
        gist: said::gist(&other.report.text, 60),
        place: place.words(),
        stage: words::stage(other.status.stage()),
        when: words::when(other.submitted_at, desk.now),
        distance: meters.map(|meters| match meters {
            meters if meters < 1000.0 => format!("相距约{:.0}米", (meters / 10.0).round() * 10.0),
            meters => format!("相距约{:.1}公里", meters / 1000.0),
        }),
        copies: other.course.copies,
        takes_in: !other.is_ended(),
    }
}

/// Who has which part in it.
fn parts(
    county: &County,
    ticket: &Ticket,
    reachable: &leave::Reachable,
    holders: &[Person],
) -> Vec<Part> {
    let part = |label: &str, words: String| Part { label: label.to_owned(), words };
    let name = |person: &Person| {
        let is_unbound =
            holders.iter().any(|one| one.id == person.id) && reachable.is_unbound(person);
        let unbound = if is_unbound { "（没有绑定微信）" } else { "" };
        format!("{}{unbound}", person.name)
    };
    let names = |people: &[Person]| people.iter().map(name).collect::<Vec<_>>().join("、");
    let course = &ticket.course;
    let mut parts = Vec::new();
    parts.extend(ticket.handler.iter().map(|person| part("办理人", name(person))));
    if !ticket.called.is_empty() {
        parts.push(part("派给", names(&ticket.called)));
    }
    let unit = ticket.unit.as_deref().and_then(|code| county.unit(code));
    parts.extend(unit.map(|unit| part("单位", unit.name.clone())));
    parts.extend(course.holder.leader.iter().map(|person| part("负责人", name(person))));
    parts.extend(ticket.accountable.iter().map(|person| part("首问责任人", name(person))));
    for help in &course.helps {
        let stands = match &help.status {
            HelpStatus::Called => "等接单".to_owned(),
            HelpStatus::Taken { by } => format!("{}在办", by.name),
            HelpStatus::Done { by, text, .. } => format!("{}办好：{text}", by.name),
            HelpStatus::Returned { by, reason } => format!("{}退回：{reason}", by.name),
            HelpStatus::Waived { by } => format!("{}免去", by.name),
            HelpStatus::Cancelled { because } => format!("已结束：{because}"),
        };
        let must = if help.required { "（必须完成）" } else { "" };
        let label = format!("协办第{}项{must}", help.no);
        let words = format!("{}：{}。{stands}", names(help.people()), help.what);
        parts.push(Part { label, words });
    }
    if let Some(asked) = &course.verification {
        let found = match &asked.answer {
            Some(answer) if answer.real => format!("{}：属实。{}", answer.by.name, answer.text),
            Some(answer) => format!("{}：不属实。{}", answer.by.name, answer.text),
            None => format!("请{}去看，还没有回音", names(&asked.asked)),
        };
        parts.push(part("现场核实", found));
    }
    if let Some(asked) = &course.supervision {
        let answer = match &asked.answer {
            Some(answer) => format!("{}回复：{}", answer.by.name, answer.text),
            None => "还没有书面回复".to_owned(),
        };
        parts.push(part("督办", format!("{}。{answer}", asked.text)));
    }
    if let Some(wish) = &course.extension {
        let span = county.calendar().span_words(wish.minutes);
        parts.push(part("申请延期", format!("{}要{span}：{}", wish.by.name, wish.reason)));
    }
    parts
}

fn closed(ticket: &Ticket) -> Option<&'static str> {
    match ticket.status {
        Status::Closed { kind: ClosedKind::Signed } => Some("居民已签收"),
        Status::Closed { kind: ClosedKind::Unsigned } => Some("没有居民签收"),
        Status::Closed { kind: ClosedKind::FinalAnswer } => Some("终结答复"),
        _ => None,
    }
}

/// Whether what has just been done is what this operator wanted: the same form came twice.
pub(super) fn is_done_already(
    desk: &Desk,
    events: &[Event],
    seen: usize,
    wanted: Move,
    words: &str,
) -> bool {
    let Some(since) = events.get(seen..).filter(|since| !since.is_empty()) else { return false };
    let me = desk.operator().person.id;
    let is_mine = |event: &Event| event.by.person().is_some_and(|person| person.id == me);
    let is_it = |event: &&Event| event.what.code() == wanted.leaves() && is_mine(event);
    let said = |event: &Event| {
        let stored = serde_json::to_value(&event.what).unwrap_or_default().to_string();
        let quoted = serde_json::Value::from(words.trim()).to_string();
        stored.contains(quoted.trim_matches('"'))
    };
    since.iter().find(is_it).is_some_and(|event| words.trim().is_empty() || said(event))
}
