//! What phone pages need besides themselves: styles and scripts. Compiled in.
//!
//! An address carries a fingerprint of the content, so a phone keeps a file for a year and asks
//! for a changed one at once.

use actix_web::{HttpResponse, http::header, web::Path};
use rust_embed::RustEmbed;
use std::fmt::Write as _;

#[derive(RustEmbed)]
#[folder = "templates/static/"]
#[include = "weui.min.css"]
#[include = "LICENSE-weui"]
#[include = "phone.css"]
#[include = "phone.js"]
struct Embedded;

/// The address of a file.
pub(super) fn address(name: &str) -> String {
    let mut address = format!("/m/static/{name}");
    if let Some(file) = Embedded::get(name) {
        address.push_str("?v=");
        for byte in file.metadata.sha256_hash().iter().take(6) {
            let _ = write!(address, "{byte:02x}");
        }
    }
    address
}

/// Serves a file.
pub(super) async fn file(name: Path<String>) -> HttpResponse {
    match Embedded::get(&name) {
        Some(file) => HttpResponse::Ok()
            .content_type(file.metadata.mimetype())
            .insert_header((header::CACHE_CONTROL, "public, max-age=31536000, immutable"))
            .body(file.data.into_owned()),
        None => HttpResponse::NotFound().finish(),
    }
}
