//! Forgetting a person: on the platform's word, on their own, and after they left for good.
//!
//! What is kept, how long, and what each word of the platform does stands in
//! `docs/personal-data.md`; this is that rule carried out. Their tickets stay as the county's record
//! and are nobody's any more; everything that is theirs alone goes. Done again it changes nothing.
//!
//! Deliberately absent: tickets' states. One that is still in hand goes on and ends by its clocks.

use crate::{
    access::Operator,
    app::App,
    county::words,
    storage::{StorageError, Tx},
    ticket::{Follower, Ticket},
};
use chrono::{DateTime, TimeDelta, Utc};

/// Whoever left and did not come back for so long is forgotten.
pub const GONE_AFTER: TimeDelta = TimeDelta::days(90);
/// How many are forgotten at a time; the next look goes on.
const BATCH: u64 = 20;

/// What the platform calls a withdrawn permission: the place, and everything.
const PLACE: &str = "206";
const EVERYTHING: &str = "301";

/// Why somebody is forgotten.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Why {
    /// They closed their account with us.
    Cancelled,
    /// They withdrew every permission.
    Revoked,
    /// They left long ago.
    Gone,
    /// They asked somebody at the desk.
    Asked,
}

impl Why {
    const fn code(self) -> &'static str {
        match self {
            Self::Cancelled => "cancelled",
            Self::Revoked => "revoked",
            Self::Gone => "gone",
            Self::Asked => "asked",
        }
    }

    const fn words(self) -> &'static str {
        match self {
            Self::Cancelled => "本人注销授权",
            Self::Revoked => "本人撤回全部授权",
            Self::Gone => "取消关注满90天",
            Self::Asked => "本人要求",
        }
    }
}

/// What was forgotten.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Erased {
    /// There was a conversation.
    pub known: bool,
    /// Tickets that are nobody's any more.
    pub tickets: usize,
}

/// Somebody withdrew a permission.
pub async fn revoked(
    tx: &Tx,
    follower: &Follower,
    what: Option<&str>,
    now: DateTime<Utc>,
) -> Result<(), StorageError> {
    match what {
        Some(EVERYTHING) => erase(tx, follower, Why::Revoked, now).await.map(drop),
        Some(PLACE) => tx.forget_home(follower).await,
        // The other permissions are for things that are never asked for.
        _ => Ok(()),
    }
}

/// Forgets a follower of one account.
pub async fn erase(
    tx: &Tx,
    follower: &Follower,
    why: Why,
    now: DateTime<Utc>,
) -> Result<Erased, StorageError> {
    let tickets = tx.all_tickets_of(follower).await?;
    let phone = tx.phone_given(follower).await?;
    for id in &tickets {
        let contact = tx.ticket(*id).await?.and_then(|ticket| ticket.report.contact);
        let known: Vec<String> = phone.iter().cloned().chain(contact).collect();
        tx.unlink(*id, &|text| without(text, &known), now).await?;
    }
    // Last: what was masked above is found by whom it belongs to.
    let known = tx.forget(follower, now).await?;
    let erased = Erased { known, tickets: tickets.len() };
    if known || erased.tickets > 0 {
        written_down(tx, None, &follower.account, why, erased, now).await?;
    }
    Ok(erased)
}

/// Forgets whose a ticket is, because they asked for it: everything of theirs on every account
/// where they are known to be the same person.
pub async fn on_request(
    app: &App,
    operator: (&Operator, &str),
    ticket: &Ticket,
    now: DateTime<Utc>,
) -> Result<Erased, StorageError> {
    let tx = app.store.begin().await?;
    let mut erased = Erased::default();
    if ticket.reporter.is_offline() {
        let known: Vec<String> = ticket.report.contact.iter().cloned().collect();
        tx.unlink(ticket.id, &|text| without(text, &known), now).await?;
        erased.tickets = 1;
    } else {
        let mut everywhere = tx.same_person(&ticket.reporter).await?;
        everywhere.push(ticket.reporter.clone());
        for follower in &everywhere {
            let one = erase(&tx, follower, Why::Asked, now).await?;
            erased.known |= one.known;
            erased.tickets += one.tickets;
        }
    }
    let subject = ticket.number.as_str();
    written_down(&tx, Some(operator), subject, Why::Asked, erased, now).await?;
    tx.commit().await?;
    Ok(erased)
}

/// Forgets those who left long ago and have nothing in hand; tells how many.
pub async fn of_gone(app: &App, now: DateTime<Utc>) -> Result<usize, StorageError> {
    let mut done = 0;
    for follower in app.store.gone(now - GONE_AFTER, BATCH).await? {
        let tx = app.store.begin().await?;
        // They may have come back since the look.
        if tx.open_conversation(&follower, now).await?.following {
            continue;
        }
        erase(&tx, &follower, Why::Gone, now).await?;
        tx.commit().await?;
        done += 1;
    }
    Ok(done)
}

/// Names nobody: what was forgotten must not be found in what is written about it.
async fn written_down(
    tx: &Tx,
    by: Option<(&Operator, &str)>,
    subject: &str,
    why: Why,
    erased: Erased,
    now: DateTime<Utc>,
) -> Result<(), StorageError> {
    metrics::counter!("lianxin_erased_total", "why" => why.code()).increment(1);
    let note = format!("{}，涉及{}件诉求", why.words(), erased.tickets);
    let (operator, name) = by.map_or((None, "系统"), |(operator, name)| (Some(operator), name));
    tx.note_deed(operator, name, "person_erased", Some(subject), &note, now).await
}

/// A text without these numbers, and without any that is private by its form.
fn without(text: &str, known: &[String]) -> String {
    let mut left = text.to_owned();
    for number in known.iter().filter(|number| number.chars().count() > 4) {
        left = left.replace(number.as_str(), "****");
    }
    words::masked(&left).text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_known_landline_goes_too_though_its_form_gives_it_away_to_nobody() {
        let known = ["03125551234".to_owned(), "110".to_owned()];
        let text = "打03125551234或19900001234，急事打110，共15盏灯";
        assert_eq!(without(text, &known), "打****或199****1234，急事打110，共15盏灯");
    }
}
