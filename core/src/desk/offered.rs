//! Weighings that another program or a scale exported: offered to the steward, who says whose they
//! are. They become lines of a slip; until then nothing is bought.

use minicbor::{Decode, Encode};

use super::{SlipDraft, Visit};
use crate::domain::slip::Weighing;
use crate::domain::{BusinessDate, Grade, GrowerId, LiPerKg, ProductNo};

/// One row of such a file.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
#[cbor(array)]
pub struct OfferedWeighing {
    /// The day that the file names.
    #[n(0)]
    pub date: BusinessDate,
    /// Seconds of that day, if the file names a time.
    #[n(1)]
    pub second_of_day: Option<u32>,
    /// Whose produce, if the file says.
    #[n(2)]
    pub grower: Option<GrowerId>,
    /// What was weighed, if the file says.
    #[n(3)]
    pub product: Option<ProductNo>,
    /// In which grade, if the file says.
    #[n(4)]
    pub grade: Option<Grade>,
    /// Gross and tare; a file that only knows net has no tare.
    #[n(5)]
    pub weighing: Weighing,
    /// The price that the file names.
    #[n(6)]
    pub price: Option<LiPerKg>,
    /// The file's name.
    #[n(7)]
    pub file: String,
    /// The line in it, from 1.
    #[n(8)]
    pub line: u64,
    /// The steward wants it no more; it is kept, so that the same file does not offer it again.
    #[n(9)]
    pub dismissed: bool,
}

/// What the steward says of weighings whose file does not.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Otherwise {
    /// The product.
    pub product: Option<ProductNo>,
    /// The grade.
    pub grade: Option<Grade>,
    /// The price; without one the list and the contract price the line.
    pub price: Option<LiPerKg>,
}

/// An offered weighing of which nobody said what was weighed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("nobody said what was weighed")]
pub struct NoProduct;

/// What makes weighings one line.
type Kind = (ProductNo, Grade, Option<LiPerKg>);

/// A slip of these weighings: a line for each product, grade and price, in their order. What the
/// steward says goes before what the file says.
///
/// # Errors
/// [`NoProduct`] if neither says what was weighed.
pub fn draft(
    visit: Visit,
    offers: &[OfferedWeighing],
    otherwise: Otherwise,
) -> Result<SlipDraft, NoProduct> {
    let mut draft = SlipDraft::new(visit);
    let mut lines: Vec<(Kind, usize)> = Vec::new();
    for offer in offers {
        let product = otherwise.product.or(offer.product).ok_or(NoProduct)?;
        let grade = otherwise.grade.or(offer.grade).unwrap_or_default();
        let price = otherwise.price.or(offer.price);
        let known = lines.iter().find(|(line, _)| *line == (product, grade, price));
        let line = match known {
            Some((_, line)) => *line,
            None => {
                let line = draft.add_line(product, grade);
                draft.state_price(line, price).map_err(|_| NoProduct)?;
                lines.push(((product, grade, price), line));
                line
            }
        };
        draft.weigh(line, offer.weighing).map_err(|_| NoProduct)?;
    }
    Ok(draft)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::{Clock, DeviceNo, EntityNo, Grams};

    fn visit() -> Visit {
        Visit {
            grower: GrowerId::new(DeviceNo::default(), 1),
            entity: EntityNo::new(0),
            device: DeviceNo::default(),
            operator: Default::default(),
            date: "2026-07-01".parse().unwrap(),
            clock: Clock::default(),
            last_clock: None,
            own_household: false,
            day_confirmed: false,
        }
    }

    fn offer(product: Option<u32>, grams: i64, price: Option<i64>) -> OfferedWeighing {
        OfferedWeighing {
            date: "2026-07-01".parse().unwrap(),
            second_of_day: Some(21_600),
            grower: None,
            product: product.map(ProductNo::new),
            grade: None,
            weighing: Weighing { gross: Grams::new(grams), tare: Grams::ZERO },
            price: price.map(LiPerKg::new),
            file: "scale.csv".into(),
            line: 2,
            dismissed: false,
        }
    }

    #[test]
    fn weighings_of_one_product_grade_and_price_are_one_line() {
        let offers = [
            offer(Some(1), 500, None),
            offer(Some(2), 600, Some(3_000)),
            offer(Some(1), 700, None),
            offer(Some(1), 800, Some(3_000)),
        ];
        let draft = draft(visit(), &offers, Otherwise::default()).unwrap();
        let lines: Vec<_> =
            draft.lines().iter().map(|l| (l.product.get(), l.weighings.len(), l.stated)).collect();
        let dear = Some(LiPerKg::new(3_000));
        assert_eq!(lines, [(1, 2, None), (2, 1, dear), (1, 1, dear)]);
    }

    #[test]
    fn what_nobody_said_is_asked_for_and_what_the_steward_says_goes_first() {
        let offers = [offer(None, 500, None), offer(Some(2), 600, Some(3_000))];
        assert_eq!(draft(visit(), &offers, Otherwise::default()), Err(NoProduct));
        let said = Otherwise { product: Some(ProductNo::new(3)), ..Otherwise::default() };
        let draft = draft(visit(), &offers, said).unwrap();
        assert!(draft.lines().iter().all(|line| line.product == ProductNo::new(3)));
        assert_eq!(draft.lines().len(), 2);
    }

    #[test]
    fn an_offer_reads_back_as_it_was_kept() {
        let offer = offer(Some(7), 12_852, Some(3_190));
        let bytes = minicbor::to_vec(&offer).unwrap();
        assert_eq!(minicbor::decode::<OfferedWeighing>(&bytes).unwrap(), offer);
    }
}
