//! The verbs of floats and of the bank in the tables:
//!
//! ```text
//! issue office P7 500 · accept O1 · count P7 480 of 500 · difference A2 P7 -20 approved 4
//! reserve B1 H1 A1:10 A2:5 · approve B1 2 15 prepared 3 · file B1 O4 2 15 · result B1 O2 paid
//! ```
//!
//! `differs` at the end names other bytes, `wordless` gives no reason.

use super::table::{device, entry_id, grower_id, holder, yuan};
use crate::domain::bank::{BankApprove, BankFile, BankOutcome, BankReserve, BankResult};
use crate::domain::float::{FloatAccept, FloatCount, FloatDifference, FloatIssue};
use crate::domain::payout::Allocation;
use crate::domain::{BatchId, Body, EntryHash, EntryId, OperatorNo, PersonNo};

/// The act that these words mean, if it is one of floats or of the bank.
pub(super) fn body(words: &[&str], hash: &dyn Fn(EntryId) -> EntryHash) -> Option<Body> {
    let marked = |mark: &str| words.last() == Some(&mark);
    let hash_of = |id: EntryId| {
        if marked("differs") { EntryHash::of(b"other bytes") } else { hash(id) }
    };
    let reason = || if marked("wordless") { String::new() } else { "户名不符".to_owned() };
    let words = match words {
        [rest @ .., "differs" | "wordless"] => rest,
        words => words,
    };
    Some(match *words {
        ["issue", from, to, amount] => {
            FloatIssue { from: holder(from), to: holder(to), amount: yuan(amount) }.into()
        }
        ["accept", issue] => {
            let issue = entry_id(issue);
            FloatAccept { issue, issue_hash: hash_of(issue) }.into()
        }
        ["count", till, counted, "of", expected] => {
            FloatCount { holder: holder(till), counted: yuan(counted), expected: yuan(expected) }
                .into()
        }
        ["difference", count, till, amount, "approved", by] => {
            let count = entry_id(count);
            FloatDifference {
                count,
                count_hash: hash_of(count),
                holder: holder(till),
                difference: yuan(amount),
                reason: reason(),
                approved_by: OperatorNo::new(by.parse().unwrap()),
            }
            .into()
        }
        ["reserve", number, grower, ref parts @ ..] => {
            let last4 = parts.iter().find_map(|word| word.strip_prefix("last4="));
            let parts = parts.iter().filter_map(|word| word.split_once(':'));
            BankReserve {
                batch: batch(number),
                grower: grower_id(grower),
                allocations: parts
                    .map(|(slip, amount)| Allocation { slip: entry_id(slip), amount: yuan(amount) })
                    .collect(),
                payee: PersonNo::new(0),
                account_last4: last4.unwrap_or("0123").to_owned(),
            }
            .into()
        }
        ["approve", number, lines, total, "prepared", by] => BankApprove {
            batch: batch(number),
            lines: lines.parse().unwrap(),
            total: yuan(total),
            root: [7; 32],
            prepared_by: OperatorNo::new(by.parse().unwrap()),
        }
        .into(),
        ["file", number, approval, lines, total] => BankFile {
            batch: batch(number),
            approval: entry_id(approval),
            lines: lines.parse().unwrap(),
            total: yuan(total),
            file_hash: [8; 32],
        }
        .into(),
        ["result", number, grower, reserve, outcome] => {
            let reserve = entry_id(reserve);
            BankResult {
                batch: batch(number),
                grower: grower_id(grower),
                reserve,
                reserve_hash: hash_of(reserve),
                outcome: match outcome {
                    "paid" => BankOutcome::Paid("工行 0001".into()),
                    "returned" => BankOutcome::Returned(reason()),
                    "released" => BankOutcome::Released(reason()),
                    other => panic!("no outcome: {other}"),
                },
            }
            .into()
        }
        _ => return None,
    })
}

/// `B1`: the first batch of the village's office.
fn batch(text: &str) -> BatchId {
    BatchId::new(device('O'), text.trim_start_matches('B').parse().expect(text))
}
