//! One message on its way: which channel, and what its outcome means.
//!
//! A customer-service message while the person's reply window is open and not used up, otherwise
//! a template message, otherwise the ways of [`super::further`]. A refusal that is about the person
//! leads to the next channel, one that is about us never to another try. Where nobody knows what became of a call, a template is tried
//! again with the same id while the platform can tell the repeat, and a chat text is not: one
//! message too few is seen by the resident's next question, one too many is a nuisance each time.

use super::further;
use super::ledger::spend;
use super::message::{Fields, Message};
use super::ways::{Attempt, Ways};
use super::{link, schedule};
use crate::app::App;
use crate::storage::{Finished, Hop, Leased, ReplyWindow, StorageError, Trail, UNCLEAR};
use crate::ticket::{Follower, notice::NoticeKind};
use crate::wechat::account::{Account, Template};
use crate::wechat::answer::LONGEST_TEXT;
use crate::wechat::client::fields::{self, FieldProblem};
use crate::wechat::client::{Class, ClientError, Interface, TemplateMessage, UserReason};
use chrono::{DateTime, TimeDelta, Utc};
use serde_json::{Value, json};

/// The platform recognises a repeated template message for ten minutes.
const REPEATS_ARE_TOLD: TimeDelta = TimeDelta::minutes(9);
/// How long a channel that must rest is left alone before it is asked again.
pub(super) const REST: TimeDelta = TimeDelta::minutes(5);

/// How long words wait for the person to write, so that they can be said.
const HELD_FOR: TimeDelta = TimeDelta::days(7);

/// No message of the account's own reaches somebody who left.
const LEFT: &str = "does not follow the account";

/// Stands in a template's line for which there is nothing to say.
const NOTHING: &str = "无";

/// Tries one message on the channels in turn; with it the ways that were tried.
pub(super) async fn deliver(app: &App, leased: &Leased) -> Result<(Finished, Trail), StorageError> {
    let mut ways = Ways { hops: leased.hops.clone(), now: app.clock.now() };
    let before = ways.taken().is_some();
    let finished = on_its_way(app, leased, &mut ways).await?;
    let mut told = None;
    match &finished {
        // The words left, or nobody waits for them any more.
        Finished::Sent { channel, msgid } => {
            ways.note(channel, Hop::TAKEN, None);
            let by_word = matches!(channel.as_str(), "template" | "subscription");
            let known_later = by_word && msgid.is_some();
            // Of a chat text that may have been lost nobody can say that it was read.
            let is_certain = !known_later && !by_word && channel != UNCLEAR;
            told = is_certain.then(|| channel.clone());
        }
        Finished::Held { .. } if !before => told = ways.taken().map(str::to_owned),
        _ => {}
    }
    let is_result = leased.kind == NoticeKind::Result.code();
    let told = told.filter(|_| is_result).and_then(|way| Some((leased.topic?, way)));
    Ok((finished, Trail { hops: ways.hops, told }))
}

async fn on_its_way(app: &App, leased: &Leased, ways: &mut Ways) -> Result<Finished, StorageError> {
    let now = ways.now;
    let Some(account) = app.accounts.get(&leased.to.account) else {
        return Ok(Finished::Dead { reason: "the account is not configured".to_owned() });
    };
    let message: Message = match serde_json::from_value(leased.payload.clone()) {
        Ok(message) => message,
        Err(error) => {
            return Ok(Finished::Dead { reason: format!("the stored form is unknown: {error}") });
        }
    };
    let Some(reach) = app.store.reach(&leased.to).await? else {
        return Ok(Finished::Unreachable { reason: "never seen".to_owned() });
    };
    let mut following = reach.following;
    if following {
        match by_custom(app, leased, &message, reach.window, now).await? {
            Attempt::Finished(finished) => return Ok(finished),
            Attempt::Next(missed) => {
                following = missed.why != LEFT;
                ways.note("custom", missed.why, missed.code);
            }
        }
    } else {
        ways.note("custom", LEFT, None);
    }
    if following && let Some(msgid) = leased.announced {
        // Announced, and the person did not write for as long as the words were held.
        return Ok(Finished::Sent { channel: "template".to_owned(), msgid: Some(msgid) });
    }
    if following && !ways.is_refused("template") {
        match by_template(app, account, leased, &message, now).await? {
            Attempt::Finished(finished) => return Ok(held_if_wordy(&message, leased, finished)),
            Attempt::Next(missed) => {
                following = missed.why != LEFT;
                ways.note("template", missed.why, missed.code);
            }
        }
    }
    if !ways.is_refused("subscription") {
        match further::by_subscription(app, account, leased, &message, now).await? {
            Attempt::Finished(finished) => return Ok(held_if_wordy(&message, leased, finished)),
            Attempt::Next(missed) => {
                // That there is nothing of the kind need not be told of each message.
                if missed.why != further::NO_SUBSCRIPTION {
                    ways.note("subscription", missed.why, missed.code);
                }
            }
        }
    }
    if ways.taken().is_none()
        && let Some(finished) = further::beside(app, leased, &message, ways).await?
    {
        return Ok(finished);
    }
    let may_write = following && !ways.is_refused("template");
    if may_write && is_kept(&message) && now < leased.created_at + HELD_FOR {
        return Ok(Finished::Held { until: leased.created_at + HELD_FOR, announced: None });
    }
    match ways.taken() {
        Some(channel) => Ok(Finished::Sent { channel: channel.to_owned(), msgid: None }),
        None => Ok(Finished::Unreachable { reason: ways.reasons() }),
    }
}

