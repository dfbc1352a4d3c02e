//! Signing in to the console: passwords, codes of a second factor, sessions.
//!
//! It promises that a wrong name and a wrong password look alike and take alike, that tries are
//! counted by name and by address, that a password is never kept, and that a code of the second
//! factor is good once. Every sign-in, and every try that failed, is written down.
//!
//! Deliberately absent: what somebody who is signed in may do ([`crate::access`]), and cookies.

use crate::{
    access::Operator,
    app::App,
    shared::keys::SignInAttempts,
    storage::{OperatorAccount, Session, StorageError},
    telemetry::Chain,
};
use argon2::{Argon2, PasswordHasher, PasswordVerifier};
use chrono::{DateTime, TimeDelta, Utc};
use sha2::{Digest, Sha256};
use std::{fmt::Write as _, sync::LazyLock};
use tokio::{sync::Semaphore, task::spawn_blocking};
use totp_rs::{Builder, Secret, Totp};
use uuid::Uuid;

/// A browser that is not heard of for so long is signed out: a clerk's shift.
const IDLE: TimeDelta = TimeDelta::hours(10);
/// How often a session is written to: each request would be a write for nothing.
const KEPT: TimeDelta = TimeDelta::minutes(2);
/// Tries of one name from one address in a quarter of an hour.
const TRIES: u64 = 10;
/// Tries from one address, and of one name from anywhere: a county's offices may share an address.
const TRIES_OF_MANY: u64 = 300;
/// The least number of characters of a password.
pub const SHORTEST: usize = 8;
/// More is a mistake, or an attack on the one who hashes.
const LONGEST: usize = 200;

/// A hash takes 19 MiB and a core for a moment: more than two at a time would stop the pushes.
static HASHING: Semaphore = Semaphore::const_new(2);

/// Verified where there is no account, so that nobody learns by the time it takes.
static NOBODY: LazyLock<String> =
    LazyLock::new(|| hashed("a password that nobody has", b"salt-of-nobody!!").unwrap_or_default());

/// Why nobody was signed in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum NotSignedIn {
    /// No such account, or not its password.
    Wrong,
    /// The password is right; the code of the second factor is missing.
    CodeWanted,
    /// The code of the second factor is wrong, too old, or was used before.
    WrongCode,
    /// Too many tries; it can be tried again in a quarter of an hour.
    TooManyTries,
}

/// What a password lacks.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum WeakPassword {
    /// Shorter than [`SHORTEST`].
    #[error("a password has at least {SHORTEST} characters")]
    Short,
    /// Nobody types so much.
    #[error("a password has at most {LONGEST} characters")]
    Long,
    /// It is the name, or one sign again and again.
    #[error("a password is not the name, nor one sign again and again")]
    Obvious,
}

