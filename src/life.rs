//! The life of an official account: its verification, its templates, what the platform refuses it.
//!
//! What is wrong is kept as alarms that every process, the console and `check` see; a channel that
//! rests in one process is known to rest in the others after their start. [`weight`] says how much an
//! alarm matters now. The worker keeps all this up ([`run`]), and never in a transaction with a call.
//!
//! Deliberately absent: words for people, and mending anything: that is an operator's work.

use crate::{
    app::App,
    erasure, figures, people,
    storage::{Alarm, AlarmState, StorageError, Tx},
    wechat::{
        account::Account,
        client::{
            ConfigReason, Interface,
            circuit::{OpenCircuit, Place},
        },
        push::Verification,
    },
};
use chrono::{DateTime, TimeDelta, Utc};
use std::collections::BTreeSet;

/// The day on which the verification ends is known.
pub const VERIFIED_UNTIL: &str = "verified_until";
/// The verification has lapsed.
pub const VERIFICATION_LAPSED: &str = "verification_lapsed";
/// The organisation was not recognised.
pub const QUALIFICATION_FAILED: &str = "qualification_failed";
/// The name was not granted.
pub const NAMING_FAILED: &str = "naming_failed";
/// A configured template is not the account's any more.
pub const TEMPLATE_GONE: &str = "template_gone";

/// A look at what changes slowly.
const PACE: TimeDelta = TimeDelta::seconds(15);
/// How often the account's templates are compared with those that are configured.
const TEMPLATES_EVERY: TimeDelta = TimeDelta::days(1);
/// And how soon again, when the platform just refused one.
const TEMPLATES_AGAIN: TimeDelta = TimeDelta::minutes(30);
/// How often those are looked for who left long ago, and the days of the accounts are counted.
const HOURLY: TimeDelta = TimeDelta::hours(1);
/// A refusal that nobody met again is believed for so long after its rest.
const BELIEVED: TimeDelta = TimeDelta::days(1);
/// From so many days on the end of a verification is worth knowing, and then pressing.
const RENEW_SOON: TimeDelta = TimeDelta::days(60);
const RENEW_NOW: TimeDelta = TimeDelta::days(7);

/// How much an alarm matters.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Weight {
    /// Worth knowing.
    Odd,
    /// Somebody has to act.
    Wrong,
}

/// How much an alarm matters now; none where it does not, or not yet, or not any more.
pub fn weight(state: &AlarmState, now: DateTime<Utc>) -> Option<Weight> {
    let Alarm { kind, until, .. } = &state.alarm;
    if kind == VERIFIED_UNTIL {
        let left = (*until)? - now;
        return match left {
            _ if left > RENEW_SOON => None,
            _ if left > RENEW_NOW => Some(Weight::Odd),
            _ => Some(Weight::Wrong),
        };
    }
    let Some(reason) = reason(kind) else { return Some(Weight::Wrong) };
    let until = until.unwrap_or(state.seen_at);
    let believed = match reason {
        // The quota is whole again by itself.
        ConfigReason::DailyQuota => until,
        _ => until + BELIEVED,
    };
    (now < believed).then_some(Weight::Wrong)
}

/// The refusal behind an alarm, where it is about one.
pub fn reason(kind: &str) -> Option<ConfigReason> {
    ConfigReason::ALL.into_iter().find(|reason| reason.code() == kind)
}

/// The platform's word on the account's verification; `at` is until when it is good.
pub async fn verified(
    tx: &Tx,
    account: &str,
    what: Verification,
    at: Option<i64>,
    now: DateTime<Utc>,
) -> Result<(), StorageError> {
    let until = at.and_then(|seconds| DateTime::from_timestamp(seconds, 0));
    let (raised, lifted): (_, &[&str]) = match what {
        Verification::QualificationPassed => {
            (VERIFIED_UNTIL, &[VERIFICATION_LAPSED, QUALIFICATION_FAILED])
        }
        Verification::NamingPassed => (VERIFIED_UNTIL, &[VERIFICATION_LAPSED, NAMING_FAILED]),
        Verification::RenewalDue => (VERIFIED_UNTIL, &[]),
        Verification::QualificationFailed => (QUALIFICATION_FAILED, &[]),
        Verification::NamingFailed => (NAMING_FAILED, &[]),
        Verification::Expired => (VERIFICATION_LAPSED, &[VERIFIED_UNTIL]),
    };
    for kind in lifted {
        tx.lift(account, kind, None, now).await?;
    }
    let alarm = Alarm {
        account: account.to_owned(),
        kind: raised.to_owned(),
        subject: String::new(),
        until,
        detail: None,
    };
    tx.raise(&alarm, now).await
}

