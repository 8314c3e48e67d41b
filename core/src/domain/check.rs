//! What an entry breaks, from its own fields alone: what the desk refuses to save and what the
//! ledger holds. Each kind's check stands beside the kind.
//!
//! Breaches come in order of precedence. A check that rests on a number that is already wrong is
//! left out, so that a person is shown the cause and not its echoes.

use super::device::DeviceRole;
use super::entry::Kind;
use super::rule::Rule;
use super::rules::Rules;
use super::units::{Fen, Grams};

/// Lines on one slip, at most.
pub const MAX_LINES: usize = 50;
/// Weighings of one line, at most.
pub const MAX_WEIGHINGS: usize = 200;
/// Deductions of one line, at most.
pub const MAX_DEDUCTIONS: usize = 10;
/// Price segments of one line, at most: within the contract and beyond it.
pub const MAX_SEGMENTS: usize = 2;
/// Slips that one payout names, at most.
pub const MAX_ALLOCATIONS: usize = 500;
/// Characters of a reason or a note, at most.
pub const MAX_WORDS: usize = 500;

/// The numbers that a check measures against.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Limits {
    /// What one weighing can be at most, gross.
    pub scale_capacity: Grams,
    /// A payout's rounding stays below this.
    pub cash_unit: Fen,
    /// What one entry can move at most: beyond it sums might not fit.
    pub amount: Fen,
}

impl Limits {
    /// What the ledger holds by: fixed, so that what the district publishes later never changes
    /// what already counts. 100 t is a weighbridge; one yuan is the largest cash unit.
    pub const LEDGER: Limits = Limits {
        scale_capacity: Grams::new(100_000_000),
        cash_unit: Fen::new(100),
        amount: Fen::new(100_000_000_000),
    };

    /// What the desk saves by: the district's rules, never wider than the ledger's.
    pub fn of(rules: &Rules) -> Limits {
        Limits {
            scale_capacity: rules.scale_capacity.min(Limits::LEDGER.scale_capacity),
            cash_unit: rules.cash_unit.min(Limits::LEDGER.cash_unit),
            ..Limits::LEDGER
        }
    }
}

/// The part of an entry that a breach or a warning is about; places count from 0.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Place {
    /// The entry as a whole.
    Entry,
    /// A line of a slip, or a row of a list.
    Line(usize),
    /// A weighing of a line.
    Weighing {
        /// The line.
        line: usize,
        /// The weighing within the line.
        weighing: usize,
    },
    /// A deduction of a line.
    Deduction {
        /// The line.
        line: usize,
        /// The deduction within the line.
        deduction: usize,
    },
    /// An allocation of a payout.
    Allocation(usize),
}

impl Place {
    /// The line that it lies in, if it lies in one.
    pub const fn line(self) -> Option<usize> {
        match self {
            Place::Line(line) | Place::Weighing { line, .. } | Place::Deduction { line, .. } => {
                Some(line)
            }
            Place::Entry | Place::Allocation(_) => None,
        }
    }
}

/// A rule that an entry breaks, and where.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Breach {
    /// The rule.
    pub rule: Rule,
    /// The part of the entry.
    pub place: Place,
}

impl Breach {
    /// This rule, broken here.
    pub const fn new(rule: Rule, place: Place) -> Breach {
        Breach { rule, place }
    }
}

/// A kind of entry that can say what it breaks.
pub trait Check {
    /// Everything that this entry breaks, in order of precedence; empty if nothing.
    fn check(&self, limits: &Limits) -> Vec<Breach>;
}

/// The rules of these breaches, each once, in the same order.
pub fn rules_of(breaches: &[Breach]) -> Vec<Rule> {
    let mut rules = Vec::new();
    for breach in breaches {
        if !rules.contains(&breach.rule) {
            rules.push(breach.rule);
        }
    }
    rules
}

