//! How one exception is shown: whose, since when, what was measured, and the entries that show it.

use std::collections::BTreeMap;

use courtyard_core::domain::device::DeviceRole;
use courtyard_core::domain::{
    Body, BusinessDate, DeviceNo, Entry, EntryId, Fen, Grams, GrowerId, Holder, Kind, LiPerKg,
    VillageNo,
};
use courtyard_core::ledger::State;
use courtyard_core::ledger::exceptions::{Exception, ExceptionKind, Measure};
use courtyard_core::store::{Store, StoreError};
use maud::{Markup, html};

use super::said::{self, Said};
use super::{about, short};
use crate::web::{Words, figures};

/// An exception with all that a reader needs of it.
pub(super) struct Shown {
    pub(super) exception: Exception,
    pub(super) name: String,
    pub(super) village: String,
    /// The device that it is about, if it is about one, and whether that is the office's own.
    device: Option<(DeviceNo, bool)>,
    pub(super) evidence: Vec<Seen>,
    said: Vec<Said>,
    /// Entries that show it and are not in the list.
    pub(super) more: usize,
}

/// An entry that shows an exception.
pub(super) struct Seen {
    pub(super) id: EntryId,
    /// What stands in it; none if it is not here.
    pub(super) entry: Option<Facts>,
}

/// What is said of an entry.
pub(super) struct Facts {
    pub(super) kind: Option<Kind>,
    pub(super) date: BusinessDate,
    pub(super) settlement: Option<Grams>,
    pub(super) amount: Option<Fen>,
    /// Whether a slip waits for its price.
    pub(super) pending: bool,
    /// How a slip stands.
    pub(super) state: Option<State>,
}

/// The names of villages.
pub(super) type Villages = BTreeMap<VillageNo, String>;

pub(super) fn villages(store: &Store) -> Result<Villages, StoreError> {
    Ok(store.villages()?.into_iter().map(|village| (village.number, village.name)).collect())
}

impl Shown {
    /// Reads it with at most so many of the entries that show it, the last ones.
    pub(super) fn read(
        store: &Store,
        exception: &Exception,
        villages: &Villages,
        most: usize,
    ) -> Result<Shown, StoreError> {
        let name = match exception.grower {
            Some(grower) => store.grower(grower)?.map(|row| row.name).unwrap_or_default(),
            None => holder(store, exception)?,
        };
        let village = exception.village.map_or_else(String::new, |number| {
            villages.get(&number).cloned().unwrap_or_else(|| number.to_string())
        });
        let more = exception.evidence.len().saturating_sub(most);
        let mut evidence = Vec::new();
        for &id in exception.evidence.iter().skip(more) {
            evidence.push(Seen { id, entry: facts(store, id)? });
        }
        let device = match device(exception) {
            Some(device) => {
                let certificate = store.certificate(device)?;
                Some((device, certificate.is_some_and(|c| c.role != DeviceRole::Phone)))
            }
            None => None,
        };
        let said = said::read(store, exception)?;
        Ok(Shown { exception: exception.clone(), name, village, device, evidence, said, more })
    }

    /// The address of its own page.
    pub(super) fn address(&self) -> String {
        let about: String =
            form_urlencoded::byte_serialize(about(&self.exception).as_bytes()).collect();
        // A plus is a plus in a path.
        format!("/exceptions/{}/{}", short(self.exception.kind), about.replace('+', "%20"))
    }
}

/// The name of whose cash it is about.
fn holder(store: &Store, exception: &Exception) -> Result<String, StoreError> {
    let till =
        matches!(exception.kind, ExceptionKind::FloatDifference | ExceptionKind::StewardAdvanced);
    let subject = exception.subject.as_deref().filter(|_| till).unwrap_or_default();
    let holder = subject.split(' ').next().and_then(|holder| holder.parse().ok());
    let Some(Holder::Person(number)) = holder else { return Ok(String::new()) };
    Ok(store.member(number)?.map(|member| member.name).unwrap_or_default())
}

