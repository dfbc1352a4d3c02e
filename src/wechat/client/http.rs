//! The one HTTP client, and one exchange with the platform.
//!
//! Certificates are compiled in, so that it works in an image without any; there is one TLS
//! provider. Answers are judged by the code in their body, because the platform sends nearly
//! every error with status 200.
//!
//! Deliberately absent: redirects (an interface that redirects is not the platform's), proxies
//! taken from the environment (configuration is read in one place), and retries.

use super::{Class, ClientError, Interface, Unclear, class};
use reqwest::{
    Certificate, RequestBuilder, StatusCode,
    header::CONTENT_TYPE,
    multipart::{Form, Part},
    redirect::Policy,
};
use serde::Deserialize;
use serde_json::Value;
use std::{fmt, time::Duration};
use url::{Host, Url};

// An answer of the platform is a few hundred bytes; its list of templates some tens of thousands.
const LONGEST_ANSWER: usize = 1024 * 1024;
/// More than any picture or voice that the platform keeps.
const LONGEST_FILE: usize = 20 * 1024 * 1024;

/// A file takes longer than a few hundred bytes.
const FILES: Duration = Duration::from_mins(1);

/// Makes ring the process's TLS provider; later calls change nothing. Needed before [`http`].
pub fn install_tls() {
    // An error says that there already is one.
    let _ = rustls::crypto::ring::default_provider().install_default();
}

/// The HTTP client for everything outside: 3 s to connect, 8 s in all.
pub fn http() -> Result<reqwest::Client, reqwest::Error> {
    http_within(Duration::from_secs(3), Duration::from_secs(8))
}

/// The same with other limits.
pub fn http_within(connect: Duration, total: Duration) -> Result<reqwest::Client, reqwest::Error> {
    install_tls();
    let roots = webpki_root_certs::TLS_SERVER_ROOT_CERTS
        .iter()
        .map(|root| Certificate::from_der(root))
        .collect::<Result<Vec<_>, _>>()?;
    reqwest::Client::builder()
        .tls_certs_only(roots)
        .connect_timeout(connect)
        .timeout(total)
        .redirect(Policy::none())
        .no_proxy()
        // Shorter than the idle limit of the usual gateways, so that no request meets a
        // connection that is just being closed.
        .pool_idle_timeout(Duration::from_secs(30))
        .user_agent(concat!("lianxin/", env!("CARGO_PKG_VERSION")))
        .build()
}

/// Where the platform is and how to talk to it.
pub(super) struct Wire {
    pub(super) http: reqwest::Client,
    pub(super) base: Url,
}

/// What goes along with a call, besides the access token.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Sent<'a> {
    pub(super) query: &'a [(&'a str, &'a str)],
    pub(super) body: Body<'a>,
}

/// The body of a call: without one it is a GET.
#[derive(Debug, Clone, Copy, Default)]
pub(super) enum Body<'a> {
    #[default]
    None,
    Json(&'a Value),
    File(&'a Upload),
}

impl<'a> Sent<'a> {
    pub(super) fn json(body: &'a Value) -> Self {
        Self { query: &[], body: Body::Json(body) }
    }

    pub(super) fn query(query: &'a [(&'a str, &'a str)]) -> Self {
        Self { query, body: Body::None }
    }
}

/// A file on its way to the platform.
#[derive(Clone)]
pub struct Upload {
    /// Letters and digits with an ending: without a name the platform takes the file for missing.
    pub name: String,
    /// For instance `image/jpeg`.
    pub media_type: String,
    /// What is in it.
    pub bytes: Vec<u8>,
}

impl fmt::Debug for Upload {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Upload({}, {} bytes)", self.media_type, self.bytes.len())
    }
}

/// A file that came from the platform.
#[derive(Clone, PartialEq, Eq)]
pub struct Download {
    /// What the platform says it is; not to be believed.
    pub media_type: String,
    /// What is in it.
    pub bytes: Vec<u8>,
}

impl fmt::Debug for Download {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Download({}, {} bytes)", self.media_type, self.bytes.len())
    }
}

/// What an interface answered: its own JSON, or a file.
#[derive(Debug)]
pub(super) enum Answered {
    Json(Value),
    File(Download),
}

#[derive(Deserialize)]
struct Judgement {
    errcode: Option<i64>,
    errmsg: Option<String>,
}

impl Wire {
    /// One request and its answer, which has to be JSON. `who` is what figures and logs call
    /// whoever asks: the account's slug.
    pub(super) async fn exchange(
        &self,
        who: &str,
        interface: Interface,
        token: Option<&str>,
        sent: Sent<'_>,
    ) -> Result<Value, ClientError> {
        match self.exchange_any(who, interface, token, sent).await? {
            Answered::Json(answer) => Ok(answer),
            Answered::File(_) => Err(ClientError::Unknown(Unclear::NotJson)),
        }
    }

    /// The same where a file may come back.
    pub(super) async fn exchange_any(
        &self,
        who: &str,
        interface: Interface,
        token: Option<&str>,
        sent: Sent<'_>,
    ) -> Result<Answered, ClientError> {
        let result = self.attempt(interface, token, sent).await;
        let class = result.as_ref().map_or_else(ClientError::class, |_| Class::Ok);
        metrics::counter!(
            "lianxin_wechat_calls_total",
            "account" => who.to_owned(),
            "interface" => interface.name(),
            "class" => class.name(),
        )
        .increment(1);
        if let Err(ClientError::Api { code, .. }) = &result
            && !class::is_listed(interface, *code)
        {
            metrics::counter!(
                "lianxin_wechat_unknown_codes_total",
                "interface" => interface.name(),
                "code" => code.to_string(),
            )
            .increment(1);
            tracing::warn!(
                account = who,
                interface = interface.name(),
                code,
                "the platform answered with a code that is in no list"
            );
        }
        result
    }

