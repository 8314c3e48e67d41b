//! `report exceptions`: what the office should look at, with evidence, owner and way out.

use std::collections::BTreeSet;

use clap::Args;
use courtyard_core::domain::{GrowerId, Rule};
use courtyard_core::ledger::exceptions::{Exception, Facts, Folded, exceptions as derive};
use courtyard_core::ledger::{ContractRecord, Published, SlipRecord};
use courtyard_core::store::{Store, StoreError};
use serde::Serialize;

use super::{Names, unread, view};
use crate::command::Failure;
use crate::command::output::say;
use crate::command::place::Place;

#[derive(Debug, Args)]
pub(super) struct ExceptionsArgs {
    /// Only this village, by name or number.
    #[arg(long)]
    village: Option<String>,
    /// Only this grower, such as H-A7K-12.
    #[arg(long)]
    grower: Option<GrowerId>,
    #[command(flatten)]
    place: Place,
}

#[derive(Debug, PartialEq, Eq, Serialize)]
pub(super) struct Exceptions {
    pub(super) exceptions: Vec<Row>,
}

#[derive(Debug, PartialEq, Eq, Serialize)]
pub(super) struct Row {
    /// The stable code of what it is.
    pub(super) kind: &'static str,
    pub(super) zh: &'static str,
    pub(super) en: &'static str,
    /// Who acts.
    pub(super) owner: &'static str,
    /// What settles it.
    pub(super) acts: Vec<&'static str>,
    pub(super) grower: Option<String>,
    pub(super) name: String,
    pub(super) village: String,
    /// The entries that show it.
    pub(super) evidence: Vec<String>,
    /// Why it is held, or how the price lies.
    pub(super) reasons: Vec<Reason>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) measure: Option<Measure>,
}

#[derive(Debug, PartialEq, Eq, Serialize)]
pub(super) struct Reason {
    pub(super) code: &'static str,
    pub(super) zh: &'static str,
    pub(super) en: &'static str,
}

#[derive(Debug, PartialEq, Eq, Serialize)]
pub(super) struct Measure {
    pub(super) found: i64,
    pub(super) expected: Option<i64>,
    pub(super) unit: &'static str,
}

pub(super) fn run(args: &ExceptionsArgs) -> Result<(), Failure> {
    let view = view(&args.place)?;
    let found = exceptions(view.store(), args.village.as_deref(), args.grower)?;
    say(args.place.json, &found, text)
}

/// The report.
pub(super) fn exceptions(
    store: &Store,
    village: Option<&str>,
    grower: Option<GrowerId>,
) -> Result<Exceptions, Failure> {
    let names = Names::read(store).map_err(unread)?;
    let village = names.find(village)?;
    let found = read(store).map_err(unread)?;
    let exceptions = found
        .into_iter()
        .filter(|e| village.is_none() || e.village == village)
        .filter(|e| grower.is_none() || e.grower == grower)
        .map(|exception| row(exception, &names))
        .collect();
    Ok(Exceptions { exceptions })
}

/// Derives them from everything that is here.
fn read(store: &Store) -> Result<Vec<Exception>, StoreError> {
    let mut published = Published::default();
    let mut entries = Vec::new();
    let mut slips: Vec<SlipRecord> = Vec::new();
    let mut contracts: Vec<ContractRecord> = Vec::new();
    for stored in store.entries_of(None)? {
        published.apply(&stored.arrived);
        entries.push(Folded::new(&stored.arrived, stored.status));
    }
    for grower in store.growers_with_entries()? {
        for stored in store.entries_of(Some(grower))? {
            slips.extend(store.slip(stored.arrived.id)?);
            entries.push(Folded::new(&stored.arrived, stored.status));
        }
        contracts.extend(store.contracts(grower)?);
    }
    let registered: BTreeSet<GrowerId> = store.growers(None)?.into_iter().map(|g| g.id).collect();
    Ok(derive(&Facts {
        published: &published,
        is_registered: &|grower| registered.contains(&grower),
        slips: &slips,
        contracts: &contracts,
        entries: &entries,
    }))
}

fn row(exception: Exception, names: &Names) -> Row {
    let Rule { code, zh, en } = exception.kind.rule();
    Row {
        kind: code,
        zh,
        en,
        owner: exception.kind.owner().name(),
        acts: exception.kind.acts().iter().map(|act| act.name()).collect(),
        grower: exception.grower.map(|grower| grower.to_string()),
        name: exception.grower.map(|grower| names.grower(grower)).unwrap_or_default(),
        village: names.village(exception.village),
        evidence: exception.evidence.iter().map(ToString::to_string).collect(),
        reasons: exception
            .rules
            .iter()
            .map(|rule| Reason { code: rule.code, zh: rule.zh, en: rule.en })
            .collect(),
        measure: exception.measure.map(|measure| Measure {
            found: measure.found,
            expected: measure.expected,
            unit: exception.kind.unit(),
        }),
    }
}

/// Entries at most that a person is shown for one exception; `--json` has them all.
const SHOWN: usize = 6;

pub(super) fn text(found: &Exceptions) -> String {
    if found.exceptions.is_empty() {
        return "没有需要处理的事项。Nothing needs looking at.\n".to_owned();
    }
    let mut text = String::new();
    for row in &found.exceptions {
        let mut evidence: Vec<&str> = row.evidence.iter().take(SHOWN).map(String::as_str).collect();
        let rest = row.evidence.len().saturating_sub(SHOWN);
        let more = format!("… +{rest}");
        if rest > 0 {
            evidence.push(&more);
        }
        let whose = [row.village.as_str(), row.grower.as_deref().unwrap_or_default(), &row.name];
        text.push_str(&format!(
            "{}  {}\n  {}\n  {}\n",
            evidence.join(" "),
            whose.join(" ").trim(),
            row.zh,
            row.en
        ));
        for reason in &row.reasons {
            text.push_str(&format!("  · {} {}\n", reason.zh, reason.en));
        }
        if let Some(measure) = &row.measure {
            let expected =
                measure.expected.map_or_else(String::new, |expected| format!(" / {expected}"));
            text.push_str(&format!("  · {}{expected} {}\n", measure.found, measure.unit));
        }
        text.push_str(&format!("  由 by {}: {}\n", row.owner, row.acts.join(", ")));
    }
    text.push_str(&format!("共 {0} 项。{0} in all.\n", found.exceptions.len()));
    text
}
