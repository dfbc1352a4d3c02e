//! Why a call did not succeed, and what that means for whoever sends.
//!
//! The first question after a failure is whether the platform may have acted all the same. Hence
//! the variants: *not sent* and *no token* are safe to repeat, *unknown* is not, and a code of the
//! platform is looked up in the table of [`super::class`].
//!
//! Deliberately absent: addresses, tokens, secrets, openids and the platform's messages. What
//! comes out of `Display` and `Debug` may be logged.

use super::{Class, ConfigReason, Interface, class_of};
use thiserror::Error;

/// Why a call did not succeed.
#[derive(Debug, Error)]
pub enum ClientError {
    /// The caller's account is not, or no longer, one of this deployment.
    #[error("there is no such official account")]
    NoAccount,
    /// Nothing left this machine: no name, no connection, no TLS.
    #[error("the request was not sent")]
    NotSent(#[source] reqwest::Error),
    /// The request was sent and nobody knows what became of it.
    #[error("the request was sent, but what became of it is unknown")]
    Unknown(#[source] Unclear),
    /// The platform answered with an error code.
    #[error("{interface} answered with error code {code}{}", with_rid(rid.as_deref()))]
    Api {
        /// What was called.
        interface: Interface,
        /// The platform's `errcode`.
        code: i64,
        /// The id under which the platform explains the error for seven days.
        rid: Option<String>,
    },
    /// There was no usable access token, so the request was not sent, or was refused unseen.
    #[error("there is no usable access token")]
    Token(#[from] TokenError),
}

/// Why the outcome of a request is unknown.
#[derive(Debug, Error)]
pub enum Unclear {
    /// The connection broke, or the answer did not come in time.
    #[error("the connection broke or timed out")]
    Broken(#[source] reqwest::Error),
    /// A status that is no success, without an error code.
    #[error("the answer has status {0} and no error code")]
    Status(u16),
    /// A success in HTTP that is not the platform's: some page in between.
    #[error("the answer is not JSON")]
    NotJson,
    /// JSON that lacks what this interface answers.
    #[error("the answer lacks what the interface promises")]
    Shape,
    /// More than any answer of the platform.
    #[error("the answer is too long")]
    TooLong,
}

/// Why there is no usable access token.
#[derive(Debug, Error)]
pub enum TokenError {
    /// It could not be fetched.
    #[error("the access token could not be fetched")]
    Unfetched(#[source] Box<ClientError>),
    /// The platform hands back a token that it refuses, and may not be forced again yet.
    #[error("the platform hands back a token that it refuses")]
    Dead,
    /// A token just fetched was refused too.
    #[error("a fresh access token was refused with error code {code}{}", with_rid(rid.as_deref()))]
    RefusedAgain {
        /// The platform's `errcode`.
        code: i64,
        /// The id under which the platform explains the error for seven days.
        rid: Option<String>,
    },
}

impl ClientError {
    /// What to do about it. Never [`Class::Ok`]; and [`Class::Reauth`] never leaves the client.
    pub fn class(&self) -> Class {
        match self {
            Self::NoAccount => Class::Config(ConfigReason::Account),
            Self::NotSent(_) => Class::Retry { after: None },
            Self::Unknown(_) => Class::Unknown,
            Self::Api { interface, code, .. } => class_of(*interface, *code),
            Self::Token(error) => error.class(),
        }
    }

    /// The platform's code and rid, where it gave them: for the row that keeps the attempt.
    pub fn code(&self) -> Option<(i64, Option<&str>)> {
        match self {
            Self::Api { code, rid, .. } | Self::Token(TokenError::RefusedAgain { code, rid }) => {
                Some((*code, rid.as_deref()))
            }
            Self::Token(TokenError::Unfetched(error)) => error.code(),
            _ => None,
        }
    }

    pub(super) fn transport(error: reqwest::Error) -> Self {
        // The address holds the token.
        let error = error.without_url();
        if error.is_builder() || error.is_connect() {
            Self::NotSent(error)
        } else {
            Self::Unknown(Unclear::Broken(error))
        }
    }
}

impl TokenError {
    fn class(&self) -> Class {
        match self {
            Self::Unfetched(error) => match error.class() {
                // Of the token nothing is known, but the message was certainly not sent.
                Class::Unknown => Class::Retry { after: None },
                // Nor was there anything wrong with the message.
                Class::Data | Class::User(_) => Class::Config(ConfigReason::Account),
                class => class,
            },
            Self::Dead | Self::RefusedAgain { .. } => Class::Config(ConfigReason::Token),
        }
    }
}

fn with_rid(rid: Option<&str>) -> String {
    rid.map(|rid| format!(" (rid {rid})")).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_token_that_may_have_been_fetched_leaves_the_message_unsent() {
        let error = ClientError::Unknown(Unclear::Status(502));
        assert_eq!(error.class(), Class::Unknown);
        let error = ClientError::Token(TokenError::Unfetched(Box::new(error)));
        assert_eq!(error.class(), Class::Retry { after: None });
    }

    #[test]
    fn a_message_is_not_blamed_for_a_token_that_is_refused_with_a_code_nobody_knows() {
        let refused =
            ClientError::Api { interface: Interface::StableToken, code: 61004, rid: None };
        let error = ClientError::Token(TokenError::Unfetched(Box::new(refused)));
        assert_eq!(error.class(), Class::Config(ConfigReason::Account));
    }

    #[test]
    fn a_code_is_shown_with_its_rid() {
        let rid = Some("65f0a1b2-0c1d2e3f-4a5b6c7d".to_owned());
        let error = ClientError::Api { interface: Interface::CustomSend, code: 45015, rid };
        let shown = error.to_string();
        assert!(shown.contains("45015") && shown.contains("65f0a1b2"), "{shown}");
        assert_eq!(error.code(), Some((45015, Some("65f0a1b2-0c1d2e3f-4a5b6c7d"))));
    }
}
