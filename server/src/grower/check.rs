//! `/c`: the public check of a slip. Whoever holds the paper sees whether a phone of this district
//! signed it, what stands on it, and whether the office has it; nobody's name and no household's
//! number is shown.

use axum::extract::{Path, Query, State};
use axum::response::Response;
use axum::routing::get;
use courtyard_core::domain::{Body, BusinessDate, EntryHash, EntryId, Fen, VillageNo};
use courtyard_core::ledger::{SlipRecord, State as Stands, StatedLine};
use courtyard_core::store::Store;
use courtyard_core::wire::{ProofFault, SlipProof, VerifiedSlip};
use maud::{Markup, html};
use serde::Deserialize;

use super::books::Products;
use super::frame::{self, day};
use super::lines::lines;
use super::slip::row;
use super::visitor::Reader;
use crate::app::App;
use crate::office;
use crate::web::layout::wrong;
use crate::web::{Access, Page, PageError, Words};

pub(super) fn pages() -> Vec<Page> {
    vec![
        Page::shown("/c", Access::Open, get(ask)),
        Page::shown("/c/{text}", Access::Open, get(show)),
        // As it stands in a slip's QR, whose alphanumeric mode has no small letters.
        Page::behind("/C/{text}", Access::Open, get(show)),
    ]
}

/// What was pasted.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Pasted {
    text: String,
}

/// What the page shows of a slip that is proved.
struct Model {
    id: EntryId,
    date: BusinessDate,
    village: String,
    lines: Vec<StatedLine>,
    amount: Option<Fen>,
    products: Products,
    here: Here,
}

/// What the office has under the slip's number.
enum Here {
    /// Nothing yet.
    Nothing,
    /// Other content: a fork.
    Other,
    /// Exactly this, and how it stands if it is a slip.
    Same(Option<Box<SlipRecord>>),
}

fn read(store: &Store, verified: &VerifiedSlip) -> Result<Model, PageError> {
    let villages = store.villages()?;
    let named = |number: VillageNo| {
        let village = villages.iter().find(|village| village.number == number);
        village.map_or_else(|| number.to_string(), |village| village.name.clone())
    };
    let body = &verified.entry.body;
    let (lines, amount) = match body {
        Body::Slip(slip) => (slip.lines.iter().map(StatedLine::of).collect(), slip.amount().ok()),
        _ => (Vec::new(), None),
    };
    Ok(Model {
        id: verified.id,
        date: verified.entry.envelope.date,
        village: verified.certificate.village.map(named).unwrap_or_default(),
        lines,
        amount,
        products: Products::read(store)?,
        here: here(store, verified.id, verified.hash)?,
    })
}

fn here(store: &Store, id: EntryId, hash: EntryHash) -> Result<Here, PageError> {
    Ok(match store.entry(id)? {
        None => Here::Nothing,
        Some(entry) if entry.arrived.hash != hash => Here::Other,
        Some(_) => Here::Same(store.slip(id)?.map(Box::new)),
    })
}

fn page(model: &Model, w: &Words) -> Markup {
    html! {
        h1 { (w.say("check-title")) }
        p.verdict { span.good { "● " (w.say("check-sound")) } }
        dl.sum {
            div.row { dt { (w.say("check-number")) } dd.num { (model.id) } }
            div.row { dt { (w.say("check-date")) } dd { (day(model.date, w)) } }
            @if !model.village.is_empty() { div.row { dt { (w.say("check-village")) } dd { (model.village) } } }
            @if let Some(amount) = model.amount { (row(&w.say("check-amount"), amount, true)) }
        }
        h2 { (w.say("check-office")) }
        (stands(&model.here, w))
        @if !model.lines.is_empty() {
            h2 { (w.say("check-lines")) }
            (lines(&model.lines, &model.products, w))
        }
        p.hint { (w.say("check-nobody")) }
        p { a.button.second href="/c" { (w.say("check-another")) } }
    }
}

/// What the office has, in words.
fn stands(here: &Here, w: &Words) -> Markup {
    let (class, shape, word) = match here {
        Here::Nothing => ("wait", "○", "check-not-here"),
        Here::Other => ("bad", "▲", "check-other"),
        Here::Same(slip) => match slip.as_ref().map(|slip| slip.state) {
            Some(Stands::Held) => ("ask", "▲", "check-held"),
            Some(Stands::Refused) => ("bad", "✕", "check-refused"),
            Some(Stands::Voided { .. }) => ("bad", "✕", "check-voided"),
            Some(Stands::Counted) | None => ("good", "●", "check-here"),
        },
    };
    html! {
        p { span class=(class) { (shape) " " (w.say(word)) } }
        @if let Here::Same(Some(slip)) = here { @if slip.state.stands() { p { (w.say(paid(slip))) } } }
    }
}

/// How far a slip is paid.
fn paid(slip: &SlipRecord) -> &'static str {
    if slip.remaining == Fen::ZERO && !slip.has_unfixed_line() {
        "check-paid"
    } else if slip.paid > Fen::ZERO {
        "check-part-paid"
    } else {
        "check-unpaid"
    }
}

/// A text that proves nothing, and the form for another one.
fn refused(reader: &Reader, text: &str, fault: ProofFault) -> Response {
    let w = &reader.words;
    let words = fault.words();
    let body = html! {
        h1 { (w.say("check-title")) }
        p.verdict { span.bad { "✕ " (w.say("check-unsound")) } }
        (wrong(Some(w.pick(words.zh, words.en))))
        (form(text, w))
    };
    frame::open(reader, &w.say("check-title"), body)
}

fn form(text: &str, w: &Words) -> Markup {
    html! {
        form method="get" action="/c" {
            label for="text" { (w.say("check-text")) }
            textarea #text name="text" rows="6" required aria-describedby="text-hint" { (text) }
            p.hint #text-hint { (w.say("check-hint")) }
            button type="submit" { (w.say("check-go")) }
        }
    }
}

async fn ask(
    State(app): State<App>,
    reader: Reader,
    Query(pasted): Query<Pasted>,
) -> Result<Response, PageError> {
    if !pasted.text.trim().is_empty() {
        return checked(&app, &reader, &pasted.text);
    }
    let w = &reader.words;
    let body = html! {
        h1 { (w.say("check-title")) }
        p { (w.say("check-how")) }
        (form("", w))
    };
    Ok(frame::open(&reader, &w.say("check-title"), body))
}

async fn show(
    State(app): State<App>,
    reader: Reader,
    Path(text): Path<String>,
) -> Result<Response, PageError> {
    checked(&app, &reader, &text)
}

fn checked(app: &App, reader: &Reader, text: &str) -> Result<Response, PageError> {
    let root = app.read(|reads| Ok(office::county(reads)?.root))?;
    match text.parse::<SlipProof>().and_then(|proof| proof.verify(&root)) {
        Ok(verified) => {
            let model = app.readers().read(|store| read(store, &verified))?;
            let title = reader.words.say("check-title");
            Ok(frame::open(reader, &title, page(&model, &reader.words)))
        }
        Err(fault) => Ok(refused(reader, text, fault)),
    }
}
