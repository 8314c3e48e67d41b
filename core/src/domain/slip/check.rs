//! What a slip breaks from its own fields.

use super::{DeductionAmount, Line, Segment, Slip, Weighing};
use crate::domain::check::{
    Breach, Breaches, Check, Limits, MAX_DEDUCTIONS, MAX_LINES, MAX_SEGMENTS, MAX_WEIGHINGS, Place,
};
use crate::domain::rule::Rule;
use crate::domain::units::{Grams, LiPerKg};

impl Check for Slip {
    fn check(&self, limits: &Limits) -> Vec<Breach> {
        let mut found = Breaches::new();
        found.demand(!self.lines.is_empty(), Rule::PURCHASE_NO_LINES, Place::Entry);
        found.demand(self.lines.len() <= MAX_LINES, Rule::PURCHASE_TOO_MANY_LINES, Place::Entry);
        for (place, line) in self.lines.iter().enumerate() {
            // Without a net weight nothing that follows can be measured.
            if let Some(settlement) = weights(line, place, limits, &mut found) {
                prices(line, place, settlement, &mut found);
            }
        }
        let fits = self.amount().and_then(|amount| amount.plus(self.estimate()?)).is_ok();
        found.demand(fits, Rule::PURCHASE_TOO_LARGE, Place::Entry);
        found.finish()
    }
}

impl Weighing {
    /// Why no slip could take it: the first number that is wrong; none if it is sound.
    pub fn fault(self, limits: &Limits) -> Option<Rule> {
        if self.gross <= Grams::ZERO {
            Some(Rule::PURCHASE_GROSS_NOT_POSITIVE)
        } else if self.tare < Grams::ZERO {
            Some(Rule::PURCHASE_TARE_NEGATIVE)
        } else if self.tare >= self.gross {
            Some(Rule::PURCHASE_TARE_NOT_BELOW_GROSS)
        } else if self.gross > limits.scale_capacity {
            Some(Rule::PURCHASE_BEYOND_CAPACITY)
        } else {
            None
        }
    }
}

/// Checks weighings and deductions; the settlement weight if all of them are in order.
///
/// Crate-wide because a draft asks the same of a line that has no price yet.
pub(crate) fn weights(
    line: &Line,
    place: usize,
    limits: &Limits,
    found: &mut Breaches,
) -> Option<Grams> {
    let here = Place::Line(place);
    let mut sound = found.demand(!line.weighings.is_empty(), Rule::PURCHASE_NO_WEIGHINGS, here);
    sound &= found.demand(
        line.weighings.len() <= MAX_WEIGHINGS,
        Rule::PURCHASE_TOO_MANY_WEIGHINGS,
        here,
    );
    for (number, weighing) in line.weighings.iter().enumerate() {
        let at = Place::Weighing { line: place, weighing: number };
        if let Some(rule) = weighing.fault(limits) {
            sound = found.demand(false, rule, at);
        }
    }
    sound &= found.demand(
        line.deductions.len() <= MAX_DEDUCTIONS,
        Rule::PURCHASE_TOO_MANY_DEDUCTIONS,
        here,
    );
    for (number, deduction) in line.deductions.iter().enumerate() {
        let amount = match deduction.amount {
            DeductionAmount::Weight(weight) => weight.get(),
            DeductionAmount::Share(share) => share.get(),
        };
        let at = Place::Deduction { line: place, deduction: number };
        sound &= found.demand(amount > 0, Rule::PURCHASE_DEDUCTION_NOT_POSITIVE, at);
    }
    if !sound {
        return None;
    }
    let Ok(settlement) = line.settlement() else {
        found.demand(false, Rule::PURCHASE_TOO_LARGE, here);
        return None;
    };
    found
        .demand(settlement > Grams::ZERO, Rule::PURCHASE_DEDUCTIONS_NOT_BELOW_NET, here)
        .then_some(settlement)
}

