//! `courtyard serve`: the district's server on a data folder.

use std::io::Write as _;
use std::net::SocketAddr;
use std::path::PathBuf;
use std::sync::Arc;

use clap::Args;

use super::Failure;
use crate::clock::SystemClock;
use crate::config::{ServeOptions, log_filter, stop_signal};
use crate::node::NodeError;
use crate::server::Server;
use crate::tls::TlsSource;
use crate::{rng, telemetry};

/// The district's server. The first start founds the district and needs no configuration.
#[derive(Debug, Args)]
pub struct ServeArgs {
    /// The data folder; made at the first start.
    #[arg(long, value_name = "DIR")]
    pub data: PathBuf,
    /// Where to listen; port 0 takes a free one.
    #[arg(long, value_name = "ADDR", default_value = "127.0.0.1:8080")]
    pub listen: SocketAddr,
    /// The TLS certificate chain, as PEM.
    #[arg(long, value_name = "FILE", requires = "tls_key")]
    pub tls_cert: Option<PathBuf>,
    /// Its key, as PEM.
    #[arg(long, value_name = "FILE", requires = "tls_cert")]
    pub tls_key: Option<PathBuf>,
    /// TLS with a certificate of our own, kept in the data folder; phones check its key, not its name.
    #[arg(long, conflicts_with = "tls_cert")]
    pub tls_self_signed: bool,
    /// The address that invitations carry, if phones reach the server by another one.
    #[arg(long, value_name = "URL")]
    pub public_address: Option<String>,
    /// Stop when standard input closes, so that a child ends with its parent.
    #[arg(long)]
    pub until_stdin_closes: bool,
}

impl ServeArgs {
    fn options(&self) -> ServeOptions {
        let tls = match (&self.tls_cert, &self.tls_key) {
            (Some(certificate), Some(key)) => {
                TlsSource::Files { certificate: certificate.clone(), key: key.clone() }
            }
            _ if self.tls_self_signed => TlsSource::SelfSigned,
            _ => TlsSource::None,
        };
        ServeOptions {
            data: self.data.clone(),
            listen: self.listen,
            tls,
            public_address: self.public_address.clone(),
            until_stdin_closes: self.until_stdin_closes,
        }
    }
}

/// Serves until it is asked to stop.
///
/// # Errors
/// [`Failure`] in words, if it cannot start or can no longer serve.
pub fn run(args: &ServeArgs) -> Result<(), Failure> {
    telemetry::log_to_stderr(&log_filter());
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .enable_all()
        .build()
        .map_err(|error| Failure::found(error.to_string()))?;
    let served = runtime.block_on(serve(&args.options()));
    // A read of standard input that never ends must not keep the process.
    runtime.shutdown_background();
    served.map_err(failure)
}

async fn serve(options: &ServeOptions) -> Result<(), NodeError> {
    let metrics = telemetry::collect_metrics();
    let server = Server::open(options, Arc::new(SystemClock), rng::system(), metrics).await?;
    if server.founded() {
        let advice = format!(
            "新建县社。根密钥在 {0}：请抄到别处保管，再从本机删除；日常运行不需要它。\n\
             A new district. Its root key is {0}: keep it elsewhere and remove it from this \
             machine; running does not need it.",
            options.data.join("root.key").display()
        );
        let _ = writeln!(std::io::stderr(), "{advice}");
    }
    if let Some(code) = server.setup_code() {
        let address = server.address()?;
        let advice = format!(
            "还没有用户。请在浏览器打开 {address}/setup ，输入设置码 {code} 。\n\
             No user yet. Open {address}/setup in a browser and type the set-up code {code}"
        );
        let _ = writeln!(std::io::stderr(), "{advice}");
    }
    let mut out = std::io::stdout();
    let _ = writeln!(out, "listening on {}", server.address()?).and_then(|()| out.flush());
    tracing::info!(address = server.address()?, "listening");
    server.run(stop_signal(options.until_stdin_closes)).await?;
    tracing::info!("stopped");
    Ok(())
}

fn failure(error: NodeError) -> Failure {
    match error {
        NodeError::Running => Failure::words(
            "这个数据目录上已有一台服务器在运行。",
            "Another server is running on this data folder.",
        ),
        other => Failure::found(other.to_string()),
    }
}
