//! Everything that a request may use, chosen once at the start.
//!
//! [`App`] is cheap to clone and is passed down explicitly; there is no other way to a clock, to
//! fresh ids, to the database or to the platform. What is shared between requests besides: the
//! [`CountyCache`], so that a push does not read thousands of areas, and the [`Bell`], which
//! wakes the worker as soon as there is something to send.
//!
//! Deliberately absent: decisions, and configuration as such; what is chosen arrives as values.

use crate::{
    clock::Clock,
    config::{Config, MediaPlace, Reach, SharedPlace},
    county::{County, Register},
    ids::Ids,
    media::{Shelf, objects::ObjectsError},
    record::Recorder,
    replies::Wording,
    shared::{Shared, SharedError},
    storage::{StorageError, Store},
    wechat::{
        account::{Account, Secret},
        client::{Client, Groups, Sms, http},
    },
};
use chrono::{DateTime, TimeDelta, Utc};
use std::{
    collections::BTreeMap,
    path::PathBuf,
    sync::{Arc, Mutex, PoisonError},
    time::Duration,
};
use tokio::sync::Notify;
use url::Url;

/// What an [`App`] is built from.
pub struct Parts {
    /// The database.
    pub store: Store,
    /// The present moment.
    pub clock: Arc<dyn Clock>,
    /// Fresh identifiers.
    pub ids: Arc<dyn Ids>,
    /// The official accounts.
    pub accounts: Vec<Account>,
    /// What several processes share.
    pub shared: Shared,
    /// Where photos, voices and films are kept.
    pub media: MediaPlace,
    /// Where the platform's interfaces are.
    pub api_url: Url,
    /// How phones reach us.
    pub public_url: Url,
    /// Signs links to pages; without it none are made.
    pub signing_key: Option<Secret>,
    /// Where pushes are recorded, if they are.
    pub record: Option<PathBuf>,
    /// A folder whose texts replace the built-in ones, file by file.
    pub templates: Option<PathBuf>,
}

/// Everything that a request may use.
#[derive(Clone)]
pub struct App {
    /// The database.
    pub store: Store,
    /// The present moment: asked once for each request, and passed down.
    pub clock: Arc<dyn Clock>,
    /// Fresh identifiers.
    pub ids: Arc<dyn Ids>,
    /// The official accounts.
    pub accounts: Arc<Accounts>,
    /// What several processes share, and may lose.
    pub shared: Shared,
    /// Photos, voices and films.
    pub media: Shelf,
    /// The platform's interfaces.
    pub client: Client,
    /// The robots of groups.
    pub groups: Groups,
    /// The gateway for short messages, where there is one.
    pub sms: Option<Sms>,
    /// How phones reach us.
    pub public_url: Url,
    /// Signs links to pages; without it none are made.
    pub signing_key: Option<Secret>,
    /// The county as it was last imported.
    pub county: CountyCache,
    /// What people read, where no account says it otherwise.
    pub wording: Wording,
    /// What each account says in its own words.
    pub voices: Arc<BTreeMap<String, Wording>>,
    /// Which edition of the county's own texts is said.
    pub words: Words,
    /// Rung after a commit that left something to send.
    pub bell: Bell,
    /// Where pushes are recorded, if they are.
    pub record: Option<Recorder>,
}

