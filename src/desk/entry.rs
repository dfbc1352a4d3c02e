//! A need that somebody at the desk writes down for a resident: by telephone, at the counter, from a
//! box, a letter, a reception day. One ledger: it becomes a ticket as any other.
//!
//! The form carries an identity that was drawn when it was shown, so the same form sent twice makes
//! one ticket. Nothing is guessed about who the resident is: a number that a follower gave too may
//! be another person of that house.
//!
//! Deliberately absent: who may do it, and pictures, which only the platform keeps.

use super::{DeskError, live_master};
use crate::app::App;
use crate::county::gazetteer;
use crate::county::guess::{Guess, guess};
use crate::county::{AreaCode, County, words};
use crate::dialogue::near::{self, Spot};
use crate::dialogue::{OTHER, rules_of};
use crate::enact::enact;
use crate::routing;
use crate::storage::Tx;
use crate::ticket::event::Actor;
use crate::ticket::lifecycle::{self, Action, Origin, Transition};
use crate::ticket::notice::Audience;
use crate::ticket::{Channel, Follower, Person, Place, Report, Ticket, TicketId, TicketNumber};
use chrono::{DateTime, Utc};
use uuid::Uuid;

/// Longer than any telephone call is written down; a letter is summed up.
pub const LONGEST_TEXT: usize = 4000;
/// A name, a spot in words.
pub const LONGEST_LINE: usize = 100;
/// How often an entry is decided in all when its write loses races.
const TRIES: usize = 5;

/// What somebody filled in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Entry {
    /// Drawn when the form was shown.
    pub id: Uuid,
    /// By which way it came in.
    pub channel: Channel,
    /// The resident's name, as far as they told it.
    pub name: Option<String>,
    /// Where they can be called.
    pub phone: Option<String>,
    /// The matter.
    pub text: String,
    /// Code of the smallest area that is known.
    pub area: Option<String>,
    /// The spot, in words.
    pub place: Option<String>,
    /// Code of the category; the likeliest one where nobody chose.
    pub category: Option<String>,
    /// Somebody may be in danger.
    pub urgent: bool,
    /// Shown only to those who need it.
    pub confidential: bool,
    /// It is the same as this one, and is handled with it.
    pub same_as: Option<TicketNumber>,
}

/// Why an entry cannot be taken in: which field, and what is wrong with it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum BadEntry {
    /// Nobody writes down what comes in this way.
    Channel,
    /// The name is too long.
    Name,
    /// It is no telephone number.
    Phone,
    /// There is no matter.
    NoText,
    /// The matter is too long.
    LongText,
    /// There is no such area.
    Area,
    /// The spot is too long.
    Place,
    /// There is no such category, or it is switched off.
    Category,
    /// The form was sent before, by somebody else.
    Id,
}

/// What a text says about itself.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Suggested {
    /// Category codes, the likeliest first.
    pub categories: Vec<String>,
    /// The area that is named, or those that bear the name.
    pub areas: Vec<AreaCode>,
    /// The spot in its words.
    pub place: Option<String>,
    /// It tells of danger.
    pub urgent: bool,
}

/// What a text says about category, place and danger, as the chat would understand it.
pub fn suggested(county: &County, text: &str) -> Suggested {
    let found = gazetteer::find_place(county, text);
    Suggested {
        categories: match guess(county, text) {
            Guess::Sure(code) => vec![code],
            Guess::Unsure(codes) => codes,
            Guess::None => Vec::new(),
        },
        areas: found
            .iter()
            .flat_map(|found| found.area.iter().chain(&found.ambiguous))
            .cloned()
            .collect(),
        place: found.map(|found| found.text).filter(|text| !text.is_empty()),
        urgent: words::emergency(text).is_some(),
    }
}

