//! The files by which the platform is shown that a domain is ours. Each account has one, and it
//! is served by its exact name.

use crate::web::Site;
use actix_web::{
    HttpResponse,
    web::{Data, Path},
};

/// The file, whosever account's it is.
pub(super) async fn file(site: Data<Site>, name: Path<String>) -> HttpResponse {
    let proofs = site.app.accounts.iter().filter_map(|account| account.domain_proof.as_ref());
    let mut proofs = proofs.filter(|(file, _)| *file == *name);
    match proofs.next() {
        Some((_, text)) => {
            HttpResponse::Ok().content_type("text/plain; charset=utf-8").body(text.clone())
        }
        None => HttpResponse::NotFound().finish(),
    }
}
