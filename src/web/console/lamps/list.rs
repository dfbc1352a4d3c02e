//! The tickets behind a number of the board.

use super::{USUAL_DAYS, untouched_since};
use crate::{
    access::Permission,
    county::AreaCode,
    storage::{Beam, Listing, Mark, Shining},
    ticket::{Lamp, MemberId, Ticket, TicketId, clock},
    web::console::{Desk, Stop, stop::Why, words},
};
use actix_web::{HttpResponse, web::Query};
use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

/// Stands for "of no unit" and "of no township".
pub(super) const NONE: &str = "-";
/// Tickets on a page.
const SHOWN: u64 = 50;

#[derive(Debug, Clone, Deserialize, Serialize)]
pub(super) struct Asked {
    #[serde(default)]
    of: String,
    #[serde(default)]
    unit: String,
    #[serde(default)]
    area: String,
    #[serde(default)]
    days: Option<u32>,
    #[serde(default)]
    member: Option<Uuid>,
    #[serde(default)]
    after: String,
}

#[derive(Serialize)]
struct List {
    title: String,
    lines: Vec<Line>,
    next: Option<String>,
    may_supervise: bool,
}

/// One ticket.
#[derive(Debug, Serialize)]
pub(super) struct Line {
    number: String,
    gist: String,
    category: String,
    place: String,
    stage: &'static str,
    lamp: Lamp,
    lamp_words: &'static str,
    due: Option<String>,
    who: String,
    /// What a supervision asks, by whom, and until when the answer is owed.
    asked: Option<Supervised>,
}

#[derive(Debug, Serialize)]
pub(super) struct Supervised {
    text: String,
    by: String,
    due: String,
    is_late: bool,
}

impl Line {
    fn of(ticket: &Ticket, desk: &Desk) -> Self {
        let (county, now) = (&desk.county, desk.now);
        let due = clock::running(ticket).map(|deadline| deadline.due_at).min();
        let lamp = clock::lamp(ticket, now);
        let category = county.category(&ticket.report.category);
        let called: Vec<&str> = ticket.called.iter().map(|one| one.name.as_str()).take(3).collect();
        let who = match (&ticket.handler, ticket.unit.as_deref()) {
            (Some(handler), _) => handler.name.clone(),
            (None, Some(unit)) => {
                county.unit(unit).map_or_else(|| unit.to_owned(), |unit| unit.name.clone())
            }
            (None, None) => called.join("、"),
        };
        let asked = ticket.course.supervision.as_ref().filter(|asked| asked.answer.is_none());
        let asked = asked.zip(clock::owed_answer(ticket)).map(|(asked, owed)| Supervised {
            text: asked.text.clone(),
            by: asked.by.as_ref().map_or("系统".to_owned(), |by| by.name.clone()),
            due: words::when(owed.due_at, now),
            is_late: owed.due_at < now,
        });
        let area = ticket.report.place.area.as_deref();
        Self {
            number: ticket.number.to_string(),
            gist: ticket.report.text.chars().take(40).collect(),
            category: category
                .map_or_else(|| ticket.report.category.clone(), |one| one.name.clone()),
            place: area.map_or_else(String::new, |code| county.spoken_path(&AreaCode::from(code))),
            stage: words::stage(ticket.status.stage()),
            lamp,
            lamp_words: match lamp {
                Lamp::Green => "正常",
                Lamp::Yellow => "快到期",
                Lamp::Red => "超期",
            },
            due: due.map(|due| due_words(due, now)),
            who,
            asked,
        }
    }
}

fn due_words(due: DateTime<Utc>, now: DateTime<Utc>) -> String {
    if due < now {
        format!("超了{}", words::how_long(now - due))
    } else {
        format!("{}前", words::when(due, now))
    }
}

impl Asked {
    fn beam(&self, desk: &Desk) -> Result<Beam, Stop> {
        let code = |given: &str| match given {
            "" => None,
            NONE => Some(None),
            code => Some(Some(code.to_owned())),
        };
        let shining = match (self.of.as_str(), self.member) {
            ("absent", Some(member)) => Shining::With(MemberId(member)),
            ("" | "live", _) => Shining::Any,
            ("green", _) => Shining::Green,
            ("yellow", _) => Shining::Yellow,
            ("red", _) => Shining::Red,
            ("owed", _) => Shining::Owed,
            ("escalated", _) => Shining::Escalated,
            ("untouched", _) => {
                let days = self.days.unwrap_or(USUAL_DAYS).clamp(1, super::MOST_DAYS);
                Shining::Untouched(untouched_since(desk, days))
            }
            _ => return Err(desk.stop(Why::Nothing)),
        };
        Ok(Beam { shining, township: code(&self.area), unit: code(&self.unit) })
    }

