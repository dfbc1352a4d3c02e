//! What is shared, under which name, and for how long.
//!
//! A person appears in a name only as a fingerprint: names are seen in a server's slow log and
//! by whoever lists its keys.
//!
//! Deliberately absent: any use of the values. Whoever owns a rule reads them.

use super::{Counter, Key};
use chrono::{DateTime, NaiveDate, Utc};
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use std::{fmt, fmt::Write as _, time::Duration};

/// An access token of the platform as it is shared between instances.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct StoredToken {
    /// The token itself.
    pub token: String,
    /// From when on somebody should fetch the next one.
    pub renew_at: DateTime<Utc>,
    /// From when on the platform refuses it.
    pub expires_at: DateTime<Utc>,
}

impl fmt::Debug for StoredToken {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("StoredToken").field("renew_at", &self.renew_at).finish_non_exhaustive()
    }
}

/// The current access token of an account.
#[derive(Debug, Clone, Copy)]
pub struct AccessToken<'a> {
    /// The account's slug.
    pub account: &'a str,
}

impl Key for AccessToken<'_> {
    type Value = StoredToken;
    // No token of the platform lives longer.
    const LIFETIME: Duration = Duration::from_hours(2);
    fn name(&self) -> String {
        format!("access-token:{}", self.account)
    }
}

/// Held by the instance that fetches an account's access token; the value names the holder.
#[derive(Debug, Clone, Copy)]
pub struct RefreshLock<'a> {
    /// The account's slug.
    pub account: &'a str,
}

impl Key for RefreshLock<'_> {
    type Value = String;
    // A little longer than a request to the platform may take.
    const LIFETIME: Duration = Duration::from_secs(10);
    fn name(&self) -> String {
        format!("refresh-lock:{}", self.account)
    }
}

/// There while an account's token was forced so recently that the platform ignores another try.
#[derive(Debug, Clone, Copy)]
pub struct ForceRefresh<'a> {
    /// The account's slug.
    pub account: &'a str,
}

impl Key for ForceRefresh<'_> {
    type Value = ();
    // The platform's 30 s, and one for clocks that disagree.
    const LIFETIME: Duration = Duration::from_secs(31);
    fn name(&self) -> String {
        format!("force-refresh:{}", self.account)
    }
}

/// How often an account's token was forced on one day of the platform's calendar.
#[derive(Debug, Clone, Copy)]
pub struct ForceRefreshes<'a> {
    /// The account's slug.
    pub account: &'a str,
    /// The day in Beijing.
    pub day: NaiveDate,
}

impl Counter for ForceRefreshes<'_> {
    // Longer than the day it belongs to, so that it cannot begin anew within it.
    const WINDOW: Duration = Duration::from_hours(25);
    fn name(&self) -> String {
        format!("force-refreshes:{}:{}", self.account, self.day)
    }
}

/// Attempts to sign in to the console, by whatever is throttled: an address, an operator's name.
#[derive(Debug, Clone, Copy)]
pub struct SignInAttempts<'a> {
    /// The address or the name.
    pub from: &'a str,
}

impl Counter for SignInAttempts<'_> {
    const WINDOW: Duration = Duration::from_mins(15);
    fn name(&self) -> String {
        format!("sign-in-attempts:{}", fingerprint(self.from))
    }
}

/// A ticket that signs pages (JS-SDK) as it is shared between instances.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct StoredPageTicket {
    /// The ticket itself.
    pub ticket: String,
    /// From when on somebody should fetch the next one.
    pub renew_at: DateTime<Utc>,
}

impl fmt::Debug for StoredPageTicket {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("StoredPageTicket").field("renew_at", &self.renew_at).finish_non_exhaustive()
    }
}

/// The current ticket of an account that signs its pages.
#[derive(Debug, Clone, Copy)]
pub struct PageTicket<'a> {
    /// The account's slug.
    pub account: &'a str,
}

impl Key for PageTicket<'_> {
    type Value = StoredPageTicket;
    // No ticket of the platform lives longer.
    const LIFETIME: Duration = Duration::from_hours(2);
    fn name(&self) -> String {
        format!("page-ticket:{}", self.account)
    }
}

/// Held by whoever fetches an account's ticket for pages.
#[derive(Debug, Clone, Copy)]
pub struct PageTicketLock<'a> {
    /// The account's slug.
    pub account: &'a str,
}

impl Key for PageTicketLock<'_> {
    type Value = ();
    // A little longer than a request to the platform may take.
    const LIFETIME: Duration = Duration::from_secs(10);
    fn name(&self) -> String {
        format!("page-ticket-lock:{}", self.account)
    }
}

/// Visits of phone pages, by whatever is throttled: an address, a person.
#[derive(Debug, Clone, Copy)]
pub struct PageVisits<'a> {
    /// What they came for, and the address or person.
    pub from: &'a str,
}

impl Counter for PageVisits<'_> {
    const WINDOW: Duration = Duration::from_mins(10);
    fn name(&self) -> String {
        format!("page-visits:{}", fingerprint(self.from))
    }
}

fn fingerprint(text: &str) -> String {
    // Half of the digest keeps names short and still never meets another person's.
    Sha256::digest(text).iter().take(16).fold(String::new(), |mut hex, byte| {
        let _ = write!(hex, "{byte:02x}");
        hex
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_never_shows_the_person() {
        let openid = "oDemo0000000000000000000001";
        assert!(!SignInAttempts { from: openid }.name().contains(openid));
    }

    #[test]
    fn a_page_s_ticket_does_not_print_itself_and_visitors_are_not_named() {
        let stored =
            StoredPageTicket { ticket: "sesame".to_owned(), renew_at: DateTime::UNIX_EPOCH };
        assert!(!format!("{stored:?}").contains("sesame"));
        assert!(!PageVisits { from: "oDemo1" }.name().contains("oDemo1"));
    }

    #[test]
    fn a_token_does_not_print_itself() {
        let moment = DateTime::UNIX_EPOCH;
        let token =
            StoredToken { token: "sesame".to_owned(), renew_at: moment, expires_at: moment };
        assert!(!format!("{token:?}").contains("sesame"));
    }
}
