//! The worker's part: everybody's tag at the platform is brought to what they are in the county.
//!
//! Tags are made by `menu apply`; until then, wishes wait. Every call may be repeated, so what
//! became of one need not be known. Fifty people go in a call; where the platform refuses them
//! together they go one by one, so that one of them keeps nobody else waiting.
//!
//! Deliberately absent: what a wish is and when it arises (`storage`).

use crate::{
    app::App,
    storage::{StorageError, TagWish},
    wechat::{
        account::Account,
        client::{Class, ClientError, Interface, MOST_AT_ONCE, Tag, UserReason},
        menu::Menus,
    },
};
use chrono::{DateTime, TimeDelta, Utc};
use std::collections::BTreeMap;

/// So many wishes in one look.
const BATCH: u64 = 500;
/// How often a wish is tried whose outcome may change by itself: about a day.
const TRIES: u32 = 9;
/// How long an account rests whose set-up is refused.
const REST: TimeDelta = TimeDelta::minutes(5);
/// How long wishes wait for a tag that is not there yet; `menu apply` wakes them earlier.
const NO_TAG: TimeDelta = TimeDelta::hours(1);
/// The tag was deleted since we looked.
const UNKNOWN_TAG: i64 = 45159;

/// What a call came to, for those it was about.
enum Outcome {
    Done,
    /// Not now: until then, and whether it was a try.
    Later(DateTime<Utc>, bool),
    /// They do not follow: nothing is to be done until they do.
    Gone,
    /// Never, for this reason.
    Refused(String),
}

/// Works off the wishes that are due; how many were settled.
pub async fn run(app: &App) -> Result<usize, StorageError> {
    let now = app.clock.now();
    let due = app.store.due_tag_wishes(now, BATCH).await?;
    let mut by_account: BTreeMap<String, Vec<TagWish>> = BTreeMap::new();
    for wish in due {
        by_account.entry(wish.follower.account.clone()).or_default().push(wish);
    }
    let mut settled = 0;
    for (slug, wishes) in by_account {
        settled += match app.accounts.get(&slug) {
            Some(account) => of_account(app, account, &wishes, now).await?,
            None => {
                app.store.tags_wait(&slug, &openids(&wishes), now + NO_TAG, false).await?;
                0
            }
        };
    }
    Ok(settled)
}

/// The part whose menu one should see, and its tag's number.
struct Known<'a> {
    menus: &'a Menus,
    tags: &'a [Tag],
}

impl Known<'_> {
    fn id_of(&self, part: &str) -> Option<u32> {
        let name = self.menus.tag_of(part)?;
        self.tags.iter().find(|tag| tag.name == name).map(|tag| tag.id)
    }
}

async fn of_account(
    app: &App,
    account: &Account,
    wishes: &[TagWish],
    now: DateTime<Utc>,
) -> Result<usize, StorageError> {
    let (slug, store) = (&account.slug, &app.store);
    let all = openids(wishes);
    let menus = match super::wanted(app, account) {
        Ok(menus) => menus,
        Err(error) => {
            tracing::error!(account = slug, %error, "tags wait until the menus can be read");
            store.tags_wait(slug, &all, now + NO_TAG, false).await?;
            return Ok(0);
        }
    };
    if !app.client.circuits().allows(slug, Interface::TagList, None, now) {
        store.tags_wait(slug, &all, now + REST, false).await?;
        return Ok(0);
    }
    let tags = match app.client.tags(slug).await {
        Ok(tags) => tags,
        Err(error) => {
            let until = match error.class() {
                Class::Retry { .. } | Class::Unknown | Class::Reauth => now + pause(wishes, &error),
                _ => now + REST,
            };
            store.tags_wait(slug, &all, until, true).await?;
            return Ok(0);
        }
    };
    let known = Known { menus: &menus, tags: &tags };
    // Off first: of several tags the platform takes the last one put on.
    let free = take_off(app, slug, &known, wishes, now).await?;
    let settled = put_on(app, slug, &known, &free, now).await?;
    // Whoever wants none and has none by now.
    let without = free.iter().filter(|wish| wish.wanted.is_none());
    let without: Vec<String> = without.map(|wish| wish.follower.openid.clone()).collect();
    Ok(settled + store.settle_untagged(slug, &without).await?)
}

