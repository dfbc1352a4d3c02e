//! Forms: what an operator's browser posts, and no other site's.
//!
//! A form brings along a token that follows from the session's, and is refused without it or where
//! the browser says that another site sent it. Lists of boxes arrive as repeated names.

use super::{
    desk::Desk,
    stop::{Stop, Why},
};
use actix_web::{FromRequest, HttpRequest, dev::Payload, web::Bytes};
use serde::{Deserialize, de::DeserializeOwned};
use std::{future::Future, pin::Pin};
use subtle::ConstantTimeEq;

/// Enough for the longest answer and a few hundred ticked boxes.
const LONGEST: usize = 256 * 1024;

/// A form that somebody at the desk posted.
pub(super) struct Posted<T> {
    /// Who.
    pub(super) desk: Desk,
    /// What.
    pub(super) form: T,
}

#[derive(Deserialize)]
struct Guard {
    #[serde(default)]
    csrf: String,
}

impl<T: DeserializeOwned + 'static> FromRequest for Posted<T> {
    type Error = Stop;
    type Future = Pin<Box<dyn Future<Output = Result<Self, Stop>>>>;

    fn from_request(request: &HttpRequest, payload: &mut Payload) -> Self::Future {
        let request = request.clone();
        let mut payload = payload.take();
        Box::pin(async move {
            let desk = Desk::extract(&request).await?;
            came_from_here(&request).map_err(|why| desk.stop(why))?;
            let body = body(&request, &mut payload).await.map_err(|why| desk.stop(why))?;
            let guard: Guard = read(&body).map_err(|why| desk.stop(why))?;
            desk.is_own_form(&guard.csrf)?;
            let form = read(&body).map_err(|why| desk.stop(why))?;
            Ok(Self { desk, form })
        })
    }
}

impl Desk {
    /// Stops a form that does not bring this session's token along.
    pub(super) fn is_own_form(&self, csrf: &str) -> Result<(), Stop> {
        if bool::from(csrf.as_bytes().ct_eq(self.form_token.as_bytes())) {
            return Ok(());
        }
        Err(self.stop(Why::ForeignForm))
    }
}

/// What browsers say of themselves: a form of another site is refused before it is read.
pub(super) fn came_from_here(request: &HttpRequest) -> Result<(), Why> {
    let site = request.headers().get("sec-fetch-site").and_then(|value| value.to_str().ok());
    match site {
        None | Some("same-origin" | "none") => Ok(()),
        Some(_) => Err(Why::ForeignForm),
    }
}

/// The body of a form, as long as it may be.
pub(super) async fn body(request: &HttpRequest, payload: &mut Payload) -> Result<Bytes, Why> {
    use futures_util::StreamExt as _;
    let mut body = Vec::new();
    let is_form = request.headers().get("content-type").and_then(|value| value.to_str().ok());
    if !is_form.is_some_and(|kind| kind.starts_with("application/x-www-form-urlencoded")) {
        return Err(Why::Unreadable);
    }
    while let Some(chunk) = payload.next().await {
        let chunk = chunk.map_err(|_| Why::Unreadable)?;
        if body.len() + chunk.len() > LONGEST {
            return Err(Why::TooLong);
        }
        body.extend_from_slice(&chunk);
    }
    Ok(Bytes::from(body))
}

/// The values of a form.
pub(super) fn read<T: DeserializeOwned>(body: &[u8]) -> Result<T, Why> {
    serde_html_form::from_bytes(body).map_err(|_| Why::Unreadable)
}
