//! A browser for tests of pages: asks the router in-process, keeps cookies, fills in forms.

use std::collections::BTreeMap;

use axum::Router;
use axum::body::{Body, to_bytes};
use axum::http::{Request, StatusCode, header};
use tower_service::Service as _;

use super::session::PageToken;
use crate::node::Node;
use crate::router::router;
use crate::server::inline_app;

/// A password that a test's users have.
pub(crate) const PASSWORD: &str = "long enough";

/// A browser at a server of its own.
pub(crate) struct Browser {
    router: Router,
    cookies: BTreeMap<String, String>,
    language: &'static str,
}

/// What came.
#[derive(Debug)]
pub(crate) struct Shown {
    pub(crate) status: StatusCode,
    /// Where to go, if elsewhere.
    pub(crate) location: String,
    pub(crate) text: String,
}

impl Browser {
    /// A browser in Chinese at this node's server.
    pub(crate) fn at(node: Node) -> Browser {
        let router = router(inline_app(node).unwrap());
        Browser { router, cookies: BTreeMap::new(), language: "zh-CN" }
    }

    /// The same in English.
    pub(crate) fn english(mut self) -> Browser {
        self.language = "en";
        self
    }

    /// Another browser at the same server, with nobody signed in.
    pub(crate) fn another(&self) -> Browser {
        let router = self.router.clone();
        Browser { router, cookies: BTreeMap::new(), language: self.language }
    }

    /// Signs in a user that the node has with [`PASSWORD`].
    pub(crate) async fn sign_in(&mut self, name: &str) {
        let came = self.post("/sign-in", &[("name", name), ("password", PASSWORD)]).await;
        assert_eq!(came.status, StatusCode::SEE_OTHER, "{}", came.text);
    }

    /// Opens an address.
    pub(crate) async fn get(&mut self, path: &str) -> Shown {
        self.ask(Request::get(path), String::new()).await
    }

    /// Sends a form, with the session's secret if somebody has signed in.
    pub(crate) async fn post(&mut self, path: &str, fields: &[(&str, &str)]) -> Shown {
        let mut form = form_urlencoded::Serializer::new(String::new());
        form.extend_pairs(fields);
        let head = Request::get("/").header(header::COOKIE, self.cookie()).body(()).unwrap();
        if let Some(token) = PageToken::of(head.headers()) {
            form.append_pair(super::fields::CSRF, &token.csrf());
        }
        self.ask(Request::post(path), form.finish()).await
    }

    /// Sends exactly this form.
    pub(crate) async fn post_raw(&mut self, path: &str, form: &str) -> Shown {
        self.ask(Request::post(path), form.to_owned()).await
    }

    fn cookie(&self) -> String {
        let pairs: Vec<String> = self.cookies.iter().map(|(k, v)| format!("{k}={v}")).collect();
        pairs.join("; ")
    }

    async fn ask(&mut self, request: axum::http::request::Builder, form: String) -> Shown {
        let request = request
            .header(header::ACCEPT, "text/html")
            .header(header::ACCEPT_LANGUAGE, self.language)
            .header(header::COOKIE, self.cookie())
            .body(Body::from(form))
            .unwrap();
        let response = self.router.call(request).await.unwrap();
        let (parts, body) = response.into_parts();
        for set in parts.headers.get_all(header::SET_COOKIE) {
            let (pair, _) = set.to_str().unwrap().split_once(';').unwrap();
            let (name, value) = pair.split_once('=').unwrap();
            self.cookies.insert(name.to_owned(), value.to_owned());
            self.cookies.retain(|_, value| !value.is_empty());
        }
        let location = parts.headers.get(header::LOCATION);
        let location = location.map_or("", |value| value.to_str().unwrap()).to_owned();
        let bytes = to_bytes(body, usize::MAX).await.unwrap();
        let text = String::from_utf8_lossy(&bytes).into_owned();
        Shown { status: parts.status, location, text }
    }
}