    async fn title(&self, beam: &Beam, desk: &Desk) -> Result<String, Stop> {
        let what = match &beam.shining {
            Shining::Any => "在办的诉求".to_owned(),
            Shining::Green => "正常的诉求".to_owned(),
            Shining::Yellow => "快到期的诉求".to_owned(),
            Shining::Red => "超期的诉求".to_owned(),
            Shining::Owed => "欠督办回复的诉求".to_owned(),
            Shining::Escalated => "提过级的诉求".to_owned(),
            Shining::Untouched(_) => {
                let days = self.days.unwrap_or(USUAL_DAYS).clamp(1, super::MOST_DAYS);
                format!("{days} 个工作日没有人动过的诉求")
            }
            Shining::With(member) => {
                let name = desk.app.store.member_name(*member).await;
                let name = name.map_err(|error| desk.broken(&error))?;
                format!("{}手里的诉求", name.unwrap_or_default())
            }
        };
        let unit = beam.unit.as_ref().map(|code| match code.as_deref() {
            None => "没有派到单位".to_owned(),
            Some(code) => {
                desk.county.unit(code).map_or_else(|| code.to_owned(), |unit| unit.name.clone())
            }
        });
        let area = beam.township.as_ref().map(|code| match code.as_deref() {
            None => "没有定位到乡镇".to_owned(),
            Some(code) => desk
                .county
                .area(&code.into())
                .map_or_else(|| code.to_owned(), |area| area.name.clone()),
        });
        Ok(match area.or(unit) {
            Some(within) => format!("{within}：{what}"),
            None => what,
        })
    }
}

/// A mark as part of an address, and back.
fn written(mark: &Mark) -> String {
    format!("{}.{}.{}", mark.rank, mark.submitted_at.timestamp_millis(), mark.id.0.simple())
}

fn mark(text: &str) -> Option<Mark> {
    let mut parts = text.split('.');
    let (rank, at, id) = (parts.next()?, parts.next()?, parts.next()?);
    Some(Mark {
        rank: rank.parse().ok()?,
        submitted_at: DateTime::from_timestamp_millis(at.parse().ok()?)?,
        id: TicketId(Uuid::parse_str(id).ok()?),
    })
}

async fn page(desk: &Desk, beam: &Beam, after: Option<Mark>, limit: u64) -> Result<Listing, Stop> {
    let found = desk.app.store.lamp_page(&desk.sight(), beam, after, limit, desk.now).await;
    found.map_err(|error| desk.broken(&error))
}

pub(super) async fn list(desk: Desk, asked: Query<Asked>) -> Result<HttpResponse, Stop> {
    desk.needs(Permission::Look)?;
    let beam = asked.beam(&desk)?;
    let listing = page(&desk, &beam, mark(&asked.after), SHOWN).await?;
    let next = listing.next.as_ref().map(|next| {
        let member = asked.member.map_or(String::new(), |member| member.to_string());
        let days = asked.days.map_or(String::new(), |days| days.to_string());
        url::form_urlencoded::Serializer::new(String::new())
            .extend_pairs([("of", &asked.of), ("unit", &asked.unit), ("area", &asked.area)])
            .extend_pairs(
                [("member", &member), ("days", &days)].iter().filter(|(_, v)| !v.is_empty()),
            )
            .append_pair("after", &written(next))
            .finish()
    });
    let title = asked.title(&beam, &desk).await?;
    let content = List {
        title: title.clone(),
        lines: listing.tickets.iter().map(|ticket| Line::of(ticket, &desk)).collect(),
        next,
        may_supervise: desk.operator().may(Permission::Supervise),
    };
    desk.page("lamps/list.html", "lamps", &title, content)
}

/// The first of those that owe an answer.
pub(super) async fn owed(desk: &Desk, limit: u64) -> Result<Vec<Line>, Stop> {
    let beam = Beam { shining: Shining::Owed, township: None, unit: None };
    let listing = page(desk, &beam, None, limit).await?;
    Ok(listing.tickets.iter().map(|ticket| Line::of(ticket, desk)).collect())
}
