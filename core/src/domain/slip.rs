//! A slip (收购单): one grower, one visit; a line per product and grade, with its weighings,
//! deductions and one or two price segments. The amounts stand on it as printed; the ledger
//! computes them again and holds a slip that disagrees with itself.

use minicbor::{Decode, Encode};

use super::ids::{ContractId, GrowerId, PersonNo, ProductNo};
use super::units::{BasisPoints, ExactAmount, Fen, Grade, Grams, LiPerKg, UnitError};

pub(crate) mod check;
mod text;

/// A purchase slip.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
#[cbor(array)]
pub struct Slip {
    /// Whose account it is bought from.
    #[n(0)]
    pub grower: GrowerId,
    /// At least one line.
    #[n(1)]
    pub lines: Vec<Line>,
    /// The price list version on the phone when it was priced.
    #[n(2)]
    pub price_list: Option<u32>,
    /// What else belongs to the visit.
    #[cbor(n(3), skip_if = "is_default")]
    pub visit: Visit,
}

/// What belongs to a visit beside its lines; mostly nothing, and then it takes no room.
#[derive(Debug, Clone, PartialEq, Eq, Default, Encode, Decode)]
#[cbor(array)]
pub struct Visit {
    /// Who sells (出售人): on whose name an invoice is made.
    #[cbor(n(0), skip_if = "is_default")]
    pub seller: PersonNo,
    /// Who brought it (交售人).
    #[cbor(n(1), skip_if = "is_default")]
    pub deliverer: PersonNo,
    /// The number of the grower's certificate of this delivery, kept as 农产品质量安全法 38–39 asks
    /// (承诺达标合格证).
    #[n(2)]
    pub certificate: Option<String>,
    /// What was refused at inspection (拒收).
    #[cbor(n(3), skip_if = "Vec::is_empty")]
    pub refused: Vec<Refused>,
    /// Where the slip comes from.
    #[cbor(n(4), skip_if = "is_default")]
    pub source: Source,
}

/// Produce that inspection refused (拒收).
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
#[cbor(array)]
pub struct Refused {
    /// What it was.
    #[n(0)]
    pub product: ProductNo,
    /// About how much, if it was weighed.
    #[n(1)]
    pub weight: Option<Grams>,
    /// Why.
    #[n(2)]
    pub reason: String,
}

/// Where a slip comes from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default, Encode, Decode)]
#[cbor(index_only)]
pub enum Source {
    /// Made at the scale.
    #[default]
    #[n(0)]
    Scale,
    /// Entered from a paper slip of a day without a phone (手工补录).
    #[n(1)]
    Paper,
}

fn is_default<T: Default + PartialEq>(value: &T) -> bool {
    *value == T::default()
}

/// One product and grade of a slip (明细).
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
#[cbor(array)]
pub struct Line {
    /// What was bought.
    #[n(0)]
    pub product: ProductNo,
    /// The grade it was accepted with.
    #[n(1)]
    pub grade: Grade,
    /// At least one weighing.
    #[n(2)]
    pub weighings: Vec<Weighing>,
    /// What was taken off the net weight (扣杂, 扣水).
    #[n(3)]
    pub deductions: Vec<Deduction>,
    /// One or two price segments; their grams add up to the settlement weight.
    #[n(4)]
    pub segments: Vec<Segment>,
    /// The amount as printed, in fen.
    #[n(5)]
    pub amount: Fen,
    /// The contract that it is delivered on.
    #[n(6)]
    pub contract: Option<ContractId>,
    /// What else is to be known of the line.
    #[cbor(n(7), skip_if = "is_default")]
    pub marks: LineMarks,
}

/// What else is to be known of a line; mostly nothing, and then it takes no room.
#[derive(Debug, Clone, PartialEq, Eq, Default, Encode, Decode)]
#[cbor(array)]
pub struct LineMarks {
    /// Nothing may be withheld from what is paid for it: a grain or oil crop in the catalogue on the
    /// phone (粮食流通管理条例).
    #[cbor(n(0), skip_if = "is_default")]
    pub unwithheld: bool,
    /// Weighings that were replaced before the save; they stay visible.
    #[cbor(n(1), skip_if = "Vec::is_empty")]
    pub replaced: Vec<Weighing>,
}

/// One load on the scale (过秤).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Encode, Decode)]
#[cbor(array)]
pub struct Weighing {
    /// 毛重.
    #[n(0)]
    pub gross: Grams,
    /// 皮重.
    #[n(1)]
    pub tare: Grams,
}

/// What is taken off a line's net weight, and why.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
#[cbor(array)]
pub struct Deduction {
    /// How much.
    #[n(0)]
    pub amount: DeductionAmount,
    /// The reason as the district's list names it: water, soil, leaves.
    #[n(1)]
    pub reason: String,
}

