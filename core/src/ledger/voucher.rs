//! Vouchers (凭证) for the accountants' system: a month's postings of one entity, summed by kind of
//! business and by pair of accounts. Debits equal credits on every voucher; a correction stands in
//! red, as a negative amount on the same side (红字).

use std::collections::BTreeMap;

use crate::domain::rules::AccountCode;
use crate::domain::{EntityNo, EntryId, Fen, Kind, Month, UnitError};

use super::account::Account;
use super::posted::Posted;

/// One voucher: one kind of business of one entity in one month.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Voucher {
    /// The month of the books.
    pub month: Month,
    /// On whose account.
    pub entity: EntityNo,
    /// Its number within the entity's month, from 1.
    pub number: u32,
    /// The kind of the entries that it sums.
    pub kind: Kind,
    /// How many entries.
    pub entries: u32,
    /// The first and the last of them, by number.
    pub span: (EntryId, EntryId),
    /// Its lines, debits first.
    pub lines: Vec<VoucherLine>,
}

/// One line of a voucher.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct VoucherLine {
    /// The account's word here.
    pub account: &'static str,
    /// The accountants' code.
    pub code: String,
    /// The account's name there.
    pub name: String,
    /// Debit, in fen; negative is red.
    pub debit: Fen,
    /// Credit, in fen; negative is red.
    pub credit: Fen,
}

/// The codes that hold where the district has published none: 小企业会计准则, 附录 会计科目.
const USUAL: &[(&str, &str, &str)] = &[
    ("stock", "1405", "库存商品"),
    ("payable", "2202", "应付账款"),
    ("float", "1221", "其他应收款-备用金"),
    ("purchase_difference", "1405.99", "库存商品-收购差额"),
    ("price_estimate", "2202.99", "应付账款-暂估"),
    ("bank", "1002", "银行存款"),
    ("bank_in_transit", "1012", "其他货币资金-在途"),
    ("shortage_pending", "1901", "待处理财产损溢"),
    ("input_sales", "5051", "其他业务收入-农资"),
    ("supplier", "2202.02", "应付账款-供货单位"),
    ("prepaid", "1123", "预付账款"),
    ("input_credit", "1122", "应收账款-农资赊销"),
    ("deposit", "1123.02", "预付账款-定金"),
    ("refund_due", "1221.02", "其他应收款-应收退款"),
    ("suspense", "1221.03", "其他应收款-多付待查"),
];

/// The accountants' code and name of an account: the district's, else the usual one.
pub fn code_of(account: &str, codes: &[AccountCode]) -> (String, String) {
    if let Some(own) = codes.iter().find(|own| own.account == account) {
        return (own.code.clone(), own.name.clone());
    }
    let usual = USUAL.iter().find(|(word, ..)| *word == account);
    usual.map_or_else(
        || (account.to_owned(), account.to_owned()),
        |(_, code, name)| ((*code).to_owned(), (*name).to_owned()),
    )
}

/// Sums these rows into vouchers, by month, entity and kind.
///
/// # Errors
/// [`UnitError::Overflow`] if a sum does not fit.
pub fn vouchers(rows: &[Posted], codes: &[AccountCode]) -> Result<Vec<Voucher>, UnitError> {
    let mut groups: BTreeMap<(Month, EntityNo, u16), Vec<&Posted>> = BTreeMap::new();
    for row in rows.iter().filter(|row| !row.postings.is_empty()) {
        groups.entry((row.month, row.entity, row.kind)).or_default().push(row);
    }
    let mut numbers: BTreeMap<(Month, EntityNo), u32> = BTreeMap::new();
    let mut made = Vec::new();
    for ((month, entity, kind), rows) in groups {
        let Some(kind) = Kind::from_number(kind) else { continue };
        let ids = rows.iter().map(|row| row.id);
        let (Some(first), Some(last)) = (ids.clone().min(), ids.max()) else { continue };
        let lines = lines(&rows, codes)?;
        if lines.is_empty() {
            continue;
        }
        let number = numbers.entry((month, entity)).or_default();
        *number = number.saturating_add(1);
        made.push(Voucher {
            month,
            entity,
            number: *number,
            kind,
            entries: u32::try_from(rows.len()).unwrap_or(u32::MAX),
            span: (first, last),
            lines,
        });
    }
    Ok(made)
}

fn lines(rows: &[&Posted], codes: &[AccountCode]) -> Result<Vec<VoucherLine>, UnitError> {
    let mut sides: BTreeMap<(bool, &'static str), Fen> = BTreeMap::new();
    let mut add = |credit: bool, account: Account, amount: Fen| -> Result<(), UnitError> {
        let sum = sides.entry((credit, account.name())).or_default();
        *sum = sum.plus(amount)?;
        Ok(())
    };
    for posting in rows.iter().flat_map(|row| &row.postings) {
        add(false, posting.debit, posting.amount)?;
        add(true, posting.credit, posting.amount)?;
    }
    let lines = sides.into_iter().filter(|(_, sum)| *sum != Fen::ZERO);
    Ok(lines
        .map(|((credit, account), sum)| {
            let (code, name) = code_of(account, codes);
            let (debit, credit) = if credit { (Fen::ZERO, sum) } else { (sum, Fen::ZERO) };
            VoucherLine { account, code, name, debit, credit }
        })
        .collect())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::{DeviceNo, EntryHash, GrowerId, VillageNo};
    use crate::ledger::account::Posting;

    fn row(kind: Kind, sequence: u32, amount: i64) -> Posted {
        let entity = EntityNo::new(1);
        let grower = GrowerId::new(DeviceNo::default(), 1);
        Posted {
            id: EntryId::new(DeviceNo::default(), sequence),
            hash: EntryHash::of(b"row"),
            kind: kind.number(),
            grower: Some(grower),
            entity,
            village: Some(VillageNo::new(1)),
            date: "2020-07-01".parse().unwrap(),
            month: "2020-07".parse().unwrap(),
            postings: vec![Posting {
                debit: Account::Stock { entity },
                credit: Account::Payable { entity, grower },
                amount: Fen::new(amount),
            }],
        }
    }

    #[test]
    fn a_voucher_sums_one_kind_of_business_and_balances() {
        let rows = [row(Kind::Slip, 1, 300), row(Kind::Slip, 2, 200), row(Kind::Void, 3, -200)];
        let code =
            AccountCode {
                account: "payable".into(), code: "2202.01".into(), name: "农户".into()
            };
        let made = vouchers(&rows, &[code]).unwrap();
        assert_eq!(
            made.iter().map(|v| (v.number, v.kind)).collect::<Vec<_>>(),
            [(1, Kind::Slip), (2, Kind::Void)]
        );
        let first = &made[0];
        assert_eq!((first.entries, first.lines.len()), (2, 2));
        assert_eq!((first.lines[0].code.as_str(), first.lines[0].debit.get()), ("1405", 500));
        assert_eq!((first.lines[1].code.as_str(), first.lines[1].credit.get()), ("2202.01", 500));
        // In red, on the same side.
        assert_eq!((made[1].lines[0].debit.get(), made[1].lines[1].credit.get()), (-200, -200));
        for voucher in &made {
            let debits: i64 = voucher.lines.iter().map(|l| l.debit.get()).sum();
            let credits: i64 = voucher.lines.iter().map(|l| l.credit.get()).sum();
            assert_eq!(debits, credits);
        }
    }

    #[test]
    fn every_account_has_a_usual_code() {
        for account in Account::NAMES {
            assert_ne!(code_of(account, &[]).0, *account);
        }
    }
}
