//! A draft priced and looked at.

use std::collections::BTreeMap;

use super::super::catalogue::{Catalogue, Visit};
use super::super::message::{Finding, Message};
use super::words::Words;
use super::{DraftLine, SlipDraft, WeighingState, warnings};
use crate::domain::check::{Breaches, Check as _, Limits, Place};
use crate::domain::pricing::{self, PricingError, Terms};
use crate::domain::product::Product;
use crate::domain::rule::Rule;
use crate::domain::rules::Rules;
use crate::domain::slip::{self, Line, LineMarks, Segment, Slip, Weighing};
use crate::domain::units::text::Language;
use crate::domain::{ContractId, Fen, Grade, Grams, LiPerKg, ProductNo};
use crate::ledger::ContractRecord;

/// What a draft comes to, and what is to be said about it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SlipReview {
    /// The lines that were not removed, in order.
    pub lines: Vec<LineReview>,
    /// Net weight of all lines.
    pub net: Grams,
    /// Settlement weight of all lines.
    pub settlement: Grams,
    /// What the slip comes to, lines at a pending price left out.
    pub amount: Fen,
    /// What its lines at a pending price are estimated at.
    pub estimate: Fen,
    /// What must be put right before it can be saved, by line.
    pub problems: Vec<Finding>,
    /// What to look at again; it can be saved all the same.
    pub warnings: Vec<Finding>,
    slip: Slip,
}

impl SlipReview {
    /// The slip, ready to be saved.
    ///
    /// # Errors
    /// The problems, if there are any.
    pub fn finish(self) -> Result<Slip, Vec<Finding>> {
        if self.problems.is_empty() { Ok(self.slip) } else { Err(self.problems) }
    }
}

/// A line of a draft with its weights and prices. A weight that cannot be computed stands as 0.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LineReview {
    /// Its number in the draft.
    pub line: usize,
    /// What is bought.
    pub product: ProductNo,
    /// The product's name, or its number if the catalogue does not know it.
    pub name: String,
    /// In which grade.
    pub grade: Grade,
    /// 毛重.
    pub gross: Grams,
    /// 净重.
    pub net: Grams,
    /// 扣重.
    pub deducted: Grams,
    /// 结算重量.
    pub settlement: Grams,
    /// The price on the list, if it has one.
    pub list_price: Option<LiPerKg>,
    /// The contract that it is delivered on, and how far that is.
    pub contract: Option<ContractProgress>,
    /// The prices.
    pub segments: Vec<Segment>,
    /// What the line comes to.
    pub amount: Fen,
}

/// How far a contract is, as of the last sync and the lines above.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ContractProgress {
    /// Which contract.
    pub contract: ContractId,
    /// The quantity agreed.
    pub quantity: Grams,
    /// The price terms with what was delivered before this line.
    pub terms: Terms,
}

impl ContractProgress {
    /// What the phone shows beside the line: what is delivered, this line left out, of what was
    /// agreed.
    pub fn text(&self, language: Language) -> String {
        progress_text(self.terms.delivered, self.quantity, language)
    }
}

/// How far a contract is delivered, as a screen shows it: `已交 x / 合同 y（截至上次同步）`.
pub fn progress_text(delivered: Grams, quantity: Grams, language: Language) -> String {
    let (delivered, quantity) = (delivered.jin(language), quantity.jin(language));
    match language {
        Language::Zh => format!("已交 {delivered} / 合同 {quantity}（截至上次同步）"),
        Language::En => {
            format!("{delivered} delivered / contract {quantity} (as of the last sync)")
        }
    }
}

/// What is read once for the whole slip.
pub(super) struct Context {
    pub(super) rules: Rules,
    pub(super) price_list: Option<u32>,
    pub(super) contracts: Vec<ContractRecord>,
}

pub(super) fn review<C: Catalogue>(
    draft: &SlipDraft,
    catalogue: &C,
) -> Result<SlipReview, C::Error> {
    let visit = draft.visit();
    let context = Context {
        rules: catalogue.rules()?,
        price_list: catalogue.price_list_on(visit.date)?,
        contracts: catalogue.contracts(visit.grower)?,
    };
    let limits = Limits::of(&context.rules);
    let mut reviewer = Reviewer {
        draft,
        catalogue,
        context,
        limits,
        delivered: BTreeMap::new(),
        lines: Vec::new(),
        problems: Vec::new(),
        warnings: warnings::of_visit(visit),
    };
    let mut lines = Vec::new();
    for (number, drafted) in draft.lines().iter().enumerate().filter(|(_, line)| !line.removed) {
        lines.push(reviewer.line(number, drafted)?);
    }
    let slip = Slip {
        grower: visit.grower,
        lines,
        price_list: reviewer.context.price_list,
        visit: draft.details().clone(),
    };
    Ok(reviewer.finish(slip))
}

