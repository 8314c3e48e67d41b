//! How a server is started, and when it stops.

use std::net::SocketAddr;
use std::path::PathBuf;

use crate::tls::TlsSource;

/// What `courtyard serve` is told.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ServeOptions {
    /// The data folder; made and founded if there is none.
    pub data: PathBuf,
    /// Where to listen; port 0 takes a free one.
    pub listen: SocketAddr,
    /// TLS.
    pub tls: TlsSource,
    /// The address that invitations carry, if it is not the one of `listen`.
    pub public_address: Option<String>,
    /// Stop when standard input closes: a child ends with its parent, however that ends.
    pub until_stdin_closes: bool,
}

impl ServeOptions {
    /// A server on this folder with what holds unless told otherwise.
    pub fn new(data: impl Into<PathBuf>) -> Self {
        ServeOptions {
            data: data.into(),
            listen: SocketAddr::from(([127, 0, 0, 1], 8080)),
            tls: TlsSource::None,
            public_address: None,
            until_stdin_closes: false,
        }
    }
}

/// The filter of the logs: `COURTYARD_LOG`, or `info`.
#[expect(clippy::disallowed_methods, reason = "the one home of settings from the environment")]
pub fn log_filter() -> String {
    std::env::var("COURTYARD_LOG").unwrap_or_else(|_| "info".to_owned())
}

/// Done when the process is asked to stop: ctrl-c, SIGTERM, or, if wanted, the end of standard
/// input.
pub async fn stop_signal(until_stdin_closes: bool) {
    let interrupted = async {
        if tokio::signal::ctrl_c().await.is_err() {
            // Without the handler the signal ends the process by itself.
            std::future::pending::<()>().await;
        }
    };
    let closed = async {
        if until_stdin_closes {
            let mut rest = tokio::io::sink();
            let _ = tokio::io::copy(&mut tokio::io::stdin(), &mut rest).await;
        } else {
            std::future::pending::<()>().await;
        }
    };
    tokio::select! {
        biased;
        () = interrupted => {}
        () = terminated() => {}
        () = closed => {}
    }
}

#[cfg(unix)]
async fn terminated() {
    use tokio::signal::unix::{SignalKind, signal};
    match signal(SignalKind::terminate()) {
        Ok(mut signal) => {
            signal.recv().await;
        }
        Err(_) => std::future::pending().await,
    }
}

#[cfg(not(unix))]
async fn terminated() {
    std::future::pending().await
}
