//! The file for the bank: a line for each reserve, with the payee's name and whole account number.
//! Its SHA-256 goes into the entry; the file itself is kept nowhere.

use courtyard_core::domain::bank::BankFile;
use courtyard_core::domain::{BatchId, BusinessDate, EntryId, Fen, Rule};
use courtyard_core::ledger::ReserveRecord;
use courtyard_core::store::Store;
use csv::{Terminator, WriterBuilder};
use sha2::{Digest as _, Sha256};

use super::{accounts, first, known, on, open, payee_name, root, rule};
use crate::deed::Deed;
use crate::log::NumberOf;
use crate::office::OfficeError;
use crate::office::error::CommandError;

/// With it, spreadsheets read the file as UTF-8.
const MARK: &[u8] = b"\xEF\xBB\xBF";

/// The headings, which the banks' own forms for 批量代付 have in common.
const HEADINGS: [&str; 6] = ["序号", "收款人户名", "收款账号", "金额(元)", "用途", "预留号"];

/// What the money is for, on the growers' statements of account.
const PURPOSE: &str = "农产品收购款";

/// A file for the bank.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Filed {
    /// The entry that says so; none if the same file was made before.
    pub entry: Option<EntryId>,
    /// The file.
    pub bytes: Vec<u8>,
    /// Its SHA-256.
    pub hash: [u8; 32],
    /// How many lines.
    pub lines: u32,
    /// What they come to.
    pub total: Fen,
}

/// Makes the file of an approved batch. Asked again, it gives the same file, if accounts and names
/// are as they were, and writes nothing.
///
/// # Errors
/// Words or a rule: no such batch, not approved, other lines than approved, an account or a name
/// that is no longer there, or a user who may not see account numbers.
pub fn file(
    store: &Store,
    deed: &mut Deed<'_>,
    number: BatchId,
    private: &[u8; 32],
) -> Result<Filed, OfficeError> {
    let batch = known(store, number)?;
    let Some(approved) = batch.record.clone() else { return Err(rule(Rule::BANK_NOT_APPROVED)) };
    let again = approved.file.is_some();
    let lines = if again { batch.reserves.iter().collect() } else { open(&batch) };
    let total = if again { batch.all.amount } else { batch.open.amount };
    let count = u32::try_from(lines.len()).unwrap_or(u32::MAX);
    let same = count == approved.lines && total == approved.total && root(&lines) == approved.root;
    if !same {
        return Err(rule(Rule::BANK_TOTAL_DISAGREES));
    }
    let bytes = write(store, deed, &lines, approved.date, private)?;
    let hash: [u8; 32] = Sha256::digest(&bytes).into();
    let mut filed = Filed { entry: None, bytes, hash, lines: count, total };
    match &approved.file {
        Some(before) if before.file_hash == hash => return Ok(filed),
        Some(_) => return Err(rule(Rule::BANK_FILE_TWICE)),
        None => {}
    }
    let body = BankFile {
        batch: number,
        approval: approved.approval,
        lines: count,
        total,
        file_hash: hash,
    };
    filed.entry = Some(first(deed.write(on(&batch), &[body.into()])?)?);
    Ok(filed)
}

/// The file's bytes: UTF-8 with its mark, CRLF.
fn write(
    store: &Store,
    deed: &mut Deed<'_>,
    lines: &[&ReserveRecord],
    day: BusinessDate,
    private: &[u8; 32],
) -> Result<Vec<u8>, OfficeError> {
    let accounts = accounts(deed)?;
    let failed = |error: csv::Error| OfficeError::Document(format!("the file: {error}"));
    let mut writer = WriterBuilder::new().terminator(Terminator::CRLF).from_writer(MARK.to_vec());
    writer.write_record(HEADINGS).map_err(failed)?;
    let mut missing = Vec::new();
    for (place, line) in lines.iter().enumerate() {
        let account = accounts.get(&line.grower).filter(|account| {
            account.of.person == line.payee && account.last_four == line.account_last4
        });
        let name = payee_name(store, line.grower, line.payee, day)?;
        let (Some(account), Some(name)) = (account, name) else {
            missing.push(format!("{} {}", line.id, line.grower));
            continue;
        };
        let of = NumberOf { ..account.of };
        let by = deed.acting.name.clone();
        let number = deed.office.reveal_number(deed.tx, of, &by, private, deed.now_ms)?;
        let place = place.saturating_add(1).to_string();
        let (amount, id) = (line.amount.yuan_number(), line.id.to_string());
        writer
            .write_record([place.as_str(), inert(&name), &number, &amount, PURPOSE, &id])
            .map_err(failed)?;
    }
    if !missing.is_empty() {
        return Err(gone(&missing));
    }
    writer.into_inner().map_err(|error| OfficeError::Document(format!("the file: {error}")))
}

/// A name that a spreadsheet would take for a formula loses what makes it one (OWASP, CSV
/// injection): no person's name begins so.
fn inert(name: &str) -> &str {
    name.trim_start_matches(['=', '+', '-', '@', '\t', '\r', '＝', '＋', '－', '＠'])
}

fn gone(missing: &[String]) -> OfficeError {
    let who = missing.join("; ");
    CommandError::said(
        format!(
            "这些收款人的账号或姓名不在，或编批后改过：{who}。没有生成文件，没有改动任何东西。请用 admin bank release 放弃这一批，再重新编批。"
        ),
        format!(
            "The account or name of these payees is gone, or changed since: {who}. No file was \
             made and nothing was changed. Give the batch up with admin bank release and prepare \
             it again."
        ),
    )
    .into()
}
