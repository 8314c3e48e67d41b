//! CSV of any origin as records: its encoding, its line breaks, its quotes.
//!
//! A quote that is never closed costs the line that it stands on and no other.

use std::collections::BTreeMap;

use csv::{ByteRecord, ReaderBuilder};
use encoding_rs::GB18030;

use super::Record;
use crate::command::Failure;
use crate::command::import::Bad;

const UTF8_MARK: &[u8] = b"\xEF\xBB\xBF";
/// Lines that one quoted cell spans at most; beyond it the quote was never meant.
const SPAN: usize = 50;

/// How the file's bytes are characters.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Encoding {
    Utf8,
    Gb18030,
}

/// The records of a file; lines without any cell are left out.
pub(super) fn records(bytes: &[u8]) -> Result<Vec<Record>, Failure> {
    if bytes.starts_with(b"\xFF\xFE") || bytes.starts_with(b"\xFE\xFF") {
        return Err(Failure::words(
            "这是 UTF-16 文件。没有导入。请在表格软件里另存为“CSV UTF-8”，或直接用 xlsx。",
            "The file is UTF-16. Nothing was imported. Save it as \"CSV UTF-8\", or use xlsx.",
        ));
    }
    let marked = bytes.strip_prefix(UTF8_MARK);
    let text = marked.unwrap_or(bytes);
    let lines = lines(text);
    let encoding = if marked.is_some() { Encoding::Utf8 } else { encoding(&lines) };
    let usual = usual_width(&lines);
    let mut records = Vec::new();
    let mut at = 0;
    while let Some((record, taken)) = record(lines.get(at..).unwrap_or_default(), usual) {
        let line = u64::try_from(at).unwrap_or(u64::MAX).saturating_add(1);
        at = at.saturating_add(taken);
        let cells = record
            .ok_or_else(|| {
                Bad::new(line, "引号没有成对，请检查。", "Its quotes are not closed. Check them.")
            })
            .and_then(|cells| texts(line, &cells, encoding));
        if !matches!(&cells, Ok(cells) if cells.iter().all(String::is_empty)) {
            records.push(Record { line, cells });
        }
    }
    Ok(records)
}

/// UTF-8 if all of it is; else GB18030, unless most lines with characters beyond ASCII are UTF-8:
/// then it is UTF-8 with damaged lines. A Chinese line in GB18030 is seldom UTF-8 by chance.
pub(super) fn encoding(lines: &[&[u8]]) -> Encoding {
    let (mut sound, mut other) = (0_usize, 0_usize);
    for line in lines.iter().filter(|line| !line.is_ascii()) {
        let count = if std::str::from_utf8(line).is_ok() { &mut sound } else { &mut other };
        *count = count.saturating_add(1);
    }
    if sound > other || other == 0 { Encoding::Utf8 } else { Encoding::Gb18030 }
}

/// The lines without their breaks: LF, CRLF or a bare CR. No byte of a GB18030 character is one of
/// these, nor a comma or a quote.
fn lines(text: &[u8]) -> Vec<&[u8]> {
    let mut lines = Vec::new();
    let mut rest = text;
    while !rest.is_empty() {
        let end = rest.iter().position(|b| matches!(b, b'\r' | b'\n')).unwrap_or(rest.len());
        let (line, after) = rest.split_at_checked(end).unwrap_or((rest, &[]));
        lines.push(line);
        rest = after
            .strip_prefix(b"\r\n")
            .or_else(|| after.strip_prefix(b"\r"))
            .or_else(|| after.strip_prefix(b"\n"))
            .unwrap_or_default();
    }
    lines
}