/// The device that it is about, if it is about one.
fn device(exception: &Exception) -> Option<DeviceNo> {
    match exception.kind {
        ExceptionKind::ClockDoubt
        | ExceptionKind::NewerKind
        | ExceptionKind::SequenceMissing
        | ExceptionKind::Fork => exception.evidence.first().map(|id| id.device),
        ExceptionKind::PhoneSilent => exception.subject.as_deref()?.parse().ok(),
        _ => None,
    }
}

fn facts(store: &Store, id: EntryId) -> Result<Option<Facts>, StoreError> {
    let Some(stored) = store.entry(id)? else { return Ok(None) };
    let Entry { envelope, body } = &stored.arrived.entry;
    let (mut settlement, mut state, mut pending) = (None, None, false);
    let amount = match body {
        Body::Slip(_) => match store.slip(id)? {
            Some(slip) => {
                state = Some(slip.state);
                settlement = Grams::sum(slip.lines.iter().map(|line| line.settlement)).ok();
                pending = slip.has_unfixed_line();
                // What it comes to after fixes, returns and adjustments; of one that does not count,
                // what was printed.
                let now = slip.paid.plus(slip.remaining).ok();
                now.filter(|_| slip.state.stands()).or(Some(slip.amount))
            }
            None => None,
        },
        Body::Payout(payout) => Some(payout.cash),
        Body::FloatCount(count) => Some(count.counted),
        Body::Prepayment(debt) => Some(debt.amount),
        Body::Deposit(debt) => Some(debt.amount),
        Body::Receipt(receipt) => Some(receipt.amount),
        Body::Adjustment(adjustment) => Some(adjustment.amount),
        _ => None,
    };
    let (kind, date) = (body.kind(), envelope.date);
    Ok(Some(Facts { kind, date, settlement, amount, pending, state }))
}

/// Whose it is: a household, else a subject, each with the village.
pub(super) fn whose(shown: &Shown, w: &Words) -> Markup {
    let Shown { exception, name, village, .. } = shown;
    html! {
        @match exception.grower {
            Some(grower) => { (household(grower, name)) },
            None => {
                @if let Some((device, ours)) = shown.device {
                    strong { (if ours { w.say("exceptions-office") } else { w.say("exceptions-phone") }) }
                    " " strong.num { (device) }
                } @else if !name.is_empty() {
                    strong { (name) } " " span.num.muted { (subject(exception)) }
                } @else {
                    strong.num { (subject(exception)) }
                }
            },
        }
        @if !village.is_empty() { " " span.muted { (village) } }
    }
}

/// What it is about, where that is no entry: of a till, whose hands.
fn subject(exception: &Exception) -> &str {
    let subject = exception.subject.as_deref().unwrap_or_default();
    match exception.kind {
        ExceptionKind::FloatDifference | ExceptionKind::StewardAdvanced => {
            subject.split(' ').next().unwrap_or(subject)
        }
        _ => subject,
    }
}

fn household(grower: GrowerId, name: &str) -> Markup {
    html! {
        @if !name.is_empty() { strong { (name) } " " }
        span.num.muted { (grower) }
    }
}

/// A measure in words with its unit.
pub(super) fn amount(unit: &str, value: i64, w: &Words) -> String {
    let count = |id| w.say_with(id, &[("count", value.into())]);
    match unit {
        "g" => figures::grouped(&Grams::new(value).text(w.language())),
        "fen" => figures::grouped(&Fen::new(value).text()),
        "li_per_kg" => LiPerKg::new(value).text(w.language()),
        "s" => count("exceptions-seconds"),
        "days" => count("exceptions-days"),
        "entries" => count("exceptions-numbers"),
        _ => figures::grouped(&value.to_string()),
    }
}

