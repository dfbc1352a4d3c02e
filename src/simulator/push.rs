//! How the platform pushes: signs, seals, posts, waits, repeats.
//!
//! A push is repeated, byte for byte, up to three deliveries in all, when the webhook does not
//! answer in time or answers with 5xx. Deliberately absent: a pause between the repeats; the
//! time waited is the pause.

use super::{
    cast::SimulatedAccount,
    lines::Said,
    message::{Envelope, Message, Xml, delivery_event, notification_event},
    reply::{self, Answer},
    sealing, seats,
    state::{Finished, Platform, State},
    windows::Windows,
};
use crate::wechat::account::Mode;
use chrono::{DateTime, Utc};
use futures_util::future::join_all;

/// Deliveries of one push in all.
const DELIVERIES: usize = 3;

/// Why a push was not even tried.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum NotPushed {
    /// Nobody has this openid.
    #[error("nobody has this openid")]
    Nobody,
    /// Somebody who does not follow can only follow.
    #[error("the person does not follow the account")]
    NotFollowing,
    /// The account did not say where its pushes go.
    #[error("the account has no webhook")]
    NoWebhook,
    /// The account's `EncodingAESKey` is none.
    #[error("the account's key cannot seal")]
    BadKey,
}

/// What became of one push.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Delivery {
    /// The push in clear, as it was before sealing.
    pub xml: String,
    /// What came back: one for each copy that was pushed, its last one where it was repeated.
    pub answers: Vec<Answer>,
    /// How often it was posted in all.
    pub posted: usize,
}

impl Delivery {
    /// What the person reads, if there was an answer to read.
    pub fn text(&self) -> Option<String> {
        self.answers.first().and_then(Answer::text)
    }

    /// Whether every copy got the same answer.
    pub fn answers_agree(&self) -> bool {
        self.answers.windows(2).all(|pair| matches!(pair, [one, other] if one == other))
    }
}

/// One request to a webhook, ready to be repeated.
#[derive(Debug, Clone)]
pub(super) struct Parcel {
    url: String,
    query: Vec<(&'static str, String)>,
    clear: String,
    body: String,
    account: SimulatedAccount,
    openid: String,
    articles_allowed: usize,
}

impl Platform {
    /// The person `openid` does something, and the account's service answers.
    ///
    /// # Errors
    /// See [`NotPushed`]; a service that fails is no error but an [`Answer`].
    pub async fn push(&self, openid: &str, message: Message) -> Result<Delivery, NotPushed> {
        self.push_times(openid, message, 1).await
    }

    /// Delivers one identical push `copies` times at once.
    ///
    /// # Errors
    /// See [`NotPushed`].
    pub async fn push_times(
        &self,
        openid: &str,
        message: Message,
        copies: usize,
    ) -> Result<Delivery, NotPushed> {
        let shown = message.shows_an_answer();
        let now = self.now();
        if message.opens_the_chat() && self.state().seats.hears(openid, now) {
            // It goes to the seat, and the account does not hear of it.
            let mut state = self.state();
            remember(&mut state, openid, &message, now);
            state.write(openid, now, Said::Person(message));
            return Ok(Delivery { xml: String::new(), answers: Vec::new(), posted: 0 });
        }
        let parcel = self.pack(openid, message)?;
        self.state().latest.insert(openid.to_owned(), parcel.clone());
        let delivered = join_all((0..copies.max(1)).map(|_| self.deliver(&parcel))).await;
        let (answers, posted): (Vec<_>, Vec<_>) = delivered.into_iter().unzip();
        if let Some(answer) = answers.first().filter(|a| shown && **a != Answer::Silence) {
            let now = self.now();
            self.state().write(openid, now, Said::Answer(answer.clone()));
        }
        Ok(Delivery { xml: parcel.clear, answers, posted: posted.into_iter().sum() })
    }

    /// Delivers a push that was recorded elsewhere, as it stands.
    ///
    /// # Errors
    /// See [`NotPushed`].
    pub async fn push_recorded(&self, openid: &str, clear: String) -> Result<Delivery, NotPushed> {
        // Messages have an id, events have none; what else they grant is the same for all.
        let message = if clear.contains("<MsgId>") {
            Message::Text { text: clear.clone() }
        } else {
            Message::Click { key: String::new() }
        };
        let now = self.now();
        let parcel = {
            let mut state = self.state();
            let person = state.person(openid).ok_or(NotPushed::Nobody)?;
            let account = account_of(&state, &person.given.account)?;
            remember(&mut state, openid, &message, now);
            drop(state);
            self.seal(account, openid, clear, message.articles_allowed(), now)?
        };
        let (answer, posted) = self.deliver(&parcel).await;
        Ok(Delivery { xml: parcel.clear, answers: vec![answer], posted })
    }

