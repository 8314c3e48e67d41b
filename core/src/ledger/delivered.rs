//! What a grower delivered, month by month, in settlement weight: slips, less what came back and
//! what was taken back, each in the month in whose books it stands.

use std::borrow::Borrow;
use std::collections::BTreeMap;

use crate::domain::{Body, EntryId, Grams, Month, UnitError};

use super::arrived::Arrived;
use super::posted::posted;

/// What each slip still weighs, and what each return took off which slip.
#[derive(Default)]
struct Weights {
    left: BTreeMap<EntryId, Grams>,
    returned: BTreeMap<EntryId, (EntryId, Grams)>,
}

/// The settlement weight of one partition's entries by the month in whose books they stand; the
/// same entries and months that [`posted`] makes rows of.
///
/// # Errors
/// [`UnitError::Overflow`] if a sum does not fit.
pub fn delivered<A: Borrow<Arrived>>(
    entries: impl IntoIterator<Item = A>,
    month_of: &dyn Fn(&Arrived) -> Month,
) -> Result<BTreeMap<Month, Grams>, UnitError> {
    let entries: Vec<A> = entries.into_iter().collect();
    let bodies: BTreeMap<EntryId, &Body> =
        entries.iter().map(|a| (a.borrow().id, &a.borrow().entry.body)).collect();
    let (rows, _) = posted(entries.iter().map(Borrow::borrow), month_of)?;
    let mut months: BTreeMap<Month, Grams> = BTreeMap::new();
    let mut weights = Weights::default();
    for row in rows {
        let Some(body) = bodies.get(&row.id) else { continue };
        let change = weights.take(row.id, body)?;
        let sum = months.entry(row.month).or_default();
        *sum = sum.plus(change)?;
    }
    Ok(months)
}

impl Weights {
    /// By how much a counted entry changes what was delivered.
    fn take(&mut self, id: EntryId, body: &Body) -> Result<Grams, UnitError> {
        match body {
            Body::Slip(slip) => {
                let mut weight = Grams::ZERO;
                for line in &slip.lines {
                    weight = weight.plus(line.settlement()?)?;
                }
                self.left.insert(id, weight);
                Ok(weight)
            }
            Body::Return(back) => {
                self.returned.insert(id, (back.slip, back.weight));
                self.change(back.slip, Grams::ZERO.minus(back.weight)?)
            }
            Body::Void(void) => match self.returned.remove(&void.target) {
                Some((slip, weight)) => self.change(slip, weight),
                None => {
                    let left = self.left.remove(&void.target).unwrap_or_default();
                    Grams::ZERO.minus(left)
                }
            },
            _ => Ok(Grams::ZERO),
        }
    }

