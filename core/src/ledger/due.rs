//! What is owed for a slip as it stands: as printed, less what was returned, with fixed prices and
//! adjustments. Everything that later entries do to a slip comes down to how this changes.

use crate::domain::slip::{Segment, amount_of};
use crate::domain::{Fen, Grams, UnitError};

use super::records::{LineRecord, SlipRecord};

impl LineRecord {
    /// Whether it was bought at a pending price (待定价), fixed since or not.
    pub fn is_pending(&self) -> bool {
        self.segments.iter().any(Segment::is_pending)
    }
}

impl SlipRecord {
    /// What is owed for it, paid or not: the printed amount and fixed prices, less returns, with
    /// adjustments. A pending line is owed from its price fix on.
    ///
    /// # Errors
    /// [`UnitError::Overflow`] if it does not fit.
    pub fn due(&self) -> Result<Fen, UnitError> {
        let mut due = self.amount.plus(self.changes.adjusted)?;
        for change in self.changes.lines() {
            due = due.plus(change.fixed.unwrap_or_default())?.minus(change.returned_amount)?;
        }
        Ok(due)
    }

    /// The line of this number, counted from 0.
    pub fn line(&self, number: u16) -> Option<&LineRecord> {
        self.lines.get(usize::from(number))
    }

    /// The prices of a line as they hold now: as fixed, else as printed.
    pub fn prices(&self, number: u16) -> &[Segment] {
        let fixed = self.changes.line(number).filter(|change| change.fixed.is_some());
        match (fixed, self.line(number)) {
            (Some(change), _) => &change.fixed_segments,
            (None, Some(line)) => &line.segments,
            (None, None) => &[],
        }
    }

    /// Whether the price of this line is still open.
    pub fn is_open(&self, number: u16) -> bool {
        let fixed = self.changes.line(number).is_some_and(|change| change.fixed.is_some());
        !fixed && self.line(number).is_some_and(LineRecord::is_pending)
    }

    /// What came back of a line.
    pub fn returned_of(&self, number: u16) -> Grams {
        self.changes.line(number).map_or(Grams::ZERO, |change| change.returned)
    }

    /// What is left of a line: its settlement weight less returns.
    ///
    /// # Errors
    /// [`UnitError::Overflow`] if it does not fit.
    pub fn left_of(&self, number: u16) -> Result<Grams, UnitError> {
        let whole = self.line(number).map_or(Grams::ZERO, |line| line.settlement);
        whole.minus(self.returned_of(number))
    }

    /// What returning so much of a line would take off what is owed; no more than is left of it.
    ///
    /// # Errors
    /// [`UnitError::Overflow`] if it does not fit.
    pub fn worth_of(&self, number: u16, weight: Grams) -> Result<Fen, UnitError> {
        let prices = self.prices(number);
        let before = self.returned_of(number);
        let left = |returned| amount_of(&without_last(prices, returned)?);
        left(before)?.minus(left(before.plus(weight)?)?)
    }

    /// The prices of what is left of a line.
    ///
    /// # Errors
    /// [`UnitError::Overflow`] if it does not fit.
    pub fn segments_left(&self, number: u16) -> Result<Vec<Segment>, UnitError> {
        without_last(self.prices(number), self.returned_of(number))
    }

    /// Sets what came back of a line; its amount goes down by the line before less the line after,
    /// so that whatever order returns come in, the last segment has gone first.
    ///
    /// # Errors
    /// [`UnitError::Overflow`] if it does not fit; then nothing changed.
    pub(super) fn set_returned(&mut self, number: u16, returned: Grams) -> Result<(), UnitError> {
        let prices = self.prices(number);
        let off = amount_of(prices)?.minus(amount_of(&without_last(prices, returned)?)?)?;
        self.changes.change_line(number, |change| {
            change.returned = returned;
            change.returned_amount = off;
            Ok(())
        })
    }
}

/// These segments with so much less, taken from the last backwards.
fn without_last(segments: &[Segment], returned: Grams) -> Result<Vec<Segment>, UnitError> {
    let mut left = segments.to_vec();
    let mut back = returned;
    for segment in left.iter_mut().rev() {
        let off = back.min(segment.weight);
        segment.weight = segment.weight.minus(off)?;
        back = back.minus(off)?;
    }
    Ok(left)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::LiPerKg;
    use crate::domain::slip::PriceReason;

    #[test]
    fn a_return_takes_the_last_segment_first() {
        let segment = |weight, price| Segment {
            weight: Grams::new(weight),
            price: LiPerKg::new(price),
            reason: PriceReason::List,
        };
        let both = [segment(10_000, 5_000), segment(2_000, 3_000)];
        let left = |returned| -> Vec<i64> {
            let left = without_last(&both, Grams::new(returned)).unwrap();
            left.iter().map(|s| s.weight.get()).collect()
        };
        assert_eq!(left(0), [10_000, 2_000]);
        assert_eq!(left(1_500), [10_000, 500]);
        assert_eq!(left(2_000), [10_000, 0]);
        assert_eq!(left(5_000), [7_000, 0]);
        assert_eq!(left(12_000), [0, 0]);
    }
}
