//! Corrections that the office makes: adjustments one by one or in bulk with one reason, returns,
//! prices that were agreed to be fixed later, and voids. What would be held is not written.

use std::collections::BTreeMap;

use courtyard_core::desk::correcting::{Repricing, fixed, repriced};
use courtyard_core::domain::adjustment::Adjustment;
use courtyard_core::domain::price_fix::PriceFix;
use courtyard_core::domain::returned::Return;
use courtyard_core::domain::void::Void;
use courtyard_core::domain::{
    Body, BusinessDate, Clock, EntityNo, EntryId, Envelope, Fen, Grams, GrowerId, LiPerKg,
    ProductNo, Rule, UnitError, VillageNo,
};
use courtyard_core::ledger::{CorrectionKind, SlipRecord};
use courtyard_core::store::{SlipFilter, Store, StoreError};

use super::OfficeError;
use super::acting::Role;
use super::error::CommandError;
use crate::deed::{Deed, On};

/// One correction before it is written.
#[derive(Debug, Clone)]
pub struct Planned {
    /// Whose slip.
    pub grower: GrowerId,
    /// The slip.
    pub slip: EntryId,
    /// Its business date.
    pub date: BusinessDate,
    /// The line, counted from 0, if it is about one.
    pub line: Option<u16>,
    /// By how much it changes what is owed for the slip.
    pub amount: Fen,
    village: Option<VillageNo>,
    entity: EntityNo,
    body: Body,
}

/// Which slips a bulk or a price fix is about.
#[derive(Debug, Clone, Copy)]
pub struct Span {
    /// The village.
    pub village: VillageNo,
    /// From this day on.
    pub from: BusinessDate,
    /// Up to and with this day.
    pub to: BusinessDate,
}

fn unread(error: StoreError) -> OfficeError {
    OfficeError::Document(format!("the view: {error}"))
}

fn too_large(_: UnitError) -> OfficeError {
    rule(Rule::AMOUNT_TOO_LARGE)
}

fn rule(rule: Rule) -> OfficeError {
    CommandError::Rule(rule).into()
}

/// An adjustment of one slip, or of one line of it.
///
/// # Errors
/// [`Rule::TARGET_UNKNOWN`] without such a slip.
pub fn adjustment(
    store: &Store,
    slip: EntryId,
    line: Option<u16>,
    amount: Fen,
    reason: &str,
) -> Result<Planned, OfficeError> {
    let slip = store.slip(slip).map_err(unread)?.ok_or_else(|| rule(Rule::TARGET_UNKNOWN))?;
    Ok(adjusted(&slip, line, amount, reason))
}

fn adjusted(slip: &SlipRecord, line: Option<u16>, amount: Fen, reason: &str) -> Planned {
    let body = Adjustment {
        grower: slip.grower,
        slip: slip.id,
        slip_hash: slip.hash,
        line,
        amount,
        reason: reason.trim().to_owned(),
        bulk: None,
        approved_by: None,
    };
    planned(slip, line, amount, body.into())
}

fn planned(slip: &SlipRecord, line: Option<u16>, amount: Fen, body: Body) -> Planned {
    Planned {
        grower: slip.grower,
        slip: slip.id,
        date: slip.date,
        line,
        amount,
        village: slip.village,
        entity: slip.entity,
        body,
    }
}

/// A return (退货) of so much of a line, counted from 0, at its price.
///
/// # Errors
/// [`Rule::TARGET_UNKNOWN`] without such a slip, or a worth that does not fit.
pub fn returned(
    store: &Store,
    slip: EntryId,
    line: u16,
    weight: Grams,
    reason: &str,
) -> Result<Planned, OfficeError> {
    let slip = store.slip(slip).map_err(unread)?.ok_or_else(|| rule(Rule::TARGET_UNKNOWN))?;
    let off = slip.worth_of(line, weight).and_then(Fen::negated).map_err(too_large)?;
    let body = Return {
        grower: slip.grower,
        slip: slip.id,
        slip_hash: slip.hash,
        line,
        weight,
        reason: reason.trim().to_owned(),
    };
    Ok(planned(&slip, Some(line), off, body.into()))
}

