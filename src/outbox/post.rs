//! Putting messages in, inside the transaction of the change that caused them.
//!
//! A notice names a part (the reporter, the handler, the desk); here it is looked up who plays
//! it and on which phone. Nobody is told what they did themselves. Whoever has no account is called:
//! for them a call is asked for instead.

mod talks;

pub use talks::{bot_back, desk_words, human_wanted, shown};

use super::message::{Fields, Message};
use super::schedule;
use crate::app::App;
use crate::calendar::{begin_of, date_of, in_beijing};
use crate::county::{County, Hours};
use crate::dialogue::reply::Card;
use crate::storage::{Conversation, Envelope, StorageError, Tx};
use crate::ticket::clock::result_clock;
use crate::ticket::event::What;
use crate::ticket::lifecycle::Transition;
use crate::ticket::notice::{Audience, Notice, NoticeKind};
use crate::ticket::wish::{self, Fate};
use crate::ticket::{ClockKind, Follower, MemberId, Person, Ticket};
use chrono::{DateTime, TimeDelta, Utc};
use std::collections::HashSet;
use uuid::Uuid;

/// How long a passing notice waits for a newer one: an operator accepts and dispatches at one
/// sitting, and the resident should read one message about it.
const PASSING_WAIT: TimeDelta = TimeDelta::seconds(10);
/// Who wrote within this time is still there.
const LATELY: TimeDelta = TimeDelta::minutes(30);

/// Puts in everything that must be heard of a change.
pub async fn notices(
    app: &App,
    tx: &Tx,
    county: &County,
    change: &Transition,
    now: DateTime<Utc>,
) -> Result<(), StorageError> {
    if change.notices.is_empty() {
        return Ok(());
    }
    let ticket = &change.after;
    let card = Card::of(ticket, county, now);
    let is_handed_over =
        change.events.iter().any(|event| matches!(event.what, What::HandedOver { .. }));
    let actor = change.events.first().and_then(|event| event.by.person()).map(|person| person.id);
    // Who plays two parts in a matter is told once.
    let mut told = HashSet::new();
    for notice in &change.notices {
        if notice.to == Audience::Reporter && ticket.is_nobodys() {
            continue;
        }
        if notice.to == Audience::Reporter && ticket.reporter.is_offline() {
            tx.ask_for_call(ticket.id, notice.kind, now).await?;
            continue;
        }
        let mut fields = Fields::of(&card, ticket, String::new());
        fields.put("note", notice.note.clone().unwrap_or_default());
        fields.put("name", notice.note.clone().unwrap_or_default());
        if let Some(until) = until(ticket, notice) {
            fields.put("until", until);
        }
        // Danger wakes people; a colleague's leave that begins at midnight does not.
        let may_wait = notice.kind.waits_for_morning() || is_handed_over;
        for to in phones(tx, county, ticket, notice, actor).await? {
            if !told.insert((notice.kind, notice.note.as_deref(), to.clone())) {
                continue;
            }
            let rests = notice.to == Audience::Reporter && !spoke_lately(tx, &to, now).await?;
            let is_quiet = (may_wait || rests) && !ticket.report.urgent;
            let quiet = is_quiet.then_some(county.settings().quiet);
            let when = When { now, quiet };
            let mut fields = fields.clone();
            fields.put("state", app.words_of(&to.account).state_words(&card));
            put(app, tx, to, Some(ticket), notice.kind, fields, when).await?;
        }
    }
    Ok(())
}

/// Whether somebody is in the middle of a conversation: then an answer disturbs nobody.
async fn spoke_lately(tx: &Tx, who: &Follower, now: DateTime<Utc>) -> Result<bool, StorageError> {
    let wrote_at = tx.wish_of(who).await?.and_then(|known| known.wrote_at);
    Ok(wrote_at.is_some_and(|at| now - at < LATELY))
}

/// What becomes of a notice by the wish of who gets it, and by how much they were told today.
async fn fate(
    tx: &Tx,
    to: &Follower,
    kind: NoticeKind,
    urgent: bool,
    now: DateTime<Utc>,
) -> Result<Fate, StorageError> {
    if urgent || !wish::may_wait(kind) {
        return Ok(Fate::Single);
    }
    let wish = tx.wish_of(to).await?.map(|known| known.wish).unwrap_or_default();
    let told = tx.told_since(to, begin_of(date_of(now))).await?;
    Ok(wish::fate(kind, urgent, wish, told))
}