/// Checks the segments against the settlement weight, and the amount against the segments.
fn prices(line: &Line, place: usize, settlement: Grams, found: &mut Breaches) {
    let here = Place::Line(place);
    let segments = &line.segments;
    let mut sound = found.demand(!segments.is_empty(), Rule::PURCHASE_NO_SEGMENTS, here)
        && found.demand(segments.len() <= MAX_SEGMENTS, Rule::PURCHASE_TOO_MANY_SEGMENTS, here);
    let weighty = segments.iter().all(|s| s.weight > Grams::ZERO);
    sound &= found.demand(weighty, Rule::PURCHASE_SEGMENT_NOT_POSITIVE, here);
    let priced = segments.iter().all(|s| s.price > LiPerKg::ZERO);
    sound &= found.demand(priced, Rule::PURCHASE_PRICE_NOT_POSITIVE, here);
    // A line is pending as a whole: half of it cannot be paid and half not.
    let whole = segments.iter().all(Segment::is_pending) || !line.is_pending();
    sound &= found.demand(whole, Rule::PURCHASE_HALF_PENDING, here);
    if !sound {
        return;
    }
    match (Grams::sum(segments.iter().map(|s| s.weight)), line.computed_amount()) {
        (Ok(weight), Ok(amount)) => {
            found.demand(weight == settlement, Rule::PURCHASE_SEGMENTS_DO_NOT_ADD_UP, here);
            found.demand(amount == line.amount, Rule::PURCHASE_AMOUNT_DISAGREES, here);
        }
        _ => {
            found.demand(false, Rule::PURCHASE_TOO_LARGE, here);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::{Deduction, PriceReason};
    use super::*;
    use crate::domain::check::rules_of;
    use crate::domain::ids::{DeviceNo, GrowerId, ProductNo};
    use crate::domain::rules::Rules;
    use crate::domain::units::{BasisPoints, Fen, Grade};

    fn weighing(gross: i64, tare: i64) -> Weighing {
        Weighing { gross: Grams::new(gross), tare: Grams::new(tare) }
    }

    fn segment(weight: i64, price: i64) -> Segment {
        Segment {
            weight: Grams::new(weight),
            price: LiPerKg::new(price),
            reason: PriceReason::List,
        }
    }

    fn off(amount: DeductionAmount) -> Deduction {
        Deduction { amount, reason: "water".into() }
    }

    /// 11.352 kg at 3.19 元/kg, in order.
    fn line() -> Line {
        Line {
            product: ProductNo::new(1),
            grade: Grade::default(),
            weighings: vec![weighing(12_852, 1_500)],
            deductions: Vec::new(),
            segments: vec![segment(11_352, 3_190)],
            amount: Fen::new(3_621),
            contract: None,
            marks: Default::default(),
        }
    }

    fn broken_by(lines: Vec<Line>) -> Vec<&'static str> {
        let grower = GrowerId::new(DeviceNo::default(), 1);
        let slip = Slip { grower, lines, price_list: None, visit: Default::default() };
        let breaches = slip.check(&Limits::of(&Rules::default()));
        rules_of(&breaches).iter().map(|rule| rule.code).collect()
    }

    #[test]
    fn a_slip_in_order_breaks_nothing() {
        assert!(broken_by(vec![line()]).is_empty());
        let two = Line {
            weighings: vec![weighing(12_852, 1_500), weighing(2_000, 0)],
            deductions: vec![
                off(DeductionAmount::Weight(Grams::new(300))),
                off(DeductionAmount::Share(BasisPoints::new(200))),
            ],
            // 13,352 − 300 − 267 = 12,785
            segments: vec![segment(10_000, 3_190), segment(2_785, 2_000)],
            amount: Fen::new(3_747),
            ..line()
        };
        assert!(broken_by(vec![line(), two]).is_empty());
    }

    #[test]
    fn each_way_to_be_wrong_has_its_rule_and_only_that() {
        type Spoil = fn(&mut Line);
        let table: &[(&str, Spoil)] = &[
            ("no_weighings", |l| l.weighings.clear()),
            ("too_many_weighings", |l| l.weighings = vec![weighing(2, 1); MAX_WEIGHINGS + 1]),
            ("gross_not_positive", |l| l.weighings = vec![weighing(0, 0)]),
            ("gross_not_positive", |l| l.weighings = vec![weighing(-5, -9)]),
            ("tare_negative", |l| l.weighings = vec![weighing(11_000, -352)]),
            ("tare_not_below_gross", |l| l.weighings = vec![weighing(1_500, 1_500)]),
            ("tare_not_below_gross", |l| l.weighings = vec![weighing(1_000, 1_500)]),
            ("beyond_capacity", |l| l.weighings = vec![weighing(300_001, 0)]),
            ("deduction_not_positive", |l| {
                l.deductions = vec![off(DeductionAmount::Weight(Grams::ZERO))];
            }),
            ("deduction_not_positive", |l| {
                l.deductions = vec![off(DeductionAmount::Share(BasisPoints::new(-1)))];
            }),
            ("too_many_deductions", |l| {
                l.deductions =
                    vec![off(DeductionAmount::Weight(Grams::new(1))); MAX_DEDUCTIONS + 1];
            }),
            ("deductions_not_below_net", |l| {
                l.deductions = vec![off(DeductionAmount::Weight(Grams::new(11_352)))];
            }),
            ("deductions_not_below_net", |l| {
                l.deductions = vec![off(DeductionAmount::Share(BasisPoints::new(10_000)))];
            }),
            ("no_segments", |l| l.segments.clear()),
            ("too_many_segments", |l| l.segments = vec![segment(3_784, 3_190); 3]),
            ("segment_not_positive", |l| {
                l.segments = vec![segment(11_352, 3_190), segment(0, 3_190)];
            }),
            ("price_not_positive", |l| l.segments = vec![segment(11_352, 0)]),
            ("amount_disagrees", |l| l.amount = Fen::new(3_622)),
            ("too_large", |l| l.segments = vec![segment(i64::MAX, 1), segment(1, 1)]),
        ];
        for (name, spoil) in table {
            let mut spoiled = line();
            spoil(&mut spoiled);
            assert_eq!(broken_by(vec![spoiled]), [format!("purchase.{name}")], "{name}");
        }
    }

    #[test]
    fn segments_that_do_not_add_up_come_before_the_amount() {
        let wrong = Line { segments: vec![segment(11_000, 3_190)], ..line() };
        assert_eq!(
            broken_by(vec![wrong]),
            ["purchase.segments_do_not_add_up", "purchase.amount_disagrees"]
        );
    }

    #[test]
    fn no_lines_and_too_many_are_both_refused() {
        assert_eq!(broken_by(Vec::new()), ["purchase.no_lines"]);
        assert!(broken_by(vec![line(); MAX_LINES]).is_empty());
        assert_eq!(broken_by(vec![line(); MAX_LINES + 1]), ["purchase.too_many_lines"]);
    }

    #[test]
    fn a_breach_names_the_line_and_the_weighing() {
        let second = Line { weighings: vec![weighing(12_852, 1_500), weighing(1, 2)], ..line() };
        let slip = Slip {
            grower: GrowerId::new(DeviceNo::default(), 1),
            lines: vec![line(), second],
            price_list: None,
            visit: Default::default(),
        };
        let breaches = slip.check(&Limits::LEDGER);
        assert_eq!(
            breaches,
            [Breach::new(
                Rule::PURCHASE_TARE_NOT_BELOW_GROSS,
                Place::Weighing { line: 1, weighing: 1 }
            )]
        );
        assert_eq!(breaches[0].place.line(), Some(1));
    }

    #[test]
    fn numbers_at_the_edge_of_the_type_are_named_not_wrapped() {
        let huge = Limits { scale_capacity: Grams::new(i64::MAX), ..Limits::LEDGER };
        let spoiled =
            Line { weighings: vec![weighing(i64::MAX, 0), weighing(i64::MAX, 0)], ..line() };
        let slip = Slip {
            grower: GrowerId::new(DeviceNo::default(), 1),
            lines: vec![spoiled, line()],
            price_list: None,
            visit: Default::default(),
        };
        assert_eq!(rules_of(&slip.check(&huge)), [Rule::PURCHASE_TOO_LARGE]);
        let amounts = vec![Line { amount: Fen::new(i64::MAX), ..line() }; 2];
        assert_eq!(broken_by(amounts), ["purchase.amount_disagrees", "purchase.too_large"]);
    }
}