/// Why a password cannot be set.
#[derive(Debug, thiserror::Error)]
pub enum PasswordError {
    /// It is too easy to guess.
    #[error(transparent)]
    Weak(#[from] WeakPassword),
    /// The hash failed.
    #[error("could not hash a password")]
    Hash,
}

/// Signs in: the token that the browser keeps.
pub async fn sign_in(
    app: &App,
    name: &str,
    password: &str,
    code: Option<&str>,
    address: &str,
) -> Result<Result<String, NotSignedIn>, StorageError> {
    let now = app.clock.now();
    if too_many(app, name, address).await {
        return Ok(Err(NotSignedIn::TooManyTries));
    }
    let account = app.store.operator_by_name(name).await?;
    let account = account.filter(|account| account.disabled_at.is_none());
    let hash = account.as_ref().map_or(NOBODY.clone(), |account| account.password_hash.clone());
    let is_right = matches(password, hash).await;
    let Some(account) = account.filter(|_| is_right) else {
        return failed(app, None, name, "wrong", now).await.map(|()| Err(NotSignedIn::Wrong));
    };
    let operator = &account.operator;
    let tx = app.store.begin().await?;
    if let Some(secret) = &account.totp_secret {
        let Some(code) = code.map(str::trim).filter(|code| !code.is_empty()) else {
            return Ok(Err(NotSignedIn::CodeWanted));
        };
        let step = totp(secret, &account.name).and_then(|totp| totp.check(code, seconds(now)));
        let is_fresh = match step.and_then(|step| i64::try_from(step).ok()) {
            Some(step) => tx.use_totp_step(operator.id, step).await?,
            None => false,
        };
        if !is_fresh {
            drop(tx);
            let wrong = failed(app, Some(operator), name, "wrong code", now).await;
            return wrong.map(|()| Err(NotSignedIn::WrongCode));
        }
    }
    let token = fresh_token(app);
    tx.open_session(&token_hash(&token), operator.id, now, now + IDLE).await?;
    tx.note_deed(Some(operator), &account.name, "sign_in", None, "", now).await?;
    tx.commit().await?;
    Ok(Ok(token))
}

/// Who is signed in by this token; somebody who `acts` stays so, and a page that asks for news by
/// itself keeps nobody signed in who went home.
pub async fn session(
    app: &App,
    token: &str,
    acts: bool,
    now: DateTime<Utc>,
) -> Result<Option<Session>, StorageError> {
    let hash = token_hash(token);
    let Some(session) = app.store.session(&hash, now).await? else { return Ok(None) };
    if acts && now - session.seen_at > KEPT {
        app.store.keep_session(&hash, now, now + IDLE).await?;
    }
    Ok(Some(session))
}

/// Opens a session for somebody who has proved themselves already: after a new password.
pub async fn reopen(app: &App, account: &OperatorAccount) -> Result<String, StorageError> {
    let now = app.clock.now();
    let tx = app.store.begin().await?;
    let token = fresh_token(app);
    tx.open_session(&token_hash(&token), account.operator.id, now, now + IDLE).await?;
    tx.commit().await?;
    Ok(token)
}

/// Signs a browser out.
pub async fn sign_out(
    app: &App,
    account: &OperatorAccount,
    token: &str,
) -> Result<(), StorageError> {
    let tx = app.store.begin().await?;
    tx.end_session(&token_hash(token)).await?;
    let now = app.clock.now();
    tx.note_deed(Some(&account.operator), &account.name, "sign_out", None, "", now).await?;
    tx.commit().await
}

/// What a form must bring along with the session's cookie, so that no other site can send it:
/// it follows from the token, which no other site can read.
pub fn form_token(token: &str) -> String {
    hex(&Sha256::digest(format!("form:{token}")))
}

/// The hash under which a password is kept, if it is good enough.
pub async fn password_hash(
    name: &str,
    password: &str,
    salt: Uuid,
) -> Result<String, PasswordError> {
    good_enough(name, password)?;
    let password = password.to_owned();
    let _turn = HASHING.acquire().await.map_err(|_| PasswordError::Hash)?;
    spawn_blocking(move || hashed(&password, salt.as_bytes()))
        .await
        .map_err(|_| PasswordError::Hash)?
        .ok_or(PasswordError::Hash)
}

/// Whether it is this account's password.
pub async fn is_password_of(account: &OperatorAccount, password: &str) -> bool {
    matches(password, account.password_hash.clone()).await
}

/// The generator of codes behind a secret in base 32.
pub fn totp(secret: &str, name: &str) -> Option<Totp> {
    let secret = Secret::try_from_base32(secret).ok()?;
    Builder::new()
        .with_secret(secret)
        .with_account_name(name.replace(':', "："))
        .with_issuer(Some("连心"))
        .build()
        .ok()
}

/// A fresh secret of the second factor, in base 32.
pub fn fresh_totp_secret(app: &App) -> String {
    let bytes = [app.ids.fresh().into_bytes(), app.ids.fresh().into_bytes()].concat();
    Secret::from(bytes).to_base32()
}

fn good_enough(name: &str, password: &str) -> Result<(), WeakPassword> {
    let length = password.chars().count();
    if length < SHORTEST {
        return Err(WeakPassword::Short);
    }
    if length > LONGEST {
        return Err(WeakPassword::Long);
    }
    let first = password.chars().next();
    if password == name || password.chars().all(|sign| Some(sign) == first) {
        return Err(WeakPassword::Obvious);
    }
    Ok(())
}

async fn matches(password: &str, hash: String) -> bool {
    if password.chars().count() > LONGEST {
        return false;
    }
    let password = password.to_owned();
    let Ok(_turn) = HASHING.acquire().await else { return false };
    let verified = spawn_blocking(move || {
        Argon2::default().verify_password(password.as_bytes(), hash.as_str())
    });
    verified.await.is_ok_and(|verified| verified.is_ok())
}

fn hashed(password: &str, salt: &[u8]) -> Option<String> {
    let hash = Argon2::default().hash_password_with_salt(password.as_bytes(), salt).ok()?;
    Some(hash.to_string())
}

/// Without the shared counters nobody is kept out: hashing is what makes guessing slow.
async fn too_many(app: &App, name: &str, address: &str) -> bool {
    let both = format!("{name}\n{address}");
    for (from, most) in [(both.as_str(), TRIES), (name, TRIES_OF_MANY), (address, TRIES_OF_MANY)] {
        match app.shared.count(&SignInAttempts { from }).await {
            Ok(tries) if tries > most => return true,
            Ok(_) => {}
            Err(error) => {
                tracing::warn!(error = %Chain(&error), "tries to sign in are not counted");
            }
        }
    }
    false
}

async fn failed(
    app: &App,
    operator: Option<&Operator>,
    name: &str,
    why: &str,
    now: DateTime<Utc>,
) -> Result<(), StorageError> {
    let name: String = name.chars().filter(|sign| !sign.is_control()).take(40).collect();
    let tx = app.store.begin().await?;
    tx.note_deed(operator, &name, "sign_in_failed", None, why, now).await?;
    tx.commit().await
}

/// 244 random bits: nobody guesses it, and nobody counts by it.
fn fresh_token(app: &App) -> String {
    format!("{}{}", app.ids.fresh().simple(), app.ids.fresh().simple())
}

fn token_hash(token: &str) -> String {
    hex(&Sha256::digest(token))
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().fold(String::new(), |mut hex, byte| {
        let _ = write!(hex, "{byte:02x}");
        hex
    })
}

fn seconds(now: DateTime<Utc>) -> u64 {
    u64::try_from(now.timestamp()).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn a_password_is_known_by_its_hash_and_nothing_else_is() {
        let hash = password_hash("值班员", "correct horse", Uuid::from_u128(7)).await.unwrap();
        assert!(hash.starts_with("$argon2id$"), "{hash}");
        assert!(matches("correct horse", hash.clone()).await);
        assert!(!matches("correct hors", hash.clone()).await);
        assert!(!matches("", hash).await);
        assert!(!matches("correct horse", "no hash at all".to_owned()).await);
    }

    #[test]
    fn a_password_that_everybody_would_guess_is_refused() {
        for (password, weak) in [
            ("short", WeakPassword::Short),
            ("aaaaaaaaaaaa", WeakPassword::Obvious),
            ("zhibanyuan", WeakPassword::Obvious),
        ] {
            assert_eq!(good_enough("zhibanyuan", password), Err(weak), "{password}");
        }
        assert_eq!(good_enough("x", &"长".repeat(201)), Err(WeakPassword::Long));
        assert_eq!(good_enough("值班员", "八个字也可以的呀"), Ok(()));
    }

    #[test]
    fn a_code_of_the_second_factor_is_the_one_of_the_rfc() {
        // RFC 6238, appendix B: the secret "12345678901234567890", at 59 s 94287082.
        let totp = totp("GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ", "值班员").unwrap();
        assert_eq!(totp.check("287082", 59), Some(1));
        assert_eq!(totp.check("287082", 59 + 90), None);
    }

    #[test]
    fn the_token_of_forms_does_not_tell_the_sessions() {
        let token = "0".repeat(64);
        assert_ne!(form_token(&token), token_hash(&token));
        assert_eq!(form_token(&token).len(), 64);
    }
}