/// The date that a notice about time speaks of.
fn until(ticket: &Ticket, notice: &Notice) -> Option<String> {
    let clocks = &ticket.course.clocks;
    let deadline = match notice.kind {
        NoticeKind::DueSoon | NoticeKind::Overdue => {
            let rung =
                clocks.iter().find(|known| Some(known.kind.code()) == notice.note.as_deref());
            rung.or_else(|| ticket.course.helps.last()?.deadline.as_ref())
        }
        NoticeKind::AutoSigned | NoticeKind::ExtensionGranted | NoticeKind::ExtensionRefused => {
            result_clock(ticket)
        }
        NoticeKind::Supervised => clocks.get(ClockKind::Reply),
        _ => None,
    };
    deadline.map(|known| in_beijing(known.due_at).format("%-m月%-d日%-H:%M").to_string())
}

/// Tells the desk at once what a person in danger said.
pub async fn alarm(
    app: &App,
    tx: &Tx,
    county: &County,
    conversation: &Conversation,
    words: &str,
    now: DateTime<Utc>,
) -> Result<(), StorageError> {
    let home = conversation.speaker.home.as_deref().map(crate::county::AreaCode::from);
    let path: Vec<String> = home
        .map(|home| county.path(&home))
        .unwrap_or_default()
        .iter()
        .map(|area| area.code.as_str().to_owned())
        .collect();
    let desk = tx.desk_operators(&or_county(path, county)).await?;
    let mut fields = Fields::blank();
    fields.put("note", words);
    fields.put("gist", crate::dialogue::reply::gist(words));
    fields.put("urgent", "急");
    for to in phones_of(tx, &desk, &conversation.speaker.follower.account).await? {
        put(app, tx, to, None, NoticeKind::Alarm, fields.clone(), When::at_once(now)).await?;
    }
    Ok(())
}

/// The rest of an answer that is too long for one message.
pub async fn continuation(
    app: &App,
    tx: &Tx,
    to: &Follower,
    part: String,
    now: DateTime<Utc>,
) -> Result<(), StorageError> {
    let mut fields = Fields::blank();
    fields.put("note", part);
    put(app, tx, to.clone(), None, NoticeKind::Continuation, fields, When::at_once(now)).await
}

/// A word to somebody about their unfinished report.
pub async fn draft_reminder(
    app: &App,
    tx: &Tx,
    to: &Follower,
    gist: String,
    now: DateTime<Utc>,
) -> Result<(), StorageError> {
    let mut fields = Fields::blank();
    fields.put("gist", gist);
    put(app, tx, to.clone(), None, NoticeKind::DraftReminder, fields, When::at_once(now)).await
}

/// What of theirs is late, to one person: how many, and a line for each of the first.
pub async fn digest(
    app: &App,
    tx: &Tx,
    county: &County,
    to: &Person,
    (count, lines): (usize, &[String]),
    now: DateTime<Utc>,
) -> Result<(), StorageError> {
    let mut fields = Fields::blank();
    fields.put("count", count.to_string());
    fields.put("note", lines.join("\n"));
    let when = When { now, quiet: Some(county.settings().quiet) };
    // No account is nearer to it than another.
    for phone in phones_of(tx, std::slice::from_ref(to), "").await? {
        put(app, tx, phone, None, NoticeKind::Digest, fields.clone(), when).await?;
    }
    Ok(())
}

/// When a message is put in, and which hours it lets pass.
#[derive(Debug, Clone, Copy)]
struct When {
    now: DateTime<Utc>,
    quiet: Option<Hours>,
}

impl When {
    fn at_once(now: DateTime<Utc>) -> Self {
        Self { now, quiet: None }
    }

    fn leaves(self, kind: NoticeKind) -> DateTime<Utc> {
        let first = if kind.is_passing() { self.now + PASSING_WAIT } else { self.now };
        self.not_before(first)
    }

    fn not_before(self, first: DateTime<Utc>) -> DateTime<Utc> {
        self.quiet.map_or(first, |quiet| schedule::not_in(quiet, first))
    }
}

async fn put(
    app: &App,
    tx: &Tx,
    to: Follower,
    ticket: Option<&Ticket>,
    kind: NoticeKind,
    fields: Fields,
    when: When,
) -> Result<(), StorageError> {
    put_as(app, tx, app.ids.fresh(), to, ticket, kind, fields, when).await
}

