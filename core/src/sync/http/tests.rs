use std::net::{TcpListener, TcpStream};
use std::sync::Arc;
use std::thread::{self, JoinHandle};
use std::time::Duration;

use rcgen::{CertificateParams, KeyPair, PublicKeyData as _, date_time_ymd};
use rustls::pki_types::PrivateKeyDer;
use rustls::{ServerConfig, ServerConnection, StreamOwned};
use sha2::{Digest as _, Sha256};

use super::*;

/// For a server that does not answer in time. Long enough for a busy machine elsewhere.
const PATIENCE: HttpOptions = HttpOptions {
    connect_timeout: Duration::from_secs(30),
    total_timeout: Duration::from_secs(60),
    plain_anywhere: false,
};

trait Stream: std::io::Read + std::io::Write {}
impl<T: std::io::Read + std::io::Write> Stream for T {}

/// The head as text, and the body.
type Posted = (String, Vec<u8>);

/// Reads one request whole.
fn read_request(stream: &mut dyn Stream) -> Option<Posted> {
    let mut head = Vec::new();
    while !head.ends_with(b"\r\n\r\n") {
        let mut byte = [0];
        if stream.read(&mut byte).ok()? == 0 {
            return None;
        }
        head.push(byte[0]);
    }
    let head = String::from_utf8(head).unwrap();
    let length = head.lines().find_map(|line| line.strip_prefix("content-length: "));
    let mut body = vec![0; length.map_or(0, |length| length.parse().unwrap())];
    stream.read_exact(&mut body).unwrap();
    Some((head, body))
}

/// Serves as many connections as there are scripts, one after another, and then ends: on each one,
/// a request for each answer of its script. Gives the requests.
fn serve(
    tls: Option<Arc<ServerConfig>>,
    scripts: Vec<Vec<Vec<u8>>>,
) -> (String, JoinHandle<Vec<Posted>>) {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let scheme = if tls.is_some() { "https" } else { "http" };
    let address = format!("{scheme}://{}", listener.local_addr().unwrap());
    let served = thread::spawn(move || {
        let mut requests = Vec::new();
        for script in scripts {
            let (stream, _) = listener.accept().unwrap();
            let mut stream: Box<dyn Stream> = match &tls {
                Some(tls) => Box::new(StreamOwned::<ServerConnection, TcpStream>::new(
                    ServerConnection::new(Arc::clone(tls)).unwrap(),
                    stream,
                )),
                None => Box::new(stream),
            };
            for answer in script {
                let Some(request) = read_request(&mut stream) else { break };
                requests.push(request);
                stream.write_all(&answer).and_then(|()| stream.flush()).ok();
            }
        }
        requests
    });
    (address, served)
}

fn answer(body: &[u8]) -> Vec<u8> {
    let mut bytes =
        format!("HTTP/1.1 200 OK\r\ncontent-length: {}\r\n\r\n", body.len()).into_bytes();
    bytes.extend(body);
    bytes
}

fn transport(address: &str) -> HttpTransport {
    HttpTransport::new(address, None, PATIENCE).unwrap()
}

fn expect_answer(posted: Result<TransportAnswer, TransportError>, body: &[u8]) {
    assert_eq!(posted, Ok(TransportAnswer { status: 200, body: body.to_vec() }));
}

/// A certificate of the years 1999 to 2000 for another name, as TLS configuration, and its pin.
fn long_expired() -> (Arc<ServerConfig>, [u8; 32]) {
    let key = KeyPair::generate().unwrap();
    let mut params = CertificateParams::new(vec!["elsewhere.example".to_owned()]).unwrap();
    params.not_before = date_time_ymd(1999, 1, 1);
    params.not_after = date_time_ymd(2000, 1, 1);
    let certificate = params.self_signed(&key).unwrap();
    let pin = Sha256::digest(key.subject_public_key_info()).into();
    let secret = PrivateKeyDer::try_from(key.serialize_der()).unwrap();
    let config =
        ServerConfig::builder_with_provider(Arc::new(rustls::crypto::ring::default_provider()))
            .with_safe_default_protocol_versions()
            .unwrap()
            .with_no_client_auth()
            .with_single_cert(vec![certificate.der().clone()], secret)
            .unwrap();
    (Arc::new(config), pin)
}

