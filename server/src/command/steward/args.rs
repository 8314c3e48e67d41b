//! The words of `courtyard steward`: parsed here into types that cannot be wrong.

use std::path::PathBuf;

use clap::{Args, Subcommand};
use courtyard_core::domain::slip::{Deduction, Weighing};
use courtyard_core::domain::{
    Area, BasisPoints, BusinessDate, ContractId, EntryId, Fen, Grade, Grams, GrowerId, LiPerKg,
    Month,
};

use super::corrections::{DetailArgs, ReturnArgs, VoidArgs};
use super::debts::{ConfirmArgs, CreditArgs, MoneyArgs, ReceiptArgs, TypedRepayment};
use super::operator::OperatorDeed;
use super::people::{GrowerDeed, PersonDeed, SettleDeed};

/// A complete client on the phone's own core: for a collection point with a PC, and for scripts.
#[derive(Debug, Args)]
pub struct StewardArgs {
    /// The folder that holds this steward's ledger.
    #[arg(long, value_name = "DIR")]
    pub data: PathBuf,
    /// One JSON value on standard output.
    #[arg(long, global = true)]
    pub json: bool,
    /// What to do.
    #[command(subcommand)]
    pub deed: Deed,
}

/// What a steward does.
#[derive(Debug, Subcommand)]
pub enum Deed {
    /// Enrol this steward with an invitation from the district office.
    Enrol {
        /// The invitation as the office printed it.
        #[arg(long)]
        invitation: String,
    },
    /// Take a new key and number with a new invitation, because this phone was copied or put back
    /// from a backup; what the office does not have is issued again.
    Renew {
        /// The new invitation as the office printed it.
        #[arg(long)]
        invitation: String,
    },
    /// Growers of the village.
    #[command(subcommand)]
    Grower(GrowerDeed),
    /// The other persons of a household: who delivers, who receives the money.
    #[command(subcommand)]
    Person(PersonDeed),
    /// Helpers who share this phone, each with a PIN.
    #[command(subcommand)]
    Operator(OperatorDeed),
    /// Collection points of the village.
    Points,
    /// Kinds of crates with their tare.
    Crates,
    /// Register fields that two people wrote at once; `settle` decides one.
    Conflicts {
        #[command(subcommand)]
        settle: Option<SettleDeed>,
    },
    /// Courtyard contracts.
    #[command(subcommand)]
    Contract(ContractDeed),
    /// Buy: one slip of one line.
    Buy(BuyArgs),
    /// Buy: one slip of several lines, as JSON.
    Slip(SlipArgs),
    /// The slip that is open at the scale: kept until it is finished or given up.
    #[command(subcommand)]
    Open(OpenDeed),
    /// Weighings that a file offered.
    #[command(subcommand)]
    Weighings(super::weighings::WeighingsDeed),
    /// Pay a grower in cash.
    Pay {
        /// The grower.
        #[arg(long)]
        grower: GrowerId,
        /// The cash handed over, in yuan; all that is unpaid, rounded as the district says, if not
        /// given.
        #[arg(long)]
        amount: Option<Fen>,
        /// A slip that it pays; repeated for several. Without any, the oldest unpaid first.
        #[arg(long)]
        slip: Vec<EntryId>,
        /// Keep back for this debt, such as A7K-000127=50; without an amount as much as was agreed.
        #[arg(long)]
        repay: Vec<TypedRepayment>,
        /// Who of the household gets it; 0 is the head.
        #[arg(long, default_value = "0")]
        payee: u16,
        /// Who took it on the payee's behalf.
        #[arg(long)]
        proxy: Option<u16>,
        /// The business date; today in Asia/Shanghai if not given.
        #[arg(long)]
        date: Option<BusinessDate>,
    },
    /// The cash in hand (备用金): show, hand over, accept, count.
    #[command(subcommand)]
    Float(super::float::FloatDeed),
    /// Pay money ahead for produce (预付货款).
    Advance(MoneyArgs),
    /// Give inputs on credit (农资赊销).
    Credit(CreditArgs),
    /// Pay a deposit on a contract (定金), at most a fifth of it.
    Deposit(MoneyArgs),
    /// Write a grower's yes or no to a debt or a payout.
    Confirm(ConfirmArgs),
    /// Take money that a grower gives back on a debt.
    Receipt(ReceiptArgs),
    /// What growers owe.
    Debts {
        /// Only this grower.
        #[arg(long)]
        grower: Option<GrowerId>,
        /// Repaid, held and voided ones, too.
        #[arg(long)]
        all: bool,
    },
    /// Take a slip back.
    Void(VoidArgs),
    /// Take note of produce that comes back (退货).
    Return(ReturnArgs),
    /// One entry with everything that belongs to it.
    Show {
        /// Its number, such as A7K-000127.
        entry: EntryId,
    },
    /// What proves an own slip to anybody who holds the district's root key: its QR.
    Qr(QrArgs),
    /// The newest slips.
    List {
        /// Only this day.
        #[arg(long)]
        date: Option<BusinessDate>,
        /// Only this grower.
        #[arg(long)]
        grower: Option<GrowerId>,
        /// How many at the most.
        #[arg(long, default_value_t = 50)]
        limit: u32,
    },
    /// Growers' income by month of delivery.
    Income {
        /// The month, such as 2026-07.
        #[arg(long)]
        month: Month,
        /// Only this grower.
        #[arg(long)]
        grower: Option<GrowerId>,
    },
    /// Find growers and products by name, pinyin, initials, number or the end of a phone number.
    Search {
        /// What to look for.
        text: String,
    },
    /// What waits for an answer: questions of the office, objections, reviews.
    Questions,
    /// Answer a question, an objection or a review.
    Answer(super::words::AnswerArgs),
    /// Write down a grower's objection to an entry.
    Object(super::words::ObjectArgs),
    /// Exchange with the office what is new.
    Sync,
    /// What waits, what was set aside, when it last synced.
    Status,
    /// Write a note.
    Note {
        /// The words.
        text: String,
        /// The entry that it is about.
        #[arg(long)]
        about: Option<EntryId>,
    },
    /// Drop every table that can be computed, and compute it again.
    Rebuild,
}