    /// Delivers a person's latest push once more, byte for byte, as the platform does when it is in
    /// doubt about the answer, to where the account's pushes go now; the answer, if there was such
    /// a push.
    pub async fn deliver_again(&self, openid: &str) -> Option<Answer> {
        let parcel = {
            let state = self.state();
            let parcel = state.latest.get(openid).cloned()?;
            let url = account_of(&state, &parcel.account.slug).ok()?.webhook?;
            Parcel { url, ..parcel }
        };
        Some(self.deliver(&parcel).await.0)
    }

    /// Pushes all delivery events that wait, and says how many the service took.
    pub async fn deliver_events(&self) -> usize {
        let mut taken = 0;
        loop {
            let Some(finished) = self.state().finished.pop_front() else { return taken };
            let Ok(parcel) = self.pack_event(&finished) else { continue };
            let (answer, _) = self.deliver(&parcel).await;
            taken += usize::from(!answer.is_a_failure());
        }
    }

    /// Pushes delivery events as they come, for ever: the demo runs this beside its server.
    pub async fn keep_delivering_events(&self) {
        loop {
            let next = self.inner.event_queued.notified();
            self.deliver_events().await;
            next.await;
        }
    }

    /// Everything that happens on the platform's side before the push leaves.
    fn pack(&self, openid: &str, message: Message) -> Result<Parcel, NotPushed> {
        let now = self.now();
        let media_id = format!("MEDIA{}", self.inner.ids.fresh().simple());
        let mut state = self.state();
        let person = state.person(openid).ok_or(NotPushed::Nobody)?;
        let message = as_the_platform_sees_it(message, person.follows)?;
        let account = account_of(&state, &person.given.account)?;
        let envelope = Envelope {
            to: &account.original_id,
            from: openid,
            seconds: now.timestamp(),
            message_id: state.message_id(),
            media_id: &media_id,
            picture_url: &format!("http://mmbiz.qpic.cn/mmbiz_jpg/{media_id}/0"),
        };
        let clear = message.to_xml(&envelope);
        let parcel = self.seal(account, openid, clear, message.articles_allowed(), now)?;
        state.media.keep(media_id, &message, now);
        remember(&mut state, openid, &message, now);
        state.write(openid, now, Said::Person(message));
        Ok(parcel)
    }

    pub(super) fn account_of_person(&self, openid: &str) -> Result<SimulatedAccount, NotPushed> {
        let state = self.state();
        let person = state.person(openid).ok_or(NotPushed::Nobody)?;
        account_of(&state, &person.given.account)
    }

    /// Pushes an event that is nobody's act; whatever it is answered with, nobody sees it.
    pub(super) async fn push_event(
        &self,
        account: SimulatedAccount,
        openid: &str,
        clear: String,
    ) -> Result<Delivery, NotPushed> {
        let parcel = self.seal(account, openid, clear, 0, self.now())?;
        let (answer, posted) = self.deliver(&parcel).await;
        Ok(Delivery { xml: parcel.clear, answers: vec![answer], posted })
    }

    fn pack_event(&self, finished: &Finished) -> Result<Parcel, NotPushed> {
        let now = self.now();
        let state = self.state();
        let person = state.person(&finished.openid).ok_or(NotPushed::Nobody)?;
        let account = account_of(&state, &person.given.account)?;
        drop(state);
        let envelope = Envelope {
            to: &account.original_id,
            from: &finished.openid,
            seconds: now.timestamp(),
            message_id: finished.message_id,
            media_id: "",
            picture_url: "",
        };
        let clear = match &finished.notification {
            Some(template) => notification_event(&envelope, template, finished.status),
            None => delivery_event(&envelope, finished.status),
        };
        self.seal(account, &finished.openid, clear, 0, now)
    }

