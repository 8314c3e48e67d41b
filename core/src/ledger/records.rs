//! What the fold makes of the entries: plain records of slips, contracts, payouts and balances.

use minicbor::{Decode, Encode};

use crate::domain::contract::ContractVersion;
use crate::domain::payout::{Allocation, Recipient};
use crate::domain::slip::Segment;
use crate::domain::{
    BusinessDate, Clock, ContractId, EntityNo, EntryHash, EntryId, Fen, Grade, Grams, GrowerId,
    OperatorNo, ProductNo, VillageNo,
};

use super::account::Account;
use super::changes::SlipChanges;
use super::partition::Partition;
use super::payout::PayoutEffect;

/// How a slip, payout or contract version stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Encode, Decode)]
pub enum State {
    /// It counts.
    #[n(0)]
    Counted,
    /// It is held; the reasons stand with its outcome. So they do when it is refused.
    #[n(1)]
    Held,
    /// It counted and was taken back.
    #[n(2)]
    Voided {
        /// The void.
        #[n(0)]
        by: EntryId,
    },
    /// It was held, and the district decided that it does not count.
    #[n(3)]
    Refused,
}

impl State {
    /// Whether it counts, or did before it was taken back.
    pub const fn ever_counted(self) -> bool {
        matches!(self, State::Counted | State::Voided { .. })
    }

    /// Whether it counts and was not taken back.
    pub const fn stands(self) -> bool {
        matches!(self, State::Counted)
    }
}

/// A slip as the ledger sees it; a held one is recorded too.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
#[cbor(array)]
pub struct SlipRecord {
    /// Its number.
    #[n(0)]
    pub id: EntryId,
    /// The hash of its bytes.
    #[n(1)]
    pub hash: EntryHash,
    /// Whose produce.
    #[n(2)]
    pub grower: GrowerId,
    /// Who bought.
    #[n(3)]
    pub entity: EntityNo,
    /// The village that the device serves.
    #[n(4)]
    pub village: Option<VillageNo>,
    /// The business date as printed.
    #[n(5)]
    pub date: BusinessDate,
    /// What the clocks said.
    #[n(6)]
    pub clock: Clock,
    /// Who worked at the device.
    #[n(7)]
    pub operator: OperatorNo,
    /// The price list version on the phone.
    #[n(8)]
    pub price_list: Option<u32>,
    /// Its lines, as printed.
    #[n(9)]
    pub lines: Vec<LineRecord>,
    /// Net weight of all lines.
    #[n(10)]
    pub net: Grams,
    /// Settlement weight of all lines.
    #[n(11)]
    pub settlement: Grams,
    /// The amount as printed.
    #[n(12)]
    pub amount: Fen,
    /// What counted payouts paid of it.
    #[n(13)]
    pub paid: Fen,
    /// What is still owed: nothing while it is held, nothing once it is voided.
    #[n(14)]
    pub remaining: Fen,
    /// How it stands.
    #[n(15)]
    pub state: State,
    /// What of the unpaid the office reserved for the bank; cash may not pay it.
    #[n(16)]
    pub reserved: Fen,
    /// What its lines with a pending price come to by their printed estimate (待定价, 暂估), fixed
    /// since or not.
    #[n(17)]
    pub estimate: Fen,
    /// What later entries changed of it.
    #[n(18)]
    pub changes: SlipChanges,
}

/// A line of a slip, its weights computed.
///
/// A weight that cannot be computed stands as 0; the slip is then held for it.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
#[cbor(array)]
pub struct LineRecord {
    /// What was bought.
    #[n(0)]
    pub product: ProductNo,
    /// In which grade.
    #[n(1)]
    pub grade: Grade,
    /// The contract that it is delivered on.
    #[n(2)]
    pub contract: Option<ContractId>,
    /// Gross weight of its weighings.
    #[n(3)]
    pub gross: Grams,
    /// Net weight of its weighings.
    #[n(4)]
    pub net: Grams,
    /// Net less deductions.
    #[n(5)]
    pub settlement: Grams,
    /// The prices as printed.
    #[n(6)]
    pub segments: Vec<Segment>,
    /// The amount as printed.
    #[n(7)]
    pub amount: Fen,
    /// Whether nothing may be kept back from what is paid for it (粮食, 油料).
    #[n(8)]
    pub unwithheld: bool,
}

