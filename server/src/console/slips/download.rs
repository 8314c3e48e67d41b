//! `/slips.csv` and `/slips.xlsx`: exactly the selection, every one noted in the list of acts.

use axum::body::{Body, Bytes};
use axum::extract::{Query, State};
use axum::http::header;
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use courtyard_core::store::{SlipSelection, Store};
use futures_util::stream;
use maud::html;
use tokio::sync::mpsc::{Sender, channel};

use super::asked::Asked;
use crate::app::App;
use crate::command::report::Names;
use crate::command::report::slips::{row, table};
use crate::command::table::{Table, xlsx};
use crate::office::acting::Role;
use crate::view::ViewError;
use crate::web::{Access, Frame, Official, Page, PageError};

/// Rows of a CSV file that are in memory at once.
const PIECE_ROWS: usize = 2_000;
/// Rows of a sheet: a workbook is made in memory.
const SHEET_ROWS: i64 = 100_000;
/// Who reads households' names; an administrator keeps users and devices.
const NAMED: &[Role] = &[Role::Clerk, Role::Reviewer, Role::Manager, Role::Auditor];

pub(super) fn pages() -> Vec<Page> {
    vec![
        Page::behind("/slips.csv", Access::Office, get(csv)),
        Page::behind("/slips.xlsx", Access::Office, get(sheet)),
    ]
}

/// The selection, once the download stands in the list of acts.
async fn noted(
    app: &App,
    official: &Official,
    asked: &Asked,
    act: &'static str,
) -> Result<SlipSelection, PageError> {
    let subject = asked.for_the_record();
    let (selection, unread) = asked.selection();
    if unread.is_some() {
        return Err(PageError::NotFound);
    }
    app.act_as(&official.name, &Role::ALL, move |deed| deed.note(act, &subject)).await?;
    Ok(selection)
}

fn names(store: &Store, may: bool) -> Result<Names, PageError> {
    Ok(if may { Names::of(store)? } else { Names::without_growers(store)? })
}

async fn csv(
    State(app): State<App>,
    official: Official,
    Query(asked): Query<Asked>,
) -> Result<Response, PageError> {
    let selection = noted(&app, &official, &asked, "slips.csv").await?;
    let may = official.may(NAMED);
    // A piece is made while the one before it is sent; a reader who goes ends it.
    let (send, pieces) = channel::<Result<Bytes, std::io::Error>>(2);
    tokio::task::spawn_blocking(move || {
        let written = app.readers().read(|store| {
            let names = names(store, may)?;
            write(store, &selection, &names, &send)
        });
        if let Err(error) = written {
            tracing::error!(?error, "a download failed");
            // The file breaks off, so the browser does not take it for whole.
            let _ = send.blocking_send(Err(std::io::Error::other("the view could not be read")));
        }
    });
    let pieces = stream::unfold(pieces, async |mut pieces| {
        let piece = pieces.recv().await?;
        Some((piece, pieces))
    });
    let headers = [
        (header::CONTENT_TYPE, "text/csv; charset=utf-8"),
        (header::CONTENT_DISPOSITION, "attachment; filename=\"slips.csv\""),
    ];
    Ok((headers, Body::from_stream(pieces)).into_response())
}

fn write(
    store: &Store,
    selection: &SlipSelection,
    names: &Names,
    send: &Sender<Result<Bytes, std::io::Error>>,
) -> Result<(), PageError> {
    let made =
        |bytes: Result<Vec<u8>, csv::Error>| bytes.map(Bytes::from).map_err(std::io::Error::other);
    let mut rows = table();
    let mut goes_on = send.blocking_send(made(rows.csv_head())).is_ok();
    store.each_slip(selection, |slip| {
        rows.row(row(names, &slip));
        if rows.len() >= PIECE_ROWS {
            goes_on = goes_on && send.blocking_send(made(rows.csv_rows())).is_ok();
            rows.clear();
        }
        goes_on
    })?;
    if goes_on {
        // Nobody to read the last piece is no failure.
        let _ = send.blocking_send(made(rows.csv_rows()));
    }
    Ok(())
}

async fn sheet(
    State(app): State<App>,
    official: Official,
    Query(asked): Query<Asked>,
) -> Result<Response, PageError> {
    let (selection, _) = asked.selection();
    let found = app.readers().read(|store| store.slip_totals(&selection).map_err(ViewError::from));
    if found?.slips() > SHEET_ROWS {
        return Ok(too_many(&official, &asked));
    }
    let selection = noted(&app, &official, &asked, "slips.xlsx").await?;
    let may = official.may(NAMED);
    let made = tokio::task::spawn_blocking(move || {
        let rows = app.readers().read(|store| {
            let names = names(store, may)?;
            let mut rows: Table = table();
            store.each_slip(&selection, |slip| {
                rows.row(row(&names, &slip));
                true
            })?;
            Ok::<_, PageError>(rows)
        })?;
        xlsx("收购单 slips", &[&rows]).map_err(|error| failed(&error))
    });
    let bytes = made.await.map_err(|error| failed(&error))??;
    let headers = [
        (header::CONTENT_TYPE, "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
        (header::CONTENT_DISPOSITION, "attachment; filename=\"slips.xlsx\""),
    ];
    Ok((headers, bytes).into_response())
}

fn failed(error: &dyn std::fmt::Display) -> PageError {
    PageError::View(ViewError::File(std::io::Error::other(error.to_string())))
}

/// More rows than a workbook is made of: what to do instead.
fn too_many(official: &Official, asked: &Asked) -> Response {
    let w = &official.words;
    let title = w.say("slips-too-many-title");
    let body = html! {
        h1 { (title) }
        p { (w.say_with("slips-too-many", &[("most", SHEET_ROWS.into())])) }
        p { a.button href=(asked.address("/slips.csv", "")) download { (w.say("slips-csv")) } }
        p { a href=(asked.address("/slips", "")) { (w.say("slips-title")) } }
    };
    Frame::office(official, &title).show(body)
}
