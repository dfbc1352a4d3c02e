//! Where the bytes lie: a folder of this machine, or a store that speaks S3.
//!
//! Names follow from ids and tell nothing. What was put is durable when [`Objects::put`] returns,
//! and putting the same again changes nothing. A folder is made when it is first needed, readable
//! for nobody else: the originals say where people stood.
//!
//! Deliberately absent: rows, and who may see what.

use crate::{
    config::{Bucket, MediaPlace},
    wechat::client::http_within,
};
use chrono::{DateTime, Utc};
use object_store::{
    ClientOptions, ObjectStore, ObjectStoreExt, RetryConfig,
    aws::AmazonS3Builder,
    client::{HttpClient, HttpConnector},
    local::LocalFileSystem,
    path::Path,
    prefix::PrefixStore,
};
use sha2::{Digest, Sha256};
use std::{
    fmt::Write,
    fs::DirBuilder,
    io,
    os::unix::fs::DirBuilderExt,
    path::PathBuf,
    sync::{Arc, OnceLock},
    time::Duration,
};

/// A store in another city answers within this, or is tried again later.
const CONNECT: Duration = Duration::from_secs(3);
const TOTAL: Duration = Duration::from_secs(30);

/// Which bytes of something.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Part {
    /// As it came. Only pictures have one of their own.
    Original,
    /// As it is shown.
    Whole,
    /// Small.
    Thumbnail,
}

