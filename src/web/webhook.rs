//! The address to which the platform pushes.
//!
//! Everything is checked from outside in, and nothing is looked at before what is around it was
//! good: size, signature, envelope, account. How pushes are protected is configured for each
//! account and never read from the request, so nobody can talk us into less. A refusal has an
//! empty body and is counted.
//!
//! A push that cannot be handled in time is answered with an error on purpose: the platform
//! repeats it, and the inbox makes sure that it counts once.
//!
//! Deliberately absent: what a push means.

use super::Site;
use crate::{
    intake::{self, recording::Recording},
    telemetry::Chain,
    wechat::{
        account::{Account, Mode, Secret},
        answer::{SUCCESS, to_xml},
        envelope::{self, AesKey, EnvelopeError},
        push::{self, BadPush, Body, Event, Push},
        signature::{self, Query},
    },
};
use actix_web::{
    HttpRequest, HttpResponse,
    http::{StatusCode, header},
    web::{self, Data, Path},
};
use std::time::{Duration, Instant};

/// Far more than any genuine push.
const LONGEST_BODY: usize = 64 * 1024;
/// A body comes with its head; who trickles it is not the platform.
const READING: Duration = Duration::from_secs(5);
/// The platform waits five seconds and then repeats the push.
const HANDLING: Duration = Duration::from_secs(4);

/// Why a push is not handled. Carries nothing of it.
#[derive(Debug, thiserror::Error)]
enum Refusal {
    #[error("the body is too long")]
    TooLong,
    #[error("the body did not arrive")]
    Unread,
    #[error("the signature is not the account's")]
    Signature,
    #[error("the message signature is not the account's")]
    MessageSignature,
    #[error("the account's mode wants a sealed body")]
    Clear,
    #[error("the body is sealed, but the account is configured as plain")]
    Sealed,
    #[error("the envelope does not open")]
    Envelope(#[source] EnvelopeError),
    #[error("the push cannot be read")]
    Push(#[source] BadPush),
    #[error("the push is for another account")]
    OtherAccount,
}

impl Refusal {
    fn status(&self) -> StatusCode {
        match self {
            Self::TooLong => StatusCode::PAYLOAD_TOO_LARGE,
            Self::Unread => StatusCode::REQUEST_TIMEOUT,
            Self::Signature | Self::MessageSignature | Self::Clear | Self::OtherAccount => {
                StatusCode::FORBIDDEN
            }
            Self::Envelope(_) | Self::Push(_) | Self::Sealed => StatusCode::BAD_REQUEST,
        }
    }

    /// The reason in figures.
    fn code(&self) -> &'static str {
        match self {
            Self::TooLong => "too_long",
            Self::Unread => "unread",
            Self::Signature => "signature",
            Self::MessageSignature => "message_signature",
            Self::Clear => "clear",
            Self::Sealed => "sealed",
            Self::Envelope(_) => "envelope",
            Self::Push(_) => "push",
            Self::OtherAccount => "other_account",
        }
    }

    /// Whoever sent it knows the account's token: something is wrong at the platform, in the
    /// configuration, or here, and somebody has to look.
    fn is_alarming(&self) -> bool {
        matches!(
            self,
            Self::Clear | Self::Sealed | Self::Envelope(_) | Self::Push(_) | Self::OtherAccount
        )
    }
}

/// `GET`: the platform registers the address and wants its own word back.
pub(super) async fn register(
    slug: Path<String>,
    request: HttpRequest,
    site: Data<Site>,
) -> HttpResponse {
    let Some(account) = site.app.accounts.get(&slug) else {
        return HttpResponse::NotFound().finish();
    };
    let query = match signed(account, &request) {
        Ok(query) => query,
        Err(refusal) => return refused(account, &refusal),
    };
    match query.echostr {
        Some(echo) => HttpResponse::Ok().content_type("text/plain; charset=utf-8").body(echo),
        None => HttpResponse::BadRequest().finish(),
    }
}

/// `POST`: one push.
pub(super) async fn receive(
    slug: Path<String>,
    request: HttpRequest,
    payload: web::Payload,
    site: Data<Site>,
) -> HttpResponse {
    let Some(account) = site.app.accounts.get(&slug) else {
        return HttpResponse::NotFound().finish();
    };
    match opened(account, &request, payload).await {
        Ok(opened) => handled(&site, account, opened).await,
        Err(refusal) => refused(account, &refusal),
    }
}

/// A push that is genuine, and with what its answer has to be sealed.
struct Opened<'a> {
    push: Push,
    clear: Vec<u8>,
    seal: Option<Seal<'a>>,
}

/// The token and the key that the push itself was protected with: while they are rotated, the
/// platform may not know the newer ones yet.
struct Seal<'a> {
    token: &'a Secret,
    key: &'a AesKey,
}

async fn opened<'a>(
    account: &'a Account,
    request: &HttpRequest,
    payload: web::Payload,
) -> Result<Opened<'a>, Refusal> {
    let body = read(request, payload).await?;
    let query = signed(account, request)?;
    let (clear, seal) = match account.mode {
        Mode::Plain => (clear(&query, &body)?, None),
        Mode::Compat | Mode::Safe => {
            let (text, seal) = unsealed(account, &query, &body)?;
            (text.into_bytes(), Some(seal))
        }
    };
    let push = push::parse(&clear).map_err(Refusal::Push)?;
    if push.to != account.original_id {
        return Err(Refusal::OtherAccount);
    }
    Ok(Opened { push, clear, seal })
}

