//! Accounts and postings. A posting names both of its sides, so debits equal credits by
//! construction; a void is a negative amount on the same side (红冲), never a swap of sides.

use std::fmt;

use minicbor::{Decode, Encode};

use crate::domain::{EntityNo, Fen, GrowerId, Holder, UnitError};

/// Declares the accounts by their owner: the entity alone, a grower, or the holder of cash. The
/// number stands in database keys and never changes.
macro_rules! accounts {
    (
        entity { $($(#[$e_doc:meta])* $entity:ident = $e_number:literal, $e_name:literal;)* }
        grower { $($(#[$g_doc:meta])* $grower:ident = $g_number:literal, $g_name:literal;)* }
        holder { $($(#[$h_doc:meta])* $holder:ident = $h_number:literal, $h_name:literal;)* }
    ) => {
        /// An account of the ledger. Every account belongs to one entity; nothing is netted between
        /// them.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Encode, Decode)]
        pub enum Account {
            $($(#[$e_doc])* #[n($e_number)] $entity {
                /// On whose account.
                #[n(0)]
                entity: EntityNo,
            },)*
            $($(#[$g_doc])* #[n($g_number)] $grower {
                /// On whose account.
                #[n(0)]
                entity: EntityNo,
                /// Whose household.
                #[n(1)]
                grower: GrowerId,
            },)*
            $($(#[$h_doc])* #[n($h_number)] $holder {
                /// On whose account.
                #[n(0)]
                entity: EntityNo,
                /// In whose hands.
                #[n(1)]
                holder: Holder,
            },)*
        }

        impl Account {
            /// The word of every account, in the order of their numbers within each owner.
            pub const NAMES: &[&str] = &[$($e_name,)* $($g_name,)* $($h_name,)*];

            /// The entity that it belongs to.
            pub const fn entity(self) -> EntityNo {
                match self {
                    $(Account::$entity { entity } => entity,)*
                    $(Account::$grower { entity, .. } => entity,)*
                    $(Account::$holder { entity, .. } => entity,)*
                }
            }

            /// The grower that it belongs to, if to one.
            pub const fn grower(self) -> Option<GrowerId> {
                match self {
                    $(Account::$entity { .. } => None,)*
                    $(Account::$grower { grower, .. } => Some(grower),)*
                    $(Account::$holder { .. } => None,)*
                }
            }

            /// In whose hands it is, if it is cash.
            pub const fn holder(self) -> Option<Holder> {
                match self {
                    $(Account::$entity { .. } => None,)*
                    $(Account::$grower { .. } => None,)*
                    $(Account::$holder { holder, .. } => Some(holder),)*
                }
            }

            /// The word in tables and reports.
            pub const fn name(self) -> &'static str {
                match self {
                    $(Account::$entity { .. } => $e_name,)*
                    $(Account::$grower { .. } => $g_name,)*
                    $(Account::$holder { .. } => $h_name,)*
                }
            }

            /// Three integers for a database key: the account's number, its entity and its owner (a
            /// grower's or a holder's key, else 0).
            pub fn key(self) -> (u8, u16, i64) {
                match self {
                    $(Account::$entity { entity } => ($e_number, entity.get(), 0),)*
                    $(Account::$grower { entity, grower } => ($g_number, entity.get(), grower.key()),)*
                    $(Account::$holder { entity, holder } => ($h_number, entity.get(), holder.key()),)*
                }
            }

            /// The account behind an [`Account::key`], or `None` if it is none.
            pub fn from_key((number, entity, owner): (u8, u16, i64)) -> Option<Self> {
                let entity = EntityNo::new(entity);
                match (number, owner) {
                    $(($e_number, 0) => Some(Account::$entity { entity }),)*
                    $(($g_number, owner) => {
                        Some(Account::$grower { entity, grower: GrowerId::from_key(owner)? })
                    })*
                    $(($h_number, owner) => {
                        Some(Account::$holder { entity, holder: Holder::from_key(owner)? })
                    })*
                    _ => None,
                }
            }
        }
    };
}

accounts! {
    entity {
        /// What was bought, at its slip amounts (库存商品).
        Stock = 0, "stock";
        /// What rounding payouts in the growers' favour costs (抹零); part of the purchase cost.
        PurchaseDifference = 3, "purchase_difference";
        /// What was bought at a price that is not fixed yet, as estimated (暂估应付).
        PriceEstimate = 4, "price_estimate";
        /// The entity's bank account (银行存款).
        Bank = 5, "bank";
        /// Given to the bank in a file, with no result yet (在途).
        BankInTransit = 6, "bank_in_transit";
        /// Approved differences of counts (待处理财产损溢).
        ShortagePending = 7, "shortage_pending";
        /// Own inputs sold on credit.
        InputSales = 8, "input_sales";
        /// What is owed to suppliers for inputs sold on credit in their name.
        Supplier = 9, "supplier";
    }
    grower {
        /// What the entity owes a grower (应付).
        Payable = 1, "payable";
        /// Money paid ahead for produce (预付货款).
        Prepaid = 10, "prepaid";
        /// Inputs taken on credit (农资赊销).
        InputCredit = 11, "input_credit";
        /// What secures a contract (定金).
        Deposit = 12, "deposit";
        /// What a grower has to give back (应收退款).
        RefundDue = 13, "refund_due";
    }
    holder {
        /// The cash with which a steward pays (备用金); below zero the entity owes the steward (垫付).
        Float = 2, "float";
        /// Cash paid beyond what was unpaid, until the grower confirms or the payout is voided.
        Suspense = 14, "suspense";
    }
}

impl fmt::Display for Account {
    /// `stock:1`, `payable:1,H-A7K-12`, `float:1,A7K`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}", self.name(), self.entity())?;
        match (self.grower(), self.holder()) {
            (Some(grower), _) => write!(f, ",{grower}"),
            (None, Some(holder)) => write!(f, ",{holder}"),
            (None, None) => Ok(()),
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
    use crate::domain::DeviceNo;

    #[test]
    fn an_account_reads_back_from_its_key() {
        let entity = EntityNo::new(7);
        let device = DeviceNo::new(300).unwrap();
        let grower = GrowerId::new(device, 12);
        let all = (0..=u8::MAX).filter_map(|number| {
            [0, grower.key(), Holder::Phone(device).key()]
                .into_iter()
                .find_map(|owner| Account::from_key((number, entity.get(), owner)))
        });
        let all: Vec<Account> = all.collect();
        assert_eq!(all.len(), Account::NAMES.len());
        for account in all {
            assert_eq!(Account::from_key(account.key()), Some(account));
            assert_eq!(account.entity(), entity);
        }
        assert_eq!(Account::from_key((99, 0, 0)), None);
        assert_eq!(Account::from_key((0, 0, 1)), None);
        assert_eq!(Account::from_key((2, 0, 40_000)), None);
    }

    #[test]
    fn an_account_is_shown_with_its_owner() {
        let entity = EntityNo::new(1);
        let device: DeviceNo = "A7K".parse().unwrap();
        let grower = GrowerId::new(device, 12);
        let shown = |account: Account| account.to_string();
        assert_eq!(shown(Account::Stock { entity }), "stock:1");
        assert_eq!(shown(Account::Payable { entity, grower }), "payable:1,H-A7K-12");
        assert_eq!(shown(Account::Float { entity, holder: Holder::Phone(device) }), "float:1,A7K");
    }
}
