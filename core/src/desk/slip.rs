//! A slip while it is written: lines and weighings come and go, and what was replaced stays
//! visible until the slip is saved.

mod kept;
mod review;
mod warnings;
mod words;

pub use kept::KeptDraft;
pub use review::{LineReview, SlipReview, progress_text};

use minicbor::{Decode, Encode};

use super::catalogue::{Catalogue, Visit};
use crate::domain::slip::{self, Deduction, Weighing};
use crate::domain::{Grade, LiPerKg, ProductNo};

/// A slip that is not saved yet.
///
/// Lines and weighings are counted from 0 and keep their number: removing one marks it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SlipDraft {
    visit: Visit,
    details: slip::Visit,
    lines: Vec<DraftLine>,
}

/// A line of a draft.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
#[cbor(array)]
pub struct DraftLine {
    /// What is bought.
    #[n(0)]
    pub product: ProductNo,
    /// In which grade.
    #[n(1)]
    pub grade: Grade,
    /// Every weighing, replaced and removed ones too.
    #[n(2)]
    pub weighings: Vec<DraftWeighing>,
    /// What is taken off.
    #[n(3)]
    pub deductions: Vec<Deduction>,
    /// The price typed at the scale, if any.
    #[n(4)]
    pub stated: Option<LiPerKg>,
    /// Whether the price is agreed to be fixed later (定价后结).
    #[n(5)]
    pub pending: bool,
    /// Whether the line was removed.
    #[n(6)]
    pub removed: bool,
}

/// A weighing of a draft.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Encode, Decode)]
#[cbor(array)]
pub struct DraftWeighing {
    /// What the scale said.
    #[n(0)]
    pub weighing: Weighing,
    /// Whether it still counts.
    #[n(1)]
    pub state: WeighingState,
}

/// What became of a weighing of a draft.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Encode, Decode)]
pub enum WeighingState {
    /// It counts.
    #[n(0)]
    Counts,
    /// Another took its place: the number of that one.
    #[n(1)]
    ReplacedBy(#[n(0)] usize),
    /// It was taken away.
    #[n(2)]
    Removed,
}

/// A line, weighing or deduction that the draft does not have, or that was removed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("the draft has no such line, weighing or deduction")]
pub struct NoSuchPlace;

impl SlipDraft {
    /// An empty slip for this visit.
    pub fn new(visit: Visit) -> SlipDraft {
        SlipDraft { visit, details: slip::Visit::default(), lines: Vec::new() }
    }

    /// The visit that it is for.
    pub const fn visit(&self) -> &Visit {
        &self.visit
    }

    /// What belongs to the visit beside the lines: seller, deliverer, certificate, what was refused.
    pub const fn details(&self) -> &slip::Visit {
        &self.details
    }

    /// Sets what belongs to the visit beside the lines.
    pub fn set_details(&mut self, details: slip::Visit) {
        self.details = details;
    }

    /// Every line, removed ones too.
    pub fn lines(&self) -> &[DraftLine] {
        &self.lines
    }

    /// Begins a line; its number.
    pub fn add_line(&mut self, product: ProductNo, grade: Grade) -> usize {
        self.lines.push(DraftLine {
            product,
            grade,
            weighings: Vec::new(),
            deductions: Vec::new(),
            stated: None,
            pending: false,
            removed: false,
        });
        self.lines.len().saturating_sub(1)
    }

    /// Takes a line for another product or grade; its weighings stay.
    ///
    /// # Errors
    /// [`NoSuchPlace`] if the line is not there.
    pub fn change_line(
        &mut self,
        line: usize,
        product: ProductNo,
        grade: Grade,
    ) -> Result<(), NoSuchPlace> {
        let line = self.line(line)?;
        (line.product, line.grade) = (product, grade);
        Ok(())
    }

