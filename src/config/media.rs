//! Where photos, voices and films are kept.

use super::{
    source::{Problems, Source, optional, required_secret},
    web::address,
};
use crate::wechat::account::Secret;
use std::path::{Path, PathBuf};
use url::Url;

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
        let Some(given) = optional(source, NAME) else {
            return Some(Self::Folder(data_dir.join("media")));
        };
        let parsed =
            given.strip_prefix("s3://").map(|rest| rest.split_once('/').unwrap_or((rest, "")));
        let Some((name, prefix)) = parsed.filter(|(name, _)| !name.is_empty()) else {
            problems.add(
                NAME,
                "it names no bucket",
                "write s3://bucket/prefix, or remove it to keep photos in the data folder",
            );
            return None;
        };
        let endpoint = endpoint(source, problems);
        let mend = "copy it from the store's console";
        let access_key = required_secret(source, "LIANXIN_MEDIA_ACCESS_KEY", mend, problems);
        let secret_key = required_secret(source, "LIANXIN_MEDIA_SECRET_KEY", mend, problems);
        let region = optional(source, "LIANXIN_MEDIA_REGION");
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

fn endpoint(source: Source<'_>, problems: &mut Problems) -> Option<Url> {
    const NAME: &str = "LIANXIN_MEDIA_ENDPOINT";
    const MEND: &str = "write the store's address, like https://cos.ap-beijing.myqcloud.com";
    let Some(text) = optional(source, NAME) else {
        problems.add(NAME, "it is not set", MEND);
        return None;
    };
    address(NAME, &text, MEND, problems)
}