/// What one worker remembers between its looks.
#[derive(Debug, Default)]
pub struct Watch {
    recalled: bool,
    looked_at: Option<DateTime<Utc>>,
    hour_at: Option<DateTime<Utc>>,
    refused: BTreeSet<String>,
    shown: BTreeSet<(String, String)>,
}

/// One look; cheap where nothing is to be done.
pub async fn run(app: &App, watch: &mut Watch) -> Result<(), StorageError> {
    let now = app.clock.now();
    if !watch.recalled {
        recall(app, now).await?;
        watch.recalled = true;
    }
    watch.refused.extend(keep_news(app, now).await?);
    if !is_due(watch.looked_at, PACE, now) {
        return Ok(());
    }
    watch.looked_at = Some(now);
    let refused = std::mem::take(&mut watch.refused);
    for account in app.accounts.iter().filter(|account| !account.templates.is_empty()) {
        let pause = if refused.contains(&account.slug) { TEMPLATES_AGAIN } else { TEMPLATES_EVERY };
        templates(app, account, pause, now).await?;
    }
    people::ask(app, now).await?;
    if is_due(watch.hour_at, HOURLY, now) && erasure::of_gone(app, now).await? == 0 {
        figures::accounts::keep_up(app, now).await?;
        watch.hour_at = Some(now);
    }
    show(app, watch, now).await
}

fn is_due(last: Option<DateTime<Utc>>, every: TimeDelta, now: DateTime<Utc>) -> bool {
    // A clock may be set back.
    last.is_none_or(|at| !(TimeDelta::zero()..every).contains(&(now - at)))
}

/// What rested when the last process ended rests still: asking again costs quota.
async fn recall(app: &App, now: DateTime<Utc>) -> Result<(), StorageError> {
    for AlarmState { alarm, .. } in app.store.alarms().await? {
        let (Some(reason), Some(until)) = (reason(&alarm.kind), alarm.until) else { continue };
        let (name, template) = match alarm.subject.split_once(':') {
            Some((name, template)) => (name, Some(template.to_owned())),
            None => (alarm.subject.as_str(), None),
        };
        let interface = Interface::ALL.into_iter().find(|one| one.name() == name);
        if let Some(interface) = interface.filter(|_| until > now) {
            let account = alarm.account.clone();
            let known = OpenCircuit { account, interface, template, reason, until };
            app.client.circuits().recall(&known);
        }
    }
    Ok(())
}

/// What opened and what works again, kept where all see it; accounts of which a template was
/// refused.
async fn keep_news(app: &App, now: DateTime<Utc>) -> Result<BTreeSet<String>, StorageError> {
    let news = app.client.circuits().news();
    let mut refused = BTreeSet::new();
    if news.is_empty() {
        return Ok(refused);
    }
    let kept = async {
        let tx = app.store.begin().await?;
        for (place, opened) in &news {
            keep(&tx, place, opened.as_ref(), now).await?;
        }
        tx.commit().await
    };
    if let Err(error) = kept.await {
        app.client.circuits().tell_again(news);
        return Err(error);
    }
    for (place, opened) in news {
        if opened.is_some_and(|opened| opened.reason == ConfigReason::Template) {
            refused.insert(place.account);
        }
    }
    Ok(refused)
}

async fn keep(
    tx: &Tx,
    place: &Place,
    opened: Option<&OpenCircuit>,
    now: DateTime<Utc>,
) -> Result<(), StorageError> {
    let name = place.interface.name();
    let subject = match &place.template {
        Some(template) => format!("{name}:{template}"),
        None => name.to_owned(),
    };
    for known in ConfigReason::ALL {
        if opened.is_none_or(|opened| opened.reason != known) {
            tx.lift(&place.account, known.code(), Some(&subject), now).await?;
        }
    }
    let Some(opened) = opened else { return Ok(()) };
    let alarm = Alarm {
        account: place.account.clone(),
        kind: opened.reason.code().to_owned(),
        subject,
        until: Some(opened.until),
        detail: None,
    };
    tx.raise(&alarm, now).await
}

