//! The demo's server: `courtyard serve` as a child process that ends with its parent.

use std::io::{BufRead as _, BufReader};
use std::net::SocketAddr;
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::Duration;

use crate::command::Failure;

/// A server that runs until this is dropped: its standard input closes, and it stops by itself.
#[derive(Debug)]
pub struct ServerChild {
    child: Child,
    address: String,
}

/// How often a start is tried: the server of a demo that was killed may need a moment to see that
/// its standard input is closed, and until then it holds the folder.
const TRIES: u32 = 50;
const BETWEEN_TRIES: Duration = Duration::from_millis(100);

impl ServerChild {
    /// Starts it over this folder.
    ///
    /// # Errors
    /// What it said, if it does not come up.
    pub fn start(data: &Path, listen: SocketAddr) -> Result<ServerChild, Failure> {
        let mut said = String::new();
        for _ in 0..TRIES {
            match ServerChild::try_start(data, listen) {
                Ok(server) => return Ok(server),
                Err(failure) => said = failure.text().to_owned(),
            }
            std::thread::sleep(BETWEEN_TRIES);
        }
        Err(Failure::found(said))
    }

    fn try_start(data: &Path, listen: SocketAddr) -> Result<ServerChild, Failure> {
        let failed = |error: std::io::Error| {
            Failure::words(
                &format!("服务器没有启动：{error}。"),
                &format!("The server did not start: {error}."),
            )
        };
        let log_path = data.with_extension("log");
        let log = std::fs::File::create(&log_path).map_err(failed)?;
        let mut child = Command::new(std::env::current_exe().map_err(failed)?)
            .args(["serve", "--until-stdin-closes", "--listen", &listen.to_string(), "--data"])
            .arg(data)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(log)
            .spawn()
            .map_err(failed)?;
        let mut line = String::new();
        if let Some(out) = child.stdout.take() {
            BufReader::new(out).read_line(&mut line).map_err(failed)?;
        }
        match line.trim().strip_prefix("listening on ") {
            Some(address) => Ok(ServerChild { child, address: address.to_owned() }),
            None => {
                let _ = child.wait();
                let said = std::fs::read_to_string(&log_path).unwrap_or_default();
                Err(Failure::words(
                    &format!("服务器没有启动。\n{}", said.trim()),
                    &format!("The server did not start; its log is {}.", log_path.display()),
                ))
            }
        }
    }

    /// `http://127.0.0.1:PORT`.
    pub fn address(&self) -> &str {
        &self.address
    }

    /// Waits until it ends by itself.
    pub fn wait(&mut self) {
        let _ = self.child.wait();
    }
}

impl Drop for ServerChild {
    fn drop(&mut self) {
        drop(self.child.stdin.take());
        let _ = self.child.wait();
    }
}
