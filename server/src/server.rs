//! A whole server on a data folder: node, writer, follower of the view, router, serve loop.

use std::future::Future;
use std::sync::Arc;

use axum::Router;
use metrics_exporter_prometheus::PrometheusHandle;
use tokio::net::TcpListener;
use tokio_rustls::TlsAcceptor;

use crate::app::{App, Around};
use crate::clock::ServerClock;
use crate::config::ServeOptions;
use crate::exceptions::keeper;
use crate::folder::{Reached, ServerLock};
use crate::founding::office_of;
use crate::log::sqlite::SqliteLog;
use crate::log::{Log, LogError};
use crate::node::{Node, NodeError};
use crate::office::county;
use crate::readers::Readers;
use crate::rng::ServerRng;
use crate::router::router;
use crate::tls::Tls;
use crate::view::Follower;
use crate::writer::{OnCommit, Writer};

/// A server that listens and has not begun to serve.
#[derive(Debug)]
pub struct Server {
    listener: TcpListener,
    tls: Option<Tls>,
    router: Router,
    app: App,
    reached: Reached,
    founded: bool,
    // In the order in which they must go: the writer's waker before the follower, the lock last.
    follower: Follower,
    _lock: ServerLock,
}

impl Server {
    /// Opens the data folder and listens.
    ///
    /// # Errors
    /// [`NodeError`] if the folder, TLS or the address cannot be used.
    pub async fn open(
        options: &ServeOptions,
        clock: Arc<dyn ServerClock>,
        rng: ServerRng,
        metrics: PrometheusHandle,
    ) -> Result<Server, NodeError> {
        let folder = crate::folder::DataFolder::open(&options.data)
            .map_err(NodeError::file("the data folder"))?;
        let lock = folder.lock().map_err(|error| match error.kind() {
            std::io::ErrorKind::WouldBlock => NodeError::Running,
            _ => NodeError::file("server.lock")(error),
        })?;
        let mut node = Node::open(&options.data, clock, rng)?;
        let founded = node.founded();
        let tls = Tls::of(&options.tls, &folder)?;
        let listener = TcpListener::bind(options.listen)
            .await
            .map_err(NodeError::file(format!("listening on {}", options.listen)))?;
        let address =
            listener.local_addr().map_err(NodeError::file("the address of the listener"))?;
        let scheme = if tls.is_some() { "https" } else { "http" };
        let reached = Reached {
            address: options
                .public_address
                .clone()
                .unwrap_or_else(|| format!("{scheme}://{address}")),
            tls_pin: tls.as_ref().map(|tls| hex::encode(tls.pin)),
        };
        node.write_reached(&reached)?;
        let follower = Follower::start(folder.view(), Box::new(SqliteLog::open(&folder.log())?))
            .map_err(NodeError::file("a thread"))?;
        let readers = Readers::followed(folder.view(), follower.shown());
        node.offer_setup()?;
        let around = Around { folder, reached: Some(reached.clone()), readers };
        let app = app(node, Box::new(follower.waker()), metrics, around)?;
        let router = router(app.clone());
        Ok(Server { listener, tls, router, app, reached, founded, follower, _lock: lock })
    }

    /// Where it listens, such as `http://127.0.0.1:8080`.
    ///
    /// # Errors
    /// The system's error.
    pub fn address(&self) -> Result<String, NodeError> {
        let address =
            self.listener.local_addr().map_err(NodeError::file("the address of the listener"))?;
        let scheme = if self.tls.is_some() { "https" } else { "http" };
        Ok(format!("{scheme}://{address}"))
    }

    /// How phones reach it.
    pub fn reached(&self) -> &Reached {
        &self.reached
    }

    /// Whether this start founded the county, and so made the root key.
    pub fn founded(&self) -> bool {
        self.founded
    }

    /// The code that the pages' set-up asks for; none once somebody can sign in.
    pub fn setup_code(&self) -> Option<String> {
        self.app.folder().setup_code()
    }

    /// Serves until `stop` is done; on return everything acknowledged is in the log, and the view
    /// has stopped following.
    ///
    /// # Errors
    /// The system's error if connections can no longer be taken.
    pub async fn run(self, stop: impl Future<Output = ()>) -> Result<(), NodeError> {
        let tls = self.tls.map(|tls| TlsAcceptor::from(tls.config));
        let shown = self.follower.shown();
        let keeper = keeper::keep(self.app.clone(), shown.subscribe());
        let keeper = tokio::spawn(keeper);
        // Pages that wait for news end first, so that their connections can.
        let told = Arc::clone(&shown);
        let stop = async move {
            stop.await;
            told.send_modify(|shown| shown.stopping = true);
        };
        let served = crate::serve::serve(self.listener, self.router, tls, stop).await;
        self.app.writer().stop();
        shown.send_modify(|shown| shown.stopping = true);
        if keeper.await.is_err() {
            tracing::error!("whoever keeps the exceptions had failed");
        }
        drop(self.app);
        drop(self.follower);
        served.map_err(NodeError::file("serving"))
    }
}

/// The application over a node, with a writer thread.
fn app(
    node: Node,
    on_commit: OnCommit,
    metrics: PrometheusHandle,
    around: Around,
) -> Result<App, NodeError> {
    let (folder, mut log, office, clock) = node.into_parts();
    let reading = office_of(&folder, &county(log.read()?.as_ref())?)?;
    let path = folder.log();
    let open = move || -> Result<Box<dyn Log>, LogError> { Ok(Box::new(SqliteLog::open(&path)?)) };
    let writer =
        Writer::thread(Box::new(log), office, on_commit).map_err(NodeError::file("a thread"))?;
    Ok(App::new(writer, reading, clock, Box::new(open), metrics, around))
}

/// The application over a node without any thread, for tests and simulation: each request commits
/// inline, and the view follows when it is asked to.
///
/// # Errors
/// [`NodeError`] if the log cannot be read.
pub fn inline_app(node: Node) -> Result<App, NodeError> {
    let (folder, mut log, office, clock) = node.into_parts();
    let reading = office_of(&folder, &county(log.read()?.as_ref())?)?;
    let path = folder.log();
    let open = move || -> Result<Box<dyn Log>, LogError> { Ok(Box::new(SqliteLog::open(&path)?)) };
    let writer = Writer::inline(Box::new(log), office, Box::new(|| {}));
    let readers = Readers::alone(folder.view(), folder.log());
    let around = Around { folder, reached: None, readers };
    let metrics = crate::telemetry::no_metrics();
    Ok(App::new(writer, reading, clock, Box::new(open), metrics, around))
}
