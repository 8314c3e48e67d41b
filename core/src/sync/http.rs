//! Sync over HTTP/1.1: one connection that is kept alive, the server's key pinned by the invitation.
//!
//! hyper with a runtime of one thread, the caller's own: sixteen phones in one process start no
//! thread, no header travels that nobody reads, and the bytes of the wire are counted as they are.

mod address;
mod counted;
mod pin;
mod stop;
#[cfg(test)]
mod tests;

use std::sync::Arc;
use std::time::Duration;

use http_body_util::{BodyExt as _, Full, Limited};
use hyper::body::Bytes;
use hyper::client::conn::http1::{self, SendRequest};
use hyper::{Method, Request, header};
use hyper_util::rt::TokioIo;
use rustls::ClientConfig;
use tokio::net::TcpStream;
use tokio::runtime::{Builder, Runtime};
use tokio::time::timeout;
use tokio_rustls::TlsConnector;

use self::address::Address;
use self::counted::{Counted, Counters};
use super::transport::{Transport, TransportAnswer, TransportError};
use crate::wire::limits;

pub use self::counted::Traffic;
pub use self::stop::Stopper;

/// What an answer's head and what is read ahead of its body may take in memory.
const READ_BUFFER_BYTES: usize = 64 * 1024;

/// How long to wait, and whether plain HTTP may leave this machine.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct HttpOptions {
    /// For finding the server, its connection and the TLS handshake together.
    pub connect_timeout: Duration,
    /// For one post, from the call to the last byte of the answer.
    pub total_timeout: Duration,
    /// Plain HTTP also to other machines: for a network that is trusted in another way.
    pub plain_anywhere: bool,
}

impl Default for HttpOptions {
    /// 15 s to connect, 120 s in all (a full body takes 105 s at 20 kbit/s), plain HTTP to this
    /// machine only.
    fn default() -> Self {
        HttpOptions {
            connect_timeout: Duration::from_secs(15),
            total_timeout: Duration::from_secs(120),
            plain_anywhere: false,
        }
    }
}

/// Posts to one server. For plain threads: it blocks, and inside an async task it would panic as
/// every runtime within a runtime does.
#[derive(Debug)]
pub struct HttpTransport {
    link: Link,
    /// `None` only while it is dropped.
    runtime: Option<Runtime>,
    stopper: Stopper,
}

#[derive(Debug)]
struct Link {
    address: Address,
    tls: Option<Arc<ClientConfig>>,
    options: HttpOptions,
    counters: Arc<Counters>,
    open: Option<SendRequest<Full<Bytes>>>,
}

impl HttpTransport {
    /// A way to the server at `address` (`https://host:port`, `http://127.0.0.1:port`) that holds
    /// the pinned key. Nothing is connected before the first post.
    ///
    /// # Errors
    /// [`TransportError::Address`] for an address that is no bare `http(s)://host[:port]`, for
    /// `https` without a pin, for `http` with one, and for `http` to another machine unless
    /// [`HttpOptions::plain_anywhere`]; [`TransportError::Unreachable`] if the system gives no
    /// resources.
    pub fn new(
        address: &str,
        tls_pin: Option<[u8; 32]>,
        options: HttpOptions,
    ) -> Result<Self, TransportError> {
        let address = Address::parse(address)?;
        let tls = match (address.is_tls(), tls_pin) {
            (true, Some(pin)) => Some(pin::client_config(pin)?),
            (true, None) => return Err(wrong("https needs the pin of an invitation")),
            (false, Some(_)) => return Err(wrong("a pinned server is not spoken to in plain")),
            (false, None) if options.plain_anywhere || address.is_loopback() => None,
            (false, None) => return Err(wrong("plain http is for this machine only")),
        };
        let runtime = Builder::new_current_thread().enable_all().build().map_err(unreachable)?;
        let link =
            Link { address, tls, options, counters: Arc::new(Counters::default()), open: None };
        Ok(HttpTransport { link, runtime: Some(runtime), stopper: Stopper::default() })
    }

    /// What ends this transport from another thread.
    pub fn stopper(&self) -> Stopper {
        self.stopper.clone()
    }

    /// What has gone over the wire so far.
    pub fn traffic(&self) -> Traffic {
        self.link.counters.traffic()
    }
}

impl Drop for HttpTransport {
    fn drop(&mut self) {
        if let Some(runtime) = self.runtime.take() {
            // Looking up a name may hang in the system for minutes; nobody waits for it any more.
            runtime.shutdown_background();
        }
    }
}

