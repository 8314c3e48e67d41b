use std::io::Cursor;

use calamine::{Data, Reader as _, Xlsx};
use courtyard_core::domain::{BusinessDate, Fen, Grams, LiPerKg};

use super::*;

fn day(text: &str) -> BusinessDate {
    text.parse().unwrap()
}

fn purchases() -> Table {
    let mut table = Table::new(
        "purchases",
        [
            Column::text("name", "农户"),
            Column::date("date", "日期"),
            Column::grams("net", "净重 kg").summed(),
            Column::li_per_kg("price", "单价 ¥/kg"),
            Column::fen("amount", "金额 ¥").summed(),
            Column::number("slips", "单数"),
        ],
    );
    table.row(cells![
        "王秀英",
        day("2026-07-01"),
        Grams::new(11_352),
        LiPerKg::new(3_190),
        Fen::new(3_621),
        2_i64,
    ]);
    table.row(cells![
        "Li, \"Guo\"\n国",
        day("2026-07-02"),
        Grams::new(5),
        Cell::Empty,
        Fen::new(-7)
    ]);
    table
}

#[test]
fn chinese_takes_two_columns_and_numbers_stand_right_with_sums_below() {
    let mut table =
        Table::new("t", [Column::text("name", "农户"), Column::fen("amount", "元").summed()]);
    table.row(cells!["王秀英", Fen::new(3_621)]);
    table.row(cells!["Li", Fen::new(120_000)]);
    let wanted =
        "农户             元\n王秀英        36.21\nLi          1200.00\n合计 total  1236.21\n";
    assert_eq!(table.text().unwrap(), wanted);
}

#[test]
fn a_row_of_another_length_harms_nothing() {
    let mut table = Table::new("t", [Column::text("a", "a"), Column::text("b", "b")]);
    table.row(cells!["1"]);
    table.row(cells!["1", "2", "3"]);
    assert_eq!(table.text().unwrap(), "a  b\n1\n1  2\n");
    assert_eq!(table.json_rows()[0]["b"], Value::Null);
    assert_eq!(table.csv().unwrap(), "\u{FEFF}a,b\r\n1,\r\n1,2\r\n".as_bytes());
}

#[test]
fn json_has_integers_with_their_units_in_the_names() {
    let table = purchases();
    let rows = table.json_rows();
    assert_eq!(rows[0]["net_g"], 11_352);
    assert_eq!(rows[0]["price_li_per_kg"], 3_190);
    assert_eq!(rows[1]["amount_fen"], -7);
    assert_eq!(rows[1]["date"], "2026-07-02");
    let total = table.json_total().unwrap().unwrap();
    assert_eq!(total, serde_json::json!({ "net_g": 11_357, "amount_fen": 3_614 }));
}

#[test]
fn csv_opens_in_a_spreadsheet_and_reads_back() {
    let bytes = purchases().csv().unwrap();
    assert!(bytes.starts_with(b"\xEF\xBB\xBF"));
    let text = String::from_utf8(bytes).unwrap();
    assert!(text.ends_with("\r\n"));
    let mut reader = ::csv::Reader::from_reader(text.trim_start_matches('\u{FEFF}').as_bytes());
    assert_eq!(reader.headers().unwrap().get(4), Some("金额 ¥"));
    let rows: Vec<::csv::StringRecord> = reader.records().map(Result::unwrap).collect();
    assert_eq!(rows.len(), 2);
    assert_eq!(
        rows[0].iter().collect::<Vec<_>>(),
        ["王秀英", "2026-07-01", "11.352", "3.19", "36.21", "2"]
    );
    assert_eq!((&rows[1][0], &rows[1][4], &rows[1][5]), ("Li, \"Guo\"\n国", "-0.07", ""));
}

#[test]
fn words_that_a_spreadsheet_would_run_are_made_inert() {
    let mut table = Table::new("t", [Column::text("name", "n"), Column::fen("amount", "f")]);
    for name in ["=1+1", "+86", "-2", "@x", "＝1", "王=秀英"] {
        table.row(cells![name, Fen::new(-5)]);
    }
    let text = String::from_utf8(table.csv().unwrap()).unwrap();
    let first: Vec<&str> = text.lines().skip(1).collect();
    let wanted =
        ["'=1+1,-0.05", "'+86,-0.05", "'-2,-0.05", "'@x,-0.05", "'＝1,-0.05", "王=秀英,-0.05"];
    assert_eq!(first, wanted);
}

#[test]
fn a_sheet_has_numbers_as_numbers_dates_as_dates_and_sums_as_values() {
    let mut formula = Table::new("other", [Column::text("name", "n")]);
    formula.row(cells!["=1+1"]);
    let bytes = xlsx("A & B", &[&purchases(), &formula]).unwrap();
    let mut book: Xlsx<_> = Xlsx::new(Cursor::new(bytes)).unwrap();
    assert_eq!(book.sheet_names(), ["purchases", "other"]);
    let sheet = book.worksheet_range("purchases").unwrap();
    assert_eq!(sheet.get((0, 2)), Some(&Data::String("净重 kg".into())));
    assert_eq!(sheet.get((1, 2)), Some(&Data::Float(11.352)));
    assert_eq!(sheet.get((1, 3)), Some(&Data::Float(3.19)));
    assert_eq!(sheet.get((2, 4)), Some(&Data::Float(-0.07)));
    let Some(Data::DateTime(date)) = sheet.get((1, 1)) else { panic!("no date") };
    assert_eq!(date.to_ymd_hms_milli(), (2026, 7, 1, 0, 0, 0, 0));
    assert_eq!(sheet.get((3, 0)), Some(&Data::String("合计 total".into())));
    assert_eq!(sheet.get((3, 4)), Some(&Data::Float(36.14)));
    assert!(book.worksheet_formula("purchases").unwrap().is_empty());
    let other = book.worksheet_range("other").unwrap();
    assert_eq!(other.get((1, 0)), Some(&Data::String("=1+1".into())));
}

#[test]
fn a_number_longer_than_a_spreadsheet_keeps_is_written_as_text() {
    let mut table = Table::new("t", [Column::fen("amount", "f")]);
    table.row(cells![Fen::new(999_999_999_999_999)]);
    table.row(cells![Fen::new(9_999_999_999_999_999)]);
    let mut book: Xlsx<_> = Xlsx::new(Cursor::new(xlsx("", &[&table]).unwrap())).unwrap();
    let sheet = book.worksheet_range("t").unwrap();
    assert_eq!(sheet.get((1, 0)), Some(&Data::Float(9_999_999_999_999.99)));
    assert_eq!(sheet.get((2, 0)), Some(&Data::String("99999999999999.99".into())));
}

#[test]
fn a_sum_that_does_not_fit_is_an_error() {
    let mut table = Table::new("t", [Column::fen("amount", "f").summed()]);
    table.row(cells![Fen::new(i64::MAX)]);
    table.row(cells![Fen::new(1)]);
    assert!(table.text().is_err() && table.json_total().is_err() && xlsx("", &[&table]).is_err());
}