#[test]
fn one_connection_carries_many_requests_and_no_header_that_nobody_reads() {
    let (address, served) = serve(None, vec![vec![answer(b"one"), answer(b""), answer(b"three")]]);
    let mut transport = transport(&address);
    expect_answer(transport.post("/v1/sync", b"first".to_vec()), b"one");
    expect_answer(transport.post("/v1/sync", Vec::new()), b"");
    expect_answer(transport.post("/v1/audit", b"x".to_vec()), b"three");
    let requests = served.join().unwrap();
    let host = address.strip_prefix("http://").unwrap();
    assert_eq!(
        requests[0],
        (
            format!("POST /v1/sync HTTP/1.1\r\nhost: {host}\r\ncontent-length: 5\r\n\r\n"),
            b"first".to_vec()
        )
    );
    assert!(requests[2].0.starts_with("POST /v1/audit "));
    let sent: usize = requests.iter().map(|(head, body)| head.len() + body.len()).sum();
    let received = answer(b"one").len() + answer(b"").len() + answer(b"three").len();
    assert_eq!(
        transport.traffic(),
        Traffic { requests: 3, sent_bytes: sent as u64, received_bytes: received as u64 }
    );
}

#[test]
fn a_kept_connection_that_the_server_closed_is_replaced() {
    let (address, served) = serve(None, vec![vec![answer(b"one")], vec![answer(b"two")]]);
    let mut transport = transport(&address);
    expect_answer(transport.post("/v1/sync", b"a".to_vec()), b"one");
    expect_answer(transport.post("/v1/sync", b"b".to_vec()), b"two");
    let requests = served.join().unwrap();
    assert_eq!(requests.len(), 2);
    assert_eq!(requests[1].1, b"b");
}

#[test]
fn an_answer_cut_anywhere_is_lost_and_the_next_post_goes_through() {
    let whole = answer(b"0123456789");
    for cut in 0..whole.len() {
        let (address, served) = serve(None, vec![vec![whole[..cut].to_vec()], vec![whole.clone()]]);
        let mut transport = transport(&address);
        let posted = transport.post("/v1/sync", b"a".to_vec());
        assert!(matches!(posted, Err(TransportError::Lost { .. })), "{cut}: {posted:?}");
        expect_answer(transport.post("/v1/sync", b"a".to_vec()), b"0123456789");
        assert_eq!(served.join().unwrap().len(), 2);
    }
}

#[test]
fn an_answer_may_be_as_long_as_the_limit_and_no_longer() {
    let limit = limits::BODY_BYTES.len();
    let (address, served) = serve(None, vec![vec![answer(&vec![7; limit])]]);
    expect_answer(transport(&address).post("/v1/sync", Vec::new()), &vec![7; limit]);
    served.join().unwrap();

    let mut endless = b"HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n".to_vec();
    for _ in 0..2 {
        endless.extend(format!("{:x}\r\n", limit).into_bytes());
        endless.extend(vec![7; limit]);
        endless.extend(b"\r\n");
    }
    for long in [answer(&vec![7; limit + 1]), endless] {
        let (address, served) = serve(None, vec![vec![long]]);
        let posted = transport(&address).post("/v1/sync", Vec::new());
        assert!(matches!(posted, Err(TransportError::Lost { .. })), "{posted:?}");
        served.join().unwrap();
    }
}

#[test]
fn an_answer_that_never_comes_is_lost_in_time() {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = format!("http://{}", listener.local_addr().unwrap());
    let options = HttpOptions { total_timeout: Duration::from_millis(50), ..PATIENCE };
    let mut transport = HttpTransport::new(&address, None, options).unwrap();
    let posted = transport.post("/v1/sync", b"a".to_vec());
    assert!(matches!(posted, Err(TransportError::Lost { .. })), "{posted:?}");
}

#[test]
fn a_post_that_is_under_way_ends_when_another_thread_says_so_and_none_follows() {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = format!("http://{}", listener.local_addr().unwrap());
    let mut transport = transport(&address);
    let stopper = transport.stopper();
    let stopping = thread::spawn(move || {
        // The request is there, so the post waits for its answer.
        let (mut stream, _) = listener.accept().unwrap();
        read_request(&mut stream).unwrap();
        stopper.stop();
        (stream, listener)
    });
    let posted = transport.post("/v1/sync", b"a".to_vec());
    assert!(matches!(posted, Err(TransportError::Lost { .. })), "{posted:?}");
    let still_open = stopping.join().unwrap();
    let again = transport.post("/v1/sync", b"a".to_vec());
    assert!(matches!(again, Err(TransportError::Lost { .. })), "{again:?}");
    assert_eq!(transport.traffic().requests, 1);
    drop(still_open);
}