/// A review under way, line by line.
struct Reviewer<'a, C> {
    draft: &'a SlipDraft,
    catalogue: &'a C,
    context: Context,
    limits: Limits,
    /// What the lines above deliver on each contract.
    delivered: BTreeMap<ContractId, Grams>,
    lines: Vec<LineReview>,
    problems: Vec<Finding>,
    warnings: Vec<Finding>,
}

impl<C: Catalogue> Reviewer<'_, C> {
    /// Prices one line and notes what is to be said about it.
    fn line(&mut self, number: usize, drafted: &DraftLine) -> Result<Line, C::Error> {
        let visit = self.draft.visit();
        let product = self.catalogue.product(drafted.product)?;
        let list_price = match self.context.price_list {
            Some(list) => self.catalogue.list_price(list, drafted.product, drafted.grade)?,
            None => None,
        };
        let mut line = Line {
            product: drafted.product,
            grade: drafted.grade,
            weighings: kept(drafted).map(|(_, weighing)| weighing).collect(),
            deductions: drafted.deductions.clone(),
            segments: Vec::new(),
            amount: Fen::ZERO,
            contract: None,
            marks: LineMarks {
                unwithheld: product.as_ref().is_some_and(|product| product.grain_or_oil),
                replaced: replaced(drafted),
            },
        };
        let sound = slip::check::weights(&line, number, &self.limits, &mut Breaches::new());
        let progress = progress(&self.context, visit, drafted.product, &mut self.delivered, sound);
        line.contract = progress.map(|p| p.contract);
        let terms = progress.map(|p| p.terms);
        let mut broken = unknown(product.as_ref(), drafted.grade);
        let settlement = sound.unwrap_or_default();
        match self.price(drafted, settlement, list_price, terms.as_ref())? {
            Ok(segments) => line.segments = segments,
            Err(PricingError::NoPrice) => broken.push(Rule::PURCHASE_NO_PRICE),
            Err(PricingError::Unit(_)) => broken.push(Rule::PURCHASE_TOO_LARGE),
        }
        line.amount = line.computed_amount().unwrap_or_default();
        let review = line_review(number, &line, product.as_ref(), list_price, progress);
        let words = Words { draft: self.draft, line: &review, limits: self.limits };
        let at = Place::Line(number);
        self.problems.extend(broken.into_iter().map(|rule| words.finding(rule, at)));
        // What rests on a wrong weight would only be an echo of it.
        if sound.is_some() {
            let product = product.as_ref();
            let found = warnings::of_line(&self.context, visit, product, &line, &words);
            self.warnings.extend(found);
            let rules = &self.context.rules;
            let repeat = warnings::repeat(self.catalogue, rules, visit, &line, &words)?;
            self.warnings.extend(repeat);
        }
        self.lines.push(review);
        Ok(line)
    }

    /// The line's prices: as list, contract and steward say, or pending because that was agreed or
    /// because there is none to go by (定价后结).
    fn price(
        &self,
        drafted: &DraftLine,
        settlement: Grams,
        list_price: Option<LiPerKg>,
        terms: Option<&Terms>,
    ) -> Result<Result<Vec<Segment>, PricingError>, C::Error> {
        if !drafted.pending {
            let priced = pricing::segments(settlement, list_price, terms, drafted.stated);
            if priced != Err(PricingError::NoPrice) {
                return Ok(priced);
            }
        }
        let date = self.draft.visit().date;
        let last = self.catalogue.last_price(date, drafted.product, drafted.grade)?;
        let floor = terms.map(|terms| terms.floor);
        Ok(pricing::pending(settlement, floor, last, drafted.stated))
    }

    /// Checks the slip as it would be saved and adds up.
    fn finish(mut self, slip: Slip) -> SlipReview {
        // A line without segments was already said to have no price.
        let breaches = slip.check(&self.limits);
        for breach in breaches.into_iter().filter(|b| b.rule != Rule::PURCHASE_NO_SEGMENTS) {
            let place = self.in_draft(breach.place);
            let line = self.lines.iter().find(|line| Some(line.line) == place.line());
            self.problems.push(match line {
                Some(line) => {
                    let words = Words { draft: self.draft, line, limits: self.limits };
                    words.finding(breach.rule, place)
                }
                None => Finding { rule: breach.rule, place, message: Message::of(breach.rule) },
            });
        }
        // The slip as a whole first, then line by line.
        self.problems.sort_by_key(|problem| problem.place.line());
        SlipReview {
            net: Grams::sum(self.lines.iter().map(|l| l.net)).unwrap_or_default(),
            settlement: Grams::sum(self.lines.iter().map(|l| l.settlement)).unwrap_or_default(),
            amount: slip.amount().unwrap_or_default(),
            estimate: slip.estimate().unwrap_or_default(),
            lines: self.lines,
            problems: self.problems,
            warnings: self.warnings,
            slip,
        }
    }

    /// A place of the slip as the draft counts it, where what was removed keeps its number.
    fn in_draft(&self, place: Place) -> Place {
        let line_of = |line: usize| self.lines.get(line).map_or(line, |review| review.line);
        match place {
            Place::Line(line) => Place::Line(line_of(line)),
            Place::Weighing { line, weighing } => {
                let line = line_of(line);
                let drafted = self.draft.lines().get(line);
                let number = drafted.and_then(|l| kept(l).nth(weighing)).map(|(number, _)| number);
                Place::Weighing { line, weighing: number.unwrap_or(weighing) }
            }
            Place::Deduction { line, deduction } => {
                Place::Deduction { line: line_of(line), deduction }
            }
            Place::Entry | Place::Allocation(_) => place,
        }
    }
}

