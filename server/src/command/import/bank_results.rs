//! The bank's answer to a batch as rows: which reserve, paid or returned, with what reference or
//! reason. Read here as every file is; written by `admin bank result`.

use courtyard_core::domain::Fen;
use courtyard_core::domain::bank::BankOutcome;

use super::Bad;
use super::sheet::{Column, Options, Row, Sheet};
use crate::command::Failure;
use crate::office::bank::Answer;

const COLUMNS: &[Column] = &[
    Column::needed("reserve", &["预留号", "附言", "备注号"]),
    Column::needed("result", &["结果", "处理结果", "交易状态", "状态"]),
    Column::optional("note", &["说明", "原因", "失败原因", "退票原因", "流水号", "备注"]),
    Column::optional("amount", &["金额(元)", "金额", "交易金额"]),
];
const RESERVE: usize = 0;
const RESULT: usize = 1;
const NOTE: usize = 2;
const AMOUNT: usize = 3;

const PAID: &[&str] = &["paid", "success", "成功", "支付成功", "交易成功", "已付", "已入账"];
const RETURNED: &[&str] = &["returned", "failed", "退票", "失败", "支付失败", "交易失败", "退回"];

/// A row that was not understood: its line, and why, in Chinese and English.
pub(in crate::command) type Unread = (u64, String, String);

/// The answers of a file, and the lines of it that cannot be understood.
///
/// # Errors
/// [`Failure`] if the file has no such columns.
pub(in crate::command) fn read(bytes: &[u8]) -> Result<(Vec<Answer>, Vec<Unread>), Failure> {
    let sheet = Sheet::read(bytes, COLUMNS, &Options::default())?;
    let mut bad = sheet.bad.clone();
    let mut answers = Vec::with_capacity(sheet.rows.len());
    for row in &sheet.rows {
        match answer(row) {
            Ok(answer) => answers.push(answer),
            Err(unread) => bad.push(unread),
        }
    }
    let bad = bad.into_iter().map(|bad| (bad.line, bad.zh, bad.en));
    Ok((answers, bad.collect()))
}

fn answer(row: &Row) -> Result<Answer, Bad> {
    let bad = |zh: String, en: String| Bad::new(row.line, zh, en);
    let (number, result, note) = (row.cell(RESERVE), row.cell(RESULT), row.cell(NOTE));
    let reserve = number.parse().map_err(|_| {
        bad(
            format!("预留号“{number}”不对，请照付款文件填写，如 002-000017。"),
            format!("{number:?} is no number of a reserve such as 002-000017."),
        )
    })?;
    let said = result.to_lowercase();
    let outcome = if PAID.contains(&said.as_str()) {
        BankOutcome::Paid(note.to_owned())
    } else if RETURNED.contains(&said.as_str()) {
        BankOutcome::Returned(note.to_owned())
    } else {
        return Err(bad(
            format!("结果“{result}”看不懂，请写“成功”或“退票”。"),
            format!("{result:?} is no result: write paid or returned."),
        ));
    };
    let amount = Some(row.cell(AMOUNT)).filter(|amount| !amount.is_empty());
    let amount = amount.map(str::parse::<Fen>).transpose().map_err(|error| {
        bad(
            format!("金额“{}”不对：{}", row.cell(AMOUNT), error.zh()),
            format!("The amount {:?} cannot be read: {error}.", row.cell(AMOUNT)),
        )
    })?;
    Ok(Answer { line: row.line, reserve, outcome, amount })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_answer_is_read_with_chinese_or_english_words_and_bad_lines_are_named() {
        let file = "预留号,结果,原因,金额\n002-000017,成功,0001,12.50\n002-000018,退票,户名不符,\n\
                    17,成功,,\n002-000019,处理中,,\n002-000020,paid,,一元\n";
        let (answers, bad) = read(file.as_bytes()).unwrap();
        assert_eq!(answers.len(), 2);
        assert_eq!(answers[0].outcome, BankOutcome::Paid("0001".into()));
        assert_eq!(answers[0].amount, Some(Fen::new(1_250)));
        assert_eq!(answers[1].outcome, BankOutcome::Returned("户名不符".into()));
        assert_eq!(answers[1].line, 3);
        let lines: Vec<u64> = bad.iter().map(|(line, ..)| *line).collect();
        assert_eq!(lines, [4, 5, 6]);
    }

    #[test]
    fn a_file_without_a_result_is_refused_whole() {
        assert!(read("预留号,金额\n002-000017,1\n".as_bytes()).is_err());
    }
}
