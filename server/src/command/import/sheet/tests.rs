use super::*;

const COLUMNS: &[Column] = &[
    Column::needed("code", &["编码"]),
    Column::needed("name", &["品名"]),
    Column::optional("grades", &[]),
];

fn read(bytes: &[u8]) -> Result<Sheet, Failure> {
    Sheet::read(bytes, COLUMNS, &Options::default())
}

fn mapped(bytes: &[u8], map: &[&str], no_heading: bool) -> Result<Sheet, Failure> {
    let map = map.iter().map(|text| text.parse().unwrap()).collect();
    Sheet::read(bytes, COLUMNS, &Options { map, no_heading })
}

fn gb(text: &str) -> Vec<u8> {
    encoding_rs::GB18030.encode(text).0.into_owned()
}

fn seen(sheet: &Sheet) -> Vec<(u64, &str, &str)> {
    sheet.rows.iter().map(|row| (row.line, row.cell(0), row.cell(1))).collect()
}

fn bad(sheet: &Sheet) -> Vec<u64> {
    sheet.bad.iter().map(|bad| bad.line).collect()
}

#[test]
fn a_mark_any_line_break_quotes_blank_lines_and_any_order_read_the_same() {
    let wanted = vec![(2, "1", "菠菜"), (4, "2", "黄瓜,小"), (5, "3", "番茄")];
    let plain = "code,name\n1,菠菜\n\n2,\"黄瓜,小\"\n3,番茄\n";
    for bytes in [
        plain.as_bytes().to_vec(),
        plain.replace('\n', "\r").into_bytes(),
        gb(plain),
        gb(&plain.replace('\n', "\r\n")),
        "\u{FEFF}code,name\r\n1,菠菜\r\n\r\n2,\"黄瓜,小\"\r\n3,番茄".into(),
        "\u{FEFF}品名,note,编码\r\n 菠菜 ,x,1\r\n,,\r\n\"黄瓜,小\",,2\r\n番茄,,3\r\n".into(),
        gb("品名,note,编码\r\n 菠菜 ,x,1\r\n,,\r\n\"黄瓜,小\",,2\r\n番茄,,3\r\n"),
    ] {
        let sheet = read(&bytes).unwrap();
        assert_eq!(seen(&sheet), wanted, "{:?}", String::from_utf8_lossy(&bytes));
        assert!(sheet.bad.is_empty());
        assert!(!sheet.has(2));
    }
}

#[test]
fn a_bad_row_is_named_by_its_line_and_the_others_stand() {
    let mut bytes = "code,name\n1\n2,a,b\n3,好\n4,\"x\ny\"\n".as_bytes().to_vec();
    bytes.extend(b"5,\xB2\xA4\n");
    bytes.extend("6,好,,\n".as_bytes());
    let sheet = read(&bytes).unwrap();
    assert_eq!(seen(&sheet), [(4, "3", "好"), (8, "6", "好")]);
    assert_eq!(bad(&sheet), [2, 3, 5, 7]);
}

#[test]
fn a_damaged_line_of_gb18030_is_named_and_nothing_is_guessed() {
    let mut bytes = gb("编码,品名\n1,菠菜\n");
    bytes.extend(b"2,\xB2\xFF\n");
    bytes.extend(gb("3,黄瓜\n4,㐀\n"));
    let sheet = read(&bytes).unwrap();
    assert_eq!(seen(&sheet), [(2, "1", "菠菜"), (4, "3", "黄瓜"), (5, "4", "㐀")]);
    assert_eq!(bad(&sheet), [3]);
}

#[test]
fn quotes_may_hold_line_breaks_where_no_column_is_read() {
    let text = "code,note,name\n1,\"two\nlines, \"\"quoted\"\"\",a\n2,x,b\n";
    assert_eq!(seen(&read(text.as_bytes()).unwrap()), [(2, "1", "a"), (4, "2", "b")]);
}

