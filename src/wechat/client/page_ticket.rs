//! The ticket that signs pages (`jsapi_ticket`): fetched once for all, kept like the access token.
//!
//! Its fetches are counted by the day and are few, so it is shared between instances and one of
//! them fetches while the others look again. With the shared state gone each instance keeps its own.
//!
//! Deliberately absent: force. A ticket is never refused to us; a page that is signed with an old
//! one falls back to what every browser can.

use super::{Client, ClientError, Interface};
use crate::shared::{
    Shared,
    keys::{PageTicket, PageTicketLock, StoredPageTicket},
};
use chrono::TimeDelta;
use serde::Deserialize;
use std::{collections::HashMap, time::Duration};
use tokio::sync::Mutex;

/// How often, and how many times, an instance looks whether its sibling is done.
const BEAT: Duration = Duration::from_millis(100);
const BEATS: u32 = 20;
/// Fetched anew so long before its end.
const EARLY: i64 = 300;

/// What is held of all accounts.
pub(super) struct PageTickets {
    shared: Shared,
    held: Mutex<HashMap<String, StoredPageTicket>>,
}

impl PageTickets {
    pub(super) fn new(shared: Shared) -> Self {
        Self { shared, held: Mutex::default() }
    }
}

#[derive(Deserialize)]
struct Fetched {
    ticket: String,
    expires_in: i64,
}

impl Client {
    /// The ticket that signs pages of this account now.
    pub async fn page_ticket(&self, account: &str) -> Result<String, ClientError> {
        let PageTickets { shared, held } = &self.0.page_tickets;
        // Held while it is fetched: whoever else wants one waits for this one.
        let mut held = held.lock().await;
        if let Some(known) = held.get(account).filter(|known| known.renew_at > self.0.clock.now()) {
            return Ok(known.ticket.clone());
        }
        if let Some(theirs) = self.page_ticket_of_a_sibling(account).await {
            held.insert(account.to_owned(), theirs.clone());
            return Ok(theirs.ticket);
        }
        let fetched = self.look(account, Interface::PageTicket, &[("type", "jsapi")]).await;
        if let Ok(Fetched { ticket, expires_in }) = &fetched {
            let lives = (*expires_in).clamp(1, 7200);
            let lasts = (lives - EARLY).max(60.min(lives));
            let renew_at = self.0.clock.now() + TimeDelta::seconds(lasts);
            let stored = StoredPageTicket { ticket: ticket.clone(), renew_at };
            let lifetime = Duration::from_secs(lasts.unsigned_abs());
            // Sharing it only saves a call.
            let _ = shared.put(&PageTicket { account }, &stored, lifetime).await;
            held.insert(account.to_owned(), stored);
        }
        let _ = shared.remove_if_equals(&PageTicketLock { account }, &()).await;
        fetched.map(|fetched| fetched.ticket)
    }

    /// What another instance fetched, or is just fetching; none where it is our turn.
    async fn page_ticket_of_a_sibling(&self, account: &str) -> Option<StoredPageTicket> {
        let shared = &self.0.page_tickets.shared;
        let mut beat = tokio::time::interval(BEAT);
        for _ in 0..BEATS {
            beat.tick().await;
            let is_mine = shared.put_if_absent(&PageTicketLock { account }, &()).await.ok()?;
            let known = shared.get(&PageTicket { account }).await.ok().flatten();
            if let Some(known) = known.filter(|known| known.renew_at > self.0.clock.now()) {
                if is_mine {
                    let _ = shared.remove_if_equals(&PageTicketLock { account }, &()).await;
                }
                return Some(known);
            }
            if is_mine {
                return None;
            }
        }
        None
    }
}
