//! `export json`: one file that `verify` checks wherever it goes.

use std::path::Path;

use super::{Failure, Source, Written, write_new};
use crate::command::verify::failure;
use crate::container::json::{Export, FORMAT, export_book, export_register};

pub(super) fn write(source: &Source, out: &Path) -> Result<Written, Failure> {
    let container = &source.container;
    let mut export = Export {
        format: FORMAT,
        district: source.district.to_string(),
        root: container.root.to_string(),
        office: hex::encode(minicbor::to_vec(&container.office).unwrap_or_default()),
        certificates: container
            .certificates
            .iter()
            .map(|certificate| hex::encode(minicbor::to_vec(certificate).unwrap_or_default()))
            .collect(),
        books: Vec::new(),
        registers: Vec::new(),
    };
    let mut written = Written { path: out.to_owned(), ..Written::default() };
    source.each_book(|book| {
        written.books += 1;
        written.entries += u64::from(book.tip.count);
        export.books.push(export_book(book.signed, book.tip));
        Ok(())
    })?;
    let registers = container.each_register(&mut |register| {
        written.registers += 1;
        let register = export_register(&register);
        written.edits += u64::try_from(register.edits.len()).unwrap_or(u64::MAX);
        export.registers.push(register);
        Ok(())
    });
    registers.map_err(failure)?;
    let bytes = serde_json::to_vec(&export).map_err(|error| Failure::found(error.to_string()))?;
    write_new(out, &bytes)?;
    Ok(written)
}
