//! What we call on the platform: tokens, customer-service messages, template messages.
//!
//! A call fetches and renews its account's access token by itself, is bounded in time, is counted
//! (`lianxin_wechat_calls_total`), and is noted in the [`circuit`]s. Whether an error is worth a
//! retry is answered in one place, [`ClientError::class`], so that nobody else reads an error code.
//! No error, log line or figure holds a token, a secret, an address with its query, an openid or
//! a text.
//!
//! Deliberately absent: queues and retries (the outbox has them), and the choice of the next
//! channel. A call is tried once; only a refused token is replaced and the call tried once more,
//! because then the platform has done nothing yet.

pub mod account_api;
pub mod circuit;
pub mod class;
mod codes;
pub mod custom;
pub mod error;
pub mod fields;
pub mod group;
mod http;
mod interface;
pub mod media;
mod menu;
mod page_ticket;
pub mod sms;
pub mod subscription;
mod tags;
pub mod template;
mod token;
pub mod users;
pub mod visitor;

pub use account_api::CallbackCheck;
pub use class::{Class, ConfigReason, UserReason, class_of};
pub use codes::SceneCode;
pub use error::{ClientError, TokenError, Unclear};
pub use group::Groups;
pub use http::{Download, Upload, http, http_within, install_tls};
pub use interface::Interface;
pub use media::UploadKind;
pub use menu::{PresentConditional, PresentMenus, SentButton};
pub use sms::{Sms, SmsError};
pub use subscription::Notification;
pub use tags::{MOST_AT_ONCE, Tag};
pub use template::{Difference, TemplateDefinition, TemplateMessage};
pub use users::Follow;
pub use visitor::Visitor;

use crate::{clock::Clock, ids::Ids, shared::Shared, wechat::account::Account};
use chrono::{DateTime, Utc};
use circuit::Circuits;
use http::{Answered, Sent, Wire};
use serde::de::DeserializeOwned;
use serde_json::Value;
use std::{collections::BTreeMap, sync::Arc};
use token::Tokens;
use url::Url;

/// The platform's interfaces for the accounts of this deployment. Cheap to clone.
#[derive(Clone)]
pub struct Client(Arc<Inner>);

struct Inner {
    wire: Wire,
    tokens: Tokens,
    page_tickets: page_ticket::PageTickets,
    circuits: Circuits,
    clock: Arc<dyn Clock>,
    accounts: BTreeMap<String, Account>,
}

impl Client {
    /// A client for `accounts` at the platform's address `base`; see [`http`] for the first
    /// argument. One id is drawn: it tells this instance from its siblings.
    pub fn new(
        http: reqwest::Client,
        base: Url,
        shared: Shared,
        clock: Arc<dyn Clock>,
        ids: &dyn Ids,
        accounts: impl IntoIterator<Item = Account>,
    ) -> Self {
        let accounts: BTreeMap<String, Account> =
            accounts.into_iter().map(|account| (account.slug.clone(), account)).collect();
        let page_tickets = page_ticket::PageTickets::new(shared.clone());
        let tokens = Tokens::new(shared, clock.clone(), ids.fresh(), accounts.keys().cloned());
        let wire = Wire { http, base };
        Self(Arc::new(Inner {
            wire,
            tokens,
            page_tickets,
            circuits: Circuits::default(),
            clock,
            accounts,
        }))
    }

    /// Which interfaces rest at the moment. Ask before a message is sent: a call that the
    /// platform is known to refuse costs quota all the same.
    pub fn circuits(&self) -> &Circuits {
        &self.0.circuits
    }

    /// Whether the account's token can be had: for the `check` command.
    pub async fn check_token(&self, account: &str) -> Result<(), ClientError> {
        let account = self.account(account)?;
        self.0.tokens.current(&self.0.wire, account).await?;
        Ok(())
    }

    /// Until when the account's token is known to be good; none where none was fetched. Nothing
    /// is fetched for it.
    pub async fn token_until(&self, account: &str) -> Option<DateTime<Utc>> {
        self.0.tokens.until(self.account(account).ok()?).await
    }

    /// Posts `body`, or asks without one.
    async fn call<A: DeserializeOwned>(
        &self,
        account: &str,
        interface: Interface,
        template: Option<&str>,
        body: Option<&Value>,
    ) -> Result<A, ClientError> {
        let sent = body.map_or_else(Sent::default, Sent::json);
        read(self.ask(account, interface, template, sent).await?)
    }

    /// Asks for something that is named in the address.
    async fn look<A: DeserializeOwned>(
        &self,
        account: &str,
        interface: Interface,
        query: &[(&str, &str)],
    ) -> Result<A, ClientError> {
        read(self.ask(account, interface, None, Sent::query(query)).await?)
    }

    /// One call with the account's token; its outcome is noted in the circuits.
    async fn ask(
        &self,
        account: &str,
        interface: Interface,
        template: Option<&str>,
        sent: Sent<'_>,
    ) -> Result<Answered, ClientError> {
        let account = self.account(account)?;
        let result = self.authorised(account, interface, sent).await;
        self.note(account, interface, template, &result);
        result
    }

    /// One call that proves who we are by the account's own secret, and needs no token.
    async fn ask_by_secret<A: DeserializeOwned>(
        &self,
        account: &str,
        interface: Interface,
        query: &[(&str, &str)],
    ) -> Result<A, ClientError> {
        let account = self.account(account)?;
        let mut query = query.to_vec();
        query.extend([("appid", &*account.app_id), ("secret", account.app_secret.expose())]);
        let sent = Sent::query(&query);
        let result = self.0.wire.exchange(&account.slug, interface, None, sent).await;
        let result = result.map(Answered::Json);
        self.note(account, interface, None, &result);
        read(result?)
    }

    fn note<T>(
        &self,
        account: &Account,
        interface: Interface,
        template: Option<&str>,
        result: &Result<T, ClientError>,
    ) {
        let class = result.as_ref().map_or_else(ClientError::class, |_| Class::Ok);
        let now = self.0.clock.now();
        self.0.circuits.note(&account.slug, interface, template, class, now);
    }

    // Twice at most, and never in a circle: a second refusal is somebody's to look into.
    async fn authorised(
        &self,
        account: &Account,
        interface: Interface,
        sent: Sent<'_>,
    ) -> Result<Answered, ClientError> {
        let Inner { wire, tokens, .. } = &*self.0;
        let slug = &account.slug;
        let token = tokens.current(wire, account).await?;
        let first = wire.exchange_any(slug, interface, Some(&token.token), sent).await;
        if !matches!(&first, Err(error) if error.class() == Class::Reauth) {
            return first;
        }
        let token = tokens.replacement(wire, account, &token).await?;
        match wire.exchange_any(slug, interface, Some(&token.token), sent).await {
            Err(ClientError::Api { code, rid, .. })
                if class_of(interface, code) == Class::Reauth =>
            {
                tracing::error!(
                    account = account.slug,
                    code,
                    "the platform refuses a fresh access token"
                );
                Err(ClientError::Token(TokenError::RefusedAgain { code, rid }))
            }
            second => second,
        }
    }

    fn account(&self, slug: &str) -> Result<&Account, ClientError> {
        self.0.accounts.get(slug).ok_or(ClientError::NoAccount)
    }
}

/// An answer in the shape that the interface promises.
fn read<A: DeserializeOwned>(answered: Answered) -> Result<A, ClientError> {
    match answered {
        Answered::Json(answer) => {
            serde_json::from_value(answer).map_err(|_| ClientError::Unknown(Unclear::Shape))
        }
        Answered::File(_) => Err(ClientError::Unknown(Unclear::NotJson)),
    }
}
