//! Reading a register: each field's value, and beside it what others wrote at the same time.

use std::collections::BTreeMap;
use std::ops::{Range, RangeBounds};

use automerge::{ChangeHash, ROOT, ReadDoc as _, ScalarValue};

use super::keys::Key;
use super::{Register, Value};
use crate::document::ids::Head;

/// What a field holds. The same on every replica that has the same edits.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reading {
    /// The value to show.
    pub value: Value,
    /// Other values that were written at the same time, the likelier first: a conflict that stays
    /// until someone writes the field again.
    pub others: Vec<Value>,
}

impl Reading {
    /// Whether someone has to settle it.
    pub fn is_conflict(&self) -> bool {
        !self.others.is_empty()
    }

    /// Every value, the one to show first.
    pub fn values(&self) -> impl Iterator<Item = &Value> {
        std::iter::once(&self.value).chain(&self.others)
    }

    /// From values in Automerge's order, the last of which wins. Equal ones are no conflict.
    fn of(values: impl DoubleEndedIterator<Item = Value>) -> Option<Self> {
        let mut values = values.rev();
        let mut reading = Reading { value: values.next()?, others: Vec::new() };
        for value in values {
            if !reading.values().any(|known| *known == value) {
                reading.others.push(value);
            }
        }
        Some(reading)
    }
}

fn value_of(value: &automerge::Value<'_>) -> Value {
    match value.as_scalar() {
        Some(ScalarValue::Str(text)) => Value::Text(text.to_string()),
        Some(ScalarValue::Int(number)) => Value::Int(*number),
        Some(ScalarValue::Boolean(yes)) => Value::Bool(*yes),
        Some(ScalarValue::Bytes(bytes)) => Value::Bytes(bytes.clone()),
        // Nothing else is ever written.
        _ => Value::Null,
    }
}

/// The keys that begin with this and a slash; the character after a slash bounds them.
fn under(prefix: &str) -> Range<String> {
    format!("{prefix}/")..format!("{prefix}0")
}

impl Register {
    /// What a key holds; `None` if it was never written.
    pub fn reading(&self, key: &str) -> Option<Reading> {
        let values = self.doc.get_all(ROOT, key).ok()?;
        Reading::of(values.iter().map(|(value, _)| value_of(value)))
    }

    /// What a key held when these were the heads; `None` also if one of them is not here.
    pub(super) fn reading_at(&self, key: &str, heads: &[Head]) -> Option<Reading> {
        let heads: Vec<ChangeHash> = heads.iter().map(|head| ChangeHash(head.0)).collect();
        if !self.doc.get_missing_deps(&heads).is_empty() {
            return None;
        }
        let values = self.doc.get_all_at(ROOT, key, &heads).ok()?;
        Reading::of(values.iter().map(|(value, _)| value_of(value)))
    }

    /// Every key with what it holds, in ascending order of keys.
    pub fn readings(&self) -> impl Iterator<Item = (String, Reading)> + '_ {
        self.readings_in(..)
    }

    fn readings_in(
        &self,
        range: impl RangeBounds<String> + 'static,
    ) -> impl Iterator<Item = (String, Reading)> + '_ {
        self.doc.map_range(ROOT, range).filter_map(|item| {
            // Looking a key up costs ten times what passing by does: only conflicts need it.
            let reading = if item.conflict {
                self.reading(&item.key)?
            } else {
                Reading { value: value_of(&item.value.into()), others: Vec::new() }
            };
            Some((item.key.into_owned(), reading))
        })
    }

    /// The fields of every row of a table, by row; rows in ascending order of their text.
    pub fn rows(&self, table: &str) -> BTreeMap<String, Vec<(String, Reading)>> {
        let mut rows: BTreeMap<String, Vec<(String, Reading)>> = BTreeMap::new();
        for (key, reading) in self.readings_in(under(table)) {
            let Some(key) = Key::parse(&key) else { continue };
            rows.entry(key.row.to_owned()).or_default().push((key.field.to_owned(), reading));
        }
        rows
    }

    /// The fields of one row of a table, in ascending order.
    pub fn row(&self, table: &str, row: &str) -> Vec<(String, Reading)> {
        self.readings_in(under(&format!("{table}/{row}")))
            .filter_map(|(key, reading)| Some((Key::parse(&key)?.field.to_owned(), reading)))
            .collect()
    }

    /// The newest of a numbered field such as `name`, and its number: the highest that was not
    /// cleared.
    pub fn newest(&self, table: &str, row: &str, field: &str) -> Option<(u32, Reading)> {
        self.readings_in(under(&format!("{table}/{row}/{field}")))
            .filter_map(|(key, reading)| {
                let number = Key::parse(&key)?.number_under(field)?;
                (!reading.value.is_null()).then_some((number, reading))
            })
            .max_by_key(|(number, _)| *number)
    }

    /// The keys that someone has to settle.
    pub fn conflicts(&self) -> impl Iterator<Item = (String, Reading)> + '_ {
        self.readings().filter(|(_, reading)| reading.is_conflict())
    }
}
