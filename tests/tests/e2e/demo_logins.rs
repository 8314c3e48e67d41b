//! What the demo prints at its end opens what it says: a user of each role, a household's card.

use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::TcpStream;
use std::path::Path;
use std::process::{Child, Command, Stdio};

use courtyard_tests::binary;
use serde_json::Value;

/// A demo that stays up; it and its server end when it is dropped.
struct Demo {
    child: Child,
    logins: Value,
    printed: String,
}

impl Demo {
    fn start(data: &Path, pickups: &Path) -> Demo {
        let mut child = Command::new(binary())
            .args(["demo", "--json", "--data"])
            .arg(data)
            .arg("--pickups")
            .arg(pickups)
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        let mut printed = String::new();
        let mut err = BufReader::new(child.stderr.take().unwrap());
        while !printed.contains("Ctrl-C") {
            assert_ne!(err.read_line(&mut printed).unwrap(), 0, "it ended: {printed}");
        }
        // One value, while the other end stays open.
        let out = child.stdout.as_mut().unwrap();
        let mut values = serde_json::Deserializer::from_reader(out).into_iter::<Value>();
        let logins = values.next().unwrap().unwrap()["logins"].clone();
        Demo { child, logins, printed }
    }

    fn text(&self, place: &str) -> &str {
        self.logins.pointer(place).and_then(Value::as_str).unwrap()
    }

    /// Sends one request and gives what came, head and body.
    fn ask(&self, head: &str, body: &str) -> String {
        let host = self.text("/address").strip_prefix("http://").unwrap();
        let mut stream = TcpStream::connect(host).unwrap();
        let length = body.len();
        write!(
            stream,
            "{head} HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\nAccept: text/html\r\n\
             Content-Type: application/x-www-form-urlencoded\r\nContent-Length: {length}\r\n\r\n{body}"
        )
        .unwrap();
        let mut came = Vec::new();
        stream.read_to_end(&mut came).unwrap();
        String::from_utf8_lossy(&came).into_owned()
    }
}

impl Drop for Demo {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

fn encoded(text: &str) -> String {
    text.bytes().map(|byte| format!("%{byte:02X}")).collect()
}

#[test]
fn the_printed_logins_open_the_pages_of_the_office_and_of_a_household() {
    let folder = tempfile::tempdir().unwrap();
    let demo = Demo::start(&folder.path().join("data"), &super::demo::file(folder.path()));
    let users = demo.logins["users"].as_array().unwrap();
    let roles: Vec<&str> = users.iter().map(|user| user["role"].as_str().unwrap()).collect();
    assert_eq!(roles, ["clerk", "reviewer", "manager", "auditor", "administrator"]);
    for user in users {
        let (name, password) = (user["name"].as_str().unwrap(), user["password"].as_str().unwrap());
        assert!(demo.printed.contains(name) && demo.printed.contains(password), "{}", demo.printed);
        let form = format!("name={}&password={}", encoded(name), encoded(password));
        let came = demo.ask("POST /sign-in", &form);
        assert!(came.starts_with("HTTP/1.1 303"), "{name}: {came}");
        assert!(came.to_lowercase().contains("\r\nset-cookie: courtyard="), "{name}: {came}");
    }
    let wrong = demo.ask("POST /sign-in", &format!("name={}&password=no", encoded("王经办")));
    assert!(wrong.starts_with("HTTP/1.1 200") && wrong.contains("用户名或密码不对"), "{wrong}");
    // The office's first visitor is not asked to set it up.
    assert!(demo.ask("GET /setup", "").starts_with("HTTP/1.1 303"));
    for place in ["/grower/path", "/grower/pin", "/slip/path"] {
        assert!(demo.printed.contains(demo.text(place)), "{place}: {}", demo.printed);
    }
    let card = demo.text("/grower/path");
    let wrong = demo.ask(&format!("POST {card}"), "pin=1");
    assert!(wrong.starts_with("HTTP/1.1 200") && wrong.contains("密码不对"), "{wrong}");
    let opened = demo.ask(&format!("POST {card}"), &format!("pin={}", demo.text("/grower/pin")));
    assert!(opened.starts_with("HTTP/1.1 303"), "{opened}");
    assert!(opened.to_lowercase().contains("\r\nlocation: /g\r\n"), "{opened}");
    let checked = demo.ask(&format!("GET {}", demo.text("/slip/path")), "");
    assert!(checked.contains("真单") && checked.contains("县社已收到，内容一致"), "{checked}");
}