/// Whether each quote that opens a cell closes at its end.
fn well_quoted(mut text: &[u8]) -> bool {
    let beyond = |text: &'_ [u8], mark: u8| -> Option<usize> {
        text.iter().position(|b| *b == mark).map(|place| place.saturating_add(1))
    };
    loop {
        let Some(mut quoted) = text.strip_prefix(b"\"") else {
            let Some(next) = beyond(text, b',') else { return true };
            text = text.get(next..).unwrap_or_default();
            continue;
        };
        loop {
            let Some(after) = beyond(quoted, b'"') else { return false };
            quoted = quoted.get(after..).unwrap_or_default();
            // Two quotes are one that belongs to the words.
            let Some(more) = quoted.strip_prefix(b"\"") else { break };
            quoted = more;
        }
        match quoted.split_first() {
            None => return true,
            Some((b',', next)) => text = next,
            Some(_) => return false,
        }
    }
}

/// How many cells most lines without quotes have.
fn usual_width(lines: &[&[u8]]) -> Option<usize> {
    let mut widths: BTreeMap<usize, usize> = BTreeMap::new();
    for line in lines.iter().filter(|line| !line.is_empty() && !line.contains(&b'"')) {
        let count = widths.entry(line.split(|b| *b == b',').count()).or_default();
        *count = count.saturating_add(1);
    }
    widths.iter().max_by_key(|(_, count)| **count).map(|(width, _)| *width)
}

type Cells = Vec<Vec<u8>>;

/// The record that begins with the first of these lines, and how many lines it takes; no cells if
/// a quote in it is never closed. Over several lines it must be as wide as the others are: two
/// stray quotes shall not swallow the rows between them.
fn record(lines: &[&[u8]], usual: Option<usize>) -> Option<(Option<Cells>, usize)> {
    let first = lines.first()?;
    if !first.contains(&b'"') {
        return Some((Some(first.split(|b| *b == b',').map(<[u8]>::to_vec).collect()), 1));
    }
    let mut text = Vec::new();
    for (taken, line) in (1_usize..).zip(lines.iter().take(SPAN)) {
        if taken > 1 {
            text.push(b'\n');
        }
        text.extend_from_slice(line);
        if let Some(cells) = closed(&text)
            && (taken == 1 || well_quoted(&text) && usual.is_none_or(|usual| cells.len() == usual))
        {
            return Some((Some(cells), taken));
        }
    }
    Some((None, 1))
}

/// What would stand in the last cell if a quote were still open.
const PROBE: &[u8] = b"\n\x01";

/// The cells of this record, if all its quotes are closed.
fn closed(text: &[u8]) -> Option<Cells> {
    let mut probed = text.to_vec();
    probed.extend_from_slice(PROBE);
    let mut reader =
        ReaderBuilder::new().has_headers(false).flexible(true).from_reader(probed.as_slice());
    let mut record = ByteRecord::new();
    // Reading from memory into bytes cannot fail.
    reader.read_byte_record(&mut record).ok()?;
    let cells: Cells = record.iter().map(<[u8]>::to_vec).collect();
    let open = cells.last().is_some_and(|cell| cell.ends_with(PROBE));
    (!open).then_some(cells)
}

fn texts(line: u64, cells: &[Vec<u8>], encoding: Encoding) -> Result<Vec<String>, Bad> {
    let text = |cell: &Vec<u8>| {
        let text = match encoding {
            Encoding::Utf8 => std::str::from_utf8(cell).ok().map(str::to_owned),
            Encoding::Gb18030 => GB18030
                .decode_without_bom_handling_and_without_replacement(cell)
                .map(std::borrow::Cow::into_owned),
        }?;
        Some(text.trim().to_owned())
    };
    cells.iter().map(text).collect::<Option<Vec<_>>>().ok_or_else(|| match encoding {
        Encoding::Utf8 => Bad::new(
            line,
            "不是 UTF-8 文字，请另存为 UTF-8 的 CSV。",
            "It is not UTF-8. Save the file as CSV in UTF-8.",
        ),
        Encoding::Gb18030 => Bad::new(
            line,
            "不是完整的 GB18030 文字，这一行可能损坏，请核对原文件。",
            "It is not whole GB18030 text. The line may be damaged; check the original.",
        ),
    })
}
