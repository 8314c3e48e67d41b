//! The first sheet of an xlsx file as records.

use std::io::Cursor;

use calamine::{Data, Reader as _, Xlsx};

use super::Record;
use crate::command::Failure;
use crate::command::import::Bad;

/// Whether these bytes are a zip archive, as an xlsx file is.
pub(super) fn is_book(bytes: &[u8]) -> bool {
    bytes.starts_with(b"PK\x03\x04")
}

/// Its rows; those without any cell are left out.
pub(super) fn records(bytes: &[u8]) -> Result<Vec<Record>, Failure> {
    let mut book: Xlsx<_> = Xlsx::new(Cursor::new(bytes)).map_err(|error| unreadable(&error))?;
    let Some(sheet) = book.worksheet_range_at(0) else { return Ok(Vec::new()) };
    let sheet = sheet.map_err(|error| unreadable(&error))?;
    let first = sheet.start().map_or(0, |(row, _)| row);
    // Columns before the first cell are counted too, as the sheet shows them.
    let before = usize::try_from(sheet.start().map_or(0, |(_, column)| column)).unwrap_or(0);
    let mut records = Vec::new();
    for (number, row) in (u64::from(first).saturating_add(1)..).zip(sheet.rows()) {
        let cells: Result<Vec<String>, Bad> = std::iter::repeat_n(&Data::Empty, before)
            .chain(row)
            .map(|cell| text(cell).ok_or_else(|| faulty(number, cell)))
            .collect();
        if !matches!(&cells, Ok(cells) if cells.iter().all(String::is_empty)) {
            records.push(Record { line: number, cells });
        }
    }
    Ok(records)
}

/// A cell as a CSV of the sheet would have it; none for the error of a formula.
fn text(cell: &Data) -> Option<String> {
    Some(match cell {
        Data::Empty => String::new(),
        Data::String(text) | Data::DateTimeIso(text) | Data::DurationIso(text) => {
            text.trim().to_owned()
        }
        Data::Int(number) => number.to_string(),
        Data::Float(number) => shown(*number),
        Data::Bool(yes) => yes.to_string(),
        Data::DateTime(moment) => {
            let (year, month, day, hour, minute, second, _) = moment.to_ymd_hms_milli();
            let date = format!("{year:04}-{month:02}-{day:02}");
            let time = format!("{hour:02}:{minute:02}:{second:02}");
            match (moment.as_f64() < 1.0, moment.as_f64().fract() == 0.0) {
                (true, _) => time,
                (false, true) => date,
                (false, false) => format!("{date} {time}"),
            }
        }
        Data::Error(_) => return None,
    })
}

/// The 15 digits that a spreadsheet shows of a number: 0.1 + 0.2 is 0.3 there.
fn shown(number: f64) -> String {
    let rounded: f64 = format!("{number:.14e}").parse().unwrap_or(number);
    rounded.to_string()
}

fn faulty(line: u64, cell: &Data) -> Bad {
    Bad::new(
        line,
        format!("单元格的公式出错（{cell}），请改正。"),
        format!("A cell's formula gives the error {cell}. Correct it."),
    )
}

fn unreadable(error: &calamine::XlsxError) -> Failure {
    Failure::words(
        &format!("这个 xlsx 文件读不了：{error}。没有导入。请在表格软件里打开并重新保存。"),
        &format!(
            "The xlsx file cannot be read: {error}. Nothing was imported. Open it in a \
             spreadsheet and save it again."
        ),
    )
}