/// Whether a device of this role may write entries of this kind.
///
/// Phones buy and pay; the village's office corrects, decides, pays through the bank and closes; only
/// the county's own device publishes.
pub const fn may_write(role: DeviceRole, kind: Kind) -> bool {
    match kind {
        Kind::Products
        | Kind::PriceList
        | Kind::Rules
        | Kind::Village
        | Kind::Steward
        | Kind::DeviceRevocation
        | Kind::DeviceCertificate => matches!(role, DeviceRole::CountyOffice),
        // The office writes slips of paper days, and payouts that only repay debts.
        Kind::Slip
        | Kind::Payout
        | Kind::Void
        | Kind::Return
        | Kind::ContractVersion
        | Kind::Prepayment
        | Kind::InputCredit
        | Kind::Deposit
        | Kind::Confirmation
        | Kind::Receipt
        | Kind::FloatIssue
        | Kind::FloatAccept
        | Kind::FloatCount
        | Kind::Answer
        | Kind::Objection => matches!(role, DeviceRole::Phone | DeviceRole::VillageOffice),
        Kind::PriceFix
        | Kind::Adjustment
        | Kind::RecoveredEntry
        | Kind::BankReserve
        | Kind::BankApprove
        | Kind::BankFile
        | Kind::BankResult
        | Kind::FloatDifference
        | Kind::Question
        | Kind::Review
        | Kind::HoldDecision
        | Kind::MonthClose => matches!(role, DeviceRole::VillageOffice),
        Kind::IdentityLink | Kind::IdentityUnlink => {
            matches!(role, DeviceRole::VillageOffice | DeviceRole::CountyOffice)
        }
        Kind::Note => true,
    }
}

/// Collects one breach after another.
pub(crate) struct Breaches(Vec<Breach>);

impl Breaches {
    pub(crate) fn new() -> Breaches {
        Breaches(Vec::new())
    }

    /// Adds the breach if the condition is not met; returns whether it is met.
    pub(crate) fn demand(&mut self, met: bool, rule: Rule, place: Place) -> bool {
        if !met {
            self.0.push(Breach::new(rule, place));
        }
        met
    }

    /// Demands that something was written and not too much of it.
    pub(crate) fn words(&mut self, text: &str, empty: Rule, too_long: Rule, most: usize) {
        self.demand(!text.trim().is_empty(), empty, Place::Entry);
        self.demand(text.chars().count() <= most, too_long, Place::Entry);
    }

    /// Demands an amount above nothing that sums can bear.
    pub(crate) fn amount(&mut self, amount: Fen, limits: &Limits) {
        self.demand(amount > Fen::ZERO, Rule::AMOUNT_NOT_POSITIVE, Place::Entry);
        self.demand(amount <= limits.amount, Rule::AMOUNT_TOO_LARGE, Place::Entry);
    }

    pub(crate) fn finish(self) -> Vec<Breach> {
        self.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_desk_is_never_wider_than_the_ledger() {
        let wide = Rules {
            scale_capacity: Grams::new(i64::MAX),
            cash_unit: Fen::new(10_000),
            ..Rules::default()
        };
        assert_eq!(Limits::of(&wide), Limits::LEDGER);
        let usual = Limits::of(&Rules::default());
        assert_eq!(usual.scale_capacity, Grams::new(300_000));
        assert_eq!(usual.cash_unit, Fen::new(100));
    }

    #[test]
    fn only_the_county_publishes_and_only_phones_buy() {
        assert!(may_write(DeviceRole::Phone, Kind::Slip));
        assert!(!may_write(DeviceRole::Phone, Kind::HoldDecision));
        assert!(!may_write(DeviceRole::CountyOffice, Kind::MonthClose));
        assert!(!may_write(DeviceRole::CountyOffice, Kind::Payout));
        assert!(!may_write(DeviceRole::Phone, Kind::PriceList));
        assert!(may_write(DeviceRole::CountyOffice, Kind::Rules));
        assert!(may_write(DeviceRole::VillageOffice, Kind::Void));
    }

    #[test]
    fn a_rule_broken_twice_is_named_once() {
        let breach = |rule, line| Breach::new(rule, Place::Line(line));
        let all = [
            breach(Rule::PURCHASE_NO_WEIGHINGS, 0),
            breach(Rule::PURCHASE_AMOUNT_DISAGREES, 1),
            breach(Rule::PURCHASE_NO_WEIGHINGS, 2),
        ];
        assert_eq!(rules_of(&all), [Rule::PURCHASE_NO_WEIGHINGS, Rule::PURCHASE_AMOUNT_DISAGREES]);
    }
}
