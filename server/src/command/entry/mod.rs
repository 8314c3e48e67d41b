//! An entry as people and scripts read it, the same on a phone and in the office.

mod words;

pub(crate) use words::kind_zh;

use courtyard_core::domain::{Body, Rule};
use courtyard_core::ledger::Posting;
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
