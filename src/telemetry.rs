//! Logs, request spans and figures: how the service shows what it does.
//!
//! It promises that nothing personal is shown: a request's span has its method, its route as a
//! pattern and its status, never the path, the query, the address of the client or a body.
//!
//! Deliberately absent: a figure or a log line of any module's own. Each module says its own.

use actix_web::{
    Error,
    body::MessageBody,
    dev::{ServiceRequest, ServiceResponse},
};
use metrics_exporter_prometheus::{PrometheusBuilder, PrometheusHandle};
use std::{error::Error as StdError, fmt, sync::OnceLock};
use tracing::Span;
use tracing_actix_web::RootSpanBuilder;
use tracing_subscriber::EnvFilter;

/// Seconds: a push has five, and we give ourselves four.
const BUCKETS: [f64; 9] = [0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 4.0];

/// Sends logs to standard error, filtered by `filter` (`RUST_LOG`) or else by `default`. Standard
/// output belongs to what a command prints. Later calls change nothing.
pub fn log(filter: Option<&str>, default: &str) {
    // A filter that cannot be read is one of the mistakes that the configuration lists.
    let chosen = filter.and_then(|filter| EnvFilter::try_new(filter).ok());
    let filter = chosen.unwrap_or_else(|| EnvFilter::new(default));
    let _ = tracing_subscriber::fmt()
        .with_env_filter(filter)
        .with_writer(std::io::stderr)
        .with_ansi(std::io::IsTerminal::is_terminal(&std::io::stderr()))
        .try_init();
}

/// The figures of this process. The first call begins to count; none where something else in the
/// process counts already.
pub fn figures() -> Option<&'static PrometheusHandle> {
    static FIGURES: OnceLock<Option<PrometheusHandle>> = OnceLock::new();
    let begin = || PrometheusBuilder::new().set_buckets(&BUCKETS).ok()?.install_recorder().ok();
    FIGURES.get_or_init(begin).as_ref()
}

/// An error and everything that led to it, on one line: for the one place that logs it.
pub struct Chain<'a>(pub &'a dyn StdError);

impl fmt::Display for Chain<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.0)?;
        let mut next = self.0.source();
        while let Some(error) = next {
            write!(f, ": {error}")?;
            next = error.source();
        }
        Ok(())
    }
}

/// The span around a request: what was asked for, never by whom or with which words.
pub struct QuietSpan;

impl RootSpanBuilder for QuietSpan {
    fn on_request_start(request: &ServiceRequest) -> Span {
        // A path that matches no route may hold anything.
        let route = request.match_pattern().unwrap_or_else(|| "unknown".to_owned());
        tracing::info_span!(
            "request",
            http.method = %request.method(),
            http.route = route,
            http.status_code = tracing::field::Empty,
        )
    }

    fn on_request_end<B: MessageBody>(span: Span, outcome: &Result<ServiceResponse<B>, Error>) {
        let status = match outcome {
            Ok(response) => response.status(),
            Err(error) => error.as_response_error().status_code(),
        };
        span.record("http.status_code", status.as_u16());
        tracing::debug!(parent: &span, "answered");
    }
}