/// About contracts.
#[derive(Debug, Subcommand)]
pub enum ContractDeed {
    /// Sign a courtyard contract.
    Sign {
        /// The grower.
        #[arg(long)]
        grower: GrowerId,
        /// The product: its number, code or name.
        #[arg(long)]
        product: String,
        /// The land, such as 0.3mu or 3分.
        #[arg(long)]
        area: Area,
        /// The expected quantity, such as 400jin.
        #[arg(long)]
        quantity: Grams,
        /// The floor price, such as 2.50/jin.
        #[arg(long)]
        floor: LiPerKg,
        /// The first day of delivery.
        #[arg(long)]
        from: BusinessDate,
        /// The last day of delivery.
        #[arg(long)]
        to: BusinessDate,
        /// How far beyond the quantity the contract's price still holds, such as 10%.
        #[arg(long)]
        tolerance: Option<BasisPoints>,
        /// Beyond that, the contract's price holds for all of it (else the list price).
        #[arg(long)]
        all_at_contract_price: bool,
    },
    /// The contracts of a grower, with what was delivered.
    List {
        /// The grower.
        #[arg(long)]
        grower: Option<GrowerId>,
    },
}

/// About the slip that is open at the scale.
#[derive(Debug, Subcommand)]
pub enum OpenDeed {
    /// Keep what is filled in so far; it replaces what was kept.
    Keep(SlipArgs),
    /// Save it as a slip.
    Finish,
    /// Give it up.
    Discard,
}

/// How a slip's QR is given.
#[derive(Debug, Args)]
pub struct QrArgs {
    /// The slip's number, such as A7K-000127.
    pub entry: EntryId,
    /// Write it as a picture.
    #[arg(long, value_name = "FILE", conflicts_with_all = ["svg", "text"])]
    pub png: Option<PathBuf>,
    /// Only the QR as an SVG document.
    #[arg(long, conflicts_with = "text")]
    pub svg: bool,
    /// Only the text that the QR holds.
    #[arg(long)]
    pub text: bool,
}

/// One line bought.
#[derive(Debug, Args)]
pub struct BuyArgs {
    /// The grower.
    #[arg(long)]
    pub grower: GrowerId,
    /// The product: its number, code or name.
    #[arg(long)]
    pub product: String,
    /// The grade.
    #[arg(long, default_value = "A")]
    pub grade: Grade,
    /// Gross and tare, such as 12.852-1.5 (kg) or 25jin-3jin; repeated for several weighings.
    #[arg(long, required = true)]
    pub weigh: Vec<Weighing>,
    /// Taken off, such as 0.3 (kg) or 2%:water; repeated for several.
    #[arg(long)]
    pub deduct: Vec<Deduction>,
    /// A price agreed at the scale, such as 3.19/kg or 1.60/jin; otherwise the list and the floor.
    #[arg(long)]
    pub price: Option<LiPerKg>,
    /// The price is agreed to be fixed later (定价后结).
    #[arg(long)]
    pub pending: bool,
    /// The contract that it is delivered on; otherwise the grower's contract for the product.
    #[arg(long)]
    pub contract: Option<ContractId>,
    /// The business date; today in Asia/Shanghai if not given.
    #[arg(long)]
    pub date: Option<BusinessDate>,
    #[command(flatten)]
    pub details: DetailArgs,
}

/// Several lines bought in one visit.
#[derive(Debug, Args)]
pub struct SlipArgs {
    /// The grower.
    #[arg(long)]
    pub grower: GrowerId,
    /// The lines: `[{"product":"菠菜","grade":"A","weigh":["12.852-1.5"],"deduct":["2%:water"],"price":"3.19/kg"}]`; `"pending":true`
    /// if its price is agreed to be fixed later.
    #[arg(long)]
    pub lines: String,
    /// The business date; today in Asia/Shanghai if not given.
    #[arg(long)]
    pub date: Option<BusinessDate>,
    #[command(flatten)]
    pub details: DetailArgs,
}
