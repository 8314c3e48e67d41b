//! `export automerge`: every book and register as a document that any Automerge library opens.

use std::collections::BTreeMap;
use std::path::Path;

use courtyard_core::document::{Register, Value, book_to_automerge};
use courtyard_core::domain::EntryHash;
use courtyard_core::verify::SignedRegister;
use serde::Serialize;

use super::{Failure, Source, Written, cannot_write, write_new};
use crate::command::verify::failure;
use crate::container::ContainerError;

/// `index.json`: what each document must show when another library opens it.
#[derive(Serialize)]
struct Index {
    district: String,
    documents: Vec<Document>,
}

#[derive(Serialize)]
#[serde(tag = "kind", rename_all = "lowercase")]
enum Document {
    Book {
        path: String,
        id: String,
        heads: Vec<String>,
        /// SHA-256 of each entry.
        entries: Vec<String>,
    },
    Register {
        path: String,
        id: String,
        heads: Vec<String>,
        /// What Automerge shows of each key; of a conflict, the value that wins.
        values: BTreeMap<String, serde_json::Value>,
    },
}

pub(super) fn write(source: &Source, out: &Path) -> Result<Written, Failure> {
    std::fs::create_dir_all(out).map_err(cannot_write(out))?;
    let mut items = std::fs::read_dir(out).map_err(cannot_write(out))?;
    if items.next().is_some() {
        return Err(Failure::usage(format!(
            "{} 不是空文件夹，没有改动。\n{0} is not empty and was not touched.",
            out.display()
        )));
    }
    let mut written = Written { path: out.to_owned(), ..Written::default() };
    let mut index = Index { district: source.district.to_string(), documents: Vec::new() };
    source.each_book(|book| {
        let id = book.signed.book;
        let entries: Vec<&[u8]> = book.signed.entries.iter().map(|e| e.bytes.as_slice()).collect();
        let bytes = book_to_automerge(&source.district, &book.actor, id, book.previous, &entries)
            .map_err(|error| ContainerError::Damaged(format!("{id}: {error}")))?;
        let path = format!("{id}.automerge");
        put(out, &path, &bytes)?;
        written.books += 1;
        written.entries += u64::from(book.tip.count);
        index.documents.push(Document::Book {
            path,
            id: id.to_string(),
            heads: vec![book.tip.head.to_string()],
            entries: entries.iter().map(|entry| EntryHash::of(entry).to_string()).collect(),
        });
        Ok(())
    })?;
    let registers = source.container.each_register(&mut |signed| {
        let register = replay(source, &signed)?;
        let id = register.id();
        let path = format!("{id}.automerge");
        put(out, &path, &register.to_automerge())?;
        written.registers += 1;
        written.edits += u64::try_from(signed.edits.len()).unwrap_or(u64::MAX);
        index.documents.push(Document::Register {
            path,
            id: id.to_string(),
            heads: register.heads().iter().map(ToString::to_string).collect(),
            values: register
                .readings()
                .map(|(key, reading)| (key, shown(&reading.value)))
                .collect(),
        });
        Ok(())
    });
    registers.map_err(failure)?;
    // Last, so that a folder with an index is whole.
    let bytes = serde_json::to_vec(&index).map_err(|error| Failure::found(error.to_string()))?;
    write_new(&out.join("index.json"), &bytes)?;
    Ok(written)
}

fn put(out: &Path, path: &str, bytes: &[u8]) -> Result<(), ContainerError> {
    let path = out.join(path);
    let written = match path.parent() {
        Some(folder) => std::fs::create_dir_all(folder),
        None => Ok(()),
    };
    written
        .and_then(|()| std::fs::write(&path, bytes))
        .map_err(|error| ContainerError::Io { path, error })
}

/// The register that its edits make.
fn replay(source: &Source, signed: &SignedRegister) -> Result<Register, ContainerError> {
    let mut register = Register::new(signed.register);
    for at in &signed.edits {
        let broken = |what: &str| {
            let text = format!("{}: edit {} of {}: {what}", signed.register, at.number, at.device);
            ContainerError::Damaged(text)
        };
        let edit = at.edit.as_ref().ok_or_else(|| broken("cannot be read"))?;
        register
            .apply(edit, &source.actor(at.device)?)
            .map_err(|error| broken(&error.to_string()))?;
    }
    Ok(register)
}

/// A value as JSON; bytes as hexadecimal.
fn shown(value: &Value) -> serde_json::Value {
    match value {
        Value::Text(text) => text.as_str().into(),
        Value::Int(number) => (*number).into(),
        Value::Bool(yes) => (*yes).into(),
        Value::Bytes(bytes) => hex::encode(bytes).into(),
        Value::Null => serde_json::Value::Null,
    }
}
