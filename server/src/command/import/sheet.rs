//! A CSV file as people save it: UTF-8 with or without a byte-order mark, LF or CRLF, columns in any
//! order by their heading, each row with its line number.

use csv::{ByteRecord, ReaderBuilder};

use super::Bad;
use crate::command::Failure;

/// A column that an import knows.
#[derive(Debug, Clone, Copy)]
pub(super) struct Column {
    /// Its heading in the documentation.
    pub(super) name: &'static str,
    /// Other headings for the same.
    pub(super) also: &'static [&'static str],
    /// Whether nothing can be imported without it.
    pub(super) needed: bool,
}

/// A row, its cells in the order of the columns that were asked for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Row {
    /// Its line in the file, from 1.
    pub(super) line: u64,
    cells: Vec<String>,
}

impl Row {
    /// The cell of this column without surrounding blanks; empty if the file has no such column.
    pub(super) fn cell(&self, column: usize) -> &str {
        self.cells.get(column).map_or("", String::as_str)
    }
}

/// A file that was read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Sheet {
    /// Rows whose cells could be read.
    pub(super) rows: Vec<Row>,
    /// Rows that could not.
    pub(super) bad: Vec<Bad>,
    /// Headings that mean nothing here.
    pub(super) ignored: Vec<String>,
    present: Vec<bool>,
}

impl Sheet {
    /// Reads a file that has at least the needed columns.
    ///
    /// # Errors
    /// [`Failure`] if it has no such heading, so that no row can be understood.
    pub(super) fn read(bytes: &[u8], columns: &[Column]) -> Result<Sheet, Failure> {
        let bytes = bytes.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(bytes);
        let mut reader = ReaderBuilder::new().has_headers(false).flexible(true).from_reader(bytes);
        let mut lines = Lines { bytes, at: 0, line: 1 };
        let mut record = ByteRecord::new();
        let mut layout: Option<Layout> = None;
        let (mut rows, mut bad) = (Vec::new(), Vec::new());
        while reader.read_byte_record(&mut record).map_err(|error| unreadable(&error))? {
            let line = lines.of(record.position().map_or(0, csv::Position::byte));
            let Some(cells) = texts(&record) else {
                if layout.is_none() {
                    return Err(not_utf8());
                }
                bad.push(Bad::new(
                    line,
                    "不是 UTF-8 文字，请另存为 UTF-8 的 CSV。",
                    "It is not UTF-8. Save the file as CSV in UTF-8.",
                ));
                continue;
            };
            if cells.iter().all(String::is_empty) {
                continue;
            }
            match &layout {
                None => layout = Some(Layout::of(&cells, columns)?),
                Some(layout) => match layout.row(line, &cells) {
                    Ok(row) => rows.push(row),
                    Err(row) => bad.push(row),
                },
            }
        }
        let layout = layout.ok_or_else(|| missing(columns, "空文件", "the file is empty"))?;
        let present = layout.places.iter().map(Option::is_some).collect();
        Ok(Sheet { rows, bad, ignored: layout.ignored, present })
    }

    /// Whether the file has this column.
    pub(super) fn has(&self, column: usize) -> bool {
        self.present.get(column).copied().unwrap_or(false)
    }
}

/// Where each column stands in the file.
struct Layout {
    places: Vec<Option<usize>>,
    width: usize,
    ignored: Vec<String>,
}

impl Layout {
    fn of(headings: &[String], columns: &[Column]) -> Result<Layout, Failure> {
        let mut places = vec![None; columns.len()];
        let mut ignored = Vec::new();
        for (place, heading) in headings.iter().enumerate() {
            let heading = heading.to_lowercase();
            let known = columns
                .iter()
                .position(|c| c.name == heading || c.also.contains(&heading.as_str()));
            match known.and_then(|column| places.get_mut(column)) {
                Some(Some(_)) => {
                    return Err(missing(
                        columns,
                        &format!("“{heading}”这一列有两次"),
                        &format!("the column {heading:?} stands twice"),
                    ));
                }
                Some(free) => *free = Some(place),
                None if heading.is_empty() => {}
                None => ignored.push(heading),
            }
        }
        let lacking: Vec<&str> = columns
            .iter()
            .zip(&places)
            .filter(|(column, place)| column.needed && place.is_none())
            .map(|(column, _)| column.name)
            .collect();
        if lacking.is_empty() {
            Ok(Layout { places, width: headings.len(), ignored })
        } else {
            let lacking = lacking.join(", ");
            Err(missing(columns, &format!("缺少 {lacking} 列"), &format!("{lacking} is missing")))
        }
    }

    fn row(&self, line: u64, cells: &[String]) -> Result<Row, Bad> {
        let beyond = cells.get(self.width..).unwrap_or_default();
        if cells.len() < self.width || !beyond.iter().all(String::is_empty) {
            return Err(Bad::new(
                line,
                format!("有 {} 格，表头有 {} 格，请检查逗号。", cells.len(), self.width),
                format!(
                    "It has {} cells where the heading has {}. Check its commas.",
                    cells.len(),
                    self.width
                ),
            ));
        }
        if cells.iter().any(|cell| cell.chars().any(char::is_control)) {
            return Err(Bad::new(
                line,
                "有换行或控制字符，请检查引号。",
                "It holds a line break or a control character. Check its quotes.",
            ));
        }
        let cell = |place: &Option<usize>| {
            place.and_then(|place| cells.get(place)).cloned().unwrap_or_default()
        };
        Ok(Row { line, cells: self.places.iter().map(cell).collect() })
    }
}

