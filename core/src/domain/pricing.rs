//! What a line costs: the list, raised to the contract's floor, up to the contract's quantity and
//! tolerance; beyond that what the contract says. A price typed at the scale stands above all.
//!
//! Pure: the same numbers always give the same segments.

use super::contract::{Beyond, ContractVersion};
use super::slip::{PriceReason, Segment};
use super::units::{Grams, LiPerKg, UnitError};

/// Why a line has no price.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum PricingError {
    /// Neither the list nor a contract's floor nor the steward gives a price for all of it.
    #[error("no price for this product and grade")]
    NoPrice,
    /// The contract's quantity and tolerance do not fit.
    #[error(transparent)]
    Unit(#[from] UnitError),
}

/// A contract's price terms, and how much of it is already delivered.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Terms {
    /// 保底价; zero is none.
    pub floor: LiPerKg,
    /// Quantity × (1 + tolerance): up to here the contract's price holds.
    pub line: Grams,
    /// What holds beyond the line.
    pub beyond: Beyond,
    /// Settlement weight of every grade delivered so far, less voids and returns.
    pub delivered: Grams,
}

impl Terms {
    /// The terms of this version with so much delivered. The tolerance is rounded half up to a gram.
    ///
    /// # Errors
    /// [`UnitError::Overflow`] if quantity and tolerance do not fit.
    pub fn of(contract: &ContractVersion, delivered: Grams) -> Result<Terms, UnitError> {
        let tolerance = contract.quantity.share(contract.tolerance)?;
        Ok(Terms {
            floor: contract.floor,
            line: contract.quantity.plus(tolerance)?,
            beyond: contract.beyond,
            delivered,
        })
    }

    /// What is left up to the line; nothing once it is crossed.
    pub fn left(&self) -> Grams {
        self.line.minus(self.delivered).unwrap_or(Grams::ZERO).max(Grams::ZERO)
    }

    /// Whether so much more crosses the line.
    pub fn exceeded_by(&self, settlement: Grams) -> bool {
        settlement > self.left()
    }
}

/// A settlement weight at a price that is agreed to be fixed later (定价后结). It is estimated at the
/// contract's floor, else at the last list price, else at what the steward typed.
///
/// # Errors
/// [`PricingError::NoPrice`] if there is nothing to estimate by.
pub fn pending(
    settlement: Grams,
    floor: Option<LiPerKg>,
    last: Option<LiPerKg>,
    typed: Option<LiPerKg>,
) -> Result<Vec<Segment>, PricingError> {
    if settlement <= Grams::ZERO {
        return Ok(Vec::new());
    }
    let floor = floor.filter(|&floor| floor > LiPerKg::ZERO);
    let price = floor.or(last).or(typed).ok_or(PricingError::NoPrice)?;
    Ok(vec![Segment { weight: settlement, price, reason: PriceReason::Pending }])
}

