//! Whether the process lives, and whether it can work: for whatever restarts it or sends it
//! requests.
//!
//! Deliberately absent: Redis, whose loss loses nothing, and the platform, whose loss is waited
//! out. An instance that cannot reach them is as good as any other.

use super::Site;
use crate::telemetry::Chain;
use actix_web::{HttpResponse, web::Data};
use serde_json::json;
use std::time::Duration;

/// Longer than any healthy database takes, shorter than the patience of what asks.
const PATIENCE: Duration = Duration::from_secs(2);

/// The process answers.
pub(super) async fn live() -> HttpResponse {
    HttpResponse::Ok().json(json!({ "status": "ok" }))
}

/// The database answers and has the schema that this version needs.
pub(super) async fn ready(site: Data<Site>) -> HttpResponse {
    let looked = tokio::time::timeout(PATIENCE, site.app.store.migration_status()).await;
    let (database, migrations) = match looked {
        Ok(Ok(found)) if found.pending.is_empty() => ("ok", "ok"),
        Ok(Ok(_)) => ("ok", "pending"),
        Ok(Err(error)) => {
            tracing::warn!(error = %Chain(&error), "the database is not ready");
            ("away", "unknown")
        }
        Err(_) => ("slow", "unknown"),
    };
    let body = json!({ "database": database, "migrations": migrations });
    if (database, migrations) == ("ok", "ok") {
        HttpResponse::Ok().json(body)
    } else {
        HttpResponse::ServiceUnavailable().json(body)
    }
}
