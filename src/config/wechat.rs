//! Official accounts: who we are at the platform, and how its pushes are protected.

use super::{
    names::of_account,
    notices,
    source::{Problems, Source, optional, required, required_secret, secret},
    web::address,
};
use crate::wechat::{
    account::{Account, Mode, Secret},
    envelope::AesKey,
};
use std::{collections::BTreeSet, path::Path};
use url::Url;

/// The real platform.
const PLATFORM: &str = "https://api.weixin.qq.com";
/// Where every mistake in an account is mended.
const CONSOLE: &str = "copy it from the platform's console (设置与开发 → 开发接口管理)";

/// The platform's part of the configuration.
#[derive(Debug, Clone)]
pub struct Wechat {
    /// Where the platform's interfaces are.
    pub api_url: Url,
    /// The accounts, by slug; the commands that work beside a server need none.
    pub accounts: Vec<Account>,
}

impl Wechat {
    /// Reads the accounts of these slugs.
    pub fn read(
        source: Source<'_>,
        slugs: &BTreeSet<String>,
        problems: &mut Problems,
    ) -> Option<Self> {
        const NAME: &str = "LIANXIN_WECHAT_API_URL";
        let api_url = optional(source, NAME).unwrap_or_else(|| PLATFORM.to_owned());
        let api_url = address(NAME, &api_url, "remove it to use the real platform", problems);
        let accounts: Vec<Account> =
            slugs.iter().filter_map(|slug| account(source, slug, problems)).collect();
        refuse_doubles(&accounts, problems);
        Some(Self { api_url: api_url?, accounts })
    }
}

fn account(source: Source<'_>, slug: &str, problems: &mut Problems) -> Option<Account> {
    let name = |what| of_account(slug, what);
    let app_id = app_id(source, &name("APP_ID"), problems);
    let app_secret = required_secret(source, &name("APP_SECRET"), CONSOLE, problems);
    let token = required_secret(source, &name("TOKEN"), CONSOLE, problems)
        .and_then(|token| checked_token(&name("TOKEN"), token, problems));
    let token_old = secret(source, &name("TOKEN_OLD"), problems)
        .and_then(|token| checked_token(&name("TOKEN_OLD"), token, problems));
    let mode = mode(source, &name("MODE"), problems);
    let aes_key = aes_key(source, &name("AES_KEY"), mode, problems);
    let aes_key_old = secret(source, &name("AES_KEY_OLD"), problems)
        .and_then(|key| checked_key(&name("AES_KEY_OLD"), &key, problems));
    let original_id = original_id(source, &name("ORIGINAL_ID"), problems);
    let templates = optional(source, &name("TEMPLATES"))
        .map(|path| notices::read(&name("TEMPLATES"), Path::new(&path), problems))
        .unwrap_or_default();
    let mode = mode?;
    Some(Account {
        slug: slug.to_ascii_lowercase(),
        app_id: app_id?,
        app_secret: app_secret?,
        tokens: std::iter::once(token?).chain(token_old).collect(),
        aes_keys: aes_key.into_iter().chain(aes_key_old).collect(),
        original_id: original_id?,
        mode,
        trusts_chat: mode != Mode::Plain,
        templates,
    })
}

fn app_id(source: Source<'_>, name: &str, problems: &mut Problems) -> Option<String> {
    let app_id = required(source, name, CONSOLE, problems)?;
    let good = app_id.starts_with("wx") && app_id.chars().all(|c| c.is_ascii_alphanumeric());
    if !good {
        problems.add(name, "an app id begins with wx and has letters and digits only", CONSOLE);
    }
    good.then_some(app_id)
}

fn original_id(source: Source<'_>, name: &str, problems: &mut Problems) -> Option<String> {
    let mend = "copy 原始ID from the platform's console (设置与开发 → 账号设置)";
    let original_id = required(source, name, mend, problems)?;
    let good = original_id.strip_prefix("gh_").is_some_and(|rest| {
        !rest.is_empty()
            && rest.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '_' | '-'))
    });
    if !good {
        problems.add(name, "an original id begins with gh_", mend);
    }
    good.then_some(original_id)
}

fn checked_token(name: &str, token: Secret, problems: &mut Problems) -> Option<Secret> {
    let text = token.expose();
    let good = (3..=32).contains(&text.len()) && text.bytes().all(|b| b.is_ascii_alphanumeric());
    if !good {
        problems.add(
            name,
            "a token has 3 to 32 letters and digits",
            "write the same token here and into the platform's console (服务器配置)",
        );
    }
    good.then_some(token)
}

fn mode(source: Source<'_>, name: &str, problems: &mut Problems) -> Option<Mode> {
    match optional(source, name).as_deref() {
        None | Some("safe") => Some(Mode::Safe),
        Some("compat") => Some(Mode::Compat),
        Some("plain") => Some(Mode::Plain),
        Some(_) => {
            problems.add(
                name,
                "it is none of the platform's modes",
                "write safe (安全模式), compat (兼容模式) or plain (明文模式)",
            );
            None
        }
    }
}

/// Nothing is asked of the key while nobody knows the mode.
fn aes_key(
    source: Source<'_>,
    name: &str,
    mode: Option<Mode>,
    problems: &mut Problems,
) -> Option<AesKey> {
    let mend = "copy EncodingAESKey from the platform's console (服务器配置)";
    let key = match mode {
        Some(Mode::Safe | Mode::Compat) => required_secret(source, name, mend, problems)?,
        Some(Mode::Plain) | None => secret(source, name, problems)?,
    };
    checked_key(name, &key, problems)
}

fn checked_key(name: &str, key: &Secret, problems: &mut Problems) -> Option<AesKey> {
    AesKey::parse(key.expose())
        .map_err(|error| {
            let mend = "copy EncodingAESKey from the platform's console (服务器配置)";
            problems.add(name, error.to_string(), mend);
        })
        .ok()
}

fn refuse_doubles(accounts: &[Account], problems: &mut Problems) {
    for (index, account) in accounts.iter().enumerate() {
        for earlier in accounts.iter().take(index) {
            let slug = account.slug.to_ascii_uppercase();
            let mend = format!("each account has its own; {} has the same", earlier.slug);
            if account.app_id == earlier.app_id {
                problems.add(&of_account(&slug, "APP_ID"), "two accounts share it", mend.clone());
            }
            if account.original_id == earlier.original_id {
                problems.add(&of_account(&slug, "ORIGINAL_ID"), "two accounts share it", mend);
            }
        }
    }
}
