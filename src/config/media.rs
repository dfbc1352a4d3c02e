//! Where photos, voices and films are kept.

use super::{
    source::{Problems, Source, optional, secret},
    web::address,
};
use crate::wechat::account::Secret;
use std::path::{Path, PathBuf};
use url::Url;

const ENDPOINT: &str = "LIANXIN_MEDIA_ENDPOINT";
const ACCESS_KEY: &str = "LIANXIN_MEDIA_ACCESS_KEY";
const SECRET_KEY: &str = "LIANXIN_MEDIA_SECRET_KEY";
const MEND: &str = "write the store's address, like https://cos.ap-beijing.myqcloud.com";

/// Where they are kept.
#[derive(Debug, Clone)]
pub enum MediaPlace {
    /// In a folder of this machine.
    Folder(PathBuf),
    /// In a store that speaks S3.
    Bucket(Bucket),
}

/// A place in a store that speaks S3.
#[derive(Debug, Clone)]
pub struct Bucket {
    /// Its name.
    pub name: String,
    /// What every name in it begins with; may be empty.
    pub prefix: String,
    /// The store's address.
    pub endpoint: Url,
    /// What the store calls the place where it stands.
    pub region: String,
    /// Who we are there.
    pub access_key: Secret,
    /// What proves it.
    pub secret_key: Secret,
}

impl MediaPlace {
    /// Reads `LIANXIN_MEDIA_URL` and what belongs to it; without it, a folder in the data folder.
    pub fn read(source: Source<'_>, data_dir: &Path, problems: &mut Problems) -> Option<Self> {
        const NAME: &str = "LIANXIN_MEDIA_URL";
        let before = problems.clone();
        let endpoint = optional(source, ENDPOINT);
        let region = optional(source, "LIANXIN_MEDIA_REGION");
        let access_key = secret(source, ACCESS_KEY, problems);
        let secret_key = secret(source, SECRET_KEY, problems);
        let Some(given) = optional(source, NAME) else {
            if endpoint.is_some()
                || region.is_some()
                || access_key.is_some()
                || secret_key.is_some()
            {
                problems.add(
                    NAME,
                    "it is not set, but others of LIANXIN_MEDIA_… are",
                    "write s3://bucket/prefix, or remove the others to keep photos in the data folder",
                );
            }
            return (*problems == before).then(|| Self::Folder(data_dir.join("media")));
        };
        let named = given.strip_prefix("s3://");
        let named = named.map(|rest| rest.split_once('/').unwrap_or((rest, "")));
        let Some((name, prefix)) = named.filter(|(name, _)| !name.is_empty()) else {
            problems.add(
                NAME,
                "it names no bucket",
                "write s3://bucket/prefix, or remove it to keep photos in the data folder",
            );
            return None;
        };
        if *problems == before {
            let missing = [(ENDPOINT, endpoint.is_none()), (ACCESS_KEY, access_key.is_none())];
            let missing = missing.into_iter().chain([(SECRET_KEY, secret_key.is_none())]);
            for (name, _) in missing.filter(|(_, is_missing)| *is_missing) {
                problems.add(name, "it is not set", "copy it from the store's console");
            }
        }
        let endpoint = address(ENDPOINT, &endpoint?, MEND, problems);
        Some(Self::Bucket(Bucket {
            name: name.to_owned(),
            prefix: prefix.trim_matches('/').to_owned(),
            endpoint: endpoint?,
            region: region.unwrap_or_else(|| "us-east-1".to_owned()),
            access_key: access_key?,
            secret_key: secret_key?,
        }))
    }
}