/// A courtyard contract: all its versions, and what was delivered on it.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
#[cbor(array)]
pub struct ContractRecord {
    /// Whose courtyard.
    #[n(0)]
    pub grower: GrowerId,
    /// Its number.
    #[n(1)]
    pub contract: ContractId,
    /// Every version that arrived, held and voided ones too, in the order of the ledger. Empty for
    /// a contract that a slip names and that nobody has signed yet.
    #[n(2)]
    pub versions: Vec<VersionRecord>,
    /// What counted lines delivered on it, less voids, by product.
    #[n(3)]
    pub deliveries: Vec<Delivery>,
    /// What deposits (定金) on it come to.
    #[n(4)]
    pub deposits: Fen,
}

/// One version of a contract as the ledger sees it.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
#[cbor(array)]
pub struct VersionRecord {
    /// Its entry.
    #[n(0)]
    pub id: EntryId,
    /// The hash of its bytes.
    #[n(1)]
    pub hash: EntryHash,
    /// Which entity signed it.
    #[n(2)]
    pub entity: EntityNo,
    /// The day it was signed.
    #[n(3)]
    pub date: BusinessDate,
    /// What was agreed.
    #[n(4)]
    pub terms: ContractVersion,
    /// How it stands.
    #[n(5)]
    pub state: State,
}

/// Settlement weight of one product, delivered on a contract.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Encode, Decode)]
#[cbor(array)]
pub struct Delivery {
    /// The product.
    #[n(0)]
    pub product: ProductNo,
    /// Settlement weight of every grade, less voids.
    #[n(1)]
    pub weight: Grams,
}

impl ContractRecord {
    /// A contract of which nothing is known yet.
    pub const fn new(grower: GrowerId, contract: ContractId) -> Self {
        ContractRecord {
            grower,
            contract,
            versions: Vec::new(),
            deliveries: Vec::new(),
            deposits: Fen::ZERO,
        }
    }

    /// The version in force: the last that counts and was not voided.
    pub fn in_force(&self) -> Option<&VersionRecord> {
        self.versions.iter().rev().find(|v| v.state.stands())
    }

    /// The terms in force.
    pub fn terms(&self) -> Option<&ContractVersion> {
        self.in_force().map(|v| &v.terms)
    }

    /// What was delivered of the contract's product, in settlement weight of every grade.
    pub fn delivered(&self) -> Grams {
        self.terms().map_or(Grams::ZERO, |terms| self.delivered_of(terms.product))
    }

    /// What was delivered on it of this product.
    pub fn delivered_of(&self, product: ProductNo) -> Grams {
        self.deliveries.iter().find(|d| d.product == product).map_or(Grams::ZERO, |d| d.weight)
    }
}

/// A payout as the ledger sees it; a held one is recorded too.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
#[cbor(array)]
pub struct PayoutRecord {
    /// Its number.
    #[n(0)]
    pub id: EntryId,
    /// The hash of its bytes.
    #[n(1)]
    pub hash: EntryHash,
    /// Who was paid.
    #[n(2)]
    pub grower: GrowerId,
    /// Who paid.
    #[n(3)]
    pub entity: EntityNo,
    /// The village that the device serves.
    #[n(4)]
    pub village: Option<VillageNo>,
    /// The business date as printed.
    #[n(5)]
    pub date: BusinessDate,
    /// Who worked at the device.
    #[n(6)]
    pub operator: OperatorNo,
    /// The cash that left the float.
    #[n(7)]
    pub cash: Fen,
    /// What rounding added for the grower.
    #[n(8)]
    pub rounding: Fen,
    /// What it was to pay, as printed.
    #[n(9)]
    pub allocations: Vec<Allocation>,
    /// How it stands.
    #[n(10)]
    pub state: State,
    /// Who got the money.
    #[n(11)]
    pub recipient: Recipient,
    /// What the ledger made of it.
    #[n(12)]
    pub effect: PayoutEffect,
}

/// What the entries of one partition moved on one account.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Encode, Decode)]
#[cbor(array)]
pub struct Balance {
    /// Which; an account's balance is the sum over all partitions.
    #[n(0)]
    pub partition: Partition,
    /// The account.
    #[n(1)]
    pub account: Account,
    /// All debits; voids count negative.
    #[n(2)]
    pub debit: Fen,
    /// All credits; voids count negative.
    #[n(3)]
    pub credit: Fen,
}