/// One wrong price for a whole morning: the adjustments that put it right, slip by slip. Lines that
/// an adjustment names already are left out.
///
/// # Errors
/// If the view cannot be read, or a sum does not fit.
pub fn bulk(
    store: &Store,
    span: Span,
    wrong: &Repricing,
    reason: &str,
) -> Result<Vec<Planned>, OfficeError> {
    let mut all = Vec::new();
    for slip in standing(store, span)? {
        let corrections = store.corrections_of(slip.grower).map_err(unread)?;
        for (line, amount) in repriced(&slip, wrong).map_err(too_large)? {
            // A line that was adjusted before is not adjusted twice by the same bulk.
            let done = corrections.iter().any(|before| {
                before.kind == CorrectionKind::Adjustment
                    && before.state.stands()
                    && (before.slip, before.line) == (slip.id, Some(line))
            });
            if !done {
                all.push(adjusted(&slip, Some(line), amount, reason));
            }
        }
    }
    Ok(all)
}

/// The price of a product's pending lines, slip by slip. What exceeds a contract is what came last.
///
/// # Errors
/// If the view cannot be read, or a sum does not fit.
pub fn price_fixes(
    store: &Store,
    span: Span,
    product: ProductNo,
    price: LiPerKg,
) -> Result<Vec<Planned>, OfficeError> {
    if price <= LiPerKg::ZERO {
        return Err(rule(Rule::PURCHASE_PRICE_NOT_POSITIVE));
    }
    let mut all = Vec::new();
    let mut after = BTreeMap::new();
    for slip in standing(store, span)?.iter().rev() {
        let open: Vec<(u16, Grams, _)> = slip
            .unfixed_lines()
            .filter(|(_, line)| line.product == product)
            .map(|(number, line)| (number, line.settlement, line.contract))
            .collect();
        for (number, weight, contract) in open.into_iter().rev() {
            let agreed = match contract {
                Some(contract) => store.contract(slip.grower, contract).map_err(unread)?,
                None => None,
            };
            let later: &mut Grams = after.entry((slip.grower, contract)).or_default();
            let (segments, amount) =
                fixed(slip, number, price, agreed.as_ref(), *later).map_err(too_large)?;
            *later = later.plus(weight).map_err(too_large)?;
            let body = PriceFix {
                grower: slip.grower,
                slip: slip.id,
                slip_hash: slip.hash,
                line: number,
                segments,
                amount,
            };
            all.push(planned(slip, Some(number), amount, body.into()));
        }
    }
    all.reverse();
    Ok(all)
}

/// The slips of a village that stand, in the order of their days and numbers.
fn standing(store: &Store, span: Span) -> Result<Vec<SlipRecord>, OfficeError> {
    let filter = SlipFilter {
        village: Some(span.village),
        from: Some(span.from),
        to: Some(span.to),
        limit: u32::MAX,
        ..SlipFilter::default()
    };
    let mut all = Vec::new();
    for row in store.slips(filter).map_err(unread)? {
        all.extend(store.slip(row.id).map_err(unread)?.filter(|slip| slip.state.stands()));
    }
    all.sort_by_key(|slip| (slip.date, slip.id));
    Ok(all)
}

/// The void of a slip, a payout or a correction, with the slip in its place.
///
/// # Errors
/// [`Rule::VOID_TARGET_UNKNOWN`] if it is no entry of a grower.
pub fn void(
    store: &Store,
    target: EntryId,
    reason: &str,
    replacement: Option<EntryId>,
) -> Result<Planned, OfficeError> {
    let unknown = || rule(Rule::VOID_TARGET_UNKNOWN);
    let entry = store.entry(target).map_err(unread)?.ok_or_else(unknown)?;
    let (arrived, envelope) = (&entry.arrived, &entry.arrived.entry.envelope);
    let grower = arrived.entry.body.grower().ok_or_else(unknown)?;
    let body = Void {
        target,
        target_hash: arrived.hash,
        grower,
        reason: reason.trim().to_owned(),
        replacement,
    };
    let owed = store.slip(target).map_err(unread)?.map_or(Ok(Fen::ZERO), |slip| slip.due());
    Ok(Planned {
        grower,
        slip: target,
        date: envelope.date,
        line: None,
        amount: owed.and_then(Fen::negated).map_err(too_large)?,
        village: arrived.village,
        entity: envelope.entity,
        body: body.into(),
    })
}

