//! The slip that is being filled in (收购): every edit is kept by the core before it answers, so a
//! process that dies loses nothing. Each edit answers the whole slip as it then stands.

use courtyard_core::desk::{
    DraftLine, DraftWeighing, LineReview, SlipDraft, SlipReview, WeighingState as DeskState,
};
use courtyard_core::domain::check::Place as DomainPlace;
use courtyard_core::domain::slip::{
    Deduction as DomainDeduction, Segment as DomainSegment, Weighing,
};
use courtyard_core::domain::{Grams, LiPerKg, PersonNo, ProductNo};
use courtyard_core::steward::{Bought as Saved, Steward, StewardError};

use crate::courtyard::Courtyard;
use crate::error::CourtyardError;
use crate::growers::grower_id;
use crate::products::grade;
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
fn shown(steward: &Steward, draft: &SlipDraft) -> Result<OpenSlip, CourtyardError> {
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

fn none_open() -> CourtyardError {
    StewardError::Unknown { what: "未完成的单 an open slip".to_owned() }.into()
}

/// A number that came back from a screen as the draft counts.
fn at(number: u32) -> usize {
    usize::try_from(number).unwrap_or(usize::MAX)
}

fn weighed(gross_g: i64, tare_g: i64) -> Weighing {
    Weighing { gross: Grams::new(gross_g), tare: Grams::new(tare_g) }
}

impl Courtyard {
    /// Changes the open slip, keeps it, and answers how it then stands.
    fn edit(
        &self,
        change: impl FnOnce(&Steward, &mut SlipDraft) -> Result<(), CourtyardError>,
    ) -> Result<OpenSlip, CourtyardError> {
        let mut steward = self.steward();
        let mut draft = steward.open_slip()?.ok_or_else(none_open)?;
        change(&steward, &mut draft)?;
        steward.keep_open_slip(&draft)?;
        shown(&steward, &draft)
    }
}

#[uniffi::export]
impl Courtyard {
    /// The slip that is open, if there is one: after a process that died, too.
    ///
    /// # Errors
    /// [`CourtyardError::Store`]; a slip of another version stays until it is discarded.
    pub fn open_slip(&self) -> Result<Option<OpenSlip>, CourtyardError> {
        let steward = self.steward();
        steward.open_slip()?.map(|draft| shown(&steward, &draft)).transpose()
    }

    /// Begins a slip for a grower, dated today. The one that is open is to be saved or discarded
    /// before.
    ///
    /// # Errors
    /// [`CourtyardError::Problem`] if another slip is open, [`CourtyardError::Enrolment`] if this
    /// phone may begin none, [`CourtyardError::Typed`] for an unknown grower.
    pub fn begin_slip(&self, grower: String) -> Result<OpenSlip, CourtyardError> {
        let mut steward = self.steward();
        if steward.has_open_slip()? {
            return Err(CourtyardError::Problem {
                code: "open_slip.another".to_owned(),
                reason_zh: "还有一张单没有保存。请先保存或放弃它。".to_owned(),
                reason_en: "Another slip is still open. Save it or discard it first.".to_owned(),
            });
        }
        let grower = grower_id(&grower)?;
        steward.must_know(grower)?;
        let draft = SlipDraft::new(steward.visit(grower, None)?);
        steward.keep_open_slip(&draft)?;
        shown(&steward, &draft)
    }

    /// Adds a line.
    ///
    /// # Errors
    /// [`CourtyardError::Typed`] for no product or grade, or none is open.
    pub fn add_line(&self, product: u32, grade: String) -> Result<OpenSlip, CourtyardError> {
        let grade = self::grade(&grade)?;
        self.edit(|_, draft| {
            draft.add_line(ProductNo::new(product), grade);
            Ok(())
        })
    }

    /// Gives a line another product or grade; its weighings stay.
    ///
    /// # Errors
    /// [`CourtyardError::Typed`].
    pub fn change_line(
        &self,
        line: u32,
        product: u32,
        grade: String,
    ) -> Result<OpenSlip, CourtyardError> {
        let grade = self::grade(&grade)?;
        self.edit(|_, draft| Ok(draft.change_line(at(line), ProductNo::new(product), grade)?))
    }

    /// Takes a line off the slip.
    ///
    /// # Errors
    /// [`CourtyardError::Typed`].
    pub fn remove_line(&self, line: u32) -> Result<OpenSlip, CourtyardError> {
        self.edit(|_, draft| Ok(draft.remove_line(at(line))?))
    }

    /// What a weighing would be, in place of another one or beside them; nothing of it is kept.
    ///
    /// # Errors
    /// [`CourtyardError::Typed`].
    #[uniffi::method(default(replacing = None))]
    pub fn try_weighing(
        &self,
        line: u32,
        gross_g: i64,
        tare_g: i64,
        replacing: Option<u32>,
    ) -> Result<TriedWeighing, CourtyardError> {
        let steward = self.steward();
        let mut draft = steward.open_slip()?.ok_or_else(none_open)?;
        let tried = weighed(gross_g, tare_g);
        let weighing = match replacing {
            Some(other) => draft.replace_weighing(at(line), at(other), tried)?,
            None => draft.weigh(at(line), tried)?,
        };
        let mut review = steward.review_slip(&draft)?;
        let place = DomainPlace::Weighing { line: at(line), weighing };
        review.problems.retain(|found| found.place == place);
        review.warnings.retain(|found| found.place == place);
        Ok(TriedWeighing {
            net_g: tried.net()?.get(),
            problems: findings(review.problems),
            warnings: findings(review.warnings),
        })
    }

    /// Adds a weighing. A tare that is not below the gross is taken and comes back as a problem.
    ///
    /// # Errors
    /// [`CourtyardError::Typed`].
    pub fn weigh(&self, line: u32, gross_g: i64, tare_g: i64) -> Result<OpenSlip, CourtyardError> {
        self.edit(|_, draft| {
            draft.weigh(at(line), weighed(gross_g, tare_g))?;
            Ok(())
        })
    }

    /// Weighs again: the other weighing stays visible and no longer counts.
    ///
    /// # Errors
    /// [`CourtyardError::Typed`].
    pub fn replace_weighing(
        &self,
        line: u32,
        weighing: u32,
        gross_g: i64,
        tare_g: i64,
    ) -> Result<OpenSlip, CourtyardError> {
        self.edit(|_, draft| {
            draft.replace_weighing(at(line), at(weighing), weighed(gross_g, tare_g))?;
            Ok(())
        })
    }

    /// Takes a weighing back; it stays visible.
    ///
    /// # Errors
    /// [`CourtyardError::Typed`].
    pub fn remove_weighing(&self, line: u32, weighing: u32) -> Result<OpenSlip, CourtyardError> {
        self.edit(|_, draft| Ok(draft.remove_weighing(at(line), at(weighing))?))
    }

    /// Takes something off a line: `2%:泥`, `0.3` or `0.3kg:水`, `0.6斤`.
    ///
    /// # Errors
    /// [`CourtyardError::Typed`] in plain words.
    pub fn deduct(&self, line: u32, text: String) -> Result<OpenSlip, CourtyardError> {
        let deduction: DomainDeduction = text.parse()?;
        self.edit(|_, draft| {
            draft.deduct(at(line), deduction)?;
            Ok(())
        })
    }

    /// Takes a deduction back.
    ///
    /// # Errors
    /// [`CourtyardError::Typed`].
    pub fn remove_deduction(&self, line: u32, deduction: u32) -> Result<OpenSlip, CourtyardError> {
        self.edit(|_, draft| Ok(draft.remove_deduction(at(line), at(deduction))?))
    }

    /// States a price that was agreed at the scale, or the list's again.
    ///
    /// # Errors
    /// [`CourtyardError::Typed`].
    pub fn state_price(
        &self,
        line: u32,
        price_li_per_kg: Option<i64>,
    ) -> Result<OpenSlip, CourtyardError> {
        self.edit(|_, draft| Ok(draft.state_price(at(line), price_li_per_kg.map(LiPerKg::new))?))
    }

    /// Leaves a line's price to be fixed later (待定价), or no longer.
    ///
    /// # Errors
    /// [`CourtyardError::Typed`].
    pub fn set_pending(&self, line: u32, pending: bool) -> Result<OpenSlip, CourtyardError> {
        self.edit(|_, draft| Ok(draft.set_pending(at(line), pending)?))
    }

    /// Gives the slip another business date, such as `2026-07-01`: where the phone's clock is wrong.
    ///
    /// # Errors
    /// [`CourtyardError::Typed`] for no date.
    pub fn set_date(&self, date: String) -> Result<OpenSlip, CourtyardError> {
        let date = crate::today::day(&date)?;
        self.edit(|steward, draft| {
            draft.set_visit(steward.visit(draft.visit().grower, Some(date))?);
            Ok(())
        })
    }

    /// Says who sells and who brought it, of the household's persons (0 is its head), and the number
    /// of the certificate of this delivery.
    ///
    /// # Errors
    /// [`CourtyardError::Typed`] if none is open. Persons whom the register lacks are refused at the
    /// save.
    pub fn set_details(
        &self,
        seller: u16,
        deliverer: u16,
        certificate: Option<String>,
    ) -> Result<OpenSlip, CourtyardError> {
        self.edit(|_, draft| {
            let mut details = draft.details().clone();
            (details.seller, details.deliverer) = (PersonNo::new(seller), PersonNo::new(deliverer));
            details.certificate = certificate
                .map(|number| number.trim().to_owned())
                .filter(|number| !number.is_empty());
            draft.set_details(details);
            Ok(())
        })
    }

    /// Saves the open slip. It is on disk when this answers, and only then to be shown.
    ///
    /// # Errors
    /// [`CourtyardError::Problem`] with what cannot be saved; the open slip stays.
    pub fn save_open_slip(&self) -> Result<Bought, CourtyardError> {
        let mut steward = self.steward();
        let draft = steward.open_slip()?.ok_or_else(none_open)?;
        let saved = steward.finish_open_slip(&draft)?;
        let Saved { id, net, settlement, amount, estimate, warnings, clock_in_doubt } = saved;
        Ok(Bought {
            id: id.to_string(),
            net_g: net.get(),
            settlement_g: settlement.get(),
            amount_fen: amount.get(),
            estimate_fen: estimate.get(),
            warnings: findings(warnings),
            clock_in_doubt,
        })
    }

    /// Gives the open slip up; answers what [`restore_open_slip`](Self::restore_open_slip) takes.
    ///
    /// # Errors
    /// [`CourtyardError::Store`].
    pub fn discard_open_slip(&self) -> Result<Option<Vec<u8>>, CourtyardError> {
        let mut steward = self.steward();
        let kept = match steward.open_slip() {
            Ok(draft) => draft.map(|draft| draft.kept().to_bytes()),
            // Of another version: it can be given up and not taken back.
            Err(StewardError::Unreadable) => None,
            Err(error) => return Err(error.into()),
        };
        steward.discard_open_slip()?;
        Ok(kept)
    }

    /// Opens a slip again that was given up.
    ///
    /// # Errors
    /// [`CourtyardError::Store`] if it cannot be read.
    pub fn restore_open_slip(&self, kept: Vec<u8>) -> Result<OpenSlip, CourtyardError> {
        let mut steward = self.steward();
        let kept = courtyard_core::desk::KeptDraft::from_bytes(&kept);
        let kept = kept.ok_or(StewardError::Unreadable)?;
        let visit = steward.visit(kept.grower, Some(kept.date))?;
        let draft = kept.open(visit);
        steward.keep_open_slip(&draft)?;
        shown(&steward, &draft)
    }
}
