//! `/g/object/{id}`: a household's objection (异议) to one of its slips or payments. The village's
//! office writes it down in the household's name, so it stands in the books and among what the
//! office has to answer.

use axum::extract::{Path, State};
use axum::response::{IntoResponse, Redirect, Response};
use axum::routing::get;
use courtyard_core::document::BookId;
use courtyard_core::domain::question::Objection;
use courtyard_core::domain::units::text::Language;
use courtyard_core::domain::{Body, Entry, EntryId, GrowerId, Kind, Limits, PersonNo, VillageNo};
use courtyard_core::ledger::words::{Thread, ThreadState, Topic};
use maud::{Markup, html};

use super::frame::{self, day};
use super::slip::own_entry;
use super::visitor::Household;
use crate::app::App;
use crate::log::{LogError, Transaction};
use crate::office::OfficeError;
use crate::office::publish::Stamp;
use crate::web::layout::wrong;
use crate::web::{Access, Fields, Page, PageError, Words};

/// Why households object most; the rest they say in their own words.
const REASONS: [&str; 6] = [
    "grower-object-weight",
    "grower-object-price",
    "grower-object-deduction",
    "grower-object-payment",
    "grower-object-stranger",
    "grower-object-other",
];

pub(super) fn pages() -> Vec<Page> {
    vec![Page::shown("/g/object/{id}", Access::Grower, get(show).post(send))]
}

/// What was objected to an entry, and the way to object.
pub(super) fn about(id: EntryId, threads: &[Thread], w: &Words) -> Markup {
    html! {
        h2 #objection { (w.say("grower-objection")) }
        @for thread in threads { (said(thread, w)) }
        @if !threads.iter().any(|thread| thread.state == ThreadState::Open) {
            p { a.button.second href={ "/g/object/" (id) } { (w.say("grower-object")) } }
        }
    }
}

fn said(thread: &Thread, w: &Words) -> Markup {
    html! {
        section.card {
            p { (state(thread, w)) }
            @for (place, word) in thread.words.iter().enumerate() {
                p {
                    strong { (w.say(if place == 0 { "grower-you" } else { "grower-answer" })) }
                    " " span.hint { (day(word.date, w)) }
                    br;
                    (word.text)
                }
            }
        }
    }
}

/// How an objection stands: shape, word, colour.
pub(super) fn state(thread: &Thread, w: &Words) -> Markup {
    let (class, shape, word) = match thread.state {
        ThreadState::Open | ThreadState::Reopened => ("ask", "?", "grower-object-open"),
        ThreadState::Answered => ("wait", "○", "grower-object-answered"),
        ThreadState::Settled => ("good", "●", "grower-object-settled"),
    };
    html! { span class={ "state " (class) } { (shape) " " (w.say(word)) } }
}

/// What a household typed: a reason of the list, and its own words.
struct Typed {
    reason: Option<&'static str>,
    text: String,
}

impl Typed {
    fn of(fields: &Fields) -> Typed {
        let reason = REASONS.into_iter().find(|reason| *reason == fields.text("reason"));
        Typed { reason, text: fields.text("text").to_owned() }
    }

    /// What stands in the books: in the district's language, whatever the page was read in.
    fn words(&self) -> String {
        let chinese = Words::of(Language::Zh);
        let reason = self.reason.map(|reason| chinese.say(reason)).unwrap_or_default();
        match (reason.is_empty(), self.text.is_empty()) {
            (_, true) => reason,
            (true, false) => self.text.clone(),
            (false, false) => format!("{reason}：{}", self.text),
        }
    }
}

fn form(household: &Household, id: EntryId, typed: &Typed, fault: Option<&str>) -> Response {
    let w = &household.reader.words;
    let title = w.say("grower-object");
    let body = html! {
        h1 { (title) " " span.num { (id) } }
        (wrong(fault))
        form method="post" {
            (frame::csrf(Some(&household.token)))
            fieldset {
                legend { (w.say("grower-object-why")) }
                @for reason in REASONS {
                    label.choice {
                        input type="radio" name="reason" value=(reason) required checked[typed.reason == Some(reason)];
                        span { (w.say(reason)) }
                    }
                }
            }
            label for="text" { (w.say("grower-object-text")) }
            textarea #text name="text" rows="4" maxlength="400" aria-describedby="text-hint" { (typed.text) }
            p.hint #text-hint { (w.say("grower-object-hint")) }
            button type="submit" { (w.say("grower-object-next")) }
        }
    };
    frame::own(household, &title, body)
}

