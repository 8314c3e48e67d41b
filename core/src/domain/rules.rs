//! The district's rules (收购规定): the entities that buy, and the limits that warnings use.

use std::collections::BTreeSet;

use minicbor::{Decode, Encode};

use super::check::{Breach, Breaches, Check, Limits, Place};
use super::ids::EntityNo;
use super::rule::Rule;
use super::units::text::Language;
use super::units::{BasisPoints, Fen, Grams, LiPerKg};

/// All rules at once; the latest entry holds.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
#[cbor(array)]
pub struct Rules {
    /// The legal bodies on whose account something is bought.
    #[n(0)]
    pub entities: Vec<Entity>,
    /// What one weighing can be at most: the scale's capacity.
    #[n(1)]
    pub scale_capacity: Grams,
    /// Below this price a line is warned about: 0.20 元/kg unless the district says otherwise.
    #[n(2)]
    pub low_price: LiPerKg,
    /// Two slips of a grower and product within so many seconds are asked about ("第二次？").
    #[n(3)]
    pub repeat_window_s: u32,
    /// The unit that a cash payout may be rounded up to, in fen: 1 (none), 10 (角) or 100 (元).
    #[n(4)]
    pub cash_unit: Fen,
    /// What bookkeeping goes by.
    #[cbor(n(5), skip_if = "Bookkeeping::is_usual")]
    pub bookkeeping: Bookkeeping,
}

/// What the district's bookkeeping goes by; the defaults hold until it says otherwise.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
#[cbor(array)]
pub struct Bookkeeping {
    /// Whether the rest of a cash payout below the unit is carried over (尾差) instead of rounded up
    /// (抹零).
    #[n(0)]
    pub carries_over: bool,
    /// An adjustment, return or admission from this amount on needs a second person, in fen.
    #[n(1)]
    pub second_person_from: Fen,
    /// A phone that has not synced for so many days is asked after.
    #[n(2)]
    pub silent_days: u16,
    /// A payable older than so many days is overdue.
    #[n(3)]
    pub overdue_days: u16,
    /// At most so much of what is paid goes to debts, where nothing else was agreed.
    #[n(4)]
    pub repayment_share: BasisPoints,
    /// The accountants' codes for the ledger's accounts, for vouchers (凭证).
    #[n(5)]
    pub codes: Vec<AccountCode>,
}

/// The accountants' code of one of the ledger's accounts.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
#[cbor(array)]
pub struct AccountCode {
    /// The account's word here, such as `payable`.
    #[n(0)]
    pub account: String,
    /// The code in the accountants' system, such as `2202`.
    #[n(1)]
    pub code: String,
    /// Its name there, such as `应付账款`.
    #[n(2)]
    pub name: String,
}

impl Default for Bookkeeping {
    fn default() -> Self {
        Bookkeeping {
            carries_over: false,
            second_person_from: Fen::new(10_000),
            silent_days: 7,
            overdue_days: 30,
            repayment_share: BasisPoints::new(5_000),
            codes: Vec::new(),
        }
    }
}

impl Bookkeeping {
    /// Whether it is what holds anyway.
    pub fn is_usual(&self) -> bool {
        *self == Bookkeeping::default()
    }
}

/// A legal body (核算主体).
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
#[cbor(array)]
pub struct Entity {
    /// Its number; 0 is the county co-op.
    #[n(0)]
    pub number: EntityNo,
    /// Its name.
    #[n(1)]
    pub name: String,
}

