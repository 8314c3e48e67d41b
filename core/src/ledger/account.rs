//! Accounts and postings. A posting names both of its sides, so debits equal credits by
//! construction; a void is a negative amount on the same side (红冲), never a swap of sides.

use std::fmt;

use minicbor::{Decode, Encode};

use crate::domain::{DeviceNo, EntityNo, Fen, GrowerId, UnitError};

/// An account of the ledger. Every account belongs to one entity; nothing is netted between them.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Encode, Decode)]
pub enum Account {
    /// What was bought, at its slip amounts.
    #[n(0)]
    Stock {
        /// On whose account.
        #[n(0)]
        entity: EntityNo,
    },
    /// What the entity owes a grower (应付).
    #[n(1)]
    Payable {
        /// Who owes.
        #[n(0)]
        entity: EntityNo,
        /// To whom.
        #[n(1)]
        grower: GrowerId,
    },
    /// The cash with which a steward pays (备用金). Until stewards are entries of their own, a
    /// steward is known by the device they work at.
    #[n(2)]
    Float {
        /// Whose cash.
        #[n(0)]
        entity: EntityNo,
        /// In whose hands.
        #[n(1)]
        device: DeviceNo,
    },
    /// What rounding payouts in the growers' favour costs (抹零); part of the purchase cost.
    #[n(3)]
    PurchaseDifference {
        /// Whose cost.
        #[n(0)]
        entity: EntityNo,
    },
}

impl Account {
    /// The entity that it belongs to.
    pub const fn entity(self) -> EntityNo {
        match self {
            Account::Stock { entity }
            | Account::Payable { entity, .. }
            | Account::Float { entity, .. }
            | Account::PurchaseDifference { entity } => entity,
        }
    }

    /// The word in tables and reports.
    pub const fn name(self) -> &'static str {
        match self {
            Account::Stock { .. } => "stock",
            Account::Payable { .. } => "payable",
            Account::Float { .. } => "float",
            Account::PurchaseDifference { .. } => "purchase_difference",
        }
    }

    /// Three integers for a database key: the account's number, its entity and its owner (a
    /// grower's or a device's key, else 0).
    pub fn key(self) -> (u8, u16, i64) {
        match self {
            Account::Stock { entity } => (0, entity.get(), 0),
            Account::Payable { entity, grower } => (1, entity.get(), grower.key()),
            Account::Float { entity, device } => (2, entity.get(), i64::from(device.get())),
            Account::PurchaseDifference { entity } => (3, entity.get(), 0),
        }
    }

    /// The account behind an [`Account::key`], or `None` if it is none.
    pub fn from_key((number, entity, owner): (u8, u16, i64)) -> Option<Self> {
        let entity = EntityNo::new(entity);
        match (number, owner) {
            (0, 0) => Some(Account::Stock { entity }),
            (1, owner) => Some(Account::Payable { entity, grower: GrowerId::from_key(owner)? }),
            (2, owner) => {
                let device = DeviceNo::new(u16::try_from(owner).ok()?)?;
                Some(Account::Float { entity, device })
            }
            (3, 0) => Some(Account::PurchaseDifference { entity }),
            _ => None,
        }
    }
}

impl fmt::Display for Account {
    /// `stock:1`, `payable:1,H-A7K-12`, `float:1,A7K`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}", self.name(), self.entity())?;
        match self {
            Account::Payable { grower, .. } => write!(f, ",{grower}"),
            Account::Float { device, .. } => write!(f, ",{device}"),
            Account::Stock { .. } | Account::PurchaseDifference { .. } => Ok(()),
        }
    }
}

/// So much from one account to another, in fen.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Encode, Decode)]
#[cbor(array)]
pub struct Posting {
    /// The account that is debited (借).
    #[n(0)]
    pub debit: Account,
    /// The account that is credited (贷).
    #[n(1)]
    pub credit: Account,
    /// How much; negative when it takes back what a voided entry posted.
    #[n(2)]
    pub amount: Fen,
}

impl Posting {
    /// The same posting with the other sign: what its void posts.
    ///
    /// # Errors
    /// [`UnitError::Overflow`] if it does not fit.
    pub fn taken_back(self) -> Result<Posting, UnitError> {
        Ok(Posting { amount: self.amount.negated()?, ..self })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_account_reads_back_from_its_key() {
        let entity = EntityNo::new(7);
        let device = DeviceNo::new(300).unwrap();
        let grower = GrowerId::new(device, 12);
        for account in [
            Account::Stock { entity },
            Account::Payable { entity, grower },
            Account::Float { entity, device },
            Account::PurchaseDifference { entity },
        ] {
            assert_eq!(Account::from_key(account.key()), Some(account));
        }
        assert_eq!(Account::from_key((9, 0, 0)), None);
        assert_eq!(Account::from_key((0, 0, 1)), None);
        assert_eq!(Account::from_key((2, 0, 40_000)), None);
    }
}
