//! The open slip as a screen shows it: the draft beside what the desk says of it.

use courtyard_core::desk::{
    DraftLine, DraftWeighing, LineReview, SlipDraft, SlipReview, WeighingState as DeskState,
};
use courtyard_core::domain::slip::{Deduction as DomainDeduction, Segment as DomainSegment};
use courtyard_core::domain::{Grams, ProductNo};
use courtyard_core::steward::Steward;

use crate::error::CourtyardError;
use crate::words::{Finding, Words, findings, number};

/// The open slip as it stands.
#[derive(Debug, Clone, PartialEq, Eq, uniffi::Record)]
pub struct OpenSlip {
    /// The grower's number.
    pub grower: String,
    /// The grower's name of today.
    pub grower_name: String,
    /// Whether it is the household of who works at this phone; the slip will be marked.
    pub own_household: bool,
    /// The business date that it will show, such as `2026-07-01`.
    pub date: String,
    /// Who sells (出售人), of the household's persons; 0 is its head.
    pub seller: u16,
    /// Who brought it (交售人); 0 is the head.
    pub deliverer: u16,
    /// The number of the certificate of this delivery (承诺达标合格证); none if not given.
    pub certificate: Option<String>,
    /// Every line that was begun; removed ones stay, marked.
    pub lines: Vec<OpenLine>,
    /// Net weight of all lines.
    pub net_g: i64,
    /// Settlement weight of all lines.
    pub settlement_g: i64,
    /// What will be payable.
    pub amount_fen: i64,
    /// What the lines with a pending price are estimated at; not payable yet.
    pub estimate_fen: i64,
    /// What must be put right before it can be saved.
    pub problems: Vec<Finding>,
    /// What to look at again; never in the way of a save.
    pub warnings: Vec<Finding>,
}

/// A line of the open slip.
#[derive(Debug, Clone, PartialEq, Eq, uniffi::Record)]
pub struct OpenLine {
    /// Its number in the draft.
    pub line: u32,
    /// The product's number.
    pub product: u32,
    /// The product's name.
    pub product_name: String,
    /// The grade's letter.
    pub grade: String,
    /// Whether it was taken off the slip.
    pub removed: bool,
    /// Every weighing, in the order in which they were made.
    pub weighings: Vec<OpenWeighing>,
    /// What is taken off the net weight.
    pub deductions: Vec<Deduction>,
    /// Gross weight.
    pub gross_g: i64,
    /// Net weight.
    pub net_g: i64,
    /// What deductions take off.
    pub deducted_g: i64,
    /// Net less deductions.
    pub settlement_g: i64,
    /// The price on the list; none if the list has none.
    pub list_price_li_per_kg: Option<i64>,
    /// The price agreed at the scale, if one was typed.
    pub stated_li_per_kg: Option<i64>,
    /// Whether the price is to be fixed later (待定价).
    pub pending: bool,
    /// One or two prices with the weight that each is for.
    pub segments: Vec<Segment>,
    /// What the line comes to.
    pub amount_fen: i64,
    /// How far its contract is delivered, with this slip's lines above; none without one.
    pub contract: Option<Words>,
}

/// A weighing of the open slip.
#[derive(Debug, Clone, PartialEq, Eq, uniffi::Record)]
pub struct OpenWeighing {
    /// 毛重.
    pub gross_g: i64,
    /// 皮重.
    pub tare_g: i64,
    /// 净重; zero or less cannot be saved.
    pub net_g: i64,
    /// Whether it counts.
    pub state: WeighingState,
}

/// Whether a weighing counts. One that does not stays visible.
#[derive(Debug, Clone, Copy, PartialEq, Eq, uniffi::Enum)]
pub enum WeighingState {
    /// It counts.
    Counts,
    /// Another one of the line counts in its place.
    ReplacedBy {
        /// Which.
        weighing: u32,
    },
    /// It was taken back.
    Removed,
}

impl From<DeskState> for WeighingState {
    fn from(state: DeskState) -> WeighingState {
        match state {
            DeskState::Counts => WeighingState::Counts,
            DeskState::ReplacedBy(by) => WeighingState::ReplacedBy { weighing: number(by) },
            DeskState::Removed => WeighingState::Removed,
        }
    }
}

/// What is taken off a line's net weight.
#[derive(Debug, Clone, PartialEq, Eq, uniffi::Record)]
pub struct Deduction {
    /// How much: `2%` or `0.6 斤 (0.3 kg)`.
    pub amount: Words,
    /// Why.
    pub reason: String,
}

impl From<&DomainDeduction> for Deduction {
    fn from(deduction: &DomainDeduction) -> Deduction {
        let DomainDeduction { amount, reason } = deduction;
        Deduction { amount: Words::each(|language| amount.text(language)), reason: reason.clone() }
    }
}

