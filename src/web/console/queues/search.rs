//! Finding a ticket by what somebody on the telephone can say: its number or the end of it, their
//! own number, or words of the matter.

use super::{
    super::{Desk, Stop},
    choice::PAGE,
    row::Row,
};
use crate::{
    access::Permission,
    county::words::phone_in,
    storage::Sight,
    ticket::{Ticket, TicketNumber},
};
use actix_web::{HttpResponse, web::Query};
use serde::{Deserialize, Serialize};

/// Nobody types more.
const LONGEST: usize = 60;

#[derive(Deserialize)]
pub(super) struct Asked {
    #[serde(default)]
    q: String,
}

#[derive(Serialize)]
struct Found<'a> {
    q: &'a str,
    /// By what it was looked for.
    by: &'static str,
    rows: Vec<Row>,
    /// There may be more.
    is_full: bool,
    /// Somebody who may see telephone numbers could find more.
    hides_phones: bool,
}

pub(super) async fn search(desk: Desk, asked: Query<Asked>) -> Result<HttpResponse, Stop> {
    desk.needs(Permission::Look)?;
    let q: String = asked.q.trim().chars().take(LONGEST).collect();
    if let Some(number) = TicketNumber::find(&q)
        && desk.ticket(number.as_str()).await.is_ok()
    {
        return Ok(desk.go_on(&format!("/console/tickets/{number}"), ""));
    }
    let (by, tickets, hides_phones) = found(&desk, &q).await?;
    let content = Found {
        q: &q,
        by,
        rows: tickets.iter().map(|ticket| Row::of(ticket, &desk.county, desk.now)).collect(),
        is_full: u64::try_from(tickets.len()).unwrap_or(u64::MAX) >= PAGE,
        hides_phones,
    };
    desk.page("queues/search.html", "queues", "查找", content)
}

/// By what was looked for, what was found, and whether a telephone number was left out.
async fn found(desk: &Desk, q: &str) -> Result<(&'static str, Vec<Ticket>, bool), Stop> {
    let store = &desk.app.store;
    let sight = Sight::of(desk.operator(), &desk.county);
    let squeezed: String = q.chars().filter(|sign| !sign.is_whitespace()).collect();
    let digits = squeezed.strip_prefix("LX").or(squeezed.strip_prefix("lx")).unwrap_or(&squeezed);
    let is_number = (4..=12).contains(&digits.len()) && digits.bytes().all(|b| b.is_ascii_digit());
    let phone = phone_in(q).filter(|_| squeezed.chars().all(|sign| !sign.is_alphabetic()));
    let mut hides_phones = false;
    if let Some(phone) = phone {
        if desk.operator().may(Permission::Personal) {
            // Whoever asks by a number learns whose matter it is.
            desk.note("phone_searched", None, "").await?;
            let of_phone = store.tickets_of_phone(&sight, &phone, PAGE).await;
            let of_phone = of_phone.map_err(|e| desk.broken(&e))?;
            if !of_phone.is_empty() {
                return Ok(("电话", of_phone, false));
            }
        } else {
            hides_phones = true;
        }
    }
    if is_number {
        let numbered = store.tickets_numbered_like(&sight, digits, PAGE).await;
        let numbered = numbered.map_err(|e| desk.broken(&e))?;
        return Ok(("编号", numbered, hides_phones));
    }
    let with_words = store.tickets_with_words(&sight, q, PAGE).await;
    Ok(("关键词", with_words.map_err(|e| desk.broken(&e))?, hides_phones))
}
