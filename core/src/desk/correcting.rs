//! What the office corrects many slips by: a price that was wrong all morning, a price that was
//! agreed to be fixed later. Pure; every row says what it changes before anything is written.

use crate::domain::pricing::{self, Terms};
use crate::domain::slip::{Segment, amount_of};
use crate::domain::{Fen, Grade, Grams, LiPerKg, ProductNo, UnitError};
use crate::ledger::{ContractRecord, SlipRecord};

/// What a wrong price was, and what it should have been.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Repricing {
    /// The product.
    pub product: ProductNo,
    /// Only this grade.
    pub grade: Option<Grade>,
    /// The price as printed.
    pub from: LiPerKg,
    /// The right one.
    pub to: LiPerKg,
}

/// By how much each line of a slip changes, with its number from 0: what is left of it at the wrong
/// price, at the right one. Lines that it does not touch, or by nothing, are left out.
///
/// # Errors
/// [`UnitError::Overflow`] if it does not fit.
pub fn repriced(slip: &SlipRecord, wrong: &Repricing) -> Result<Vec<(u16, Fen)>, UnitError> {
    let mut rows = Vec::new();
    for (number, line) in (0_u16..).zip(&slip.lines) {
        let meant = line.product == wrong.product
            && wrong.grade.is_none_or(|grade| grade == line.grade)
            && !slip.is_open(number);
        if !meant {
            continue;
        }
        let left = slip.segments_left(number)?;
        let mut right = left.clone();
        for segment in right.iter_mut().filter(|segment| segment.price == wrong.from) {
            segment.price = wrong.to;
        }
        let difference = amount_of(&right)?.minus(amount_of(&left)?)?;
        if difference != Fen::ZERO {
            rows.push((number, difference));
        }
    }
    Ok(rows)
}

/// The segments of a pending line at its final price, and what they come to. The contract's floor
/// holds up to its quantity and tolerance; `after` is what was delivered on it after this line.
///
/// # Errors
/// [`UnitError::Overflow`] if it does not fit.
pub fn fixed(
    slip: &SlipRecord,
    line: u16,
    price: LiPerKg,
    contract: Option<&ContractRecord>,
    after: Grams,
) -> Result<(Vec<Segment>, Fen), UnitError> {
    let weight = slip.left_of(line)?;
    let product = slip.line(line).map(|line| line.product);
    let agreed = contract
        .and_then(|record| Some((record, record.terms()?)))
        .filter(|(_, terms)| Some(terms.product) == product);
    let terms = match agreed {
        Some((record, terms)) => {
            Some(Terms::of(terms, record.delivered().minus(after)?.minus(weight)?)?)
        }
        None => None,
    };
    let segments = pricing::segments(weight, Some(price), terms.as_ref(), None);
    let segments = segments.map_err(|_| UnitError::Overflow)?;
    let amount = amount_of(&segments)?;
    Ok((segments, amount))
}
