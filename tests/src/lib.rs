//! A village on this machine for end-to-end tests: the real binary, real files, real HTTP on
//! loopback. Everything lives in a temporary folder and ends with the test.
#![expect(
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "only tests call this: a broken set-up shall stop them"
)]

use std::io::{BufRead as _, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, ExitStatus, Output, Stdio};

use serde_json::Value;

/// The built `courtyard` beside the test binary: `target/release/courtyard`.
pub fn binary() -> PathBuf {
    let test = std::env::current_exe().expect("the test's own path");
    let target = test.ancestors().nth(3).expect("target folder");
    let binary = target.join("release").join("courtyard");
    assert!(
        binary.is_file(),
        "build it first: cargo build --release -p courtyard-server (looked at {})",
        binary.display()
    );
    binary
}

/// What a command said.
pub struct Said {
    /// How it ended.
    pub status: ExitStatus,
    /// Standard output.
    pub out: String,
    /// Standard error.
    pub err: String,
}

impl Said {
    fn of(output: Output) -> Said {
        Said {
            status: output.status,
            out: String::from_utf8_lossy(&output.stdout).into_owned(),
            err: String::from_utf8_lossy(&output.stderr).into_owned(),
        }
    }

    /// Its exit code; a signal counts as -1.
    pub fn code(&self) -> i32 {
        self.status.code().unwrap_or(-1)
    }

    /// The one JSON value on standard output.
    pub fn json(&self) -> Value {
        serde_json::from_str(&self.out)
            .unwrap_or_else(|e| panic!("not JSON ({e}): {:?}\nstderr: {}", self.out, self.err))
    }
}

/// Runs `courtyard` with these words and waits.
pub fn courtyard(words: &[&str]) -> Said {
    let output = Command::new(binary()).args(words).stdin(Stdio::null()).output();
    Said::of(output.expect("courtyard starts"))
}

/// Runs it, expects success, and gives its JSON.
pub fn courtyard_json(words: &[&str]) -> Value {
    let said = courtyard(words);
    assert_eq!(said.code(), 0, "{words:?}\nstdout: {}\nstderr: {}", said.out, said.err);
    said.json()
}

/// A running server; dropping it closes its standard input and waits for its end.
pub struct Server {
    child: Child,
    /// `http://127.0.0.1:PORT`.
    pub address: String,
}

impl Server {
    /// Starts `courtyard serve` on a port of its own over this data folder.
    pub fn start(data: &Path) -> Server {
        Server::start_on(data, "127.0.0.1:0")
    }

    /// Starts it on this address.
    pub fn start_on(data: &Path, listen: &str) -> Server {
        let mut child = Command::new(binary())
            .args(["serve", "--until-stdin-closes", "--listen", listen, "--data"])
            .arg(data)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .expect("courtyard serve starts");
        let mut line = String::new();
        let out = child.stdout.take().expect("its standard output");
        BufReader::new(out).read_line(&mut line).expect("a line");
        let address = line.trim().strip_prefix("listening on ").expect("the address").to_owned();
        Server { child, address }
    }

    /// Pulls the plug: SIGKILL.
    pub fn kill(mut self) {
        self.child.kill().expect("kill");
        self.child.wait().expect("wait");
    }

    /// Its port, to start again on the same address.
    pub fn listen(&self) -> String {
        self.address.trim_start_matches("http://").to_owned()
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        drop(self.child.stdin.take());
        let _ = self.child.wait();
    }
}

/// A county with one server and phones by name.
pub struct County {
    folder: tempfile::TempDir,
}

impl Default for County {
    fn default() -> Self {
        County::new()
    }
}

impl County {
    /// An empty one.
    pub fn new() -> County {
        County { folder: tempfile::tempdir().expect("a temporary folder") }
    }

    /// One with the village 石桥村, these products (`code,name,category`, a row a line) and these
    /// prices (`date,code,grade,price`).
    pub fn selling(products: &str, prices: &str) -> County {
        let county = County::new();
        county.office(&["admin", "village", "add", "--name", "石桥村"]);
        county.import("products", &format!("code,name,category\n{products}"));
        county.import("prices", &format!("date,code,grade,price\n{prices}"));
        county
    }

    /// Imports a file of this text at the office.
    pub fn import(&self, what: &str, text: &str) -> Value {
        let file = self.path(&format!("{what}.csv"));
        std::fs::write(&file, text).expect("a file to import");
        self.office(&["import", what, file.to_str().expect("a UTF-8 path")])
    }

    /// The server's data folder.
    pub fn server_data(&self) -> PathBuf {
        self.folder.path().join("server")
    }

    /// A path inside the county's folder.
    pub fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    /// Runs a server command (`admin …`, `report …`) on the server's data with `--json`.
    pub fn office(&self, words: &[&str]) -> Value {
        let data = self.server_data();
        let mut all = words.to_vec();
        all.extend(["--json", "--data", data.to_str().expect("a UTF-8 path")]);
        courtyard_json(&all)
    }

    /// Runs a steward command on this phone with `--json`, whatever its end.
    pub fn try_phone(&self, phone: &str, words: &[&str]) -> Said {
        let data = self.path(phone);
        let mut all = vec!["steward", "--json", "--data", data.to_str().expect("a UTF-8 path")];
        all.extend(words);
        courtyard(&all)
    }

    /// Runs a steward command on this phone and gives its JSON.
    pub fn phone(&self, phone: &str, words: &[&str]) -> Value {
        let said = self.try_phone(phone, words);
        assert_eq!(said.code(), 0, "{words:?}\nstdout: {}\nstderr: {}", said.out, said.err);
        said.json()
    }

    /// Enrols a phone in a village.
    pub fn enrol(&self, phone: &str, village: &str, server: &Server) {
        let invitation =
            self.office(&["admin", "invite", "--village", village, "--address", &server.address]);
        let text = invitation["invitation"].as_str().expect("an invitation").to_owned();
        self.phone(phone, &["enrol", "--invitation", &text]);
    }
}

/// The real purchases, where they are at hand beside the checkout.
pub fn pickups() -> Option<PathBuf> {
    shared("pickups.csv")
}

/// A file of real data, where it is at hand beside the checkout.
pub fn shared(name: &str) -> Option<PathBuf> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).parent()?.to_owned();
    let path = root.join("../shared/data").join(name);
    path.is_file().then_some(path)
}
