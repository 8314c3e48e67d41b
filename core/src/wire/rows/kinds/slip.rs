//! A slip's columns: who, what, how heavy, at what price; what follows from them costs nothing.

use std::collections::BTreeMap;

use super::{Columns, columns};
use crate::domain::units::ExactAmount;
use crate::domain::{BasisPoints, Grams, LiPerKg};
use crate::wire::rows::cbor::Unfit;
use crate::wire::rows::models::{Cached, Flag, Ids, Int, Symbol, Text};
use crate::wire::rows::side::Side;
use crate::wire::rows::walk::Walk;

columns! {
    /// The columns of [`crate::domain::slip::Slip`].
    SlipColumns {
        grower: Ids,
        lines: Int,
        product: Cached,
        grade: Symbol<32>,
        weighings: Int,
        gross: [Int; 8],
        tare: Cached,
        deductions: Int,
        deduction: DeductionColumns,
        segments: Int,
        weight: Int,
        price: [Int; 3],
        odd_price: Int,
        price_reason: Symbol<8>,
        amount: Int,
        on_contract: Flag,
        contract: Ids,
        from_list: Flag,
        price_list: Int,
    } remembers {
        products: BTreeMap<i64, OfProduct>,
        last_list: i64,
    }
}

columns! {
    /// The columns of a deduction.
    DeductionColumns {
        by_share: Flag,
        amount: Int,
        reason: Text,
    }
}

/// What the lines of a product said.
#[derive(Debug, Clone, Default)]
struct OfProduct {
    /// The last gross.
    gross: i64,
    /// The last price, once a line was read.
    price: Option<i64>,
    /// The last price of each grade.
    by_grade: Vec<(i64, i64)>,
}

impl OfProduct {
    /// Takes note of a price.
    fn priced(&mut self, grade: i64, price: i64) {
        match self.by_grade.iter_mut().find(|(known, _)| *known == grade) {
            Some((_, last)) => *last = price,
            None => self.by_grade.push((grade, price)),
        }
    }
}

impl Columns for SlipColumns {
    fn walk<S: Side>(&mut self, w: &mut Walk<'_, S>) -> Result<(), Unfit> {
        let from_list = w.one_more(&mut self.from_list, 2)?;
        w.id(&mut self.grower)?;
        for _ in 0..w.array(&mut self.lines, 1)? {
            self.line(w)?;
        }
        if from_list {
            self.last_list = w.int(&mut self.price_list, self.last_list)?;
        }
        Ok(())
    }
}

impl SlipColumns {
    fn line<S: Side>(&mut self, w: &mut Walk<'_, S>) -> Result<(), Unfit> {
        let on_contract = w.one_more(&mut self.on_contract, 6)?;
        let product = w.cached(&mut self.product, 0)?;
        let grade = w.symbol(&mut self.grade)?;
        let of_product = self.products.entry(product).or_default();
        let mut net = 0_i64;
        for _ in 0..w.array(&mut self.weighings, 1)? {
            w.array_of(2)?;
            // Weights of a product resemble one another in size, not in grams.
            let size = match bit_length(of_product.gross) {
                0 => 0,
                length => length.saturating_sub(8).clamp(1, 7),
            };
            let model = self.gross.get_mut(size).ok_or(Unfit)?;
            let gross = w.int(model, 0)?;
            of_product.gross = gross;
            // Crates of one size: how many follows from the weight.
            let tare = w.cached(&mut self.tare, bit_length(gross).saturating_sub(12))?;
            net = net.wrapping_add(gross.wrapping_sub(tare));
        }
        let mut left = net;
        for _ in 0..w.array(&mut self.deductions, 0)? {
            left = left.wrapping_sub(self.deduction.grams(w, net)?);
        }
        let mut last_price = of_product.price.unwrap_or(0);
        let mut exact = ExactAmount::default();
        for _ in 0..w.array(&mut self.segments, 1)? {
            w.array_of(3)?;
            let weight = w.int(&mut self.weight, left)?;
            left = left.wrapping_sub(weight);
            let [known, other_grade, fresh] = &mut self.price;
            let same_grade = of_product.by_grade.iter().find(|(known, _)| *known == grade);
            let (model, guess) = match (same_grade, of_product.price) {
                (Some((_, price)), _) => (known, *price),
                (None, Some(price)) => (other_grade, price),
                (None, None) => (fresh, 0),
            };
            last_price = w.stepped(model, &mut self.odd_price, 10, guess)?;
            of_product.priced(grade, last_price);
            exact = exact
                .plus(ExactAmount::of(Grams::new(weight), LiPerKg::new(last_price)))
                .unwrap_or_default();
            w.symbol(&mut self.price_reason)?;
        }
        of_product.price = Some(last_price);
        w.int(&mut self.amount, exact.to_fen().unwrap_or_default().get())?;
        if on_contract {
            w.id(&mut self.contract)?;
        }
        Ok(())
    }
}

impl DeductionColumns {
    /// Walks over a deduction; the grams that it takes off.
    fn grams<S: Side>(&mut self, w: &mut Walk<'_, S>, net: i64) -> Result<i64, Unfit> {
        w.array_of(2)?;
        w.array_of(2)?;
        let by_share = w.choice(&mut self.by_share)?;
        w.array_of(1)?;
        let amount = w.int(&mut self.amount, 0)?;
        w.text(&mut self.reason)?;
        Ok(if by_share {
            Grams::new(net).share(BasisPoints::new(amount)).unwrap_or_default().get()
        } else {
            amount
        })
    }
}

/// How many bits a positive number has; 0 for nothing.
fn bit_length(value: i64) -> usize {
    usize::try_from(i64::BITS - value.max(0).leading_zeros()).unwrap_or(0)
}