/// Takes off what is not wanted any more; those who are free of it.
async fn take_off<'a>(
    app: &App,
    slug: &str,
    known: &Known<'_>,
    wishes: &'a [TagWish],
    now: DateTime<Utc>,
) -> Result<Vec<&'a TagWish>, StorageError> {
    let (mut free, bound): (Vec<&TagWish>, Vec<&TagWish>) =
        wishes.iter().partition(|wish| wish.perhaps.is_none() || wish.perhaps == wish.wanted);
    for (part, wishes) in grouped(&bound, |wish| wish.perhaps.as_ref()) {
        for wishes in wishes.chunks(MOST_AT_ONCE) {
            let Some(id) = known.id_of(part) else {
                // A tag that is gone is on nobody.
                app.store.tags_are_perhaps(slug, &openids_of(wishes), None).await?;
                free.extend(wishes);
                continue;
            };
            let off = Change { id, puts_on: false, part };
            free.extend(change(app, slug, off, wishes, now).await?);
        }
    }
    Ok(free)
}

/// Puts on what is wanted; how many wishes are settled.
async fn put_on(
    app: &App,
    slug: &str,
    known: &Known<'_>,
    free: &[&TagWish],
    now: DateTime<Utc>,
) -> Result<usize, StorageError> {
    let mut settled = 0;
    for (part, wishes) in grouped(free, |wish| wish.wanted.as_ref()) {
        let Some(id) = known.id_of(part) else {
            let openids = openids_of(&wishes);
            if known.menus.tag_of(part).is_some() {
                app.store.tags_wait(slug, &openids, now + NO_TAG, false).await?;
            } else {
                // No menu is for them, so nobody asks for their tag.
                app.store.tags_are_settled(slug, &openids, Some(part), None).await?;
            }
            continue;
        };
        for wishes in wishes.chunks(MOST_AT_ONCE) {
            let on = Change { id, puts_on: true, part };
            settled += change(app, slug, on, wishes, now).await?.len();
        }
    }
    Ok(settled)
}

/// A tag put on, or taken off.
#[derive(Clone, Copy)]
struct Change<'a> {
    id: u32,
    puts_on: bool,
    part: &'a str,
}

/// Changes the tag of these people, together or else one by one; those with whom it is done.
async fn change<'a>(
    app: &App,
    account: &str,
    change: Change<'_>,
    wishes: &[&'a TagWish],
    now: DateTime<Utc>,
) -> Result<Vec<&'a TagWish>, StorageError> {
    let outcome = attempt(app, account, change, wishes, now).await?;
    let is_refused = matches!(outcome, Outcome::Refused(_) | Outcome::Gone);
    if !is_refused || wishes.len() == 1 {
        return settle(app, account, change, wishes, outcome).await;
    }
    let mut done = Vec::new();
    for wish in wishes {
        let one = std::slice::from_ref(wish);
        let outcome = attempt(app, account, change, one, now).await?;
        done.extend(settle(app, account, change, one, outcome).await?);
    }
    Ok(done)
}

async fn attempt(
    app: &App,
    account: &str,
    change: Change<'_>,
    wishes: &[&TagWish],
    now: DateTime<Utc>,
) -> Result<Outcome, StorageError> {
    let interface = if change.puts_on { Interface::TagPeople } else { Interface::UntagPeople };
    if !app.client.circuits().allows(account, interface, None, now) {
        return Ok(Outcome::Later(now + REST, false));
    }
    let openids = openids_of(wishes);
    let done = if change.puts_on {
        // Written down first: after a crash it may be there.
        app.store.tags_are_perhaps(account, &openids, Some(change.part)).await?;
        app.client.tag(account, change.id, &openids).await
    } else {
        app.client.untag(account, change.id, &openids).await
    };
    Ok(match done {
        Ok(()) => Outcome::Done,
        Err(error) => judged(wishes, &error, now),
    })
}