fn texts(record: &ByteRecord) -> Option<Vec<String>> {
    let text = |cell| std::str::from_utf8(cell).ok().map(|text| text.trim().to_owned());
    record.iter().map(text).collect()
}

/// Counts lines up to a byte; the reader's own count stands on blank lines before a record.
struct Lines<'b> {
    bytes: &'b [u8],
    at: usize,
    line: u64,
}

impl Lines<'_> {
    /// The line on which the record that begins at or after this byte begins.
    fn of(&mut self, byte: u64) -> u64 {
        let from = usize::try_from(byte).unwrap_or(usize::MAX);
        let breaks = |b: &&u8| matches!(**b, b'\r' | b'\n');
        let rest = self.bytes.get(from..).unwrap_or_default();
        let until = from.saturating_add(rest.iter().take_while(breaks).count());
        let passed = self.bytes.get(self.at..until).unwrap_or_default();
        let mut before = None;
        for &b in passed {
            // CRLF is one break, a lone CR is one too.
            if b == b'\n' && before != Some(b'\r') || b == b'\r' {
                self.line = self.line.saturating_add(1);
            }
            before = Some(b);
        }
        self.at = until;
        self.line
    }
}

fn unreadable(error: &csv::Error) -> Failure {
    Failure::words(
        &format!("文件读不了：{error}。没有导入。"),
        &format!("The file cannot be read: {error}. Nothing was imported."),
    )
}

fn not_utf8() -> Failure {
    Failure::words(
        "表头不是 UTF-8 文字。没有导入。请在表格软件里另存为“CSV UTF-8”。",
        "The heading is not UTF-8. Nothing was imported. Save the file as \"CSV UTF-8\".",
    )
}

fn missing(columns: &[Column], zh: &str, en: &str) -> Failure {
    let heading = |column: &Column| {
        if column.needed { column.name.to_owned() } else { format!("[{}]", column.name) }
    };
    let expected = columns.iter().map(heading).collect::<Vec<_>>().join(",");
    Failure::words(
        &format!("表头不对：{zh}。没有导入。第一行应为 {expected}"),
        &format!("The heading is wrong: {en}. Nothing was imported. The first line is {expected}"),
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    const COLUMNS: &[Column] = &[
        Column { name: "code", also: &["编码"], needed: true },
        Column { name: "name", also: &["品名"], needed: true },
        Column { name: "grades", also: &[], needed: false },
    ];

    fn seen(sheet: &Sheet) -> Vec<(u64, &str, &str)> {
        sheet.rows.iter().map(|row| (row.line, row.cell(0), row.cell(1))).collect()
    }

    #[test]
    fn a_mark_crlf_quotes_blank_lines_and_any_order_read_the_same() {
        let wanted = vec![(2, "1", "菠菜"), (4, "2", "黄瓜,小"), (5, "3", "番茄")];
        for text in [
            "code,name\n1,菠菜\n\n2,\"黄瓜,小\"\n3,番茄\n",
            "\u{FEFF}code,name\r\n1,菠菜\r\n\r\n2,\"黄瓜,小\"\r\n3,番茄",
            "\u{FEFF}品名,note,编码\r\n 菠菜 ,x,1\r\n,,\r\n\"黄瓜,小\",,2\r\n番茄,,3\r\n",
        ] {
            let sheet = Sheet::read(text.as_bytes(), COLUMNS).unwrap();
            assert_eq!(seen(&sheet), wanted, "{text:?}");
            assert!(sheet.bad.is_empty());
            assert!(!sheet.has(2));
        }
    }

    #[test]
    fn a_bad_row_is_named_by_its_line_and_the_others_stand() {
        let mut bytes = b"code,name\n1\n2,a,b\n3,ok\n4,\"x\ny\"\n".to_vec();
        bytes.extend(b"5,\xB2\xA4\n6,ok,,\n");
        let sheet = Sheet::read(&bytes, COLUMNS).unwrap();
        assert_eq!(seen(&sheet), [(4, "3", "ok"), (8, "6", "ok")]);
        let lines: Vec<u64> = sheet.bad.iter().map(|bad| bad.line).collect();
        assert_eq!(lines, [2, 3, 5, 7]);
    }

    #[test]
    fn a_heading_that_lacks_a_column_says_which() {
        for (text, wanted) in [
            ("", "empty"),
            ("\n\n", "empty"),
            ("1,菠菜\n", "code, name is missing"),
            ("code,编码,name\n", "twice"),
        ] {
            let said = Sheet::read(text.as_bytes(), COLUMNS).unwrap_err();
            assert!(said.text().contains(wanted), "{text:?}: {}", said.text());
            assert!(said.text().contains("code,name,[grades]"));
        }
        assert!(Sheet::read(b"\xC6\xB7\xC3\xFB,x\n", COLUMNS).is_err());
    }

    #[test]
    fn headings_that_mean_nothing_are_named() {
        let sheet = Sheet::read(b"Code,Name,garde\n1,a,3\n", COLUMNS).unwrap();
        assert_eq!(sheet.ignored, ["garde"]);
    }
}
