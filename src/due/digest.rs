//! Each working day at half past eight: one message to everybody who has late tickets, and to whoever
//! leads them, instead of one for each ticket.
//!
//! The day is claimed in the transaction that puts the messages in, so whatever breaks, each
//! person is told once a day.

use crate::app::App;
use crate::calendar::{Calendar, begin_of, date_of};
use crate::county::{AreaCode, County};
use crate::outbox::post;
use crate::storage::StorageError;
use crate::ticket::clock;
use crate::ticket::{Person, Status, Ticket};
use chrono::{DateTime, NaiveDate, TimeDelta, Utc};

/// Half past eight.
const AT: TimeDelta = TimeDelta::minutes(8 * 60 + 30);
/// Nobody reads more lines on a lock screen; the number of all of them stands above.
const LINES: usize = 5;
/// No county rests longer.
const FARTHEST: usize = 366;

/// What of one person's is late.
struct Late {
    person: Person,
    count: usize,
    lines: Vec<String>,
}

/// Sends what is to be sent today, once; tells whether it was now.
pub(super) async fn send(app: &App, now: DateTime<Utc>) -> Result<bool, StorageError> {
    let today = date_of(now);
    let at = begin_of(today) + AT;
    let county = app.county_at(now).await?;
    if now < at || !county.calendar().is_working_day(today) {
        return Ok(false);
    }
    // What became late since then is said tomorrow.
    if app.store.first_late().await?.is_none_or(|late| late > at)
        || app.store.digest_day().await?.is_some_and(|day| day >= today)
    {
        return Ok(false);
    }
    let tx = app.store.begin().await?;
    if !tx.claim_digest(today).await? {
        return Ok(false);
    }
    for late in by_person(&county, &tx.late_tickets(at).await?, now) {
        let said = (late.count, late.lines.as_slice());
        post::digest(app, &tx, &county, &late.person, said, now).await?;
    }
    tx.commit().await?;
    Ok(true)
}

/// When it is next to be looked whether there is something to send.
pub(super) async fn next(
    app: &App,
    now: DateTime<Utc>,
) -> Result<Option<DateTime<Utc>>, StorageError> {
    let Some(late) = app.store.first_late().await? else { return Ok(None) };
    let told = app.store.digest_day().await?;
    let county = app.county_at(now).await?;
    Ok(moment(county.calendar(), late, told, now))
}

/// The first half past eight of a working day that is not over, on which something may be late.
fn moment(
    calendar: &Calendar,
    late: DateTime<Utc>,
    told: Option<NaiveDate>,
    now: DateTime<Utc>,
) -> Option<DateTime<Utc>> {
    let from = late.max(now);
    let mut days = date_of(from).iter_days().take(FARTHEST);
    let day = days.find(|day| {
        let is_told = told.is_some_and(|told| *day <= told);
        !is_told && begin_of(*day) + AT >= from && calendar.is_working_day(*day)
    })?;
    Some(begin_of(day) + AT)
}

/// What is late by whom it concerns, in the order in which they are met first.
fn by_person(county: &County, tickets: &[Ticket], now: DateTime<Utc>) -> Vec<Late> {
    let mut all: Vec<Late> = Vec::new();
    let mut places = std::collections::HashMap::new();
    for ticket in tickets {
        for person in concerned(ticket) {
            let place = *places.entry(person.id).or_insert_with(|| {
                all.push(Late { person: person.clone(), count: 0, lines: Vec::new() });
                all.len() - 1
            });
            let Some(late) = all.get_mut(place) else { continue };
            late.count += 1;
            if late.lines.len() < LINES {
                late.lines.push(line(county, ticket, now));
            }
        }
    }
    all
}

/// Whose turn it is: who has it, or was called to it, and who leads them. What waits for the desk
/// is said there.
fn concerned(ticket: &Ticket) -> Vec<&Person> {
    let workers: &[Person] = match (&ticket.status, &ticket.handler) {
        (
            Status::Submitted { .. }
            | Status::Accepted
            | Status::Returned { .. }
            | Status::ResultSubmitted,
            _,
        ) => &[],
        (_, Some(handler)) => std::slice::from_ref(handler),
        (_, None) => &ticket.called,
    };
    let is_desk_s = matches!(
        ticket.status,
        Status::Submitted { .. } | Status::Accepted | Status::Returned { .. }
    );
    let leader = ticket.course.holder.leader.as_ref().filter(|_| !is_desk_s);
    let mut people: Vec<&Person> = workers.iter().collect();
    if let Some(leader) = leader
        && !people.iter().any(|person| person.id == leader.id)
    {
        people.push(leader);
    }
    people
}

/// LX260302123456 路灯水电 王庄村 超3天
fn line(county: &County, ticket: &Ticket, now: DateTime<Utc>) -> String {
    let category = &ticket.report.category;
    let category = county.category(category).map_or(category.as_str(), |one| one.name.as_str());
    let area = ticket.report.place.area.as_ref().or(ticket.area_path.last());
    let area = area.and_then(|code| county.area(&AreaCode::from(code.as_str())));
    let place = area.map_or("", |area| area.name.as_str());
    let due_at = clock::running(ticket).map(|clock| clock.due_at).min().unwrap_or(now);
    let calendar = county.calendar();
    let late = match calendar.between(due_at, now).checked_div(calendar.day_minutes()) {
        None | Some(0) => "超不到1天".to_owned(),
        Some(days) => format!("超{days}天"),
    };
    let words = [ticket.number.as_str(), category, place, &late];
    let said: Vec<&str> = words.into_iter().filter(|word| !word.is_empty()).collect();
    said.join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(text: &str) -> DateTime<Utc> {
        DateTime::parse_from_rfc3339(text).unwrap().to_utc()
    }

    #[test]
    fn the_next_word_comes_at_half_past_eight_of_a_working_day_that_is_not_over() {
        let calendar = Calendar::default();
        let friday = at("2026-03-06T18:00:00+08:00");
        let monday = at("2026-03-09T08:30:00+08:00");
        let day = |text: &str| Some(text.parse::<NaiveDate>().unwrap());
        // Late on Friday evening: over the weekend to Monday.
        assert_eq!(moment(&calendar, friday, None, friday), Some(monday));
        // Long late, and looked at on a Sunday: never a moment that is over.
        let sunday = at("2026-03-08T12:00:00+08:00");
        assert_eq!(moment(&calendar, friday, day("2026-03-02"), sunday), Some(monday));
        // To the second, and not twice on one day.
        assert_eq!(moment(&calendar, friday, None, monday), Some(monday));
        let tuesday = at("2026-03-10T08:30:00+08:00");
        assert_eq!(moment(&calendar, friday, day("2026-03-09"), monday), Some(tuesday));
        // A clock that was set back does not say it again.
        assert_eq!(moment(&calendar, friday, day("2026-03-09"), friday), Some(tuesday));
        // Spring Festival 2026: from Sunday the 15th to Monday the 23rd.
        let eve = at("2026-02-14T18:00:00+08:00");
        let after = at("2026-02-24T08:30:00+08:00");
        assert_eq!(moment(&calendar, eve, None, eve), Some(after));
    }
}