    pub(super) fn seal(
        &self,
        account: SimulatedAccount,
        openid: &str,
        clear: String,
        articles_allowed: usize,
        now: DateTime<Utc>,
    ) -> Result<Parcel, NotPushed> {
        let url = account.webhook.clone().ok_or(NotPushed::NoWebhook)?;
        let token = account.token.expose();
        let timestamp = now.timestamp().to_string();
        let nonce = (self.inner.ids.fresh().as_u128() % 10_000_000_000).to_string();
        let mut query = vec![
            ("signature", sealing::sign(&[token, &timestamp, &nonce])),
            ("timestamp", timestamp.clone()),
            ("nonce", nonce.clone()),
            ("openid", openid.to_owned()),
        ];
        let body = if account.mode == Mode::Plain {
            clear.clone()
        } else {
            let salt = self.inner.ids.fresh().into_bytes();
            let sealed = sealing::seal(account.aes_key.expose(), &account.app_id, salt, &clear)
                .map_err(|_| NotPushed::BadKey)?;
            query.push(("encrypt_type", "aes".to_owned()));
            let signature = sealing::sign(&[token, &timestamp, &nonce, &sealed]);
            query.push(("msg_signature", signature));
            sealed_body(&account, &clear, &sealed)
        };
        let openid = openid.to_owned();
        Ok(Parcel { url, query, clear, body, account, openid, articles_allowed })
    }

    /// What is shown has to be there, and who is handed over waits for a seat.
    fn understood(&self, parcel: &Parcel, answer: Answer) -> Answer {
        let now = self.now();
        match &answer {
            Answer::Image(id) if !self.state().media.is_picture(id, now) => {
                return Answer::Malformed("a picture that the platform does not have");
            }
            Answer::Voice(id) if !self.state().media.is_voice(id, now) => {
                return Answer::Malformed("a voice that the platform does not have");
            }
            _ => seats::note(self, &parcel.openid, &answer),
        }
        answer
    }

    /// The last answer, and how often the push was posted.
    pub(super) async fn deliver(&self, parcel: &Parcel) -> (Answer, usize) {
        let mut answer = Answer::Missing;
        for posted in 1..=DELIVERIES {
            answer = self.post(parcel).await;
            if !answer.asks_for_a_repeat() {
                return (answer, posted);
            }
        }
        (answer, DELIVERIES)
    }

    async fn post(&self, parcel: &Parcel) -> Answer {
        let request = self
            .inner
            .http
            .post(&parcel.url)
            .query(&parcel.query)
            .header("content-type", "text/xml")
            .body(parcel.body.clone());
        let exchange = async {
            let response = request.send().await?;
            let status = response.status();
            Ok::<_, reqwest::Error>((status, response.text().await?))
        };
        match tokio::time::timeout(self.inner.patience, exchange).await {
            Ok(Ok((status, body))) if status.is_success() => {
                let answer =
                    reply::read(&parcel.account, &parcel.openid, parcel.articles_allowed, &body);
                self.understood(parcel, answer)
            }
            Ok(Ok((status, _))) => Answer::Refused(status.as_u16()),
            Ok(Err(_)) | Err(_) => Answer::Missing,
        }
    }
}

/// A code that a stranger scans becomes a follow, and one that a follower scans a scan.
fn as_the_platform_sees_it(message: Message, follows: bool) -> Result<Message, NotPushed> {
    match message {
        Message::Scan { scene } if !follows => Ok(Message::Follow { scene: Some(scene) }),
        // An article can be read by anybody.
        Message::Follow { .. } | Message::Consent { .. } => Ok(message),
        _ if follows => Ok(message),
        _ => Err(NotPushed::NotFollowing),
    }
}

pub(super) fn account_of(state: &State, slug: &str) -> Result<SimulatedAccount, NotPushed> {
    let account = state.accounts.iter().find(|account| account.given.slug == slug);
    account.map(|account| account.given.clone()).ok_or(NotPushed::NoWebhook)
}

fn remember(state: &mut State, openid: &str, message: &Message, now: DateTime<Utc>) {
    let Some(person) = state.person_mut(openid) else { return };
    match message {
        Message::Follow { scene } => {
            person.follows = true;
            person.followed_at = now;
            person.scene.clone_from(scene);
            person.windows.tapped(now);
        }
        Message::Unfollow => {
            person.follows = false;
            person.windows = Windows::default();
            state.tags.forget(openid);
        }
        // Opening a page from the menu grants nothing.
        Message::View { .. } => {}
        Message::Consent { template, accepted, .. } => {
            state.subscriptions.answered(openid, template, *accepted);
        }
        _ if message.opens_the_chat() => person.windows.chatted(now),
        _ => person.windows.tapped(now),
    }
}

fn sealed_body(account: &SimulatedAccount, clear: &str, sealed: &str) -> String {
    let mut xml = Xml::empty();
    if account.mode == Mode::Compat {
        // Clear fields and sealed ones side by side.
        xml.text("Encrypt", sealed);
        let sealed_part = xml.close();
        let sealed_part = sealed_part.trim_start_matches("<xml>");
        return format!("{}{sealed_part}", clear.trim_end_matches("</xml>"));
    }
    xml.text("ToUserName", &account.original_id).text("Encrypt", sealed);
    xml.close()
}
