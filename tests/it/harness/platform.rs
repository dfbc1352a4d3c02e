//! An HTTP server that answers as a test tells it to, and remembers what it was asked.
//!
//! Deliberately absent: the platform's rules. A test that needs them says them.

use actix_web::{
    App, HttpRequest, HttpResponse, HttpServer, dev::ServerHandle, http::StatusCode, web,
};
use serde_json::Value;
use std::{
    collections::HashMap,
    sync::{Arc, Mutex, mpsc::channel},
    thread::JoinHandle,
};
use url::Url;

/// One request as it arrived.
#[derive(Debug, Clone)]
pub(crate) struct Asked {
    pub(crate) path: String,
    /// The `access_token` of the query.
    pub(crate) token: Option<String>,
    /// The whole query.
    pub(crate) query: HashMap<String, String>,
    pub(crate) method: String,
    /// All headers, by their names in small letters.
    pub(crate) headers: HashMap<String, String>,
    pub(crate) raw: String,
    pub(crate) bytes: Vec<u8>,
    /// Null where the body is not JSON.
    pub(crate) body: Value,
}

/// What to answer.
pub(crate) enum Answer {
    Json(Value),
    Text(u16, String),
    /// A status, a type and whatever there is.
    File(u16, &'static str, Vec<u8>),
    /// Keeps the connection and says nothing.
    Never,
}

type Rule = Arc<dyn Fn(&Asked) -> Answer + Send + Sync>;

/// A running server; stopped on drop.
pub(crate) struct Platform {
    address: Url,
    asked: Arc<Mutex<Vec<Asked>>>,
    handle: ServerHandle,
    thread: Option<JoinHandle<()>>,
}

impl Platform {
    /// Starts one that answers by `rule`.
    pub(crate) fn answering(rule: impl Fn(&Asked) -> Answer + Send + Sync + 'static) -> Self {
        let rule: Rule = Arc::new(rule);
        let asked: Arc<Mutex<Vec<Asked>>> = Arc::default();
        let (up, ready) = channel();
        let remembered = asked.clone();
        let thread = std::thread::spawn(move || {
            actix_web::rt::System::new().block_on(async move {
                let server = HttpServer::new(move || {
                    App::new()
                        .app_data(web::PayloadConfig::new(32 << 20))
                        .app_data(web::Data::new((rule.clone(), remembered.clone())))
                        .default_service(web::to(answer))
                })
                .workers(1)
                .disable_signals()
                .bind("127.0.0.1:0")
                .unwrap();
                let address = server.addrs()[0];
                let server = server.run();
                up.send((address, server.handle())).unwrap();
                server.await.unwrap();
            });
        });
        let (address, handle) = ready.recv().unwrap();
        let address = Url::parse(&format!("http://{address}")).unwrap();
        Self { address, asked, handle, thread: Some(thread) }
    }

    /// Where it listens.
    pub(crate) fn address(&self) -> Url {
        self.address.clone()
    }

    /// What it was asked so far, in order.
    pub(crate) fn asked(&self) -> Vec<Asked> {
        self.asked.lock().unwrap().clone()
    }

    /// How often it was asked for `path`.
    pub(crate) fn count(&self, path: &str) -> usize {
        self.asked().iter().filter(|asked| asked.path == path).count()
    }
}

impl Drop for Platform {
    fn drop(&mut self) {
        // The order to stop leaves at once; only its end would have to be awaited.
        drop(self.handle.stop(false));
        if let Some(thread) = self.thread.take() {
            let _ = thread.join();
        }
    }
}

async fn answer(
    request: HttpRequest,
    body: web::Bytes,
    told: web::Data<(Rule, Arc<Mutex<Vec<Asked>>>)>,
) -> HttpResponse {
    let query = web::Query::<HashMap<String, String>>::from_query(request.query_string()).unwrap();
    let asked = Asked {
        path: request.path().to_owned(),
        token: query.get("access_token").cloned(),
        query: query.0,
        method: request.method().to_string(),
        headers: request
            .headers()
            .iter()
            .map(|(name, value)| (name.to_string(), value.to_str().unwrap_or("").to_owned()))
            .collect(),
        bytes: body.to_vec(),
        raw: String::from_utf8_lossy(&body).into_owned(),
        body: serde_json::from_slice(&body).unwrap_or_default(),
    };
    told.1.lock().unwrap().push(asked.clone());
    match (told.0)(&asked) {
        // As the platform does: JSON that calls itself text.
        Answer::Json(value) => {
            HttpResponse::Ok().content_type("text/plain").body(value.to_string())
        }
        Answer::Text(status, text) => {
            HttpResponse::build(StatusCode::from_u16(status).unwrap()).body(text)
        }
        Answer::File(status, media_type, bytes) => {
            HttpResponse::build(StatusCode::from_u16(status).unwrap())
                .content_type(media_type)
                .insert_header(("etag", "\"1\""))
                .insert_header(("last-modified", "Mon, 02 Mar 2026 01:00:00 GMT"))
                .body(bytes)
        }
        Answer::Never => std::future::pending().await,
    }
}