    fn change(&mut self, slip: EntryId, by: Grams) -> Result<Grams, UnitError> {
        let left = self.left.entry(slip).or_default();
        *left = left.plus(by)?;
        Ok(by)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::device::DeviceRole;
    use crate::domain::returned::Return;
    use crate::domain::slip::{Line, PriceReason, Segment, Slip, Weighing};
    use crate::domain::void::Void;
    use crate::domain::{
        Clock, DeviceNo, EntityNo, Entry, EntryHash, Envelope, Fen, Grade, GrowerId, LiPerKg,
        OperatorNo, ProductNo, VillageNo,
    };
    use crate::ledger::{StatedSum, Statement, moved_by_month};

    fn id(sequence: u32) -> EntryId {
        EntryId::new(DeviceNo::new(5).unwrap(), sequence)
    }

    fn grower() -> GrowerId {
        GrowerId::new(DeviceNo::default(), 1)
    }

    fn arrived(role: DeviceRole, id: EntryId, day: &str, body: impl Into<Body>) -> Arrived {
        let envelope = Envelope {
            lamport: u64::from(id.sequence.get()),
            date: day.parse().unwrap(),
            clock: Clock::default(),
            entity: EntityNo::new(1),
            operator: OperatorNo::new(7),
            reissue_of: None,
        };
        let entry = Entry { envelope, body: body.into() };
        let hash = EntryHash::of(&entry.encode());
        Arrived::new(id, hash, role, Some(VillageNo::new(1)), entry)
    }

    fn slip(number: u32, day: &str, kg: i64) -> Arrived {
        let weight = Grams::new(kg * 1_000);
        let line = Line {
            product: ProductNo::new(1),
            grade: Grade::default(),
            weighings: vec![Weighing { gross: weight, tare: Grams::ZERO }],
            deductions: Vec::new(),
            segments: vec![Segment {
                weight,
                price: LiPerKg::new(2_000),
                reason: PriceReason::List,
            }],
            amount: Fen::new(kg * 200),
            contract: None,
            marks: Default::default(),
        };
        let lines = vec![line];
        let slip = Slip { grower: grower(), lines, price_list: None, visit: Default::default() };
        arrived(DeviceRole::Phone, id(number), day, slip)
    }

    fn back(number: u32, day: &str, of: &Arrived, kg: i64) -> Arrived {
        let body = Return {
            grower: grower(),
            slip: of.id,
            slip_hash: of.hash,
            line: 0,
            weight: Grams::new(kg * 1_000),
            reason: "黄叶".into(),
        };
        arrived(DeviceRole::Phone, id(number), day, body)
    }

    fn void(number: u32, day: &str, of: &Arrived) -> Arrived {
        let body = Void {
            target: of.id,
            target_hash: of.hash,
            grower: grower(),
            reason: "称错".into(),
            replacement: None,
        };
        let mut void = arrived(DeviceRole::VillageOffice, id(number), day, body);
        void.entry.envelope.operator = OperatorNo::new(8);
        void
    }

    fn kg(entries: &[Arrived]) -> Vec<(String, i64)> {
        let months = delivered(entries, &|a| a.entry.envelope.date.month()).unwrap();
        months.iter().map(|(m, g)| (m.to_string(), g.get() / 1_000)).collect()
    }

    #[test]
    fn what_comes_back_or_is_voided_is_taken_off_the_month_in_which_it_is() {
        let first = slip(1, "2020-06-30", 10);
        let second = slip(2, "2020-07-01", 20);
        let came_back = back(3, "2020-07-01", &second, 3);
        let mut all = vec![first, second.clone(), came_back.clone()];
        let month = |month: &str, kg| (month.to_owned(), kg);
        assert_eq!(kg(&all), [month("2020-06", 10), month("2020-07", 17)]);
        all.push(void(4, "2020-07-01", &came_back));
        assert_eq!(kg(&all), [month("2020-06", 10), month("2020-07", 20)]);
        all.push(back(5, "2020-07-01", &second, 5));
        all.push(void(6, "2020-07-01", &second));
        assert_eq!(kg(&all), [month("2020-06", 10), month("2020-07", 0)]);
        all.reverse();
        assert_eq!(kg(&all), [month("2020-06", 10), month("2020-07", 0)]);
    }

    #[test]
    fn what_moved_in_a_month_is_what_its_statement_says() {
        let first = slip(1, "2020-06-30", 10);
        let second = slip(2, "2020-07-01", 20);
        let all = [
            first.clone(),
            second.clone(),
            back(3, "2020-07-01", &second, 3),
            void(4, "2020-08-01", &first),
        ];
        let month_of = |a: &Arrived| a.entry.envelope.date.month();
        let moved = moved_by_month(&all, &month_of).unwrap();
        let months: Vec<String> = moved.keys().map(ToString::to_string).collect();
        assert_eq!(months, ["2020-06", "2020-07", "2020-08"]);
        for (month, sums) in moved {
            let statement =
                Statement::of(VillageNo::new(1), month, grower(), &all, &month_of).unwrap();
            // A statement also says what is open at its end.
            let ended = statement.sums.into_iter().map(|sum| StatedSum {
                unpaid: Fen::ZERO,
                estimated: Fen::ZERO,
                ..sum
            });
            assert_eq!(sums, ended.collect::<Vec<_>>(), "{month}");
        }
    }
}