async fn read(request: &HttpRequest, payload: web::Payload) -> Result<web::Bytes, Refusal> {
    let announced = request.headers().get(header::CONTENT_LENGTH);
    let announced = announced.and_then(|length| length.to_str().ok()?.parse::<usize>().ok());
    if announced.is_some_and(|length| length > LONGEST_BODY) {
        return Err(Refusal::TooLong);
    }
    match tokio::time::timeout(READING, payload.to_bytes_limited(LONGEST_BODY)).await {
        Ok(Ok(Ok(body))) => Ok(body),
        Ok(Ok(Err(_))) | Err(_) => Err(Refusal::Unread),
        Ok(Err(_)) => Err(Refusal::TooLong),
    }
}

fn signed(account: &Account, request: &HttpRequest) -> Result<Query, Refusal> {
    let query = web::Query::<Query>::from_query(request.query_string())
        .map_err(|_| Refusal::Signature)?
        .into_inner();
    signature::verify(&account.tokens, &query).map_err(|_| Refusal::Signature)?;
    Ok(query)
}

fn clear(query: &Query, body: &[u8]) -> Result<Vec<u8>, Refusal> {
    let says_sealed = query.encrypt_type.as_deref().is_some_and(|kind| !matches!(kind, "" | "raw"));
    if says_sealed || (push::parse(body).is_err() && envelope::sealed_parts(body).is_ok()) {
        return Err(Refusal::Sealed);
    }
    Ok(body.to_vec())
}

fn unsealed<'a>(
    account: &'a Account,
    query: &Query,
    body: &[u8],
) -> Result<(String, Seal<'a>), Refusal> {
    let sealed = envelope::sealed_parts(body).map_err(|error| match push::parse(body) {
        // What is not even XML cannot be an attempt to get around the envelope.
        Err(BadPush::Xml(_)) => Refusal::Envelope(error),
        Ok(_) | Err(_) => Refusal::Clear,
    })?;
    let fits = |token: &&Secret| {
        signature::verify_message(std::slice::from_ref(*token), query, &sealed.encrypt).is_ok()
    };
    let token = account.tokens.iter().find(fits).ok_or(Refusal::MessageSignature)?;
    let mut failure = EnvelopeError::NoKey;
    for key in account.aes_keys.iter().rev() {
        match envelope::open(key, &account.app_id, &sealed.encrypt) {
            Ok(text) => return Ok((text, Seal { token, key })),
            // The last one tried is the current key's, which says most.
            Err(error) => failure = error,
        }
    }
    Err(match failure {
        EnvelopeError::AppId => Refusal::OtherAccount,
        error => Refusal::Envelope(error),
    })
}

fn refused(account: &Account, refusal: &Refusal) -> HttpResponse {
    let (slug, reason) = (account.slug.clone(), refusal.code());
    metrics::counter!("lianxin_push_refused_total", "account" => slug.clone(), "reason" => reason)
        .increment(1);
    if refusal.is_alarming() {
        tracing::error!(account = slug, reason, error = %Chain(refusal), "a signed push was refused");
    } else {
        tracing::warn!(account = slug, reason, "a push was refused");
    }
    HttpResponse::build(refusal.status()).finish()
}

async fn handled(site: &Site, account: &Account, opened: Opened<'_>) -> HttpResponse {
    let Opened { push, clear, seal } = opened;
    let (slug, kind, to) = (account.slug.clone(), push.kind(), push.from.clone());
    metrics::counter!("lianxin_push_total", "account" => slug.clone(), "kind" => kind).increment(1);
    if matches!(push.body, Body::Event(Event::Other { .. })) {
        tracing::info!(account = slug, "an event of a kind unknown here");
        return text(SUCCESS.to_owned());
    }
    let recording = Recording::begin(&site.app, account, &to, &clear).await;
    let begun = Instant::now();
    let outcome = tokio::time::timeout(HANDLING, intake::handle(&site.app, account, push)).await;
    metrics::histogram!("lianxin_push_seconds", "account" => slug.clone())
        .record(begun.elapsed().as_secs_f64());
    let failure = match outcome {
        Ok(Ok(answer)) => {
            let now = site.app.clock.now();
            let reply = to_xml(&answer, &to, &account.original_id, now);
            if let Some(recording) = recording {
                recording.end(account, &to, &reply, now);
            }
            return answered(site, reply, account, seal.as_ref());
        }
        Ok(Err(error)) => {
            tracing::error!(account = slug, push.kind = kind, error = %Chain(&error),
                "a push could not be handled and will come again");
            "failed"
        }
        Err(_) => {
            tracing::error!(
                account = slug,
                push.kind = kind,
                "a push took too long and will come again"
            );
            "too_slow"
        }
    };
    metrics::counter!("lianxin_push_failed_total", "account" => slug, "reason" => failure)
        .increment(1);
    HttpResponse::InternalServerError().finish()
}

fn answered(site: &Site, body: String, account: &Account, seal: Option<&Seal<'_>>) -> HttpResponse {
    if body == SUCCESS {
        return text(body);
    }
    let body = match seal {
        None => body,
        Some(Seal { token, key }) => {
            let app = &site.app;
            let random = app.ids.fresh().into_bytes();
            let sealed = envelope::seal(key, &account.app_id, random, &body);
            // Digits only, as the platform's own.
            let nonce = (app.ids.fresh().as_u128() % 10_000_000_000).to_string();
            envelope::reply(token, &sealed, app.clock.now().timestamp(), &nonce)
        }
    };
    HttpResponse::Ok().content_type("application/xml; charset=utf-8").body(body)
}

fn text(body: String) -> HttpResponse {
    HttpResponse::Ok().content_type("text/plain; charset=utf-8").body(body)
}
