//! Logs as JSON lines on standard error, and counters for `/metrics`. Neither ever holds a name, a
//! phone number, a weight or an amount.

use metrics_exporter_prometheus::{Matcher, PrometheusBuilder, PrometheusHandle};
use tracing_subscriber::EnvFilter;

/// Buckets for how many requests shared an fsync.
const GROUP: [f64; 7] = [1.0, 2.0, 4.0, 8.0, 16.0, 32.0, 64.0];

/// Sends logs to standard error as JSON lines. The filter is such as `info` or
/// `courtyard_server=debug`; one that cannot be read counts as `info`.
pub fn log_to_stderr(filter: &str) {
    let filter = EnvFilter::try_new(filter).unwrap_or_else(|_| EnvFilter::new("info"));
    let logs = tracing_subscriber::fmt()
        .json()
        .flatten_event(true)
        .with_writer(std::io::stderr)
        .with_env_filter(filter)
        .finish();
    // A second call, as in tests, keeps the first.
    let _ = tracing::subscriber::set_global_default(logs);
}

/// Collects counters for the whole process and hands out what `/metrics` shows.
///
/// Only the first call of a process collects; later handles show nothing.
pub fn collect_metrics() -> PrometheusHandle {
    let builder = PrometheusBuilder::new();
    let builder = builder
        .set_buckets_for_metric(Matcher::Suffix("_requests".to_owned()), &GROUP)
        .unwrap_or_else(|_| PrometheusBuilder::new());
    let recorder = builder.build_recorder();
    let handle = recorder.handle();
    let _ = metrics::set_global_recorder(recorder);
    handle
}

/// A handle that shows nothing: for a router without a process of its own.
pub fn no_metrics() -> PrometheusHandle {
    PrometheusBuilder::new().build_recorder().handle()
}