/// A deduction in grams, or as a share of the line's net weight.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Encode, Decode)]
pub enum DeductionAmount {
    /// So many grams.
    #[n(0)]
    Weight(#[n(0)] Grams),
    /// A share of the net, rounded half up to a gram.
    #[n(1)]
    Share(#[n(0)] BasisPoints),
}

/// So many grams of a line at one price (价段).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Encode, Decode)]
#[cbor(array)]
pub struct Segment {
    /// Settlement weight of the segment.
    #[n(0)]
    pub weight: Grams,
    /// The price as printed.
    #[n(1)]
    pub price: LiPerKg,
    /// Where the price comes from.
    #[n(2)]
    pub reason: PriceReason,
}

/// Where a segment's price comes from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Encode, Decode)]
#[cbor(index_only)]
pub enum PriceReason {
    /// The list on the phone.
    #[n(0)]
    List,
    /// The contract's floor, higher than the list (保底价).
    #[n(1)]
    Floor,
    /// Beyond the contract's quantity and tolerance, at the list price.
    #[n(2)]
    Excess,
    /// Typed at the scale by the steward.
    #[n(3)]
    Stated,
    /// Not fixed yet (待定价): the price is an estimate, and nothing is payable of it.
    #[n(4)]
    Pending,
}

impl Segment {
    /// Whether its price is only an estimate.
    pub fn is_pending(&self) -> bool {
        self.reason == PriceReason::Pending
    }
}

/// What these segments come to: added exactly and rounded half up once.
///
/// # Errors
/// [`UnitError::Overflow`] if it does not fit.
pub fn amount_of(segments: &[Segment]) -> Result<Fen, UnitError> {
    segments
        .iter()
        .try_fold(ExactAmount::default(), |sum, s| sum.plus(ExactAmount::of(s.weight, s.price)))?
        .to_fen()
}

impl Line {
    /// Gross weight of all weighings.
    ///
    /// # Errors
    /// [`UnitError::Overflow`] if it does not fit.
    pub fn gross(&self) -> Result<Grams, UnitError> {
        Grams::sum(self.weighings.iter().map(|w| w.gross))
    }

    /// Net weight of all weighings (净重).
    ///
    /// # Errors
    /// [`UnitError::Overflow`] if it does not fit.
    pub fn net(&self) -> Result<Grams, UnitError> {
        self.weighings.iter().try_fold(Grams::ZERO, |sum, w| sum.plus(w.net()?))
    }

    /// Everything taken off, in grams (扣重).
    ///
    /// # Errors
    /// [`UnitError::Overflow`] if it does not fit.
    pub fn deducted(&self) -> Result<Grams, UnitError> {
        let net = self.net()?;
        self.deductions.iter().try_fold(Grams::ZERO, |sum, d| sum.plus(d.grams_of(net)?))
    }

    /// Net less deductions (结算重量).
    ///
    /// # Errors
    /// [`UnitError::Overflow`] if it does not fit.
    pub fn settlement(&self) -> Result<Grams, UnitError> {
        self.net()?.minus(self.deducted()?)
    }

    /// The segments' amounts, added exactly and rounded half up once.
    ///
    /// # Errors
    /// [`UnitError::Overflow`] if it does not fit.
    pub fn computed_amount(&self) -> Result<Fen, UnitError> {
        amount_of(&self.segments)
    }

    /// Whether its price is not fixed yet (待定价): its amount is an estimate.
    pub fn is_pending(&self) -> bool {
        self.segments.iter().any(Segment::is_pending)
    }
}

impl Weighing {
    /// Gross less tare.
    ///
    /// # Errors
    /// [`UnitError::Overflow`] if it does not fit.
    pub fn net(self) -> Result<Grams, UnitError> {
        self.gross.minus(self.tare)
    }
}

impl Deduction {
    /// What it takes off this net weight, in grams.
    ///
    /// # Errors
    /// [`UnitError::Overflow`] if it does not fit.
    pub fn grams_of(&self, net: Grams) -> Result<Grams, UnitError> {
        match self.amount {
            DeductionAmount::Weight(weight) => Ok(weight),
            DeductionAmount::Share(share) => net.share(share),
        }
    }
}

impl Slip {
    /// Net weight of all lines.
    ///
    /// # Errors
    /// [`UnitError::Overflow`] if it does not fit.
    pub fn net(&self) -> Result<Grams, UnitError> {
        self.lines.iter().try_fold(Grams::ZERO, |sum, line| sum.plus(line.net()?))
    }

    /// What is owed for it: the sum of its lines as printed, in fen, never rounded further. Lines at
    /// a pending price are not owed yet.
    ///
    /// # Errors
    /// [`UnitError::Overflow`] if it does not fit.
    pub fn amount(&self) -> Result<Fen, UnitError> {
        Fen::sum(self.lines.iter().filter(|line| !line.is_pending()).map(|line| line.amount))
    }

    /// What its lines at a pending price are estimated at, in fen.
    ///
    /// # Errors
    /// [`UnitError::Overflow`] if it does not fit.
    pub fn estimate(&self) -> Result<Fen, UnitError> {
        Fen::sum(self.lines.iter().filter(|line| line.is_pending()).map(|line| line.amount))
    }
}
