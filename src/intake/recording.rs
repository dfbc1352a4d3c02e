//! One push on its way into a recording, where pushes are recorded.

use crate::{
    app::App,
    county::County,
    record::{Exchange, Recorder},
    ticket::Follower,
    wechat::account::Account,
};
use chrono::{DateTime, Utc};
use std::{borrow::Cow, sync::Arc};

/// What is known of a push before it is handled.
pub struct Recording<'a> {
    recorder: &'a Recorder,
    county: Arc<County>,
    member: Option<String>,
    push: Cow<'a, str>,
}

impl<'a> Recording<'a> {
    /// Nothing where nothing is recorded, or where the database cannot be asked: then the push
    /// fails anyway.
    pub async fn begin(
        app: &'a App,
        account: &Account,
        openid: &str,
        push: &'a [u8],
    ) -> Option<Self> {
        let recorder = app.record.as_ref()?;
        let now = app.clock.now();
        let county = app.county_at(now).await.ok()?;
        let follower = Follower { account: account.slug.clone(), openid: openid.to_owned() };
        // Undone when it is dropped: somebody who was never seen stays so.
        let tx = app.store.begin().await.ok()?;
        let speaker = tx.open_conversation(&follower, now).await.ok()?.speaker;
        let member = speaker.duty.map(|duty| duty.person.name);
        Some(Self { recorder, county, member, push: String::from_utf8_lossy(push) })
    }

    /// The push was answered with `reply`, in clear.
    pub fn end(self, account: &Account, openid: &str, reply: &str, now: DateTime<Utc>) {
        self.recorder.push(&Exchange {
            account,
            county: &self.county,
            openid,
            member: self.member.as_deref(),
            push: &self.push,
            reply,
            now,
        });
    }
}
