//! `export heads`: what must be there when somebody looks again.

use std::collections::BTreeMap;
use std::path::Path;

use super::{Failure, Source, Written, write_new};
use crate::backup::{BookHead, EditCount};
use crate::command::verify::failure;
use crate::container::heads::Heads;

pub(super) fn write(source: &Source, out: &Path) -> Result<Written, Failure> {
    let mut heads =
        Heads { district: source.district.to_string(), books: Vec::new(), edits: Vec::new() };
    let mut written = Written { path: out.to_owned(), ..Written::default() };
    source.each_book(|book| {
        written.books += 1;
        written.entries += u64::from(book.tip.count);
        heads.books.push(BookHead {
            book: book.signed.book.to_string(),
            count: book.tip.count,
            head: book.tip.head.to_string(),
        });
        Ok(())
    })?;
    let registers = source.container.each_register(&mut |register| {
        written.registers += 1;
        let mut counts = BTreeMap::new();
        for edit in &register.edits {
            let count = counts.entry(edit.device).or_insert(0);
            *count = edit.number.max(*count);
            written.edits += 1;
        }
        heads.edits.extend(counts.into_iter().map(|(device, count)| EditCount {
            register: register.register.to_string(),
            device: device.to_string(),
            count,
        }));
        Ok(())
    });
    registers.map_err(failure)?;
    let bytes =
        serde_json::to_vec_pretty(&heads).map_err(|error| Failure::found(error.to_string()))?;
    write_new(out, &bytes)?;
    Ok(written)
}
