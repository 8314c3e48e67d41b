//! Every address of the server in one place. Handlers are functions of (application, request): no
//! timers, no threads of their own, so a simulation can call them.

use std::net::IpAddr;

use axum::Router;
use axum::body::{Body, to_bytes};
use axum::extract::{Request, State};
use axum::http::{HeaderValue, StatusCode, header};
use axum::middleware::{self, Next};
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use courtyard_core::wire::message::{TailsRequest, path};
use courtyard_core::wire::{
    AuditRequest, Door, EnrolRequest, ErrorBody, SessionRequest, SyncRequest, SyncResponse, limits,
    rows,
};

use crate::app::App;
use crate::office::accept::Accepted;
use crate::office::{Office, OfficeError};
use crate::web;

/// Where a request comes from; the serve loop adds it to each.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Peer(pub IpAddr);

/// The router over an application.
pub fn router(app: App) -> Router {
    Router::new()
        .route(path::SYNC, post(sync))
        .route(path::ENROL, post(enrol))
        .route(path::SESSION, post(session))
        .route(path::AUDIT, post(audit))
        .route(path::TAILS, post(tails))
        .route("/healthz", get(healthz))
        .route("/metrics", get(show_metrics))
        .merge(web::routes())
        .fallback(nowhere)
        .method_not_allowed_fallback(async || refusal(&Door::WrongMethod.into()))
        .layer(middleware::from_fn(web::error::show))
        .layer(middleware::from_fn(count))
        .with_state(app)
}

/// An address that nothing has: a page to a browser, the envelope of errors to a phone.
async fn nowhere(request: Request) -> Response {
    let header = request.headers().get(header::ACCEPT).and_then(|accept| accept.to_str().ok());
    if header.is_some_and(|accept| accept.contains("text/html")) {
        return web::PageError::NotFound.into_response();
    }
    refusal(&Door::NotFound.into())
}

/// One line of counters for each answer; never what was in it.
async fn count(request: Request, next: Next) -> Response {
    let path = request
        .extensions()
        .get::<axum::extract::MatchedPath>()
        .map_or("other", |path| path.as_str())
        .to_owned();
    let response = next.run(request).await;
    let status = response.status().as_u16().to_string();
    metrics::counter!("courtyard_answers_total", "path" => path, "status" => status).increment(1);
    response
}

/// The answer to what was not done: the one envelope of all errors.
pub(crate) fn refusal(error: &OfficeError) -> Response {
    if error.is_ours() {
        tracing::error!(%error, "a request failed");
    }
    refusal_with(error.door(), &error.body())
}

fn refusal_with(door: Door, body: &ErrorBody) -> Response {
    metrics::counter!("courtyard_refusals_total", "code" => door.code()).increment(1);
    let status = StatusCode::from_u16(door.status()).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
    // Strings only: it cannot fail, and an empty body would still carry the status.
    let json = serde_json::to_vec(body).unwrap_or_default();
    (status, [(header::CONTENT_TYPE, HeaderValue::from_static("application/json"))], json)
        .into_response()
}

fn answer(result: Result<Vec<u8>, OfficeError>) -> Response {
    match result {
        // No header that says what both sides know: a lone purchase travels in 260 bytes, all in.
        Ok(bytes) => Response::new(Body::from(bytes)),
        Err(error) => refusal(&error),
    }
}

/// The whole body, up to its limit.
async fn body(body: Body) -> Result<Vec<u8>, OfficeError> {
    match to_bytes(body, limits::BODY_BYTES.len()).await {
        Ok(bytes) => Ok(bytes.into()),
        Err(error) => {
            let mut source: Option<&dyn std::error::Error> = Some(&error);
            while let Some(cause) = source {
                if cause.is::<http_body_util::LengthLimitError>() {
                    let found = limits::BODY_BYTES.value.saturating_add(1);
                    limits::BODY_BYTES.check(found)?;
                }
                source = cause.source();
            }
            // Cut on the way; nobody is likely to read this answer.
            Err(Door::Undecodable.into())
        }
    }
}

async fn sync(State(app): State<App>, request: Request) -> Response {
    answer(try_sync(&app, request).await)
}