    /// Removes a line.
    ///
    /// # Errors
    /// [`NoSuchPlace`] if the line is not there.
    pub fn remove_line(&mut self, line: usize) -> Result<(), NoSuchPlace> {
        self.line(line)?.removed = true;
        Ok(())
    }

    /// Adds a weighing to a line; its number.
    ///
    /// # Errors
    /// [`NoSuchPlace`] if the line is not there.
    pub fn weigh(&mut self, line: usize, weighing: Weighing) -> Result<usize, NoSuchPlace> {
        let weighings = &mut self.line(line)?.weighings;
        weighings.push(DraftWeighing { weighing, state: WeighingState::Counts });
        Ok(weighings.len().saturating_sub(1))
    }

    /// Weighs again in place of a weighing, which stays visible; the new one's number.
    ///
    /// # Errors
    /// [`NoSuchPlace`] if the weighing is not there or counts no more.
    pub fn replace_weighing(
        &mut self,
        line: usize,
        weighing: usize,
        with: Weighing,
    ) -> Result<usize, NoSuchPlace> {
        let next = self.line(line)?.weighings.len();
        self.weighing(line, weighing)?.state = WeighingState::ReplacedBy(next);
        self.weigh(line, with)
    }

    /// Takes a weighing away; it stays visible.
    ///
    /// # Errors
    /// [`NoSuchPlace`] if the weighing is not there or counts no more.
    pub fn remove_weighing(&mut self, line: usize, weighing: usize) -> Result<(), NoSuchPlace> {
        self.weighing(line, weighing)?.state = WeighingState::Removed;
        Ok(())
    }

    /// Takes something off a line's net weight; its number.
    ///
    /// # Errors
    /// [`NoSuchPlace`] if the line is not there.
    pub fn deduct(&mut self, line: usize, deduction: Deduction) -> Result<usize, NoSuchPlace> {
        let deductions = &mut self.line(line)?.deductions;
        deductions.push(deduction);
        Ok(deductions.len().saturating_sub(1))
    }

    /// Takes a deduction back; those behind it move up.
    ///
    /// # Errors
    /// [`NoSuchPlace`] if the deduction is not there.
    pub fn remove_deduction(&mut self, line: usize, deduction: usize) -> Result<(), NoSuchPlace> {
        let deductions = &mut self.line(line)?.deductions;
        if deduction >= deductions.len() {
            return Err(NoSuchPlace);
        }
        deductions.remove(deduction);
        Ok(())
    }

    /// Sets the price typed at the scale, or takes it back.
    ///
    /// # Errors
    /// [`NoSuchPlace`] if the line is not there.
    pub fn state_price(&mut self, line: usize, price: Option<LiPerKg>) -> Result<(), NoSuchPlace> {
        self.line(line)?.stated = price;
        Ok(())
    }

    /// Agrees that a line's price is fixed later, or that it is not.
    ///
    /// # Errors
    /// [`NoSuchPlace`] if the line is not there.
    pub fn set_pending(&mut self, line: usize, pending: bool) -> Result<(), NoSuchPlace> {
        self.line(line)?.pending = pending;
        Ok(())
    }

    /// Prices the slip and looks at it: totals, problems and warnings.
    ///
    /// # Errors
    /// What the catalogue says if it cannot be read.
    pub fn review<C: Catalogue>(&self, catalogue: &C) -> Result<SlipReview, C::Error> {
        review::review(self, catalogue)
    }

    fn line(&mut self, line: usize) -> Result<&mut DraftLine, NoSuchPlace> {
        self.lines.get_mut(line).filter(|line| !line.removed).ok_or(NoSuchPlace)
    }

    fn weighing(
        &mut self,
        line: usize,
        weighing: usize,
    ) -> Result<&mut DraftWeighing, NoSuchPlace> {
        self.line(line)?
            .weighings
            .get_mut(weighing)
            .filter(|weighing| weighing.state == WeighingState::Counts)
            .ok_or(NoSuchPlace)
    }
}

#[cfg(test)]
mod tests;
