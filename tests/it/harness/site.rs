//! The site on a port of its own, and a platform that pushes to it.

use actix_web::dev::ServerHandle;
use lianxin::{
    app::{App, Parts},
    clock::StoppedClock,
    ids::SeededIds,
    shared::Shared,
    storage::Store,
    web::{self, Site},
    wechat::{
        account::{Account, Mode, Seats, Secret},
        client::http,
        envelope::{self, AesKey},
        signature::sign,
    },
};
use reqwest::{Method, Response};
use std::{collections::BTreeMap, sync::Arc};
use tokio_util::task::TaskTracker;
use url::Url;

/// Keys and names of an account that exists nowhere.
pub(crate) const TOKEN: &str = "tokenOfTheTests";
pub(crate) const KEY: &str = "abcdefghijklmnopqrstuvwxyz0123456789ABCDEFG";
pub(crate) const APP_ID: &str = "wx0000000000000001";
pub(crate) const ORIGINAL_ID: &str = "gh_000000000001";

/// An account with one token and one key.
pub(crate) fn account(mode: Mode) -> Account {
    Account {
        slug: "main".to_owned(),
        app_id: APP_ID.to_owned(),
        app_secret: Secret::new("secret"),
        tokens: vec![Secret::new(TOKEN)],
        aes_keys: vec![AesKey::parse(KEY).unwrap()],
        original_id: ORIGINAL_ID.to_owned(),
        mode,
        trusts_chat: mode != Mode::Plain,
        templates: BTreeMap::new(),
        subscriptions: std::collections::BTreeMap::new(),
        name: "云溪连心".to_owned(),
        has_web_auth: false,
        domain_proof: None,
        menu: None,
        wording: None,
        seats: Seats::Console,
    }
}

/// A running site; stopped on drop.
pub(crate) struct TestSite {
    pub(crate) app: App,
    address: Url,
    http: reqwest::Client,
    handle: ServerHandle,
}

impl TestSite {
    /// Serves `account` on the database behind `store`.
    pub(crate) fn serving(account: Account, store: &Store) -> Self {
        let clock = Arc::new(StoppedClock::at(super::monday()));
        let app = App::build(Parts {
            store: store.clone(),
            shared: Shared::memory(clock.clone()),
            media: super::no_media(),
            clock,
            ids: Arc::new(SeededIds::from_seed(1)),
            accounts: vec![account],
            api_url: Url::parse("http://127.0.0.1:9").unwrap(),
            public_url: Url::parse("http://127.0.0.1/").unwrap(),
            signing_key: Some(Secret::new("signs links")),
            record: None,
            templates: None,
        })
        .unwrap();
        let site = Site { app: app.clone(), trusted_proxies: Vec::new() };
        let (server, address) = web::serve(&site, "127.0.0.1:0".parse().unwrap()).unwrap();
        let handle = server.handle();
        TaskTracker::new().spawn(server);
        let address = Url::parse(&format!("http://{address}")).unwrap();
        Self { app, address, http: http().unwrap(), handle }
    }

    /// Where it listens, for a connection of one's own.
    pub(crate) fn host(&self) -> String {
        self.address.authority().to_owned()
    }

    /// Any request.
    pub(crate) async fn send(
        &self,
        method: Method,
        path: &str,
        body: impl Into<reqwest::Body>,
    ) -> Response {
        let address = self.address.join(path).unwrap();
        self.http.request(method, address).body(body).send().await.unwrap()
    }

    /// The answer to a `GET`: status and body.
    pub(crate) async fn get(&self, path: &str) -> (u16, String) {
        told(self.send(Method::GET, path, "").await).await
    }

    /// The answer to a push: status and body.
    pub(crate) async fn push(&self, query: &str, body: impl Into<reqwest::Body>) -> (u16, String) {
        told(self.send(Method::POST, &format!("/wechat/main?{query}"), body).await).await
    }
}

async fn told(response: Response) -> (u16, String) {
    (response.status().as_u16(), response.text().await.unwrap())
}

impl Drop for TestSite {
    fn drop(&mut self) {
        // The order to stop leaves at once; only its end would have to be awaited.
        drop(self.handle.stop(false));
    }
}

/// The query of a push that is signed with `token`.
pub(crate) fn signed(token: &str) -> String {
    let signature = sign(&[token, "1772413200", "n0nce"]);
    format!("signature={signature}&timestamp=1772413200&nonce=n0nce&openid=ignored")
}

/// The query and the body of a push that is sealed with `key` for `app_id`.
pub(crate) fn sealed(token: &str, key: &str, app_id: &str, message: &str) -> (String, String) {
    let encrypt = envelope::seal(&AesKey::parse(key).unwrap(), app_id, [7; 16], message);
    let signature = sign(&[token, "1772413200", "n0nce", &encrypt]);
    let query = format!("{}&encrypt_type=aes&msg_signature={signature}", signed(token));
    let body = format!(
        "<xml><ToUserName><![CDATA[{ORIGINAL_ID}]]></ToUserName><Encrypt><![CDATA[{encrypt}]]></Encrypt></xml>"
    );
    (query, body)
}

/// A text from `openid` as the platform writes it.
pub(crate) fn text(openid: &str, id: u64, content: &str) -> String {
    format!(
        "<xml><ToUserName><![CDATA[{ORIGINAL_ID}]]></ToUserName>\
         <FromUserName><![CDATA[{openid}]]></FromUserName><CreateTime>1772413200</CreateTime>\
         <MsgType><![CDATA[text]]></MsgType><Content><![CDATA[{content}]]></Content>\
         <MsgId>{id}</MsgId></xml>"
    )
}