/// Writes corrections with one reason, linked to the first of them if they are adjustments. From the
/// district's limit on a second person must have approved them; nothing is written of what the
/// ledger would hold.
///
/// # Errors
/// A rule; the second person is the first, or may not; or the log's error.
pub fn write(
    store: &Store,
    deed: &mut Deed<'_>,
    corrections: Vec<Planned>,
    approved_by: Option<&str>,
) -> Result<Vec<EntryId>, OfficeError> {
    let weighty = |planned: &Planned| matches!(planned.body, Body::Adjustment(_) | Body::Return(_));
    let moved = corrections
        .iter()
        .filter(|planned| weighty(planned))
        .try_fold(Fen::ZERO, |sum: Fen, planned| {
            sum.plus(planned.amount.max(planned.amount.negated()?))
        });
    let limit = store.rules().map_err(unread)?.bookkeeping.second_person_from;
    let second = match approved_by {
        Some(name) => Some(deed.second(name, Role::REVIEWERS)?.operator),
        None if corrections.iter().any(weighty) && moved.map_err(too_large)? >= limit => {
            return Err(needs_approval(limit));
        }
        None => None,
    };
    let mut ids: Vec<EntryId> = Vec::new();
    for mut planned in corrections {
        if let Body::Adjustment(adjustment) = &mut planned.body {
            adjustment.approved_by = second;
            adjustment.bulk = ids.first().copied();
        }
        let village = planned.village.ok_or_else(|| rule(Rule::ENTRY_NOT_FOR_THIS_DEVICE))?;
        must_count(store, deed, village, &planned)?;
        let on = On { village: Some(village), entity: planned.entity, date: None };
        ids.extend(deed.write(on, &[planned.body])?);
    }
    Ok(ids)
}

/// What the ledger would hold is said now.
fn must_count(
    store: &Store,
    deed: &Deed<'_>,
    village: VillageNo,
    planned: &Planned,
) -> Result<(), OfficeError> {
    let office = deed.reads().office_device(Some(village))?;
    let office = office.ok_or(CommandError::NoVillage(village.get()))?;
    let envelope = Envelope {
        lamport: 0,
        date: BusinessDate::at(deed.now_ms.div_euclid(1_000)),
        clock: Clock::default(),
        entity: planned.entity,
        operator: deed.acting.operator,
        reissue_of: None,
    };
    let bodies = [planned.body.clone()];
    let trial = store.trial((office.number(), village), &envelope, &bodies).map_err(unread)?;
    match trial.first().and_then(|outcome| outcome.status.reasons().first()) {
        Some(reason) => Err(rule(*reason)),
        None => Ok(()),
    }
}

fn needs_approval(limit: Fen) -> OfficeError {
    let limit = limit.text();
    CommandError::said(
        format!(
            "调整、退货合计达到 {limit}，要有另一人复核：请用 --approved-by 写明。没有改动任何东西。"
        ),
        format!(
            "Adjustments and returns from {limit} on need a second person: name them with --approved-by. \
             Nothing was changed."
        ),
    )
    .into()
}
#[cfg(test)]
mod tests {
    use courtyard_core::domain::slip::{Line, PriceReason, Segment, Slip, Weighing};
    use courtyard_core::domain::{DeviceNo, Grade, OperatorNo};
    use courtyard_core::ledger::{CorrectionRecord, State};

    use super::*;
    use crate::command::place::failure;
    use crate::command::place::tests::node;
    use crate::node::{Node, NodeError};
    use crate::office::publish::Stamp;