/// The weighings that count, with their numbers in the draft.
fn kept(line: &DraftLine) -> impl Iterator<Item = (usize, Weighing)> {
    line.weighings
        .iter()
        .enumerate()
        .filter(|(_, w)| w.state == WeighingState::Counts)
        .map(|(number, w)| (number, w.weighing))
}

/// The weighings that others took the place of: they stay visible on the slip.
fn replaced(line: &DraftLine) -> Vec<Weighing> {
    let gone = line.weighings.iter().filter(|w| w.state != WeighingState::Counts);
    gone.map(|w| w.weighing).collect()
}

/// What the district's catalogue does not have.
fn unknown(product: Option<&Product>, grade: Grade) -> Vec<Rule> {
    match product {
        None => vec![Rule::PURCHASE_PRODUCT_UNKNOWN],
        Some(product) if grade.get() >= product.grades => vec![Rule::PURCHASE_GRADE_UNKNOWN],
        Some(_) => Vec::new(),
    }
}

/// The contract that a line is delivered on, and how far it is before the line; counts the line.
///
/// Of several that are in their delivery period the first with something left, in order of their
/// numbers; if nothing is left of any, the first.
fn progress(
    context: &Context,
    visit: &Visit,
    product: ProductNo,
    delivered: &mut BTreeMap<ContractId, Grams>,
    settlement: Option<Grams>,
) -> Option<ContractProgress> {
    let mut open = context.contracts.iter().filter_map(|record| {
        let version = record.in_force()?;
        let terms = &version.terms;
        let here = terms.product == product && version.entity == visit.entity;
        let now = (terms.from..=terms.to).contains(&visit.date);
        if !here || !now {
            return None;
        }
        let above = delivered.get(&record.contract).copied().unwrap_or_default();
        let before = record.delivered_of(product).plus(above).ok()?;
        Some(ContractProgress {
            contract: record.contract,
            quantity: terms.quantity,
            terms: Terms::of(terms, before).ok()?,
        })
    });
    let first = open.next()?;
    let chosen = if first.terms.left() > Grams::ZERO {
        first
    } else {
        open.find(|p| p.terms.left() > Grams::ZERO).unwrap_or(first)
    };
    if let Some(settlement) = settlement {
        let above = delivered.entry(chosen.contract).or_default();
        *above = above.plus(settlement).unwrap_or(*above);
    }
    Some(chosen)
}

fn line_review(
    number: usize,
    line: &Line,
    product: Option<&Product>,
    list_price: Option<LiPerKg>,
    contract: Option<ContractProgress>,
) -> LineReview {
    LineReview {
        line: number,
        product: line.product,
        name: product.map_or_else(|| line.product.to_string(), |p| p.name.clone()),
        grade: line.grade,
        gross: line.gross().unwrap_or_default(),
        net: line.net().unwrap_or_default(),
        deducted: line.deducted().unwrap_or_default(),
        settlement: line.settlement().unwrap_or_default(),
        list_price,
        contract,
        segments: line.segments.clone(),
        amount: line.amount,
    }
}
