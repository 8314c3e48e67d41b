//! A price list's columns: rows follow one another by product, and prices move from the list before
//! if that list is in the same message.

use std::collections::BTreeMap;

use super::{Columns, columns};
use crate::wire::rows::cbor::Unfit;
use crate::wire::rows::models::Int;
use crate::wire::rows::side::Side;
use crate::wire::rows::walk::Walk;

columns! {
    /// The columns of [`crate::domain::price_list::PriceList`].
    PriceListColumns {
        version: Int,
        from: Int,
        rows: Int,
        product: Int,
        grade: [Int; 2],
        price: [Int; 2],
        odd_price: Int,
    } remembers {
        last_version: i64,
        last_from: i64,
        last_rows: Vec<(i64, i64)>,
        prices: BTreeMap<(i64, i64), i64>,
    }
}

impl Columns for PriceListColumns {
    fn walk<S: Side>(&mut self, w: &mut Walk<'_, S>) -> Result<(), Unfit> {
        w.array_of(3)?;
        self.last_version = w.int(&mut self.version, self.last_version.wrapping_add(1))?;
        self.last_from = w.int(&mut self.from, self.last_from.wrapping_add(1))?;
        let rows = w.array(&mut self.rows, self.last_rows.len())?;
        let (mut product, mut grade, mut price) = (0_i64, -1_i64, 0_i64);
        let mut listed = Vec::new();
        for _ in 0..rows {
            w.array_of(3)?;
            // The row of the list before that follows the one just read; else the next product.
            let follows = self.last_rows.partition_point(|&row| row <= (product, grade));
            let guess = match self.last_rows.get(follows) {
                Some(&row) => row,
                None => (product.wrapping_add(1), 0),
            };
            let same = w.int(&mut self.product, guess.0)?;
            let [next_grade, first_grade] = &mut self.grade;
            grade = if same == product {
                w.int(next_grade, grade.wrapping_add(1))?
            } else {
                w.int(first_grade, if same == guess.0 { guess.1 } else { 0 })?
            };
            product = same;
            let [known, fresh] = &mut self.price;
            price = match self.prices.get(&(product, grade)) {
                Some(&before) => w.stepped(known, &mut self.odd_price, 10, before)?,
                None => w.stepped(fresh, &mut self.odd_price, 10, price)?,
            };
            self.prices.insert((product, grade), price);
            listed.push((product, grade));
        }
        listed.sort_unstable();
        self.last_rows = listed;
        Ok(())
    }
}