impl Transport for HttpTransport {
    fn post(&mut self, path: &str, body: Vec<u8>) -> Result<TransportAnswer, TransportError> {
        let HttpTransport { link, runtime: Some(runtime), stopper } = self else {
            return Err(lost("the transport was closed"));
        };
        let total = link.options.total_timeout;
        runtime.block_on(async {
            match stopper.unless(timeout(total, link.post(path, body.into()))).await {
                Some(Ok(done)) => done,
                Some(Err(_)) => {
                    link.open = None;
                    Err(lost("no whole answer in time"))
                }
                None => {
                    link.open = None;
                    Err(lost("it was told to end"))
                }
            }
        })
    }
}

impl Link {
    async fn post(&mut self, path: &str, body: Bytes) -> Result<TransportAnswer, TransportError> {
        // A kept connection may have been closed by the other end in the meantime, which shows only
        // now. Repeating a body changes nothing, so it goes out once more over a new one.
        if let Some(mut kept) = self.open.take()
            && kept.ready().await.is_ok()
            && let Ok(head) = self.send(&mut kept, path, body.clone()).await
        {
            return self.answer(kept, head).await;
        }
        let mut fresh = self.connect().await?;
        let head = self.send(&mut fresh, path, body).await.map_err(lost)?;
        self.answer(fresh, head).await
    }

    async fn send(
        &self,
        connection: &mut SendRequest<Full<Bytes>>,
        path: &str,
        body: Bytes,
    ) -> Result<hyper::Response<hyper::body::Incoming>, Box<dyn std::error::Error + Send + Sync>>
    {
        let request = Request::builder()
            .method(Method::POST)
            .uri(path)
            .header(header::HOST, self.address.host_header())
            .body(Full::new(body))?;
        self.counters.count_request();
        Ok(connection.send_request(request).await?)
    }

    async fn answer(
        &mut self,
        connection: SendRequest<Full<Bytes>>,
        head: hyper::Response<hyper::body::Incoming>,
    ) -> Result<TransportAnswer, TransportError> {
        let status = head.status().as_u16();
        let body = Limited::new(head.into_body(), limits::BODY_BYTES.len());
        let body = body.collect().await.map_err(lost)?.to_bytes().into();
        self.open = Some(connection);
        Ok(TransportAnswer { status, body })
    }

    async fn connect(&self) -> Result<SendRequest<Full<Bytes>>, TransportError> {
        timeout(self.options.connect_timeout, self.try_connect())
            .await
            .unwrap_or_else(|_| Err(unreachable("no connection in time")))
    }

    async fn try_connect(&self) -> Result<SendRequest<Full<Bytes>>, TransportError> {
        let stream = TcpStream::connect(self.address.to_connect()).await.map_err(unreachable)?;
        // Each body is written whole; waiting to fill a packet only costs a round trip.
        stream.set_nodelay(true).map_err(unreachable)?;
        let stream = Counted::new(stream, Arc::clone(&self.counters));
        let Some(tls) = &self.tls else { return open(stream).await };
        let name = self.address.server_name()?;
        match TlsConnector::from(Arc::clone(tls)).connect(name, stream).await {
            Ok(stream) => open(stream).await,
            Err(error) if pin::is_wrong_key(&error) => Err(TransportError::WrongKey),
            Err(error) => Err(unreachable(error)),
        }
    }
}

async fn open<S>(stream: S) -> Result<SendRequest<Full<Bytes>>, TransportError>
where
    S: tokio::io::AsyncRead + tokio::io::AsyncWrite + Send + Unpin + 'static,
{
    let (sender, connection) = http1::Builder::new()
        .max_buf_size(READ_BUFFER_BYTES)
        .handshake(TokioIo::new(stream))
        .await
        .map_err(unreachable)?;
    // It runs while a post waits, on the same thread; its error reaches the post as well.
    tokio::spawn(async move {
        let _ended = connection.await;
    });
    Ok(sender)
}

/// The error with its causes, in one line.
fn in_words(error: impl Into<Box<dyn std::error::Error + Send + Sync>>) -> String {
    let error = error.into();
    let mut words = error.to_string();
    let mut source = error.source();
    while let Some(cause) = source {
        let cause_words = cause.to_string();
        if !words.ends_with(&cause_words) {
            words = format!("{words}: {cause_words}");
        }
        source = cause.source();
    }
    words
}

fn unreachable(error: impl Into<Box<dyn std::error::Error + Send + Sync>>) -> TransportError {
    TransportError::Unreachable { reason: in_words(error) }
}

fn lost(error: impl Into<Box<dyn std::error::Error + Send + Sync>>) -> TransportError {
    TransportError::Lost { reason: in_words(error) }
}

fn wrong(reason: &str) -> TransportError {
    TransportError::Address { reason: reason.to_owned() }
}