#[test]
fn nobody_listening_is_unreachable() {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = format!("http://{}", listener.local_addr().unwrap());
    drop(listener);
    let posted = transport(&address).post("/v1/sync", Vec::new());
    assert!(matches!(posted, Err(TransportError::Unreachable { .. })), "{posted:?}");
}

#[test]
fn a_certificate_long_expired_and_of_another_name_is_accepted_when_its_key_is_pinned() {
    let (tls, pin) = long_expired();
    let (address, served) = serve(Some(tls), vec![vec![answer(b"one"), answer(b"two")]]);
    let mut transport = HttpTransport::new(&address, Some(pin), PATIENCE).unwrap();
    expect_answer(transport.post("/v1/sync", b"a".to_vec()), b"one");
    expect_answer(transport.post("/v1/sync", b"b".to_vec()), b"two");
    assert_eq!(served.join().unwrap().len(), 2);
    assert!(transport.traffic().received_bytes > 500, "the handshake counts");
}

#[test]
fn a_server_with_another_key_is_not_spoken_to() {
    let ((tls, _), (_, pin_of_another)) = (long_expired(), long_expired());
    let (address, served) = serve(Some(tls), vec![vec![answer(b"one")]]);
    let mut transport = HttpTransport::new(&address, Some(pin_of_another), PATIENCE).unwrap();
    assert_eq!(transport.post("/v1/sync", b"a".to_vec()), Err(TransportError::WrongKey));
    drop(transport);
    assert_eq!(served.join().unwrap(), [], "no request came through");
}

#[test]
fn a_certificate_without_its_key_proves_nothing() {
    // Somebody shows the pinned certificate, but signs the handshake with a key of their own.
    let honest = KeyPair::generate().unwrap();
    let certificate = CertificateParams::default().self_signed(&honest).unwrap();
    let stolen_pin: [u8; 32] = Sha256::digest(honest.subject_public_key_info()).into();
    let other = KeyPair::generate().unwrap();
    let provider = rustls::crypto::ring::default_provider();
    let secret = PrivateKeyDer::try_from(other.serialize_der()).unwrap();
    let signer = provider.key_provider.load_private_key(secret).unwrap();
    let shown = rustls::sign::CertifiedKey::new(vec![certificate.der().clone()], signer);
    let config = ServerConfig::builder_with_provider(Arc::new(provider))
        .with_safe_default_protocol_versions()
        .unwrap()
        .with_no_client_auth()
        .with_cert_resolver(Arc::new(rustls::sign::SingleCertAndKey::from(shown)));
    let (address, served) = serve(Some(Arc::new(config)), vec![vec![answer(b"one")]]);
    let mut transport = HttpTransport::new(&address, Some(stolen_pin), PATIENCE).unwrap();
    let posted = transport.post("/v1/sync", b"a".to_vec());
    assert_eq!(posted, Err(TransportError::WrongKey));
    drop(transport);
    assert_eq!(served.join().unwrap(), []);
}

#[test]
fn plain_http_stays_on_this_machine_unless_asked_and_never_replaces_a_pinned_key() {
    let refused = |address: &str, pin, options| {
        matches!(HttpTransport::new(address, pin, options), Err(TransportError::Address { .. }))
    };
    assert!(refused("http://192.168.1.2:8080", None, PATIENCE));
    let asked = HttpOptions { plain_anywhere: true, ..PATIENCE };
    assert!(!refused("http://192.168.1.2:8080", None, asked));
    assert!(refused("http://127.0.0.1:8080", Some([1; 32]), asked));
    assert!(refused("https://127.0.0.1:8080", None, asked));
    assert!(refused("ledger.example", None, asked));
}

#[test]
fn sixteen_phones_in_threads_post_at_once() {
    let (address, served) = serve(None, vec![vec![answer(b"ok")]; 16]);
    let phones: Vec<_> = (0..16)
        .map(|phone: u8| {
            let address = address.clone();
            thread::spawn(move || {
                let mut transport = transport(&address);
                let body = transport.post("/v1/sync", vec![phone]).unwrap().body;
                (body, transport.traffic().requests)
            })
        })
        .collect();
    for phone in phones {
        assert_eq!(phone.join().unwrap(), (b"ok".to_vec(), 1));
    }
    let mut bodies: Vec<u8> = served.join().unwrap().iter().map(|(_, body)| body[0]).collect();
    bodies.sort_unstable();
    assert_eq!(bodies, (0..16).collect::<Vec<u8>>());
}