/// Splits a settlement weight into its price segments: one, or two where it crosses the line of a
/// contract whose excess goes at the list price. No weight, no segments.
///
/// # Errors
/// [`PricingError::NoPrice`] if part of the weight has no price.
pub fn segments(
    settlement: Grams,
    list: Option<LiPerKg>,
    terms: Option<&Terms>,
    stated: Option<LiPerKg>,
) -> Result<Vec<Segment>, PricingError> {
    if settlement <= Grams::ZERO {
        return Ok(Vec::new());
    }
    let all = |price, reason| Ok(vec![Segment { weight: settlement, price, reason }]);
    if let Some(price) = stated {
        return all(price, PriceReason::Stated);
    }
    let Some(terms) = terms else {
        return all(list.ok_or(PricingError::NoPrice)?, PriceReason::List);
    };
    let floor = (terms.floor > LiPerKg::ZERO).then_some(terms.floor);
    let contract = match (list, floor) {
        (Some(list), Some(floor)) if floor > list => Some((floor, PriceReason::Floor)),
        (Some(list), _) => Some((list, PriceReason::List)),
        (None, floor) => floor.map(|floor| (floor, PriceReason::Floor)),
    };
    let within = match terms.beyond {
        Beyond::ContractPrice => settlement,
        Beyond::ListPrice => settlement.min(terms.left()),
    };
    let excess = settlement.minus(within)?;
    let mut segments = Vec::with_capacity(2);
    if within > Grams::ZERO {
        let (price, reason) = contract.ok_or(PricingError::NoPrice)?;
        segments.push(Segment { weight: within, price, reason });
    }
    if excess > Grams::ZERO {
        let price = list.ok_or(PricingError::NoPrice)?;
        segments.push(Segment { weight: excess, price, reason: PriceReason::Excess });
    }
    Ok(segments)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    /// 400 kg and 10 % at a floor of 5.00 元/kg; so the line is at 440 kg.
    fn terms(beyond: Beyond, delivered: i64) -> Terms {
        Terms {
            floor: LiPerKg::new(5_000),
            line: Grams::new(440_000),
            beyond,
            delivered: Grams::new(delivered),
        }
    }

    type Row = (i64, i64, PriceReason);

    fn priced(
        settlement: i64,
        list: Option<i64>,
        terms: Option<Terms>,
        stated: Option<i64>,
    ) -> Result<Vec<Row>, PricingError> {
        let list = list.map(LiPerKg::new);
        let stated = stated.map(LiPerKg::new);
        segments(Grams::new(settlement), list, terms.as_ref(), stated).map(|segments| {
            segments.iter().map(|s| (s.weight.get(), s.price.get(), s.reason)).collect()
        })
    }

    #[test]
    fn the_price_follows_list_floor_line_and_steward() {
        use Beyond::{ContractPrice, ListPrice};
        use PriceReason::{Excess, Floor, List, Stated};
        type Case = (&'static str, Option<i64>, Option<Terms>, Option<i64>, Vec<Row>);
        let table: Vec<Case> = vec![
            ("the list alone", Some(3_190), None, None, vec![(10_000, 3_190, List)]),
            (
                "a stated price stands above list and contract",
                Some(3_190),
                Some(terms(ListPrice, 440_000)),
                Some(4_000),
                vec![(10_000, 4_000, Stated)],
            ),
            (
                "a stated price needs no list",
                None,
                None,
                Some(4_000),
                vec![(10_000, 4_000, Stated)],
            ),
            (
                "the floor above the list",
                Some(3_190),
                Some(terms(ListPrice, 0)),
                None,
                vec![(10_000, 5_000, Floor)],
            ),
            (
                "the list above the floor",
                Some(6_000),
                Some(terms(ListPrice, 0)),
                None,
                vec![(10_000, 6_000, List)],
            ),
            (
                "the list at the floor",
                Some(5_000),
                Some(terms(ListPrice, 0)),
                None,
                vec![(10_000, 5_000, List)],
            ),
            (
                "exactly up to the line",
                Some(3_190),
                Some(terms(ListPrice, 430_000)),
                None,
                vec![(10_000, 5_000, Floor)],
            ),
            (
                "one gram beyond the line",
                Some(3_190),
                Some(terms(ListPrice, 430_001)),
                None,
                vec![(9_999, 5_000, Floor), (1, 3_190, Excess)],
            ),
            (
                "crossing with a list above the floor still shows the line",
                Some(6_000),
                Some(terms(ListPrice, 436_000)),
                None,
                vec![(4_000, 6_000, List), (6_000, 6_000, Excess)],
            ),
            (
                "nothing left",
                Some(3_190),
                Some(terms(ListPrice, 440_000)),
                None,
                vec![(10_000, 3_190, Excess)],
            ),
            (
                "less than nothing left",
                Some(3_190),
                Some(terms(ListPrice, 500_000)),
                None,
                vec![(10_000, 3_190, Excess)],
            ),
            (
                "the contract's price for all of it",
                Some(3_190),
                Some(terms(ContractPrice, 436_000)),
                None,
                vec![(10_000, 5_000, Floor)],
            ),
            (
                "a floor and no list",
                None,
                Some(terms(ListPrice, 0)),
                None,
                vec![(10_000, 5_000, Floor)],
            ),
            (
                "a contract without a floor follows the list",
                Some(3_190),
                Some(Terms { floor: LiPerKg::ZERO, ..terms(ListPrice, 0) }),
                None,
                vec![(10_000, 3_190, List)],
            ),
        ];
        for (name, list, terms, stated, wanted) in table {
            assert_eq!(priced(10_000, list, terms, stated), Ok(wanted), "{name}");
        }
    }

    #[test]
    fn a_pending_price_is_estimated_by_the_floor_else_the_last_list_else_what_was_typed() {
        let li = |price: i64| (price > 0).then_some(LiPerKg::new(price));
        let estimate = |floor, last, typed| {
            pending(Grams::new(10_000), Some(LiPerKg::new(floor)), li(last), li(typed))
                .map(|segments| segments.iter().map(|s| (s.price.get(), s.reason)).collect())
        };
        let at = |price| Ok(vec![(price, PriceReason::Pending)]);
        assert_eq!(estimate(5_000, 3_000, 2_000), at(5_000));
        assert_eq!(estimate(0, 3_000, 2_000), at(3_000));
        assert_eq!(estimate(0, 0, 2_000), at(2_000));
        assert_eq!(estimate(0, 0, 0), Err(PricingError::NoPrice));
        assert_eq!(pending(Grams::ZERO, None, None, None), Ok(Vec::new()));
    }

    #[test]
    fn without_any_price_there_is_no_segment() {
        assert_eq!(priced(10_000, None, None, None), Err(PricingError::NoPrice));
        // The excess has no list price to go by.
        let crossing = terms(Beyond::ListPrice, 436_000);
        assert_eq!(priced(10_000, None, Some(crossing), None), Err(PricingError::NoPrice));
        let floorless = Terms { floor: LiPerKg::ZERO, ..terms(Beyond::ContractPrice, 0) };
        assert_eq!(priced(10_000, None, Some(floorless), None), Err(PricingError::NoPrice));
        assert_eq!(priced(0, None, None, None), Ok(Vec::new()));
    }

    proptest! {
        #[test]
        fn segments_add_up_and_never_pay_less_than_the_list(
            settlement in 1..10_000_000_i64,
            list in 1..100_000_i64,
            floor in 0..100_000_i64,
            line in 0..10_000_000_i64,
            delivered in -1_000..20_000_000_i64,
            all in any::<bool>(),
        ) {
            let beyond = if all { Beyond::ContractPrice } else { Beyond::ListPrice };
            let terms = Terms {
                floor: LiPerKg::new(floor),
                line: Grams::new(line),
                beyond,
                delivered: Grams::new(delivered),
            };
            let rows = priced(settlement, Some(list), Some(terms), None).unwrap();
            prop_assert_eq!(rows.iter().map(|r| r.0).sum::<i64>(), settlement);
            prop_assert!(rows.len() <= 2);
            prop_assert!(rows.iter().all(|r| r.0 > 0 && r.1 >= list));
            let beyond_line = rows.iter().any(|r| r.2 == PriceReason::Excess);
            prop_assert_eq!(beyond_line, !all && terms.exceeded_by(Grams::new(settlement)));
        }
    }
}