fn is_kept(message: &Message) -> bool {
    let Message::V1 { kind, .. } = message;
    !kind.is_of_the_moment()
}

/// A template carries no free words: where they matter they follow the person's next message.
fn held_if_wordy(message: &Message, leased: &Leased, finished: Finished) -> Finished {
    let Message::V1 { kind, fields } = message;
    match finished {
        Finished::Sent { msgid: Some(msgid), .. }
            if kind.holds_words() && !fields.get("note").is_empty() =>
        {
            Finished::Held { until: leased.created_at + HELD_FOR, announced: Some(msgid) }
        }
        finished => finished,
    }
}

/// Says words of our own to somebody, if they may be written to freely now; whether they left.
pub(super) async fn by_free_text(
    app: &App,
    leased: &Leased,
    text: &str,
) -> Result<bool, StorageError> {
    let now = app.clock.now();
    let Some(reach) = app.store.reach(&leased.to).await?.filter(|reach| reach.following) else {
        return Ok(false);
    };
    if spend(app, &leased.to, reach.window, now).await?.is_err() {
        return Ok(false);
    }
    let outcome = app.client.send_text(&leased.to.account, &leased.to.openid, text).await;
    let content = || json!({ "text": text });
    record(app, &leased.to, "message/custom/send", content, outcome.as_ref().err());
    // What may have arrived is not said again.
    Ok(outcome.map_or_else(|error| matches!(error.class(), Class::Ok | Class::Unknown), |()| true))
}

async fn by_custom(
    app: &App,
    leased: &Leased,
    message: &Message,
    window: ReplyWindow,
    now: DateTime<Utc>,
) -> Result<Attempt, StorageError> {
    let to = &leased.to;
    let (allowance, opened_at) = match spend(app, to, window, now).await? {
        Ok(spent) => spent,
        Err(why) => return Ok(Attempt::next(why)),
    };
    let Message::V1 { kind, fields } = message;
    let text = app.words_of(&to.account).notice(*kind, fields);
    let sent = || Finished::Sent { channel: "custom".to_owned(), msgid: None };
    let whole = with_page(app, leased, *kind, fields.get("number"), &text, now);
    let outcome = send(app, to, *kind, fields, &whole).await;
    record(app, to, "message/custom/send", || json!({ "text": text }), outcome.as_ref().err());
    let error = match outcome {
        Ok(()) => return Ok(Attempt::Finished(sent())),
        Err(error) => error,
    };
    Ok(match error.class() {
        Class::Ok => Attempt::Finished(sent()),
        Class::User(UserReason::WindowClosed | UserReason::QuotaUsed) => {
            app.store.close_window(to, allowance, opened_at).await?;
            Attempt::missed("the platform says the reply window is closed", &error)
        }
        Class::User(UserReason::Unfollowed) => {
            app.store.has_left(to, now).await?;
            Attempt::missed(LEFT, &error)
        }
        Class::User(_) => Attempt::missed("the person refuses customer-service messages", &error),
        Class::Config(_) => {
            Attempt::missed("customer-service messages are not possible now", &error)
        }
        Class::Unknown => {
            tracing::warn!(outbox.id = %leased.id, "a chat text may or may not have arrived");
            Attempt::Finished(Finished::Sent { channel: UNCLEAR.to_owned(), msgid: None })
        }
        Class::Retry { after } => Attempt::Finished(again(leased, after, &error, now)),
        Class::Data | Class::Reauth => Attempt::Finished(dead(leased, &error)),
    })
}

/// Text, or what a message shows.
async fn send(
    app: &App,
    to: &Follower,
    kind: NoticeKind,
    fields: &Fields,
    text: &str,
) -> Result<(), ClientError> {
    let (client, account, openid, note) =
        (&app.client, &to.account, &to.openid, fields.get("note"));
    match (kind, fields.get("kind")) {
        (NoticeKind::Shown, "image") => client.send_image(account, openid, note).await,
        (NoticeKind::Shown, "voice") => client.send_voice(account, openid, note).await,
        (NoticeKind::Shown, "news") => match serde_json::from_str(note) {
            Ok(article) => client.send_news(account, openid, &article).await,
            Err(_) => client.send_text(account, openid, text).await,
        },
        _ => client.send_text(account, openid, text).await,
    }
}