/// So many grams of a line at one price.
#[derive(Debug, Clone, PartialEq, Eq, uniffi::Record)]
pub struct Segment {
    /// Settlement weight.
    pub weight_g: i64,
    /// The price.
    pub price_li_per_kg: i64,
    /// Whether it is only an estimate.
    pub pending: bool,
    /// Where the price comes from.
    pub reason: Words,
}

impl From<&DomainSegment> for Segment {
    fn from(segment: &DomainSegment) -> Segment {
        let DomainSegment { weight, price, reason } = segment;
        Segment {
            weight_g: weight.get(),
            price_li_per_kg: price.get(),
            pending: segment.is_pending(),
            reason: Words::each(|language| reason.words(language).to_owned()),
        }
    }
}

/// A weighing that was only tried.
#[derive(Debug, Clone, PartialEq, Eq, uniffi::Record)]
pub struct TriedWeighing {
    /// 净重; zero or less cannot be saved.
    pub net_g: i64,
    /// What the slip could not be saved with.
    pub problems: Vec<Finding>,
    /// What to look at again.
    pub warnings: Vec<Finding>,
}

/// A slip that was just saved.
#[derive(Debug, Clone, PartialEq, Eq, uniffi::Record)]
pub struct Bought {
    /// Its number, such as `A7K-000127`.
    pub id: String,
    /// Net weight.
    pub net_g: i64,
    /// Settlement weight.
    pub settlement_g: i64,
    /// What is payable.
    pub amount_fen: i64,
    /// What is estimated and not payable yet.
    pub estimate_fen: i64,
    /// What was to be looked at again.
    pub warnings: Vec<Finding>,
    /// Whether the phone's clock is in doubt: the date is to be confirmed.
    pub clock_in_doubt: bool,
}

fn weighing(drafted: &DraftWeighing) -> OpenWeighing {
    let DraftWeighing { weighing, state } = drafted;
    OpenWeighing {
        gross_g: weighing.gross.get(),
        tare_g: weighing.tare.get(),
        net_g: weighing.gross.minus(weighing.tare).unwrap_or_default().get(),
        state: (*state).into(),
    }
}

fn line(at: usize, drafted: &DraftLine, review: Option<&LineReview>, name: String) -> OpenLine {
    let DraftLine { product, grade, weighings, deductions, stated, pending, removed } = drafted;
    let grams = |of: fn(&LineReview) -> Grams| review.map_or(0, |line| of(line).get());
    OpenLine {
        line: number(at),
        product: product.get(),
        product_name: name,
        grade: grade.to_string(),
        removed: *removed,
        weighings: weighings.iter().map(weighing).collect(),
        deductions: deductions.iter().map(Deduction::from).collect(),
        gross_g: grams(|line| line.gross),
        net_g: grams(|line| line.net),
        deducted_g: grams(|line| line.deducted),
        settlement_g: grams(|line| line.settlement),
        list_price_li_per_kg: review.and_then(|line| line.list_price).map(|price| price.get()),
        stated_li_per_kg: stated.map(|price| price.get()),
        pending: *pending,
        segments: review
            .map_or_else(Vec::new, |line| line.segments.iter().map(Segment::from).collect()),
        amount_fen: review.map_or(0, |line| line.amount.get()),
        contract: review
            .and_then(|line| line.contract)
            .map(|progress| Words::each(|language| progress.text(language))),
    }
}

/// The draft as a screen shows it.
pub(super) fn shown(steward: &Steward, draft: &SlipDraft) -> Result<OpenSlip, CourtyardError> {
    let review: SlipReview = steward.review_slip(draft)?;
    let products = steward.store().products()?;
    let name = |number: ProductNo| {
        let found = products.iter().find(|product| product.number == number);
        found.map_or_else(|| number.to_string(), |product| product.name.clone())
    };
    let lines = draft.lines().iter().enumerate().map(|(at, drafted)| {
        let review = review.lines.iter().find(|line| line.line == at);
        line(at, drafted, review, name(drafted.product))
    });
    let visit = draft.visit();
    let row = steward.store().grower(visit.grower)?;
    Ok(OpenSlip {
        grower: visit.grower.to_string(),
        grower_name: row.map(|row| row.name).unwrap_or_default(),
        own_household: visit.own_household,
        date: visit.date.to_string(),
        seller: draft.details().seller.get(),
        deliverer: draft.details().deliverer.get(),
        certificate: draft.details().certificate.clone(),
        lines: lines.collect(),
        net_g: review.net.get(),
        settlement_g: review.settlement.get(),
        amount_fen: review.amount.get(),
        estimate_fen: review.estimate.get(),
        problems: findings(review.problems),
        warnings: findings(review.warnings),
    })
}
