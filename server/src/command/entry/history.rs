//! One entry with everything that became of it: how it stands, what names it, what was said about
//! it, what the district decided, and where its signature is.

use courtyard_core::document::BookId;
use courtyard_core::domain::hold::HoldDecision;
use courtyard_core::domain::{EntryId, Kind};
use courtyard_core::ledger::words::Thread;
use courtyard_core::ledger::{SlipRecord, State};
use courtyard_core::store::{BookProof, Store, StoreError, StoredEntry};
use serde_json::{Value, json};

use super::{body, decision, kind_name, kind_zh, rule, thread, thread_text};

/// One entry and its history.
#[derive(Debug)]
pub(crate) struct History {
    entry: StoredEntry,
    slip: Option<SlipRecord>,
    about: Vec<StoredEntry>,
    threads: Vec<Thread>,
    decisions: Vec<(StoredEntry, HoldDecision)>,
    proof: Option<BookProof>,
}

/// `counted`, `held`, `refused` or `voided`.
pub(crate) const fn state_name(state: State) -> &'static str {
    match state {
        State::Counted => "counted",
        State::Held => "held",
        State::Refused => "refused",
        State::Voided { .. } => "voided",
    }
}

impl History {
    /// Reads it; `None` if the entry is not here.
    pub(crate) fn read(store: &Store, id: EntryId) -> Result<Option<History>, StoreError> {
        let Some(entry) = store.entry(id)? else { return Ok(None) };
        let mut about = Vec::new();
        for other in store.about(id)? {
            about.extend(store.entry(other)?);
        }
        // Words and decisions are shown as such.
        about.retain(|other| {
            !matches!(
                other.arrived.entry.body.kind(),
                Some(Kind::Question | Kind::Objection | Kind::Review | Kind::HoldDecision)
            )
        });
        Ok(Some(History {
            slip: store.slip(id)?,
            about,
            threads: store.threads_about(id)?,
            decisions: store.decisions(id)?,
            proof: store.proof(id)?,
            entry,
        }))
    }

    /// For scripts.
    pub(crate) fn json(&self) -> Value {
        let mut value = stored(&self.entry);
        let Some(fields) = value.as_object_mut() else { return value };
        if let Some(slip) = &self.slip {
            fields.insert("net_g".to_owned(), json!(slip.net));
            fields.insert("settlement_g".to_owned(), json!(slip.settlement));
            fields.insert("amount_fen".to_owned(), json!(slip.amount));
            fields.insert("paid_fen".to_owned(), json!(slip.paid));
            fields.insert("unpaid_fen".to_owned(), json!(slip.remaining));
            fields.insert("reserved_fen".to_owned(), json!(slip.reserved));
            fields.insert("state".to_owned(), json!(state_name(slip.state)));
            let changes = json!({"adjusted_fen": slip.changes.adjusted,
                "lines": slip.changes.lines().iter().map(|line| {
                    json!({"line": line.line(), "returned_g": line.returned,
                           "returned_fen": line.returned_amount, "fixed_fen": line.fixed})
                }).collect::<Vec<_>>()});
            fields.insert("changes".to_owned(), changes);
        }
        let list = |entries: &[StoredEntry]| entries.iter().map(stored).collect::<Vec<_>>();
        fields.insert("about".to_owned(), json!(list(&self.about)));
        let threads: Vec<Value> = self.threads.iter().map(thread).collect();
        fields.insert("threads".to_owned(), json!(threads));
        let decisions: Vec<Value> = self.decisions.iter().map(decision).collect();
        fields.insert("decisions".to_owned(), json!(decisions));
        fields.insert("signed".to_owned(), self.signed());
        value
    }

    /// Where the signature over it stands: its book, its place there, and the head that is signed.
    fn signed(&self) -> Value {
        let id = self.entry.arrived.id;
        let book = BookId::of(id);
        self.proof.as_ref().map_or(Value::Null, |proof| {
            json!({"book": book.to_string(), "count": proof.count,
                   "head": hex::encode(proof.head.0), "signature": hex::encode(proof.signature.0),
                   "acknowledged": proof.acknowledged})
        })
    }

    /// In words.
    pub(crate) fn text(&self) -> String {
        let arrived = &self.entry.arrived;
        let mut text = line(&self.entry);
        for rule in self.entry.status.reasons() {
            text.push_str(&format!("  ▲ {} {}\n", rule.zh, rule.en));
        }
        if let Some(grower) = arrived.entry.body.grower() {
            text.push_str(&format!("  农户 grower {grower}\n"));
        }
        if let Some(slip) = &self.slip {
            for (number, line) in slip.lines.iter().enumerate() {
                text.push_str(&format!(
                    "  {}. 品名 product {} {} {} kg {}\n",
                    number.saturating_add(1),
                    line.product,
                    line.grade,
                    line.settlement.kg_number(),
                    line.amount.text()
                ));
            }
            text.push_str(&format!(
                "  合计 total {} 已付 paid {} 未付 unpaid {}\n",
                slip.amount.text(),
                slip.paid.text(),
                slip.remaining.text()
            ));
        }
        for other in &self.about {
            text.push_str(&format!("  ← {}", line(other)));
        }
        for thread in &self.threads {
            text.push_str(&thread_text(thread));
        }
        for (entry, decision) in &self.decisions {
            let word = if decision.admits { "认可 admitted" } else { "不认可 refused" };
            text.push_str(&format!("  {word} {} {}\n", entry.arrived.id, decision.reason));
        }
        if let Some(proof) = &self.proof {
            text.push_str(&format!(
                "  签名 signed: {} 前 {} 条 / first {}\n",
                BookId::of(arrived.id),
                proof.count,
                proof.count
            ));
        }
        text
    }
}

fn line(entry: &StoredEntry) -> String {
    let arrived = &entry.arrived;
    format!(
        "{} {} {} {} #{}\n",
        arrived.id,
        kind_zh(arrived.entry.body.kind()),
        arrived.entry.envelope.date,
        entry.status.name(),
        arrived.entry.envelope.operator
    )
}

fn stored(entry: &StoredEntry) -> Value {
    let arrived = &entry.arrived;
    let envelope = &arrived.entry.envelope;
    let mut value = json!({
        "entry": arrived.id.to_string(),
        "hash": arrived.hash.to_string(),
        "kind": kind_name(&arrived.entry.body),
        "date": envelope.date.to_string(),
        "lamport": envelope.lamport,
        "entity": envelope.entity.get(),
        "operator": envelope.operator.get(),
        "status": entry.status.name(),
        "reasons": entry.status.reasons().iter().map(|r| r.code).collect::<Vec<_>>(),
        "rules": entry.status.reasons().iter().copied().map(rule).collect::<Vec<_>>(),
    });
    if let Some(fields) = value.as_object_mut() {
        if let Some(grower) = arrived.entry.body.grower() {
            fields.insert("grower".to_owned(), json!(grower.to_string()));
        }
        fields.insert("body".to_owned(), body::fields(&arrived.entry.body));
    }
    value
}