/// What was found beside what it is measured against; two bars from zero where both are lengths.
pub(super) fn measure(exception: &Exception, w: &Words) -> Markup {
    let Some(Measure { found, expected }) = exception.measure else { return html! {} };
    let unit = exception.kind.unit();
    // Money that should not be there is a sum by itself.
    let alone = expected == Some(0) && unit == "fen";
    let label = if alone { w.say("exceptions-amount") } else { w.say("exceptions-found") };
    html! {
        div.measure {
            span { (label) " " strong.num { (amount(unit, found, w)) } }
            @if let Some(expected) = expected.filter(|&expected| expected != 0) {
                span.muted { (w.say("exceptions-expected")) " " span.num { (amount(unit, expected, w)) } }
                @if found > 0 && expected > 0 && unit != "s" { (bars(found, expected)) }
            }
        }
    }
}

/// The longer one fills the width; the words beside it say the same.
fn bars(found: i64, expected: i64) -> Markup {
    let longest = found.max(expected).max(1);
    let length = |value: i64| value.saturating_mul(100).checked_div(longest).unwrap_or(0).max(1);
    html! {
        svg.chart viewBox="0 0 100 14" preserveAspectRatio="none" aria-hidden="true" {
            rect.bar x="0" y="0" height="6" width=(length(found)) {}
            rect.before x="0" y="8" height="6" width=(length(expected)) {}
        }
    }
}

/// The entries that show it, each with a way to it.
pub(super) fn evidence(shown: &Shown, w: &Words) -> Markup {
    html! {
        (said::show(&shown.said, w))
        @if !shown.evidence.is_empty() {
            ul.plain.evidence {
                @for seen in &shown.evidence { li { (entry(seen, w)) } }
                @if shown.more > 0 {
                    li { a href=(shown.address()) {
                        (w.say_with("exceptions-more", &[("count", count(shown.more))]))
                    } }
                }
            }
        }
        @if let Some(subject) = beside(shown) { p.muted.num { (subject) } }
    }
}

/// What it is about, if that is not said yet.
fn beside(shown: &Shown) -> Option<&str> {
    let subject = shown.exception.subject.as_deref()?;
    let said = shown.exception.grower.is_none()
        || shown.evidence.iter().any(|seen| seen.id.to_string() == subject);
    (!said).then_some(subject)
}

fn entry(seen: &Seen, w: &Words) -> Markup {
    let Some(facts) = &seen.entry else {
        return html! { span.num { (seen.id) } " " span.muted { (w.say("exceptions-not-here")) } };
    };
    html! {
        @if facts.kind == Some(Kind::Slip) {
            a.num href={ "/slips/" (seen.id) } { (seen.id) }
        } @else {
            span.num { (seen.id) } " " span { (figures::kind(facts.kind, w)) }
        }
        " " span.num { (facts.date) }
        @if let Some(settlement) = facts.settlement { " " (figures::jin(settlement, w)) }
        @if facts.pending {
            @let (zh, en) = ExceptionKind::PriceUnfixed.title();
            " " span.ask { "▲ " (w.pick(zh, en)) }
        } @else if let Some(amount) = facts.amount { " " (figures::yuan(amount)) }
        @if let Some(state) = facts.state.filter(|state| !state.stands()) {
            " " (figures::state(state, w))
        }
    }
}

/// Why an entry is held, how a price lies; not what the kind's own words say above already.
pub(super) fn reasons(exception: &Exception, w: &Words) -> Markup {
    let said = matches!(
        exception.kind,
        ExceptionKind::ContractExceeded
            | ExceptionKind::BeyondYield
            | ExceptionKind::LikelyDuplicate
            | ExceptionKind::LowPrice
            | ExceptionKind::ClockDoubt
    );
    html! {
        @if !said && !exception.rules.is_empty() {
            ul.plain { @for rule in &exception.rules { li.ask { "▲ " (w.pick(rule.zh, rule.en)) } } }
        }
    }
}

/// A count as a value for words.
pub(super) fn count(number: usize) -> fluent_bundle::FluentValue<'static> {
    u32::try_from(number).unwrap_or(u32::MAX).into()
}
