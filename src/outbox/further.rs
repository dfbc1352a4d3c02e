//! The ways after the account's own messages: notifications somebody subscribed to, the group of
//! the area for members, a short message. What comes after them is a call, which the storage asks
//! for where a message is given up.
//!
//! The group learns where, what sort of matter and which number: never a name, a telephone number or
//! anybody's words. The short message learns the number.
//!
//! Deliberately absent: the words, and what robots say when.

use super::deliver::{self, REST};
use super::link;
use super::message::Message;
use super::ways::{Attempt, Ways};
use crate::app::App;
use crate::county::AreaCode;
use crate::storage::{Finished, GroupRobot, Hop, Leased, NewPost, StorageError};
use crate::ticket::{call_back::worth_a_call, notice::NoticeKind};
use crate::wechat::account::Account;
use crate::wechat::client::{Class, Interface, Notification, SmsError};
use chrono::{DateTime, Utc};
use serde_json::json;

/// There is no notification of the kind, or nobody asked for it.
pub(super) const NO_SUBSCRIPTION: &str = "no subscription for it";

/// The platform's code for who did not subscribe, or takes it back.
const NOT_SUBSCRIBED: i64 = 43101;

/// A notification, where the account has one of the kind and the person consented to it: it
/// reaches who left the account as well.
pub(super) async fn by_subscription(
    app: &App,
    account: &Account,
    leased: &Leased,
    message: &Message,
    now: DateTime<Utc>,
) -> Result<Attempt, StorageError> {
    let Message::V1 { kind, fields: values } = message;
    let Some(template) = account.subscriptions.get(kind.code()) else {
        return Ok(Attempt::next(NO_SUBSCRIPTION));
    };
    if !app.store.has_consent(&leased.to, &template.id).await? {
        return Ok(Attempt::next(NO_SUBSCRIPTION));
    }
    let circuits = app.client.circuits();
    if !circuits.allows(&account.slug, Interface::SubscriptionSend, Some(&template.id), now) {
        return Ok(Attempt::Finished(Finished::PutOff { until: now + REST }));
    }
    let fields = match deliver::filled(template, message) {
        Ok(fields) => fields,
        Err(problem) => {
            tracing::error!(notice = kind.code(), problem, "a notification cannot be filled");
            return Ok(Attempt::Finished(Finished::Dead { reason: problem }));
        }
    };
    let (openid, template_id) = (leased.to.openid.clone(), template.id.clone());
    let page = link::page_of(app, leased, *kind, values.get("number"), now);
    let page = page.map(|page| page.address);
    let notification = Notification { openid, template_id, page, fields };
    let outcome = app.client.send_notification(&account.slug, &notification).await;
    let content = || json!({ "template": notification.template_id, "fields": notification.fields });
    let interface = "message/subscribe/bizsend";
    deliver::record(app, &leased.to, interface, content, outcome.as_ref().err());
    let sent =
        |msgid| Attempt::Finished(Finished::Sent { channel: "subscription".to_owned(), msgid });
    let error = match outcome {
        Ok(msgid) => return Ok(sent(msgid)),
        Err(error) => error,
    };
    Ok(match error.class() {
        Class::User(_) if error.code().is_some_and(|(code, _)| code == NOT_SUBSCRIBED) => {
            app.store.forget_consent(&leased.to, &template.id, now).await?;
            Attempt::missed("the person did not subscribe", &error)
        }
        Class::User(_) => Attempt::missed("the person cannot be notified", &error),
        Class::Config(_) => {
            tracing::error!(account = account.slug, %error, "notifications rest");
            Attempt::Finished(Finished::PutOff { until: now + REST })
        }
        // A repeat would be read twice.
        Class::Ok | Class::Unknown => sent(None),
        Class::Retry { after } => Attempt::Finished(deliver::again(leased, after, &error, now)),
        Class::Data | Class::Reauth => Attempt::Finished(deliver::dead(leased, &error)),
    })
}

/// The ways beside the platform's: a group for what members have to do, then a short message.
/// What somebody took is noted; only what has to wait is finished here.
pub(super) async fn beside(
    app: &App,
    leased: &Leased,
    message: &Message,
    ways: &mut Ways,
) -> Result<Option<Finished>, StorageError> {
    let Message::V1 { kind, .. } = message;
    if is_work(*kind) && !ways.is_refused("group") && by_group(app, leased, message, ways).await? {
        return Ok(None);
    }
    if ways.is_refused("sms") || !may_be_short(*kind, message) {
        return Ok(None);
    }
    by_short_message(app, leased, message, ways).await
}