impl Rules {
    /// How cash is rounded, as a person reads it beside a payout.
    pub fn rounding_text(&self, language: Language) -> String {
        let (zh, en) = match self.cash_unit.get() {
            ..=1 => {
                return match language {
                    Language::Zh => "付到分，不抹零".to_owned(),
                    Language::En => "paid to the fen, nothing is rounded".to_owned(),
                };
            }
            2..=10 => ("1 角", "1 jiao"),
            _ => ("1 元", "1 yuan"),
        };
        match (self.bookkeeping.carries_over, language) {
            (false, Language::Zh) => format!("不足 {zh}的进到 {zh}，归农户（抹零）"),
            (false, Language::En) => format!("rounded up to {en} in the grower's favour"),
            (true, Language::Zh) => format!("不足 {zh}的结转下次（尾差）"),
            (true, Language::En) => format!("what is below {en} is carried over"),
        }
    }
}

impl Default for Rules {
    /// What holds until the district publishes its own.
    fn default() -> Self {
        Rules {
            entities: Vec::new(),
            scale_capacity: Grams::new(300_000),
            low_price: LiPerKg::new(200),
            repeat_window_s: 120,
            cash_unit: Fen::new(100),
            bookkeeping: Bookkeeping::default(),
        }
    }
}

impl Check for Rules {
    fn check(&self, limits: &Limits) -> Vec<Breach> {
        let mut found = Breaches::new();
        let mut seen = BTreeSet::new();
        for (row, entity) in self.entities.iter().enumerate() {
            let at = Place::Line(row);
            found.demand(!entity.name.trim().is_empty(), Rule::PUBLISHED_NAME_EMPTY, at);
            found.demand(seen.insert(entity.number), Rule::PUBLISHED_ROW_TWICE, at);
        }
        let carries =
            self.scale_capacity > Grams::ZERO && self.scale_capacity <= limits.scale_capacity;
        for met in [
            carries,
            self.low_price >= LiPerKg::ZERO,
            // 分, 角, 元: no other unit exists in the till.
            [1, 10, 100].contains(&self.cash_unit.get()),
            self.bookkeeping.second_person_from >= Fen::ZERO,
            self.bookkeeping.repayment_share >= BasisPoints::ZERO
                && self.bookkeeping.repayment_share <= BasisPoints::new(10_000),
        ] {
            found.demand(met, Rule::PUBLISHED_LIMIT_OUT_OF_RANGE, Place::Entry);
        }
        found.finish()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::check::rules_of;

    #[test]
    fn rounding_is_said_as_the_district_rules_it() {
        let said = |unit, carries_over| {
            let bookkeeping = Bookkeeping { carries_over, ..Bookkeeping::default() };
            Rules { cash_unit: Fen::new(unit), bookkeeping, ..Rules::default() }
                .rounding_text(Language::En)
        };
        assert_eq!(said(1, true), "paid to the fen, nothing is rounded");
        assert_eq!(said(10, false), "rounded up to 1 jiao in the grower's favour");
        assert_eq!(said(100, true), "what is below 1 yuan is carried over");
    }

    #[test]
    fn limits_stay_within_what_the_ledger_knows() {
        let broken = |rules: Rules| rules_of(&rules.check(&Limits::LEDGER));
        assert!(broken(Rules::default()).is_empty());
        for odd in [
            Rules { cash_unit: Fen::new(50), ..Rules::default() },
            Rules { cash_unit: Fen::new(1_000), ..Rules::default() },
            Rules { scale_capacity: Grams::ZERO, ..Rules::default() },
            Rules { scale_capacity: Grams::new(100_000_001), ..Rules::default() },
            Rules { low_price: LiPerKg::new(-1), ..Rules::default() },
        ] {
            assert_eq!(broken(odd), [Rule::PUBLISHED_LIMIT_OUT_OF_RANGE]);
        }
    }

    #[test]
    fn two_entities_never_share_a_number() {
        let entity = |name: &str| Entity { number: EntityNo::new(1), name: name.into() };
        let rules = Rules { entities: vec![entity("V1"), entity("")], ..Rules::default() };
        assert_eq!(
            rules_of(&rules.check(&Limits::LEDGER)),
            [Rule::PUBLISHED_NAME_EMPTY, Rule::PUBLISHED_ROW_TWICE]
        );
    }
}
