//! `report exceptions`: what the office should look at, with evidence, owner and way out.

use std::collections::BTreeMap;

use clap::Args;
use courtyard_core::domain::{BusinessDate, GrowerId, Rule};
use courtyard_core::ledger::exceptions::Exception;
use courtyard_core::store::{Store, StoreError};
use serde::Serialize;

use super::{Answer, Document, Names, Written, unread};
use crate::clock::{ServerClock as _, SystemClock};
use crate::command::Failure;
use crate::command::place::failure;
use crate::command::table::{Cell, Column, Table, cells};
use crate::exceptions::{Parts, Phone, phones};
use crate::node::Node;

/// Of whom.
#[derive(Debug, Args)]
pub(super) struct Asked {
    /// Only this village, by name or number.
    #[arg(long)]
    village: Option<String>,
    /// Only this grower, such as H-A7K-12.
    #[arg(long)]
    grower: Option<GrowerId>,
    /// The day of looking, such as 2026-11-23; what is overdue depends on it. Today if not given.
    #[arg(long)]
    today: Option<BusinessDate>,
    #[command(flatten)]
    written: Written,
}

impl Answer for Asked {
    fn written(&self) -> &Written {
        &self.written
    }

    fn document(&self, store: &Store) -> Result<Document, Failure> {
        document(&self.found(store, &[])?)
    }

    fn of_node(&self, node: &mut Node) -> Result<Document, Failure> {
        let reads = node.read().map_err(failure)?;
        let phones = phones(reads.as_ref()).map_err(|error| failure(error.into()))?;
        drop(reads);
        let view = node.view().map_err(failure)?;
        document(&self.found(view.store(), &phones)?)
    }
}

impl Asked {
    fn found(&self, store: &Store, phones: &[Phone]) -> Result<Exceptions, Failure> {
        let today =
            self.today.unwrap_or_else(|| BusinessDate::at(SystemClock.now_ms().div_euclid(1_000)));
        exceptions(store, phones, self.village.as_deref(), self.grower, today)
    }
}

#[derive(Debug, PartialEq, Eq)]
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
    /// What it is about, if that is no entry: a book code, a field of a register.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) subject: Option<String>,
    /// The entries that show it.
    pub(super) evidence: Vec<String>,
    /// Why it is held, or how the price lies.
    pub(super) reasons: Vec<Reason>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) measure: Option<Measure>,
    /// The business date since which it stands, if entries tell it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) since: Option<String>,
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

/// The report: each with all its evidence in JSON and in words, a row each in CSV and xlsx.
fn document(found: &Exceptions) -> Result<Document, Failure> {
    let mut table = Table::new(
        "exceptions",
        [
            Column::text("kind", "事项 what"),
            Column::text("owner", "由谁处理 owner"),
            Column::text("acts", "处理办法 acts"),
            Column::text("grower", "农户 grower"),
            Column::text("name", "姓名 name"),
            Column::text("village", "村 village"),
            Column::text("subject", "对象 subject"),
            Column::text("evidence", "依据 evidence"),
            Column::text("reasons", "原因 reasons"),
            Column::number("found", "实际 found"),
            Column::number("expected", "应为 expected"),
            Column::text("unit", "单位 unit"),
            Column::text("since", "起始 since"),
        ],
    );
    for row in &found.exceptions {
        let reasons: Vec<&str> = row.reasons.iter().map(|reason| reason.zh).collect();
        let measure = row.measure.as_ref();
        table.row(cells![
            Cell::coded(row.kind, row.zh),
            row.owner,
            row.acts.join(", "),
            row.grower.clone(),
            row.name.clone(),
            row.village.clone(),
            row.subject.clone(),
            row.evidence.join(" "),
            reasons.join(" "),
            measure.map(|m| m.found),
            measure.and_then(|m| m.expected),
            measure.map(|m| m.unit),
            row.since.clone(),
        ]);
    }
    let rows = serde_json::to_value(&found.exceptions)
        .map_err(|error| Failure::found(error.to_string()))?;
    let mut document = Document {
        title: "待办事项 exceptions".to_owned(),
        tables: vec![table],
        text: Some(text(found)),
        ..Document::default()
    };
    document.json.insert("exceptions".to_owned(), rows);
    Ok(document)
}

/// The report.
pub(super) fn exceptions(
    store: &Store,
    phones: &[Phone],
    village: Option<&str>,
    grower: Option<GrowerId>,
    today: BusinessDate,
) -> Result<Exceptions, Failure> {
    let names = Names::read(store)?;
    let village = names.find(village)?;
    let found = Parts::default().update(store, phones, today).map_err(unread)?;
    let exceptions = found
        .iter()
        .filter(|e| village.is_none() || e.village == village)
        .filter(|e| grower.is_none() || e.grower == grower)
        .map(|exception| row(exception, &names))
        .collect();
    Ok(Exceptions { exceptions })
}

/// How many there are of each kind, by its code; when phones were last heard is left out.
pub(crate) fn count_by_kind(
    store: &Store,
    today: BusinessDate,
) -> Result<BTreeMap<&'static str, usize>, StoreError> {
    let mut counts = BTreeMap::new();
    for exception in Parts::default().update(store, &[], today)? {
        let count: &mut usize = counts.entry(exception.kind.rule().code).or_default();
        *count = count.saturating_add(1);
    }
    Ok(counts)
}

fn row(exception: &Exception, names: &Names) -> Row {
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
        subject: exception.subject.clone(),
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
        since: exception.since.map(|date| date.to_string()),
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
        evidence.extend(row.subject.as_deref().filter(|subject| !evidence.contains(subject)));
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
