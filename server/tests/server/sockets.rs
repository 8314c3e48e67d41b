//! Over real sockets: plain and TLS, pinned; stop and restart.

use std::io::{Read as _, Write as _};
use std::net::{SocketAddr, TcpStream};
use std::sync::Arc;

use courtyard_server::clock::SetClock;
use courtyard_server::tls::TlsSource;
use courtyard_server::{ServeOptions, Server, rng, telemetry};
use rustls::client::danger::{HandshakeSignatureValid, ServerCertVerified, ServerCertVerifier};
use rustls::pki_types::{CertificateDer, ServerName, UnixTime};
use rustls::{DigitallySignedStruct, SignatureScheme};
use sha2::{Digest as _, Sha256};
use tokio::sync::oneshot;

struct Running {
    address: String,
    pin: Option<String>,
    stop: Option<oneshot::Sender<()>>,
    thread: Option<std::thread::JoinHandle<()>>,
}

impl Running {
    fn start(data: &std::path::Path, tls: TlsSource) -> Running {
        let mut options = ServeOptions::new(data);
        options.listen = SocketAddr::from(([127, 0, 0, 1], 0));
        options.tls = tls;
        let (stop, stopped) = oneshot::channel();
        let (tell, told) = std::sync::mpsc::channel();
        let thread = std::thread::spawn(move || {
            let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build().unwrap();
            runtime.block_on(async {
                // The server's own clock is of no matter to TLS either.
                let clock = Arc::new(SetClock::at(0));
                let metrics = telemetry::no_metrics();
                let server = Server::open(&options, clock, rng::system(), metrics).await.unwrap();
                let pin = server.reached().tls_pin.clone();
                tell.send((server.address().unwrap(), pin)).unwrap();
                server.run(async { drop(stopped.await) }).await.unwrap();
            });
        });
        let (address, pin) = told.recv().unwrap();
        Running { address, pin, stop: Some(stop), thread: Some(thread) }
    }

    fn socket(&self) -> TcpStream {
        TcpStream::connect(self.address.rsplit('/').next().unwrap()).unwrap()
    }

    fn stop(mut self) {
        self.stop.take().unwrap().send(()).unwrap();
        self.thread.take().unwrap().join().unwrap();
    }
}

fn get(mut stream: impl std::io::Read + std::io::Write, path: &str) -> String {
    write!(stream, "GET {path} HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n").unwrap();
    let mut answer = Vec::new();
    // TLS without a closing message at the end is of no matter here.
    let _ = stream.read_to_end(&mut answer);
    String::from_utf8(answer).unwrap()
}

/// Checks the pin and the handshake's signature, and no date: the phone's clock may say 2000.
#[derive(Debug)]
struct Pinned {
    pin: String,
    provider: rustls::crypto::CryptoProvider,
}

