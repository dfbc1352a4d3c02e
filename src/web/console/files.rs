//! What pages need besides themselves: styles, scripts, pictures. Compiled in.
//!
//! An address carries a fingerprint of the content, so a browser keeps a file for a year and asks
//! for a changed one at once.

use actix_web::{HttpResponse, http::header, web::Path};
use rust_embed::RustEmbed;
use std::fmt::Write as _;

#[derive(RustEmbed)]
#[folder = "templates/static/"]
struct Embedded;

/// The address of a file below `templates/static/`.
pub(super) fn address(name: &str) -> String {
    let mut address = format!("/console/static/{name}");
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
