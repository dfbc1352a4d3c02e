//! Official accounts: who we are at the platform, and how its pushes are protected.

use super::{
    names::of_account,
    notices,
    source::{Problems, Source, optional, required, required_secret, secret},
    web::address,
};
use crate::wechat::{
    account::{Account, Mode, Seats, Secret},
    envelope::AesKey,
};
use std::{
    collections::BTreeSet,
    path::{Path, PathBuf},
};
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
    let subscriptions = optional(source, &name("SUBSCRIPTIONS"))
        .map(|path| notices::read(&name("SUBSCRIPTIONS"), Path::new(&path), problems))
        .unwrap_or_default();
    let has_web_auth = web_auth(source, &name("WEB_AUTH"), problems);
    let domain_proof = domain_proof(source, &name("DOMAIN_PROOF"), problems);
    let menu = existing(source, &name("MENU"), Path::is_file, problems);
    let wording = existing(source, &name("WORDING"), Path::is_dir, problems);
    let seats = seats(source, &name("SEATS"), problems);
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
        subscriptions,
        name: optional(source, &name("NAME")).unwrap_or_else(|| slug.to_owned()),
        has_web_auth,
        domain_proof,
        menu,
        wording,
        seats,
    })
}

fn web_auth(source: Source<'_>, name: &str, problems: &mut Problems) -> bool {
    match optional(source, name).as_deref() {
        None | Some("no") => false,
        Some("yes") => true,
        Some(_) => {
            let mend = "write yes where 网页授权域名 is set in the platform's console, else no";
            problems.add(name, "it is neither yes nor no", mend);
            false
        }
    }
}

/// The file is short and is read once; the platform asks for it by its own name.
fn domain_proof(
    source: Source<'_>,
    name: &str,
    problems: &mut Problems,
) -> Option<(String, String)> {
    const MEND: &str = "download MP_verify_….txt from the platform's console (网页授权域名)";
    const LONGEST: usize = 1024;
    let path = existing(source, name, Path::is_file, problems)?;
    let file = path.file_name()?.to_str()?.to_owned();
    let is_named_so = file.strip_prefix("MP_verify_").and_then(|rest| rest.strip_suffix(".txt"));
    let is_named_so = is_named_so.is_some_and(|key| key.bytes().all(|b| b.is_ascii_alphanumeric()));
    if !is_named_so {
        problems.add(name, "the file is not called MP_verify_….txt", MEND);
        return None;
    }
    match std::fs::read_to_string(&path) {
        Ok(text) if text.len() <= LONGEST => Some((file, text)),
        Ok(_) | Err(_) => {
            problems.add(name, "the file cannot be the platform's", MEND);
            None
        }
    }
}

fn existing(
    source: Source<'_>,
    name: &str,
    is_there: impl Fn(&Path) -> bool,
    problems: &mut Problems,
) -> Option<PathBuf> {
    let path = PathBuf::from(optional(source, name)?);
    if is_there(&path) {
        return Some(path);
    }
    problems.add(name, "it is not there", "write the whole path, or remove the variable");
    None
}

fn seats(source: Source<'_>, name: &str, problems: &mut Problems) -> Seats {
    match optional(source, name).as_deref() {
        None | Some("console") => Seats::Console,
        Some("platform") => Seats::Platform,
        Some(_) => {
            let mend = "write console, or platform for the platform's own seats (客服)";
            problems.add(name, "it is neither console nor platform", mend);
            Seats::Console
        }
    }
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
