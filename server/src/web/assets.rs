//! Style, script and picture files, held in the program. An address names its content's hash, so a
//! browser keeps each for ever and a new build is never mixed with an old file.

use std::fmt::Write as _;
use std::sync::OnceLock;

use axum::extract::Path;
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use sha2::{Digest as _, Sha256};

use super::{Access, Page};

struct Asset {
    name: &'static str,
    mime: &'static str,
    bytes: &'static [u8],
}

const ASSETS: [Asset; 6] = [
    Asset {
        name: "style.css",
        mime: "text/css; charset=utf-8",
        bytes: include_bytes!("../../assets/style.css"),
    },
    // The households' pages load this one alone: they stay below 30 KB whatever the office's need.
    Asset {
        name: "grower.css",
        mime: "text/css; charset=utf-8",
        bytes: include_bytes!("../../assets/grower.css"),
    },
    Asset {
        name: "print.css",
        mime: "text/css; charset=utf-8",
        bytes: include_bytes!("../../assets/print.css"),
    },
    Asset {
        name: "live.js",
        mime: "text/javascript; charset=utf-8",
        bytes: include_bytes!("../../assets/live.js"),
    },
    // htmx 2 (BSD-0), as published; see server/assets/README.md.
    Asset {
        name: "htmx.js",
        mime: "text/javascript; charset=utf-8",
        bytes: include_bytes!("../../assets/htmx.min.js"),
    },
    Asset {
        name: "mark.svg",
        mime: "image/svg+xml",
        bytes: include_bytes!("../../assets/mark.svg"),
    },
];

/// The address of an asset, such as `/assets/3f2a…/style.css`.
pub fn address(name: &str) -> String {
    static VERSION: OnceLock<String> = OnceLock::new();
    let version = VERSION.get_or_init(|| {
        let mut all = Sha256::new();
        for asset in &ASSETS {
            all.update(asset.bytes);
        }
        all.finalize().iter().take(6).fold(String::new(), |mut text, byte| {
            // Writing into a string cannot fail.
            let _ = write!(text, "{byte:02x}");
            text
        })
    });
    format!("/assets/{version}/{name}")
}

pub(super) fn pages() -> Vec<Page> {
    vec![
        Page::behind("/assets/{version}/{name}", Access::Open, get(asset)),
        Page::behind("/favicon.ico", Access::Open, get(async || file("mark.svg"))),
    ]
}

async fn asset(Path((_, name)): Path<(String, String)>) -> Response {
    file(&name)
}

fn file(name: &str) -> Response {
    match ASSETS.iter().find(|asset| asset.name == name) {
        Some(asset) => {
            let kept = "public, max-age=31536000, immutable";
            let headers = [(header::CONTENT_TYPE, asset.mime), (header::CACHE_CONTROL, kept)];
            (headers, asset.bytes).into_response()
        }
        None => StatusCode::NOT_FOUND.into_response(),
    }
}