async fn by_template(
    app: &App,
    account: &Account,
    leased: &Leased,
    message: &Message,
    now: DateTime<Utc>,
) -> Result<Attempt, StorageError> {
    let Message::V1 { kind, fields: values } = message;
    let Some(template) = account.templates.get(kind.code()) else {
        return Ok(Attempt::next("no template for it"));
    };
    let circuits = app.client.circuits();
    if !circuits.allows(&account.slug, Interface::TemplateSend, Some(&template.id), now) {
        return Ok(Attempt::Finished(Finished::PutOff { until: now + REST }));
    }
    let fields = match filled(template, message) {
        Ok(fields) => fields,
        Err(problem) => {
            tracing::error!(notice = kind.code(), problem, "a template cannot be filled");
            return Ok(Attempt::Finished(Finished::Dead { reason: problem }));
        }
    };
    let filled = TemplateMessage {
        openid: leased.to.openid.clone(),
        template_id: template.id.clone(),
        url: link::page_of(app, leased, *kind, values.get("number"), now).map(|page| page.address),
        fields,
        client_msg_id: leased.repeat_id,
    };
    let sent = |msgid| Finished::Sent { channel: "template".to_owned(), msgid };
    let outcome = app.client.send_template(&account.slug, &filled).await;
    let content = || json!({ "template": filled.template_id, "fields": filled.fields });
    record(app, &leased.to, "message/template/send", content, outcome.as_ref().err());
    let error = match outcome {
        Ok(msgid) => return Ok(Attempt::Finished(sent(Some(msgid)))),
        Err(error) => error,
    };
    Ok(match error.class() {
        Class::User(UserReason::Unfollowed) => {
            app.store.has_left(&leased.to, now).await?;
            Attempt::missed(LEFT, &error)
        }
        Class::User(_) => Attempt::missed("the person cannot be reached by template", &error),
        Class::Config(_) => {
            let until = now + REST;
            tracing::error!(account = account.slug, %error, "templates rest");
            Attempt::Finished(Finished::PutOff { until })
        }
        Class::Unknown if now < leased.tried_at + REPEATS_ARE_TOLD => {
            Attempt::Finished(again(leased, None, &error, now))
        }
        Class::Ok | Class::Unknown => Attempt::Finished(sent(None)),
        Class::Retry { after } => Attempt::Finished(again(leased, after, &error, now)),
        Class::Data | Class::Reauth => Attempt::Finished(dead(leased, &error)),
    })
}

/// A notice that asks for something ends with a line that leads to its page, if there is room.
fn with_page(
    app: &App,
    leased: &Leased,
    kind: NoticeKind,
    number: &str,
    text: &str,
    now: DateTime<Utc>,
) -> String {
    let page = link::page_of(app, leased, kind, number, now);
    let Some(page) = page.filter(|_| link::is_told_in_chat(kind)) else { return text.to_owned() };
    let whole = format!(
        "{text}\n{}",
        app.words_of(&leased.to.account).page_line(&page.address, page.is_task)
    );
    if whole.len() <= LONGEST_TEXT { whole } else { text.to_owned() }
}

/// The template's keywords with the message's fields, each fitted to the type in its key.
pub(super) fn filled(
    template: &Template,
    message: &Message,
) -> Result<Vec<(String, String)>, String> {
    let Message::V1 { fields: values, .. } = message;
    template
        .keywords
        .iter()
        .map(|(key, name)| {
            let value = values.get(name);
            fields::fit(key, value)
                // The platform refuses a line without a value, and the line has to be there.
                .or_else(|problem| match problem {
                    FieldProblem::Empty => fields::fit(key, NOTHING).map_err(|_| problem),
                    problem => Err(problem),
                })
                .map(|value| (key.clone(), value))
                .map_err(|problem| format!("field {name} does not fit {key}: {problem}"))
        })
        .collect()
}

pub(super) fn again(
    leased: &Leased,
    after: Option<u32>,
    error: &ClientError,
    now: DateTime<Utc>,
) -> Finished {
    let reason = error.to_string();
    if let Some(pause) = schedule::pause_after(leased.attempt, leased.id) {
        let asked = TimeDelta::seconds(after.map_or(0, i64::from));
        Finished::RetryAt { at: now + pause.max(asked), reason }
    } else {
        tracing::error!(outbox.id = %leased.id, notice = leased.kind, "a message is given up");
        Finished::Dead { reason: format!("given up after {} attempts: {reason}", leased.attempt) }
    }
}

pub(super) fn dead(leased: &Leased, error: &ClientError) -> Finished {
    tracing::error!(outbox.id = %leased.id, notice = leased.kind, %error, "a message is refused for good");
    Finished::Dead { reason: error.to_string() }
}

/// Writes a call down where calls are recorded.
pub(super) fn record(
    app: &App,
    to: &Follower,
    interface: &str,
    content: impl FnOnce() -> Value,
    error: Option<&ClientError>,
) {
    if let Some(recorder) = &app.record {
        let outcome = error.map_or_else(|| "ok".to_owned(), ToString::to_string);
        recorder.call(interface, &to.openid, &content(), &outcome);
    }
}
