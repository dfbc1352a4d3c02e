//! Everything about one ticket, gathered for its page.

use super::{clocks, forms, leave, names, others, parts, posted::Filled, said, sent, ways};
use crate::access::Permission;
use crate::desk::{self, Beside};
use crate::replies::answer;
use crate::storage::StorageError;
use crate::ticket::event::Event;
use crate::ticket::lifecycle::{Move, holders};
use crate::ticket::{ClosedKind, Status, Ticket, clock};
use crate::web::console::{desk::Desk, words};
use serde::Serialize;

/// What a page shows besides the ticket itself: what was wanted before.
#[derive(Default)]
pub(super) struct Wanted {
    /// The form that is open, with what was filled in.
    pub(super) form: Option<(Move, Filled)>,
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
    #[serde(flatten)]
    head: Head,
    #[serde(flatten)]
    contact: Contact,
    seen: usize,
    said: Vec<said::Said>,
    place: said::Place,
    result: Option<said::Result>,
    evidence: Vec<sent::Sent>,
    rating: Option<&'static str>,
    parts: Vec<parts::Part>,
    forms: Vec<forms::Form>,
    templates: Vec<Template>,
    clocks: Vec<clocks::Clock>,
    near: Vec<others::Other>,
    same_person: Vec<others::Other>,
    copies: Vec<others::Other>,
    may_merge: bool,
    history: Vec<said::Line>,
    ways: Vec<ways::Way>,
    problem: Option<String>,
    conflict: Option<Conflict>,
}

/// What it is and where it stands.
#[derive(Serialize)]
struct Head {
    number: String,
    version: i64,
    category: String,
    stage: &'static str,
    closed: Option<&'static str>,
    urgent: bool,
    confidential: bool,
    round: u32,
    urged: u32,
    lamp: &'static str,
    lamp_words: &'static str,
    turn: String,
    channel: &'static str,
    submitted: String,
    entered_by: Option<String>,
}

/// Whose it is, as far as this operator may know, and how they are reached.
#[derive(Serialize)]
#[expect(clippy::struct_excessive_bools, reason = "a page asks each of them by its name")]
struct Contact {
    reporter: Option<String>,
    phone: Option<String>,
    has_phone: bool,
    may_see_phone: bool,
    may_erase: bool,
    is_nobodys: bool,
    reach: Option<leave::Told>,
}

/// Words to begin with.
#[derive(Serialize)]
struct Template {
    id: String,
    title: String,
    text: String,
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
    let album = sent::Album::of(desk, ticket).await?;
    let ways = store.ways_of(ticket).await?;
    let tx = store.look().await?;
    let beside = desk::beside(&tx, county, ticket, now).await?;
    let legal = desk::legal(county, ticket, &me.person, now);
    let holders = holders(ticket);
    let reachable = leave::Reachable::of(desk, &tx, ticket, &legal, &holders).await?;
    let (suggested, above) = others::who_could(desk, &tx, ticket, &legal).await?;
    drop(tx);
    let known = forms::Known { desk, ticket, suggested, above };
    let mut forms = forms::of(&known, &legal);
    for form in &mut forms {
        let move_of = legal.iter().find(|legal| legal.wanted.code() == form.code);
        form.tells = move_of.map(|legal| reachable.beside(legal)).unwrap_or_default();
        let of_this = |(wanted, _): &&(Move, Filled)| wanted.code() == form.code;
        if let Some((_, filled)) = wanted.form.as_ref().filter(of_this) {
            form.keep(filled);
        }
    }
    let may_merge = forms.iter().any(|form| form.code == Move::Merge.code());
    let conflict = wanted.meanwhile.as_ref().map(|(first, seen)| {
        let since = events.get((*seen).min(events.len())..).unwrap_or_default();
        let since = said::history(county, since, now);
        conflict(&forms, wanted.form.as_ref(), first, since)
    });
    let Beside { near, same_person, copies } = others::visible(desk, beside);
    let list =
        |found: &[Ticket]| found.iter().map(|other| others::other(desk, ticket, other)).collect();
    Ok(Screen {
        head: Head::of(desk, ticket),
        contact: Contact::of(desk, ticket, &reachable, wanted.is_open),
        seen: events.len(),
        said: said::by_resident(ticket, &events, &album, wanted.is_open, now),
        place: said::place(county, ticket),
        result: said::result(ticket, &album, wanted.is_open, now),
        evidence: album.sent(ticket.evidence()),
        rating: ticket.rating.map(names::rating),
        parts: parts::parts(county, ticket, &reachable, &holders),
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
        ways: ways.iter().map(|way| ways::way(way, now)).collect(),
        problem: wanted.problem,
        conflict,
    })
}

/// What the operator wanted beside what happened since they looked.
fn conflict(
    forms: &[forms::Form],
    wanted: Option<&(Move, Filled)>,
    first: &str,
    since: Vec<said::Line>,
) -> Conflict {
    let (code, does, words) = match wanted {
        Some((one, filled)) => (one.code(), names::of(*one).does, filled.words()),
        None => ("", "", String::new()),
    };
    let again = forms.iter().any(|form| form.code == code);
    Conflict { wanted: does, words, again, code, first: first.to_owned(), since }
}

impl Head {
    fn of(desk: &Desk, ticket: &Ticket) -> Self {
        let (county, now) = (&*desk.county, desk.now);
        let category = county.category(&ticket.report.category);
        let (lamp, lamp_words) = if ticket.is_ended() {
            ("grey", "已结束")
        } else {
            names::lamp(clock::lamp(ticket, now))
        };
        Self {
            number: ticket.number.to_string(),
            version: ticket.version,
            category: category
                .map_or_else(|| ticket.report.category.clone(), |one| one.name.clone()),
            stage: words::stage(ticket.status.stage()),
            closed: closed(ticket),
            urgent: ticket.report.urgent,
            confidential: ticket.report.confidential,
            round: ticket.round,
            urged: ticket.urged,
            lamp,
            lamp_words,
            turn: said::shown(&clocks::whose_turn(county, ticket, now), false),
            channel: names::channel(ticket.channel),
            submitted: words::when(ticket.submitted_at, now),
            entered_by: ticket.entered_by.as_ref().map(|person| person.name.clone()),
        }
    }
}

impl Contact {
    fn of(desk: &Desk, ticket: &Ticket, reachable: &leave::Reachable, is_open: bool) -> Self {
        let may_see_phone = desk.operator().may(Permission::Personal);
        Self {
            reporter: ticket.reporter_name.clone().filter(|_| may_see_phone),
            phone: ticket.report.contact.clone().filter(|_| is_open),
            has_phone: ticket.report.contact.is_some(),
            may_see_phone,
            may_erase: desk.operator().may(Permission::Settings)
                && desk.operator().scope.is_whole(),
            is_nobodys: ticket.is_nobodys(),
            reach: reachable.reporter().filter(|_| !ticket.is_nobodys()),
        }
    }
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
    let words = words.replace("\r\n", "\n");
    let is_it = |event: &&Event| event.what.code() == wanted.leaves() && is_mine(event);
    let said = |event: &Event| {
        let stored = serde_json::to_value(&event.what).unwrap_or_default().to_string();
        let quoted = serde_json::Value::from(words.trim()).to_string();
        stored.contains(quoted.trim_matches('"'))
    };
    since.iter().filter(is_it).any(|event| words.trim().is_empty() || said(event))
}