    const SPINACH: ProductNo = ProductNo::new(1);

    fn household(number: u32) -> GrowerId {
        GrowerId::new(DeviceNo::default(), number)
    }

    /// Somebody bought 40 kg at 3.00 元/kg on a day in July.
    fn slip(node: &mut Node, village: VillageNo, grower: u32, reason: PriceReason) -> EntryId {
        slip_on("2020-07-01", node, village, grower, reason)
    }

    fn slip_on(
        day: &str,
        node: &mut Node,
        village: VillageNo,
        grower: u32,
        reason: PriceReason,
    ) -> EntryId {
        let weight = Grams::new(40_000);
        let line = Line {
            product: SPINACH,
            grade: Grade::default(),
            weighings: vec![Weighing { gross: weight, tare: Grams::ZERO }],
            deductions: Vec::new(),
            segments: vec![Segment { weight, price: LiPerKg::new(3_000), reason }],
            amount: Fen::new(12_000),
            contract: None,
            marks: Default::default(),
        };
        let grower = household(grower);
        let slip = Slip { grower, lines: vec![line], price_list: None, visit: Default::default() };
        let ids = node.act(|office, tx, now_ms, _| {
            let date = day.parse().unwrap();
            let stamp = Stamp { operator: OperatorNo::new(90), date, ..Stamp::today(now_ms) };
            office.publish(tx, Some(village), &[slip.clone().into()], stamp)
        });
        *ids.unwrap().first().unwrap()
    }

    fn staffed() -> (Node, VillageNo, tempfile::TempDir) {
        let (mut node, folder) = node();
        let village = node.add_village("石桥村", None).unwrap();
        node.put_user("李审核", "reviewer", "long enough").unwrap();
        node.put_user("王经办", "clerk", "long enough").unwrap();
        (node, village, folder)
    }

    /// Plans by the view and writes in this user's name.
    fn written(
        node: &mut Node,
        by: &str,
        approved_by: Option<&str>,
        plan: impl FnOnce(&Store) -> Result<Vec<Planned>, OfficeError>,
    ) -> Result<Vec<EntryId>, NodeError> {
        let view = node.view()?;
        let planned = plan(view.store())?;
        node.act_as(by, Role::CLERKS, |deed| write(view.store(), deed, planned, approved_by))
    }

    fn unpaid(node: &mut Node, slip: EntryId) -> i64 {
        node.view().unwrap().store().slip(slip).unwrap().unwrap().remaining.get()
    }

    fn said(result: Result<Vec<EntryId>, NodeError>) -> String {
        format!("{:?}", failure(result.unwrap_err()))
    }

    #[test]
    fn one_wrong_price_for_a_whole_morning_is_one_bulk_with_one_reason() {
        let (mut node, village, _folder) = staffed();
        let slips = [1, 2].map(|grower| slip(&mut node, village, grower, PriceReason::List));
        let day: BusinessDate = "2020-07-01".parse().unwrap();
        let morning = |store: &Store| {
            let (from, to) = (LiPerKg::new(3_000), LiPerKg::new(3_500));
            let wrong = Repricing { product: SPINACH, grade: None, from, to };
            bulk(store, Span { village, from: day, to: day }, &wrong, "价目表录错")
        };
        let planned = morning(node.view().unwrap().store()).unwrap();
        let differences: Vec<(EntryId, i64)> =
            planned.iter().map(|one| (one.slip, one.amount.get())).collect();
        assert_eq!(differences, slips.map(|slip| (slip, 2_000)));
        let ids = written(&mut node, "王经办", None, morning).unwrap();
        assert_eq!(slips.map(|slip| unpaid(&mut node, slip)), [14_000, 14_000]);
        let view = node.view().unwrap();
        let told = |grower| view.store().corrections_of(household(grower)).unwrap();
        assert_eq!(
            told(1).first().map(|c| (c.bulk, c.reason.clone())),
            Some((None, "价目表录错".into()))
        );
        assert_eq!(told(2).first().and_then(|c: &CorrectionRecord| c.bulk), ids.first().copied());
        // What was put right once is not put right twice.
        assert!(morning(view.store()).unwrap().is_empty());
    }

