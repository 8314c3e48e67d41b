//! What later entries change of a slip: returns, adjustments and prices that were fixed later. The
//! slip itself stays as it was printed.

use minicbor::{Decode, Encode};

use crate::domain::slip::Segment;
use crate::domain::{Fen, Grams, UnitError};

/// What later entries changed of a slip; empty for most.
#[derive(Debug, Clone, PartialEq, Eq, Default, Encode, Decode)]
#[cbor(array)]
pub struct SlipChanges {
    /// The lines of which anything changed, in order of their numbers.
    #[n(0)]
    lines: Vec<LineChange>,
    /// What adjustments added to the slip; negative if they took off.
    #[n(1)]
    pub adjusted: Fen,
}

/// What later entries changed of a line.
#[derive(Debug, Clone, PartialEq, Eq, Default, Encode, Decode)]
#[cbor(array)]
pub struct LineChange {
    /// The line, counted from 0.
    #[n(0)]
    line: u16,
    /// What came back of it (退货), in settlement weight.
    #[n(1)]
    pub returned: Grams,
    /// What that took off its amount.
    #[n(2)]
    pub returned_amount: Fen,
    /// The whole line's amount as it was fixed (定价), if its price was pending.
    #[n(3)]
    pub fixed: Option<Fen>,
    /// The segments at the fixed price; empty until it is fixed.
    #[n(4)]
    pub fixed_segments: Vec<Segment>,
}

impl SlipChanges {
    /// Whether nothing changed.
    pub const fn is_empty(&self) -> bool {
        self.lines.is_empty() && self.adjusted.get() == 0
    }

    /// The lines of which anything changed, in order of their numbers.
    pub fn lines(&self) -> &[LineChange] {
        &self.lines
    }

    /// What changed of this line, counted from 0.
    pub fn line(&self, line: u16) -> Option<&LineChange> {
        self.lines.iter().find(|change| change.line == line)
    }

    /// Changes a line, counted from 0. A line that is as printed again is no longer kept, so equal
    /// slips have equal bytes.
    ///
    /// # Errors
    /// What `change` gives; then nothing changed.
    pub fn change_line(
        &mut self,
        line: u16,
        change: impl FnOnce(&mut LineChange) -> Result<(), UnitError>,
    ) -> Result<(), UnitError> {
        let unchanged = LineChange { line, ..LineChange::default() };
        let mut changed = self.line(line).cloned().unwrap_or_else(|| unchanged.clone());
        change(&mut changed)?;
        self.lines.retain(|other| other.line != line);
        if changed != unchanged {
            self.lines.push(changed);
            self.lines.sort_unstable_by_key(|change| change.line);
        }
        Ok(())
    }
}

impl LineChange {
    /// The line, counted from 0.
    pub const fn line(&self) -> u16 {
        self.line
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_are_kept_in_order_and_only_while_they_are_changed() {
        let mut changes = SlipChanges::default();
        let give_back = |weight_g: i64| {
            move |change: &mut LineChange| {
                change.returned = change.returned.plus(Grams::new(weight_g))?;
                Ok(())
            }
        };
        for (line, weight_g) in [(4, 1_000), (1, 200), (4, 500)] {
            changes.change_line(line, give_back(weight_g)).unwrap();
        }
        let kept: Vec<_> = changes.lines().iter().map(|c| (c.line(), c.returned.get())).collect();
        assert_eq!(kept, [(1, 200), (4, 1_500)]);
        let bytes = minicbor::to_vec(&changes).unwrap();
        assert_eq!(minicbor::decode::<SlipChanges>(&bytes).unwrap(), changes);
        changes.change_line(4, give_back(-1_500)).unwrap();
        assert_eq!(changes.line(4), None);
        changes.change_line(1, give_back(-200)).unwrap();
        assert!(changes.is_empty());
        assert_eq!(changes, SlipChanges::default());
        changes.adjusted = Fen::new(-1);
        assert!(!changes.is_empty());
    }

    #[test]
    fn a_change_that_does_not_fit_leaves_the_line_as_it_was() {
        let mut changes = SlipChanges::default();
        let full = |change: &mut LineChange| {
            change.returned = change.returned.plus(Grams::new(i64::MAX))?;
            Ok(())
        };
        changes.change_line(0, full).unwrap();
        let before = changes.clone();
        assert!(changes.change_line(0, full).is_err());
        assert_eq!(changes, before);
    }
}
