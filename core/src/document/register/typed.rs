//! Values between a person's words and a register: what was typed becomes the value of a field.

use std::fmt;

use super::Value;
use super::keys::{ABOUT, CONTENT, EDITION, FLAG, IMPORT, Key, RETIRED, SINCE, TARE_G};
use crate::domain::{BusinessDate, GrowerId};

impl fmt::Display for Value {
    /// The value as a person reads and types it; nothing for a cleared field.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Value::Text(text) => f.write_str(text),
            Value::Int(number) => number.fmt(f),
            Value::Bool(yes) => yes.fmt(f),
            Value::Bytes(bytes) => f.write_str(&hex::encode(bytes)),
            Value::Null => Ok(()),
        }
    }
}

/// Longer than any name, address or remark that a slip or a list has room for.
const MAX_CHARS: usize = 200;

/// The value that a person means by what they typed for a field: one of those that stand there if it
/// reads like it, else one of the field's own sort. `None` if it fits neither.
pub fn typed(key: &Key<'_>, typed: &str, stands: &[&Value]) -> Option<Value> {
    let typed = typed.trim();
    if let Some(value) = stands.iter().find(|value| value.to_string() == typed) {
        return Some((*value).clone());
    }
    let field = key.field.split('/').next().unwrap_or_default();
    match field {
        _ if key.table == EDITION => None,
        FLAG | RETIRED | IMPORT => match typed {
            "true" | "yes" | "是" => Some(Value::Bool(true)),
            "false" | "no" | "否" => Some(Value::Bool(false)),
            _ => None,
        },
        TARE_G => typed.parse().ok().filter(|grams: &i64| *grams > 0).map(Value::Int),
        SINCE => typed.parse::<BusinessDate>().ok().map(|day| day.to_string().as_str().into()),
        ABOUT => typed.parse::<GrowerId>().ok().map(|grower| grower.to_string().as_str().into()),
        CONTENT => None,
        _ if typed.is_empty() => Some(Value::Null),
        _ => plain(typed).map(Value::Text),
    }
}

/// A text as it may stand in a register: trimmed, of one line, and not too long.
pub fn plain(text: &str) -> Option<String> {
    let text = text.trim();
    let fits = text.chars().count() <= MAX_CHARS && !text.chars().any(char::is_control);
    fits.then(|| text.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(key: &str, text: &str, stands: &[&Value]) -> Option<Value> {
        typed(&Key::parse(key).unwrap(), text, stands)
    }

    #[test]
    fn what_stands_there_is_taken_as_it_stands() {
        let (number, text) = (Value::Int(7), Value::Text("7".into()));
        assert_eq!(read("note/1/x", "7", &[&text, &number]), Some(text.clone()));
        assert_eq!(read("note/1/x", "7", &[&number]), Some(number));
        let bytes = Value::Bytes(vec![0xAB]);
        assert_eq!(read("draft/C-A7K-1/content", "ab", &[&bytes]), Some(bytes));
    }

    #[test]
    fn a_new_value_has_the_sort_of_its_field() {
        for (key, text, value) in [
            ("grower/H-A7K-1/phone", " 138 ", Some(Value::Text("138".into()))),
            ("grower/H-A7K-1/phone", "", Some(Value::Null)),
            ("grower/H-A7K-1/flag/监测户", "是", Some(Value::Bool(true))),
            ("grower/H-A7K-1/flag/监测户", "maybe", None),
            ("grower/H-A7K-1/since/2", "2026-07-01", Some(Value::Text("2026-07-01".into()))),
            ("grower/H-A7K-1/since/2", "July", None),
            ("crate_type/K-A7K-1/tare_g", "1500", Some(Value::Int(1_500))),
            ("crate_type/K-A7K-1/tare_g", "-1", None),
            ("draft/C-A7K-1/content", "x", None),
            ("edition/1/opened", "2027", None),
            ("note/1/text", "a\nb", None),
        ] {
            assert_eq!(read(key, text, &[]), value, "{key} {text:?}");
        }
    }
}