#[expect(clippy::too_many_arguments, reason = "a message is made of many things")]
async fn put_as(
    app: &App,
    tx: &Tx,
    id: Uuid,
    to: Follower,
    ticket: Option<&Ticket>,
    kind: NoticeKind,
    mut fields: Fields,
    when: When,
) -> Result<(), StorageError> {
    let now = when.now;
    let urgent = ticket.is_some_and(|ticket| ticket.report.urgent);
    let fate = fate(tx, &to, kind, urgent, now).await?;
    let due_at = match fate {
        Fate::Single => when.leaves(kind),
        Fate::Soon => when.not_before(schedule::half_hour(now)),
        Fate::Morning => when.not_before(schedule::morning(now)),
        Fate::Unsaid => return Ok(()),
    };
    fields.put("status", app.words_of(&to.account).status_word(kind, urgent));
    fields.put("time", in_beijing(now).format("%Y-%m-%d %H:%M").to_string());
    let payload = serde_json::to_value(Message::new(kind, fields)).map_err(|source| {
        StorageError::Inconsistent {
            table: "outbox",
            row: kind.code().to_owned(),
            source: source.into(),
        }
    })?;
    let envelope = Envelope {
        id,
        to,
        kind: kind.code().to_owned(),
        topic: ticket.map(|ticket| ticket.id),
        passing: kind.is_passing(),
        payload,
        due_at,
        gathered: fate != Fate::Single,
    };
    tx.enqueue(&envelope, now).await
}

/// What lies nowhere lies on the desk of the whole county.
fn or_county(path: Vec<String>, county: &County) -> Vec<String> {
    if path.is_empty() {
        county.code().map(|code| code.as_str().to_owned()).into_iter().collect()
    } else {
        path
    }
}

/// The phones on which a notice is to be read.
async fn phones(
    tx: &Tx,
    county: &County,
    ticket: &Ticket,
    notice: &Notice,
    actor: Option<MemberId>,
) -> Result<Vec<Follower>, StorageError> {
    let handler = ticket.handler.as_ref().map(|person| person.id);
    let mut people: Vec<Person> = match notice.to {
        Audience::Reporter => return Ok(vec![tx.nearest(&ticket.reporter).await?]),
        Audience::Handler => ticket.handler.iter().cloned().collect(),
        Audience::Called => ticket.called.clone(),
        Audience::OthersCalled => {
            let others = ticket.called.iter().filter(|person| Some(person.id) != handler);
            others.cloned().collect()
        }
        Audience::Leader => {
            let leader = ticket.course.holder.leader.iter();
            // Who leads and handles it hears of it as the handler.
            leader.filter(|leader| Some(leader.id) != handler).cloned().collect()
        }
        Audience::Helper(no) => {
            let part = ticket.course.helps.iter().find(|help| help.no == no);
            // Those whose part was just ended were called to it, or had it.
            part.map(|help| help.people().to_vec()).unwrap_or_default()
        }
        Audience::Verifiers => {
            let asked = ticket.course.verification.iter();
            asked.flat_map(|asked| asked.asked.iter().cloned()).collect()
        }
        Audience::Member(id) => {
            let everybody = ticket.called.iter().chain(&ticket.handler);
            everybody.filter(|person| person.id == id).take(1).cloned().collect()
        }
        Audience::Supervisors => {
            tx.supervisors(&or_county(ticket.area_path.clone(), county)).await?
        }
        Audience::Desk => tx.desk_operators(&or_county(ticket.area_path.clone(), county)).await?,
    };
    people.retain(|person| Some(person.id) != actor);
    phones_of(tx, &people, &ticket.reporter.account).await
}

/// One phone for each person: on the account at hand if they follow it, otherwise on another.
async fn phones_of(
    tx: &Tx,
    people: &[Person],
    account: &str,
) -> Result<Vec<Follower>, StorageError> {
    let ids: Vec<MemberId> = people.iter().map(|person| person.id).collect();
    let bound = tx.phones_of(&ids).await?;
    Ok(ids
        .iter()
        .filter_map(|id| {
            let mine = || bound.iter().filter(|(member, _)| member == id).map(|(_, phone)| phone);
            mine().find(|phone| phone.account == account).or_else(|| mine().next()).cloned()
        })
        .collect())
}