/// The areas that an answer to "where?" names, or else the matter itself: one, or several that are
/// meant equally well.
pub fn named_areas(county: &County, place: &str, said: &Suggested) -> Vec<AreaCode> {
    let found = gazetteer::read_place(county, place, None);
    let named: Vec<AreaCode> =
        found.iter().flat_map(|found| found.area.iter().chain(&found.ambiguous)).cloned().collect();
    if named.is_empty() { said.areas.clone() } else { named }
}

/// Open and just closed tickets that may be about the same, the latest first. Confidential ones are
/// among them: who may see them is the caller's to know.
pub async fn alike(app: &App, entry: &Entry) -> Result<Vec<Ticket>, DeskError> {
    let now = app.clock.now();
    let county = app.county_at(now).await?;
    let report = report_of(&county, entry).map_err(DeskError::Entry)?;
    let Some(spot) = Spot::of(&county, &report.category, &report.place, &report.text) else {
        return Ok(Vec::new());
    };
    let since = now - near::JUST_CLOSED;
    let mut found = app.store.tickets_near(&spot.near.category, &spot.near.areas, since).await?;
    found.retain(|ticket| near::is_open_or_fresh(ticket, now) && spot.holds(&county, ticket));
    Ok(found)
}

/// Makes a ticket of an entry; the one that it made before, if the form was sent before.
pub async fn open(app: &App, operator: &Person, entry: &Entry) -> Result<Ticket, DeskError> {
    let mut tries = 0;
    loop {
        tries += 1;
        match attempt(app, operator, entry).await {
            // The number was taken, or the same form came twice at once.
            Err(DeskError::Storage(error)) if error.is_transient() && tries < TRIES => {}
            outcome => return outcome,
        }
    }
}

async fn attempt(app: &App, operator: &Person, entry: &Entry) -> Result<Ticket, DeskError> {
    let now = app.clock.now();
    let county = app.county_at(now).await?;
    let tx = app.store.begin().await?;
    if let Some(known) = tx.ticket(TicketId(entry.id)).await? {
        let is_theirs = known.entered_by.as_ref().is_some_and(|by| by.id == operator.id);
        return is_theirs.then_some(known).ok_or_else(|| DeskError::Entry(vec![BadEntry::Id]));
    }
    let report = report_of(&county, entry).map_err(DeskError::Entry)?;
    let area_path = report
        .place
        .area
        .as_deref()
        .map(|code| county.path(&AreaCode::from(code)))
        .unwrap_or_default()
        .iter()
        .map(|area| area.code.as_str().to_owned())
        .collect();
    let rules = rules_of(&county, &report.category);
    let origin = Origin {
        reporter: Follower::offline(app.ids.fresh()),
        name: line(entry.name.as_deref()),
        channel: entry.channel,
        entered_by: Some(operator.clone()),
    };
    let identity = (entry.id, TicketNumber::draw(now, app.ids.fresh()));
    let opened = lifecycle::enter(identity, origin, report, area_path, rules, now);
    let changes = match &entry.same_as {
        Some(same) => with_known(&tx, &county, opened, same, operator, now).await?,
        None => by_rule(&tx, &county, opened, now).await?,
    };
    enact(app, &tx, &county, &changes, now).await?;
    let ticket = changes.into_iter().last().map(|change| change.after);
    tx.commit().await?;
    app.bell.ring();
    ticket.ok_or_else(|| DeskError::Entry(vec![BadEntry::NoText]))
}

/// It is handled with what is known already; the desk has one matter, not two.
async fn with_known(
    tx: &Tx,
    county: &County,
    mut opened: Transition,
    same: &TicketNumber,
    operator: &Person,
    now: DateTime<Utc>,
) -> Result<Vec<Transition>, DeskError> {
    let master = live_master(tx, same, &opened.after).await?;
    let into = master.ok_or_else(|| DeskError::NoMaster(same.clone()))?;
    let rules = rules_of(county, &opened.after.report.category);
    let by = Actor::Operator(operator.clone());
    let merged = lifecycle::act(&opened.after, Action::Merge { into }, &by, rules, now)?;
    opened.notices.retain(|notice| notice.to != Audience::Desk);
    Ok(vec![opened, merged])
}

