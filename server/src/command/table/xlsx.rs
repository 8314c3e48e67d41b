//! Tables as the sheets of an xlsx file: numbers as numbers with their format, sums as values.

use courtyard_core::domain::UnitError;
use rust_xlsxwriter::{Format, FormatAlign, FormatBorder, Workbook, Worksheet, XlsxError};
use unicode_width::UnicodeWidthStr as _;

use super::{Cell, Column, Kind, Table};

/// Why a workbook cannot be made.
#[derive(Debug, thiserror::Error)]
pub enum SheetError {
    /// A sum does not fit.
    #[error(transparent)]
    Sum(#[from] UnitError),
    /// More rows than a sheet holds, or the writer's own.
    #[error(transparent)]
    Writer(#[from] XlsxError),
}

/// Days from 1899-12-30, where a spreadsheet counts from, to 1970-01-01.
const EPOCH: i64 = 25_569;
/// Digits that a spreadsheet's numbers keep; a longer number is written as text.
const DIGITS: usize = 15;
const A4: u8 = 9;
/// Characters that a column is wide at most and at least.
const WIDEST: usize = 60;
const NARROWEST: usize = 6;

/// A workbook with a sheet for each table.
///
/// # Errors
/// [`SheetError`] if a sum does not fit or a sheet would have too many rows.
pub fn xlsx(title: &str, tables: &[&Table]) -> Result<Vec<u8>, SheetError> {
    let mut book = Workbook::new();
    for table in tables {
        let sheet = book.add_worksheet();
        sheet.set_name(table.key)?;
        write(sheet, title, table)?;
    }
    Ok(book.save_to_buffer()?)
}

fn write(sheet: &mut Worksheet, title: &str, table: &Table) -> Result<(), SheetError> {
    let heading = Format::new().set_bold().set_border_bottom(FormatBorder::Thin);
    let plain: Vec<Format> = table.columns.iter().map(|c| format(c.kind)).collect();
    let bold: Vec<Format> =
        plain.iter().map(|f| f.clone().set_bold().set_border_top(FormatBorder::Thin)).collect();
    for (place, column) in (0_u16..).zip(&table.columns) {
        let side = if is_words(column) { FormatAlign::Left } else { FormatAlign::Right };
        let heading = heading.clone().set_align(side);
        sheet.write_string_with_format(0, place, column.heading, &heading)?;
    }
    let total = table.total()?;
    let rows = table.rows.iter().map(|row| (row, &plain));
    let rows = rows.chain(total.as_ref().map(|row| (row, &bold)));
    let mut widths: Vec<usize> = table.columns.iter().map(|c| c.heading.width()).collect();
    for (number, (row, formats)) in (1_u32..).zip(rows) {
        for (place, (cell, format)) in (0_u16..).zip(row.iter().zip(formats)) {
            write_cell(sheet, (number, place), cell, format)?;
            if let Some(width) = widths.get_mut(usize::from(place)) {
                *width = (*width).max(cell.to_string().width());
            }
        }
    }
    for (place, width) in (0_u16..).zip(widths) {
        let width = u32::try_from(width.clamp(NARROWEST, WIDEST)).unwrap_or(0);
        sheet.set_column_width(place, width.saturating_add(2))?;
    }
    sheet.set_freeze_panes(1, 0)?;
    sheet.set_repeat_rows(0, 0)?;
    sheet.set_paper_size(A4).set_landscape().set_print_fit_to_pages(1, 0);
    // An ampersand begins a code in a header.
    sheet.set_header(format!("&L{}&R&P/&N", title.replace('&', "&&")));
    Ok(())
}

fn write_cell(
    sheet: &mut Worksheet,
    (row, column): (u32, u16),
    cell: &Cell,
    format: &Format,
) -> Result<(), XlsxError> {
    let number = match cell {
        Cell::Empty => return Ok(()),
        Cell::Text(_) | Cell::Coded { .. } => None,
        Cell::Date(date) => number(&EPOCH.saturating_add(i64::from(date.days())).to_string()),
        Cell::Number(_) | Cell::Grams(_) | Cell::Jin(_) | Cell::Fen(_) | Cell::LiPerKg(_) => {
            number(&cell.to_string())
        }
    };
    match number {
        Some(number) => sheet.write_number_with_format(row, column, number, format)?,
        // Words stay words: a text is never read as a formula.
        None => sheet.write_string_with_format(row, column, cell.to_string(), format)?,
    };
    Ok(())
}

/// A decimal as the number nearest to it, which shows the same digits again; none if it has more
/// digits than a spreadsheet keeps.
fn number(decimal: &str) -> Option<f64> {
    let digits = decimal.bytes().filter(u8::is_ascii_digit).count();
    (digits <= DIGITS).then(|| decimal.parse().ok()).flatten()
}

fn is_words(column: &Column) -> bool {
    matches!(column.kind, Kind::Text | Kind::Date)
}

fn format(kind: Kind) -> Format {
    let format = Format::new();
    match kind {
        Kind::Text => format,
        Kind::Date => format.set_num_format("yyyy-mm-dd").set_align(FormatAlign::Left),
        Kind::Number => format.set_num_format("0"),
        Kind::Grams | Kind::Jin => format.set_num_format("#,##0.000"),
        Kind::Fen => format.set_num_format("#,##0.00"),
        Kind::LiPerKg => format.set_num_format("0.00#"),
    }
}