/// Why an [`App`] cannot be built.
#[derive(Debug, thiserror::Error)]
pub enum BuildError {
    /// The HTTP client refuses to be made.
    #[error("could not set up the HTTP client")]
    Http(#[source] reqwest::Error),
    /// The shared state refuses its address.
    #[error("could not set up the shared state")]
    Shared(#[source] SharedError),
    /// The store of photos refuses what it was told.
    #[error("could not set up the store of photos")]
    Media(#[source] ObjectsError),
}

impl App {
    /// Puts the parts together.
    pub fn build(parts: Parts) -> Result<Self, BuildError> {
        let http = http().map_err(BuildError::Http)?;
        // Whoever chooses nothing else has a platform on which all of it is in one place.
        let groups = Groups::new(http.clone(), parts.api_url.clone());
        let client = Client::new(
            http,
            parts.api_url,
            parts.shared.clone(),
            parts.clock.clone(),
            parts.ids.as_ref(),
            parts.accounts.iter().cloned(),
        );
        let privacy = parts.public_url.join("m/privacy").map_or(String::new(), String::from);
        let templates = parts.templates.as_deref();
        let voices = parts.accounts.iter().map(|account| {
            let own = account.wording.as_deref();
            let voice = Wording::of_account(&account.slug, own, templates, &privacy);
            (account.slug.clone(), voice)
        });
        Ok(Self {
            voices: Arc::new(voices.collect()),
            wording: Wording::load(templates, &privacy),
            store: parts.store,
            clock: parts.clock,
            ids: parts.ids,
            accounts: Arc::new(Accounts::of(parts.accounts)),
            shared: parts.shared,
            media: Shelf::at(&parts.media).map_err(BuildError::Media)?,
            client,
            groups,
            sms: None,
            public_url: parts.public_url,
            signing_key: parts.signing_key,
            county: CountyCache::default(),
            words: Words::default(),
            bell: Bell::default(),
            record: parts.record.map(Recorder::new),
        })
    }

    /// An app as the configuration wants it, on a database that is already open.
    pub fn configured(
        config: &Config,
        store: Store,
        clock: Arc<dyn Clock>,
        ids: Arc<dyn Ids>,
    ) -> Result<Self, BuildError> {
        let shared = match &config.shared {
            SharedPlace::Memory => Shared::memory(clock.clone()),
            SharedPlace::Redis(address) => {
                Shared::redis(address.expose()).map_err(BuildError::Shared)?
            }
        };
        Self::build(Parts {
            store,
            clock,
            ids,
            accounts: config.wechat.accounts.clone(),
            shared,
            media: config.media.clone(),
            api_url: config.wechat.api_url.clone(),
            public_url: config.web.public_url.clone(),
            signing_key: config.web.secret_key.clone(),
            record: config.record_dir.clone(),
            templates: config.web.templates.clone(),
        })?
        .reaching(&config.reach)
    }

    /// The same app with other ways to people.
    pub fn reaching(self, reach: &Reach) -> Result<Self, BuildError> {
        let http = http().map_err(BuildError::Http)?;
        let sms = reach.sms.clone().map(|sms| Sms::new(http.clone(), sms.url, sms.token));
        Ok(Self { groups: Groups::new(http, reach.group_url.clone()), sms, ..self })
    }

    /// The same app on another pool of connections: a connection belongs to the runtime that
    /// opened it, so the worker must not share those of the web server's threads.
    #[must_use]
    pub fn on(&self, store: Store) -> Self {
        Self { store: store.taking_turns_with(&self.store), ..self.clone() }
    }

    /// The county as it is `now`, at most five seconds old; an empty one before the first import.
    /// Its own texts are kept up with in the same step: whoever asks is about to say something.
    pub async fn county_at(&self, now: DateTime<Utc>) -> Result<Arc<County>, StorageError> {
        self.words.keep_up(self, now).await?;
        self.county.at(&self.store, now).await
    }

    /// What this account says; an account that is not ours says what all say.
    pub fn words_of(&self, account: &str) -> &Wording {
        self.voices.get(account).unwrap_or(&self.wording)
    }
}

/// The official accounts by their slug.
#[derive(Debug, Clone, Default)]
pub struct Accounts(BTreeMap<String, Account>);

impl Accounts {
    /// An index of these accounts.
    pub fn of(accounts: impl IntoIterator<Item = Account>) -> Self {
        Self(accounts.into_iter().map(|account| (account.slug.clone(), account)).collect())
    }

    /// The account of this slug.
    pub fn get(&self, slug: &str) -> Option<&Account> {
        self.0.get(slug)
    }

    /// All of them, by slug.
    pub fn iter(&self) -> impl Iterator<Item = &Account> {
        self.0.values()
    }
}

/// Wakes the worker. It carries nothing: the database knows what there is to do.
#[derive(Debug, Clone, Default)]
pub struct Bell(Arc<Notify>);

impl Bell {
    /// Wakes whoever listens, or whoever listens next.
    pub fn ring(&self) {
        self.0.notify_one();
    }

    /// Waits for the bell, at most `patience`; tells whether it was heard.
    pub async fn heard(&self, patience: Duration) -> bool {
        tokio::time::timeout(patience, self.0.notified()).await.is_ok()
    }
}

/// Which edition of the county's own texts is said, and since when that is known.
#[derive(Debug, Clone, Default)]
pub struct Words(Arc<Mutex<Option<SeenWords>>>);

#[derive(Debug, Clone)]
struct SeenWords {
    looked_at: DateTime<Utc>,
    edition: Option<String>,
}

impl Words {
    /// Takes over another edition, if there is one. A push pays for it with one look-up by key in
    /// five seconds, like for the county, and with nothing in between.
    async fn keep_up(&self, app: &App, now: DateTime<Utc>) -> Result<(), StorageError> {
        let seen = self.0.lock().unwrap_or_else(PoisonError::into_inner).clone();
        if let Some(seen) = &seen
            && (TimeDelta::zero()..CountyCache::FRESH).contains(&(now - seen.looked_at))
        {
            return Ok(());
        }
        // Asked first: texts that change in between are newer than their edition, never older.
        let edition = app.store.wording_edition().await?;
        if seen.and_then(|seen| seen.edition) != edition {
            let texts = app.store.own_texts().await?;
            let texts = texts.into_values().map(|own| (own.name, own.text)).collect();
            for wording in app.voices.values().chain([&app.wording]) {
                wording.take_over(&texts);
            }
        }
        *self.0.lock().unwrap_or_else(PoisonError::into_inner) =
            Some(SeenWords { looked_at: now, edition });
        Ok(())
    }

    /// Forgets how old the texts are: the next one to ask looks.
    pub fn forget(&self) {
        if let Some(seen) = &mut *self.0.lock().unwrap_or_else(PoisonError::into_inner) {
            seen.looked_at = DateTime::<Utc>::MIN_UTC;
        }
    }
}

/// The county as it was last read; read again when its version changes.
#[derive(Clone, Default)]
pub struct CountyCache(Arc<Mutex<Option<Seen>>>);

#[derive(Clone)]
struct Seen {
    looked_at: DateTime<Utc>,
    version: Option<i64>,
    county: Arc<County>,
}

impl CountyCache {
    /// How old what is known may be before the version is looked at again. Changes of a county
    /// are rare, and nobody notices five seconds.
    const FRESH: TimeDelta = TimeDelta::seconds(5);

    /// The county; an empty one before the first import.
    pub async fn at(&self, store: &Store, now: DateTime<Utc>) -> Result<Arc<County>, StorageError> {
        let seen = self.seen();
        // A clock may be set back: what was seen in the future is looked at again.
        if let Some(seen) = &seen
            && (TimeDelta::zero()..Self::FRESH).contains(&(now - seen.looked_at))
        {
            return Ok(seen.county.clone());
        }
        let version = store.county_version().await?;
        let (version, county) = match seen {
            Some(seen) if seen.version == version => (version, seen.county),
            _ => match store.county().await? {
                Some((version, county)) => (Some(version), Arc::new(county)),
                None => (None, Arc::new(County::new(Register::default()))),
            },
        };
        let county_now = county.clone();
        *self.0.lock().unwrap_or_else(PoisonError::into_inner) =
            Some(Seen { looked_at: now, version, county });
        Ok(county_now)
    }

    /// Forgets what is known: the next one to ask reads it.
    pub fn forget(&self) {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner) = None;
    }

    fn seen(&self) -> Option<Seen> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }
}