/// A category that needs no operator goes at once to whom the county's rules say; where that is
/// nobody it lies on the desk, with the reason.
async fn by_rule(
    tx: &Tx,
    county: &County,
    mut opened: Transition,
    now: DateTime<Utc>,
) -> Result<Vec<Transition>, DeskError> {
    let ticket = &opened.after;
    if !county.category(&ticket.report.category).is_some_and(|category| category.auto) {
        return Ok(vec![opened]);
    }
    let rules = rules_of(county, &ticket.report.category);
    let by_itself =
        |ticket: &Ticket, action| lifecycle::act(ticket, action, &Actor::System, rules, now);
    match routing::first_call(tx, county, ticket, now).await? {
        Ok(call) => {
            let accepted = by_itself(ticket, Action::Accept)?;
            let dispatched = by_itself(&accepted.after, Action::Dispatch { call })?;
            opened.notices.retain(|notice| notice.to != Audience::Desk);
            Ok(vec![opened, accepted, dispatched])
        }
        Err(why) => {
            let noted = by_itself(ticket, Action::Note { text: format!("没能自动派单：{why}") })?;
            Ok(vec![opened, noted])
        }
    }
}

/// The report that an entry makes, or everything that is wrong with it.
fn report_of(county: &County, entry: &Entry) -> Result<Report, Vec<BadEntry>> {
    let mut bad = Vec::new();
    if !entry.channel.is_entered_by_hand() {
        bad.push(BadEntry::Channel);
    }
    let too_long = |field: &Option<String>| {
        field.as_ref().is_some_and(|words| words.chars().count() > LONGEST_LINE)
    };
    if too_long(&entry.name) {
        bad.push(BadEntry::Name);
    }
    let said = line(entry.phone.as_deref());
    let contact = said.as_deref().and_then(words::phone_in);
    if said.is_some() && contact.is_none() {
        bad.push(BadEntry::Phone);
    }
    let text = without_control_signs(&entry.text);
    if !words::has_words(&text) {
        bad.push(BadEntry::NoText);
    }
    if text.chars().count() > LONGEST_TEXT {
        bad.push(BadEntry::LongText);
    }
    if too_long(&entry.place) {
        bad.push(BadEntry::Place);
    }
    let area = line(entry.area.as_deref());
    if area.as_deref().is_some_and(|code| county.area(&AreaCode::from(code)).is_none()) {
        bad.push(BadEntry::Area);
    }
    let chosen = line(entry.category.as_deref());
    let category = chosen.unwrap_or_else(|| likeliest(county, &text));
    let known = county.category(&category);
    if !known.is_some_and(|known| known.enabled) && category != OTHER {
        bad.push(BadEntry::Category);
    }
    if !bad.is_empty() {
        return Err(bad);
    }
    Ok(Report {
        text,
        place: Place { text: line(entry.place.as_deref()), point: None, area },
        confidential: entry.confidential || known.is_some_and(|known| known.confidential),
        category,
        contact,
        urgent: entry.urgent,
        media: Vec::new(),
    })
}

/// Nobody chose: what the text says, but never something that leaves without an operator.
fn likeliest(county: &County, text: &str) -> String {
    let guessed = suggested(county, text).categories.into_iter().next();
    guessed
        .filter(|code| county.category(code).is_some_and(|one| one.enabled && !one.auto))
        .unwrap_or_else(|| OTHER.to_owned())
}

/// What was written into one line, if anything was.
fn line(field: Option<&str>) -> Option<String> {
    let line = without_control_signs(field?).replace(['\n', '\t'], " ");
    Some(line.trim().to_owned()).filter(|line| !line.is_empty())
}

/// PostgreSQL refuses U+0000, and nobody can read the others.
fn without_control_signs(text: &str) -> String {
    let text = text.replace("\r\n", "\n");
    let kept: String =
        text.chars().filter(|c| matches!(c, '\n' | '\t') || !c.is_control()).collect();
    kept.trim().to_owned()
}