async fn try_sync(app: &App, request: Request) -> Result<Vec<u8>, OfficeError> {
    let bytes = body(request.into_body()).await?;
    let now_ms = app.now_ms();
    let request = SyncRequest::decode(&bytes)?;
    let cursor = request.cursor.clone();
    let accepted = if Office::writes(&request) {
        let accepted =
            app.writer().run(move |office, tx| office.accept(tx, &request, now_ms)).await?;
        count_accepted(&accepted);
        accepted
    } else {
        let (accepted, news) = app.read(|reads| {
            let who = app.office().authenticate(reads, &request.auth, now_ms)?;
            let news = Office::is_news(reads, who.device.number(), now_ms)?;
            Ok((Accepted::nothing(who.device), news))
        })?;
        if news {
            let device = accepted.device.number();
            app.writer().run(move |_, tx| Ok(tx.hear(device, now_ms)?)).await?;
        }
        accepted
    };
    app.read(|reads| {
        let mut answer = SyncResponse {
            columns: rows::COLUMNS,
            token: accepted.token,
            challenge: accepted.challenge.clone(),
            upload_only: accepted.upload_only(),
            have: accepted.have.clone(),
            have_edits: accepted.have_edits.clone(),
            refused: accepted.refused.clone(),
            ..SyncResponse::default()
        };
        Office::fill(reads, &accepted.device, &cursor, &mut answer)
    })
}

fn count_accepted(accepted: &Accepted) {
    let count = |number: usize| u64::try_from(number).unwrap_or(0);
    metrics::counter!("courtyard_entries_total").increment(count(accepted.entries));
    metrics::counter!("courtyard_edits_total").increment(count(accepted.edits));
    for refused in &accepted.refused {
        let code = refused.door().map_or("unknown", Door::code);
        metrics::counter!("courtyard_refusals_total", "code" => code).increment(1);
        tracing::warn!(device = %accepted.device.number(), code, "a part was refused");
    }
}

async fn enrol(State(app): State<App>, request: Request) -> Response {
    // Only the serve loop knows addresses; a simulation that calls the router has none.
    if let Some(&Peer(address)) = request.extensions().get::<Peer>()
        && let Err(retry_ms) = app.enrolments().take(address, app.now_ms())
    {
        let mut body = ErrorBody::new(Door::TooMany);
        body.retry_ms = Some(retry_ms);
        return refusal_with(Door::TooMany, &body);
    }
    answer(try_enrol(&app, request).await)
}

async fn try_enrol(app: &App, request: Request) -> Result<Vec<u8>, OfficeError> {
    let request = EnrolRequest::decode(&body(request.into_body()).await?)?;
    let now_ms = app.now_ms();
    let done = app.writer().run(move |office, tx| office.enrol(tx, &request, now_ms)).await?;
    tracing::info!(device = %done.certificate.device, village = %done.village, "enrolled");
    Ok(done.encode())
}

async fn session(State(app): State<App>, request: Request) -> Response {
    answer(try_session(&app, request).await)
}

async fn try_session(app: &App, request: Request) -> Result<Vec<u8>, OfficeError> {
    let request = SessionRequest::decode(&body(request.into_body()).await?)?;
    let now_ms = app.now_ms();
    let done = match request {
        SessionRequest::Ask { .. } => app.read(|reads| Office::ask(reads, now_ms))?,
        SessionRequest::Open { .. } => {
            app.writer().run(move |office, tx| office.session(tx, &request, now_ms)).await?
        }
    };
    Ok(done.encode())
}

async fn audit(State(app): State<App>, request: Request) -> Response {
    answer(try_audit(&app, request).await)
}

async fn try_audit(app: &App, request: Request) -> Result<Vec<u8>, OfficeError> {
    let request = AuditRequest::decode(&body(request.into_body()).await?)?;
    let now_ms = app.now_ms();
    app.read(|reads| app.office().audit(reads, &request, now_ms)).map(|done| done.encode())
}

async fn tails(State(app): State<App>, request: Request) -> Response {
    answer(try_tails(&app, request).await)
}

async fn try_tails(app: &App, request: Request) -> Result<Vec<u8>, OfficeError> {
    let request = TailsRequest::decode(&body(request.into_body()).await?)?;
    let now_ms = app.now_ms();
    app.read(|reads| app.office().tails(reads, &request, now_ms)).map(|done| done.encode())
}

async fn healthz(State(app): State<App>) -> Response {
    match app.read(|reads| Ok(reads.county()?.is_some())) {
        Ok(true) => "ok\n".into_response(),
        Ok(false) => refusal(&Door::Unavailable.into()),
        Err(error) => refusal(&error),
    }
}

async fn show_metrics(State(app): State<App>) -> Response {
    let text = HeaderValue::from_static("text/plain; version=0.0.4");
    ([(header::CONTENT_TYPE, text)], app.metrics()).into_response()
}