    #[test]
    fn from_the_districts_limit_on_another_person_approves() {
        let (mut node, village, _folder) = staffed();
        let slip = slip(&mut node, village, 1, PriceReason::List);
        let by = |fen: i64| {
            move |store: &Store| {
                adjustment(store, slip, None, Fen::new(fen), "品级评错").map(|one| vec![one])
            }
        };
        assert!(said(written(&mut node, "王经办", None, by(-10_000))).contains("--approved-by"));
        assert!(
            said(written(&mut node, "王经办", Some("王经办"), by(-10_000))).contains("clerk")
                || said(written(&mut node, "李审核", Some("李审核"), by(-10_000)))
                    .contains("另一人")
        );
        assert_eq!(unpaid(&mut node, slip), 12_000);
        written(&mut node, "王经办", Some("李审核"), by(-10_000)).unwrap();
        assert_eq!(unpaid(&mut node, slip), 2_000);
        // What the ledger would hold is not written.
        let below = said(written(&mut node, "王经办", None, by(-2_001)));
        assert!(below.contains("小于零"), "{below}");
        written(&mut node, "王经办", None, by(-2_000)).unwrap();
        assert_eq!(unpaid(&mut node, slip), 0);
    }

    #[test]
    fn a_return_beyond_the_phones_limit_is_written_at_the_office_by_two() {
        let (mut node, village, _folder) = staffed();
        // Today's, so that no hours of return are over.
        let slip = slip_on("2026-07-01", &mut node, village, 1, PriceReason::List);
        let of = |grams: i64| {
            move |store: &Store| {
                returned(store, slip, 0, Grams::new(grams), "有虫").map(|one| vec![one])
            }
        };
        let planned = of(35_000)(node.view().unwrap().store()).unwrap();
        assert_eq!(planned.first().map(|one| one.amount), Some(Fen::new(-10_500)));
        let alone = said(written(&mut node, "王经办", None, of(35_000)));
        assert!(alone.contains("--approved-by"), "{alone}");
        let same = written(&mut node, "王经办", Some("王经办"), of(35_000));
        assert!(same.is_err());
        assert_eq!(unpaid(&mut node, slip), 12_000);
        let ids = written(&mut node, "王经办", Some("李审核"), of(35_000)).unwrap();
        assert_eq!((ids.len(), unpaid(&mut node, slip)), (1, 1_500));
        // No more than is left of the line.
        let beyond = written(&mut node, "王经办", None, of(5_001)).unwrap_err();
        assert!(format!("{beyond:?}").contains("return.beyond_line"), "{beyond:?}");
        written(&mut node, "王经办", None, of(5_000)).unwrap();
        assert_eq!(unpaid(&mut node, slip), 0);
    }

    #[test]
    fn pending_lines_get_their_price_and_the_office_voids_as_the_second_person() {
        let (mut node, village, _folder) = staffed();
        let pending = slip(&mut node, village, 1, PriceReason::Pending);
        assert_eq!(unpaid(&mut node, pending), 0);
        let day: BusinessDate = "2020-07-01".parse().unwrap();
        let span = Span { village, from: day, to: day };
        let fix = |store: &Store| price_fixes(store, span, SPINACH, LiPerKg::new(3_200));
        let fixed = written(&mut node, "王经办", None, fix).unwrap();
        assert_eq!((fixed.len(), unpaid(&mut node, pending)), (1, 12_800));
        assert!(fix(node.view().unwrap().store()).unwrap().is_empty());
        let back = |store: &Store| void(store, pending, "重复", None).map(|one| vec![one]);
        written(&mut node, "李审核", None, back).unwrap();
        let state = node.view().unwrap().store().slip(pending).unwrap().unwrap().state;
        assert!(matches!(state, State::Voided { .. }), "{state:?}");
        let twice = said(written(&mut node, "李审核", None, back));
        assert!(twice.contains("已经作废"), "{twice}");
    }
}