/// It asks something of a member.
fn is_work(kind: NoticeKind) -> bool {
    use NoticeKind as K;
    matches!(
        kind,
        K::Task
            | K::HelpTask
            | K::VerifyTask
            | K::Rework
            | K::Overdue
            | K::Supervised
            | K::AutoSigned
            | K::Escalated
    )
}

/// What is worth a call is worth a short message; so are tasks, and danger.
fn may_be_short(kind: NoticeKind, message: &Message) -> bool {
    let Message::V1 { fields, .. } = message;
    let is_urgent = !fields.get("urgent").is_empty();
    let to_desk = matches!(kind, NoticeKind::NewTicket | NoticeKind::Alarm);
    !worth_a_call(kind).is_empty() || kind == NoticeKind::Task || (is_urgent && to_desk)
}

/// Puts it into the group nearest to the matter; whether there is one that takes it.
async fn by_group(
    app: &App,
    leased: &Leased,
    message: &Message,
    ways: &mut Ways,
) -> Result<bool, StorageError> {
    let Message::V1 { kind, fields } = message;
    let Some(topic) = leased.topic else { return Ok(false) };
    if !app.store.is_member(&leased.to).await? {
        return Ok(false);
    }
    let robots = app.store.robots().await?;
    if robots.is_empty() {
        return Ok(false);
    }
    let Some(ticket) = app.store.ticket_of(topic).await? else { return Ok(false) };
    let Some(robot) = nearest(&robots, &ticket.area_path) else {
        ways.note("group", "no group for the area", None);
        return Ok(false);
    };
    if !app.store.has_post(robot.id, topic, kind.code()).await? {
        let county = app.county_at(app.clock.now()).await?;
        let area = ticket.area_path.last().and_then(|code| county.area(&AreaCode(code.clone())));
        let area = area.map_or("", |area| area.name.as_str());
        let post = NewPost {
            id: app.ids.fresh(),
            robot: robot.id,
            broadcast: None,
            outbox: Some(leased.id),
            topic: Some(topic),
            kind: kind.code().to_owned(),
            text: app.wording.group_post(*kind, area, fields),
        };
        let tx = app.store.begin().await?;
        tx.put_posts(&[post], app.clock.now()).await?;
        tx.commit().await?;
    }
    ways.note("group", Hop::TAKEN, None);
    Ok(true)
}

/// The robot of the smallest area on the path that has one.
fn nearest<'a>(robots: &'a [GroupRobot], path: &[String]) -> Option<&'a GroupRobot> {
    let speaks = |robot: &&GroupRobot| robot.active && !robot.broken;
    path.iter().rev().find_map(|code| robots.iter().filter(speaks).find(|one| one.area == *code))
}

async fn by_short_message(
    app: &App,
    leased: &Leased,
    message: &Message,
    ways: &mut Ways,
) -> Result<Option<Finished>, StorageError> {
    let Message::V1 { kind, fields } = message;
    let Some(sms) = &app.sms else { return Ok(None) };
    let Some(phone) = app.store.phone_of(&leased.to, leased.topic).await? else {
        ways.note("sms", "no telephone number is known", None);
        return Ok(None);
    };
    let urgent = !fields.get("urgent").is_empty();
    let text = app.wording.short_message(*kind, urgent, fields.get("number"));
    match sms.send(&phone, &text, leased.repeat_id).await {
        Ok(()) => ways.note("sms", Hop::TAKEN, None),
        Err(error @ SmsError::NotSent(_)) => {
            let error = error.to_string();
            tracing::warn!(outbox.id = %leased.id, error, "a short message is tried again");
            let (now, reason) = (app.clock.now(), error);
            return Ok(super::schedule::pause_after(leased.attempt, leased.id)
                .map(|pause| Finished::RetryAt { at: now + pause, reason }));
        }
        Err(SmsError::Unknown(_)) => ways.note("sms", "whether it was taken is unknown", None),
        Err(SmsError::Refused(status)) => {
            tracing::error!(outbox.id = %leased.id, status, "the gateway refuses a short message");
            ways.note("sms", "the gateway refused it", Some(status.into()));
        }
    }
    Ok(None)
}