/// Why bytes could not be put, read or deleted.
#[derive(Debug, thiserror::Error)]
pub enum ObjectsError {
    /// The folder cannot be made.
    #[error("could not make the folder for photos")]
    Folder(#[source] io::Error),
    /// The store refused or could not be reached.
    #[error("could not {doing} in the store of photos")]
    Store {
        /// Completes "could not …".
        doing: &'static str,
        /// What it said.
        #[source]
        source: object_store::Error,
    },
    /// The HTTP client cannot be built.
    #[error("could not set up the HTTP client for the store of photos")]
    Http(#[source] reqwest::Error),
}

/// The place where bytes lie. Cheap to clone.
#[derive(Clone)]
pub struct Objects(Arc<Place>);

enum Place {
    Open(Arc<dyn ObjectStore>),
    Folder { at: PathBuf, store: OnceLock<Arc<dyn ObjectStore>> },
}

impl Objects {
    /// The place that was chosen; nothing is touched yet.
    pub fn at(place: &MediaPlace) -> Result<Self, ObjectsError> {
        Ok(Self(Arc::new(match place {
            MediaPlace::Folder(at) => Place::Folder { at: at.clone(), store: OnceLock::new() },
            MediaPlace::Bucket(bucket) => Place::Open(bucket_store(bucket)?),
        })))
    }

    /// Puts bytes down.
    pub async fn put(
        &self,
        id: &str,
        at: DateTime<Utc>,
        part: Part,
        bytes: Vec<u8>,
    ) -> Result<(), ObjectsError> {
        let put = self.store()?.put(&path(id, at, part), bytes.into()).await;
        put.map(|_| ()).map_err(failed("put something"))
    }

    /// The bytes, if there are any.
    pub async fn get(
        &self,
        id: &str,
        at: DateTime<Utc>,
        part: Part,
    ) -> Result<Option<Vec<u8>>, ObjectsError> {
        let read = async {
            let found = self.store()?.get(&path(id, at, part)).await;
            let found = found.map_err(failed("read something"))?;
            found.bytes().await.map_err(failed("read something"))
        };
        match read.await {
            Ok(bytes) => Ok(Some(bytes.to_vec())),
            Err(ObjectsError::Store { source: object_store::Error::NotFound { .. }, .. }) => {
                Ok(None)
            }
            Err(error) => Err(error),
        }
    }

    /// Deletes all that there is of something.
    pub async fn delete(&self, id: &str, at: DateTime<Utc>) -> Result<(), ObjectsError> {
        let store = self.store()?;
        for part in [Part::Original, Part::Thumbnail, Part::Whole] {
            match store.delete(&path(id, at, part)).await {
                Ok(()) | Err(object_store::Error::NotFound { .. }) => {}
                Err(source) => return Err(failed("delete something")(source)),
            }
        }
        Ok(())
    }

    /// Puts, reads and deletes something that is nothing.
    pub async fn try_out(&self) -> Result<(), ObjectsError> {
        const NAME: &str = "check";
        let at = DateTime::UNIX_EPOCH;
        self.put(NAME, at, Part::Whole, b"lianxin".to_vec()).await?;
        self.get(NAME, at, Part::Whole).await?;
        self.delete(NAME, at).await
    }

    fn store(&self) -> Result<Arc<dyn ObjectStore>, ObjectsError> {
        let (at, store) = match &*self.0 {
            Place::Open(store) => return Ok(store.clone()),
            Place::Folder { at, store } => (at, store),
        };
        if let Some(store) = store.get() {
            return Ok(store.clone());
        }
        let made = DirBuilder::new().recursive(true).mode(0o700).create(at);
        made.map_err(ObjectsError::Folder)?;
        let folder = LocalFileSystem::new_with_prefix(at).map_err(failed("begin"))?;
        Ok(store
            .get_or_init(|| Arc::new(folder.with_fsync(true).with_automatic_cleanup(true)))
            .clone())
    }
}

/// The month keeps folders short; the rest is a digest, because an id may hold any sign.
fn path(id: &str, at: DateTime<Utc>, part: Part) -> Path {
    let mut name = String::new();
    for byte in Sha256::digest(id.as_bytes()).iter().take(16) {
        let _ = write!(name, "{byte:02x}");
    }
    let part = match part {
        Part::Original => "original",
        Part::Whole => "whole",
        Part::Thumbnail => "thumbnail",
    };
    Path::from(format!("{}/{name}/{part}", at.format("%Y-%m")))
}

fn bucket_store(bucket: &Bucket) -> Result<Arc<dyn ObjectStore>, ObjectsError> {
    let endpoint = bucket.endpoint.as_str().trim_end_matches('/');
    let is_named = bucket.endpoint.host_str().is_some_and(|host| {
        host.strip_prefix(bucket.name.as_str()).is_some_and(|rest| rest.starts_with('.'))
    });
    // The worker tries again by itself, and later.
    let once = RetryConfig { max_retries: 1, retry_timeout: TOTAL, ..RetryConfig::default() };
    let store = AmazonS3Builder::new()
        .with_bucket_name(&bucket.name)
        .with_endpoint(endpoint)
        .with_virtual_hosted_style_request(is_named)
        .with_region(&bucket.region)
        .with_access_key_id(bucket.access_key.expose())
        .with_secret_access_key(bucket.secret_key.expose())
        // One by one: stores that are not Amazon's want a sum of their own beside a list.
        .with_disable_bulk_delete(true)
        .with_allow_http(bucket.endpoint.scheme() == "http")
        .with_client_options(ClientOptions::new())
        .with_http_connector(Ours(http_within(CONNECT, TOTAL).map_err(ObjectsError::Http)?))
        .with_retry(once)
        .build()
        .map_err(failed("begin"))?;
    if bucket.prefix.is_empty() {
        return Ok(Arc::new(store));
    }
    Ok(Arc::new(PrefixStore::new(store, bucket.prefix.as_str())))
}

/// The store is reached like everything else outside: with the certificates that are compiled in.
#[derive(Debug)]
struct Ours(reqwest::Client);

impl HttpConnector for Ours {
    fn connect(&self, _: &ClientOptions) -> object_store::Result<HttpClient> {
        Ok(HttpClient::new(self.0.clone()))
    }
}

fn failed(doing: &'static str) -> impl FnOnce(object_store::Error) -> ObjectsError {
    move |source| ObjectsError::Store { doing, source }
}