fn judged(wishes: &[&TagWish], error: &ClientError, now: DateTime<Utc>) -> Outcome {
    let tries = wishes.iter().map(|wish| wish.attempt).max().unwrap_or_default();
    match error.class() {
        Class::Ok => Outcome::Done,
        Class::User(UserReason::Unfollowed | UserReason::Unreachable) => Outcome::Gone,
        Class::Config(_) => Outcome::Later(now + REST, false),
        _ if tries >= TRIES => Outcome::Refused(error.to_string()),
        // Looked up anew the next time.
        Class::Data if error.code().is_some_and(|(code, _)| code == UNKNOWN_TAG) => {
            Outcome::Later(now + backoff(tries), true)
        }
        Class::Retry { after } => {
            let asked = TimeDelta::seconds(after.map_or(0, i64::from));
            Outcome::Later(now + backoff(tries).max(asked), true)
        }
        Class::Unknown | Class::Reauth => Outcome::Later(now + backoff(tries), true),
        Class::User(_) | Class::Data => Outcome::Refused(error.to_string()),
    }
}

async fn settle<'a>(
    app: &App,
    account: &str,
    change: Change<'_>,
    wishes: &[&'a TagWish],
    outcome: Outcome,
) -> Result<Vec<&'a TagWish>, StorageError> {
    let (store, openids) = (&app.store, openids_of(wishes));
    let wanted = change.puts_on.then_some(change.part);
    match outcome {
        Outcome::Later(until, counts) => {
            store.tags_wait(account, &openids, until, counts).await?;
            return Ok(Vec::new());
        }
        Outcome::Refused(why) => {
            tracing::error!(account, people = openids.len(), why, "a tag is refused for good");
            for wish in wishes {
                let one = std::slice::from_ref(&wish.follower.openid);
                store.tags_are_settled(account, one, wish.wanted.as_deref(), Some(&why)).await?;
            }
            return Ok(Vec::new());
        }
        Outcome::Done if change.puts_on => {}
        // Also of those who left: the platform forgets their tags.
        Outcome::Done | Outcome::Gone => store.tags_are_perhaps(account, &openids, None).await?,
    }
    if change.puts_on {
        store.tags_are_settled(account, &openids, wanted, None).await?;
    }
    Ok(wishes.to_vec())
}

fn backoff(tries: u32) -> TimeDelta {
    // 4 s, 16 s, a minute, 4 minutes, …: nine tries take about a day.
    TimeDelta::seconds(4_i64.saturating_pow(tries.min(8) + 1)).min(TimeDelta::hours(6))
}

fn pause(wishes: &[TagWish], error: &ClientError) -> TimeDelta {
    let tries = wishes.iter().map(|wish| wish.attempt).max().unwrap_or_default();
    let asked = match error.class() {
        Class::Retry { after: Some(seconds) } => TimeDelta::seconds(i64::from(seconds)),
        _ => TimeDelta::zero(),
    };
    backoff(tries).max(asked)
}

/// Those who have a part, by it.
fn grouped<'a>(
    wishes: &[&'a TagWish],
    by: impl Fn(&'a TagWish) -> Option<&'a String>,
) -> BTreeMap<&'a String, Vec<&'a TagWish>> {
    let mut groups: BTreeMap<&String, Vec<&TagWish>> = BTreeMap::new();
    for wish in wishes {
        if let Some(part) = by(wish) {
            groups.entry(part).or_default().push(wish);
        }
    }
    groups
}

fn openids(wishes: &[TagWish]) -> Vec<String> {
    wishes.iter().map(|wish| wish.follower.openid.clone()).collect()
}

fn openids_of(wishes: &[&TagWish]) -> Vec<String> {
    wishes.iter().map(|wish| wish.follower.openid.clone()).collect()
}
