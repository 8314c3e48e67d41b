//! The serve loop: HTTP/1 by hyper over TCP or TLS, with limits on connections and time, and a stop
//! that finishes what has begun.

use std::convert::Infallible;
use std::future::Future;
use std::net::{IpAddr, SocketAddr};
use std::pin::pin;
use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::body::Body;
use courtyard_core::wire::Door;
use hyper::body::Incoming;
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper_util::rt::{TokioIo, TokioTimer};
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::net::TcpListener;
use tokio::sync::{Semaphore, watch};
use tokio_rustls::TlsAcceptor;
use tower_service::Service as _;

use crate::router::{Peer, refusal};

/// Connections at once; beyond it the system's queue holds the callers.
const CONNECTIONS: usize = 4_096;
/// From the first byte of a request, or from the end of the last one, to the end of its headers.
const HEADERS_WITHIN: Duration = Duration::from_secs(60);
/// One request with its body, at village speed: 256 KiB at 2 KiB/s.
const REQUEST_WITHIN: Duration = Duration::from_secs(150);
/// The TLS handshake.
const HANDSHAKE_WITHIN: Duration = Duration::from_secs(20);
/// How long a stop waits for requests that have begun.
const STOP_WITHIN: Duration = Duration::from_secs(10);
/// Headers of one request.
const HEADER_BYTES: usize = 16 * 1024;

/// Serves until `stop` is done; then takes no new connection and finishes what has begun.
///
/// # Errors
/// The system's error if connections can no longer be taken.
pub async fn serve(
    listener: TcpListener,
    router: Router,
    tls: Option<TlsAcceptor>,
    stop: impl Future<Output = ()>,
) -> std::io::Result<()> {
    let places = Arc::new(Semaphore::new(CONNECTIONS));
    let (stopping, watch) = watch::channel(false);
    let mut stop = pin!(stop);
    loop {
        let place = Arc::clone(&places).acquire_owned();
        let (stream, peer) = tokio::select! {
            biased;
            () = &mut stop => break,
            accepted = async { (place.await, listener.accept().await) } => match accepted {
                (Ok(place), Ok((stream, peer))) => ((stream, place), peer),
                (Err(_), _) => break,
                (_, Err(error)) => {
                    // A connection that was gone before it was taken, or no more file handles:
                    // in both cases the next one may do.
                    tracing::warn!(%error, "a connection could not be taken");
                    tokio::time::sleep(Duration::from_millis(20)).await;
                    continue;
                }
            },
        };
        let (stream, place) = stream;
        let (router, tls, watch) = (router.clone(), tls.clone(), watch.clone());
        tokio::spawn(async move {
            // Small answers go out at once.
            let _ = stream.set_nodelay(true);
            match tls {
                None => connection(stream, peer, router, watch).await,
                Some(tls) => {
                    match tokio::time::timeout(HANDSHAKE_WITHIN, tls.accept(stream)).await {
                        Ok(Ok(stream)) => connection(stream, peer, router, watch).await,
                        Ok(Err(error)) => tracing::debug!(%error, "TLS handshake"),
                        Err(_) => tracing::debug!("TLS handshake took too long"),
                    }
                }
            }
            drop(place);
        });
    }
    drop(watch);
    drop(listener);
    let _ = stopping.send(true);
    // Every connection holds a watcher; the channel closes with the last of them.
    if tokio::time::timeout(STOP_WITHIN, stopping.closed()).await.is_err() {
        tracing::warn!("stopped before every connection had finished");
    }
    Ok(())
}

/// One connection, until it is closed, goes silent, or the server stops.
async fn connection<S>(
    stream: S,
    peer: SocketAddr,
    router: Router,
    mut stopping: watch::Receiver<bool>,
) where
    S: AsyncRead + AsyncWrite + Unpin + Send + 'static,
{
    let address = peer.ip();
    let service =
        service_fn(move |request: hyper::Request<Incoming>| call(router.clone(), address, request));
    let connection = http1::Builder::new()
        .timer(TokioTimer::new())
        .header_read_timeout(HEADERS_WITHIN)
        .max_buf_size(HEADER_BYTES)
        // The answers of one seed are the same bytes in every run.
        .auto_date_header(false)
        .serve_connection(TokioIo::new(stream), service);
    let mut connection = pin!(connection);
    let mut told = false;
    let result = loop {
        tokio::select! {
            biased;
            _ = stopping.changed(), if !told => {
                told = true;
                connection.as_mut().graceful_shutdown();
            }
            result = connection.as_mut() => break result,
        }
    };
    if let Err(error) = result {
        tracing::debug!(%error, "a connection ended early");
    }
}

async fn call(
    router: Router,
    address: IpAddr,
    request: hyper::Request<Incoming>,
) -> Result<hyper::Response<Body>, Infallible> {
    let mut request = request.map(Body::new);
    request.extensions_mut().insert(Peer(address.to_canonical()));
    let mut router = router;
    match tokio::time::timeout(REQUEST_WITHIN, router.call(request)).await {
        Ok(answer) => answer,
        Err(_) => {
            let mut late = refusal(&Door::Unavailable.into());
            late.headers_mut().insert(
                hyper::header::CONNECTION,
                hyper::header::HeaderValue::from_static("close"),
            );
            Ok(late)
        }
    }
}
