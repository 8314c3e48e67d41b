//! An entry as people and scripts read it, the same on a phone and in the office.

mod body;
mod history;
mod thread;
mod words;

pub(crate) use history::{History, state_name};
pub(crate) use thread::{thread, thread_text, threads_table};
pub(crate) use words::kind_zh;

use courtyard_core::domain::hold::{Evidence, HoldDecision};
use courtyard_core::domain::{Body, Rule};
use courtyard_core::ledger::Posting;
use courtyard_core::store::StoredEntry;
use serde_json::{Value, json};

/// The stable word of an entry's kind.
pub(crate) fn kind_name(body: &Body) -> &'static str {
    body.kind().map_or("newer", |kind| kind.name())
}

/// A rule with its words, for scripts.
pub(crate) fn rule(rule: Rule) -> Value {
    json!({"code": rule.code, "zh": rule.zh, "en": rule.en, "admissible": rule.is_admissible()})
}

/// A posting, for scripts.
pub(crate) fn posting(posting: &Posting) -> Value {
    json!({
        "debit": posting.debit.name(),
        "credit": posting.credit.name(),
        "entity": posting.debit.entity().get(),
        "amount_fen": posting.amount,
    })
}

/// What a decision rests on: the stable word and the Chinese.
pub(crate) const fn evidence_words(evidence: Evidence) -> (&'static str, &'static str) {
    match evidence {
        Evidence::Paper => ("paper", "纸单"),
        Evidence::Witness => ("witness", "证人"),
        Evidence::Neighbour => ("neighbour", "邻居"),
        Evidence::Records => ("records", "账册"),
        Evidence::None => ("none", "无"),
    }
}

/// A decision of the district, for scripts.
pub(crate) fn decision((entry, decision): &(StoredEntry, HoldDecision)) -> Value {
    json!({
        "entry": entry.arrived.id.to_string(),
        "status": entry.status.name(),
        "by": entry.arrived.entry.envelope.operator.get(),
        "date": entry.arrived.entry.envelope.date.to_string(),
        "admits": decision.admits,
        "settles": decision.settles,
        "evidence": evidence_words(decision.evidence).0,
        "reason": decision.reason,
    })
}
