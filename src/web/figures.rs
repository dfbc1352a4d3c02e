//! Figures for Prometheus, shown to this machine and to trusted gateways only.
//!
//! The peer of the connection counts: a header could be written by anybody. Behind a gateway
//! that is itself on this machine, the gateway must not pass `/metrics` on.

use super::{Site, pages};
use crate::telemetry;
use actix_web::{HttpRequest, HttpResponse, web::Data};

/// The figures of this process.
pub(super) async fn figures(request: HttpRequest, site: Data<Site>) -> HttpResponse {
    let trusted = request.peer_addr().is_some_and(|peer| site.trusts(peer.ip()));
    match telemetry::figures() {
        Some(figures) if trusted => {
            // Nobody else empties the histograms.
            figures.run_upkeep();
            HttpResponse::Ok()
                .content_type("text/plain; version=0.0.4; charset=utf-8")
                .body(figures.render())
        }
        Some(_) | None => pages::not_found().await,
    }
}