impl ServerCertVerifier for Pinned {
    fn verify_server_cert(
        &self,
        certificate: &CertificateDer<'_>,
        _: &[CertificateDer<'_>],
        _: &ServerName<'_>,
        _: &[u8],
        _: UnixTime,
    ) -> Result<ServerCertVerified, rustls::Error> {
        let parsed = rustls::server::ParsedCertificate::try_from(certificate)?;
        let found = hex::encode(Sha256::digest(parsed.subject_public_key_info().as_ref()));
        if found == self.pin {
            Ok(ServerCertVerified::assertion())
        } else {
            Err(rustls::Error::General("another key".to_owned()))
        }
    }

    fn verify_tls12_signature(
        &self,
        message: &[u8],
        certificate: &CertificateDer<'_>,
        signed: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, rustls::Error> {
        let algorithms = &self.provider.signature_verification_algorithms;
        rustls::crypto::verify_tls12_signature(message, certificate, signed, algorithms)
    }

    fn verify_tls13_signature(
        &self,
        message: &[u8],
        certificate: &CertificateDer<'_>,
        signed: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, rustls::Error> {
        let algorithms = &self.provider.signature_verification_algorithms;
        rustls::crypto::verify_tls13_signature(message, certificate, signed, algorithms)
    }

    fn supported_verify_schemes(&self) -> Vec<SignatureScheme> {
        self.provider.signature_verification_algorithms.supported_schemes()
    }
}

/// A client whose clock says 2000, which only a verifier that looked at it would notice.
#[derive(Debug)]
struct Year2000;

impl rustls::time_provider::TimeProvider for Year2000 {
    fn current_time(&self) -> Option<UnixTime> {
        Some(UnixTime::since_unix_epoch(std::time::Duration::from_secs(946_684_800)))
    }
}

fn tls_get(running: &Running, pin: &str) -> Result<String, std::io::Error> {
    let provider = rustls::crypto::ring::default_provider();
    let pinned = Pinned { pin: pin.to_owned(), provider: provider.clone() };
    let config = rustls::ClientConfig::builder_with_details(Arc::new(provider), Arc::new(Year2000))
        .with_safe_default_protocol_versions()
        .unwrap()
        .dangerous()
        .with_custom_certificate_verifier(Arc::new(pinned))
        .with_no_client_auth();
    let name = ServerName::try_from("any.name").unwrap();
    let mut connection = rustls::ClientConnection::new(Arc::new(config), name).unwrap();
    let mut socket = running.socket();
    connection.complete_io(&mut socket)?;
    Ok(get(rustls::Stream::new(&mut connection, &mut socket), "/healthz"))
}

#[test]
fn a_server_answers_without_a_date_stops_and_starts_again_on_its_folder() {
    let place = tempfile::tempdir().unwrap();
    let running = Running::start(place.path(), TlsSource::None);
    let answer = get(running.socket(), "/healthz");
    assert!(answer.starts_with("HTTP/1.1 200 OK\r\n"), "{answer}");
    assert!(answer.ends_with("\r\n\r\nok\n"));
    assert!(!answer.to_ascii_lowercase().contains("\ndate:"), "{answer}");
    assert!(running.pin.is_none());

    // A second server on the folder is kept away.
    let options = ServeOptions::new(place.path());
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    let clock = Arc::new(SetClock::at(0));
    let second = Server::open(&options, clock, rng::system(), telemetry::no_metrics());
    let error = runtime.block_on(second).unwrap_err();
    assert!(error.to_string().contains("another server"));

    // A connection that is idle does not hold the stop up.
    let mut idle = running.socket();
    write!(idle, "GET /healthz HTTP/1.1\r\nhost: x\r\n\r\n").unwrap();
    let mut first = [0; 12];
    idle.read_exact(&mut first).unwrap();
    assert_eq!(&first, b"HTTP/1.1 200");
    running.stop();
    Running::start(place.path(), TlsSource::None).stop();
}

#[test]
fn tls_holds_by_its_pin_even_when_the_clients_clock_says_2000() {
    let place = tempfile::tempdir().unwrap();
    let running = Running::start(place.path(), TlsSource::SelfSigned);
    assert!(running.address.starts_with("https://"));
    let pin = running.pin.clone().unwrap();
    assert!(tls_get(&running, &pin).unwrap().ends_with("ok\n"));
    assert!(tls_get(&running, &"00".repeat(32)).is_err());

    let clock = SetClock::at(0);
    let mut node = crate::support::open_node(place.path(), &clock, 1);
    let village = node.add_village("前庄", None).unwrap();
    let invitation = node.invite(village, None).unwrap();
    assert_eq!(invitation.address, running.address);
    assert_eq!(invitation.tls_pin.map(hex::encode), Some(pin.clone()));
    running.stop();
    let again = Running::start(place.path(), TlsSource::SelfSigned);
    assert_eq!(again.pin, Some(pin));
    again.stop();
}

#[test]
fn an_address_that_tries_to_enrol_too_often_is_told_when_to_come_back() {
    let place = tempfile::tempdir().unwrap();
    let running = Running::start(place.path(), TlsSource::None);
    let mut statuses = Vec::new();
    for _ in 0..61 {
        let mut socket = running.socket();
        write!(
            socket,
            "POST /v1/enrol HTTP/1.1\r\nconnection: close\r\ncontent-length: 1\r\n\r\n\x01"
        )
        .unwrap();
        let mut answer = String::new();
        socket.read_to_string(&mut answer).unwrap();
        statuses.push(answer.get(9..12).unwrap().to_owned());
        if statuses.len() == 61 {
            assert!(answer.contains("door.too_many") && answer.contains("\"retry_ms\":1000"));
        }
    }
    assert!(statuses[..60].iter().all(|status| status == "400"));
    assert_eq!(statuses[60], "429");
    running.stop();
}

#[cfg(unix)]
#[test]
fn nobody_else_on_the_machine_can_read_what_the_folder_holds() {
    use std::os::unix::fs::PermissionsExt as _;
    let place = tempfile::tempdir().unwrap();
    let running = Running::start(place.path(), TlsSource::SelfSigned);
    let clock = SetClock::at(0);
    crate::support::open_node(place.path(), &clock, 1).view().unwrap();
    running.stop();
    for file in ["log.db", "view.db", "office.key", "root.key", "tls.key"] {
        let mode = std::fs::metadata(place.path().join(file)).unwrap().permissions().mode();
        assert_eq!(mode & 0o777, 0o600, "{file}");
    }
}