#[test]
fn a_quote_that_is_never_closed_costs_its_own_line_only() {
    let text = "code,name\n1,\"a\n2,b\n3,5\" pipe\n4,\"c\n5,d\n";
    let sheet = read(text.as_bytes()).unwrap();
    assert_eq!(seen(&sheet), [(3, "2", "b"), (4, "3", "5\" pipe"), (6, "5", "d")]);
    assert_eq!(bad(&sheet), [2, 5]);
}

#[test]
fn columns_are_found_by_map_by_heading_and_by_number() {
    let text = "货号,品名,别名\n1,菠菜,x\n";
    let sheet = mapped(text.as_bytes(), &["货号=code"], false).unwrap();
    assert_eq!(seen(&sheet), [(2, "1", "菠菜")]);
    assert_eq!(sheet.ignored, ["别名"]);
    let other = mapped(text.as_bytes(), &["1=code", "别名=name"], false).unwrap();
    assert_eq!(seen(&other), [(2, "1", "x")]);
    let bare = b"cut\nx,1,a\nx,2,b\nx,3\n";
    let sheet = mapped(bare, &["2=code", "3=name"], true).unwrap();
    assert_eq!(seen(&sheet), [(2, "1", "a"), (3, "2", "b")]);
    assert_eq!(bad(&sheet), [1, 4]);
    for (map, wanted) in [
        (&["9=code"][..], "no column"),
        (&["1=colour"], "no field"),
        (&["1=code", "2=code"], "twice"),
        (&["1=name"], "code is missing"),
    ] {
        let said = mapped(bare, map, true).unwrap_err();
        assert!(said.text().contains(wanted), "{map:?}: {}", said.text());
    }
    assert!("code".parse::<Mapping>().is_err() && "=code".parse::<Mapping>().is_err());
}

#[test]
fn a_workbook_reads_like_the_csv_of_its_first_sheet() {
    let mut book = rust_xlsxwriter::Workbook::new();
    let sheet = book.add_worksheet();
    let date = rust_xlsxwriter::Format::new().set_num_format("yyyy-mm-dd");
    sheet.write_string(1, 0, "编码").unwrap();
    sheet.write_string(1, 1, "品名").unwrap();
    sheet.write_string(1, 2, "grades").unwrap();
    sheet.write_number(2, 0, 102_900_005_115_786.0).unwrap();
    sheet.write_string(2, 1, " 竹叶菜 ").unwrap();
    sheet.write_number(2, 2, 0.1 + 0.2).unwrap();
    sheet.write_number(4, 0, 11.352).unwrap();
    sheet.write_number_with_format(4, 1, 46_204.0, &date).unwrap();
    sheet.write_number(5, 0, 3.0).unwrap();
    let bytes = book.save_to_buffer().unwrap();
    let sheet = read(&bytes).unwrap();
    assert_eq!(
        seen(&sheet),
        [(3, "102900005115786", "竹叶菜"), (5, "11.352", "2026-07-01"), (6, "3", "")]
    );
    assert_eq!(sheet.rows[0].cell(2), "0.3");
    assert!(read(b"PK\x03\x04 but no workbook").is_err());
}

#[test]
fn a_heading_that_lacks_a_column_says_which() {
    for (text, wanted) in [
        ("", "empty"),
        ("\n\n", "empty"),
        ("1,菠菜\n", "code, name is missing"),
        ("code,编码,name\n", "twice"),
    ] {
        let said = read(text.as_bytes()).unwrap_err();
        assert!(said.text().contains(wanted), "{text:?}: {}", said.text());
        assert!(said.text().contains("code,name,[grades]"));
    }
    assert!(read(b"\xFF\xFEc\0o\0").unwrap_err().text().contains("UTF-16"));
    assert!(read(b"\xFF\xFF,x\n").is_err());
}

#[test]
fn headings_that_mean_nothing_are_named() {
    let sheet = read(b"Code,Name,garde\n1,a,3\n").unwrap();
    assert_eq!(sheet.ignored, ["garde"]);
}
