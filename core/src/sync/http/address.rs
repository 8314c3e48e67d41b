//! The server's address, taken apart once.

use std::net::IpAddr;

use hyper::Uri;
use hyper::header::HeaderValue;
use rustls::pki_types::ServerName;

use super::wrong;
use crate::sync::transport::TransportError;

/// `http(s)://host[:port]`, and nothing more.
#[derive(Debug)]
pub(super) struct Address {
    tls: bool,
    /// A name or an IP address, without the brackets of IPv6.
    host: String,
    port: u16,
    host_header: HeaderValue,
}

impl Address {
    pub(super) fn parse(text: &str) -> Result<Address, TransportError> {
        let bare = || wrong("it must be http:// or https:// with a host and perhaps a port");
        let uri: Uri = text.parse().map_err(|_| bare())?;
        let tls = match uri.scheme_str() {
            Some("https") => true,
            Some("http") => false,
            _ => return Err(bare()),
        };
        let authority = uri.authority().ok_or_else(bare)?;
        let more = authority.as_str().contains('@') || uri.query().is_some() || uri.path() != "/";
        if more || authority.host().is_empty() {
            return Err(bare());
        }
        let host_header = HeaderValue::from_str(authority.as_str()).map_err(|_| bare())?;
        let host = authority.host().trim_start_matches('[').trim_end_matches(']').to_owned();
        let port = authority.port_u16().unwrap_or(if tls { 443 } else { 80 });
        Ok(Address { tls, host, port, host_header })
    }

    pub(super) fn is_tls(&self) -> bool {
        self.tls
    }

    /// This machine: its addresses, and the one name that is reserved for it (RFC 6761 §6.3).
    pub(super) fn is_loopback(&self) -> bool {
        match self.host.parse::<IpAddr>() {
            Ok(address) => address.is_loopback(),
            Err(_) => self.host.eq_ignore_ascii_case("localhost"),
        }
    }

    pub(super) fn to_connect(&self) -> (&str, u16) {
        (&self.host, self.port)
    }

    pub(super) fn host_header(&self) -> HeaderValue {
        self.host_header.clone()
    }

    /// The name that TLS asks for; nobody checks it.
    pub(super) fn server_name(&self) -> Result<ServerName<'static>, TransportError> {
        ServerName::try_from(self.host.clone()).map_err(|_| wrong("its host is no name"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_is_a_scheme_a_host_and_perhaps_a_port() {
        let plain = Address::parse("http://127.0.0.1:8080").unwrap();
        assert_eq!((plain.is_tls(), plain.to_connect()), (false, ("127.0.0.1", 8080)));
        assert_eq!(plain.host_header(), "127.0.0.1:8080");
        let tls = Address::parse("https://ledger.example/").unwrap();
        assert_eq!((tls.is_tls(), tls.to_connect()), (true, ("ledger.example", 443)));
        let six = Address::parse("http://[::1]:81").unwrap();
        assert_eq!((six.is_loopback(), six.to_connect()), (true, ("::1", 81)));
        assert_eq!(six.host_header(), "[::1]:81");
        for wrong in [
            "",
            "127.0.0.1:80",
            "ftp://127.0.0.1",
            "http://",
            "http://a/b",
            "http://a?b",
            "http://a@b",
            "http://a b",
        ] {
            assert!(Address::parse(wrong).is_err(), "{wrong:?}");
        }
    }

    #[test]
    fn this_machine_is_known_by_address_and_by_one_name() {
        for (host, expected) in [
            ("127.9.9.9", true),
            ("localhost", true),
            ("[::1]", true),
            ("192.168.1.2", false),
            ("localhost.example", false),
        ] {
            assert_eq!(
                Address::parse(&format!("http://{host}")).unwrap().is_loopback(),
                expected,
                "{host}"
            );
        }
    }
}