fn confirm(household: &Household, id: EntryId, typed: &Typed) -> Response {
    let w = &household.reader.words;
    let title = w.say("grower-object-confirm");
    let hidden = html! {
        (frame::csrf(Some(&household.token)))
        input type="hidden" name="reason" value=(typed.reason.unwrap_or_default());
        input type="hidden" name="text" value=(typed.text);
    };
    let body = html! {
        h1 { (title) }
        section.card {
            p { (w.say("grower-object-about")) " " strong.num { (id) } }
            @if let Some(reason) = typed.reason { p { strong { (w.say(reason)) } } }
            @if !typed.text.is_empty() { p { (typed.text) } }
        }
        p { (w.say("grower-object-what")) }
        form method="post" {
            (hidden)
            button type="submit" name="step" value="send" { (w.say("grower-object-send")) }
            button.second type="submit" name="step" value="back" { (w.say("grower-object-back")) }
        }
    };
    frame::own(household, &title, body)
}

async fn show(
    State(app): State<App>,
    household: Household,
    Path(id): Path<String>,
) -> Result<Response, PageError> {
    let id = id.parse().map_err(|_| PageError::NotFound)?;
    app.readers().read(|store| target(store, &household, id).map(|_| ()))?;
    Ok(form(&household, id, &Typed { reason: None, text: String::new() }, None))
}

/// What the household may object to: its own slips and payments.
fn target(
    store: &courtyard_core::store::Store,
    household: &Household,
    id: EntryId,
) -> Result<courtyard_core::store::StoredEntry, PageError> {
    let entry = own_entry(store, household, id)?;
    match entry.arrived.entry.body.kind() {
        Some(Kind::Slip | Kind::Payout | Kind::BankResult) => Ok(entry),
        _ => Err(PageError::NotFound),
    }
}

async fn send(
    State(app): State<App>,
    household: Household,
    Path(id): Path<String>,
    fields: Fields,
) -> Result<Response, PageError> {
    let id: EntryId = id.parse().map_err(|_| PageError::NotFound)?;
    let entry = app.readers().read(|store| target(store, &household, id))?;
    let arrived = entry.arrived;
    let grower = arrived.entry.body.grower().ok_or(PageError::NotFound)?;
    let village = arrived.village.ok_or(PageError::NotFound)?;
    let typed = Typed::of(&fields);
    let w = &household.reader.words;
    if typed.reason.is_none() {
        return Ok(form(&household, id, &typed, Some(&w.say("grower-object-choose"))));
    }
    let objection = Objection {
        grower,
        target: id,
        target_hash: arrived.hash,
        person: PersonNo::default(),
        text: typed.words(),
    };
    let body = Body::from(objection.clone());
    if let Some(breach) = body.check(&Limits::LEDGER).first() {
        let said = w.pick(breach.rule.zh, breach.rule.en);
        return Ok(form(&household, id, &typed, Some(said)));
    }
    match fields.text("step") {
        "send" => {}
        "back" => return Ok(form(&household, id, &typed, None)),
        _ => return Ok(confirm(&household, id, &typed)),
    }
    let (card, now_ms) = (household.grower, app.now_ms());
    let entity = arrived.entry.envelope.entity;
    let write = app.writer().run(move |office, tx| {
        let stamp = Stamp { entity, ..Stamp::today(now_ms) };
        if said_already(tx, village, &objection, &stamp)? {
            return Ok(());
        }
        let ids = office.publish(tx, Some(village), &[body], stamp)?;
        for id in ids {
            office.user_act(tx, &actor(card), "objection", &id.to_string(), now_ms)?;
        }
        Ok(())
    });
    // One at a time: while the office has not answered, another one would only be another task.
    if !waits(&app, id)? {
        write.await?;
        app.shown().await?;
    }
    let page = if arrived.entry.body.kind() == Some(Kind::Slip) { "slip" } else { "payout" };
    Ok(Redirect::to(&format!("/g/{page}/{id}#objection")).into_response())
}

/// Whether an objection against this entry waits for the office.
fn waits(app: &App, id: EntryId) -> Result<bool, PageError> {
    app.readers().read(|store| {
        let about = store.threads_about(id)?;
        Ok(about.iter().any(|t| t.topic == Topic::Objection && t.state == ThreadState::Open))
    })
}

/// Who acts, in the list of acts: the card, never a name.
fn actor(card: GrowerId) -> String {
    format!("card {card}")
}

/// Whether the same words about the same entry stand in the office's open book since today: a
/// button that is pressed twice objects once.
fn said_already(
    tx: &dyn Transaction,
    village: VillageNo,
    objection: &Objection,
    stamp: &Stamp,
) -> Result<bool, OfficeError> {
    let Some(office) = tx.office_device(Some(village))? else { return Ok(false) };
    let Some(book): Option<BookId> = tx.last_book(office.number())? else { return Ok(false) };
    for bytes in tx.book_batches(book, 0)?.iter().flat_map(|batch| &batch.entries) {
        let entry = Entry::decode(bytes).map_err(|error| LogError::Corrupt(error.to_string()))?;
        let same = matches!(&entry.body, Body::Objection(said) if said == objection);
        if same && entry.envelope.date == stamp.date {
            return Ok(true);
        }
    }
    Ok(false)
}