/// Compares the configured templates with the account's own, unless that was done within `pause`.
async fn templates(
    app: &App,
    account: &Account,
    pause: TimeDelta,
    now: DateTime<Utc>,
) -> Result<(), StorageError> {
    let mark = format!("templates:{}", account.slug);
    if !is_due(app.store.moment(&mark).await?, pause, now) {
        return Ok(());
    }
    // Whoever fails now asks again tomorrow: that they can be asked at all is another alarm.
    app.store.set_moment(&mark, now).await?;
    if !app.client.circuits().allows(&account.slug, Interface::TemplateList, None, now) {
        return Ok(());
    }
    let owned = match app.client.templates(&account.slug).await {
        Ok(owned) => owned,
        Err(error) => {
            tracing::warn!(account = account.slug, %error, "the templates cannot be compared");
            return Ok(());
        }
    };
    let configured: BTreeSet<&str> =
        account.templates.values().map(|template| template.id.as_str()).collect();
    let gone: BTreeSet<&str> = configured
        .into_iter()
        .filter(|id| !owned.iter().any(|definition| definition.id == **id))
        .collect();
    let tx = app.store.begin().await?;
    for state in tx.alarms_of(&account.slug, TEMPLATE_GONE).await? {
        if !gone.contains(state.as_str()) {
            tx.lift(&account.slug, TEMPLATE_GONE, Some(&state), now).await?;
        }
    }
    for id in gone {
        tracing::error!(account = account.slug, "a configured template is not the account's");
        let alarm = Alarm {
            account: account.slug.clone(),
            kind: TEMPLATE_GONE.to_owned(),
            subject: id.to_owned(),
            until: None,
            detail: None,
        };
        tx.raise(&alarm, now).await?;
    }
    tx.commit().await
}

/// A gauge for each kind of alarm that there is, or was while this process runs.
async fn show(app: &App, watch: &mut Watch, now: DateTime<Utc>) -> Result<(), StorageError> {
    let states = app.store.alarms().await?;
    let lit: BTreeSet<(String, String)> = states
        .into_iter()
        .filter(|state| weight(state, now).is_some())
        .map(|state| (state.alarm.account, state.alarm.kind))
        .collect();
    watch.shown.extend(lit.iter().cloned());
    for (account, kind) in &watch.shown {
        let value = if lit.contains(&(account.clone(), kind.clone())) { 1.0 } else { 0.0 };
        let (account, kind) = (account.clone(), kind.clone());
        metrics::gauge!("lianxin_account_alarm", "account" => account, "kind" => kind).set(value);
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn state(kind: &str, until: Option<DateTime<Utc>>) -> AlarmState {
        let now = DateTime::from_timestamp(1_772_413_200, 0).unwrap();
        let alarm = Alarm {
            account: "main".to_owned(),
            kind: kind.to_owned(),
            subject: String::new(),
            until,
            detail: None,
        };
        AlarmState { alarm, since: now, seen_at: now }
    }

    #[test]
    fn a_verification_is_spoken_of_two_months_before_it_ends_and_presses_in_the_last_week() {
        let now = DateTime::from_timestamp(1_772_413_200, 0).unwrap();
        for (days, expected) in [
            (61, None),
            (60, Some(Weight::Odd)),
            (30, Some(Weight::Odd)),
            (8, Some(Weight::Odd)),
            (7, Some(Weight::Wrong)),
            (-3, Some(Weight::Wrong)),
        ] {
            let known = state(VERIFIED_UNTIL, Some(now + TimeDelta::days(days)));
            assert_eq!(weight(&known, now), expected, "{days}");
        }
    }

    #[test]
    fn a_quota_is_whole_again_at_midnight_and_an_address_does_not_mend_itself() {
        let now = DateTime::from_timestamp(1_772_413_200, 0).unwrap();
        let over = Some(now - TimeDelta::seconds(1));
        assert_eq!(weight(&state("quota_of_day", over), now), None);
        assert_eq!(weight(&state("ip_not_listed", over), now), Some(Weight::Wrong));
        let long_ago = Some(now - BELIEVED);
        assert_eq!(weight(&state("ip_not_listed", long_ago), now), None);
    }
}