    /// A file at an address that the platform gave: no token goes there. Nor is it asked of this
    /// machine or its neighbours, unless the platform itself is there.
    pub(super) async fn fetch(&self, address: Url) -> Result<Download, ClientError> {
        let is_web = matches!(address.scheme(), "http" | "https");
        let is_elsewhere = match address.host() {
            Some(Host::Domain(name)) => name != "localhost",
            // The platform's films have names.
            Some(Host::Ipv4(_) | Host::Ipv6(_)) | None => false,
        };
        if !is_web || !(is_elsewhere || address.host() == self.base.host()) {
            return Err(ClientError::Unknown(Unclear::Shape));
        }
        let (status, file) = received(self.http.get(address).timeout(FILES), LONGEST_FILE).await?;
        if !status.is_success() {
            return Err(ClientError::Unknown(Unclear::Status(status.as_u16())));
        }
        Ok(file)
    }

    async fn attempt(
        &self,
        interface: Interface,
        token: Option<&str>,
        sent: Sent<'_>,
    ) -> Result<Answered, ClientError> {
        let mut address = self.base.clone();
        address.set_path(&format!(
            "{}{}",
            self.base.path().trim_end_matches('/'),
            interface.path()
        ));
        let mut request = match sent.body {
            Body::None => self.http.get(address),
            Body::Json(body) => self.http.post(address).json(body),
            Body::File(upload) => self.http.post(address).multipart(form(upload)?),
        };
        if let Some(token) = token {
            request = request.query(&[("access_token", token)]);
        }
        if !sent.query.is_empty() {
            request = request.query(sent.query);
        }
        if interface.answers_files() || matches!(sent.body, Body::File(_)) {
            request = request.timeout(FILES);
        }
        let longest = if interface.answers_files() { LONGEST_FILE } else { LONGEST_ANSWER };
        let (status, Download { media_type, bytes }) = received(request, longest).await?;
        // Errors of an interface that answers files are JSON with a text type, so the content
        // tells, and not what it says it is.
        let answer: Option<Value> = serde_json::from_slice(&bytes).ok();
        let judged = answer.as_ref().and_then(|answer| Judgement::deserialize(answer).ok());
        match (answer, judged) {
            (Some(answer), Some(Judgement { errcode: Some(code), errmsg })) => {
                if class::class_of(interface, code) == Class::Ok {
                    return Ok(Answered::Json(answer));
                }
                let rid = errmsg.as_deref().and_then(rid);
                Err(ClientError::Api { interface, code, rid })
            }
            (Some(answer), Some(_)) if status.is_success() => Ok(Answered::Json(answer)),
            _ if !status.is_success() => {
                Err(ClientError::Unknown(Unclear::Status(status.as_u16())))
            }
            _ if interface.answers_files() && !bytes.is_empty() => {
                Ok(Answered::File(Download { media_type, bytes }))
            }
            _ => Err(ClientError::Unknown(Unclear::NotJson)),
        }
    }
}

/// What comes back, if it is not too long.
async fn received(
    request: RequestBuilder,
    longest: usize,
) -> Result<(StatusCode, Download), ClientError> {
    let mut response = request.send().await.map_err(ClientError::transport)?;
    let status = response.status();
    let media_type = response.headers().get(CONTENT_TYPE);
    let media_type = media_type.and_then(|kind| kind.to_str().ok()).unwrap_or_default().to_owned();
    let mut bytes = Vec::new();
    while let Some(chunk) = response.chunk().await.map_err(ClientError::transport)? {
        if bytes.len() + chunk.len() > longest {
            return Err(ClientError::Unknown(Unclear::TooLong));
        }
        bytes.extend_from_slice(&chunk);
    }
    Ok((status, Download { media_type, bytes }))
}

/// With a length of its own, because the platform takes no chunks.
fn form(upload: &Upload) -> Result<Form, ClientError> {
    let part = Part::bytes(upload.bytes.clone())
        .file_name(upload.name.clone())
        .mime_str(&upload.media_type)
        .map_err(ClientError::transport)?;
    Ok(Form::new().part("media", part))
}

/// The id under which the platform explains an error for seven days; nothing else of the message
/// is kept, because it may quote what was sent.
fn rid(errmsg: &str) -> Option<String> {
    let (_, after) = errmsg.split_once("rid:")?;
    let rid: String =
        after.trim_start().chars().take_while(|c| c.is_ascii_hexdigit() || *c == '-').collect();
    // Three groups of eight, as published; some room for a longer form.
    (8..=64).contains(&rid.len()).then_some(rid)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_rid_of_a_message_is_kept() {
        let kept = rid("invalid ip 10.0.0.1, not in whitelist rid: 65f0a1b2-0c1d2e3f-4a5b6c7d");
        assert_eq!(kept.as_deref(), Some("65f0a1b2-0c1d2e3f-4a5b6c7d"));
        assert_eq!(rid("data.thing3.value invalid"), None);
        assert_eq!(rid("rid: 王大娘"), None);
        assert_eq!(rid(&format!("rid: {}", "a".repeat(65))), None);
    }

    #[test]
    fn the_client_can_be_built_more_than_once() {
        assert!(http().is_ok());
        assert!(http().is_ok());
    }
}
