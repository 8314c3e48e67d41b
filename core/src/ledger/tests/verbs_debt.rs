//! The table's words for debts, confirmations, receipts, and what payouts do with them:
//!
//! ```text
//! A1 prepay H1 100 due 2020-07-01 share 50% from bank
//! A2 credit H1 2x130.00 of 农资站
//! A3 deposit H1 K1 100
//! A4 confirm A1
//! A5 dispute A1
//! A6 receive H1 A1 10 into bank
//! A7 pay H1 50 for A9:100 repay A1=50 payee 1 proxy 2
//! =  debt A1    50.00 50.00        # repaid, left
//! =  excess A7  0.00               # in suspense or owed back
//! =  repaid A7  40.00 repayment.beyond_share
//! =  marks A7   payout.not_the_buyer
//! =  invoiceable A7 no
//! ```
//!
//! Where nothing is said, a debt is due on the day of the table and its share is 50 %.

use super::table::{Ledger, contract_id, decimal, entry_id, grower_id, yuan};
use crate::domain::confirmation::{Confirmation, Means};
use crate::domain::debt::{
    Creditor, DebtTerms, Deposit, InputCredit, InputItem, Prepayment, Purse,
};
use crate::domain::payout::{Payout, Repayment};
use crate::domain::receipt::Receipt;
use crate::domain::{BasisPoints, Body, EntryHash, EntryId, Fen, PersonNo};
use crate::ledger::{DebtRecord, PayoutRecord, Records as _};

/// The entry of these words, if they are of debts.
pub(super) fn body(ledger: &Ledger, words: &[&str]) -> Option<Body> {
    let body = match *words {
        ["prepay", grower, amount, ref more @ ..] => {
            let more = More::read(more);
            Prepayment {
                grower: grower_id(grower),
                contract: None,
                amount: yuan(amount),
                terms: more.terms,
                purse: more.purse,
            }
            .into()
        }
        ["deposit", grower, contract, amount, ref more @ ..] => {
            let more = More::read(more);
            Deposit {
                grower: grower_id(grower),
                contract: contract_id(contract),
                amount: yuan(amount),
                terms: more.terms,
                purse: more.purse,
            }
            .into()
        }
        ["credit", grower, item, ref more @ ..] => {
            let more = More::read(more);
            let items = if item == "nothing" { Vec::new() } else { vec![item_of(item)] };
            InputCredit {
                grower: grower_id(grower),
                contract: None,
                items,
                creditor: more.creditor,
                terms: more.terms,
            }
            .into()
        }
        [word @ ("confirm" | "dispute"), target, ref more @ ..] => {
            let target = entry_id(target);
            let of = ledger.entries.iter().find(|a| a.id == target);
            let grower = of.and_then(|a| a.entry.body.grower()).unwrap_or(grower_id("H1"));
            let target_hash =
                if more == ["differs"] { EntryHash::of(b"other") } else { ledger.hash(target) };
            Confirmation {
                grower,
                target,
                target_hash,
                person: PersonNo::default(),
                means: Means::Paper,
                agrees: word == "confirm",
            }
            .into()
        }
        ["receive", grower, debt, amount, ref more @ ..] => Receipt {
            grower: grower_id(grower),
            debt: entry_id(debt),
            amount: yuan(amount),
            purse: More::read(more).purse,
        }
        .into(),
        _ => return None,
    };
    Some(body)
}

struct More {
    terms: DebtTerms,
    purse: Purse,
    creditor: Creditor,
}

impl More {
    fn read(words: &[&str]) -> More {
        let due = "2020-07-01".parse().unwrap();
        let terms = DebtTerms { due, share: BasisPoints::new(5_000) };
        let mut more = More { terms, purse: Purse::Float, creditor: Creditor::Entity };
        for pair in words.chunks(2) {
            match *pair {
                ["due", day] => more.terms.due = day.parse().unwrap(),
                ["share", share] => {
                    more.terms.share = BasisPoints::new(decimal(share.trim_end_matches('%'), 2));
                }
                ["from" | "into", "bank"] => more.purse = Purse::Bank,
                ["of", supplier] => more.creditor = Creditor::Supplier(supplier.into()),
                _ => panic!("no term of a debt: {pair:?}"),
            }
        }
        more
    }
}

/// `2x130.00`, or `2x130.00=261` if the amount disagrees.
fn item_of(text: &str) -> InputItem {
    let (text, stated) = match text.split_once('=') {
        Some((text, stated)) => (text, Some(yuan(stated))),
        None => (text, None),
    };
    let (quantity, price) = text.split_once('x').expect(text);
    let mut item = InputItem {
        name: "复合肥".into(),
        quantity_milli: decimal(quantity, 3),
        unit: "袋".into(),
        price: yuan(price),
        amount: Fen::ZERO,
    };
    item.amount = stated.unwrap_or(item.computed_amount().unwrap());
    item
}

/// What a payout's row may say beside slips and rounding.
pub(super) fn more_of_payout(payout: &mut Payout, word: &str, value: &str) {
    let person = || PersonNo::new(value.parse().unwrap());
    match word {
        "repay" => {
            let (debt, claimed) = value.split_once('=').expect(value);
            payout.repayments.push(Repayment { debt: entry_id(debt), claimed: yuan(claimed) });
        }
        "payee" => payout.recipient.payee = person(),
        "proxy" => payout.recipient.proxy = Some(person()),
        _ => panic!("no part of a payout: {word}"),
    }
}

/// Looks at what these words say of a debt or a payout; `false` if they are of neither.
pub(super) fn expect(ledger: &Ledger, row: &str, words: &[&str]) -> bool {
    let money = |words: &[&str]| -> Vec<Fen> { words.iter().map(|w| yuan(w)).collect() };
    match *words {
        ["debt", id, ref wanted @ ..] => {
            let debt = debt(ledger, entry_id(id)).expect(row);
            assert_eq!(vec![debt.repaid, debt.left().unwrap()], money(wanted), "{row}");
        }
        ["excess", id, wanted] => {
            assert_eq!(payout(ledger, id, row).effect.excess, yuan(wanted), "{row}");
        }
        ["repaid", id, ref wanted @ ..] => {
            let effect = payout(ledger, id, row).effect;
            let shown = effect.repayments.iter().map(|r| {
                let fen = r.effective.get();
                let why = r.why.map(|rule| format!(" {}", rule.code)).unwrap_or_default();
                format!("{}.{:02}{why}", fen / 100, fen % 100)
            });
            assert_eq!(shown.collect::<Vec<_>>().join(" "), wanted.join(" "), "{row}");
        }
        ["marks", id, ref wanted @ ..] => {
            let marks = payout(ledger, id, row).effect.marks;
            let codes: Vec<&str> = marks.iter().map(|rule| rule.code).collect();
            assert_eq!(codes, wanted, "{row}");
        }
        ["invoiceable", id, wanted] => {
            let is = payout(ledger, id, row).is_invoiceable();
            assert_eq!(if is { "yes" } else { "no" }, wanted, "{row}");
        }
        _ => return false,
    }
    true
}

fn debt(ledger: &Ledger, id: EntryId) -> Option<DebtRecord> {
    let growers = ledger.records.growers();
    growers.into_iter().find_map(|g| ledger.records.kept(g.into(), id.key()).unwrap())
}

fn payout(ledger: &Ledger, id: &str, row: &str) -> PayoutRecord {
    let growers = ledger.records.growers();
    let mut found =
        growers.into_iter().filter_map(|g| ledger.records.payout(g, entry_id(id)).unwrap());
    found.next().expect(row)
}
